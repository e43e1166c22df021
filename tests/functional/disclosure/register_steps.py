"""
A release entered into a register by a process that may be killed at any of its steps.

    python register_steps.py enter REGISTER ANSWER REFERENCE COUNT
    python register_steps.py kill FOLDER    enters into FOLDER/1/register and is killed at step 1,
    and so on to the end

Each thing that is done to files is a step.
"""

import os
import signal
import sys
from datetime import date
from pathlib import Path

from nilreturn.disclosure import a_total
from nilreturn.disclosure.register import (
    PUBLISHED,
    entering,
    free_name,
    new_register,
    published_bytes,
)
from nilreturn.files import atomic_folder, remove_abandoned
from nilreturn.tables import Population

STEPS = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree")


class Steps:
    """Counts what the process does to files from now on, and kills it before the step `last`."""

    def __init__(self, last: int) -> None:
        self.last, self.done = last, 0
        sys.addaudithook(self.note)

    def note(self, event: str, arguments: tuple[object, ...]) -> None:
        if event not in STEPS or (event == "open" and not self._writes(arguments)):
            return
        self.done += 1
        if self.done == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    @staticmethod
    def _writes(arguments: tuple[object, ...]) -> bool:
        flags = arguments[2]
        return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def release(register: Path, answer: Path, reference: str, count: int) -> None:
    """What `workflow.answer` does with the register, without counting."""
    with entering(register) as desk:
        remove_abandoned(answer)
        with atomic_folder(answer) as part:
            content = published_bytes([a_total("q1", Population("victims"), count)])
            (part / PUBLISHED).write_bytes(content)
            name = free_name(desk.register, reference)
            desk.enter(
                name, "answer", date(2021, 6, 29), {PUBLISHED: content}, part=part, final=answer
            )


def killed(folder: Path, step: int) -> bool:
    """Enter in a process of its own, killed at a step; whether it had that many."""
    new_register(folder / "register")
    child = os.fork()
    if child == 0:
        Steps(step)
        release(folder / "register", folder / "answer", "20210999", 52)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    what, where, *rest = sys.argv[1:]
    if what == "enter":
        release(Path(where), Path(rest[0]), rest[1], int(rest[2]))
    else:
        step = 1
        while killed(Path(where) / str(step), step):
            step += 1
