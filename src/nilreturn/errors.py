"""
Every error class, as a tree:

    NilReturnError          anything this software raises on purpose
    └── UserError           what a user can put right: shown as one line, without a traceback
        ├── UsageError      2  the command itself was written wrongly
        ├── FileError       3  a file is missing, empty, truncated, too large or of another kind
        ├── SourceError     4  an extract does not fit the mapping of its records system
        ├── ExtractError    5  an imported extract is incomplete or has been changed since
        ├── OffenceError    6  an offence code is ambiguous or unknown
        ├── QuestionError   7  a question file has mistakes (all are listed)
        ├── PolicyError     8  a policy file has mistakes, or asks for what cannot be done
        ├── TableError      9  a table to protect or audit is not a table
        ├── DisclosureError 10 nothing was released: it would disclose what must be hidden
        ├── LexiconError    11 a lexicon or a file of review decisions has mistakes
        ├── EngineError     12 the counting engine is not installed or cannot be reached
        ├── ReleaseError    13 the answer cannot be written where or as asked
        ├── ExtraError      14 a part of the software that is asked for is not installed
        └── RecordError     16 a record cannot be read, or a change of it is not allowed

The number is the exit code. A message says where, what, and what next; it never quotes a record.
Anything that is not a `UserError` is a defect of ours and keeps its traceback.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Mistake:
    """
    One thing that a person has to correct, so that a page can show it beside the field.

    `str()` is the line that the command line prints.

    Attributes
    ----------
    where
        What holds the mistake: a file's name, or `""` for a form.
    line
        Its line or row, counted from 1; 0 where none is known.
    field
        The path of the field in the file, such as `questions.0.filters.offences`; `""` where the
        mistake is of no one field.
    message
        What is wrong.
    hint
        What to do next; `""` where the message says it.
    shows_field
        Whether the printed line names the field. False where the message names it in words.
    row
        What a line is called: "line", or "row" in a spreadsheet's CSV file.

    Examples
    --------
    >>> str(Mistake("policy.yaml", 3, "threshold", "must be a number", "write 5"))
    'policy.yaml, line 3: threshold: must be a number; write 5'
    """

    where: str
    line: int
    field: str
    message: str
    hint: str = ""
    shows_field: bool = True
    row: str = "line"

    def __str__(self) -> str:
        at = f"{self.where}, {self.row} {self.line}" if self.line else self.where
        field = self.field if self.shows_field else ""
        said = f"{self.message}; {self.hint}" if self.hint else self.message
        return ": ".join(part for part in (at, field, said) if part)


class NilReturnError(Exception):
    """The base of every error raised on purpose."""


class UserError(NilReturnError):
    """
    Something a user can correct. `str()` is one line, and `details` are further lines below it.

    `mistakes` are the mistakes of a file or form that a person filled in, all of those found; they
    are the details where there are no others.
    """

    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        message: str,
        *,
        details: tuple[str, ...] = (),
        mistakes: tuple[Mistake, ...] = (),
    ) -> None:
        super().__init__(message)
        self.mistakes = mistakes
        self.details = details or tuple(map(str, mistakes))


class UsageError(UserError):
    exit_code = 2


class FileError(UserError):
    exit_code = 3


class SourceError(UserError):
    exit_code = 4


class ExtractError(UserError):
    exit_code = 5


class OffenceError(UserError):
    exit_code = 6


class QuestionError(UserError):
    exit_code = 7


class PolicyError(UserError):
    exit_code = 8


class TableError(UserError):
    exit_code = 9


class DisclosureError(UserError):
    exit_code = 10


class LexiconError(UserError):
    exit_code = 11


class EngineError(UserError):
    exit_code = 12


class ReleaseError(UserError):
    exit_code = 13


class ExtraError(UserError):
    exit_code = 14


class RecordError(UserError):
    exit_code = 16


class Stopped(BaseException):
    """Ctrl-C. It is not an `Exception`, so that no handler takes it for a fault and continues."""


class UnevenRowsError(Exception):
    """
    The strict reader of a file met a row that is unlike the others. No user sees it: the file is
    read again.
    """


def did_you_mean(wrong: str, known: tuple[str, ...] | list[str], *, most: int = 3) -> str:
    """
    The end of a message that names what is near `wrong`, empty where nothing is.

    >>> did_you_mean("victms", ["victims", "crimes"])
    "; did you mean 'victims'?"
    >>> did_you_mean("zzz", ["victims", "crimes"])
    ''
    """
    import difflib

    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(wrong.casefold(), list(folded), n=most, cutoff=0.6)
    if not near:
        return ""
    return "; did you mean " + " or ".join(f"'{folded[name]}'" for name in near) + "?"
