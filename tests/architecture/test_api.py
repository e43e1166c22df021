"""
The public API, held name by name: who changes a name or a signature sees it here, and says so in
CHANGELOG.md.

`./run update-golden` writes `api.txt` again; read the difference.
"""

import importlib
import inspect
import os
from pathlib import Path

import pytest
from scripts.api import PACKAGES, public, signatures

HELD = Path(__file__).parent / "api.txt"


def test_the_public_names_and_signatures_are_as_agreed():
    found = "".join(f"{line}\n" for package in PACKAGES for line in signatures(package))
    if os.environ.get("NILRETURN_UPDATE_GOLDEN") == "1":
        HELD.write_text(found, encoding="utf-8", newline="\n")
    held = HELD.read_text(encoding="utf-8").splitlines()
    gone, new = set(held) - set(found.splitlines()), set(found.splitlines()) - set(held)
    what_next = "if it is meant, run ./run update-golden and write it into CHANGELOG.md"
    assert (sorted(gone), sorted(new)) == ([], []), what_next


@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_read_from_the_source_is_what_is_imported(package):
    module = importlib.import_module(package)
    names = [name for name, _ in public(package)]
    assert names == sorted(getattr(module, "__all__", names))
    for name, thing in public(package):
        assert hasattr(module, name)
        imported = getattr(module, name)
        if inspect.isfunction(imported) or type(imported) is type:
            assert thing.name == imported.__qualname__


def test_a_changed_signature_is_seen():
    lines = list(signatures("nilreturn.extras"))
    assert "nilreturn.extras.require(extra: str) -> None" in lines
    assert "nilreturn.extras.Extra.library: str" in lines
