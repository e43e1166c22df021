"""References printed in the place of hashes: of what is printed, and of nothing else."""

from __future__ import annotations

from dataclasses import replace

from nilreturn.disclosure import protect, references_of_earlier
from nilreturn.disclosure.references import reference_of
from tests.support.counts import policy, table

KEY = bytes(range(32))
COUNTS = [[3, 9, 20], [22, 8, 31], [14, 7, 40]]


def published(**settings):
    return protect([table(COUNTS)], policy(), **settings).published


def test_a_reference_is_of_what_is_printed_and_of_the_key():
    reference = reference_of(published(), KEY)
    assert len(reference) == 64
    assert reference_of(published(), KEY) == reference
    assert reference_of(published(), bytes(32)) != reference
    other = protect([table([[3, 9, 21], *COUNTS[1:]])], policy()).published
    assert reference_of(other, KEY) != reference


def test_which_extract_was_counted_is_not_in_it():
    (one,) = published()
    other = replace(
        one, population=replace(one.population, source="another extract"), release="another name"
    )
    assert reference_of([other], KEY) == reference_of([one], KEY)


def test_each_earlier_release_has_one_reference_and_two_answers_do_not_share_it():
    (one,) = published()
    known = [
        replace(one, release="1"),
        replace(one, name="u", release="2"),
        replace(one, name="v", release="2"),
    ]
    found = references_of_earlier(known, KEY, request="77")
    assert list(found) == ["1", "2"]
    assert not set(found.values()) & set(references_of_earlier(known, KEY, request="78").values())


def test_without_a_key_there_is_none():
    assert protect([table(COUNTS)], policy()).reference == ""
