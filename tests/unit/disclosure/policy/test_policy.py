from datetime import date

import jsonschema
import pytest
import yaml

from nilreturn.disclosure import load_policy
from nilreturn.disclosure.policy.policy import json_schema
from nilreturn.errors import FileError, PolicyError
from nilreturn.tables import Extent
from tests.support.counts import policy

WHOLE = """\
name: Small numbers
version: 2
threshold: {value: 5, reason: our own decision of 1 July 2021}
zeros: {treatment: printed, reason: nobody is in them}
requirement: range
attacker: {knows_rule: true, may_be_in_cell: true}
loss: {measure: counts, margins: 3, totals: 10, recent: {since: 2021-01-01, times: 2}}
seconds: 20
extremes: {release: large populations, population: 500, reason: too many to single anybody out}
overrides:
  - variables: crime.mentions
    threshold: {value: 1, reason: a mention is not a person}
"""


def test_a_whole_policy_is_read(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(WHOLE)
    found = load_policy(path)
    assert found.version == "2"
    assert found.rule("t", ["victim.age"]).threshold == 5
    assert found.rule("t", ["crime.mentions"]).threshold == 1
    assert found.rule("t", ["crime.mentions"]).reason == "a mention is not a person"
    jsonschema.validate(yaml.safe_load(WHOLE) | {"version": "2", "loss": {}}, json_schema())


def test_toml_says_the_same(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text(
        'name = "x"\nversion = "1"\nthreshold = {value = 3, reason = "r"}\n'
        'zeros = {treatment = "hidden", reason = "z"}\n'
    )
    assert load_policy(path).rule("t", []).threshold == 3
    assert not load_policy(path).rule("t", []).zeros_printed


def test_all_mistakes_are_told_at_once_with_their_lines(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(
        "name: x\nversion: 1\ntreshold: {value: 5, reason: r}\nzeros: {treatment: printd, reason: "
        "r}\nseconds: 0\n"
    )
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    details = "\n".join(caught.value.details)
    assert "line 3: treshold: there is no such setting; did you mean 'threshold'?" in details
    assert "line 4: zeros.treatment" in details
    assert "line 5: seconds" in details
    assert "threshold: is missing" in details


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"threshold": {"value": 5, "reason": ""}}, "reason"),
        ({"threshold": {"value": 0, "reason": "r"}}, "value"),
        ({"threshold": {"value": 5}}, "missing"),
        ({"zeros": {"treatment": "printed"}}, "missing"),
        ({"requirement": "some"}, "requirement"),
        ({"method": "rounding"}, "base"),
        ({"method": "suppression", "base": 3}, "base"),
        ({"method": "blurring"}, "method"),
        ({"method": "cell key"}, "noise"),
        ({"extremes": {"release": "large populations"}}, "reason"),
        ({"overrides": [{"tables": ["x"]}]}, "changes"),
        ({"overrides": [{"threshold": {"value": 1, "reason": "r"}}]}, "names the tables"),
    ],
)
def test_what_a_policy_may_not_say(tmp_path, change, told):
    content = yaml.safe_load(WHOLE) | change
    path = tmp_path / "policy.yaml"
    path.write_text(yaml.safe_dump(content))
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    assert told in "\n".join(caught.value.details)


@pytest.mark.parametrize(
    "text", ["", "- a\n- b\n", "just words", "name: [", "name: a\nname: b\n", "\tname: x"]
)
def test_what_is_no_policy_is_one_clear_error(tmp_path, text):
    path = tmp_path / "policy.yaml"
    path.write_text(text)
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    assert "\n" not in str(caught.value)


def test_a_missing_policy_is_a_file_error(tmp_path):
    with pytest.raises(FileError, match="no such policy"):
        load_policy(tmp_path / "none.yaml")


def test_what_must_stay_possible_follows_the_requirement():
    rule = policy().rule("t", [])
    assert policy().required(rule) == (1, 4)
    assert policy(requirement=8).required(rule) == (1, 8)
    assert not policy(requirement="two values").withstand.ranges


def test_hiding_costs_more_where_the_policy_says():
    weigh = policy(
        loss={
            "measure": "counts",
            "margins": 3,
            "totals": 10,
            "recent": {"since": date(2021, 1, 1), "times": 2},
        }
    ).weight
    old, new = (
        Extent.between(d.toordinal(), d.toordinal() + 30)
        for d in (date(2020, 6, 1), date(2021, 2, 1))
    )
    assert weigh(7, totals=0, dimensions=2, extents=[old]) == 7
    assert weigh(7, totals=1, dimensions=2, extents=[old]) == 21
    assert weigh(7, totals=2, dimensions=2, extents=[old]) == 70
    assert weigh(7, totals=0, dimensions=2, extents=[new]) == 14
    assert weigh(7, totals=0, dimensions=1, extents=[Extent.between(12, 15)]) == 7


def test_a_key_is_secret_enough_or_refused(tmp_path):
    rules = policy(method="cell key", noise=2, key_file=str(tmp_path / "key"))
    with pytest.raises(PolicyError, match="cannot be read"):
        rules.key()
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(PolicyError, match="16 bytes"):
        rules.key()
    (tmp_path / "key").write_bytes(bytes(range(32)))
    assert rules.key() == bytes(range(32))


