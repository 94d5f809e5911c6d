"""The accuracy of what stands beside the derivatives that are proved: a value, a gradient.

The truths are mpmath's, of 80 digits: the values of expressions written by hand, at the same
doubles, and their numerical derivatives.
"""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from mpmath import diff, exp, log, mp, mpf, sin, sqrt

from backpropcli import api, trust
from backpropcli.__main__ import dispatch
from backpropcli.render.verdicts.verdict import accuracy, as_typed

pytestmark = pytest.mark.usefixtures("here")

HESSIANS = [
    ("x*((1e16+1)-1e16) + x^2", 0.0, lambda x: x + x**2),
    ("sqrt(x+1)-sqrt(x)", 1e12, lambda x: sqrt(x + 1) - sqrt(x)),
    ("softplus(x)-x", 40.0, lambda x: log(1 + exp(x)) - x),
    ("sigmoid(x)-1", 60.0, lambda x: 1 / (1 + exp(-x)) - 1),
    ("x^2 + sin(x)", 0.5, lambda x: x**2 + sin(x)),
]
"""Expressions of x, points, and the same in mpmath."""


@pytest.mark.parametrize(("text", "at", "written"), HESSIANS)
def test_the_value_and_the_gradient_of_a_hessian(text, at, written):
    verdict = trust.verdict(api.hessian(text, x=at))
    assert verdict.verdict == "agrees"
    value, slope = verdict.beside
    assert (value.label, slope.label) == ("the value", "d/dx")
    with mp.workdps(80):
        truths = written(mpf(at)), diff(written, mpf(at), h=mpf(10) ** -30)
        for entry, truth in zip((value, slope), truths, strict=True):
            assert mp.almosteq(mpf(entry.truth), truth, mpf(10) ** -30)
            off = abs(entry.result - truth) > mpf(10) ** -5 * abs(truth)
            told = f"{entry.label} is " in accuracy(verdict, 6)
            assert told or not off
            assert (entry.digits < 15) >= told


def test_the_slopes_of_two_variables():
    """f = x*y + x^2 + y^2, of which the float 1e16 + x - 1e16 leaves no digit of x."""
    verdict = trust.verdict(api.hessian("(1e16 + x - 1e16)*y + x^2 + y^2", x=0.3, y=0.5))
    told = accuracy(verdict, 6)
    assert "the value is 0.49 (none right)" in told  # 0.15 + 0.09 + 0.25
    assert "d/dy is 1.3 (1 right)" in told  # x + 2*y
    assert "d/dx is" not in told  # y + 2*x = 1.1


def test_each_output_has_a_name():
    found = api.hessian("a = x + 1e16 - 1e16; b = x^2; (a, b)", x=0.25)
    verdict = trust.verdict(found)
    assert [entry.label for entry in verdict.beside] == ["a", "da/dx", "b", "db/dx"]
    assert accuracy(verdict, 6) == "rounding costs digits: a is 0.25 (none right)"


@pytest.mark.parametrize("facts", [{"along": {"x": 1}}, {"weights": {"y": 1}}])
def test_the_value_of_a_product(facts):
    """It is sin(pi) = 0 at the number 1, and cos(pi/2) = 0 at pi/2, of which x is a double."""

    def verdict(text, at):
        reached = trust.verdict(
            (api.jvp if "along" in facts else api.vjp)(text, {"x": at}, **facts)
        )
        assert reached.verdict == "agrees"
        assert [entry.label for entry in reached.beside] == ["the value"]
        return reached

    wrong = verdict("y = sin(pi*x)", 1)
    assert accuracy(wrong, 6) == "rounding costs digits: the value is 0 (none right)"
    rounded = verdict("y = cos(x)", "pi/2")
    assert accuracy(rounded, 6) == ""
    assert as_typed(rounded, 6) == "the value is 0 (floats round what was typed)"


@pytest.mark.parametrize("at", [0.0, 1e-20])
@pytest.mark.parametrize("text", ["x*abs(x)", "abs(x) + x^2", "relu(x)^3", "max(x*y, 0) + x^2"])
def test_it_changes_no_verdict(text, at, monkeypatch):
    point = {"x": at, "y": 0.0} if "y" in text else {"x": at}
    found = api.hessian(text, point)
    with_it = trust.verdict(found)
    assert with_it.beside
    monkeypatch.setattr(type(found), "beside", lambda _: iter(()))
    without = trust.verdict(api.hessian(text, point))
    assert not without.beside
    for verdict in (with_it, without):
        verdict.beside, verdict.typed_kink = [], ""
    assert with_it.as_dict() == without.as_dict()


def test_nothing_is_told_of_a_value_that_is_not_finite():
    verdict = trust.verdict(api.jvp("log(x)", along={"x": 1}, x=0))
    assert accuracy(verdict, 6) == ""


def test_rounding_to_a_short_format_is_told_of_a_value(backprop):
    """In float16 1 + 0.001 is 1 + 2^-10: the value is 2^-10, and the truth the double of 0.001."""
    words = ["jvp", "1 + x - 1", "x=1e-3", "--along=x=1", "--dtype=float16", "--check"]
    found = json.loads(backprop(*words, "--json"))
    assert found["values"] == [2**-10]
    truth = found["check"]["beside"]["the value"]["backprop"]
    assert float(truth) == 1e-3
    assert "the value is 0.001 (1 right)" in backprop(*words)


def test_scripts_are_warned_and_documents_have_it(backprop, capsys):
    words = ["hessian", "softplus(x)-x", "x=40", "--check"]
    assert dispatch([*words, "--quiet", "--digits=6"]) == 0
    told = capsys.readouterr().err
    assert "accuracy: rounding costs digits: d/dx is -4.24835e-18 (none right)" in told
    found = json.loads(backprop(*words, "--json"))
    Draft202012Validator(json.loads(backprop("schema", "hessian"))).validate(found)
    beside = found["check"]["beside"]
    assert [*beside] == ["the value", "d/dx"]
    with mp.workdps(80):
        assert mp.almosteq(mpf(beside["d/dx"]["backprop"]), -1 / (1 + exp(mpf(40))), 1e-35)
    assert beside["d/dx"]["digits"] < 1


def test_an_entry_of_a_sum_of_variables_is_named():
    """In x*exp(-1000*x) + y^2 + z^2 nothing is mixed, so that one product has all entries."""
    found = api.hessian("exp(-1000*x)*x + y^2 + z^2", x=1, y=1, z=3)
    assert found.each[0].along == [["x", "y", "z"]]
    verdict = trust.verdict(found)
    assert [entry.label for entry in verdict.entries] == ["d2/dx2", "d2/dy2", "d2/dz2"]
    assert "d2/dx2 is 5.06581e-429 (none right)" in accuracy(verdict, 6)  # 998000*exp(-1000)


def test_what_a_sum_of_entries_is_called():
    """The products with y and with z stand together in the row of w alone, in w*(y + z)."""
    found = api.hessian("w*(y + z) + x^2", w=1, x=2, y=3, z=4)
    labels = {entry.label for entry in trust.verdict(found).entries}
    assert ["y", "z"] in [sorted({"y", "z"} & {*one}) for one in found.each[0].along]
    assert "d/dw of d/dy + d/dz" in labels
    assert {"d2/dydw", "d2/dzdw", "d2/dx2"} <= labels
