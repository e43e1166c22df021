"""Each condition of the rules says the same of values and of the rows of an engine."""

from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nilreturn import sql
from nilreturn.recording import SETTING, lexicons, names_in, prompt_rules

TEXTS = {
    "crime.offence_code": ("071/17", "019/07", "019/08", "008/06", "092/60", "008/71", "unknown"),
    "crime.offence_class": ("88A", "19C", "92D"),
    "victim.sex": ("Female", "Male", "Unknown"),
    "victim.victim_type": ("Person", "Organisation", "Not recorded"),
    "crime.online_flag": ("Yes", "Not recorded"),
    "crime.knife_flag": ("No", "Not recorded"),
    "outcome code": ("1", "14", "0"),
}
NAMES = sorted({name for rule in prompt_rules() for name in names_in(rule.condition)})


def values_of(name):
    if name in TEXTS:
        return st.none() | st.sampled_from(TEXTS[name])
    if name == "victim.age":
        return st.none() | st.integers(0, 90)
    if "." not in name or name in lexicons():
        return st.booleans()
    return st.none() | st.sampled_from([date(2016, 1, 1), date(2017, 5, 1), date(2026, 1, 1)])


def sql_type(name):
    if name in TEXTS:
        return "VARCHAR"
    if name == "victim.age":
        return "INTEGER"
    return "BOOLEAN" if "." not in name else "DATE"


ROWS = st.fixed_dictionaries({name: values_of(name) for name in NAMES})


@pytest.mark.parametrize("rule", prompt_rules(), ids=lambda rule: f"{rule.rule} {rule.column}")
@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.fixed_dictionaries({name: values_of(name) for name in NAMES}), min_size=1, max_size=3
    )
)
def test_values_and_engine_agree(rule, rows):
    columns = ", ".join(f"{sql.name(name)} {sql_type(name)}" for name in NAMES)
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as engine:
        engine.execute(SETTING)
        engine.execute(f"CREATE TABLE named (number INTEGER, {columns})")
        for number, row in enumerate(rows):
            marks = ", ".join("?" * (len(NAMES) + 1))
            engine.execute(
                f"INSERT INTO named VALUES ({marks})", [number, *(row[n] for n in NAMES)]
            )
        query = f"SELECT number FROM named WHERE {rule.condition.sql({})}"
        found = {number for (number,) in engine.execute(query).fetchall()}
    held = {number for number, row in enumerate(rows) if rule.condition.holds(row)}
    assert found == held
