"""
The different texts of a column, each judged once. Rows hold the numbers of texts, by which their
meaning is looked up.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from nilreturn.errors import SourceError
from nilreturn.schema import NOT_RECORDED, Kind
from nilreturn.sources.judging.staging import CLASS, CODE
from nilreturn.sources.mapping import COUNT, MappedColumn, SourceMapping, Split
from nilreturn.sources.parsing import (
    SPACES,
    DateReader,
    Meaning,
    age_reader,
    amount_reader,
    category_reader,
    class_of,
    number_reader,
    offence_reader,
    only_classes,
    outcome_type_reader,
    read_count,
    reader,
    time_reader,
)
from nilreturn.sources.rules import RULES

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOTHING = -(1 << 31)  # the value of a text that is blank or not known
MOST_TEXTS = 1_000_000
_MANY = 500  # texts
RULE_NUMBERS = {name: number for number, name in enumerate(RULES, 1)}
RULE_NAMES = ("", *RULES)


class Column:
    """
    The texts of a column and their meanings.

    By the number of a text: `values` (an integer: a day since 1970, an age, or the number of a
    label), `faults` (the number of a rule, 0 where none was broken), `said` (whether the text has a
    value) and `hashes`. `labels` are the different values of a column of categories; dates and
    numbers have none.
    """

    def __init__(
        self,
        variable: str,
        read: Callable[[str | None], Meaning],
        *,
        is_labelled: bool,
        dates: DateReader | None = None,
        plain: Callable[[Any], tuple[NDArray[np.int32], NDArray[np.bool_]]] | None = None,
    ) -> None:
        self.variable = variable
        self.texts: list[str | None] = []
        self.labels: list[str] = []
        self.is_labelled = is_labelled
        self.dates = dates
        self._plain = plain
        # For a column of codes, by label: the only class of the code, or "".
        self.classes: list[str] = []
        # For a column of codes, by text: the class of its code, or the class that it names.
        self.classes_of_texts: list[str] = []
        self._read = read
        self._numbers: dict[str | None, int] = {}
        self._label_numbers: dict[str, int] = {}
        self._values, self._faults, self._said, self._hashes = (
            array("i"),
            array("B"),
            array("B"),
            array("Q"),
        )
        self._seen = np.zeros(0, np.int64)
        self._known: Any = None  # the texts so far as an Arrow array; the latest may be missing
        self._matching: dict[str, tuple[int, list[int]]] = {}

    def numbers(self, texts: Sequence[str | None]) -> NDArray[np.int32]:
        """
        The number of each text. Raises `SourceError` where there are too many different texts.
        """
        known = self._numbers
        found = [known[text] if text in known else self._judge(text) for text in texts]
        return np.array(found, np.int32)

    def numbers_of(self, texts: Any) -> NDArray[np.int32]:
        """The number of each of different Arrow texts without null. Many are looked up at once."""
        if len(texts) < _MANY:
            return self.numbers(texts.to_pylist())
        import pyarrow as pa
        import pyarrow.compute as pc

        known = len(self.texts)
        if self._known is None or len(self._known) < known:
            self._known = pa.array(self.texts, pa.string())
        places = pc.index_in(texts, value_set=self._known)
        if not places.null_count:
            return np.asarray(places.to_numpy(), np.int32)
        found = np.array(places.fill_null(0).to_numpy(), np.int32)
        at = np.flatnonzero(places.is_null().to_numpy(zero_copy_only=False))
        new = texts.take(pa.array(at))
        if self._plain:
            self._take_days(new, *self._plain(new))
        found[at] = self.numbers(new.to_pylist())
        return found

    def _take_days(self, texts: Any, days: NDArray[np.int32], is_plain: NDArray[np.bool_]) -> None:
        """Number those of the texts that are plain days. None of them was seen before."""
        import pyarrow as pa

        new = texts.filter(pa.array(is_plain)).to_pylist()
        first = len(self.texts)
        if first + len(new) > MOST_TEXTS:
            return
        self._numbers.update(zip(new, range(first, first + len(new)), strict=True))
        self.texts += new
        self._values.extend(days[is_plain].tolist())
        self._faults.extend(bytes(len(new)))
        self._said.extend(b"\1" * len(new))
        self._hashes.extend(hash(text) & 0xFFFF_FFFF_FFFF_FFFF for text in new)

    def number(self, text: str | None) -> int:
        """The number of the text, or -1 where it has not been seen."""
        return self._numbers.get(text, -1)

    def matching(self, pattern: re.Pattern[str]) -> list[int]:
        """
        The numbers of the texts that match the pattern completely, apart from white space around
        them.
        """
        checked, found = self._matching.setdefault(pattern.pattern, (0, []))
        for number in range(checked, len(self.texts)):
            text = self.texts[number]
            if text and pattern.fullmatch(text.strip(SPACES)):
                found.append(number)
        self._matching[pattern.pattern] = (len(self.texts), found)
        return found

    def has_said(self, number: int) -> bool:
        """Whether the text of that number has a value."""
        return bool(self._said[number])

    def _judge(self, text: str | None) -> int:
        number = len(self.texts)
        if number >= MOST_TEXTS:
            raise SourceError(
                f"the column of '{self.variable}' has more than {MOST_TEXTS:,} different texts, so "
                "it holds something else; change the mapping"
            )
        meaning = self._read(text)
        self._numbers[text] = number
        self.texts.append(text)
        self._values.append(self._number_of(meaning.value))
        if self.variable == CODE:
            self.classes_of_texts.append(self._class(text, meaning))
        self._faults.append(RULE_NUMBERS[meaning.fault] if meaning.fault else 0)
        self._said.append(meaning.has_value)
        self._hashes.append(hash(text) & 0xFFFF_FFFF_FFFF_FFFF if meaning.has_value else 0)
        return number

    def _class(self, text: str | None, meaning: Meaning) -> str:
        if meaning.value is not None:
            return self.classes[self._values[-1]]
        return class_of(text.strip(SPACES)) if text and meaning.fault == "class_for_code" else ""

    def _number_of(self, value: str | int | None) -> int:
        if value is None:
            return NOTHING
        if isinstance(value, int):
            return value
        return self.label(value)

    def label(self, value: str) -> int:
        """The number of a label; a new label is added."""
        number = self._label_numbers.setdefault(value, len(self.labels))
        if number == len(self.labels):
            self.labels.append(value)
            if self.variable == CODE:
                self.classes.append(only_classes([value]).get(value, ""))
        return number

    def count(self, numbers: NDArray[np.int32]) -> None:
        """Add rows that are kept and hold these texts."""
        found = np.bincount(numbers, minlength=len(self.texts))
        found[: len(self._seen)] += self._seen
        self._seen = found

    @property
    def seen(self) -> NDArray[np.int64]:
        """The number of rows that are kept and hold each text."""
        missing = len(self.texts) - len(self._seen)
        return np.concatenate([self._seen, np.zeros(missing, np.int64)]) if missing else self._seen

    @seen.setter
    def seen(self, counts: NDArray[np.int64]) -> None:
        self._seen = counts

    @property
    def values(self) -> NDArray[np.int32]:
        return np.array(self._values, np.int32)

    @property
    def faults(self) -> NDArray[np.uint8]:
        return np.array(self._faults, np.uint8)

    @property
    def said(self) -> NDArray[np.bool_]:
        return np.array(self._said, np.bool_)

    @property
    def hashes(self) -> NDArray[np.uint64]:
        return np.array(self._hashes, np.uint64)


def column_for(variable: str, mapping: SourceMapping, as_at: date) -> Column:
    """The column of a variable of the mapping, or of the counts of cells."""
    if variable == COUNT:
        return Column(variable, read_count, is_labelled=False)
    mapped, column = mapping.mapped[variable], mapping.column(variable)
    blank = frozenset(mapping.blank)
    if column.kind is Kind.DATE:
        dates = DateReader(mapping, mapped, as_at)
        plain = None if mapped.split else dates.plain
        return Column(
            variable,
            _parted(reader(dates, blank), mapped),
            is_labelled=False,
            dates=dates,
            plain=plain,
        )
    if (judge := _plain_reader(variable, column.kind, mapping)) is not None:
        is_labelled = column.kind not in (Kind.NUMBER, Kind.TIME)
        return Column(
            variable,
            _parted(reader(judge, blank, mapped.when_blank), mapped),
            is_labelled=is_labelled,
        )
    if variable in (CODE, CLASS):
        judge = reader(offence_reader(variable == CODE, frozenset(mapping.unknown)), blank)
        return Column(variable, _parted(judge, mapped), is_labelled=True)
    otherwise = NOT_RECORDED if column.kind is Kind.FLAG else None
    judge = reader(
        category_reader(variable, mapped, column, mapping),
        blank,
        mapped.when_blank or otherwise,
        otherwise,
    )
    return Column(variable, _parted(judge, mapped), is_labelled=True)


def _plain_reader(
    variable: str, kind: Kind, mapping: SourceMapping
) -> Callable[[str], Meaning] | None:
    """The reader of numbers, amounts, times or outcome types."""
    unknown = frozenset(mapping.unknown)
    if variable.endswith(".age"):
        return age_reader(mapping)
    if variable == "outcome.outcome_type":
        words = {word.lower(): value for word, value in mapping.mapped[variable].values.items()}
        return outcome_type_reader(words, unknown)
    readers = {Kind.NUMBER: number_reader, Kind.AMOUNT: amount_reader, Kind.TIME: time_reader}
    return readers[kind](unknown) if kind in readers else None


def plain_column(name: str) -> Column:
    """A column that only chooses rows, with its texts unchanged."""
    return Column(name, lambda text: Meaning(text.strip() if text else None), is_labelled=True)


def _parted(
    read: Callable[[str | None], Meaning], mapped: MappedColumn
) -> Callable[[str | None], Meaning]:
    """`read` for one part of the text, where the mapping splits it."""
    split: Split | None = mapped.split
    if split is None:
        return read

    def read_part(text: str | None) -> Meaning:
        whole = read(text)
        if not text or not whole.has_value:
            return whole
        parts = text.split(split.at)
        return (
            read(parts[split.part - 1])
            if len(parts) >= split.part
            else Meaning(None, "cannot_be_split")
        )

    return read_part


def as_array(values: NDArray[Any], kind: Any) -> Any:
    """An Arrow array of integers or days, null where there is `NOTHING`."""
    import pyarrow as pa

    return pa.array(values, pa.int32(), mask=values == NOTHING).view(kind)
