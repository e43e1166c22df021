"""
Hypothesis strategies: extracts of any records, and questions that may be asked of them, built from
their types.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from nilreturn.offences import OffenceRef
from nilreturn.periods import Period
from nilreturn.questions import (
    RECORDS,
    UNITS,
    VICTIMS,
    Breakdown,
    ByAge,
    ByColumn,
    ByDate,
    CategoryFilter,
    DateFilter,
    Extreme,
    Filters,
    Grain,
    Question,
    Questions,
    read_band,
)
from nilreturn.questions.ages import OTHER_AGES, read_bands

OWN = (("crimes", "premises"), ("victims", "relation"))
KEYWORDS = ("WhatsApp", "Kik", "O'Neill's \\ chat")

# Few values, so that records meet; and such as an engine, a format or a table might trip over.
_VALUES = (
    "North", "NORTH", "Ward 2", "Ward 10", "Total", "Unknown", "O'Neill", 'q"uote', "back\\slash",
    "é", "100%", "a\nb",
)  # fmt: skip
_OFFENCES = (
    ("071/17", "88A"),
    ("088/01", "88A"),
    ("088/01", None),
    ("088/01", "88C"),
    ("008/77", "8N"),
    ("008/77", "8S"),
    ("008/77", None),
    (None, "8N"),
    (None, None),
    ("999/99", "ZZ"),
)
_READINGS = tuple(OffenceRef("code", code) for code in ("071/17", "008/77", "088/15")) + tuple(
    OffenceRef("class", name) for name in ("88A", "8N", "8S")
)
_FLAGS = ("Yes", "No", "Not recorded")
_SEXES = ("Female", "Male", "Unknown")
_CRIME_COLUMNS = {"online_flag": _FLAGS, "area": _VALUES, "crime.premises": _VALUES}
_VICTIM_COLUMNS = {"sex": _SEXES, "relation": _VALUES}
_DATES = ("recorded_on", "committed_from", "outcome_on")

# Days about which parts of the calendar change, and few, so that periods have records in them.
_DAYS = (
    (2019, 12, 31), (2020, 1, 1), (2020, 2, 29), (2020, 3, 31), (2020, 4, 1), (2020, 6, 30),
    (2020, 7, 1), (2020, 12, 31), (2021, 1, 1), (2021, 3, 31), (2021, 4, 1),
)  # fmt: skip
days = st.sampled_from([date(*day) for day in _DAYS])
date_columns = st.sampled_from(_DATES)
covered = st.tuples(days, days).map(lambda ends: Period(min(ends), max(ends)))
# The days that an extract covers, by date column; every day of a column that is not there.
coverage = st.dictionaries(date_columns, covered, max_size=2)


def blank_or(values: tuple[str, ...]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(values)


@st.composite
def crimes(draw: st.DrawFn) -> list[dict[str, Any]]:
    listed = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "recorded_on": st.none() | days,
                    "committed_from": st.none() | days,
                    "outcome_on": st.none() | days,
                    "offence": st.sampled_from(_OFFENCES),
                    "status": st.sampled_from(("Recorded", "Recorded", "Recorded", "Cancelled")),
                    "online_flag": blank_or(_FLAGS),
                    "area": blank_or(_VALUES),
                    "premises": blank_or(_VALUES),
                }
            ),
            min_size=draw(st.sampled_from((0, 4, 8))),
            max_size=12,
        )
    )
    for place, crime in enumerate(listed, 1):
        crime["offence_code"], crime["offence_class"] = crime.pop("offence")
        crime["crime_ref"] = f"{place}"
    return listed


@st.composite
def victims(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Some of crimes that there are, some of crimes that there are not."""
    record = st.fixed_dictionaries(
        {
            "crime_ref": st.integers(1, 14).map(str),
            "age": st.none() | st.integers(-1, 30) | st.sampled_from((150, 151)),
            "sex": blank_or((*_SEXES, "Other")),
            "relation": blank_or(_VALUES),
        }
    )
    return draw(st.lists(record, min_size=draw(st.sampled_from((0, 4, 8))), max_size=14))


mentions = st.dictionaries(
    st.tuples(st.integers(1, 14).map(str), st.sampled_from((*KEYWORDS, "Not asked for"))),
    st.booleans(),
    max_size=12,
).map(lambda found: [(ref, keyword, written) for (ref, keyword), written in found.items()])


