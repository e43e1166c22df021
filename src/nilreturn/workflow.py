"""The story, one function each: ingest, count, search, protect, release. The command line and the web call these."""

from __future__ import annotations
