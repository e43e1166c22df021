"""
The one pass over the rows: a SELECT, built from the mapping, that reads each text as a value and names the rule that a
row or a value broke. Nothing here looks at a row; the engine does.

Names inside the statement: "t crime.status" is the text, "p victim.age" what it was parsed to, "crime.status" the
value, "f crime.status" the rule broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nilreturn.schema import Kind
from nilreturn.sources.judging import sql, values
from nilreturn.sources.judging.values import Read
from nilreturn.sources.mapping.model import Mapping as SourceMapping
from nilreturn.sources.reading.rows import Rows

BORN = "victim.date_of_birth"
AGE = "victim.age"
BASIS = "victim.age_basis"
FROM, TO = "crime.committed_from", "crime.committed_to"
REPORTED, RECORDED = "crime.reported_on", "crime.recorded_on"
CODE, CLASS = "crime.offence_code", "crime.offence_class"
NARRATIVE = "crime.narrative"
REFERENCE = "crime.crime_ref"
COUNT = "count"
MOST_UNITS_A_CELL = 10_000_000
LONGEST_OFFENCE = 60  # of a code or class with its title


@dataclass(frozen=True, slots=True)
class Staging:
    """What the staged table is made of: the mapping, the columns some file has, and the day the extract was taken."""

    mapping: SourceMapping
    present: tuple[str, ...]
    as_at: str  # SQL

    @property
    def units(self) -> tuple[str, ...]:
        """What may be counted: a table of victims says nothing of the number of crimes."""
        if self.mapping.cells:
            return (self.mapping.cells.unit,)
        return ("crimes", "victims") if any(v.startswith("victim.") for v in self.present) else ("crimes",)

    @property
    def knows_age(self) -> bool:
        return AGE in self.present or BORN in self.present

    @property
    def checked(self) -> tuple[str, ...]:
        """The variables that have a column of rules broken."""
        return tuple(variable for variable in self.present if variable != REFERENCE)

    @property
    def crime_values(self) -> tuple[str, ...]:
        """What must be the same on every row of a crime."""
        return tuple(v for v in self.present if v.startswith("crime.") and v != REFERENCE)

    def select(self, rows: Rows, file: int, places: Mapping[str, int]) -> str:
        """The SELECT for one file. `places` says which of its columns holds each variable."""
        trimmed = ", ".join(f"{expression} AS {_b(variable)}" for variable, expression in self._trimmed(places))
        texts = ", ".join(f"{expression} AS {_t(variable)}" for variable, expression in self._texts(places))
        parsed = "".join(f", {expression} AS {_p(variable)}" for variable, expression in self._parsed())
        judged = "".join(
            f", {read.value} AS {_v(variable)}, {read.fault} AS {_f(variable)}"
            for variable in self.present
            for read in [self._judged(variable)]
        )
        raw = ", ".join(f"c{place}" for place in sorted({*places.values()}))
        return f"""
            SELECT {file}::SMALLINT AS _file, _row, {file} * 1000000000000 + _row AS _n, _lines,
                {self._row_fault()} AS _fault,
                {self._has_victim()} AS _has_victim,
                {self._outcome()}
            FROM (
                SELECT *, {self._age()}
                FROM (
                    SELECT * {judged}
                    FROM (
                        SELECT * {parsed}
                        FROM (
                            SELECT _row, _shape, _lines, {texts}, {self._is_header(rows, places)} AS _is_header
                                {self._count(places)}
                            FROM (SELECT _row, _shape, _lines, {raw}, {trimmed} FROM ({rows.query}))
                            {self._only(places)}
                        )
                    )
                )
            )"""

    def _trimmed(self, places: Mapping[str, int]) -> Iterator[tuple[str, str]]:
        for variable in self.present:
            yield variable, values.trimmed(f"c{places[variable]}") if variable in places else "NULL::VARCHAR"

    def _texts(self, places: Mapping[str, int]) -> Iterator[tuple[str, str]]:
        for variable in self.present:
            said = values.said(_b(variable), self.mapping.blank)
            if variable == NARRATIVE and variable in places:  # kept with its white space, as it was written
                yield variable, f"CASE WHEN {said} IS NOT NULL THEN c{places[variable]} END"
            else:
                yield variable, said

    def _parsed(self) -> Iterator[tuple[str, str]]:
        for variable in self.present:
            if self.mapping.column(variable).kind is Kind.DATE:
                yield variable, values.parsed_date(_t(variable), self.mapping, self.mapping.mapped[variable])
            elif variable == AGE:
                yield variable, values.parsed_age(_t(variable))

    def _judged(self, variable: str) -> Read:
        read = self._read(variable)
        if self.mapping.column(variable).kind is Kind.FLAG or read.fault == "NULL":
            return read  # a flag is "Not recorded" rather than nothing
        return Read(f"CASE WHEN {read.fault} IS NULL THEN {read.value} END", read.fault)

    def _read(self, variable: str) -> Read:
        mapping, text, parsed = self.mapping, _t(variable), _p(variable)
        column = mapping.column(variable)
        if variable in (CODE, CLASS):
            return Read(f"substring({text}, 1, {LONGEST_OFFENCE})", "NULL")  # each different text is read later, once
        if column.kind is Kind.DATE:
            return values.date(text, parsed, mapping, self.as_at)
        if column.kind is Kind.NUMBER:
            return values.age(text, parsed, mapping)
        if column.kind is Kind.TEXT:
            return values.text(text)
        if column.kind is Kind.REFERENCE:
            return values.reference(text) if variable == REFERENCE else Read(text, "NULL")
        return values.category(text, variable, mapping.mapped[variable], column, mapping)

    def _age(self) -> str:
        """Age at the offence: by the date of birth where both are known to the day, else as it was recorded."""
        recorded = _v(AGE) if AGE in self.present else "NULL::INTEGER"
        by_birth = fault = "NULL"
        if BORN in self.present:
            born = _v(BORN)
            exact = FROM in self.present and self.mapping.mapped[FROM].precision == "day"
            offence = _v(FROM) if exact else "NULL::DATE"
            age = values.age_on(born, offence)
            by_birth = f"CASE WHEN {born} <= {offence} AND {age} <= {self.mapping.ages.oldest} THEN {age} END"
            fault = (
                f"CASE WHEN {_f(BORN)} IS NOT NULL THEN {_f(BORN)} WHEN {born} > {offence} THEN 'born_after_offence' "
                f"WHEN {age} > {self.mapping.ages.oldest} THEN 'age_too_high' "
                f"WHEN {born} IS NOT NULL AND {offence} IS NULL AND {recorded} IS NULL THEN 'no_offence_date' END"
            )
        return (
            f"{by_birth} AS _age_by_birth, coalesce(_age_by_birth, {recorded}) AS _age, {fault} AS _born_fault, "
            f"CASE WHEN _age_by_birth IS NOT NULL THEN 'Date of birth' WHEN {recorded} IS NOT NULL THEN 'As recorded' "
            f"ELSE 'Not recorded' END AS {_v(BASIS)}"
        )

    def _outcome(self) -> str:
        """The values and rules that are kept of a row."""
        columns = []
        for variable in self.present:
            if variable == BORN:
                columns.append(f"_born_fault AS {_f(BORN)}")
            elif variable != AGE:
                columns.append(_v(variable))
                if variable != REFERENCE:
                    columns.append(f"{self._fault(variable)} AS {_f(variable)}")
        if self.knows_age:
            columns += [f"_age AS {_v(AGE)}", _v(BASIS)]
        if AGE in self.present:
            columns.append(_f(AGE))
        if self.mapping.cells:
            columns.append("_units")
        crime = [_v(variable) for variable in self.crime_values if variable != NARRATIVE]
        columns.append(
            f"hash({', '.join([*crime, _t(NARRATIVE) if NARRATIVE in self.present else '0'])}) AS _crime_hash"
        )
        columns.append(f"hash({', '.join(_t(variable) for variable in self.present)}) AS _row_hash")
        return ",\n                ".join(columns)

    def _fault(self, variable: str) -> str:
        """A date may also be earlier than one that must come before it; it is kept, and listed."""
        before = {
            TO: [FROM],
            REPORTED: [TO, FROM],
            RECORDED: [REPORTED] if REPORTED in self.present else [TO, FROM],
        }.get(variable, [])
        precision = {name: self.mapping.mapped[name].precision for name in (*before, variable) if name in self.present}
        earlier = [name for name in before if name in precision and precision[name] == precision[variable]]
        if not earlier:
            return _f(variable)
        latest = f"greatest({', '.join(_v(name) for name in earlier)})"
        return (
            f"CASE WHEN {_f(variable)} IS NOT NULL THEN {_f(variable)} "
            f"WHEN {_v(variable)} < {latest} THEN 'earlier_than_possible' END"
        )

    def _row_fault(self) -> str:
        empty = " AND ".join(f"{_t(variable)} IS NULL" for variable in self.present)
        dated = f"{_v(RECORDED)} IS NULL" if RECORDED in self.present else "true"
        cases = [
            "WHEN _is_header THEN 'repeated_header'",
            f"WHEN {empty} THEN 'empty_row'",
            "WHEN _shape = 1 THEN 'too_many_values'",
            f"WHEN _shape = -1 AND {dated} THEN 'too_few_values'",
        ]
        if REFERENCE in self.present:
            cases.append(f"WHEN {_f(REFERENCE)} IS NOT NULL THEN {_f(REFERENCE)}")
        if self.mapping.cells:
            cases.append("WHEN _units IS NULL THEN 'bad_count'")
        # The row stands, short as it is: listed like a rule broken, told apart by its action.
        cases.append("WHEN _shape = -1 THEN 'values_missing'")
        return f"CASE {' '.join(cases)} END"

    def _has_victim(self) -> str:
        """A victim was recorded where any of its columns says something; a number for "unknown" says nothing."""
        if self.mapping.cells:
            return "true" if self.mapping.cells.unit == "victims" else "false"
        said = []
        for variable in self.present:
            if variable == AGE:
                said.append(f"({_t(AGE)} IS NOT NULL AND {_f(AGE)} IS DISTINCT FROM 'age_stands_for_unknown')")
            elif variable.startswith("victim."):
                said.append(f"{_t(variable)} IS NOT NULL")
        return " OR ".join(said) or "false"

    def _is_header(self, rows: Rows, places: Mapping[str, int]) -> str:
        return " AND ".join(
            f"{_b(variable)} = {sql.text(rows.headers[places[variable]].strip())}"
            for variable in self.present
            if variable in places
        )

    def _count(self, places: Mapping[str, int]) -> str:
        """How many units a cell stands for."""
        if not self.mapping.cells:
            return ""
        count = f"try_cast(trim(c{places[COUNT]}) AS BIGINT)"
        return f", CASE WHEN {count} BETWEEN 0 AND {MOST_UNITS_A_CELL} THEN {count} END AS _units"

    def _only(self, places: Mapping[str, int]) -> str:
        """The rows of the population that the mapping chooses."""
        chosen = [f"c{places[f'only {header}']} = {sql.text(value)}" for header, value in self.mapping.only.items()]
        return "WHERE " + " AND ".join(chosen) if chosen else ""


def _b(variable: str) -> str:
    return sql.name(f"b {variable}")


def _t(variable: str) -> str:
    return sql.name(f"t {variable}")


def _p(variable: str) -> str:
    return sql.name(f"p {variable}")


def _v(variable: str) -> str:
    return sql.name(variable)


def _f(variable: str) -> str:
    return sql.name(f"f {variable}")
