"""What one text means: dates, parts of the calendar, counts, codes and categories."""

from datetime import date, timedelta

import pytest

from nilreturn.errors import SourceError
from nilreturn.sources.mapping import MappedColumn, SourceMapping
from nilreturn.sources.parsing import DateReader, read_count
from nilreturn.sources.parsing.codes import read_codes
from nilreturn.sources.parsing.dates import EPOCH
from tests.unit.sources.importing import column, faults, import_text, records

AS_AT = date(2024, 12, 1)


def reader(precision="day", **dates):
    mapping = SourceMapping.model_validate(
        {
            "name": "m",
            "description": "m",
            "row": "crime",
            "dates": dates,
            "columns": {"crime.crime_ref": {"headers": ["ref"]}},
        }
    )
    return DateReader(
        mapping, MappedColumn.model_validate({"headers": ["day"], "precision": precision}), AS_AT
    )


def meant(read, text):
    value, fault, _ = read(text)
    return fault if value is None else date.fromordinal(value + EPOCH)


APRIL_2023 = date(2023, 4, 1)


@pytest.mark.parametrize(
    "precision", ["day", "month", "quarter", "calendar_year", "financial_year"]
)
@pytest.mark.parametrize("text", ["31/12/9999", "9999-12-31", "9999-12-31T00:00Z"])
def test_the_last_day_of_the_calendar_is_in_the_future(precision, text):
    assert meant(reader(precision), text) == "date_in_future"


@pytest.mark.parametrize("precision", ["month", "quarter", "calendar_year", "financial_year"])
@pytest.mark.parametrize(
    "text", ["9999", "9999-12", "12/9999", "Dec 9999", "Q4 9999", "9999 Q4", "9999/00"]
)
def test_the_last_part_of_the_calendar_is_no_part_of_an_extract(precision, text):
    assert isinstance(meant(reader(precision), text), str)


@pytest.mark.parametrize(
    "text",
    ["2023/24", "2023-24", "2023/2024", "2023-2024", "2023 - 2024", "23/24", "FY23/24",
     "fy 2023/24", "2023_24", "2023–24", "2023 to 2024", "Apr 2023 to Mar 2024",
     "April 2023 - March 2024", "2023/24 (p)", "2023/24 [r]", "2023/ 24", "Year ending March 2024",
     "year ending 31 March 2024", "Financial year 2023/24", "01/04/2023", "2024-03-31"],
)  # fmt: skip
def test_a_financial_year_is_read_in_every_spelling(text):
    assert meant(reader("financial_year"), text) == APRIL_2023


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1999/00", date(1999, 4, 1)),
        ("98/99", date(1998, 4, 1)),
        ("2023/25", "impossible_financial_year"),
        ("2023/2025", "impossible_financial_year"),
        ("24/23", "impossible_financial_year"),
        ("2099/00", "date_in_future"),
        ("2023", "not_a_date"),  # of the calendar, or a financial one
        ("2023/24 Q1", "not_a_date"),
        ("soon", "not_a_date"),
    ],
)
def test_a_financial_year_that_cannot_be_is_listed_and_none_is_guessed(text, found):
    assert meant(reader("financial_year"), text) == found


@pytest.mark.parametrize(
    ("precision", "text", "found"),
    [
        ("quarter", "2023 Q1", date(2023, 1, 1)),
        ("quarter", "Q4 2023", date(2023, 10, 1)),
        ("quarter", "2023/24 Q1", date(2023, 4, 1)),
        ("quarter", "Q4 2023/24", date(2024, 1, 1)),
        ("calendar_year", "2023", date(2023, 1, 1)),
        ("calendar_year", "03/07/2023", date(2023, 1, 1)),
        ("month", "2023-07", date(2023, 7, 1)),
        ("month", "Jul 2023", date(2023, 7, 1)),
        ("month", "03/07/2023", date(2023, 7, 1)),
    ],
)
def test_other_parts_of_the_calendar(precision, text, found):
    assert meant(reader(precision), text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3/7/2024", date(2024, 7, 3)),
        ("3 Jul 2024", date(2024, 7, 3)),
        ("2024-07-03T23:30:00Z", date(2024, 7, 4)),
        ("2024-01-03T23:30:00+00:00", date(2024, 1, 3)),
        ("03/07/24", "two_digit_year"),
        ("07/31/2024", "month_first"),
        ("31/07/24", "two_digit_year"),
        ("32/07/2024", "not_a_date"),
        ("45476", "day_number"),
        ("00/00/0000", "not_a_date"),
    ],
)
def test_nothing_is_guessed_of_a_day(text, found):
    assert meant(reader(), text) == found


@pytest.mark.parametrize(
    ("text", "year"), [("03/07/24", 2024), ("24/12/24", 1924), ("03/07/25", 1925)]
)
def test_a_mapping_that_names_two_digits_means_the_latest_century_that_can_be(text, year):
    assert meant(reader(formats=["%d/%m/%y"]), text).year == year


DATED = "Crime Ref,Recorded Date,HO Code\n"


def test_days_that_may_all_be_month_first_stop_the_import(tmp_path):
    with pytest.raises(SourceError, match="month before the day"):
        import_text(tmp_path, f"{DATED}A1,07/31/2020,71/17\nA2,07/03/2020,71/17\n")


