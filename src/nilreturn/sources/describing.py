"""What a manifest says, in lines for people. No value of any record is in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nilreturn.schema.coverage import read_coverage
from nilreturn.sources.rules import RULES


def _days_covered(manifest: Any) -> Iterator[str]:
    """The days that each date covers, and how that is known."""
    for variable, coverage in read_coverage(manifest).items():
        known = "as given" if coverage.given else "proposed from the records; say with --covers what the files cover"
        beside = [f"{coverage.outside:,} records have another day"] * (coverage.outside > 0)
        beside += [f"{coverage.undated:,} have none"] * (coverage.undated > 0)
        yield f"  {variable}: {coverage.period} ({'; '.join([known, *beside])})"


def _places(source: Any) -> list[str]:
    """The lines of a file that were not as they should be, and what was done."""
    told = []
    if stray := source.get("stray_quotation_marks"):
        if stray["rows"]:
            told.append(
                f"{stray['rows']:,} rows have a quotation mark out of place, taken as a letter: "
                f"{_lines(stray['first_lines'], stray['rows'])}"
            )
    if other := source.get("lines_in_another_encoding"):
        told.append(
            f"{other['lines']:,} lines were read as {other['encoding']}: {_lines(other['first'], other['lines'])}"
        )
    if replaced := source.get("characters_replaced_on_lines"):
        told.append(f"characters that could not be decoded: {_lines(replaced, len(replaced))}")
    return told


def _lines(first: list[int], count: int) -> str:
    more = ", …" if count > len(first) else ""
    return f"{'line' if count == 1 else 'lines'} {', '.join(f'{line:,}' for line in first)}{more}"


def described(manifest: Any) -> str:
    """A manifest for people. No value of any record is in it."""
    lines = [f"{manifest['mapping']['description']}, as at {manifest['as_at']}"]
    for source in manifest["sources"]:
        found = [source["format"]]
        if "encoding" in source:
            found.append(f"{source['encoding']}, {source['delimiter']} between values")
        if source.get("characters_replaced"):
            found.append(f"{source['characters_replaced']:,} characters could not be decoded")
        if source.get("nuls_removed"):
            found.append(f"{source['nuls_removed']:,} NULs removed")
        lines.append(f"  {source['name']}: {', '.join(found)}")
        lines += [f"    {place}" for place in _places(source)]
        if ignored := source.get("headers_ignored"):
            lines.append(f"    columns left out, for the mapping does not name them: {', '.join(map(repr, ignored))}")
    rows = manifest["rows"]
    lines.append(
        f"  {rows['read']:,} rows read, {rows['rejected']:,} rejected: "
        f"{rows['crimes']:,} crimes, {rows['victims']:,} victims"
    )
    if rows["left"]:
        lines.append(f"  {rows['left']:,} rows of another population than the mapping chooses were left")
    lines += _days_covered(manifest)
    if manifest["checks"]:
        lines.append("Rules broken (each row is listed in rejects.parquet):")
        for check in manifest["checks"]:
            place = check["column"] or "row"
            description = RULES[check["rule"]].description
            lines.append(f"  {check['rows']:>10,}  {place:<22} {check['action']:<13}  {description}")
    return "\n".join(lines)
