"""Arrays of cells, and the numbers that stand for no limit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NO_UPPER = np.iinfo(np.int64).max


MOST_COUNT = 10**12  # more than any count of records
