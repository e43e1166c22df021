"""
The extras of the package: parts that can be left out, and the line that names the part that a
command needs.
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
    An optional part of the package.

    Attributes
    ----------
    library
        The module that the extra installs.
    use
        What it is for, as the start of a sentence.
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
    """
    Whether the library of an extra can be imported. It is not imported to find out.

    Parameters
    ----------
    extra
        A name of `EXTRAS`.

    Returns
    -------
    bool
        True where it is installed.
    """
    return importlib.util.find_spec(EXTRAS[extra].library) is not None


def require(extra: str) -> None:
    """
    Check that an extra is installed.

    Parameters
    ----------
    extra
        A name of `EXTRAS`.

    Raises
    ------
    ExtraError
        When it is not; the message names it and the command that installs it.
    """
    if not is_installed(extra):
        raise ExtraError(
            f"{EXTRAS[extra].use} needs the extra '{extra}', which is not installed: "
            f"{how_to_install(extra)}"
        )


def versions(libraries: Iterable[str]) -> dict[str, str]:
    """
    The installed versions of libraries.

    Parameters
    ----------
    libraries
        Names of distributions.

    Returns
    -------
    dict of str to str
        The version of each that is installed; others are missing.
    """
    found = {}
    for name in libraries:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def how_to_install(extra: str) -> str:
    """
    The command that installs an extra, quoted for every shell.

    Parameters
    ----------
    extra
        A name of `EXTRAS`.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> how_to_install("pdf")
    'pip install "nilreturn[pdf]"'
    """
    return f'pip install "nilreturn[{extra}]"'
