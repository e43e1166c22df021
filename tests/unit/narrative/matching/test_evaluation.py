"""The evaluation counts right, and says so in one JSON object on its last line."""

import csv
import json

import pytest
from benchmarks import text
from benchmarks.text_generated import generated, slip
from benchmarks.text_peers import PEERS

from nilreturn.narrative.lexicon import load_lexicon


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def row(words, gold="", trap=""):
    mentions = [{"p": name, "form": "", "type": "any"} for name in gold.split(";") if name]
    return {
        "id": "1",
        "text": words,
        "gold": gold,
        "mentions": json.dumps(mentions),
        "neg_type": trap,
        "pos": "1",
    }


def test_the_figures_are_those_of_the_records():
    found = {"a": {"Kik"}, "b": {"Kik", "Skype"}, "c": set(), "d": {"Kik"}}
    rows = [row("a", "Kik"), row("b", "Kik"), row("c", "Kik"), row("d", "", "kik+line")]
    result = text.score(
        lambda _, texts: [frozenset(found[one]) for one in texts], load_lexicon(), rows
    )
    assert (result.right, result.wrong, result.missed) == (2, 2, 1)
    assert (result.precision, result.recall, result.f1) == (2 / 4, 2 / 3, 4 / 7)
    # Kik in three records as in truth; Skype in one, truly none.
    assert result.count_error == (0 + 1) / 3
    assert result.by_type == {"any": [2, 3]}
    assert result.by_trap == {"kik": [1, 1], "line": [1, 1]}


def test_the_last_line_is_one_json_object(tmp_path, capsys):
    path = write(tmp_path / "some.csv", generated(load_lexicon(), hard=True, seed=5, records=80))
    text.main([path])
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])["eval_text"][path]
    assert summary["records"] == 80
    assert set(summary["finders"]) == {"this matcher", *PEERS}
    assert summary["finders"]["this matcher"]["f1"] > max(
        summary["finders"][peer]["f1"] for peer in PEERS
    )


@pytest.mark.parametrize(
    "content", ["id,text\n1,kik\n", "id,text,gold,mentions,neg_type\n1,kik,,[,\n"]
)
def test_a_file_of_another_kind_is_refused_in_one_line(tmp_path, content):
    (tmp_path / "other.csv").write_text(content, encoding="utf-8")
    with pytest.raises(SystemExit, match=r"^eval-text: .*other"):
        text.main([str(tmp_path / "other.csv")])


def test_made_up_records_are_the_same_for_the_same_seed():
    lexicon = load_lexicon()
    assert generated(lexicon, hard=True, seed=1, records=20) == generated(
        lexicon, hard=True, seed=1, records=20
    )
    assert generated(lexicon, hard=True, seed=1, records=20) != generated(
        lexicon, hard=True, seed=2, records=20
    )


def test_a_slip_is_one_plain_edit():
    import random

    from rapidfuzz.distance import OSA

    draw = random.Random(4)
    assert all(OSA.distance("telegram", slip("telegram", draw)) <= 1 for _ in range(500))
