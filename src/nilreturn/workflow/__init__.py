"""
From a request to its answer, one function for each step. The command line and the web call these.

The steps take and give objects (`Inputs`, `Counted`, `Prepared`, `Draft`). `read_inputs` makes them
from files, and `answer` does all steps at once. People can work between `prepare` and `release`: a
draft has the files that would be sent and what a reviewer needs, and exactly these files are
released.
"""

from nilreturn.workflow.counted import counted_from_json, counted_to_json
from nilreturn.workflow.drafts import Draft, prepare, read_draft, release
from nilreturn.workflow.files import AnswerFiles, answer, read_inputs
from nilreturn.workflow.mentions import MentionReview, review_mentions
from nilreturn.workflow.objects import Answered, Counted, Inputs, Prepared, TextSearch
from nilreturn.workflow.published_tables import AuditOutcome, audit_published
from nilreturn.workflow.steps import count, prepared, protect, search

__all__ = [
    "AnswerFiles",
    "Answered",
    "AuditOutcome",
    "Counted",
    "Draft",
    "Inputs",
    "MentionReview",
    "Prepared",
    "TextSearch",
    "answer",
    "audit_published",
    "count",
    "counted_from_json",
    "counted_to_json",
    "prepare",
    "prepared",
    "protect",
    "read_draft",
    "read_inputs",
    "release",
    "review_mentions",
    "search",
]
