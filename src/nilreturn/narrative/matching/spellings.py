"""
Every spelling of an entry that follows from the lexicon, and the forms with the same letters:
joined, split, plural, run together with a neighbour, or typed with letters that look alike.
`misspellings` handles other letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nilreturn.narrative.lexicon import Entry, Lexicon, kind_of
from nilreturn.narrative.text import normalise, tokenise

STANDS_ALONE = 0.0
# Points of context that an ordinary word needs.
SOME_CONTEXT = 0.9
# Points that one or two letters need, since they may stand for anything.
SHORT_CONTEXT = 1.1
# Points that an alias needs which is not an ordinary word ("insta").
LITTLE_CONTEXT = 0.4
# Points that a real word needs for which the name is mistaken ("kick").
STRONG_CONTEXT = 2.0
# Points that several such words need ("tick tock").
MORE_CONTEXT = 1.7

_ENDINGS = ("s", "es", "d", "ed", "ing", "ers", "er")
_LOOKALIKE = str.maketrans("0135l", "oiesi")
_RUN_ON_BEFORE = frozenset(("a", "an", "and", "at", "from", "her", "his", "in", "my", "our", "the",
                            "their", "to", "your"))  # fmt: skip
_RUN_ON_AFTER = frozenset(("and", "or", "with", "who", "com", "couk"))
_CUE_RUN_ON = 0.8  # points of a cue that may itself be run together with a name ("onkik", "kikmsg")
# Points of one that settles an ambiguous name it is run together with ("snapaccount").
_CUE_STRONG = 1.3
_BESIDE_ANY = frozenset(("messenger", "messaging", "meeting", "game", "tv", "fm"))
_DOMAINS = ("com", "co uk", "net", "org", "tv")


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    An entry that a form may mean.

    match_kind: "exact", "alias", "plural", "joined", "glued", "variant", "homoglyph" or
    "confusable". cost: the form's distance from `spelling`; 0 where the letters are the same.
    context_threshold: points of context that it needs; with 0 it counts wherever it occurs. why:
    the reason in words. nearest_word: the ordinary word that it might be a misspelling of, or "".
    overlaps: it may be inside another entry's name ("signal messenger app"), so that its neighbours
    are examined even if it needs no context.
    """

    entry: Entry
    match_kind: str
    cost: float
    context_threshold: float
    spelling: str
    why: str
    nearest_word: str = ""
    overlaps: bool = False

    @property
    def needs_context(self) -> bool:
        """Whether the words around it decide; otherwise it counts wherever it occurs."""
        return self.context_threshold > 0 or self.overlaps

    @property
    def written(self) -> bool:
        """Whether it is the name or an alias as the lexicon writes it."""
        return self.match_kind in ("exact", "alias")


@dataclass(frozen=True, slots=True)
class Spelling:
    """
    One spelling of an entry: `form` with its spaces, `letters` without.

    `is_sure_alone`: it needs no context; otherwise it needs `context_threshold` points. `overlaps`:
    it may be inside another entry's name. `beside`: those of its letters that any name may have
    beside it ("session app": "app").
    """

    form: str
    letters: str
    entry: Entry
    is_sure_alone: bool
    context_threshold: float
    overlaps: bool
    beside: str


