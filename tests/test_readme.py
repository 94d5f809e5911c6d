"""The README's examples: every block is run, and its output is what stands there.

``pytest --golden`` rewrites the output in the README; read it then.
"""

from __future__ import annotations

import doctest
import io
import math
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import sympy  # noqa: F401 (the proofs inherit it, and start faster)

import backpropcli
from backpropcli.__main__ import main
from backpropcli.graph import operations

HOME = Path(__file__).resolve().parents[1]
README = HOME / "README.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(
    r"^\| `(?P<text>[^`]+)` \| `(?P<point>[^`]+)` \| (?P<slopes>[^|]+) \|", re.MULTILINE
)


def readme():
    return README.read_text(encoding="utf-8")


def blocks():
    return BLOCK.findall(readme())


def examples(block):
    """Return the (command, output) pairs of one block."""
    pairs = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            pairs.append((line[2:].rstrip("\n"), ""))
        else:
            pairs[-1] = (pairs[-1][0], pairs[-1][1] + line)
    return pairs


@pytest.fixture(scope="module")
def real_shell(tmp_path_factory):
    """Return what runs a command of the README in a shell and returns what it prints."""
    room = tmp_path_factory.mktemp("bin")
    script = room / "backprop"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m backpropcli "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"FORCE_COLOR", "PYTHONIOENCODING"} and not name.startswith("LC_")
    }
    environment |= {
        "PATH": f"{room}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(HOME), os.environ.get("PYTHONPATH")])),
        "PYTHONUTF8": "1",
        "COLUMNS": "80",
        "NO_COLOR": "1",
    }

    def run(command):
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=HOME,
            env=environment,
            encoding="utf-8",
            timeout=60,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.stdout

    return run


@pytest.fixture
def shell(real_shell, monkeypatch):
    """Return what runs a command of the README: in this process where it needs no shell."""
    monkeypatch.chdir(HOME)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def run(command):
        words = shlex.shlex(command, posix=True, punctuation_chars=True)
        words.whitespace_split = True
        name, *arguments = words
        operators = any(set(word) <= set("();<>|&") for word in arguments)
        if name != "backprop" or operators or "$" in command:
            return real_shell(command)
        monkeypatch.setattr(sys, "argv", [name, *arguments])
        printed = io.BytesIO()
        screen = Screen(printed, encoding="utf-8", write_through=True)
        beside = io.TextIOWrapper(printed, encoding="utf-8", write_through=True)
        with redirect_stdout(screen), redirect_stderr(beside):
            main()
        return printed.getvalue().decode("utf-8")

    return run


class Screen(io.TextIOWrapper):
    """A stream that says that it is a terminal: a person gets the check, too."""

    def isatty(self):
        return True


def same_numbers(text):
    """Return ``text`` with 12.0 as 12: some versions of jq print the one, some the other."""
    return re.sub(r"(\d)\.0\b", r"\1", text)


@pytest.mark.slow
@pytest.mark.parametrize("index", range(len(blocks())))
def test_console_blocks_print_what_the_readme_shows(index, shell, request):
    block = blocks()[index]
    if "| jq" in block and shutil.which("jq") is None:
        pytest.skip("jq is not installed")
    pairs = [(command, shown, shell(command)) for command, shown in examples(block)]
    if request.config.getoption("--golden"):
        fresh = "".join(f"$ {command}\n{printed}" for command, _, printed in pairs)
        README.write_text(readme().replace(block, fresh), encoding="utf-8")
        return
    for command, shown, printed in pairs:
        if "| jq" in command:
            shown, printed = same_numbers(shown), same_numbers(printed)  # noqa: PLW2901
        assert printed == shown, command


@pytest.mark.slow
def test_the_examples_in_python_hold():
    text = "".join(re.findall(r"^```python\n(.*?)^```$", readme(), re.MULTILINE | re.DOTALL))
    examples = doctest.DocTestParser().get_doctest(text, {}, "README", "README.md", 0)
    assert len(examples.examples) > 5
    told = []
    assert doctest.DocTestRunner().run(examples, out=told.append).failed == 0, "".join(told)


def test_the_library_is_told_whole():
    section = readme().partition("## As a library")[2].partition("\n## ")[0]
    names = [name for name in backpropcli.__all__ if not name.endswith("Error")]
    assert [name for name in names if f"`{name}`" not in section] == []


def test_there_are_console_blocks():
    assert len(blocks()) > 10
    assert all(block.startswith("$ ") for block in blocks())


@pytest.mark.parametrize("row", [found.groupdict() for found in ROW.finditer(readme())], ids=str)
def test_the_conventions_at_kinks_hold(row, shell):
    printed = shell(f"backprop '{row['text']}' {row['point']} --quiet").split()
    slopes = [float(slope) for slope in row["slopes"].split(",")]
    assert all(
        float(found) == slope or (math.isnan(float(found)) and math.isnan(slope))
        for found, slope in zip(printed[1::2], slopes, strict=True)
    ), printed


def test_the_conventions_are_a_table():
    assert len(ROW.findall(readme())) > 10


def test_every_function_is_named():
    text = readme().partition("## The language")[2].partition("\n## ")[0]
    missing = [
        row.name
        for row in operations.WORDS
        if row.infix is None and not re.search(rf"\b{row.name}\b", text)
    ]
    assert missing == []


@pytest.mark.slow
def test_the_exit_codes_hold(shell):
    assert shell("backprop 'x^2' x=3 --check > /dev/null; echo $?") == "0\n"
    assert shell("backprop 'x^' x=3 2> /dev/null; echo $?") == "2\n"
    assert shell("backprop 'x^2' 2> /dev/null; echo $?") == "2\n"


def test_the_commands_that_set_up_are_there():
    assert "pip install . && backprop '(w*x + b - y)^2' w=2 x=3 b=1 y=5\n" in readme()
    assert "pip install '.[test]' && pytest\n" in readme()


def test_links_and_files_exist():
    for path in re.findall(
        r"\]\(([^)#]+)\)|`((?:samples|backpropcli|grammar|tests)/[\w./-]+)`", readme()
    ):
        name = path[0] or path[1]
        assert name.startswith("http") or (HOME / name).exists(), name
