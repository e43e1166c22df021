"""
What is searched for. A lexicon is a CSV file that a person writes, with one entry on each line:

    id,name,parent,category,aliases,context_aliases,needs_context,confusable_words

`aliases` count without context; `context_aliases` count only where the words around them suggest
the entry. Both, and `confusable_words` (real words that are mistaken for the entry), are separated
by ";". `needs_context` is 1 where even the name itself is an ordinary word. `parent` is the name of
another entry.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path

from nilreturn.authored import Mistakes
from nilreturn.errors import FileError, LexiconError, did_you_mean
from nilreturn.narrative.lexicon.cues import Cue, parse_cues, shipped_cues
from nilreturn.narrative.text import LONGEST_FORM, LONGEST_PHRASE, normalise, tokenise

# The columns of a lexicon file, in order.
COLUMNS = (
    "id",
    "name",
    "parent",
    "category",
    "aliases",
    "context_aliases",
    "needs_context",
    "confusable_words",
)

# The lexicons that come with the software; the first is the default.
SHIPPED = ("platforms", "knives")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is searched for. Aliases are forms: normalised tokens, one space apart."""

    id: str
    name: str
    parent: str
    category: str
    aliases: tuple[str, ...]
    context_aliases: tuple[str, ...]
    needs_context: bool
    confusable_words: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """
    Entries in the order of their file, with unique names, and the cues that decide ambiguous forms.
    """

    entries: tuple[Entry, ...]
    cues: Mapping[str, Cue] = field(default_factory=lambda: shipped_cues(SHIPPED[0]), hash=False)

    @cached_property
    def by_name(self) -> dict[str, Entry]:
        """Each entry by its name."""
        return {entry.name: entry for entry in self.entries}

    def entry(self, name: str) -> Entry:
        """The entry called `name`, in any case. Raises `LexiconError`, which names similar ones."""
        for entry in self.entries:
            if entry.name.casefold() == name.casefold():
                return entry
        known = [entry.name for entry in self.entries]
        raise LexiconError(f"the lexicon has no entry '{name}'{did_you_mean(name, known)}")


def load_lexicon(path: Path | str | None = None) -> Lexicon:
    """
    The lexicon in the file `path`, with the cues in `NAME_cues.csv` beside it (or else those for
    platforms).

    None is the lexicon of platforms that comes with the software; a name from SHIPPED is the
    lexicon of that name. Raises `FileError` when the file cannot be read, and `LexiconError` with
    every mistake and its line in `details`.
    """
    if path is None or str(path) in SHIPPED:
        name = SHIPPED[0] if path is None else str(path)
        text = (
            resources.files("nilreturn.narrative.lexicon")
            .joinpath("data", f"{name}.csv")
            .read_text(encoding="utf-8")
        )
        return parse_lexicon(text, f"lexicon '{name}'", cues=shipped_cues(name))
    path = Path(path)
    beside = path.with_name(f"{path.stem}_cues.csv")
    cues = parse_cues(_read(beside), str(beside)) if beside.exists() else None
    return parse_lexicon(_read(path), str(path), cues=cues)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FileError(
            f"{path}: cannot be read: {error.strerror}; a lexicon is a CSV file"
        ) from error
    except UnicodeDecodeError as error:
        raise FileError(f"{path}: is not UTF-8 text; save it as CSV UTF-8") from error


def parse_lexicon(text: str, where: str, *, cues: Mapping[str, Cue] | None = None) -> Lexicon:
    """The lexicon in `text` (CSV); `where` names it in messages. Raises `LexiconError`."""
    rows = _rows(text, where)
    mistakes = Mistakes(where, LexiconError)
    entries = []
    for line, row in rows:
        entry, wrong = _entry(row)
        for what in wrong:
            mistakes.add(line, what)
        entries.append((line, entry))
    for line, what in _across(entries):
        mistakes.add(line, what)
    if not entries:
        raise LexiconError(f"{where}: no entry; write one a line below {','.join(COLUMNS)}")
    mistakes.raise_if_any()
    return Lexicon(
        tuple(entry for _, entry in entries), shipped_cues(SHIPPED[0]) if cues is None else cues
    )


