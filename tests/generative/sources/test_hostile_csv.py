"""
Any bytes at all, and any well-formed report in any dialect against a plain reading of what it says.
"""

import csv
import io
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nilreturn.data_quality import find_queries
from nilreturn.errors import FileError, SourceError
from nilreturn.sources import RULES, import_extract, mapping_named, verify_extract
from tests.support.examples import examples

AS_AT = date(2021, 6, 29)
HEADERS = [
    "Crime Ref",
    "Recorded Date",
    "HO Code",
    "LPA",
    "Online Crime Indicator",
    "Victim Age",
    "Victim Sex",
]
EVERY = settings(max_examples=examples(60), deadline=None)

PIECES = [
    *(
        b'"',
        b'""',
        b",",
        b"\n",
        b"\r\n",
        b"\r",
        b"\0",
        b"\xff",
        b"\xc3",
        b"\xc3\xa9",
        b"\xa3",
        b";",
        b"\t",
        b"|",
        b" ",
    ),
    *(
        b"01/07/2020",
        b"2020-07-01",
        b"A1",
        b"A2",
        b"7117",
        b"71/17",
        b"14",
        b"-1",
        b"Female",
        b"NULL",
        b"NaN",
        b"'",
    ),
    *(
        b"\\",
        b"#",
        b"=1+1",
        b"x" * 300,
        b"9" * 30,
        b"\xe2\x80\x8b",
        b"\x1a",
        b"\x01\x02\x03",
        b"17-Jan",
    ),
    ",".join(HEADERS).encode(),
]


def do_import(folder, written):
    path = folder / "report.csv"
    path.write_bytes(written)
    return import_extract(
        [path],
        mapping=mapping_named("connect"),
        to=folder / "extract",
        as_at=AS_AT,
        accept_rejects=10**9,
    )


@EVERY
@given(
    with_headers=st.booleans(),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"]),
    pieces=st.lists(st.sampled_from(PIECES) | st.binary(max_size=6), max_size=60),
)
def test_any_bytes_become_an_extract_or_one_clear_line(with_headers, mark, pieces):
    headers = ",".join(HEADERS).encode() + b"\n" if with_headers else b""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        refusal = None
        try:
            extract = do_import(folder, mark + headers + b"".join(pieces))
        except (FileError, SourceError) as error:
            refusal = str(error)
        if refusal is not None:
            assert len(refusal.splitlines()) == 1
            assert [path.name for path in folder.iterdir()] == ["report.csv"]
            return
        verify_extract(folder / "extract")
        rows = extract.manifest["rows"]
        crimes, victims, rejects = (
            pq.read_table(folder / "extract" / f"{table}.parquet").to_pylist()
            for table in ("crimes", "victims", "rejects")
        )
        assert (len(crimes), len(victims), len(rejects)) == (
            rows["crimes"],
            rows["victims"],
            rows["rejects"],
        )
        references = [crime["crime_ref"] for crime in crimes]
        assert len(set(references)) == len(references)
        assert {victim["crime_ref"] for victim in victims} <= set(references)
        assert rows["in"] == rows["kept"] + rows["rejected"] + sum(rows["passed_over"].values())
        assert rows["crimes"] <= rows["kept"]
        assert {(reject["rule"], reject["action"]) for reject in rejects} <= {
            (rule.name, rule.action.value) for rule in RULES.values()
        }
        find_queries(extract)


# Each column's texts, and what they mean: a value, or None.
DAYS = st.dates(date(1990, 1, 1), AS_AT)
DATES = DAYS.flatmap(
    lambda day: st.sampled_from(
        [
            day.strftime("%d/%m/%Y"),
            day.isoformat(),
            day.strftime("%d-%b-%Y").upper(),
            f"{day.isoformat()} 09:30:00",
        ]
    ).map(lambda text: (text, day))
) | st.sampled_from(
    [("", None), ("01/01/1900", None), ("31/02/2020", None), (f"{AS_AT + timedelta(days=1)}", None)]
)
CODES = st.sampled_from(
    [
        ("071/17", "071/17"),
        ("7117", "071/17"),
        ("71.17", "071/17"),
        ("88/1", "088/01"),
        ("4.1", None),
        ("", None),
    ]
)
AREAS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8
).map(lambda text: (f"{text},;|\t\"{text}'", f"{text},;| \"{text}'")) | st.just(("", None))
FLAGS = st.sampled_from(
    [("Y", "Yes"), ("no", "No"), ("", "Not recorded"), ("perhaps", "Not recorded")]
)
AGES = st.integers(0, 119).map(lambda age: (str(age), age)) | st.sampled_from(
    [("", None), ("-1", None), ("-9", None), ("120", None), ("many", None), ("7.0", 7)]
)
SEXES = st.sampled_from(
    [("F", "Female"), ("Male", "Male"), ("Unspecified", "Unspecified"), ("", None), ("?", None)]
)
ROWS = st.lists(
    st.tuples(st.integers(1, 6), DATES, CODES, AREAS, FLAGS, AGES, SEXES), min_size=1, max_size=12
)


@EVERY
@given(
    rows=ROWS,
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    ending=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]),
)
def test_a_report_in_any_dialect_says_the_same(rows, delimiter, quoting, ending, encoding):
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=ending)
    writer.writerow(HEADERS)
    writer.writerows([f"A{crime}", *(text for text, _ in values)] for crime, *values in rows)
    crimes, victims = {}, []
    for crime, *values in rows:
        recorded, code, area, flag, age, sex = (value for _, value in values)
        if not values[0][0] and not values[1][0]:  # neither required column says anything
            continue
        crimes.setdefault(f"A{crime}", (recorded, code, area, flag))
        (said_age, _), (said_sex, _) = values[-2:]
        if said_age not in ("", "-1") or said_sex:
            number = 1 + sum(reference == f"A{crime}" for reference, *_ in victims)
            victims.append((f"A{crime}", number, age, sex))
    assume(crimes)
    with tempfile.TemporaryDirectory() as name:
        extract = do_import(Path(name), file.getvalue().encode(encoding))
        found = pq.read_table(extract.crimes).to_pylist()
        columns = ("crime_ref", "recorded_on", "offence_code", "area", "online_flag")
        assert [tuple(crime[column] for column in columns) for crime in found] == [
            (reference, *values) for reference, values in crimes.items()
        ]
        columns = ("crime_ref", "victim_no", "age", "sex")
        assert [
            tuple(each[column] for column in columns)
            for each in pq.read_table(extract.victims).to_pylist()
        ] == victims
        assert extract.manifest["sources"][0]["delimiter"] in ("comma", "semicolon", "tab", "bar")
