"""Arrays on the command line: from words, files, stdin and pipes, as the program loads them."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import backpropcli
from backpropcli.cli.line.lists import weights
from backpropcli.cli.line.options import MODES
from backpropcli.cli.line.program import load
from backpropcli.cli.line.words import is_value
from backpropcli.errors import BackpropError
from tests.each import for_each

HOME = Path(backpropcli.__file__).resolve().parents[1]
DEFAULTS = {option.key: option.default for option in MODES["grad"]}


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def loaded(*words, **options):
    """Return what a command loads, and what it says on stderr."""
    told = io.StringIO()
    with contextlib.redirect_stderr(told):
        found = load(list(words), DEFAULTS | options)
    return found, told.getvalue()


@for_each(
    "word",
    ["X=[1,2]", "X=@data.npy", "X=@data.npz:X", "X=[[1,2]].T", "X=sum([1,2], axis=0)", "X=he(2,3)",
     "X=@/dev/stdin", "X=@f.csv:a b,c"],
)  # fmt: skip
def test_a_word_is_a_value(word):
    assert is_value(word)


@pytest.mark.parametrize("word", ["y = x^2", "y = [x, 1]; y@y", "y = X@w", "sum(x, axis=1)"])
def test_a_word_is_a_program(word):
    assert not is_value(word)


def test_values_from_everywhere_and_where_they_are_from():
    np.save("data.npy", np.eye(2))
    Path("batch.json").write_text('{"y": [1, 2], "unused": ["text"]}')
    Path("p.bp").write_text("# bind: b=[0.5, 1]\nsum((X@w + b - y)*s)")
    found, told = loaded("@p.bp", "X=@data.npy", "w=[1, 2]*s", "s=2", bind=["batch.json"])
    assert found.bindings.origins == {
        "b": "p.bp", "y": "batch.json", "X": "data.npy", "w": "the command line",
        "s": "the command line",
    }  # fmt: skip
    assert found.bindings["w"].tolist() == [2, 4]
    assert found.bindings["b"].tolist() == [0.5, 1]
    assert (told, found.warnings) == ("", [])


def test_the_seed_is_told_on_stderr():
    for options, seed in (({}, 0), ({"rng_seed": 5}, 5)):
        found, told = loaded("sum(W)", "W=normal(3)", **options)
        wanted = np.random.default_rng([seed, *b"W"]).standard_normal(3)
        np.testing.assert_array_equal(found.bindings["W"], wanted)
        assert told == f"note: random values are those of --rng-seed {seed}\n"


def test_a_file_in_single_precision_is_told():
    np.save("data.npy", np.ones(2, dtype=np.float32))
    found, told = loaded("sum(X)", "X=@data.npy")
    assert found.bindings["X"].dtype == np.float64
    assert told.startswith("note: X is stored as float32, and is float64 here; --dtype float32")
    found, told = loaded("sum(X)", "X=@data.npy", dtype="float32")
    assert found.bindings["X"].dtype == np.float32
    assert told == ""


def test_an_option_without_effect_is_told():
    said = "--rng-seed is not used: no value is random"
    assert said in loaded("x", "x=2", rng_seed=3)[0].warnings
    assert said not in loaded("sum(x)", "x=normal(2)", rng_seed=3)[0].warnings


def test_a_dtype_is_of_numbers_too():
    found, _ = loaded("x", "x=2", dtype="float32")
    assert (found.bindings.dtype, found.warnings) == ("float32", [])


@pytest.mark.parametrize(
    ("options", "said", "hint"),
    [
        ({"rng_seed": -1}, "--rng-seed is -1", "at least 0"),
        (
            {"dtype": "int8"},
            "there is no dtype 'int8'",
            "it may be float64 or float32 or float16 or bfloat16 or float8_e4m3fn or float8_e5m2",
        ),
        ({"dtype": "half"}, "there is no dtype 'half'", "did you mean 'float16'?"),
        ({"dtype": "flaot32"}, "there is no dtype 'flaot32'", "did you mean 'float32'?"),
    ],
)
def test_options_that_are_wrong(options, said, hint):
    with pytest.raises(BackpropError) as caught:
        loaded("x", "x=2", **options)
    assert caught.value.message == said
    assert hint in caught.value.hint


def test_a_direction_may_be_an_array():
    found = weights(["X=[[1, 2], [3, 4]],s=2"], "along", "the direction")
    assert found["X"].tolist() == [[1, 2], [3, 4]]
    assert found["s"] == 2
    with pytest.raises(BackpropError, match="this is not finite"):
        weights(["X=[1, inf]"], "along", "the direction")


def backprop(*words, stdin=b"", shell=None):
    """Return what the tool writes to stdout in a process of its own."""
    done = subprocess.run(
        shell or [sys.executable, "-m", "backpropcli", *words],
        input=stdin, capture_output=True, check=False, env=os.environ | {"PYTHONPATH": str(HOME)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


@pytest.mark.slow
def test_json_and_npy_through_stdin():
    text = json.dumps({"X": [[1, 2], [3, 4]], "w": [1, 10]})
    assert backprop("sum(X@w)", "--bind", "-", "--value", stdin=text.encode()) == "64.0\n"
    data = io.BytesIO()
    np.save(data, np.array([[1.0, 2], [3, 4]]))
    words = ("sum(X@w)", "X=@-", "w=[1,10]", "--value")
    assert backprop(*words, stdin=data.getvalue()) == "64.0\n"
    with pytest.raises(AssertionError, match=r"sum\(sin\(x\)\*X\) \+ b' x=1 X=@- b=\.\.\."):
        backprop("sum(sin x*X) + b", "x=1", "X=@-", stdin=data.getvalue())


@pytest.mark.parametrize("name", ["max", "min", "sum", "norm", "logsumexp"])
def test_a_reduction_of_a_number_has_a_number_for_its_gradient(name, backprop):
    """Each is x itself at 3, so its slope is 1."""
    assert type(backpropcli.gradient(f"{name}(x)", x=3.0).gradient["x"]) is float
    assert backprop(f"{name}(x)", "x=3", "--quiet") == "x\t1.0\n"


def test_a_random_array_in_a_program_is_a_value_that_is_given(backprop):
    """The sentence says what to write: that runs, and tells the seed."""
    with pytest.raises(BackpropError) as caught:
        backpropcli.gradient("sum(x*normal(3))", x=1)
    assert caught.value.message == "'normal' is random, and a program is the same each time"
    assert "W='normal(3)'; --rng-seed gives other values" in caught.value.hint
    words = ("sum(x*W)", "x=1", "W=normal(3)", "--wrt", "x", "--quiet")
    same = backprop(*words)
    assert backprop(*words, "--rng-seed", "0") == same != backprop(*words, "--rng-seed", "1")
