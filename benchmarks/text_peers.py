"""
The usual ways of finding names in free text, for comparison. Each is given what it needs to do
well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from nilreturn.narrative.lexicon import Lexicon
from nilreturn.narrative.text import normalise, phrases, tokenise

RATIO = 88
"""The least rapidfuzz ratio: the best of 75, 80, 85, 88 and 90 by F1."""

EDITS = 2
"""symspellpy's largest edit distance, its default."""


def substring(lexicon: Lexicon, texts: Sequence[str]) -> list[frozenset[str]]:
    """Each entry's name anywhere in the text, in any case: the search most records systems have."""
    names = [(entry.name, entry.name.casefold()) for entry in lexicon.entries]
    return [frozenset(name for name, form in names if form in text.casefold()) for text in texts]


def whole_words(lexicon: Lexicon, texts: Sequence[str]) -> list[frozenset[str]]:
    """
    Each entry's safe aliases as whole words, any run of spaces, dots or hyphens between their
    parts.
    """
    patterns = [
        (
            entry,
            re.compile(
                r"\b(?:"
                + "|".join(alias.replace(" ", r"[\s.-]+") for alias in entry.aliases)
                + r")\b"
            ),
        )
        for entry in lexicon.entries
        if entry.aliases
    ]
    found = []
    for text in texts:
        folded = text.casefold().replace("'", "")
        hits = {entry for entry, pattern in patterns if pattern.search(folded)}
        found.append(frozenset(entry.name for entry in hits))
    return found


def _aliases(lexicon: Lexicon) -> dict[str, str]:
    """Letters of each safe alias of four letters or more, and its entry."""
    pairs = (
        (alias.replace(" ", ""), entry.name) for entry in lexicon.entries for alias in entry.aliases
    )
    return {letters: name for letters, name in pairs if len(letters) >= 4}


def _joined(text: str) -> set[str]:
    """The tokens of a text and its adjacent pairs, without spaces."""
    return {form.replace(" ", "") for form, _, _ in phrases(tokenise(normalise(text)), longest=2)}


def ratio(lexicon: Lexicon, texts: Sequence[str]) -> list[frozenset[str]]:
    """
    rapidfuzz.fuzz.ratio of every token and adjacent pair with every safe alias, RATIO or more.
    """
    import numpy as np
    from rapidfuzz import fuzz, process

    aliases = _aliases(lexicon)
    joined = [_joined(text) for text in texts]
    forms = sorted(set().union(*joined)) if joined else []
    names = list(aliases)
    near: dict[str, set[str]] = {}
    for first in range(0, len(forms), 20_000):
        some = forms[first : first + 20_000]
        ratios = process.cdist(some, names, scorer=fuzz.ratio, score_cutoff=RATIO, dtype=np.uint8)
        for row, column in zip(*(part.tolist() for part in np.nonzero(ratios)), strict=True):
            near.setdefault(some[row], set()).add(aliases[names[column]])
    return [frozenset(name for form in some for name in near.get(form, ())) for some in joined]


def symspell(lexicon: Lexicon, texts: Sequence[str]) -> list[frozenset[str]]:
    """
    symspellpy: what it corrects each token and adjacent pair to, out of its English words and the
    safe aliases.
    """
    from importlib.resources import files

    from symspellpy import SymSpell, Verbosity

    speller = SymSpell(max_dictionary_edit_distance=EDITS)
    words = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    speller.load_dictionary(str(words), term_index=0, count_index=1)
    aliases = _aliases(lexicon)
    for letters in aliases:
        # As common as a common word of such records.
        speller.create_dictionary_entry(letters, 50_000_000)
    joined = [_joined(text) for text in texts]
    corrected = {
        form: aliases[best[0].term]
        for form in set().union(*joined)
        if (best := speller.lookup(form, Verbosity.TOP, max_edit_distance=EDITS))
        and best[0].term in aliases
    }
    return [frozenset(corrected[form] for form in some if form in corrected) for some in joined]


PEERS: dict[str, Callable[[Lexicon, Sequence[str]], list[frozenset[str]]]] = {
    "exact substring of the name": substring,
    "whole words, safe aliases (regex)": whole_words,
    f"rapidfuzz ratio >= {RATIO}": ratio,
    f"symspellpy, {EDITS} edits": symspell,
}
"""What is compared with."""
