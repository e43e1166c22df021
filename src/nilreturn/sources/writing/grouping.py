"""
Which records are of one crime: those with the same reference, in any file. The first of them is the
crime's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nilreturn.sources import text_bytes
from nilreturn.sources.judging import AGE, KEY, NARRATIVE, REFERENCE, Column, Findings, Staging
from nilreturn.sources.writing.replacing import are_in_earlier_files, are_replaced
from nilreturn.sources.writing.spool import Spool

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Groups:
    """
    By record: whether it is its crime's first, the number of its victim, whether that victim came
    before, and whether a later record of its crime has replaced it.
    """

    is_first: NDArray[np.bool_]
    victim_numbers: NDArray[np.int32]
    is_repeated_victim: NDArray[np.bool_]
    is_replaced: NDArray[np.bool_]

    @classmethod
    def of_single_records(cls, size: int) -> Groups:
        """Groups in which every record is a crime of its own."""
        return cls(
            np.ones(size, np.bool_),
            np.ones(size, np.int32),
            np.zeros(size, np.bool_),
            np.zeros(size, np.bool_),
        )


@dataclass(frozen=True, slots=True)
class _Several:
    """
    Records of crimes that have several, by crime and in order. `starts` are the places of the first
    record of each crime.
    """

    records: NDArray[np.int64]
    crimes: NDArray[np.int64]  # 0 for the records of the first crime, and so on
    starts: NDArray[np.int64]
    columns: dict[str, NDArray[Any]]

    @property
    def first(self) -> NDArray[np.int64]:
        """The place of the first record of each record's crime."""
        return self.starts[self.crimes]


def group(
    spool: Spool, staging: Staging, columns: Mapping[str, Column], findings: Findings
) -> Groups:
    """Group the records by crime, and list what they repeat and where they differ."""
    groups = Groups.of_single_records(spool.size)
    candidates, references = _with_equals(spool)
    if not len(candidates):
        return groups
    several = _by_crime(candidates, references, _read(spool, candidates, staging, columns))
    if staging.mapping.keep == "last":
        several = _latest(several, groups, findings)
    later = several.records != several.records[several.first]
    groups.is_first[several.records[later]] = False
    same_row = _repeated(several, "row hash")
    same_victim = np.zeros(len(later), np.bool_)
    if KEY in staging.present:
        same_victim = _repeated(several, KEY) & (several.columns[KEY] != 0)
    same_victim |= _in_earlier_files(several)
    counted = several.columns["has_victim"] & ~same_victim
    running: NDArray[np.int64] = np.cumsum(counted)
    before: NDArray[np.int64] = (running - counted)[several.first]
    groups.victim_numbers[several.records] = (running - before).astype(np.int32)
    groups.is_repeated_victim[several.records] = same_victim
    if staging.mapping.row == "crime":
        _list(findings, several, later, "repeated_crime")
    else:
        _list(findings, several, same_victim, "repeated_victim")
        _list(findings, several, same_row & ~same_victim, "repeated_row")
    _list_differences(spool, several, staging, columns, findings)
    return groups


def _latest(several: _Several, groups: Groups, findings: Findings) -> _Several:
    """
    The records that no later file or day has replaced. Replaced records that differ are listed.
    """
    found = several.columns
    replaced = are_replaced(several.crimes, several.starts, found["file"], found.get("day"))
    if not replaced.any():
        return several
    groups.is_replaced[several.records[replaced]] = True
    groups.is_first[several.records[replaced]] = False
    groups.is_repeated_victim[several.records[replaced]] = True
    kept = ~replaced
    crimes = several.crimes[kept]
    starts = np.searchsorted(crimes, np.arange(len(several.starts)))
    latest = _Several(
        several.records[kept],
        crimes,
        starts,
        {name: values[kept] for name, values in found.items()},
    )
    differs = found["meaning"] != latest.columns["meaning"][starts][several.crimes]
    _list(findings, several, replaced & ~differs, "replaced")
    _list(findings, several, replaced & differs, "replaced_differing")
    return latest


def _in_earlier_files(several: _Several) -> NDArray[np.bool_]:
    """Victims without a key of their own that an earlier file has too."""
    found = np.zeros(len(several.records), np.bool_)
    files = several.columns["file"]
    if not (files != files[several.first]).any():
        return found
    asked = several.columns["has_victim"].copy()
    if KEY in several.columns:
        asked &= several.columns[KEY] == 0
    found[asked] = are_in_earlier_files(
        several.crimes[asked],
        files[asked],
        several.columns["victim"][asked],
        several.records[asked],
    )
    return found


def _with_equals(spool: Spool) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """
    The records whose reference is also that of another record, in order, and the hashes of their
    references.
    """
    if not spool.references:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    hashes = np.concatenate(spool.references)
    order = np.argsort(hashes)
    ordered = hashes[order]
    same = ordered[1:] == ordered[:-1]
    is_one_of_several = np.zeros(len(order), np.bool_)
    is_one_of_several[1:] |= same
    is_one_of_several[:-1] |= same
    found = np.sort(order[is_one_of_several])
    return found, hashes[found]


