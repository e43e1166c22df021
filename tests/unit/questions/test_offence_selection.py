from __future__ import annotations

from datetime import date

from nilreturn.offences import OffenceRef
from nilreturn.periods import Period
from nilreturn.questions import (
    DateFilter,
    Filters,
    offence_extent,
    pairs_of_class,
    pairs_of_code,
    selected_offences,
)

CHANGE = DateFilter("recorded_on", Period(date(2023, 7, 1), date(2024, 6, 30)))
AFTER = DateFilter("recorded_on", Period(date(2025, 1, 1), date(2025, 6, 1)))


def test_no_offences_means_any() -> None:
    assert selected_offences(Filters()) is None


def test_code_counts_with_the_one_it_replaced_only_where_the_period_reaches_back() -> None:
    code = (OffenceRef("code", "088/15"),)
    across, after = (
        selected_offences(Filters(code, CHANGE)),
        selected_offences(
            Filters(code, DateFilter("recorded_on", Period(date(2025, 1, 1), date(2025, 6, 1))))
        ),
    )
    assert across is not None
    assert after is not None
    assert across.codes == ("088/15", "008/71")
    assert after.codes == ("088/15",)


def test_class_takes_crimes_without_a_class_only_by_codes_of_no_other_class() -> None:
    of_8n, of_88a = (
        selected_offences(Filters((OffenceRef("class", "8N"),))),
        selected_offences(Filters((OffenceRef("class", "88A"),))),
    )
    assert of_8n is not None
    assert of_88a is not None
    assert "008/77" not in of_8n.classless
    assert of_8n.codes == ()
    assert set(of_88a.classless) == {"071/17", "088/01", "088/02"}


def test_code_asked_for_beside_its_class_is_not_listed_twice() -> None:
    both = selected_offences(Filters((OffenceRef("class", "88A"), OffenceRef("code", "071/17"))))
    assert both is not None
    assert "071/17" in both.codes
    assert "071/17" not in both.classless


def test_code_and_class_are_laid_out_on_one_line() -> None:
    code, whole = offence_extent(pairs_of_code("071/17")), offence_extent(pairs_of_class("88A"))
    assert code.within(whole)
    assert not whole.within(code)
    assert {"8N 008/77", "8S 008/77", "8T 008/77"} <= offence_extent(pairs_of_code("008/77")).values
    assert offence_extent(pairs_of_code("999/99")).values == {"Unknown 999/99"}
