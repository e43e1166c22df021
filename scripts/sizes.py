"""
The sizes of the source, for a look at where it grows: files a folder, lines a module, floors,
circles, doors passed.

    .venv/bin/python scripts/sizes.py

Circles, imports past a door and public names without a full docstring must be 0; the other figures
are for people to judge.
"""

from __future__ import annotations

import statistics
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "nilreturn"
LARGEST = 3  # named of each
MOST_LETTERS = 100  # in a line

sys.path.insert(0, str(ROOT))
from scripts.docstrings import incomplete  # noqa: E402
from scripts.doors import imports_past_a_door  # noqa: E402

Edges = Mapping[str, Set[str]]


def floors(edges: Edges) -> int:
    """
    How many modules stand on one another in the longest chain of imports; a circle counts as one.

    >>> floors({"a": {"b"}, "b": {"c"}, "c": set()}), floors({"a": {"b"}, "b": {"a"}})
    (3, 1)
    """
    of = {module: number for number, circle in enumerate(components(edges)) for module in circle}
    height: dict[int, int] = {}
    for module in of:  # components come with the lowest first
        below = [
            height[of[other]] for other in edges[module] if other in of and of[other] != of[module]
        ]
        height[of[module]] = max([height.get(of[module], 1), *(1 + floor for floor in below)])
    return max(height.values(), default=0)


def components(edges: Edges) -> Iterator[list[str]]:
    """
    Modules that import one another in a circle, together; any other by itself. What is imported
    comes first.

    >>> [sorted(part) for part in components({"a": {"b"}, "b": {"a", "c"}, "c": set()})]
    [['c'], ['a', 'b']]
    """
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_modules: list[str] = []
    closed: set[str] = set()
    for start in edges:
        waiting = [(start, iter(sorted(edges[start])))] if start not in number else []
        if waiting:
            number[start] = lowest[start] = len(number)
            open_modules.append(start)
        while waiting:
            module, below = waiting[-1]
            other = next((other for other in below if other in edges and other not in closed), None)
            if other is None:
                waiting.pop()
                if waiting:
                    above = waiting[-1][0]
                    lowest[above] = min(lowest[above], lowest[module])
                if lowest[module] == number[module]:
                    at = open_modules.index(module)
                    circle, open_modules[at:] = open_modules[at:], []
                    closed.update(circle)
                    yield circle
            elif other in number:
                lowest[module] = min(lowest[module], number[other])
            else:
                number[other] = lowest[other] = len(number)
                open_modules.append(other)
                waiting.append((other, iter(sorted(edges[other]))))


def beside(graph: grimp.ImportGraph, package: str) -> dict[str, set[str]]:
    """Of a package's modules and rooms: which of the others each imports, itself or from inside."""
    children = graph.find_children(package)
    of = {inner: child for child in children for inner in (child, *graph.find_descendants(child))}
    edges: dict[str, set[str]] = {child: set() for child in children}
    for module, child in of.items():
        others = graph.find_modules_directly_imported_by(module)
        edges[child] |= {of[other] for other in others if other in of} - {child}
    return edges


def circles(graph: grimp.ImportGraph) -> list[list[str]]:
    """Of every package, its modules and rooms that import one another in a circle."""
    parts = (
        circle for package in sorted(graph.modules) for circle in components(beside(graph, package))
    )
    return [sorted(circle) for circle in parts if len(circle) > 1]


def main() -> int:
    """Print the sizes; return 1 where a figure that must be 0 is not."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]
    open_rooms = next(
        set(contract["open"]) for contract in settings["contracts"] if contract["type"] == "doors"
    )
    sys.path.insert(0, str(ROOT / "src"))
    graph = grimp.build_graph("nilreturn", cache_dir=None)
    files = sorted(SOURCE.rglob("*.py"))
    lines = {path: path.read_text(encoding="utf-8").splitlines() for path in files}
    print("files a folder:", _largest(Counter(path.parent for path in files)))
    lengths = sorted(len(text) for text in lines.values())
    named = _largest({path: len(text) for path, text in lines.items()})
    most = lengths[len(lengths) * 9 // 10]
    print(
        f"lines a module: median {statistics.median(lengths):.0f}, nine in ten up to {most}; "
        f"{named}"
    )
    too_long = sum(len(line) > MOST_LETTERS for text in lines.values() for line in text)
    print(f"lines over {MOST_LETTERS} letters: {too_long}")
    heights = {package: floors(beside(graph, package)) for package in graph.modules}
    highest = sorted(heights.items(), key=lambda item: (-item[1], item[0]))[:LARGEST]
    print("floors:", ", ".join(f"{height} in {package}" for package, height in highest))
    in_circles, past = circles(graph), sorted(imports_past_a_door(graph, "nilreturn", open_rooms))
    print("circles:", len(in_circles), *in_circles)
    print("imports past a door:", len(past), *past)
    return 1 if in_circles or past or _print_docstrings() else 0


def _print_docstrings() -> bool:
    """Print the public names without a full docstring; whether there are any."""
    lacking = incomplete()
    first = [f"{name} ({faults})" for name, faults in lacking.items()][:LARGEST]
    named = f", first: {'; '.join(first)}" if first else ""
    print(f"public names without full docstring: {len(lacking)}{named}")
    return bool(lacking)


def _largest(sizes: Mapping[Path, int]) -> str:
    named = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))[:LARGEST]
    return ", ".join(
        f"{size} in {path.relative_to(SOURCE.parent).as_posix()}" for path, size in named
    )


if __name__ == "__main__":
    sys.exit(main())
