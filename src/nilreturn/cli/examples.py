"""An example of each command, printed at the end of its help."""

from __future__ import annotations

import typer

# By the words after "nilreturn"; one a command and one a group of commands.
EXAMPLES = {
    "": "nilreturn demo",
    "import": "nilreturn import report.csv --mapping connect --as-at 2021-06-14 --to extract",
    "answer": (
        "nilreturn answer request.yaml --extract extract --policy policy.yaml \\\n"
        "      --authority authority.toml --register register --to answer"
    ),
    "prepare": (
        "nilreturn prepare request.yaml --extract extract --policy policy.yaml \\\n"
        '      --authority authority.toml --register register --by "A. Clerk" --to draft'
    ),
    "release": 'nilreturn release draft --register register --by "B. Officer" --to answer',
    "demo": "nilreturn demo demo",
    "protect": "nilreturn protect table.csv --policy ordinary-crime --out protected",
    "audit": "nilreturn audit published.xlsx --threshold 5",
    "verify": "nilreturn verify answer --register register",
    "mentions": "nilreturn mentions extract --lexicon platforms",
    "offences": "nilreturn offences 71/17 --at 2020-07-01",
    "extract": "nilreturn extract show extract",
    "extract verify": "nilreturn extract verify extract",
    "extract show": "nilreturn extract show extract",
    "mapping": "nilreturn mapping show connect",
    "mapping draft": "nilreturn mapping draft report.csv --to ours.toml",
    "mapping show": "nilreturn mapping show connect",
    "mapping check": "nilreturn mapping check ours.toml report.csv",
    "policy": "nilreturn policy check policy.yaml",
    "policy new": "nilreturn policy new policy.yaml --from ordinary-crime",
    "policy check": "nilreturn policy check policy.yaml",
    "key": "nilreturn key new secret.key",
    "key new": "nilreturn key new secret.key",
    "register": "nilreturn register show register",
    "register new": "nilreturn register new register",
    "register add": "nilreturn register add answer --register register",
    "register show": "nilreturn register show register",
    "register verify": "nilreturn register verify register",
    "register withdraw": 'nilreturn register withdraw foi-1 --register register --reason "sent by '
    'mistake"',
}


def give_examples(app: typer.Typer, path: tuple[str, ...] = ()) -> None:
    """
    Put the example of each command and group at the end of its help.

    Parameters
    ----------
    app
        The program, or one of its groups.
    path
        The words of the group after "nilreturn"; empty for the program.
    """
    for command in app.registered_commands:
        name = str(command.name or getattr(command.callback, "__name__", ""))
        command.epilog = _epilog(" ".join((*path, name)))
    for group in app.registered_groups:
        if group.typer_instance is not None and group.name:
            name = str(group.name)
            group.epilog = _epilog(" ".join((*path, name)))
            give_examples(group.typer_instance, (*path, name))


def _epilog(path: str) -> str | None:
    return f"\b\nExample:\n  {EXAMPLES[path]}" if path in EXAMPLES else None


# The example of the program itself, printed at the end of its help.
ROOT = _epilog("")
