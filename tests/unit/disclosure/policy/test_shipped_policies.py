"""
The policies that come with the software: each rule with its reason, and the right rule for each
kind of table.
"""

from pathlib import Path

import pytest
import yaml

from nilreturn.disclosure import load_policy
from nilreturn.disclosure.policy import copy_shipped, policy_path
from nilreturn.disclosure.policy.policy import SHIPPED
from nilreturn.errors import FileError, PolicyError

SEXUAL, PEOPLE, ORDINARY = SHIPPED
RECORDED = ("crime.offence", "crime.recorded_on", "crime.status")


def threshold(name: str, *variables: str, restricted: tuple[str, ...] = RECORDED) -> int:
    return load_policy(Path(name)).rule("t", variables, restricted).threshold


@pytest.mark.parametrize("name", SHIPPED)
def test_it_is_found_by_its_name_and_every_rule_has_its_reason(name):
    rules = load_policy(Path(name))
    assert rules.method == "suppression"
    assert rules.extremes.release == "never"
    written = yaml.safe_load(policy_path(Path(name)).read_text(encoding="utf-8"))
    parts = [written[part] for part in ("threshold", "zeros", "people", "extremes")]
    parts += [override["threshold"] for override in written.get("overrides", ())]
    assert all(len(part["reason"]) > 40 for part in parts)


def test_the_folder_has_no_other():
    folder = policy_path(Path(SEXUAL)).parent
    assert sorted(path.stem for path in folder.iterdir()) == sorted(SHIPPED)


def test_children_and_sexual_offences_are_protected_by_every_variable_of_people():
    assert threshold(SEXUAL, "victim.age", "victim.sex") == 5
    assert threshold(SEXUAL, "crime.area", "crime.recorded_on") == 5
    assert threshold(SEXUAL) == 5
    assert threshold(SEXUAL, "crime.mentions", "crime.mention_form") == 1


def test_other_people_are_protected_more_where_they_are_described():
    assert threshold(PEOPLE, "crime.area") == 3
    assert threshold(PEOPLE, "crime.area", "victim.sex") == 5
    assert threshold(PEOPLE, "crime.area", restricted=(*RECORDED, "crime.hate_crime_flag")) == 5
    assert (
        threshold(PEOPLE, "crime.area", restricted=(*RECORDED, "crime.has_victim[victim.age=0-17]"))
        == 5
    )


def test_ordinary_crime_hides_only_what_a_named_variable_makes_personal():
    assert threshold(ORDINARY, "crime.area", "crime.outcome", "crime.recorded_on") == 1
    assert threshold(ORDINARY, "victim.victim_type") == 1
    assert threshold(ORDINARY) == 1
    assert threshold(ORDINARY, "crime.area", "victim.age") == 5
    assert threshold(ORDINARY, "crime.domestic_abuse_flag") == 5
    assert threshold(ORDINARY, "crime.area", restricted=(*RECORDED, "victim.sex")) == 5


def test_a_copy_is_made_once_and_is_a_policy(tmp_path):
    copy_shipped(ORDINARY, tmp_path / "ours.yaml")
    assert load_policy(tmp_path / "ours.yaml") == load_policy(Path(ORDINARY))
    with pytest.raises(FileError, match="already"):
        copy_shipped(ORDINARY, tmp_path / "ours.yaml")
    with pytest.raises(PolicyError, match="did you mean 'ordinary-crime'"):
        copy_shipped("ordinary-crimes", tmp_path / "theirs.yaml")


def test_a_name_that_is_none_says_which_there_are():
    with pytest.raises(PolicyError, match="did you mean 'offences-against-people'"):
        load_policy(Path("offences-against-persons"))
