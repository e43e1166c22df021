"""
Writes the reference pages in docs/reference/ from the code, so that they cannot say something else.

    python scripts/build_reference.py            writes the pages
    python scripts/build_reference.py --check    writes nothing; exits 1 and names the pages that
    differ
"""

from __future__ import annotations

import argparse
import inspect
import json
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "src"))
REFERENCE = ROOT / "docs" / "reference"
MADE = (
    "<!-- Written by scripts/build_reference.py from the code: change the code, then run the "
    "script. -->"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when a page differs"
    )
    check = parser.parse_args().check
    different = []
    for name, page in PAGES.items():
        path, text = REFERENCE / name, page()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        different.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
    print("different: " + (", ".join(different) or "none"))
    return int(check and bool(different))


def command_line() -> str:
    """Every command's help, as `--help` prints it at 100 columns."""
    import typer

    from nilreturn.cli import app

    def sections(command: Any, context: Any) -> Iterator[str]:
        yield f"## {context.command_path}\n\n```text\n{command.get_help(context).strip()}\n```"
        for name, child in getattr(command, "commands", {}).items():
            yield from sections(child, sub_context(child, name, context))

    def sub_context(command: Any, name: str, parent: Any) -> Any:
        return command.context_class(
            command, info_name=name, parent=parent, terminal_width=100, max_content_width=100
        )

    root = typer.main.get_command(app)
    said = (
        "What each command prints with `--help`. Exit codes are in [exit-codes.md](exit-codes.md)."
    )
    return page("The command line", said, *sections(root, sub_context(root, "nilreturn", None)))


def exit_codes() -> str:
    from nilreturn import errors

    found = [
        cls
        for _, cls in inspect.getmembers(errors, inspect.isclass)
        if issubclass(cls, errors.UserError)
    ]
    meanings = meanings_in((errors.__doc__ or "").splitlines())
    rows = [
        (str(cls.exit_code), f"`{cls.__name__}`", meanings[cls.__name__])
        for cls in sorted(found, key=lambda cls: cls.exit_code)
        if cls is not errors.UserError
    ]
    said = (
        "A mistake that a user can put right ends the command with one line on standard error "
        "(where, what, what next), the list of mistakes below it where there are several, and the "
        "code of its kind. Anything else is a defect: it ends with code 1 and a traceback. No "
        "message quotes a record."
    )
    return page("Exit codes", said, table(("Code", "Error", "Meaning"), [("0", "", "done"), *rows]))


def meanings_in(lines: Iterable[str]) -> dict[str, str]:
    """
    What the tree in the docstring of `errors` says of each error.

    >>> meanings_in(["        ├── UsageError      2  the command itself was written wrongly"])
    {'UsageError': 'the command itself was written wrongly'}
    """
    found = {}
    for line in lines:
        words = line.replace("├──", "").replace("└──", "").split(maxsplit=2)
        if len(words) == 3 and words[0].endswith("Error") and words[1].isdigit():
            found[words[0]] = words[2]
    return found


def columns() -> str:
    from nilreturn.schema import TABLES

    header = ("Column", "Kind", "Sensitivity", "Values", "Meaning")
    said = (
        "The canonical record. An extract holds `crimes` (one row a crime) and the other tables "
        "that its source fills. Each record of a table of crimes names its crime; incidents and "
        "stops are records of their own. *open* values may be categories of a released table, "
        "*personal* ones leave only as protected counts, *restricted* ones never leave the force "
        "in any form."
    )
    sections = []
    for each in TABLES.values():
        rows = [
            (
                f"`{c.variable}`",
                c.kind.value,
                c.sensitivity.value,
                values_of(c.categories),
                c.description,
            )
            for c in each.columns
        ]
        sections += [f"## {each.name.capitalize()}", table(header, rows)]
    return page("Columns", said, *sections)


def values_of(categories: Sequence[str]) -> str:
    """
    >>> values_of(("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")), values_of(("Yes", "No"))
    ('0 to 9', 'Yes, No')
    """
    return f"{categories[0]} to {categories[-1]}" if len(categories) > 9 else ", ".join(categories)


