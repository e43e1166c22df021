"""`nilreturn protect --register`: the tables are compared with what readers have, and entered."""

import time

import pytest

from nilreturn.disclosure import load_policy, open_register, protect, protect_into
from nilreturn.disclosure.folder import write
from nilreturn.disclosure.register import entering, new_register
from nilreturn.disclosure.tabular import raw_from_csv
from nilreturn.errors import UsageError
from tests.functional.disclosure.test_command_line import POLICY, begun
from tests.support.command_line import nilreturn

YEAR = "Age,count\n11 and under,10\n12 to 15,22\n16 and over,9\nTotal,41\n"
# Two more of 11 and under
LATER = "Age,count\n11 and under,12\n12 to 15,22\n16 and over,16\nTotal,50\n"


@pytest.fixture
def asked(tmp_path):
    """
    Two tables of two periods, the second longer by a quarter with two victims of 11 and under, and
    a register.
    """
    (tmp_path / "policy.yaml").write_text(POLICY)
    for name, text, last in (("first", YEAR, "2020-12-31"), ("second", LATER, "2021-03-31")):
        (tmp_path / f"{name}.csv").write_text(text)
        (tmp_path / f"{name}.yaml").write_text(
            f"unit: victims\nrestricted_to:\n  crime.recorded_on: [2020-04-01, {last}]\n"
            "columns:\n  Age: {variable: victim.age}\n"
        )
    new_register(tmp_path / "register")
    return tmp_path


def command(folder, name, out):
    return (
        "protect", folder / f"{name}.csv", "--policy", folder / "policy.yaml",
        "--register", folder / "register", "--out", folder / out,
    )  # fmt: skip


def test_each_run_is_entered_and_compared_with_those_before(asked):
    first = nilreturn(*command(asked, "first", "one"))
    assert first.returncode == 0, first.stderr
    assert (
        f"compared with 0 tables of 0 releases\nentered in {asked / 'register'} as one\n"
        in first.stdout
    )
    second = nilreturn(*command(asked, "second", "two"))
    assert second.returncode == 0, second.stderr
    assert "compared with 1 table of 1 release\nentered" in second.stdout
    assert "[c]" not in (asked / "one" / "release" / "first.csv").read_text()
    # Two victims are the difference.
    assert "[c]" in (asked / "two" / "release" / "second.csv").read_text()
    assert [entry.name for entry in open_register(asked / "register").entries] == ["one", "two"]
    for folder in ("one", "two"):
        done = nilreturn("verify", asked / folder, "--register", asked / "register")
        assert done.returncode == 0, done.stderr
        assert f"in which it is {folder}" in done.stdout


def test_what_is_never_sent_can_be_taken_out_as_the_message_says(asked):
    done = nilreturn(*command(asked, "first", "one"))
    (line,) = [line for line in done.stdout.splitlines() if "--never-sent" in line]
    words = line.split("nilreturn ", 1)[1].replace("TEXT", "replaced").split()
    assert nilreturn(*words).returncode == 0
    second = nilreturn(*command(asked, "second", "two"))
    assert "compared with 0 tables of 0 releases" in second.stdout
    assert "[c]" not in (asked / "two" / "release" / "second.csv").read_text()


def test_of_two_at_once_the_second_waits_and_is_compared_with_the_first(asked):
    register = asked / "register"
    with entering(register) as desk:
        second = begun(*command(asked, "second", "two"))
        time.sleep(1)
        assert second.poll() is None
        assert not (asked / "two").exists()
        protection = protect(
            [raw_from_csv(asked / "first.csv")], load_policy(asked / "policy.yaml")
        )
        write(protection, asked / "one", desk)
    told, _ = second.communicate(timeout=100)
    assert second.returncode == 0
    assert "compared with 1 table of 1 release" in told
    assert "[c]" in (asked / "two" / "release" / "second.csv").read_text()


def test_what_is_refused_enters_nothing(asked):
    before = (asked / "register" / "register.json").read_bytes()
    (asked / "first.csv").write_text("Age,count\n11 and under,2\nTotal,3\n")
    done = nilreturn(*command(asked, "first", "one"))
    assert done.returncode != 0
    assert "first" in done.stderr
    assert not (asked / "one").exists()
    assert (asked / "register" / "register.json").read_bytes() == before
    assert open_register(asked / "register").entries == ()


def test_alternatives_enter_nothing(asked):
    *words, _, _ = command(asked, "first", "one")
    done = nilreturn(*words, "--alternatives")
    assert done.returncode == 0, done.stderr
    assert "compared with 0 tables of 0 releases" in done.stdout
    assert open_register(asked / "register").entries == ()


def test_a_folder_inside_the_register_is_refused(asked):
    policy, tables = load_policy(asked / "policy.yaml"), [raw_from_csv(asked / "first.csv")]
    with pytest.raises(UsageError, match="inside the register"):
        protect_into(asked / "register" / "one", tables, policy, register=asked / "register")
    assert open_register(asked / "register").entries == ()
