"""The rules of recording one by one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from nilreturn.errors import RecordError
from nilreturn.recording import (
    COUNTERPARTS,
    Classification,
    Crime,
    Incident,
    Outcome,
    PromptAnswer,
    Removal,
    State,
    Stop,
    Victim,
    as_json,
    decide,
    due_at,
    findings,
    from_json,
    is_late,
    london_moment,
    open_prompts,
    outcome_findings,
    prompts,
    requirements,
    row_of_incident,
    row_of_stop,
    rows_of,
)
from nilreturn.schema import TABLES, outcome_types

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)
CRIME = Crime(
    crime_ref="A1",
    incident_ref="I1",
    force="Northshire",
    reported_at=NOON,
    recorded_at=NOON,
    committed_from=date(2026, 3, 27),
    committed_to=date(2026, 3, 27),
    classifications=(Classification(offence_code="071/17", offence_class="88A", from_at=NOON),),
    victims=(Victim(sex="Female", age=14),),
)


def rules(crime, **given):
    return {(found.rule, found.field) for found in findings(crime, **given)}


def test_a_crime_in_order_has_no_finding():
    assert findings(CRIME) == ()
    assert prompts(CRIME) == ()


def test_every_table_of_an_extract_has_its_record_and_its_columns():
    assert COUNTERPARTS.keys() == TABLES.keys()
    rows = dict(rows_of(full()))
    rows["incidents"] = (row_of_incident(Incident(incident_ref="I1", force="N", received_at=NOON)),)
    rows["stops"] = (row_of_stop(Stop(stop_ref="S1", force="N", stopped_at=NOON)),)
    for name, table in TABLES.items():
        columns = {each.name for each in table.columns} - {"source_file", "source_row"}
        assert rows[name][0].keys() == columns, name


def full():
    from nilreturn.recording import Flag, FlagSource, Link, PropertyItem, Suspect

    return replace(
        CRIME,
        suspects=(Suspect(),),
        outcomes=(Outcome(outcome_type="1"),),
        property_items=(PropertyItem(kind="phone"),),
        flags=(Flag(flag="Hate strand", value="Race", source=FlagSource.OFFICER, set_at=NOON),),
        links=(Link(linked_ref="A2", link="same offender"),),
    )


def test_twenty_four_hours_pass_whatever_the_clocks_do():
    assert due_at(NOON).isoformat() == "2026-03-29T13:00:00+01:00"
    autumn = datetime(2026, 10, 24, 11, tzinfo=UTC)  # noon in London
    assert due_at(autumn).isoformat() == "2026-10-25T11:00:00+00:00"
    assert not is_late(NOON, NOON + timedelta(hours=24))
    assert is_late(NOON, NOON + timedelta(hours=24, seconds=1))


def test_a_time_that_clocks_show_twice_or_never():
    twice = datetime(2026, 10, 25, 1, 30)
    assert london_moment(twice, second=True) - london_moment(twice) == timedelta(hours=1)
    with pytest.raises(RecordError, match="no clock showed"):
        london_moment(datetime(2026, 3, 29, 1, 30))


def test_a_late_crime_needs_a_reason():
    late = replace(CRIME, recorded_at=NOON + timedelta(hours=25))
    assert rules(late) == {("R1", "late_reason")}
    assert rules(replace(late, late_reason="the victim was in hospital")) == set()


def test_a_cancellation_needs_its_parts_and_another_person():
    removal = Removal(code="C2", requested_by="a", requested_at=NOON)
    cancelled = replace(CRIME, state=State.CANCELLED, removals=(removal,))
    assert rules(cancelled) == {
        ("R2", f"removals[0].{field}")
        for field in ("further_information", "authorised_by", "victim_told_on")
    }
    parts = {"further_information": "x", "authorised_at": NOON, "victim_told_on": date(2026, 4, 1)}
    by_self = replace(removal, authorised_by="a", **parts)
    assert rules(replace(cancelled, removals=(by_self,))) == {("R2", "removals[0].authorised_by")}
    assert rules(replace(cancelled, removals=(replace(by_self, authorised_by="b"),))) == set()
    assert ("R2", "removals") in rules(replace(CRIME, state=State.CANCELLED))


def test_a_reclassification_keeps_what_was_before():
    then = NOON + timedelta(days=1)
    new = Classification(offence_code="088/01", offence_class="88A", from_at=then)
    ended = replace(CRIME.classifications[0], until_at=then)
    assert rules(replace(CRIME, classifications=(ended, new)), before=CRIME) == set()
    assert ("R3", "classifications") in rules(replace(CRIME, classifications=(new,)), before=CRIME)
    gap = replace(new, from_at=then + timedelta(hours=1))
    assert ("R3", "classifications[0].until_at") in rules(
        replace(CRIME, classifications=(ended, gap))
    )


def test_nothing_recorded_is_taken_away_and_no_state_is_skipped():
    cancelled = replace(CRIME, state=State.CANCELLED)
    assert ("R4", "state") in rules(CRIME, before=cancelled)
    assert ("R4", "outcomes") in rules(CRIME, before=full())


def test_dates_victims_and_codes():
    assert ("R5", "committed_to") in rules(replace(CRIME, committed_to=date(2026, 3, 1)))
    rape = Classification(offence_code="019/07", offence_class="19D", from_at=NOON)
    assert ("R6", "offence_code") in rules(replace(CRIME, classifications=(rape,), victims=()))
    assert ("R6", "offence_code") not in rules(replace(CRIME, victims=()))
    early = datetime(2016, 1, 1, tzinfo=UTC)
    assert ("R7", "offence_code") in rules(replace(CRIME, reported_at=early, recorded_at=early))


def test_a_victim_who_cannot_be_one_and_a_state_based_offence_without():
    found = {each.rule for each in prompts(replace(CRIME, victims=(Victim(age=40),)))}
    assert found == {"victim_adult"}
    drugs = Classification(offence_code="092/60", offence_class="92D", from_at=NOON)
    assert prompts(replace(CRIME, classifications=(drugs,), victims=())) == ()
    assert {each.rule for each in prompts(replace(CRIME, victims=()))} == {"no_victim"}


def test_a_prompt_left_with_a_reason_is_no_longer_open():
    crime = replace(CRIME, narrative="messages on snpchat")
    (found,) = open_prompts(crime)
    assert (found.rule, found.field) == ("online_flag_unset", "online_flag")
    answer = PromptAnswer(rule=found.rule, field=found.field, reason="not used", by="a", at=NOON)
    assert open_prompts(replace(crime, answers=(answer,))) == ()
    assert prompts(replace(crime, answers=(answer,))) == (found,)


def test_every_outcome_says_what_it_requires():
    assert requirements().keys() == outcome_types().keys()
    lacking = outcome_findings(Outcome(outcome_type="16"), suspects=1)
    assert {each.field for each in lacking} == {
        "outcome.outcome_on",
        "outcome.suspect_no",
        "outcome.victim_view",
    }
    assert outcome_findings(Outcome(outcome_type="99"), suspects=0)


def test_no_answer_is_given_to_a_step_that_is_not_reached():
    with pytest.raises(RecordError, match="step 5"):
        decide({1: False, 5: True})
    assert decide({1: True, 2: True, 3: False, 4: True, 5: True, 6: False, 7: False}).is_crime


@pytest.mark.parametrize(
    "change",
    [
        {"unknown": 1},
        {"victims": [{"age": "14"}]},
        {"committed_from": "86400"},
        {"recorded_at": "2026-01-01T00:00:00"},
        {"narrative": "a\0secret"},
        {"state": "nowhere"},
    ],
)
def test_json_that_is_not_understood_is_refused_without_its_values(change):
    with pytest.raises(RecordError) as caught:
        from_json(Crime, as_json(CRIME) | change)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("text", ["\ud800", "\0"])
def test_a_text_that_cannot_be_kept_is_not_written(text):
    with pytest.raises(RecordError):
        as_json(replace(CRIME, narrative=text))
