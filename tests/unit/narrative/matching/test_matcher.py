"""What is a mention, and what is not. Misspellings here are made up for the tests."""

import csv
import json
import random
import re
from importlib import resources
from pathlib import Path

import pytest
from benchmarks.text import ours, score
from benchmarks.text_generated import generated, slip

from nilreturn.narrative.lexicon import Lexicon, load_lexicon, word_lists
from nilreturn.narrative.matching import Matcher
from nilreturn.narrative.text import normalise, phrases, tokenise

ROOT = Path(__file__).resolve().parents[4]
LABELLED = ROOT.parent / "shared" / "text"


@pytest.mark.parametrize("entry", load_lexicon().entries, ids=lambda entry: entry.name)
def test_every_alias_that_stands_alone_is_found_anywhere(entry, named):
    for alias in entry.aliases:
        assert entry.name in named(alias.upper())
        assert entry.name in named(f"bricks and {alias}, then stones")


@pytest.mark.parametrize("entry", load_lexicon().entries, ids=lambda entry: entry.name)
def test_every_alias_that_needs_context_counts_with_cues_alone(entry, named):
    for alias in entry.context_aliases:
        assert entry.name in named(f"SUSP CONTACTED IP VIA {alias} ACCOUNT")
        assert entry.name not in named(f"{alias} STOLEN FROM GARAGE"), alias


@pytest.mark.parametrize(
    ("form", "name", "how"),
    [
        ("snapchat", "Snapchat", "exact"), ("snap chat", "Snapchat", "alias"),
        ("facebooks", "Facebook", "plural"), ("snapc hat", "Snapchat", "joined"),
        ("facebookmarketplace", "Facebook Marketplace", "joined"),
        ("usingtelegram", "Telegram", "glued"), ("grindraccount", "Grindr", "glued"),
        ("1nstagram", "Instagram", "homoglyph"), ("lnstagram", "Instagram", "homoglyph"),
        ("kick", "Kik", "confusable"), ("instaggrem", "Instagram", "variant"),
        ("pinterrst", "Pinterest", "variant"), ("clash of clanz", "Clash of Clans", "variant"),
        ("minecra", "Minecraft", "variant"), ("ontelegrem", "Telegram", "variant"),
        ("telegram com", "Telegram", "glued"), ("fonecall", "Phone call", "variant"),
    ],
)  # fmt: skip
def test_why_a_form_may_mean_an_entry(matcher, form, name, how):
    candidate = matcher.candidates([form])[form][0]
    assert (candidate.entry.name, candidate.match_kind) == (name, how)
    assert candidate.why
    assert candidate.written == (how in ("exact", "alias"))


@pytest.mark.parametrize(
    "form",
    ["macbook", "passbook", "fortnightly", "telegraph", "instance", "installed", "snapped",
     "redditch", "twitched", "signals", "hinges", "enqs", "quora", "valorant", "2026", "a" * 39,
     "to message", "on facebook", "face down"],
)  # fmt: skip
def test_a_known_word_is_never_a_misspelt_name(matcher, form):
    assert form not in matcher.candidates([form])


def test_a_misspelt_word_that_is_nearer_needs_the_more_context(matcher):
    found = matcher.candidates(["grinedr", "pinteresst"])
    assert found["grinedr"][0].nearest_word == "grinder"
    assert found["grinedr"][0].needs_context
    assert not found["pinteresst"][0].needs_context


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SUSP KICKED DOOR OFF ITS HINGE", set()),
        ("FB CREW ATTENDED GARAGE FIRE", set()),
        ("SC 12 ATTENDED", set()),
        ("SUSPECTS X 3 RAN OFF", set()),
        ("PLAYSTATION AND TV TAKEN FROM LOUNGE", set()),
        ("HE WAS THREATENED OVER PLAYSTATION BY ANOTHER PLAYER", {"PlayStation Network"}),
        ("MESSAGES RECEIVED ON FB, SC AND WA", {"Facebook", "Snapchat", "WhatsApp"}),
        ("IP WAS ADDED ON LINE BY A STRANGER", {"LINE"}),
        ("DAMAGE IN LINE WITH REPORT", set()),
        ("CONTACTED VIA KICK AND TELEGRAM", {"Kik", "Telegram"}),
        ("HER HINGE PROFILE", {"Hinge"}),
        ("FACEBOOK MESSENGER", {"Facebook", "Facebook Messenger"}),
        ("FBMESSENGER", {"Facebook", "Facebook Messenger"}),
        ("MESSAGED ON MESSENGER", {"Facebook Messenger"}),
        ("MESSAGED ON WHATSAPP MESSENGER", {"WhatsApp"}),
        ("MESSAGED ON SIGNAL MESSENGER APP", {"Signal"}),
        ("WHATSAPPTELEGRAM MESSAGES", {"WhatsApp", "Telegram"}),
        ("POSTED ON TWITTER.COM", {"X (Twitter)"}),
    ],
)  # fmt: skip
def test_the_context_settles_what_is_ambiguous(named, text, names):
    assert named(text) == names


def test_a_sentence_end_keeps_cues_apart(named):
    assert named("CONTACTED IP VIA. LINE CUT AT POLE") == set()


