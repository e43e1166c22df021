"""
What stands in the place of a count, what it is taken to mean, and who decides where it may mean two
things.
"""

import pytest

from nilreturn.disclosure import audit
from nilreturn.disclosure.model import NO_UPPER
from nilreturn.disclosure.tabular.marks import CellMarks, Kind, meanings_of_marks, without_notes
from nilreturn.disclosure.tabular.reading import read_published
from nilreturn.errors import TableError, UsageError

HIDDEN = ["*", "**", "#", "~", "c", "k", "[c]", "(c)", "[low]", "s40(2)", "s.40(2)",
          "Section 40 (2)", "S40(2) & S44", "exempt s40(2)",
          "Exempt under section 40(2) FOIA", "redacted", "[REDACTED]", "Withheld", "suppressed",
          "not disclosed"]  # fmt: skip
ABSENT = ["x", "[x]", ":", "..", "n/a", "…", "."]
NOBODY = ["z", "[z]", "not applicable"]
UNCLEAR = ["-", "–", "—", "--"]
FIGURES = {
    "12": (12, 12), "1,234": (1234, 1234), "1 234": (1234, 1234), "1\u202f234": (1234, 1234),
    "12.0": (12, 12), "12*": (12, 12), "12 [1]": (12, 12), "12 [note 3]": (12, 12),
    "12 (2)": (12, 12), "12¹": (12, 12), "12 [r][e]": (12, 12), "12r": (12, 12), "three": (3, 3),
    "nil": (0, 0), "None": (0, 0), "<5": (1, 4), "< 5": (1, 4), "1-4": (1, 4), "1–4": (1, 4),
    "1 to 4": (1, 4), "5 or fewer": (1, 5), "≤5": (1, 5), "less than five": (1, 4),
    "fewer than 5": (1, 4), "Under 5": (1, 4), "between 1 and 4": (1, 4), "up to 4": (1, 4),
    "<5*": (1, 4), "10+": (10, NO_UPPER), "10 or more": (10, NO_UPPER), "over 10": (11, NO_UPPER),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (text, kind)
        for kind, texts in zip(list(Kind)[1:], (HIDDEN, ABSENT, NOBODY, UNCLEAR), strict=True)
        for text in texts
    ],
)
def test_a_mark_means_what_government_tables_mean_by_it(text, kind):
    told = CellMarks().read(text)
    assert told is not None
    assert told.kind is kind
    assert CellMarks().is_mark(text)
    assert CellMarks().read(f"{text} [1]").kind is kind


@pytest.mark.parametrize(("text", "ends"), FIGURES.items())
def test_a_figure_is_read_with_its_words_and_without_its_notes(text, ends):
    told = CellMarks().read(text)
    assert (told.low, told.high, told.kind) == (*ends, Kind.FIGURE)


@pytest.mark.parametrize(
    "text", ["?5", "q", "12 (25%)", "South", "Assault", "1st", "nan", "inf", "±3", "١٢", "12 or 13"]
)
def test_another_text_is_neither(text):
    assert CellMarks().read(text) is None


@pytest.mark.parametrize(
    "text",
    ["-5", "1.5", "12%", "1e3", "9" * 14, "9" * 5000, f"<{'9' * 30}", "1-" + "9" * 20, "1e999"],
)
def test_a_number_that_no_count_can_be_is_an_error_of_one_line(text):
    with pytest.raises(TableError, match=r"no count|larger than any count") as caught:
        CellMarks().read(text)
    assert len(str(caught.value)) < 200


def test_footnotes_are_taken_off_a_mark_only_where_something_is_left():
    assert [without_notes(text) for text in ("*", "**", "12**", "[c] [2]", "†")] == [
        "*",
        "**",
        "12",
        "[c]",
        "†",
    ]


@pytest.mark.parametrize(
    ("meaning", "low", "high", "hidden"),
    [
        ("hidden", 1, NO_UPPER, True),
        ("zero", 0, 0, False),
        ("0-2", 0, 2, True),
        ("fewer than 5", 1, 4, True),
        ("not available", 0, NO_UPPER, False),
        ("7", 7, 7, False),
    ],
)
def test_a_user_says_what_a_mark_means(meaning, low, high, hidden):
    told = CellMarks(meanings={"†": meaning}).read("†")
    assert (told.low, told.high, told.hidden) == (low, high, hidden)


@pytest.mark.parametrize("text", ["~", "=hidden", "~=", "~=perhaps", "~=-5"])
def test_a_meaning_that_is_none_is_a_mistake_in_the_command(text):
    with pytest.raises(UsageError, match="--mark"):
        CellMarks(meanings=meanings_of_marks((text,)))


# Decided by the sums ------------------------------------------------------------------------------


def read(tmp_path, text, marks=None, **options):
    path = tmp_path / "t.csv"
    path.write_text(text)
    return read_published([path], marks=marks or CellMarks(), **options).read[0]


def ranges(each):
    """The range of each cell that the table has a mark in, and whether it is hidden."""
    table = each.table
    at = [d.labels.index(label) for d, label in zip(table.dimensions, ("North", "A"), strict=True)]
    return int(table.low[tuple(at)]), int(table.high[tuple(at)]), bool(table.hidden[tuple(at)])


@pytest.mark.parametrize("mark", UNCLEAR)
def test_a_dash_is_hidden_where_a_total_leaves_a_count_for_it(tmp_path, mark):
    assert ranges(read(tmp_path, f"Area,A,B,Total\nNorth,{mark},12,15\nSouth,20,4,24\n")) == (
        1,
        NO_UPPER,
        True,
    )


