"""
How the date columns of a file are written: forms, the order of day and month, precision, default
days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from nilreturn.schema import Kind
from nilreturn.sources.draft.columns.dates import month_first, order_of
from nilreturn.sources.draft.columns.look import ColumnLook
from nilreturn.sources.mapping import MAPPABLE, Dates
from nilreturn.sources.parsing import FORM

_WRITTEN = {  # days that systems write where there is no date, and how they are written
    "1753-01-01": ("01/01/1753", "1753-01-01", "17530101"),
    "1899-12-30": ("30/12/1899", "12/30/1899", "1899-12-30"),
    "1899-12-31": ("31/12/1899", "12/31/1899", "1899-12-31"),
    "1900-01-01": ("01/01/1900", "1900-01-01", "19000101"),
    "1901-01-01": ("01/01/1901", "1901-01-01", "19010101"),
    "1970-01-01": ("01/01/1970", "1970-01-01", "19700101"),
    "2999-12-31": ("31/12/2999", "12/31/2999", "2999-12-31"),
    "9999-12-31": ("31/12/9999", "12/31/9999", "9999-12-31"),
}
_SEVERAL = 3  # rows: a day that fewer have may well be a date
_SOME = 0.05  # of a column's values
_FEW = 0.01  # of a column's dates: a form that fewer have does not count


@dataclass
class DateSettings:
    """
    What the mapping states about dates. `formats` is empty where the forms that every mapping reads
    suffice.
    """

    formats: list[str] = field(default_factory=list)
    defaults: list[str] = field(default_factory=list)
    precision: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)


def date_settings(columns: Mapping[str, ColumnLook]) -> DateSettings:
    """The settings that the date columns (variable → look) need."""
    dated = {
        variable: look for variable, look in columns.items() if MAPPABLE[variable].kind is Kind.DATE
    }
    settings = DateSettings()
    written: Counter[str] = Counter()
    for variable, look in dated.items():
        _precision(settings, variable, look)
        for form, rows in look.forms.items():
            if form.written and rows >= _FEW * look.filled:
                written[form.written] += rows
    _order(settings, dated, written)
    if any(look.day_numbers >= _SOME for look in dated.values()):
        settings.formats = [*(settings.formats or written or Dates().formats[:2]), FORM]
    exact = {v: look for v, look in dated.items() if settings.precision.get(v) == "day"}
    settings.defaults = sorted(_defaults(exact))
    if settings.defaults:
        settings.doubts.append("check that the days under dates.defaults stand for no date")
    return settings


def _precision(settings: DateSettings, variable: str, look: ColumnLook) -> None:
    by_precision: Counter[str] = Counter()
    for form, rows in look.forms.items():
        by_precision[form.precision] += rows
    if not by_precision:
        return
    precision = by_precision.most_common(1)[0][0]
    if precision == "day" and look.distinct >= 3 and _only_first_days(look):
        precision = "month"
        settings.doubts.append(
            f"every date of {look.header!r} is the first of a month: it is taken for a month"
        )
    settings.precision[variable] = precision
    if len([rows for rows in by_precision.values() if rows >= _FEW * look.filled]) > 1:
        settings.doubts.append(
            f"the dates of {look.header!r} are written both exactly and not; see what they mean"
        )


def _only_first_days(look: ColumnLook) -> bool:
    texts = [text[:10] for text in look.texts]
    iso = all(text[4:5] == "-" and text[8:10] == "01" for text in texts)
    day_first = (
        all(text[:3] in ("01/", "01-", "01.") for text in texts)
        and len({text[3:5] for text in texts}) > 1
    )
    return iso or day_first


def _order(settings: DateSettings, dated: Mapping[str, ColumnLook], written: Counter[str]) -> None:
    orders = {variable: order_of(look.texts) for variable, look in dated.items()}
    day_first = sum(order.day_first for order in orders.values())
    month_first_rows = sum(order.month_first for order in orders.values())
    numeric = [form for form in written if form.startswith(("%d/%m", "%d-%m", "%d.%m"))]
    known = Dates().formats
    if numeric and month_first_rows > day_first:
        forms = [
            month_first(form) if form in numeric else form for form, _ in written.most_common()
        ]
        settings.formats = forms
        settings.doubts.append("dates are read with the month first, as 12/31/2020 is written")
    elif set(written) - set(known):
        settings.formats = [form for form, _ in written.most_common()]
    if numeric and day_first and month_first_rows:
        settings.doubts.append(
            "some dates have the day first and others the month: those that do not fit are Unknown"
        )
    if numeric and not day_first and not month_first_rows and _are_ambiguous(dated):
        settings.doubts.append(
            "no date shows whether the day or the month comes first; the day is assumed to"
        )
    if any("%y" in form for form in written):
        settings.doubts.append("years are written with two digits; check that the century is right")


def _are_ambiguous(dated: Mapping[str, ColumnLook]) -> bool:
    return any(look.distinct >= 3 for look in dated.values())


def _defaults(dated: Mapping[str, ColumnLook]) -> Iterator[str]:
    """The days that stand for no date, where one occurs that mappings do not know by default."""
    found = {
        day
        for look in dated.values()
        for day, forms in _WRITTEN.items()
        if look.dates
        and sum(rows for text, rows in look.texts.items() if text.startswith(forms)) >= _SEVERAL
    }
    usual = set(Dates().defaults)
    if found - usual:
        yield from found | usual
