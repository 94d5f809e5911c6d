"""The README and the manual: every console block is run, and its output is what the page shows.

Commands run under a pseudo-terminal of 80 columns, as for a reader. ``pytest --golden`` rewrites
the output in the pages; read it then.
"""

from __future__ import annotations

import doctest
import fcntl
import io
import math
import os
import pty
import re
import shlex
import shutil
import struct
import subprocess
import sys
import termios
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from threading import Thread

import pytest

import backpropcli
from backpropcli.__main__ import main
from backpropcli.graph import operations
from backpropcli.proof.compared import work
from tests.each import for_each

HOME = Path(__file__).resolve().parents[1]
README = HOME / "README.md"
MANUAL = HOME / "backpropcli" / "manual"
PAGES = [README, *sorted(MANUAL.glob("*.md"))]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(
    r"^\| `(?P<text>[^`]+)` \| `(?P<point>[^`]+)` \| (?P<slopes>[^|]+) \|", re.MULTILINE
)
COLUMNS, LINES = 80, 200
pytestmark = pytest.mark.usefixtures("here")


def text_of(page):
    return page.read_text(encoding="utf-8")


def blocks(page):
    return BLOCK.findall(text_of(page))


def examples(block):
    """Return the (command, output) pairs of one block."""
    pairs = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            pairs.append((line[2:].rstrip("\n"), ""))
        else:
            pairs[-1] = (pairs[-1][0], pairs[-1][1] + line)
    return pairs


class Terminal:
    """A pseudo-terminal, and all that is written to it."""

    def __init__(self):
        self.ours, self.theirs = pty.openpty()
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self.parts = []
        self.reader = Thread(target=self._read)
        self.reader.start()

    def _read(self):
        while True:
            try:
                part = os.read(self.ours, 65536)
            except OSError:  # all have closed the other end
                return
            if not part:
                return
            self.parts.append(part)

    def close(self):
        """Return what was written."""
        os.close(self.theirs)
        self.reader.join()
        os.close(self.ours)
        return b"".join(self.parts).decode("utf-8").replace("\r\n", "\n")


@pytest.fixture(scope="module")
def real_shell(tmp_path_factory):
    """Return what runs a command in a shell and returns what it prints."""
    room = tmp_path_factory.mktemp("bin")
    script = room / "backprop"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m backpropcli "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"FORCE_COLOR", "PYTHONIOENCODING", "COLUMNS"} and not name.startswith("LC_")
    }
    environment |= {
        "PATH": f"{room}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(HOME), os.environ.get("PYTHONPATH")])),
        "PYTHONUTF8": "1",
        "NO_COLOR": "1",
    }

    def run(command):
        terminal = Terminal()
        done = subprocess.run(
            ["sh", "-c", command.replace("| jq", "| jq --monochrome-output")],
            cwd=HOME,
            env=environment,
            timeout=60,
            stdout=terminal.theirs,
            stderr=subprocess.PIPE,
            check=False,
        )
        return terminal.close() + done.stderr.decode("utf-8")

    return run


@pytest.fixture
def shell(real_shell, monkeypatch):
    """Return what runs a command: the tool in this process, where it needs no shell but for |."""
    monkeypatch.chdir(HOME)
    monkeypatch.setenv("NO_COLOR", "1")
    for name in ("FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def run(command):
        alone = command.removesuffix(" 2>&1")
        words = shlex.shlex(alone, posix=True, punctuation_chars=True)
        words.whitespace_split = True
        stages = [[]]
        for word in words:
            if word == "|":
                stages.append([])
            elif set(word) <= set("();<>|&") or "$" in word:
                return real_shell(command)
            else:
                stages[-1].append(word)
        terminal = Terminal()
        told = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        given = None
        for stage in stages[:-1]:
            with io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) as printed:
                stage_of(stage, given, printed, told)
                given = printed.buffer.getvalue()
        with open(terminal.theirs, "w", encoding="utf-8", closefd=False) as printed:
            stage_of(stages[-1], given, printed, told if alone == command else printed)
        return terminal.close() + told.buffer.getvalue().decode("utf-8")

    def stage_of(words, given, printed, told):
        if words[0] == "backprop":
            monkeypatch.setattr(sys, "argv", words)
            if given is not None:
                monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
            with redirect_stdout(printed), redirect_stderr(told):
                main()
        else:
            plain = ["--monochrome-output"] if words[0] == "jq" else []
            done = subprocess.run(
                [words[0], *plain, *words[1:]], input=given, capture_output=True, check=True
            )
            printed.write(done.stdout.decode("utf-8"))

    return run


