"""Reads days written in full, such as 03/07/2024, from the bytes of many texts at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Two digits, two digits and four, or four, two and two, with one sign between them.
_PLAIN = re.compile(r"%d([-/.])%m\1%Y|%m([-/.])%d\2%Y|%Y([-/.])%m\3%d")
_LENGTH = len("03/07/2024")


@dataclass(frozen=True, slots=True)
class PlainDays:
    """
    By text: `days` since 1970, `days_of_month` and `months`; `is_plain` is False where the text is
    not such a day.
    """

    days: NDArray[np.int32]
    days_of_month: NDArray[np.int32]
    months: NDArray[np.int32]
    is_plain: NDArray[np.bool_]


def is_plain(form: str) -> bool:
    """Whether `plain_days` reads the form."""
    return _PLAIN.fullmatch(form) is not None


def plain_days(texts: Any, form: str) -> PlainDays:
    """
    The days of an Arrow array of texts without null.

    >>> import pyarrow as pa
    >>> found = plain_days(pa.array(["02/01/1970", "31/02/2021", "1/1/2021"]), "%d/%m/%Y")
    >>> found.days[found.is_plain].tolist(), found.is_plain.tolist()
    ([1], [True, False, False])
    """
    at, signs = _places(form)
    letters, is_plain = _letters(texts)
    for place, sign in signs.items():
        is_plain &= letters[:, place] == sign
    numbers = letters - np.uint8(ord("0"))
    digits = [place for place in range(_LENGTH) if place not in signs]
    is_plain &= (numbers[:, digits] <= 9).all(axis=1)
    year, month, day = (_number(numbers, at[part], 4 if part == "Y" else 2) for part in "Ymd")
    is_plain &= (year > 0) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    of_month = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = of_month.astype("datetime64[D]") + (day - 1)
    is_plain &= days.astype("datetime64[M]") == of_month
    return PlainDays(days.astype(np.int64).astype(np.int32), day, month, is_plain)


def _places(form: str) -> tuple[dict[str, int], dict[int, int]]:
    """Where day, month and year begin in a text, and which sign is at which place."""
    at, signs, place = {}, {}, 0
    for part in re.findall(r"%.|.", form):
        if part.startswith("%"):
            at[part[1]] = place
            place += 4 if part == "%Y" else 2
        else:
            signs[place] = ord(part)
            place += 1
    return at, signs


def _letters(texts: Any) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A row of ten bytes for each text, and whether it has exactly ten."""
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(
        np.int64
    )
    has_length = np.diff(ends) == _LENGTH
    letters = np.zeros((len(texts), _LENGTH), np.uint8)
    if has_length.any():
        letters[has_length] = np.frombuffer(data, np.uint8)[
            ends[:-1][has_length][:, None] + np.arange(_LENGTH)
        ]
    return letters, has_length


def _number(digits: NDArray[np.uint8], place: int, size: int) -> NDArray[np.int32]:
    number = np.zeros(len(digits), np.int32)
    for each in range(place, place + size):
        number = number * 10 + digits[:, each]
    return number