def _rows(text: str, where: str) -> list[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(text.splitlines(), strict=True)
    try:
        header = tuple(reader.fieldnames or ())
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            raise LexiconError(
                f"{where}, line 1: no column {', '.join(missing)}; a lexicon has "
                f"{', '.join(COLUMNS)}"
            )
        return [
            (reader.line_num, {name: (row.get(name) or "").strip() for name in COLUMNS})
            for row in reader
        ]
    except csv.Error as error:
        raise LexiconError(f"{where}, line {reader.line_num}: not CSV ({error})") from error


def _entry(row: dict[str, str]) -> tuple[Entry, list[str]]:
    wrong = [f"{name} is empty" for name in ("id", "name", "category") if not row[name]]
    if row["needs_context"] not in ("0", "1"):
        wrong.append("needs_context is neither 0 nor 1")
    forms = {}
    for column in ("aliases", "context_aliases", "confusable_words"):
        forms[column], bad = _forms(row[column])
        wrong += [f"{column}: {what}" for what in bad]
    if not forms["aliases"] and not forms["context_aliases"]:
        wrong.append("no alias at all; the name itself is not looked for unless it is an alias")
    both = sorted(set(forms["aliases"]) & set(forms["context_aliases"]))
    wrong += [f"'{form}' is both an alias and a context alias" for form in both]
    entry = Entry(row["id"], row["name"], row["parent"], row["category"], forms["aliases"],
                  forms["context_aliases"], row["needs_context"] == "1",
                  forms["confusable_words"])  # fmt: skip
    return entry, wrong


def _forms(cell: str) -> tuple[tuple[str, ...], list[str]]:
    found: dict[str, None] = {}
    wrong = []
    for written in filter(None, (part.strip() for part in cell.split(";"))):
        tokens = tokenise(normalise(written))
        if not tokens:
            wrong.append("a form without a letter or a digit")
        elif len(tokens) > LONGEST_PHRASE:
            wrong.append(f"'{written}' has more than {LONGEST_PHRASE} words")
        elif len("".join(token.form for token in tokens)) > LONGEST_FORM:
            wrong.append(f"'{written[:20]}…' has more than {LONGEST_FORM} letters")
        else:
            found[" ".join(token.form for token in tokens)] = None
    return tuple(found), wrong


def _across(entries: list[tuple[int, Entry]]) -> Iterator[tuple[int, str]]:
    """Mistakes that concern several entries: (line, what)."""
    ids: dict[str, int] = {}
    names: dict[str, int] = {}
    forms: dict[str, tuple[int, str]] = {}
    parents = {entry.name: entry.parent for _, entry in entries}
    for line, entry in entries:
        for value, seen, what in ((entry.id, ids, "id"), (entry.name.casefold(), names, "name")):
            if value and seen.setdefault(value, line) != line:
                yield line, f"{what} is also that of line {seen[value]}"
        for form in (*entry.aliases, *entry.context_aliases):
            first, name = forms.setdefault(form, (line, entry.name))
            if first != line:
                yield line, f"'{form}' already means {name} (line {first})"
        if entry.parent and entry.parent not in parents:
            yield (
                line,
                (
                    f"parent '{entry.parent}' is not an "
                    f"entry{did_you_mean(entry.parent, list(parents))}"
                ),
            )
        elif _own_ancestor(entry.name, parents):
            yield line, f"'{entry.name}' is its own parent"


def _own_ancestor(name: str, parents: dict[str, str]) -> bool:
    seen = set()
    parent = parents[name]
    while parent and parent not in seen:
        if parent == name:
            return True
        seen.add(parent)
        parent = parents.get(parent, "")
    return False
