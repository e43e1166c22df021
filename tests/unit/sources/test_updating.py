"""
An extract updated from new files holds what an import of all files would, and says what changed.
"""

import shutil
from datetime import date

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nilreturn.errors import ExtractError, FileError, SourceError, UsageError
from nilreturn.schema import open_extract
from nilreturn.sources import import_extract, update_extract, verify_extract
from tests.unit.sources.importing import own_mapping
from tests.unit.sources.test_several_files import HEADERS, JUNE, MAPPING, MAY

AS_AT = date(2021, 6, 29)
LAST = 'keep = "last"'


def written(folder, name, rows):
    path = folder / name
    lines = [
        line.strip() for line in (rows if isinstance(rows, list) else rows.strip().splitlines())
    ]
    path.write_text("\n".join([HEADERS, *lines]) + "\n")
    return path


def mapped(folder, keep=LAST):
    return own_mapping(folder, MAPPING.format(keep=keep))


def both_ways(folder, keep, first, second):
    """The extract of both files at once, and the one updated from the first."""
    folder.mkdir(exist_ok=True)
    mapping = mapped(folder, keep)
    paths = [written(folder, "first.csv", first), written(folder, "second.csv", second)]
    options = {"mapping": mapping, "as_at": AS_AT, "accept_rejects": 10**9}
    at_once = import_extract(paths, to=folder / "at-once", **options)
    old = import_extract(paths[:1], to=folder / "old", **options)
    return at_once, update_extract(old, paths[1:], to=folder / "updated", **options)


def table(extract, name):
    return pq.read_table(extract.folder / f"{name}.parquet").to_pylist()


@pytest.mark.parametrize("keep", [LAST, f'{LAST}\nkeep_by = "crime.updated_on"'])
def test_an_update_gives_the_records_of_an_import_of_everything(tmp_path, keep):
    at_once, updated = both_ways(tmp_path, keep, MAY, JUNE)
    for name in ("crimes", "victims"):
        assert table(updated, name) == table(at_once, name)
    for said in ("coverage", "columns", "dates", "precision"):
        assert updated.manifest[said] == at_once.manifest[said]
    assert updated.tables == at_once.tables
    assert updated.contents == at_once.contents
    verify_extract(updated.folder)


REFERENCES, DAYS = (
    st.sampled_from(["A1", "A2", "A3"]),
    st.sampled_from(["01/05/2021", "02/05/2021", ""]),
)
ROWS = st.lists(
    st.builds(
        ",".join,
        st.tuples(
            REFERENCES,
            DAYS,
            st.sampled_from(["Recorded", "Cancelled"]),
            st.sampled_from(["13", "40", ""]),
            st.sampled_from(["F", ""]),
            DAYS,
        ),
    ),
    min_size=1,
    max_size=8,
)


@given(ROWS, ROWS, st.sampled_from([LAST, f'{LAST}\nkeep_by = "crime.updated_on"']))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_an_update_gives_the_records_of_an_import_of_everything_whatever_they_say(
    tmp_path_factory, first, second, keep
):
    if first == second:
        second = [*second, "A9,01/05/2021,Recorded,,,"]
    at_once, updated = both_ways(tmp_path_factory.mktemp("both"), keep, first, second)
    for name in ("crimes", "victims"):
        assert table(updated, name) == table(at_once, name)
    assert updated.contents == at_once.contents


def test_an_update_says_what_changed(tmp_path):
    _, updated = both_ways(tmp_path, LAST, MAY, JUNE)
    assert updated.manifest["changes"] == {
        "new": 1,
        "same": 0,
        "altered": 2,
        "no_longer_recorded": 1,
        "reclassified": 0,
        "not_in_files": 1,
    }
    rows = updated.manifest["rows"]
    assert (rows["in"], rows["kept"], rows["rejected"], rows["passed_over"]) == (
        9,
        7,
        0,
        {"header_row": 2},
    )
    assert [source["name"] for source in updated.manifest["sources"]] == ["first.csv", "second.csv"]


def test_what_is_the_same_is_told_from_what_is_altered(tmp_path):
    _, updated = both_ways(tmp_path, LAST, MAY, MAY + "    A9,01/06/2021,Recorded,1,F,01/06/2021\n")
    assert {kind: n for kind, n in updated.manifest["changes"].items() if n} == {
        "new": 1,
        "same": 3,
    }


@pytest.fixture
def old(tmp_path):
    mapping = mapped(tmp_path)
    return import_extract(
        [written(tmp_path, "may.csv", MAY)], mapping=mapping, to=tmp_path / "old", as_at=AS_AT
    )


def updated(tmp_path, old, rows=JUNE, keep=LAST, as_at=AS_AT):
    path = written(tmp_path, "june.csv", rows)
    return update_extract(
        old, [path], mapping=mapped(tmp_path, keep), to=tmp_path / "updated", as_at=as_at
    )


def test_what_cannot_be_put_together_is_refused_and_nothing_is_written(tmp_path, old):
    with pytest.raises(SourceError, match='keep = "last"'):
        updated(tmp_path, old, keep="")
    with pytest.raises(SourceError, match="another state of it"):
        updated(tmp_path, old, keep=f"{LAST}\nignore = ['x']")
    with pytest.raises(FileError, match="has it already"):
        updated(tmp_path, old, rows=MAY)
    with pytest.raises(UsageError, match="later than that"):
        updated(tmp_path, old, as_at=date(2021, 6, 1))
    path = tmp_path / "narrow.csv"
    path.write_text("Ref,Recorded,Status\nA1,01/05/2021,Recorded\n")
    with pytest.raises(SourceError, match="other columns than the extract"):
        update_extract(old, [path], mapping=mapped(tmp_path), to=tmp_path / "updated", as_at=AS_AT)
    assert not list(tmp_path.glob("*updated*"))


@pytest.mark.parametrize("name", ["crimes", "victims", "rejects"])
def test_a_damaged_extract_is_told(tmp_path, old, name):
    broken = tmp_path / "broken"
    shutil.copytree(old.folder, broken)
    (broken / f"{name}.parquet").write_bytes(b"PAR1")
    with pytest.raises(ExtractError, match="damaged"):
        updated(tmp_path, open_extract(broken))
    assert not list(tmp_path.glob("*updated*"))
