"""
The register is exactly what its index lists: whatever else lies in its folder is an error with a
name.
"""

import errno
import json
import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from nilreturn.disclosure import a_total, audit, load_register, open_register, published_to_json
from nilreturn.disclosure.register import add, entering, free_name, new_register, withdraw
from nilreturn.errors import FileError, TableError, UsageError
from nilreturn.files import canonical_json
from tests.support.counts import recorded
from tests.support.mistakes import one_clear_error_at_most

DAY = date(2021, 6, 29)
YEAR = recorded(date(2020, 4, 1), date(2021, 3, 31))
INDEX = "register.json"


def published(*counts):
    return {
        "published": [
            published_to_json(a_total(f"q{n}", YEAR, count)) for n, count in enumerate(counts)
        ]
    }


def answer(folder, *counts, reference="20210999"):
    """The folder of an answer, as far as a register looks at it."""
    (folder / "release").mkdir(parents=True)
    content = published(*counts)
    for table in content["published"]:
        table["release"] = reference
    (folder / "published.json").write_text(json.dumps(content))
    (folder / "release" / "manifest.json").write_text('{"kind": "nilreturn release"}')
    return folder


@pytest.fixture
def register(tmp_path):
    """Two releases: 20210999 with two tables, national with one."""
    folder = tmp_path / "register"
    new_register(folder)
    add(answer(tmp_path / "answer", 52, 40), folder, on=DAY)
    table = tmp_path / "national.csv"
    table.write_text("Age,count\n0-11,14\n12-15,25\n16+,33\nTotal,72\n")
    table.with_suffix(".yaml").write_text("unit: victims\n")
    add(table, folder, on=DAY)
    return folder


# What is there ------------------------------------------------------------------------------------


def test_a_register_gives_every_table_under_the_name_of_its_entry(register):
    found = open_register(register)
    assert [(entry.name, entry.kind, entry.counts) for entry in found.entries] == [
        ("20210999", "answer", True),
        ("national", "table of others", True),
    ]
    assert [table.release for table in found.tables] == ["20210999", "20210999", "national"]
    assert found.compared == "compared with 3 tables of 2 releases"
    assert load_register(register)[0].name == "q0"


def test_a_table_of_others_is_kept_with_its_reading(register, tmp_path):
    assert sorted(path.name for path in (register / "national").iterdir()) == [
        "national.csv",
        "national.yaml",
        "published.json",
    ]
    table = open_register(register).tables[2]
    assert table.population.unit == "victims"
    assert table.low.tolist() == [72, 14, 25, 33]


def test_every_table_of_a_workbook_of_others_is_entered_and_its_reading_told(tmp_path):
    import xlsxwriter

    new_register(tmp_path / "register")
    with xlsxwriter.Workbook(tmp_path / "national.xlsx") as workbook:
        for name in ("Burglary", "Theft"):
            sheet = workbook.add_worksheet(name)
            for row, cells in enumerate([("Age", "Count"), ("0-15", 61), ("16+", 24)]):
                sheet.write_row(row, 0, cells)
    told: list[str] = []
    add(tmp_path / "national.xlsx", tmp_path / "register", on=DAY, tell=told.append)
    assert [table.name for table in load_register(tmp_path / "register")] == ["burglary", "theft"]
    assert "burglary" in told[0]
    (tmp_path / "register" / "national" / "national.xlsx").write_bytes(b"PK")
    with pytest.raises(FileError, match=r"national\.xlsx: was changed"):
        load_register(tmp_path / "register")


def test_a_column_that_may_be_another_is_asked_for_before_it_is_entered(tmp_path):
    """Afterwards its description could not be corrected."""
    new_register(tmp_path / "register")
    (tmp_path / "one.csv").write_text("Area,count\nEast,61\nWest,24\nNorth,33\n")
    (tmp_path / "two.csv").write_text("District,count\nEast,60\nWest,23\nNorth,32\n")
    add(tmp_path / "one.csv", tmp_path / "register", on=DAY)
    with pytest.raises(TableError, match=r"write in two\.yaml"):
        add(tmp_path / "two.csv", tmp_path / "register", on=DAY)
    (tmp_path / "two.yaml").write_text("columns: {District: {variable: area}}\n")
    add(tmp_path / "two.csv", tmp_path / "register", on=DAY)
    assert len(load_register(tmp_path / "register")) == 2


