"""
One runner for people and for CI, on every system: `./run COMMAND …`, or `py run.py COMMAND …`
on Windows.

It needs Python 3.11 and nothing else, and makes `.venv` from the lock when the lock is newer.
`demo` and `nilreturn` work in the caller's folder; all other commands work in the repository's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
OLDEST_PIP = "23.2"  # that the set-up is tried with; newer ones are used as they come with Python
EXTRAS = ("pdf", "pictures", "text")  # what the demonstration needs besides the core
# The sets of packages: the lock's options for each, and the same lock for machines that have pip
# alone.
SETS = {
    "core": ("requirements.txt", ["--no-dev", *(f"--extra={extra}" for extra in EXTRAS)]),
    "dev": ("requirements-dev.txt", ["--dev"]),
    "docs": ("requirements-docs.txt", ["--dev", "--group=docs"]),
}


def demo(*arguments: str) -> int:
    """The whole journey on a synthetic extract."""
    return nilreturn("demo", *arguments)


def nilreturn(*arguments: str) -> int:
    """Any command of the program."""
    set_up("core")
    return python("-m", "nilreturn", *arguments)


def test(*arguments: str) -> int:
    """
    All tests but the slow ones and those that need a cluster; generated tests try fewer examples.
    """
    options = ("-m", "not slow and not cluster", "--hypothesis-profile=quick", "-n", "2")
    return in_root("dev", "-m", "pytest", *options, *arguments)


def test_all(*arguments: str) -> int:
    """Those too, and every example; needs Java 17 for Spark."""
    return in_root("dev", "-m", "pytest", *arguments)


def check() -> int:
    """
    Lint, types, import contracts, the sizes of the source, and that the oldest pip takes the lock.
    """
    set_up("dev")
    os.chdir(ROOT)
    for step in (
        "ruff check",
        "ruff format --check",
        "mypy",
        "lint-imports",
        "python scripts/sizes.py",
    ):
        tool, *options = step.split()
        if ended := subprocess.run(
            [program(tool), *options], env=environment(), check=False
        ).returncode:
            return ended
    return check_pip()


def fix() -> int:
    """What ruff can put right by itself, and the reference pages."""
    set_up("dev")
    os.chdir(ROOT)
    steps = (["check", "--fix"], ["format"])
    ends = [subprocess.run([program("ruff"), *step], check=False).returncode for step in steps]
    return max(
        *ends,
        subprocess.run([program("python"), "scripts/build_reference.py"], check=False).returncode,
    )


def docs(*arguments: str) -> int:
    """The documentation as a site, in build/site; a broken link is an error."""
    return in_root("docs", "scripts/build_site.py", *arguments)


def pictures(*arguments: str) -> int:
    """
    The pictures of the gallery, from the demonstration; with --check whether they still are what it
    gives.
    """
    return in_root("docs", "scripts/build_pictures.py", *arguments)


def update_golden(*arguments: str) -> int:
    """The golden files, written anew; read the difference."""
    os.environ["NILRETURN_UPDATE_GOLDEN"] = "1"
    return in_root(
        "dev", "-m", "pytest", "tests/golden", "tests/architecture/test_api.py", *arguments
    )


def bench(*arguments: str) -> int:
    """Counting beside hand-written SQL and pandas."""
    return in_root("dev", "-m", "benchmarks.main", *arguments)


def bench_disclosure(*arguments: str) -> int:
    """Protecting and auditing tables of several sizes."""
    return in_root("dev", "-m", "benchmarks.disclosure", *arguments)


def attack(*arguments: str) -> int:
    """Random records and questions, protected, and attacked from what is printed alone."""
    return in_root("dev", "-m", "benchmarks.attack", *arguments)


def eval_text(*arguments: str) -> int:
    """Finding names in free text, beside other ways."""
    return in_root("dev", "-m", "benchmarks.text", *arguments)


def lock() -> int:
    """
    The lock, after a change of dependencies, and the same lock for machines that have pip alone.
    Needs uv.
    """
    os.chdir(ROOT)
    uv = shutil.which("uv")
    if uv is None:
        return fail("'lock' needs uv: https://docs.astral.sh/uv/")
    subprocess.run([uv, "lock"], check=True)
    for file, options in SETS.values():
        export = [
            uv,
            "export",
            "--quiet",
            "--frozen",
            "--no-emit-project",
            *options,
            "--output-file",
            file,
        ]
        subprocess.run([option for option in export if option != "--dev"], check=True)
    return 0


COMMANDS: dict[str, Callable[..., int]] = {
    command.__name__.replace("_", "-"): command
    for command in (
        *(demo, nilreturn, test, test_all, check, fix, docs, pictures, update_golden),
        *(bench, bench_disclosure, attack, eval_text, lock),
    )
}


def main(arguments: Sequence[str]) -> int:
    name, *rest = arguments or ("help",)
    if name in ("help", "-h", "--help"):
        width = max(map(len, COMMANDS))
        print("./run COMMAND … (on Windows: py run.py COMMAND …)\n")
        for each, command in COMMANDS.items():
            print(f"  {each:<{width}}  {' '.join((command.__doc__ or '').split())}")
        return 0
    if name not in COMMANDS:
        return fail(f"there is no command '{name}'; './run help' lists them", code=2)
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this file may have an older one
        return fail("needs Python 3.11 or newer; install it and try again")
    return COMMANDS[name](*rest)


def in_root(packages: str, *arguments: str) -> int:
    set_up(packages)
    os.chdir(ROOT)
    return python(*arguments)


def python(*arguments: str) -> int:
    """Run the Python of `.venv`, in place of this process where the system can."""
    command = [program("python"), *arguments]
    if os.name == "posix":
        os.execve(command[0], command, environment())
    return subprocess.run(command, env=environment(), check=False).returncode


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "src")}


def program(name: str) -> str:
    return str(VENV / "Scripts" / f"{name}.exe" if os.name == "nt" else VENV / "bin" / name)


def set_up(packages: str) -> None:
    """
    Set up `.venv` when the lock is newer than it: what users get ("core"), or what the tests or the
    site need.
    """
    file, options = SETS[packages]
    wider = list(SETS)[list(SETS).index(packages) :]
    if any(
        _is_newer(VENV / f".set-up-{each}", ROOT / "uv.lock", ROOT / SETS[each][0])
        for each in wider
    ):
        return
    if uv := shutil.which("uv"):
        sync = [
            uv,
            "sync",
            "--project",
            str(ROOT),
            "--frozen",
            "--quiet",
            "--no-install-project",
            *options,
        ]
        subprocess.run([*sync, "--compile-bytecode", "--python", sys.executable], check=True)
    else:
        print(f"run: setting up .venv ({packages}), once", file=sys.stderr)
        if not Path(program("python")).exists():
            subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        # Where uv made it, there is no pip.
        if not any((VENV / "bin").glob("pip*")) and not any((VENV / "Scripts").glob("pip*")):
            subprocess.run(
                [program("python"), "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL
            )
        pip_install(program("python"), ROOT / file)
    for each in SETS:
        (VENV / f".set-up-{each}").unlink(missing_ok=True)
    (VENV / f".set-up-{packages}").touch()


def _is_newer(mark: Path, *files: Path) -> bool:
    return mark.exists() and all(mark.stat().st_mtime > file.stat().st_mtime for file in files)


def pip_install(by: str, file: Path, *options: str) -> None:
    """
    The lock names every package that is needed, so pip has nothing to resolve. Left to resolve, pip
    before 24 refuses a package that another one asks for with an extra (coverage[toml]).
    """
    install = [
        by,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--require-hashes",
    ]
    subprocess.run([*install, "-r", str(file), *options], check=True)


def check_pip() -> int:
    """
    Whether the oldest pip, in a venv of its own, takes every package of the lock. Nothing is
    installed.
    """
    with tempfile.TemporaryDirectory() as bare:
        subprocess.run([program("python"), "-m", "venv", bare], check=True)
        folder = "Scripts" if os.name == "nt" else "bin"
        by = str(Path(bare) / folder / Path(program("python")).name)
        subprocess.run(
            [
                by,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                f"pip=={OLDEST_PIP}",
            ],
            check=True,
        )
        for file, _ in SETS.values():
            pip_install(by, ROOT / file, "--dry-run")
    return 0


def fail(message: str, code: int = 1) -> int:
    print(f"run: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
