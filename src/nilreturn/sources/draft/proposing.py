"""
What a draft proposes: what a row is, which column is which variable, which are the source's own,
which are not imported and why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from nilreturn.schema import Kind
from nilreturn.sources.draft.columns import (
    COUNT,
    ColumnLook,
    Place,
    assign,
    is_identifying,
    section_of,
    word_list,
)
from nilreturn.sources.draft.columns import header_words as words_of
from nilreturn.sources.judging import label_doubt
from nilreturn.sources.mapping import MAPPABLE, Unpivot

MOST_OWN = 60  # different values of a column that is proposed as the source's own
_REFERENCE = "crime.crime_ref"
_DATES = (
    "crime.recorded_on",
    "crime.reported_on",
    "crime.committed_from",
    "crime.committed_to",
    "crime.outcome_on",
)
_OTHERS = {"offence", "mentions", "mention", "weight"}  # names of engines' own columns
_YES_NO = frozenset({"yes", "no", "true", "false", "y", "n"})
_OF_A_CRIME = {
    "crime.recorded_on",
    "crime.reported_on",
    "crime.offence_code",
    "crime.offence_class",
    "crime.status",
}


@dataclass(frozen=True, slots=True)
class Left:
    """A column that is not imported: why, and the name that it could have as the source's own."""

    look: ColumnLook
    reason: str
    own: str = ""


@dataclass
class Proposal:
    """
    `columns` has the variables ("count" too), `own` the source's own, and `left` the columns that
    are not imported; `turned` gives the columns that are turned into rows.
    """

    row: str = "crime"
    columns: dict[str, Place] = field(default_factory=dict)
    own: dict[str, Place] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    turned: Unpivot | None = None

    @property
    def count(self) -> Place | None:
        """The column that gives the number of units that a row stands for."""
        return self.columns.get(COUNT)

    @property
    def variables(self) -> dict[str, Place]:
        return {name: place for name, place in self.columns.items() if name != COUNT}

    @property
    def table(self) -> str:
        """The table of a row, as variables name it."""
        return self.row if self.row in ("stop", "incident", "suspect") else "crime"


def propose(looks: Sequence[ColumnLook]) -> Proposal:
    """A proposal for the columns of a file."""
    named = [look for look in looks if look.header.strip()]
    section = section_of(named)
    columns, seconds = assign(named, section)
    proposal = Proposal(columns=columns)
    if section == "columns":
        _decide_row(proposal)
        _take_the_only_date(proposal, named)
    else:
        proposal.row = {"stops": "stop", "incidents": "incident"}[section]
    taken = {place.look.place for place in proposal.columns.values()}
    for look in named:
        if look.place not in taken:
            _place_rest(proposal, look, seconds.get(look.place, ""))
    order = [*MAPPABLE, COUNT]
    proposal.columns = dict(sorted(proposal.columns.items(), key=lambda item: order.index(item[0])))
    return proposal


def _decide_row(proposal: Proposal) -> None:
    """Whether rows are crimes, crimes with victims, suspects, or cells with counts."""
    columns = proposal.columns
    reference, count = columns.get(_REFERENCE), columns.get(COUNT)
    if count and reference and (reference.look.repeats > 1.5 or reference.is_vague):
        del columns[_REFERENCE]
        reference = None
    if count and not reference:
        proposal.row = "cell"
        _keep(
            columns,
            lambda name: name == COUNT or MAPPABLE[name].kind not in (Kind.REFERENCE, Kind.TEXT),
        )
        _keep(columns, lambda name: name == COUNT or name.startswith(("crime.", "victim.")))
        return
    columns.pop(COUNT, None)
    suspects = [name for name in columns if name.startswith("suspect.")]
    if reference and suspects and not _OF_A_CRIME & set(columns):
        proposal.row = "suspect"
        columns["suspect.crime_ref"] = columns.pop(_REFERENCE)
        _keep(columns, lambda name: name.startswith("suspect."))
    elif any(name.startswith("victim.") for name in columns):
        proposal.row = "crime and victim"


def _keep(columns: dict[str, Place], keep: Callable[[str], bool]) -> None:
    for name in [name for name in columns if not keep(name)]:
        del columns[name]


def _take_the_only_date(proposal: Proposal, named: Sequence[ColumnLook]) -> None:
    """
    Take the only date of a file for the day of recording, by which most questions ask, where no
    name was found for it.
    """
    if proposal.table != "crime" or any(name in proposal.columns for name in _DATES):
        return
    taken = {place.look.place for place in proposal.columns.values()}
    dated = [look for look in named if look.dates >= 0.9 and look.place not in taken]
    if len(dated) == 1:
        doubt = "the only date of the file; is it that of recording?"
        proposal.columns["crime.recorded_on"] = Place(dated[0], (doubt,))


def _place_rest(proposal: Proposal, look: ColumnLook, second: str) -> None:
    reason = _reason(look)
    kinds = (
        set(words_of(look.header)) & word_list("kinds", "words") or look.share_of(_YES_NO) > 0.95
    )
    is_category = not reason and 1 <= look.distinct <= MOST_OWN and label_doubt(look.texts) is None
    own = _own_name(proposal, look) if is_category else ""
    if own and kinds:
        proposal.own[own] = Place(look)
        return
    if second and not reason:
        reason = f"looks like '{second}', which another column has"
    proposal.left.append(Left(look, reason or _plain_reason(look), own))


def _reason(look: ColumnLook) -> str:
    """Why a column is not imported whatever else it is; "" where there is no reason."""
    words = set(words_of(look.header))
    for role in ("suspect", "officer", "witness"):
        if words & word_list("roles", role):
            return f"about a person ({role})"
    if look.is_empty:
        return "empty in this file"
    if told := is_identifying(frozenset(words)):
        return told
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
    about_victim = "victim" in words and proposal.row in ("crime and victim", "cell")
    table = "victim" if about_victim else proposal.table
    bare = (
        "_".join(
            "".join(filter(str.isalnum, piece))
            for piece in look.header.casefold().replace("_", " ").split()
        )
        .encode("ascii", "ignore")
        .decode()
    )
    name = "_".join(
        filter(None, bare.removeprefix("victim_" if table == "victim" else "").split("_"))
    )
    if not name or not name[0].isalpha():
        name = f"column_{look.place + 1}"
    taken = (
        {column.name for column in MAPPABLE.values()}
        | _OTHERS
        | {own.partition(".")[2] for own in proposal.own}
    )
    while name in taken:
        name += "_own" if not name.endswith("_own") else "_2"
    return f"{table}.{name}"
