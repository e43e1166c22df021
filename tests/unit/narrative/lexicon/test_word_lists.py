"""Words that are never taken for a misspelt name."""

import pytest

from nilreturn.narrative.lexicon import kind_of, nearest_word


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("fortnight", "ordinary word"), ("grinder", "ordinary word"),
        ("telegraph", "ordinary word"), ("macbook", "device or brand"), ("redditch", "place name"),
        ("enqs", "police shorthand"), ("quora", "other platform"), ("the", "function word"),
        ("2026", "number"), ("fortnihgt", None),
    ],
)  # fmt: skip
def test_the_kind_of_a_word(form, kind):
    assert kind_of(form) == kind


def test_the_nearest_word_is_the_likeliest_slip():
    word, cost, likely = nearest_word("neigbour", frozenset())
    assert word == "neighbour"
    assert cost == likely < 1


def test_a_rarer_word_is_less_likely_meant():
    _, cost, likely = nearest_word("tumbleer", frozenset())
    assert likely > cost


def test_a_name_looked_for_is_no_ordinary_word():
    assert nearest_word("emial", frozenset())[0] == "email"
    assert nearest_word("emial", frozenset({"email"}))[0] != "email"


def test_nothing_is_near_what_is_far_from_every_word():
    assert nearest_word("qxzvwkj", frozenset()) == ("", float("inf"), float("inf"))
