"""The mistakes of one file, collected while it is read."""

from __future__ import annotations

from typing import Any

from nilreturn.errors import Mistake, UserError
from nilreturn.wording import counted


class Mistakes:
    """
    What is wrong with a file that a person wrote, collected so that all of it is reported at once.

    Parameters
    ----------
    file
        The file's name, as messages give it.
    kind
        The error that `raise_if_any` raises.
    shows_field
        Whether messages begin with the field's path; false where they name the part in words.
    row
        What a line of the file is called: "line", or "row".
    """

    def __init__(
        self, file: str, kind: type[UserError], *, shows_field: bool = True, row: str = "line"
    ) -> None:
        self.file = file
        self.found: list[Mistake] = []
        # The path of a YAML node in its document, by the node's identity.
        self.paths: dict[int, str] = {}
        self._kind = kind
        self._shows_field = shows_field
        self._row = row

    def add(self, where: Any, what: str, *, field: str = "") -> None:
        """
        Note a mistake.

        Parameters
        ----------
        where
            A line counted from 1, 0 where none is known, or the YAML node that is wrong.
        what
            What is wrong and, after a semicolon, what to do next.
        field
            The path of the field. A node has its own.
        """
        line = where if isinstance(where, int) else int(where.start_mark.line) + 1
        message, _, hint = what.partition("; ")
        path = field or self.paths.get(id(where), "")
        self.found.append(
            Mistake(self.file, line, path, message, hint, self._shows_field, self._row)
        )

    @property
    def in_order(self) -> tuple[Mistake, ...]:
        """Each mistake once, in the order of the file."""
        once = {str(mistake): mistake for mistake in self.found}
        return tuple(sorted(once.values(), key=lambda one: (one.line, str(one))))

    def raise_if_any(self, against: str = "") -> None:
        """
        Raise the file's error with every mistake, where there is one.

        Parameters
        ----------
        against
            What the file was compared with, such as an extract; named in the message.
        """
        if not self.found:
            return
        mistakes = self.in_order
        number = counted(len(mistakes), "mistake")
        held = f" against {against}" if against else ""
        what = "it" if len(mistakes) == 1 else "them"
        raise self._kind(
            f"{self.file}: {number}{held}; correct {what} and try again", mistakes=mistakes
        )
