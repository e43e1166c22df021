"""
The random attack: sets of records and questions are drawn, protected, and attacked from what is
printed alone.

    ./run attack [--seconds S] [--seed N] [--kind KIND] [--large]

One line a kind of question: sets, cells, hidden cells; then what an attacker finds beyond what
stays with everything hidden: counts exactly known, ranges cut short, groups told apart by
differences of figures, what one person in a cell of 1 learns. A refusal is needless where hiding
enough would have kept every small count. The first failing set is made smaller and written out, so
that a test can be made of it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from tests.support.asked_at_random import KINDS, Set, draw, draw_large
from tests.support.attacker.trial import Trial, attempt, policy_of, smaller

from nilreturn.disclosure import Policy

COLUMNS = (
    "sets",
    "cells",
    "hidden",
    "groups",
    "exact",
    "narrowed",
    "told",
    "insider",
    "refused",
    "needless",
    "crash",
)
HEADINGS = ("kind", *COLUMNS, "too large")
SHARE_LARGE = 0.1  # of the sets have some hundreds of cells


@dataclass
class Tally:
    """What the attack has found, by kind of question."""

    by_kind: dict[str, Counter[str]] = field(default_factory=dict)
    failing: tuple[int, Trial] | None = None

    def add(self, seed: int, kind: str, trial: Trial) -> None:
        count = self.by_kind.setdefault(kind, Counter())
        count["sets"] += 1
        count["cells"] += trial.cells
        count["hidden"] += trial.hidden
        count["groups"] += trial.groups
        if trial.outcome in ("refused", "crash", "too large"):
            count[trial.outcome] += 1
        count["needless"] += is_needless(trial)
        for leak in trial.leaks:
            count["told" if leak.place[0] == "difference" else leak.kind] += 1
        if self.failing is None and fails(trial):
            self.failing = seed, trial

    def __str__(self) -> str:
        everything: Counter[str] = Counter()
        for count in self.by_kind.values():
            everything.update(count)
        rows = [*sorted(self.by_kind.items()), ("all", everything)]
        lines = [f"{HEADINGS[0]:14}" + "".join(f"{heading:>10}" for heading in HEADINGS[1:])]
        lines += [
            f"{kind:14}" + "".join(f"{count[heading]:10}" for heading in HEADINGS[1:])
            for kind, count in rows
        ]
        return "\n".join(lines)


def is_needless(trial: Trial) -> bool:
    """Whether an answer was refused that could have been given with enough hidden."""
    return trial.outcome == "refused" and not trial.unprintable


def fails(trial: Trial) -> bool:
    return trial.outcome in ("leaks", "crash") or is_needless(trial)


def drawn(seed: int, kind: str, large: bool) -> tuple[Set, Policy]:
    """The set and the policy of a seed."""
    random = Random(seed)
    if not kind and (large or random.random() < SHARE_LARGE):
        asked = draw_large(random)
    else:
        asked = draw(random, kind=kind, releases=random.choice((1, 1, 2, 3)))
    policy = policy_of(random.choice((3, 4, 5)), attacker={"may_be_in_cell": random.random() < 0.7})
    return asked, policy


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run attack", description=__doc__.split("\n\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="how long to go on (60)")
    parser.add_argument(
        "--seed", type=int, default=1, help="of the first set; each next has the next number (1)"
    )
    parser.add_argument(
        "--kind", choices=sorted(KINDS), default="", help="of question (all, in turn)"
    )
    parser.add_argument("--large", action="store_true", help="only sets of some hundreds of cells")
    asked = parser.parse_args(arguments)
    if asked.seconds <= 0:
        parser.error("--seconds must be positive")
    tally, end, seed = Tally(), time.monotonic() + asked.seconds, asked.seed
    while time.monotonic() < end:
        drawn_set, policy = drawn(seed, asked.kind, asked.large)
        tally.add(seed, drawn_set.kind, attempt(drawn_set, policy))
        seed += 1
    print(tally)
    if tally.failing is None:
        print("nothing found that everything hidden would have prevented")
        return 0
    tell(*tally.failing, kind=asked.kind, large=asked.large)
    return 1


def tell(seed: int, trial: Trial, *, kind: str, large: bool) -> None:
    """The first failing set, made smaller."""
    options = f"{f' --kind {kind!r}' if kind else ''}{' --large' if large else ''}"
    print(
        f"\nfirst failing seed {seed} ({trial.outcome}); again: ./run attack --seconds 0.01 --seed "
        f"{seed}{options}"
    )
    found, policy = drawn(seed, kind, large)
    found = smaller(found, policy, trial.outcome)
    again = attempt(found, policy)
    print(
        f"threshold {policy.threshold.value}, insiders {policy.attacker.may_be_in_cell}; "
        f"{again.reason}"
    )
    for leak in again.leaks[:5]:
        print(f"  {leak}")
    for number, release in enumerate(found.releases):
        for question in release:
            print(f"release {number}: {question}")
    for crime, many in Counter(found.crimes).most_common():
        print(f"{many} x {crime}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
