"""`nilreturn mapping`, as a person runs it."""

from tests.support.command_line import nilreturn
from tests.unit.sources.draft.reports import SECRETS, SYSTEM, drawn


def test_from_a_report_to_an_extract_by_way_of_a_draft(tmp_path):
    report = tmp_path / "report.csv"
    report.write_bytes(drawn(SYSTEM))
    printed = nilreturn("mapping", "draft", report)
    assert printed.returncode == 0, printed.stderr
    assert 'name = "report"' in printed.stdout
    mapping = tmp_path / "mappings" / "ours.toml"
    mapping.parent.mkdir()
    drafted = nilreturn("mapping", "draft", report, "--to", mapping)
    assert "each a comment that begins with CHECK (internal, not for release)" in drafted.stdout
    again = nilreturn("mapping", "draft", report, "--to", mapping)
    assert again.returncode == 3
    assert "is there already" in again.stderr

    folder = {"NILRETURN_MAPPINGS": str(mapping.parent)}
    unclear = nilreturn("mapping", "check", "ours", report, **folder)
    assert unclear.returncode == 4
    assert "does not know the word 'Awaiting Review'" in unclear.stderr
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(
        text.replace('# "Awaiting Review" = "?"', '"Awaiting Review" = "Recorded"'),
        encoding="utf-8",
    )
    checked = nilreturn("mapping", "check", "ours", report, **folder)
    assert checked.returncode == 0, checked.stderr
    assert "240 crimes" in checked.stdout

    imported = nilreturn(
        "import",
        report,
        "--mapping",
        "ours",
        "--as-at",
        "2024-01-01",
        "--to",
        tmp_path / "extract",
        **folder,
    )
    assert imported.returncode == 0, imported.stderr
    shown = nilreturn("extract", "show", tmp_path / "extract")
    assert shown.returncode == 0, shown.stderr
    everything = "".join(
        done.stdout + done.stderr for done in (printed, drafted, unclear, checked, imported, shown)
    )
    assert not [secret for secret in SECRETS if secret in everything]


def test_a_mapping_is_shown_as_its_file_and_all_are_listed(tmp_path):
    shown = nilreturn("mapping", "show", "connect")
    assert 'name = "connect"' in shown.stdout
    copy = tmp_path / "copy.toml"
    copy.write_text(shown.stdout, encoding="utf-8")
    assert nilreturn("mapping", "show", copy).stdout == shown.stdout
    assert "CONNECT crime report" in nilreturn("mapping", "show").stdout


def test_unknown_headers_are_left_out_on_request(tmp_path):
    report = tmp_path / "report.csv"
    report.write_text("Crime Ref,Recorded Date,HO Code,Spare\nA1,01/07/2020,71/17,x\n")
    arguments = (
        "import",
        report,
        "--mapping",
        "connect",
        "--as-at",
        "2021-06-29",
        "--to",
        tmp_path / "extract",
    )
    assert nilreturn(*arguments).returncode == 4
    done = nilreturn(*arguments, "--ignore-unknown")
    assert done.returncode == 0, done.stderr
    assert "columns left out, for the mapping does not name them: 'Spare'" in done.stdout


def test_an_extract_is_updated_from_new_files_and_what_changed_is_told(tmp_path):
    mapping = tmp_path / "ours.toml"
    mapping.write_text(
        'name = "ours"\ndescription = "Ours"\nrow = "crime"\nkeep = "last"\n'
        '[columns."crime.crime_ref"]\nheaders = ["Ref"]\n[columns."crime.status"]\nheaders = '
        '["Status"]\n'
    )
    (tmp_path / "may.csv").write_text("Ref,Status\nA1,Recorded\nA2,Recorded\n")
    (tmp_path / "june.csv").write_text("Ref,Status\nA1,Cancelled\nA3,Recorded\n")
    options = ("--mapping", mapping, "--as-at", "2021-06-29")
    assert (
        nilreturn("import", tmp_path / "may.csv", *options, "--to", tmp_path / "may").returncode
        == 0
    )
    done = nilreturn(
        "import",
        tmp_path / "june.csv",
        *options,
        "--to",
        tmp_path / "june",
        "--update",
        tmp_path / "may",
    )
    assert done.returncode == 0, done.stderr
    assert (
        "Changed: 1 new crime, 1 altered (of these 1 no longer recorded, 0 reclassified), 0 the "
        "same, 1 not in" in (done.stdout)
    )
    assert nilreturn("extract", "verify", tmp_path / "june").returncode == 0


def test_a_mapping_with_references_of_people_is_checked_with_the_key(tmp_path):
    mapping, report, key = tmp_path / "ours.toml", tmp_path / "report.csv", tmp_path / "key"
    mapping.write_text(
        'name = "ours"\ndescription = "Ours"\nrow = "crime and victim"\n'
        '[columns."crime.crime_ref"]\nheaders = ["Ref"]\n'
        '[columns."crime.recorded_on"]\nheaders = ["Recorded"]\nrequired = true\n'
        '[columns."victim.person_key"]\nheaders = ["Person"]\n'
    )
    report.write_text("Ref,Recorded,Person\nA1,01/07/2020,PERSON-1\nA2,02/07/2020,PERSON-2\n")
    without = nilreturn("mapping", "check", mapping, report)
    assert without.returncode == 4
    assert "give it with --key" in without.stderr
    assert nilreturn("key", "new", key).returncode == 0
    checked = nilreturn("mapping", "check", mapping, report, "--key", key)
    assert checked.returncode == 0, checked.stderr
    assert "2 crimes, 2 victims" in checked.stdout
    assert "PERSON-" not in without.stderr + checked.stdout
    wrong = nilreturn("mapping", "check", mapping, report, "--key", tmp_path / "none")
    assert wrong.returncode
    assert "Traceback" not in wrong.stderr
