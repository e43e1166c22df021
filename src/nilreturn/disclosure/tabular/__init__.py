"""Tables in and out: files and data frames of counts, tables that somebody published, pictures."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.tabular.csv_files import csv_of, nobody_from_csv, printed_from_csv, raw_from_csv
    from nilreturn.disclosure.tabular.describing import description_of
    from nilreturn.disclosure.tabular.figures import a_share, a_total
    from nilreturn.disclosure.tabular.frames import Backend, frame_from_safe, printed_from_frame, raw_from_frame
    from nilreturn.disclosure.tabular.marks import Marks, as_percentage, told_marks, told_rounding
    from nilreturn.disclosure.tabular.notebook import printed_html
    from nilreturn.disclosure.tabular.picture import MOST_DRAWN, draw, drawable
    from nilreturn.disclosure.tabular.reading import read_published, reading_as_data, reading_as_text, shares_from_csv
    from nilreturn.disclosure.tabular.records import Grouped, dimension_of, group, is_frame, raw_from_data, whole_number
    from nilreturn.disclosure.tabular.strangers import refuse_strangers
    from nilreturn.disclosure.tabular.text_tables import Described

__all__ = [
    "MOST_DRAWN",
    "Backend",
    "Described",
    "Grouped",
    "Marks",
    "a_share",
    "a_total",
    "as_percentage",
    "csv_of",
    "description_of",
    "dimension_of",
    "draw",
    "drawable",
    "frame_from_safe",
    "group",
    "is_frame",
    "nobody_from_csv",
    "printed_from_csv",
    "printed_from_frame",
    "printed_html",
    "raw_from_csv",
    "raw_from_data",
    "raw_from_frame",
    "read_published",
    "reading_as_data",
    "reading_as_text",
    "refuse_strangers",
    "shares_from_csv",
    "told_marks",
    "told_rounding",
    "whole_number",
]

open_door(__name__)
