"""What a user's mistake may raise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nilreturn.errors import UserError


@contextmanager
def one_clear_error_at_most() -> Iterator[None]:
    """What is raised, if anything, is for a user and on one line; all else fails the test."""
    caught = None
    try:
        yield
    except UserError as error:
        caught = error
    assert caught is None or "\n" not in str(caught)
