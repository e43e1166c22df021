"""
A first mapping for a file, from its headers and values; what cannot be told is left as a doubt.
"""

from nilreturn.sources.draft.checking import Checked, check_mapping
from nilreturn.sources.draft.drafting import draft_mapping
from nilreturn.sources.draft.writing import Draft

__all__ = ["Checked", "Draft", "check_mapping", "draft_mapping"]
