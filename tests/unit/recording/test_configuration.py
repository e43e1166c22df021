"""What a force writes of recording: every mistake at once, each with its line."""

from importlib.resources import files

import pytest

from nilreturn.errors import RecordError
from nilreturn.recording import (
    read_configuration,
    read_requirements,
    requirements,
    shipped_configuration,
)


def shipped(name: str) -> str:
    return (files("nilreturn.recording") / name).read_text(encoding="utf-8")


def line_of(text: str, beginning: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith(beginning))


def test_what_is_shipped_is_read_back() -> None:
    assert read_configuration(shipped("configuration.toml")) == shipped_configuration()
    assert read_requirements(shipped("outcomes.toml")) == requirements()


def test_settings_of_another_kind_are_named_with_their_lines() -> None:
    text = shipped("configuration.toml").replace("hours_to_record", "hours_to_recrod")
    with pytest.raises(RecordError) as caught:
        read_configuration(text)
    found = {mistake.field: (mistake.line, mistake.hint) for mistake in caught.value.mistakes}
    line = line_of(text, "hours_to_recrod")
    assert found["hours_to_recrod"] == (line, "did you mean 'hours_to_record'?")
    assert "hours_to_record" in found


def test_settings_that_name_what_there_is_not_are_named_together() -> None:
    text = shipped("configuration.toml").replace('transfer_code = "C1"', 'transfer_code = "C9"')
    text = text.replace("besides_principal = [", 'besides_principal = ["0X", ')
    with pytest.raises(RecordError) as caught:
        read_configuration(text)
    assert [(one.field, one.line) for one in caught.value.mistakes] == [
        ("authorisation.transfer_code", line_of(text, "transfer_code")),
        ("counting.besides_principal", line_of(text, "besides_principal")),
    ]


def test_types_and_parts_that_there_are_not_are_named_together() -> None:
    text = shipped("outcomes.toml").replace('\n1 = ["day"', '\n1 = ["dya"') + "\n[other]\nx = 1\n"
    text = text.replace("[types]", '[types]\n99 = "day"', 1)
    with pytest.raises(RecordError) as caught:
        read_requirements(text)
    fields = {mistake.field for mistake in caught.value.mistakes}
    assert "types.99" in fields
    assert any("did you mean 'day'" in mistake.hint for mistake in caught.value.mistakes)
    assert all(mistake.line for mistake in caught.value.mistakes)


@pytest.mark.parametrize("read", [read_configuration, read_requirements])
@pytest.mark.parametrize("text", ["x = ", "x = " + "[" * 5000, "x = " + "1" * 5000])
def test_what_is_no_toml_is_one_line(read, text: str) -> None:
    with pytest.raises(RecordError) as caught:
        read(text)
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)
