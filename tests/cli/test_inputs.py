"""What comes in from files and options: bounded, told in a sentence, and nothing of it dropped."""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
from pathlib import Path

import numpy as np
import pytest

from backpropcli import files
from backpropcli.__main__ import dispatch
from backpropcli.errors import BackpropError
from backpropcli.language import parse as parsing
from backpropcli.language.builder import files as including
from tests.benchmarks.fuzz import acts_on_nothing
from tests.each import for_each


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def backprop(*words):
    """Return what the tool writes to stdout and to stderr; it ends with code 0."""
    out, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
        assert dispatch(list(words)) == 0
    return out.getvalue(), told.getvalue()


def mistake(*words):
    """Return what a user is told of a mistake; it has a hint, and does nothing to a screen."""
    with pytest.raises(BackpropError) as caught:
        dispatch(list(words))
    shown = caught.value.render()
    assert acts_on_nothing(shown)
    assert caught.value.hint
    return shown


# Options


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "same"),
    [
        (["x*y*z", "--wrt", "x", "--wrt=y"], ["x*y*z", "--wrt", "x,y"]),
        (
            ["jvp", "x*y*z", "--along", "x=1", "--along=y=2"],
            ["jvp", "x*y*z", "--along", "x=1,y=2"],
        ),
        (["hvp", "x*y*z", "--along=x=1", "--along=y=2"], ["hvp", "x*y*z", "--along=x=1,y=2"]),
        (
            ["vjp", "a = x*y; b = y*z; (a, b)", "--with=a=1", "--with=b=2"],
            ["vjp", "a = x*y; b = y*z; (a, b)", "--with=a=1,b=2"],
        ),
        (
            ["def f(t) = t^2; def g(t) = 2*t; f(x)*g(y)*z", "--open=f", "--open=g"],
            ["def f(t) = t^2; def g(t) = 2*t; f(x)*g(y)*z", "--open=f,g"],
        ),
    ],
)
@pytest.mark.parametrize("form", [[], ["--quiet"]])
def test_what_is_repeated_adds_up(words, same, form):
    if form and any("--open" in word for word in words):
        form = ["--digits=17"]
    point = ["x=3", "y=1", "z=5"]
    checked = [] if form else ["--no-check"]
    once, more = (backprop(*each, *point, *form, *checked) for each in (same, words))
    assert more == once


def test_a_direction_in_two_parts():
    """d(x^2 y) is 2 x y dx + x^2 dy: at (3, 1) along (1, 2) that is 6 + 18."""
    words = ["jvp", "x^2*y", "x=3", "y=1", "--along", "x=1", "--along", "y=2", "--quiet"]
    assert backprop(*words)[0].split()[-1] == "24.0"


@for_each(
    "words, said",
    [
        (["x", "x=1", "--wrt=x", "--wrt=x"], "--wrt names x twice"),
        (["x", "x=1", "--wrt=x,x"], "--wrt names x twice"),
        (["jvp", "x", "x=1", "--along=x=1", "--along=x=2"], "x is given twice"),
        (["vjp", "x", "x=1", "--with=x=1,x=2"], "x is given twice"),
        (["x", "x=1", "--view=table", "--view=steps"], "--view is given twice"),
        (["x", "x=1", "--digits", "3", "--digits=3"], "--digits is given twice"),
        (["x", "x=1", "--max-nodes=1", "--max-nodes=2"], "--max-nodes is given twice"),
        (["x", "x=1", "--view=shapes", "--accuracy"], "--view shapes has no numbers"),
        (["functions", "normal"], "normal draws a value, and is no function of a program"),
        (["taylor", "x", "x=1", "--in=x", "--in=x"], "--in is given twice"),
        (["taylor", "x", "x=1", "--order=1", "--order=2"], "--order is given twice"),
        (["jacobian", "x", "x=1", "--mode=auto", "--mode=auto"], "--mode is given twice"),
        (["x", "x=1", "--digits=1.0"], "invalid value for '--digits': '1.0' is not a whole"),
        (["x", "x=1", f"--digits={'1' * 5000}"], "invalid value for '--digits': '111"),
        (["x", "x=1", "--check-timeout=\x1b[31m"], r"invalid value for '--check-timeout': '\x1b"),
        *(
            (["x", "x=1", "--check", f"--check-timeout={value}"], "--check-timeout is ")
            for value in ("inf", "-inf", "nan", "1e999", "-1", "0")
        ),
        *(
            (["formula", "x", "--simplify", f"--simplify-timeout={value}"], "--simplify-timeout is")
            for value in ("inf", "nan", "-1", "0")
        ),
    ],
)
def test_an_option_that_cannot_be_taken(words, said):
    assert mistake(*words).startswith(said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x", "x="], "there is no value for x"),
        (["jacobian", "(x, y)", "x=", "y=1"], "there is no value for x"),
        (["y=", "3"], "there is no expression"),
        (["x*y", "x=2", "y=", "3"], "there are no blanks around the '='"),
    ],
)
def test_a_value_that_is_missing_is_told(words, said):
    assert mistake(*words).startswith(said)


