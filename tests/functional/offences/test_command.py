import json

import pytest
from typer.testing import CliRunner

from nilreturn.cli import app
from nilreturn.errors import OffenceError, UsageError


def run(*arguments):
    return CliRunner().invoke(app, ["offences", *arguments], catch_exceptions=False)


def test_it_prints_what_it_knows():
    lines = run("71/17").stdout.splitlines()
    assert lines[0] == "071/17  Engage in sexual communication with a child"
    said = "\n".join(lines)
    for fact in (
        "also written 07117",
        "Sexual Offences Act 2003, Sec 15A",
        "victim or state",
        "from 3 April 2017",
        "88A Sexual Grooming",
        (
            "Sexual offences > Other sexual offences (Notifiable Offence List, Home Office, April "
            "2026)"
        ),
        "088/01, 088/02",
        "not comparable",
    ):
        assert fact in said


def test_a_code_of_several_classes_says_so():
    assert "3: only the crime's own record tells which" in run("8/77").stdout


def test_several_may_be_asked_for_at_once():
    assert [
        line
        for line in run("88A", "71/17").stdout.splitlines()
        if line and not line.startswith(" ")
    ] == [
        "88A  Sexual Grooming",
        "071/17  Engage in sexual communication with a child",
    ]


def test_a_day_tells_what_was_valid():
    said = run("88A", "--at", "1 March 2017").stdout
    assert "On 1 March 2017: valid: 088/01, 088/02" in said
    assert "Taken as valid, as no list gives their first day: 088/01, 088/02" in said


def test_json_has_the_lists_apart():
    (known,) = json.loads(run("71/17", "--json", "--at", "2020-07-01").stdout)
    assert (known["code"], known["valid_codes"]) == ("071/17", ["071/17"])
    assert [entry["list"].split(",")[0] for entry in known["entries"]] == [
        "Notifiable Offence List",
        "Home Office offence code table of the Manage Offences service",
    ]


def test_all_mistakes_are_told_together():
    with pytest.raises(OffenceError) as caught:
        run("802", "71/17", "abc")
    assert str(caught.value) == "2 of 3 offences are not clear:"
    assert len(caught.value.details) == 2


@pytest.mark.parametrize("day", ["2020", "yesterday"])
def test_at_wants_one_day(day):
    with pytest.raises(UsageError, match="--at"):
        run("71/17", "--at", day)
