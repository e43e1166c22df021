"""The plain counting of these tests gives the tables that the engines give."""

from random import Random

import pytest

from tests.support.asked import Asked, victim_details
from tests.support.asked_at_random import KINDS, draw
from tests.support.asked_extracts import extract_of, tables_by_engine


def meaning(table):
    dimensions = [(d.variable, d.categories, d.additive, d.qualifies) for d in table.dimensions]
    return table.name, table.population, dimensions, table.counts.tolist()


@pytest.mark.parametrize("engine", ["reference", "duckdb"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_both_give_equal_tables(tmp_path, kind, engine):
    for seed in range(1):
        asked = draw(Random(f"{kind}{seed}"), kind=kind, most=20)
        extract = extract_of(tmp_path / f"extract{seed}", asked.crimes)
        questions: tuple[Asked, ...] = asked.releases[0]
        own = {}
        for question in questions:
            own |= {table.name: table for table in question.tables(asked.crimes, extract.hash)}
            if question.unit == "victims":
                details = victim_details(question, asked.crimes, extract.hash)
                own[details.name] = details
        by_engine = {
            table.name: table for table in tables_by_engine(extract, questions, engine=engine)
        }
        assert {name for name in own if "victim_details" not in name} <= set(by_engine) <= set(own)
        for name, table in by_engine.items():
            assert meaning(table) == meaning(own[name])