LAUGHS = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else 'x'}]\n" for n in range(9))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"name: x\n{LAUGHS}", "line 2: anchors and aliases"),
        ("name: !!int 3\n", "line 1: tags"),
        ("name: x\n---\nname: y\n", "line 2: a second document"),
        ("a: " + "[" * 40 + "]" * 40, "nested over 12 deep"),
        ("name: \x01\n", "control characters"),
    ],
)
def test_tricks_of_yaml_are_refused_unread(tmp_path, text, told):
    path = tmp_path / "policy.yaml"
    path.write_text(text)
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    (mistake,) = caught.value.mistakes
    assert told in str(mistake)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "loss: {recent: {since: 2021-99-99, times: 2}}",
            "loss.recent.since: there is no such day",
        ),
        (
            "loss: {recent: {since: 20210101, times: 2}}",
            "loss.recent.since: must be a day, written like 2021-06-29",
        ),
        ("loss: {recent: {since: 2021-01-01 10:00:00, times: 2}}", "must be a day"),
        ("? [a, b]\n: 1", "a list or a mapping is no setting"),
        ("? {a: b}\n", "a list or a mapping is no setting"),
        ("seconds: 12+99999999999999999999.0", "seconds: must be a valid number"),
        (f"records_moved: {'9' * 5000}", "records_moved: must be a number of fewer digits"),
        (f"records_moved: {'9' * 50}", "records_moved: must be"),
        ("seconds: .nan", "seconds: must be"),
        ("seconds: .inf", "seconds: must be"),
        ("group_disclosure: [1]", "group_disclosure: must be"),
        (
            "requirement: 1.5",
            "requirement: must be 'range' or 'two values' or must be a valid integer",
        ),
        ("people: {reason: r}", "people: name the variables"),
        ("<<: {name: y}", "<<: there is no such setting"),
        ("name: y", "name: is written twice; keep one"),
        (
            "overrides: [{variables: [3], threshold: {value: 1, reason: r}}]",
            "overrides.0.variables.0: must be",
        ),
    ],
)
def test_a_wrong_value_is_one_line_that_names_it(tmp_path, line, told):
    path = tmp_path / "policy.yaml"
    whole = (
        "name: x\nversion: 1\nthreshold: {value: 5, reason: r}\nzeros: {treatment: printed, "
        "reason: r}\n"
    )
    path.write_text(f"{whole}{line}\n")
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    (detail,) = caught.value.details
    assert told in detail
    assert "line 5" in detail
    assert "\n" not in detail


def test_mistakes_of_every_kind_are_told_together_in_order(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(
        "name: x\n? [a]\n: 1\nversion: 1\nversion: 2\nthreshold: {value: 0, reason: r}\n"
        "loss: {recent: {since: x, times: 2}}\n"
    )
    with pytest.raises(PolicyError, match="5 mistakes") as caught:
        load_policy(path)
    lines = [detail.partition(":")[0].rpartition(" ")[2] for detail in caught.value.details]
    assert lines == ["1", "2", "5", "6", "7"]


def test_a_day_in_a_name_is_text(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(
        WHOLE.replace("Small numbers", "0000-00-00").replace("version: 2", "version: 2021-06-01")
    )
    found = load_policy(path)
    assert (found.name, found.version) == ("0000-00-00", "2021-06-01")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"seconds = {'9' * 5000}\n", "a number of thousands of digits"),
        ("a = " + "[" * 3000 + "]" * 3000, "nested deeper"),
        ("name = ", "is not TOML"),
    ],
)
def test_toml_that_is_no_policy_is_one_clear_error(tmp_path, text, told):
    path = tmp_path / "policy.toml"
    path.write_text(text)
    with pytest.raises(PolicyError, match=told) as caught:
        load_policy(path)
    assert "\n" not in str(caught.value)


def test_a_number_is_no_day_in_toml_either(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text(
        'name = "x"\nversion = "1"\nthreshold = {value = 3, reason = "r"}\n'
        'zeros = {treatment = "hidden", reason = "z"}\n'
        f"loss.recent = {{since = {'9' * 400}, times = 2}}\n"
    )
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    assert caught.value.details == (
        "policy.toml, line 5: loss.recent.since: must be a day, written like 2021-06-29",
    )


def test_an_override_may_be_for_what_a_table_is_restricted_to():
    flag = policy(
        overrides=[{"restricted_to": "crime.hate_*", "threshold": {"value": 9, "reason": "r"}}]
    )
    assert flag.rule("t", ["crime.area"], ["crime.hate_crime_flag"]).threshold == 9
    assert flag.rule("t", ["crime.area"], ["crime.offence"]).threshold == 5


def test_hiding_is_weighed_by_counts_unless_the_policy_says_otherwise():
    assert policy().weight(7, totals=0, dimensions=2, extents=[]) == 7
    assert policy(loss={"measure": "cells"}).weight(7, totals=0, dimensions=2, extents=[]) == 1