def test_a_stray_day_that_is_month_first_is_listed_where_others_show_the_order(tmp_path):
    extract = import_text(
        tmp_path, f"{DATED}A1,07/31/2020,71/17\nA2,07/03/2020,71/17\nA3,31/07/2020,71/17\n"
    )
    assert faults(extract) == [(2, "crime.recorded_on", "month_first")]


def test_a_day_decades_from_all_others_is_kept_and_listed(tmp_path):
    days = [date(2020, 7, 1) + timedelta(days=n) for n in range(50)]
    rows = "".join(f"A{n},{day},71/17\n" for n, day in enumerate([*days, date(1970, 1, 1)]))
    extract = import_text(tmp_path, DATED + rows)
    assert faults(extract) == [(52, "crime.recorded_on", "decades_from_others")]
    assert column(extract, "crimes", "recorded_on")[-1] == date(1970, 1, 1)


@pytest.mark.parametrize(
    ("text", "count"),
    [("12", 12), (" 5 ", 5), ("5.0", 5), ("007", 7), ("0", 0), ("1,234", 1234), ("1 234", 1234),
     ("1,234,567", 1234567), ("10000001", 10_000_001)],
)  # fmt: skip
def test_counts_are_read_with_separators_of_thousands(text, count):
    assert read_count(text).value == count


@pytest.mark.parametrize(
    ("text", "rule"),
    [("5.6", "count_not_whole"), (".5", "count_not_whole"), ("1,234.5", "count_not_whole"),
     ("[c]", "count_withheld"), ("*", "count_withheld"), ("<5", "count_withheld"),
     ("-", "count_withheld"), ("n/a", "count_withheld"), ("", "count_missing"),
     ("#REF!", "count_missing"), ("-3", "bad_count"), ("1e3", "bad_count"), ("£5", "bad_count"),
     ("+7", "bad_count"), ("5%", "bad_count"), ("12.", "bad_count"), ("1_000", "bad_count"),
     ("12,34", "bad_count"), ("٥", "bad_count"), ("9" * 22, "bad_count")],
)  # fmt: skip
def test_no_count_is_rounded_or_guessed(text, rule):
    assert (read_count(text).value, read_count(text).fault) == (None, rule)


@pytest.mark.parametrize("text", ["71/17, 88A", "71/17;8/6", "071/17 and 008/06", "71/17 / 8/6"])
def test_two_offences_in_one_cell_are_neither(text):
    (found,) = read_codes([text])
    assert (found.value, found.fault) == (None, "several_offences")


def test_a_title_with_commas_is_one_offence():
    (found,) = read_codes(["71/17, Engage in sexual communication, child under 16"])
    assert (found.value, found.fault) == ("071/17", None)


def test_a_code_that_a_spreadsheet_changed_is_read_back_and_listed(tmp_path):
    extract = import_text(tmp_path, f"{DATED}A1,01/07/2020,Aug-71\nA2,01/07/2020,17-Jan\n")
    assert records(extract, "crimes", "offence_code") == [("008/71",), (None,)]
    listed = [(row, rule) for row, where, rule in faults(extract) if where == "crime.offence_code"]
    assert listed == [(2, "offence_changed"), (3, "unknown_offence")]


def test_spreadsheet_errors_are_listed_in_every_column(tmp_path):
    headers = (
        "Crime Ref,Recorded Date,HO Code,LPA,Online Crime Indicator,Initial MO,Victim "
        "Age,Victim Sex"
    )
    extract = import_text(
        tmp_path,
        f"{headers}\nA1,01/07/2020,#REF!,#N/A,#VALUE!,#NAME?,#DIV/0!,#NUM!\n#REF!,01/07/2020,71/17,,,,,\n",
    )
    names = ("area", "narrative", "offence_code", "online_flag")
    expected = [(2, f"crime.{name}", "spreadsheet_error") for name in names]
    expected += [(2, f"victim.{name}", "spreadsheet_error") for name in ("age", "sex")]
    assert faults(extract) == [*expected, (3, None, "bad_reference")]
    assert records(extract, "crimes", "area", "narrative", "online_flag") == [
        (None, None, "Not recorded")
    ]


def test_texts_that_look_alike_are_one_category_and_those_that_differ_in_case_are_listed(tmp_path):
    areas = [
        "North\u200b",
        "No\u00adrth",
        "\u202eNorth",
        "North\u00a0",
        "North  East",
        "N\u00f6rth",
        "No\u0308rth",
        "north",
    ]
    rows = "".join(f"A{n},01/07/2020,71/17,{area}\n" for n, area in enumerate(areas))
    extract = import_text(tmp_path, f"Crime Ref,Recorded Date,HO Code,LPA\n{rows}")
    assert column(extract, "crimes", "area") == ["North"] * 4 + [
        "North East",
        "Nörth",
        "Nörth",
        "north",
    ]
    assert faults(extract) == [(9, "crime.area", "differs_in_case")]


def test_rows_of_one_crime_that_differ_are_listed_and_repeated_rows_are_victims_of_their_own(
    tmp_path,
):
    extract = import_text(
        tmp_path,
        """
        Crime Ref,Recorded Date,HO Code,LPA,Victim Age
        A1,01/07/2020,71/17,North,14
        A1,01/07/2020,71/17,North,14
        A1,01/07/2020,71/17,North,15
        A1,01/07/2020,71/17,South,14
        """,
    )
    assert column(extract, "crimes", "area") == ["North"]
    assert column(extract, "victims", "age") == [14, 14, 15, 14]
    assert faults(extract) == [(3, None, "repeated_row"), (5, "crime.area", "differs_within_crime")]
