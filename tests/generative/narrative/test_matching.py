"""What no spacing, case, punctuation or order may change."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nilreturn.narrative.distance import distance, spoken_distance
from nilreturn.narrative.lexicon import load_lexicon
from nilreturn.narrative.matching import Matcher
from nilreturn.narrative.text import LONGEST_FORM, Gap, normalise, phrases, tokenise
from tests.support.examples import examples

LEXICON = load_lexicon()
MATCHER = Matcher(LEXICON)
STANDING = [(entry.name, alias) for entry in LEXICON.entries for alias in entry.aliases]
WORDS = st.sampled_from(
    ["susp", "threats", "to", "ip", "door", "stolen", "x", "9", "garden", "via", "kicked", "letter"]
)
LETTERS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", max_size=LONGEST_FORM)


def names(text):
    return {mention.entry.name for mention in MATCHER.mentions(text)}


@given(st.sampled_from(STANDING), st.data())
def test_spaces_case_and_punctuation_never_lose_an_exact_name(standing, data):
    name, alias = standing
    spaces = st.text(" \t\u00a0", min_size=1, max_size=30)
    written = "".join(part if part != " " else data.draw(spaces) for part in alias)
    cased = "".join(
        data.draw(st.sampled_from((letter.lower(), letter.upper()))) for letter in written
    )
    marks = st.text(" .,;:!?()[]<>\"'/&*-…“”\n", max_size=5)
    assert name in names(data.draw(marks) + cased + data.draw(marks))


@given(st.sampled_from(STANDING), st.lists(WORDS, max_size=6), st.lists(WORDS, max_size=6))
def test_a_name_that_stands_alone_is_found_among_any_words(standing, before, after):
    name, alias = standing
    candidates = MATCHER.candidates([alias])[alias]
    if any(one.overlaps for one in candidates if one.entry.name == name):
        return  # may be a part of a longer name
    assert name in names(", ".join((" ".join(before), alias, " ".join(after))))


@given(LETTERS, LETTERS)
def test_distance_is_symmetric_and_nothing_only_to_itself(one, two):
    assert distance(one, two) == distance(two, one)
    assert spoken_distance(one, two) == spoken_distance(two, one)
    assert (distance(one, two) == 0) == (one == two)


@given(st.lists(LETTERS, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_forms_does_not_matter(forms, draw):
    turned = list(forms)
    draw.shuffle(turned)
    assert MATCHER.candidates(forms) == MATCHER.candidates(turned)


@given(
    st.lists(
        st.sampled_from([alias for _, alias in STANDING] + ["snpachat", "facebk", "insta", "door"]),
        max_size=6,
    )
)
@settings(max_examples=examples(50))
def test_candidates_of_many_forms_are_those_of_each(forms):
    together = MATCHER.candidates(forms)
    for form in forms:
        assert together.get(form) == MATCHER.candidates([form]).get(form)


@given(st.text(max_size=300))
def test_any_text_at_all_is_read(text):
    normal = normalise(text)
    tokens = tokenise(normal)
    for token in tokens:
        assert 0 < len(token.form) <= LONGEST_FORM
        assert token.form.isalnum()
        assert 0 <= token.start < token.end <= len(normal)
    assert not tokens or tokens[0].gap is Gap.STOP
    for mention in MATCHER.mentions(text):
        assert mention.form in {form for form, _, _ in phrases(tokens)}


@pytest.mark.parametrize(
    "invisible", ["\u200b", "\u00ad", "\u202e", "\u2066", "\ufeff", "\0", "\u0301"]
)
@given(st.sampled_from([(name, alias) for name, alias in STANDING if " " not in alias]), st.data())
@settings(max_examples=20)
def test_what_nobody_sees_never_hides_a_name(invisible, standing, data):
    name, alias = standing
    at = data.draw(st.integers(1, len(alias)))
    assert name in names(f"on {alias[:at]}{invisible}{alias[at:]}")
