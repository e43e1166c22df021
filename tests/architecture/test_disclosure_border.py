"""
Only `nilreturn.disclosure.protect` makes what may be printed, and nothing after it sees true
counts.
"""

import re

from tests.architecture.source import SOURCE

MAKERS = re.compile(r"\b(?:make_safe_table|make_safe_extreme|SafeTable\(|SafeExtreme\()")
KEY = re.compile(r"nilreturn\.tables.*\b_KEY\b|\b(?:tables|safe)\._KEY\b", re.DOTALL)
REMAKERS = re.compile(r"\b(?:remake_safe_table|remake_safe_extreme)\b")
STORED = re.compile(r"\bsafe_(?:table|extreme)_from_json\b")
PRINTERS = re.compile(r"\b(?:print_table|PrintedTable\()")
RAW = re.compile(r"\bRaw(?:Table|Extreme)\b")


def files_with(pattern):
    return {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if pattern.search("\n".join(code_lines(path.read_text(encoding="utf-8"))))
    }


def code_lines(text):
    """
    Lines of code, as far as a line shows it: not comments, not the prose of docstrings in back
    quotes.
    """
    return [
        re.sub(r"`[^`]*`", "", line)
        for line in text.splitlines()
        if not line.lstrip().startswith("#")
    ]


def test_only_disclosure_makes_safe_tables():
    assert files_with(MAKERS) <= {
        "tables/__init__.py",
        "tables/safe.py",
        "disclosure/protection.py",
    }
    assert not files_with(KEY) - {"tables/safe.py"}


def test_only_disclosure_reads_safe_tables_back():
    assert files_with(REMAKERS) == {"tables/safe.py", "tables/serialisation.py"}
    assert files_with(STORED) == {
        "tables/__init__.py",
        "tables/serialisation.py",
        "disclosure/protection_json.py",
    }


def test_only_statements_make_printed_tables():
    assert files_with(PRINTERS) == {"tables/__init__.py", "tables/safe.py", "release/statements.py"}


def test_a_release_never_takes_raw_tables():
    raw = files_with(RAW)
    assert not {
        path for path in raw if path.startswith(("release/", "cli/", "questions/", "sources/"))
    }


def test_the_search_finds_what_it_looks_for():
    assert "tables/safe.py" in files_with(MAKERS) & files_with(PRINTERS) & files_with(KEY)
    assert "tables/raw.py" in files_with(RAW)
