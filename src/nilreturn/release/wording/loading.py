"""
The wording read: the shipped files, and over them, key by key, those of a force's own folder.
"""

from __future__ import annotations

import functools
import string
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from nilreturn import foi
from nilreturn.authored import Mistakes, line_at, parse_toml, read_text
from nilreturn.errors import Mistake, ReleaseError, did_you_mean
from nilreturn.release.wording.wording import Wording
from nilreturn.wording import counted

FILES = ("letter", "rights", "symbols", "workbook", "caveats", "exemptions")
TEMPLATES = ("letter.html.jinja", "letter.typ")
_MONTHS = "letter.date.months"
_WHAT = "file of wording"

Text = str | tuple[str, ...]


@functools.cache
def shipped_wording() -> Wording:
    """
    The words that come with the software, in English.

    Returns
    -------
    Wording
        The sentences, paragraphs and layouts as shipped.
    """
    return _wording(dict(_shipped()), _shipped_templates())


def load_wording(folder: Path | None) -> Wording:
    """
    A force's own words, over the shipped ones.

    Parameters
    ----------
    folder
        Files named as `FILES` with ".toml", and `TEMPLATES`; any of them, with any of their keys.
        None for the shipped words.

    Returns
    -------
    Wording
        What the folder says, and for the rest what is shipped.

    Raises
    ------
    FileError
        Where a file of the folder cannot be read, is too large, or is not UTF-8.
    ReleaseError
        For what is no folder, and with every mistake in its files: file, line, and what next.
    """
    shipped = shipped_wording()
    if folder is None:
        return shipped
    if not folder.is_dir():
        raise ReleaseError(f"{folder}: is no folder; name the folder of the force's own wording")
    texts: dict[str, Text] = {**shipped.sentences, **shipped.paragraphs}
    templates = dict(shipped.templates)
    mistakes: list[Mistake] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.name in TEMPLATES:
            templates[path.name] = read_text(path, _WHAT)
        elif path.suffix == ".toml" and path.stem in FILES:
            mistakes += _take(path, texts)
        else:
            known = [*(f"{name}.toml" for name in FILES), *TEMPLATES]
            hint = did_you_mean(path.name, known) or f"; it may have {', '.join(known)}"
            unknown = Mistakes(path.name, ReleaseError)
            unknown.add(0, f"is no file of wording{hint}")
            mistakes += unknown.found
    if mistakes:
        number = counted(len(mistakes), "mistake")
        raise ReleaseError(f"{folder}: {number} in the wording", mistakes=tuple(mistakes))
    return _wording(texts, templates)


def _wording(texts: Mapping[str, Text], templates: dict[str, str]) -> Wording:
    return Wording(
        {key: text for key, text in texts.items() if isinstance(text, str)},
        {key: text for key, text in texts.items() if not isinstance(text, str)},
        templates,
    )


def _take(path: Path, texts: dict[str, Text]) -> tuple[Mistake, ...]:
    """Put the file's texts in the place of those that are there, and give the mistakes in it."""
    mistakes = Mistakes(path.name, ReleaseError, shows_field=False)
    content = read_text(path, _WHAT)
    try:
        entries, lines = parse_toml(path.name, content, _WHAT, ReleaseError)
    except ReleaseError as error:
        mistakes.add(0, str(error).removeprefix(f"{path.name}: "))
        return mistakes.in_order
    for place, value in _leaves(entries):
        line, name, key = line_at(lines, place), ".".join(place), ".".join((path.stem, *place))
        if key not in texts:
            known = [each.partition(".")[2] for each in texts if each.startswith(f"{path.stem}.")]
            hint = did_you_mean(name, known) or "; remove it"
            mistakes.add(line, f"no wording '{name}'{hint}", field=name)
        elif mistake := _unfit(key, value, texts[key]):
            mistakes.add(line, f"'{name}' {mistake}", field=name)
        else:
            texts[key] = value if isinstance(value, str) else tuple(value)
    return mistakes.in_order


def _unfit(key: str, value: Any, shipped: Text) -> str:
    """Why a text cannot stand in the place of the shipped one; "" where it can."""
    if isinstance(shipped, str) is not isinstance(value, str):
        return "must be " + ("a text" if isinstance(shipped, str) else "a list of texts")
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts or not all(isinstance(each, str) for each in texts):
        return "must be a list of texts"
    if not all(each.strip() for each in texts):
        return "is empty; write it, or remove the key to keep the shipped words"
    if key == _MONTHS and len(texts) != len(shipped):
        return "must have the twelve months"
    try:
        places = _places(texts)
    except ValueError:
        return "has a brace that opens or closes nothing; write '{{' and '}}' for braces"
    known = _places([shipped] if isinstance(shipped, str) else shipped)
    unknown = sorted(places - known)
    if unknown:
        can = f"; it may have {', '.join(sorted(known))}" if known else ""
        return f"has a place '{{{unknown[0]}}}' that nothing fills{can}"
    return ""


def _places(texts: list[str] | tuple[str, ...]) -> set[str]:
    """
    The names in braces.

    >>> _places(["{system} as at {as_at}"]) == {"system", "as_at"}
    True
    """
    parsed = [part for text in texts for part in string.Formatter().parse(text)]
    if any(spec or conversion for _, _, spec, conversion in parsed):
        raise ValueError("a place has a name and nothing else")
    return {name for _, name, _, _ in parsed if name is not None}


def _leaves(
    entries: Mapping[str, Any], at: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in entries.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*at, name))
        else:
            yield (*at, name), value


def _shipped() -> Iterator[tuple[str, Text]]:
    package = resources.files("nilreturn.release")
    for name in ("letter", "rights", "symbols", "workbook"):
        text = (package / "wording" / f"{name}.toml").read_text(encoding="utf-8")
        for place, value in _leaves(tomllib.loads(text)):
            yield ".".join((name, *place)), value if isinstance(value, str) else tuple(value)
    caveats = (package / "library" / "caveats.toml").read_text(encoding="utf-8")
    for entry in tomllib.loads(caveats)["caveat"]:
        yield f"caveats.{entry['key']}", entry["text"]
    for ground in foi.grounds():
        yield f"exemptions.s{ground.section}.title", ground.title[:1].lower() + ground.title[1:]
        yield f"exemptions.s{ground.section}.text", ground.text
        for part, about in ground.parts:
            yield f"exemptions.s{ground.section}.parts.{part}", about


def _shipped_templates() -> dict[str, str]:
    folder = resources.files("nilreturn.release.letter")
    return {name: (folder / name).read_text(encoding="utf-8") for name in TEMPLATES}
