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
        ├── DisclosureError 10 nothing was released: it would give away what must stay hidden
        ├── LexiconError    11 a lexicon or a file of review decisions has mistakes
        ├── EngineError     12 the counting engine is not installed or cannot be reached
        ├── ReleaseError    13 the answer cannot be written where or as asked
        ├── ExtraError      14 a part of the software that is asked for is not installed
        └── RecordError     16 a record cannot be read, or a change of it is not allowed

The number is the exit code. A message says where, what, and what next; it never quotes a record.
Anything that is not a `UserError` is a defect of ours and keeps its traceback.
"""

from __future__ import annotations

from typing import ClassVar


class NilReturnError(Exception):
    """The base of every error raised on purpose."""


class UserError(NilReturnError):
    """
    Something a user can put right. `str()` is one line; `details` are further lines for a list
    of mistakes found together (each again where, what, what next).
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, details: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.details = details


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
    """Ctrl-C. Not an `Exception`: nothing on the way up may take it for a fault and go on."""


class UnevenRowsError(Exception):
    """
    The strict reader of a file met a row that is not as the others are: no user sees it, the file
    is read again.
    """


def did_you_mean(wrong: str, known: tuple[str, ...] | list[str], *, most: int = 3) -> str:
    """
    The end of a message that names what is near `wrong`, or nothing when nothing is.

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
