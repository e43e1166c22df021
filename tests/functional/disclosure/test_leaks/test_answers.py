"""
Requests whose answers once gave hidden counts away: answered from start to end, and attacked from
the release folder alone. None of them needs to be refused.
"""

import itertools
from datetime import date
from random import Random

import pytest

from tests.support.answered import force
from tests.support.asked import OLDEST, Asked, Crime, Victim
from tests.support.attacker.released import attack_releases, figures_of_workbook, read

YEAR = (date(2020, 4, 1), date(2021, 3, 31))
TWO_MONTHS = (date(2021, 1, 1), date(2021, 2, 28))
DAY = date(2021, 1, 5)
BANDS = ((0, 11), (12, 15), (16, OLDEST))


def with_victim(number, *, age=13, sex="Female", day=DAY, area="North"):
    return [Crime(day, area, victims=(Victim(age, sex),))] * number


def naming(number, *words, **forms):
    """Crimes whose text names these platforms; `Snapchat=False` in another spelling."""
    names = (*((word, True) for word in words), *forms.items())
    return [Crime(DAY, "North", victims=(Victim(13, "Female"),), names=names)] * number


def check(tmp_path, crimes, *requests, threshold=5, formats="csv,html"):
    """Answer each request after the one before, and attack all that is out."""
    office = force(tmp_path / "force", crimes, threshold=threshold)
    releases = []
    for number, asked in enumerate(requests):
        answered = office.answer(f"A{number}", asked, register=True, formats=formats)
        releases.append((read(answered.release), asked))
        leaks = attack_releases(releases, crimes, threshold=threshold)
        assert not leaks, "; ".join(map(str, leaks[:5]))
    return [released for released, _ in releases]


CIRCLE = (
    *with_victim(8, age=17), *with_victim(5, age=17, sex="Male"), *with_victim(1, age=8),
    *with_victim(2, age=13, day=date(2021, 2, 5)),
    *with_victim(11, age=13, sex="Male", day=date(2021, 2, 5)),
    *with_victim(3, age=13, sex="Unknown", day=date(2021, 2, 5)),
    *with_victim(6, age=8, day=date(2021, 2, 5)), *with_victim(2, age=17, day=date(2021, 3, 5)),
    *with_victim(3, age=17, sex="Male", day=date(2021, 3, 5)),
)  # fmt: skip


def in_a_circle(**restricted):
    pairs = (("age", "sex"), ("sex", "month"), ("age", "month"))
    return [
        Asked("victims", TWO_MONTHS, by=by, bands=BANDS, number=str(k), **restricted)
        for k, by in enumerate(pairs, 1)
    ]


def test_three_tables_that_divide_two_variables_each_are_one_table_of_three(tmp_path):
    check(tmp_path, CIRCLE, in_a_circle(), threshold=3, formats="csv,html,xlsx")


def test_a_table_of_fewer_areas_makes_no_false_contradiction(tmp_path):
    random = Random(4)
    ways = list(
        itertools.product(("North", "South", "West"), (8, 13, 17), ("Female", "Male"), (1, 2))
    )
    crimes = [
        crime
        for area, age, sex, month in ways
        for crime in with_victim(
            random.randint(0, 9), age=age, sex=sex, area=area, day=date(2021, month, 5)
        )
    ]
    some = Asked("victims", TWO_MONTHS, areas=("North", "South"), bands=BANDS)
    asked = [
        Asked("victims", TWO_MONTHS, areas=some.areas, by=("area", "sex"), number="1"),
        Asked("victims", TWO_MONTHS, areas=some.areas, by=("area", "age"), bands=BANDS, number="2"),
        Asked("victims", TWO_MONTHS, by=("sex", "age"), bands=BANDS, number="3"),
    ]
    check(tmp_path, crimes, asked)


PERIODS = (
    *with_victim(8, day=date(2020, 5, 5)), *with_victim(11, day=date(2020, 8, 5)),
    *with_victim(2, day=date(2020, 11, 5)), *with_victim(2, day=date(2021, 2, 5)),
    *with_victim(30, day=date(2021, 5, 5)),
)  # fmt: skip
NINE_MONTHS = Asked("crimes", (date(2020, 7, 1), date(2021, 3, 31)), number="1")
QUARTER = Asked("crimes", (date(2020, 7, 1), date(2020, 9, 30)), number="2")
SPRING = Asked("crimes", (date(2021, 1, 1), date(2021, 5, 31)), number="3")


def test_one_period_within_another(tmp_path):
    check(tmp_path, PERIODS, [NINE_MONTHS, QUARTER])


def test_a_third_period_that_overlaps_does_not_switch_protection_off(tmp_path):
    check(tmp_path, PERIODS, [NINE_MONTHS, QUARTER, SPRING])


def test_an_earlier_answer_does_not_switch_protection_off(tmp_path):
    check(tmp_path, PERIODS, [SPRING], [NINE_MONTHS, QUARTER])


