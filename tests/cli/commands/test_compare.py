"""backprop compare at the prompt: exit codes, what is printed, JSON, and mistakes."""

import json

import pytest

import backpropcli as bp
from backpropcli.__main__ import dispatch
from backpropcli.proof.claims import given
from backpropcli.proof.compared import work
from tests.reference import validator

pytestmark = pytest.mark.usefixtures("here")


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["(x - y)^2", "(y - x)^2", "x=1", "y=3"], 0, "the values and the gradients are the same"),
        (["x^2", "x^2 + 3"], 0, "the first value minus the second is -3 (proved)"),
        (["x^2", "x^3", "x=0"], 1, "at the point given they are the same, but not everywhere"),
        (["x*y", "x*y + y", "--points", "20"], 1, "by x alone they are the same: --wrt x"),
        (["log(x^2)", "2*log(x)"], 3, "--range or --assume"),
        (["log(x^2)", "2*log(x)", "--assume", "x > 0"], 0, "under x > 0"),
        (["abs(x)", "-x", "x=5", "--assume", "x < 0"], 0, "second -x agrees"),
        (["A[1]@w", "2*A[1]@w", "--shape", "A=2,2; w=2"], 1, "at A=[[0,0],["),
        (["relu(x)", "where(x >= 0, x, 0)", "x=0"], 3, "the point is a kink"),
        (["relu(x)", "where(x >= 0, x, 0)", "x=1"], 0, "at the kink x=0"),
        (["sum(sort(v)*[1, 2])", "v[0] + 2*v[1]", "v=[1, 2]"], 1, "not everywhere"),
        (
            ["sum(sort(v)*[1, 2])", "min(v) + 2*max(v)", "v=[1, 2]"],
            0,
            "not proved, but for what is",
        ),
        (["v[argmax(v)]", "max(v)", "v=[1, 2]"], 0, "as far as rounding"),
        (["mean(w)*3", "sum(w)", "--shape", "w=n"], 1, "is 3/n times that of the second"),
        (
            ["sum(w+1) - 3", "sum(w)", "--shape", "w=n"],
            0,
            "minus the second is 0 (n=3) or -1 (n=2) (proved, at",
        ),
        (["mean(X^2)", "sum(X^2)", "--shape", "X=n,d"], 1, "is 1/(n*d) times that of the second"),
        (["sum(w+1)", "sum(w)", "--shape", "w=n"], 0, "minus the second is n (proved, at"),
        (["mean(w)*n", "sum(w)", "--shape", "w=n"], 0, "not proved, at the sizes n=3 and n=2)"),
        (["sum(w)", "sum(w) + 0*sum(X)", "--shape", "X=n,d; w=d"], 0, "only this one has X"),
        (["mean(reshape(w, (3, 1)))", "sum(w)/3", "--shape", "w=n"], 0, "at the size n=3)"),
    ],
)
def test_the_verdict_is_said_and_is_the_exit_code(backprop, words, code, said):
    out = backprop("compare", *words, code=code)
    assert said in " ".join(out.split())


