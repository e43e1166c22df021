"""
How well mentions are found in free text, beside the usual ways of finding them:

    ./run eval-text [FILE …]

A FILE is CSV with the columns id, text, gold (names of the lexicon, joined by ";"), mentions (JSON:
a list of {"p": name, "form", "type"}) and neg_type (what kind of trap the text holds). Without a
FILE: the labelled files that lie beside the repository, where there are any, and made-up records
from `text_generated`, hard and natural, of a seed used for nothing else. The last line printed is
one JSON object.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.text_generated import Record, generated
from benchmarks.text_peers import PEERS
from nilreturn.narrative.lexicon import Lexicon, load_lexicon
from nilreturn.narrative.matching import Matcher
from nilreturn.narrative.text import normalise, phrases, tokenise

LABELLED = Path(__file__).resolve().parents[2] / "shared" / "text"
HELD_OUT_SEED = 20261124
COLUMNS = ("id", "text", "gold", "mentions", "neg_type")

Finder = Callable[[Lexicon, Sequence[str]], list[frozenset[str]]]
"""The names found in each text."""


def ours(lexicon: Lexicon, texts: Sequence[str]) -> list[frozenset[str]]:
    """
    The matcher, the way an index uses it: distinct forms first, then the contexts that are needed.
    """
    matcher = Matcher(lexicon)
    tokens = [tokenise(normalise(text)) for text in texts]
    candidates = matcher.candidates({form for some in tokens for form, _, _ in phrases(some)})
    return [
        frozenset(found.entry.name for found in matcher.resolve(some, candidates))
        for some in tokens
    ]


@dataclass
class Score:
    """What one finder found in one file, against what is there."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    seconds: float = 0.0
    estimated: Counter[str] = field(default_factory=Counter)
    true: Counter[str] = field(default_factory=Counter)
    by_type: dict[str, list[int]] = field(default_factory=dict)
    by_trap: dict[str, list[int]] = field(default_factory=dict)

    @property
    def precision(self) -> float:
        """Of the names found, the part that is there."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Of the names there, the part that is found."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)

    @property
    def count_error(self) -> float:
        """Sum over names of |records found - records true|, over all true."""
        names = self.estimated.keys() | self.true.keys()
        return sum(abs(self.estimated[name] - self.true[name]) for name in names) / max(
            1, self.true.total()
        )

    def record(self, row: Record, found: frozenset[str]) -> None:
        """Count one record."""
        gold = frozenset(filter(None, row["gold"].split(";")))
        self.right += len(found & gold)
        self.wrong += len(found - gold)
        self.missed += len(gold - found)
        self.estimated.update(found)
        self.true.update(gold)
        for mention in json.loads(row["mentions"]):
            tally = self.by_type.setdefault(mention["type"], [0, 0])
            tally[0] += mention["p"] in found
            tally[1] += 1
        for trap in filter(None, row["neg_type"].split("+")):
            tally = self.by_trap.setdefault(trap, [0, 0])
            tally[0] += bool(found - gold)
            tally[1] += 1

    def summary(self) -> dict[str, object]:
        """The figures, rounded, as JSON has them."""
        return {"precision": round(self.precision, 4), "recall": round(self.recall, 4),
                "f1": round(self.f1, 4), "count_error": round(self.count_error, 4),
                "seconds": round(self.seconds, 2)}  # fmt: skip


def score(finder: Finder, lexicon: Lexicon, rows: Sequence[Record]) -> Score:
    """How `finder` does on the records."""
    texts = [row["text"] for row in rows]
    result = Score()
    start = time.perf_counter()
    found = finder(lexicon, texts)
    result.seconds = time.perf_counter() - start
    for row, names in zip(rows, found, strict=True):
        result.record(row, names)
    return result


def read(path: Path) -> list[Record]:
    """The records of an evaluation file; exits with one line when it is not one."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                sys.exit(
                    f"eval-text: {path}: no column {', '.join(missing)}; it needs "
                    f"{', '.join(COLUMNS)}"
                )
            for row in rows:
                json.loads(row["mentions"])
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        sys.exit(f"eval-text: {path}: cannot be read as an evaluation file ({error})")
    return rows


def files(paths: Sequence[str], lexicon: Lexicon) -> dict[str, list[Record]]:
    """What is judged: the files named, or the labelled ones and the made-up ones."""
    if paths:
        return {path: read(Path(path)) for path in paths}
    labelled = {
        path.name: read(path)
        for path in (LABELLED / "dev.csv", LABELLED / "dev_natural.csv")
        if path.exists()
    }
    made_up = {
        f"generated, {'hard' if hard else 'natural'}": generated(
            lexicon, hard=hard, seed=HELD_OUT_SEED
        )
        for hard in (True, False)
    }
    return labelled | made_up


def report(name: str, rows: Sequence[Record], scores: dict[str, Score]) -> None:
    """Print the tables of one file."""
    print(f"\n{name}: {len(rows)} records, {sum(bool(row['gold']) for row in rows)} with a mention")
    print(f"{'':34}{'precision':>10}{'recall':>8}{'F1':>8}{'count error':>13}{'seconds':>9}")
    for finder, result in scores.items():
        figures = f"{result.precision:10.4f}{result.recall:8.4f}{result.f1:8.4f}"
        print(f"{finder:34}{figures}{result.count_error:13.4f}{result.seconds:9.2f}")
    mine = next(iter(scores.values()))
    print(
        "found, by way of writing: "
        + ", ".join(f"{kind} {a}/{b}" for kind, (a, b) in sorted(mine.by_type.items()))
    )
    traps = {kind: tally for kind, tally in sorted(mine.by_trap.items()) if tally[0]}
    held = sum(total for _, total in mine.by_trap.values())
    print(f"records with a trap and a wrong name: {sum(a for a, _ in traps.values())} of {held}"
          + "".join(f", {kind} {a}/{b}" for kind, (a, b) in traps.items()))  # fmt: skip
    others = [
        f"{finder} {sum(a for a, _ in result.by_trap.values())}"
        for finder, result in scores.items()
    ][1:]
    if others:
        print("  the same for " + ", ".join(others))


def main(arguments: Sequence[str]) -> None:
    """Judge every file by every finder."""
    parser = argparse.ArgumentParser(
        prog="./run eval-text", description="How well mentions are found in free text."
    )
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="CSV with id, text, gold, mentions, neg_type"
    )
    parser.add_argument(
        "--lexicon", metavar="LEXICON", help="what is looked for (default: platforms)"
    )
    parser.add_argument("--no-peers", action="store_true", help="judge this matcher alone")
    given = parser.parse_args(arguments)
    lexicon = load_lexicon(given.lexicon)
    finders: dict[str, Finder] = {"this matcher": ours} | ({} if given.no_peers else PEERS)
    summary: dict[str, object] = {}
    for name, rows in files(given.files, lexicon).items():
        scores = {finder: score(function, lexicon, rows) for finder, function in finders.items()}
        report(name, rows, scores)
        mine = scores["this matcher"]
        summary[name] = {
            "records": len(rows),
            "finders": {finder: one.summary() for finder, one in scores.items()},
            "recall_by_type": {
                kind: round(a / b, 4) for kind, (a, b) in sorted(mine.by_type.items())
            },
            "wrong_by_trap": {kind: a for kind, (a, _) in sorted(mine.by_trap.items()) if a},
        }
    print()
    print(json.dumps({"eval_text": summary}))


if __name__ == "__main__":
    main(sys.argv[1:])
