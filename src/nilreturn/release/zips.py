"""
Office files are zip archives; equal members must give equal bytes, whenever they were written.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day a zip archive can name
# OpenDocument: first and not compressed, so that the file's kind can be read from its start
_MIMETYPE = "mimetype"


def settle(path: Path) -> None:
    """
    Rewrite the archive at `path` without the time it was made, with its members in the order of
    their names.
    """
    with zipfile.ZipFile(path) as archive:
        members = {
            name: archive.read(name) for name in archive.namelist() if not name.endswith("/")
        }
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(
            members, key=lambda name: (name != _MIMETYPE, name != "[Content_Types].xml", name)
        ):
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_STORED if name == _MIMETYPE else zipfile.ZIP_DEFLATED
            member.create_system = 3  # zipfile else writes which system it runs on
            member.external_attr = 0o644 << 16
            archive.writestr(member, members[name])
