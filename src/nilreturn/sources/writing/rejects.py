"""The list of every rule that a row or a value broke: by file, row, column and rule, never by value."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nilreturn.sources.judging.columns import RULE_NAMES
from nilreturn.sources.judging.findings import Findings
from nilreturn.sources.rules import RULES
from nilreturn.sources.writing.parquet import ParquetFile


def write_rejects(findings: Findings, files: Sequence[str], folder: Path) -> int:
    """How many rules were broken, each a row."""
    import pyarrow as pa

    variables, found = findings.listed()
    rules = pa.array(RULE_NAMES, pa.string())
    actions = pa.array(["", *(rule.action.value for rule in RULES.values())], pa.string())
    kind = pa.dictionary(pa.int32(), pa.string())
    names = ("source_file", "file", "row", "column", "rule", "action")
    schema = pa.schema(list(zip(names, (pa.int16(), kind, pa.int64(), kind, kind, kind), strict=True)))
    with ParquetFile(folder / "rejects.parquet", schema) as table:
        for begin in range(0, len(found["row"]), 1 << 20):
            part = {name: values[begin : begin + (1 << 20)] for name, values in found.items()}
            rule = pa.array(part["rule"].astype(np.int32))
            variable = pa.array(part["variable"].astype(np.int32), mask=part["variable"] == 0)
            columns = [
                pa.array(part["file"], pa.int16()),
                pa.DictionaryArray.from_arrays(part["file"].astype(np.int32), pa.array(files, pa.string())),
                pa.array(part["row"]),
                pa.DictionaryArray.from_arrays(variable, pa.array(variables, pa.string())),
                pa.DictionaryArray.from_arrays(rule, rules),
                pa.DictionaryArray.from_arrays(rule, actions),
            ]
            table.add(pa.record_batch(columns, schema=schema))
    return table.rows
