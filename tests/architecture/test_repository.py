"""No tracked file names a machine, and everything the package reads travels with it."""

import re
import shutil
import subprocess
import zipfile

import pytest

from tests.architecture.source import ROOT, SOURCE, tracked_files

# Written in two parts, so that this file passes its own test.
MACHINE_PATHS = re.compile(r"(?<![\w.:/-])/" + r"(?:work|tmp|home|root|Users|mnt)/\w|[A-Z]:\\" + r"\\?Users")


def text_files():
    for path in tracked_files():
        if path.name not in ("uv.lock",) and path.suffix not in (
            ".gz",
            ".png",
            ".xlsx",
            ".ods",
            ".pdf",
            ".docx",
            ".parquet",
        ):
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def test_no_file_names_a_path_of_a_machine():
    found = {
        f"{path.relative_to(ROOT)}: {hit[0]}" for path, text in text_files() for hit in MACHINE_PATHS.finditer(text)
    }
    assert not found


def test_the_pattern_finds_such_paths():
    assert MACHINE_PATHS.search("see /" + "work/main and")
    assert MACHINE_PATHS.search("(/" + "tmp/x)")
    assert not MACHINE_PATHS.search("https://example.org/home/page ../shared/real docs/home/x")


def test_no_file_is_large():
    assert not {str(path.relative_to(ROOT)) for path in tracked_files() if path.stat().st_size > 2_000_000}


@pytest.mark.slow
def test_the_package_s_files_are_in_the_wheel(tmp_path):
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not installed: the wheel cannot be built here")
    command = [uv, "build", "--wheel", "--quiet", "--out-dir", str(tmp_path), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    if built.returncode and re.search(r"fetch|connect|network|offline|resolve", built.stderr, re.IGNORECASE):
        pytest.skip("the build backend cannot be fetched here: the wheel cannot be built")
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        packed = {name for name in wheel.namelist() if name.startswith("nilreturn/")}
    source = {f"nilreturn/{path.relative_to(SOURCE).as_posix()}" for path in tracked_files() if SOURCE in path.parents}
    assert source <= packed
    assert "nilreturn/offences/reference/nol.csv" in packed
