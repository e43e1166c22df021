"""
Which characters a TrueType font can draw: its table `cmap` in format 12, which DejaVu has (OpenType
1.9, "cmap").
"""

from __future__ import annotations

import functools
import struct


@functools.lru_cache(maxsize=4)
def code_points(font: bytes) -> frozenset[int]:
    """
    Every code point for which the font has a glyph. Raises `ValueError` for a font without such a
    table.
    """
    (tables,) = struct.unpack_from(">4xH", font)
    for table in range(tables):
        tag, start = struct.unpack_from(">4s4xI", font, 12 + 16 * table)
        if tag == b"cmap":
            return _full_repertoire(font[start:])
    raise ValueError("the font has no table 'cmap'")


def _full_repertoire(cmap: bytes) -> frozenset[int]:
    (subtables,) = struct.unpack_from(">2xH", cmap)
    for subtable in range(subtables):
        platform, encoding, start = struct.unpack_from(">HHI", cmap, 4 + 8 * subtable)
        if (platform, encoding) == (3, 10):  # Windows, all of Unicode
            form, groups = struct.unpack_from(">H10xI", cmap, start)
            if form == 12:
                found = (
                    struct.unpack_from(">III", cmap, start + 16 + 12 * group)
                    for group in range(groups)
                )
                return frozenset(
                    code for first, last, _ in found for code in range(first, last + 1)
                )
    raise ValueError("the font's table 'cmap' has no part of format 12 for Windows")
