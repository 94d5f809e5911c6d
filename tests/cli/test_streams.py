"""Streams that are closed, full, narrow or cut off, and what stands in the working directory."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import backpropcli

HOME = Path(backpropcli.__file__).resolve().parents[1]
BASE = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join([str(HOME), *sys.path])}
pytestmark = pytest.mark.skipif(os.name != "posix", reason="streams as a POSIX shell has them")

RUNS = {
    "view": ["x^2", "x=3", "--no-check"],
    "proved": ["x^2", "x=3", "--check"],
    "json": ["x^2", "x=3", "--json"],
    "quiet": ["x^2", "x=3", "--quiet"],
    "matrix": ["jacobian", "(x, x^2)", "x=3", "--no-check"],
    "formula": ["formula", "x^2"],
    "functions": ["functions"],
    "schema": ["schema"],
    "help": ["--help"],
    "page": ["help", "reasons"],
    "samples": ["samples"],
    "completion": ["completion", "bash"],
    "version": ["--version"],
}
runs = pytest.mark.parametrize("words", RUNS.values(), ids=RUNS)


def shell(words, streams="", cwd=None, **environment):
    """Run the tool with its streams as a shell's ``streams`` say; return code, stdout, stderr."""
    command = shlex.join([sys.executable, "-m", "backpropcli", *words])
    done = subprocess.run(
        ["sh", "-c", f"{command} {streams}"],
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        cwd=cwd,
        env={**BASE, "PYTHONIOENCODING": "utf-8", **environment},
    )
    return done.returncode, done.stdout, done.stderr.decode()


@pytest.mark.sampled(5)
@runs
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full device as Linux has it")
def test_output_that_is_full(words):
    code, _, error = shell(words, "> /dev/full")
    assert (code, error) == (74, "error: the output cannot be written: No space left on device\n")


@pytest.mark.slow
@runs
def test_output_that_is_closed(words):
    assert shell(words, ">&-") == (74, b"", "error: stdout is closed\n")
    assert shell(words, ">&- 2>&-") == (74, b"", "")


@pytest.mark.slow
@runs
def test_other_streams_that_are_closed_change_nothing(words):
    code, out, _ = shell(words)
    assert shell(words, "2>&- <&-") == (code, out, "")
    assert code == 0


@pytest.mark.parametrize("streams", ["2>&-", "<&-"])
def test_another_stream_that_is_closed_changes_nothing(streams):
    assert shell(RUNS["view"], streams) == (*shell(RUNS["view"])[:2], "")


@pytest.mark.parametrize("streams", ["2>&-", "2>/dev/full"])
def test_a_mistake_that_nobody_can_be_told(streams):
    assert shell(["x^"], streams) == (2, b"", "")


def test_a_program_from_a_closed_stdin():
    code, out, error = shell(["-"], "<&-")
    assert (code, out) == (2, b"")
    assert error.startswith("error: stdin is closed\n")


ACCENTS = ["def é(α) = α^2; é(β) + 1", "β=3"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        [*ACCENTS],
        [*ACCENTS, "--view=steps"],
        [*ACCENTS, "--quiet"],
        [*ACCENTS, "--json", "--check"],
        ["jacobian", *ACCENTS],
        ["formula", *ACCENTS],
        ["formula", *ACCENTS, "--latex-steps"],
        ["formula", *ACCENTS, "--jsonl", "--nodes"],
    ],
    ids=" ".join,
)
def test_a_stream_that_is_ascii(words):
    code, out, error = shell(words, PYTHONIOENCODING="ascii")
    assert (code, error) == (0, "")
    assert out.isascii()


def test_a_mistake_on_a_stream_that_is_ascii():
    code, _, error = shell(["é(x)", "x=3"], PYTHONIOENCODING="ascii")
    assert code == 2
    assert r"\xe9" in error


@pytest.mark.slow
def test_modules_in_the_working_directory_are_not_ours(tmp_path):
    """With python -m, Python itself looks there first."""
    for name in ("json", "re", "tomllib", "select", "sympy", "gmpy2", "typer"):
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('{name} of the directory')")
    (tmp_path / "point.json").write_text('{"x": 3}')
    (tmp_path / "point.toml").write_text("x = 3")
    for words in (
        ["x^2", "--bind=point.json", "--check", "--view=table"],
        ["x^2", "--bind=point.toml", "--json"],
        ["--version"],
    ):
        code, _, error = shell(words, cwd=tmp_path)
        assert (code, error) == (0, "")


def test_a_package_is_found_where_python_found_it(tmp_path):
    """In a checkout that is not installed, the working directory holds the package itself."""
    (tmp_path / "backpropcli").symlink_to(HOME / "backpropcli")
    others = [path for path in sys.path if path and Path(path).resolve() != HOME]
    code, out, error = shell(
        ["x^2", "x=3", "--quiet"], cwd=tmp_path, PYTHONPATH=os.pathsep.join(others)
    )
    assert (code, out, error) == (0, b"x\t6.0\n", "")


@pytest.mark.parametrize(("words", "code"), [(["relu(x)", "x=0"], 1), (["relu(y)", "x=0"], 2)])
def test_a_kink_that_is_an_error_is_no_bad_input(words, code):
    """As ``diff`` has them: 1 for what does not hold, 2 for what cannot be read."""
    assert shell([*words, "--at-kinks", "error"])[:2] == (code, b"")