def test_a_form_far_from_a_name_counts_only_where_the_sentence_asks_for_one(named):
    assert named("SUSP CREATED FAKE ROVLOK AND TELEGRAM ACCOUNT") == {"Roblox", "Telegram"}
    assert named("ROVLOK TAKEN FROM SHED") == set()


def test_a_mention_says_why_in_words(matcher):
    (mention,) = matcher.mentions("Threats received via FB account")
    assert mention.form == "fb"
    assert mention.why == "'fb' is an alias; near: via, account, received (4.8 points, 1.1 needed)"
    text = normalise("Threats received via FB account")
    assert text[mention.start : mention.end] == "fb"


def test_neither_the_order_of_forms_nor_that_of_the_lexicon_changes_what_counts(matcher):
    texts = [record["text"] for record in generated(matcher.lexicon, hard=True, seed=3, records=60)]
    turned = Matcher(Lexicon(tuple(reversed(matcher.lexicon.entries)), matcher.lexicon.cues))
    for text in texts:
        assert {m.entry.name for m in turned.mentions(text)} == {
            m.entry.name for m in matcher.mentions(text)
        }
    forms = sorted({form for text in texts for form, _, _ in phrases(tokenise(normalise(text)))})
    assert matcher.candidates(forms) == matcher.candidates(reversed(forms))


@pytest.mark.parametrize(
    "text",
    ["a" * 100_000, "kik, " * 5_000, "fb and " * 5_000, "<" * 100_000, "&#" * 50_000, "'" * 100_000,
     "a'" * 50_000, "😀" * 20_000, "\u202e" * 50_000, "facebook " + " " * 100_000 + "messenger",
     "\0" * 10_000, "x" * 39 + " kik"],
    ids=range(12),
)  # fmt: skip
@pytest.mark.timeout(20)
def test_hostile_text_is_read_to_its_end(matcher, text):
    matcher.mentions(text)


def test_work_grows_in_line_with_one_records_length(matcher, monkeypatch):
    """
    Counted, not timed: how often a list of names is followed, in a text that is one long list of
    ambiguous names.
    """
    from nilreturn.narrative.matching import context

    steps = 0
    follow = context._item_before

    def counted(*arguments):
        nonlocal steps
        steps += 1
        return follow(*arguments)

    monkeypatch.setattr(context, "_item_before", counted)
    counts = []
    for times in (500, 1000):
        steps = 0
        matcher.mentions("fb, " * times)
        counts.append(steps)
    assert counts[1] <= 2.1 * counts[0]


@pytest.mark.parametrize(
    ("hard", "recall", "precision", "count_error"),
    [(True, 0.95, 0.995, 0.04), (False, 0.98, 0.998, 0.02)],
)
def test_accuracy_on_records_made_up_for_this_test_alone(hard, recall, precision, count_error):
    lexicon = load_lexicon()
    result = score(ours, lexicon, generated(lexicon, hard=hard, seed=77, records=600))
    assert result.recall >= recall
    assert result.precision >= precision
    assert result.count_error <= count_error


@pytest.mark.parametrize(("name", "count_error"), [("dev.csv", 0.03), ("dev_natural.csv", 0.01)])
def test_accuracy_on_labelled_records(name, count_error):
    if not (LABELLED / name).exists():
        pytest.skip(f"{name} is not beside the repository")
    with (LABELLED / name).open(encoding="utf-8", newline="") as file:
        result = score(ours, load_lexicon(), list(csv.DictReader(file)))
    assert result.recall >= 0.97
    assert result.precision >= 0.995
    assert result.count_error <= count_error


def test_a_misspelt_common_word_is_hardly_ever_a_name_without_context(matcher):
    draw = random.Random(6)
    words = sorted(word for word in word_lists.common_words() if len(word) >= 4)
    forms = {slip(draw.choice(words), draw) for _ in range(12_000)}
    unknown = {form for form in forms if word_lists.kind_of(form) is None}
    found = matcher.candidates(unknown)
    alone = {
        form
        for form, candidates in found.items()
        if any(one.context_threshold == 0 for one in candidates)
    }
    assert len(unknown) > 8_000
    assert len(alone) <= len(unknown) / 1000


def test_no_labelled_misspelling_is_built_in():
    """Else the figures above would say nothing about other misspellings."""
    if not (LABELLED / "dev.csv").exists():
        pytest.skip("dev.csv is not beside the repository")
    forms = set()
    for name in ("dev.csv", "dev_natural.csv"):
        with (LABELLED / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for mention in json.loads(row["mentions"]):
                    if mention["type"].startswith("typo"):
                        forms.add(mention["form"].lower())
    folder = resources.files("nilreturn.narrative.lexicon")
    files = [*folder.joinpath("data").iterdir(), *folder.iterdir()]
    texts = {
        path.name: path.read_text(encoding="utf-8")
        for path in files
        if path.name.endswith((".csv", ".py"))
    }
    words = {name: set(re.findall(r"[a-z0-9]+", text.lower())) for name, text in texts.items()}
    assert {name: held & forms for name, held in words.items() if held & forms} == {}
