"""A batch of texts cut at once gives the tokens that each text alone gives."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from nilreturn.narrative.text import normalise, tokenise
from nilreturn.narrative.tokens import GAPS, tokens_of

PIECES = st.sampled_from(
    ["IP", "snapchat", "x", "9", "'", "`", "’", " ", "  ", "\t", "\n\n", ".", ", ", "-", " - ", "/",
     "_", "!", "(", "&", "&amp;", "A&E", "<b>", "< 5", "\x00", "\x1f", "\x7f", "é", "е", "\u200f",
     "🙂", "z" * 39, "z" * 41, "a'" * 45]
)  # fmt: skip
TEXT = st.lists(PIECES, max_size=16).map("".join) | st.text(max_size=30)


@settings(deadline=None)
@given(st.lists(st.none() | TEXT, max_size=8), st.integers(0, 3))
def test_tokens_of_a_batch_are_those_of_its_texts(texts: list[str | None], skipped: int) -> None:
    batch = pa.array(texts, pa.string())[min(skipped, len(texts)) :]
    alone = [tokenise(normalise(text or "")) for text in batch.to_pylist()]
    tokens = tokens_of(batch)
    assert tokens.forms.to_pylist() == [token.form for record in alone for token in record]
    assert [GAPS[code] for code in tokens.gaps] == [
        token.gap for record in alone for token in record
    ]
    assert tokens.lengths.tolist() == [len(record) for record in alone]
