"""
A force's secret key, and what is derived from it: printed hashes that do not confirm a guess, and
choices that a reader cannot repeat.

A plain hash of a small table can be compared with the hash of every possible table. A keyed hash
(HMAC-SHA256) cannot without the key, which stays with the force.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from nilreturn.errors import FileError

KEY_BYTES = 32
SHORTEST_KEY = 16
NO_KEY = (
    "no reference is printed, because the policy names no key_file: make a key with 'nilreturn key "
    "new FILE' and name it in the policy"
)


def new_key(path: Path) -> None:
    """
    Write a new key of 32 random bytes to `path`, readable by its owner only.

    Raises `FileError` where the file exists: replacing a key changes everything that was derived
    from it.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise FileError(
            f"{path}: is there already; a key is never replaced, so name another file"
        ) from None
    except OSError as error:
        raise FileError(
            f"{path}: cannot be written ({type(error).__name__}); name a file in a folder of yours"
        ) from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())


def read_key(path: Path) -> bytes:
    """
    Read the key in a file. Raises `FileError` where it cannot be read or is too short to be secret.
    """
    try:
        key = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: the key cannot be read ({error.strerror})") from None
    if len(key) < SHORTEST_KEY:
        raise FileError(
            f"{path}: is shorter than a key of {SHORTEST_KEY} bytes; make one with 'nilreturn key "
            f"new FILE'"
        )
    return key


def derived(key: bytes, label: str, content: bytes = b"") -> bytes:
    """32 bytes that depend on the key, on their purpose (`label`) and on `content`: HMAC-SHA256."""
    return hmac.new(key, label.encode() + b"\0" + content, hashlib.sha256).digest()


def keyed_hash(key: bytes, label: str, content: bytes) -> str:
    """`derived` as 64 hexadecimal digits, for printing."""
    return derived(key, label, content).hex()
