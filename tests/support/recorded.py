"""Records of crime at random, for laws that must hold of all of them."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from nilreturn.recording import (
    Classification,
    Crime,
    Flag,
    FlagSource,
    Outcome,
    PropertyItem,
    State,
    Suspect,
    Victim,
    VictimType,
)

DAYS = st.dates(date(2016, 1, 1), date(2021, 6, 1))
MOMENTS = DAYS.map(lambda day: datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
CODES = (
    ("071/17", "88A"),
    ("019/07", "19D"),
    ("019/08", "19C"),
    ("008/06", "8N"),
    ("092/60", "92D"),
    ("088/15", "88C"),
)
TEXTS = (
    "",
    "He messaged her on snpchat",
    "She was followed home",
    "threatened with a large knife",
    "on whatsapp",
)

VICTIMS = st.builds(
    Victim,
    victim_type=st.sampled_from(VictimType),
    sex=st.sampled_from(("Female", "Male", "Unknown")),
    age=st.one_of(st.none(), st.integers(1, 90)),
)
FLAGS = st.builds(
    Flag,
    flag=st.sampled_from(("online_flag", "knife_flag")),
    value=st.sampled_from(("Yes", "No", "Not recorded")),
    source=st.sampled_from(FlagSource),
    set_at=MOMENTS,
)


@st.composite
def crimes(draw: st.DrawFn, reference: str = "A1") -> Crime:
    """
    A crime with a classification; its dates may be out of order, its outcome without its parts.
    """
    code, offence_class = draw(st.sampled_from(CODES))
    state = draw(st.sampled_from((State.RECORDED, State.WITH_OUTCOME, State.CANCELLED)))
    outcomes = st.builds(
        Outcome,
        outcome_type=st.sampled_from(("1", "8", "14", "18")),
        outcome_on=st.one_of(st.none(), DAYS),
    )
    return Crime(
        crime_ref=reference,
        incident_ref="I1",
        force="Northshire",
        state=state,
        reported_at=draw(st.one_of(st.none(), MOMENTS)),
        recorded_at=draw(MOMENTS) + timedelta(hours=1),
        committed_from=draw(st.one_of(st.none(), DAYS)),
        committed_to=draw(st.one_of(st.none(), DAYS)),
        narrative=draw(st.sampled_from(TEXTS)),
        classifications=(
            Classification(
                offence_code=code,
                offence_class=offence_class,
                from_at=datetime(2016, 1, 1, tzinfo=UTC),
            ),
        ),
        victims=tuple(draw(st.lists(VICTIMS, max_size=3))),
        suspects=tuple(draw(st.lists(st.builds(Suspect, age=st.integers(10, 80)), max_size=2))),
        flags=tuple(draw(st.lists(FLAGS, max_size=3))),
        outcomes=tuple(draw(st.lists(outcomes, min_size=1, max_size=2))),
        property_items=tuple(
            draw(st.lists(st.builds(PropertyItem, kind=st.just("phone")), max_size=1))
        ),
    )
