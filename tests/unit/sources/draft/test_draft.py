"""A draft: each column proposed right, doubts told, importable, and no record's content in it."""

import tomllib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nilreturn.errors import FileError, SourceError
from nilreturn.sources import check_mapping, draft_mapping, import_extract, read_mapping
from nilreturn.sources.draft import closed
from nilreturn.sources.draft.columns import form_of, name_matches
from nilreturn.sources.draft.columns.headers import words_of
from tests.support.examples import examples
from tests.unit.sources.draft.reports import LEFT, OWN, REPORTS, SECRETS, SYSTEM, all_values, drawn


def written(tmp_path, content, name="report.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def proposed(text):
    """What the draft makes of each header."""
    fields = tomllib.loads(text)
    found = dict.fromkeys(fields.get("ignore", []), LEFT)
    found |= {
        header: variable
        for variable, column in fields.get("columns", {}).items()
        for header in column["headers"]
    }
    found |= {
        header: OWN for column in fields.get("own", {}).values() for header in column["headers"]
    }
    if "cells" in fields:
        found[fields["cells"]["count_header"]] = "count"
    return found


@pytest.mark.parametrize("name", REPORTS)
def test_each_column_is_proposed_as_what_it_is(tmp_path, name):
    columns = REPORTS[name]
    draft = draft_mapping(written(tmp_path, drawn(columns)))
    assert proposed(draft.text) == {column.header: column.becomes for column in columns}
    assert draft.text.count("# CHECK") == draft.doubts


@pytest.mark.parametrize("name", REPORTS)
def test_no_content_of_a_record_is_in_a_draft(tmp_path, name):
    columns = REPORTS[name]
    draft = draft_mapping(written(tmp_path, drawn(columns)))
    assert not [secret for secret in SECRETS if secret in draft.text]
    headers = {column.header for column in columns}
    printed = {
        value for value in all_values(columns) - headers if len(value) > 4 and value in draft.text
    }
    assert not printed
    assert "INTERNAL" in draft.text.splitlines()[0]


def test_a_draft_is_a_mapping_and_stops_at_a_status_that_nobody_has_explained(tmp_path):
    report = written(tmp_path, drawn(SYSTEM))
    draft = draft_mapping(report, name="ours")
    assert 'CHECK: what does "Awaiting Review" mean (60 rows)?' in draft.text
    mapping = tmp_path / "ours.toml"
    draft.save(mapping)
    assert mapping.stat().st_mode & 0o77 == 0
    checked = check_mapping(str(mapping), report, as_at=date(2024, 1, 1))
    assert any("'Awaiting Review' (60 rows)" in mistake for mistake in checked.mistakes)
    settled = draft.text.replace('# "Awaiting Review" = "?"', '"Awaiting Review" = "Recorded"')
    mapping.write_text(settled, encoding="utf-8")
    assert check_mapping(str(mapping), report, as_at=date(2024, 1, 1)).mistakes == []
    extract = import_extract(
        [report], mapping=read_mapping(mapping), to=tmp_path / "extract", as_at=date(2024, 1, 1)
    )
    assert extract.manifest["rows"]["crimes"] == 240


@pytest.mark.parametrize("name", ["street", "counts"])
def test_a_draft_without_unclear_words_imports_as_it_is(tmp_path, name):
    report = written(tmp_path, drawn(REPORTS[name]))
    mapping = tmp_path / "ours.toml"
    draft_mapping(report, name="ours").save(mapping)
    assert check_mapping(str(mapping), report).mistakes == []


def test_a_draft_never_overwrites_a_file(tmp_path):
    draft = draft_mapping(written(tmp_path, drawn(SYSTEM)))
    (tmp_path / "ours.toml").write_text("mine")
    with pytest.raises(FileError, match="is there already"):
        draft.save(tmp_path / "ours.toml")


@pytest.mark.parametrize("column", ["Crime State", "DA Flag", "Vic Gender"])
@pytest.mark.parametrize(
    "content", ["PC 417 Olu Abbott", "14 Mill Lane", "Olu Abbott", "said: he hit me"]
)
def test_a_record_in_a_closed_column_is_not_printed(tmp_path, column, content):
    rows = drawn(SYSTEM).decode().splitlines()
    place = [one.header for one in SYSTEM].index(column)
    cells = rows[7].split(",")
    cells[place] = content
    rows[7] = ",".join(cells)
    draft = draft_mapping(written(tmp_path, "\n".join(rows).encode()))
    assert content not in draft.text
    said = " ".join(draft.text.split("\n# "))
    assert (
        "words that are not like those of such a column" in said or "stand in one row each" in said
    )
    mapping = tmp_path / "ours.toml"
    draft.save(mapping)
    told = check_mapping(str(mapping), tmp_path / "report.csv")
    assert content not in "\n".join((*told.lines, *told.mistakes))


@pytest.mark.parametrize(
    "content",
    [
        b"A1,01/07/2020,71/17,Mara Quill\nA2,02/07/2020,71/17,Olu Abbott\n",
        b"Live,Y,F\nLive,N,M\nFiled,Y,F\n",
        b"Mara Quill,14 Mill Lane\nOlu Abbott,3 Station Road\n",
        b"status,mara@example.org,crime number\nLive,x,A1\n",
    ],
)
def test_a_file_without_headers_is_refused_and_nothing_of_it_is_shown(tmp_path, content):
    with pytest.raises(SourceError, match="not recognised as headers") as refused:
        draft_mapping(written(tmp_path, content))
    shown = str(refused.value) + "".join(refused.value.details)
    assert not any(secret in shown for secret in ("Quill", "Mill Lane", "Live", "mara", "71/17"))


def test_dates_with_the_month_first_are_read_so(tmp_path):
    text = draft_mapping(written(tmp_path, drawn(REPORTS["portal"]))).text
    assert tomllib.loads(text)["dates"]["formats"] == ["%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y"]
    assert "CHECK: dates are read with the month first" in text


def test_a_day_that_stands_for_no_date_is_asked_about(tmp_path):
    rows = [
        "URN,Recorded Date,HO Code,Off From",
        *(f"A{n},05/07/2020,71/17,01/01/1753" for n in range(9)),
    ]
    text = draft_mapping(written(tmp_path, "\n".join(rows).encode())).text
    assert tomllib.loads(text)["dates"]["defaults"] == ["1753-01-01", "1900-01-01"]


def test_a_status_that_is_blank_is_asked_about(tmp_path):
    rows = ["URN,Recorded Date,HO Code,Status", "A1,05/07/2020,71/17,Live", "A2,05/07/2020,71/17,"]
    text = draft_mapping(written(tmp_path, "\n".join(rows).encode())).text
    assert "some rows have no status" in text


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Date Rec'd as Crime", ("date", "recorded", "crime")),
        ("VIC_DOB", ("victim", "birth", "date")),
        ("CommittedFromDate", ("committed", "from", "date")),
        ("Victim D.O.B.", ("victim", "birth", "date")),
        ("", ()),
        ("№ 7 — 日付", ("7",)),
    ],
)
def test_headers_are_cut_into_words(header, words):
    assert words_of(header) == words


