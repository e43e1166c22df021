"""`nilreturn answer` and `nilreturn demo`: a request answered in one command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nilreturn.cli.days import day

if TYPE_CHECKING:
    from nilreturn.workflow import Answered


def register(app: typer.Typer) -> None:
    app.command("answer")(answer)
    app.command("demo")(demo)


def answer(
    questions: Annotated[Path, typer.Argument(metavar="REQUEST", help="The request's questions, a YAML file.")],
    extract: Annotated[Path, typer.Option(metavar="FOLDER", help="The extract to count, made by 'nilreturn import'.")],
    policy: Annotated[Path, typer.Option(metavar="FILE", help="What is hidden and why: a file, or a shipped name.")],
    authority: Annotated[Path, typer.Option(metavar="FILE", help="Who answers, and where to ask for a review, TOML.")],
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="The new folder to write the answer into.")],
    register: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="The register of releases: the answer is checked against it and entered."),
    ] = None,
    answered_on: Annotated[
        str | None, typer.Option(metavar="DATE", help="The letter's date, where the request's 'replied_on' is not it.")
    ] = None,
    lexicon: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The force's own lexicon of keywords, CSV.")
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Decisions on spellings, kept by 'nilreturn mentions'.")
    ] = None,
    engine: Annotated[str, typer.Option(metavar="NAME", help="duckdb, spark or reference.")] = "duckdb",
    master: Annotated[
        str | None, typer.Option(metavar="URL", help="With --engine spark: local[2], spark://… or sc://….")
    ] = None,
    formats: Annotated[
        str, typer.Option("--formats", metavar="LIST", help="Files to write: xlsx,ods,csv,docx,pdf,html.")
    ] = "",
) -> None:
    """
    Answer a request: count, protect, audit, and write the workbook, the letter and the manifest.

    Every mistake in the request is told at once, before anything is counted. Nothing is written when disclosure
    control refuses. The same extract and files give the same bytes. The register is held until the answer is in it:
    another answer waits.
    """
    from nilreturn import workflow
    from nilreturn.cli.progress import progress_bar

    request = workflow.AnswerFiles(
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
    )
    with progress_bar() as progress:
        answered = workflow.answer(request, to, progress=progress)
    _tell(answered)
    if answered.register is None:
        typer.echo("not compared with earlier answers: give the register of releases with --register")
    else:
        typer.echo(f"{answered.register.compared}, and entered in {register} as {answered.entry}")


def demo(
    to: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where to work; an earlier demonstration is replaced.")
    ] = (Path("demo")),
) -> None:
    """
    Show the whole journey on a synthetic extract: import it, answer a real request, write the reply.

    The request is one that a force answered in 2021, and the figures are those that it published.
    """
    from nilreturn.cli.progress import progress_bar
    from nilreturn.demo.journey import travel

    with progress_bar() as progress:
        answered = travel(to, tell=typer.echo, progress=progress)
    _tell(answered)


def _tell(answered: Answered) -> None:
    """What was hidden, and where everything lies."""
    typer.echo(answered.protection.report.summary)
    for proposal in answered.protection.report.proposals:
        typer.echo(f"proposal  {proposal}")
    for path in sorted(answered.release.iterdir()):
        typer.echo(f"release   {path}")
    typer.echo(f"internal  {answered.internal} (not for release)")
