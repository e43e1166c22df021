"""The wheel: what is in it, and that it works where nothing of the repository is."""

import csv
import email
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from nilreturn.extras import EXTRAS
from tests.architecture.source import ROOT, SOURCE, tracked_files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "--target",
        "wheel",
        "--directory",
        str(folder),
        cwd=ROOT,
    )
    return next(folder.glob("nilreturn-*.whl"))


def run(*command, cwd, **variables):
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONPATH", "VIRTUAL_ENV")
    }
    done = subprocess.run(
        command, cwd=cwd, env=kept | variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-1000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def test_every_file_of_the_package_is_in_it(wheel):
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if name.startswith("nilreturn/")}
    source = {
        f"nilreturn/{path.relative_to(SOURCE).as_posix()}"
        for path in tracked_files()
        if SOURCE in path.parents
    }
    assert source <= names
    assert "nilreturn/py.typed" in names
    assert not {name for name in names if "__pycache__" in name}


def test_it_says_what_it_is_and_carries_every_licence(wheel):
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        (metadata,) = [name for name in names if name.endswith(".dist-info/METADATA")]
        said = email.message_from_bytes(packed.read(metadata))
    assert said["Requires-Python"] == ">=3.11"
    assert set(said.get_all("Provides-Extra")) == {*EXTRAS, "all"}
    assert {line.split(",")[0] for line in said.get_all("Project-URL")} >= {
        "Documentation",
        "Source",
        "Issues",
    }
    notices = {
        path.relative_to(ROOT).as_posix()
        for path in tracked_files()
        if path.name in ("NOTICE", "LICENSE")
    }
    assert len(notices) == 4
    assert set(said.get_all("License-File")) == notices
    licences = {
        name.split(".dist-info/licenses/")[1] for name in names if ".dist-info/licenses/" in name
    }
    assert licences == notices


def demonstrate(program, folder, **variables):
    """Run the demonstration in an empty folder, and read one of its figures."""
    run(*program, "demo", cwd=folder, **variables)
    release = folder / "demo" / "answer-20210999" / "release"
    assert {path.suffix for path in release.iterdir()} == {
        ".xlsx",
        ".ods",
        ".csv",
        ".docx",
        ".pdf",
        ".html",
        ".json",
    }
    (path,) = release.glob("*-q4.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = {row[0]: row[2] for row in csv.reader(file) if row[1:2] == ["Written in any form"]}
    assert found["WhatsApp"] == "2"


def test_it_runs_the_demonstration_without_the_repository(wheel, tmp_path):
    """
    With the libraries of these tests; `test_pip_installs_it_into_an_empty_environment` has none but
    its own.
    """
    place, work = tmp_path / "place", tmp_path / "work"
    work.mkdir()
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(place)
    found = run(
        sys.executable,
        "-c",
        "import nilreturn; print(nilreturn.__file__)",
        cwd=work,
        PYTHONPATH=str(place),
    )
    assert Path(found.strip()) == place / "nilreturn" / "__init__.py"
    demonstrate([sys.executable, "-m", "nilreturn"], work, PYTHONPATH=str(place))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_pip_installs_it_into_an_empty_environment(wheel, tmp_path):
    """
    Needs the package registry. First the core alone, which says what it lacks; then what the
    demonstration needs.
    """
    place, work = tmp_path / "place", tmp_path / "work"
    work.mkdir()
    venv.create(place, with_pip=True)
    programs = place / ("Scripts" if os.name == "nt" else "bin")
    pip = [
        str(programs / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    run(*pip, str(wheel), cwd=work)
    assert run(str(programs / "nilreturn"), "--version", cwd=work).startswith("nilreturn ")
    run(
        str(programs / "python"),
        "-c",
        "import nilreturn.disclosure, nilreturn.release, nilreturn.sources",
        cwd=work,
    )
    lacking = subprocess.run(
        [programs / "nilreturn", "demo"], cwd=work, capture_output=True, text=True, check=False
    )
    assert lacking.returncode == 14
    assert 'pip install "nilreturn[text]"' in lacking.stderr
    run(*pip, f"{wheel}[pdf,text]", cwd=work)
    demonstrate([str(programs / "nilreturn")], work)
