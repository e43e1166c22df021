"""
What every command line has: -h, --version, an example in each help, completion, commands of other
packages.
"""

import os
import shlex
import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

import nilreturn
from tests.architecture.source import ROOT
from tests.architecture.test_every import all_commands

COMMANDS = all_commands()


def run(*arguments, **variables):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100", **variables}
    command = [sys.executable, "-m", "nilreturn", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def example(path):
    """The words of the example in a command's help."""
    text = COMMANDS[path].epilog or ""
    assert text.startswith("\b\nExample:\n"), f"{path}: no example; give one in cli/examples.py"
    return shlex.split(text.split("Example:\n")[1].replace("\\\n", ""))


def test_version():
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"nilreturn {nilreturn.__version__}\n")


@pytest.mark.parametrize("words", [[], ["audit"], ["register"], ["register", "add"]], ids=" ".join)
def test_h_is_help(words):
    short, long = run(*words, "-h"), run(*words, "--help")
    assert short.returncode == 0
    assert short.stdout == long.stdout
    assert "Example:\n  " in short.stdout


@pytest.mark.parametrize("path", COMMANDS)
def test_every_help_has_an_example_that_the_command_line_takes(path):
    words = example(path)
    assert " ".join(words).startswith(path), f"{path}: the example is of another command"
    command, words = COMMANDS["nilreturn"], words[1:]
    name = "nilreturn"
    while getattr(command, "commands", {}):
        name, *words = words
        command = command.commands[name]
    command.make_context(name, words)  # raises for an option that is not there, or a missing one


def test_completion_names_commands():
    done = run(_NILRETURN_COMPLETE="complete_bash", COMP_WORDS="nilreturn re", COMP_CWORD="1")
    assert sorted(done.stdout.split()) == ["register", "release"]


def plugin(tmp_path, body, name="nilreturn-weather"):
    """
    An installed package, as a folder on the path: its code, and the metadata that names its entry
    point.
    """
    (tmp_path / "weather.py").write_text(body, encoding="utf-8")
    described = tmp_path / f"{name.replace('-', '_')}-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8"
    )
    (described / "entry_points.txt").write_text(
        "[nilreturn.commands]\nweather = weather:register\n", encoding="utf-8"
    )
    return f"{ROOT / 'src'}{os.pathsep}{tmp_path}"


def test_a_package_adds_a_command(tmp_path):
    path = plugin(
        tmp_path,
        'def register(app):\n    app.command("weather")(weather)\n\n\n'
        'def weather():\n    """Say what the weather is."""\n    print("dry")\n',
    )
    assert run("weather", PYTHONPATH=path).stdout == "dry\n"
    assert "Say what the weather is." in run("-h", PYTHONPATH=path).stdout
    assert run("weather").returncode == 2


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise RuntimeError('victim 12')", "its commands cannot be loaded (RuntimeError)"),
        (
            'def register(app):\n    app.command("audit")(register)\n',
            "there is a command 'audit' already",
        ),
        (
            'def register(app):\n    [app.command("x")(register) for _ in "12"]\n',
            "there is a command 'x' already",
        ),
    ],
)
def test_a_package_that_breaks_the_command_line_is_named(tmp_path, body, said):
    done = run("--version", PYTHONPATH=plugin(tmp_path, body))
    assert done.returncode == 14
    assert len(done.stderr.splitlines()) == 1
    assert "the package nilreturn-weather" in done.stderr
    assert said in done.stderr
    assert "victim 12" not in done.stderr


def test_a_plugin_without_a_package_is_named_by_its_place():
    from nilreturn.cli.plugins import _package

    assert (
        _package(EntryPoint("weather", "weather:register", "nilreturn.commands"))
        == "the plug-in weather:register"
    )