def test_the_last_of_a_flag_and_its_opposite_holds():
    assert "agrees" not in backprop("x", "x=1", "--check", "--no-check")[0]


@for_each(
    "words, told",
    [
        (["x", "x=1", "--json", "--view=steps"], ["--view is not used with --json"]),
        (["x", "x=1", "--json", "--view=all"], []),
        (
            ["x", "x=1", "--jsonl", "--digits=3", "--max-nodes=2"],
            ["--digits is not used with --jsonl", "--max-nodes is not used with --jsonl"],
        ),
        (["x", "x=1", "--quiet", "--cost"], ["--cost is not used with --quiet"]),
        (
            ["x", "x=1", "--no-check", "--check-timeout=3"],
            ["--check-timeout is not used with --no-check"],
        ),
        (["formula", "x", "--digits=3"], ["--digits is not used without --latex-steps"]),
        (
            ["formula", "x", "--simplify-timeout=3"],
            ["--simplify-timeout is not used without --simplify"],
        ),
        (["x", "x=1", "--view=table", "--digits=3", "--no-check"], []),
    ],
)
def test_an_option_without_effect_is_told(words, told):
    out, error = backprop(*words)
    assert sorted(error.splitlines()) == [f"warning: {one}" for one in told]
    if "--json" in words or "--jsonl" in words:
        assert json.loads(out)["warnings"] == told


# Files


def test_a_file_that_is_too_large(monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 2**20)
    Path("long").write_text("x" * (2**20 + 1))
    Path("fits").write_text("x" + " " * (2**20 - 1))
    assert backprop("@fits", "x=1", "--quiet")[0] == "x\t1.0\n"
    for words in (["@long"], ["x", "--bind=long"], ["use 'long'; x", "x=1"]):
        assert "'long' holds more than 1 MiB" in mistake(*words)


@pytest.fixture
def _odd_files(monkeypatch):
    """Make what is in a file system and is no file of text."""
    monkeypatch.setattr(files, "PATIENCE", 50)
    Path("folder").mkdir()
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket")
        yield


@pytest.mark.skipif(os.name != "posix", reason="files as POSIX has them")
@pytest.mark.usefixtures("_odd_files")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("/dev/zero", "'/dev/zero' is a device"),
        ("/dev/null", "'/dev/null' is a device"),
        ("folder", "'folder' is a directory"),
        ("pipe", "nobody writes to the pipe 'pipe'"),
        ("socket", "'socket' cannot be read"),
        ("nowhere", "there is no file 'nowhere'"),
        ("\x1b[31m", r"there is no file '\x1b[31m'"),
    ],
)
def test_what_is_no_file_of_text(name, said):
    assert mistake(f"@{name}").startswith(said)
    assert mistake("x", f"--bind={name}").startswith(said)
    if name.isprintable():
        assert mistake(f"use '{name}'; x", "x=1").startswith(said)


@pytest.mark.skipif(os.name != "posix", reason="pipes as POSIX has them")
@pytest.mark.parametrize("text", ["x^2", "x^2" + " " * 200_000])
def test_a_pipe_that_somebody_writes_to(text):
    """As a shell's <(...) is one; a writer may come late, and write more than a pipe holds."""
    from threading import Thread

    os.mkfifo("pipe")
    writer = Thread(target=lambda: Path("pipe").write_text(text))
    writer.start()
    assert backprop("@pipe", "x=3", "--quiet")[0] == "x\t6.0\n"
    writer.join()