def offence_lists() -> str:
    from nilreturn.offences import offence
    from nilreturn.offences import table as lists
    from nilreturn.wording import day

    known = lists()
    sources = [(s.name, s.publisher, s.vintage, s.licence) for s in known.sources.values()]
    several = [
        (f"`{code}`", offence(code).title, ", ".join(offence(code).classes))
        for code in sorted(known.entries)
        if len(offence(code).classes) > 1
    ]
    replaced = [
        (f"`{s.repealed}`", day(s.ceased_on), f"`{s.successor}`", s.note) for s in known.successions
    ]
    in_use = [
        (
            f"`{history.class_code}`",
            day(history.first_on) if history.first_on else "",
            day(history.last_on) if history.last_on else "",
            ", ".join(f"`{name}`" for name in history.successors),
            history.source,
        )
        for history in known.histories.values()
    ]
    notes = [(f"`{n.subject}`", day(n.from_on) if n.from_on else "", n.text) for n in known.notes]
    listed = sum(entries[0].source.key == "nol" for entries in known.entries.values())
    said = (
        f"Three published lists, kept apart: {len(known.entries):,} codes, {listed:,} of them in "
        f"the current list of notifiable offences, and {len(known.labels)} classes, some of them "
        "expired. `nilreturn offences CODE` prints what they say of one. The class of a crime is "
        f"read from its record: the code alone does not tell it for the {len(several)} codes below."
    )
    return page(
        "Offence lists",
        said,
        table(("List", "Publisher", "Vintage", "Licence"), sources),
        "## Codes of several classes",
        table(("Code", "Offence", "Classes"), several),
        "## Classes whose first or last day is known",
        "Outside these days a count of 0 is printed as [z]. Other classes are taken to have been "
        "in use always, but for those to which all codes were given on a known day.",
        table(("Class", "First day", "Last day", "Replaced by", "Source"), in_use),
        "## Repealed codes and their successors",
        table(("Repealed", "Last day", "Successor", "Note"), replaced),
        "## Notes that go with counts",
        table(("Code or class", "From", "Note"), notes),
    )


def questions() -> str:
    from nilreturn.questions import keys

    def rows(listed: Sequence[keys.Key]) -> list[tuple[str, ...]]:
        return [
            (f"`{k.name}`", "yes" if k.is_required else "", f"`{k.example}`", k.meaning)
            for k in listed
        ]

    header = ("Key", "Required", "Example", "Meaning")
    grains = ", ".join(f"`{key}: recorded_on`" for key in keys.BREAKDOWN_KEYS if key != "age")
    said = (
        "A request is a YAML file. Every mistake in it is reported at once, with its line, before "
        "anything is counted. [questions.schema.json](questions.schema.json) is the same as a JSON "
        "Schema, for editors."
    )
    below = (
        "A breakdown is the name of a column (`sex`), nested columns (`offence_class > "
        "offence_code`), bands of the victim's age (`age: [11 and under, 12-15, 16 and over]`) or "
        f"parts of the calendar of a date column ({grains}). Bands must not overlap and must leave "
        "no age out; `Other ages` stands for the rest. An Unknown category is always added."
    )
    return page(
        "Question files",
        said,
        "## The file",
        table(header, rows(keys.FILE)),
        "## A question",
        table(header, rows(keys.QUESTION)),
        "## Filters",
        "Besides these keys, any column with the values to keep: `area: [LPA 1, LPA 2]`.",
        table(header, rows(keys.FILTERS)),
        "## Breakdowns",
        below,
    )


def question_schema() -> str:
    from nilreturn.questions import json_schema

    return as_json(json_schema())


def policies() -> str:
    from nilreturn.disclosure.policy.policy import json_schema

    schema = json_schema()
    parts = [("The file", schema), *schema["$defs"].items()]
    said = (
        "A disclosure policy is a YAML or TOML file that a person writes. No threshold is law, so "
        "every rule carries its reason. Every mistake is reported at once. "
        "[policy.schema.json](policy.schema.json) is the same as a JSON Schema, for editors."
    )
    sections = []
    for name, part in parts:
        sections += [
            f"## {name}",
            *([part["description"]] if name != "The file" and "description" in part else []),
        ]
        sections.append(
            table(("Setting", "Required", "Value", "Default", "Meaning"), settings(part))
        )
    sections += [
        "## Policies that ship",
        "`--policy` takes their names; `nilreturn policy new` copies one.",
        *shipped(),
    ]
    return page("Policy files", said, *sections)


