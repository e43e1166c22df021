"""A later table may not expose an earlier one, nor be exposed by it."""

from datetime import date

import numpy as np
import pytest

from nilreturn.disclosure import (
    a_share,
    audit,
    load_register,
    printed_from_csv,
    protect,
    published_from_json,
    published_to_json,
    raw_from_csv,
    verify,
)
from nilreturn.disclosure.audit import printed_small
from nilreturn.disclosure.model import PublishedTable
from nilreturn.disclosure.register import add, new_register
from nilreturn.errors import DisclosureError, TableError
from tests.support.counts import ages, figure, one_way, policy, recorded, table

BANDS = ages("11 and under", "12 to 15", "16 and over", "Unknown")


def year(source="an extract"):
    return recorded(date(2020, 4, 1), date(2021, 3, 31), source=source)


def nine_months(source="an extract"):
    return recorded(date(2020, 7, 1), date(2021, 3, 31), source=source)


def hidden(protection, table=0):
    return [labels for labels, cell in protection.tables[table].cells() if cell.value is None]


@pytest.fixture
def earlier():
    """Nothing in it is small, so all of it is printed."""
    done = protect([one_way("earlier", nine_months(), BANDS, [52, 10, 22, 14, 6])], policy())
    assert not hidden(done)
    return done.published


def test_without_the_earlier_release_nothing_is_hidden(earlier):
    assert not hidden(protect([one_way("later", year(), BANDS, [54, 11, 22, 15, 6])], policy()))


@pytest.mark.parametrize("source", ["an extract", "a later extract"])
def test_a_small_difference_of_two_periods_is_caught(earlier, source):
    later = one_way("later", year(source), BANDS, [54, 11, 22, 15, 6])
    done = protect([later], policy(), known=earlier)
    told = {labels[0]: cell.value for labels, cell in done.tables[0].cells()}
    assert told["Total"] is None  # 54 less 52 would give two victims of April to June
    assert told["11 and under"] is None
    assert told["16 and over"] is None
    assert verify(done.published, done.certificate, known=done.known) == ()


def test_two_periods_in_one_answer_are_caught_too():
    tables = [
        one_way("a", nine_months(), BANDS, [52, 10, 22, 14, 6]),
        one_way("b", year(), BANDS, [54, 11, 22, 15, 6]),
    ]
    done = protect(tables, policy())
    for label in ("Total", "11 and under", "16 and over"):
        assert None in (done.tables[0].cell(label).value, done.tables[1].cell(label).value)


def test_what_cannot_be_kept_apart_is_refused_with_what_to_coarsen(earlier):
    """Merging categories leaves the totals of the two periods, and one victim between them."""
    later = one_way("later", year(), BANDS, [53, 11, 22, 14, 6])
    with pytest.raises(DisclosureError) as caught:
        protect([later], policy(method="recoding"), known=earlier)
    told = "\n".join(caught.value.details)
    assert "use the same categories of crime.recorded_on" in told
    assert "53" not in told


def test_what_an_earlier_release_hid_stays_hidden():
    raw = one_way("ages", year(), BANDS, [40, 3, 20, 9, 8])
    first = protect([raw], policy())
    again = protect([raw], policy(), known=first.published)
    assert hidden(again) == hidden(first) != []


def test_a_total_given_later_in_prose_may_not_give_a_hidden_one_away():
    raw = one_way("ages", year(), BANDS, [40, 3, 20, 9, 8])
    first = protect([raw], policy())
    (other,) = [labels[0] for labels in hidden(first) if labels != ("11 and under",)]
    population = year()
    covers = {c.label: c.covers for c in BANDS.categories}[other]
    narrower = type(population)(
        "victims", (*population.extents, ("victim.age", covers)), population.source
    )
    done = protect([figure("later", narrower, raw.count(other))], policy(), known=first.published)
    assert done.tables[0].cell().value is None


def test_records_changed_between_two_extracts_are_reported_and_loosened(earlier):
    # Two fewer of 12 to 15 than before.
    later = one_way("later", year("a later extract"), BANDS, [60, 18, 20, 16, 6])
    done = protect([later], policy(), known=earlier)
    assert any(
        "12 to 15" in note and "cannot be true of the present records" in note
        for note in done.report.notes
    )
    assert hidden(done)
    assert verify(done.published, done.certificate, known=done.known) == ()


def test_a_contradiction_within_the_same_records_is_refused(earlier):
    later = one_way("later", nine_months(), BANDS, [52, 11, 21, 14, 6])
    with pytest.raises(DisclosureError, match="contradict each other") as caught:
        protect([later], policy(), known=earlier)
    assert any("11 and under" in detail for detail in caught.value.details)


def test_a_percentage_bounds_the_count_behind_it():
    share = a_share("share", year(), "7.5", 40)
    assert (int(share.low[()]), int(share.high[()])) == (3, 3)
    with pytest.raises(TableError, match="no whole number"):
        a_share("share", year(), "1.3", 10)


def test_a_count_that_is_public_already_is_not_hidden_again():
    raw = one_way("ages", year(), BANDS, [40, 3, 20, 9, 8])
    open_ = PublishedTable(
        "open",
        "open",
        year(),
        (BANDS,),
        raw.counts.copy(),
        raw.counts.copy(),
        np.zeros(raw.counts.shape, dtype=bool),
    )
    assert not hidden(protect([raw], policy(), known=[open_]))


def test_a_published_table_survives_json():
    first = protect([table([[1, 7, 9], [8, 6, 2], [7, 7, 7]])], policy()).published[0]
    again = published_from_json(published_to_json(first, release="R1"))
    assert (again.low == first.low).all()
    assert (again.high == first.high).all()
    assert (again.hidden == first.hidden).all()
    assert again.dimensions == first.dimensions
    assert again.population == first.population
    assert again.release == "R1"


BEFORE = "unit: victims\nrestricted_to: {crime.recorded_on: [2020-07-01, 2021-03-31]}\n"
AFTER = "unit: victims\nrestricted_to: {crime.recorded_on: [2020-04-01, 2021-03-31]}\n"


def test_what_two_tables_can_both_make_of_their_bands_is_told_apart_too(tmp_path):
    """
    0 to 11 and 12 to 15 against 0 to 9 and 10 to 15: neither's bands are the other's, and both are
    0 to 15.
    """
    register, earlier = tmp_path / "register", tmp_path / "earlier.csv"
    new_register(register)
    earlier.write_text("Age,count\n0-11,14\n12-15,25\n16+,33\n")
    earlier.with_suffix(".yaml").write_text(BEFORE)
    add(earlier, register, on=date(2021, 6, 29))
    (tmp_path / "p.csv").write_text("Age,count\n0-9,7\n10-15,36\n16+,41\n")
    (tmp_path / "p.yaml").write_text(AFTER)
    known = load_register(register)
    told = printed_small(audit([printed_from_csv(tmp_path / "p.csv")], known=known))
    assert told == (
        (
            "victims that no table prints (age: 0 to 15, crime.recorded_on: 1 April 2020 to 30 "
            "June 2020): 4"
        ),
    )
    done = protect([raw_from_csv(tmp_path / "p.csv")], policy(), known=known)
    assert None in {done.tables[0].cell(label).value for label in ("0-9", "10-15")}
    assert any("0 to 15" in note for note in done.report.notes)
    assert printed_small(audit(done.published, known=known)) == ()
