"""Decides which report of a mapping each file is read by: the one whose headers it has."""

from __future__ import annotations

from collections.abc import Sequence

from nilreturn.errors import SourceError
from nilreturn.sources.headers.columns import headers_of
from nilreturn.sources.mapping import SourceMapping, fold
from nilreturn.sources.reading import SourceRows


def take_apart(files: Sequence[SourceRows], mapping: SourceMapping) -> dict[str, list[int]]:
    """
    The places of the files that each report reads. "" is the mapping's own report, which comes
    first and is there wherever further reports belong to its rows.

    Raises `SourceError` for a file that fits several reports equally, and where there is no file of
    crimes.
    """
    if mapping.table.of:
        name = mapping.table.name
        raise SourceError(
            f"the rows of the mapping '{mapping.name}' are {name}, which belong to crimes; write "
            f"them as [reports.{name}] in the mapping of the crimes, and give files of both"
        )
    found: dict[str, list[int]] = {}
    for number, rows in enumerate(files):
        found.setdefault(report_of(rows, mapping), []).append(number)
    if "" not in found and any(mapping.reports[name].table.of for name in found):
        first = next(name for name in found if mapping.reports[name].table.of)
        raise SourceError(
            f"{files[found[first][0]].path}: holds {first}, which belong to crimes, and no file of "
            "crimes is given; give both"
        )
    return {name: found[name] for name in ("", *mapping.reports) if name in found}


def report_of(rows: SourceRows, mapping: SourceMapping) -> str:
    """
    The report that knows most of the file's headers; of several, the one whose required headers the
    file has.
    """
    if not mapping.reports:
        return ""
    present = {fold(header) for header in rows.headers}
    scores = {}
    for name in ("", *mapping.reports):
        report = mapping.of_report(name) if name else mapping
        lacks = any(
            mapped.required and not present & {fold(header) for header in mapped.every_header}
            for mapped in report.mapped.values()
        )
        scores[name] = (len(present & {fold(header) for header in headers_of(report)}), not lacks)
    best = max(scores.values())
    fitting = [name for name, score in scores.items() if score == best]
    if len(fitting) > 1 and best[1]:
        named = " and ".join(f"'{name}'" if name else "that of crimes" for name in fitting)
        raise SourceError(
            f"{rows.path}: its headers fit the reports {named} alike; change the mapping or the "
            f"report"
        )
    return fitting[0]
