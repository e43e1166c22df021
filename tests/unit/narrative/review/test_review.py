"""What a reviewer sees: each form with its evidence, and nothing that names anybody."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from nilreturn.narrative.mentions import Verdict
from nilreturn.narrative.review import Decision, discover, read_decisions, review, write_review
from nilreturn.narrative.review.forms import COLUMNS, RARE
from tests.unit.narrative.indexing import indexed, matcher

COMMON = ["SUSP CONTACTED IP VIA SNAPCHAT AND ASKED FOR MONEY. JOHN SMITH SEEN IN REDDITCH"] * (
    RARE + 2
)
RARELY = [
    "ip messaged on snpchat by zebedee, see https://example.org/zebedee 07700900123 card 4929x",
    "camera with zoom lens stolen from shop",
    "zoom call messages sent to ip",
]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return indexed(tmp_path_factory.mktemp("review"), COMMON + RARELY)


def rows_of(index, decisions=()):
    return {(row.form, row.keyword): row for row in review(index, matcher(), decisions)}


def test_a_form_comes_with_its_counts_and_its_reasons(index):
    rows = rows_of(index)
    written, variant, ambiguous = (
        rows[key] for key in (("snapchat", "Snapchat"), ("snpchat", "Snapchat"), ("zoom", "Zoom"))
    )
    assert (written.records, written.counted, written.is_open) == (len(COMMON), len(COMMON), False)
    assert (variant.records, variant.counted, variant.is_open) == (1, 1, True)
    assert " from 'snap" in variant.candidate.why
    assert (ambiguous.records, ambiguous.counted, ambiguous.in_context, ambiguous.rule) == (
        2,
        1,
        0.5,
        "only in context",
    )


def test_those_in_most_records_come_first(index):
    assert [row.records for row in review(index, matcher())] == sorted(
        (row.records for row in review(index, matcher())), reverse=True
    )


def test_snippets_name_nobody(index):
    shown = " ".join(snippet for row in review(index, matcher()) for snippet in row.snippets)
    for secret in (
        "john",
        "smith",
        "redditch",
        "zebedee",
        "example",
        "07700900123",
        "4929",
        "lens",
    ):
        assert secret not in shown
    assert rows_of(index)[("snapchat", "Snapchat")].snippets == (
        "susp contacted ip via [snapchat] and asked for money …",
    )


def test_a_decision_is_shown_and_counts(index):
    said = Decision("zoom", "Zoom", Verdict.REJECT, "A", date(2026, 11, 24))
    row = rows_of(index, [said])[("zoom", "Zoom")]
    assert (row.counted, row.rule, row.decision, row.is_open) == (
        0,
        "never, by review",
        said,
        False,
    )


def test_a_review_file_filled_in_is_a_file_of_decisions(index, tmp_path):
    path = tmp_path / "review.csv"
    said = Decision("zoom", "Zoom", Verdict.ACCEPT, "A, of the bureau", date(2026, 11, 24))
    write_review(path, review(index, matcher(), [said]))
    assert read_decisions(path, matcher().lexicon) == (said,)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(review(index, matcher()))


def test_platforms_nobody_listed_are_found_by_their_cues(tmp_path):
    texts = [f"SUSP MESSAGED IP VIA ZANGI. ZANGI ACCOUNT {n}" for n in range(RARE + 5)]
    texts += ["PHOTOS SENT VIA QUORRA BY SUSP"] * RARE
    texts += ["CONTACTED VIA MARVOLO"] * (RARE - 1)  # too few records: it might be anybody's name
    texts += ["WAITED ON FRIDAY ON FOOT"] * 40 + ["MESSAGED ON TIK TOK"] * 40
    texts += ["LEFT BY GRUNDIG VAN, GRUNDIG SEEN"] * 90 + ["CALLED ON GRUNDIG"] * RARE
    found = discover(indexed(tmp_path, texts), matcher())
    assert [(one.form, one.records, one.cued) for one in found] == [
        ("zangi", RARE + 5, RARE + 5),
        ("quorra", RARE, RARE),
    ]
    assert found[0].cues == (f"via … {RARE + 5}", f"… account {RARE + 5}")
