"""
Sums protected: the value of property stolen, days to an outcome. A sum is sensitive where few
contribute to it, or where one contributor is so large that another one could tell that contribution
too closely (the p% rule).
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.sums.model import RawSums
    from nilreturn.disclosure.sums.protection import choose_sums, protect_sums
    from nilreturn.disclosure.sums.reading import sums_from_data

__all__ = ["RawSums", "choose_sums", "protect_sums", "sums_from_data"]

open_door(__name__)
