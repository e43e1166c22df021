"""
Commands of other packages, by entry point.

A package that names a function in its entry points of the group `nilreturn.commands` adds commands
to the command line. The function takes the `typer.Typer` of the whole program and registers
commands or groups on it, as each module of `nilreturn.cli` does.
"""

from __future__ import annotations

from collections import Counter
from importlib.metadata import EntryPoint, entry_points

import typer

from nilreturn.errors import ExtraError

GROUP = "nilreturn.commands"


def add_plugins(app: typer.Typer) -> None:
    """
    Let every installed plug-in register its commands.

    Parameters
    ----------
    app
        The whole program, to which the commands are added.

    Raises
    ------
    ExtraError
        When a plug-in cannot be loaded, or takes the name of a command that is there already. The
        message names the package.
    """
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        before = _names(app)
        try:
            point.load()(app)
        except Exception as error:
            raise ExtraError(
                f"{_package(point)}: its commands cannot be loaded ({type(error).__name__}); "
                f"upgrade or uninstall it"
            ) from error
        taken = [
            name for name, times in (_names(app) - before).items() if before[name] or times > 1
        ]
        if taken:
            raise ExtraError(
                f"{_package(point)}: there is a command '{min(taken)}' already; uninstall the "
                f"package"
            )


def _names(app: typer.Typer) -> Counter[str]:
    """The names of commands and groups, and how often each is registered."""
    commands = (
        command.name or getattr(command.callback, "__name__", "")
        for command in app.registered_commands
    )
    return Counter((*commands, *(group.name or "" for group in app.registered_groups)))


def _package(point: EntryPoint) -> str:
    return (
        f"the package {point.dist.name}" if point.dist is not None else f"the plug-in {point.value}"
    )
