"""
Checks rows against the rules: which are records, which are rejected and which were never records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nilreturn.sources import text_bytes
from nilreturn.sources.headers import columns_of
from nilreturn.sources.judging.batching import Batch
from nilreturn.sources.judging.columns import NOTHING, RULE_NUMBERS, Column
from nilreturn.sources.judging.staging import RECORDED, Staging
from nilreturn.sources.mapping import COUNT
from nilreturn.sources.parsing import SPACES, SPREADSHEET_ERRORS
from nilreturn.sources.reading import SourceRows
from nilreturn.sources.rules import RULES, Action

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST_REFERENCE = 64
_TOTAL = re.compile(r"(?:grand|overall|sub|sub-)?\s?totals?:?", re.IGNORECASE)
_TOTAL_OF_RECORDS = re.compile(r"(?:(?:grand|overall|sub)[\s-]?)?totals?\b.*", re.IGNORECASE)
_TOTAL_OF_CELLS = re.compile(
    r"(?:(?:grand|overall|sub|sub-)?\s?totals?\b.*|all|.+ totals?)", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{2,}")
# Made by a spreadsheet: several references become equal.
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?[Ee]\+\d\d")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_IS_REJECTED = np.array(
    [False, *(rule.action in (Action.ROW_REJECTED, Action.PASSED_OVER) for rule in RULES.values())]
)


@dataclass(slots=True)
class RowJudge:
    """
    Judges the rows of one file in turn.

    Words in a single column are either a note below the records or a row that lost its values; that
    is known only at the end of the file. `notes` are such rows, and `last` is the last row that was
    anything else.
    """

    staging: Staging
    columns: Mapping[str, Column]
    places: dict[str, int]
    rows: SourceRows
    notes: list[NDArray[np.int64]]
    last: int = -1

    def judge(self, batch: Batch) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
        """
        For each row, the number of its rule (0 for none), and whether it is a record. Rows that may
        be notes have `note_below`; see `settle`.
        """
        faults = np.zeros(len(batch), np.uint8)
        self._choose(batch, faults)
        self._look_for_headers(batch, faults)
        self._look_for_no_records(batch, faults)
        self._look_for_undated_totals(batch, faults)
        _mark(faults, batch.shape == 1, "too_many_values")
        if (batch.shape == -1).any():
            _mark(faults, (batch.shape == -1) & self._is_undated(batch), "too_few_values")
        self._check_references(batch, faults)
        if COUNT in self.columns:
            broken = self.columns[COUNT].faults[batch.numbers[COUNT]]
            faults[:] = np.where(faults == 0, broken, faults)
        _mark(faults, batch.shape == -1, "values_missing")
        is_record = ~_IS_REJECTED[faults]
        if is_record.any():
            self.last = batch.first + int(np.flatnonzero(is_record)[-1])
        may_be_note = np.flatnonzero(faults == RULE_NUMBERS["note_below"])
        if len(may_be_note):
            self.notes.append(np.stack([may_be_note + batch.first, batch.rows[may_be_note]]))
        return faults, is_record

    def settle(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The rows that are notes below the records, and the rows that lost their values."""
        if not self.notes:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        positions, rows = np.concatenate(self.notes, axis=1)
        return rows[positions > self.last], rows[positions < self.last]

    def _choose(self, batch: Batch, faults: NDArray[np.uint8]) -> None:
        mapping = self.staging.mapping
        for header, wanted in mapping.only.items():
            name = f"only {header}"
            chosen = self._are(batch, name, [wanted])
            _mark(faults, ~chosen, "other_population")
        for header, unwanted in mapping.leave_out.items():
            _mark(faults, self._are(batch, f"only {header}", unwanted), "left_out")

    def _are(self, batch: Batch, name: str, values: list[str]) -> NDArray[np.bool_]:
        column = self.columns[name]
        wanted = [column.labels.index(value) for value in values if value in column.labels]
        return np.isin(column.values[batch.numbers[name]], wanted)

    def _look_for_headers(self, batch: Batch, faults: NDArray[np.uint8]) -> None:
        is_header: NDArray[np.bool_] | None = None
        for variable in (*self.staging.judged, *self.staging.texts):
            if len(columns_of(variable, self.places)) != 1:
                continue
            header = self.rows.headers[self.places[variable]]
            same = self._have_text(batch, variable, header, is_header)
            is_header = same if is_header is None else is_header & same
            if not is_header.any():
                return
        if is_header is not None:
            _mark(faults, is_header, "repeated_header")

    def _have_text(
        self, batch: Batch, variable: str, text: str, among: NDArray[np.bool_] | None
    ) -> NDArray[np.bool_]:
        if variable in batch.numbers:
            numbers = [self.columns[variable].number(form) for form in (text, text.strip(SPACES))]
            return np.isin(batch.numbers[variable], numbers)
        found = np.zeros(len(batch), np.bool_)
        at = np.flatnonzero(among) if among is not None else np.arange(len(batch))
        given = batch.texts[variable].take(_places(at)).to_pylist()
        found[at] = [bool(each) and each.strip(SPACES) == text.strip(SPACES) for each in given]
        return found

    def _look_for_no_records(self, batch: Batch, faults: NDArray[np.uint8]) -> None:
        """
        Find rows that are empty, notes, totals, or have no value in any column that every record
        fills.
        """
        if COUNT in self.columns:
            self._look_for_totals(batch, faults)
        mapped = self.staging.mapping.mapped
        required = [v for v in self.staging.judged if mapped[v].required and v in self.places]
        filled = [*required, COUNT] if COUNT in self.columns else required
        is_open = faults == 0
        for variable in filled:
            is_open &= ~self._says(batch, variable)
            if not is_open.any():
                return
        at = np.flatnonzero(is_open)
        said = np.zeros(len(at), np.int32)
        for variable in (
            *batch.texts,
            *(name for name in batch.numbers if not name.startswith("only ")),
        ):
            said += self._says(batch, variable)[at]
        faults[at[said == 0]] = RULE_NUMBERS["empty_row"]
        if required:
            faults[at[said > 0]] = RULE_NUMBERS["required_missing"]
        for place in at[said == 1]:
            if rule := self._of_one_text(batch, int(place), bool(filled)):
                faults[place] = RULE_NUMBERS[rule]
        if filled:
            faults[at[self._have_total(batch, at) & (said > 0)]] = RULE_NUMBERS["total_row"]

    def _of_one_text(self, batch: Batch, at: int, lacks_required: bool) -> str | None:
        """What a row with a single text is."""
        name, text = next(self._said_in(batch, at))
        if not lacks_required and (
            name != self.staging.reference or len(self.staging.present) == 1
        ):
            return None
        if _TOTAL.fullmatch(text):
            return "total_row"
        return "note_below" if _is_note(text) else None

    def _said_in(self, batch: Batch, at: int) -> Iterator[tuple[str, str]]:
        """The variables that have a value in a row, with their texts."""
        for name, given in batch.texts.items():
            if (text := given[at].as_py()) is not None:
                yield name, text
        for name, numbers in batch.numbers.items():
            column, number = self.columns[name], numbers[at]
            if column.has_said(number) and not name.startswith("only "):
                yield name, (column.texts[number] or "").strip(SPACES)

    def _have_total(self, batch: Batch, at: NDArray[np.int64]) -> NDArray[np.bool_]:
        found = np.zeros(len(at), np.bool_)
        for variable in self.staging.judged:
            if numbers := self.columns[variable].matching(_TOTAL):
                found |= np.isin(batch.numbers[variable][at], numbers)
        if self.staging.reference:
            given = batch.texts[self.staging.reference].take(_places(at)).to_pylist()
            found |= np.array(
                [bool(text and _TOTAL_OF_RECORDS.fullmatch(text)) for text in given], np.bool_
            )
        return found

    def _look_for_undated_totals(self, batch: Batch, faults: NDArray[np.uint8]) -> None:
        """Find totals whose number is in the place of the day or of another required value."""
        if RECORDED in self.staging.present:
            at = np.flatnonzero((faults == 0) & self._is_undated(batch))
            if len(at):
                faults[at[self._have_total(batch, at)]] = RULE_NUMBERS["total_row"]

    def _look_for_totals(self, batch: Batch, faults: NDArray[np.uint8]) -> None:
        """
        Find totals among published cells, which would count everything twice. A mapping that gives
        the word a meaning keeps the row.
        """
        for variable in self.staging.judged:
            column = self.columns[variable]
            meant = {word.lower() for word in self.staging.mapping.mapped[variable].values}
            totals = [
                n
                for n in column.matching(_TOTAL_OF_CELLS)
                if (column.texts[n] or "").strip().lower() not in meant
            ]
            if totals:
                _mark(faults, np.isin(batch.numbers[variable], totals), "total_row")

    def _says(self, batch: Batch, variable: str) -> NDArray[np.bool_]:
        if variable in batch.texts:
            return np.asarray(
                batch.texts[variable].is_valid().to_numpy(zero_copy_only=False), np.bool_
            )
        return np.asarray(self.columns[variable].said[batch.numbers[variable]], np.bool_)

    def _is_undated(self, batch: Batch) -> NDArray[np.bool_]:
        if RECORDED not in self.staging.present:
            return np.ones(len(batch), np.bool_)
        return np.asarray(
            self.columns[RECORDED].values[batch.numbers[RECORDED]] == NOTHING, np.bool_
        )

    def _check_references(self, batch: Batch, faults: NDArray[np.uint8]) -> None:
        reference = self.staging.reference
        if reference is None:
            return
        references = batch.texts[reference]
        if references.null_count and not self.staging.mapping.reference:
            _mark(faults, ~self._says(batch, reference), "no_reference")
        for at in text_bytes.doubtful(references, LONGEST_REFERENCE):
            text = references[int(at)].as_py()
            is_wrong = len(text) > LONGEST_REFERENCE or text.upper() in SPREADSHEET_ERRORS
            if is_wrong or _CONTROL.search(text) or _ROUNDED.fullmatch(text):
                _mark_one(faults, int(at), "bad_reference")


def _is_note(text: str) -> bool:
    """Whether a text is words and not a reference: two words or more, or no digit."""
    return len(_WORD.findall(text)) >= 2 or not any(letter.isdigit() for letter in text)


def _mark(faults: NDArray[np.uint8], broken: NDArray[np.bool_], rule: str) -> None:
    faults[broken & (faults == 0)] = RULE_NUMBERS[rule]


def _mark_one(faults: NDArray[np.uint8], at: int, rule: str) -> None:
    if faults[at] == 0:
        faults[at] = RULE_NUMBERS[rule]


def _places(at: NDArray[np.int64]) -> Any:
    import pyarrow as pa

    return pa.array(at)
