"""
An extract is known by its rows: another release of the library that writes its files does not make
it another.
"""

import json
from datetime import date, datetime, time
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nilreturn.schema import open_extract
from nilreturn.sources.writing import ParquetFile
from nilreturn.sources.writing.contents import Contents
from tests.unit.sources.importing import import_text

SCHEMA = pa.schema(
    [
        ("ref", pa.string()),
        ("sex", pa.dictionary(pa.int32(), pa.string())),
        ("day", pa.date32()),
        ("age", pa.int16()),
        ("online", pa.bool_()),
        ("at", pa.time32("s")),
        ("moment", pa.timestamp("us")),
        ("share", pa.float64()),
        ("amount", pa.decimal128(12, 2)),
    ]
)
REPORT = """
    Crime Ref,Home Office Code,Date Recorded
    A1,71/17,01/07/2020
    A2,88A,02/07/2020
"""
ROWS = [
    {
        "ref": "a",
        "sex": "Female",
        "day": date(2020, 7, 1),
        "age": 12,
        "online": True,
        "at": time(9),
        "share": 0.5,
        "amount": Decimal("1.50"),
    },
    {"ref": "bc", "sex": None, "day": None, "age": None, "online": None},
    {"ref": "", "sex": "Male", "day": date(2021, 3, 31), "age": 0, "online": False},
    {
        "ref": None,
        "sex": "Female",
        "day": date(2020, 7, 1),
        "age": 12,
        "moment": datetime(2020, 7, 1, 9),
    },
]


def contents(*parts, schema=SCHEMA):
    found = Contents(schema)
    for rows in parts:
        found.add(pa.Table.from_pylist(rows, schema))
    return found.hexdigest()


def test_how_rows_are_cut_into_parts_changes_nothing():
    whole = pa.Table.from_pylist(ROWS, SCHEMA)
    sliced = Contents(SCHEMA)
    for place in range(4):
        sliced.add(whole.slice(place, 1))
    assert (
        contents(ROWS)
        == contents(ROWS[:1], ROWS[1:])
        == contents(ROWS[:3], ROWS[3:])
        == sliced.hexdigest()
    )


def test_the_order_of_a_dictionary_changes_nothing():
    labels = pa.DictionaryArray.from_arrays(
        pa.array([2, None, 0, 2], pa.int32()), pa.array(["Male", "x", "Female"])
    )
    other = Contents(SCHEMA)
    other.add(pa.Table.from_pylist(ROWS, SCHEMA).set_column(1, SCHEMA.field("sex"), labels))
    assert other.hexdigest() == contents(ROWS)


@pytest.mark.parametrize(
    ("row", "change"),
    [
        (0, {"ref": "ab"}), (1, {"ref": "b"}), (2, {"ref": None}), (3, {"ref": ""}),
        (0, {"sex": "Male"}), (1, {"sex": "Female"}), (1, {"day": date(1970, 1, 1)}),
        (2, {"day": None}), (2, {"age": None}), (0, {"age": 13}), (1, {"online": False}),
        (2, {"online": True}), (0, {"at": time(9, 1)}), (3, {"moment": datetime(2020, 7, 1, 9, 1)}),
        (0, {"share": 0.25}), (0, {"amount": Decimal("1.51")}),
    ],
)  # fmt: skip
def test_every_other_value_changes_it(row, change):
    changed = [{**each, **change} if place == row else each for place, each in enumerate(ROWS)]
    assert contents(changed) != contents(ROWS)


def test_letters_that_move_from_one_row_to_the_next_change_it():
    schema = pa.schema([("ref", pa.string())])
    assert contents([{"ref": "ab"}, {"ref": "c"}], schema=schema) != contents(
        [{"ref": "a"}, {"ref": "bc"}], schema=schema
    )


def test_rows_in_another_order_and_columns_of_another_name_change_it():
    assert contents(ROWS[::-1]) != contents(ROWS)
    renamed = pa.schema([field.with_name(field.name.upper()) for field in SCHEMA])
    other = [{name.upper(): value for name, value in row.items()} for row in ROWS]
    assert contents(other, schema=renamed) != contents(ROWS)


def test_a_file_names_the_contents_of_its_rows(tmp_path):
    path = tmp_path / "x.parquet"
    with ParquetFile(path, SCHEMA, ("ref",)) as file:
        for row in ROWS:
            file.add(pa.RecordBatch.from_pylist([row], SCHEMA))
    assert pq.read_metadata(path).metadata[b"contents"].decode() == contents(ROWS)


@pytest.fixture
def extract(tmp_path):
    return import_text(tmp_path, REPORT)


def written_by_another_library(extract):
    """The same rows in other bytes, and the manifest that an import would then have written."""
    from nilreturn.files import sha256

    manifest = json.loads(json.dumps(extract.manifest))
    for name, facts in manifest["files"].items():
        path = extract.folder / name
        pq.write_table(pq.read_table(path), path, compression="snappy")
        assert sha256(path) != facts["sha256"]
        facts |= {"sha256": sha256(path), "bytes": path.stat().st_size}
    manifest["libraries"]["pyarrow"] += ".1"
    (extract.folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return open_extract(extract.folder)


def test_the_same_records_in_other_bytes_are_the_same_source(extract):
    other = written_by_another_library(extract)
    assert other.hash != extract.hash
    assert other.contents == extract.contents
    assert set(extract.manifest["libraries"]) == {"duckdb", "pyarrow"}


def test_an_extract_that_does_not_say_its_contents_is_known_by_its_hash(extract):
    manifest = json.loads(json.dumps(extract.manifest))
    for facts in manifest["files"].values():
        del facts["contents"]
    (extract.folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    older = open_extract(extract.folder)
    assert older.contents == older.hash
