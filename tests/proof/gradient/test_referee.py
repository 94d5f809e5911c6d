"""The referee is held too: each test here fails if the proof looks less closely than it says."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from mpmath import mp, mpf

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.balls.ball import Ball
from backpropcli.arithmetics.nodes.literals import WHOLE
from backpropcli.arithmetics.nodes.nodes import Nodes
from backpropcli.arithmetics.symbolic import symbols
from backpropcli.graph.cells import Rule
from backpropcli.graph.graph import Graph
from backpropcli.graph.operations import TABLE
from backpropcli.proof.equality.differs import Gap
from backpropcli.proof.gradient.edges import agree
from backpropcli.proof.gradient.slopes import Slopes
from backpropcli.report.digits.numbers import UNPROVED_ZERO, told
from tests.proof.judged import report, verdict_here
from tests.reference import forget_rules


@pytest.fixture
def broken(monkeypatch):
    """Return what gives an operation wrong rules."""

    def give(name, *wrong):
        forget_rules(monkeypatch)
        for cell in ("in_floats", "rules"):  # in_floats may be made of rules, when first asked for
            monkeypatch.setattr(TABLE[name], cell, tuple(map(Rule, wrong)))

    return give


def test_noise_explains_little_more_than_its_size():
    with mp.workdps(60):
        noisy = Ball(mpf(1), mpf("1e-38"))
        assert agree(noisy, 1 + mpf("1e-37"))
        assert not agree(noisy, 1 + mpf("1e-32"))
        assert Gap(noisy, Ball(1 + mpf("1e-32"), mpf("1e-38"))).apart
        assert not Gap(noisy, Ball(1 + mpf("1e-37"), mpf("1e-38"))).apart


def test_a_zero_is_told_where_it_is_known_to_400_digits():
    assert told(Ball(mpf(0), mpf("1e-401"))) == UNPROVED_ZERO
    assert told(Ball(mpf("1e-402"), mpf("1e-401"))) == UNPROVED_ZERO
    assert not told(Ball(mpf(0), mpf("1e-399")))
    assert not told(Ball(mpf("1e-399"), mpf("1e-398")))


def test_local_partials_are_compared_to_forty_digits(broken):
    broken("sin", "cos(x)*(1 + 1e-38)")
    assert verdict_here("sin(x)*y", x=1, y=2).verdict == "disagrees"


def test_a_local_partial_inside_of_a_derivative_is_named(broken):
    """The graph of the derivative has numbers of its own; cos(e) = -0.9117, by any table."""
    broken("sin", "2*cos(x)")
    found = verdict_here("def f(t) = diff(sin(t), t)\ny = exp(x); f(y)*y", x=1)
    assert found.verdict == "disagrees"
    assert found.reason.startswith("the local derivative of sin(x) is -1.823")
    assert "here, and -0.9117" in found.reason


def wrong_by(monkeypatch, factor, only=None):
    """Let SymPy's derivative of the whole be wrong by a factor, or that by one node alone."""
    right = Slopes.whole

    def whole(self, by, begin):
        found = right(self, by, begin)
        if found is None or (only is not None and self.point.graph.operations[by] != only):
            return found
        return found * (1 + mpf(factor))

    monkeypatch.setattr(Slopes, "whole", whole)


@pytest.mark.parametrize("factor", ["1e-38", "1e-20", "1", "-2"])
def test_the_whole_is_compared_to_forty_digits(monkeypatch, factor):
    wrong_by(monkeypatch, factor)
    found = verdict_here("sin(x)*y + x^3", x=1, y=2)
    assert found.verdict == "disagrees"
    assert found.reason.startswith("d/dx is ")


@pytest.mark.parametrize("operation", ["sin", "mul", "name"])
def test_intermediates_are_compared_too(monkeypatch, operation):
    wrong_by(monkeypatch, "1e-38", operation)
    assert verdict_here("w = x*y; sin(w)*x + exp(w)", x=0.5, y=0.25).verdict == "disagrees"


