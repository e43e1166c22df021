"""
What a release says beside its tables: caveats, the annex of spellings, refused extremes, hashes.
None of it may depend on records in a way that the tables do not show.
"""

from datetime import date

import pytest

from nilreturn.errors import NilReturnError
from nilreturn.keys import KEY_BYTES
from tests.support.answered import force
from tests.support.asked import OLDEST, Asked, Crime, Victim
from tests.support.attacker.figures import NO_LIMIT
from tests.support.attacker.layout import lay_out
from tests.support.attacker.released import HASH, read, told_tables
from tests.support.attacker.search import ContradictionError, Searching

YEAR = (date(2020, 4, 1), date(2021, 3, 31))
DAY = date(2020, 7, 5)
SIXTEEN = ((0, 15), (16, OLDEST))
FOUR = ((0, 11), (12, 15), (16, 17), (18, OLDEST))


def aged(*ages):
    return [
        Crime(DAY, "North", victims=(Victim(age, "Female" if k % 2 else "Male"),))
        for k, age in enumerate(ages, 1)
    ]


def naming_facebook(as_written, otherwise):
    names = [(("Facebook", True),)] * as_written + [(("Facebook", False),)] * otherwise + [()] * 40
    names += [(("WhatsApp", True),)] * 9
    return [Crime(DAY, "North", names=each) for each in names]


# Two sets of records each, whose tables print the same.
PAIRS = {
    "an adult among those of 16 and over": (
        aged(*[12] * 30, *[13] * 25, 16, 17, 17),
        aged(*[12] * 30, *[13] * 25, 16, 17, 18),
        [Asked("victims", YEAR, by=("age", "sex"), bands=SIXTEEN)],
        {},
    ),
    "a hidden zero of adults": (
        aged(*[10] * 14, *[13] * 20, *[16] * 6),
        aged(*[10] * 14, *[13] * 20, *[16] * 5, 19),
        [Asked("victims", YEAR, by=("age",), bands=FOUR)],
        {"zeros": {"treatment": "hidden", "reason": "a test"}},
    ),
    "how many write a name in another way": (
        naming_facebook(3, 4),
        naming_facebook(2, 5),
        [Asked("records", YEAR, keywords=("Facebook", "WhatsApp"))],
        {},
    ),
    "a crime without victim details": (
        [*aged(*[13] * 30), *[Crime(DAY, "North")] * 2],
        [
            *aged(*[13] * 29),
            Crime(DAY, "North", victims=(Victim(13, "Male"),)),
            *[Crime(DAY, "North")] * 2,
        ],
        [Asked("crimes", YEAR)],
        {},
    ),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_records_with_the_same_tables_have_the_same_words(tmp_path, pair):
    releases = [read(answered.release) for answered in answers_to(tmp_path, pair)]
    assert releases[0].tables == releases[1].tables, "the pair is no pair: its tables differ"
    one, other = (HASH.sub("(a hash)", release.letter) for release in releases)
    assert one == other
    assert releases[0].manifest["caveats"] == releases[1].manifest["caveats"]


@pytest.mark.parametrize("pair", PAIRS)
def test_records_with_the_same_tables_have_the_same_release_under_one_key(tmp_path, pair):
    """
    The key decides which cells are hidden: under some the tables of the pair differ, and say
    nothing of the rest.
    """
    for number in range(1, 5):
        (tmp_path / "key").write_bytes(bytes([number]) * KEY_BYTES)
        answered = answers_to(tmp_path / str(number), pair, key_file=str(tmp_path / "key"))
        folders = [each.release for each in answered]
        releases = [read(folder) for folder in folders]
        if releases[0].tables == releases[1].tables:
            break
    else:
        pytest.fail("the pair is no pair: its tables differ under every key")
    files = [
        {path.name: path.read_bytes() for path in sorted(folder.iterdir())} for folder in folders
    ]
    assert [name for name in files[0] if files[0][name] != files[1].get(name)] == []
    assert set(files[0]) == set(files[1])


def answers_to(tmp_path, pair, **policy):
    """The answers to the same request out of both sets of records of a pair."""
    *worlds, asked, rules = PAIRS[pair]
    for number, crimes in enumerate(worlds):
        office = force(tmp_path / f"force{number}", crimes, threshold=5, **rules, **policy)
        yield office.answer("A", asked, formats="csv,html")


def test_a_refused_youngest_is_not_to_be_read_from_the_table_of_single_years(tmp_path):
    """
    Three are right: the table is hidden or banded, the answer is refused, or the clash is told. The
    refusal names both questions.
    """
    counts = {8: 1, 10: 2, 12: 7, 13: 9, 14: 8, 15: 12, 17: 3}
    crimes = [crime for age, number in counts.items() for crime in aged(*[age] * number)]
    years = ((0, 3), *((year, year) for year in range(4, 16)), (16, OLDEST))
    table = Asked("victims", YEAR, by=("age", "sex"), bands=years, number="1")
    youngest = {
        "number": 2,
        "words": "How old is the youngest?",
        "unit": "victims",
        "filters": {"offences": "71/17", "period": "2020/21"},
        "extreme": {"of": "youngest victim", "also": "sex"},
    }
    office = force(tmp_path, crimes, threshold=5)
    try:
        answered = office.answer("A", [table, youngest], formats="csv,html")
    except NilReturnError as error:
        words = f"{error} {' '.join(error.details)}"
        for number in (1, 2):
            assert f"question {number}" in words or f"q{number}" in words, words
        return
    assert possible_youngest(read(answered.release), table, crimes) != {8}


def possible_youngest(released, asked, crimes):
    """The first year of every band that the youngest may be in, for all that the tables say."""
    system = lay_out(told_tables(released, [asked], crimes)[0])
    groups = {
        figure.labels[0]: group
        for figure, group in zip(system.figures, system.members, strict=True)
        if not figure.structural and figure.labels[1:] == ("Total",)
    }
    bands = [groups[label] for label in groups if label not in ("Total", "Unknown")]
    assert len(bands) == len(asked.bands)
    found = set()
    for place, (first, _) in enumerate(asked.bands):
        younger = frozenset().union(*bands[:place])
        try:
            Searching(system, also=[(younger, 0, 0), (bands[place], 1, NO_LIMIT)])
        except ContradictionError:
            continue
        found.add(first)
    return found
