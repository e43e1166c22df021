"""Answers from files: a thin layer that reads paths, for the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from nilreturn.errors import QuestionError, ReleaseError
from nilreturn.progress import Progress, no_progress
from nilreturn.workflow.drafts import entered, refuse_what_is_there
from nilreturn.workflow.objects import Answered, Inputs, Prepared
from nilreturn.workflow.writing import PUBLISHED, RELEASE, write_parts

if TYPE_CHECKING:
    from nilreturn.disclosure.register import Entering
    from nilreturn.narrative.review import Decision
    from nilreturn.questions import Questions
    from nilreturn.release import Authority


@dataclass(frozen=True, slots=True)
class AnswerFiles:
    """
    The files that an answer is made from, and how to count.

    Attributes
    ----------
    questions
        The request (YAML).
    extract
        The folder of an extract.
    policy
        The disclosure policy (YAML), or the name of one that comes with the software.
    authority
        Who answers (TOML).
    answered_on
        The letter's date, instead of the request's own `replied_on`.
    register
        The folder of earlier answers; None: there is no register.
    lexicon
        A lexicon (CSV), or the name of one that comes with the software; None: that of platforms.
    decisions
        Reviewers' decisions on spellings (CSV).
    engine
        The name of an engine.
    master
        For the engine "spark", where it runs (see `engine_named`).
    formats
        The files of the release, by name; empty: all that can be written.
    wording
        A folder of the force's own words; None: those that come with the software.
    """

    questions: Path
    extract: Path
    policy: Path
    authority: Path
    answered_on: date | None = None
    register: Path | None = None
    lexicon: Path | None = None
    decisions: Path | None = None
    engine: str = "duckdb"
    master: str | None = None
    formats: tuple[str, ...] = ()
    wording: Path | None = None


def read_inputs(files: AnswerFiles, *, progress: Progress = no_progress) -> Inputs:
    """
    Read everything that an answer is made from, and check the extract against its manifest.

    Parameters
    ----------
    files
        The files.
    progress
        Called with the work done so far.

    Returns
    -------
    Inputs
        The objects that the files describe.

    Raises
    ------
    UserError
        Of the kind of the first file that has mistakes.
    """
    from nilreturn.disclosure import load_policy
    from nilreturn.engines import engine_named
    from nilreturn.narrative.lexicon import load_lexicon
    from nilreturn.narrative.review import read_decisions
    from nilreturn.questions import load_questions
    from nilreturn.release import load_authority, load_wording
    from nilreturn.sources import verify_extract

    engine = engine_named(files.engine, master=files.master)
    policy, authority = load_policy(files.policy), load_authority(files.authority)
    wording = load_wording(files.wording)
    extract = verify_extract(files.extract, progress)
    questions = load_questions(files.questions, extract=extract)
    _check_force(questions, authority)
    asks_for_mentions = any(question.mentions for question in questions.questions)
    lexicon = load_lexicon(files.lexicon) if asks_for_mentions else None
    decisions: tuple[Decision, ...] = ()
    if files.decisions is not None and lexicon is not None:
        decisions = read_decisions(files.decisions, lexicon, must_exist=True)
    return Inputs(
        questions=questions,
        extract=extract,
        policy=policy,
        authority=authority,
        answered_on=_answered_on(questions, files),
        engine=engine,
        lexicon=lexicon,
        decisions=decisions,
        formats=files.formats,
        wording=wording,
        files=_named(files),
    )


def answer(files: AnswerFiles, to: Path, *, progress: Progress = no_progress) -> Answered:
    """
    Answer a request in a new folder.

    The folder gets `release/` to send, the internal papers beside it, and the published tables for
    the register. Everything is counted, protected and audited before anything is written.

    The register stays locked from when it is read until the answer has been entered and has its
    folder. Another answer waits, and is then compared with this one. A run that is killed leaves
    nothing that counts as a release (see `disclosure.register.changing`).

    Parameters
    ----------
    files
        The files that the answer is made from.
    to
        The folder to create; it must not exist.
    progress
        Called with the work done so far.

    Returns
    -------
    Answered
        Where the files are.

    Raises
    ------
    UserError
        Of the kind of the part that refuses.
    """
    from nilreturn.disclosure.register import entering
    from nilreturn.files import remove_abandoned
    from nilreturn.workflow.steps import prepared

    refuse_what_is_there(to, files.register)
    if files.register is None:
        remove_abandoned(to)
        return _written(
            prepared(read_inputs(files, progress=progress), progress=progress),
            to,
            files,
            None,
            progress,
        )
    with entering(files.register, progress=progress) as desk:
        # An answer that this one waited for may have made it.
        refuse_what_is_there(to, files.register)
        remove_abandoned(to)  # after the register has settled what they were
        found = prepared(
            read_inputs(files, progress=progress), desk.register.tables, progress=progress
        )
        return _written(found, to, files, desk, progress)


def _written(
    found: Prepared, to: Path, files: AnswerFiles, desk: Entering | None, progress: Progress
) -> Answered:
    """
    Write the answer to a new folder that appears complete or not at all. With a `desk`, the answer
    is in the register by the time the folder appears.
    """
    from nilreturn.files import atomic_folder
    from nilreturn.release import INTERNAL

    register, entry = None, ""
    progress("Writing", 0, 1)
    try:
        with atomic_folder(to) as part:
            published = write_parts(found, part, files.register)
            if desk is not None:
                composed = found.composed
                register, entry = entered(
                    desk, part, to, composed.reference, composed.answered_on, published
                )
    except FileExistsError as error:
        raise ReleaseError(
            f"{to}: already there; an answer is never changed, so name another folder"
        ) from error
    return Answered(to / RELEASE, to / INTERNAL, to / PUBLISHED, found.protection, register, entry)


def _named(files: AnswerFiles) -> dict[str, tuple[str, str]]:
    """
    Each file that the figures depend on besides the extract and the register: its name and its
    SHA-256.
    """
    from nilreturn.disclosure.policy import policy_path
    from nilreturn.files import sha256
    from nilreturn.narrative.lexicon import SHIPPED

    named = {
        "questions": files.questions,
        "policy": policy_path(files.policy),
        "authority": files.authority,
    }
    if files.lexicon and str(files.lexicon) not in SHIPPED:
        named["lexicon"] = files.lexicon
    if files.decisions:
        named["decisions"] = files.decisions
    if files.wording:
        named |= {
            f"wording/{path.name}": path
            for path in sorted(files.wording.iterdir())
            if not path.name.startswith(".")
        }
    return {what: (path.name, sha256(path)) for what, path in named.items()}


def _check_force(questions: Questions, authority: Authority) -> None:
    """
    The authority that answers is the one, or one of those, that the request was made to: else
    somebody has taken the wrong file.
    """
    asked = re.split(r"\s*[,;]\s*|\s+and\s+", questions.force)
    if _folded(authority.name) not in {_folded(name) for name in (questions.force, *asked)}:
        where = questions.source or "the request"
        line = f" line {questions.force_line}" if questions.force_line else ""
        raise QuestionError(
            f"{where}{line}: the request was made to '{questions.force}', and the authority that "
            f"answers is '{authority.name}'; put the right one into 'force', or take the other "
            "authority file"
        )


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _answered_on(questions: Questions, files: AnswerFiles) -> date:
    day = files.answered_on or questions.replied_on
    if day is None:
        raise QuestionError(
            f"{files.questions}: has no 'replied_on', the letter's date; add it, or give "
            "--answered-on. It is never today's by itself, so that a second run writes the same "
            "letter"
        )
    return day
