"""
Files that people write: requests, policies, mappings, lexicons and who answers.

Each is read with limits, and every mistake in it is reported at once, with its line, in one
wording.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.authored.days import day, not_a_day
    from nilreturn.authored.mistakes import Mistakes
    from nilreturn.authored.models import mistakes_of_model
    from nilreturn.authored.text import decode, read_bytes, read_text
    from nilreturn.authored.toml_files import parse_toml
    from nilreturn.authored.toml_lines import Place, line_at, lines_of
    from nilreturn.authored.yaml_files import Node, compose_yaml, line_of, values_of

__all__ = [
    "Mistakes",
    "Node",
    "Place",
    "compose_yaml",
    "day",
    "decode",
    "line_at",
    "line_of",
    "lines_of",
    "mistakes_of_model",
    "not_a_day",
    "parse_toml",
    "read_bytes",
    "read_text",
    "values_of",
]

open_door(__name__)
