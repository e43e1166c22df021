"""
What is kept beside an extract has a version, and the version is raised whenever the code makes
something else.

`expected/` holds what tokens and mentions the code gives for some texts, and for which version that
was agreed. `./run update-golden` writes them anew, but never under a version that stood for other
contents.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from nilreturn.narrative.index import find_occurrences, open_batch, versions
from nilreturn.narrative.lexicon import SHIPPED, load_lexicon
from nilreturn.narrative.matching import Matcher

EXPECTED = Path(__file__).parent / "expected"
UPDATE = os.environ.get("NILRETURN_UPDATE_GOLDEN") == "1"

TEXTS = (
    "Suspect contacted victim via Snapchat and then WhatsApp.",
    "SNAP CHAT / snapchat/Insta; what's app, face book messenger - t.i.k t.o.k",
    "via <b>facebok</b> &amp; instagrm, later on wattsapp (watsap) and snapchatt",
    "IP states that she was added on X, formerly Twitter, and got a d.m. on X from unknown male",
    "Male spoke to her over Discord / Roblox / Fortnite on his PlayStation, play station netwrk",
    "took a signal from the car; the signal was poor. Contacted on signal by text",
    "messenger: he sent a message on messenger. WhatsApp messenger group, fb messenger",
    "met on Tinder, then POF, plenty offish, match.com and e-mail; line manager told her",
    "onlyfans, only fans, only his fans; omegle and kik, kick, kicked him in the leg",
    "telegram, tele gram, a telegram was sent; twitch in his eye; streaming live on twitch",
    'kitchen knife, 6" blade, lock knife, machette, machete; stanly knife, pen-knife and penknives',
    (
        "threatened with a zombie knife / samurai sword, axe; the carving-knive was 20cm long, "
        "flick  knife"
    ),
    "fàcebook snapch\u0410t \u200bwhats\u00adapp W H A T S A P P yøutube ＹｏｕＴｕｂｅ",
    (
        "naïve, O'Brien's, co-operate, 07700900123, AB12 CDE, https://example.org/face?x=1, 12.5% "
        "a.b.c"
    ),
    "word\n\nnext - page_one...two!three?four;five|six + seven & eight \\ nine",
    "x" * 300 + " " + "ab" * 40 + " \t\r\n\f  end",
    "",
)


def tokens() -> list[dict[str, Any]]:
    """The tokens of each text as the index holds them."""
    batch = open_batch(pa.array(TEXTS, pa.string()))
    forms = batch.forms.to_pylist()
    rows = zip(batch.bounds[:-1].tolist(), batch.bounds[1:].tolist(), strict=True)
    return [
        {"forms": [forms[token >> 2] for token in part], "gaps": [token & 3 for token in part]}
        for part in (batch.tokens[first:past].tolist() for first, past in rows)
    ]


def mentions() -> dict[str, Any]:
    """
    What each shipped lexicon finds in the texts: the candidates of the index, and which of them
    count where.
    """
    return {name: list(_mentions(name)) for name in SHIPPED}


def _mentions(lexicon: str) -> Iterator[dict[str, Any]]:
    found = find_occurrences(
        open_batch(pa.array(TEXTS, pa.string())), Matcher(load_lexicon(lexicon))
    )
    for row, pair, counts in sorted(
        zip(found.rows.tolist(), found.pair.tolist(), found.counts.tolist(), strict=True)
    ):
        form, candidate = found.pairs[pair]
        yield {"text": row, "form": form, "keyword": candidate.entry.name, "counts": counts,
               "why": candidate.why, "how": candidate.match_kind, "cost": candidate.cost,
               "demand": candidate.context_threshold}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "version", "made"),
    [("tokens", versions.TOKENS, tokens), ("mentions", versions.MATCHING, mentions)],
    ids=["tokens", "mentions"],
)
def test_another_outcome_has_another_version(
    name: str, version: int, made: Callable[[], object]
) -> None:
    path = EXPECTED / f"{name}.json"
    found = {"version": version, "made": made()}
    agreed = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if UPDATE and agreed.get("version") != version:
        path.write_text(
            json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n"
        )
        agreed = found
    assert found["made"] == agreed["made"], (
        "what is kept would differ: raise the version, then ./run update-golden"
    )
    assert found["version"] == agreed["version"], "./run update-golden writes down the new version"