def shipped() -> Iterator[str]:
    """The texts of the policies that come with the software."""
    from nilreturn.disclosure.policy import policy_path
    from nilreturn.disclosure.policy.policy import SHIPPED

    for name in SHIPPED:
        text = policy_path(Path(name)).read_text(encoding="utf-8").strip()
        yield f"### `{name}`\n\n```yaml\n{text}\n```"


def settings(part: Mapping[str, Any]) -> list[tuple[str, ...]]:
    required = part.get("required", ())
    return [
        (
            f"`{name}`",
            "yes" if name in required else "",
            value_of(field),
            f"`{json.dumps(field['default'])}`"
            if field.get("default") not in (None, [], {})
            else "",
            field.get("description", ""),
        )
        for name, field in part["properties"].items()
    ]


def value_of(field: Mapping[str, Any]) -> str:
    """
    What may stand in a place, in a few words.

    >>> value_of({"type": "integer", "minimum": 1, "maximum": 9}), value_of({"enum": [3, 5]})
    ('integer from 1 to 9', '3 or 5')
    """
    if "$ref" in field:
        return f"see {field['$ref'].rsplit('/', 1)[-1]}"
    if "anyOf" in field:
        return ", or ".join(value_of(option) for option in field["anyOf"])
    if "enum" in field:
        return " or ".join(str(option) for option in field["enum"])
    if "const" in field:
        return str(field["const"])
    if field.get("type") == "object":
        return (
            f"table of {value_of(field['additionalProperties'])}"
            if "additionalProperties" in field
            else "table"
        )
    if field.get("type") == "array":
        return f"list of {value_of(field['items'])}"
    words = {
        "minimum": "from",
        "exclusiveMinimum": "above",
        "maximum": "to",
        "exclusiveMaximum": "below",
    }
    bounds = "".join(f" {word} {field[key]}" for key, word in words.items() if key in field)
    return {"null": "nothing", "string": "text"}.get(field["type"], field["type"]) + bounds


def policy_schema() -> str:
    from nilreturn.disclosure.policy.policy import json_schema

    return as_json(json_schema())


def mapping_files() -> str:
    from nilreturn.sources.mapping.settings import json_schema

    schema = json_schema()
    parts = {
        "The file": schema,
        **{name: part for name, part in schema["$defs"].items() if "properties" in part},
    }
    said = (
        "A mapping is a TOML file that says how the rows of one records system become canonical "
        "records. `nilreturn mapping draft` proposes one for a report, `mapping show` prints one, "
        "`mapping check` compares one with a report. Every mistake in a file is reported at once, "
        "with its line. [mapping.schema.json](mapping.schema.json) is the same as a JSON Schema, "
        "for editors.\n\n"
        "`--mapping` takes the name of a mapping that comes with the software, the path of a "
        "`.toml` file, or, where the environment variable `NILRETURN_MAPPINGS` names a folder, the "
        "name of a `.toml` file in it without its ending. A file of the folder must not have the "
        "name of a mapping that comes with the software."
    )
    header = ("Setting", "Required", "Value", "Default", "Meaning")
    sections = [
        text
        for name, part in parts.items()
        for text in (f"## {name}", table(header, settings(part)))
    ]
    return page("Mapping files", said, *sections)


def mapping_schema() -> str:
    from nilreturn.sources.mapping.settings import json_schema

    return as_json(json_schema())


