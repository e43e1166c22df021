"""
One set of records and questions, protected release after release and attacked; and a failing set
made smaller.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nilreturn.disclosure import Policy, Protection, PublishedTable, protect
from nilreturn.errors import DisclosureError, NilReturnError
from nilreturn.tables import CellStatus, RawTable
from tests.support.asked_at_random import Set
from tests.support.attacker.groups import TooManyGroupsError
from tests.support.attacker.layout import TooManyTypesError
from tests.support.attacker.verdicts import Attack, Leak, beyond, with_everything_hidden


@dataclass
class Trial:
    """
    What came of a set: `outcome` is "safe", "leaks", "refused" (with the reason why nothing was
    released), "crash" or "too large" for the attacker. `unprintable` are small counts that no
    choice of hidden cells keeps.
    """

    outcome: str
    cells: int = 0
    hidden: int = 0
    groups: int = 0
    leaks: list[Leak] = field(default_factory=list)
    unprintable: list[Leak] = field(default_factory=list)
    reason: str = ""


def strictest(threshold: int) -> dict[str, Any]:
    """
    The strictest policy of this threshold, as in its file: all variables describe people, zeros are
    printed.
    """
    return {
        "name": "Test policy",
        "version": "1",
        "threshold": {"value": threshold, "reason": "a test"},
        "zeros": {"treatment": "printed", "reason": "a test"},
        "people": {"described_by": ["*"], "reason": "a test: no difference is nobody's"},
    }


def policy_of(threshold: int, **settings: Any) -> Policy:
    return Policy.model_validate(strictest(threshold) | settings)


def attempt(asked: Set, policy: Policy, *, exact_units: bool = True) -> Trial:
    """
    All releases of the set, each protected beside the earlier ones, and after each the attack on
    everything printed. A release that is refused is left out, as a force would leave it out.
    """
    state = _Releases(policy, exact_units)
    refused: Trial | None = None
    for number in range(len(asked.releases)):
        tables = [
            replace(table, name=f"release{number}_{table.name}") for table in asked.tables(number)
        ]
        try:
            protection = protect(tables, policy, known=state.published)
        except DisclosureError as error:
            reason = f"{error} {'; '.join(error.details[:3])}"
            refused = Trial("refused", unprintable=state.unprintable(tables), reason=reason)
            continue
        except NilReturnError as error:
            return Trial(
                "crash", reason=f"{type(error).__name__}: {error} {'; '.join(error.details[:2])}"
            )
        except Exception as error:
            return Trial("crash", reason=repr(error)[:300])
        try:
            state.release(protection, tables)
        except (TooManyTypesError, TooManyGroupsError) as error:
            return Trial("too large", reason=str(error))
    if refused and (not state.published or not refused.unprintable):
        return refused
    return state.trial()


class _Releases:
    """What has been released so far, and what follows from it that should not."""

    def __init__(self, policy: Policy, exact_units: bool) -> None:
        self.threshold, self.insiders = policy.threshold.value, policy.attacker.may_be_in_cell
        self.exact_units = exact_units
        self.published: list[PublishedTable] = []
        self.raw: list[RawTable] = []
        self.cells = self.hidden = self.groups = 0
        self.known: list[Leak] = []  # all that follows, with what nobody could have kept
        self.leaks: list[Leak] = []

    def release(self, protection: Protection, raw: Sequence[RawTable]) -> None:
        attack = self._attack(protection.published, raw)
        found = attack.leaks(self.threshold, insiders=self.insiders)
        self.groups = len(attack.small_groups(self.threshold))
        if found:
            # With everything of this release hidden, beside what was printed before.
            least = self._hiding_everything(protection.published, raw).leaks(
                self.threshold, insiders=self.insiders
            )
            self.leaks += [*beyond(found, least), *self._refusable(least)]
        self.known = found
        self.published += protection.published
        self.raw += raw
        statuses = [cell.status for table in protection.tables for _, cell in table.cells()]
        self.cells += len(statuses)
        self.hidden += sum(
            status in (CellStatus.PRIMARY, CellStatus.SECONDARY) for status in statuses
        )

    def unprintable(self, raw: Sequence[RawTable]) -> list[Leak]:
        """
        What follows exactly although everything is hidden that may be: the reason why an answer is
        refused.
        """
        printed = [
            PublishedTable(
                t.name, t.title, t.population, t.dimensions, t.counts, t.counts, t.counts < 0
            )
            for t in raw
        ]
        return self._refusable(
            self._hiding_everything(printed, raw).leaks(self.threshold, insiders=False)
        )

    def _refusable(self, least: Sequence[Leak]) -> list[Leak]:
        """
        Small counts that nothing keeps, and that did not follow before. A difference is called by
        how it was found, so that of those that followed before only the counts are compared.
        """
        exact = [
            leak for leak in least if leak.kind == "exact" and 1 <= leak.count < self.threshold
        ]
        before = Counter(
            leak.count
            for leak in self.known
            if leak.kind == "exact" and leak.place[0] == "difference"
        )
        cells = [leak for leak in exact if leak.place[0] != "difference"]
        differences = []
        for leak in exact:
            if leak.place[0] == "difference":
                before[leak.count] -= 1
                differences += [leak] if before[leak.count] < 0 else []
        return [*beyond(cells, self.known), *differences]

    def trial(self) -> Trial:
        return Trial(
            "leaks" if self.leaks else "safe", self.cells, self.hidden, self.groups, self.leaks
        )

    def _hiding_everything(
        self, published: Sequence[PublishedTable], raw: Sequence[RawTable]
    ) -> Attack:
        return self._attack(with_everything_hidden(published, raw), raw)

    def _attack(self, published: Sequence[PublishedTable], raw: Sequence[RawTable]) -> Attack:
        return Attack(
            published, raw, known=self.published, known_raw=self.raw, exact_units=self.exact_units
        )


def smaller(asked: Set, policy: Policy, outcome: str, *, seconds: float = 60.0) -> Set:
    """
    The set with records and questions left out as long as it has the same outcome; as small as time
    allows.
    """
    found, shrinking, end = asked, True, time.monotonic() + seconds
    while shrinking:
        shrinking = False
        for candidate in _with_less(found):
            if time.monotonic() > end:
                return found
            if attempt(candidate, policy).outcome == outcome:
                found, shrinking = candidate, True
                break
    return found


def _with_less(asked: Set) -> Iterator[Set]:
    if asked.with_details:
        yield replace(asked, with_details=False)
    for number, release in enumerate(asked.releases):
        for place in range(len(release)):
            less = release[:place] + release[place + 1 :]
            listed = (*asked.releases[:number], less, *asked.releases[number + 1 :])
            if any(listed):
                yield replace(asked, releases=tuple(each for each in listed if each))
    size = len(asked.crimes)
    for many in (each for each in (size // 2, size // 4, 4, 2, 1) if 0 < each < size):
        for start in range(0, size, many):
            yield replace(asked, crimes=asked.crimes[:start] + asked.crimes[start + many :])
