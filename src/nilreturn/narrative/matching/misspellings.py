"""
Which forms may mean an entry of the lexicon, and why. It works on distinct forms, not on records.

A form whose letters differ from every spelling is judged by its distance: rapidfuzz finds the few
spellings that are near, and the weights of `distance` judge those. A form needs more context the
greater its distance is and the nearer it is to an ordinary word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from nilreturn.narrative.distance import NEXT_KEY, distance, limit, spoken_distance
from nilreturn.narrative.lexicon import FUNCTION_WORD, Lexicon, kind_of, nearest_word
from nilreturn.narrative.matching.name_fragments import NameFragments
from nilreturn.narrative.matching.spellings import (
    SOME_CONTEXT,
    STANDS_ALONE,
    Candidate,
    Spelling,
    Spellings,
    related,
)

# Share of the limit within which a spelling is accepted without context.
WELL_WITHIN = 0.62

# Fewest letters of a name whose misspellings are accepted without context.
LEAST_ALONE = 5

# Greatest distance, whatever the length of the name, that is accepted without context.
MOST_ALONE = 1.5

# Greatest distance as a multiple of the limit, where the sentence strongly suggests such a name.
BEYOND = 1.9

# Greatest distance for each letter of the name.
MOST = 0.34

_PER_PART = 0.9  # points asked for each limit's length of distance
_WORD_NEARER = 0.8  # points asked when an ordinary word is clearly nearer
_WORD_AS_NEAR = 0.3  # points asked when an ordinary word is about as near
_NO_MARGIN = 0.6  # points asked when a second entry is as near, and both are far
_MARGIN = 0.3
_SOUNDS_SAME = 0.35  # the distance within which even an ordinary word may be a name's part misspelt
_RUN_ON = 0.3  # what words run on to a misspelt name cost, beside the letters
_SPACE = 0.2  # what a space within a name costs, beside the letters


class Variants:
    """The spellings of a lexicon, prepared for comparison with forms."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._spellings = Spellings(lexicon)
        self._near = {
            letters: spelling
            for letters, spelling in sorted(self._spellings.by_letters.items())
            if len(letters) >= (3 if spelling.is_sure_alone else 4)
            and not any(character.isdigit() for character in letters)
        }
        self._letters = list(self._near)
        self._forms: dict[str, list[Spelling]] = defaultdict(list)
        for spelling in self._spellings.all:
            self._forms[spelling.letters].append(spelling)
        self._seconds = {
            words[1]
            for words in (one.form.split(" ") for one in self._spellings.all if one.is_sure_alone)
            if len(words) == 2
        }
        self._names = frozenset(self._spellings.by_letters)
        self.name_fragments = NameFragments(
            self._letters, self._spellings.by_letters, self._spellings.phrases
        )

    def candidates(self, forms: Iterable[str]) -> dict[str, tuple[Candidate, ...]]:
        """
        The candidates that each form may mean, independent of the order of the forms, which is
        kept; forms without a meaning are left out.
        """
        found: dict[str, tuple[Candidate, ...]] = {}
        unknown: list[str] = []
        distinct = dict.fromkeys(forms)
        for form in distinct:
            same = self._spellings.same_letters(form)
            if same:
                found[form] = same
            elif self._may_be_misspelt(form):
                unknown.append(form)
        for form, compared in self._survivors(unknown).items():
            judged = (
                self._judge_phrase(form, compared[form])
                if " " in form
                else self._judge(form, compared)
            )
            if judged:
                found[form] = judged
        return {form: found[form] for form in distinct if form in found}

    def _may_be_misspelt(self, form: str) -> bool:
        letters = form.replace(" ", "")
        if not 3 <= len(letters) <= 26 or letters.isdigit():
            return False
        if " " not in form:
            return kind_of(form) is None
        words = form.split(" ")
        if len(words) > 3 or not self.name_fragments.may_be(form):
            return False
        return any(kind_of(word) is None for word in words) or (
            len(words) == 2 and words[-1] in self._seconds
        )

    def _survivors(
        self, forms: list[str], *, batch: int = 20_000
    ) -> dict[str, dict[str, list[str]]]:
        """
        For each form, the spellings that are a few plain edits from the form and from its core.
        """
        import numpy as np
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        compared = [(form, form) for form in forms]
        cores = ((form, self._spellings.core(form)) for form in forms if " " not in form)
        compared += [(form, core) for form, core in cores if core != form]
        most = np.array([_most_edits(len(letters)) for letters in self._letters], dtype=np.uint8)
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for first in range(0, len(compared), batch):
            some = compared[first : first + batch]
            letters = [part.replace(" ", "") for _, part in some]
            edits = process.cdist(
                letters, self._letters, scorer=OSA.distance, score_cutoff=4, dtype=np.uint8
            )
            rows, columns = np.nonzero(edits <= most)
            for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
                form, part = some[row]
                found[form][part].append(self._letters[column])
        return found

    def _judge(self, form: str, compared: dict[str, list[str]]) -> tuple[Candidate, ...]:
        """
        Judge the spellings near the form, and those near its core, which must be nearer by _RUN_ON.
        """
        ranked = sorted(
            (_cost(letters, name) + (_RUN_ON if letters != form else 0.0), name, letters)
            for letters, near in compared.items()
            for name in near
        )
        cost, name, letters = ranked[0]
        spelling = self._near[name]
        most = _limit(letters, spelling)
        part = cost / most
        if part > (BEYOND if len(name) > 3 and letters == form else 1) or cost > MOST * len(name):
            return ()
        word, word_cost, word_likely = nearest_word(form, self._names)
        close = part <= WELL_WITHIN and cost <= MOST_ALONE and cost < word_cost - _MARGIN
        stands = spelling.is_sure_alone and close and most >= limit(LEAST_ALONE)
        demand = STANDS_ALONE if stands else self._asked(spelling, part, cost - word_likely)
        if part > 1 and self._second(ranked, spelling) - cost < _MARGIN:
            demand += _NO_MARGIN
        why = f"{cost:.2f} from '{spelling.form}' (limit {most:.2f})"
        if form != letters:
            why = f"'{letters}' with words run on: {why}"
        return self._spellings.candidates(
            spelling,
            "variant",
            why,
            cost=round(cost, 2),
            context_threshold=round(demand, 2),
            nearest_word=word,
        )

    def _asked(self, spelling: Spelling, part: float, beyond_word: float) -> float:
        """
        The points of context that a spelling at this distance needs. `beyond_word`: how much nearer
        an ordinary word is.
        """
        asked = 0.3 + _PER_PART * part + spelling.context_threshold / 2
        if beyond_word > 0:
            return asked + _WORD_NEARER * min(2.0, 0.5 + beyond_word)
        return asked + (_WORD_AS_NEAR if beyond_word >= -_MARGIN else 0.0)

    def _second(self, ranked: list[tuple[float, str, str]], best: Spelling) -> float:
        """The distance of the nearest other entry that is not related to the best."""
        others = ((cost, self._near[name].entry) for cost, name, _ in ranked)
        return min((cost for cost, entry in others if not related(entry, best.entry)), default=99.0)

    def _judge_phrase(self, form: str, near: list[str]) -> tuple[Candidate, ...]:
        ranked = [
            (cost, spelling.letters, spelling.form, spelling)
            for name in near
            for spelling in self._forms[name]
            if (cost := self._phrase_cost(form, spelling)) is not None
        ]
        if not ranked:
            return ()
        cost, name, _, spelling = min(ranked)
        most = _limit("".join(form.split(" ")), spelling)
        part = cost / most
        ordinary = all(
            word in spelling.form.split(" ") or kind_of(word) for word in form.split(" ")
        )
        stands = part <= WELL_WITHIN and cost <= MOST_ALONE and len(name) >= 7 and not ordinary
        demand = (
            STANDS_ALONE if stands else 0.3 + _PER_PART * part + (SOME_CONTEXT if ordinary else 0.0)
        )
        why = f"{cost:.2f} from '{spelling.form}' (limit {most:.2f})"
        return self._spellings.candidates(
            spelling, "variant", why, cost=cost, context_threshold=round(demand, 2)
        )

    def _phrase_cost(self, form: str, spelling: Spelling) -> float | None:
        """The distance of a phrase from a spelling, or None where it cannot be one."""
        words, wanted = form.split(" "), spelling.form.split(" ")
        aligned = _word_by_word(words, wanted) if len(words) == len(wanted) else None
        if aligned is not None:
            return aligned
        kinds = [kind_of(word) for word in words]
        if FUNCTION_WORD in kinds or None not in kinds or len(spelling.letters) < 6:
            return None
        if any(len(word) < 2 or word in self._spellings.by_form for word in words):
            return None
        cost = _cost("".join(words), spelling.letters) + _SPACE
        return cost if cost <= 0.8 * limit(len(spelling.letters)) else None


