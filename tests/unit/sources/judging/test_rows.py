"""Which rows are records, and what stops an import."""

import pytest

from nilreturn.errors import SourceError
from nilreturn.sources import import_extract, mapping_named
from tests.unit.sources.importing import AS_AT, column, faults, import_text, own_mapping, records

HEADERS = "Crime Ref,Recorded Date,HO Code,LPA,Victim Age,Victim Sex"
ROWS = "A1,01/07/2020,71/17,East,14,F\nA2,02/07/2020,71/17,West,15,M\n"


@pytest.mark.parametrize(
    ("below", "rule"),
    [
        ("Source: records system,,,,,", "note_below"),
        ("* provisional,,,,,", "note_below"),
        ("Data correct at 1 July 2020,,,,,", "note_below"),
        (",,,Notes follow,,", "note_below"),
        ("Source: records system", "note_below"),
        ("Total,,,,2,", "total_row"),
        ("Grand total,,,,29,", "total_row"),
        ("Grand Total,29,,,,", "total_row"),
        ("Sub-total East,2,,,29,", "total_row"),
        ("Total,2", "total_row"),
        (",,,,,", "empty_row"),
        ("A3,,,,,", "required_missing"),
        ("A3,,,East,14,F", "required_missing"),
        ("A3,NULL,n/a,East,14,F", "required_missing"),
    ],
)
def test_what_is_below_the_records_is_named_and_no_crime(tmp_path, below, rule):
    extract = import_text(tmp_path, f"{HEADERS}\n{ROWS}{below}\n")
    assert column(extract, "crimes", "crime_ref") == ["A1", "A2"]
    assert faults(extract) == [(4, None, rule)]
    rows = extract.manifest["rows"]
    assert rows["in"] == 4
    assert rows["in"] == rows["kept"] + rows["rejected"] + sum(rows["passed_over"].values())


def test_words_among_the_records_are_rejected_for_they_may_be_what_is_left_of_one(tmp_path):
    extract = import_text(tmp_path, f"{HEADERS}\nPart of a record,,,,,\n{ROWS}")
    assert faults(extract) == [(2, None, "required_missing")]
    assert extract.manifest["rows"]["rejected"] == 1


@pytest.mark.parametrize("reference", ["1.2E+11", "5,1e+05"])
def test_a_reference_that_a_spreadsheet_rounded_is_none_for_several_crimes_would_be_one(
    tmp_path, reference
):
    row = f'"{reference}",02/07/2020,71/17,East,14,F\n'
    extract = import_text(
        tmp_path, f"{HEADERS}\n{ROWS}{row}{row}A1E+11,02/07/2020,71/17,East,14,F\n"
    )
    assert faults(extract) == [(4, None, "bad_reference"), (5, None, "bad_reference")]
    assert column(extract, "crimes", "crime_ref") == ["A1", "A2", "A1E+11"]


def test_a_row_that_lacks_one_required_value_of_two_is_a_record(tmp_path):
    extract = import_text(tmp_path, f"{HEADERS}\nA1,,71/17,East,14,F\nA2,02/07/2020,,East,14,F\n")
    assert records(extract, "crimes", "recorded_on", "offence_code")[0] == (None, "071/17")
    assert len(column(extract, "crimes", "crime_ref")) == 2


STATUSES = "Crime Ref,Recorded Date,HO Code,Status\n"


def test_statuses_that_the_mapping_does_not_know_stop_the_import_with_their_counts(tmp_path):
    words = [
        "Recorded",
        "NFA",
        "NFA",
        "Under investigation",
        "#REF!",
        "Ms X of 12 Mill Lane",
        "x" * 41,
    ]
    rows = "".join(f"A{number},01/07/2020,71/17,{word}\n" for number, word in enumerate(words))
    with pytest.raises(SourceError) as error:
        import_text(tmp_path, STATUSES + rows)
    assert error.value.details == (
        "'NFA': 2 rows",
        "'#REF!': 1 row",
        "'Under investigation': 1 row",
        "texts that are not words: 2 rows; see whether this is the column of the status",
    )
    assert not (tmp_path / "extract").exists()


def test_more_words_than_a_few_are_only_counted(tmp_path):
    words = [f"{first}{second}" for first in "abcdef" for second in "ghijkl"]
    rows = "".join(f"A{word},01/07/2020,71/17,{word}\n" for word in words)
    with pytest.raises(SourceError) as error:
        import_text(tmp_path, STATUSES + rows)
    assert len(error.value.details) == 21
    assert error.value.details[-1] == "and 16 other words"


