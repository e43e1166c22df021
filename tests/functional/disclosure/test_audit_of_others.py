"""`nilreturn audit` on what others published, and on our own release, as it is typed."""

import json
import shutil

import pytest

from nilreturn.release import release
from tests.functional.disclosure.test_command_line import nilreturn
from tests.support.answers import model_answer
from tests.support.workbooks import write_xlsx

POLICY = """\
name: x
version: "1"
threshold: {value: 5, reason: x}
zeros: {treatment: printed, reason: x}
"""
AREAS = "Area,Female,Male\nNorth,30,11\nSouth,24,17\nEast,10,10\n"
DISTRICTS = "District,January,February\nNorth,18,23\nSouth,18,23\nEast,19,1\n"


def saved(tmp_path, text, name="t.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_it_says_first_how_it_read_the_table(tmp_path):
    text = (
        "Burglaries\n\nArea,2023,2024,Total\nNorth,-,12,15\nSouth,20,s40(2),24\nTotal,23,16,39\n\n"
        "Note: provisional\n"
    )
    done = nilreturn("audit", saved(tmp_path, text))
    assert done.returncode == 10
    head, _, rest = done.stdout.partition("\n\n")
    assert head.startswith(
        "How the tables were read:\n  t: counts of records by Area and columns (2023, 2024)"
    )
    assert "headings in row 3" in head
    assert "'s40(2)' hidden, at least 1" in head
    assert "'-' hidden (the totals leave a count for it)" in head
    assert "left out: 'Note: provisional'" in head
    assert rest.count("North / 2023: exactly 3") == 1
    assert rest.count("leaves 3 for one hidden cell") == 1


def test_in_the_other_forms_it_says_so_beside_the_findings(tmp_path):
    path = saved(tmp_path, "Area,A,B,Total\nNorth,*,12,15\nSouth,20,4,24\n")
    (table,) = json.loads(nilreturn("audit", path, "--form", "json").stdout)["read"]
    assert (table["label_columns"], table["totals"], table["marks"]) == (
        ["Area"],
        ["Total"],
        {"*": "hidden, at least 1"},
    )
    done = nilreturn("audit", path, "--form", "csv")
    assert done.stdout.startswith("table,cell,verdict")
    assert done.stderr.startswith("How the tables were read:")


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        ((), 9, "--mark"),
        (("--mark", "q=hidden"), 10, "North / A: exactly 3"),
        (("--hidden-mark", "q"), 10, "North / A: exactly 3"),
        (("--mark", "q=not available"), 0, "Nothing is hidden"),
        (("--mark", "q"), 2, "--mark q"),
        (("--rounded-to", "x"), 2, "--rounded-to x"),
    ],
)
def test_what_it_cannot_know_is_told_by_an_option(tmp_path, options, code, told):
    done = nilreturn(
        "audit", saved(tmp_path, "Area,A,B,Total\nNorth,q,12,15\nSouth,20,4,24\n"), *options
    )
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    assert told in done.stdout + done.stderr


def test_rounded_figures_are_ranges_where_it_is_told(tmp_path):
    path = saved(tmp_path, "Area,A,B,Total\nNorth,*,10,15\nSouth,20,5,25\n")
    assert "exactly 5" in nilreturn("audit", path).stdout
    done = nilreturn("audit", path, "--rounded-to", "5")
    assert done.returncode == 0
    assert "rounded to the nearest 5" in done.stdout


def test_a_workbook_is_audited_whole(tmp_path):
    rows = [
        ["Area", "A", "B", "Total"],
        ["North", "*", 12, 15],
        ["South", 20, 4, 24],
        ["Total", 23, 16, 39],
    ]
    done = nilreturn(
        "audit", write_xlsx(tmp_path / "b.xlsx", {"Cover": [["About"]], "One": rows, "Two": rows})
    )
    assert done.returncode == 10
    assert "Left out: b.xlsx: sheet 'Cover'" in done.stdout
    assert "sheet 'One', rows 1 to 4" in done.stdout
    assert "sheet 'Two', rows 1 to 4" in done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("released") / "release"
    release(model_answer(), folder, formats=["xlsx", "ods", "csv"])
    return folder


@pytest.mark.parametrize("kept", ["*.xlsx", "*.ods", "*.csv"])
def test_our_own_release_is_auditable_as_it_stands(tmp_path, folder, kept):
    part = tmp_path / "release"
    part.mkdir()
    for path in [*folder.glob(kept), folder / "manifest.json"]:
        shutil.copy(path, part)
    done = nilreturn("audit", part, "--form", "json")
    assert done.stderr == ""
    assert done.returncode in (0, 10)
    found = json.loads(done.stdout)
    by_title = {table["title"]: table for table in found["read"]}
    ages = by_title["Victims by age and sex"]
    assert (ages["unit"], ages["variables"]) == ("victims", ["age", "sex"])
    assert by_title["Records that mention each keyword"]["variables"] == [
        "crime.mentions",
        "crime.mention_form",
    ]
    assert not found["contradictions"]
    assert {cell["table"] for cell in found["hidden_cells"]} == {ages["table"]}


def test_a_folder_without_tables_is_one_clear_error(tmp_path):
    done = nilreturn("audit", tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)


def test_area_and_district_are_asked_about_by_audit_protect_and_with_a_register(tmp_path):
    areas, districts = saved(tmp_path, AREAS, "a.csv"), saved(tmp_path, DISTRICTS, "b.csv")
    policy, register = saved(tmp_path, POLICY, "policy.yaml"), tmp_path / "register"
    entered = nilreturn("register", "add", districts, "--register", register)
    assert entered.returncode == 0, entered.stderr
    for words in (
        ("audit", areas, districts),
        ("audit", areas, "--register", register),
        ("protect", areas, districts, "--policy", policy, "--out", tmp_path / "out"),
        ("protect", areas, "--policy", policy, "--register", register, "--out", tmp_path / "out"),
    ):
        done = nilreturn(*words)
        assert done.returncode == 9, done.stdout
        assert "'Area' of a.csv and 'District' of " in done.stderr
        assert "{District: {variable: area}}" in done.stderr
        assert not (tmp_path / "out").exists()
    saved(tmp_path, "columns: {District: {variable: area}}\n", "b.yaml")
    assert nilreturn("audit", areas, districts).returncode == 0
