"""A requester's own words for what is searched, and what the reply says of the search."""

from __future__ import annotations

import pytest

from nilreturn.errors import LexiconError
from nilreturn.narrative import search_keywords
from nilreturn.narrative.lexicon import load_lexicon
from nilreturn.narrative.search import CUT_OFF, asked_of
from tests.unit.narrative.indexing import write_texts


def counts(found):
    table = found.mentions.table
    return {
        keyword: sum(name == keyword for name in table["keyword"].to_pylist())
        for keyword in found.mentions.keywords
    }


def searched(folder, texts, *keywords):
    folder.mkdir(exist_ok=True)
    return search_keywords(write_texts(folder, texts), folder / "index", keywords, source="one")


@pytest.mark.parametrize("asked", ["X (Twitter)", "twitter", "Tweets", "X"])
def test_an_entry_is_asked_for_by_any_of_its_names(asked):
    _, meant = asked_of(load_lexicon(), [asked])
    assert meant[asked].name == "X (Twitter)"


def test_two_words_for_one_entry_count_alike(tmp_path):
    assert counts(searched(tmp_path, ["via instagram", "via insta"], "insta", "Instagram")) == {
        "insta": 2,
        "Instagram": 2,
    }


def test_a_word_in_no_lexicon_is_searched_and_its_misspellings_too(tmp_path):
    texts = ["messaged on parlourchat", "messaged on parlorchat", "sat in the parlour"]
    assert counts(searched(tmp_path, texts, "Parlourchat")) == {"Parlourchat": 2}


def test_words_with_other_meanings_are_told(tmp_path):
    words, rule = searched(tmp_path, ["via kik"], "Kik").ambiguous["Kik"]
    assert words == "kick"
    assert "only where the words beside it" in rule


def test_texts_cut_off_by_their_source_are_noticed(tmp_path):
    whole = ["short", "a little longer text via kik"]
    assert searched(tmp_path, whole, "Kik").cut_at is None
    cut = ["seen in the " + "a" * number + " x" * 30 for number in range(CUT_OFF)]
    assert searched(tmp_path / "cut", [text[:50] for text in cut], "Kik").cut_at == 50


@pytest.mark.parametrize("keyword", ["!!!", "one two three four five"])
def test_a_keyword_that_cannot_be_found_is_refused_and_not_counted_as_none(keyword):
    with pytest.raises(LexiconError, match="cannot be searched"):
        asked_of(load_lexicon(), [keyword])
