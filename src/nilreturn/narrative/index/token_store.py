"""
The index of an extract's free text: built once, kept with the extract, and used for every look-up.

    INDEX/text-KEY/manifest.json  what it was made from, the hash of the text, the longest text
                   words/         tantivy: the records with each form, and phrases by position
                   forms.arrow    the vocabulary: each distinct form and its number of records
                   tokens.bin     every token of every record in order: form number x 4 + gap,
                                  32 bits
                   bounds.bin     where each record's tokens begin, 64 bits
                   records.arrow  each record's reference

KEY names the source and the version of the code that cuts tokens, so that an index of other text or
of another version is never read. A new index is built beside the old ones and renamed when it is
complete; only then are the old ones removed. The folder and its files have the modes of the file
that the text came from, so that only readers of the extract can read its index.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nilreturn.errors import ExtractError, FileError
from nilreturn.extras import require
from nilreturn.files import atomic_folder
from nilreturn.narrative.index import versions
from nilreturn.narrative.text import Gap, Token
from nilreturn.narrative.tokens import GAPS, Integers, Tokens, Vocabulary, tokens_of
from nilreturn.progress import Progress, no_progress

if TYPE_CHECKING:
    import tantivy

MANIFEST = "manifest.json"
# Records cut into tokens at a time.
BATCH = 20_000

_BREAK = "."  # stands between two tokens that are not adjacent; no form contains it
_JOIN = GAPS.index(Gap.JOIN)
_HEAP = 200_000_000  # bytes tantivy may fill before it writes a segment


class TokenStore:
    """
    Records as numbered tokens: record `row` has `tokens[bounds[row] : bounds[row + 1]]`, each the
    form number x 4 + gap.
    """

    def __init__(self, forms: pa.Array, tokens: npt.NDArray[np.uint32], bounds: Integers) -> None:
        self.forms = forms
        self.tokens = np.asarray(tokens)
        self.bounds = np.asarray(bounds)

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @cached_property
    def words(self) -> list[str]:
        """The distinct forms by number."""
        return list(self.forms.to_pylist())

    @cached_property
    def number(self) -> dict[str, int]:
        """Each distinct form's number."""
        return {form: number for number, form in enumerate(self.words)}

    def record(self, row: int) -> tuple[list[Token], list[int]]:
        """
        The tokens of one record, without their places in the text, and the numbers of their forms.
        """
        some = self.tokens[self.bounds[row] : self.bounds[row + 1]].tolist()
        return [self._token(token) for token in some], [token >> 2 for token in some]

    @cached_property
    def _token(self) -> Callable[[int], Token]:
        words = self.words
        return lru_cache(maxsize=1 << 16)(
            lambda token: Token(words[token >> 2], 0, 0, GAPS[token & 3])
        )

    def holding(self, forms: Iterable[str]) -> dict[str, Integers]:
        """
        The rows with each form, in order. The words of a form of several words are adjacent tokens.
        """
        numbers, joined = self.tokens >> 2, (self.tokens & 3) == _JOIN
        order = np.argsort(numbers, kind="stable")
        sorted_numbers = numbers[order]
        found = {}
        for form in forms:
            words = form.split(" ")
            if any(word not in self.number for word in words):
                found[form] = np.zeros(0, np.int64)
                continue
            parts = [self.number[word] for word in words]
            begin, past = np.searchsorted(sorted_numbers, [parts[0], parts[0] + 1])
            places = order[begin:past]
            for step, part in enumerate(parts[1:], 1):
                places = places[places + step < len(numbers)]
                places = places[(numbers[places + step] == part) & joined[places + step]]
            found[form] = np.unique(np.searchsorted(self.bounds, places, side="right") - 1)
        return found

    def pieces(self, *, most: int = 4_000_000) -> Iterator[tuple[npt.NDArray[np.uint32], Integers]]:
        """The tokens and the row of each, in complete records, about `most` tokens at a time."""
        row = 0
        while row < len(self):
            past = int(np.searchsorted(self.bounds, self.bounds[row] + most, side="right")) - 1
            past = max(past, row + 1)
            rows = np.repeat(np.arange(row, past), np.diff(self.bounds[row : past + 1]))
            yield self.tokens[self.bounds[row] : self.bounds[past]], rows
            row = past


@dataclass(frozen=True)
class _Columns:
    """
    The columns of the Parquet file that are read, and a hash that stands for the file's contents.
    """

    record: str
    text: str
    source: str

    @property
    def key(self) -> str:
        parts = (self.source, self.record, self.text, f"tokens {versions.TOKENS}")
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


