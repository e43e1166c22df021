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
from nilreturn.authored import line_at, lines_of
from nilreturn.errors import ReleaseError, did_you_mean
from nilreturn.release.wording.wording import Wording
from nilreturn.wording import counted

FILES = ("letter", "rights", "symbols", "workbook", "caveats", "exemptions")
TEMPLATES = ("letter.html.jinja", "letter.typ")
_MONTHS = "letter.date.months"
_LARGEST = 1_000_000  # bytes of one file; what people write is far smaller

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
    ReleaseError
        For a folder that cannot be read, with every mistake in it: its file, line, and what next.
    """
    shipped = shipped_wording()
    if folder is None:
        return shipped
    if not folder.is_dir():
        raise ReleaseError(f"{folder}: is no folder; name the folder of the force's own wording")
    texts: dict[str, Text] = {**shipped.sentences, **shipped.paragraphs}
    templates = dict(shipped.templates)
    mistakes: list[str] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.name in TEMPLATES:
            templates[path.name] = _read(path)
        elif path.suffix == ".toml" and path.stem in FILES:
            mistakes += _take(path, texts)
        else:
            known = [*(f"{name}.toml" for name in FILES), *TEMPLATES]
            hint = did_you_mean(path.name, known) or f"; it may have {', '.join(known)}"
            mistakes.append(f"{path.name}: is no file of wording{hint}")
    if mistakes:
        raise ReleaseError(
            f"{folder}: {counted(len(mistakes), 'mistake')} in the wording", details=tuple(mistakes)
        )
    return _wording(texts, templates)


def _wording(texts: Mapping[str, Text], templates: dict[str, str]) -> Wording:
    return Wording(
        {key: text for key, text in texts.items() if isinstance(text, str)},
        {key: text for key, text in texts.items() if not isinstance(text, str)},
        templates,
    )


def _take(path: Path, texts: dict[str, Text]) -> Iterator[str]:
    """Put the file's texts in the place of those that are there, and give the mistakes in it."""
    content = _read(path)
    try:
        entries = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        yield f"{path.name}: is not TOML ({error})"
        return
    lines = lines_of(content)
    for place, value in _leaves(entries):
        where = f"{path.name}, line {line_at(lines, place)}"
        key = ".".join((path.stem, *place))
        name = ".".join(place)
        if key not in texts:
            known = [each.partition(".")[2] for each in texts if each.startswith(f"{path.stem}.")]
            hint = did_you_mean(name, known) or "; remove it"
            yield f"{where}: no wording '{name}'{hint}"
            continue
        mistake = _unfit(key, value, texts[key])
        if mistake:
            yield f"{where}: '{name}' {mistake}"
        else:
            texts[key] = value if isinstance(value, str) else tuple(value)


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


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
        if len(content) > _LARGEST:
            raise ReleaseError(f"{path}: is over {_LARGEST:,} bytes; no file of wording is so long")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise ReleaseError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ReleaseError(f"{path}: is not text in UTF-8; save it as plain text") from error


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