class Spellings:
    """The spellings of a lexicon, by form and by letters."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._names = {entry.name: _form(entry.name) for entry in lexicon.entries}
        cues = lexicon.cues
        self._before = _RUN_ON_BEFORE | {
            word for word, cue in cues.items() if cue.before >= _CUE_RUN_ON
        }
        self._after = _RUN_ON_AFTER | {
            word for word, cue in cues.items() if cue.after >= _CUE_RUN_ON
        }
        self._settling = frozenset(word for word, cue in cues.items() if cue.after >= _CUE_STRONG)
        overlapping = _overlapping(lexicon)
        self.all = tuple(
            Spelling(
                form,
                form.replace(" ", ""),
                entry,
                alone,
                STANDS_ALONE if alone else _context_threshold(form),
                form in overlapping,
                _beside(form, self._names[entry.name], self._after | _BESIDE_ANY),
            )
            for entry in lexicon.entries
            for form, alone in self._forms(entry)
        )
        self.by_form = {spelling.form: spelling for spelling in self.all}
        self.by_letters: dict[str, Spelling] = {}
        for spelling in sorted(self.all, key=lambda one: (not one.is_sure_alone, one.form)):
            self.by_letters.setdefault(spelling.letters, spelling)
        self._by_looks = {
            letters.translate(_LOOKALIKE): one for letters, one in reversed(self.by_letters.items())
        }
        self._confusable = {
            word: entry for entry in lexicon.entries for word in entry.confusable_words
        }
        self._addresses = {
            f"{one.letters} {domain}": one for one in self.all for domain in _DOMAINS
        }
        self._slightly_other = dict(_slightly_other(self.all, self.by_form))

    def _forms(self, entry: Entry) -> Iterator[tuple[str, bool]]:
        """
        The forms of an entry, and whether each counts without context; a name of one ordinary word
        never does.
        """
        word = (
            self._names[entry.name]
            if entry.needs_context and " " not in self._names[entry.name]
            else None
        )
        yield from ((form, form != word) for form in entry.aliases)
        yield from ((form, False) for form in entry.context_aliases)

    @property
    def phrases(self) -> tuple[str, ...]:
        """Every form that is looked up unchanged."""
        return (*self.by_form, *self._confusable, *self._slightly_other, *self._addresses)

    def same_letters(self, form: str) -> tuple[Candidate, ...]:
        """What the form means by its letters; nothing where no spelling has these letters."""
        spelling = self.by_form.get(form)
        if spelling:
            if form == self._names[spelling.entry.name]:
                return self.candidates(spelling, "exact", "the name as written")
            return self.candidates(spelling, "alias", f"'{spelling.form}' is an alias")
        if form in self._confusable:
            entry = self._confusable[form]
            why = f"a real word that {entry.name} is mistaken for"
            demand = STRONG_CONTEXT if " " not in form else MORE_CONTEXT
            return (Candidate(entry, "confusable", 0.0, demand, form, why, form),)
        spelling = self.by_letters.get(form.replace(" ", ""))
        if spelling:
            parts = form.split(" ")
            ordinary = len(parts) > 1 and all(len(part) == 1 or kind_of(part) for part in parts)
            demand = SOME_CONTEXT if ordinary else 0.0
            return self.candidates(
                spelling, "joined", f"'{spelling.form}' with other spaces", context_threshold=demand
            )
        if form in self._slightly_other:
            spelling, demand = self._slightly_other[form]
            return self.candidates(
                spelling,
                "plural",
                f"'{spelling.form}' but for an 's'",
                cost=0.1,
                context_threshold=demand,
            )
        if form in self._addresses:
            return self.candidates(
                self._addresses[form], "glued", f"'{self._addresses[form].form}' as a web address"
            )
        if " " in form or len(form) < 3:
            return ()
        return self._ended(form) or (
            () if kind_of(form) else self._lookalike(form) or self._glued(form)
        )

    def candidates(
        self,
        spelling: Spelling,
        match_kind: str,
        why: str,
        *,
        cost: float = 0.0,
        context_threshold: float = 0.0,
        nearest_word: str = "",
    ) -> tuple[Candidate, ...]:
        """
        The candidate of a spelling, and of its parent where the parent's own name is written in it
        ("fb messenger").

        demand: the points needed even where the spelling itself needs fewer.
        """
        context_threshold = max(context_threshold, spelling.context_threshold)
        mine = Candidate(
            spelling.entry,
            match_kind,
            cost,
            context_threshold,
            spelling.form,
            why,
            nearest_word,
            spelling.overlaps,
        )
        parent = self.lexicon.by_name.get(spelling.entry.parent)
        if parent is None or not _names(spelling, parent):
            return (mine,)
        why = f"{why}; it names {parent.name} too"
        return mine, Candidate(
            parent,
            match_kind,
            cost,
            context_threshold,
            spelling.form,
            why,
            nearest_word,
            spelling.overlaps,
        )

    def _lookalike(self, form: str) -> tuple[Candidate, ...]:
        spelling = self._by_looks.get(form.translate(_LOOKALIKE))
        if spelling is None:
            return ()
        return self.candidates(
            spelling, "homoglyph", f"letters that look like those of '{spelling.form}'", cost=0.2
        )

    def _ended(self, form: str) -> tuple[Candidate, ...]:
        """
        A name with an ending. A form that is an ordinary word ("signals") counts only where the
        name itself is not one.
        """
        for ending in _ENDINGS:
            spelling = self.by_letters.get(form[: -len(ending)]) if form.endswith(ending) else None
            if spelling is None or len(spelling.letters) < 3:
                continue
            if ending != "s" and not (spelling.is_sure_alone and len(spelling.letters) >= 5):
                continue
            if kind_of(form) and not (
                spelling.is_sure_alone and len(spelling.letters) >= (4 if ending == "s" else 5)
            ):
                continue
            return self.candidates(
                spelling, "plural", f"'{spelling.form}' with the ending '{ending}'", cost=0.1
            )
        return ()

    def _glued(self, form: str) -> tuple[Candidate, ...]:
        for before, middle, after in self._cuts(form):
            spelling = self.by_letters.get(middle)
            if spelling and self._firm(spelling, before, after):
                stuck = " and ".join(f"'{piece}'" for piece in (before, after) if piece)
                why = f"'{spelling.form}' run together with {stuck}"
                return self.candidates(spelling, "glued", why, cost=0.2)
        for cut in range(4, len(form) - 3):
            first, second = self.by_letters.get(form[:cut]), self.by_letters.get(form[cut:])
            if (
                first
                and second
                and first.is_sure_alone
                and second.is_sure_alone
                and first.entry != second.entry
            ):
                why = "two names run together"
                return tuple(
                    one
                    for spelling in (first, second)
                    for one in self.candidates(spelling, "glued", why, cost=0.2)
                )
        return ()

    def core(self, form: str) -> str:
        """
        The form without the words run together with it, however the middle is spelt; the form
        itself where there are none.
        """
        cuts = [cut for cut in self._cuts(form) if len(cut[1]) >= 6 and len(cut[0]) != 1]
        return cuts[0][1] if cuts else form

    def _cuts(self, form: str) -> list[tuple[str, str, str]]:
        """Every division of a form into other words and a middle, the longest middle first."""
        starts = [0] + [n for n in range(1, 9) if form[:n] in self._before]
        ends = [len(form)] + [len(form) - n for n in range(2, 10) if form[-n:] in self._after]
        cuts = [
            (form[:a], form[a:b], form[b:]) for a in starts for b in ends if 2 <= b - a < len(form)
        ]
        return sorted(cuts, key=lambda cut: -len(cut[1]))

    def _firm(self, spelling: Spelling, before: str, after: str) -> bool:
        """Whether a name is distinctive enough to be recognised together with other words."""
        if not spelling.is_sure_alone:
            return after in self._settling and len(spelling.letters) >= 2
        return len(spelling.letters) >= 5 or (
            len(spelling.letters) >= 3 and len(before) != 1 and len(after) != 1
        )


def _beside(form: str, name: str, words: frozenset[str]) -> str:
    rest = form.removeprefix(f"{name} ")
    return rest.replace(" ", "") if rest != form and words.issuperset(rest.split(" ")) else ""


def _form(name: str) -> str:
    return " ".join(token.form for token in tokenise(normalise(name)))


def _context_threshold(form: str) -> float:
    """The points of context that an alias needs."""
    letters = form.replace(" ", "")
    if len(letters) <= 2:
        return SHORT_CONTEXT
    if any(kind_of(part) is None for part in form.split(" ")) and len(letters) >= 4:
        return LITTLE_CONTEXT
    return SOME_CONTEXT


def related(one: Entry, other: Entry) -> bool:
    """Whether two entries are the same, or one is the other's parent."""
    return one == other or one.parent == other.name or other.parent == one.name