@st.composite
def bands(draw: st.DrawFn) -> ByAge:
    """
    Cuts between ages, each band in one of the ways that people write it; some left to "Other ages".
    """
    cuts = sorted(draw(st.sets(st.integers(1, 30), min_size=1, max_size=4)))
    lower = [0, *cuts]
    labels = [
        draw(st.sampled_from((f"{cuts[0] - 1} and under", f"under {cuts[0]}", f"0-{cuts[0] - 1}")))
    ]
    for first, end in zip(lower[1:], cuts[1:], strict=False):
        labels.append(
            f"{first}-{end - 1}" if draw(st.booleans()) else f"aged {first} to {end - 1} years"
        )
    labels.append(
        draw(st.sampled_from((f"{cuts[-1]} and over", f"{cuts[-1]}+", f"over {cuts[-1] - 1}")))
    )
    if draw(st.booleans()):
        labels[draw(st.integers(0, len(labels) - 1))] = OTHER_AGES
    read, mistakes = read_bands(draw(st.permutations(labels)))
    assert not mistakes
    return ByAge(read)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Half of them hold every day there is."""
    if draw(st.booleans()):
        return Period(date(2019, 12, 31), date(2021, 4, 1))
    return Period(*sorted((draw(days), draw(days))))


@st.composite
def filters(draw: st.DrawFn) -> Filters:
    """Many are none, so that what is asked of few records does not always find nothing."""
    values = {**_CRIME_COLUMNS, **_VICTIM_COLUMNS}
    columns = draw(st.just(set()) | st.sets(st.sampled_from(sorted(values)), max_size=2))
    chosen = st.sampled_from(("12-15", "under 18", "5", "16 and over"))
    return Filters(
        offences=tuple(
            draw(st.just([]) | st.lists(st.sampled_from(_READINGS), max_size=3, unique=True))
        ),
        dates=draw(st.none() | st.builds(DateFilter, st.sampled_from(_DATES), periods())),
        status=draw(st.sampled_from((("Recorded",), ("Recorded",), ("Recorded", "Cancelled")))),
        ages=draw(st.none() | st.none() | chosen.map(read_band)),
        one_of=tuple(
            CategoryFilter(
                name,
                tuple(
                    draw(
                        st.lists(st.sampled_from(values[name]), min_size=1, max_size=9, unique=True)
                    )
                ),
            )
            for name in sorted(columns)
        ),
    )


@st.composite
def breakdowns(draw: st.DrawFn, unit: str) -> tuple[Breakdown, ...]:
    """Up to three, of different variables."""
    columns = sorted(
        {**_CRIME_COLUMNS, **(_VICTIM_COLUMNS if unit == VICTIMS else {}), "status": ()}
    )
    grains = st.sampled_from(
        (
            (Grain.MONTH,),
            (Grain.QUARTER,),
            (Grain.FINANCIAL_YEAR,),
            (Grain.CALENDAR_YEAR,),
            (Grain.FINANCIAL_YEAR, Grain.QUARTER),
            (Grain.CALENDAR_YEAR, Grain.QUARTER, Grain.MONTH),
        )
    )
    offences = st.sampled_from(
        (("offence_class",), ("offence_code",), ("offence_class", "offence_code"))
    )
    kinds: list[st.SearchStrategy[Any]] = [
        st.sampled_from(columns).map(lambda name: ByColumn((name,))),
        st.builds(ByDate, grains, st.sampled_from(_DATES)),
        offences.map(ByColumn),
    ]
    if unit == VICTIMS:
        kinds.append(bands())
    listed = draw(st.lists(st.one_of(kinds), min_size=draw(st.integers(0, 2)), max_size=3))
    found: dict[object, Breakdown] = {}
    for breakdown in listed:
        found.setdefault(_variable(breakdown), breakdown)
    return tuple(found.values())


@st.composite
def questions(draw: st.DrawFn, unit: str | None = None) -> Question:
    """
    Any question that may be asked of an extract of these records; `unit` fixes what is counted.
    """
    unit = unit or draw(st.sampled_from(UNITS))
    kind = (
        draw(st.sampled_from(("breakdowns", "breakdowns", "extreme")))
        if unit == VICTIMS
        else "breakdowns"
    )
    also = st.lists(
        st.sampled_from(sorted({**_CRIME_COLUMNS, **_VICTIM_COLUMNS})), max_size=2, unique=True
    ).map(tuple)
    question = Question(
        number=draw(st.sampled_from(("1", "2a", "3.1"))),
        words=draw(
            st.text(
                st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20
            )
        ),
        unit=unit,
        filters=draw(filters()),
        breakdowns=draw(breakdowns(unit)) if kind == "breakdowns" and unit != RECORDS else (),
        extreme=Extreme(draw(st.sampled_from(("minimum", "maximum"))), tuple(draw(also)))
        if kind == "extreme"
        else None,
        mentions=tuple(draw(st.permutations(KEYWORDS))[: draw(st.integers(1, 3))])
        if unit == RECORDS
        else (),
        exemptions=draw(
            st.sampled_from(((), (("s44(1)", "A count by sex could tell who: yes, even here."),)))
        ),
    )
    asked = question.filters.ages
    banded = any(isinstance(breakdown, ByAge) for breakdown in question.breakdowns)
    # Bands leave no age out, so any age filter fits them.
    assert asked is None or not banded or asked.ages.ranges
    return question


@st.composite
def requests(draw: st.DrawFn) -> Questions:
    text = st.text(
        st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=30
    ).map(_as_read)
    received_on = draw(days)
    listed = draw(
        st.lists(questions(), min_size=1, max_size=3, unique_by=lambda question: question.number)
    )
    return Questions(
        reference=draw(text.filter(bool)),
        force=draw(text.filter(bool)),
        received_on=received_on,
        questions=tuple(listed),
        subject=draw(text),
        replied_on=draw(st.none() | st.dates(received_on, date(2022, 1, 1))),
    )


def _as_read(text: str) -> str:
    """Without surrounding space, and not one of YAML's words for nothing."""
    return text.strip()


def _variable(breakdown: Breakdown) -> object:
    if isinstance(breakdown, ByDate):
        return breakdown.column
    if isinstance(breakdown, ByAge):
        return "age"
    return "offence" if breakdown.levels[0].startswith("offence") else breakdown.levels[0]
