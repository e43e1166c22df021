"""
Columns in which nearly every text differs: references, keys and free text.

They are examined as bytes, all at once, and character by character only where something is unusual.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nilreturn.sources.parsing import SPACES

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ODD = np.uint64(0x9E37_79B9_7F4A_7C15)
_SHIFT = np.uint64(32)
_ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_IN_SMALL = np.uint64(0x2020_2020_2020_2020)
_WORD = 8  # bytes
_MOST_WORDS = 16
_MOST_OF_WHOLE = 64  # words of a whole text that are hashed many texts at once


def null_if_blank(texts: Any, blank: Collection[str], *, as_written: bool) -> Any:
    """
    The Arrow texts without white space around them (with it, where `as_written`), null where they
    are empty or one of the words for no value.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    data, begins, ends = _bytes(texts)
    longest = max((len(word.encode()) for word in blank), default=0)
    sizes = ends - begins
    has_text = sizes > 0
    first, last = data[np.minimum(begins, len(data) - 1)], data[np.maximum(ends - 1, 0)]
    is_bare = has_text & (first > 0x20) & (first < 0x7F) & (last > 0x20) & (last < 0x7F)
    is_valid = _valid(texts)
    may_be_blank = is_bare & (sizes <= longest)
    if may_be_blank.any():
        at = np.flatnonzero(may_be_blank)
        may_be_blank[at] = np.isin(_first_words(data, begins[at], sizes[at]), _folded_words(blank))
    doubtful = np.flatnonzero(is_valid & (~is_bare | may_be_blank))
    if not len(doubtful):
        return texts
    found = texts.take(pa.array(doubtful)).to_pylist()
    kept: list[str | None] = []
    for text in found:
        trimmed = text.strip(SPACES)
        is_nothing = not trimmed or trimmed.lower() in blank
        kept.append(None if is_nothing else text if as_written else trimmed)
    if kept == found:
        return texts
    mask = np.zeros(len(texts), np.bool_)
    mask[doubtful] = True
    return pc.replace_with_mask(texts, pa.array(mask), pa.array(kept, pa.string()))


def _folded_words(blank: Collection[str]) -> NDArray[np.uint64]:
    words = [word.encode()[:_WORD].ljust(_WORD, b"\0") for word in blank]
    return np.array([int.from_bytes(word, "little") for word in words], np.uint64) | _IN_SMALL


def _first_words(
    data: NDArray[np.uint8], begins: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """
    The first eight bytes of each text, with lower-case letters for capitals. Other characters
    change too, always in the same way.
    """
    words = _at_every_byte(data)[begins]
    bits = np.minimum(sizes, _WORD).astype(np.uint64) * np.uint64(8)
    return words & (_ALL >> (np.uint64(64) - bits)) | _IN_SMALL


def _at_every_byte(data: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The eight bytes from each byte on, as a number."""
    # The last text may end within a word.
    padded = np.concatenate([data, np.zeros(_WORD, np.uint8)])
    return np.ndarray(len(data), "<u8", padded, strides=(1,))


def hashes(texts: Any, seed: int = 1, *, most_words: int = _MOST_WORDS) -> NDArray[np.uint64]:
    """
    A hash of each text, 0 for null. Of texts longer than `most_words` words of 8 bytes, only that
    many words and the length are hashed. Another seed gives other hashes.
    """
    data, begins, ends = _bytes(texts)
    sizes = ends - begins
    words = _at_every_byte(data)
    mixed = _stirred(sizes.astype(np.uint64) + np.uint64(seed << 32))
    for word in range(min(most_words, -(-int(sizes.max(initial=0)) // _WORD))):
        left = sizes - word * _WORD
        at = np.flatnonzero(left > 0)
        bits = np.minimum(left[at], _WORD).astype(np.uint64) * np.uint64(8)
        found = words[begins[at] + word * _WORD]
        found &= _ALL >> (np.uint64(64) - bits)
        mixed[at] = _stirred(mixed[at] ^ found)
    return np.where(_valid(texts), _stirred(mixed), np.uint64(0))


def whole_hashes(texts: Any) -> NDArray[np.uint64]:
    """A hash of each text, however long; 0 for null."""
    found = hashes(texts, most_words=_MOST_OF_WHOLE)
    _, begins, ends = _bytes(texts)
    for at in np.flatnonzero((ends - begins > _WORD * _MOST_OF_WHOLE) & _valid(texts)):
        found[at] = hash(texts[int(at)].as_py()) & 0xFFFF_FFFF_FFFF_FFFF
    return found


def mixed(values: Sequence[NDArray[np.uint64]], size: int) -> NDArray[np.uint64]:
    """One hash of several numbers a row, for `size` rows."""
    found = np.zeros(size, np.uint64)
    for each in values:
        found = _stirred(found ^ each)
    return found


def doubtful(texts: Any, longest: int, *, control: bool = True) -> NDArray[np.int64]:
    """
    The places of texts that are longer than so many bytes, begin with "#" or end like 1.2E+11; with
    `control`, of all texts where any has a control character.
    """
    data, begins, ends = _bytes(texts)
    valid = _valid(texts)
    if control and (int(data.min()) < 0x20 or bool((data == 0x7F).any())):
        return np.flatnonzero(valid)
    sizes = ends - begins
    is_error = (sizes > 0) & (data[np.minimum(begins, len(data) - 1)] == ord("#"))
    is_power = (sizes > 4) & (data[np.maximum(ends - 3, 0)] == ord("+"))
    return np.flatnonzero(valid & ((sizes > longest) | is_error | is_power))


def has_nul(texts: Any) -> bool:
    data, _, _ = _bytes(texts)
    return int(data.min()) == 0


def _stirred(mixed: NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed = mixed * _ODD
    mixed ^= mixed >> _SHIFT
    return mixed


def _valid(texts: Any) -> NDArray[np.bool_]:
    if not texts.null_count:
        return np.ones(len(texts), np.bool_)
    return np.asarray(texts.is_valid().to_numpy(zero_copy_only=False), np.bool_)


def _bytes(texts: Any) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """The bytes of all texts (one at least), and where each text begins and ends in them."""
    _, offsets, data = texts.buffers()
    places = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(
        np.int64
    )
    first, last = (int(places[0]), int(places[-1])) if len(places) else (0, 0)
    if first == last:
        return (
            np.full(1, ord("-"), np.uint8),
            np.zeros(len(texts), np.int64),
            np.zeros(len(texts), np.int64),
        )
    places -= first
    return np.frombuffer(data, np.uint8)[first:last], places[:-1], places[1:]
