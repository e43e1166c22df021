"""
The public names of the package, read from the source: signatures as they are written, and
docstrings.

`signatures` is what the snapshot in tests/architecture/api.txt holds, `page` the reference page of
one package.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import griffe

SOURCE = Path(__file__).parent.parent / "src"
# What other software may rely on, and the sentence that says what each is for.
PACKAGES = {
    "nilreturn.disclosure": "Protect and audit tables from anywhere.",
    "nilreturn.questions": "Read, check, describe and write the questions of a request.",
    "nilreturn.sources": "Import records with a mapping; check, update and describe extracts.",
    "nilreturn.engines": "Count what a question asks.",
    "nilreturn.release": "Write the workbook, the letter and the manifest.",
    "nilreturn.schema": "The canonical columns, and extracts on disk.",
    "nilreturn.offences": "Offence codes and classes: what the published lists say.",
    "nilreturn.recording": "Records of crime, and the rules of recording them.",
    "nilreturn.periods": "Days, months, quarters and years.",
    "nilreturn.extras": "What is installed besides the core.",
}


def signatures(package: str) -> Iterator[str]:
    """A line for each public name of a package, and one for each public member of a class."""
    for name, thing in public(package):
        line = _signature(name, thing)
        kind = "class " if line.startswith("class ") else ""
        yield f"{kind}{package}.{line.removeprefix(kind)}"
        if isinstance(thing, griffe.Class):
            yield from (
                f"{package}.{name}.{_signature(each, member)}" for each, member in _members(thing)
            )


def page(package: str) -> Iterator[str]:
    """
    The parts of the reference page of a package: a heading, the signature and the docstring of each
    public name.
    """
    for name, thing in public(package):
        yield f"### `{name}`"
        yield f"```text\n{_signature(name, thing)}\n```"
        yield from _described(thing)
        if isinstance(thing, griffe.Class):
            members = list(_members(thing))
            if members:
                lines = "\n".join(_signature(each, member) for each, member in members)
                yield f"Members:\n\n```text\n{lines}\n```"


def public(package: str) -> list[tuple[str, griffe.Object]]:
    """
    The names in `__all__` of a package (or, without one, its public names), with what they stand
    for.
    """
    module = _loaded()[package.removeprefix("nilreturn.")]
    exported = module.exports or [
        name for name, m in module.members.items() if m.is_public and not m.is_alias
    ]
    return [(name, _target(_exported(module, name))) for name in sorted(map(str, exported))]


def _exported(module: griffe.Module, name: str) -> griffe.Object | griffe.Alias:
    """A name of a package; where a package inside has the same name, the door's own wins."""
    thing = module[name]
    return thing[name] if isinstance(thing, griffe.Module) and name in thing.members else thing


@functools.cache
def _loaded() -> griffe.Module:
    loader = griffe.GriffeLoader(search_paths=[SOURCE], allow_inspection=False)
    module = loader.load("nilreturn")
    loader.resolve_aliases(implicit=False)
    return module  # type: ignore[return-value]


def _target(thing: griffe.Object | griffe.Alias) -> griffe.Object:
    if not isinstance(thing, griffe.Alias):
        return thing
    try:
        return thing.final_target  # type: ignore[return-value]
    # A constant that is set together with others, which griffe does not see.
    except griffe.AliasResolutionError:
        return griffe.Attribute(thing.name)


def _members(thing: griffe.Class) -> Iterator[tuple[str, griffe.Object]]:
    for name, member in thing.members.items():
        if not name.startswith("_") and isinstance(member, griffe.Function | griffe.Attribute):
            yield name, member


def _signature(name: str, thing: griffe.Object) -> str:
    if isinstance(thing, griffe.Class):
        return (
            f"class {name}({', '.join(map(str, thing.bases))})" if thing.bases else f"class {name}"
        )
    if isinstance(thing, griffe.Function):
        shown = " ".join(thing.signature(name=name).split())
        return shown.replace("( ", "(").replace(" )", ")")
    annotation, value = getattr(thing, "annotation", None), getattr(thing, "value", None)
    default = f" = {value}" if value is not None and annotation and "\n" not in str(value) else ""
    return f"{name}: {annotation}{default}" if annotation else name


def _described(thing: griffe.Object) -> Iterator[str]:
    if thing.docstring is None:
        return
    for section in griffe.parse_numpy(thing.docstring, warnings=False):
        value = section.value
        if isinstance(section, griffe.DocstringSectionText):
            yield str(value)
        elif isinstance(section, griffe.DocstringSectionExamples):
            body = "\n".join(str(text) for _, text in value)
            yield f"**Example**\n\n```text\n{body}\n```"
        elif isinstance(value, list):
            yield f"**{(section.title or section.kind.value).capitalize()}**"
            yield "\n".join(_item(item, section.kind.value) for item in value)


def _item(item: object, section: str) -> str:
    """
    A line of a section: the name, its type where the docstring gives one, and the description.
    """
    # griffe takes what follows "Returns" and "Raises" for a type, and has names elsewhere.
    name, kind = str(getattr(item, "name", "")), getattr(item, "annotation", None)
    description = " ".join(str(getattr(item, "description", "")).split())
    if section in ("returns", "yields", "raises"):
        name, kind = ", ".join(part for part in (name, str(kind or "")) if part), None
    names = ", ".join(f"`{part.strip()}`" for part in name.split(",") if part)
    if section in ("returns", "yields"):
        names = f"`{name}`" if name else ""
    head = f"{names} ({str(kind).strip('()')})" if kind else names
    return f"- {head}: {description}" if head else f"- {description}"
