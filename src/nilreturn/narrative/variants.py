"""
Which forms may mean an entry of the lexicon, and why: exact, joined, plural, glued, or near by distance.

Works on distinct forms, never on records; what a form needs from its surroundings is a number of points (`demand`) that
`context` weighs against the words around each place it stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from nilreturn.narrative import english
from nilreturn.narrative.distance import distance, limit, spoken_distance
from nilreturn.narrative.lexicon import Entry, Lexicon
from nilreturn.narrative.parts import Parts

STANDS_ALONE = 0.0
SOME_CONTEXT = 1.0
MORE_CONTEXT = 1.6
STRONG_CONTEXT = 2.2

WELL_WITHIN = 0.62
"""The part of the limit within which a spelling is taken without context."""

BEYOND = 1.7
"""How many times the limit a spelling may be away where the sentence asks for such a name and no other is near."""

MARGIN = 0.3
"""How much nearer the best entry must be than the second for a spelling beyond the limit."""

_BEFORE = frozenset(
    "on via in at by to my the his her our your their ips vics aggs susps victims from over with using used through and or"
    " a an fake new old thru onto into called".split()
)
_AFTER = frozenset(
    "acc accs acct account accounts msg msgs message messages messaged group groups app apps chat chats call calls dm dms"
    " profile profiles page pages post posts posted user username video videos story live com couk and or with who by from"
    " to web site website req request online friend friends inbox login s".split()
)
_STRONG_AFTER = frozenset(
    "acc accs acct account accounts msg msgs message messages dm dms profile profiles app chat username inbox".split()
)
_ENDINGS = ("s", "es", "d", "ed", "ing", "ers", "er", "n")
_LOOKALIKE = str.maketrans("0135$|l", "oieesii")


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    What a form may mean.

    how: "exact", "alias", "plural", "joined", "glued", "variant", "homoglyph" or "confusable".
    cost: its distance from `spelling`, 0 when the letters are the same.
    demand: points of context it needs; 0 means that it stands alone, wherever it is.
    why: the reason in words. nearest_word: the ordinary word it is most likely a slip of, or "".
    """

    entry: Entry
    how: str
    cost: float
    demand: float
    spelling: str
    why: str
    nearest_word: str = ""

    @property
    def needs_context(self) -> bool:
        """Whether the words around it decide."""
        return self.demand > 0

    @property
    def written(self) -> bool:
        """Whether it is the name or an alias as the lexicon writes it."""
        return self.how in ("exact", "alias")


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way of writing an entry: `form` with its spaces, `letters` without; `alone` when it needs no context."""

    form: str
    letters: str
    entry: Entry
    alone: bool


class Variants:
    """Every spelling of a lexicon, ready to be compared with forms."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._spellings = [
            Spelling(form, form.replace(" ", ""), entry, alone)
            for entry in lexicon.entries
            for forms, alone in ((entry.aliases, True), (entry.context_aliases, False))
            for form in forms
        ]
        self._exact = {spelling.form: spelling for spelling in self._spellings}
        self._joined: dict[str, Spelling] = {}
        for spelling in sorted(self._spellings, key=lambda s: (not s.alone, s.form)):
            self._joined.setdefault(spelling.letters, spelling)
        self._confusable = {word: entry for entry in lexicon.entries for word in entry.confusable_words}
        near: dict[str, Spelling] = {}
        for letters, spelling in self._joined.items():
            if len(letters) >= 3 and (spelling.alone or len(letters) >= 4):
                near[letters] = spelling
        self._near = near
        self._near_letters = sorted(near)
        self.parts = Parts((spelling.form for spelling in self._spellings if spelling.letters in near),
                           [*self._exact, *self._confusable])  # fmt: skip

    def candidates(self, forms: Iterable[str]) -> dict[str, tuple[Candidate, ...]]:
        """What each form may mean; forms that mean nothing are left out."""
        found: dict[str, tuple[Candidate, ...]] = {}
        unknown: list[str] = []
        for form in dict.fromkeys(forms):
            same = self._same_letters(form)
            if same:
                found[form] = same
            elif self._may_be_misspelt(form):
                unknown.append(form)
        for form, candidate in self._near_forms(unknown):
            found[form] = self._with_parent(candidate, form)
        return found

    # -- the same letters -------------------------------------------------------------------------------------------

    def _same_letters(self, form: str) -> tuple[Candidate, ...]:
        hit = self._exact.get(form)
        if hit:
            how = "exact" if _is_name(hit) else "alias"
            what = "the name as written" if how == "exact" else f"'{hit.form}' is an alias"
            return self._with_parent(Candidate(hit.entry, how, 0.0, _demand(hit), hit.form, what), form)
        if form in self._confusable:
            entry = self._confusable[form]
            why = f"a real word that {entry.name} is mistaken for"
            return (Candidate(entry, "confusable", 0.0, STRONG_CONTEXT, form, why, form),)
        letters = form.replace(" ", "")
        hit = self._joined.get(letters)
        if hit and " " in form + hit.form:
            ordinary = " " in form and all(english.kind_of(part) for part in form.split(" "))
            demand = max(_demand(hit), SOME_CONTEXT if ordinary else 0.0)
            return self._with_parent(Candidate(hit.entry, "joined", 0.0, demand, hit.form,
                                               f"'{hit.form}' with other spaces"), form)  # fmt: skip
        if " " in form or len(form) < 3 or english.kind_of(form):
            return ()
        return self._lookalike(form) or self._ended(form) or self._glued(form)

    def _lookalike(self, form: str) -> tuple[Candidate, ...]:
        folded = form.translate(_LOOKALIKE)
        hit = next((s for s in self._spellings if s.letters.translate(_LOOKALIKE) == folded), None) \
            if any(character in "0135l" for character in form) else None  # fmt: skip
        if hit is None:
            return ()
        why = f"letters that look like those of '{hit.form}'"
        return (Candidate(hit.entry, "homoglyph", 0.2, _demand(hit), hit.form, why),)

    def _ended(self, form: str) -> tuple[Candidate, ...]:
        for ending in _ENDINGS:
            hit = self._joined.get(form[: -len(ending)]) if form.endswith(ending) else None
            if hit and len(hit.letters) >= 3 and (hit.alone or ending == "s"):
                why = f"'{hit.form}' with the ending '{ending}'"
                return self._with_parent(Candidate(hit.entry, "plural", 0.1, _demand(hit), hit.form, why), form)
        return ()

    def _glued(self, form: str) -> tuple[Candidate, ...]:
        for before, middle, after in _cuts(form):
            hit = self._joined.get(middle)
            if not hit or not _firm(hit, before, after):
                continue
            demand = STANDS_ALONE if hit.alone else SOME_CONTEXT * (0.5 if after in _STRONG_AFTER else 1.0)
            stuck = " and ".join(f"'{piece}'" for piece in (before, after) if piece)
            why = f"'{hit.form}' run together with {stuck}"
            return self._with_parent(Candidate(hit.entry, "glued", 0.2, demand, hit.form, why), form)
        return self._two_names(form)

    def _two_names(self, form: str) -> tuple[Candidate, ...]:
        for cut in range(4, len(form) - 3):
            first, second = self._joined.get(form[:cut]), self._joined.get(form[cut:])
            if first and second and first.alone and second.alone and first.entry != second.entry:
                return tuple(Candidate(hit.entry, "glued", 0.2, STANDS_ALONE, hit.form, "two names run together")
                             for hit in (first, second))  # fmt: skip
        return ()

    def _with_parent(self, candidate: Candidate, form: str) -> tuple[Candidate, ...]:
        """The candidate, and its parent where the parent's own name is written in the spelling ("fb messenger")."""
        parent = self._lexicon.by_name.get(candidate.entry.parent)
        if parent is None:
            return (candidate,)
        letters = candidate.spelling.replace(" ", "")
        names = [alias.replace(" ", "") for alias in (*parent.aliases, *parent.context_aliases)]
        if not any(letters.startswith(name) for name in names):
            return (candidate,)
        why = f"{candidate.why}; it names {parent.name} too"
        return candidate, Candidate(parent, candidate.how, candidate.cost, candidate.demand, candidate.spelling, why,
                                    candidate.nearest_word)  # fmt: skip

    # -- other letters ----------------------------------------------------------------------------------------------

    def _may_be_misspelt(self, form: str) -> bool:
        letters = form.replace(" ", "")
        if not 3 <= len(letters) <= 26 or letters.isdigit():
            return False
        if " " not in form:
            return english.kind_of(form) is None
        return len(letters) >= 6 and self.parts.may_be(form)

    def _near_forms(self, forms: list[str]) -> list[tuple[str, Candidate]]:
        found = []
        for form, letters in self._survivors(forms):
            candidate = self._judge(form, letters)
            if candidate:
                found.append((form, candidate))
        return found

    def _survivors(self, forms: list[str], *, batch: int = 20_000) -> list[tuple[str, list[str]]]:
        """Each form with the spellings that are few plain edits away; rapidfuzz does the bulk."""
        import numpy as np
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        most = np.array([_most_edits(len(letters)) for letters in self._near_letters], dtype=np.uint8)
        found = []
        for first in range(0, len(forms), batch):
            some = forms[first : first + batch]
            joined = [form.replace(" ", "") for form in some]
            edits = process.cdist(joined, self._near_letters, scorer=OSA.distance, score_cutoff=4, dtype=np.uint8)
            rows, columns = np.nonzero(edits <= most)
            by_form: dict[int, list[str]] = defaultdict(list)
            for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
                by_form[row].append(self._near_letters[column])
            found += [(some[row], near) for row, near in sorted(by_form.items())]
        return found

    def _judge(self, form: str, near: list[str]) -> Candidate | None:
        letters = form.replace(" ", "")
        costs = sorted((_cost(letters, name), name) for name in near)
        cost, name = costs[0]
        best = self._near[name]
        second = min((c for c, other in costs if self._near[other].entry != best.entry
                      and self._near[other].entry.parent != best.entry.name
                      and best.entry.parent != self._near[other].entry.name), default=99.0)  # fmt: skip
        part = cost / limit(len(name)) if limit(len(name)) else 99.0
        if part > BEYOND or (" " in form and part > 1):
            return None
        word, word_cost = english.nearest_word(letters) if " " not in form else ("", 99.0)
        closer = word_cost < cost - 0.05
        tie = word_cost <= cost + 0.3
        if part > 1:
            if closer or second - cost < MARGIN:
                return None
            demand = STRONG_CONTEXT
        elif closer:
            demand = STRONG_CONTEXT
        elif part > WELL_WITHIN or tie or len(name) < 5 or " " in form:
            demand = SOME_CONTEXT
        else:
            demand = STANDS_ALONE
        if not best.alone:
            demand = max(demand, SOME_CONTEXT)
        why = f"{cost:.2f} from '{best.form}' (limit {limit(len(name)):.2f})"
        return Candidate(best.entry, "variant", cost, demand, best.form, why, word)


