"""
Every command and every piece of Python in the documents runs, and prints what the page says it
prints.
"""

import doctest
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.docs.fences import FILE, RUN, SHOWN, commands, fences

ROOT = Path(__file__).parents[2]
PAGES = sorted(path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
RUNNABLE = [page for page in PAGES if any(fence.language in RUN for fence in fences(page))]


def name(page):
    return page.relative_to(ROOT).as_posix()


@pytest.fixture(scope="session")
def shell(tmp_path_factory):
    """An environment in which `nilreturn` is this checkout's."""
    folder = tmp_path_factory.mktemp("bin")
    program = folder / "nilreturn"
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT / "src"}" exec "{sys.executable}" -m nilreturn "$@"\n'
    )
    program.chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "LC_ALL": "C.UTF-8",
    }


@pytest.mark.parametrize("page", RUNNABLE, ids=name)
def test_page_runs(page, tmp_path, monkeypatch, shell):
    """
    A command may end with a code other than 0 only where the page shows that it does: `$ … ; echo
    $?`.
    """
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "page"}
    for fence in fences(page):
        if fence.saved_as:
            (tmp_path / fence.saved_as).write_text(fence.body, encoding="utf-8")
        elif fence.language == "console":
            for command in commands(fence):
                run(command, page, shell)
        elif fence.language == "python":
            run_python(fence, page, namespace)


def run(command, page, shell):
    done = subprocess.run(
        ["sh", "-c", command.text],
        env=shell,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    where = f"{name(page)}, line {command.line}"
    assert done.returncode == 0, f"{where}: ended with {done.returncode}\n{done.stdout}"
    same = doctest.OutputChecker().check_output(
        command.prints or "...\n", done.stdout or "\n", doctest.ELLIPSIS
    )
    assert same, f"{where}: printed\n{textwrap.indent(done.stdout, '    ')}"


def run_python(fence, page, namespace):
    if not fence.body.lstrip().startswith(">>>"):
        exec(compile("\n" * (fence.line - 1) + fence.body, name(page), "exec"), namespace)
        return
    test = doctest.DocTestParser().get_doctest(
        fence.body, namespace, name(page), str(page), fence.line - 1
    )
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(
        test, out=report.append, clear_globs=False
    )
    namespace.update(test.globs)
    assert result.failed == 0, "".join(report)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_fences_are_of_known_kinds(page):
    for fence in fences(page):
        assert fence.language in (*RUN, *SHOWN), (
            f"{name(page)}, line {fence.line}: fence of kind {fence.language!r}"
        )
        if fence.language == "sh":
            others = [
                line
                for line in fence.body.splitlines()
                if not re.match(r"(\./run|git|pip|uv|cd|#) ?", line)
            ]
            assert not others, (
                f"{name(page)}, line {fence.line}: a command that is not run belongs in a console "
                f"block"
            )


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if re.match(r"https?:|mailto:", target):
            continue
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{name(page)}: no {target}"
        assert ROOT in found.parents, f"{name(page)}: {target} leads out of the repository"
        assert not anchor or anchor in headings(found), f"{name(page)}: no heading for {target}"


def headings(page):
    words = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in words}


def test_every_page_is_reached_from_the_index():
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = {
        page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")
    } - {"index.md"}
    assert {page for page in pages if f"({page})" not in index} == set()


def test_a_saved_file_is_named_on_the_line_before():
    assert FILE.match("<!-- file: request.yaml -->")["name"] == "request.yaml"
