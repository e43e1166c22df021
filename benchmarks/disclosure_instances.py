"""Instances for `./run bench-disclosure`: read from folders, or made here from a seed."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from nilreturn.disclosure.model import Ints
from nilreturn.errors import FileError, TableError

Hierarchy = dict[str, list[str]]  # each total and its parts, the grand total first


@dataclass(frozen=True, eq=False)
class Instance:
    """Cells with their true counts, and the equations total = parts (+1 and -1)."""

    name: str
    ids: tuple[str, ...]
    value: Ints
    equations: sparse.csr_matrix
    place: Ints  # (cells, dimensions) numbers of codes


def read(folder: Path) -> Instance:
    """
    An instance folder: `cells.csv` (id first, its codes, freq last) and `eq.csv` (total;part;part…
    a line).
    """
    try:
        with (folder / "cells.csv").open(newline="", encoding="utf-8-sig") as lines:
            rows = list(csv.DictReader(lines))
        ids = tuple(row["id"] for row in rows)
        value = np.array([int(row["freq"]) for row in rows], dtype=np.int64)
        place = {name: k for k, name in enumerate(ids)}
        text = (folder / "eq.csv").read_text(encoding="utf-8-sig")
        sums = [
            [place[name.strip()] for name in line.split(";")]
            for line in text.splitlines()
            if line.strip()
        ]
    except OSError as error:
        raise FileError(
            f"{folder}: cannot be read ({error.strerror}); an instance has cells.csv and eq.csv"
        ) from error
    except (KeyError, ValueError, TypeError, csv.Error) as error:
        raise TableError(
            f"{folder}: not an instance: cells.csv needs columns id and freq (whole numbers), "
            "and each line of eq.csv ids of cells, the total first"
        ) from error
    codes = [[code for name, code in row.items() if name not in ("id", "freq")] for row in rows]
    return _checked(
        Instance(folder.resolve().name, ids, value, _equations(sums, len(ids)), _numbered(codes))
    )


def _numbered(codes: Sequence[Sequence[str]]) -> Ints:
    """The codes of each dimension as numbers."""
    columns = [
        np.unique(np.array(column, dtype=str), return_inverse=True)[1]
        for column in zip(*codes, strict=True)
    ]
    return (
        np.stack(columns, axis=1).astype(np.int64)
        if columns
        else np.zeros((len(codes), 0), dtype=np.int64)
    )


def _checked(instance: Instance) -> Instance:
    if len(set(instance.ids)) < len(instance.ids):
        raise TableError(f"{instance.name}: a cell id appears twice in cells.csv")
    if (instance.value < 0).any():
        raise TableError(f"{instance.name}: a count in cells.csv is negative")
    wrong = np.flatnonzero(instance.equations @ instance.value)
    if len(wrong):
        raise TableError(
            f"{instance.name}: line {wrong[0] + 1} of eq.csv does not add up ({len(wrong)} in all)"
        )
    return instance


def _equations(sums: Sequence[Sequence[int]], cells: int) -> sparse.csr_matrix:
    lengths = [len(line) for line in sums]
    columns = np.fromiter(itertools.chain.from_iterable(sums), dtype=np.int64)
    sign = np.full(len(columns), -1, dtype=np.int64)
    sign[np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(int)] = 1
    rows = np.repeat(np.arange(len(sums)), lengths)
    return sparse.csr_matrix((sign, (rows, columns)), (len(sums), cells))


# Made from a seed ---------------------------------------------------------------------------------


def flat(prefix: str, parts: int) -> Hierarchy:
    return {"Total": [f"{prefix}{k}" for k in range(parts)]}


def nested(*widths: int) -> Hierarchy:
    """A hierarchy with `widths[0]` parts, each of them with `widths[1]` parts, and so on."""
    tree: Hierarchy = {}
    level = ["Total"]
    for depth, width in enumerate(widths):
        below = []
        for name in level:
            tree[name] = [f"{name if depth else ''}{'.' if depth else ''}{k}" for k in range(width)]
            below += tree[name]
        level = below
    return tree


def made(
    name: str,
    dimensions: Sequence[Hierarchy],
    records: int,
    seed: int,
    *,
    tables: Sequence[Sequence[int]] = (),
) -> Instance:
    """
    `records` records drawn into the cells of `dimensions`, unevenly, and counted in each of
    `tables` (numbers of dimensions; one table of all when empty), with every margin. Tables share
    the cells they have in common.
    """
    random = np.random.default_rng(seed)
    leaves = [[label for label in _labels(tree) if label not in tree] for tree in dimensions]
    drawn = []
    for own in leaves:
        share = random.gamma(0.8, size=len(own)) + 0.05
        drawn.append(random.choice(len(own), size=records, p=share / share.sum()))
    count: dict[tuple[str, ...], int] = {}
    sums: list[list[tuple[str, ...]]] = []
    for table in tables or [tuple(range(len(dimensions)))]:
        inner = np.zeros([len(leaves[d]) for d in table], dtype=np.int64)
        np.add.at(inner, tuple(drawn[d] for d in table), 1)
        for axis, d in enumerate(table):
            inner = np.moveaxis(
                np.tensordot(_adder(dimensions[d], leaves[d]), inner, axes=(1, axis)), 0, axis
            )
        labels = [_labels(dimensions[d]) for d in table]
        keys = [
            _whole(dict(zip(table, key, strict=True)), len(dimensions))
            for key in itertools.product(*labels)
        ]
        count.update(zip(keys, inner.ravel().tolist(), strict=True))
        sums += _sums([dimensions[d] for d in table], table, len(dimensions))
    place = {key: k for k, key in enumerate(count)}
    numbered = [[place[key] for key in line] for line in {tuple(line): None for line in sums}]
    value = np.array(list(count.values()), dtype=np.int64)
    ids = tuple(str(k) for k in range(len(count)))
    return _checked(
        Instance(name, ids, value, _equations(numbered, len(count)), _numbered(list(count)))
    )


def scattered(name: str, rows: int, columns: int, mean: float, seed: int) -> Instance:
    """
    A flat table whose counts, `mean` on average, are drawn cell by cell: small ones lie anywhere.
    """
    random = np.random.default_rng(seed)
    inner = random.poisson(random.gamma(1.0, mean, (rows, columns)))
    dimensions = [flat("a", rows), flat("b", columns)]
    for axis, tree in enumerate(dimensions):
        leaves = [label for label in _labels(tree) if label not in tree]
        inner = np.moveaxis(np.tensordot(_adder(tree, leaves), inner, axes=(1, axis)), 0, axis)
    keys = list(itertools.product(*(_labels(tree) for tree in dimensions)))
    place = {key: k for k, key in enumerate(keys)}
    numbered = [[place[key] for key in line] for line in _sums(dimensions, (0, 1), 2)]
    ids = tuple(str(k) for k in range(len(keys)))
    value = inner.ravel().astype(np.int64)
    return _checked(Instance(name, ids, value, _equations(numbered, len(keys)), _numbered(keys)))


def _labels(tree: Hierarchy) -> list[str]:
    return ["Total", *itertools.chain.from_iterable(tree.values())]


def _adder(tree: Hierarchy, leaves: list[str]) -> Ints:
    """The matrix that makes counts of all labels out of those of the leaves."""
    column = {leaf: k for k, leaf in enumerate(leaves)}

    def below(label: str) -> Iterator[int]:
        if label in column:
            yield column[label]
        for part in tree.get(label, []):
            yield from below(part)

    labels = _labels(tree)
    matrix = np.zeros((len(labels), len(leaves)), dtype=np.int64)
    for row, label in enumerate(labels):
        matrix[row, list(below(label))] = 1
    return matrix


def _whole(labels: dict[int, str], dimensions: int) -> tuple[str, ...]:
    return tuple(labels.get(d, "Total") for d in range(dimensions))


def _sums(
    trees: Sequence[Hierarchy], table: Sequence[int], dimensions: int
) -> list[list[tuple[str, ...]]]:
    lines = []
    for axis, tree in enumerate(trees):
        others = [_labels(other) if k != axis else [""] for k, other in enumerate(trees)]
        for total, parts in tree.items():
            for key in itertools.product(*others):
                line = [[*key[:axis], label, *key[axis + 1 :]] for label in (total, *parts)]
                lines.append([_whole(dict(zip(table, k, strict=True)), dimensions) for k in line])
    return lines


OWN = {
    "2d-10x4": lambda: made("2d-10x4", [flat("a", 10), flat("b", 4)], 500, 1),
    "2d-50x50": lambda: made("2d-50x50", [flat("a", 50), flat("b", 50)], 150_000, 2),
    "2d-100x100": lambda: made("2d-100x100", [flat("a", 100), flat("b", 100)], 700_000, 3),
    "2d-200x200-461": lambda: scattered("2d-200x200-461", 200, 200, 365.0, 4),
    "2d-200x200": lambda: made("2d-200x200", [flat("a", 200), flat("b", 200)], 3_000_000, 4),
    "3d-20x20x10": lambda: made(
        "3d-20x20x10", [flat("a", 20), flat("b", 20), flat("c", 10)], 250_000, 5
    ),
    "4d-8x6x5x4": lambda: made(
        "4d-8x6x5x4", [flat("a", 8), flat("b", 6), flat("c", 5), flat("d", 4)], 15_000, 6
    ),
    "4d-8x6x5x4-421": lambda: made(
        "4d-8x6x5x4-421", [flat("a", 8), flat("b", 6), flat("c", 5), flat("d", 4)], 15_400, 18
    ),
    "5d-10x5x4x3x3-933": lambda: made(
        "5d-10x5x4x3x3-933", [flat(f"d{k}.", k) for k in (10, 5, 4, 3, 3)], 48_800, 38
    ),
    "5d-10x5x4x3x3": lambda: made(
        "5d-10x5x4x3x3", [flat(f"d{k}.", k) for k in (10, 5, 4, 3, 3)], 33_600, 11
    ),
    "5d-10x7x4x3x2": lambda: made(
        "5d-10x7x4x3x2", [flat(f"d{k}.", k) for k in (10, 7, 4, 3, 2)], 60_000, 12
    ),
    "hierarchical": lambda: made("hierarchical", [nested(10, 4), nested(2, 4, 3)], 15_000, 7),
    "linked": lambda: made(
        "linked",
        [flat("a", 8), flat("s", 3), nested(4, 4), flat("p", 6), nested(4, 3)],
        6_000,
        8,
        tables=[(0, 1, 2), (2, 3, 4)],
    ),
    "10k": lambda: made("10k", [nested(10, 4), nested(2, 4, 3), flat("c", 5)], 80_000, 9),
}
LARGE = {"100k": lambda: made("100k", [nested(12, 8), nested(3, 4, 3), flat("c", 17)], 900_000, 10)}
