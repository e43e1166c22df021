"""A force's own words stand in the place of the shipped ones, key by key."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from nilreturn.errors import ReleaseError
from nilreturn.release import load_wording
from nilreturn.release.letter import letter, texts, write_html
from nilreturn.release.wording import shipped_wording
from tests.architecture.source import SOURCE
from tests.support.answers import model_answer

WELSH = """\
[request]
heading = "Eich cais"

[date]
months = ["Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi",
    "Hydref", "Tachwedd", "Rhagfyr"]
"""


def test_missing_keys_stay_as_they_are_shipped(tmp_path: Path) -> None:
    (tmp_path / "letter.toml").write_text(WELSH, encoding="utf-8")
    (tmp_path / "rights.toml").write_text('commissioner_address = ["1 New Street"]\n')
    (tmp_path / "exemptions.toml").write_text('["s40(2)"]\ntitle = "gwybodaeth bersonol"\n')
    (tmp_path / "caveats.toml").write_text('live-system = "System byw: {system}."\n')
    answer = replace(model_answer(), wording=load_wording(tmp_path))
    words = "\n".join(texts(letter(answer)))
    for part in ("Eich cais", "29 Mehefin 2021", "1 New Street", "System byw: Connect.",
                 "gwybodaeth bersonol", "Our decision"):  # fmt: skip
        assert part in words, part
    assert "Wycliffe" not in words


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("letter.toml", "[request]\nheadng = 'x'\n", "letter.toml, line 2: no wording"),
        (
            "letter.toml",
            "[request]\nheading = 'x {who}'\n",
            "has a place",
        ),
        ("letter.toml", "[request]\nheading = '{0.__class__}'\n", "has a place"),
        ("letter.toml", "[request]\nheading = 'x {'\n", "has a brace"),
        ("letter.toml", "[request]\nheading = ['x']\n", "must be a text"),
        ("letter.toml", "[request]\nheading = ' '\n", "is empty"),
        ("letter.toml", "[date]\nmonths = ['x']\n", "twelve months"),
        ("rights.toml", "review = 'x'\n", "must be a list of texts"),
        ("rights.toml", "review = []\n", "must be a list of texts"),
        ("rights.toml", "review = [1]\n", "must be a list of texts"),
        ("rights.toml", "review = \n", "is not TOML"),
        ("rights.toml", "review = " + "[" * 5000, "nested deeper"),
        ("rights.toml", "review = " + "1" * 5000, "thousands of digits"),
        ("leter.toml", "", "did you mean 'letter.toml'"),
    ],
)
def test_mistakes_are_told_with_file_and_line(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ReleaseError) as caught:
        load_wording(tmp_path)
    assert any(says in line for line in caught.value.details), caught.value.details


def test_no_folder_gives_the_shipped_words_and_a_missing_one_is_told(tmp_path: Path) -> None:
    assert load_wording(None) is shipped_wording()
    with pytest.raises(ReleaseError, match="is no folder"):
        load_wording(tmp_path / "none")


def test_a_template_of_the_force_lays_the_letter_out(tmp_path: Path) -> None:
    (tmp_path / "letter.html.jinja").write_text("<p>{{ title }}</p>")
    answer = replace(model_answer(), wording=load_wording(tmp_path))
    write_html(answer, tmp_path / "out.html")
    assert (tmp_path / "out.html").read_text() == "<p>Freedom of Information request 20210999</p>"


@pytest.mark.parametrize("template", ["{% for %}", "{{ nothing }}", "{{ title.__class__.mro() }}"])
def test_a_template_with_mistakes_is_told(tmp_path: Path, template: str) -> None:
    (tmp_path / "letter.html.jinja").write_text(template)
    answer = replace(model_answer(), wording=load_wording(tmp_path))
    with pytest.raises(ReleaseError, match=r"letter\.html\.jinja"):
        write_html(answer, tmp_path / "out.html")


def test_every_sentence_that_is_named_is_there() -> None:
    known = shipped_wording()
    named = {
        key
        for path in (SOURCE / "release").rglob("*.py")
        for key in re.findall(r'\bsay\(\s*"([a-z_]+\.[a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(named) > 40
    assert {key for key in named if f"letter.{key}" not in known.sentences} == set()