def _is_name(spelling: Spelling) -> bool:
    return spelling.letters == spelling.entry.name.casefold().replace(" ", "")


def _demand(spelling: Spelling) -> float:
    return STANDS_ALONE if spelling.alone else SOME_CONTEXT


def _firm(hit: Spelling, before: str, after: str) -> bool:
    """Whether a name with pieces stuck on it is enough of a name."""
    if not hit.alone:
        return after in _STRONG_AFTER and len(hit.letters) >= 2
    return len(hit.letters) >= 5 or (len(hit.letters) >= 3 and len(before) != 1 and len(after) != 1)


def _cuts(form: str) -> list[tuple[str, str, str]]:
    """Every way to see a form as pieces around a middle, the longest middle first."""
    starts = [0] + [n for n in range(1, 9) if form[:n] in _BEFORE]
    ends = [len(form)] + [len(form) - n for n in range(1, 10) if form[-n:] in _AFTER]
    cuts = [(form[:a], form[a:b], form[b:]) for a in starts for b in ends if b - a >= 2 and b - a < len(form)]
    return sorted(cuts, key=lambda cut: -len(cut[1]))


def _most_edits(letters: int) -> int:
    return 1 if letters <= 3 else 2 if letters <= 5 else 3 if letters <= 7 else 4


def _cost(letters: str, name: str) -> float:
    cost = min(distance(letters, name), spoken_distance(letters, name) + 0.3)
    missing = len(name) - len(letters)
    if 0 < missing <= 3 and len(letters) >= 5 and name.startswith(letters):
        cost = min(cost, 0.3 + 0.3 * missing)  # cut off: the field was full, or the officer was called away
    return round(cost, 2)
