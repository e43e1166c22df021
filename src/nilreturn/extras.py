"""
The extras of the package: what a person may do without, and the one line that names what a command
lacks.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from nilreturn.errors import ExtraError


@dataclass(frozen=True, slots=True)
class Extra:
    """
    `library` is the module that the extra installs, `use` what it is for, as the start of a
    sentence.
    """

    library: str
    use: str


EXTRAS = {
    "pdf": Extra("typst", "The letter as PDF"),
    "pictures": Extra("matplotlib", "A picture of a table as PNG or SVG"),
    "text": Extra("tantivy", "Searching free text"),
    "spark": Extra("pyspark", "Counting on a Spark cluster"),
}


def is_installed(extra: str) -> bool:
    """Whether what the extra installs can be imported; nothing is imported to find out."""
    return importlib.util.find_spec(EXTRAS[extra].library) is not None


def require(extra: str) -> None:
    """Raise `ExtraError`, which names the extra, where it is not installed."""
    if not is_installed(extra):
        raise ExtraError(
            f"{EXTRAS[extra].use} needs the extra '{extra}', which is not installed: "
            f"{how_to_install(extra)}"
        )


def versions(libraries: Iterable[str]) -> dict[str, str]:
    """The version of each of these libraries that is installed."""
    found = {}
    for name in libraries:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def how_to_install(extra: str) -> str:
    """
    The command, quoted so that every shell takes it.

    >>> how_to_install("pdf")
    'pip install "nilreturn[pdf]"'
    """
    return f'pip install "nilreturn[{extra}]"'
