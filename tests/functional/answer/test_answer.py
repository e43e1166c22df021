"""A request answered from start to end, by the one call that the command line makes."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from nilreturn.errors import ExtractError, FileError, PolicyError, QuestionError, ReleaseError
from nilreturn.files import sha256
from nilreturn.workflow import Answered, AnswerFiles, answer

NAMED = ("WhatsApp", "Facebook", "Twitter", "Instagram", "Snapchat", "Kik")


@pytest.fixture(scope="module")
def answered(asked: AnswerFiles, tmp_path_factory: pytest.TempPathFactory) -> Answered:
    return answer(asked, tmp_path_factory.mktemp("answers") / "20210999")


def rewritten(asked: AnswerFiles, folder: Path, *changes: tuple[str, str]) -> AnswerFiles:
    text = asked.questions.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "request.yaml"
    path.write_text(text, encoding="utf-8")
    return replace(asked, questions=path)


def letter(answered: Answered) -> str:
    (path,) = answered.release.glob("*.html")
    return path.read_text(encoding="utf-8")


def manifest(answered: Answered) -> dict[str, object]:
    return json.loads((answered.release / "manifest.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def bindings(answered: Answered) -> dict[str, Any]:
    return json.loads((answered.internal / "bindings.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def hashes(answered: Answered) -> set[str]:
    """What looks like a hash in what is sent, but for those of the released files."""
    text = "".join(
        path.read_text(encoding="utf-8") for path in answered.release.glob("*.[hcj]*[lvn]")
    )
    return set(re.findall(r"\b[0-9a-f]{32,}\b", text)) - set(manifest(answered)["files"].values())  # type: ignore[attr-defined]


def test_the_only_hash_in_an_answer_is_its_keyed_reference(answered: Answered) -> None:
    assert hashes(answered) == {manifest(answered)["release_reference"]}
    assert str(manifest(answered)["release_reference"]) not in letter(answered)


def test_the_internal_papers_bind_the_reference_to_every_file(
    answered: Answered, asked: AnswerFiles
) -> None:
    bound = bindings(answered)
    assert bound["release_reference"] == manifest(answered)["release_reference"]
    assert bound["manifest_sha256"] == sha256(answered.release / "manifest.json")
    assert bound["certificate_sha256"] == sha256(answered.internal / "certificate.json")
    assert bound["extract"]["sha256"] == sha256(asked.extract / "manifest.json")
    files = {"questions": asked.questions, "policy": asked.policy, "authority": asked.authority}
    assert bound["inputs"] == {
        n: {"file": path.name, "sha256": sha256(path)} for n, path in files.items()
    }
    assert {path.stat().st_mode & 0o077 for path in answered.internal.iterdir()} == {0}


def test_without_a_key_no_reference_is_printed_and_the_report_says_what_to_do(
    asked: AnswerFiles, tmp_path: Path
) -> None:
    text = asked.policy.read_text(encoding="utf-8")
    policy = tmp_path / "policy.yaml"
    policy.write_text(text.replace("key_file: demonstration.key\n", ""), encoding="utf-8")
    done = answer(replace(asked, policy=policy), tmp_path / "answer")
    assert hashes(done) == set()
    assert "release_reference" not in manifest(done)
    report = json.loads((done.internal / "report.json").read_text(encoding="utf-8"))
    assert len([note for note in report["notes"] if "nilreturn key new" in note]) == 1


def test_a_key_that_is_not_there_is_told_before_anything_is_counted(
    asked: AnswerFiles, tmp_path: Path
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_bytes(asked.policy.read_bytes())
    with pytest.raises(PolicyError, match="the key cannot be read"):
        answer(replace(asked, policy=policy, extract=asked.extract), tmp_path / "answer")


def test_the_letter_says_what_becomes_of_ages_that_do_not_fit(answered: Answered) -> None:
    assert "age that does not fit the offence" in letter(answered)


def test_spellings_that_were_found_are_for_the_reviewer_alone(answered: Answered) -> None:
    lines = (answered.internal / "forms-q4.csv").read_text(encoding="utf-8-sig").splitlines()
    found = {line.split(",")[1].strip('"') for line in lines[1:]}
    annex = letter(answered).split("Annex: what was searched for")[1]
    listed = set(re.sub("<[^>]*>", "\n", annex).replace(", ", "\n").splitlines())
    assert "snapchat" in found
    assert {"twitter", "fb"} <= listed - found


def test_no_record_is_named_in_what_is_sent(answered: Answered, asked: AnswerFiles) -> None:
    import pyarrow.parquet as pq

    references = pq.read_table(asked.extract / "crimes.parquet", columns=["crime_ref"])[
        "crime_ref"
    ].to_pylist()
    sent = "".join(
        path.read_text(encoding="utf-8") for path in answered.release.glob("*.[hcj]*[lvn]")
    )
    assert "WhatsApp" in sent
    assert not [reference for reference in references if reference in sent]
    behind = (answered.internal / "records-q4.csv").read_text(encoding="utf-8-sig")
    assert any(reference in behind for reference in references)


def test_an_exemption_that_a_person_relies_on_is_stated_with_its_reason(
    asked: AnswerFiles, tmp_path: Path
) -> None:
    claim = (
        '    extreme: {of: youngest victim, also: sex}\n    exemptions: {"s44(1)": The '
        "youngest could be recognised.}"
    )
    changed = rewritten(asked, tmp_path, ("    extreme: {of: youngest victim, also: sex}", claim))
    said = letter(answer(changed, tmp_path / "answer"))
    assert "Section 44(1): prohibitions on disclosure" in said
    assert "The youngest could be recognised." in said


def test_an_unknown_exemption_is_refused_before_anything_is_counted(
    asked: AnswerFiles, tmp_path: Path
) -> None:
    claim = "    mentions: [WhatsApp, Facebook, Twitter, Instagram, Snapchat, Kik]"
    changed = rewritten(asked, tmp_path, (claim, f"{claim}\n    exemptions: {{s45: because}}"))
    with pytest.raises(QuestionError) as caught:
        answer(changed, tmp_path / "answer")
    assert any("line" in line and "no exemption 's45'" in line for line in caught.value.details)
    assert not (tmp_path / "answer").exists()


def test_a_letter_without_a_date_is_refused(asked: AnswerFiles, tmp_path: Path) -> None:
    changed = rewritten(asked, tmp_path, ("replied_on: 2021-06-29\n", ""))
    with pytest.raises(QuestionError, match="replied_on"):
        answer(changed, tmp_path / "answer")
    dated = answer(replace(changed, answered_on=date(2021, 7, 1)), tmp_path / "answer")
    assert "1 July 2021" in letter(dated)


def test_an_answer_is_never_overwritten(asked: AnswerFiles, answered: Answered) -> None:
    with pytest.raises(ReleaseError, match="already there"):
        answer(asked, answered.release.parent)


def test_an_extract_changed_since_its_import_is_refused(asked: AnswerFiles, tmp_path: Path) -> None:
    shutil.copytree(asked.extract, tmp_path / "extract")
    with (tmp_path / "extract" / "victims.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ExtractError, match="not as it was imported"):
        answer(replace(asked, extract=tmp_path / "extract"), tmp_path / "answer")


def test_keywords_are_counted_under_the_requesters_own_words(
    asked: AnswerFiles, tmp_path: Path
) -> None:
    """By an alias of an entry, twice for one entry, and a word that no lexicon has."""
    listed = f"[{', '.join(NAMED)}]"
    changed = rewritten(
        asked, tmp_path, (listed, "[insta, Instagram, tweets, Twitter, Parlourchat]")
    )
    (path,) = answer(changed, tmp_path / "answer").release.glob("*-q4.csv")
    rows = [line.split(",") for line in path.read_text(encoding="utf-8-sig").splitlines()]
    counts = {name: count for name, form, count in rows if form == "Written in any form"}
    assert counts["insta"] == counts["Instagram"] == "10"
    assert counts["tweets"] == counts["Twitter"] == counts["Parlourchat"] == "0"


def test_a_reviewers_decision_counts(asked: AnswerFiles, tmp_path: Path) -> None:
    decisions = tmp_path / "decisions.csv"
    decisions.write_text(
        "form,platform,decision,by,at\nkik,Kik,reject,A. Reviewer,2021-06-20\n", encoding="utf-8"
    )
    decided = answer(replace(asked, decisions=decisions), tmp_path / "answer")
    assert "Kik – nil return" in letter(decided)
    assert "decisions" in bindings(decided)["inputs"]


OTHERS_CSV = "Age,Count\n11 and under,60\n12-15,250\n16 and over,35\nUnknown,40\nTotal,385\n"
OTHERS_YAML = (
    "title: Victims in all of the county\nunit: victims\ncolumns:\n  Age: {variable: "
    "victim.age, total: Total}\n"
)


OF_A_PERIOD = "restricted_to:\n  crime.recorded_on: [2020-07-01, 2021-03-31]\n"


@pytest.mark.parametrize(
    "layout",
    ["flat", "folder", "others", pytest.param("others of all days", marks=pytest.mark.slow)],
)
def test_no_other_request_is_named_in_what_is_sent(
    asked: AnswerFiles, answered: Answered, tmp_path: Path, layout: str
) -> None:
    """Whatever was entered in the register: by keyed reference alone, and the number of them."""
    from nilreturn.disclosure.register import add, new_register

    register, entered = tmp_path / "register", tmp_path / "secret-20210999.csv"
    new_register(register)
    if layout == "flat":
        entered = tmp_path / "secret-20210999.json"
        shutil.copy(answered.published, entered)
    elif layout == "folder":
        entered = answered.release.parent
    else:
        entered.write_text(OTHERS_CSV, encoding="utf-8")
        of = OF_A_PERIOD if layout == "others" else ""
        entered.with_suffix(".yaml").write_text(OTHERS_YAML + of, encoding="utf-8")
    add(entered, register, on=date(2021, 6, 29), name="secret-20210999")
    changed = rewritten(asked, tmp_path, ('"20210999"', '"20211000"'))
    later = answer(replace(changed, register=register), tmp_path / "answer")
    sent = "".join(path.read_text(encoding="utf-8") for path in later.release.glob("*.[hcj]*[lvn]"))
    assert "20211000" in sent
    assert "20210999" not in sent
    assert "secret" not in sent
    (reference,) = manifest(later)["earlier_releases"]  # type: ignore[misc, attr-defined]
    assert hashes(later) == {manifest(later)["release_reference"], reference}


def test_a_later_answer_keeps_hidden_what_an_earlier_one_hid(
    asked: AnswerFiles, answered: Answered, tmp_path: Path
) -> None:
    """
    Nine months were answered; the same tables for the year must not give their hidden counts away.
    """
    from nilreturn.disclosure import audit, load_register
    from nilreturn.disclosure.register import add, new_register

    register = tmp_path / "register"
    new_register(register)
    add(answered.release.parent, register, on=date(2021, 6, 29))
    year = rewritten(
        asked, tmp_path, ("July 1st 2020", "April 1st 2020"), ('"20210999"', '"20211000"')
    )
    later = answer(replace(year, register=register), tmp_path / "answer")
    assert later.register is not None
    assert later.register.compared.endswith(" of 1 release")
    assert later.entry == "20211000"
    assert "20210999" not in "".join(
        path.read_text(errors="ignore") for path in later.release.iterdir()
    )
    assert (register / "20211000" / "published.json").read_bytes() == later.published.read_bytes()
    assert audit(load_register(register)).is_safe
    bound = bindings(later)
    assert list(bound["earlier_releases"]) == ["20210999"]
    assert manifest(later)["earlier_releases"] == list(bound["earlier_releases"].values())
    files = {entry["file"]: entry["sha256"] for entry in bound["register"]}
    assert set(files) == {"register.json", "20210999/published.json"}  # and not the register's lock
    assert files["20210999/published.json"] == sha256(answered.published)


def test_an_answer_is_not_written_into_the_register(asked: AnswerFiles, tmp_path: Path) -> None:
    from nilreturn.disclosure.register import new_register

    new_register(tmp_path / "register")
    with pytest.raises(ReleaseError, match="inside the register"):
        answer(replace(asked, register=tmp_path / "register"), tmp_path / "register" / "20210999")


def test_a_register_that_is_not_exact_stops_an_answer_before_anything_is_counted(
    asked: AnswerFiles, tmp_path: Path
) -> None:
    from nilreturn.disclosure.register import new_register

    new_register(tmp_path / "register")
    (tmp_path / "register" / "20210998.json").write_text("{}")
    missing = replace(asked, register=tmp_path / "register", extract=tmp_path / "none")
    with pytest.raises(FileError, match=r"20210998\.json"):
        answer(missing, tmp_path / "answer")
