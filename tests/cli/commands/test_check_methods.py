"""backprop check without claims, and with --against, as it is run."""

import json

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from backpropcli.errors import BackpropError
from backpropcli.render.documents.schema import SCHEMAS
from tests.reference import validator

pytestmark = pytest.mark.usefixtures("here")


def document(backprop, name, *words, code=0):
    """Return what --json prints, which is as its schema says."""
    text = backprop("check", *words, "--json", code=code)
    found = json.loads(text, parse_constant=pytest.fail)
    validator(name).validate(found)
    assert found["schema"] == f"backprop/{name}/1"
    assert json.loads(backprop("check", *words, "--jsonl", code=code)) == found
    assert json.loads(backprop("schema", name)) == SCHEMAS[name]
    Draft202012Validator(json.loads(backprop("schema", "check"))).validate(found)
    return found


def test_methods_in_json(backprop):
    found = document(backprop, "methods", "abs(x)*y", "x=0", "y=3", code=3)
    assert found["verdict"] == "inconclusive"
    x, y = found["derivatives"]
    assert (x["verdict"], y["verdict"]) == ("inconclusive", "agrees")
    assert x["methods"]["left"]["value"] == "-3.0"
    assert x["methods"]["complex"]["reason"] == "abs is not analytic"
    assert y["taylor_order"] == "Infinity"


def test_methods_of_arrays_in_json(backprop):
    found = document(backprop, "methods", "sum(x^2)", "x=[1,2,3]")
    [one] = found["derivatives"]
    assert (one["elements"], one["along_a_direction"]) == (3, False)


def test_wrt_chooses(backprop):
    assert backprop("check", "sin(x)*y", "x=1", "y=2", "--wrt", "y", "--quiet") == "y\tagrees\n"


@pytest.mark.parametrize(
    ("words", "last"),
    [
        (["sin(x)", "x=1"], "agrees: 7 methods agree to 40 digits"),
        (["relu(x)", "x=0"], "inconclusive: a kink: the slope is 0 to the left, 1 to the right"),
        (
            ["relu(x) - relu(-x)", "x=0"],
            "disagrees: central differences give 1, and reverse mode 0",
        ),
        (["(1-cos(x))/x^2", "x=1e-9"], "accuracy: rounding costs digits: d/dx is -8.33333e-11 "),
    ],
)
def test_the_verdict_stands_last(backprop, words, last):
    code = {"agrees": 0, "accuracy": 0, "inconclusive": 3, "disagrees": 1}[last.partition(":")[0]]
    assert backprop("check", *words, code=code).splitlines()[-1].startswith(last)


def test_the_table_fits_a_screen(backprop):
    words = ["mean((X@w + b - y)^2)", "X=[[1,2],[3,4],[5,6]]", "w=[0.1,0.2]", "b=0.3", "y=[1,2,3]"]
    lines = backprop("check", *words).splitlines()
    assert lines[0] == (
        "              reverse  floats  forward  SymPy  central  sides  complex  Taylor"
    )
    assert max(map(len, lines)) <= 80
    assert "of an array the worst element is shown; every element is compared" in lines


@pytest.fixture
def saved(tmp_path):
    """Return what saves arrays and returns the file's name."""

    def save(name, **arrays):
        path = str(tmp_path / name)
        np.savez(path, **arrays)
        return path

    return save


def test_against(backprop, saved):
    path = saved("g.npz", **{"w.grad": np.float32(12), "d_dx": 8.0, "b": -4.0})
    words = ["(w*x + b - y)^2", "w=2", "x=3", "b=1", "y=5", "--against", path]
    found = document(backprop, "against", *words, code=1)
    assert [one["verdict"] for one in found["gradients"]] == ["agrees", "agrees", "disagrees"]
    assert found["gradients"][2]["diagnosis"][0]["kind"] == "sign"
    assert [one["dtype"] for one in found["gradients"]] == ["float32", "float64", "float64"]
    quiet = backprop("check", *words, "--quiet", code=1)
    assert quiet == "w_grad\tagrees\nd_dx\tagrees\nb\tdisagrees\n"
    told = backprop("check", *words, code=1)
    assert "d/db is -4 there, and 4 here" in told
    assert told.endswith("disagrees: 2 hold and 1 wrong\n")


def test_several_files_add_up(backprop, saved):
    files = [saved("a.npz", dw=12.0), saved("b.npz", dx=8.0)]
    words = [word for path in files for word in ("--against", path)]
    found = backprop("check", "(w*x + b - y)^2", "w=2", "x=3", "b=1", "y=5", *words)
    assert found.endswith("agrees: 2 hold\n")


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["--range", "x=0..1"], "--range is for claims", "or leave it out"),
        (["--rtol", "0.1"], "--rtol is for --against", "leave it out"),
        (["--against", "no.npz"], "there is no file 'no.npz'", ""),
        (["--against", "README.md"], "README.md", ""),
    ],
)
def test_mistakes(backprop, words, message, hint):
    with pytest.raises(BackpropError) as caught:
        backprop("check", "x^2", "x=1", *words)
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")
