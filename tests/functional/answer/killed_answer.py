"""
An answer that kills itself before one thing that it does to files.

    python killed_answer.py MOMENT QUESTIONS EXTRACT POLICY AUTHORITY REGISTER TO
"""

import os
import signal
import sys
from pathlib import Path

from nilreturn.disclosure import proposals
from nilreturn.workflow import AnswerFiles, answer

# Each is told by what the system is asked to do: the call, and how the path that it makes or
# removes ends.
MOMENTS = {
    "its folder is begun": ("os.mkdir", ".part"),
    "the letter is written": ("open", ".docx"),
    "the internal papers are whole": ("os.rename", "OFFICIAL-SENSITIVE-not-for-release"),
    "the journal is there": ("os.rename", "entering.json"),
    "the entry is there": ("os.mkdir", "/20210999"),
    "the index lists it": ("os.rename", "register.json"),
    "its folder has its name": ("os.rename", "/answer"),
    "the journal is gone": ("os.remove", "entering.json"),
}


def kill_before(moment: str) -> None:
    call, ending = MOMENTS[moment]

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event == call and str(arguments[1 if call == "os.rename" else 0]).endswith(ending):
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(note)


if __name__ == "__main__":
    moment, questions, extract, policy, authority, register, to = sys.argv[1:]
    proposals.MOST_TRIES = 0  # they take most of the time of an answer, and write nothing
    kill_before(moment)
    request = AnswerFiles(
        Path(questions), Path(extract), Path(policy), Path(authority), register=Path(register)
    )
    answer(request, Path(to))
