"""
Recording crime: records, states, decisions, rules and counting, as pure functions over frozen
values.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.recording.conditions import SETTING as SETTING
    from nilreturn.recording.conditions import names_in as names_in
    from nilreturn.recording.configuration import (
        Configuration,
        read_configuration,
        shipped_configuration,
    )
    from nilreturn.recording.counting import Allegation, Counted, ProposedCrime, Question, crimes_of
    from nilreturn.recording.decision import STEPS, Decision, Result, decide
    from nilreturn.recording.decision import decision_mermaid as decision_mermaid
    from nilreturn.recording.difference import FieldDifference, Words, difference, words_of
    from nilreturn.recording.finding import Finding, Severity
    from nilreturn.recording.model import (
        COUNTERPARTS,
        Classification,
        Crime,
        Flag,
        FlagSource,
        FlagValue,
        Incident,
        Link,
        Outcome,
        PromptAnswer,
        PropertyItem,
        Removal,
        Report,
        Stop,
        Suspect,
        Victim,
        VictimType,
        VictimView,
    )
    from nilreturn.recording.offence_facts import offence_victims, offences_against_children
    from nilreturn.recording.outcomes import outcome_findings, read_requirements, requirements
    from nilreturn.recording.quality import Prompt, open_prompts, prompt_rules, prompts
    from nilreturn.recording.quality import lexicons as lexicons
    from nilreturn.recording.quality import matcher as matcher
    from nilreturn.recording.rows import row_of_incident, row_of_stop, rows_of
    from nilreturn.recording.rules import due_at, findings, is_late, london_moment
    from nilreturn.recording.sampling import (
        Compliance,
        Stratum,
        allocate,
        compliance,
        draw,
        matched,
    )
    from nilreturn.recording.serialisation import as_json, from_json
    from nilreturn.recording.states import (
        TRANSITIONS,
        Action,
        Actor,
        Role,
        State,
        StateChange,
        Transition,
        actions,
        change_state,
        is_final,
        refusal,
    )
    from nilreturn.recording.states import states_mermaid as states_mermaid
    from nilreturn.recording.states import states_table as states_table

__all__ = [
    "COUNTERPARTS",
    "STEPS",
    "TRANSITIONS",
    "Action",
    "Actor",
    "Allegation",
    "Classification",
    "Compliance",
    "Configuration",
    "Counted",
    "Crime",
    "Decision",
    "FieldDifference",
    "Finding",
    "Flag",
    "FlagSource",
    "FlagValue",
    "Incident",
    "Link",
    "Outcome",
    "Prompt",
    "PromptAnswer",
    "PropertyItem",
    "ProposedCrime",
    "Question",
    "Removal",
    "Report",
    "Result",
    "Role",
    "Severity",
    "State",
    "StateChange",
    "Stop",
    "Stratum",
    "Suspect",
    "Transition",
    "Victim",
    "VictimType",
    "VictimView",
    "Words",
    "actions",
    "allocate",
    "as_json",
    "change_state",
    "compliance",
    "crimes_of",
    "decide",
    "difference",
    "draw",
    "due_at",
    "findings",
    "from_json",
    "is_final",
    "is_late",
    "london_moment",
    "matched",
    "offence_victims",
    "offences_against_children",
    "open_prompts",
    "outcome_findings",
    "prompt_rules",
    "prompts",
    "read_configuration",
    "read_requirements",
    "refusal",
    "requirements",
    "row_of_incident",
    "row_of_stop",
    "rows_of",
    "shipped_configuration",
    "words_of",
]

open_door(__name__)
