"""
Made-up records for judging the matcher: neutral sentences, names spelt as people misspell them, and
ordinary words that look like names. Same seed, same records; the spellings come out of a channel
that knows nothing of the matcher.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path

from nilreturn.narrative.lexicon import Entry, Lexicon

Record = dict[str, str]
"""
One row of an evaluation file: id, text, gold (names joined by ";"), mentions (JSON), neg_type, pos.
"""

SENTENCES = Path(__file__).with_name("text_sentences.csv")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SOUNDS = (
    ("ph", "f"), ("f", "ph"), ("c", "k"), ("ck", "k"), ("k", "c"), ("ch", "tch"), ("x", "ks"),
    ("s", "z"), ("oo", "u"), ("ou", "u"), ("u", "oo"), ("ee", "ea"), ("i", "y"), ("y", "i"),
    ("e", "a"), ("a", "e"), ("o", "u"), ("er", "a"), ("tt", "t"), ("ss", "s"), ("pp", "p"),
    ("t", "tt"), ("p", "pp"), ("i", "e"), ("wh", "w"),
)  # fmt: skip
_STUCK_BEFORE = ("on", "via", "using", "the", "my", "her")
_STUCK_AFTER = ("acc", "msg", "account", "message", "app", "group", "profile", "chat", "and")
# How often each way of writing a name is drawn, in hard text and in natural text.
_HARD = {"canon": 30, "alias": 12, "context": 8, "typo1": 30, "typo2": 8, "sound": 8, "joined": 4,
         "split": 6, "glued": 4, "cut": 3, "plural": 2, "punct": 2, "domain": 1}  # fmt: skip
_NATURAL = {"canon": 76, "alias": 8, "context": 8, "typo1": 3, "typo2": 1, "sound": 1, "joined": 1,
            "split": 2, "glued": 1, "cut": 0, "plural": 1, "punct": 1, "domain": 0}  # fmt: skip


def _neighbour(letter: str, draw: random.Random) -> str:
    for r, keys in enumerate(_ROWS):
        if letter in keys:
            at = keys.index(letter)
            near = [keys[at - 1]] if at else []
            near += keys[at + 1 : at + 2]
            for other in (r - 1, r + 1):
                if 0 <= other < 3:
                    near += _ROWS[other][at : at + 1]
            return draw.choice(near)
    return letter


def slip(word: str, draw: random.Random) -> str:
    """`word` with one slip of a finger."""
    at = (
        draw.randrange(len(word))
        if draw.random() < 0.15
        else draw.randrange(1, len(word))
        if len(word) > 1
        else 0
    )
    kind = draw.choices(("key", "drop", "double", "swap", "extra", "any"), (28, 26, 14, 16, 10, 6))[
        0
    ]
    letter = word[at]
    if kind == "drop" and len(word) > 3:
        return word[:at] + word[at + 1 :]
    if kind == "double":
        return word[:at] + letter + word[at:]
    if kind == "swap" and at and word[at - 1] != letter:
        return word[: at - 1] + letter + word[at - 1] + word[at + 1 :]
    if kind == "extra":
        return word[:at] + _neighbour(letter, draw) + word[at:]
    other = _neighbour(letter, draw) if kind != "any" else draw.choice("abcdefghijklmnopqrstuvwxyz")
    return word[:at] + other + word[at + 1 :]


def by_ear(word: str, draw: random.Random) -> str:
    """`word` spelt as it sounds, in one or two places."""
    for _ in range(draw.choice((1, 1, 2))):
        choices = [
            (old, new)
            for old, new in _SOUNDS
            if old in word[1:] or (old in word[:2] and len(old) == 2)
        ]
        if not choices:
            return slip(word, draw)
        old, new = draw.choice(choices)
        places = [i for i in range(len(word)) if word.startswith(old, i) and (i or len(old) == 2)]
        at = draw.choice(places or [0])
        word = word[:at] + new + word[at + len(old) :] if places else word
    return word


def _letters(entry: Entry, draw: random.Random) -> str:
    """
    A way of writing the entry that is worth misspelling: without spaces and digits, four letters at
    least.
    """
    words = [alias.replace(" ", "") for alias in (*entry.aliases[:2], *entry.context_aliases)]
    words = [word for word in words if len(word) >= 4 and word.isalpha()]
    return draw.choice(words) if words else entry.aliases[0].replace(" ", "")


def _any(entry: Entry, draw: random.Random) -> str:
    return draw.choice(entry.aliases or entry.context_aliases)


def _ambiguous(entry: Entry, draw: random.Random) -> str:
    return draw.choice(entry.context_aliases or entry.aliases)


def _canon(entry: Entry, draw: random.Random) -> str:
    known = (*entry.aliases, *entry.context_aliases)
    return entry.name.lower() if entry.name.lower() in known else known[0]


def _bare(entry: Entry, draw: random.Random) -> str:
    return (entry.aliases or entry.context_aliases)[0]


def _split(word: str, draw: random.Random) -> str:
    if len(word) < 6:
        return word
    at = draw.randrange(3, len(word) - 2)
    rest = word[at:]
    return f"{word[:at]} {slip(rest, draw) if draw.random() < 0.5 and len(rest) > 2 else rest}"


def _glued(word: str, draw: random.Random) -> str:
    word = word.replace(" ", "")
    if len(word) < 4:
        return word
    return (
        draw.choice(_STUCK_BEFORE) + word
        if draw.random() < 0.5
        else word + draw.choice(_STUCK_AFTER)
    )


def _cut(word: str, draw: random.Random) -> str:
    return word[: -draw.choice((1, 1, 2))] if len(word) >= 7 else slip(word, draw)


def _quoted(word: str, draw: random.Random) -> str:
    return draw.choice(('"{}"', "({})", "'{}'", "-{}-")).format(word)


# Which spelling of an entry a way of writing starts from, and what it makes of it.
_WAYS: dict[
    str, tuple[Callable[[Entry, random.Random], str], Callable[[str, random.Random], str]]
] = {
    "canon": (_canon, lambda word, draw: word),
    "alias": (_any, lambda word, draw: word),
    "context": (_ambiguous, lambda word, draw: word),
    "typo1": (_letters, slip),
    "typo2": (_letters, lambda word, draw: slip(slip(word, draw), draw)),
    "sound": (_letters, by_ear),
    "joined": (_any, lambda word, draw: word.replace(" ", "")),
    "split": (_letters, _split),
    "glued": (_bare, _glued),
    "cut": (_letters, _cut),
    "plural": (_bare, lambda word, draw: word + draw.choice(("s", "'s"))),
    "punct": (_canon, _quoted),
    "domain": (_canon, lambda word, draw: word.replace(" ", "") + draw.choice((".com", ".co.uk"))),
}


def _sentences() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {"names": [], "plain": [], "trap": [], "tail": []}
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind, _, trap = row["kind"].partition(":")
            found[kind].append((trap or kind, row["text"]))
    return found


def generated(lexicon: Lexicon, *, hard: bool, seed: int, records: int = 1500) -> list[Record]:
    """
    `records` made-up records, of names in every spelling (`hard`) or mostly as the lexicon has
    them.
    """
    draw = random.Random(seed)
    sentences = _sentences()
    weights = [1.0 if hard else 1 / (1 + rank) for rank in range(len(lexicon.entries))]
    return [_record(number, lexicon, hard, weights, sentences, draw) for number in range(records)]


def _record(number: int, lexicon: Lexicon, hard: bool, weights: list[float],
            sentences: dict[str, list[tuple[str, str]]],
            draw: random.Random) -> Record:  # fmt: skip
    parts: list[str] = []
    mentions: list[dict[str, str]] = []
    trap = ""
    named = draw.random() < 0.6
    if not named or draw.random() < 0.2:
        trap, text = draw.choice(sentences["trap"] if draw.random() < 0.7 else sentences["plain"])
        parts.append(text)
    if named:
        text, mentions = _named(lexicon, hard, weights, draw.choice(sentences["names"])[1], draw)
        parts.insert(draw.randrange(len(parts) + 1), text)
    if draw.random() < 0.4:
        parts.append(draw.choice(sentences["tail"])[1])
    text = ". ".join(_mistyped(part, mentions, draw) for part in parts)
    text = draw.choice((str.upper, str.upper, str.lower, str.capitalize))(text)
    names = {mention["p"] for mention in mentions}
    names |= {mention["parent"] for mention in mentions if mention["parent"]}
    gold = ";".join(sorted(names))
    return {"id": f"G{number:05d}", "text": text, "gold": gold, "mentions": json.dumps(mentions),
            "neg_type": trap, "pos": "1" if mentions else "0"}  # fmt: skip


def _named(lexicon: Lexicon, hard: bool, weights: list[float], sentence: str,
           draw: random.Random) -> tuple[str, list[dict[str, str]]]:  # fmt: skip
    entries = {
        entry.name: entry
        for entry in draw.choices(lexicon.entries, weights, k=draw.choice((1, 1, 1, 2, 2, 3)))
    }
    ways = _HARD if hard else _NATURAL
    forms = []
    mentions = []
    for entry in entries.values():
        way = draw.choices(list(ways), list(ways.values()))[0]
        choose, change = _WAYS[way]
        word = choose(entry, draw)
        form = change(word, draw).upper()
        forms.append(form)
        mentions.append(
            {"p": entry.name, "form": form, "type": way, "parent": _parent(lexicon, entry, word)}
        )
    between = draw.choice((" AND ", "/", " & "))
    names = ", ".join(forms[:-1]) + between + forms[-1] if len(forms) > 1 else forms[0]
    return sentence.replace("{names}", names), mentions


def _parent(lexicon: Lexicon, entry: Entry, word: str) -> str:
    """The parent's name, when its own name begins the spelling that was meant ("fb messenger")."""
    parent = lexicon.by_name.get(entry.parent)
    names = (
        [alias.replace(" ", "") for alias in (*parent.aliases, *parent.context_aliases)]
        if parent
        else []
    )
    return entry.parent if any(word.replace(" ", "").startswith(name) for name in names) else ""


def _mistyped(text: str, mentions: list[dict[str, str]], draw: random.Random) -> str:
    """
    One word in forty of a sentence with a slip of its own; words of names are left as they are.
    """
    kept = {word for mention in mentions for word in mention["form"].split()}
    words = []
    for word in text.split(" "):
        loose = word.isalpha() and len(word) > 4 and word not in kept and draw.random() < 0.025
        words.append(slip(word.lower(), draw).upper() if loose else word)
    return " ".join(words)