SIZES = ["logdet(eye(n) + X@X.T)", "logdet(eye(d) + X.T@X)"]
"""The same number: Sylvester's determinant identity."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([*SIZES, "--shape", "X=n,d"], "(proved, at the sizes n=3 d=2 and n=2 d=4)"),
        ([*SIZES, "--shape", "X=n,d", "n=3", "d=2"], "(proved, under n = 3 and d = 2)"),
        ([*SIZES, "n=2", "d=2", "X=[[1, 2], [3, 5]]"], "same"),
        ([*SIZES, "--shape", "X=n,d", "X=[[1, 2], [3, 5]]"], "same"),
        (["sum(X@eye(d))", "sum(X)", "--shape", "X=n,d"], "at the sizes n=3 d=2"),
        (["sum(e^2)", "2*sum(e^2/2)", "--shape", "e=n"], "at the sizes n=3 and n=2"),
    ],
)
def test_letters_of_shapes_are_sizes(capsys, words, said):
    """What one of the two uses as a size is used; what has a shape is no constant."""
    assert dispatch(["compare", *words]) == 0
    found = capsys.readouterr()
    assert said in " ".join(found.out.split())
    assert "does not use" not in found.err


@pytest.mark.slow
def test_a_kink_is_looked_at_from_beside_at_the_same_sizes(backprop, monkeypatch):
    """mean(max(v, 0)) and sum(relu(v))/n have other slopes where v is 0, and nowhere else."""
    monkeypatch.setattr(given, "PATIENCE", 0.1)  # there is no proof of a claim with a kink
    monkeypatch.setattr(work, "PATIENCE", 0.1)
    words = ["mean(max(X@w, 0))", "sum(relu(X@w))/n", "--shape", "X=n,d; w=d", "--wrt", "w"]
    out = backprop("compare", *words)
    assert "they choose other slopes" in out
    claim = ["--claim", "w = X.T@(X@w > 0)/n"]
    out = backprop("check", words[0], "--shape", "X=n,d; w=d", *claim)
    assert "agrees: 1 holds" in out
    assert "at the kink" in out


def test_what_differs_at_some_sizes_alone_has_no_factor(backprop):
    """At n = 3 the two are one, and at n = 2 the first has w^2 - w: by no factor that of w^2."""
    out = backprop("compare", "sum(w^2) + sum(w)*(n - 3)", "sum(w^2)", "--shape", "w=n", code=1)
    assert "disagrees: the gradients differ\n" in out
    assert "proportional" not in out


def test_values_and_gradients_stand_side_by_side(backprop):
    """By hand: (2*3 + 1 - 5)^2 = 4, and d/dw = 2*2*3 = 12."""
    out = backprop("compare", "(w*x + b - y)^2", "w*x", "w=2", "x=3", "b=1", "y=5", code=1)
    rows = [line.split() for line in out.splitlines()]
    assert ["value", "4", "6", "differs"] in rows
    assert ["d/dw", "12", "3", "differs"] in rows
    assert "only this one has b and y" in out


def test_arrays_are_told_by_their_norms_and_the_first_element_that_differs(backprop):
    """The gradients are [1, 1, 1] and [1, 1, 2]: of norms sqrt(3) and sqrt(6)."""
    out = backprop("compare", "sum(v)", "sum(v) + v[2]", "v=[4, 5, 6]", code=1)
    assert ["d/dv", "3", "|1.73205|", "|2.44949|", "differs"] in [
        line.split() for line in out.splitlines()
    ]
    assert "d/dv[2] is the first to differ: 1 and 2; the norm of the difference is 1" in " ".join(
        out.split()
    )


@pytest.mark.parametrize(
    "words",
    [
        ["(x - y)^2", "2*(x - y)^2", "x=1", "y=3"],
        ["sum(v^2)", "sum(v)", "v=[1, 2]"],
        ["sum(sort(v)*[1, 2])", "sum(v)", "v=[1, 2]"],
        ["abs(x)", "sqrt(x^2)", "x=0"],
        ["x", "y"],
        ["mean(w)*3", "sum(w)", "--shape", "w=n"],
    ],
)
def test_json_is_of_the_schema(capsys, words):
    dispatch(["compare", *words, "--json"])
    found = json.loads(capsys.readouterr().out)
    validator("compare").validate(found)
    assert found["verdict"] in {"disagrees", "inconclusive"}
    assert len(found["gradients"]) in {0, 2}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x^2"], "compare takes two expressions, and here is 1"),
        (["x", "y", "z"], "compare takes two expressions, and here are 3"),
        (["1", "2"], "there is nothing to differentiate by"),
        (["(x, y)", "x"], "one of the two has 2 outputs: x, y"),
        (["v", "v", "v=[1, 2]"], "a loss is one number, and v has 2 elements"),
        (["x", "x", "--wrt", "q"], "neither of the two has a 'q' to differentiate by"),
        (["z = x; z", "x", "--wrt", "z"], "only one of the two has the intermediate 'z'"),
        (["z = x; z^2", "z"], "z is a variable of one program, and the other assigns it"),
        (["huber(e, d)", "e^2/2", "--wrt", "e"], "with a value it is a variable: e=..."),
        (["x", "x", "--range", "q=0..1"], "there is no 'q'"),
        (["x", "x", "--assume", "q > 1"], "there is no 'q'"),
        (["x", "x", "--assume", "x = 1"], "an assumption is a condition"),
        (
            ["z = x; z", "z = 2*x; z", "--assume", "z > 1"],
            "both programs have a z of their own",
        ),
        (["@ppo-clip", "@kinks", "--points", "-1"], "--points is -1"),
        (["-", "-"], "stdin can hold only one of these"),
    ],
)
def test_mistakes_are_one_sentence(words, said):
    with pytest.raises(bp.BackpropError) as told:
        dispatch(["compare", *words])
    assert said in told.value.render()


def test_defaults_of_two_programs_that_differ_are_a_mistake(tmp_path):
    for name, value in (("one", 1), ("two", 2)):
        (tmp_path / f"{name}.bp").write_text(f"# bind: x={value}\nx^2\n")
    words = [f"@{tmp_path / 'one.bp'}", f"@{tmp_path / 'two.bp'}"]
    with pytest.raises(bp.BackpropError, match="other default values of x"):
        dispatch(["compare", *words])
    assert dispatch(["compare", *words, "x=3", "--quiet"]) == 0


@pytest.mark.parametrize(("loss", "more"), [("f(a)", ()), ("sum(f(a))", ("--shape", "a=n"))])
def test_a_rule_that_is_not_its_bodys_is_told(capsys, loss, more):
    for rule, told in [("6*x", True), ("3*x^2", False)]:
        text = f"def f(x) = x^3; rule f(x) = {rule}; {loss}"
        dispatch(["compare", text, loss.replace("f(a)", "a^3"), "--wrt", "a", *more])
        assert ("warning: the rule of f gives " in capsys.readouterr().err) is told
