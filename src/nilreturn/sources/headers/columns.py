"""
Finds a mapping's columns among a file's headers. A header that the mapping does not know is a
mistake; it is never ignored.
"""

from __future__ import annotations

from pathlib import Path

from nilreturn.errors import SourceError, did_you_mean
from nilreturn.sources.mapping import COUNT, MappedColumn, SourceMapping, fold
from nilreturn.wording import counted

FEWEST_KNOWN = 2  # headers that the mapping must know for a row to count as a row of headers
MOST_HEADERS = 1_000
LONGEST_SHOWN = 60


def known_headers(mapping: SourceMapping) -> frozenset[str]:
    """Every header, folded, that a file may have under this mapping and its reports."""
    every = [mapping, *(mapping.of_report(name) for name in mapping.reports)]
    return frozenset(fold(header) for report in every for header in headers_of(report))


def places(
    path: Path, headers: tuple[str, ...], mapping: SourceMapping, *, are_sure: bool = True
) -> dict[str, int]:
    """
    The file's column for each variable (and for "count", and "only …" for a header that chooses
    rows).

    Further columns of a variable have its name with " +1", " +2" … Where the row of headers may be
    a record, none of it is quoted. Raises `SourceError` with every unknown header, every required
    column that is missing, and every column with several headers.
    """
    known = {fold(header) for header in headers_of(mapping)}
    if len({fold(header) for header in headers} & known) < FEWEST_KNOWN:
        # The first row may be a record: nothing of it is shown.
        wanted = ", ".join(
            f"'{mapped.shown}'" for mapped in mapping.mapped.values() if mapped.required
        )
        raise SourceError(
            f"{path}: the first row does not hold the headers of the mapping '{mapping.name}', "
            f"such as {wanted}, nor does a row near it; export the file with its headers, or "
            "choose another mapping"
        )
    if len(headers) > MOST_HEADERS:
        raise SourceError(
            f"{path}: has {counted(len(headers), 'column')}; export at most {MOST_HEADERS:,}"
        )
    unused = _unused(headers, mapping)
    mistakes = [
        f"{_shown(number, header, are_sure)} is unknown to the "
        f"mapping{did_you_mean(header, unused)}"
        for number, header in enumerate(headers)
        if fold(header) and fold(header) not in known
    ]
    found: dict[str, int] = {}
    for variable, mapped in mapping.mapped.items():
        if mapped.combine:
            _place_all(found, variable, mapped, headers, mistakes, are_sure)
            continue
        _place(found, variable, mapped.headers, mapped.required, headers, mistakes, are_sure)
        for number, header in enumerate(mapped.otherwise, 1):
            _place(found, f"{variable} +{number}", [header], False, headers, mistakes, are_sure)
    if mapping.cells:
        _place(found, COUNT, [mapping.cells.count_header], True, headers, mistakes, are_sure)
    for header in {**mapping.only, **mapping.leave_out}:
        _place(found, f"only {header}", [header], True, headers, mistakes, are_sure)
    if mistakes and not are_sure:
        more = (
            f"row taken for the headers of '{mapping.name}' may be a record, so nothing of it "
            f"is shown"
        )
        raise SourceError(
            f"{path}: the {more}; export the file with its headers", details=tuple(mistakes)
        )
    if len(mistakes) == 1:
        raise SourceError(f"{path}: {mistakes[0]}")
    if mistakes:
        more = (
            f"the headers do not fit the mapping '{mapping.name}'; change the mapping or the report"
        )
        raise SourceError(f"{path}: {more}", details=tuple(mistakes))
    return found


def _shown(number: int, header: str, are_sure: bool) -> str:
    return (
        f"the header {header[:LONGEST_SHOWN]!r}"
        if are_sure
        else f"the header of column {number + 1}"
    )


def _place(
    found: dict[str, int],
    variable: str,
    wanted: list[str],
    required: bool,
    headers: tuple[str, ...],
    mistakes: list[str],
    are_sure: bool,
) -> None:
    folded = {fold(header) for header in wanted}
    matches = [number for number, header in enumerate(headers) if fold(header) in folded]
    if len(matches) > 1:
        names = " and ".join(repr(headers[number][:LONGEST_SHOWN]) for number in matches)
        mistakes.append(
            f"{names} are both headers of '{variable}'; keep one, or name the other under 'ignore'"
        )
    elif matches:
        found[variable] = matches[0]
    elif required:
        near = (
            did_you_mean(wanted[0], [header[:LONGEST_SHOWN] for header in headers if header])
            if are_sure
            else ""
        )
        mistakes.append(
            f"no header for the required column '{variable}' (one of: {', '.join(wanted)}){near}"
        )


def _place_all(
    found: dict[str, int],
    variable: str,
    mapped: MappedColumn,
    headers: tuple[str, ...],
    mistakes: list[str],
    are_sure: bool,
) -> None:
    """Columns that are combined: all of them, or none where the variable is not required."""
    folded = {fold(header) for header in headers}
    is_here = any(fold(header) in folded for header in mapped.combine)
    for number, header in enumerate(mapped.combine):
        name = f"{variable} +{number}" if number else variable
        _place(found, name, [header], mapped.required or is_here, headers, mistakes, are_sure)


def columns_of(variable: str, places: dict[str, int]) -> list[int]:
    """Every column of the file that the variable is read from, in order."""
    further: list[int] = []
    while (name := f"{variable} +{len(further) + 1}") in places:
        further.append(places[name])
    return [places[variable], *further] if variable in places else further


def headers_of(mapping: SourceMapping) -> list[str]:
    """Every header that a file of the mapping's own report may have."""
    headers = [header for mapped in mapping.mapped.values() for header in mapped.every_header]
    count = [mapping.cells.count_header] if mapping.cells else []
    return [*headers, *mapping.ignore, *mapping.only, *mapping.leave_out, *count]


def _unused(headers: tuple[str, ...], mapping: SourceMapping) -> list[str]:
    """The mapping's headers that the file does not have."""
    present = {fold(header) for header in headers}
    return [header for header in headers_of(mapping) if fold(header) not in present]
