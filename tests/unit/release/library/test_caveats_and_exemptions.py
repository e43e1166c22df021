"""What the letter warns of and refuses follows from the tables, and from nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from nilreturn.errors import ReleaseError
from nilreturn.release import Claim, PolicyFacts, Remark, TableRule
from nilreturn.release.letter import letter, texts
from nilreturn.release.library import Caveat, applies, caveats_of, engaged, said
from nilreturn.release.library.caveats import caveat_library
from nilreturn.release.workbook import sheets
from nilreturn.tables import CellStatus, Dimension, Extent, Population, RawTable, SafeCell
from tests.support.answers import (
    AGE,
    SEARCHED,
    SEX,
    answer_with,
    given_extreme,
    mentions_tables,
    model_answer,
    printed,
    refused_extreme,
    safe_table,
)


def keys(*tables, **changes) -> set[str]:
    return {caveat.key for caveat in caveats_of(answer_with(*tables, **changes))}


def during(first: date, last: date) -> tuple[str, Extent]:
    return "crime.recorded_on", Extent.between(first.toordinal(), last.toordinal())


EVERY = {"live-system", "recorded-not-convicted", "not-official-statistics"}


def test_plain_count_of_crimes_has_the_caveats_of_every_answer() -> None:
    assert keys(safe_table((), {(): 7}, extents=())) == EVERY | {"unit-crimes"}


def test_breakdown_brings_its_caveats() -> None:
    assert keys(safe_table((AGE, SEX), {}, unit="victims")) == EVERY | {
        "unit-victims",
        "without-victim-details",
        "age-at-offence",
        "sex-as-recorded",
    }
    assert keys(*mentions_tables()) == EVERY | {"unit-records", "keyword-limits", "keyword-overlap"}


def test_filter_brings_the_caveat_of_its_column() -> None:
    table = safe_table((), {(): 7}, extents=(("crime.knife_flag", Extent.of("Yes")),))
    assert "other-flags" in keys(table)
    assert "other-flags" not in keys(safe_table((), {(): 7}))


@pytest.mark.parametrize(
    ("offences", "first", "last", "is_said"),
    [
        ("88A 071/17", date(2016, 4, 1), date(2018, 3, 31), True),
        ("88A 088/01", date(2017, 4, 3), date(2018, 3, 31), False),
        ("88A 088/01", date(2016, 4, 1), date(2017, 4, 2), False),
        ("88A 088/01", date(2016, 4, 1), date(2017, 4, 3), True),
        ("8N 008/77", date(2016, 4, 1), date(2018, 3, 31), False),
    ],
)
def test_change_of_a_class_is_told_where_the_period_crosses_it(
    offences: str, first: date, last: date, is_said: bool
) -> None:
    table = safe_table(
        (), {(): 7}, extents=(("crime.offence", Extent.of(offences)), during(first, last))
    )
    assert ("class-88A-2017" in keys(table)) is is_said


def test_change_of_a_class_is_told_of_a_breakdown_too() -> None:
    classes = Dimension.flat("crime.offence", "Class", ("88A", "8N"))
    table = safe_table((classes,), {}, extents=(during(date(2016, 4, 1), date(2018, 3, 31)),))
    assert "class-88A-2017" in keys(table)


def test_hidden_figures_are_explained_where_there_are_any() -> None:
    assert "hidden-figures" not in keys(safe_table((SEX,), {("Male",): 3}, unit="victims"))
    assert "hidden-figures" in keys(
        safe_table((SEX,), {("Male",): 3}, unit="victims", hidden=(("Male",),))
    )


def test_rounded_figures_are_explained() -> None:
    raw = RawTable("t", "Crimes", Population("crimes"), (), safe_counts())
    table = printed(raw, {(): SafeCell(5, CellStatus.CHANGED, "base 5")}, method="rounded")
    assert "changed-figures" in keys(table)


def safe_counts():
    import numpy as np

    return np.array(7, dtype=np.int64)


def test_named_caveat_is_said_only_when_named() -> None:
    table = safe_table((), {(): 7})
    assert "ages-referred" not in keys(table)
    assert "ages-referred" in keys(table, caveats=("ages-referred",))


@pytest.mark.parametrize(
    ("named", "dimensions", "is_noted"),
    [(True, (AGE,), True), (True, (SEX,), False), (False, (AGE,), False), (False, (), False)],
)
def test_named_caveat_goes_with_the_tables_it_concerns_alone(named, dimensions, is_noted) -> None:
    """
    Victims by age, of the question that names it; whatever the other tables of the answer are.
    """
    names = ("ages-referred",) if named else ()
    table = safe_table(dimensions, {}, name="q1", unit="victims")
    other = replace(model_answer().questions[1], number="1", tables=(table,), caveats=names)
    answer = replace(model_answer(), questions=(other, *model_answer().questions[1:]))
    notes = {note: caveat.key for note, caveat in enumerate(caveats_of(answer), start=1)}
    sheet = next(sheet for sheet in sheets(answer) if sheet.name == "Table 1")
    (line,) = [line.text for line in sheet.lines if line.text.startswith("Notes that apply")]
    of_table = {notes[int(number)] for number in re.findall(r"\[note (\d+)\]", line)}
    assert "live-system" in of_table
    assert ("ages-referred" in of_table) == is_noted


def test_unknown_caveat_names_near_ones() -> None:
    with pytest.raises(ReleaseError, match="did you mean 'live-system'"):
        caveats_of(answer_with(safe_table((), {(): 7}), caveats=("live-sytem",)))


def test_condition_nobody_knows_is_a_defect_of_the_library() -> None:
    with pytest.raises(ValueError, match="'unit' is not one of"):
        applies(
            Caveat("k", "t", "s", {"unit": ["crimes"]}),
            safe_table((), {(): 7}),
            model_answer().questions[0],
        )


@pytest.mark.parametrize("caveat", caveat_library(), ids=lambda caveat: caveat.key)
def test_every_caveat_of_the_library_can_be_read_and_said(caveat: Caveat) -> None:
    assert caveat.source
    places = set(re.findall(r"\{(\w+)\}", caveat.text)) - {"system", "as_at", "questions"}
    assert caveat.named or not places
    answer = model_answer()
    remark = Remark(caveat.key, tuple((name, "a {b}") for name in sorted(places)), ("1",))
    (filled,) = (each for each in caveats_of(replace(answer, remarks=(remark,))) if each.questions)
    assert re.sub(r"a \{b\}", "", said(filled, answer)).count("{") == 0
    question = replace(answer.questions[0], caveats=(caveat.key,))
    for table in (*model_answer().tables, safe_table((SEARCHED,), {})):
        applies(caveat, table, question)
    # Else it would go with every table of its question.
    assert caveat.when or not caveat.named or places


def test_no_exemption_where_nothing_is_withheld() -> None:
    answer = answer_with(safe_table((SEX,), {("Male",): 3}, unit="victims"))
    assert engaged(answer) == ()
    words = "\n".join(texts(letter(answer)))
    assert "exempt" not in words
    assert "refusal notice" not in words


def test_hidden_figures_engage_section_40_with_the_recorded_reason() -> None:
    (found,) = engaged(model_answer())
    assert found.exemption.key == "s40(2)"
    assert found.withheld == (
        "the figures shown as [c] in table 2, Victims by age and sex (question 2)",
        "Age and sex of the youngest victim (question 3)",
    )
    assert found.reasons[0].startswith(
        "In table 2, figures from 1 to 4 are hidden. The reason recorded is: "
    )
    assert not any("one crime" in reason for reason in found.reasons), "table 1 hides nothing"


def test_refused_extreme_alone_engages_section_40() -> None:
    question = replace(model_answer().questions[2], extremes=(refused_extreme(),))
    (found,) = engaged(replace(model_answer(), questions=(question,)))
    assert found.reasons == (refused_extreme().refusal,)


def test_given_extreme_engages_nothing() -> None:
    question = replace(model_answer().questions[2], extremes=(given_extreme(40),))
    assert engaged(replace(model_answer(), questions=(question,))) == ()


def test_hidden_figures_without_a_recorded_reason_are_not_released() -> None:
    with pytest.raises(ReleaseError) as caught:
        replace(model_answer(), policy=PolicyFacts("p", "1", (TableRule("q2", 5, "  "),)))
    assert caught.value.details == (
        "table q2: hides figures, and no reason is recorded in the policy",
    )


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (TableRule("q2", 5, "Why."), "figures from 1 to 4 are hidden"),
        (TableRule("q2", 2, "Why."), "a figure of 1 is hidden"),
        (TableRule("q2", 3, "Why.", hides_zeros=True), "figures from 0 to 2 are hidden"),
        (TableRule("q2", 1, "Why.", hides_zeros=True), "a figure of 0 is hidden"),
    ],
)
def test_rule_is_told_as_it_is(rule: TableRule, says: str) -> None:
    (found,) = engaged(replace(model_answer(), policy=PolicyFacts("p", "1", (rule,))))
    assert found.reasons[0] == f'In table 2, {says}. The reason recorded is: "Why."'


def test_tables_under_one_rule_are_told_together() -> None:
    tables = [
        safe_table((SEX,), {("Male",): 3}, unit="victims", hidden=(("Male",),), name=name)
        for name in ("a", "b", "c")
    ]
    rules = tuple(TableRule(name, 5, "Why.") for name in ("a", "b", "c"))
    (found,) = engaged(answer_with(*tables, policy=PolicyFacts("p", "1", rules)))
    assert found.reasons[0].startswith("In tables 1, 2 and 3, figures from 1 to 4")


def test_section_44_is_claimed_by_a_person_with_a_reason() -> None:
    claim = Claim("s44(1)", "2", "Age and sex by group would point at a complainant.")
    first, second = engaged(replace(model_answer(), claims=(claim,)))
    assert (first.exemption.key, second.exemption.key) == ("s40(2)", "s44(1)")
    assert second.reasons == (claim.reason,)
    words = "\n".join(texts(letter(replace(model_answer(), claims=(claim,)))))
    assert "Sexual Offences (Amendment) Act 1992" in words


def test_section_44_is_not_named_where_nobody_claimed_it() -> None:
    assert "Section 44" not in "\n".join(texts(letter(model_answer())))


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        (Claim("s40(2)", "2", "Because."), "is not claimed by hand"),
        (Claim("s45", "2", "Because."), "no exemption 's45'"),
        (Claim("s31(1)", "2", "Because."), "is qualified and needs the public interest test"),
        (Claim("s12(1)", "2", "Because."), "is about the request"),
        (Claim("s44(1)", "2", " "), "no reason is recorded"),
        (Claim("s44(1)", "9", "Because."), "there is no question '9'"),
        (Claim("s44(1)", "1", "Because."), "nothing is withheld from question 1"),
    ],
)
def test_claim_that_the_answer_does_not_bear_out_is_refused(claim: Claim, says: str) -> None:
    with pytest.raises(ReleaseError, match=says.replace("(", r"\(").replace(")", r"\)")):
        engaged(replace(model_answer(), claims=(claim,)))


def test_one_hidden_figure_has_no_other_hidden_for_its_sake() -> None:
    """By what is printed alone: whether a figure is hidden for another's sake is not said."""
    one = safe_table((), {(): 3}, hidden=((),))
    two = safe_table((SEX,), {("Male",): 3}, hidden=(("Male",), ("Female",)))
    for table, is_said in ((one, False), (two, True)):
        (found,) = engaged(answer_with(table))
        further = "A figure is also hidden where a hidden one could be worked out from it."
        assert (further in found.reasons) is is_said


def test_section_40_names_the_articles_and_what_the_table_is_of() -> None:
    words = "\n".join(texts(letter(model_answer())))
    for part in ("Article 5(1)(a)", "Article 6(1)(f)", "(victims by age and sex)"):
        assert part in words, part
    assert words.count("Section 40(2) of the Act, through") == 1
    assert "Section 40(2) is stated in full under question 2." in words
