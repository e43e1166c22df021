"""Writes the files that the demonstration starts from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from nilreturn.demo import records, report
from nilreturn.demo.draws import Draws
from nilreturn.files import atomic_file

# The day on which the report was taken.
AS_AT: date = records.AS_AT
# The days of recording that the report covers.
COVERED = records.ALL_DAYS
# The mapping that imports the report.
MAPPING = "connect"
# The seed that is used where none is given.
SEED = 20_210_999
_KEY = "demonstration.key"  # named by the policy; a force keeps its own key secret


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """
    The files that the demonstration starts from.

    Attributes
    ----------
    extract
        A records system's report (CSV).
    questions
        The request (YAML).
    policy
        The disclosure policy (YAML); its key is beside it.
    authority
        Who answers (TOML).
    """

    extract: Path
    questions: Path
    policy: Path
    authority: Path


def build(folder: Path, *, seed: int = SEED) -> DemoFiles:
    """
    Write the report, the request, the policy with its key and the authority.

    Parameters
    ----------
    folder
        The folder to write them to; it is created if it is missing.
    seed
        The same seed gives the same bytes. Every seed gives the published figures, with other
        records around them.

    Returns
    -------
    DemoFiles
        The files.

    Raises
    ------
    OSError
        When a file cannot be written.
    """
    draws = Draws(seed)
    names = ("connect-report.csv", "request.yaml", "policy.yaml", "authority.toml")
    made = DemoFiles(*(folder / name for name in names))
    with atomic_file(made.extract) as part:
        report.write(records.make(draws), part, draws)
    for path in (made.questions, made.policy, made.authority, folder / _KEY):
        with atomic_file(path) as part:
            part.write_bytes((files("nilreturn.demo") / path.name).read_bytes())
    return made
