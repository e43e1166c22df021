"""
Lazy doors: a package loads what is used of it, and its names mean the same however it was reached.
"""

import pytest

import nilreturn.disclosure
from tests.architecture.source import run_apart

DOORS = ("disclosure", "engines", "questions", "release", "sources")


@pytest.mark.parametrize("name", DOORS)
def test_importing_a_package_loads_none_of_its_modules(name):
    code = (
        f"import sys, nilreturn.{name}; print([m for m in sys.modules if "
        f"m.startswith('nilreturn.{name}.')])"
    )
    assert run_apart(code).stdout == "[]\n"


@pytest.mark.parametrize("name", DOORS)
def test_every_public_name_is_found_apart(name):
    code = (
        f"import nilreturn.{name} as door; print(all(getattr(door, name) is not None for name "
        f"in door.__all__))"
    )
    done = run_apart(code)
    assert done.stdout == "True\n", done.stderr[-1000:]


def test_a_function_that_has_its_module_s_name_stays_a_function():
    code = (
        "import nilreturn.disclosure.audit; from nilreturn.disclosure import audit, protect; "
        "print(audit.__name__)"
    )
    assert run_apart(code).stdout == "audit\n"
    code = (
        "from nilreturn.disclosure import audit; import nilreturn.disclosure.audit; "
        "print(audit.__name__)"
    )
    assert run_apart(code).stdout == "audit\n"


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(
        AttributeError, match=r"module 'nilreturn.disclosure' has no attribute 'nonsense'"
    ):
        nilreturn.disclosure.nonsense  # noqa: B018
    with pytest.raises(ImportError):
        from nilreturn.disclosure import nonsense  # noqa: F401


def test_names_are_listed():
    assert set(nilreturn.disclosure.__all__) <= set(dir(nilreturn.disclosure))