@pytest.mark.parametrize(
    "text", ["abs(x) + sin(y)", "relu(x)*y + sin(y)", "max(x, 0)*sin(y) + sin(y)"]
)
def test_a_kink_excuses_no_other_derivative(broken, text):
    assert verdict_here(text, ["y"], x=0, y=1).verdict == "agrees"
    broken("sin", "-cos(x)")
    for wrt in (["y"], ["x", "y"]):
        assert verdict_here(text, wrt, x=0, y=1).verdict == "disagrees"


def test_what_a_choice_leaves_is_held(broken):
    """The second branch of where, with a condition that is false and cannot change."""
    broken("exp", "2*out")
    assert verdict_here("where(x > 5, x, exp(x))", x=1).verdict == "disagrees"
    assert verdict_here("where(x > 0, x, exp(x))", x=1).verdict == "agrees"


SYMPYS = [
    ("huber", "huber(x, 1.5)", {"x": 2.5}),
    ("elu", "elu(x, 0.7)", {"x": -0.5}),
    ("lgamma", "lgamma(x)", {"x": -1.5}),
    ("gelu", "gelu(x)", {"x": -9}),
]


@pytest.mark.parametrize(("name", "text", "point"), SYMPYS)
def test_a_wrong_definition_of_sympys_never_agrees(monkeypatch, name, text, point):
    """Where SymPy's side is wrong, by sign, by a factor or in the last digits."""
    assert verdict_here(text, **point).verdict == "agrees"
    right = symbols.Builder.operation
    for factor in (-1, 2, 1 + symbols.sympy.Rational(1, 10**37)):

        def operation(self, this, *given, factor=factor):
            found = right(self, this, *given)
            return factor * found if this == name else found

        monkeypatch.setattr(symbols.Builder, "operation", operation)
        assert verdict_here(text, **point).verdict == "disagrees"


def test_whole_numbers_are_folded_only_where_they_are_exact():
    """2^53 + 1 is no double: 2^53 in floats."""
    graph = Graph()
    nodes = Nodes(graph)
    largest, one, three = (nodes.number(float(number)) for number in (WHOLE, 1, 3))
    assert WHOLE == 2**53
    for operation, other in (("add", one), ("mul", three)):
        found = nodes.build(operation, (largest, other))
        assert graph.operations[found] == operation
    assert nodes.literal(nodes.build("sub", (largest, one))) == 2**53 - 1


def test_stopped_data_is_data():
    found = report("sg(d)*x + sg(x)", ["x"], d=2, x=3)
    graph, variables = found.graph, found.graph.variables()
    flows = {
        graph.inputs[number]: found.flow.edges(number)[0].flow
        for number, operation in enumerate(graph.operations)
        if operation == "sg"
    }
    assert flows == {(variables["d"],): "constant", (variables["x"],): "stopped"}


def test_the_remainder_in_digits_is_exact():
    """Against Python's fractions, at quotients of up to 600 digits."""
    generator = random.Random(7)  # noqa: S311 (a fixed seed, no secret)
    with mp.workdps(60):
        for _ in range(300):
            x = generator.uniform(-1, 1) * 10.0 ** generator.randint(-300, 300)
            y = generator.choice((1, -1)) * generator.random() * 10.0 ** generator.randint(-9, 9)
            right = Fraction(x) % Fraction(y)
            found = digits.WORDS["mod"](mpf(x), mpf(y))
            assert abs(found - mpf(right.numerator) / right.denominator) <= abs(y) * mpf("1e-58")


def test_the_remainder_by_what_is_far_larger():
    """Against Python's whole numbers."""
    large = 2**150_000
    with mp.workprec(160_000):
        for x, y in ((1, large), (-1, large), (1, -large), (-1, -large)):
            assert digits.WORDS["mod"](mpf(x), mpf(y)) == x % y


def test_a_kink_elsewhere_leaves_the_whole_to_be_compared(monkeypatch):
    wrong_by(monkeypatch, "1e-38")
    assert verdict_here("abs(x) + sin(y)*y", ["x", "y"], x=0, y=1).verdict == "disagrees"
