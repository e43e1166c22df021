"""Whether a release on disk still holds."""

import json
import os
from datetime import date

import pytest

from nilreturn.disclosure import check_folder, open_register, protect
from nilreturn.disclosure.folder import write
from nilreturn.disclosure.register import add, new_register, withdraw
from nilreturn.errors import FileError
from tests.support.counts import policy, recorded, table

DAY = date(2021, 6, 29)
YEAR = recorded(date(2020, 4, 1), date(2021, 3, 31))
COUNTS = [[1, 7, 9], [8, 6, 2], [7, 7, 7]]
OTHERS = [[1, 7, 8], [10, 5, 5], [3, 7, 8]]  # of the second variable of those and a third


def protected(folder, counts=COUNTS, *, name="t", known=(), variables="ab"):
    done = protect(
        [table(counts, name=name, population=YEAR, variables=variables)], policy(), known=known
    )
    write(done, folder)
    return folder


@pytest.fixture
def release(tmp_path):
    return protected(tmp_path / "out")


def test_a_release_as_it_was_written_holds(release):
    found = check_folder(release)
    assert found.wrong == ()
    assert any("certificate is of these tables and holds" in sentence for sentence in found.holds)
    assert any("every file is as it was written" in sentence for sentence in found.holds)


def rewrite(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


CHANGES = {
    "a printed count": (lambda r: rewrite(r / "release/t.csv", "54", "55"), "release/t.csv"),
    "a description": (
        lambda r: rewrite(r / "release/t.yaml", "victims", "crimes"),
        "release/t.yaml",
    ),
    "what readers are told": (
        lambda r: rewrite(r / "published.json", " 54", " 55"),
        "published.json",
    ),
    "a file that is gone": (lambda r: (r / "release/t.csv").unlink(), "release/t.csv"),
    "a file more": (
        lambda r: (r / "release/more.csv").write_text("Age,count\n"),
        "release/more.csv",
    ),
    "a link": (
        lambda r: (r / "release/more.csv").symlink_to(r / "internal/report.json"),
        "release/more.csv",
    ),
    "the certificate": (
        lambda r: (r / "internal/certificate.json").write_text('{"format": "another"}'),
        "certificate does not hold",
    ),
    "moves of the certificate": (
        lambda r: without_moves(r / "internal/certificate.json"),
        "certificate does not hold",
    ),
    "the proof's earlier releases": (
        lambda r: (r / "internal/known.json").write_text((r / "published.json").read_text()),
        "certificate does not hold",
    ),
}


def without_moves(path):
    path.write_text(json.dumps({**json.loads(path.read_text()), "moves": []}))


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_since_does_not_hold(release, change):
    make, named = CHANGES[change]
    make(release)
    assert any(named in sentence for sentence in check_folder(release).wrong)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda r: (r / "internal/certificate.json").unlink(),
        lambda r: (r / "internal/certificate.json").write_text("{"),
        lambda r: (r / "internal/certificate.json").write_text("[]"),
        lambda r: (r / "published.json").unlink(),
        lambda r: (r / "published.json").write_text("{}"),
        lambda r: (r / "internal/bindings.json").write_text('{"files": []}'),
        lambda r: ((r / "internal/known.json").unlink(), os.mkfifo(r / "internal/known.json")),
        lambda r: ((r / "other").mkdir(), (r / "other/certificate.json").write_text("{}")),
        lambda r: r.rename(r.with_name("elsewhere")),
    ],
)
def test_what_is_no_release_is_one_clear_error(release, spoil):
    spoil(release)
    with pytest.raises(FileError) as caught:
        check_folder(release)
    assert "\n" not in str(caught.value)


def test_a_certificate_that_leaves_out_an_earlier_release_is_told(tmp_path):
    """Protected without the register, the second may give away what the first hid."""
    register = tmp_path / "register"
    new_register(register)
    add(protected(tmp_path / "first", name="first"), register, on=DAY)
    known = open_register(register).tables
    beside = protected(tmp_path / "beside", OTHERS, name="second", known=known, variables="bc")
    assert check_folder(beside, open_register(register)).wrong == ()
    apart = protected(tmp_path / "apart", OTHERS, name="second", variables="bc")
    assert check_folder(apart).wrong == ()
    (wrong,) = check_folder(apart, open_register(register)).wrong
    assert wrong.startswith("first: ")
    withdraw("first", register, on=DAY, reason="a draft", sent=False)
    assert check_folder(apart, open_register(register)).wrong == ()


def test_what_came_later_is_no_fault_of_a_release(tmp_path, release):
    register = tmp_path / "register"
    new_register(register)
    add(release, register, on=DAY)
    add(
        protected(tmp_path / "later", name="later", known=open_register(register).tables),
        register,
        on=DAY,
    )
    found = check_folder(release, open_register(register))
    assert found.wrong == ()
    assert any("in which it is out" in sentence for sentence in found.holds)
    assert any("one release came later" in sentence for sentence in found.holds)
