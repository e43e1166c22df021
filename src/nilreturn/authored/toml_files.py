"""TOML as plain values, with the line of each place."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from nilreturn.authored.toml_lines import Place, lines_of
from nilreturn.errors import UserError


def parse_toml(
    where: Path | str, text: str, what: str, kind: type[UserError]
) -> tuple[dict[str, Any], dict[Place, int]]:
    """
    What a TOML text says as plain Python, and the line of each place in it.

    Parameters
    ----------
    where
        The file that the text was read from, as messages name it.
    text
        Its text.
    what
        What the file is in words, such as "mapping".
    kind
        The error to raise.

    Returns
    -------
    tuple of values and lines
        Mappings, lists and scalars, and by place the line, counted from 1.

    Raises
    ------
    UserError
        Of `kind`, where the text is not TOML, is nested too deep for it or has a number of
        thousands of digits.
    """
    try:
        return tomllib.loads(text), lines_of(text)
    except RecursionError:
        raise kind(f"{where}: is nested deeper than any {what}; correct the file") from None
    except tomllib.TOMLDecodeError as error:
        raise kind(f"{where}: is not TOML: {error}; correct the file") from None
    except ValueError:
        raise kind(f"{where}: has a number of thousands of digits; correct the file") from None
