"""`nilreturn import` and `nilreturn extract`, as a person runs them."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from benchmarks.import_rows import generate

from nilreturn.sources import verify_extract
from tests.support.command_line import nilreturn

HEADERS = "Crime Ref,Recorded Date,HO Code,Victim Age,Victim Sex,Initial MO\n"
ROW = "A1,01/07/2020,71/17,-7,Female,Report received by letter\n"


def run_import(path, folder, mapping="connect", as_at="2021-06-29"):
    return nilreturn(
        "import", path, "--mapping", mapping, "--to", folder / "extract", "--as-at", as_at
    )


def test_victims_that_a_source_does_not_count_are_not_said_to_be_none(tmp_path):
    (tmp_path / "crimes.toml").write_text(
        'name = "crimes"\ndescription = "Crimes alone"\nrow = "crime"\n[columns]\n'
        '"crime.crime_ref" = { headers = ["Crime Ref"], required = true }\n'
        '"crime.recorded_on" = { headers = ["Recorded Date"], required = true }\n'
    )
    (tmp_path / "report.csv").write_text("Crime Ref,Recorded Date\nA1,01/07/2020\nA2,02/07/2020\n")
    done = run_import(tmp_path / "report.csv", tmp_path, mapping=tmp_path / "crimes.toml")
    assert "2 crimes" in done.stdout
    assert "0 victims" not in done.stdout
    assert (
        "Victims: not counted by this source"
        in nilreturn("extract", "show", tmp_path / "extract").stdout
    )


def test_an_import_tells_what_it_found_and_verifies(tmp_path):
    path = tmp_path / "report.csv"
    path.write_text(HEADERS + ROW)
    done = run_import(path, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "report.csv: CSV, utf-8, comma between values" in done.stdout
    assert "2 rows: 1 kept, 0 rejected, 1 passed over" in done.stdout
    assert "An age below zero" in done.stdout
    assert "letter" not in done.stdout
    assert done.stderr == ""
    verified = nilreturn("extract", "verify", tmp_path / "extract")
    assert verified.returncode == 0
    assert "as it was imported" in verified.stdout
    shown = nilreturn("extract", "show", tmp_path / "extract")
    assert "victim.age" in shown.stdout
    (tmp_path / "extract" / "crimes.parquet").write_bytes(b"")
    broken = nilreturn("extract", "verify", tmp_path / "extract")
    assert broken.returncode == 5
    assert "crimes.parquet has changed" in broken.stderr


@pytest.mark.parametrize(
    ("name", "written", "code", "message"),
    [
        ("report.csv", None, 3, "no such file"),
        ("report.doc", b"x", 3, "not a kind of file"),
        ("report.csv", b"", 3, "the file is empty"),
        ("report.csv", HEADERS.encode(), 3, "headers and no rows"),
        (
            "report.csv",
            HEADERS.replace("Victim Age", "Victm Age").encode() + ROW.encode(),
            4,
            "did you mean",
        ),
        (
            "report.csv",
            HEADERS.replace("HO Code", "").encode() + ROW.encode(),
            4,
            "'crime.offence_code'",
        ),
        ("report.parquet", b"PAR1 cut short", 3, "damaged or cut short"),
        ("report.xlsx", b"not a zip", 3, "not an Excel workbook"),
    ],
)
def test_a_mistake_is_one_line_with_its_own_code_and_nothing_is_written(
    tmp_path, name, written, code, message
):
    path = tmp_path / name
    if written is not None:
        path.write_bytes(written)
    before = sorted(tmp_path.iterdir())
    done = run_import(path, tmp_path)
    assert done.returncode == code
    assert done.stderr.count("\n") == 1
    assert message in done.stderr
    assert "Report received" not in done.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_an_existing_target_and_wrong_words_are_refused(tmp_path):
    path = tmp_path / "report.csv"
    path.write_text(HEADERS + ROW)
    assert "is a folder" in run_import(tmp_path, tmp_path).stderr
    assert "did you mean 'connect'" in run_import(path, tmp_path, "conect").stderr
    wrong = run_import(path, tmp_path, as_at="29/06/2021")
    assert (wrong.returncode, "not a day or time" in wrong.stderr) == (2, True)
    (tmp_path / "extract").mkdir()
    refused = run_import(path, tmp_path)
    assert (refused.returncode, "choose another folder" in refused.stderr) == (3, True)
    assert list((tmp_path / "extract").iterdir()) == []
    nowhere = nilreturn(
        "import", path, "--mapping", "connect", "--to", path / "extract", "--as-at", "2021-06-29"
    )
    assert (nowhere.returncode, nowhere.stderr.count("\n")) == (3, 1)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A report whose import takes a few seconds."""
    path = tmp_path_factory.mktemp("large") / "report.csv"
    generate(80_000, path)
    return path