def test_percentages_of_others_are_entered_too(tmp_path):
    new_register(tmp_path / "register")
    (tmp_path / "other.csv").write_text("Age,Count,%\n0-11,*,20%\n12-15,12,80%\nTotal,15,\n")
    add(tmp_path / "other.csv", tmp_path / "register", on=DAY)
    _, share = load_register(tmp_path / "register")
    assert (share.release, int(share.low[1]), int(share.high[1])) == ("other", 3, 3)


def test_a_folder_of_protected_tables_is_entered_whichever_version_wrote_it(tmp_path):
    new_register(tmp_path / "register")
    old = tmp_path / "old" / "release"
    old.mkdir(parents=True)
    (old / "published.json").write_text(json.dumps(published(7)["published"]))
    assert add(tmp_path / "old", tmp_path / "register", on=DAY).name == "old"


def test_one_file_can_be_one_table(tmp_path):
    new_register(tmp_path / "register")
    (tmp_path / "prose.json").write_text(json.dumps(published(52)["published"][0]))
    assert add(tmp_path / "prose.json", tmp_path / "register", on=DAY).name == "prose"
    assert len(load_register(tmp_path / "register")) == 1


def test_the_same_release_is_not_entered_twice(register, tmp_path):
    with pytest.raises(UsageError, match="in the register already, as 20210999"):
        add(tmp_path / "answer", register, on=DAY)


def test_two_releases_of_one_reference_have_two_names(register, tmp_path):
    assert add(answer(tmp_path / "second", 53), register, on=DAY).name == "20210999-2"


@pytest.mark.parametrize(
    "name", ["", "a/b", "..", ".hidden", "register.json", "entering.json", "x" * 90, "a\nb", "a."]
)
def test_a_name_that_no_folder_should_have_is_refused(register, tmp_path, name):
    with pytest.raises(UsageError, match="--name"):
        add(answer(tmp_path / "second", 53), register, on=DAY, name=name)
    assert len(open_register(register).entries) == 2


def test_a_name_that_differs_by_case_alone_is_taken(register, tmp_path):
    with pytest.raises(UsageError, match="has an entry"):
        add(answer(tmp_path / "second", 53), register, on=DAY, name="National")
    assert free_name(open_register(register), "NATIONAL") == "NATIONAL-2"


@pytest.mark.parametrize(
    "prepare",
    [
        lambda path: None,
        lambda path: path.mkdir(),
        lambda path: path.with_suffix(".txt").write_text("x"),
        lambda path: (path.mkdir(), (path / "published.json").write_text("[]")),
        lambda path: (path.mkdir(), (path / "published.json").write_text("")),
        lambda path: (path.mkdir(), (path / "published.json").write_text('{"something": "else"}')),
        lambda path: (path.mkdir(), (path / "published.json").write_bytes(b"\xef\xbb\xbf[]")),
        lambda path: (path.mkdir(), (path / "published.json").mkdir()),
        lambda path: (path.mkdir(), os.mkfifo(path / "published.json")),
    ],
)
def test_what_is_no_release_is_not_entered(register, tmp_path, prepare):
    before = (register / INDEX).read_bytes()
    prepare(tmp_path / "none")
    for path in (tmp_path / "none", tmp_path / "none.txt"):
        with pytest.raises((FileError, TableError), match="none"):
            add(path, register, on=DAY)
    assert (register / INDEX).read_bytes() == before
    assert len(open_register(register).entries) == 2


# What is not as the index lists it ----------------------------------------------------------------


def changed(content):
    return content.replace(b"52", b"53")


def entry(register):
    return register / "20210999"


def swap(path, make):
    """Put something else of that name in place of a file."""
    path.unlink()
    make(path)


def rewrite(path, change):
    path.write_bytes(change(path.read_bytes()))


