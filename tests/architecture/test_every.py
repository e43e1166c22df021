"""Every X has a Y."""

import inspect
import re
import subprocess
import sys

import pytest
import typer

from nilreturn import errors
from nilreturn.cli import app
from nilreturn.schema import COLUMNS, Kind, Sensitivity
from tests.architecture.source import ROOT

USER_ERRORS = [
    cls
    for _, cls in inspect.getmembers(errors, inspect.isclass)
    if issubclass(cls, errors.UserError)
]


def all_commands():
    found = {}

    def walk(command, path):
        found[" ".join(path)] = command
        for name, child in getattr(command, "commands", {}).items():
            walk(child, [*path, name])

    walk(typer.main.get_command(app), ["nilreturn"])
    return found


def test_every_error_has_its_own_exit_code():
    codes = [cls.exit_code for cls in USER_ERRORS]
    assert len(set(codes)) == len(codes)
    assert all(0 < code < 126 for code in codes)  # 126 and above are the shell's own


@pytest.mark.parametrize("error", [cls for cls in USER_ERRORS if cls is not errors.UserError])
def test_every_error_is_documented_with_its_code(error):
    assert re.search(rf"{error.__name__}\s+{error.exit_code}\s", errors.__doc__)
    page = (ROOT / "docs" / "reference" / "exit-codes.md").read_text(encoding="utf-8")
    assert f"| {error.exit_code} | `{error.__name__}` |" in page


def test_every_error_of_the_core_is_in_errors():
    """Elsewhere an error could escape the command line with a traceback or without a code."""
    from tests.architecture.source import SOURCE

    defined = re.compile(r"^class \w+\((?:\w*Error|Exception|BaseException)\b", re.MULTILINE)
    found = {
        path.name
        for path in SOURCE.rglob("*.py")
        if defined.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"errors.py"}


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.variable)
def test_every_column_is_classified_and_described(column):
    assert isinstance(column.sensitivity, Sensitivity)
    assert isinstance(column.kind, Kind)
    assert column.description
    assert column.kind is not Kind.TEXT or column.sensitivity is Sensitivity.RESTRICTED
    assert column.kind is not Kind.REFERENCE or column.sensitivity is Sensitivity.RESTRICTED


def test_no_two_columns_share_a_name():
    assert len({column.variable for column in COLUMNS}) == len(COLUMNS)


@pytest.mark.parametrize("path", all_commands())
def test_every_command_has_help_and_a_page(path):
    command = all_commands()[path]
    assert command.help
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{path}: {parameter.name} has no help"
    assert f"\n## {path}\n" in (ROOT / "docs" / "reference" / "command-line.md").read_text(
        encoding="utf-8"
    )


def test_the_reference_is_what_the_code_says():
    script = [sys.executable, str(ROOT / "scripts" / "build_reference.py"), "--check"]
    done = subprocess.run(script, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}; run: ./run fix"


def test_every_security_property_names_tests_that_are_there():
    listed = (ROOT / "DEVELOPERS.md").read_text(encoding="utf-8").split("## Security properties")[1]
    rows = [
        line
        for line in listed.splitlines()
        if line.startswith("| ") and not line.startswith("| property")
    ]
    assert len(rows) >= 7
    for row in rows:
        tests = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row)
        assert tests, row
        for path, test in tests:
            assert re.search(
                rf"^def {test}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE
            ), f"{path}::{test}"


def test_the_map_of_the_code_has_every_part():
    listed = (ROOT / "DEVELOPERS.md").read_text(encoding="utf-8")
    parts = {
        path.name
        for path in (ROOT / "src" / "nilreturn").iterdir()
        if not path.name.startswith("__")
    }
    named = {name for name in parts if f"`{name}`" in listed or f"`{name}/`" in listed}
    assert parts == named


def registered():
    from nilreturn.disclosure import RULES
    from nilreturn.engines import ENGINES
    from nilreturn.release import FORMATS
    from nilreturn.sources import SOURCES

    pages = {"policy.md": RULES, "command-line.md": (*ENGINES, *FORMATS), "sources.md": SOURCES}
    return [(page, name) for page, names in pages.items() for name in names]


@pytest.mark.parametrize(("page", "name"), registered())
def test_everything_registered_is_in_the_reference(page, name):
    assert re.search(
        rf"\b{re.escape(name)}\b", (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")
    )
