"""Bare numbers for scripts: what is on stdout, what is told beside it, and the exit code."""

from __future__ import annotations

import pytest

from backpropcli.__main__ import dispatch

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def run(capsys):
    """Return what runs the tool: it returns the exit code, stdout, and the lines of stderr."""

    def run(*words):
        code = dispatch(list(words))
        out, error = capsys.readouterr()
        return code, out, error.splitlines()

    return run


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["x^2", "x=3"], "9.0\n"),
        (["x/3", "x=1", "--digits=3"], "0.333\n"),
        (["hessian", "x^2*y", "x=3", "y=2"], "18.0\n"),
        (["hvp", "x^2*y", "x=3", "y=2", "--along=x=1"], "18.0\n"),
        (["taylor", "x^2", "x=3"], "9.0\n"),
        (["jacobian", "(x*y, x + y)", "x=3", "y=2"], "x*y\t6.0\nx + y\t5.0\n"),
        (["jacobian", "(x*y, x + y)", "x=3", "y=2", "--output=x+y"], "5.0\n"),
        (["a = x*y; b = x + y; (a, b)", "x=3", "y=2", "--output", "b"], "5.0\n"),
    ],
)
def test_the_value_alone(words, printed, run):
    assert run(*words, "--value") == (0, printed, [])


@pytest.mark.parametrize(
    ("command", "printed"),
    [
        ("grad", "x\t1.0\ny\t1.0\n"),
        ("jacobian", "b\tx\t1.0\nb\ty\t1.0\n"),
        ("hessian", "x\tx\t0.0\nx\ty\t0.0\ny\tx\t0.0\ny\ty\t0.0\n"),
    ],
)
def test_one_output_of_several(command, printed, run):
    words = [command, "a = x*y; b = x + y; (a, b)", "x=3", "y=2", "--output", "b", "--quiet"]
    assert run(*words) == (0, printed, [])


def test_an_output_that_needs_fewer_values(run):
    assert run("a = p*q; b = x^2; (a, b)", "x=3", "--output=b", "-q") == (0, "x\t6.0\n", [])


@pytest.mark.parametrize("form", ["--quiet", "--value"])
@pytest.mark.parametrize(
    ("words", "told", "strict"),
    [
        (["x^2", "x=3"], "", 0),
        (["x^2", "x=3", "--check"], "", 0),
        (["abs(x)", "x=0"], "is not differentiable at x = 0", 3),
        (["abs(x)", "x=0", "--check"], "inconclusive: ", 3),
        (["x*abs(x)", "x=0", "--check"], "is not differentiable at x = 0", 0),
        (["1/x", "x=0"], "1/x", 1),
        (["log(x)", "x=-1"], "log(x)", 1),
        (["sqrt(x)", "x=0"], "sqrt(x)", 1),
        (["hessian", "x^1.5", "x=0"], "x^1.5", 1),
        (["hessian", "x*abs(x)", "x=0"], "abs(x)", 3),
        (["def f(x) = x^3; rule f(x) = 3*x; f(a)", "a=2", "--check"], "inconclusive: ", 3),
    ],
)
def test_what_a_script_should_know_is_told_on_stderr_and_counts_if_strict(
    words, told, strict, form, run
):
    """The exit codes: 3 where the slope is an open question, 1 where it is not finite."""
    code, out, error = run(*words, form)
    assert code == 0
    assert told in " ".join(error)
    assert bool(error) == bool(told)
    assert run(*words, form, "--strict") == (strict, out, error)


@pytest.mark.parametrize("form", ["--json", "--jsonl", "--view=all"])
def test_strict_counts_in_every_form(form, run):
    assert run("1/x", "x=0", form, "--strict")[0] == 1
    assert run("abs(x)", "x=0", form, "--strict")[0] == 3
    assert run("abs(x)", "x=0", form, "--strict", "--check")[0] == 3
    assert run("x^2", "x=1", form, "--strict", "--check")[0] == 0
    assert run("abs(x)", "x=0", form)[0] == 0


def test_a_name_needs_no_quotes_between_tabs(run):
    assert run("jacobian", "x * y", "x=1", "y=2", "-q")[1] == "x * y\tx\t2.0\nx * y\ty\t1.0\n"
