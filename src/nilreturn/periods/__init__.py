"""
Financial years, months and quarters.

A period has a first and a last day, both included, in local time. A financial year runs from 1
April to 31 March and is written "2020/21". Its quarters are those of the calendar under other
names: April to June is Q1 of 2020/21 and Q2 of 2020. Text is read in the forms that requesters use.
"""

from nilreturn.periods.calendar import (
    BREAKDOWN_GRAINS,
    WITHIN,
    Grain,
    grain_named,
    number_of,
    part,
    part_around,
    part_name,
)
from nilreturn.periods.parsing import parse
from nilreturn.periods.period import (
    Period,
    calendar_quarter,
    calendar_year,
    financial_quarter,
    financial_year,
    financial_year_name,
    month,
)

__all__ = [
    "BREAKDOWN_GRAINS",
    "WITHIN",
    "Grain",
    "Period",
    "calendar_quarter",
    "calendar_year",
    "financial_quarter",
    "financial_year",
    "financial_year_name",
    "grain_named",
    "month",
    "number_of",
    "parse",
    "part",
    "part_around",
    "part_name",
]