def authorities() -> str:
    from nilreturn.release.authority import json_schema

    said = (
        "Who answers a request: a TOML file that a force writes once, for `--authority`. Every "
        "mistake in it is reported at once. [authority.schema.json](authority.schema.json) is the "
        "same as a JSON Schema, for editors."
    )
    return page(
        "Authority files",
        said,
        table(("Setting", "Required", "Value", "Default", "Meaning"), settings(json_schema())),
        "## An example",
        '```toml\nname = "Northshire Police"\ndepartment = "Information Rights Unit"\n'
        'address = ["Headquarters", "1 Station Road", "Northshire", "NS1 1AA"]\n'
        'email = "foi@northshire.police.example"\n```',
    )


def authority_schema() -> str:
    from nilreturn.release.authority import json_schema

    return as_json(json_schema())


def sources() -> str:
    from nilreturn.sources import RULES
    from nilreturn.sources.mapping import SourceMapping as SourceMapping

    shipped = sorted(
        (files("nilreturn.sources.mapping") / "mappings").iterdir(), key=lambda path: path.name
    )
    said = (
        "A mapping says, as a TOML file, which header of a records system's report is which "
        "canonical column. Copy a shipped one, change the headers, and give its path to `nilreturn "
        "import --mapping`. Headers are compared without case, spaces and punctuation."
    )
    sections = []
    for path in shipped:
        if path.name.endswith(".toml"):
            mapping = SourceMapping.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
            rows = [
                (f"`{name}`", ", ".join(column.headers)) for name, column in mapping.mapped.items()
            ]
            rows += [(f"`{name}`", f"always {value}") for name, value in mapping.constants.items()]
            sections += [
                f"## {mapping.name}",
                f"{mapping.description}.",
                table(("Column", "Headers"), rows),
            ]
    rules = [(f"`{rule.name}`", rule.action.value, rule.description) for rule in RULES.values()]
    judged = (
        "Rows and values are held against these rules. What breaks one is listed in "
        "`rejects.parquet` by row number, "
        "column and rule; nothing is dropped in silence."
    )
    rules_table = table(("Rule", "What becomes of it", "Meaning"), rules)
    return page("Sources", said, *sections, "## Rules of an import", judged, rules_table)


def caveats() -> str:
    library = tomllib.loads(
        (files("nilreturn.release") / "library" / "caveats.toml").read_text(encoding="utf-8")
    )
    rows = [
        (
            f"`{c['key']}`",
            condition(c.get("when"), c.get("named", False)),
            c["text"],
            c.get("source", ""),
        )
        for c in library["caveat"]
    ]
    said = (
        "What a release tells its readers to bear in mind, chosen by what the questions and "
        "tables used."
    )
    return page("Caveats", said, table(("Key", "When", "Text", "Source"), rows))


def condition(when: Mapping[str, Any] | None, named: bool) -> str:
    """
    >>> (condition({"units": ["crimes"], "hidden": True}, False), condition(None, True),
    ...  condition(None, False))
    ('units: crimes; hidden', 'where the question calls for it', 'always')
    """
    parts = ["where the question calls for it"] if named else []
    for key, value in (when or {}).items():
        parts.append(
            key
            if value is True
            else f"{key}: {', '.join(value) if isinstance(value, list) else value}"
        )
    return "; ".join(parts) or "always"


def api() -> str:
    """The public packages, from their docstrings."""
    from api import PACKAGES
    from api import page as part

    said = (
        "What other software may import. Each package loads what is used of it. The names and "
        "signatures are held by a test; a change of one is in the changelog. The package is typed "
        "(PEP 561)."
    )
    sections = [
        text for name, use in PACKAGES.items() for text in (f"## `{name}`", use, *part(name))
    ]
    return page("Python API", said, *sections)


