"""How far one spelling is from another."""

import pytest

from nilreturn.narrative.distance import distance, limit, spoken_distance


@pytest.mark.parametrize(
    ("nearer", "farther", "name"),
    [
        ("vintedd", "vintedx", "vinted"),  # a letter doubled, another put in
        ("gumrtee", "gumzree", "gumtree"),  # swapped with its neighbour, another letter
        ("tumbkr", "tumbzr", "tumblr"),  # the next key, a far one
        ("grundr", "grxndr", "grindr"),  # another vowel, a consonant for a vowel
        ("redit", "reddi", "reddit"),  # one of two the same, one of its own
        ("bumblw", "wumble", "bumble"),  # the last letter, the first
        ("teelgram", "tlergram", "telegram"),
    ],
)
def test_a_likelier_slip_is_nearer(nearer, farther, name):
    assert distance(nearer, name) < distance(farther, name)


def test_the_same_consonants_in_the_same_order_bring_two_nearer():
    assert distance("roblix", "roblox") == pytest.approx(0.6 * 0.55, abs=0.001)


def test_what_sounds_the_same_is_nearer_by_ear():
    assert spoken_distance("fonekall", "phonecall") == 0
    assert distance("fonekall", "phonecall") > 1


def test_the_limit_grows_with_the_name():
    limits = [limit(letters) for letters in range(1, 20)]
    assert limits == sorted(limits)
    assert limit(3) == 0.45
    assert limit(12) == 2.8


def test_letters_in_place_of_nothing():
    assert distance("", "") == 0
    assert distance("", "kik") == distance("kik", "") > 2
