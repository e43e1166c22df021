"""Finding a mapping's columns among a file's headers; one that neither knows is a mistake, never passed over."""

from __future__ import annotations

from pathlib import Path

from nilreturn.errors import SourceError, did_you_mean
from nilreturn.sources.judging.staging import COUNT
from nilreturn.sources.mapping.model import Mapping, fold

FEWEST_KNOWN = 2  # headers that the mapping must know for a row to be taken for a row of headers
MOST_HEADERS = 1_000
LONGEST_SHOWN = 60


def known_headers(mapping: Mapping) -> frozenset[str]:
    """Every header, folded, that a file may have under this mapping."""
    return frozenset(fold(header) for header in _written(mapping))


def places(path: Path, headers: tuple[str, ...], mapping: Mapping) -> dict[str, int]:
    """
    Which of the file's columns holds each variable (and "count", and "only …" for a header that chooses rows).

    Raises `SourceError` that lists every unknown header, required column without one, and column with several.
    """
    known = known_headers(mapping)
    if sum(fold(header) in known for header in headers) < FEWEST_KNOWN:
        # The first row may be a record: nothing of it is shown.
        wanted = ", ".join(f"'{mapped.headers[0]}'" for mapped in mapping.mapped.values() if mapped.required)
        raise SourceError(
            f"{path}: the first row does not hold the headers of the mapping '{mapping.name}', such as {wanted}; "
            "export the file with its headers in the first row, or choose another mapping"
        )
    if len(headers) > MOST_HEADERS:
        raise SourceError(f"{path}: has {len(headers):,} columns; export at most {MOST_HEADERS:,}")
    unused = _unused(headers, mapping)
    mistakes = [
        f"the header {header[:LONGEST_SHOWN]!r} is unknown to the mapping{did_you_mean(header, unused)}"
        for header in headers
        if fold(header) and fold(header) not in known
    ]
    found: dict[str, int] = {}
    for variable, mapped in mapping.mapped.items():
        _place(found, variable, mapped.headers, mapped.required, headers, mistakes)
    if mapping.cells:
        _place(found, COUNT, [mapping.cells.count_header], True, headers, mistakes)
    for header in mapping.only:
        _place(found, f"only {header}", [header], True, headers, mistakes)
    if len(mistakes) == 1:
        raise SourceError(f"{path}: {mistakes[0]}")
    if mistakes:
        more = f"the headers do not fit the mapping '{mapping.name}'; change the mapping or the report"
        raise SourceError(f"{path}: {more}", details=tuple(mistakes))
    return found


def _place(
    found: dict[str, int],
    variable: str,
    wanted: list[str],
    required: bool,
    headers: tuple[str, ...],
    mistakes: list[str],
) -> None:
    folded = {fold(header) for header in wanted}
    matches = [number for number, header in enumerate(headers) if fold(header) in folded]
    if len(matches) > 1:
        names = " and ".join(repr(headers[number][:LONGEST_SHOWN]) for number in matches)
        mistakes.append(f"{names} are both headers of '{variable}'; keep one, or name the other under 'ignore'")
    elif matches:
        found[variable] = matches[0]
    elif required:
        near = did_you_mean(wanted[0], [header[:LONGEST_SHOWN] for header in headers if header])
        mistakes.append(f"no header for the required column '{variable}' (one of: {', '.join(wanted)}){near}")


def _written(mapping: Mapping) -> list[str]:
    headers = [header for mapped in mapping.mapped.values() for header in mapped.headers]
    count = [mapping.cells.count_header] if mapping.cells else []
    return [*headers, *mapping.ignore, *mapping.only, *count]


def _unused(headers: tuple[str, ...], mapping: Mapping) -> list[str]:
    """The mapping's headers that the file has not got."""
    present = {fold(header) for header in headers}
    return [header for header in _written(mapping) if fold(header) not in present]
