import pytest

from nilreturn.sources.parsing import only_classes
from nilreturn.sources.parsing.codes import read_classes, read_codes
from tests.unit.sources.importing import faults, import_text, records

SPELLINGS = (
    "HO 71/17", "H.O. 71/17", "H.O 71/17", "HO71/17", "HO-071/17", "HO_071/17", "H/O 071/17",
    "HOC 071/17", "HO Code: 071/17", "HO code no. 71/17", "Home Office Code 071/17",
    "Offence code 71/17", "Crime Code - 07117", "71-17", "71 - 17", "71\u201317", "071-17",
    "71 / 17", "71 /17", "71\\17", "71 17", "0071/17", "71/017", "(071/17)", "[071/17]",
    '="071/17"', "'071/17", "071/17.", " 071/17 ", "H.O. 71/17 - Sexual communication",
    "71 / 17 Sexual communication", "71-17 - Sexual communication",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value", "fault"),
    [
        ("071/17", "071/17", None),
        ("7117", "071/17", None),
        ("07117", "071/17", None),
        ("71.17", "071/17", None),
        ("7117 - Engage in sexual communication with a child", "071/17", None),
        ("HO code 71/17", "071/17", None),
        # In a column of codes, what may also be a class means the code.
        ("802", "008/02", None),
        ("814", "008/14", None),
        ("4/10", "004/10", None),
        ("4.10", "004/10", None),
        ("37/2", "037/02", None),
        # What a spreadsheet made of a code.
        ("Aug-71", "008/71", "offence_changed"),
        ("1971-08-01", "008/71", "offence_changed"),
        ("01/08/1971", "008/71", "offence_changed"),
        ("71.2", "071/02", "offence_changed"),
        ("04-Oct", "004/10", "offence_changed"),
        ("2026-10-04", "004/10", "offence_changed"),
        ("4.1", None, "ambiguous_offence"),  # 4/1, or 4/10 that lost its zero
        ("17-Jan", None, "unknown_offence"),  # 17/1 is no code
        ("17-Foo", None, "unknown_offence"),
        ("2026-13-45", None, "unknown_offence"),
        ("88A", None, "class_for_code"),
        ("no code", None, "unknown_offence"),
        # As people and systems write them.
        *((text, "071/17", None) for text in SPELLINGS),
        # Digits with a dash that may be a date: it was the same code either way, and is told.
        ("08-71", "008/71", "offence_changed"),
        ("04-10", "004/10", "offence_changed"),
        ("17-01", None, "unknown_offence"),  # 17/1 is no code
        ("71-17 year olds", None, "unknown_offence"),
        # What a spreadsheet made of a code, in full: never a class 1.
        ("1 Aug 1971", "008/71", "offence_changed"),
        ("01-Aug-71", "008/71", "offence_changed"),
        ("1/8/71", "008/71", "offence_changed"),
        ("4 October", "004/10", "offence_changed"),
        ("4/10/2026", "004/10", "offence_changed"),
        ("04.10.26 00:00", "004/10", "offence_changed"),
        ("31 Feb 2026", None, "unknown_offence"),
        ("7117.0", "071/17", "offence_changed"),
        ("1.25E+03", None, "unknown_offence"),
        ("44287", None, "unknown_offence"),
        ("071017", None, "unknown_offence"),  # 71/017 or 710/17
        ("-71/17", None, "unknown_offence"),
        # A code that is newer than the reference tables.
        ("998/77", "998/77", "offence_not_in_tables"),
    ],
)
def test_codes_are_read_as_they_were_meant(text, value, fault):
    (found,) = read_codes([text])
    assert (found.value, found.meaning.fault) == (value, fault)


@pytest.mark.parametrize(
    ("text", "value", "fault"),
    [
        ("88A", "88A", None),
        ("H.O. class 88A", "88A", None),
        ("(88A)", "88A", None),
        ("1 - Murder", "1", None),
        ("1 Aug 1971", None, "unknown_offence"),  # no class, least of all 1
        ("1-Oct", None, "unknown_offence"),
        ("4 Oct", "4/10", "offence_changed"),
        ("71-17", None, "unknown_offence"),  # a code
        ("088A", "88A", None),
        ("88a - Sexual grooming", "88A", None),
        ("88A _ Sexual Grooming", "88A", None),
        ("4.10", "4/10", None),
        ("802", "802", None),
        ("998Z", "998Z", "offence_not_in_tables"),
        ("Sexual Grooming", None, "unknown_offence"),
    ],
)
def test_classes_are_read_as_they_were_meant(text, value, fault):
    (found,) = read_classes([text])
    assert (found.value, found.meaning.fault) == (value, fault)


def test_a_class_is_filled_in_only_where_the_code_has_but_one():
    assert only_classes(["071/17", "008/77", "998/77"]) == {"071/17": "88A"}


def test_the_class_is_the_sources_where_it_gives_one(tmp_path):
    extract = import_text(
        tmp_path,
        """
        Crime Ref,Recorded Date,HO Code,HO Class
        A1,01/07/2020,008/77,8S
        A2,01/07/2020,071/17,
        A3,01/07/2020,008/77,
        A4,01/07/2020,071/17,nonsense
        A5,01/07/2020,,88A
        """,
    )
    assert records(extract, "crimes", "offence_code", "offence_class") == [
        ("008/77", "8S"),
        ("071/17", "88A"),
        ("008/77", None),
        ("071/17", "88A"),
        (None, "88A"),
    ]
    assert faults(extract) == [
        (4, "crime.offence_class", "class_not_given"),
        (5, "crime.offence_class", "unknown_offence"),
    ]


def test_a_class_in_the_column_of_codes_is_kept_as_the_class_and_told(tmp_path):
    extract = import_text(
        tmp_path,
        """
        Crime Ref,Recorded Date,HO Code
        A1,01/07/2020,88A
        A2,02/07/2020,8N
        A3,03/07/2020,"88A, 8N"
        A4,04/07/2020,71/17
        A5,05/07/2020,no code
        """,
    )
    assert records(extract, "crimes", "offence_code", "offence_class") == [
        (None, "88A"),
        (None, "8N"),
        (None, None),
        ("071/17", "88A"),
        (None, None),
    ]
    assert [fault for fault in faults(extract) if fault[1] == "crime.offence_code"] == [
        (2, "crime.offence_code", "class_for_code"),
        (3, "crime.offence_code", "class_for_code"),
        (4, "crime.offence_code", "several_offences"),
        (6, "crime.offence_code", "unknown_offence"),
    ]