def twice(register):
    """An index of two entries with one name, its hashes put right."""
    index = json.loads((register / INDEX).read_bytes())
    index["history"][1]["entry"] = "20210999"
    (register / INDEX).write_bytes(canonical_json(index))


PUBLISHED = "20210999/published.json"
VARIANTS = {
    # name: what is done to the register, and what the error names
    "a release beside the index": (lambda r: shutil.copytree(entry(r), r / "20211288"), "20211288"),
    "a table without an entry": (
        lambda r: (r / "20211288.json").write_text(json.dumps(published(1))),
        "20211288.json",
    ),
    "another suffix": (
        lambda r: (r / "20211288.JSON").write_text(json.dumps(published(1))),
        "20211288.JSON",
    ),
    "a copy put aside": (
        lambda r: shutil.copy(r / PUBLISHED, r / "published.json.bak"),
        "published.json.bak",
    ),
    "a CSV": (lambda r: (r / "other.csv").write_text("Age,count\n0-11,3\n"), "other.csv"),
    "a workbook": (lambda r: (r / "other.xlsx").write_bytes(b"PK\3\4"), "other.xlsx"),
    "half written": (lambda r: (r / "20211288.json.part").write_text("{"), "20211288.json.part"),
    "half an index": (lambda r: (r / f"{INDEX}.part").write_text("{"), f"{INDEX}.part"),
    "half a folder": (lambda r: (r / ".20211288.abc.part").mkdir(), ".20211288.abc.part"),
    "hidden": (lambda r: (r / ".other.json").write_text("[]"), ".other.json"),
    "an empty folder": (lambda r: (r / "empty").mkdir(), "empty"),
    "an empty file": (lambda r: (r / "empty.json").touch(), "empty.json"),
    "nested in an entry": (lambda r: (entry(r) / "deep").mkdir(), "20210999/deep"),
    "a file nested in an entry": (
        lambda r: ((entry(r) / "deep").mkdir(), shutil.copy(r / PUBLISHED, entry(r) / "deep")),
        "20210999/deep",
    ),
    "a further file of an entry": (
        lambda r: (entry(r) / "more.json").write_text("[]"),
        "20210999/more.json",
    ),
    "a CSV in an entry": (
        lambda r: (entry(r) / "more.csv").write_text("Age,count\n0-11,3\n"),
        "20210999/more.csv",
    ),
    "a link to a release": (lambda r: (r / "20211288").symlink_to(r.parent / "answer"), "20211288"),
    "a link to a file": (lambda r: (r / "other.json").symlink_to(r / PUBLISHED), "other.json"),
    "a dangling link": (lambda r: (r / "gone.json").symlink_to(r / "nowhere"), "gone.json"),
    "a pipe": (lambda r: os.mkfifo(r / "pipe.json"), "pipe.json"),
    "a pipe in an entry": (lambda r: os.mkfifo(entry(r) / "pipe.json"), "20210999/pipe.json"),
    "a name of two lines": (lambda r: (r / "two\nlines.json").touch(), r"two\nlines.json"),
    "a name that is no text": (
        lambda r: Path(os.fsdecode(os.fsencode(r) + b"/\xff.json")).touch(),
        r"\udcff.json",
    ),
    "an entry renamed": (lambda r: entry(r).rename(r / "20210998"), "20210999"),
    "an entry deleted": (lambda r: shutil.rmtree(entry(r)), "20210999"),
    "an entry that is a link": (
        lambda r: entry(r).symlink_to(entry(r).rename(r.parent / "elsewhere")),
        "20210999",
    ),
    "an entry that is a file": (
        lambda r: (shutil.rmtree(entry(r)), entry(r).write_text("x")),
        "20210999",
    ),
    "a file changed": (lambda r: rewrite(r / PUBLISHED, changed), PUBLISHED),
    "a file with a byte order mark": (
        lambda r: rewrite(r / PUBLISHED, lambda c: b"\xef\xbb\xbf" + c),
        PUBLISHED,
    ),
    "a file cut short": (lambda r: rewrite(r / PUBLISHED, lambda c: c[:40]), PUBLISHED),
    "a file emptied": (lambda r: rewrite(r / PUBLISHED, lambda c: b""), PUBLISHED),
    "a file of another kind": (lambda r: rewrite(r / PUBLISHED, lambda c: b"\x89PNG"), PUBLISHED),
    "a file renamed": (
        lambda r: (r / PUBLISHED).rename(entry(r) / "other.json"),
        "20210999/other.json",
    ),
    "a file deleted": (lambda r: (r / PUBLISHED).unlink(), PUBLISHED),
    "a file that is a folder": (lambda r: swap(r / PUBLISHED, Path.mkdir), PUBLISHED),
    "a file that is a pipe": (lambda r: swap(r / PUBLISHED, os.mkfifo), PUBLISHED),
    "a file that is a link to itself": (
        lambda r: swap(r / PUBLISHED, lambda p: p.symlink_to(p)),
        PUBLISHED,
    ),
    "a file that is a link to the same": (
        lambda r: (
            shutil.copy(r / PUBLISHED, r.parent / "same"),
            swap(r / PUBLISHED, lambda p: p.symlink_to("/same")),
        ),
        PUBLISHED,
    ),
    "a huge file": (lambda r: os.truncate(r / PUBLISHED, 10**12), PUBLISHED),
    "a description changed": (
        lambda r: (r / "national/national.yaml").write_text("unit: crimes\n"),
        "national.yaml",
    ),
    "no index": (lambda r: (r / INDEX).unlink(), INDEX),
    "an empty index": (lambda r: rewrite(r / INDEX, lambda c: b""), INDEX),
    "an index cut short": (lambda r: rewrite(r / INDEX, lambda c: c[:-20]), INDEX),
    "an index with a byte order mark": (
        lambda r: rewrite(r / INDEX, lambda c: b"\xef\xbb\xbf" + c),
        INDEX,
    ),
    "an index laid out anew": (
        lambda r: rewrite(r / INDEX, lambda c: json.dumps(json.loads(c)).encode()),
        INDEX,
    ),
    "an index of another format": (
        lambda r: rewrite(
            r / INDEX, lambda c: c.replace(b"nilreturn register 1", b"nilreturn register 9")
        ),
        INDEX,
    ),
    "an index with a key twice": (
        lambda r: rewrite(r / INDEX, lambda c: b'{"last":"",' + c[1:]),
        INDEX,
    ),
    "an index with a day changed": (
        lambda r: rewrite(r / INDEX, lambda c: c.replace(b"06-29", b"06-28")),
        INDEX,
    ),
    "an index that is a list": (lambda r: rewrite(r / INDEX, lambda c: b"[]"), INDEX),
    "an index nested without end": (lambda r: rewrite(r / INDEX, lambda c: b"[" * 100_000), INDEX),
    "an index that is a folder": (lambda r: swap(r / INDEX, Path.mkdir), INDEX),
    "an index that is a pipe": (lambda r: swap(r / INDEX, os.mkfifo), INDEX),
    "an index that is a link": (
        lambda r: (
            shutil.copy(r / INDEX, r.parent / "index"),
            swap(r / INDEX, lambda p: p.symlink_to("../index")),
        ),
        INDEX,
    ),
    "two entries with one name": (twice, INDEX),
    "an older index": (lambda r: rewrite(r / INDEX, without_the_last), "national"),
    "a lock that holds something": (lambda r: (r / ".lock").write_text("[]"), ".lock"),
    "a lock that is a link": (
        lambda r: swap(r / ".lock", lambda p: p.symlink_to("/nowhere")),
        ".lock",
    ),
    "a journal that is none": (lambda r: (r / "entering.json").write_text("{}"), "entering.json"),
    "a journal that is a link": (
        lambda r: (r / "entering.json").symlink_to("register.json"),
        "entering.json",
    ),
}