def test_two_filters_at_once_are_compared_with_none(tmp_path):
    crimes = [*with_victim(24), *with_victim(2, sex="Male"), *with_victim(2, age=17)]
    asked = [
        Asked("victims", YEAR, number="1"),
        Asked("victims", YEAR, ages=(12, 15), sexes=("Female",), number="2"),
    ]
    check(tmp_path, crimes, asked)


def test_crimes_and_victims_side_by_side_do_not_tell_how_few_have_details(tmp_path):
    crimes = [*with_victim(16), *([Crime(DAY, "North")] * 4)]
    check(
        tmp_path,
        crimes,
        [Asked("crimes", YEAR, number="1"), Asked("victims", YEAR, by=("sex",), number="2")],
    )


def test_crimes_and_victims_by_area_bound_each_other(tmp_path):
    three = Crime(DAY, "West", victims=(Victim(13, "Female"),) * 3)
    crimes = [
        *with_victim(6, area="North"), *with_victim(10, area="South"),
        *with_victim(17, area="East"), three,
    ]  # fmt: skip
    asked = [
        Asked("crimes", YEAR, by=("area",), number="1"),
        Asked("victims", YEAR, by=("area",), number="2"),
    ]
    check(tmp_path, crimes, asked)


def test_each_form_is_part_of_any_of_these(tmp_path):
    crimes = [
        *([Crime(DAY, "North")] * 20), *naming(2, "Snapchat"), *naming(2, Snapchat=False),
        *naming(5, "Snapchat", WhatsApp=False), *naming(2, WhatsApp=False, Snapchat=False),
        *naming(1, WhatsApp=False),
    ]  # fmt: skip
    check(tmp_path, crimes, [Asked("records", YEAR, keywords=("WhatsApp", "Snapchat"))])


def test_any_of_these_is_at_least_each_and_at_most_their_sum(tmp_path):
    crimes = [
        *([Crime(DAY, "North")] * 30), *naming(1, Snapchat=False), *naming(4, WhatsApp=False),
        *naming(5, "WhatsApp", "Snapchat"), *naming(5, "WhatsApp", Snapchat=False),
        *naming(14, "WhatsApp"),
    ]  # fmt: skip
    check(tmp_path, crimes, [Asked("records", YEAR, keywords=("WhatsApp", "Snapchat"))])


def test_other_spellings_of_one_word_are_all_that_any_of_these_leaves(tmp_path):
    crimes = [
        *([Crime(DAY, "North")] * 30), *naming(9, "Snapchat"), *naming(2, WhatsApp=False),
        *naming(5, "WhatsApp"),
    ]  # fmt: skip
    check(tmp_path, crimes, [Asked("records", YEAR, keywords=("WhatsApp", "Snapchat", "Kik"))])


NAMED = (
    *([Crime(DAY, "North")] * 30),
    *naming(8, "Snapchat"),
    *naming(4, "Tinder"),
    *naming(12, "WhatsApp"),
)
TWO = Asked("records", YEAR, keywords=("WhatsApp", "Snapchat"))
THREE = Asked("records", YEAR, keywords=("WhatsApp", "Snapchat", "Tinder"))


@pytest.mark.parametrize("lists", [(TWO, THREE), (THREE, TWO)])
def test_a_second_requester_with_another_list_is_answered(tmp_path, lists):
    released = check(tmp_path, NAMED, *([asked] for asked in lists))
    assert len(released) == 2


def test_two_lists_in_one_request_are_answered(tmp_path):
    second = Asked("records", YEAR, keywords=THREE.keywords, number="2")
    assert check(tmp_path, NAMED, [TWO, second])


def test_one_day_more_in_a_second_request(tmp_path):
    """What the first day has is no more than the difference of the two answers, cell by cell."""
    random = Random(9)
    ways = list(itertools.product((8, 13, 17), ("Female", "Male")))
    crimes = [
        crime
        for age, sex in ways
        for crime in with_victim(random.randint(0, 12), age=age, sex=sex, day=date(2020, 9, 5))
    ]
    crimes += with_victim(1, age=13, day=date(2020, 7, 1))
    first = Asked("victims", (date(2020, 7, 1), date(2021, 3, 31)), by=("age", "sex"), bands=BANDS)
    second = Asked("victims", (date(2020, 7, 2), date(2021, 3, 31)), by=("age", "sex"), bands=BANDS)
    check(tmp_path, crimes, [first], [second])


def test_workbook_and_table_print_the_same_figures(tmp_path):
    office = force(tmp_path, CIRCLE, threshold=3)
    answered = office.answer("A0", in_a_circle(), formats="csv,html,xlsx")
    released = read(answered.release)
    printed = {
        figure
        for table in released.tables.values()
        for figure in table.values()
        if figure is not None
    }
    (book,) = answered.release.glob("*.xlsx")
    numbered = set(range(len(released.tables) + 1))
    assert figures_of_workbook(book) <= printed | numbered
