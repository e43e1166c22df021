"""
The list of all breaches of rules by rows and values: by file, row, column and rule, never by value.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nilreturn.sources.judging import NOTHING, RULE_NAMES, Findings
from nilreturn.sources.rules import RULES
from nilreturn.sources.writing.parquet import ParquetFile, labelled


def write_rejects(findings: Findings, files: Sequence[str], folder: Path) -> int:
    """Write rejects.parquet, a row for each breach; return the number of rows."""
    import pyarrow as pa

    variables, found = findings.listed()
    actions = ["", *(rule.action.value for rule in RULES.values())]
    kind = pa.dictionary(pa.int32(), pa.string())
    names = ("source_file", "file", "row", "column", "rule", "action")
    schema = pa.schema(
        list(zip(names, (pa.int16(), kind, pa.int64(), kind, kind, kind), strict=True))
    )
    with ParquetFile(folder / "rejects.parquet", schema) as table:
        for begin in range(0, len(found["row"]), 1 << 20):
            part = {name: values[begin : begin + (1 << 20)] for name, values in found.items()}
            file, rule = part["file"].astype(np.int32), part["rule"].astype(np.int32)
            variable = np.where(part["variable"] == 0, NOTHING, part["variable"].astype(np.int32))
            columns = [
                pa.array(part["file"], pa.int16()),
                labelled(file, files, kind),
                pa.array(part["row"]),
                labelled(variable, variables, kind),
                labelled(rule, RULE_NAMES, kind),
                labelled(rule, actions, kind),
            ]
            table.add(pa.record_batch(columns, schema=schema))
    return table.rows
