"""
`nilreturn answer`, `prepare`, `release` and `demo`: a request answered in one command, or by two
people.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nilreturn.cli.days import day

if TYPE_CHECKING:
    from nilreturn.disclosure import Protection
    from nilreturn.workflow import Answered, AnswerFiles

Request = Annotated[
    Path, typer.Argument(metavar="REQUEST", help="A YAML file with the request's questions.")
]
Extract = Annotated[
    Path, typer.Option(metavar="FOLDER", help="The extract to count, made by 'nilreturn import'.")
]
Policy = Annotated[
    Path,
    typer.Option(
        metavar="FILE", help="What is hidden and why: a file, or the name of a shipped policy."
    ),
]
Authority = Annotated[
    Path,
    typer.Option(metavar="FILE", help="A TOML file: who answers, and where to ask for a review."),
]
AnsweredOn = Annotated[
    str | None,
    typer.Option(
        metavar="DATE", help="The date of the letter, in place of the request's 'replied_on'."
    ),
]
Lexicon = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The force's own lexicon of keywords, CSV.")
]
Decisions = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Decisions on spellings, kept by 'nilreturn mentions'."),
]
Engine = Annotated[str, typer.Option(metavar="NAME", help="duckdb, spark or reference.")]
Master = Annotated[
    str | None,
    typer.Option(metavar="URL", help="With --engine spark: local[2], spark://… or sc://…."),
]
Wording = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="The force's own wording of the letter, TOML files."),
]
Formats = Annotated[
    str,
    typer.Option("--formats", metavar="LIST", help="Files to write: xlsx,ods,csv,docx,pdf,html."),
]


def register(app: typer.Typer) -> None:
    app.command("answer")(answer)
    app.command("prepare")(prepare)
    app.command("release")(release)
    app.command("demo")(demo)


def answer(
    questions: Request,
    extract: Extract,
    policy: Policy,
    authority: Authority,
    to: Annotated[
        Path, typer.Option(metavar="FOLDER", help="The new folder to write the answer into.")
    ],
    register: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="The register of releases: the answer is checked against it and entered.",
        ),
    ] = None,
    answered_on: AnsweredOn = None,
    lexicon: Lexicon = None,
    decisions: Decisions = None,
    engine: Engine = "duckdb",
    master: Master = None,
    formats: Formats = "",
    wording: Wording = None,
) -> None:
    """
    Answer a request: count, protect, audit, and write the workbook, the letter and the manifest.

    Every mistake in the request is reported at once, before anything is counted. Nothing is written
    when disclosure control refuses. The same extract and files give the same bytes. The register is
    locked until the answer is entered: another answer waits.
    """
    from nilreturn import workflow
    from nilreturn.cli.progress import progress_bar

    files = _files(
        questions=questions,
        extract=extract,
        policy=policy,
        authority=authority,
        register=register,
        answered_on=answered_on,
        lexicon=lexicon,
        decisions=decisions,
        engine=engine,
        master=master,
        formats=formats,
        wording=wording,
    )
    with progress_bar() as progress:
        answered = workflow.answer(files, to, progress=progress)
    _tell(answered)
    if not files.formats:
        _tell_left_out()
    _tell_register(answered, register)


def prepare(
    questions: Request,
    extract: Extract,
    policy: Policy,
    authority: Authority,
    to: Annotated[
        Path, typer.Option(metavar="FOLDER", help="The new folder to write the draft into.")
    ],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who prepares the answer.")],
    register: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="The register of releases that the answer is checked against."
        ),
    ] = None,
    answered_on: AnsweredOn = None,
    lexicon: Lexicon = None,
    decisions: Decisions = None,
    engine: Engine = "duckdb",
    master: Master = None,
    formats: Formats = "",
    wording: Wording = None,
) -> None:
    """
    Prepare an answer for another person to approve. Nothing is sent.

    The draft holds the files that would be sent. For the reviewer it also holds the true figures,
    and for each hidden cell the reason and the range of values that a reader cannot rule out.
    'nilreturn release' releases it unchanged. The register is not changed. A draft is for the force
    alone.
    """
    from nilreturn import workflow
    from nilreturn.cli.progress import progress_bar

    files = _files(
        questions=questions,
        extract=extract,
        policy=policy,
        authority=authority,
        register=register,
        answered_on=answered_on,
        lexicon=lexicon,
        decisions=decisions,
        engine=engine,
        master=master,
        formats=formats,
        wording=wording,
    )
    with progress_bar() as progress:
        inputs = workflow.read_inputs(files, progress=progress)
        draft = workflow.prepare(inputs, to, prepared_by=by, register=register, progress=progress)
    _tell_report(draft.protection)
    typer.echo(f"draft     {draft.folder} (not for release): read {draft.internal / 'review.csv'}")
    if not files.formats:
        _tell_left_out()
    if register is None:
        typer.echo(_NO_REGISTER)


def release(
    draft: Annotated[
        Path, typer.Argument(metavar="DRAFT", help="A folder that 'nilreturn prepare' wrote.")
    ],
    to: Annotated[
        Path, typer.Option(metavar="FOLDER", help="The new folder to write the answer into.")
    ],
    by: Annotated[
        str, typer.Option(metavar="NAME", help="Who approves it: not the person who prepared it.")
    ],
    register: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="The register of releases that the draft was checked against."
        ),
    ] = None,
) -> None:
    """
    Release a draft that a second person approves, and enter it in the register.

    Nothing is counted or composed again: the files sent are those of the draft, byte for byte. A
    draft is not released if a file was changed, or if the register has changed since.
    """
    from nilreturn import workflow
    from nilreturn.cli.progress import progress_bar

    with progress_bar() as progress:
        answered = workflow.release(draft, to, approved_by=by, register=register, progress=progress)
    _tell(answered)
    _tell_register(answered, register)


def demo(
    to: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help="The folder to write; an earlier demonstration in it is replaced.",
        ),
    ] = (Path("demo")),
) -> None:
    """
    Run the whole process on a synthetic extract: import it, answer a real request, write the reply.

    The request is one that a force answered in 2021, and the figures are those that it published.
    """
    from nilreturn.cli.progress import progress_bar
    from nilreturn.demo import run_demo

    with progress_bar() as progress:
        answered = run_demo(to, tell=typer.echo, progress=progress)
    _tell(answered)
    _tell_left_out()


def _tell_left_out() -> None:
    """Which file of a reply was not written because its extra is not installed."""
    from nilreturn.extras import how_to_install, is_installed

    if not is_installed("pdf"):
        typer.echo(
            f"left out  the letter as PDF, which needs the extra 'pdf': {how_to_install('pdf')}"
        )


_NO_REGISTER = "not compared with earlier answers: give the register of releases with --register"


def _files(
    *,
    questions: Path,
    extract: Path,
    policy: Path,
    authority: Path,
    register: Path | None,
    answered_on: str | None,
    lexicon: Path | None,
    decisions: Path | None,
    engine: str,
    master: str | None,
    formats: str,
    wording: Path | None,
) -> AnswerFiles:
    from nilreturn.workflow import AnswerFiles

    return AnswerFiles(
        questions=questions,
        extract=extract,
        policy=policy,
        authority=authority,
        answered_on=day(answered_on, "--answered-on") if answered_on else None,
        engine=engine,
        master=master,
        lexicon=lexicon,
        decisions=decisions,
        register=register,
        formats=tuple(filter(None, (name.strip() for name in formats.split(",")))),
        wording=wording,
    )


def _tell(answered: Answered) -> None:
    """What was hidden, and where everything lies."""
    _tell_report(answered.protection)
    for path in sorted(answered.release.iterdir()):
        typer.echo(f"release   {path}")
    typer.echo(f"internal  {answered.internal} (not for release)")


def _tell_report(protection: Protection) -> None:
    typer.echo(protection.report.summary)
    for proposal in protection.report.proposals:
        typer.echo(f"proposal  {proposal}")


def _tell_register(answered: Answered, register: Path | None) -> None:
    if answered.register is None:
        typer.echo(_NO_REGISTER)
    else:
        typer.echo(f"{answered.register.compared}, and entered in {register} as {answered.entry}")
