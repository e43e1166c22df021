"""
Looks up a requester's keywords in an extract's free text, and gives what the reply must say about
how this was done.

A requester writes "Twitter" where the lexicon has "X (Twitter)": a keyword asks for an entry by its
name or by any alias, and is reported under the requester's own word. A word that is not in the
lexicon is searched as an entry of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from nilreturn.errors import LexiconError
from nilreturn.narrative.index import index_text
from nilreturn.narrative.lexicon import Entry, Lexicon, load_lexicon
from nilreturn.narrative.matching import Matcher
from nilreturn.narrative.mentions import Mentions, Verdicts, find_mentions
from nilreturn.narrative.text import LONGEST_FORM, LONGEST_PHRASE, normalise, tokenise
from nilreturn.progress import Progress, no_progress

RULE = (
    "The keyword stands in the text as a word, in capitals or not, in one piece or in two, or "
    "another name of the same thing does (“As written”); or a word stands there that is a "
    "misspelling of it and of nothing else, near enough by a fixed measure, and where it is less "
    "near only with words beside it that speak of messages, accounts or the like (“Only in another "
    "spelling”). An ordinary English word, a place or a piece of police shorthand is never taken "
    "for a misspelling."
)
CUT_OFF = 10  # records as long as the longest; by chance there are one or two
_AMBIGUOUS = (
    "Counted for {name} only where the words beside it show that {name} is meant; it has "
    "other meanings too."
)


@dataclass(frozen=True)
class KeywordSearch:
    """
    What a search found, under the requester's own keywords, and what the reply says about it.

    Attributes
    ----------
    mentions
        The mentions, and the forms that counted. They depend on the records.
    rule
        What counts as a mention, in sentences for the letter.
    ambiguous
        By keyword, the words for it that also mean something else, and the rule for them.
    spellings
        By keyword, the names and abbreviations that the lexicon has for it, whether or not a record
        has them.
    cut_at
        The length in characters at which the source seems to cut its texts off; None where nothing
        indicates that it does. It depends on the records and is not for a reply.
    """

    mentions: Mentions
    rule: str
    ambiguous: Mapping[str, tuple[str, str]]
    spellings: Mapping[str, tuple[str, ...]]
    cut_at: int | None

    def forms(self, keyword: str) -> pa.Table:
        """
        The records in which each form of a keyword was counted.

        Parameters
        ----------
        keyword
            One of the requester's keywords.

        Returns
        -------
        pyarrow.Table
            Columns `crime_ref` and `form`; one row for each record and form.
        """
        found = self.mentions.by_form
        return found.filter(pc.equal(found["keyword"], keyword)).select(["crime_ref", "form"])


def search_keywords(
    text: Path,
    folder: Path,
    keywords: Sequence[str],
    *,
    source: str,
    lexicon: Lexicon | None = None,
    verdicts: Verdicts | None = None,
    progress: Progress = no_progress,
) -> KeywordSearch:
    """
    Find the mentions of keywords in the column `narrative` of a Parquet file.

    Parameters
    ----------
    text
        The Parquet file, with the columns `crime_ref` and `narrative`.
    folder
        Where the text's index is kept; it is built at the first search.
    keywords
        The requester's keywords; of one to `LONGEST_PHRASE` words each.
    source
        A hash that stands for the file's contents.
    lexicon
        What is searched for; None: the lexicon of platforms that comes with the software.
    verdicts
        What reviewers decided about forms.
    progress
        Called with the work done so far.

    Returns
    -------
    KeywordSearch
        What was found, by the requester's keywords.

    Raises
    ------
    LexiconError
        When a keyword cannot be searched.
    ExtractError
        When the file does not have the columns.
    FileError
        When the file or the index cannot be read or written.
    ExtraError
        When the extra "text" is not installed.
    """
    index = index_text(
        text, folder, record="crime_ref", text="narrative", source=source, progress=progress
    )
    widened, meant = asked_of(lexicon or load_lexicon(), keywords)
    names = [entry.name for entry in meant.values()]
    found = find_mentions(index, Matcher(widened), verdicts, names, progress=progress)
    asked = replace(
        found,
        table=_as_asked(found.table, meant),
        by_form=_as_asked(found.by_form, meant),
        keywords=tuple(meant),
    )
    told = {keyword: told for keyword, entry in meant.items() if (told := _ambiguous(entry))}
    spellings = {
        keyword: (*entry.aliases, *entry.context_aliases) for keyword, entry in meant.items()
    }
    return KeywordSearch(asked, RULE, told, spellings, _cut_at(index.manifest))


def _cut_at(manifest: Mapping[str, Any]) -> int | None:
    return manifest["longest_text"] if manifest["records_of_longest_text"] >= CUT_OFF else None


def asked_of(lexicon: Lexicon, keywords: Sequence[str]) -> tuple[Lexicon, dict[str, Entry]]:
    """
    Each keyword's entry; and the lexicon, with an entry added for each keyword that it does not
    have.

    Raises `LexiconError` for a keyword that cannot be searched: a count of none would not be true.
    """
    known: dict[str, Entry] = {}
    for entry in lexicon.entries:
        for form in (*entry.aliases, *entry.context_aliases):
            known.setdefault(_form(form), entry)
    # A name takes precedence over an alias of another entry.
    known |= {_form(entry.name): entry for entry in lexicon.entries}
    meant = {}
    added = []
    for number, keyword in enumerate(dict.fromkeys(keywords)):
        form = _form(keyword)
        if form not in known:
            _check_can_be_found(keyword, form)
            known[form] = Entry(f"asked-{number}", keyword, "", "asked", (form,), (), False, ())
            added.append(known[form])
        meant[keyword] = known[form]
    return (replace(lexicon, entries=(*lexicon.entries, *added)) if added else lexicon), meant


def _form(name: str) -> str:
    return " ".join(token.form for token in tokenise(normalise(name)))


def _check_can_be_found(keyword: str, form: str) -> None:
    if not 1 <= len(form.split()) <= LONGEST_PHRASE:
        raise LexiconError(
            f"the keyword {keyword[:LONGEST_FORM]!r} cannot be searched; ask for one to "
            f"{LONGEST_PHRASE} words"
        )


def _as_asked(table: pa.Table, meant: Mapping[str, Entry]) -> pa.Table:
    """The rows of each entry, under every keyword that asks for it."""
    parts = []
    for keyword, entry in meant.items():
        mine = table.filter(pc.equal(table["keyword"], entry.name))
        place = table.schema.get_field_index("keyword")
        parts.append(
            mine.set_column(place, "keyword", pa.array([keyword] * len(mine), pa.string()))
        )
    return pa.concat_tables(parts) if parts else table


def _ambiguous(entry: Entry) -> tuple[str, str] | None:
    words = [_form(entry.name)] if entry.needs_context else []
    words += [*entry.context_aliases, *entry.confusable_words]
    return (", ".join(words), _AMBIGUOUS.format(name=entry.name)) if words else None
