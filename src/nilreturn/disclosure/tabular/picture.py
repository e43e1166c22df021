"""
A picture of a table: what is printed, what is hidden because it is small, and what is hidden for
its sake.

It tells which hidden cells are small, so it is for the reviewer and never part of a release.
"""

from __future__ import annotations

import html
import itertools
from collections.abc import Callable
from pathlib import Path

from nilreturn.errors import UsageError
from nilreturn.extras import is_installed, require
from nilreturn.tables import CellStatus, SafeCell, SafeTable
from nilreturn.wording import counted

MOST_WRITTEN = 1_600  # cells that get their count written in; above, colour alone
MOST_LETTERS = 40  # of a label in a drawing
MOST_DRAWN = 250_000

_LOOK = {  # face, hatch, what it means; the hatch keeps it readable without colour
    CellStatus.SAFE: ("#ffffff", "", "printed"),
    CellStatus.PRIMARY: ("#1d3557", "", "hidden: small"),
    CellStatus.SECONDARY: ("#a8c5da", "////", "hidden: would give a small one away"),
    CellStatus.CHANGED: ("#f4e3b2", "..", "printed, changed"),
}
_INK = {CellStatus.PRIMARY: "#ffffff"}


def draw(table: SafeTable, path: Path) -> None:
    """
    Write the picture of a table to a `.png`, `.svg` or `.html` file. The first dimension runs down,
    all others run across. Raises `UsageError` for another kind of file, or a table with too many
    cells to be looked at; `ExtraError` for `.png` and `.svg` where the extra 'pictures' is not
    installed.
    """
    if path.suffix not in PICTURES:
        raise UsageError(f"{path}: a picture is .png, .svg or .html")
    rows, columns, cells = laid_out(table)
    if len(rows) * len(columns) > MOST_DRAWN:
        raise UsageError(
            f"table {table.name}: has more than {MOST_DRAWN:,} cells, too many for a picture"
        )
    PICTURES[path.suffix](table, rows, columns, cells, path)


def drawable() -> tuple[str, ...]:
    """
    The kinds of files that can be drawn with what is installed: pages always, pictures with the
    extra 'pictures'.
    """
    return tuple(suffix for suffix in PICTURES if suffix == ".html" or is_installed("pictures"))


Cells = list[list[SafeCell]]


def laid_out(table: SafeTable) -> tuple[list[str], list[str], Cells]:
    """
    The labels of rows and columns, and the cells row by row: the first dimension down, all others
    across.
    """
    down = list(table.dimensions[0].labels) if table.dimensions else [""]
    across = [
        " / ".join(labels)
        for labels in itertools.product(*(d.labels for d in table.dimensions[1:]))
    ]
    found = [cell for _, cell in table.cells()]
    width = len(across)
    return down, across, [found[row * width : (row + 1) * width] for row in range(len(down))]


def _matplotlib(
    table: SafeTable, rows: list[str], columns: list[str], cells: Cells, path: Path
) -> None:
    require("pictures")
    import matplotlib.colors
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch, Rectangle

    written = len(rows) * len(columns) <= MOST_WRITTEN
    side = 1.0 if written else 0.12
    labels = (
        0.09 * max(len(_short(row)) for row in rows),
        0.07 * max(len(_short(column)) for column in columns),
    )
    size = (
        min(2.5 + labels[0] + 0.75 * side * len(columns), 60),
        min(2 + labels[1] + 0.4 * side * len(rows), 60),
    )
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.add_subplot()
    # One picture instead of a shape a cell: a hundred thousand shapes take a minute.
    if not written:
        colours = {status: matplotlib.colors.to_rgb(face) for status, (face, _, _) in _LOOK.items()}
        pixels = np.array([[colours[cell.status] for cell in line] for line in cells])
        axes.imshow(
            pixels, extent=(0, len(columns), len(rows), 0), aspect="auto", interpolation="none"
        )
    for y, line in enumerate(cells if written else ()):
        for x, cell in enumerate(line):
            face, hatch, _ = _LOOK[cell.status]
            axes.add_patch(
                Rectangle(
                    (x, y), 1, 1, facecolor=face, hatch=hatch, edgecolor="#5c6b73", linewidth=0.5
                )
            )
            text = "[c]" if cell.value is None else f"{cell.value:,}"
            ink = _INK.get(cell.status, "#000000")
            weight = "bold" if x == 0 or y == 0 else "normal"
            axes.text(
                x + 0.5,
                y + 0.5,
                text,
                ha="center",
                va="center",
                fontsize=9,
                color=ink,
                fontweight=weight,
            )
    axes.set_xlim(0, len(columns))
    axes.set_ylim(len(rows), 0)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelsize=9)
    _label(axes, [_short(c) for c in columns], [_short(r) for r in rows], written=written)
    told = (
        f"{_short(table.title)}: {table.hidden} of {counted(len(rows) * len(columns), 'cell')} "
        f"hidden"
    )
    axes.set_title(_plain(told), loc="left", fontsize=11)
    used = {cell.status for line in cells for cell in line}
    legend = [
        Patch(facecolor=f, hatch=h, edgecolor="#5c6b73", label=w)
        for s, (f, h, w) in _LOOK.items()
        if s in used
    ]
    figure.legend(handles=legend, loc="outside lower left", ncols=2, frameon=False, fontsize=9)
    # The same table gives the same bytes: no date, and names of SVG parts that do not change.
    with matplotlib.rc_context({"svg.hashsalt": "nilreturn", "svg.fonttype": "none"}):
        if path.suffix == ".svg":
            FigureCanvasSVG(figure).print_svg(path, metadata={"Date": None})  # type: ignore[no-untyped-call]
        else:
            FigureCanvasAgg(figure).print_png(path, metadata={"Software": None})  # type: ignore[no-untyped-call]


