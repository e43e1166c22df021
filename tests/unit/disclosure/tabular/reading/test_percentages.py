"""What printed percentages tell of the counts behind them."""

import pytest

from nilreturn.disclosure import audit, percentages_from_csv, printed_from_csv
from nilreturn.disclosure.model import NO_UPPER
from nilreturn.disclosure.tabular.figures import a_total
from nilreturn.errors import TableError
from nilreturn.tables import Population


def written(tmp_path, text, described=""):
    path = tmp_path / "t.csv"
    path.write_text(text)
    if described:
        path.with_suffix(".yaml").write_text(described)
    return path


ONE = "Age,Count,%\n0-11,*,4.8%\n12-15,*,22.2%\n16+,46,73.0%\nTotal,63,100%\n"
TWO = "Area,Female,Male,Total,Female %\nNorth,*,*,12,25%\nSouth,20,30,50,40%\nTotal,*,*,62,\n"


def test_a_share_of_the_printed_total_bounds_a_hidden_count(tmp_path):
    share = percentages_from_csv(written(tmp_path, ONE))
    assert [*zip(share.low.tolist(), share.high.tolist(), strict=True)] == [
        (63, 63),
        (3, 3),
        (14, 14),
        (46, 46),
    ]
    assert not share.hidden.any()


def test_the_audit_is_told(tmp_path):
    path = written(tmp_path, ONE)
    alone = audit([printed_from_csv(path)])
    assert alone.is_safe
    found = audit([printed_from_csv(path)], known=[percentages_from_csv(path)])
    assert [(f.low, f.high, f.verdict.value) for f in found.findings] == [
        (3, 3, "exposed"),
        (14, 14, "exposed"),
    ]


@pytest.mark.parametrize(("within", "count"), [("[Area]", 3), ("[columns]", 6), ("[]", 9)])
def test_what_it_is_a_share_of_is_as_described(tmp_path, within, count):
    text = "Area,Female,Male,Total,Female %\nNorth,*,*,12,25.0%\nSouth,*,*,24,\nTotal,24,12,36,\n"
    described = f"percentages: {{'Female %': {{counts: Female, within: {within}}}}}\n"
    share = percentages_from_csv(written(tmp_path, text, described))
    north = share.dimensions[0].labels.index("North"), share.dimensions[1].labels.index("Female")
    assert int(share.low[north]) == int(share.high[north]) == count


def test_a_table_of_percentages_alone_needs_only_their_totals(tmp_path):
    described = (
        "percentages: {F %: {counts: F, within: [Area]}, M %: {counts: M, within: [Area]}}\n"
    )
    share = percentages_from_csv(
        written(tmp_path, "Area,F %,M %,Total\nNorth,25%,75%,12\nSouth,40%,60%,50\n", described)
    )
    told = {d: (int(share.low[d]), int(share.high[d])) for d in [(1, 1), (1, 2), (2, 1), (2, 2)]}
    assert told == {(1, 1): (3, 3), (1, 2): (9, 9), (2, 1): (20, 20), (2, 2): (30, 30)}


def test_a_total_told_elsewhere_is_used(tmp_path):
    path = written(tmp_path, "Area,%\nNorth,5%\nSouth,95%\n")
    assert int(percentages_from_csv(path).high[1]) == NO_UPPER
    share = percentages_from_csv(path, known=[a_total("prose", Population("records"), 20)])
    assert (int(share.low[1]), int(share.high[1])) == (1, 1)


def test_below_a_percentage_is_read_too(tmp_path):
    share = percentages_from_csv(
        written(tmp_path, "Area,Count,%\nNorth,*,<1%\nSouth,*,99.5%\nTotal,400,\n")
    )
    assert (int(share.low[1]), int(share.high[1])) == (0, 4)


def test_a_table_without_percentages_has_no_shares(tmp_path):
    assert percentages_from_csv(written(tmp_path, "Age,count\n12-15,*\nTotal,4\n")) is None


@pytest.mark.parametrize(
    ("text", "described", "told"),
    [
        (TWO.replace("20,30,50", "*,*,50"), "", "say of what in t.yaml"),
        (TWO, "percentages: {'Female %': {counts: Female, within: [Sex]}}", "within 'Sex'"),
        (TWO, "percentages: {'Female %': {within: [Area]}}", "name one of Total, Female, Male"),
        (
            TWO.replace("25%", "24%"),
            "percentages: {'Female %': {counts: Female, within: [Area]}}",
            "no whole number",
        ),
        (TWO, "percentages: {'Female %': {of: Female}}", "1 mistake"),
        (ONE.replace("4.8%", "4.8%x"), "percentages: {'%': {}}", "'4.8%x' is no percentage"),
        ("Age,Count,%\n0-11,*,15%\nTotal,63,100%\n", "", "no whole number"),
    ],
)
def test_what_cannot_be_a_share_is_one_clear_error(tmp_path, text, described, told):
    with pytest.raises(TableError, match=r".") as caught:
        percentages_from_csv(written(tmp_path, text, described))
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
