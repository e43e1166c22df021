"""
How far an import is, in one measure from its first row to its last: bytes read, and rows written as
their equivalent in bytes.
"""

from __future__ import annotations

from collections.abc import Sequence

from nilreturn.progress import Progress

READING, WRITING = 3, 2  # what a row costs to read and judge, and to write
STEP = "Importing"


class Work:
    """The work of one import. `sizes` are the bytes of each file."""

    def __init__(self, sizes: Sequence[int], progress: Progress) -> None:
        self._sizes = sizes
        self._progress = progress
        self._total = (READING + WRITING) * sum(sizes)
        self._done = 0

    def reading(self, file: int, share: float) -> None:
        """
        Report that a share (0 to 1) of the file has been read and judged, and the files before it
        completely.
        """
        self._tell(READING * (sum(self._sizes[:file]) + share * self._sizes[file]))

    def writing(self, share: float) -> None:
        """Report that a share (0 to 1) of all records has been written."""
        self._tell(READING * sum(self._sizes) + WRITING * share * sum(self._sizes))

    def _tell(self, done: float) -> None:
        self._done = max(self._done, min(int(done), self._total))
        self._progress(STEP, self._done, self._total)
