"""
The command line: arguments, progress and exit codes, nothing else.

Each command's module registers itself on `app`; whatever is heavy is imported inside the command,
so that `--help` is there at once.
"""

from __future__ import annotations

from nilreturn.cli import (
    answer,
    disclosure,
    extract,
    key,
    mapping,
    mentions,
    offences,
    policy,
    verify,
)
from nilreturn.cli import register as registers
from nilreturn.cli.examples import ROOT, give_examples
from nilreturn.cli.plugins import add_plugins
from nilreturn.errors import FileError, Stopped, UserError
from nilreturn.stopping import STOPPING, fault

__all__ = ["ROOT", "add_plugins", "give_examples"]

import sys
from typing import Annotated, NoReturn

import typer

import nilreturn

app = typer.Typer(
    name="nilreturn",
    help="Answer questions about recorded crime: from the record to the reply, without a leak.",
    epilog=ROOT,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (
    extract,
    mapping,
    answer,
    disclosure,
    policy,
    key,
    verify,
    registers,
    mentions,
    offences,
):
    module.register(app)
give_examples(app)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"nilreturn {nilreturn.__version__}")
        raise typer.Exit


@app.callback(epilog=ROOT)
def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Answer questions about recorded crime: from the record to the reply, without a leak."""


def main() -> NoReturn:
    """
    Run the command line. A user's mistake is one line on stderr, its list of mistakes below, and
    its own code.
    """
    try:
        STOPPING.listen()
        STOPPING.is_running = True
        add_plugins(app)
        app(prog_name="nilreturn", standalone_mode=True)
    except Stopped:
        sys.exit(STOPPING.say())
    except UserError as error:
        sys.stderr.write(f"nilreturn: {error}\n")
        for detail in error.details:
            sys.stderr.write(f"  {detail}\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader went away (`| head`); Python would complain once more when it flushes at exit.
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        sys.stderr.write(fault(error))
        sys.exit(FileError.exit_code)
    except Exception:
        if STOPPING.asked:  # the engine says no more than that it was interrupted
            sys.exit(STOPPING.say())
        raise
    sys.exit(0)
