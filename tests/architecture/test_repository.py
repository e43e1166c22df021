"""No tracked file names a machine, and everything the package reads travels with it."""

import re

from tests.architecture.source import ROOT, tracked_files

# Written in two parts, so that this file passes its own test.
MACHINE_PATHS = re.compile(
    r"(?<![\w.:/-])/" + r"(?:work|tmp|home|root|Users|mnt)/\w|[A-Z]:\\" + r"\\?Users"
)


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
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path, text in text_files()
        for hit in MACHINE_PATHS.finditer(text)
    }
    assert not found


def test_the_pattern_finds_such_paths():
    assert MACHINE_PATHS.search("see /" + "work/main and")
    assert MACHINE_PATHS.search("(/" + "tmp/x)")
    assert not MACHINE_PATHS.search("https://example.org/home/page ../shared/real docs/home/x")


def test_no_file_is_large():
    assert not {
        str(path.relative_to(ROOT)) for path in tracked_files() if path.stat().st_size > 2_000_000
    }


def test_every_path_that_has_an_owner_is_there():
    lines = (ROOT / ".github" / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    owned = [line.split()[0] for line in lines if line.startswith("/")]
    assert owned
    assert [path for path in owned if not (ROOT / path.lstrip("/")).is_dir()] == []