def _overlapping(lexicon: Lexicon) -> set[str]:
    """Aliases that begin as another entry's alias ends: "messenger app" and "signal messenger"."""
    forms = [
        (form.split(" "), entry)
        for entry in lexicon.entries
        for form in (*entry.aliases, *entry.context_aliases)
    ]
    ends: dict[str, set[Entry]] = {}
    for words, entry in forms:
        for length in range(1, len(words)):
            ends.setdefault(" ".join(words[-length:]), set()).add(entry)
    found = set()
    for words, entry in forms:
        starts = (" ".join(words[:length]) for length in range(1, len(words) + 1))
        if any(not related(entry, other) for start in starts for other in ends.get(start, ())):
            found.add(" ".join(words))
    return found


def _names(spelling: Spelling, parent: Entry) -> bool:
    """
    Whether a child's spelling contains its parent's, at its start ("fbmessenger") or as a word
    ("kitchen knife").
    """
    aliases = (*parent.aliases, *parent.context_aliases)
    words = f" {spelling.form} "
    return any(
        spelling.letters.startswith(alias.replace(" ", "")) or f" {alias} " in words
        for alias in aliases
    )


def _slightly_other(
    spellings: tuple[Spelling, ...], known: dict[str, Spelling]
) -> Iterator[tuple[str, tuple[Spelling, float]]]:
    """
    Phrases with an "s" added to or removed from one word, or with a confusable word for the name
    ("discard server").
    """
    for spelling in spellings:
        words = spelling.form.split(" ")
        if len(words) < 2:
            continue
        for place, word in enumerate(words):
            others = [word[:-1] if word.endswith("s") else word + "s"] if len(word) > 2 else []
            for other in others:
                form = " ".join((*words[:place], other, *words[place + 1 :]))
                if form not in known:
                    yield form, (spelling, SOME_CONTEXT if kind_of(other) else 0.0)
            if word == spelling.entry.name.casefold():
                for confusable in spelling.entry.confusable_words:
                    form = " ".join((*words[:place], confusable, *words[place + 1 :]))
                    yield form, (spelling, SOME_CONTEXT)
