"""
How people write offence codes and classes, and what they can mean.

A code is NNN/NN (071/17). It is also written compact (07117), without zeros (71/17, 7117), with a
dot, and after words such as "HO code" or "H.O.". A class is 88A, 8N, 104 or 4/10, which the Office
for National Statistics writes 4.10. The two overlap, so a text may have two readings. Only readings
that the reference tables contain are kept; where two remain, the person must say which is meant.

Codes are text. A spreadsheet that takes 4.10 (corporate manslaughter) for a number changes it to
4.1 (manslaughter), and the difference cannot be recovered, so numbers are refused here.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nilreturn.errors import OffenceError
from nilreturn.offences.reference_lists import table

_SYSTEM = r"(?:home\s*office|h[./]?\s?o\.?\s?(?:cr?(?![a-z])\.?)?|offence|crime|recording)[\s.:_-]*"
_PREFIX = re.compile(
    rf"(?:{_SYSTEM})*(?:(?P<kind>class|code)[\s._-]*)?(?:no\.|number)?\s*[:#]?\s*(?=\S*\d)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True, order=True)
class OffenceRef:
    """
    What a text can mean: an offence code or an offence class.

    Attributes
    ----------
    kind
        "code" or "class".
    code
        The code in the form NNN/NN, or the class.
    """

    kind: Literal["code", "class"]
    code: str

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


def readings(text: str) -> tuple[OffenceRef, ...]:
    """
    Every meaning of a text that the reference tables contain.

    "HO code" before it does not decide, since people write it before classes too; "class" says that
    a class is meant.

    Parameters
    ----------
    text
        An offence code or class in any usual spelling.

    Returns
    -------
    tuple of OffenceRef
        A class before a code; empty when the text is unknown.

    Raises
    ------
    OffenceError
        When it is a number and not text.

    Examples
    --------
    >>> [str(reading) for reading in readings("HO code 71/17")]
    ['code 071/17']
    >>> ([str(reading) for reading in readings("802")],
    ...  [str(reading) for reading in readings("class 802")])
    (['class 802', 'code 008/02'], ['class 802'])
    """
    if not isinstance(text, str):
        raise OffenceError(
            f"an offence code was given as a number, which loses zeros (4.10 becomes 4.1); "
            f"write it as text, in quotes, not as {type(text).__name__}"
        )
    kind, bare = _without_words(text)
    bare = bare.upper().replace(" ", "")
    candidates = dict.fromkeys((*_as_class(bare), *(() if kind == "class" else _as_code(bare))))
    return tuple(candidates)


def without_words(text: str) -> str:
    """
    The text without words that only say that a code follows.

    Parameters
    ----------
    text
        An offence code or class in any usual spelling.

    Returns
    -------
    str
        What follows those words; a text that begins with "class" is unchanged.

    Examples
    --------
    >>> without_words("H.O. 71/17"), without_words("class 802")
    ('71/17', 'class 802')
    """
    kind, bare = _without_words(text)
    return text if kind == "class" else bare


def _without_words(text: str) -> tuple[str | None, str]:
    folded = " ".join(text.casefold().split())
    found = _PREFIX.match(folded)
    return (found["kind"], folded[found.end() :]) if found else (None, folded)


def normalise(text: str) -> OffenceRef:
    """
    The one meaning of a text.

    Parameters
    ----------
    text
        An offence code or class in any usual spelling.

    Returns
    -------
    OffenceRef
        The code or class that it means.

    Raises
    ------
    OffenceError
        When it has no meaning (the message names what is near) or more than one.

    Examples
    --------
    >>> normalise("7117")
    OffenceRef(kind='code', code='071/17')
    """
    found = readings(text)
    if len(found) == 1:
        return found[0]
    if not found:
        raise OffenceError(
            f"{_shown(text)} is not an offence code or class of the reference tables{_near(text)}"
        )
    meanings = " or ".join(f"{reading} ({_title(reading)})" for reading in found)
    forms = " or ".join(f"'{_unmistakable(reading)}'" for reading in found)
    raise OffenceError(f"{_shown(text)} may mean {meanings}; write {forms}")


def _as_class(bare: str) -> Iterator[OffenceRef]:
    labels = table().labels
    forms = [bare, bare.replace(".", "/")]
    if re.fullmatch(r"0\d{2}[A-Z]?", bare):  # padded as the prefix of a code is: 088A
        forms.append(bare.lstrip("0"))
    for form in forms:
        if form in labels:
            yield OffenceRef("class", form)


def _as_code(bare: str) -> Iterator[OffenceRef]:
    # A dot and one digit is not taken for a code: a spreadsheet may have dropped a zero, and
    # publishers write classes like this.
    separate = re.fullmatch(r"0?(\d{1,3})(?:/0?(\d{1,2})|\.(\d{2}))", bare)
    joined = re.fullmatch(r"(\d{1,3})(\d{2})", bare)
    if separate:
        code = f"{separate[1]:0>3}/{separate[2] or separate[3]:0>2}"
    elif joined:
        code = f"{joined[1]:0>3}/{joined[2]}"
    else:
        return
    if code in table().entries:
        yield OffenceRef("code", code)


def _unmistakable(reading: OffenceRef) -> str:
    """A spelling with only this meaning."""
    return reading.code if reading.kind == "code" else f"class {reading.code}"


def _title(reading: OffenceRef) -> str:
    if reading.kind == "class":
        return table().labels[reading.code][0].title
    return next(entry.title or entry.heading for entry in table().entries[reading.code])


def _near(text: str) -> str:
    """The end of a message: codes and classes spelt much like `text`, the nearest first."""
    bare = re.sub(r"[^0-9A-Za-z/.]", "", text).upper()
    if dated := _from_date(text):
        return f"; it looks like a code that a spreadsheet turned into a date: was it {dated}?"
    if not re.search(r"\d", bare):
        return "; write a code like '071/17' or a class like '88A'"
    if dotted := re.fullmatch(r"(\d{1,3})\.(\d)", bare):
        forms = (
            f"{dotted[1]:0>3}/{dotted[2]}0",
            f"{dotted[1]:0>3}/0{dotted[2]}",
        )  # the zero that Excel drops, or one left out
        near = [form for form in forms if form in table().entries]
    elif split := re.fullmatch(r"(\d{1,3})[/.](\d{1,2})|(\d{1,3})(\d{2})", bare):
        first, second = (split[1], split[2]) if split[1] else (split[3], split[4])
        wanted = f"{first:0>3}/{second:0>2}"
        same = [code for code in table().entries if code[:3] == wanted[:3]]
        near = sorted(same, key=lambda code: (abs(int(code[4:]) - int(wanted[4:])), code))[:3]
        near = near or difflib.get_close_matches(wanted, table().entries, n=3, cutoff=0.8)
    else:
        near = difflib.get_close_matches(bare, table().labels, n=3, cutoff=0.6)
    return "; did you mean " + " or ".join(f"'{form}'" for form in near) + "?" if near else ""


def _from_date(text: str) -> str:
    """
    The code that a spreadsheet turned into `text`. It shows 4/10 as "04-Oct", and 8/71, which is
    not a day, as "Aug-71".

    >>> _from_date("04-Oct"), _from_date("Aug-71"), _from_date("17-Foo")
    ('004/10', '008/71', '')
    """
    found = re.fullmatch(r"(?P<first>\w{1,3})-(?P<second>\w{2,3})", text.strip().casefold())
    if not found:
        return ""
    parts = [
        f"{_MONTHS.index(part) + 1}" if part in _MONTHS else part if part.isdecimal() else ""
        for part in (found["first"], found["second"])
    ]
    code = f"{parts[0]:0>3}/{parts[1]:0>2}"
    named = [part in _MONTHS for part in (found["first"], found["second"])]
    return code if all(parts) and sum(named) == 1 and code in table().entries else ""


def _shown(text: str) -> str:
    """`text` as a message may show it: short, and on one line."""
    squeezed = " ".join(text.split())
    return repr(squeezed if len(squeezed) <= 30 else squeezed[:29] + "…")
