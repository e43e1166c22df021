"""
Records keyword by keyword: what rows of single keywords tell beside one another, in suppression and
in the audit.
"""

from datetime import date

import numpy as np
import pytest

from nilreturn.disclosure import protect
from nilreturn.disclosure.audit.cells import number_cells
from nilreturn.disclosure.linked_tables import build_cells
from nilreturn.disclosure.model import from_raw
from nilreturn.errors import TableError
from tests.support.asked import Asked, Crime
from tests.support.attacker.trial import policy_of
from tests.support.attacker.verdicts import Attack

QUARTER = (date(2021, 1, 1), date(2021, 3, 31))
DAY = date(2021, 2, 5)


def records(*named):
    """Crimes by what they name: (how many, {keyword: whether as written})."""
    return [
        Crime(DAY, "North", names=tuple(names.items()))
        for many, names in named
        for _ in range(many)
    ]


def asked(crimes, *lists, period=QUARTER):
    tables = []
    for number, keywords in enumerate(lists, 1):
        tables += Asked("records", period, keywords=keywords, number=str(number)).tables(crimes)
    return tables


def shown(tables):
    return [from_raw(table, np.zeros(table.counts.shape, dtype=bool), floor=0) for table in tables]


def small_groups(tables, laid, threshold=5):
    """The words of each group of which the tables give a small count."""
    cells = laid(shown(tables))
    value, known = np.zeros(cells.size, dtype=np.int64), ~cells.unpublished
    for table, numbers in zip(tables, cells.of_table, strict=True):
        value[numbers] = table.counts
    rows = cells.equations.tolil()
    again = True
    while again:
        again = False
        for columns, factors in zip(rows.rows, rows.data, strict=True):
            left = [(c, f) for c, f in zip(columns, factors, strict=True) if not known[c]]
            if len(left) == 1:
                rest = sum(f * value[c] for c, f in zip(columns, factors, strict=True) if known[c])
                value[left[0][0]], known[left[0][0]], again = -rest // left[0][1], True, True
    groups = np.flatnonzero(cells.difference & known)
    return {cells.words(c): int(value[c]) for c in groups.tolist() if 0 < value[c] < threshold}


def is_safe(tables, known=(), known_raw=()):
    protection = protect(tables, policy_of(5), known=known)
    attack = Attack(protection.published, tables, known=known, known_raw=known_raw)
    return not attack.leaks(5, insiders=False), protection


@pytest.mark.parametrize("laid", [build_cells, number_cells])
def test_those_who_name_two_keywords_are_a_group_in_any_form_and_as_written(laid):
    crimes = records(
        (20, {"A": True}),
        (20, {"B": True}),
        (2, {"A": True, "B": True}),
        (9, {"A": False, "B": False}),
    )
    # As written; in any form there are eleven.
    assert 2 in small_groups(asked(crimes, ("A", "B")), laid).values()
    assert is_safe(asked(crimes, ("A", "B")))[0]


@pytest.mark.parametrize("laid", [build_cells, number_cells])
def test_a_printed_zero_leaves_two_of_three_keywords(laid):
    crimes = records((20, {"A": True}), (20, {"B": True}), (3, {"A": True, "B": True}), (30, {}))
    tables = asked(crimes, ("A", "B", "C"))
    assert 3 in small_groups(tables, laid).values()
    answered, protection = is_safe(tables)
    assert answered
    assert any(table.hidden for table in protection.tables)


@pytest.mark.parametrize("laid", [build_cells, number_cells])
def test_with_no_record_in_another_spelling_there_is_more_to_tell(laid):
    """
    B is only ever written as it is: those who name A, less those who name any only in another
    spelling.
    """
    crimes = records(
        (1, {"A": True}),
        (1, {"A": True, "B": True}),
        (15, {"A": False}),
        (15, {"B": True}),
        (30, {}),
    )
    tables = asked(crimes, ("A", "B"))
    assert 2 in small_groups(tables, laid).values()
    assert is_safe(tables)[0]


