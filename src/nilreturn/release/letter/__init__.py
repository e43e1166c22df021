"""The letter: composed once as blocks, and written as DOCX, HTML and PDF."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.release.letter.blocks import texts
    from nilreturn.release.letter.content import letter, title
    from nilreturn.release.letter.docx import write_docx
    from nilreturn.release.letter.html import write_html
    from nilreturn.release.letter.pdf import write_pdf

__all__ = [
    "letter",
    "texts",
    "title",
    "write_docx",
    "write_html",
    "write_pdf",
]

open_door(__name__)
