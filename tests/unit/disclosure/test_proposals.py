"""
Where much is hidden the report proposes what to merge, and what it says comes true when it is done.
"""

import numpy as np
import pytest

from nilreturn.ages import parse_ages
from nilreturn.disclosure import protect, protect_and_propose
from nilreturn.disclosure.methods import Merge, merged
from nilreturn.disclosure.proposals import hidden_in
from nilreturn.errors import DisclosureError
from nilreturn.tables import Dimension, Extent, RawTable
from tests.support.counts import VICTIMS, figure, policy, printed, table

YEARS = {
    f"20{n}/{n + 1}": Extent.between(737_000 + 365 * n, 737_364 + 365 * n) for n in range(18, 22)
}


def by_year_and_sex(inner: object) -> RawTable:
    """Years by sex, with all margins."""
    plain = table(inner)
    years = Dimension.flat(
        "crime.recorded_on", "Financial year recorded", tuple(YEARS), covers=YEARS
    )
    sexes = Dimension.flat(
        "victim.sex", "Sex", ("Female", "Male", "Unknown")[: plain.counts.shape[1] - 1]
    )
    return RawTable("q1", "Victims by year and sex", VICTIMS, (years, sexes), plain.counts, "1")


LARGE = by_year_and_sex([[90, 3], [80, 70], [120, 95], [130, 85]])
UNKNOWN = by_year_and_sex([[90, 80, 1], [95, 70, 2], [120, 95, 1], [130, 85, 2]])


def test_nothing_is_proposed_where_little_is_hidden():
    few = table([[30, 40, 3], [50, 60, 4], [7, 30, 90]])
    assert protect_and_propose([few], policy()).report.proposals == ()


def test_large_hidden_counts_bring_proposals_without_any_count_in_them():
    report = protect_and_propose([LARGE], policy()).report
    assert report.proposals
    for proposal in report.proposals:
        assert "would show again Victims by year and sex: " in proposal
        assert not {str(count) for count in LARGE.counts[LARGE.counts > 2].tolist()} & set(
            proposal.split()
        )
    assert report.as_json()["proposals"] == report.proposals


def test_two_years_are_proposed_and_what_is_said_comes_true():
    """
    Each proposal is done by hand: the cells that it names are printed then, and as many are hidden
    as it says.
    """
    policies = policy()
    proposals = protect_and_propose([LARGE], policies).report.proposals
    years = [p for p in proposals if "(Financial year recorded)" in p]
    assert years
    for proposal in years:
        first, second = proposal.split("'")[1:4:2]
        coarse = merged(LARGE, Merge("crime.recorded_on", first, second))
        (after,) = protect([coarse], policies).tables
        for named in proposal.partition("sex: ")[2].split("; ")[0].split(", "):
            labels = tuple(named.split(" / "))
            assert after.cell(*labels).value == coarse.count(*labels)
        assert after.hidden == 0
        assert proposal.endswith("no cells would stay hidden")


def test_unknown_is_proposed_for_a_neighbour_where_its_row_goes():
    report = protect_and_propose([UNKNOWN], policy()).report
    assert any("'Unknown' (Sex)" in proposal for proposal in report.proposals)


def test_the_same_is_proposed_every_time():
    once, twice = (protect_and_propose([LARGE], policy()).report.proposals for _ in range(2))
    assert once == twice


def test_too_many_cells_are_left_untried(monkeypatch):
    monkeypatch.setattr("nilreturn.disclosure.proposals.MOST_CELLS_TRIED", LARGE.counts.size - 1)
    assert protect_and_propose([LARGE], policy()).report.proposals == ()


def test_nothing_that_may_be_printed_changes():
    proposed, plain = protect_and_propose([LARGE], policy()), protect([LARGE], policy())
    assert [dict(t.cells()) for t in proposed.tables] == [dict(t.cells()) for t in plain.tables]
    assert np.array_equal(hidden_in(proposed.tables[0]), hidden_in(plain.tables[0]))
    assert proposed.certificate == plain.certificate


def test_a_refusal_says_which_merges_would_be_safe():
    """
    An earlier release printed 2; of two people in two places each must be one, whatever is hidden
    now.
    """
    known = [printed(figure("before", VICTIMS, 2), False)]
    two = table([1, 1])
    with pytest.raises(DisclosureError):
        protect([two], policy(), known=known)
    with pytest.raises(DisclosureError) as caught:
        protect_and_propose([two], policy(), known=known)
    assert "merging 'a0' and 'a1' (A) would be safe" in caught.value.details


@pytest.mark.parametrize(
    ("labels", "joined"),
    [
        (("11 and under", "12 and over"), "all ages"),
        (("12-15", "16 and over"), "12 and over"),
        (("11 and under", "12 to 15"), "0 to 15"),
        (("0-11", "12-15"), "0 to 15"),
        (("0 to 11", "12+"), "all ages"),
        (("12", "13"), "12 to 13"),
        (("120-149", "150"), "120 to 150"),
        (("0-100", "101-150"), "0 to 150"),
    ],
)
def test_the_age_at_which_an_open_band_stops_is_never_written(labels, joined):
    bands = {label: Extent.between(*parse_ages(label)) for label in labels}
    ages = Dimension.flat("victim.age", "Age", (*bands, "Unknown"), covers=bands)
    raw = RawTable("q1", "Victims by age", VICTIMS, (ages,), np.array([30, 10, 12, 8]))
    coarse = merged(raw, Merge("victim.age", *labels))
    assert coarse.dimensions[0].labels == ("Total", joined, "Unknown")
    assert coarse.count(joined) == 22
