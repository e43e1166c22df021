"""
The audit of a release derives what it demands by itself, and takes nothing that it is handed on
trust.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy import sparse

from nilreturn.disclosure import Verdict, audit, protect, verify
from nilreturn.disclosure.audit import (
    Handed,
    ProtectionRequirements,
    Release,
    audit_release,
    examine,
)
from nilreturn.disclosure.audit.cells import number_cells
from nilreturn.disclosure.model import attacker_knowledge, from_raw
from nilreturn.tables import Category, Dimension, Extent, Population, RawTable
from tests.support.counts import VICTIMS, ages, figure, one_way, policy, printed, recorded, table

COUNTS = [[12, 3, 9, 0], [8, 6, 2, 11], [7, 10, 14, 5], [0, 9, 6, 1]]
YEAR = recorded(date(2020, 4, 1), date(2021, 3, 31))
NINE_MONTHS = recorded(date(2020, 7, 1), date(2021, 3, 31))
BANDS = ages("11 and under", "12 to 15", "16 and over", "Unknown")


def audited(tables, hidden, *, earlier=(), rules=None, handed=None, may_hide=True):
    told = [
        from_raw(raw, np.asarray(flags, dtype=bool), floor=1)
        for raw, flags in zip(tables, hidden, strict=True)
    ]
    release = Release(tuple(tables), rules or policy(), (), tuple(earlier), 60.0)
    return audit_release(told, release, handed=handed or Handed.nothing(), may_hide=may_hide)


def shifted():
    """The year, and nine months of it with one victim less, of 11 and under."""
    year = one_way("year", YEAR, BANDS, [53, 11, 22, 14, 6])
    return [year, one_way("later", NINE_MONTHS, BANDS, [52, 10, 22, 14, 6])]


def test_a_small_count_that_is_printed_is_exposed():
    """Whatever suppression takes to be small: the true counts and the policy say it."""
    found = audited([table(COUNTS)], [np.zeros((5, 5), dtype=bool)])
    assert len(found.audit.exposures) == 3
    assert {finding.verdict for finding in found.audit.exposures} == {Verdict.EXPOSED}


def test_a_small_group_that_two_tables_tell_is_exposed_and_named():
    tables = [
        one_way("year", YEAR, BANDS, [53, 11, 22, 14, 6]),
        one_way("later", NINE_MONTHS, BANDS, [52, 10, 22, 14, 6]),
    ]
    found = audited(tables, [[False] * 5] * 2)
    exposed = found.audit.exposures
    assert len(exposed) == 2  # one victim of 11 and under, and one in all
    assert all("1 April 2020 to 30 June 2020" in finding.table for finding in exposed)
    assert any("year" in finding.advice and "later" in finding.advice for finding in exposed)


def test_a_group_told_apart_by_what_describes_nobody_is_not_demanded():
    tables = [
        one_way("year", YEAR, BANDS, [53, 11, 22, 14, 6]),
        one_way("later", NINE_MONTHS, BANDS, [52, 10, 22, 14, 6]),
    ]
    rules = policy(people={"not_described_by": ["crime.recorded_on"], "reason": "a test"})
    assert audited(tables, [[False] * 5] * 2, rules=rules).audit.is_safe


def test_what_an_earlier_release_gives_away_is_exempt():
    raw = one_way("now", YEAR, BANDS, [53, 3, 22, 14, 14])
    hidden = [False, True, False, False, True]
    before = from_raw(
        one_way("before", YEAR, BANDS, [53, 3, 22, 14, 14]), np.zeros(5, dtype=bool), floor=0
    )
    assert audited([raw], [hidden], earlier=[before]).audit.is_safe


@pytest.mark.parametrize("is_changed", [False, True])
def test_what_an_earlier_release_hid_or_changed_stays_protected(is_changed):
    total = figure("first", VICTIMS, 17)
    before = from_raw(total, np.array(not is_changed), floor=1)
    if is_changed:
        before = replace(before, low=np.array(11), high=np.array(19))
    raw = one_way("sex", VICTIMS, Dimension.flat("victim.sex", "Sex", ("F", "M")), [17, 9, 8])
    found = audited([raw], [[True, False, False]], earlier=[before])
    assert [(f.table, f.verdict) for f in found.audit.exposures] == [("sex", Verdict.EXPOSED)]
    assert audited([raw], [[True, True, False]], earlier=[before]).audit.is_safe


def test_a_range_that_nothing_can_keep_whole_is_excused_and_named():
    """
    Of 2 = 1 + 1 a reader who knows that zeros are printed knows the total to be at least 2,
    whatever is hidden.
    """
    raw = table([[1, 1, 0], [7, 8, 6], [10, 6, 8]])
    done = protect([raw], policy())
    assert any(
        told.startswith("t: a0 / Total: whatever is hidden, it cannot be 1")
        for told in done.report.narrowed
    )
    assert verify(done.published, done.certificate) == ()


def test_a_range_that_hiding_more_would_keep_whole_is_not_excused():
    raw = one_way("a", VICTIMS, Dimension.flat("victim.age", "Age", ("x", "y", "z")), [9, 3, 1, 5])
    found = audited([raw], [[False, True, True, False]])
    verdicts = {finding.labels[0]: finding.verdict for finding in found.audit.exposures}
    assert verdicts["x"] is Verdict.NARROWED
    assert not found.partially_protected


def in_all(count):
    """An earlier release of a total."""
    return [from_raw(figure("before", VICTIMS, count), np.array(False), floor=0)]


def test_a_pair_that_nothing_can_keep_apart_is_excused_and_named():
    """
    A total of three was printed, and zeros are: with everything hidden the one still knows of the
    two.
    """
    raw = one_way("sex", VICTIMS, Dimension.flat("sex", "Sex", ("F", "M", "U")), [3, 1, 2, 0])
    found = audited([raw], [[False, True, True, False]], earlier=in_all(3))
    assert found.audit.is_safe
    assert found.waived == ("sex: M: by the one person in sex: F",)
    assert found.partially_protected == (
        "sex: F: whatever is hidden, it cannot be 3",
        "sex: M: whatever is hidden, it cannot be 3",
    )


def test_a_pair_that_an_earlier_release_gives_away_is_no_fault_of_this_one():
    raw = one_way("sex", VICTIMS, Dimension.flat("sex", "Sex", ("F", "M")), [3, 1, 2])
    found = audited([raw], [[False, True, True]], earlier=in_all(3))
    assert found.audit.is_safe
    assert not found.waived


def test_a_pair_that_hiding_more_would_keep_apart_is_not_excused():
    raw = one_way("sex", VICTIMS, Dimension.flat("sex", "Sex", ("F", "M", "U")), [9, 1, 1, 7])
    found = audited([raw], [[False, True, True, False]])
    assert not found.waived
    assert (
        Verdict.DISCLOSED_TO_SINGLETON in {finding.verdict for finding in found.audit.exposures}
        or not found.audit.is_safe
    )


def test_what_follows_whatever_is_hidden_is_refused_with_the_tables_that_clash():
    by_sex = one_way("sex", VICTIMS, Dimension.flat("sex", "Sex", ("F", "M")), [2, 2, 0])
    other = one_way("age", VICTIMS, BANDS, [2, 0, 2, 0, 0])
    found = audited([by_sex], [[False, True, False]], earlier=in_all(2))
    assert found.unavoidable == (
        "sex: F: follows from sex and before together, whatever is hidden",
    )
    assert not found.audit.is_safe
    found = audited(
        [by_sex, other], [[True, True, False], [True, False, True, False, False]], earlier=in_all(2)
    )
    assert "sex: F: follows from sex and before together, whatever is hidden" in found.unavoidable


def test_what_the_earlier_releases_tell_by_themselves_is_exempt_though_hidden_in_one_of_them():
    by_sex = Dimension.flat("sex", "Sex", ("F", "M"))
    girls = Population("victims", (("sex", Extent.of("F")),), "an extract")
    earlier = [
        from_raw(figure("all", VICTIMS, 9), np.array(False), floor=0),
        from_raw(figure("girls", girls, 5), np.array(False), floor=0),
        from_raw(
            one_way("old", VICTIMS, by_sex, [9, 5, 4]), np.array([False, False, True]), floor=0
        ),
    ]
    assert audited(
        [one_way("new", VICTIMS, by_sex, [9, 5, 4])], [[False, False, True]], earlier=earlier
    ).audit.is_safe


def test_evidence_that_is_false_is_dropped():
    raw = table(COUNTS)
    done = protect([raw], policy())
    hidden = done.published[0].hidden
    size = raw.counts.size
    nonsense = Handed(np.full((3, size), 7), sparse.csr_matrix(np.ones((4, size), dtype=np.int64)))
    assert audited([raw], [hidden], handed=nonsense).audit.is_safe
    exposing = np.zeros((5, 5), dtype=bool)
    exposing[1, 2] = exposing[2, 3] = exposing[4, 4] = True
    found = audited(
        [raw], [exposing], handed=Handed(raw.counts.reshape(1, -1), sparse.csr_matrix((0, size)))
    )
    assert len(found.audit.exposures) == 3


def test_evidence_is_carried_over_by_place_and_worked_out_for_cells_of_the_audits_own():
    raw = [
        one_way("year", YEAR, BANDS, [60, 20, 15, 14, 11]),
        one_way("nine", NINE_MONTHS, BANDS, [30, 9, 8, 7, 6]),
    ]
    cells = number_cells(raw)
    knowledge = attacker_knowledge([printed(t, [True] * 5) for t in raw], number_cells=number_cells)
    other = [np.arange(5)[::-1], 5 + np.arange(5)]  # another numbering
    tables = np.concatenate([raw[0].counts[::-1], raw[1].counts])[None]
    # In the other numbering: the year's total and its first band.
    move = (np.array([4, 3]), np.array([1, 1]))
    values, moves = Handed.of(other, tables, [move]).over(
        cells, knowledge.equations, knowledge.low, knowledge.high
    )
    assert not (knowledge.equations @ values[0]).any()
    ((changed, steps),) = moves
    change = np.zeros(cells.size, dtype=np.int64)
    change[changed] = steps
    assert not (knowledge.equations @ change).any()


def test_an_audit_leaves_what_it_was_asked_as_it_was():
    raw = one_way("a", VICTIMS, Dimension.flat("a", "A", ("x", "y", "z")), [9, 3, 1, 5])
    knowledge = attacker_knowledge(
        [printed(raw, [False, True, True, False])], number_cells=number_cells
    )
    none = np.zeros(knowledge.cells.size, dtype=np.int64)
    two = knowledge.hidden.copy()
    demands = ProtectionRequirements(two, none + 1, none.copy(), two & False, none + 5)
    first = examine(knowledge, demands)
    assert (demands.low == 1).all()
    assert (demands.high == 0).all()
    assert [f.verdict for f in examine(knowledge, demands).findings] == [
        f.verdict for f in first.findings
    ]


def test_a_table_keeps_its_whole_name_in_findings():
    raw = one_way("Table 2: ages", VICTIMS, Dimension.flat("a", "A", ("x", "y")), [9, 3, 6])
    (finding,) = audit([printed(raw, [False, True, False])]).findings
    assert (finding.table, finding.labels) == ("Table 2: ages", ("x",))


def forms_and_searched(any_form, as_written, none):
    """Records by keyword and form of one keyword, and all records searched for it."""
    form = Dimension.flat(
        "crime.mention_form", "Form", ("As written", "Other"), qualifies="crime.mentions"
    )
    rows = (Category("Any of these"), Category("A", "Any of these", Extent.of("A")))
    keyword = Dimension("crime.mentions", "Keyword", rows, additive=False)
    row = [any_form, as_written, any_form - as_written]
    naming = Population("records", (("crime.mentions", Extent.of("A")),))
    covers = {"Any of these": Extent.of("A"), "None of these": Extent.without("A")}
    searched = Dimension.flat("crime.mentions", "Keywords", tuple(covers), covers=covers)
    return [
        RawTable("forms", "forms", naming, (keyword, form), np.array([row, row])),
        one_way("searched", Population("records", ()), searched, [any_form + none, any_form, none]),
    ]


def test_a_figure_of_a_table_of_several_values_is_that_tables_own():
    """
    Two of seven in another spelling: the form describes nobody, and the table of those searched
    tells no more.
    """
    shown = [np.zeros((2, 3), dtype=bool), np.zeros(3, dtype=bool)]
    assert audited(forms_and_searched(7, 5, 39), shown).audit.is_safe
    # Three that name it are few whatever the form.
    found = audited(forms_and_searched(3, 1, 39), shown)
    assert found.audit.exposures


def test_what_is_hidden_of_several_values_is_read_off_those_searched():
    hidden = [np.array([[True, False, True]] * 2), np.zeros(3, dtype=bool)]
    found = audited(forms_and_searched(7, 5, 39), hidden)
    assert {finding.labels[1] for finding in found.audit.exposures} == {"Total", "Other"}
    hidden = [np.array([[True, False, True]] * 2), np.array([False, True, True])]
    assert audited(forms_and_searched(7, 5, 39), hidden).audit.is_safe
