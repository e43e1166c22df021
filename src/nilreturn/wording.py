"""Numbers of things, lists and days in words, as messages and letters write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def counted(number: int, noun: str) -> str:
    """
    A number of things in figures. `noun` is in the singular.

    >>> counted(1234, "row"), counted(1, "mistake"), counted(0, "new category")
    ('1,234 rows', '1 mistake', '0 new categories')
    """
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def of_unit(number: int, unit: str) -> str:
    """
    A number of what a table counts. `unit` is in the plural.

    >>> of_unit(1, "crimes"), of_unit(1234, "victims")
    ('1 crime', '1,234 victims')
    """
    return f"{number:,} {unit.removesuffix('s') if number == 1 else unit}"


def in_words(number: int, noun: str) -> str:
    """
    A number of things, with numbers up to ten in words. `noun` is in the singular.

    >>> in_words(3, "hidden cell"), in_words(1, "hidden cell"), in_words(12, "sum")
    ('three hidden cells', 'one hidden cell', '12 sums')
    """
    if number >= len(_NUMBERS):
        return counted(number, noun)
    return f"{_NUMBERS[number]} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """
    The plural of a noun.

    >>> plural("crime"), plural("category"), plural("day"), plural("match")
    ('crimes', 'categories', 'days', 'matches')
    """
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if re.search(r"(?:s|x|z|ch|sh)$", noun) else f"{noun}s"


def listed(words: Iterable[str]) -> str:
    """
    Words as a list in a sentence.

    >>> listed(["22", "2", "22"]), listed(["East"]), listed([])
    ('22, 2 and 22', 'East', '')
    """
    *first, last = [*words] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def day(value: date) -> str:
    """
    A day in words, independent of the machine's locale.

    >>> day(date(2021, 6, 29))
    '29 June 2021'
    """
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