def _read(
    spool: Spool, wanted: NDArray[np.int64], staging: Staging, columns: Mapping[str, Column]
) -> dict[str, NDArray[Any]]:
    """The values asked for of the wanted records, by name."""
    parts: dict[str, list[NDArray[Any]]] = {}
    for records in spool.read():
        begin, end = np.searchsorted(wanted, (records.first, records.first + len(records)))
        at = wanted[begin:end] - records.first
        if not len(at):
            continue
        numbers = {variable: records.numbers(variable)[at] for variable in staging.judged}
        kept = {variable: records.texts(variable).take(_arrow(at)) for variable in staging.texts}
        hashed = {
            v: text_bytes.whole_hashes(written) if v == NARRATIVE else text_bytes.hashes(written, 2)
            for v, written in kept.items()
        }
        meanings = [
            columns[variable].values[numbers[variable]].astype(np.uint64)
            for variable in staging.crime_values
            if variable in numbers
        ]
        meanings += [hashed[NARRATIVE]] if NARRATIVE in hashed else []
        found: dict[str, NDArray[Any]] = {
            "file": records.numbers("file")[at],
            "row": records.numbers("row")[at],
            "has_victim": records.numbers("has_victim")[at],
            "other": hashed[REFERENCE],
            "meaning": text_bytes.mixed(meanings, len(at)),
            "victim": text_bytes.mixed(
                [
                    records.numbers("age")[at].astype(np.uint64),
                    *(
                        columns[v].values[numbers[v]].astype(np.uint64)
                        for v in staging.judged
                        if v.startswith("victim.") and v != AGE
                    ),
                ],
                len(at),
            ),
            "row hash": text_bytes.mixed(
                [*(columns[v].hashes[numbers[v]] for v in numbers), *hashed.values()], len(at)
            ),
        }
        if staging.mapping.keep_by:
            found["day"] = columns[staging.mapping.keep_by].values[numbers[staging.mapping.keep_by]]
        found.update(
            {variable: hashed[variable] for variable in (KEY, NARRATIVE) if variable in hashed}
        )
        for name, values in found.items():
            parts.setdefault(name, []).append(values)
    return {name: np.concatenate(values) for name, values in parts.items()}


def _by_crime(
    wanted: NDArray[np.int64], hashes: NDArray[np.uint64], read: dict[str, NDArray[Any]]
) -> _Several:
    """
    The records by crime. Two hashes of a reference distinguish crimes; an accidental match of both
    is too unlikely to matter.
    """
    order = np.lexsort((wanted, read["other"], hashes))
    read = {name: values[order] for name, values in read.items()}
    hashes, other = hashes[order], read["other"]
    begins = np.ones(len(order), np.bool_)
    begins[1:] = (hashes[1:] != hashes[:-1]) | (other[1:] != other[:-1])
    return _Several(wanted[order], np.cumsum(begins) - 1, np.flatnonzero(begins), read)


def _repeated(several: _Several, name: str) -> NDArray[np.bool_]:
    """Whether an earlier record of the crime has the same value."""
    values = several.columns[name]
    order = np.lexsort((several.records, values, several.crimes))
    crimes, values = several.crimes[order], values[order]
    repeated = np.zeros(len(order), np.bool_)
    repeated[order[1:]] = (crimes[1:] == crimes[:-1]) & (values[1:] == values[:-1])
    return repeated


def _list(
    findings: Findings,
    several: _Several,
    which: NDArray[np.bool_],
    rule: str,
    variable: str | None = None,
) -> None:
    files, rows = several.columns["file"][which], several.columns["row"][which]
    for file in np.unique(files):
        findings.add(int(file), variable, rule, rows[files == file])


def _list_differences(
    spool: Spool,
    several: _Several,
    staging: Staging,
    columns: Mapping[str, Column],
    findings: Findings,
) -> None:
    """Each column in which a record differs from the first of its crime."""
    differs = several.columns["meaning"] != several.columns["meaning"][several.first]
    if not differs.any():
        return
    wanted = np.unique(
        np.concatenate([several.records[differs], several.records[several.first[differs]]])
    )
    values = _values(spool, wanted, staging, columns)
    later = np.searchsorted(wanted, several.records[differs])
    first = np.searchsorted(wanted, several.records[several.first[differs]])
    if NARRATIVE in several.columns:
        hashed = several.columns[NARRATIVE]
        _list(findings, several, hashed != hashed[several.first], "differs_within_crime", NARRATIVE)
    for variable, found in values.items():
        which = np.zeros(len(differs), np.bool_)
        which[differs] = found[later] != found[first]
        _list(findings, several, which, "differs_within_crime", variable)


def _values(
    spool: Spool, wanted: NDArray[np.int64], staging: Staging, columns: Mapping[str, Column]
) -> dict[str, NDArray[Any]]:
    """The values that the records give for their crimes, without free text."""
    judged = set(staging.judged)
    parts: dict[str, list[NDArray[Any]]] = {
        name: [] for name in staging.crime_values if name in judged
    }
    for records in spool.read():
        begin, end = np.searchsorted(wanted, (records.first, records.first + len(records)))
        at = wanted[begin:end] - records.first
        for variable, found in parts.items():
            found.append(columns[variable].values[records.numbers(variable)[at]])
    return {variable: np.concatenate(found) for variable, found in parts.items()}


def _arrow(at: NDArray[np.int64]) -> Any:
    import pyarrow as pa

    return pa.array(at)
