"""
Which public names lack a full docstring in NumPy style.

Public names are those in `__all__` of the packages directly under nilreturn. A docstring is full
when it has

- a summary line;
- for a function: a `Parameters` section that names every parameter; `Returns` (or `Yields`) unless
  it returns None; `Raises` with each error that its body raises by name;
- for a class: `Attributes` or `Parameters` that name every public field of a dataclass, a named
  tuple, a pydantic model or an enumeration, or every parameter of `__init__`. A pydantic field with
  `Field(description=...)` is described there.

A constant needs a docstring below it or a comment above it or behind it. Everything is read from
the syntax tree; nothing is imported.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import griffe

SOURCE = Path(__file__).parent.parent / "src"
RECORD_LABELS = ("dataclass", "pydantic-model")
ENUM_BASES = ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag")
RECORD_BASES = ("NamedTuple", "TypedDict", "BaseModel")


def incomplete(source: Path = SOURCE, package: str = "nilreturn") -> dict[str, str]:
    """
    The public names without a full docstring.

    Parameters
    ----------
    source : Path
        The folder that holds `package`.
    package : str
        The package whose direct packages are read.

    Returns
    -------
    dict of str to str
        The full name and what its docstring lacks, in the order of the names.
    """
    found = {}
    for name, thing in public_names(source, package):
        if lacks := "; ".join(faults(thing)):
            found[name] = lacks
    return dict(sorted(found.items()))


def public_names(source: Path, package: str) -> Iterator[tuple[str, griffe.Object]]:
    """Each name in `__all__` of the packages directly under `package`, and what it stands for."""
    loader = griffe.GriffeLoader(search_paths=[source], allow_inspection=False)
    root = loader.load(package)
    loader.resolve_aliases(implicit=False)
    for module in root.members.values():
        if module.is_alias or not isinstance(module, griffe.Module) or not _is_door(module):
            continue
        for name in map(str, module.exports or ()):
            thing = module[name]
            if isinstance(thing, griffe.Module) and name in thing.members:  # `disclosure.audit`
                thing = thing[name]
            if thing.is_alias:
                try:
                    thing = thing.final_target
                except griffe.AliasResolutionError:  # from another library
                    continue
            if thing.path.startswith(f"{package}.") and not thing.is_module:
                yield f"{module.path}.{name}", thing


def _is_door(module: griffe.Module) -> bool:
    return isinstance(module.filepath, Path) and module.filepath.name == "__init__.py"


def faults(thing: griffe.Object) -> Iterator[str]:
    """What the docstring of a function, a class or a constant lacks."""
    if thing.docstring is None:
        if not (isinstance(thing, griffe.Attribute) and _has_comment(thing)):
            yield "no docstring"
        return
    sections = griffe.parse_numpy(thing.docstring, warnings=False)
    if not isinstance(sections[0] if sections else None, griffe.DocstringSectionText):
        yield "no summary line"
    if isinstance(thing, griffe.Function):
        yield from _faults_of_function(thing, sections)
    elif isinstance(thing, griffe.Class):
        missing = _fields(thing) - _named(sections, "parameters", "other parameters", "attributes")
        if missing:
            yield f"Attributes without {', '.join(sorted(missing))}"


def _faults_of_function(
    thing: griffe.Function, sections: list[griffe.DocstringSection]
) -> Iterator[str]:
    of = {p.name.lstrip("*") for p in thing.parameters} - {"self", "cls"}
    if missing := of - _named(sections, "parameters", "other parameters"):
        yield f"Parameters without {', '.join(sorted(missing))}"
    kinds = {section.kind.value for section in sections}
    if str(thing.returns) not in ("None", "NoReturn", "Never") and not kinds & {
        "returns",
        "yields",
    }:
        yield "no Returns"
    named = {
        str(item.annotation).strip("`").rpartition(".")[2]
        for section in sections
        if section.kind.value == "raises"
        for item in section.value
    }
    if missing := raised(thing) - named:
        yield f"Raises without {', '.join(sorted(missing))}"
    said = any(
        re.search(r"\bRaises `", str(section.value))
        for section in sections
        if section.kind.value == "text"
    )
    if said and not named:
        yield "no Raises"


def _named(sections: list[griffe.DocstringSection], *kinds: str) -> set[str]:
    return {
        name.strip("*` ")
        for section in sections
        if section.kind.value in kinds
        for item in section.value
        for name in item.name.split(",")  # "low, high" are described together
    }


def _fields(thing: griffe.Class) -> set[str]:
    """What the docstring of a class must name."""
    bases = {str(base).rpartition(".")[2] for base in (*thing.bases, *_inherited(thing))}
    is_enum = bool(bases & set(ENUM_BASES))
    if is_enum or bases & set(RECORD_BASES) or thing.labels & set(RECORD_LABELS):
        return {
            name
            for name, member in thing.members.items()
            if isinstance(member, griffe.Attribute)
            and not name.startswith("_")
            and _is_field(member, is_enum)
        }
    init = thing.members.get("__init__")
    if not isinstance(init, griffe.Function):
        return set()
    described: set[str] = set()
    if init.docstring is not None:
        described = _named(griffe.parse_numpy(init.docstring, warnings=False), "parameters")
    return {p.name.lstrip("*") for p in init.parameters} - {"self"} - described


def _inherited(thing: griffe.Class) -> Iterator[str]:
    """The names of the bases of a class's bases, as far as they can be found."""
    try:
        for parent in thing.mro():
            yield from map(str, parent.bases)
    except ValueError:  # the bases contradict one another
        return


def _is_field(member: griffe.Attribute, is_enum: bool) -> bool:
    if "property" in member.labels or "cached" in member.labels:
        return False
    if is_enum:
        return member.annotation is None
    annotation = str(member.annotation or "")
    described = re.search(
        r"\bField\(.*description\s*=", f"{annotation} {member.value or ''}", re.DOTALL
    )
    return bool(annotation) and "ClassVar" not in annotation and described is None


def raised(thing: griffe.Function) -> set[str]:
    """The errors that a function's own body raises by name, such as `raise TableError(...)`."""
    names = set()
    for node in _own(_node(thing)):
        if isinstance(node, ast.Raise) and node.exc is not None:
            error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = ast.unparse(error).rpartition(".")[2]
            if re.fullmatch(r"[A-Z]\w*", name):
                names.add(name)
    return names


def _node(thing: griffe.Function) -> ast.AST:
    wanted = thing.name
    candidates = (
        node
        for node in ast.walk(_tree(Path(str(thing.filepath))))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == wanted
    )
    return next(
        node
        for node in candidates
        if thing.lineno in range(_first_line(node), (node.end_lineno or node.lineno) + 1)
    )


def _first_line(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function's body without those of functions inside it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield child
            yield from _own(child)


def _has_comment(thing: griffe.Attribute) -> bool:
    lines = Path(str(thing.filepath)).read_text(encoding="utf-8").splitlines()
    first = (thing.lineno or 1) - 1
    above = first > 0 and lines[first - 1].lstrip().startswith("#")
    return above or "  # " in lines[first]


@functools.cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
