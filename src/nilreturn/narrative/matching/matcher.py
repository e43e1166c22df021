"""
What a mention is: a form that may mean an entry and, where the form needs it, a context that
agrees.

`Matcher.candidates` works on distinct forms; `Matcher.resolve` decides within one text. Together
they are the reference that an index is compared with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nilreturn.narrative.lexicon import Entry, Lexicon
from nilreturn.narrative.matching.context import Context, weigh
from nilreturn.narrative.matching.misspellings import Variants
from nilreturn.narrative.matching.name_fragments import NameFragments
from nilreturn.narrative.matching.spellings import Candidate, related
from nilreturn.narrative.text import Token, normalise, phrases, tokenise


@dataclass(frozen=True, slots=True)
class Mention:
    """
    One mention in one text. `start` and `end` are places in the normalised text; `why` gives the
    reason in words.
    """

    entry: Entry
    form: str
    start: int
    end: int
    candidate: Candidate
    why: str


class Matcher:
    """Finds the entries of one lexicon in free text. It keeps no state between texts."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._variants = Variants(lexicon)
        self._order = {entry.name: place for place, entry in enumerate(lexicon.entries)}

    def candidates(self, forms: Iterable[str]) -> dict[str, tuple[Candidate, ...]]:
        """
        The candidates that each distinct form may mean. A form is one token, or adjacent tokens one
        space apart (see `text.phrases`); forms without a meaning are left out.

        A candidate that does not need context counts wherever its form occurs; `resolve` decides on
        the others.
        """
        return self._variants.candidates(forms)

    @property
    def name_fragments(self) -> NameFragments:
        """Which tokens may be parts of a candidate of several tokens."""
        return self._variants.name_fragments

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Every mention in one text as it was typed, in order."""
        tokens = tokenise(normalise(text))
        return self.resolve(tokens, self.candidates(form for form, _, _ in phrases(tokens)))

    def resolve(
        self, tokens: Sequence[Token], candidates: Mapping[str, tuple[Candidate, ...]]
    ) -> tuple[Mention, ...]:
        """
        The mentions among the tokens of one text, given the candidates of its forms; other forms
        are ignored.
        """
        found = [
            (first, past, candidate)
            for form, first, past in phrases(tokens)
            for candidate in candidates.get(form, ())
        ]
        return self.resolve_found(tokens, found)

    def resolve_found(
        self, tokens: Sequence[Token], found: Iterable[tuple[int, int, Candidate]]
    ) -> tuple[Mention, ...]:
        """
        As `resolve`, for an index that knows which candidates are at which tokens (first, after the
        last).
        """
        hits = [_Hit(first, past, candidate, candidate.why) for first, past, candidate in found]
        names = _sureness(hits)
        taken: list[_Hit] = []
        covering: dict[int, list[_Hit]] = defaultdict(list)
        # Longest first: "signal messenger" settles that "messenger" there is not another mention.
        for hit in sorted(
            hits, key=lambda hit: (hit.candidate.needs_context, hit.first - hit.end, hit.first)
        ):
            settled = self._settled(hit, tokens, names, covering)
            if settled:
                taken.append(settled)
                for i in range(hit.first, hit.end):
                    covering[i].append(settled)
        taken.sort(key=lambda hit: (hit.first, hit.end, self._order[hit.candidate.entry.name]))
        return tuple(
            Mention(
                hit.candidate.entry,
                " ".join(token.form for token in tokens[hit.first : hit.end]),
                tokens[hit.first].start,
                tokens[hit.end - 1].end,
                hit.candidate,
                hit.why,
            )
            for hit in taken
        )

    def _settled(self, hit: _Hit, tokens: Sequence[Token], names: Mapping[int, float],
                 covering: Mapping[int, list[_Hit]]) -> _Hit | None:  # fmt: skip
        """
        The hit with its reason, if it counts. `covering`: those that count already, by the tokens
        they cover.
        """
        candidate = hit.candidate
        if not candidate.needs_context:
            return hit
        if any(
            hit.is_part_of(other)
            for i in range(hit.first, hit.end)
            for other in covering.get(i, ())
        ):
            return None
        if candidate.entry.parent and tokens[hit.first].adjacent:
            # A child's bare name after another entry's ("WhatsApp messenger") is a part of that
            # name.
            before = [
                other.candidate.entry
                for other in covering.get(hit.first - 1, ())
                if other.end == hit.first
            ]
            if before and not any(entry.name == candidate.entry.parent for entry in before):
                return None
        if candidate.context_threshold == 0:
            return hit
        context = weigh(
            tokens, hit.first, hit.end, self.lexicon.cues, names, real_word=hit.may_be_a_word
        )
        if context.points < candidate.context_threshold:
            return None
        return _Hit(hit.first, hit.end, candidate, _because(candidate, context))


@dataclass(frozen=True, slots=True)
class _Hit:
    """A candidate at the tokens from `first` up to `end`."""

    first: int
    end: int
    candidate: Candidate
    why: str

    @property
    def may_be_a_word(self) -> bool:
        """Whether the form may be an ordinary word: none of its letters is misspelt."""
        return self.candidate.match_kind != "variant"

    def is_part_of(self, other: _Hit) -> bool:
        """
        Whether the words belong to another entry's longer name, or to one of the same length that
        begins before.
        """
        if related(self.candidate.entry, other.candidate.entry):
            return False
        if (
            self.first >= other.end
            or other.first >= self.end
            or self.candidate.spelling == other.candidate.spelling
        ):
            return False
        longer = (other.end - other.first) - (self.end - self.first)
        return longer > 0 or (longer == 0 and other.first <= self.first)


def _sureness(hits: Sequence[_Hit]) -> dict[int, float]:
    """
    For each token that a hit covers, the certainty of the most certain hit: 1 where it needs no
    context, less where it is ambiguous.
    """
    names: dict[int, float] = {}
    for hit in hits:
        sure = 1.0 if hit.candidate.context_threshold == 0 else 0.4
        for i in range(hit.first, hit.end):
            names[i] = max(names.get(i, 0.0), sure)
    return names


def _because(candidate: Candidate, context: Context) -> str:
    words = ", ".join(context.words)
    return (
        f"{candidate.why}; near: {words} ({context.points:.1f} points, "
        f"{candidate.context_threshold:.1f} needed)"
    )
