"""
A whole release, held word by word: a change of any sheet or sentence shows in the diff of
`expected/`, to be read.

`./run update-golden` writes the files anew. Sheets are held as their XML, indented so that a diff
can be read.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.dom import minidom

import pytest

from nilreturn.release import release
from tests.support.answers import model_answer

EXPECTED = Path(__file__).parent / "expected"
UPDATE = os.environ.get("NILRETURN_UPDATE_GOLDEN") == "1"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = release(model_answer(), tmp_path_factory.mktemp("golden") / "release").parent
    return dict(_held(folder))


def _held(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.iterdir()):
        name = path.name.removeprefix("foi-20210999-")
        if path.suffix in (".html", ".csv"):
            yield name, path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        elif path.suffix == ".json":
            manifest = json.loads(path.read_text(encoding="utf-8"))
            # Other versions of the libraries that write them give other bytes.
            manifest["files"] = dict.fromkeys(manifest["files"], "SHA-256")
            yield name, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        elif path.suffix in (".xlsx", ".ods", ".docx"):
            yield from _parts(path, name)


def _parts(path: Path, name: str) -> Iterator[tuple[str, str]]:
    held = (
        "xl/worksheets/sheet",
        "xl/tables/",
        "xl/workbook.xml",
        "xl/sharedStrings.xml",
        "content.xml",
    )
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if part.startswith((*held, "word/document.xml")):
                text = minidom.parseString(archive.read(part)).toprettyxml(indent=" ")
                yield f"{name}/{part.replace('/', '_')}", text


def test_release_is_what_was_read_and_agreed(found: dict[str, str]) -> None:
    if UPDATE:
        for name, text in found.items():
            (EXPECTED / name).parent.mkdir(parents=True, exist_ok=True)
            (EXPECTED / name).write_text(text, encoding="utf-8", newline="\n")
    for name, text in found.items():
        assert text == (EXPECTED / name).read_text(encoding="utf-8"), name


def test_nothing_that_was_agreed_is_missing(found: dict[str, str]) -> None:
    names = {
        path.relative_to(EXPECTED).as_posix() for path in EXPECTED.rglob("*") if path.is_file()
    }
    assert names == set(found)
