"""
The values of rows that are records: ages worked out, dates in order, and the rules that single
values broke.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nilreturn.periods import Grain
from nilreturn.sources import text_bytes
from nilreturn.sources.judging.batching import LONGEST_TEXT, Batch
from nilreturn.sources.judging.columns import NOTHING, RULE_NUMBERS, Column
from nilreturn.sources.judging.findings import Findings
from nilreturn.sources.judging.staging import (
    AGE,
    BORN,
    CLASS,
    CODE,
    FROM,
    RECORDED,
    REPORTED,
    STATUS,
    TO,
    Staging,
)
from nilreturn.sources.parsing import SPREADSHEET_ERRORS

if TYPE_CHECKING:
    from numpy.typing import NDArray

BY_BIRTH, AS_RECORDED, NOT_KNOWN = 0, 1, 2
BASES = ("Date of birth", "As recorded", "Not recorded")


@dataclass(frozen=True, slots=True)
class Values:
    """
    By row: the victim's age (`NOTHING` where it is not known), how it is known (a place in
    `BASES`), and whether there is a victim.
    """

    ages: NDArray[np.int32]
    bases: NDArray[np.int8]
    has_victim: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ValueJudge:
    """Judges the values of rows of one file and adds what they broke to `findings`."""

    staging: Staging
    columns: Mapping[str, Column]
    findings: Findings
    file: int

    def judge(self, batch: Batch, is_record: NDArray[np.bool_]) -> Values:
        rows = batch.rows
        numbers = batch.numbers
        for variable in self.staging.judged:
            column = self.columns[variable]
            faults = column.faults
            if variable in (BORN, STATUS) or not faults.any():
                continue
            self._add(variable, faults[numbers[variable]], is_record, rows)
        self._check_order(batch, is_record)
        self._check_classes(batch, is_record)
        for variable in self.staging.free_texts:
            self._check_text(variable, batch, is_record)
        ages, bases = self._ages(batch, is_record)
        return Values(ages, bases, self._have_victims(batch))

    def _add(
        self,
        variable: str,
        faults: NDArray[np.uint8],
        is_record: NDArray[np.bool_],
        rows: NDArray[np.int64],
    ) -> None:
        self.findings.add_faults(
            self.file, variable, np.where(is_record, faults, 0).astype(np.uint8), rows
        )

    def _days(self, batch: Batch, variable: str) -> NDArray[np.int32]:
        return self.columns[variable].values[batch.numbers[variable]]

    def _check_order(self, batch: Batch, is_record: NDArray[np.bool_]) -> None:
        """List a date that is before one that must come first. It is kept."""
        present, mapped = self.staging.present, self.staging.mapping.mapped
        orders = {
            TO: (FROM,),
            REPORTED: (TO, FROM),
            RECORDED: (REPORTED,) if REPORTED in present else (TO, FROM),
        }
        for variable, before in orders.items():
            earlier = [
                name
                for name in before
                if {name, variable} <= set(present)
                and mapped[name].precision == mapped[variable].precision
            ]
            if not earlier:
                continue
            days = self._days(batch, variable)
            latest = np.maximum.reduce([self._days(batch, name) for name in earlier])
            broken = (days != NOTHING) & (days < latest)
            if broken.any():
                fault = np.where(broken, RULE_NUMBERS["earlier_than_possible"], 0).astype(np.uint8)
                self._add(variable, fault, is_record, batch.rows)

    def _check_classes(self, batch: Batch, is_record: NDArray[np.bool_]) -> None:
        """List a code that belongs to no class or to several, where the source gives no class."""
        if CODE not in self.staging.present:
            return
        code = self.columns[CODE]
        lacks = np.array(
            [value != NOTHING and not code.classes[value] for value in code.values.tolist()],
            np.bool_,
        )
        missing = lacks[batch.numbers[CODE]]
        if CLASS in self.staging.present:
            given = self.columns[CLASS]
            missing &= ~given.said[batch.numbers[CLASS]]
        self._add(
            CLASS,
            np.where(missing, RULE_NUMBERS["class_not_given"], 0).astype(np.uint8),
            is_record,
            batch.rows,
        )

    def _check_text(self, variable: str, batch: Batch, is_record: NDArray[np.bool_]) -> None:
        """Make free text that is too long unknown, and remove NULs."""
        import pyarrow as pa

        written = batch.texts[variable]
        doubtful = text_bytes.doubtful(written, LONGEST_TEXT, control=False)
        if not len(doubtful) and not text_bytes.has_nul(written):
            return
        found = written.to_pylist()
        faults = np.zeros(len(batch), np.uint8)
        for at in doubtful:
            text = found[at]
            if text.upper() in SPREADSHEET_ERRORS:
                found[at], faults[at] = None, RULE_NUMBERS["spreadsheet_error"]
            elif len(text) > LONGEST_TEXT:
                found[at], faults[at] = None, RULE_NUMBERS["too_long"]
        batch.texts[variable] = pa.array(
            [text and text.replace("\0", "") for text in found], pa.string()
        )
        self._add(variable, faults, is_record, batch.rows)

    def _ages(
        self, batch: Batch, is_record: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
        """
        The age at the offence: from the date of birth where both days are known, else as it was
        recorded.
        """
        size = len(batch)
        nothing = np.full(size, NOTHING, np.int32)
        recorded = self._days(batch, AGE) if AGE in self.staging.present else nothing
        by_birth = nothing
        if BORN in self.staging.present:
            by_birth = self._by_birth(batch, recorded, is_record)
        ages = np.where(by_birth != NOTHING, by_birth, recorded)
        bases = np.where(
            by_birth != NOTHING, BY_BIRTH, np.where(recorded != NOTHING, AS_RECORDED, NOT_KNOWN)
        )
        return ages.astype(np.int32), bases.astype(np.int8)

    def _by_birth(
        self, batch: Batch, recorded: NDArray[np.int32], is_record: NDArray[np.bool_]
    ) -> NDArray[np.int32]:
        mapped = self.staging.mapping
        born = self.columns[BORN]
        born_days = self._days(batch, BORN)
        exact = FROM in self.staging.present and mapped.mapped[FROM].precision is Grain.DAY
        offence = self._days(batch, FROM) if exact else np.full(len(batch), NOTHING, np.int32)
        is_both = (born_days != NOTHING) & (offence != NOTHING)
        years = np.full(len(batch), NOTHING, np.int32)
        if is_both.any():
            years[is_both] = years_between(born_days[is_both], offence[is_both])
        is_after = is_both & (born_days > offence)
        is_old = is_both & ~is_after & (years > mapped.ages.oldest)
        faults = born.faults[batch.numbers[BORN]]
        lacks = (born_days != NOTHING) & (offence == NOTHING) & (recorded == NOTHING)
        for broken, rule in (
            (is_after, "born_after_offence"),
            (is_old, "age_too_high"),
            (lacks, "no_offence_date"),
        ):
            faults = np.where((faults == 0) & broken, RULE_NUMBERS[rule], faults)
        self._add(BORN, faults.astype(np.uint8), is_record, batch.rows)
        return np.where(is_both & ~is_after & ~is_old, years, NOTHING).astype(np.int32)

    def _have_victims(self, batch: Batch) -> NDArray[np.bool_]:
        """
        Whether each row has a victim: one of a victim's columns has a value other than a number for
        "unknown".
        """
        if self.staging.mapping.cells:
            return np.full(len(batch), self.staging.mapping.cells.unit == "victims")
        found = np.zeros(len(batch), np.bool_)
        for variable in self.staging.present:
            if not variable.startswith("victim."):
                continue
            if variable in batch.texts:
                found |= batch.texts[variable].is_valid().to_numpy(zero_copy_only=False)
                continue
            column = self.columns[variable]
            said = column.said
            if variable == AGE:
                said &= column.faults != RULE_NUMBERS["age_stands_for_unknown"]
            found |= said[batch.numbers[variable]]
        return found


def years_between(born: NDArray[np.int32], day: NDArray[np.int32]) -> NDArray[np.int32]:
    """
    Whole years from birth to the day, both in days since 1970.

    In a common year, a person born on 29 February is a year older on 1 March, as English law
    counts.

    >>> years_between(np.array([12477], np.int32),
    ...               np.array([18686], np.int32)).tolist()  # 29/2/2004 to 28/2/2021
    [16]
    """
    return ((_written(day) - _written(born)) // 10_000).astype(np.int32)


def _written(days: NDArray[np.int32]) -> NDArray[np.int64]:
    """Days as integers: 20210228."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    years = months.astype("datetime64[Y]")
    day = (dates - months).astype(np.int64) + 1
    month = (months - years.astype("datetime64[M]")).astype(np.int64) + 1
    return np.asarray((years.astype(np.int64) + 1970) * 10_000 + month * 100 + day, np.int64)
