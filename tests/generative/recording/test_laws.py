"""Laws of recording: round trips, states, counting, differences, samples."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from nilreturn.errors import RecordError
from nilreturn.recording import (
    TRANSITIONS,
    Action,
    Actor,
    Allegation,
    Crime,
    Role,
    State,
    allocate,
    as_json,
    change_state,
    crimes_of,
    difference,
    draw,
    from_json,
    is_final,
    words_of,
)
from tests.support.recorded import crimes

NAMES = st.sampled_from("abc")
ACTORS = st.builds(Actor, name=NAMES, role=st.sampled_from(Role))
OFFENCES = st.sampled_from(
    (("008/06", "8N"), ("105/01", "105A"), ("092/60", "92D"), ("071/17", "88A"))
)
PEOPLE = st.frozensets(NAMES, max_size=2)
ALLEGATIONS = st.lists(st.tuples(OFFENCES, PEOPLE, PEOPLE), min_size=1, max_size=5).map(
    lambda those: [
        Allegation(
            key=f"k{n}", offence_code=code, offence_class=kind, victims=victims, suspects=suspects
        )
        for n, ((code, kind), victims, suspects) in enumerate(those)
    ]
)


@given(crimes())
def test_a_record_comes_back_from_json(crime):
    assert from_json(Crime, as_json(crime)) == crime
    assert from_json(Crime, json.dumps(as_json(crime))) == crime


@given(crimes(), crimes())
def test_versions_differ_exactly_where_there_is_a_difference(before, after):
    assert (difference(before, after) == ()) == (before == after)


@given(st.text("ab .", max_size=30), st.text("ab .", max_size=30))
def test_words_make_both_texts(before, after):
    words = words_of(before, after)
    assert "".join(each.text for each in words if each.kind != "added") == before
    assert "".join(each.text for each in words if each.kind != "removed") == after


@given(
    st.lists(
        st.tuples(st.sampled_from(Action), ACTORS, st.none() | ACTORS, st.booleans()), max_size=12
    )
)
def test_no_walk_leaves_the_table_or_a_final_state_or_authorises_itself(walk):
    state = State.RECORDED
    for action, by, authoriser, needs_registrar in walk:
        try:
            change = change_state(
                state, action, by=by, at=datetime.now(UTC), reason="r", authorised_by=authoriser,
                needs_registrar=needs_registrar,
            )  # fmt: skip
        except RecordError:
            continue
        assert not is_final(state)
        edge = TRANSITIONS[state, action]
        assert by.role in edge.owners
        if edge.authorisers:
            assert authoriser.name != by.name
            assert authoriser.role is Role.REGISTRAR or (
                authoriser.role in edge.authorisers and not needs_registrar
            )
        state = change.after


@given(ALLEGATIONS, st.randoms(use_true_random=False))
def test_every_allegation_is_in_a_crime_or_a_question_whatever_the_order(allegations, chance):
    counted = crimes_of(allegations)
    shuffled = list(allegations)
    chance.shuffle(shuffled)
    assert crimes_of(shuffled) == counted
    proposed = {key for crime in counted.crimes for key in crime.allegations}
    asked = {key for question in counted.questions for key in question.allegations}
    assert proposed | asked == {each.key for each in allegations}
    answers = {}
    while counted.questions:
        question = counted.questions[0]
        answers[question.key] = chance.choice(question.options)
        counted = crimes_of(allegations, answers)
    covered = {(key, crime.victim) for crime in counted.crimes for key in crime.allegations}
    for each in allegations:
        victims = each.victims if each.offence_code != "092/60" and each.victims else {""}
        assert {(each.key, victim) for victim in victims} <= covered


@given(st.dictionaries(NAMES, st.integers(0, 30), min_size=1), st.integers(3, 60))
def test_a_sample_has_its_size_and_something_of_every_stratum(sizes, total):
    drawn = allocate(sizes, total)
    assert sum(drawn.values()) == min(total, sum(sizes.values()))
    assert all(
        drawn[name] <= size and (drawn[name] > 0) == (size > 0) for name, size in sizes.items()
    )
    references = {name: [f"{name}{n}" for n in range(size)] for name, size in sizes.items()}
    backwards = {name: those[::-1] for name, those in references.items()}
    assert draw(references, total, seed="s") == draw(backwards, total, seed="s")