def without_the_last(content):
    """The index before the last entry: its own hashes are right."""
    from nilreturn.disclosure.register.index import history_of, index_bytes

    return index_bytes(history_of(content)[:-1])


@pytest.mark.parametrize("variant", VARIANTS)
def test_whatever_differs_from_the_index_is_an_error_that_names_it(register, variant):
    change, named = VARIANTS[variant]
    change(register)
    for read in (open_register, load_register):
        with pytest.raises(FileError) as caught:
            read(register)
        message = "\n".join((str(caught.value), *caught.value.details))
        assert f"/{named}:" in message or f"has no {named}" in message
        assert len(message.splitlines()) == 1 + len(caught.value.details)
        assert ";" in message  # and what to do
    with pytest.raises(FileError), entering(register):
        pass


@pytest.mark.parametrize(
    ("closed", "call"), [(PUBLISHED, "open"), (INDEX, "open"), ("20210999", "listdir")]
)
def test_what_may_not_be_read_is_an_error_that_names_it(register, monkeypatch, closed, call):
    """Root may read everything, so the system's answer is given in its place."""
    real = getattr(os, call)

    def refused(path, *rest):
        if os.fspath(path) == str(register / closed):
            raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
        return real(path, *rest)

    monkeypatch.setattr(os, call, refused)
    with pytest.raises(FileError, match=rf"{closed}: cannot be read \(Permission denied\)"):
        open_register(register)


