"""
Public names have a full docstring, and the check that says so finds each kind of gap.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from scripts.docstrings import incomplete

HEAD = """
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, Field
"""
FULL = '''
def share(part, whole: float) -> float:
    """
    Divide.

    Parameters
    ----------
    part, whole : float
        Counts.

    Returns
    -------
    float
        The share.

    Raises
    ------
    ValueError
        Where `whole` is 0.
    """
    if not whole:
        raise ValueError(whole)
    return part / whole
'''


def lacks(folder: Path, code: str, name: str = "thing") -> str:
    """What the check says of `name` in a module of the given code."""
    door = folder / "drawn" / "door"
    door.mkdir(parents=True)
    (folder / "drawn" / "__init__.py").write_text("")
    (door / "inner.py").write_text(HEAD + code, encoding="utf-8")
    text = f'from drawn.door.inner import {name}\n\n__all__ = ["{name}"]\n'
    (door / "__init__.py").write_text(text)
    found = incomplete(folder, "drawn")
    assert set(found) <= {f"drawn.door.{name}"}
    return found.get(f"drawn.door.{name}", "")


def test_a_full_docstring_has_no_fault(tmp_path):
    assert lacks(tmp_path, FULL, "share") == ""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("part, whole : float", "part : float", "Parameters without whole"),
        ("Returns\n    -------", "Notes\n    -----", "no Returns"),
        ("    ValueError\n", "    KeyError\n", "Raises without ValueError"),
        ("    Divide.\n\n", "", "no summary line"),
        (FULL[FULL.index('"""') : FULL.rindex('"""') + 3], "", "no docstring"),
    ],
)
def test_each_gap_of_a_function_is_found(tmp_path, old, new, fault):
    assert old in FULL
    assert lacks(tmp_path, FULL.replace(old, new), "share") == fault


def test_a_function_that_returns_nothing_needs_no_returns(tmp_path):
    assert lacks(tmp_path, 'def thing() -> None:\n    """Do it."""\n') == ""


def test_an_error_of_an_inner_function_is_not_of_the_outer(tmp_path):
    code = '''
def thing() -> None:
    """Do it."""
    def inner():
        raise ValueError
    inner()
'''
    assert lacks(tmp_path, code) == ""


def test_errors_named_in_running_text_need_a_section(tmp_path):
    assert lacks(tmp_path, 'def thing() -> None:\n    """Do it. Raises `ValueError`."""\n') == (
        "no Raises"
    )


RECORD = '''
@dataclass(frozen=True)
class thing:
    """
    A record.

    Attributes
    ----------
    one : int
        The first.
    """
    one: int
    two: int = 0
    _three: int = 0

    @property
    def four(self) -> int:
        return 4
'''
MODEL = '''
class thing(BaseModel):
    """A model."""
    one: int = Field(description="The first.")
    two: int
'''
ENUMERATION = '''
class thing(StrEnum):
    """
    A kind.

    Attributes
    ----------
    ONE
        The first.
    """
    ONE = "one"
    TWO = "two"
'''
WITH_INIT = '''
class thing:
    """A thing."""
    def __init__(self, two: int) -> None:
        self.other = two
'''


@pytest.mark.parametrize("code", [RECORD, MODEL, ENUMERATION, WITH_INIT])
def test_every_public_field_is_named(tmp_path, code):
    missing = "TWO" if code == ENUMERATION else "two"
    assert lacks(tmp_path, code) == f"Attributes without {missing}"


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("thing = 1\n", "no docstring"),
        ("# What it is.\nthing = 1\n", ""),
        ("thing = 1  # what it is\n", ""),
        ('thing = 1\n"""What it is."""\n', ""),
    ],
)
def test_a_constant_needs_a_docstring_or_a_comment(tmp_path, code, fault):
    assert lacks(tmp_path, code) == fault


def test_every_public_name_has_a_full_docstring():
    assert incomplete() == {}
