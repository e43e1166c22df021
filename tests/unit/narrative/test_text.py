"""Free text as tokens, hostile text included."""

import pytest

from nilreturn.narrative.text import LONGEST_FORM, LONGEST_PHRASE, Gap, normalise, phrases, tokenise


def forms(text):
    return [token.form for token in tokenise(normalise(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＦＡＣＥＢＯＯＫ", "facebook"),  # full width
        ("Fàcébòok", "facebook"),
        ("ﬁle", "file"),
        ("fасеbоок", "facebook"),  # Cyrillic а, с, е, о, к
        ("ѕnарсhаt", "snapchat"),
        ("sn\u200bap\u00adchat", "snapchat"),  # zero width space, soft hyphen
        ("\u202efacebook\u202c", "facebook"),  # right-to-left override
        ("face\0book", "facebook"),
        ("STRAẞE", "strasse"),
        ("&#70;acebook &amp; kik", "facebook & kik"),
        ("<p>via</p>kik", " via kik"),
        ("on<br/>kik<a href='x'>", "on kik "),
        ("aged <18 and >16", "aged <18 and >16"),
        ("via <kik>", "via <kik>"),  # between brackets, but no tag
    ],
)
def test_text_is_brought_into_one_form(text, expected):
    assert normalise(text) == expected


def test_an_entity_with_an_enormous_number_is_no_crash():
    assert "kik" in normalise("&#" + "9" * 50_000 + "; kik")


def test_a_long_run_of_marks_above_one_letter_is_dropped():
    # Would take minutes to put in order.
    assert normalise("a" + "\u0315\u0300" * 200_000 + "b") == "ab"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what's app", ["whats", "app"]),
        ("IP'S FACEBOOK’S", ["ips", "facebooks"]),
        ("'WHATSAPP'", ["whatsapp"]),
        ("e-mail", ["e", "mail"]),
        ("via 😀kik😀", ["via", "kik"]),
        ("", []),
        (" .,;- ", []),
    ],
)
def test_tokens(text, expected):
    assert forms(text) == expected


@pytest.mark.parametrize(
    ("between", "gap"),
    [
        (" ", Gap.JOIN), ("   ", Gap.JOIN), ("\n", Gap.JOIN), ("-", Gap.JOIN), (".", Gap.JOIN),
        ("_", Gap.JOIN), (", ", Gap.LIST), ("/", Gap.LIST), (" & ", Gap.LIST), ('", "', Gap.LIST),
        (" (", Gap.PAUSE), (': "', Gap.PAUSE),
        (". ", Gap.STOP), (" - ", Gap.STOP), ("? ", Gap.STOP), ("\n\n", Gap.STOP),
    ],
)  # fmt: skip
def test_what_stands_between_two_tokens(between, gap):
    assert tokenise(f"face{between}book")[1].gap is gap


def test_a_dot_inside_a_name_does_not_break_it():
    assert [form for form, _, _ in phrases(tokenise("on ask.fm, x.com"))].count("ask fm") == 1
    assert "fm x" not in {form for form, _, _ in phrases(tokenise("on ask.fm, x.com"))}


def test_places_are_those_in_the_normalised_text():
    text = normalise("On WHAT'S APP")
    token = tokenise(text)[1]
    assert text[token.start : token.end] == "what's"


def test_phrases_are_no_longer_than_any_name():
    found = list(phrases(tokenise("one two three four five six")))
    assert max(past - first for _, first, past in found) == LONGEST_PHRASE
    assert len(found) == 6 + 5 + 4 + 3


def test_a_form_is_cut_where_no_name_reaches():
    (token,) = tokenise("a" * 100_000)
    assert len(token.form) == LONGEST_FORM
    assert token.end == 100_000