@pytest.mark.parametrize("mark", UNCLEAR)
def test_a_dash_is_zero_where_a_total_leaves_nothing_for_it(tmp_path, mark):
    assert ranges(read(tmp_path, f"Area,A,B,Total\nNorth,{mark},12,12\nSouth,20,4,24\n")) == (
        0,
        0,
        False,
    )


def test_one_mark_has_one_meaning_in_a_table(tmp_path):
    each = read(tmp_path, "Area,A,B,Total\nNorth,-,12,\nSouth,-,4,4\n")
    assert ranges(each) == (0, 0, False)
    assert each.marks["-"].startswith("zero")


def test_a_dash_that_means_both_is_taken_cell_by_cell(tmp_path):
    each = read(tmp_path, "Area,A,B,Total\nNorth,-,12,15\nSouth,20,-,20\n")
    assert ranges(each) == (1, NO_UPPER, True)
    assert int(each.table.high[2, 2]) == 0


def test_a_dash_that_no_total_decides_is_asked_with_cell_and_option(tmp_path):
    with pytest.raises(
        TableError,
        match=r"North / A: '-' may be zero or hidden.*--mark '-=zero' or --mark '-=hidden'",
    ):
        read(tmp_path, "Area,A,B\nNorth,-,12\nSouth,20,4\n")
    assert ranges(
        read(tmp_path, "Area,A,B\nNorth,-,12\nSouth,20,4\n", CellMarks(meanings={"-": "zero"}))
    ) == (
        0,
        0,
        False,
    )


@pytest.mark.parametrize("mark", ABSENT)
def test_what_is_not_available_is_hidden_where_a_total_counts_it(tmp_path, mark):
    assert ranges(read(tmp_path, f"Area,A,B,Total\nNorth,{mark},12,15\nSouth,20,4,24\n")) == (
        0,
        NO_UPPER,
        True,
    )
    assert ranges(read(tmp_path, f"Area,A,B\nNorth,{mark},12\nSouth,20,4\n")) == (
        0,
        NO_UPPER,
        False,
    )


def test_a_blank_is_zero_where_the_totals_say_so_and_else_hidden(tmp_path):
    assert ranges(read(tmp_path, "Area,A,B,Total\nNorth,,12,12\nSouth,20,4,24\n")) == (0, 0, False)
    assert ranges(read(tmp_path, "Area,A,B\nNorth,,12\nSouth,20,4\n")) == (0, NO_UPPER, True)


def test_a_note_says_how_large_a_marked_count_can_be(tmp_path):
    each = read(tmp_path, "Area,A,B\nNorth,*,12\nSouth,20,*\n\n* denotes fewer than five\n")
    assert ranges(each) == (1, 4, True)
    assert "as the note says" in each.marks["*"]


@pytest.mark.parametrize(
    ("total", "note"),
    [("32", "* fewer than 5"), ("", "* fewer than 5, and other counts that would give them away")],
)
def test_a_note_that_cannot_be_the_whole_truth_is_not_taken_at_its_word(tmp_path, total, note):
    each = read(tmp_path, f"Area,A,B,Total\nNorth,*,12,{total}\nSouth,20,*,\n\n{note}\n")
    assert ranges(each)[1] == NO_UPPER


# A column that is mostly numbers is counts --------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Area,2023,2024,Total\nNorth,?,12,15\nSouth,20,4,24\nTotal,23,16,39\n",
        "Area,2023,2024,Total\nNorth,10,?,15\nSouth,20,?,24\nTotal,30,9,39\n",
        "Area,A,B,Total\nNorth,10,?,15\nSouth,20,?,24\n",
        "Area,A,B,count\nNorth,10,?,15\nSouth,20,?,24\n",
        "Area,2023,2024\nNorth,?,12\nSouth,?,4\n",
        "Trust,2019,2020,Total\nEast,10,<5,13\nWest,7,?5,14\n",
        "Area,count\nNorth,?\nSouth,?\n",
        "Area,A\nNorth,5\nSouth,<5 or so\nEast,7\n",
    ],
)
def test_an_unknown_text_among_counts_is_an_error_that_names_cell_and_option(tmp_path, text):
    with pytest.raises(
        TableError, match=r"table t: \w+.*is no count and no mark.*--mark .*=hidden.*--labels N"
    ):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Area,Sex,count\nN,F,5\nN,M,6\n", ("Area", "Sex")),
        ("Area,Age,count\nN,0-11,5\nN,12-15,6\n", ("Area", "Age")),
        ("Area,Age group,A,B\nN,0-11,5,6\nS,12-15,6,*\n", ("Area", "Age group")),
        ("Area,year,count\nN,2023,5\nN,2024,6\n", ("Area", "year")),
        ("Code,Area,A,B\nE01,North,5,*\nE02,South,6,7\n", ("Code", "Area")),
        ("Area,2023,2024\nNorth,*,12\nSouth,*,4\n", ("Area",)),
        ("Offence,Aged 12-15,Aged 16+\nAssault,*,12\nTheft,<5,4\n", ("Offence",)),
    ],
)
def test_columns_of_labels_stay_labels(tmp_path, text, labels):
    assert read(tmp_path, text).labels == labels


def test_the_audit_of_a_dash_finds_what_the_total_leaves(tmp_path):
    each = read(tmp_path, "Area,A,B,Total\nNorth,-,12,15\nSouth,20,4,24\nTotal,23,16,39\n")
    assert [(f.low, f.high, f.verdict.value) for f in audit([each.table]).findings] == [
        (3, 3, "exposed")
    ]
