"""
Whatever happens to a register or to a file for it, there is one clear error and nothing passes in
silence.
"""

import copy
import json
import shutil
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nilreturn.disclosure import audit, load_register, protect, published_to_json
from nilreturn.disclosure.register import add, new_register
from nilreturn.errors import FileError, UserError
from tests.support.counts import policy, recorded, table
from tests.support.examples import examples
from tests.support.mistakes import one_clear_error_at_most
from tests.support.untimed import SHARED_FIXTURES

DAY = date(2021, 6, 29)
FEW = settings(deadline=None, max_examples=examples(100), suppress_health_check=SHARED_FIXTURES)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(0, 9), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(0, 9), max_size=2),
)


@pytest.fixture(scope="module")
def printed():
    population = recorded(date(2020, 4, 1), date(2021, 3, 31))
    done = protect([table([[1, 7, 9], [8, 6, 2], [7, 7, 7]], population=population)], policy())
    return [published_to_json(each, release="R1") for each in done.published]


@pytest.fixture(scope="module")
def kept(printed, tmp_path_factory):
    """A register with one release."""
    folder = tmp_path_factory.mktemp("kept")
    new_register(folder / "register")
    (folder / "R1.json").write_text(json.dumps(printed))
    add(folder / "R1.json", folder / "register", on=DAY)
    return folder / "register"


def entered(tmp_path, content):
    """Enter a file with this content; the tables that readers have then."""
    shutil.rmtree(tmp_path / "register", ignore_errors=True)
    new_register(tmp_path / "register")
    (tmp_path / "a.json").write_bytes(content)
    add(tmp_path / "a.json", tmp_path / "register", on=DAY)
    return load_register(tmp_path / "register")


@given(st.binary(max_size=100))
@FEW
def test_a_file_of_any_bytes_is_one_clear_error(tmp_path, content):
    with pytest.raises(UserError) as caught:
        entered(tmp_path, content)
    assert "\n" not in str(caught.value)


def places(content, at=()):
    """Every place in a JSON document."""
    yield at
    if isinstance(content, dict):
        for key, value in content.items():
            yield from places(value, (*at, key))
    if isinstance(content, list):
        for number, value in enumerate(content):
            yield from places(value, (*at, number))


@given(st.data())
@FEW
def test_a_file_changed_in_any_place_is_one_clear_error_at_most(tmp_path, printed, data):
    content = copy.deepcopy(printed)
    *above, last = data.draw(st.sampled_from([place for place in places(content) if place]))
    around = content
    for step in above:
        around = around[step]
    if data.draw(st.booleans()):
        around[last] = data.draw(VALUES)
    else:
        del around[last]
    with one_clear_error_at_most():
        audit(entered(tmp_path, json.dumps(content).encode()), seconds=5)


@given(st.data())
@FEW
def test_no_byte_of_a_register_changes_unseen(tmp_path, kept, data):
    copied = tmp_path / "copied"
    shutil.rmtree(copied, ignore_errors=True)
    shutil.copytree(kept, copied)
    path = data.draw(
        st.sampled_from(sorted(p for p in copied.rglob("*") if p.is_file() and p.name != ".lock"))
    )
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    with pytest.raises(FileError):
        load_register(copied)
