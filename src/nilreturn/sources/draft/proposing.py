"""Which column is proposed as which variable, which as one of the source's own, and which is left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nilreturn.schema import Kind
from nilreturn.sources.draft.columns import ColumnLook
from nilreturn.sources.draft.evidence import evidence
from nilreturn.sources.draft.headers import COUNT, name_matches, word_list, words_of
from nilreturn.sources.mapping.variables import MAPPABLE

LEAST = 0.55  # name and values together
SURE = 0.8
MOST_OWN = 60  # different values of a column that is proposed as the source's own
_YES_NO = frozenset({"yes", "no", "true", "false", "y", "n"})
_DATES = ("crime.recorded_on", "crime.reported_on", "crime.committed_from", "crime.committed_to", "crime.outcome_on")


@dataclass(frozen=True, slots=True)
class Place:
    """A column that was given a variable, with what is in doubt about it."""

    look: ColumnLook
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """A column that is not imported: why, and the name it may have as the source's own."""

    look: ColumnLook
    reason: str
    own: str = ""


@dataclass
class Proposal:
    """What a draft says. `doubts` are of the mapping as a whole."""

    row: str = "crime"
    columns: dict[str, Place] = field(default_factory=dict)
    own: dict[str, Place] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def count(self) -> Place | None:
        """The column that says how many units a row stands for."""
        return self.columns.get(COUNT)

    @property
    def variables(self) -> dict[str, Place]:
        return {name: place for name, place in self.columns.items() if name != COUNT}


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: float
    name_score: float
    variable: str
    look: ColumnLook
    doubts: tuple[str, ...]


def propose(looks: Sequence[ColumnLook]) -> Proposal:
    """A proposal for the columns of a file."""
    named = [look for look in looks if look.header.strip()]
    candidates = sorted(_candidates(named), key=lambda each: (-each.score, -each.name_score, each.look.place))
    proposal = Proposal()
    taken: dict[int, str] = {}
    others: dict[int, str] = {}
    for candidate in candidates:
        if candidate.look.place in taken:
            continue
        if candidate.variable in proposal.columns:
            others.setdefault(candidate.look.place, candidate.variable)
            continue
        taken[candidate.look.place] = candidate.variable
        proposal.columns[candidate.variable] = Place(candidate.look, candidate.doubts)
    _decide_row(proposal, taken)
    remaining = [look for look in named if look.place not in taken]
    _take_the_only_date(proposal, remaining, taken)
    for look in named:
        if look.place not in taken:
            _place_rest(proposal, look, others.get(look.place, ""))
    order = [*MAPPABLE, COUNT]
    proposal.columns = dict(sorted(proposal.columns.items(), key=lambda item: order.index(item[0])))
    return proposal


def _candidates(looks: Sequence[ColumnLook]) -> list[_Candidate]:
    found = []
    for look in looks:
        for variable, match in name_matches(look.header).items():
            seen = evidence(variable, look)
            score = match.score * seen.factor
            if score < LEAST:
                continue
            doubts = [seen.doubt] if seen.doubt else []
            if match.is_vague:
                doubts.append("the header may mean something else")
            elif match.score < SURE:
                doubts.append("the header is only like the name")
            found.append(_Candidate(score, match.score, variable, look, tuple(doubts)))
    return found


def _decide_row(proposal: Proposal, taken: dict[int, str]) -> None:
    """Whether rows are crimes, crimes with victims, or cells with counts."""
    reference, count = proposal.columns.get("crime.crime_ref"), proposal.columns.get(COUNT)
    if count and reference and (reference.look.repeats > 1.5 or "may mean" in " ".join(reference.doubts)):
        _give_up(proposal, taken, "crime.crime_ref")
        reference = None
    if count and not reference:
        proposal.row = "cell"
        for variable in [name for name in proposal.columns if name.startswith("victim.") or name == "crime.narrative"]:
            if MAPPABLE[variable].kind in (Kind.REFERENCE, Kind.TEXT):
                _give_up(proposal, taken, variable)
        return
    if count:
        _give_up(proposal, taken, COUNT)
    if any(name.startswith("victim.") for name in proposal.columns):
        proposal.row = "crime and victim"


def _give_up(proposal: Proposal, taken: dict[int, str], variable: str) -> None:
    del taken[proposal.columns.pop(variable).look.place]


def _take_the_only_date(proposal: Proposal, remaining: list[ColumnLook], taken: dict[int, str]) -> None:
    """A file with one date and no name for it: most questions ask by the day a crime was recorded."""
    if any(name in proposal.columns for name in _DATES):
        return
    dated = [look for look in remaining if look.dates >= 0.9]
    if len(dated) == 1:
        proposal.columns["crime.recorded_on"] = Place(
            dated[0], ("the only date of the file; is it that of recording?",)
        )
        taken[dated[0].place] = "crime.recorded_on"


def _place_rest(proposal: Proposal, look: ColumnLook, second: str) -> None:
    reason = _reason(look)
    kinds = set(words_of(look.header)) & word_list("kinds", "words") or look.share_of(_YES_NO) > 0.95
    is_category = not reason and 1 <= look.distinct <= MOST_OWN and (look.repeats >= 2 or look.rows < 60)
    own = _own_name(proposal, look) if is_category else ""
    if own and kinds:
        proposal.own[own] = Place(look)
        return
    if second and not reason:
        reason = f"looks like '{second}', which another column has"
    proposal.left.append(Left(look, reason or _plain_reason(look), own))


def _reason(look: ColumnLook) -> str:
    """Why a column is left out whatever else it is, or nothing."""
    words = set(words_of(look.header))
    for role in ("suspect", "officer", "witness"):
        if words & word_list("roles", role):
            return f"about a person ({role})"
    if look.is_empty:
        return "empty in this file"
    for section, what in (("people", "tells who"), ("places", "tells where"), ("points", "tells where")):
        if words & word_list(section, "words") and not words & word_list(section, "unless"):
            return what
    if look.points > 0.5 or look.postcodes > 0.3:
        return "tells where"
    if look.words > 8 or look.longest > 200:
        return "free text"
    if look.dates > 0.5:
        return "a date that no variable has"
    return ""


def _plain_reason(look: ColumnLook) -> str:
    if look.distinct > MOST_OWN:
        return "too many different values for a category" if look.numbers < 0.9 else "numbers"
    return "no variable has it"


def _own_name(proposal: Proposal, look: ColumnLook) -> str:
    """The name as the source's own: "crime.ward"."""
    words = words_of(look.header)
    table = "victim" if "victim" in words and proposal.row != "crime" else "crime"
    bare = (
        "_".join("".join(filter(str.isalnum, piece)) for piece in look.header.casefold().replace("_", " ").split())
        .encode("ascii", "ignore")
        .decode()
    )
    name = "_".join(filter(None, bare.removeprefix("victim_" if table == "victim" else "").split("_")))
    if not name or not name[0].isalpha():
        name = f"column_{look.place + 1}"
    taken = {column.name for column in MAPPABLE.values()} | {own.partition(".")[2] for own in proposal.own}
    while name in taken:
        name += "_own" if not name.endswith("_own") else "_2"
    return f"{table}.{name}"
