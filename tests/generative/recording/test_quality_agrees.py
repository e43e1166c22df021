"""
The prompts of recorded crimes, and the list of data-quality queries of an extract made of them, are
the same.
"""

import csv
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from nilreturn.data_quality import find_queries
from nilreturn.recording import prompt_rules, prompts, rows_of
from nilreturn.sources import import_extract, mapping_named
from tests.support.recorded import crimes
from tests.unit.sources.importing import ANY_NUMBER, AS_AT


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(), min_size=1, max_size=5).flatmap(
        lambda n: st.tuples(*(crimes(f"A{i}") for i, _ in enumerate(n)))
    )
)
def test_an_extract_lists_exactly_the_prompts_of_what_was_recorded(recorded):
    with tempfile.TemporaryDirectory() as folder:
        extract = imported(Path(folder), recorded)
        listed = {tuple(row.values()) for row in find_queries(extract).to_pylist()}
    of_rule = {(rule.rule, rule.words): rule.column for rule in prompt_rules() if rule.rule != "R5"}
    expected = set()
    for crime in recorded:
        for found in prompts(crime):
            if found.rule == "outcome_suspect":
                continue  # this extract has no table of suspects
            column = (
                f"crime.{found.field}" if found.rule == "R5" else of_rule[found.rule, found.words]
            )
            expected.add((crime.crime_ref, found.words, column))
    assert listed == expected


def imported(folder, recorded):
    """The crimes and victims as an extract, by way of a file under the canonical names."""
    lines = []
    for crime in recorded:
        rows = rows_of(crime)
        (row,) = rows["crimes"]
        for victim in rows["victims"] or ({},):
            lines.append({**row, **{f"victim_{k}": victim.get(k) for k in ("age", "sex")},
                          "victim_type": victim and (victim["victim_type"] or "Not recorded"),
                          "victim_key": victim.get("victim_no")})  # fmt: skip
    path = folder / "recorded.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(lines[0]))
        writer.writeheader()
        writer.writerows([{k: v if v != {} else None for k, v in line.items()} for line in lines])
    return import_extract(
        [path],
        mapping=mapping_named("generic"),
        to=folder / "extract",
        as_at=AS_AT,
        accept_rejects=ANY_NUMBER,
    )
