"""Mapping files: lines, mistakes, the folder of a force's own, the JSON Schema."""

import json
import tomllib

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nilreturn.authored import line_at, lines_of
from nilreturn.errors import FileError, SourceError
from nilreturn.release.authority import json_schema as authority_schema
from nilreturn.sources import SOURCES, list_mappings, mapping_named, mapping_text, read_mapping
from nilreturn.sources.mapping.settings import described_settings, json_schema
from tests.support.examples import examples
from tests.unit.sources.importing import own_mapping

OURS = (
    'name = "ours"\ndescription = "Ours"\nrow = "crime"\n[columns."crime.crime_ref"]\n'
    'headers = ["URN"]\n'
)


def places(value, place=()):
    """Every place of a TOML document."""
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, child in items:
        yield (*place, str(key))
        yield from places(child, (*place, str(key)))


@pytest.mark.parametrize("name", SOURCES)
def test_every_place_of_a_shipped_mapping_has_a_line(name):
    text = mapping_text(name)
    assert set(lines_of(text)) == set(places(tomllib.loads(text)))


def test_lines_of_every_way_to_write_toml():
    text = """
        a = 1 # [b]
        'c d'."e" = [ "x, # y",
          2, { f = 'g = h', i = { j = [3] } } ]
        k = '''
        [l]
        m = 2'''
        [n . "o.p"]
        q = { r = 1, "s t" = [[1], [2]] }
        [[u]]
        v = 1
        [[u]]
        v = 2
        [u.w]
        x = 3
        """
    lines = lines_of(text)
    assert set(lines) == set(places(tomllib.loads(text)))
    found = {
        ("a",): 2,
        ("c d", "e", "0"): 3,
        ("c d", "e", "2", "i", "j"): 4,
        ("k",): 5,
        ("n", "o.p", "q", "s t", "1", "0"): 9,
        ("u", "1", "v"): 13,
        ("u", "1", "w", "x"): 15,
    }
    assert {place: lines[place] for place in found} == found
    assert line_at(lines, ("k", "nothing", "such")) == 5
    assert line_at(lines, ("nothing",)) == 0


KEYS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=8)
VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def as_toml(value):
    """A value on one line of TOML. JSON's strings are TOML's, but for one letter."""
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{as_toml(key)} = {as_toml(child)}" for key, child in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[\n" + ",\n".join(map(as_toml, value)) + "]"
    return (
        json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        if isinstance(value, str)
        else str(value).lower()
    )


@given(st.dictionaries(KEYS, VALUES, max_size=4), st.dictionaries(KEYS, VALUES, max_size=4))
@settings(max_examples=examples(300), deadline=None)
def test_lines_of_anything(top, table):
    top.pop("table", None)
    keys = [f"{as_toml(key)} = {as_toml(value)}" for key, value in top.items()]
    keys += ["[table]", *(f"{as_toml(key)} = {as_toml(value)}" for key, value in table.items())]
    text = "\n".join(keys)
    assert set(lines_of(text)) == set(places(tomllib.loads(text)))


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (b"name = ", "is not TOML"),
        (b"name = \xff", "UTF-8"),
        (b"x = " + b"[" * 5000, "nested deeper"),
        (b"x = " + b"1" * 5000, "thousands of digits"),
        (b" " * 1_000_001, "too large"),
    ],
)
def test_what_is_no_mapping_is_one_line(tmp_path, written, message):
    path = tmp_path / "ours.toml"
    path.write_bytes(written)
    with pytest.raises((FileError, SourceError), match=message) as told:
        read_mapping(path)
    assert len(str(told.value)) < 300
    assert not told.value.details


def test_a_mapping_saved_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_bytes(b"\xef\xbb\xbf" + OURS.encode())
    assert read_mapping(path).name == "ours"


def test_mistakes_of_a_mapping_as_a_whole_have_their_line(tmp_path):
    with pytest.raises(SourceError) as told:
        own_mapping(tmp_path, OURS + '[columns."crime.recoded_on"]\nheaders = ["Rec"]\n')
    assert len(told.value.details) == 1
    assert told.value.details[0].startswith(
        "mapping.toml, line 6: there is no column 'crime.recoded_on'; did you mean "
        "'crime.recorded_on' or "
    )


