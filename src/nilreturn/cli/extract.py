"""`nilreturn import` and `nilreturn extract verify | show`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from nilreturn.errors import UsageError
from nilreturn.periods import Period, parse
from nilreturn.wording import counted, of_unit

# Of a manifest's rows; the others are its tables.
_NO_TABLES = ("in", "kept", "rejected", "passed_over", "rejects")


def register(app: typer.Typer) -> None:
    app.command("import")(import_files)
    extracts = typer.Typer(help="Check or describe an imported extract.", no_args_is_help=True)
    extracts.command("verify")(verify)
    extracts.command("show")(show)
    app.add_typer(extracts, name="extract")


def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILES",
            help="Files of one system: CSV, TSV or text (also .gz), XLSX, XLSM, XLSB, XLS, ODS or "
            "Parquet.",
        ),
    ],
    mapping: Annotated[
        str,
        typer.Option(
            "--mapping",
            metavar="NAME",
            help="A records system's name, or the path of a mapping (.toml).",
        ),
    ],
    to: Annotated[
        Path,
        typer.Option(
            "--to", metavar="FOLDER", help="The folder to write, which must not exist yet."
        ),
    ],
    as_at: Annotated[
        str,
        typer.Option(
            "--as-at",
            metavar="DATE",
            help="When the files were taken: 2021-06-29 or 2021-06-29T09:30.",
        ),
    ],
    covers: Annotated[
        list[str] | None,
        typer.Option(
            "--covers",
            metavar="DAYS",
            help="The days that the files cover: 2017-04-01..2021-03-31. They are days of "
            "recording; for another date write COLUMN=DAYS and repeat the option. Days not given "
            "are proposed from the records.",
        ),
    ] = None,
    accept_rejects: Annotated[
        int,
        typer.Option(
            "--accept-rejects",
            metavar="N",
            min=0,
            help="Import even if more than 1% of the rows, dates or offences are lost, but no more "
            "than N of them. The refusal states the number.",
        ),
    ] = 0,
    ignore_unknown: Annotated[
        bool,
        typer.Option(
            "--ignore-unknown", help="Leave out columns whose headers the mapping does not name."
        ),
    ] = False,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            metavar="FILE",
            help="The force's key, with which references of people are hashed (see 'nilreturn key "
            "new').",
        ),
    ] = None,
    update: Annotated[
        Path | None,
        typer.Option(
            "--update",
            metavar="EXTRACT",
            help="An earlier extract: its crimes that are not in the files are kept. The mapping "
            'must have keep = "last".',
        ),
    ] = None,
) -> None:
    """
    Import a records system's files into a new extract.

    A value that breaks a rule becomes Unknown, or its row is rejected. Each case is listed in
    rejects.parquet by row, column and rule.
    """
    taken_at, covered = moment(as_at), _covered(covers or [])
    from nilreturn.cli.progress import progress_bar
    from nilreturn.keys import read_key
    from nilreturn.schema import open_extract
    from nilreturn.sources import import_extract, mapping_named, update_extract

    make = import_extract if update is None else partial(update_extract, open_extract(update))
    with progress_bar() as progress:
        extract = make(
            files,
            mapping=mapping_named(mapping),
            to=to,
            as_at=taken_at,
            covers=covered,
            accept_rejects=accept_rejects,
            ignore_unknown=ignore_unknown,
            key=read_key(key) if key else None,
            progress=progress,
        )
    typer.echo(described(extract.manifest))
    if update is not None:
        typer.echo(_changed(extract.manifest["changes"]))
    typer.echo(f"Extract: {to}")


def verify(
    folder: Annotated[Path, typer.Argument(metavar="EXTRACT", help="The folder of an extract.")],
) -> None:
    """Recompute the hash of every file of an extract and name what differs."""
    from nilreturn.cli.progress import progress_bar
    from nilreturn.sources import verify_extract

    with progress_bar() as progress:
        extract = verify_extract(folder, progress)
    typer.echo(f"{folder}: as it was imported ({extract.hash})")


def show(
    folder: Annotated[Path, typer.Argument(metavar="EXTRACT", help="The folder of an extract.")],
) -> None:
    """
    Describe an extract: sources, days covered, rules broken, records in each month, blanks in each
    column, values of open columns, and warnings.

    The output is internal: it has numbers of records that are not protected.
    """
    from nilreturn.schema import open_extract
    from nilreturn.sources import profile

    extract = open_extract(folder)
    typer.echo("Internal: these are numbers of records and are not protected. Not for release.")
    typer.echo(described(extract.manifest))
    for line in profile(extract):
        typer.echo(line)


def moment(text: str) -> date | datetime:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"--as-at: '{text}' is not a day or time; write it like 2021-06-29"
        ) from error


def _changed(changes: Any) -> str:
    """What an update changed, by number of crimes."""
    return (
        f"Changed: {counted(changes['new'], 'new crime')}, {changes['altered']:,} altered (of "
        f"these {changes['no_longer_recorded']:,} no longer recorded, {changes['reclassified']:,} "
        f"reclassified), {changes['same']:,} the same, {changes['not_in_files']:,} not in the "
        "files and kept as they were"
    )


def _covered(texts: list[str]) -> dict[str, Period]:
    """The days that each text of `--covers` names, by its column; "" where it names none."""
    found: dict[str, Period] = {}
    for text in texts:
        column, _, days = text.rpartition("=")
        first, dots, last = days.partition("..")
        try:
            period = Period(parse(first).first_on, parse(last).last_on) if dots else parse(days)
        except ValueError as error:
            raise UsageError(
                f"--covers: {error}; or write it like 2017-04-01..2021-03-31"
            ) from error
        if column.strip() in found:
            raise UsageError(
                f"--covers: given twice for {column or 'the day of recording'}; give one period "
                f"for each"
            )
        found[column.strip()] = period
    return found


def _days_covered(manifest: Any) -> Iterator[str]:
    """The days that each date covers, and how that is known."""
    from nilreturn.schema import read_coverage

    for variable, coverage in read_coverage(manifest).items():
        known = (
            "as given"
            if coverage.given
            else "proposed from the records; say with --covers what the files cover"
        )
        beside = [f"{counted(coverage.outside, 'record')} with another day"] * (
            coverage.outside > 0
        )
        beside += [f"{coverage.undated:,} with none"] * (coverage.undated > 0)
        yield f"  {variable}: {coverage.period} ({'; '.join([known, *beside])})"
        then = (
            "a 0 is said of it as given: see that no file is missing"
            if coverage.given
            else "one side of it is not covered: import the missing files, or say with --covers "
            "what the files cover"
        )
        for hole in coverage.holes:
            yield f"    no record at all from {hole}, where many would be expected; {then}"


def _places(source: Any) -> list[str]:
    """What of a file was read and what was not as it should be, and what was done."""
    told = []
    if "sheet" in source:
        told.append(f"the sheet '{source['sheet']}'")
    if source.get("sheets_passed_over"):
        told.append(f"sheets passed over: {', '.join(source['sheets_passed_over'])}")
    if source.get("columns_passed_over"):
        told.append(
            f"columns of several values a cell, passed over: "
            f"{', '.join(source['columns_passed_over'])}"
        )
    if source.get("columns_turned_into_rows"):
        told.append(f"{counted(source['columns_turned_into_rows'], 'column')} turned into rows")
    if source.get("merged_cells_filled"):
        told.append(
            f"{counted(source['merged_cells_filled'], 'merged cell')} filled with the value of the "
            f"others"
        )
    if source.get("cells_with_errors"):
        told.append(
            f"{counted(source['cells_with_errors'], 'cell')} with a spreadsheet's error, such as "
            f"#REF!"
        )
    if (stray := source.get("stray_quotation_marks")) and stray["rows"]:
        told.append(
            f"{counted(stray['rows'], 'row')} with a quotation mark out of place, taken as a "
            f"letter: {_lines(stray['first_lines'], stray['rows'])}"
        )
    if other := source.get("lines_in_another_encoding"):
        told.append(
            f"{counted(other['lines'], 'line')} read as {other['encoding']}: "
            f"{_lines(other['first'], other['lines'])}"
        )
    if replaced := source.get("characters_replaced_on_lines"):
        told.append(f"characters that could not be decoded: {_lines(replaced, len(replaced))}")
    return told


def _lines(first: list[int], count: int) -> str:
    more = ", …" if count > len(first) else ""
    return f"{'line' if count == 1 else 'lines'} {', '.join(f'{line:,}' for line in first)}{more}"


def _rows(rows: Any, units: Sequence[str], is_weighted: bool) -> Iterator[str]:
    """
    Every row of the files, and what became of it. What a source does not count is not said to be 0.
    """
    from nilreturn.sources import RULES

    over = sum(rows["passed_over"].values())
    yield (
        f"  {counted(rows['in'], 'row')}: {rows['kept']:,} kept, {rows['rejected']:,} rejected, "
        f"{over:,} passed over"
    )
    for rule, number in rows["passed_over"].items():
        yield f"    {number:,} passed over: {RULES[rule].description}"
    of_cells = f" in {counted(rows['kept'], 'published cell')}" if is_weighted else ""
    uncounted = {"crimes", "victims"} - set(units)
    tables = {
        table: number for table, number in rows.items() if table not in {*_NO_TABLES, *uncounted}
    }
    yield f"  {', '.join(of_unit(number, table) for table, number in tables.items())}{of_cells}"


def described(manifest: Any) -> str:
    """A manifest for people. No value of any record is in it."""
    lines = [f"{manifest['mapping']['description']}, as at {manifest['as_at']}"]
    for source in manifest["sources"]:
        found = [source["format"]]
        if "encoding" in source:
            found.append(f"{source['encoding']}, {source['delimiter']} between values")
        if source.get("characters_replaced"):
            found.append(
                f"{counted(source['characters_replaced'], 'character')} could not be decoded"
            )
        if source.get("nuls_removed"):
            found.append(f"{source['nuls_removed']:,} NULs removed")
        lines.append(f"  {source['name']}: {', '.join(found)}")
        lines += [f"    {place}" for place in _places(source)]
        if ignored := source.get("headers_ignored"):
            lines.append(
                f"    columns left out, for the mapping does not name them: "
                f"{', '.join(map(repr, ignored))}"
            )
    lines += _rows(manifest["rows"], manifest["units"], manifest.get("weighted", False))
    lines += _days_covered(manifest)
    broken = [check for check in manifest["checks"] if check["action"] != "row passed over"]
    if broken:
        from nilreturn.sources import RULES

        lines.append("Rules broken (each row is listed in rejects.parquet):")
        for check in broken:
            place = check["column"] or "row"
            description = RULES[check["rule"]].description
            lines.append(
                f"  {check['rows']:>10,}  {place:<22} {check['action']:<13}  {description}"
            )
    if warnings := manifest.get("warnings"):
        lines += ["Warnings:", *(f"  {warning}" for warning in warnings)]
    return "\n".join(lines)
