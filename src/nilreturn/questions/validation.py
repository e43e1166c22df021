"""
What must hold between the parts of a question, and between a question and the columns of an
extract.

Each check gives the line in the file, what is wrong and what to do next, so that all mistakes can
be listed together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nilreturn.ages import OLDEST, YOUNGEST
from nilreturn.authored import Mistakes
from nilreturn.errors import QuestionError, did_you_mean
from nilreturn.periods import BREAKDOWN_GRAINS, WITHIN, Grain, part_around
from nilreturn.questions import ages
from nilreturn.questions.columns import CATEGORICAL, find, is_askable, unknown_label
from nilreturn.questions.coverage import days_outside
from nilreturn.questions.model import (
    CRIMES,
    RECORDS,
    VICTIMS,
    Breakdown,
    ByAge,
    ByColumn,
    ByDate,
    CategoryFilter,
    Question,
    Questions,
)
from nilreturn.schema import COLUMNS, Column, Extract, Kind
from nilreturn.tables import Extent

MOST_BREAKDOWNS = 4
# Of one variable, so that one nests in the other.
OFFENCE_LEVELS = ("crime.offence_class", "crime.offence_code")
_OWN_KEYS = {
    "offence_code": "offences",
    "offence_class": "offences",
    "status": "status",
    "age": "age",
}
Mistake = tuple[int, str]


def check_against(questions: Questions, extract: Extract) -> None:
    """
    Check that an extract has the columns, values and days that the questions name.

    It is for questions that were loaded without the extract; `load_questions(path, extract=…)`
    finds these mistakes together with all others.

    Parameters
    ----------
    questions
        The questions to check.
    extract
        The extract that they are to be counted from.

    Raises
    ------
    QuestionError
        With one detail for each mistake.
    """
    mistakes = Mistakes(questions.source or "questions", QuestionError, shows_field=False)
    for line, what in mistakes_against(questions, extract):
        mistakes.add(line, what)
    mistakes.raise_if_any(against=str(extract.folder))


def mistakes_against(questions: Questions, extract: Extract) -> list[Mistake]:
    """
    The mistakes about an extract: columns that it does not have or that may not be asked for, and
    values that no record has.
    """
    return [
        mistake
        for question in questions.counted
        for mistake in (
            *_unit(question, extract),
            *_columns(question, extract.columns, True),
            *_precision(question, extract),
            *days_outside(question, extract),
            *_values(question, extract),
        )
    ]


def mistakes_without_extract(questions: Questions) -> list[Mistake]:
    """
    The mistakes about columns that are certain without an extract. An unknown name may be a column
    of a source's own.
    """
    return [
        mistake for question in questions.counted for mistake in _columns(question, COLUMNS, False)
    ]


def inconsistencies(question: Question) -> Iterator[tuple[str, str]]:
    """
    The parts of a question that do not fit together: the key concerned; what is wrong and what to
    do next.
    """
    kinds = [key for key in ("breakdowns", "extreme", "mentions") if getattr(question, key)]
    if len(kinds) > 1:
        yield (
            kinds[1],
            f"'{kinds[0]}' and '{kinds[1]}' need a question each; split them, like 2a and 2b",
        )
    if question.unit == RECORDS and not question.mentions:
        yield "unit", "records are counted by what they mention; add 'mentions', or count crimes"
    if question.mentions and question.unit != RECORDS:
        yield "mentions", "mentions are counted over records; write 'unit: records'"
    if question.extreme and question.unit != VICTIMS:
        yield "extreme", f"the {_who(question)} is one of the victims; write 'unit: victims'"
    if len(question.breakdowns) > MOST_BREAKDOWNS:
        yield (
            "breakdowns",
            f"over {MOST_BREAKDOWNS} breakdowns at once; split them into several questions",
        )
    for place, breakdown in enumerate(question.breakdowns, 1):
        if isinstance(breakdown, ByAge):
            yield from (
                ("breakdowns", f"breakdown {place}: {reason}")
                for reason in _ages(question, breakdown)
            )
        if isinstance(breakdown, ByDate):
            for coarse, fine in zip(breakdown.grains, breakdown.grains[1:], strict=False):
                if coarse not in WITHIN[fine]:
                    yield (
                        "breakdowns",
                        f"breakdown {place}: a {fine.words} does not lie within a {coarse.words}",
                    )


def _who(question: Question) -> str:
    return (
        "youngest victim"
        if question.extreme and question.extreme.kind == "minimum"
        else "oldest victim"
    )


def _ages(question: Question, breakdown: ByAge) -> Iterator[str]:
    if question.unit != VICTIMS:
        yield "ages are those of victims; write 'unit: victims'"
    asked = (
        question.filters.ages.ages if question.filters.ages else Extent.between(YOUNGEST, OLDEST)
    )
    left = ages.left_out([band.ages for band in breakdown.bands], asked)
    if left.ranges:
        yield (
            f"no band has ages {ages.written_ages(left)}; add a band, or '{ages.OTHER_AGES}' for "
            "all the rest"
        )


def _columns(question: Question, columns: Sequence[Column], is_all: bool) -> Iterator[Mistake]:
    """
    The mistakes about columns. `is_all`: these are all columns that exist, so that any other name
    is a mistake.
    """
    for line, name, kinds, tables in _named(question):
        where = f"question {question.number}"
        try:
            column = find(name, columns)
        except ValueError as error:
            yield line, f"{where}: {error}"
            continue
        if column is None:
            if is_all or find(name, COLUMNS) or name in [grain.value for grain in BREAKDOWN_GRAINS]:
                yield line, f"{where}: {_unknown(name, columns)}"
        elif not is_askable(column):
            meaning = column.description[:1].lower() + column.description[1:]
            yield line, f"{where}: '{name}' may not be asked for ({meaning})"
        elif column.kind not in kinds:
            yield line, f"{where}: '{name}' is a {column.kind.value}; {_instead(column, kinds)}"
        elif column.table not in tables:
            yield (
                line,
                (
                    f"{where}: '{name}' is of victims, and a crime may have several; write 'unit: "
                    f"victims'"
                ),
            )
    yield from _repeated(question, columns)


def _named(question: Question) -> Iterator[tuple[int, str, tuple[Kind, ...], tuple[str, ...]]]:
    """
    Every column that the question names: line, name, the kinds that it may have, the tables that it
    may be in.
    """
    both = (CRIMES, VICTIMS)
    divisible = both if question.unit == VICTIMS else (CRIMES,)
    for one_of in question.filters.one_of:
        yield one_of.line, one_of.column, CATEGORICAL, both
    if question.filters.dates:
        yield question.filters.dates.line, question.filters.dates.column, (Kind.DATE,), both
    for breakdown in question.breakdowns:
        if isinstance(breakdown, ByDate):
            yield breakdown.line, breakdown.column, (Kind.DATE,), divisible
        elif isinstance(breakdown, ByColumn):
            yield from (
                (breakdown.line, level, CATEGORICAL, divisible) for level in breakdown.levels
            )
        else:
            yield breakdown.line, "victim.age", (Kind.NUMBER,), both
    if question.filters.ages or question.extreme:
        yield question.line, "victim.age", (Kind.NUMBER,), both
    if question.extreme:
        yield from (
            (question.extreme.line, name, CATEGORICAL, both) for name in question.extreme.also
        )
    if question.filters.offences:
        kinds = {reading.kind for reading in question.filters.offences}
        yield from (
            (question.line, f"crime.offence_{kind}", CATEGORICAL, both) for kind in sorted(kinds)
        )


def _repeated(question: Question, columns: Sequence[Column]) -> Iterator[Mistake]:
    """Two breakdowns, or two filters, of the same variable."""
    where = f"question {question.number}"
    seen: dict[str, str] = {}
    for breakdown in question.breakdowns:
        names = _names(breakdown)
        if isinstance(breakdown, ByColumn):
            found = tuple(column.variable for name in names if (column := _found(name, columns)))
            if len(names) > 1 and found != OFFENCE_LEVELS:
                wanted = "only 'offence_class > offence_code' nests"
                yield (
                    breakdown.line,
                    f"{where}: {wanted}; give each column a '-' of its own to cross them",
                )
        for variable in sorted({breakdown_variable(name, columns) for name in names}):
            if variable in seen:
                yield (
                    breakdown.line,
                    f"{where}: broken down twice by '{variable}'; nest them, like 'coarse > fine'",
                )
            seen[variable] = variable
    filtered: set[str] = set()
    for one_of in question.filters.one_of:
        column = _found(one_of.column, columns)
        if column and column.name in _OWN_KEYS and column in COLUMNS:
            yield (
                one_of.line,
                f"{where}: filter '{one_of.column}' is written '{_OWN_KEYS[column.name]}'",
            )
        variable = column.variable if column else one_of.column
        if variable in filtered:
            yield (
                one_of.line,
                f"{where}: filtered twice by '{variable}'; give all its values in one list",
            )
        filtered.add(variable)


def _names(breakdown: Breakdown) -> tuple[str, ...]:
    if isinstance(breakdown, ByColumn):
        return breakdown.levels
    return (breakdown.column,) if isinstance(breakdown, ByDate) else ("victim.age",)


def breakdown_variable(name: str, columns: Sequence[Column]) -> str:
    """
    The variable that categories of the column are values of. Codes and classes share one, that of
    offences.
    """
    column = _found(name, columns)
    if column is None:
        return name
    return "crime.offence" if column.variable in OFFENCE_LEVELS else column.variable


def _found(name: str, columns: Sequence[Column]) -> Column | None:
    try:
        return find(name, columns)
    except ValueError:
        return None


def _unknown(name: str, columns: Sequence[Column]) -> str:
    if name in [grain.value for grain in BREAKDOWN_GRAINS]:
        return f"no column '{name}'; for the parts of a date write '{name}: recorded_on'"
    if find(name, COLUMNS):
        return (
            f"this extract has no '{name}'; leave it out, or import it with a mapping that fills it"
        )
    names = [column.name for column in columns if is_askable(column)]
    advice = did_you_mean(name.split(".")[-1], names) or "; it may be " + ", ".join(names)
    return f"no column '{name}'{advice}"


def _instead(column: Column, kinds: tuple[Kind, ...]) -> str:
    if Kind.DATE in kinds:
        return "name a date, like recorded_on"
    if column.kind is Kind.DATE:
        return f"write 'month: {column.name}', or quarter, financial_year, calendar_year"
    if column.kind is Kind.NUMBER:
        return "write its bands, like 'age: [11 and under, 12-15, 16 and over]'"
    return "name a column with categories"


def _unit(question: Question, extract: Extract) -> Iterator[Mistake]:
    """A publication may give only victims or only crimes; the other cannot be counted from it."""
    unit = VICTIMS if question.unit == VICTIMS else CRIMES
    units = extract.manifest.get("units", (CRIMES, VICTIMS))
    if unit not in units:
        yield (
            question.line,
            f"question {question.number}: this extract counts {' and '.join(units)}, not {unit}",
        )


def _precision(question: Question, extract: Extract) -> Iterator[Mistake]:
    """A source may give months or years instead of days. Then only whole ones can be counted."""
    where = f"question {question.number}"
    dates = question.filters.dates
    column = _found(dates.column, extract.columns) if dates else None
    if dates and column:
        grain = extract.precision.get(column.variable, Grain.DAY)
        first, last = (
            part_around(grain, dates.period.first_on),
            part_around(grain, dates.period.last_on),
        )
        if (first.first_on, last.last_on) != (dates.period.first_on, dates.period.last_on):
            yield (
                dates.line,
                f"{where}: {dates.column} is known by the {grain.words} only; ask for whole ones",
            )
    for breakdown in question.breakdowns:
        column = (
            _found(breakdown.column, extract.columns) if isinstance(breakdown, ByDate) else None
        )
        if not isinstance(breakdown, ByDate) or column is None:
            continue
        grain = extract.precision.get(column.variable, Grain.DAY)
        for asked in breakdown.grains:
            if asked not in (grain, *WITHIN[grain]):
                known = f"{breakdown.column} is known by the {grain.words} only"
                yield breakdown.line, f"{where}: {known}, not by the {asked.words}"


def _values(question: Question, extract: Extract) -> Iterator[Mistake]:
    """
    The mistake of a value that no record has: it would count nothing, and would look like a nil
    return.
    """
    for one_of in question.filters.one_of:
        column = _found(one_of.column, extract.columns)
        if (
            column is None
            or column.kind not in CATEGORICAL
            or column.categories
            or not is_askable(column)
        ):
            continue
        there = _present(column, extract)
        for value in _absent(one_of, there):
            hint = did_you_mean(value, sorted(there)) or "; leave it out"
            yield (
                one_of.line,
                f"question {question.number}: no record has {one_of.column} '{value}'{hint}",
            )


def _absent(one_of: CategoryFilter, there: set[str]) -> tuple[str, ...]:
    return tuple(value for value in one_of.values if value not in there)


def _present(column: Column, extract: Extract) -> set[str]:
    """
    Every value in the column of the extract, and the name of a blank, read one row group at a time.
    """
    import pyarrow.parquet as pq

    path = extract.crimes if column.table == CRIMES else extract.victims
    found: set[str] = {unknown_label(column)}
    with pq.ParquetFile(path, read_dictionary=[column.name]) as file:
        for group in range(file.num_row_groups):
            chunks = file.read_row_group(group, columns=[column.name]).column(0)
            found.update(str(value) for value in chunks.unique().to_pylist() if value is not None)
    return found