def test_all_that_is_wrong_is_named_together(register):
    (register / "one.json").touch()
    (register / "two.json").touch()
    with pytest.raises(FileError) as caught:
        open_register(register)
    assert len(caught.value.details) == 2


@pytest.mark.parametrize("kind", ["nothing", "empty", "file", "old"])
def test_a_folder_without_an_index_is_refused_with_the_command_that_makes_one(tmp_path, kind):
    folder = tmp_path / "register"
    if kind in ("empty", "old"):
        folder.mkdir()
    if kind == "old":
        (folder / "20210999.json").write_text(json.dumps(published(52)))
    if kind == "file":
        folder.write_text("x")
    with pytest.raises(FileError, match="nilreturn register") as caught:
        open_register(folder)
    assert [detail for detail in caught.value.details if "20210999.json" in detail] or kind != "old"
    assert not (folder / ".lock").exists()


def test_a_register_begins_in_an_empty_folder_only(register, tmp_path):
    with pytest.raises(FileError, match="not empty"):
        new_register(register)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    with pytest.raises(FileError, match="not empty"):
        new_register(tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]


# What a file may hold -----------------------------------------------------------------------------


def wrong_table(**changes):
    table = published(52)["published"][0]
    return json.dumps({"published": [{**table, **changes}]})


def of_one(category):
    return {"variable": "a", "title": "A", "additive": True, "categories": [category]}


