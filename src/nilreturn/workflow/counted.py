"""True figures as JSON and back. They are for the force's own papers and not for release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nilreturn.errors import TableError
from nilreturn.tables import (
    raw_extreme_from_json,
    raw_extreme_to_json,
    raw_table_from_json,
    raw_table_to_json,
)
from nilreturn.workflow.objects import Counted

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = "nilreturn counts 1"
_TEXTS = {"keyword", "crime_ref", "form"}


def counted_to_json(counted: Counted) -> dict[str, Any]:
    """
    The true figures as plain JSON values, with the records and spellings behind counts of mentions.

    Parameters
    ----------
    counted
        The true figures.

    Returns
    -------
    dict
        Values that `json.dumps` takes; not for release.
    """
    return {
        "format": FORMAT,
        "tables": [raw_table_to_json(table) for table in counted.tables],
        "extremes": [raw_extreme_to_json(extreme) for extreme in counted.extremes],
        "records": {name: table.to_pydict() for name, table in counted.records.items()},
        "forms": {name: table.to_pydict() for name, table in counted.forms.items()},
    }


def counted_from_json(content: Mapping[str, Any]) -> Counted:
    """
    Read the figures that `counted_to_json` wrote.

    Parameters
    ----------
    content
        The JSON values.

    Returns
    -------
    Counted
        Equal figures.

    Raises
    ------
    TableError
        When the values are not in that format.
    """
    import pyarrow as pa

    try:
        if content["format"] != FORMAT:
            raise TableError(
                f"stored counts have format {content['format']!r}; this version reads {FORMAT!r}"
            )
        return Counted(
            tuple(map(raw_table_from_json, content["tables"])),
            tuple(map(raw_extreme_from_json, content["extremes"])),
            {name: _table(columns) for name, columns in content["records"].items()},
            {name: _table(columns) for name, columns in content["forms"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError, pa.ArrowException) as error:
        raise TableError(
            f"stored counts are not as nilreturn writes them ({type(error).__name__}); prepare the "
            f"answer again"
        ) from None


def _table(columns: Mapping[str, list[Any]]) -> pa.Table:
    import pyarrow as pa

    kinds = {"as_written": pa.bool_(), "records": pa.int64()} | dict.fromkeys(_TEXTS, pa.string())
    return pa.table({name: pa.array(values, kinds[name]) for name, values in columns.items()})
