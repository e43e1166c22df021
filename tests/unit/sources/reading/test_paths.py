"""A path is a path: never a pattern, a partition, a pipe or a device."""

import os
import socket
from pathlib import Path

import pytest

from nilreturn.errors import FileError
from nilreturn.files import engine_path
from nilreturn.sources import verify_extract
from tests.unit.sources.importing import column, import_bytes, import_files, import_text

HEADERS = "Crime Ref,Recorded Date,HO Code,LPA\n"


def test_a_name_with_brackets_is_never_read_as_a_pattern(tmp_path):
    (tmp_path / "report1.csv").write_text(f"{HEADERS}B1,01/07/2020,71/17,West\n")
    extract = import_bytes(
        tmp_path, f"{HEADERS}A1,01/07/2020,71/17,East\n".encode(), name="report[1].csv"
    )
    assert column(extract, "crimes", "crime_ref") == ["A1"]


@pytest.mark.parametrize(
    "name", ["a[1]*", "year=2024", "status=Cancelled", "b?{x}", "~c", "d'e\"", "f g;", "s3:", "ü"]
)
def test_an_extract_in_a_folder_of_any_name_is_itself(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    extract = import_text(folder, f"{HEADERS}A1,01/07/2020,71/17,East\nA2,01/07/2020,,West\n")
    assert column(extract, "crimes", "crime_ref") == ["A1", "A2"]
    assert sorted(path.name for path in folder.iterdir()) == ["extract", "report.csv"]
    assert verify_extract(folder / "extract").manifest["rows"]["crimes"] == 2


def test_a_relative_path_like_an_address_is_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert engine_path(Path("s3:/x[1].csv")) == f"{tmp_path}/s3:/x[[]1].csv"


def test_a_pipe_a_device_a_socket_and_a_folder_are_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "device.csv").symlink_to("/dev/zero")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket.csv"))
        for name, why in [
            ("pipe", "is a pipe"),
            ("device", "is a device"),
            ("folder", "is a folder"),
            ("socket", "is a socket"),
            ("loop", "cannot be read"),
        ]:
            with pytest.raises(FileError, match=why):
                import_files(tmp_path, [tmp_path / f"{name}.csv"])


def test_a_link_to_a_file_is_the_file(tmp_path):
    (tmp_path / "real.csv").write_text(f"{HEADERS}A1,01/07/2020,71/17,East\n")
    (tmp_path / "link.csv").symlink_to("real.csv")
    assert column(import_files(tmp_path, [tmp_path / "link.csv"]), "crimes", "crime_ref") == ["A1"]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root"
)
def test_a_file_without_permission_is_named(tmp_path):
    path = tmp_path / "report.csv"
    path.write_text(HEADERS)
    path.chmod(0)
    with pytest.raises(FileError, match=r"report\.csv: you have no permission"):
        import_files(tmp_path, [path])


@pytest.mark.parametrize(
    ("name", "written", "kind"),
    [
        ("report.csv", b"PK\x03\x04rest", "workbook"),
        ("report.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel workbook"),
        ("report.txt", b"PAR1rest", "Parquet"),
        ("report.csv", b"\x1f\x8brest", "gzip"),
    ],
)
def test_a_file_of_another_kind_than_its_name_says_is_told(tmp_path, name, written, kind):
    with pytest.raises(FileError, match=kind):
        import_bytes(tmp_path, written, name=name)
