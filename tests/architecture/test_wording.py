"""A number of things is written by `nilreturn.wording`, so that no message says "1 rows"."""

import ast
import re

import pytest

from tests.architecture.source import SOURCE

# What is counted in messages. "names", "counts" and "records" may be verbs, and are not looked for.
NOUNS = (
    "areas|bytes|categories|cells|characters|columns|crimes|dates|days|decisions|doubts|entries|figures|files|groups"
    "|keywords|lines|merges|mistakes|months|pairs|places|questions|releases|rows|sheets|spellings|sums|tables|texts"
    "|values|victims|words|years"
)
PLURAL = re.compile(rf" (?:[a-z]+ )?(?:{NOUNS})\b")
LIMIT = re.compile(r"_?[A-Z][A-Z_0-9]+|most_\w+")  # a limit is never 1


def hand_made(tree):
    """The lines on which a text makes a plural of its own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            for value, after in zip(node.values, node.values[1:], strict=False):
                if (
                    isinstance(value, ast.FormattedValue)
                    and not is_text_or_limit(value)
                    and isinstance(after, ast.Constant)
                    and PLURAL.match(after.value)
                ):
                    yield node.lineno
        if isinstance(node, ast.IfExp) and {"s", ""} == {
            branch.value for branch in (node.body, node.orelse) if isinstance(branch, ast.Constant)
        }:
            yield node.lineno


def is_text_or_limit(value):
    """
    Whether a part of a text is quoted, or a limit, or the name of a thing: with a format of numbers
    it is none.
    """
    written = ast.unparse(value.value)
    last = re.split(r"[. ]", written)[-1]
    is_number = value.format_spec is not None or written.startswith(("len(", "sum("))
    return bool(LIMIT.fullmatch(last)) or value.conversion != -1 or not is_number


@pytest.mark.parametrize(
    "text",
    [
        'f"{rows:,} rows"',
        'f"{len(rows)} rows"',
        'f"{sum(x)} new crimes"',
        """f"{n} table{'' if n == 1 else 's'}" """,
        """f"{n} table{'s' if n > 1 else ''}" """,
    ],
)
def test_a_plural_made_by_hand_is_found(text):
    assert list(hand_made(ast.parse(text)))


@pytest.mark.parametrize(
    "text", ['f"over {MOST:,} cells"', 'f"{name} values"', "f\"{counted(n, 'row')} read\""]
)
def test_what_is_no_number_of_things_is_not_taken_for_one(text):
    assert not list(hand_made(ast.parse(text)))


def test_no_module_makes_a_plural_by_hand():
    found = {
        f"{path.relative_to(SOURCE)}:{line}"
        for path in sorted(SOURCE.rglob("*.py"))
        for line in hand_made(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set()
