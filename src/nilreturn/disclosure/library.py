"""Disclosure control in one call: tables, or a data frame of records, of counts or of sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from nilreturn.disclosure.model import PublishedTable
from nilreturn.disclosure.policy import Policy
from nilreturn.disclosure.protection import Protection
from nilreturn.disclosure.protection import protect as protect_tables
from nilreturn.disclosure.tabular import TableDescription
from nilreturn.errors import UsageError
from nilreturn.progress import Progress, no_progress
from nilreturn.tables import RawExtreme, RawTable

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame


def protect(
    data: Sequence[RawTable] | IntoDataFrame,
    policy: Policy,
    *,
    by: Sequence[str] | None = None,
    count: str | None = None,
    value: str | None = None,
    contributor: str | None = None,
    margins: bool = True,
    name: str = "table",
    described: TableDescription | None = None,
    extremes: Sequence[RawExtreme] = (),
    statements: Sequence[PublishedTable] = (),
    known: Sequence[PublishedTable] = (),
    progress: Progress = no_progress,
) -> Protection:
    """
    Protect counts or sums, given everything that readers have already.

    The result is audited before it is returned.

    Parameters
    ----------
    data : sequence of RawTable, or a pandas, polars or Arrow table
        Tables that are printed together, or one data frame: records (`by`), a long table with one
        row for each cell (`count`, or a column called "count"), or a crosstab. Combinations that do
        not occur are 0.
    policy : Policy
        Which counts are small and what is done about them.
    by : sequence of str, optional
        The columns of a data frame to divide by, in printed order.
    count : str, optional
        The column of a long table that holds the counts.
    value : str, optional
        The column of records to add up instead of counting: integers of its smallest unit (pence,
        days). A sum of few contributors, or one that a single contributor dominates (the p% rule),
        is hidden, together with cells that would disclose it.
    contributor : str, optional
        The column that says who contributes a record's value. Without it, each record is a
        contributor of its own.
    margins : bool
        Whether totals are added up and printed. Without totals, fewer cells have to be hidden.
    name : str
        Identifier of the table of a data frame.
    described : TableDescription, optional
        What a data frame means: its unit, restrictions, variables and hierarchies.
    extremes : sequence of RawExtreme
        Extremes that are printed beside the tables, such as the age of the youngest victim.
    statements : sequence of PublishedTable
        Other figures that are printed beside the tables.
    known : sequence of PublishedTable
        What was published before.
    progress : Progress
        Called while the method and the audit run.

    Returns
    -------
    Protection
        The safe tables, and the certificate and report that stay with the force.

    Raises
    ------
    TableError
        If the counts contradict themselves or the data frame has none of these forms.
    PolicyError
        If the policy's method cannot do what the policy asks.
    DisclosureError
        If no safe answer was found. Nothing is released.
    UsageError
        If options do not fit together.
    """
    from nilreturn.disclosure.tabular import is_frame, raw_from_data

    if not is_frame(data):
        if (
            any(option is not None for option in (by, count, value, contributor, described))
            or not margins
        ):
            raise UsageError(
                "by, count, value, contributor, described and margins are for data frames, not for "
                "tables"
            )
        tables = cast("Sequence[RawTable]", data)
        return protect_tables(
            tables, policy, extremes=extremes, statements=statements, known=known, progress=progress
        )
    frame = cast("IntoDataFrame", data)
    if value is not None:
        return _sums(
            frame,
            policy,
            by,
            value,
            contributor,
            name,
            described,
            (*extremes, *statements, *known),
            count,
        )
    raw = raw_from_data(frame, by=by, count=count, name=name, described=described)
    if not margins:
        if extremes or statements or known:
            raise UsageError(
                "a table without totals is protected by itself: leave out extremes, statements and "
                "known"
            )
        from nilreturn.disclosure.no_totals import protect_without_totals

        return protect_without_totals(raw, policy)
    return protect_tables(
        [raw], policy, extremes=extremes, statements=statements, known=known, progress=progress
    )


def _sums(
    frame: IntoDataFrame,
    policy: Policy,
    by: Sequence[str] | None,
    value: str,
    contributor: str | None,
    name: str,
    described: TableDescription | None,
    beside: Sequence[object],
    count: str | None,
) -> Protection:
    # The solver is loaded where there is need.
    from nilreturn.disclosure.sums import protect_sums, sums_from_data

    if by is None or count is not None or beside:
        raise UsageError(
            "sums are of records: give by=[…] and value=…, without count, extremes, statements and "
            "known"
        )
    sums = sums_from_data(
        frame, by=by, value=value, contributor=contributor, name=name, described=described
    )
    return protect_sums(sums, policy)