def test_mappings_of_a_folder_are_found_by_name(tmp_path, monkeypatch):
    (tmp_path / "ourforce.toml").write_text(OURS)
    (tmp_path / "broken.toml").write_text("name = 1")
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(SourceError, match="there is no mapping 'ourforce'"):
        mapping_named("ourforce")
    monkeypatch.setenv("NILRETURN_MAPPINGS", str(tmp_path))
    assert mapping_named("ourforce").description == "Ours"
    assert mapping_text("ourforce") == OURS
    listed = {each.name: each.description for each in list_mappings()}
    assert listed["ourforce"] == "Ours"
    assert listed["broken"].startswith("cannot be used: ")
    assert set(SOURCES) < set(listed)
    with pytest.raises(SourceError, match="did you mean 'ourforce'"):
        mapping_named("ourfroce")


def test_a_file_of_the_folder_may_not_take_the_name_of_a_shipped_mapping(tmp_path, monkeypatch):
    (tmp_path / "connect.toml").write_text(OURS)
    monkeypatch.setenv("NILRETURN_MAPPINGS", str(tmp_path))
    with pytest.raises(SourceError, match="rename the file"):
        mapping_named("ourforce")
    assert mapping_named("connect").system == "CONNECT"


def test_a_folder_that_is_not_there_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("NILRETURN_MAPPINGS", str(tmp_path / "none"))
    with pytest.raises(FileError, match="NILRETURN_MAPPINGS"):
        mapping_named("ourforce")


@pytest.mark.parametrize("name", SOURCES)
def test_the_schema_accepts_every_shipped_mapping(name):
    jsonschema.validate(tomllib.loads(mapping_text(name)), json_schema())


@pytest.mark.parametrize(
    "wrong",
    [
        {"row": "rows"},
        {"rows": "x"},
        {"columns": {"crime.recoded_on": {"headers": ["x"]}}},
        {"ages": {"oldest": "x"}},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(wrong):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**tomllib.loads(OURS), **wrong}, json_schema())


def test_every_setting_is_described():
    schema = json_schema()
    parts = {"Mapping": schema, **schema["$defs"]}
    missing = [
        f"{name}.{setting}"
        for name, part in parts.items()
        for setting in part.get("properties", {})
        if setting not in described_settings(name)
    ]
    assert missing == []


def test_the_schema_of_an_authority_is_that_of_its_reader():
    schema = authority_schema()
    right = {"name": "A", "department": "B", "address": ["C"], "email": "d@e.example"}
    jsonschema.validate(right, schema)
    for wrong in ({**right, "address": "C"}, {**right, "mail": "x"}, {"name": "A"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def test_every_mistake_of_a_mapping_is_told_at_once_with_its_line(tmp_path):
    written = (
        'name = "m"\ndescription = "m"\nrow = "crime"\nrows = 1\n'
        '[columns."crime.recoded_on"]\nheaders = ["R"]\n'
        '[columns."crime.status"]\nheaders = ["S"]\nvalues = { live = "Recordd" }\n'
        '[columns."victim.age"]\nheaders = ["A"]\nheader = "x"\n'
        '[own."crime.area"]\nheaders = ["L"]\ndescription = "x"\n'
    )
    with pytest.raises(SourceError) as told:
        own_mapping(tmp_path, written)
    lines = [detail.partition(": ")[0].rpartition(" ")[2] for detail in told.value.details]
    text = "\n".join(told.value.details)
    assert lines == ["mapping.toml", "4", "5", "7", "10", "12", "13"]
    for words in (
        "'crime.crime_ref' is not mapped",
        "rows: there is no such setting",
        "there is no column 'crime.recoded_on'",
        "'Recordd' is not a value of 'crime.status'; did you mean 'Recorded'",
        "set row = 'crime and victim'",
        "header: there is no such setting; did you mean 'headers'?",
        "own column 'crime.area' is a canonical column",
    ):
        assert words in text
