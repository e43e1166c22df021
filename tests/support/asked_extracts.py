"""The records of random sets as an extract, so that the program's own engines count them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nilreturn.engines import engine_named
from nilreturn.schema import Extract
from nilreturn.tables import RawTable
from tests.support.asked import Asked, Crime
from tests.support.extracts import make_extract, make_mentions


def extract_of(folder: Path, crimes: Sequence[Crime]) -> Extract:
    """An extract of these records in `folder`, with the file of their mentions beside it."""
    listed, victims, mentions = [], [], []
    for number, crime in enumerate(crimes, 1):
        reference = str(number)
        listed.append(
            {
                "crime_ref": reference,
                "recorded_on": crime.day,
                "area": crime.area,
                "online_flag": crime.online,
            }
        )
        mentions += [(reference, word, written) for word, written in crime.names]
        for place, victim in enumerate(crime.victims, 1):
            victims.append(
                {"crime_ref": reference, "victim_no": place, "age": victim.age, "sex": victim.sex}
            )
    extract = make_extract(folder, listed, victims)
    make_mentions(mentions_of(extract), mentions)
    return extract


def mentions_of(extract: Extract) -> Path:
    return extract.folder.parent / f"{extract.folder.name}-mentions.parquet"


def tables_by_engine(
    extract: Extract, asked: Sequence[Asked], *, engine: str = "reference"
) -> list[RawTable]:
    """Every table of every question, as the engine counts it."""
    counter = engine_named(engine)
    listed: list[RawTable] = []
    for each in asked:
        found = counter.tabulate(extract, each.question(), mentions=mentions_of(extract))
        listed += [table for table in found if isinstance(table, RawTable)]
    return listed
