"""
Without an extra: what still works, and the one line that names the extra where something does not.
"""

import re
import sys
import tomllib

import pytest

from nilreturn.extras import EXTRAS
from tests.architecture.source import ROOT, run_apart
from tests.support.answers import model_answer

HIDING = """
import importlib.machinery as machinery
find = machinery.PathFinder.find_spec
def hiding(name, path=None, target=None):
    return None if name.split(".")[0] in {hidden} else find(name, path, target)
machinery.PathFinder.find_spec = hiding
"""

RUN = """
import sys
from nilreturn.cli import main
sys.argv = ["nilreturn", *sys.argv[1:]]
main()
"""
TABLE = "area,count\nNorth,12\nSouth,3\nEast,2\nTotal,17\n"


def without(extras, code, *arguments):
    """The code in a process that has no library of these extras."""
    return run_apart(
        HIDING.format(hidden=[EXTRAS[extra].library for extra in extras]) + code,
        *map(str, arguments),
    )


def names(extra, line):
    return f"extra '{extra}'" in line and f'pip install "nilreturn[{extra}]"' in line


def test_the_extras_of_the_package_are_those_that_messages_name():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    assert set(declared) == {*EXTRAS, "all"}
    assert declared["all"] == [f"nilreturn[{','.join(EXTRAS)}]"]
    for name, extra in EXTRAS.items():
        assert any(re.match(rf"{extra.library}\b", package) for package in declared[name])


def test_the_core_imports_without_any_extra():
    done = without(
        EXTRAS,
        "import nilreturn.workflow, nilreturn.release, nilreturn.disclosure, nilreturn.sources",
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_demonstration_without_text_names_the_extra_and_writes_nothing(tmp_path):
    done = without(["text"], RUN, "demo", tmp_path / "demo")
    assert done.returncode == 14
    assert len(done.stderr.splitlines()) == 1
    assert names("text", done.stderr)
    assert list(tmp_path.iterdir()) == []


def test_the_demonstration_without_pdf_writes_the_rest_and_says_what_is_left_out(tmp_path):
    done = without(["pdf", "pictures", "spark"], RUN, "demo", tmp_path / "demo")
    assert done.returncode == 0, done.stderr
    written = {
        path.suffix for path in (tmp_path / "demo" / "answer-20210999" / "release").iterdir()
    }
    assert written == {".xlsx", ".ods", ".csv", ".docx", ".html", ".json"}
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("left out")]
    assert names("pdf", line)


def test_a_format_that_is_asked_for_and_not_installed_is_refused(tmp_path, monkeypatch):
    from nilreturn import extras, release
    from nilreturn.errors import ExtraError

    monkeypatch.setitem(extras.EXTRAS, "pdf", extras.Extra("no_such_library", "The letter as PDF"))
    with pytest.raises(ExtraError, match="extra 'pdf'"):
        release.release(model_answer(), tmp_path / "new", formats=["xlsx", "pdf"])
    assert list(tmp_path.iterdir()) == []
    assert "pdf" not in release.writable_formats()


def test_protect_without_pictures_draws_pages_and_says_so(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text(TABLE, encoding="utf-8")
    done = without(
        ["pictures"], RUN, "protect", table, "--policy", "ordinary-crime", "--out", tmp_path / "new"
    )
    assert done.returncode == 0, done.stderr
    drawn = {path.suffix for path in (tmp_path / "new" / "internal").iterdir()} & {
        ".png",
        ".svg",
        ".html",
    }
    assert drawn == {".html"}
    assert 'pip install "nilreturn[pictures]"' in done.stdout


def test_spark_without_its_extra_names_it():
    done = without(
        ["spark"], "from nilreturn.engines.sql.spark import session_at; session_at('local[1]')"
    )
    assert names("spark", done.stderr.splitlines()[-1]), done.stderr


def test_the_interpreter_of_these_tests_has_every_extra():
    """So that no other test passes by leaving something out."""
    import importlib.util

    assert all(importlib.util.find_spec(extra.library) for extra in EXTRAS.values()), sys.prefix