@pytest.mark.parametrize("laid", [build_cells, number_cells])
def test_few_that_name_two_of_three_keywords_are_protected(laid):
    crimes = records(*((20, {word: True}) for word in "ABC"), (1, {"A": True, "B": True}), (30, {}))
    tables = asked(crimes, ("A", "B", "C"))
    told = small_groups(tables, laid)
    assert any("two of A, B, C" in words and count == 1 for words, count in told.items())
    _, protection = is_safe(tables)
    counts = {labels: cell.value for labels, cell in protection.tables[0].cells()}
    rows = [counts[word, "Written in any form"] for word in ("Any of these", "A", "B", "C")]
    assert None in rows  # else one less than the three together


@pytest.mark.parametrize("laid", [build_cells, number_cells])
def test_of_many_that_name_two_keywords_nothing_is_hidden(laid):
    crimes = records(
        *((20, {word: True}) for word in "ABC"),
        (9, {"A": True, "B": True}),
        (9, {"C": True, "B": True}),
    )
    tables = asked(crimes, ("A", "B", "C"))
    assert not small_groups(tables, laid)
    assert not any(table.hidden for table in is_safe(tables)[1].tables)


def test_two_periods_tell_of_the_time_between_them_keyword_by_keyword():
    early, late = date(2021, 1, 20), date(2021, 3, 5)
    crimes = [
        *(Crime(early, "North", names=(("A", True),)) for _ in range(9)),
        *(Crime(early, "North", names=(("B", True),)) for _ in range(9)),
        *(Crime(late, "North", names=(("A", True), ("B", True))) for _ in range(8)),
        Crime(late, "North", names=(("A", True),)),
        *(Crime(late, "North", names=(("B", True),)) for _ in range(8)),
    ]
    before = (QUARTER[0], date(2021, 2, 28))
    tables = [*asked(crimes, ("A", "B")), *asked(crimes, ("A", "B"), period=before)]
    tables = [
        type(t)(f"t{k}", t.title, t.population, t.dimensions, t.counts, str(k))
        for k, t in enumerate(tables)
    ]
    assert is_safe(tables)[0]


def test_lists_of_two_releases_are_looked_at_together():
    crimes = records(
        (20, {"A": True}),
        (20, {"B": True}),
        (2, {"A": True, "B": True}),
        (12, {"C": True}),
        (30, {}),
    )
    first = asked(crimes, ("A", "B"))
    answered, protection = is_safe(first)
    assert answered
    second = [
        type(t)(f"{t.name}_again", t.title, t.population, t.dimensions, t.counts, "9")
        for t in first
    ]
    more = asked(crimes, ("A", "B", "C"))
    more = [
        type(t)(f"{t.name}_more", t.title, t.population, t.dimensions, t.counts, "9") for t in more
    ]
    assert is_safe([*second, *more], protection.published, first)[0]


@pytest.mark.parametrize("laid", [build_cells, number_cells])
def test_a_list_of_twenty_keywords_is_looked_at(laid):
    words = tuple(f"W{k}" for k in range(20))
    crimes = records(*((20, {word: True}) for word in words), (2, {"W1": False}))
    assert not any("two of" in told for told in small_groups(asked(crimes, words), laid))


@pytest.mark.parametrize("laid", [build_cells, number_cells])
def test_more_keywords_than_can_be_checked_are_refused_with_what_to_do(laid):
    words = tuple(f"W{k}" for k in range(80))
    with pytest.raises(TableError, match="80 keywords are more than can be checked"):
        laid(shown(asked(records((20, {"W1": True})), words)))


@pytest.mark.parametrize(("of_keywords", "are_hidden"), [(1, False), (5, True)])
def test_what_only_keywords_tell_apart_falls_under_the_rule_of_tables_of_keywords(
    of_keywords, are_hidden
):
    """Beside a table by area, whose rule is another, and which no group of theirs comes from."""
    crimes = records((12, {"A": True}), (3, {"A": False}), (11, {"B": True}), (23, {}))
    by_area = Asked("crimes", QUARTER, by=("area",), number="9").tables(crimes)
    tables = [*by_area, *asked(crimes, ("A", "B", "C"))]
    override = {
        "variables": "crime.mentions",
        "threshold": {"value": of_keywords, "reason": "a test"},
    }
    protection = protect(tables, policy_of(5, overrides=[override]))
    assert any(table.hidden for table in protection.tables) == are_hidden
