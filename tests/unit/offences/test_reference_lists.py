import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from nilreturn.offences import offence, table

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared" / "domain" / "offences.csv"


def test_all_three_lists_are_kept():
    rows = [entry.source.key for entries in table().entries.values() for entry in entries]
    assert (rows.count("nol"), rows.count("moj")) == (1608, 3039)
    assert (
        sum(label.source.key == "ons" for labels in table().labels.values() for label in labels)
        == 136
    )


def test_the_list_has_1306_codes_of_which_26_have_several_classes():
    listed = [code for code, entries in table().entries.items() if entries[0].source.key == "nol"]
    several = {code: offence(code).classes for code in listed if len(offence(code).classes) > 1}
    assert (len(listed), len(several)) == (1306, 26)
    assert set(several["008/77"]) == {"8N", "8S", "8T"}
    assert len(several["028/03"]) == 8


def test_codes_and_classes_are_canonical():
    assert all(re.fullmatch(r"\d{3}/\d{2}", code) for code in table().entries)
    assert all(re.fullmatch(r"[0-9A-Z/.-]+", name) for name in table().labels)
    assert set(table().members) <= set(table().labels)


def test_labels_that_differ_only_in_capitals_were_made_one():
    groups = {label.group for labels in table().labels.values() for label in labels}
    assert len({group.casefold() for group in groups}) == len(groups)
    assert not any("  " in group or group != group.strip() for group in groups)


def test_a_class_whose_rows_leave_out_the_subgroup_has_its_siblings():
    assert {label.subgroup for label in table().labels["8N"]} == {"Violence with injury"}


def test_every_list_names_its_licence():
    assert {source.licence for source in table().sources.values()} == {
        "Open Government Licence v3.0",
        "MIT",
    }
    notice = (files("nilreturn.offences") / "reference" / "NOTICE").read_text(encoding="utf-8")
    assert "Open Government Licence v3.0" in notice
    assert "Permission is hereby granted" in notice


def test_the_tables_stay_small():
    folder = ROOT / "src" / "nilreturn" / "offences" / "reference"
    assert sum(path.stat().st_size for path in folder.iterdir()) < 400_000


def test_the_successions_name_known_codes():
    for succession in table().successions:
        assert {succession.repealed, succession.successor} <= set(table().entries)
        assert offence(succession.repealed).ceased_on == succession.ceased_on


def test_the_notes_are_on_known_subjects():
    assert {note.subject for note in table().notes} <= set(table().entries) | set(table().labels)


def test_the_tables_are_what_the_script_makes():
    if not SHARED.exists():
        pytest.skip(f"no {SHARED.name} beside this repository")
    script = [sys.executable, str(ROOT / "scripts" / "build_offences.py"), str(SHARED), "--check"]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "different: none"), done.stderr