@pytest.mark.parametrize(
    "header",
    [
        "Victim Name",
        "Suspect Address",
        "OIC Name",
        "Officer Age",
        "Location",
        "Postcode",
        "Victim Surname",
    ],
)
def test_what_tells_who_or_where_is_nothing_that_can_be_mapped(header):
    assert name_matches(header) == {}


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("01/07/2020", "day"),
        ("2020-07-01T10:00:00Z", "day"),
        ("1 July 2020", "day"),
        ("2020-07", "month"),
        ("July 2020", "month"),
        ("202007", "month"),
        ("2019-20", "financial_year"),
        ("2019/2020", "financial_year"),
        ("FY19/20", "financial_year"),
        ("2019 to 2020", "financial_year"),
        ("2019/20 (p)", "financial_year"),
        ("Apr 2019 to Mar 2020", "financial_year"),
        ("Year ending March 2020", "financial_year"),
        ("2020", "calendar_year"),
        ("2020 Q1", "quarter"),
        ("18-24", None),
        ("71/17", None),
        ("Live", None),
    ],
)
def test_forms_of_dates(text, precision):
    form = form_of(text)
    assert (form.precision if form else None) == precision


@given(st.dictionaries(st.text(max_size=60), st.integers(1, 50), max_size=40))
@settings(max_examples=examples(200), deadline=None)
def test_words_are_shown_only_of_columns_that_are_closed_as_a_whole(texts):
    found = closed.words_of("crime.status", texts, ("recorded", "live"))
    if not found.is_closed:
        assert all(word.casefold() in ("recorded", "live") for word, _ in found.shown)
    assert all(
        len(word) <= 40 for word, _ in found.shown if word.casefold() not in ("recorded", "live")
    )
    assert not closed.words_of("crime.narrative", texts).shown


