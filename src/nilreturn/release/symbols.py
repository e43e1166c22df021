"""The marks that stand for a figure, from the government's harmonised list: letters in square brackets."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from typing import Any

CONFIDENTIAL = "[c]"


def printed(count: int | None) -> int | str:
    """
    A count as readers see it: its number, or the mark of a hidden one.

    Both reasons for hiding have the same mark, else the mark would tell which cells are small. A figure rounded
    to 0 stays 0 and is never marked "[low]", which would tell it from a true 0.
    """
    return CONFIDENTIAL if count is None else count


def legend(mark: str) -> str:
    """
    What `mark` means, in words.

    >>> legend("[c]")
    '[c] means confidential: the figure exists but is not given, so that no person can be identified from it'
    """
    return f"{mark} means {_meanings()[mark]}"


def legend_sentence(mark: str, *, prints_zeros: bool) -> str:
    """What `mark` means, and that it is no zero where zeros are printed."""
    return f"{legend(mark)}.{' It never stands for zero: a zero is printed as 0.' if prints_zeros else ''}"


def _meanings() -> dict[str, str]:
    return {entry["mark"]: entry["meaning"] for entry in library("symbols")["symbol"]}


@functools.cache
def library(name: str) -> dict[str, Any]:
    """A data file of this package: symbols, caveats, exemptions, rights."""
    folder = resources.files("nilreturn.release") / "library"
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