def _word_by_word(words: list[str], wanted: list[str]) -> float | None:
    """
    The sum of the distances of words that differ. An ordinary word may be another word misspelt
    only where it sounds the same or nearly, and the rest is right ("face buk").
    """
    total = 0.0
    for word, want in zip(words, wanted, strict=True):
        if word == want:
            continue
        cost = _cost(word, want)
        if cost > (_SOUNDS_SAME if kind_of(word) else max(limit(len(want)), NEXT_KEY)):
            return None
        total += cost
    return round(total, 2)


def _limit(letters: str, spelling: Spelling) -> float:
    """
    The greatest distance of the letters, from the name's own letters only, since only those can be
    wrong.
    """
    right = spelling.beside if letters.endswith(spelling.beside) else ""
    return limit(len(spelling.letters) - len(right))


def _most_edits(letters: int) -> int:
    return 1 if letters <= 3 else 2 if letters <= 5 else 3 if letters <= 7 else 4


def _cost(letters: str, name: str) -> float:
    cost = min(distance(letters, name), spoken_distance(letters, name) + 0.3)
    missing = len(name) - len(letters)
    if 0 < missing <= 3 and len(letters) >= 5 and name.startswith(letters):
        # Cut off: the field was full, or the officer was called away.
        cost = min(cost, 0.3 + 0.3 * missing)
    return round(cost, 2)