def _short(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"


def _plain(text: str) -> str:
    return text.replace("$", r"\$")  # two of them would make what is between them a formula


def _label(axes: object, columns: list[str], rows: list[str], *, written: bool) -> None:
    step = 1 if written else max(1, len(columns) // 40, len(rows) // 60)
    turned = max(map(len, columns)) > 8
    for axis, labels, rotation in (("x", columns, 45 if turned else 0), ("y", rows, 0)):
        places = [place + 0.5 for place in range(0, len(labels), step)]
        getattr(axes, f"set_{axis}ticks")(
            places, [_plain(label) for label in labels[::step]], rotation=rotation
        )
    if turned:
        for label in getattr(axes, "get_xticklabels")():  # noqa: B009
            label.set_horizontalalignment("left")


_STYLE = """
body { font-family: Arial, sans-serif; margin: 2rem; color: #0b0c0c; }
table { border-collapse: collapse; } \
caption { text-align: left; font-weight: bold; padding-bottom: .5rem; }
th, td { border: 1px solid #5c6b73; padding: .25rem .6rem; text-align: right; } \
th { text-align: left; }
.primary { background: #1d3557; color: #fff; } \
.secondary { background: #a8c5da; font-style: italic; }
.changed { background: #f4e3b2; }
"""


def _html(table: SafeTable, rows: list[str], columns: list[str], cells: Cells, path: Path) -> None:
    words = {status: look[2] for status, look in _LOOK.items()}
    used = [
        status for status in _LOOK if any(cell.status is status for line in cells for cell in line)
    ]
    key = "".join(
        f'<li><span class="{s.value}">&nbsp;&nbsp;&nbsp;</span> {html.escape(words[s])}</li>'
        for s in used
    )
    head = "".join(f'<th scope="col">{html.escape(label or "Count")}</th>' for label in columns)
    body = "".join(
        f'<tr><th scope="row">{html.escape(label)}</th>'
        f"{''.join(_html_cell(cell) for cell in line)}</tr>\n"
        for label, line in zip(rows, cells, strict=True)
    )
    title = html.escape(
        f"{table.title}: {table.hidden} of {counted(len(rows) * len(columns), 'cell')} hidden"
    )
    corner = html.escape(table.dimensions[0].title) if table.dimensions else ""
    path.write_text(
        f'<!doctype html>\n<html lang="en"><head><meta '
        f'charset="utf-8"><title>{title}</title>\n<style>{_STYLE}</style>'
        f"</head>\n<body><ul>{key}</ul>\n<table><caption>{title}</caption>\n<thead><tr><th>{corner}</th>{head}</tr></thead>\n"
        f"<tbody>\n{body}</tbody></table></body></html>\n",
        encoding="utf-8",
    )


def _html_cell(cell: SafeCell) -> str:
    text = "[c]" if cell.value is None else f"{cell.value:,}"
    return f'<td class="{cell.status.value}" title="{_LOOK[cell.status][2]}">{text}</td>'


PICTURES: dict[str, Callable[[SafeTable, list[str], list[str], Cells, Path], None]] = {
    ".png": _matplotlib,
    ".svg": _matplotlib,
    ".html": _html,
}
