"""The policy of small numbers: its model, its file, and which variables describe people."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.policy.people import Rule
    from nilreturn.disclosure.policy.policy import Policy, copy_shipped, load_policy, policy_path

__all__ = ["Policy", "Rule", "copy_shipped", "load_policy", "policy_path"]

open_door(__name__)
