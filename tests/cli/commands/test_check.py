"""backprop check, as it is run."""

import json

import numpy as np
import pytest

from backpropcli.errors import BackpropError
from tests.each import for_each
from tests.reference import validator

HOLE = "wrong: the claim has no value at the point; beside it both are equal"
RIGHT, WRONG = "w = 2*(w*x - y)*x", "w = 2*(w*x - y)"


@pytest.mark.parametrize(
    ("claims", "code"),
    [([RIGHT], 0), ([WRONG], 1), ([RIGHT, WRONG], 1)],
)
def test_exit_codes(backprop, claims, code):
    words = [word for claim in claims for word in ("--claim", claim)]
    found = backprop("check", "(w*x - y)^2", *words, code=code)
    assert found.endswith("1 wrong\n" if code else "agrees: 1 proved\n")


def test_an_open_claim_is_inconclusive(backprop):
    found = backprop("check", "relu(x)", "x=0", "--claim", "x = x >= 0", "--quiet", code=3)
    assert found == "x\tinconclusive\n"


def test_json(backprop):
    words = ["check", "x*y", "--claim", "x = -y", "--assume", "x > y", "--range", "x=1..2"]
    found = json.loads(backprop(*words, "--json", code=1))
    assert found["assumptions"] == ["x > y", "1 <= x <= 2"]
    assert found["claims"][0]["diagnosis"][0]["kind"] == "sign"
    assert found["claims"][0]["counterexample"]["point"] == {"x": "1", "y": "-1"}


def test_claims_in_a_file(tmp_path, backprop):
    path = tmp_path / "claims.bp"
    path.write_text("r = w*x - y  # a helper\nd_dw = 2*r*x\nd_dy = -2*r\noutputs: d_dw, d_dy\n")
    found = backprop("check", "(w*x - y)^2", "--claims", str(path))
    assert "agrees: 2 proved" in found


@for_each(
    "words, message, hint",
    [
        (["--claim", "w = q"], "the program has no 'q' (--claim:1)", "it has: w, x"),
        (["--claim", "w = x", "--range", "x=1"], "this is no range (--range:1)", "x=0.1..3"),
        (["--claim", "w = x", "--range", "x=3..1"], "this range is empty", "--range x=1..3"),
        (["--claim", "w = x", "--range", "v=1..3"], "there is no 'v'", "it has: w, x"),
        (["--claim", "w = x", "--points", "-1"], "--points is -1", "at least 0"),
        (["--claim", "e = 2*e"], "'e' is a constant: there is no derivative", "a value it is"),
    ],
)
def test_mistakes(backprop, words, message, hint):
    with pytest.raises(BackpropError) as caught:
        backprop("check", "w*x", *words)
    told = "\n".join(line for _, line in caught.value.lines())
    assert message in told
    assert hint in told


@pytest.mark.slow
def test_a_constant_with_a_shape_or_a_value_is_a_variable(backprop):
    """e is a usual name of an error: the derivative of the mean of squares is 2*e/n."""
    out = backprop("check", "mean(e^2)", "--shape", "e=n", "--claim", "e = 2*e/n")
    assert "agrees: 1 holds" in out
    out = backprop("check", "e^2*x", "e=1", "x=2", "--claim", "e = 2*e*x")
    assert "agrees: 1 proved" in out
    assert backprop("formula", "mean(e^2)", "--shape", "e=n") == "2/n*e\n"


def test_a_claim_and_numbers_in_one_run(tmp_path, backprop):
    """d/dw = 2*(w*x - y)*x = 12 and d/dy = -4 at w=2 x=3 y=4: the file has the wrong sign of y."""
    path = tmp_path / "grads.json"
    path.write_text('{"dw": 12.0, "dy": 4.0}')
    words = ["check", "(w*x - y)^2", "w=2", "x=3", "y=4", "--claim", RIGHT, "--against", str(path)]
    assert backprop(*words, code=1).endswith("disagrees: 1 proved, 1 holds and 1 wrong\n")
    found = json.loads(backprop(*words, "--json", code=1))
    validator("check").validate(found)
    assert [one["verdict"] for one in found["claims"]] == ["agrees"]
    assert [one["verdict"] for one in found["gradients"]] == ["agrees", "disagrees"]


def test_a_file_with_values_and_gradients_is_named(tmp_path, backprop):
    path = str(tmp_path / "saved.npz")
    np.savez(path, x=[1.0, 2.0], dx=[2.0, 4.0])
    with pytest.raises(BackpropError) as caught:
        backprop("check", "sum(x^2)", "--against", path)
    assert caught.value.hint == f"{path} has x too: add --bind {path}"
    assert "agrees" in backprop("check", "sum(x^2)", "--against", path, "--bind", path)


@pytest.mark.parametrize("words", [["check", "--claim", "x = x"], ["compare", "sum(x)"]])
def test_sizes_that_were_chosen_are_told(backprop, words):
    """x[:3] and x[1:4] pair from four elements on."""
    program = "sum(x[:3]*x[1:4])"
    with pytest.raises(BackpropError) as caught:
        backprop(words[0], program, *words[1:], "--shape", "x=n")
    assert caught.value.hint.startswith("n=3 was chosen here")
    with pytest.raises(BackpropError) as caught:
        backprop(words[0], "sum(x@y)", *words[1:], "--shape", "x=n; y=m")
    assert "chosen" not in caught.value.hint  # it never fits


def test_a_claim_that_fits_at_larger_sizes_is_open(backprop):
    claims = ["--claim", "x = 2*concat(x[:3], x[3:])", "--claim", "x = 2*x"]
    out = backprop("check", "sum(x^2)", "--shape", "x=n", *claims, code=3)
    assert "n=3 was chosen here" in " ".join(out.split())
    assert "inconclusive: 1 proved and 1 inconclusive" in out
    backprop("check", "sum(x^2)", "--shape", "x=7", *claims)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["x^3", "--claim", "x = 3*x^3/x"], 0, "at x=0 the claim has no value"),
        (["x^3", "x=0", "--claim", "x = 3*x^3/x"], 1, HOLE),
        (["prod(x)", "x=[0, 1, 2]", "--claim", "x = prod(x)/x"], 1, HOLE),
        (["x^3", "x=0", "--claim", "x = 4*x^3/x"], 1, "at the point x=0: the claim is nan"),
        (["x^3", "x=-1", "--claim", "x = 3*x^2 + 0*log(x)"], 1, "the point x=-1: the claim is"),
    ],
)
def test_a_hole_is_told_and_wrong_at_the_point_given(backprop, words, code, said):
    """The derivatives are 3*x^2 and the products of the others; a log has a region of no value."""
    assert said in " ".join(backprop("check", *words, code=code).split())


def test_stdin_holds_one_of_both(backprop):
    with pytest.raises(BackpropError, match="stdin can hold only one"):
        backprop("check", "x^2", "x=1", "--claims", "-", "--against", "-")


@pytest.mark.slow
def test_places_of_elements_stay_and_are_told(backprop):
    """The gradient of -log(softmax(z)[t]) is softmax(z) - one_hot(t): 2 for t is right of t = 2."""
    words = ["-log(softmax(z)[t])", "z=[1, 2, 3]", "t=2", "--claim"]
    out = backprop("check", *words, "z = softmax(z) - one_hot(2, 3)")
    assert "under t = 2" in out
    out = backprop("compare", "-log(softmax(z)[t])", "-log(softmax(z)[2])", *words[1:3], "--wrt=z")
    assert "(proved, under t = 2)" in out
