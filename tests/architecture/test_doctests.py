"""The examples in docstrings hold."""

import doctest
import importlib
import importlib.util

import pytest

from tests.architecture.source import ROOT, modules


@pytest.mark.parametrize("name", modules())
def test_examples_of_the_package(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize(
    "path", sorted((ROOT / "scripts").glob("*.py")), ids=lambda path: path.name
)
def test_examples_of_the_scripts(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert doctest.testmod(module).failed == 0


def test_there_are_examples():
    modules = [
        importlib.import_module(f"nilreturn.periods.{name}")
        for name in ("period", "calendar", "parsing")
    ]
    assert sum(doctest.testmod(module).attempted for module in modules) >= 15
