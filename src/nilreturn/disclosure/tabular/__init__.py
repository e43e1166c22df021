"""Tables in and out: files and data frames of counts, tables that somebody published, pictures."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.tabular.csv_files import (
        csv_of,
        printed_from_csv,
        raw_from_csv,
        structural_zeros_from_csv,
    )
    from nilreturn.disclosure.tabular.describing import description_of
    from nilreturn.disclosure.tabular.figures import a_share, a_total
    from nilreturn.disclosure.tabular.frames import (
        Backend,
        frame_from_safe,
        printed_from_frame,
        raw_from_frame,
    )
    from nilreturn.disclosure.tabular.marks import (
        CellMarks,
        as_percentage,
        meanings_of_marks,
        stated_rounding,
    )
    from nilreturn.disclosure.tabular.notebook import printed_html
    from nilreturn.disclosure.tabular.picture import MOST_DRAWN, draw, drawable
    from nilreturn.disclosure.tabular.reading import (
        PublishedSet,
        percentages_from_csv,
        read_published,
        reading_as_data,
        reading_as_text,
    )
    from nilreturn.disclosure.tabular.records import (
        Grouped,
        dimension_of,
        group,
        integer,
        is_frame,
        raw_from_data,
    )
    from nilreturn.disclosure.tabular.strangers import refuse_strangers
    from nilreturn.disclosure.tabular.text_tables import TableDescription

__all__ = [
    "MOST_DRAWN",
    "Backend",
    "CellMarks",
    "Grouped",
    "PublishedSet",
    "TableDescription",
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
    "integer",
    "is_frame",
    "meanings_of_marks",
    "percentages_from_csv",
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
    "stated_rounding",
    "structural_zeros_from_csv",
]

open_door(__name__)