class Index(TokenStore):
    """An index on disk, built and opened by `index_text`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: Mapping[str, Any] = json.loads(
            (folder / MANIFEST).read_text(encoding="utf-8")
        )
        table = read_arrow(folder / "forms.arrow")
        super().__init__(
            table["form"].combine_chunks(),
            _mapped(folder / "tokens.bin", np.dtype(np.uint32)),
            _mapped(folder / "bounds.bin", np.dtype(np.int64)),
        )
        self.records_with: Integers = table["records"].to_numpy()

    @property
    def kept(self) -> Path:
        """The folder for what is derived from this index."""
        return self.folder.parent

    @contextmanager
    def keeping(self, final: Path) -> Iterator[Path]:
        """A folder to fill beside `final`, as from `atomic_folder`, with the modes of the index."""
        modes = (path.stat().st_mode & 0o777 for path in (self.folder, self.folder / MANIFEST))
        with _closed_atomic_folder(final, *modes) as part:
            yield part

    @cached_property
    def references(self) -> pa.ChunkedArray:
        """Each record's reference, by row."""
        return read_arrow(self.folder / "records.arrow")["record"]

    def holding(self, forms: Iterable[str]) -> dict[str, Integers]:
        import tantivy

        postings = tantivy.Index.open(str(self.folder / "words"))
        searcher, schema = postings.searcher(), postings.schema
        found = {}
        for form in forms:
            words = form.split(" ")
            if len(words) == 1:
                query = tantivy.Query.term_query(schema, "words", form)
            else:
                query = tantivy.Query.phrase_query(schema, "words", list(words))
            hits = searcher.search(
                query, limit=max(1, len(self)), count=False, order_by_field="row"
            ).hits
            found[form] = np.sort(np.fromiter((row for row, _ in hits), np.int64, len(hits)))
        return found


def index_text(
    path: Path,
    folder: Path,
    *,
    record: str,
    text: str,
    source: str,
    progress: Progress = no_progress,
) -> Index:
    """
    The index of the text column `text` of the Parquet file `path`, kept in `folder`; it is built if
    it is missing.

    record: the column of the records' references. source: a hash that stands for the file's
    contents.

    Raises `ExtractError` when the file has no such column, `FileError` when it cannot be read or
    written, `ExtraError` when the extra 'text' is not installed.
    """
    require("text")
    columns = _Columns(record, text, source)
    final = folder / f"text-{columns.key}"
    if not (final / MANIFEST).exists():
        try:
            _build(path, final, columns, progress)
        except FileExistsError:
            pass  # another run was quicker; what it built is the same
        except OSError as error:
            raise FileError(f"{folder}: the index cannot be written: {error.strerror}") from error
        _remove_others(folder, final)
    return Index(final)


def open_batch(texts: pa.Array) -> TokenStore:
    """An index of one batch of texts, in memory."""
    vocabulary = Vocabulary()
    tokens = tokens_of(texts)
    packed = _packed(vocabulary, tokens)
    bounds = np.zeros(len(tokens.lengths) + 1, np.int64)
    np.cumsum(tokens.lengths, out=bounds[1:])
    return TokenStore(pa.array(vocabulary.forms(), pa.string()), packed, bounds)


# -- building --------------------------------------------------------------------------------------


def _build(path: Path, final: Path, columns: _Columns, progress: Progress) -> None:
    file = _parquet(path, columns)
    mode = path.stat().st_mode & 0o777
    folder_mode = path.parent.stat().st_mode & 0o777
    final.parent.mkdir(parents=True, exist_ok=True)
    final.parent.chmod(folder_mode)
    with _closed_atomic_folder(final, folder_mode, mode) as part:
        _fill(file, part, columns, progress)


@contextmanager
def _closed_atomic_folder(final: Path, folders: int, files: int) -> Iterator[Path]:
    """
    As `atomic_folder`, with the given modes for folders and files; the parent folder has its mode
    already.
    """
    with atomic_folder(final) as part:
        yield part
        for item in part.rglob("*"):
            item.chmod(folders if item.is_dir() else files)
    final.chmod(folders)


def _fill(file: pq.ParquetFile, part: Path, columns: _Columns, progress: Progress) -> None:
    vocabulary, digest = Vocabulary(), hashlib.sha256()
    (part / "words").mkdir()
    postings = _new_postings(part / "words")
    writer = postings.writer(_HEAP, 1)
    total, rows, count = file.metadata.num_rows, 0, 0
    lengths: Counter[int] = Counter()
    schema = pa.schema([("record", pa.string())])
    with (
        (part / "tokens.bin").open("wb") as tokens_file,
        (part / "bounds.bin").open("wb") as bounds_file,
        pa.ipc.new_file(str(part / "records.arrow"), schema) as records_file,
    ):
        bounds_file.write(np.zeros(1, np.int64).tobytes())
        for batch in file.iter_batches(columns=[columns.record, columns.text], batch_size=BATCH):
            texts = batch.column(columns.text).cast(pa.large_string())
            _digest(digest, texts)
            lengths.update(_longest(texts))
            records_file.write_batch(
                pa.record_batch([batch.column(columns.record).cast(pa.string())], schema=schema)
            )
            tokens = tokens_of(texts)
            tokens_file.write(_packed(vocabulary, tokens).tobytes())
            bounds_file.write((count + np.cumsum(tokens.lengths)).tobytes())
            _post(writer, tokens, rows)
            rows += len(texts)
            count += len(tokens)
            progress("indexing the free text", rows, total)
    writer.commit()
    writer.wait_merging_threads()
    postings.reload()
    forms = vocabulary.forms()
    _write_forms(part / "forms.arrow", forms, postings)
    made_of = {"kind": "nilreturn text index", "source": columns.source, "record": columns.record,
               "text": columns.text, "text_sha256": digest.hexdigest(),
               "tokens_version": versions.TOKENS, "records": rows, "tokens": count,
               "forms": len(forms), "longest_text": max(lengths, default=0),
               "records_of_longest_text": lengths[max(lengths, default=0)]}  # fmt: skip
    (part / MANIFEST).write_text(json.dumps(made_of, indent=2) + "\n", encoding="utf-8")


