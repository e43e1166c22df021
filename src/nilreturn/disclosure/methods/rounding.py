"""
Rounding to multiples of a base, so that no exact count is printed and the tables still add up.

Controlled rounding (Cox 1987) moves each count to the multiple just below or just above it and
keeps all sums. This is always possible in two dimensions. Where it is not, counts may move one
multiple further, and readers are informed. A secret key chooses at random among the possible
results: if the result with the least movement were always taken, a reader who knew the rule could
infer, for example, that a printed 0 was not a 4. Small-count rounding moves only innermost counts
below the base, also at random, and adds up the margins again.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse

from nilreturn.disclosure.methods.outcome import InformationLoss, Outcome
from nilreturn.disclosure.methods.problem import Problem, build_problem
from nilreturn.disclosure.model import NO_UPPER, Floats, Ints, PublishedTable, propagate_bounds
from nilreturn.disclosure.policy import Policy
from nilreturn.errors import DisclosureError, PolicyError
from nilreturn.keys import derived
from nilreturn.progress import Progress
from nilreturn.tables import CellStatus, Coordinates, RawTable, SafeCell

CHANCE = "by how much a count moves"  # what a cell's number is derived for
# Of the search over integers; a limit in seconds would print other counts on a busy machine
NODES = 20_000


def by_rounding(
    tables: Sequence[RawTable], policy: Policy, known: Sequence[PublishedTable], progress: Progress
) -> Outcome:
    """Every count a multiple of the base, every sum kept."""
    base, key = _base(policy), policy.key()
    problem = build_problem(tables, policy, known)
    progress("Rounding", 0, 1)
    cells = _printed_cells(problem, tables)
    rounded, steps = _controlled(problem, cells, base, _chances(problem, tables, key))
    progress("Rounding", 1, 1)
    reach = base * steps - 1
    told = [
        (np.maximum(0, rounded[n] - reach), rounded[n] + reach)
        for n in problem.truth.cells.of_table[: len(tables)]
    ]
    words = (
        f"Every count is rounded to a multiple of {base}, so that it differs from the true "
        f"count by at most {reach}."
    )
    return changed(problem, tables, rounded, tuple(told), words, f"rounded to base {base}")


def by_small_counts(
    tables: Sequence[RawTable], policy: Policy, known: Sequence[PublishedTable], progress: Progress
) -> Outcome:
    """Innermost counts below the base moved to 0 or the base, margins added up again."""
    base, key = _base(policy), policy.key()
    problem = build_problem(tables, policy, known)
    rounded = problem.system.value.copy()
    told = []
    seen: dict[int, int] = {}
    for number, table in enumerate(tables):
        progress("Rounding", number, len(tables))
        limit = problem.rules[number].threshold
        if limit > base:
            raise PolicyError(
                f"counts up to {limit - 1} are small, and base {base} is less; use a larger base"
            )
        # Below the base, not the threshold: no count between the two could have been printed as the
        # base.
        values, low, high = _small_counts(table, base, key)
        cells = problem.truth.cells.of_table[number].reshape(-1)
        for cell, value in zip(cells.tolist(), values.reshape(-1), strict=True):
            if seen.setdefault(cell, int(value)) != value:
                raise DisclosureError(
                    f"table {table.name}: a total that another table has too would come out "
                    "differently; use rounding or suppression for tables that share totals"
                )
            rounded[cell] = value
        told.append((low, high))
    words = (
        f"Counts below {base} are moved at random to 0 or {base}; totals are the sums of what "
        f"is printed."
    )
    return changed(
        problem, tables, rounded, tuple(told), words, f"small counts rounded to base {base}"
    )


def changed(
    problem: Problem,
    tables: Sequence[RawTable],
    values: Ints,
    told: tuple[tuple[Ints, Ints], ...],
    words: str,
    rule: str,
) -> Outcome:
    """
    The outcome of a method that changes counts: what is printed of each cell, and what that tells a
    reader.
    """
    numbers = problem.truth.cells.of_table[: len(tables)]
    low, high = _known_by(problem, numbers, told)
    told = tuple((low[n], high[n]) for n in numbers)
    is_changed = np.zeros(problem.system.size, dtype=np.bool_)
    is_changed[np.concatenate([n.reshape(-1) for n in numbers])] = True
    cells = tuple(_cells(table, values[n], rule) for table, n in zip(tables, numbers, strict=True))
    distinct = np.unique(np.concatenate([n.reshape(-1) for n in numbers]))
    moved = np.abs(values - problem.system.value)[distinct]
    loss = InformationLoss(
        changed=int((moved > 0).sum()), moved=int(moved.sum()), cost=float(moved.sum())
    )
    size = problem.system.size
    return Outcome(
        problem,
        tuple(tables),
        cells,
        (words,) * len(tables),
        loss,
        problem.system.protect_low,
        problem.system.protect_high,
        is_changed & (low < high),
        problem.system.value.reshape(1, size),
        changed_ranges=told,
    )


def _known_by(
    problem: Problem, numbers: Sequence[Ints], told: Sequence[tuple[Ints, Ints]]
) -> tuple[Ints, Ints]:
    """
    The range of each cell that a reader works out of the ranges told, one sum at a time: a margin
    of counts that were not moved is known, and so nothing to keep.
    """
    low = np.zeros(problem.system.size, dtype=np.int64)
    high = np.where(problem.truth.cells.empty, 0, NO_UPPER)
    for own, (least, most) in zip(numbers, told, strict=True):
        low[own], high[own] = np.maximum(low[own], least), np.minimum(high[own], most)
    bounds = propagate_bounds(problem.truth.equations, low, high)
    return bounds.low, bounds.high


def _cells(table: RawTable, values: Ints, rule: str) -> Mapping[Coordinates, SafeCell]:
    # A count that was a multiple already is marked like all others: a reader is not to tell which
    # were.
    places = (labels for labels, _ in table.cells())
    printed = values.reshape(-1).tolist()
    return {
        labels: SafeCell(v, CellStatus.CHANGED, rule)
        for labels, v in zip(places, printed, strict=True)
    }


def _base(policy: Policy) -> int:
    if policy.base is None:
        raise PolicyError("rounding needs a base of 3 or 5; add it to the policy")
    return policy.base


def _printed_cells(problem: Problem, tables: Sequence[RawTable]) -> Ints:
    return np.unique(
        np.concatenate([n.reshape(-1) for n in problem.truth.cells.of_table[: len(tables)]])
    )


def _chances(problem: Problem, tables: Sequence[RawTable], key: bytes) -> Floats:
    """A number from 0 to 1 for each printed cell."""
    found = np.zeros(problem.system.size)
    for numbers, table in zip(problem.truth.cells.of_table, tables, strict=False):
        for index in np.ndindex(table.counts.shape):
            found[numbers[index]] = chance(key, table, index, int(table.counts[index]))
    return found


def _controlled(problem: Problem, cells: Ints, base: int, chances: Floats) -> tuple[Ints, int]:
    """
    Rounded counts of all cells (others as they are), and within how many multiples of the truth
    they lie.
    """
    equations = problem.truth.equations
    inside = np.zeros(problem.system.size, dtype=np.bool_)
    inside[cells] = True
    # Only sums whose every cell is printed bind what is printed.
    rows = np.flatnonzero((abs(equations) @ (~inside).astype(np.int64)) == 0)
    sums = sparse.csr_matrix(equations[rows][:, cells])
    for steps in (1, 2, 3):
        found = _solve(problem.system.value[cells], sums, base, steps, chances[cells])
        if found is not None:
            rounded = problem.system.value.copy()
            rounded[cells] = found
            return rounded, steps
    raise DisclosureError(
        f"the tables cannot be rounded to base {base} with all sums kept; use suppression or merge "
        f"categories"
    )


def _solve(
    values: Ints, sums: sparse.csr_matrix, base: int, steps: int, chances: Floats
) -> Ints | None:
    """
    Multiples of the base near `values` under `sums`; None when there are none. With one step each
    is the multiple just below or just above: above where its chance is less than what it has more
    than the multiple below, as far as the sums let it be.
    """
    below = values // base
    levels = [*range(1 - steps, steps)]
    costs, lower, upper = [], [], []
    for level in levels:
        # One column for each step up or down from the multiple below; a step further than need be
        # costs most.
        costs.append(
            chances - values % base / base if level == 0 else (chances + 1) * np.sign(level)
        )
        free = (values % base != 0 if steps == 1 else below + level >= 0).astype(np.float64)
        lower.append(-free if level < 0 else 0 * free)
        upper.append(free if level >= 0 else 0 * free)
    columns = sparse.hstack([sums] * len(levels), format="csc")
    bounds = (np.concatenate(lower), np.concatenate(upper))
    found = _whole(columns, -(sums @ below).astype(np.float64), np.concatenate(costs), bounds)
    if found is None:
        return None
    rounded: Ints = base * (below + found.reshape(len(levels), -1).sum(axis=0))
    return rounded if not (sums @ rounded).any() and (rounded >= 0).all() else None


def _whole(
    columns: sparse.csc_matrix, rhs: Floats, costs: Floats, bounds: tuple[Floats, Floats]
) -> Ints | None:
    """The cheapest integers with `columns @ x == rhs` within bounds; None when there are none."""
    import highspy  # the solver is loaded when there is something to solve

    from nilreturn.disclosure.solver import Solver

    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = columns.shape
    model.col_cost_ = costs
    model.col_lower_, model.col_upper_ = bounds
    model.row_lower_ = model.row_upper_ = rhs
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = columns.indptr, columns.indices
    model.a_matrix_.value_ = columns.data.astype(np.float64)
    model.integrality_ = [highspy.HighsVarType.kInteger] * model.num_col_
    solver = Solver()
    for option, value in (("output_flag", False), ("threads", 1), ("mip_max_nodes", NODES)):
        solver.setOptionValue(option, value)
    solver.passModel(model)
    solver.run()
    solution = solver.getSolution()
    if not solution.value_valid or solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    found: Ints = np.rint(np.array(solution.col_value)).astype(np.int64)
    return found


def _small_counts(table: RawTable, base: int, key: bytes) -> tuple[Ints, Ints, Ints]:
    """What is printed of each cell, and the range that it tells."""
    inner = [[d.labels.index(leaf.label) for leaf in d.leaves] for d in table.dimensions]
    printed = table.counts.copy()
    low, high = np.zeros_like(printed), np.full_like(printed, NO_UPPER)
    for index in itertools.product(*inner):
        count = int(table.counts[index])
        if 0 < count < base:
            printed[index] = base if chance(key, table, index, count) < count / base else 0
        value = int(printed[index])
        # A printed base may be one that was there; a printed zero may be a true one.
        low[index], high[index] = (
            (0, base - 1) if value == 0 else (1, base) if value == base else (value, value)
        )
    for axis, dimension in enumerate(table.dimensions):
        if not dimension.additive:
            continue
        for category in reversed(dimension.categories):
            below = [dimension.labels.index(c.label) for c in dimension.children(category.label)]
            if below:
                place = dimension.labels.index(category.label)
                line = np.moveaxis(printed, axis, 0)
                line[place] = line[below].sum(axis=0)
    return printed, low, high


def chance(key: bytes, table: RawTable, index: tuple[int, ...], count: int) -> float:
    """
    A number from 0 to 1 that depends on the key, what the cell means and its count alone: the same
    cell moves the same way in every table and every release.
    """
    labels = sorted(
        f"{d.variable}={d.labels[i]}"
        for d, i in zip(table.dimensions, index, strict=True)
        if d.categories[i].parent
    )
    meaning = repr((table.population.unit, table.population.extents, labels, count))
    return int.from_bytes(derived(key, CHANCE, meaning.encode())[:8]) / 2**64
