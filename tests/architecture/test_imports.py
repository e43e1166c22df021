"""
Imports point down; the core works without the rest; the command line loads nothing heavy to give
help.
"""

import importlib
import os
import re

import pytest

from tests.architecture.source import ROOT, SOURCE, modules, run_apart

NOT_NEEDED = ("django", "nilreturn_web", "pyspark", "pysail", "pandas", "polars")
HEAVY = (
    *(
        "duckdb",
        "pyarrow",
        "numpy",
        "scipy",
        "highspy",
        "matplotlib",
        "sqlglot",
        "tantivy",
        "rapidfuzz",
    ),
    *(
        "xlsxwriter",
        "docx",
        "typst",
        "jinja2",
        "yaml",
        "narwhals",
        "charset_normalizer",
        "python_calamine",
    ),
)

BLOCKER = """
import importlib.abc, sys
class Blocker(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {blocked}:
            raise ModuleNotFoundError(f"{{name}} is blocked", name=name)
sys.meta_path.insert(0, Blocker())
"""


def test_imports_point_down(monkeypatch):
    from importlinter import cli

    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(str(ROOT / "src"))
    assert cli.lint_imports(no_cache=True, no_logo=True) == 0


def test_the_core_imports_without_web_cluster_and_data_frames():
    code = (
        BLOCKER.format(blocked=NOT_NEEDED)
        + f"import importlib\nfor name in {modules()}: importlib.import_module(name)"
    )
    done = run_apart(code)
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_blocker_blocks():
    done = run_apart(BLOCKER.format(blocked=("json",)) + "import json")
    assert "json is blocked" in done.stderr


def commands():
    import typer

    from nilreturn.cli import app

    found = []

    def walk(command, path):
        found.append(path)
        for name, child in getattr(command, "commands", {}).items():
            walk(child, [*path, name])

    walk(typer.main.get_command(app), [])
    return found


@pytest.mark.parametrize("command", commands(), ids=lambda path: " ".join(path) or "nilreturn")
def test_help_loads_nothing_heavy(command):
    code = f"""
import sys
from nilreturn.cli import main
sys.argv = ["nilreturn", *{command}, "--help"]
try:
    main()
except SystemExit as end:
    loaded = {{name.split(".")[0] for name in sys.modules}}
    print("loaded:", sorted({set(HEAVY)} & loaded), end.code)
"""
    done = run_apart(code)
    assert done.stdout.splitlines()[-1:] == ["loaded: [] 0"], done.stderr[-2000:]
    assert "Usage: nilreturn" in done.stdout


def test_duckdb_never_fetches_extensions():
    """Every module that opens a connection says so in its settings."""
    opening = {
        path: text
        for path in SOURCE.rglob("*.py")
        if "duckdb.connect(" in (text := path.read_text("utf-8"))
    }
    assert opening
    silent = [
        path.name
        for path, text in opening.items()
        if not re.search(r"autoinstall_known_extensions\W+false", text, re.I)
    ]
    assert silent == []


@pytest.mark.parametrize("name", modules())
def test_what_a_package_names_as_its_own_is_there(name):
    module = importlib.import_module(name)
    listed = getattr(module, "__all__", None)
    if (
        name.count(".") <= 1
        and os.path.basename(module.__file__ or "") == "__init__.py"
        and name != "nilreturn.cli"
    ):
        public = [
            n
            for n, thing in vars(module).items()
            if getattr(thing, "__module__", "").startswith("nilreturn")
        ]
        assert listed is not None or not public, f"{name} re-exports but has no __all__"
    for exported in listed or ():
        assert hasattr(module, exported), f"{name}.__all__ names {exported}, which is not there"
    assert listed is None or len(set(listed)) == len(listed)