def _parquet(path: Path, columns: _Columns) -> pq.ParquetFile:
    try:
        file = pq.ParquetFile(path)
    except FileNotFoundError:
        raise FileError(f"{path}: no such file; import the extract again") from None
    except (OSError, pa.ArrowInvalid) as error:
        raise FileError(f"{path}: cannot be read as Parquet; import the extract again") from error
    missing = [
        name for name in (columns.record, columns.text) if name not in file.schema_arrow.names
    ]
    if missing:
        raise ExtractError(f"{path}: no column '{missing[0]}', so there is no free text to search")
    return file


def _digest(digest: hashlib._Hash, texts: pa.Array) -> None:
    """
    Add texts to the hash of a column: lengths (-1 for none) and bytes, independent of the division
    into batches.
    """
    lengths = pc.fill_null(pc.binary_length(texts), -1)
    digest.update(np.asarray(lengths.to_numpy(zero_copy_only=False), np.int64).tobytes())
    offsets = np.frombuffer(texts.buffers()[1], np.int64)[
        texts.offset : texts.offset + len(texts) + 1
    ]
    held = texts.buffers()[2]
    if held is not None and len(offsets):
        digest.update(memoryview(held)[int(offsets[0]) : int(offsets[-1])])


def _longest(texts: pa.Array) -> dict[int, int]:
    """
    The length in characters of the longest of some texts, and how many have this length: a large
    number indicates a limit.
    """
    lengths = pc.utf8_length(texts)
    longest = pc.max(lengths).as_py()
    return {} if longest is None else {longest: pc.sum(pc.equal(lengths, longest)).as_py()}


def _packed(vocabulary: Vocabulary, tokens: Tokens) -> npt.NDArray[np.uint32]:
    numbers: npt.NDArray[np.uint32] = vocabulary.numbers(tokens.forms).astype(np.uint32)
    return (numbers << np.uint32(2)) | tokens.gaps


def _new_postings(folder: Path) -> tantivy.Index:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("words", tokenizer_name="forms")
    builder.add_integer_field("row", fast=True)
    postings = tantivy.Index(builder.build(), path=str(folder))
    forms = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    postings.register_tokenizer("forms", forms)
    return postings


def _post(writer: tantivy.IndexWriter, tokens: Tokens, first_row: int) -> None:
    """
    Add each record to the postings: its forms one space apart, with a break where two are not
    adjacent.
    """
    from tantivy import Document

    between = pa.array([" " if gap is Gap.JOIN else f" {_BREAK} " for gap in GAPS]).take(
        pa.array(tokens.gaps)
    )
    spaced = pc.binary_join_element_wise(between, tokens.forms, "")
    bounds = np.zeros(len(tokens.lengths) + 1, np.int32)
    np.cumsum(tokens.lengths, out=bounds[1:])
    texts = pc.binary_join(pa.ListArray.from_arrays(pa.array(bounds), spaced), "")
    for row, words in enumerate(texts.to_pylist(), first_row):
        writer.add_document(Document(words=words, row=row))


def _write_forms(path: Path, forms: list[str], postings: tantivy.Index) -> None:
    searcher = postings.searcher()
    records = [searcher.doc_freq("words", form) for form in forms]
    table = pa.table(
        {"form": pa.array(forms, pa.string()), "records": pa.array(records, pa.int64())}
    )
    with pa.ipc.new_file(str(path), table.schema) as file:
        file.write_table(table)


def _remove_others(folder: Path, final: Path) -> None:
    """Remove indexes of other text, with what was derived from them."""
    for other in folder.iterdir():
        if other != final and other.is_dir() and not other.name.startswith("."):
            shutil.rmtree(other)


# -- reading ---------------------------------------------------------------------------------------


def _mapped(path: Path, kind: np.dtype[Any]) -> npt.NDArray[Any]:
    if path.stat().st_size == 0:  # an empty file cannot be mapped
        return np.zeros(0, kind)
    return np.memmap(path, kind, mode="r")


def read_arrow(path: Path) -> pa.Table:
    """The table in an Arrow file, mapped into memory."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()