DEEP = 5000
BINDINGS = {
    "long.json": (f'{{"x": {"1" * 5000}}}', "the value of x is too large for a double"),
    "long.toml": (f"x = {'1' * 5000}", "long.toml holds a number that is too long"),
    "exponent.json": ('{"x": 1e99999}', "the value of x is too large for a double"),
    "exponent.toml": ("x = 1e99999", "the value of x is too large for a double"),
    "text.json": ('{"x": "1e99999"}', "the number is too large for a double"),
    "deep.json": (f'{{"x": {"[" * 100_000}', "deep.json is nested too deeply"),
    "deep.toml": (f"x = {'[' * DEEP}{']' * DEEP}", "deep.toml is nested too deeply"),
    "table.toml": (f"{'a.' * DEEP}a = 1", "no value for the variable x"),
    "name.json": ('{"\\u001b[31m": 1}', r"'\x1b[31m' cannot be the name of a variable"),
    "twice.json": ('{"\\u001b": 1, "\\u001b": 2}', r"\x1b is given twice in one object"),
    "escape.json": ('{"x": \x1b[31m}', "escape.json is not JSON"),
    "escape.toml": ("x = \x1b[31m", "escape.toml is not TOML"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BINDINGS)
def test_bindings_beyond_any_bound(name):
    text, said = BINDINGS[name]
    Path(name).write_text(text)
    assert said in mistake("x", f"--bind={name}")


@for_each("digits", [1, 15, 17, 300, 308, 400])
def test_whole_numbers_in_json(digits):
    """As Python's own float of an int rounds them."""
    text = "7" * digits
    Path("point.json").write_text(f'{{"x": {text}}}')
    if digits > 308:
        assert "too large for a double" in mistake("x", "--bind=point.json")
    else:
        out, _ = backprop("x", "--bind=point.json", "--json")
        assert json.loads(out)["value"] == float(int(text))


def test_files_that_use_the_one_before_twice_are_read_once(monkeypatch):
    """Thirty of them: 2^30 readings, if each were read again whenever it is used."""
    read, built = [], []
    plain, build = including.read_text, parsing.build
    monkeypatch.setattr(including, "read_text", lambda path: read.append(path) or plain(path))
    monkeypatch.setattr(
        including, "build", lambda builder, text: built.append(text) or build(builder, text)
    )
    Path("f0.bp").write_text("def f0(x) = x^2")
    for number in range(1, 31):
        before = f"use 'f{number - 1}.bp'\n"
        body = f"def f{number}(x) = f{number - 1}(x) + 1"
        Path(f"f{number}.bp").write_text(f"{before}{before}{body}")
    assert backprop("use 'f30.bp'; use 'f12.bp'; f30(x)", "x=3", "--quiet")[0] == "x\t6.0\n"
    assert len(read) == len(built) == 31


# What acts on a terminal


ODD = "\x1b[31mred\x1b[0m \x9b1m \x07 \u202e \r"


@pytest.mark.parametrize(
    "words",
    [
        [f"x^2 + y # {ODD}"],
        [f"x^2 + y # {ODD}", "--view=steps"],
        [f"x^2 + y # {ODD}", "--json"],
        ["jacobian", f"(x^2 # {ODD}\n, y)", "--quiet"],
        ["jacobian", f"(x^2 # {ODD}\n, y)"],
        ["hessian", f"(x^2 # {ODD}\n+ y, y)", "--quiet"],
        ["vjp", f"(x^2 # {ODD}\n+ y, y)", "--with", "y=1"],
        ["taylor", f"(x^2 # {ODD}\n+ y, y)", "--in=x", "--quiet"],
        ["formula", f"(x^2 # {ODD}\n+ y, y)"],
        ["formula", f"(x^2 # {ODD}\n+ y, y)", "--latex-steps"],
    ],
    ids=lambda words: " ".join(words).partition("#")[0],
)
@pytest.mark.parametrize("colour", ["NO_COLOR", "FORCE_COLOR"])
def test_nothing_in_a_program_acts_on_a_terminal(words, colour, monkeypatch):
    monkeypatch.setenv(colour, "1")
    checked = [] if words[0] == "formula" else ["--no-check"]
    out, told = backprop(*words, "x=1", "y=2", *checked)
    plain = out if colour == "NO_COLOR" else uncoloured(out)
    assert acts_on_nothing(plain + told)
    assert plain.strip()


def uncoloured(text):
    """Return ``text`` without the colours that the tool itself gives it."""
    import re

    return re.sub(r"\x1b\[[0-9;]*m", "", text) if "\x1b[31mred" not in text else text


@for_each(
    "words",
    [
        [f"x +{ODD}"],
        ["x", f"x={ODD}"],
        ["x", f"{ODD}=1"],
        ["x", "x=1", f"--view={ODD}"],
        ["x", "x=1", f"--wrt={ODD}"],
        ["x", "x=1", f"--open={ODD}"],
        ["x", "x=1", f"--{ODD}"],
        ["jvp", "x", "x=1", f"--along={ODD}=1"],
        ["functions", ODD],
        ["schema", ODD],
        [f"use '{ODD}'; x"],
    ],
)
def test_nothing_in_a_mistake_acts_on_a_terminal(words):
    mistake(*words)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["grad", "sum(x^2)"], True),
        (["jacobian", "x^2"], True),
        (["hessian", "sum(x^2)"], False),
        (["check", "sum(x^2)", "--claim", "x = 2*x"], False),
        (["grad", "sum(x^2)", "--digits=20"], False),
        (["grad", "sum(x^2)", "--dtype=float16"], False),
    ],
)
def test_single_precision_is_offered_where_a_command_has_it(words, offered):
    """A hint can be followed: the same words with the option run, and say nothing more of it."""
    np.save("x.npy", np.array([0.1, 0.2], np.float32))
    words = [*words, "x=@x.npy"]
    told = backprop(*words)[1]
    assert "x is stored as float32, and is float64 here" in told
    assert ("--dtype float32" in told) is offered
    if offered:
        assert "stored as" not in backprop(*words, "--dtype", "float32")[1]
