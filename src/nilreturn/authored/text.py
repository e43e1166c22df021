"""The text of a file that a person writes."""

from __future__ import annotations

from pathlib import Path

from nilreturn.errors import FileError

# A long request is a tenth of this.
MOST_BYTES = 1_000_000


def read_bytes(path: Path, what: str) -> bytes:
    """
    The bytes of a file that a person writes.

    Parameters
    ----------
    path
        The file.
    what
        What it is in words, such as "policy"; named in messages.

    Returns
    -------
    bytes
        All of them.

    Raises
    ------
    FileError
        Where it is missing, cannot be read or has more than `MOST_BYTES` bytes.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise FileError(f"{path}: there is no such {what}; check the name") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FileError(f"{path}: cannot be read ({reason}); name a {what}") from None
    if len(content) > MOST_BYTES:
        raise FileError(
            f"{path}: over {MOST_BYTES:,} bytes, too large for a {what}; check that it is one"
        )
    return content


def read_text(path: Path, what: str) -> str:
    """
    The text of a file that a person writes: UTF-8, with or without a byte-order mark.

    Parameters
    ----------
    path
        The file.
    what
        What it is in words, such as "policy"; named in messages.

    Returns
    -------
    str
        The text, without the mark.

    Raises
    ------
    FileError
        As `read_bytes`, and for another encoding.
    """
    return decode(path, read_bytes(path, what))


def decode(path: Path, content: bytes) -> str:
    """
    The text of a file's bytes.

    Parameters
    ----------
    path
        The file, for messages.
    content
        Its bytes.

    Returns
    -------
    str
        The text, without a byte-order mark.

    Raises
    ------
    FileError
        Where the bytes are not UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(f"{path}: cannot be read as UTF-8 text; save it as UTF-8") from None
