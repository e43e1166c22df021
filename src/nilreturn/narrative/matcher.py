"""
The meaning of a mention: a form that may mean an entry, and, where the form asks for it, a context that agrees.

`Matcher.candidates` works on distinct forms; `Matcher.resolve` settles one text. The two together are the plain
reference that an index is compared with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nilreturn.narrative.context import Context, shipped_cues, weigh
from nilreturn.narrative.lexicon import Entry, Lexicon
from nilreturn.narrative.text import Token, normalise, phrases, tokenise
from nilreturn.narrative.variants import Candidate, Variants


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention in one text: `start` and `end` are places in the normalised text; `why` says it in words."""

    entry: Entry
    form: str
    start: int
    end: int
    candidate: Candidate
    why: str


class Matcher:
    """Finds the entries of one lexicon in free text. Keeps no state between texts."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._variants = Variants(lexicon)
        self._cues = shipped_cues("platforms")

    def candidates(self, forms: Iterable[str]) -> dict[str, tuple[Candidate, ...]]:
        """
        What each distinct form may mean; a form is one token, or adjacent tokens one space apart (see `text.phrases`).

        Forms that mean nothing are left out. A candidate that does not need context counts wherever its form stands;
        the others are settled by `resolve`.
        """
        return self._variants.candidates(forms)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Every mention in one text as it was typed, in order."""
        tokens = tokenise(normalise(text))
        return self.resolve(tokens, self.candidates(form for form, _, _ in phrases(tokens)))

    def resolve(self, tokens: Sequence[Token], candidates: Mapping[str, tuple[Candidate, ...]]) -> tuple[Mention, ...]:
        """The mentions among the tokens of one text, given what its forms may mean (other forms are ignored)."""
        hits = [
            (first, past, candidate)
            for form, first, past in phrases(list(tokens))
            for candidate in candidates.get(form, ())
        ]
        names: dict[int, float] = {}
        for first, past, candidate in hits:
            for i in range(first, past):
                names[i] = max(names.get(i, 0.0), 0.4 if candidate.needs_context else 1.0)
        taken: list[tuple[int, int, Candidate, str]] = []
        # Longest first: "signal messenger" settles that "messenger" there is not another mention.
        for first, past, candidate in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0])):
            if not candidate.needs_context:
                taken.append((first, past, candidate, candidate.why))
                continue
            if any(f < past and first < p and p - f > past - first for f, p, _, _ in taken):
                continue
            context = weigh(tokens, first, past, self._cues, names)
            if context.points >= candidate.demand:
                taken.append((first, past, candidate, _because(candidate, context)))
        taken.sort(key=lambda hit: (hit[0], hit[1], self.lexicon.entries.index(hit[2].entry)))
        return tuple(
            Mention(candidate.entry, " ".join(token.form for token in tokens[first:past]), tokens[first].start,
                    tokens[past - 1].end, candidate, why)
            for first, past, candidate, why in taken
        )  # fmt: skip


def _because(candidate: Candidate, context: Context) -> str:
    words = ", ".join(context.words)
    return f"{candidate.why}; near: {words} ({context.points:.1f} points, {candidate.demand:.1f} needed)"
