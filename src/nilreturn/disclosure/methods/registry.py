"""The methods of protection by the name that a policy gives them."""

from __future__ import annotations

from nilreturn.disclosure.methods.cell_key import by_cell_key
from nilreturn.disclosure.methods.outcome import Method
from nilreturn.disclosure.methods.recoding import by_recoding, by_top_and_bottom_coding
from nilreturn.disclosure.methods.rounding import by_rounding, by_small_counts
from nilreturn.disclosure.methods.suppression import by_suppression

# The function of each method, by the name that a policy gives the method.
RULES: dict[str, Method] = {
    "suppression": by_suppression,
    "rounding": by_rounding,
    "small-count rounding": by_small_counts,
    "cell key": by_cell_key,
    "recoding": by_recoding,
    "top and bottom coding": by_top_and_bottom_coding,
}
