"""
A reader who has a release tries every table that it could be of: no hash in it may confirm the
right one.

The reader knows the program, so that they can make certificate, register file and whatever else the
force has of each table they try, and hash it in every usual way.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from nilreturn.disclosure import Policy, Protection, protect, published_to_json
from nilreturn.disclosure.folder import write
from nilreturn.disclosure.model import fingerprint
from nilreturn.tables import RawTable
from tests.support.counts import policy, table

COUNTS = [[3, 9, 20], [22, 8, 31], [14, 7, 40]]
HASHES = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s")


@dataclass(frozen=True)
class Release:
    protection: Protection
    folder: Path

    @property
    def hex_strings(self) -> set[str]:
        """Whatever in the released files could be a hash or the beginning of one."""
        texts = (path.read_text(encoding="utf-8") for path in (self.folder / "release").iterdir())
        return {
            found.lower() for text in texts for found in re.findall(r"\b[0-9a-fA-F]{8,}\b", text)
        }


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    key = tmp_path_factory.mktemp("force") / "key"
    key.write_bytes(bytes(range(32)))
    return policy(key_file=str(key), seconds=0.2)


@pytest.fixture(scope="module")
def release(rules: Policy, tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("protected") / "out"
    protection = protect([table(COUNTS)], rules)
    write(protection, folder)
    return Release(protection, folder)


@pytest.fixture(scope="module")
def candidates(release: Release) -> list[RawTable]:
    """
    Every table that the released one could be of: four counts are hidden, and one of them settles
    the others.
    """
    (printed,) = release.protection.tables
    inner = np.array(
        [printed.cell(f"a{a}", f"b{b}").value is None for a in range(3) for b in range(3)]
    ).reshape(3, 3)
    rows, columns = np.flatnonzero(inner.any(axis=1)), np.flatnonzero(inner.any(axis=0))
    assert inner.sum() == printed.hidden == 4
    assert len(rows) == len(columns) == 2
    move = np.zeros((3, 3), dtype=np.int64)
    move[np.ix_(rows, columns)] = [[1, -1], [-1, 1]]
    tables = [
        np.array(COUNTS) + move * times
        for times in range(-max(map(max, COUNTS)), max(map(max, COUNTS)))
    ]
    found = [table(counts) for counts in tables if (counts[inner] >= 1).all()]
    assert table(COUNTS) in found
    assert len(found) > 5
    return found


def encodings(raw: RawTable, rules: Policy) -> Iterator[bytes]:
    """
    The table, its hidden cells and what the program makes of it, in all natural ways to write them.
    """
    flat, nested = raw.counts.reshape(-1).tolist(), raw.counts.tolist()
    inner = raw.counts[1:, 1:]
    cells = [[*labels, count] for labels, count in raw.cells()]
    named = {" / ".join(labels): count for labels, count in raw.cells()}
    for content in (flat, nested, inner.tolist(), inner.reshape(-1).tolist(), cells, named):
        yield from _as_json(content)
        yield repr(content).encode()
    for numbers in (raw.counts, inner):
        for kind in ("<i8", "<i4", "<i2", "u1", "<f8"):
            yield numbers.astype(kind).tobytes()
        for separator in (",", ";", " ", "\n", "\t", ""):
            yield separator.join(map(str, numbers.reshape(-1).tolist())).encode()
    for end, last in itertools.product(("\n", "\r\n"), (True, False)):
        lines = [",".join(map(str, row)) for row in cells]
        for listed in (lines, [",".join(map(str, row)) for row in nested]):
            for head in ((), ("A,B,victims",)):
                yield (end.join((*head, *listed)) + end * last).encode()
    try:
        protection = protect([raw], rules)
    except Exception:  # this table would not have been released at all
        return
    published = [published_to_json(each) for each in protection.published]
    for content in (protection.certificate, published, protection.report.as_json()):
        yield from _as_json(content)
    yield fingerprint(protection.published, protection.known).encode()
    yield protection.certificate_sha256.encode()


def _as_json(content: object) -> Iterator[bytes]:
    for indent, sort, ascii_, separators in itertools.product(
        (None, 1, 2), (True, False), (True, False), (None, (",", ":"))
    ):
        text = json.dumps(
            content, indent=indent, sort_keys=sort, ensure_ascii=ascii_, separators=separators
        )
        yield text.encode()
        yield f"{text}\n".encode()


def plain_hashes(content: bytes) -> Iterator[str]:
    for name in HASHES:
        digest = hashlib.new(name, content)
        yield digest.hexdigest()
        yield hashlib.new(name, digest.digest()).hexdigest()
        yield hashlib.new(name, digest.hexdigest().encode()).hexdigest()
    yield f"{zlib.crc32(content):08x}"


def confirmed(hex_strings: set[str], candidates: list[RawTable], rules: Policy) -> list[RawTable]:
    """The candidates of which some hash, or its first digits, is among the strings."""
    lengths = sorted({len(text) for text in hex_strings})
    found = []
    for candidate in candidates:
        hashes = {
            digest[:length]
            for content in set(encodings(candidate, rules))
            for digest in plain_hashes(content)
            for length in lengths
        }
        if hashes & hex_strings:
            found.append(candidate)
    return found


def test_no_table_that_it_could_be_is_confirmed(
    release: Release, candidates: list[RawTable], rules: Policy
) -> None:
    assert release.hex_strings >= {release.protection.reference}
    assert confirmed(release.hex_strings, candidates, rules) == []


def test_a_plain_hash_would_be_found(
    release: Release, candidates: list[RawTable], rules: Policy
) -> None:
    """That of the certificate confirmed the true table before hashes were keyed."""
    plain = release.hex_strings | {release.protection.certificate_sha256[:12]}
    assert confirmed(plain, candidates, rules) == [table(COUNTS)]


def test_the_reference_is_the_same_for_every_table_that_prints_the_same(
    release: Release, candidates: list[RawTable], rules: Policy
) -> None:
    printed = [cell.value for _, cell in release.protection.tables[0].cells()]
    same = 0
    for candidate in candidates:
        protection = protect([candidate], rules)
        if [cell.value for _, cell in protection.tables[0].cells()] == printed:
            assert protection.reference == release.protection.reference
            same += 1
    assert same >= 2
