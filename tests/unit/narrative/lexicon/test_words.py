"""The lists of words that ship, and the scripts that make them."""

import gzip
import json
from importlib import resources

from scripts import build_lexicon, build_words

from nilreturn.narrative.lexicon import load_lexicon

FOLDER = resources.files("nilreturn.narrative.lexicon").joinpath("data")


def words(folder, name):
    return gzip.decompress((folder / f"{name}.txt.gz").read_bytes()).decode().split("\n")


def test_the_lists_are_sorted_and_hold_no_word_twice():
    held = [
        word
        for name in ("words_common", "words_usual", "words_rarer", "places")
        for word in words(FOLDER, name)
    ]
    assert len(held) == len(set(held)) > 140_000
    assert words(FOLDER, "places") == sorted(words(FOLDER, "places"))


def test_every_list_has_its_licence():
    notice = FOLDER.joinpath("NOTICE").read_text(encoding="utf-8")
    for path in FOLDER.iterdir():
        if path.name.endswith(".gz"):
            assert path.name in notice


def test_the_script_writes_the_same_bytes_from_the_same_lists(tmp_path):
    (tmp_path / "english-words.10").write_text("cat\ncat's\n", encoding="latin-1")
    (tmp_path / "british-words.35").write_text("colour\ncat\n", encoding="latin-1")
    cities = {
        "1": {"name": "Stow-on-the-Wold", "countrycode": "GB"},
        "2": {"name": "Colmar", "countrycode": "FR"},
    }
    (tmp_path / "cities.json").write_text(json.dumps(cities), encoding="utf-8")
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        build_words.main(str(tmp_path), str(tmp_path / "cities.json"), str(tmp_path / name))
        written.append([path.read_bytes() for path in sorted((tmp_path / name).iterdir())])
    assert written[0] == written[1]
    assert words(tmp_path / "one", "words_common") == ["cat", "cats"]
    assert words(tmp_path / "one", "words_usual") == ["colour"]
    assert words(tmp_path / "one", "places") == ["stow", "wold"]


def test_the_script_of_the_lexicon_writes_what_loads(tmp_path, capsys):
    table = tmp_path / "table.csv"
    table.write_text(
        "id,canonical,parent,category,aliases,context_aliases,needs_context,confusable_words\n"
        "1,Kik,,messaging,kik;KIK;kik app,,0,kick\n",
        encoding="utf-8",
    )
    build_lexicon.main(str(table), str(tmp_path / "out.csv"))
    assert load_lexicon(tmp_path / "out.csv").entries[0].aliases == ("kik", "kik app")
    assert "'KIK' is there already" in capsys.readouterr().err
