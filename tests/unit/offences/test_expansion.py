import itertools
from datetime import date

import pytest

from nilreturn.errors import OffenceError
from nilreturn.offences import expand, offence, offence_class, table
from nilreturn.periods import Period, parse


def parts(name: str, period: str) -> dict[str, tuple[str, ...]]:
    return {str(part.period): part.codes for part in expand(name, parse(period))}


def test_sexual_grooming_has_a_new_code_from_3_april_2017():
    assert parts("88A", "2017") == {
        "1 January 2017 to 2 April 2017": ("088/01", "088/02"),
        "3 April 2017 to 31 December 2017": ("071/17", "088/01", "088/02"),
    }


def test_a_period_without_a_change_is_one_part():
    assert parts("88A", "2020/21") == {
        "1 April 2020 to 31 March 2021": ("071/17", "088/01", "088/02")
    }


def test_codes_without_a_known_first_day_are_named():
    (part,) = expand("88A", parse("2010"))
    assert part.codes == part.undated == ("088/01", "088/02")


def test_an_offence_is_followed_back_to_the_repealed_code():
    assert parts("088/15", "2023/24") == {
        "1 April 2023 to 30 January 2024": ("008/71",),
        "31 January 2024 to 31 March 2024": ("088/15",),
    }


def test_a_class_names_the_repealed_code_it_does_not_hold():
    before, after = expand("88C", parse("2023/24"))
    assert (before.predecessors, "088/15" in before.codes) == (("008/71",), False)
    assert (after.predecessors, "088/15" in after.codes) == ((), True)
    assert after.period.first_on == date(2024, 1, 31)


def test_a_repealed_code_ends():
    assert parts("008/71", "2023/24") == {
        "1 April 2023 to 30 January 2024": ("008/71",),
        "31 January 2024 to 31 March 2024": (),
    }


def test_a_code_that_moved_is_counted_in_one_class_at_a_time():
    for day, in_99, in_8n in ((date(2019, 6, 30), True, False), (date(2019, 7, 1), False, True)):
        (old,), (new,) = expand("99", Period(day, day)), expand("8N", Period(day, day))
        assert ("098/06" in old.codes, "098/06" in new.codes) == (in_99, in_8n)


def test_a_class_made_anew_has_no_codes_before():
    assert parts("28M", "2022/23 to 2023/24") == {
        "1 April 2022 to 31 March 2023": (),
        "1 April 2023 to 31 March 2024": ("028/03",),
    }


def test_a_class_known_without_codes_expands_to_none():
    assert parts("28A", "2017/18") == {"1 April 2017 to 31 March 2018": ()}
    assert offence_class("28A").is_expired


@pytest.mark.parametrize("name", sorted(table().labels))
def test_the_parts_of_every_class_cover_the_period(name):
    period = parse("2010/11 to 2025/26")
    found = expand(f"class {name}", period)
    assert (found[0].period.first_on, found[-1].period.last_on) == (period.first_on, period.last_on)
    assert sum(part.period.days for part in found) == period.days
    assert all(set(part.undated) <= set(part.codes) for part in found)
    neighbours = itertools.pairwise(found)
    assert all((a.codes, a.predecessors) != (b.codes, b.predecessors) for a, b in neighbours)


def test_what_may_be_a_class_is_expanded_as_one():
    assert parts("4/10", "2020") == {"1 January 2020 to 31 December 2020": ("004/10",)}
    assert parts("802", "2020") == parts("class 802", "2020") != parts("008/02", "2020")


def test_an_unknown_class_is_refused():
    with pytest.raises(OffenceError, match="did you mean"):
        expand("88F", parse("2020"))


def test_what_is_known_of_the_grooming_offence():
    found = offence("71/17")
    assert (found.code, found.compact, found.classes) == ("071/17", "07117", ("88A",))
    assert (found.commenced_on, found.ceased_on, found.victim_or_state) == (
        date(2017, 4, 3),
        None,
        ("S/V",),
    )
    assert (found.entries[0].act, found.entries[0].section[:7]) == (
        "Sexual Offences Act 2003",
        "Sec 15A",
    )


def test_a_code_with_an_undated_row_has_no_first_day():
    assert {entry.commenced_on for entry in offence("071/01").entries} == {None, date(2022, 6, 28)}
    assert offence("071/01").commenced_on is None