@given(st.binary(max_size=400))
@settings(max_examples=25, deadline=None)
def test_any_bytes_make_a_draft_or_a_mistake(tmp_path_factory, content):
    path = written(tmp_path_factory.mktemp("any"), b"Status,Crime Number\n" + content)
    told = ""
    try:
        tomllib.loads(draft_mapping(path).text)
    except (FileError, SourceError) as error:
        told = str(error)
    assert "\n" not in told


@pytest.mark.parametrize(
    ("periods", "pattern", "precision"),
    [
        (("202201", "202202", "202203"), "[0-9]{6}", "month"),
        (("Jan-22", "Feb-22", "Mar-22"), "[A-Za-z]+-[0-9]{2}", "month"),
        (("2019/20", "2020/21", "2021/22"), "[0-9]{4}/[0-9]{2}", "financial_year"),
    ],
)
def test_a_column_for_each_month_or_year_is_turned_into_rows(tmp_path, periods, pattern, precision):
    rows = [
        f"Borough,Offence Group,{','.join(periods)}",
        *(f"Aford,Theft,{n},{n + 1},{n + 2}" for n in range(20)),
    ]
    report = written(tmp_path, "\n".join(rows).encode())
    mapping = tmp_path / "ours.toml"
    draft_mapping(report, name="ours").save(mapping)
    fields = tomllib.loads(mapping.read_text(encoding="utf-8"))
    assert fields["unpivot"] == {"columns": pattern, "as": "Period"}
    assert fields["columns"]["crime.recorded_on"]["precision"] == precision
    checked = check_mapping(str(mapping), report)
    assert checked.mistakes == []
    assert checked.manifest["rows"]["crimes"] == sum(3 * n + 3 for n in range(20))


def test_a_header_that_is_also_a_value_is_a_header(tmp_path):
    rows = [
        "URN,Recorded Date,HO Code,Online",
        *(f"A{n},05/07/2020,71/17,{'Online' if n % 2 else ''}" for n in range(9)),
    ]
    assert (
        proposed(draft_mapping(written(tmp_path, "\n".join(rows).encode())).text)["Online"]
        == "crime.online_flag"
    )


def test_headers_that_are_repeated_further_down_are_headers(tmp_path):
    lines = drawn(SYSTEM).decode().splitlines()
    text = "\n".join([*lines[:90], lines[0], *lines[90:], lines[0]])
    found = draft_mapping(written(tmp_path, text.encode())).text
    assert proposed(found)["Crime State"] == "crime.status"
    assert "Crime State" not in tomllib.loads(found)["columns"]["crime.status"]["values"]
    assert '"Crime State" = "?"' not in found


def test_a_number_of_offences_is_a_count_and_no_reference(tmp_path):
    rows = [
        "Force,Year,Offence Code,Number of Offences",
        'F0,2022/23,8N,"1,234"',
        "F1,2022/23,8N,..",
        "F2,2022/23,8N,7",
    ]
    fields = tomllib.loads(draft_mapping(written(tmp_path, "\n".join(rows).encode())).text)
    assert fields["row"] == "cell"
    assert fields["cells"]["count_header"] == "Number of Offences"
