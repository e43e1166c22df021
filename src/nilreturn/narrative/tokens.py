"""
The tokens of many texts at once, and the distinct forms among them.

`text.tokenise` defines a token; `tokens_of` gives the same tokens and gaps for a whole Arrow array.
Plain ASCII records, which are nearly all, are cut in NumPy over the array's own bytes; any other
record goes through `tokenise`. A test compares the two on every text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nilreturn.narrative.text import LONGEST_FORM, Gap, gap_between, normalise, tokenise

# The gaps by their code in `Tokens.gaps`.
GAPS = tuple(Gap)

_CODE = {gap: code for code, gap in enumerate(GAPS)}
_BLANKS = b"\t\n\v\f\r"

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Tokens:
    """
    The tokens of some records, one after another. `forms` (strings) and `gaps` (codes into GAPS)
    have one item for each token; `lengths` has one for each record, its number of tokens.
    """

    forms: pa.Array
    gaps: Bytes
    lengths: Integers

    def __len__(self) -> int:
        return len(self.gaps)


def tokens_of(texts: pa.Array) -> Tokens:
    """The tokens of each text of a string array; a null has none."""
    texts = pc.fill_null(texts, "").cast(pa.large_string())
    count = len(texts)
    offsets = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + count + 1]
    held = texts.buffers()[2]
    whole = (
        np.frombuffer(held, np.uint8) if held is not None and held.size else np.zeros(0, np.uint8)
    )
    content, bounds = whole[offsets[0] : offsets[-1]], offsets - offsets[0]
    plain, odd = _plain(content, bounds)
    if not len(odd):
        return plain
    return _merged(plain, odd, texts.take(pa.array(odd)).to_pylist())


def _plain(content: Bytes, bounds: Integers) -> tuple[Tokens, Integers]:
    """The tokens of the plain records, none for the others, and the row numbers of those others."""
    tables = _tables()
    first, last = _edges(bounds)
    letter = tables.letter[content]
    odd = np.zeros(len(bounds) - 1, bool)
    odd[_record_of(np.flatnonzero(tables.odd[content]), bounds)] = True
    for row in np.flatnonzero(odd):
        letter[bounds[row] : bounds[row + 1]] = False

    before, after = np.zeros_like(letter), np.zeros_like(letter)
    before[1:], after[:-1] = letter[:-1], letter[1:]
    before[first], after[last] = False, False
    # An apostrophe within a word, none of its letters.
    dropped = tables.apostrophe[content] & before & after
    inside = letter | dropped
    before[1:], after[:-1] = inside[:-1], inside[1:]
    before[first], after[last] = False, False
    starts, ends = np.flatnonzero(inside & ~before), np.flatnonzero(inside & ~after) + 1

    drops = np.flatnonzero(dropped)
    letters = ends - starts - (np.searchsorted(drops, ends) - np.searchsorted(drops, starts))
    long = _record_of(starts[ends - starts > LONGEST_FORM], bounds)
    if len(long):  # such a form is cut, by the rule of `tokenise`
        odd[long] = True
        kept = ~odd[_record_of(starts, bounds)]
        for row in np.unique(long):
            letter[bounds[row] : bounds[row + 1]] = False
        starts, ends, letters = starts[kept], ends[kept], letters[kept]

    records = _record_of(starts, bounds)
    forms = _strings(tables.lower[content[letter]], letters)
    lengths = np.bincount(records, minlength=len(odd)).astype(np.int64)
    return Tokens(forms, _gaps(content, starts, ends, records), lengths), np.flatnonzero(odd)


def _merged(plain: Tokens, odd: Integers, texts: list[str]) -> Tokens:
    """`plain` with the tokens of the records numbered `odd` inserted, whose texts are given."""
    forms, gaps, lengths = [], [], []
    for text in texts:
        found = tokenise(normalise(text))
        forms += [token.form for token in found]
        gaps += [_CODE[token.gap] for token in found]
        lengths.append(len(found))
    total = plain.lengths.copy()
    total[odd] = lengths
    rows = np.concatenate(
        [np.repeat(np.arange(len(total)), plain.lengths), np.repeat(odd, lengths)]
    )
    order = np.argsort(rows, kind="stable")
    both = pa.concat_arrays([plain.forms, pa.array(forms, pa.string())]).take(pa.array(order))
    return Tokens(both, np.concatenate([plain.gaps, np.array(gaps, np.uint8)])[order], total)


def _gaps(content: Bytes, starts: Integers, ends: Integers, records: Integers) -> Bytes:
    """The code of the gap before each token."""
    gaps = np.full(len(starts), _CODE[Gap.STOP], np.uint8)
    follows = np.flatnonzero(records[1:] == records[:-1]) + 1
    left, right = ends[follows - 1], starts[follows]
    width = right - left
    tables = _tables()
    one = width == 1
    gaps[follows[one]] = tables.gap_of_one[content[left[one]]]
    two = np.flatnonzero(width == 2)
    pairs, place = np.unique(
        content[left[two]].astype(np.int64) * 256 + content[left[two] + 1], return_inverse=True
    )
    of_pair = np.array(
        [_gap_code(chr(pair >> 8) + chr(pair & 255)) for pair in pairs.tolist()], np.uint8
    )
    gaps[follows[two]] = of_pair[place]
    wider = np.flatnonzero(width > 2)
    known: dict[bytes, int] = {}
    for at, begin, past in zip(
        follows[wider].tolist(), left[wider].tolist(), right[wider].tolist(), strict=True
    ):
        between = content[begin:past].tobytes()
        code = known.get(between)
        if code is None:
            code = known[between] = _gap_code(between.decode("ascii"))
        gaps[at] = code
    return gaps


def _gap_code(between: str) -> int:
    return _CODE[gap_between(between)]


def _strings(letters: Bytes, lengths: Integers) -> pa.Array:
    """Strings of the given lengths, cut from the joined letters of all."""
    offsets = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=offsets[1:])
    return pa.StringArray.from_buffers(
        len(lengths), pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters))
    )


def _edges(bounds: Integers) -> tuple[Integers, Integers]:
    """The places of the first and last byte of each record that is not empty."""
    filled = bounds[1:] > bounds[:-1]
    return bounds[:-1][filled], bounds[1:][filled] - 1


def _record_of(places: Integers, bounds: Integers) -> Integers:
    """The row number of the record that contains each byte."""
    return np.searchsorted(bounds, places, side="right") - 1


@dataclass(frozen=True)
class _Tables:
    """What each byte is; `odd` bytes need the whole of `normalise`."""

    letter: npt.NDArray[np.bool_]
    apostrophe: npt.NDArray[np.bool_]
    odd: npt.NDArray[np.bool_]
    lower: Bytes
    gap_of_one: Bytes


@cache
def _tables() -> _Tables:
    ascii_only = [chr(code) for code in range(128)]

    def where(holds: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
        return np.array([holds(character) for character in ascii_only] + [False] * 128)

    odd = where(lambda c: c in "&<\x7f" or (ord(c) < 32 and ord(c) not in _BLANKS))
    odd[128:] = True
    lower = np.array(
        [ord(character.lower()) for character in ascii_only] + list(range(128, 256)), np.uint8
    )
    gaps = np.array([_gap_code(character) for character in ascii_only] + [0] * 128, np.uint8)
    return _Tables(where(str.isalnum), where(lambda c: c in "'`"), odd, lower, gaps)


class Vocabulary:
    """
    The distinct forms of an extract in the order in which they were first seen. A form's number is
    its place.
    """

    def __init__(self) -> None:
        self._number: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._number)

    def numbers(self, forms: pa.Array) -> npt.NDArray[np.int32]:
        """
        The number of each form. A form that is not in the vocabulary yet gets the next number.
        """
        encoded = forms.dictionary_encode()
        known = self._number
        own = (known.setdefault(form, len(known)) for form in encoded.dictionary.to_pylist())
        table = np.fromiter(own, np.int32, len(encoded.dictionary))
        numbers: npt.NDArray[np.int32] = table[encoded.indices.to_numpy()]
        return numbers

    def forms(self) -> list[str]:
        return list(self._number)
