"""
The grounds on which a request may be refused: the exemptions of Part II of the Act, and sections
12 and 14. They are data (`exemptions.toml`); this module reads it strictly and finds the ground
that a written reference, like "s31(1)(a)", names.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any

from nilreturn.errors import did_you_mean

_WRITTEN = re.compile(
    r"(?:s|sec|section)?[.\s]*([0-9]+[a-z]?)((?:\s*\([0-9a-z]+\))*)", re.IGNORECASE | re.ASCII
)
# Sub-paragraphs below a paragraph: "(1)(a)(ii)".
_DEEPER = re.compile(r"(?<=\([a-z]\))\((?:i{1,3}|iv|v)\)$")


class Standing(StrEnum):
    """
    Whether the public interest test applies to a ground.

    Attributes
    ----------
    ABSOLUTE
        It does not apply.
    QUALIFIED
        It applies: the balance of the public interest decides.
    PARTLY
        It applies in some cases only; `Ground.depends` says in which.
    NONE
        The ground is section 12 or 14, which are not exemptions.
    """

    ABSOLUTE = "absolute"
    QUALIFIED = "qualified"
    PARTLY = "partly"
    NONE = "none"


class Kind(StrEnum):
    """
    What a refusal on a ground has to show.

    Attributes
    ----------
    PREJUDICE
        That disclosure would cause harm, or would be likely to.
    CLASS
        That the information is of the class that the exemption covers.
    COST
        That the cost of complying would exceed the limit (section 12).
    CONDUCT
        That the request is vexatious or repeated (section 14).
    """

    PREJUDICE = "prejudice"
    CLASS = "class"
    COST = "cost"
    CONDUCT = "conduct"


class Need(StrEnum):
    """
    What a refusal must give besides the name of its ground. The values are keys of a question file.

    Attributes
    ----------
    REASON
        Why the ground applies.
    PUBLIC_INTEREST
        The public interest test: factors for and against, and the balance.
    ESTIMATE
        The hours of work that complying would take, and what the estimate rests on (section 12).
    ADVICE
        How the request could be narrowed (section 16).
    EARLIER_REQUEST
        The earlier request that was complied with (section 14(2)).
    """

    REASON = "reason"
    PUBLIC_INTEREST = "public_interest"
    ESTIMATE = "estimate"
    ADVICE = "advice"
    EARLIER_REQUEST = "earlier_request"


@dataclass(frozen=True, slots=True)
class Ground:
    """
    One ground of refusal.

    Attributes
    ----------
    section
        "31", or "40(2)" where a subsection has rules of its own.
    title
        What it is about, as the Act's heading has it.
    standing, kind
        Whether the public interest test applies, and what has to be shown.
    needs
        What a refusal under it must give beside its name.
    text
        The sentences that state it in a letter.
    parts
        Pairs of a subsection or paragraph, "(1)(a)", and what that is about; empty where the data
        does not tell them apart.
    confirm_or_deny
        The subsection, "31(3)", under which holding need not be confirmed; "" where there is none.
    depends
        For `Standing.PARTLY`: on what it depends.
    recalled
        Which of these were not read in a source and are to be checked before use.
    """

    section: str
    title: str
    standing: Standing
    kind: Kind
    needs: tuple[Need, ...]
    text: tuple[str, ...]
    parts: tuple[tuple[str, str], ...] = ()
    confirm_or_deny: str = ""
    depends: str = ""
    recalled: tuple[str, ...] = ()

    @property
    def is_exemption(self) -> bool:
        """Whether it exempts information; sections 12 and 14 are about requests."""
        return self.standing is not Standing.NONE

    @property
    def has_public_interest_test(self) -> bool:
        """Whether a police force that relies on it must weigh the public interest."""
        return Need.PUBLIC_INTEREST in self.needs


@dataclass(frozen=True, slots=True)
class Citation:
    """
    A ground as it is relied on: with its subsection and paragraph, "31(1)(a)".

    Attributes
    ----------
    ground
        What is relied on.
    section
        Section, subsection and paragraph as they are printed, "31(1)(a)".
    """

    ground: Ground
    section: str

    @property
    def key(self) -> str:
        """How a question file writes it: "s31(1)(a)"."""
        return f"s{self.section}"

    @property
    def about(self) -> str:
        """What the subsection or paragraph is about; "" where the data does not say."""
        part = self.section.removeprefix(self.ground.section)
        parts = dict(self.ground.parts)
        return parts.get(part) or parts.get(_DEEPER.sub("", part), "")


def cite(text: str) -> Citation:
    """
    The ground that a written reference names.

    Parameters
    ----------
    text
        "s31(1)(a)", "31(1)(a)", "Section 31(1)(a)".

    Returns
    -------
    Citation
        With the reference as it is printed.

    Raises
    ------
    ValueError
        Where it names no ground, or one of which the subsection has to be said.

    Examples
    --------
    >>> cite("section 31 (1)(A)").key, cite("s21").ground.title
    ('s31(1)(a)', 'Information reasonably accessible by other means')
    """
    section = _section(text)
    for ground in grounds():
        if ground.confirm_or_deny and _is_within(section, ground.confirm_or_deny):
            raise ValueError(
                f"s{section} is about confirming or denying that information is held; to rely on "
                "it write 'answer: neither confirmed nor denied'"
            )
    near = [ground for ground in grounds() if _is_within(section, ground.section)]
    if near:
        return Citation(near[0], _checked(near[0], section))
    narrower = [f"s{each.section}" for each in grounds() if _is_within(each.section, section)]
    if narrower:
        raise ValueError(f"s{section} has several grounds; write {' or '.join(narrower)}")
    known = [f"s{ground.section}" for ground in grounds()]
    hint = did_you_mean(f"s{section}", known) or f"; there are {', '.join(known)}"
    raise ValueError(f"no exemption 's{section}'{hint}")


def cite_denial(text: str) -> Citation:
    """
    The ground for neither confirming nor denying that a written reference names.

    Parameters
    ----------
    text
        The subsection itself, "s30(3)", or its section, "s30".

    Returns
    -------
    Citation
        With the subsection under which holding is neither confirmed nor denied.

    Raises
    ------
    ValueError
        When the reference is not a section of the Act, or names no such ground.

    Examples
    --------
    >>> cite_denial("s40(2)").key, cite_denial("31").key, cite_denial("s40(5B)(a)(i)").key
    ('s40(5)', 's31(3)', 's40(5B)(a)(i)')
    """
    section = _section(text)
    denying = [ground for ground in grounds() if ground.confirm_or_deny]
    for ground in sorted(denying, key=lambda each: each.section == "40(1)"):
        if _is_within(section, ground.confirm_or_deny):
            return Citation(ground, section)
        if section in (ground.section, ground.section.partition("(")[0]):
            return Citation(ground, ground.confirm_or_deny)
    known = list(dict.fromkeys(f"s{ground.confirm_or_deny}" for ground in denying))
    raise ValueError(
        f"s{section} does not let an authority neither confirm nor deny; these do: "
        f"{', '.join(known)}"
    )


def _section(text: str) -> str:
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"'{text[:40]}' is not a section of the Act; write it like 's31(1)(a)'")
    number = found[1].upper()
    below = re.sub(r"\s", "", found[2])
    # "(5B)" keeps its capital; paragraphs have small letters.
    return number + re.sub(
        r"\(([^)]*)\)",
        lambda part: f"({part[1].upper() if part[1][0].isdigit() else part[1].lower()})",
        below,
    )


def _is_within(section: str, whole: str) -> bool:
    """
    >>> _is_within("40(5B)(a)", "40(5)"), _is_within("31(1)", "31"), _is_within("31(1)", "3")
    (True, True, False)
    """
    if whole.endswith(")"):
        return re.match(re.escape(whole[:-1]) + r"[A-Z]?\)", section) is not None
    return section == whole or section.startswith(f"{whole}(")


def _checked(ground: Ground, section: str) -> str:
    part = section.removeprefix(ground.section)
    known = dict(ground.parts)
    if part and known and part not in known and _DEEPER.sub("", part) not in known:
        options = [f"s{ground.section}{each}" for each in known]
        hint = did_you_mean(f"s{section}", options) or f"; it has {', '.join(options)}"
        raise ValueError(f"section {ground.section} has no '{part}'{hint}")
    return section


@functools.cache
def grounds() -> tuple[Ground, ...]:
    """
    Every ground on which a request may be refused.

    Returns
    -------
    tuple of Ground
        The grounds, in the order of the Act.

    Raises
    ------
    ValueError
        When the shipped data has a setting that is unknown, missing or unfit. This is a defect of
        the software, found by a test.
    """
    return read_grounds(_data()["ground"])


def read_grounds(entries: list[dict[str, Any]]) -> tuple[Ground, ...]:
    """The entries as grounds; `ValueError` for a setting that is unknown, missing or unfit."""
    found = tuple(map(_ground, entries))
    sections = [ground.section for ground in found]
    if len(set(sections)) < len(sections):
        raise ValueError("exemptions: a section is there twice")
    return found


def _ground(entry: Mapping[str, Any]) -> Ground:
    unknown = set(entry) - set(Ground.__dataclass_fields__)
    if unknown:
        raise ValueError(f"exemptions: unknown settings {', '.join(sorted(unknown))}")
    try:
        ground = Ground(
            section=entry["section"],
            title=entry["title"],
            standing=Standing(entry["standing"]),
            kind=Kind(entry["kind"]),
            needs=tuple(map(Need, entry["needs"])),
            text=tuple(entry["text"]),
            parts=tuple(entry.get("parts", {}).items()),
            confirm_or_deny=entry.get("confirm_or_deny", ""),
            depends=entry.get("depends", ""),
            recalled=tuple(entry.get("recalled", ())),
        )
    except KeyError as error:
        raise ValueError(f"exemptions: an entry lacks {error}") from error
    if not ground.text or Need.REASON not in ground.needs:
        raise ValueError(f"exemptions: section {ground.section} has no text, or needs no reason")
    if ground.standing is Standing.QUALIFIED and not ground.has_public_interest_test:
        raise ValueError(f"exemptions: section {ground.section} is qualified without a test")
    if (ground.standing is Standing.PARTLY) is not bool(ground.depends):
        raise ValueError(f"exemptions: section {ground.section}: on what does it depend?")
    return ground


@functools.cache
def _data() -> dict[str, Any]:
    return tomllib.loads(
        (resources.files("nilreturn.foi") / "exemptions.toml").read_text(encoding="utf-8")
    )


# Hours of work that a police force need not exceed to comply with one request (section 12).
COST_LIMIT_HOURS: int = _data()["cost"]["hours"]
