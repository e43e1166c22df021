"""
Random numbers that follow from a secret: without the seed nobody can tell which of several choices
was taken.
"""

from __future__ import annotations

import hmac

import numpy as np


def random_of(seed: bytes, purpose: str) -> np.random.Generator:
    """
    A stream of random numbers, the same for the same `seed` (any length; empty: no secret) and
    `purpose`.
    """
    digest = hmac.digest(seed or b"no secret", purpose.encode(), "sha256")
    return np.random.default_rng(int.from_bytes(digest, "big"))