def start_import(path, folder):
    command = [sys.executable, "-m", "nilreturn", "import", str(path), "--mapping", "connect"]
    command += ["--to", str(folder / "extract"), "--as-at", "2026-04-01"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for(condition, importing):
    """Wait until `condition` holds while the import lives; whether it did."""
    while importing.poll() is None:
        if condition():
            return True
        time.sleep(0.005)
    return False


def in_part(folder: Path, name: str) -> bool:
    return any((part / name).exists() for part in folder.glob(".extract.*.part"))


MOMENTS = {
    "as soon as it begins": lambda folder: in_part(folder, "scratch"),
    "while it reads": lambda folder: in_part(folder, "scratch/rows.duckdb"),
    "while it writes crimes": lambda folder: in_part(folder, "crimes.parquet"),
    "while it writes victims": lambda folder: in_part(folder, "victims.parquet"),
    "while it writes rejects": lambda folder: in_part(folder, "rejects.parquet"),
    "while it seals": lambda folder: in_part(folder, "manifest.json"),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_import_killed_at_any_moment_leaves_no_half_extract(tmp_path, large, moment):
    importing = start_import(large, tmp_path)
    reached = wait_for(lambda: MOMENTS[moment](tmp_path), importing)
    importing.kill()  # nothing happens to one that has just finished
    importing.wait()
    if (tmp_path / "extract").exists():  # it had just been finished
        assert verify_extract(tmp_path / "extract")
        return
    assert reached
    left = [path.name for path in tmp_path.iterdir()]
    assert all(name.startswith(".extract.") for name in left)
    small = tmp_path / "small.csv"
    small.write_text(HEADERS + ROW)
    assert start_import(small, tmp_path).wait(timeout=100) == 0
    assert verify_extract(tmp_path / "extract")
    assert "scratch" not in [path.name for path in (tmp_path / "extract").iterdir()]
    # What was killed in mid-work was cleared; an unlocked remnant is left for an hour, in case it
    # is alive.
    remnants = [path for path in tmp_path.iterdir() if path.name not in ("extract", "small.csv")]
    assert len(remnants) <= (moment == "while it seals")


def test_an_import_of_stops_alone_names_their_number_and_can_be_shown(tmp_path):
    path = tmp_path / "stops.csv"
    path.write_text(
        "Type,Date,Gender,Age range,Legislation,Object of search,Outcome\n"
        "Person search,2021-05-01T10:00:00+00:00,Male,18-24,An Act,Drugs,Arrest\n"
    )
    done = run_import(path, tmp_path, mapping="data-police-uk-stops")
    assert done.returncode == 0, done.stderr
    assert "  1 stop\n" in done.stdout
    shown = nilreturn("extract", "show", tmp_path / "extract")
    assert (shown.returncode, shown.stderr) == (0, "")


def test_an_import_tells_why_a_column_is_not_open(tmp_path):
    mapping = tmp_path / "own.toml"
    mapping.write_text(
        'name = "own"\ndescription = "own"\nrow = "crime"\n[columns."crime.crime_ref"]\nheaders = '
        '["Ref"]\n'
        '[columns."crime.recorded_on"]\nheaders = ["Rec"]\n[own."crime.place"]\nheaders = '
        '["Place"]\n'
        'description = "place"\n'
    )
    path = tmp_path / "report.csv"
    rows = "".join(f"R{number},01/06/2021,{number} Mill Lane\n" for number in range(60))
    path.write_text("Ref,Rec,Place\n" + rows)
    done = run_import(path, tmp_path, mapping=mapping)
    assert "Warnings:\n  the column 'crime.place'" in done.stdout
    assert "Mill" not in done.stdout + done.stderr
