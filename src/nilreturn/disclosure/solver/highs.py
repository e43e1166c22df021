"""HiGHS models, made in one place: one thread, one seed, no output."""

from __future__ import annotations

import highspy
import numpy as np
from scipy import sparse

from nilreturn.disclosure.model import NO_UPPER, Block, Floats, Ints


def integer_program_with_least_cost(
    matrix: sparse.csc_matrix,
    least: Floats,
    cost: Floats,
    upper: Floats,
    lower: Floats | None = None,
    *,
    most: Floats | None = None,
    whole: bool = False,
) -> highspy.Highs:
    """
    A HiGHS model: `least <= matrix @ x` (`<= most`), `lower <= x <= upper`, of the smallest cost.
    """
    rows, columns = matrix.shape
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_ = cost
    lp.col_lower_ = np.zeros(columns) if lower is None else lower
    lp.col_upper_ = upper
    lp.row_lower_ = least
    lp.row_upper_ = np.full(rows, highspy.kHighsInf) if most is None else most
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = matrix.indptr
    lp.a_matrix_.index_ = matrix.indices
    lp.a_matrix_.value_ = matrix.data.astype(np.float64)
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * columns
    highs = Solver()
    highs.silent()
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", 1)
    highs.passModel(lp)
    return highs


def balanced(
    matrix: sparse.csc_matrix,
    cost: Floats,
    upper: Floats,
    lower: Floats | None = None,
    *,
    whole: bool = False,
) -> highspy.Highs:
    """A HiGHS model `matrix @ x == 0`, `lower <= x <= upper`, of the smallest cost."""
    nothing = np.zeros(matrix.shape[0])
    return integer_program_with_least_cost(
        matrix, nothing, cost, upper, lower, most=nothing, whole=whole
    )


class Solver(highspy.Highs):
    """
    HiGHS without callbacks: setting them up prints a banner on standard output, where results go.
    """

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()

    def found_optimum(self) -> bool:
        """Whether the last programme was solved."""
        return bool(self.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def load(solver: Solver, block: Block, costs: Floats, most: Floats) -> None:
    """
    Give a solver the programme of a block: columns are by how much each cell rises, then by how
    much it falls.
    """
    loaded(solver, block.equations.tocsc(), costs, most)


def loaded(solver: Solver, rises: sparse.csc_matrix, costs: Floats, most: Floats) -> None:
    """The same of the equations alone, column by column."""
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 1)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = 2 * rises.shape[1], rises.shape[0]
    model.col_cost_ = costs
    model.col_lower_ = np.zeros(2 * rises.shape[1])
    model.col_upper_ = most
    model.row_lower_ = model.row_upper_ = np.zeros(rises.shape[0])
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.concatenate((rises.indptr, rises.nnz + rises.indptr[1:]))
    model.a_matrix_.index_ = np.concatenate((rises.indices, rises.indices))
    model.a_matrix_.value_ = np.concatenate((rises.data, -rises.data)).astype(np.float64)
    solver.passModel(model)


def changes_from(block: Block, table: Ints, costs: Floats) -> Solver:
    """
    A solver over the changes of a feasible table that leave every sum as it is. It starts from
    changing nothing.
    """
    most = np.concatenate((block.high - table, table - block.low)).astype(np.float64)
    most[: block.size][block.high == NO_UPPER] = np.inf
    solver = Solver()
    load(solver, block, costs, most)
    solver.setOptionValue("presolve", "off")
    return solver
