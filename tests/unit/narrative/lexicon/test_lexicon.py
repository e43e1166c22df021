"""A lexicon is a file that a person writes; its mistakes are named all at once."""

import pytest

from nilreturn.errors import FileError, LexiconError
from nilreturn.narrative.lexicon import SHIPPED, load_lexicon
from nilreturn.narrative.lexicon.lexicon import parse_lexicon
from nilreturn.narrative.matching import Matcher

HEADER = "id,name,parent,category,aliases,context_aliases,needs_context,confusable_words\n"


def test_the_default_is_the_one_of_platforms():
    lexicon = load_lexicon()
    assert len(lexicon.entries) >= 90
    assert lexicon.by_name["Facebook Messenger"].parent == "Facebook"
    assert "fb" in lexicon.by_name["Facebook"].context_aliases


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_lexicon_loads_with_cues(name):
    lexicon = load_lexicon(name)
    assert lexicon.entries
    assert lexicon.cues


def test_aliases_are_forms():
    entry = parse_lexicon(HEADER + "1,Ask.fm,,social,ASK.FM;What's Up,,0,\n", "mine").entries[0]
    assert entry.aliases == ("ask fm", "whats up")


def test_every_mistake_is_named_with_its_line():
    text = HEADER + (
        "1,Kik,,messaging,kik,,0,\n"
        "1,,,messaging,kick,,maybe,\n"
        "2,Kik,Kok,messaging,kik,,0,\n"
        "3,Long,,messaging,one two three four five,,0,\n"
        "4,None,,messaging,,,0,\n"
        "5,Own,Own,messaging,own,own,0,\n"
    )
    with pytest.raises(LexiconError) as raised:
        parse_lexicon(text, "mine.csv")
    wrong = "\n".join(raised.value.details)
    for said in (
        "line 3: name is empty",
        "line 3: needs_context is neither 0 nor 1",
        "line 3: id is also that of line 2",
        "line 4: name is also that of line 2",
        "line 4: parent 'Kok' is not an entry; did you mean 'Kik'?",
        "line 4: 'kik' already means Kik (line 2)",
        "line 5: aliases: 'one two three four five' has more than 4 words",
        "line 6: no alias at all",
        "line 7: 'own' is both an alias and a context alias",
        "line 7: 'Own' is its own parent",
    ):
        assert said in wrong
    assert (
        str(raised.value)
        == f"mine.csv: {len(raised.value.details)} mistakes; correct them and try again"
    )


@pytest.mark.parametrize("text", ["", "id,name\n1,Kik\n", HEADER, HEADER + '1,"Kik\n'])
def test_what_is_no_lexicon_is_refused_in_one_line(text):
    with pytest.raises(LexiconError) as raised:
        parse_lexicon(text, "mine.csv")
    assert "\n" not in str(raised.value)
    assert "mine.csv" in str(raised.value)


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(FileError, match="nothing"):
        load_lexicon(tmp_path / "nothing.csv")
    (tmp_path / "latin.csv").write_bytes(HEADER.encode() + b"1,Caf\xe9,,x,cafe,,0,\n")
    with pytest.raises(FileError, match="UTF-8"):
        load_lexicon(tmp_path / "latin.csv")


def test_an_own_lexicon_brings_its_own_cues(tmp_path):
    path = tmp_path / "vehicles.csv"
    path.write_text(HEADER + "1,Transit,,van,ford transit,transit,0,\n", encoding="utf-8")
    text = "IP WAS ABOARD TRANSIT WHEN STRUCK"
    assert not Matcher(load_lexicon(path)).mentions(text)
    (tmp_path / "vehicles_cues.csv").write_text(
        "word,before,after,near\naboard,1.5,0,0\n", encoding="utf-8"
    )
    assert [mention.entry.name for mention in Matcher(load_lexicon(path)).mentions(text)] == [
        "Transit"
    ]


@pytest.mark.parametrize(
    "text", ["word,before\nvia,1\n", "word,before,after,near\nvia,much,0,0\n",
             "word,before,after,near\nvia,9,0,0\n",
             "word,before,after,near\nvia,1,0,0\nvia,2,0,0\n",
             "word,before,after,near\nby way of,1,0,0\n"],
)  # fmt: skip
def test_mistakes_in_cues_are_named(tmp_path, text):
    (tmp_path / "own.csv").write_text(HEADER + "1,Kik,,x,kik,,0,\n", encoding="utf-8")
    (tmp_path / "own_cues.csv").write_text(text, encoding="utf-8")
    with pytest.raises(LexiconError, match="own_cues"):
        load_lexicon(tmp_path / "own.csv")


def test_a_bare_name_that_is_a_word_needs_context_wherever_it_is_written():
    for aliases in ("pulse;pulse app,,1", "pulse app,pulse,1"):
        matcher = Matcher(parse_lexicon(HEADER + f"1,Pulse,,messaging,{aliases},\n", "mine"))
        assert not matcher.mentions("MEDIC FOUND NO PULSE")
        assert matcher.mentions("MESSAGED ON PULSE")
        assert matcher.mentions("PULSE APP")


def test_an_entry_is_found_by_name_or_near_ones_are_named():
    lexicon = load_lexicon()
    assert lexicon.entry("whatsapp").name == "WhatsApp"
    with pytest.raises(LexiconError, match="did you mean 'Facebook'"):
        lexicon.entry("Facebok")


def test_a_lexicon_of_knives_works_the_same_way():
    matcher = Matcher(load_lexicon("knives"))

    def names(text):
        return {mention.entry.name for mention in matcher.mentions(text)}

    assert names("SUSP PRODUCED A KITCHEN KNFIE AND DEMANDED TILL") == {"Kitchen knife", "Knife"}
    assert names("MALE SEEN WITH MACHETTE") == {"Machete"}
    assert names("HE PULLED A BLADE FROM HIS WAISTBAND") == {"Knife"}
    assert names("SLASHED WITH A STANLEY") == {"Stanley knife"}
    assert names("WIPER BLADE SNAPPED OFF") == set()
    assert names("SCREWDRIVER USED TO FORCE DOOR") == set()
    assert names("SUSP THREATENED HIS WIFE") == set()
