"""`nilreturn protect` and `nilreturn audit`: disclosure control on tables from anywhere."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from nilreturn.disclosure import Register as EarlierReleases


class Zeros(enum.StrEnum):
    printed = "printed"
    hidden = "hidden"


class Blank(enum.StrEnum):
    hidden = "hidden"
    zero = "zero"
    left_out = "left out"


class Form(enum.StrEnum):
    text = "text"
    csv = "csv"
    json = "json"


Tables = Annotated[
    list[Path],
    typer.Argument(
        metavar="TABLES",
        help="CSV files that are printed together; NAME.yaml beside NAME.csv describes it.",
    ),
]
Published = Annotated[
    list[Path],
    typer.Argument(
        metavar="TABLES",
        help="CSV, XLSX or ODS files that are printed together, or a folder of them; NAME.yaml "
        "beside a file describes it.",
    ),
]
Labels = Annotated[
    int | None,
    typer.Option(
        metavar="N", min=1, help="How many leading columns hold labels, where this is unclear."
    ),
]
Register = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", help="The register of releases ('nilreturn register'), read only."
    ),
]


def register(app: typer.Typer) -> None:
    app.command()(protect)
    app.command()(audit)


def protect(
    tables: Tables,
    policy: Annotated[
        Path,
        typer.Option(
            metavar="FILE", help="The policy: a YAML or TOML file, or the name of a shipped policy."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="The folder to write, which must not exist yet."),
    ] = None,
    register: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="The register of releases: the tables are checked against it and, with --out, "
            "entered.",
        ),
    ] = None,
    labels: Labels = None,
    alternatives: Annotated[
        bool,
        typer.Option(
            "--alternatives", help="Print what each method would cost, and write nothing."
        ),
    ] = False,
) -> None:
    """
    Hide or change what the policy says may not be printed, in all tables together.

    Writes FOLDER/release (to be printed: CSV with descriptions), FOLDER/published.json (for the
    register of releases) and FOLDER/internal (not for release: the certificate, the report and
    pictures of what is hidden). When no safe answer is found nothing is written, and the exit code
    is 10. The register is locked until the tables are entered: another run waits, and is compared
    with them.
    """
    from nilreturn.cli.progress import progress_bar
    from nilreturn.disclosure import load_policy, open_register, protect_into
    from nilreturn.disclosure.tabular import (
        raw_from_csv,
        refuse_strangers,
        structural_zeros_from_csv,
    )
    from nilreturn.errors import UsageError
    from nilreturn.extras import how_to_install, is_installed
    from nilreturn.wording import in_words

    if (out is None) == (not alternatives):
        raise UsageError("give either --out FOLDER to write into, or --alternatives to compare")
    rules = load_policy(policy)
    raw = [raw_from_csv(path, labels=labels) for path in tables]
    files = {table.name: path.name for table, path in zip(raw, tables, strict=True)}
    nobody = [
        table
        for path in tables
        if (table := structural_zeros_from_csv(path, labels=labels)) is not None
    ]
    with progress_bar() as progress:
        if out is None:
            from nilreturn.disclosure import alternatives as compare
            from nilreturn.disclosure import as_text

            earlier = open_register(register) if register else None
            known = (*nobody, *(earlier.tables if earlier else ()))
            refuse_strangers([*raw, *known], files)
            typer.echo(as_text(compare(raw, rules, known=known, progress=progress)), nl=False)
            _tell_register(earlier)
            return
        done = protect_into(
            out, raw, rules, register=register, beside=nobody, files=files, progress=progress
        )
    report = done.protection.report
    if len(report.hidden) > 1:
        for name, hidden in report.hidden.items():
            typer.echo(f"{name}: {in_words(hidden, 'cell')} hidden")
    typer.echo(f"{report.summary[:1].upper()}{report.summary[1:]}.")
    if report.narrowed or report.excused:
        typer.echo(
            f"{in_words(len(report.narrowed), 'cell')} could not keep the whole range, and "
            f"{in_words(len(report.excused), 'cell')} could not be kept from the one person in "
            "another: see report.json."
        )
    if done.register is not None:
        _tell_register(done.register)
        typer.echo(f"entered in {register} as {done.entry}")
        typer.echo(
            "If it is never sent, take it out of account: "
            f"nilreturn register withdraw {done.entry} --register {register} --never-sent --reason "
            f"TEXT"
        )
    for proposal in report.proposals:
        typer.echo(f"Proposal: {proposal}.")
    typer.echo(f"To print: {out / 'release'}. For the force's own papers: {out / 'internal'}.")
    if not is_installed("pictures"):
        typer.echo(
            f"Pictures are written as HTML. To have PNG and SVG too: {how_to_install('pictures')}"
        )


def audit(
    tables: Published,
    policy: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The policy that the tables should meet; its threshold and zeros are used.",
        ),
    ] = None,
    threshold: Annotated[
        int,
        typer.Option(
            metavar="N", min=1, help="Counts below N are small (where no policy is given)."
        ),
    ] = 5,
    zeros: Annotated[
        Zeros,
        typer.Option(
            help="Whether true zeros are printed; if they are, a hidden count is at least 1."
        ),
    ] = Zeros.printed,
    blank: Annotated[Blank, typer.Option(help="What a blank stands for.")] = Blank.hidden,
    hidden_mark: Annotated[
        list[str] | None,
        typer.Option(metavar="MARK", help="Another mark that stands for a hidden count."),
    ] = None,
    mark: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MARK=MEANING",
            help="What a mark means: hidden, zero, not available, or a range: '~=0-2'.",
        ),
    ] = None,
    rounded_to: Annotated[
        str,
        typer.Option(metavar="N", help="The figures are rounded: to 5, 10, 100, or '3 at random'."),
    ] = "",
    total: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=0, help="The grand total of the first table, published elsewhere."
        ),
    ] = None,
    register: Register = None,
    insiders: Annotated[
        bool,
        typer.Option(
            "--insiders",
            help="Also find what the one person in a hidden cell of 1 could work out.",
        ),
    ] = False,
    labels: Labels = None,
    form: Annotated[Form, typer.Option(help="How to print the findings.")] = Form.text,
    seconds: Annotated[float, typer.Option(metavar="S", min=0.1, help="The time allowed.")] = 60,
) -> None:
    """
    Report what a reader can work out about the hidden cells of published tables.

    The tables may be anybody's. The command prints first how it read them: check this. The exit
    code is 0 when no hidden cell can be worked out or narrowed too far. It is 10 when one can, when
    the printed figures contradict each other, or when a count is printed that is small under the
    policy given. It is 9 when a table cannot be read without an option that says how.
    """
    from nilreturn.cli.progress import progress_bar
    from nilreturn.disclosure import load_policy, open_register
    from nilreturn.disclosure.audit import FORMS
    from nilreturn.disclosure.tabular import (
        CellMarks,
        meanings_of_marks,
        read_published,
        reading_as_data,
        reading_as_text,
        stated_rounding,
    )
    from nilreturn.errors import DisclosureError
    from nilreturn.workflow import audit_published

    rules = load_policy(policy) if policy else None
    printed_zeros = zeros is Zeros.printed if rules is None else rules.zeros.treatment == "printed"
    marks = CellMarks(
        floor=int(printed_zeros),
        blank=blank.value,
        more_hidden=tuple(hidden_mark or ()),
        meanings=meanings_of_marks(tuple(mark or ())),
    )
    found = read_published(
        tables,
        marks=marks,
        labels=labels,
        rounding=stated_rounding(rounded_to) if rounded_to else None,
        threshold=threshold,
        grand_total=total,
    )
    earlier = open_register(register) if register else None
    if form is Form.text:
        typer.echo(reading_as_text(found), nl=False)
    elif form is Form.csv:
        typer.echo(reading_as_text(found), nl=False, err=True)
    with progress_bar() as progress:
        outcome = audit_published(
            found,
            policy=rules,
            threshold=threshold,
            register=earlier,
            insiders=insiders,
            seconds=seconds,
            progress=progress,
        )
    typer.echo(FORMS[form.value](outcome.audit, reading_as_data(found)), nl=False)
    _tell_register(earlier, err=form is not Form.text)
    if not outcome.is_sound:
        raise typer.Exit(DisclosureError.exit_code)


def _tell_register(register: EarlierReleases | None, *, err: bool = False) -> None:
    if register is not None:
        typer.echo(register.compared, err=err)
