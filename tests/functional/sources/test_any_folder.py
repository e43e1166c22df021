"""An extract in a folder of any name: imported, answered, verified and searched like any other."""

from pathlib import Path

import pytest

from nilreturn.disclosure import proposals
from tests.support.command_line import nilreturn


@pytest.mark.parametrize("name", ["a[1]*", pytest.param("sex=F?{x}", marks=pytest.mark.slow)])
def test_an_extract_in_a_folder_of_any_name_is_answered_verified_and_searched(
    tmp_path, monkeypatch, name
):
    monkeypatch.setattr(proposals, "MOST_TRIES", 0)  # they take most of the time of an answer
    # What a pattern would match is there, and is no extract.
    for other in ("a1", "a1x", "sex=Fy{x}"):
        (tmp_path / other / "extract").mkdir(parents=True)
        (tmp_path / other / "extract" / "crimes.parquet").write_bytes(b"not it")
    folder = tmp_path / name
    made = nilreturn("demo", folder, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    plain = nilreturn("extract", "verify", folder / "extract", cwd=tmp_path)
    assert "as it was imported" in plain.stdout, plain.stderr
    searched = nilreturn("mentions", Path(name) / "extract", cwd=tmp_path)
    assert searched.returncode == 0, searched.stderr
    again = nilreturn("demo", folder, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
