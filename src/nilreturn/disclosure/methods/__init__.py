"""The methods of protection that a policy may name, and the problem that each of them solves."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.methods.extremes import Decision, decide, settle
    from nilreturn.disclosure.methods.outcome import InformationLoss, Method, Outcome
    from nilreturn.disclosure.methods.problem import Problem, build_problem, rules_of
    from nilreturn.disclosure.methods.recoding import Merge, is_range, is_unknown, merged
    from nilreturn.disclosure.methods.registry import RULES
    from nilreturn.disclosure.methods.suppression import by_suppression, by_suppression_at_once

__all__ = [
    "RULES",
    "Decision",
    "InformationLoss",
    "Merge",
    "Method",
    "Outcome",
    "Problem",
    "build_problem",
    "by_suppression",
    "by_suppression_at_once",
    "decide",
    "is_range",
    "is_unknown",
    "merged",
    "rules_of",
    "settle",
]

open_door(__name__)
