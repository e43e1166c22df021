"""
Sums protected: the value of property stolen, days to an outcome. A sum is sensitive where few contribute to it, or
where one contributor is so large that another one could tell that contribution too closely (the p% rule).
"""

from nilreturn.disclosure.sums.model import RawSums
from nilreturn.disclosure.sums.protection import choose_sums, protect_sums
from nilreturn.disclosure.sums.reading import sums_from_data

__all__ = ["RawSums", "choose_sums", "protect_sums", "sums_from_data"]