def exemptions() -> str:
    from nilreturn.foi import COST_LIMIT_HOURS, grounds

    rows = [
        (
            f"`s{ground.section}`",
            ground.title,
            ground.standing.value if ground.is_exemption else "no exemption",
            ground.kind.value,
            ", ".join(f"`{need.value}`" for need in ground.needs),
            f"`s{ground.confirm_or_deny}`" if ground.confirm_or_deny else "",
            ", ".join(name.replace("_", " ") for name in ground.recalled),
        )
        for ground in grounds()
    ]
    heading = (
        *("Section", "Title", "Standing", "Kind", "A refusal needs", "Neither confirm nor deny"),
        "Not read in a source",
    )
    said = (
        "On what ground a question can be refused: the exemptions of Part II of the Freedom of "
        "Information Act 2000, and sections 12 and 14. A question file names one like `s31(1)(a)`. "
        f"Section 12 applies to estimates above {COST_LIMIT_HOURS} hours. What the last column "
        "names was not read in a source: check it before use."
    )
    partly = [f"- `s{each.section}`: {each.depends}." for each in grounds() if each.depends]
    return page(
        "Exemptions", said, table(heading, rows), "## On what it depends", "\n".join(partly)
    )


def wording() -> str:
    from nilreturn.release.wording import shipped_wording

    words = shipped_wording()
    said = (
        "The fixed words of a letter and of a workbook's cover. A force keeps its own in a folder "
        "and gives it with `--wording`: `letter.toml`, `rights.toml`, `symbols.toml`, "
        "`workbook.toml`, `caveats.toml` and `exemptions.toml`, any of them with any of these "
        "keys, and the layouts `letter.html.jinja` and `letter.typ`. The words below are "
        "used for what the folder leaves out. A key that is not below, or a place in braces that "
        "its sentence does not have below, is a mistake, and is reported with its line. The "
        "Commissioner's address is from general knowledge: check it."
    )
    rows = [(f"`{key}`", text) for key, text in words.sentences.items()]
    rows += [(f"`{key}`", " / ".join(texts)) for key, texts in words.paragraphs.items()]
    return page(
        "Wording",
        said,
        "## An example",
        '`rights.toml`:\n\n```toml\ncommissioner_address = ["1 New Street", "Exampleton"]\n```',
        "## Every key",
        "A key's first part is the file, the others are its tables.",
        table(("Key", "Words"), sorted(rows)),
    )


def recording() -> str:
    """The decision, the states, the rules and what outcomes require."""
    from nilreturn.recording import decision_mermaid, prompt_rules, requirements, states_mermaid
    from nilreturn.recording import states_table as transitions
    from nilreturn.schema import outcome_types

    prompts = [
        (f"`{rule.rule}`", f"`{rule.column}`", str(rule.severity), rule.words)
        for rule in prompt_rules()
    ]
    outcomes = [
        (code, words, ", ".join(sorted(requirements()[code])))
        for code, words in outcome_types().items()
    ]
    return page(
        "Recording rules",
        "How a report becomes a recorded crime, and what is looked at again.",
        "## The decision",
        f"```mermaid\n{decision_mermaid()}\n```",
        "## States",
        f"```mermaid\n{states_mermaid()}\n```",
        table(("From", "Action", "To", "By", "Authorised by"), transitions()),
        "## Prompts",
        "An extract's list of data-quality queries has the same rules.",
        table(("Rule", "Column", "Severity", "Words"), prompts),
        "## Outcomes and their parts",
        table(("Type", "Words", "Requires"), outcomes),
    )


PAGES: dict[str, Callable[[], str]] = {
    "api.md": api,
    "command-line.md": command_line,
    "exit-codes.md": exit_codes,
    "columns.md": columns,
    "offence-lists.md": offence_lists,
    "questions.md": questions,
    "questions.schema.json": question_schema,
    "policy.md": policies,
    "policy.schema.json": policy_schema,
    "mappings.md": mapping_files,
    "mapping.schema.json": mapping_schema,
    "authority.md": authorities,
    "authority.schema.json": authority_schema,
    "sources.md": sources,
    "caveats.md": caveats,
    "exemptions.md": exemptions,
    "wording.md": wording,
    "recording.md": recording,
}


def page(title: str, *sections: str) -> str:
    return "\n\n".join((MADE, f"# {title}", *sections)) + "\n"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    r"""
    A Markdown table; what would end a cell is escaped.

    >>> print(table(("a", "b"), [("1|2", "x y")]))
    | a | b |
    |---|---|
    | 1\|2 | x y |
    """
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += [
        "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in row) + " |"
        for row in rows
    ]
    return "\n".join(lines)


def as_json(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
