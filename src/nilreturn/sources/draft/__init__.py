"""
Drafts a mapping for a file from its headers and values. What these do not decide becomes a doubt.
"""

from nilreturn.sources.draft.checking import Checked, check_mapping
from nilreturn.sources.draft.drafting import draft_mapping
from nilreturn.sources.draft.writing import Draft

__all__ = ["Checked", "Draft", "check_mapping", "draft_mapping"]