TABLE = published(52)["published"][0]
WRONG = {
    "no JSON": "{",
    "too deep": "[" * 100_000,
    "another mapping": '{"something": "else"}',
    "a list of others": '[{"format": "something else"}]',
    "another version": wrong_table(format="nilreturn published table 99"),
    "no format": json.dumps([{key: value for key, value in TABLE.items() if key != "format"}]),
    "a table among others": json.dumps({"published": [TABLE], "more": [TABLE]}),
    "a key twice": json.dumps(TABLE).replace('"cells": [52]', '"cells": [52], "cells": [50]'),
    "a key that is not read": wrong_table(restricted_to={"crime.area": ["East"]}),
    "a name that is a number": wrong_table(name=10**17),
    "a name beyond numbers": wrong_table(name=10**20),
    "a title that is a list": wrong_table(title=["x"]),
    "a release that is a list": wrong_table(release=["x"]),
    "half a character": wrong_table(title="\ud800"),
    "a unit that is a number": wrong_table(population={**TABLE["population"], "unit": 1}),
    "a source that is a list": wrong_table(population={**TABLE["population"], "source": [1, 2]}),
    "an extent of numbers": wrong_table(
        population={**TABLE["population"], "restricted_to": {"a": {"ranges": [], "values": [1]}}}
    ),
    "a range that is not whole": wrong_table(
        population={
            **TABLE["population"],
            "restricted_to": {"a": {"ranges": [[1.5, 2]], "values": []}},
        }
    ),
    "a label that is a number": wrong_table(
        dimensions=[of_one({"label": 1.5, "parent": None, "covers": None})]
    ),
    "a dimension without a total": wrong_table(
        dimensions=[of_one({"label": "x", "parent": "y", "covers": None})]
    ),
    "a dimension without categories": wrong_table(dimensions=[{**of_one({}), "categories": []}]),
    "a count that is text": wrong_table(cells=["52"]),
    "a count below nought": wrong_table(cells=[-1]),
    "a count that is not whole": wrong_table(cells=[52.0]),
    "no number": wrong_table(cells=[float("nan")]),
    "a count beyond all": wrong_table(cells=[10**30]),
    "a count of ten thousand digits": json.dumps(TABLE).replace("[52]", "[" + "9" * 10_000 + "]"),
    "too few counts": wrong_table(cells=[]),
    "a range that runs backwards": wrong_table(cells=[{"from": 5, "to": 1, "hidden": True}]),
    "a cell that is hidden by a number": wrong_table(cells=[{"from": 0, "to": 1, "hidden": 1}]),
    "a cell with a key of its own": wrong_table(
        cells=[{"from": 0, "to": 1, "hidden": True, "value": 1}]
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_file_of_tables_is_as_nilreturn_writes_it_or_refused(register, tmp_path, kind):
    (tmp_path / "a.json").write_text(WRONG[kind])
    with pytest.raises((FileError, TableError), match=r"a\.json") as caught:
        add(tmp_path / "a.json", register, on=DAY)
    assert "\n" not in str(caught.value)
    assert len(open_register(register).entries) == 2


SHARED = Path(__file__).parents[5] / "shared" / "defects" / "reliability" / "fuzz"
FUZZED = sorted(SHARED.glob("register-*.json"))


@pytest.mark.skipif(not FUZZED, reason="the shared inputs are not here")
@pytest.mark.parametrize("path", FUZZED, ids=lambda path: path.stem)
def test_a_fuzzed_file_is_one_clear_error_at_most(tmp_path, path):
    new_register(tmp_path / "register")
    with one_clear_error_at_most():
        add(path, tmp_path / "register", on=DAY)
        audit(load_register(tmp_path / "register"), seconds=5)


# What is withdrawn --------------------------------------------------------------------------------


def test_what_was_sent_stays_known_when_it_is_withdrawn(register):
    withdraw("20210999", register, on=DAY, reason="an error in table 2")
    found = open_register(register)
    assert found.entries[0].withdrawn.reason == "an error in table 2"
    assert found.compared == "compared with 3 tables of 2 releases"
    with pytest.raises(UsageError, match="withdrawn already"):
        withdraw("20210999", register, on=DAY, reason="again")


def test_what_never_went_out_counts_no_more_and_keeps_its_history(register, tmp_path):
    withdraw("20210999", register, on=DAY, reason="an error")
    withdraw("20210999", register, on=DAY, reason="the letter was not sent", sent=False)
    found = open_register(register)
    assert [table.release for table in found.tables] == ["national"]
    assert [(event.action, event.entry, event.sent) for event in found.history[2:]] == [
        ("withdrawn", "20210999", True),
        ("withdrawn", "20210999", False),
    ]
    assert (register / PUBLISHED).exists()
    assert add(tmp_path / "answer", register, on=DAY).name == "20210999-2"
    (register / PUBLISHED).write_text("[]")
    with pytest.raises(FileError, match="was changed"):
        open_register(register)


@pytest.mark.parametrize(
    ("name", "reason"), [("none", "a reason"), ("20210999", " "), ("NATIONAL", "a reason")]
)
def test_a_withdrawal_names_an_entry_and_gives_a_reason(register, name, reason):
    before = (register / INDEX).read_bytes()
    with pytest.raises(UsageError):
        withdraw(name, register, on=DAY, reason=reason)
    assert (register / INDEX).read_bytes() == before


def test_the_last_hash_binds_the_whole_history(register):
    before = open_register(register).last
    withdraw("national", register, on=DAY, reason="a reason")
    assert open_register(register).last != before
