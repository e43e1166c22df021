"""Values, as systems write them."""

import csv
import io
from datetime import date

from nilreturn.sources import RULES
from tests.unit.sources.importing import (
    column,
    faults,
    import_bytes,
    import_text,
    own_mapping,
    records,
)


def read(tmp_path, header, name, texts, table="crimes"):
    """The value and the rules broken of each row whose column holds one of `texts`."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("Crime Ref", "Recorded Date", "HO Code", "Victim Type", header))
    writer.writerows(
        (f"A{number}", "01/07/2020", "71/17", "Person", text) for number, text in enumerate(texts)
    )
    extract = import_bytes(tmp_path, file.getvalue().encode())
    listed = faults(extract)
    assert all(rule in RULES for _, _, rule in listed)
    broken = {
        row: [rule for at, where, rule in listed if (at, where) == (row, f"{table[:-1]}.{name}")]
        for row in range(2, len(texts) + 2)
    }
    return list(zip(column(extract, table, name), broken.values(), strict=True))


def test_dates_are_read_as_local_days(tmp_path):
    cases = {
        "01/06/2020": date(2020, 6, 1),
        "1/6/2020": date(2020, 6, 1),
        "2020-06-01": date(2020, 6, 1),
        "01/06/2020 23:59": date(2020, 6, 1),
        "01/06/2020 23:59:59": date(2020, 6, 1),
        "2020-06-01 23:59:59": date(2020, 6, 1),
        "2020-06-01T23:59:59": date(2020, 6, 1),
        "2020-06-01 23:59:59.123": date(2020, 6, 1),
        "01-JUN-2020": date(2020, 6, 1),
        "01.06.2020": date(2020, 6, 1),
        "1 June 2020": date(2020, 6, 1),
        "\u00a001/06/2020\t": date(2020, 6, 1),
        "2020-06-01T23:30:00Z": date(2020, 6, 2),  # half past midnight in London
        "2020-01-01T23:30:00Z": date(2020, 1, 1),
        "2020-06-01T23:30:00+01:00": date(2020, 6, 1),
        "29/02/2020": date(2020, 2, 29),
        "NULL": None,
        "Unknown": None,
        "": None,
    }
    found = read(tmp_path, "Reported Date", "reported_on", list(cases))
    assert [value for value, _ in found] == list(cases.values())
    assert all(rules in ([], ["earlier_than_possible"]) for _, rules in found)


def test_a_date_that_cannot_be_is_unknown_and_listed(tmp_path):
    cases = {
        "29/02/2021": "not_a_date",
        "13/13/2020": "not_a_date",
        "2020": "not_a_date",
        "yesterday": "not_a_date",
        "01/06/20": "two_digit_year",
        "01/01/1900": "default_date",
        "1900-01-01 00:00:00": "default_date",
        "31/12/1899": "date_too_early",
        "30/06/2021": "date_in_future",
    }
    found = read(tmp_path, "Reported Date", "reported_on", list(cases))
    assert found == [(None, [rule]) for rule in cases.values()]


def test_ages_are_whole_years_that_can_be(tmp_path):
    cases = {
        "0": (0, []),
        "14": (14, []),
        " 14 ": (14, []),
        "14.0": (14, []),
        "119": (119, []),
        "120": (None, ["age_too_high"]),
        "999": (None, ["age_too_high"]),
        "-1": (None, ["age_stands_for_unknown"]),
        "-2": (None, ["age_negative"]),
        "14.5": (None, ["not_an_age"]),
        "120+": (None, ["not_an_age"]),
        "1e1": (None, ["not_an_age"]),
        "NaN": (None, ["not_an_age"]),
        "99999999999999999999": (None, ["not_an_age"]),
        "fourteen": (None, ["not_an_age"]),
        "Unknown": (None, []),
        "": (None, []),
    }
    assert read(tmp_path, "Victim Age", "age", list(cases), "victims") == list(cases.values())


def test_the_sources_own_words_for_an_unknown_sex_stay_apart(tmp_path):
    cases = {
        "F": ("Female", []),
        "female": ("Female", []),
        "M": ("Male", []),
        "Unknown": ("Unknown", []),
        "U": ("Unknown", []),
        "Not Recorded": ("Not recorded", []),
        "Unspecified": ("Unspecified", []),
        "": (None, []),
        "a name of somebody": (None, ["unknown_value"]),
    }
    assert read(tmp_path, "Victim Sex", "sex", list(cases), "victims") == list(cases.values())


def test_a_blank_flag_is_never_no(tmp_path):
    cases = {
        "Y": ("Yes", []),
        "yes": ("Yes", []),
        "TRUE": ("Yes", []),
        "1": ("Yes", []),
        "N": ("No", []),
        "0": ("No", []),
        "": ("Not recorded", []),
        "NULL": ("Not recorded", []),
        "Unknown": ("Not recorded", []),
        "maybe": ("Not recorded", ["unknown_value"]),
    }
    assert read(tmp_path, "Online Crime Indicator", "online_flag", list(cases)) == list(
        cases.values()
    )


def test_cancelled_and_transferred_crimes_stay_with_their_status(tmp_path):
    cases = {
        "": ("Recorded", []),
        "recorded": ("Recorded", []),
        "No Crime": ("Cancelled", []),
        "Transferred": ("Transferred", []),
    }
    assert read(tmp_path, "Status", "status", list(cases)) == list(cases.values())


def test_a_category_is_one_line_and_not_too_long(tmp_path):
    texts = ["North\n  and   East", "x" * 200, "x" * 201]
    assert read(tmp_path, "LPA", "area", texts) == [
        ("North and East", []),
        ("x" * 200, []),
        (None, ["too_long"]),
    ]


def test_free_text_keeps_its_white_space(tmp_path):
    text = ' Report\n\n received, "noted" '
    assert read(tmp_path, "Initial MO", "narrative", [text, "  ", "NULL"]) == [
        (text, []),
        (None, []),
        (None, []),
    ]


HEADERS = "Crime Ref,Recorded Date,HO Code,Committed From,Victim Age,Victim DOB"


def test_age_is_by_date_of_birth_at_the_offence_else_as_recorded(tmp_path):
    cases = [
        ("01/06/2020", "", "02/06/2006", 13, "Date of birth", None),
        ("01/06/2020", "", "01/06/2006", 14, "Date of birth", None),
        ("01/06/2020", "30", "01/06/2006", 14, "Date of birth", None),
        ("28/02/2021", "", "29/02/2004", 16, "Date of birth", None),
        ("01/03/2021", "", "29/02/2004", 17, "Date of birth", None),
        ("01/06/2020", "", "01/06/2020", 0, "Date of birth", None),
        ("", "30", "01/06/2006", 30, "As recorded", None),
        ("01/06/2020", "30", "", 30, "As recorded", None),
        ("01/06/2020", "30", "01/01/1900", 30, "As recorded", "default_date"),
        ("", "", "01/06/2006", None, "Not recorded", "no_offence_date"),
        ("01/06/2020", "", "02/06/2020", None, "Not recorded", "born_after_offence"),
        ("01/06/2020", "30", "02/06/2020", 30, "As recorded", "born_after_offence"),
        ("01/06/2020", "", "02/01/1900", None, "Not recorded", "age_too_high"),
        ("01/06/2020", "", "soon", None, "Not recorded", "not_a_date"),
    ]
    rows = [
        f"A{number},01/06/2021,71/17,{case[0]},{case[1]},{case[2]}"
        for number, case in enumerate(cases)
    ]
    extract = import_text(tmp_path, "\n".join([HEADERS, *rows]))
    assert records(extract, "victims", "age", "age_basis") == [case[3:5] for case in cases]
    listed = [
        (row, rule) for row, where, rule in faults(extract) if where == "victim.date_of_birth"
    ]
    assert listed == [(row, case[5]) for row, case in enumerate(cases, 2) if case[5]]


def test_the_date_of_birth_is_not_kept(tmp_path):
    extract = import_text(tmp_path, f"{HEADERS}\nA1,01/06/2021,71/17,01/06/2020,,23/11/2006\n")
    kept = [name for _, name in extract.manifest["columns"]]
    assert not [name for name in kept if "birth" in name]
    for table in ("crimes", "victims", "rejects"):
        path = extract.folder / f"{table}.parquet"
        assert date(2006, 11, 23) not in [
            value for row in records_of(path) for value in row.values()
        ]


def records_of(path):
    import pyarrow.parquet as pq

    return pq.read_table(path).to_pylist()


def test_a_mapping_says_which_numbers_stand_for_an_unknown_age(tmp_path):
    mapping = own_mapping(
        tmp_path,
        """
        name = "force"
        description = "A force's own report"
        system = "a records system"
        row = "crime and victim"
        ages = { unknown = [-1, 0], oldest = 99 }
        [columns]
        "crime.crime_ref" = { headers = ["ref"], required = true }
        "crime.recorded_on" = { headers = ["recorded"] }
        "victim.age" = { headers = ["age"] }
        """,
    )
    extract = import_text(
        tmp_path, "ref,recorded,age\nA,01/07/2020,0\nB,01/07/2020,100\nC,01/07/2020,1\n", mapping
    )
    assert records(extract, "victims", "crime_ref", "age") == [("B", None), ("C", 1)]
    assert faults(extract) == [
        (2, "victim.age", "age_stands_for_unknown"),
        (3, "victim.age", "age_too_high"),
    ]


def test_dates_out_of_order_are_kept_and_listed(tmp_path):
    cases = [
        ("01/07/2020,30/06/2020,01/06/2020,02/06/2020", None),
        ("01/07/2020,30/06/2020,02/06/2020,01/06/2020", "crime.committed_to"),
        ("01/07/2020,30/06/2020,01/06/2020,01/07/2020", "crime.reported_on"),
        ("01/07/2020,30/06/2020,01/07/2020,", "crime.reported_on"),
        ("29/06/2020,30/06/2020,01/06/2020,02/06/2020", "crime.recorded_on"),
        ("01/07/2020,01/07/2020,01/07/2020,01/07/2020", None),
    ]
    headers = "Crime Ref,HO Code,Recorded Date,Reported Date,Committed From,Committed To"
    rows = [f"A{number},71/17,{dates}" for number, (dates, _) in enumerate(cases)]
    extract = import_text(tmp_path, "\n".join([headers, *rows]))
    listed = [
        (row, where, "earlier_than_possible") for row, (_, where) in enumerate(cases, 2) if where
    ]
    assert faults(extract) == listed
    assert None not in column(extract, "crimes", "recorded_on")