def same_numbers(text):
    """Return ``text`` with 12.0 as 12: some versions of jq print the one, some the other."""
    return re.sub(r"(\d)\.0\b", r"\1", text)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "index"),
    [(page, index) for page in PAGES for index in range(len(blocks(page)))],
    ids=lambda item: getattr(item, "stem", str(item)),
)
def test_console_blocks_print_what_the_page_shows(page, index, shell, request, monkeypatch):
    block = blocks(page)[index]
    if "@ppo-clip" in block:
        monkeypatch.setattr(work, "PATIENCE", 0.1)  # there is no proof to wait for
    assert block.startswith("$ ")
    if "| jq" in block and shutil.which("jq") is None:
        pytest.skip("jq is not installed")
    pairs = [(command, shown, shell(command)) for command, shown in examples(block)]
    if request.config.getoption("--golden"):
        fresh = "".join(f"$ {command}\n{printed}" for command, _, printed in pairs)
        page.write_text(text_of(page).replace(block, fresh), encoding="utf-8")
        return
    for command, shown, printed in pairs:
        if "| jq" in command:
            shown, printed = same_numbers(shown), same_numbers(printed)  # noqa: PLW2901
        assert printed == shown, command


@pytest.mark.slow
def test_the_examples_in_python_hold():
    page = MANUAL / "python.md"
    text = "".join(re.findall(r"^```python\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL))
    examples = doctest.DocTestParser().get_doctest(text, {}, "python", page.name, 0)
    assert len(examples.examples) > 5
    told = []
    assert doctest.DocTestRunner().run(examples, out=told.append).failed == 0, "".join(told)


def test_the_library_is_told_whole():
    text = text_of(MANUAL / "python.md")
    names = [name for name in backpropcli.__all__ if not name.endswith("Error")]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_the_readme_is_short_and_the_pages_have_examples():
    assert len(text_of(README).splitlines()) <= 220
    without = [page.stem for page in PAGES if not blocks(page)]
    assert without in ([], ["comparison", "python"])


def conventions():
    return [found.groupdict() for found in ROW.finditer(text_of(MANUAL / "kinks.md"))]


@for_each("row", conventions())
def test_the_conventions_at_kinks_hold(row, shell):
    printed = shell(f"backprop '{row['text']}' {row['point']} --quiet")
    found = [line.partition("\t")[2] for line in printed.splitlines() if "\t" in line]
    slopes = [float(slope) for slope in row["slopes"].split(",")]
    assert all(
        float(text) == slope or (math.isnan(float(text)) and math.isnan(slope))
        for text, slope in zip(found, slopes, strict=True)
    ), printed


def test_the_conventions_are_a_table():
    assert len(conventions()) > 10


def test_every_function_is_named():
    text = text_of(MANUAL / "language.md")
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
    assert "pip install . && backprop '(w*x + b - y)^2' w=2 x=3 b=1 y=5\n" in text_of(README)
    assert "pip install '.[test]' && pytest\n" in text_of(README)


@for_each("page", [*PAGES, HOME / "CONTRIBUTING.md"])
def test_links_and_files_exist(page):
    for path in re.findall(
        r"\]\(([^)#]+)\)|`((?:samples|backpropcli|grammar|tests)/[\w./-]+)`", text_of(page)
    ):
        name = path[0] or path[1]
        assert name.startswith("http") or (HOME / name).exists(), name


def test_the_readme_links_to_every_page():
    linked = set(re.findall(r"\(backpropcli/manual/([\w-]+)\.md\)", text_of(README)))
    assert linked == {page.stem for page in MANUAL.glob("*.md")}
