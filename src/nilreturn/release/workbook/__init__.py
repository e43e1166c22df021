"""The workbook: composed once as sheets, and written as XLSX and ODS."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.release.workbook.content import Sheet, range_name, sheets
    from nilreturn.release.workbook.ods import write_ods
    from nilreturn.release.workbook.xlsx import write_xlsx

__all__ = ["Sheet", "range_name", "sheets", "write_ods", "write_xlsx"]

open_door(__name__)
