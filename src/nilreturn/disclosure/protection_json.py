"""
A protection as JSON and back, so that people can stand between protecting and releasing.

What is read back is let out only if it is what was audited: the certificate must hold, and each
table must print what the certificate's published table of that name says. It tells which cells are
small, so it is not for release.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from nilreturn.disclosure.audit import verify
from nilreturn.disclosure.methods import InformationLoss
from nilreturn.disclosure.model import PublishedTable, published_from_json, published_to_json
from nilreturn.disclosure.protection import Protection, ReviewedCell
from nilreturn.disclosure.report import Report
from nilreturn.errors import DisclosureError, TableError
from nilreturn.tables import (
    CellStatus,
    SafeCell,
    SafeTable,
    safe_extreme_from_json,
    safe_extreme_to_json,
    safe_table_from_json,
    safe_table_to_json,
)

FORMAT = "nilreturn protection 1"


def protection_to_json(protection: Protection) -> dict[str, Any]:
    """A protection as plain JSON."""
    return {
        "format": FORMAT,
        "tables": [safe_table_to_json(table) for table in protection.tables],
        "extremes": [safe_extreme_to_json(extreme) for extreme in protection.extremes],
        "published": [published_to_json(table) for table in protection.published],
        "known": [published_to_json(table) for table in protection.known],
        "certificate": protection.certificate,
        "report": protection.report.as_json(),
        "reference": protection.reference,
        "review": [asdict(cell) for cell in protection.review],
    }


def protection_from_json(content: Mapping[str, Any]) -> Protection:
    """
    The protection that `protection_to_json` wrote. Raises `TableError` where it is of another form,
    and `DisclosureError` where the certificate does not hold for these tables.
    """
    try:
        if content["format"] != FORMAT:
            raise TableError(
                f"a stored protection has format {content['format']!r}; this version reads "
                f"{FORMAT!r}"
            )
        found = Protection(
            tables=tuple(map(safe_table_from_json, content["tables"])),
            extremes=tuple(map(safe_extreme_from_json, content["extremes"])),
            published=tuple(map(published_from_json, content["published"])),
            known=tuple(map(published_from_json, content["known"])),
            certificate=dict(content["certificate"]),
            report=_report(content["report"]),
            reference=str(content["reference"]),
            review=tuple(
                ReviewedCell(**{**c, "labels": tuple(c["labels"])}) for c in content["review"]
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TableError(
            f"a stored protection is not as nilreturn writes it ({type(error).__name__}); prepare "
            f"the answer again"
        ) from None
    _refuse_unless_certified(found)
    return found


def _report(content: Mapping[str, Any]) -> Report:
    lists = ("narrowed", "excused", "notes", "proposals")
    return Report(
        **{
            **content,
            "loss": InformationLoss(**content["loss"]),
            **{name: tuple(content[name]) for name in lists},
        }
    )


def _refuse_unless_certified(found: Protection) -> None:
    published = {table.name: table for table in found.published}
    wrong = [
        table.name
        for table in found.tables
        if not _prints_the_same(table, published.get(table.name))
    ]
    details = [f"{name}: prints something else than its certificate was made for" for name in wrong]
    details += verify(found.published, found.certificate, known=found.known)
    if details:
        raise DisclosureError(
            "nothing is released: the stored tables are not the ones that were audited; prepare "
            "the answer again",
            details=tuple(details),
        )


def _prints_the_same(table: SafeTable, published: PublishedTable | None) -> bool:
    """
    Whether a table prints the counts that are published and no others; a changed count is in its
    range.
    """
    if (
        published is None
        or table.population != published.population
        or table.dimensions != published.dimensions
    ):
        return False
    arrays = (published.low, published.high, published.hidden)
    ranges = zip(*(array.reshape(-1).tolist() for array in arrays), strict=True)
    cells = (cell for _, cell in table.cells())
    return all(_agrees(cell, *of_cell) for cell, of_cell in zip(cells, ranges, strict=True))


def _agrees(cell: SafeCell, low: int, high: int, hidden: bool) -> bool:
    if cell.status is CellStatus.SAFE:
        return not hidden and low == high == cell.value
    if cell.status is CellStatus.CHANGED:
        return cell.value is not None and low <= cell.value <= high
    return cell.value is None and hidden is not (cell.status is CellStatus.LEFT_OUT)
