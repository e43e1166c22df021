"""
Makes the pictures of the documents from what the software writes: the demonstration's reply, and an
audit.

    python scripts/build_pictures.py            writes docs/pictures/
    python scripts/build_pictures.py --check    writes nothing; exits 1 and names the pictures that
    look different
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import typst
from PIL import Image
from python_calamine import load_workbook

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "src"))

from nilreturn.demo import run_demo  # noqa: E402
from nilreturn.disclosure.tabular import draw  # noqa: E402
from nilreturn.workflow import Answered  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
FONTS = ROOT / "src" / "nilreturn" / "release" / "library" / "fonts"
# Mean difference of a channel, of 255: other processors draw edges a little differently.
TOLERANCE = 2.0
PUBLISHED = "Area,2019,2020,Total\nNorth,c,12,16\nSouth,9,c,14\nEast,7,6,13\nTotal,20,23,43\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when a picture looks different"
    )
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / "pictures"
        made.mkdir()
        answered = run_demo(Path(scratch) / "demo", tell=lambda _: None)
        for name, picture in MADE.items():
            picture(answered, made / name)
            _reduce(made / name)
        different = [name for name in MADE if not _looks_like(made / name, PICTURES / name)]
        different += [path.name for path in sorted(PICTURES.iterdir()) if path.name not in MADE]
        if not check:
            for name in different:
                (PICTURES / name).unlink(missing_ok=True)
            for name in set(different) & set(MADE):
                (PICTURES / name).write_bytes((made / name).read_bytes())
    print("different: " + (", ".join(different) or "none"))
    return int(check and bool(different))


def letter(answered: Answered, path: Path) -> None:
    """
    The first two pages of the letter side by side; the second has a table with hidden figures.
    """
    import pypdfium2  # of the group of docs; all that is imported above the tests have too

    (pdf,) = answered.release.glob("*-letter.pdf")
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[number].render(scale=1.25).to_pil() for number in range(2)]
    edge, gap = 2, 24
    width, height = pages[0].size
    desk = Image.new("RGB", (2 * width + 3 * gap, height + 2 * gap), "#e4e8eb")
    for number, page in enumerate(pages):
        left = gap + number * (width + gap)
        desk.paste("#b4bcc2", (left - edge, gap - edge, left + width + edge, gap + height + edge))
        desk.paste(page, (left, gap))
    desk.save(path)


def workbook(answered: Answered, path: Path) -> None:
    """The sheet of question 2 as a spreadsheet shows it."""
    (xlsx,) = answered.release.glob("*-tables.xlsx")
    book = load_workbook(xlsx)
    name = "Table 2"
    rows = [
        [_figure(value) for value in row]
        for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    ]
    _typeset("sheet", {"rows": rows[:26], "sheets": book.sheet_names, "open": name}, path)


def hidden(answered: Answered, path: Path) -> None:
    """The reviewer's picture of the table of question 2."""
    (table,) = [table for table in answered.protection.tables if table.name == "q2"]
    draw(table, path)


def audit(_: Answered, path: Path) -> None:
    """What `nilreturn audit` prints of a table whose hidden counts can be worked out."""
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "published.csv").write_text(PUBLISHED, encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "nilreturn",
            "audit",
            "published.csv",
            "--hidden-mark",
            "c",
        ]
        variables = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "96"}
        done = subprocess.run(
            command, cwd=scratch, env=variables, capture_output=True, text=True, check=False
        )
    said = [
        "$ cat published.csv",
        *PUBLISHED.splitlines(),
        "",
        "$ nilreturn audit published.csv --hidden-mark c",
    ]
    _typeset(
        "terminal", {"lines": [*said, *done.stdout.splitlines(), *done.stderr.splitlines()]}, path
    )


MADE: dict[str, Callable[[Answered, Path], None]] = {
    "letter.png": letter,
    "workbook.png": workbook,
    "hidden-cells.png": hidden,
    "audit.png": audit,
}


def _figure(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _typeset(layout: str, content: dict[str, object], path: Path) -> None:
    source = (Path(__file__).parent / "pictures" / f"{layout}.typ").read_bytes()
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
    inputs = {"content": json.dumps(content)}
    path.write_bytes(
        typst.compile(source, format="png", ppi=120, font_paths=fonts, sys_inputs=inputs)
    )


def _reduce(path: Path) -> None:
    """
    A palette of 128 colours: a quarter of the bytes, and no difference to be seen in a picture of
    text.
    """
    Image.open(path).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(
        path, optimize=True
    )


def _looks_like(one: Path, other: Path) -> bool:
    if not other.is_file():
        return False
    pixels = [np.asarray(Image.open(path).convert("RGB"), np.int16) for path in (one, other)]
    return (
        pixels[0].shape == pixels[1].shape
        and float(np.abs(pixels[0] - pixels[1]).mean()) <= TOLERANCE
    )


if __name__ == "__main__":
    sys.exit(main())
