"""The methods of protection that a policy may name, and the problem that each of them solves."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.methods.extremes import Decision, decide, settle
    from nilreturn.disclosure.methods.outcome import Loss, Method, Outcome
    from nilreturn.disclosure.methods.problem import Problem, pose, rules_of
    from nilreturn.disclosure.methods.recoding import Merge, is_range, is_unknown, merged
    from nilreturn.disclosure.methods.registry import RULES
    from nilreturn.disclosure.methods.suppression import by_suppression, by_suppression_at_once

__all__ = [
    "RULES",
    "Decision",
    "Loss",
    "Merge",
    "Method",
    "Outcome",
    "Problem",
    "by_suppression",
    "by_suppression_at_once",
    "decide",
    "is_range",
    "is_unknown",
    "merged",
    "pose",
    "rules_of",
    "settle",
]

open_door(__name__)
