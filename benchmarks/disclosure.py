"""
Instances of suppression: how many cells are hidden besides the primary ones, how near that is to
the least possible, what the printed result gives away to two readers (A0 knows that no count is
negative, A1 knows the rule), and what it takes: CPU seconds of the search, and of the audit for
each reader, and the most memory held. The audit is offered what suppression found, as in a release,
unless it is asked to find all by itself. Each instance is a process of its own; its line appears
when it is done. Loss: the number of secondary cells, then (as a tie-break) their counts.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from benchmarks.disclosure_audit import avoidable, exposures
from benchmarks.disclosure_instances import LARGE, OWN, Instance, read
from nilreturn.disclosure.model import NO_UPPER
from nilreturn.disclosure.model.requirement import KNOWS_THE_RULE, NOT_DERIVABLE
from nilreturn.disclosure.suppression import SuppressionProblem
from nilreturn.errors import NilReturnError

THRESHOLD = 5
TIE_BREAK = 0.01  # all counts together weigh less than any one cell
HEADINGS = (
    "instance            cells primary second.  hidden count  bound   gap  exact A0  exact A1  "
    "range A1  insider A1"
    "  avoidable  narrow  refused  search s  audit A1 s  audit A0 s    MB"
)


def system_of(instance: Instance, attacker: str) -> SuppressionProblem:
    """The system of an instance: counts 1 to 4 are primary, zeros are printed."""
    value = instance.value
    n = len(value)
    primary = (value > 0) & (value < THRESHOLD)
    return SuppressionProblem(
        value=value,
        equations=instance.equations,
        weight=1.0 + TIE_BREAK * value / max(1, int(value.sum())),
        primary=primary,
        publishable=value == 0,
        unpublished=np.zeros(n, dtype=bool),
        lower=np.where(value > 0, 1 if attacker == "A1" else 0, 0).astype(np.int64),
        upper=np.full(n, NO_UPPER),
        protect_low=np.full(n, 1, dtype=np.int64),
        protect_high=np.full(n, THRESHOLD - 1, dtype=np.int64),
        place=instance.place,
    )


def line_of(
    instance: Instance,
    *,
    attacker: str,
    seconds: float,
    out: Path,
    audit_seconds: float,
    alone: bool = False,
) -> str:
    """
    Protect one instance, write the ids of its hidden cells, audit what is printed, and tell it in
    one line.
    """
    from nilreturn.disclosure.suppression import suppress

    system = system_of(instance, attacker)
    start = time.process_time()
    requirement = KNOWS_THE_RULE if attacker == "A1" else NOT_DERIVABLE
    found = suppress(system, requirement=requirement, seconds=seconds)
    took = time.process_time() - start
    out.mkdir(parents=True, exist_ok=True)
    with (out / f"{instance.name}.csv").open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines)
        writer.writerow(["id"])
        writer.writerows([instance.ids[cell]] for cell in np.flatnonzero(found.hidden))
    told, audited, spared = {}, {}, 0
    for name, least in (("A1", 1), ("A0", 0)):
        start = time.process_time()
        told[name] = exposures(
            instance,
            found.hidden,
            least=least,
            threshold=THRESHOLD,
            seconds=audit_seconds,
            world=None if alone else found.table,
            moves=() if alone else found.moves,
        )
        audited[name] = time.process_time() - start
        if name == attacker:
            spared = avoidable(instance, told[name], least=least, seconds=audit_seconds)
    secondary = found.hidden & ~system.primary
    a0, a1 = told["A0"], told["A1"]
    unsure = f"  undecided {a0.undecided}+{a1.undecided}" if a0.undecided + a1.undecided else ""
    return (
        f"{instance.name:18} {len(system.value):6} {system.primary.sum():7} {secondary.sum():7}"
        f" {instance.value[secondary].sum():13} {found.bound:6.0f} {found.gap:5.1%}"
        f" {a0.exact:9} {a1.exact:9} {a1.range:9} {a1.insider:11} {spared:10}"
        f" {a1.unavoidable:7} {found.unprotectable.sum():8} {took:9.1f} {audited['A1']:11.1f} "
        f"{audited['A0']:11.1f}"
        f" {_peak():5.0f}{unsure}  {found.method}"
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _child(pipe: Connection, name: str, own: bool, asked: argparse.Namespace) -> None:
    try:
        instance = {**OWN, **LARGE}[name]() if own else read(Path(name))
        line = line_of(
            instance,
            attacker=asked.attacker,
            seconds=asked.seconds,
            out=asked.out,
            audit_seconds=asked.audit_seconds,
            alone=asked.alone,
        )
        pipe.send((True, line))
    except NilReturnError as error:
        pipe.send((False, str(error)))
    except MemoryError:
        pipe.send((False, f"{name}: out of memory"))


def in_a_process(work: Callable[..., None], *arguments: object) -> tuple[bool, str]:
    """
    What `work` sends from a process of its own; a crash there is told, and is no end of this one.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(there, *arguments))
    process.start()
    there.close()
    try:
        return here.recv()
    except EOFError:
        process.join()
        return False, f"{arguments[0]}: stopped with exit code {process.exitcode}"
    finally:
        process.join()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run bench-disclosure", description=__doc__)
    parser.add_argument(
        "--attacker", choices=("A0", "A1"), default="A1", help="what a reader knows (default: A1)"
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=60.0,
        help="of work for the suppression of each instance (60)",
    )
    parser.add_argument(
        "--audit-seconds",
        type=float,
        default=300.0,
        help="of work for the audit of each result (300)",
    )
    parser.add_argument(
        "--out", type=Path, default=Path("bench-disclosure"), help="folder for NAME.csv"
    )
    parser.add_argument(
        "--alone", action="store_true", help="the audit is offered nothing that suppression found"
    )
    parser.add_argument(
        "--large", action="store_true", help="also the own instance of 100,000 cells"
    )
    parser.add_argument(
        "instances",
        nargs="*",
        metavar="INSTANCE",
        help="folders, or names of own ones; all when none",
    )
    asked = parser.parse_args(arguments)
    if asked.seconds <= 0 or asked.audit_seconds <= 0:
        parser.error("--seconds and --audit-seconds must be positive")
    names = asked.instances or [*OWN, *(LARGE if asked.large else ())]
    print(
        f"attacker {asked.attacker}, {asked.seconds:g} s an instance; loss: secondary cells, then "
        f"their counts"
    )
    print(HEADINGS, flush=True)
    good = True
    for name in names:
        own = name in OWN or name in LARGE
        done, line = in_a_process(_child, name, own, asked)
        print(line if done else f"not done: {line}", flush=True)
        good &= done
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