def test_a_blank_status_needs_a_meaning_too(tmp_path):
    mapping = own_mapping(
        tmp_path,
        """
        name = "own"
        description = "Own"
        row = "crime"
        [columns]
        "crime.crime_ref" = { headers = ["ref"] }
        "crime.recorded_on" = { headers = ["day"] }
        "crime.status" = { headers = ["state"], values = { "live" = "Recorded" } }
        """,
    )
    with pytest.raises(SourceError) as error:
        import_text(tmp_path, "ref,day,state\nA,01/07/2020,Live\nB,01/07/2020,\n", mapping)
    assert error.value.details == ("no status: 1 row; say with when_blank what that means",)


def report(tmp_path, good, bad):
    path = tmp_path / "report.csv"
    rows = "".join(f"A{n},01/07/2020,71/17,East,14,F\n" for n in range(good)) + bad
    path.write_text(f"{HEADERS}\n{rows}")
    return path


@pytest.mark.parametrize(
    ("good", "bad", "lost"),
    [
        (198, "B1,x/y,71/17,East,14,F\nB2,x/y,71/17,East,14,F\n", None),
        (197, "B1,x/y,71/17,E,4,F\nB2,x/y,71/17,E,4,F\nB3,01/07/20,71/17,E,4,F\n", 3),
        (198, "B1,,,East,14,F\nB2,,,East,14,F\n", None),
        (197, "B1,,,East,14,F\nB2,,,East,14,F\nB3,,,East,14,F\n", 3),
        (99, "Some note below\n" * 3, None),
        (198, "B1,01/07/2020,Assault,East,14,F\nB2,01/07/2020,Theft,East,14,F\n", None),
        (
            197,
            (
                "B1,01/07/2020,Assault,E,4,F\nB2,01/07/2020,4.1,E,4,F\nB3,01/07/2020,71/17 & "
                "88A,E,4,F\n"
            ),
            3,
        ),
        (
            197,
            "B1,01/07/2020,#N/A,E,4,F\nB2,#REF!,71/17,E,4,F\nB3,01/07/2020,#N/A,E,4,F\nB4,1/7/20,#N/A,E,4,F\n",
            5,
        ),
        (
            97,
            "B1,01/07/2020,Not known,E,4,F\nB2,01/07/2020,,E,4,F\nB3,01/07/2020,88A,E,4,F\n",
            None,
        ),
        (97, "B1,01/07/2020,71/17,E,x,?\nB2,01/07/2020,71/17,E,y,?\n", None),
    ],
)
def test_an_import_that_loses_more_than_a_hundredth_stops_until_the_number_is_accepted(
    tmp_path, good, bad, lost
):
    path = report(tmp_path, good, bad)

    def imported(accepted):
        connect, to = mapping_named("connect"), tmp_path / f"extract-{accepted}"
        return import_extract([path], mapping=connect, to=to, as_at=AS_AT, accept_rejects=accepted)

    if lost is None:
        assert imported(0).manifest["rows"]["crimes"] >= 99
        return
    with pytest.raises(SourceError, match=f"--accept-rejects {lost}$"):
        imported(lost - 1)
    assert imported(lost).manifest["rows"]["crimes"] >= good


def test_a_file_of_which_no_row_is_a_record_is_refused_with_the_reasons(tmp_path):
    with pytest.raises(SourceError, match="none of its 2 rows is a record") as error:
        import_text(tmp_path, f"{HEADERS}\nA1,,,,,\nA2,,,East,14,F\n")
    assert error.value.details == (
        "2 × The row has no value in any required column but the reference",
    )


LIST = """
    name = "list"
    description = "A list without references"
    row = "crime"
    reference = "row number"
    leave_out = { "region" = ["Elsewhere", "Nowhere"] }
    [columns]
    "crime.recorded_on" = { combine = ["year", "month"], precision = "month", required = true }
    "crime.area" = { headers = ["area"], otherwise = ["old area"] }
    "crime.outcome" = { headers = ["result"], split = { at = ":", part = 1 } }
"""


def test_a_list_without_references_is_numbered_by_its_rows(tmp_path):
    extract = import_text(
        tmp_path,
        """
        year,month,area,old area,result,region
        2020,7,East,,1: charged,Here
        2020,July,,Old East,14: other,Here
        2020,07,East,Old East,none here,Elsewhere
        2020,Jul,NULL, ,15,Here
        2020,13,East,,x,Here
        """,
        own_mapping(tmp_path, LIST),
    )
    assert records(extract, "crimes", "crime_ref", "area", "outcome") == [
        ("1-2", "East", "1"),
        ("1-3", "Old East", "14"),
        ("1-5", None, "15"),
        ("1-6", "East", "x"),
    ]
    assert [str(day) for day in column(extract, "crimes", "recorded_on")] == ["2020-07-01"] * 3 + [
        "None"
    ]
    assert faults(extract) == [(6, "crime.recorded_on", "not_a_date")]
    assert extract.manifest["rows"]["passed_over"] == {"header_row": 1, "left_out": 1}
