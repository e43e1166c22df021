"""What the index finds is what the plain reference finds record by record."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nilreturn.narrative import find_in_batch
from nilreturn.narrative.index import Index, TokenStore, index_text, open_batch
from nilreturn.narrative.lexicon import load_lexicon
from nilreturn.narrative.matching import SOME_CONTEXT, Matcher
from nilreturn.narrative.mentions import Verdict, as_written, find_mentions
from nilreturn.narrative.text import normalise, phrases, tokenise
from tests.support.examples import examples

SHARED = Path(__file__).parents[3].parent / "shared" / "text"
WORDS = st.sampled_from(
    """
    via on ip susp messaged account using the to a added kicked line signal snap chat sc ig
    snapchat snpchat insta garm gram instagram facebook messenger app fb face bok book message
    text letter x box live play station netwrk whats ap whatsapp wa kik teams meeting console
    stolen tick tok tiktok call of duty dutty match com plenty fish oninstagram lnstagram wats
    discord discard server e mail mial marketplace profile zoom in with steam and
    """.split()  # noqa: SIM905
)
GAPS = st.sampled_from([" ", " ", " ", " ", " ", ", ", ". ", "-", " / ", "  ", " (", "'"])
TEXT = st.lists(st.tuples(WORDS, GAPS), max_size=10).map(
    lambda some: "".join(word + gap for word, gap in some)
)
TEXTS = st.lists(st.none() | TEXT, min_size=1, max_size=6)


@cache
def matcher() -> Matcher:
    return Matcher(load_lexicon())


def indexed(texts: Sequence[str | None], folder: Path) -> Index:
    table = pa.table(
        {
            "crime_ref": [f"C{n}" for n in range(len(texts))],
            "narrative": pa.array(texts, pa.string()),
        }
    )
    pq.write_table(table, folder / "crimes.parquet")
    return index_text(
        folder / "crimes.parquet",
        folder / "index",
        record="crime_ref",
        text="narrative",
        source="s",
    )


def reference(texts: Sequence[str | None]) -> set[tuple[str, str, bool]]:
    found = set()
    for number, text in enumerate(texts):
        mentions = matcher().mentions(text or "")
        for name in {mention.entry.name for mention in mentions}:
            written = any(
                as_written(mention.candidate) for mention in mentions if mention.entry.name == name
            )
            found.add((f"C{number}", name, written))
    return found


def rows(table: pa.Table) -> list[tuple[str, str, bool]]:
    return [tuple(row.values()) for row in table.to_pylist()]


@settings(deadline=None, max_examples=examples(60))
@given(TEXTS)
def test_index_finds_what_the_reference_finds(texts: list[str | None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = find_mentions(indexed(texts, Path(folder)), matcher())
    assert sorted(rows(found.table)) == sorted(reference(texts))
    assert found.naming_none == len(texts) - len({ref for ref, _, _ in reference(texts)})


@settings(deadline=None, max_examples=examples(150))
@given(TEXTS)
def test_batch_in_memory_finds_what_the_reference_finds(texts: list[str | None]) -> None:
    references = pa.array([f"C{number}" for number in range(len(texts))])
    found = find_in_batch(open_batch(pa.array(texts, pa.string())), references, matcher())
    assert sorted(rows(found.table)) == sorted(reference(texts))


@settings(deadline=None, max_examples=examples(60))
@given(TEXTS, st.data())
def test_verdicts_act_as_if_the_matcher_had_said_so(
    texts: list[str | None], data: st.DataObject
) -> None:
    tokens = [tokenise(normalise(text or "")) for text in texts]
    candidates = matcher().candidates(form for record in tokens for form, _, _ in phrases(record))
    pairs = sorted({(form, one.entry.name) for form, means in candidates.items() for one in means})
    decided = data.draw(st.lists(st.sampled_from(pairs), max_size=4)) if pairs else []
    verdicts = {pair: data.draw(st.sampled_from(Verdict)) for pair in decided}
    adjusted = {}
    for form, means in candidates.items():
        for one in means:
            verdict = verdicts.get((form, one.entry.name))
            if verdict is Verdict.ACCEPT:
                one = replace(one, context_threshold=0.0, overlaps=False)
            elif verdict is Verdict.ONLY_IN_CONTEXT:
                one = replace(one, context_threshold=max(one.context_threshold, SOME_CONTEXT))
            if verdict is not Verdict.REJECT:
                adjusted[form] = (*adjusted.get(form, ()), one)
    expected = {
        (f"C{number}", mention.entry.name)
        for number, record in enumerate(tokens)
        for mention in matcher().resolve(record, adjusted)
    }
    references = pa.array([f"C{number}" for number in range(len(texts))])
    found = find_in_batch(open_batch(pa.array(texts, pa.string())), references, matcher(), verdicts)
    assert {(ref, name) for ref, name, _ in rows(found.table)} == expected


@settings(deadline=None, max_examples=examples(60))
@given(TEXTS)
def test_postings_hold_what_a_scan_of_the_tokens_holds(texts: list[str | None]) -> None:
    tokens = [tokenise(normalise(text or "")) for text in texts]
    forms = sorted(
        {form for record in tokens for form, _, _ in phrases(record)} | {"absent", "ip absent"}
    )
    with tempfile.TemporaryDirectory() as folder:
        index = indexed(texts, Path(folder))
        by_postings, by_scan = index.holding(forms), TokenStore.holding(index, forms)
    plain = {
        form: [
            row for row, record in enumerate(tokens) if form in {f for f, _, _ in phrases(record)}
        ]
        for form in forms
    }
    assert {form: found.tolist() for form, found in by_postings.items()} == plain
    assert {form: found.tolist() for form, found in by_scan.items()} == plain


@pytest.mark.parametrize("name", ["dev.csv", "dev_natural.csv"])
def test_index_finds_what_the_reference_finds_in_a_text_file(name: str, tmp_path: Path) -> None:
    if not (SHARED / name).exists():
        pytest.skip(f"{SHARED / name} is not there")
    with (SHARED / name).open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    found = find_mentions(indexed(texts, tmp_path), matcher())
    assert sorted(rows(found.table)) == sorted(reference(texts))
