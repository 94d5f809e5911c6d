"""The verdict: right rules agree, wrong rules do not, and what cannot be told is inconclusive."""

from __future__ import annotations

import pytest

from backpropcli.graph.cells import Rule
from backpropcli.graph.operations import TABLE
from backpropcli.language.parse import parse
from backpropcli.proof.gradient.check import check
from backpropcli.proof.gradient.slopes import Slopes
from tests.proof.judged import report, verdict, verdict_here
from tests.reference import applied, forget_rules

# A point inside each operation's domain, away from kinks, for a few inputs.
POINTS = {
    "acosh": (1.7,),
    "logit": (0.3,),
    "where": (1.0, 0.7, 1.3),
    "clip": (0.4, -1.1, 1.7),
    "max": (0.37, 0.81),
    "min": (0.81, 0.37),
    "polygamma": (2.0, 1.4),
    "mod": (7.3, 2.1),
    "fmod": (7.3, 2.1),
    "asec": (1.7,),
    "acsc": (1.7,),
    "acoth": (1.7,),
    "log1mexp": (-0.6,),
    "softshrink": (0.9,),
    "hardshrink": (0.9,),
    "gamma": (2.6,),
    "lgamma": (2.6,),
    "digamma": (2.6,),
    "trigamma": (2.6,),
    "huber": (0.4, 1.5),
}
WORDS = sorted(name for name, row in TABLE.items() if not row.helper)
USUAL = (0.37, 0.81)
# Where a rule is 0 at the first point, the other side of the choice.
OTHERS = {
    "where": [(-1.0, 0.7, 1.3)],
    "clip": [(-2.0, -1.1, 1.7), (2.0, -1.1, 1.7)],
    "leaky_relu": [(-0.4, 0.3)],
    "elu": [(-0.4, 0.8)],
    "huber": [(2.1, 1.5)],
}


def call(row, values=()):
    """Return a program that uses an operation, and a point for it."""
    count = max(len(row.parameters), 1 + row.variadic)
    names = [f"a{index}" for index in range(count)]
    text = applied(row, *names)
    values = values or POINTS.get(row.name, USUAL)
    if row.name == "where":
        text = "where(a0 > 0, a1, a2)"
    if row.name == "polygamma":
        text, names = "polygamma(2, a1)", ["a1"]
        values = (1.4,)
    return f"({text})^2 + 3*({text})*s", dict(zip(names, values, strict=False)) | {"s": 1.3}


@pytest.mark.slow
@pytest.mark.parametrize("name", WORDS)
def test_every_operation_agrees(name):
    text, point = call(TABLE[name])
    found = verdict_here(text, **point)
    assert (found.verdict, found.reason) == ("agrees", "")
    assert found.nodes_checked == found.nodes_total
    assert all(entry.agree for entry in found.entries)


def breakages(row, times):
    """Yield names and wrong partials: another sign, factor or variable, or the two swapped.

    The last digits are off in each; of the others one, by turns, and all in ``--times=2``.
    """
    right = [rule.text for rule in row.rules]
    for index in (index for index, rule in enumerate(row.rules) if rule.number != 0):
        kinds = {
            "sign": f"-({right[index]})",
            "factor": f"2*({right[index]})",
            "variable": f"({right[index]})*{row.parameters[0 if row.variadic else -1]}",
        }
        turn = [*kinds][(BREAKABLE.index(row.name) + index) % len(kinds)]
        kinds = {turn: kinds[turn]} if times == 1 else kinds
        for kind, rule in {**kinds, "tail": f"({right[index]})*(1 + 1e-38)"}.items():
            yield f"{index}-{kind}", [*right[:index], rule, *right[index + 1 :]]
    if len(right) > 1 and right[0] != right[-1]:
        yield "swapped", right[::-1]


BREAKABLE = [
    name
    for name, row in TABLE.items()
    if not row.helper and name != "polygamma" and any(rule.number != 0 for rule in row.rules)
]


@pytest.mark.slow
@pytest.mark.parametrize("name", BREAKABLE)
def test_a_wrong_rule_never_agrees(monkeypatch, name, times):
    row = TABLE[name]
    not_found = []
    for kind, texts in list(breakages(row, times)):
        wrong = tuple(map(Rule, texts))
        forget_rules(monkeypatch)
        for cell in ("in_floats", "rules"):  # in_floats may be made of rules, when first asked for
            monkeypatch.setattr(row, cell, wrong)
        found = set()
        for values in [(), *OTHERS.get(name, ())]:
            text, point = call(row, values)
            found.add(verdict_here(text, **point).verdict)
            if "disagrees" in found:
                break
        else:
            not_found.append((kind, found))
    assert not_found == []


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("(w*x + b - y)^2", {"w": 2, "x": 3, "b": 1, "y": 5}),
        ("u = x^2; u*sg(u) + sin(u)/u", {"x": 1.3}),
        ("where(x > 0, x, log(x - 5))", {"x": 2}),
        ("tanh(x) + sigmoid(-x)", {"x": 40}),
        ("max(x, y, 3*x) + min(x, y) + abs(x - y)", {"x": 1, "y": 2}),
        ("exp(x)/(exp(x) + exp(y))", {"x": 300, "y": 310}),
        ("x^y + y^x", {"x": 2.5, "y": 1.5}),
        ("x^3", {"x": -2}),
        ("sqrt(x^2 + y^2 + 1e-30)", {"x": 3e-8, "y": 4e-8}),
        ("atan2(y, x)", {"x": -3, "y": -4}),
        ("cbrt(x)*e^x*pi", {"x": -2}),
    ],
)
def test_whole_expressions_agree(text, point):
    found = verdict(text, **point)
    assert (found.verdict, found.reason) == ("agrees", "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("huber(x, d)", [(0.4, 1.5), (2.1, 1.5), (-2.1, 1.5)]),
        ("elu(x, a)", [(0.4, 0.7), (-0.4, 0.7)]),
        ("leaky_relu(x, a)", [(0.4, 0.3), (-0.4, 0.3)]),
        ("clip(x, l, h)", [(0.4, -1.1, 1.7), (-2, -1.1, 1.7), (2, -1.1, 1.7)]),
        ("max(x, y, z)", [(0.3, 0.9, 0.5), (0.9, 0.3, 0.5)]),
        ("min(x, y, z)", [(0.3, 0.9, 0.5), (0.9, 0.3, 0.5)]),
        ("mod(x, y)", [(7.3, 2.1), (-7.3, 2.1), (7.3, -2.1), (-7.3, -2.1)]),
        ("fmod(x, y)", [(7.3, 2.1), (-7.3, 2.1), (7.3, -2.1), (-7.3, -2.1)]),
        ("xlogy(x, y)", [(1.3, 0.7), (0, 0.7)]),
        ("xlog1py(x, y)", [(1.3, 0.7), (0, 0.7)]),
        ("lgamma(x)", [(2.6,), (-0.5,), (-1.5,), (-2.2,)]),
        ("sinc(x)", [(1.3,), (0,)]),
        *[
            (f"{name}(x)", [(0.4,), (-0.4,)])
            for name in ("abs", "cbrt", "relu", "selu", "softsign", "log_ndtr", "hardtanh")
        ],
        ("relu6(x)", [(2.5,), (-2,), (7,)]),
    ],
)
def test_each_branch_of_an_operation_agrees(text, points):
    """SymPy has a say on each, by all inputs, and on the value itself, a factor of the slope."""
    names = parse(text).variables
    for values in points:
        point = dict(zip(names, values, strict=True))
        found = verdict_here(f"({text})^2 + s*({text})", s=1.3, **point)
        assert (found.verdict, found.reason) == ("agrees", "")
        assert all(entry.sympy or float(entry.truth) == 0 for entry in found.entries)


@pytest.mark.parametrize(
    ("text", "point", "why"),
    [
        ("abs(x)", {"x": 0}, "kink"),
        ("max(x, y)*2", {"x": 1, "y": 1}, "kink"),
        ("floor(x)*x", {"x": 2}, "jumps at x = 2"),
        ("log(x)", {"x": -1}, "finite"),
        ("sqrt(x)", {"x": 0}, "finite"),
        ("2 + 3", {}, "nothing to check"),
        ("w = 2; diff(w^2, w)", {}, "nothing to check"),
    ],
)
def test_what_cannot_be_told_is_inconclusive(text, point, why):
    found = verdict(text, **point)
    assert found.verdict == "inconclusive"
    assert why in found.reason


def test_a_kink_that_nothing_asks_of_changes_nothing():
    assert verdict("abs(x)*0 + x", x=0.0).verdict == "agrees"


def test_intermediates_are_checked_too():
    found = verdict("z = w*x; L = (z - 3)^2", wrt=["z"], w=1, x=2)
    assert found.verdict == "agrees"
    assert [entry.name for entry in found.entries] == ["z"]
    assert found.whole > 1


@pytest.mark.slow
def test_the_time_limit_stops():
    text = "sin(" * 30_000 + "x" + ")" * 30_000
    found = verdict(text, timeout=0.5, x=1)
    assert found.verdict == "inconclusive"
    assert "0.5 seconds" in found.reason


@pytest.mark.slow
def test_a_product_of_many_factors_is_checked_node_by_node():
    text = "*".join(f"(x{i} + x)" for i in range(400))
    found = verdict(text, timeout=60, x=1, **{f"x{i}": i / 400 for i in range(400)})
    assert (found.verdict, found.method) == ("agrees", "node by node")
    assert found.nodes_checked == found.nodes_total


@pytest.mark.slow
def test_sympy_is_asked_once_of_an_input_that_stands_many_times(monkeypatch):
    """The derivative of the largest of 50 equal numbers is one of one symbol, which is 1."""
    asked, local = [], Slopes.local

    def counted(slopes, graph, values, number, index, **facts):
        asked.append((number, index))
        return local(slopes, graph, values, number, index, **facts)

    monkeypatch.setattr(Slopes, "local", counted)
    text = f"max({', '.join(['x'] * 50)}, y)"
    assert verdict_here(text, x=2.0, y=1.0).verdict == "agrees"
    assert len(asked) == len({*asked}) == 1


@pytest.mark.slow
def test_depth_is_no_limit():
    found = verdict("sin(" * 3000 + "x" + ")" * 3000, timeout=60, x=1)
    assert (found.verdict, found.method) == ("agrees", "node by node")


def test_accuracy_counts_right_digits():
    # (1e16 + x) - 1e16 rounds x to a multiple of 2: of the value 3.0 not one digit is right,
    # and the derivative is exactly 1.
    found = verdict("((1e16 + x) - 1e16)^2", x=1)
    assert found.value_digits == 0.0
    assert found.entries[0].truth == "2.0"
    assert found.entries[0].digits == 0.0
    assert verdict("x^2", x=3).entries[0].digits == 17.0


def test_literals_are_the_doubles_they_are_read_as():
    # The double nearest 0.1, exactly: decimal.Decimal(0.1).
    truth = verdict("0.1*x", x=1).entries[0].truth
    assert truth == "0.1000000000000000055511151231257827021182"
    assert verdict_here("def f(x) = x; rule f(x) = 0.1; f(a)", a=1).entries[0].truth == truth


@pytest.mark.parametrize(
    ("text", "value", "slope"),
    [
        # The first terms of Taylor's series; the next ones are below the 40 digits that are shown.
        ("exp(x) - 1", "1.0000000000000000364909", "1.0"),
        ("log1p(x) - x", "-5.000000000000000364909", "-1.000000000000000036490"),
        ("(1 + x) - 1", "1.000000000000000036490", "1.0"),
        ("(exp(x) - 1) + (1 - exp(x)) + x", "1.000000000000000036490", "1.0"),
    ],
)
def test_no_false_zero(text, value, slope):
    """A sum that cancels to 0 in 60 and in 90 digits is not 0 for that."""
    found = verdict_here(text, x=1e-202)
    assert found.verdict == "agrees"
    assert found.value_truth.startswith(value)
    assert found.entries[0].truth.startswith(slope)
    assert (found.entries[0].digits == 0.0) == (slope != "1.0")


@pytest.mark.parametrize("text", ["sin(x)^2 + cos(x)^2 - 1", "exp(x)*y - y*exp(x)", "x*3 - 0.9"])
def test_true_zero(text):
    """What is 0 in all digits is 0."""
    found = verdict_here(text, x=0.3, **({"y": 2.0} if "y" in text else {}))
    assert found.verdict == "agrees"


@pytest.mark.parametrize("x", [1.0, 0.1, 0.7])
def test_a_derivative_by_a_mean_that_cancels_is_0(x):
    """By hand: d/dm of the squares of x - m, y - m, z - m is -2*(x + y + z - 3*m), which is 0."""
    m = "(x + y + z)/3"
    text = f"(x - {m})^2 + (y - {m})^2 + (z - {m})^2"
    assert verdict(text, x=x, y=1.0, z=3.0).verdict == "agrees"


@pytest.mark.parametrize("y", [0.058, 0.4])
def test_a_mean_of_thirds_cancels_in_as_many_digits_as_it_is_asked_for(y):
    """As above: what SymPy's thirds leave of the derivative by m is rounding in any digits."""
    text = "m = x/3 + y/3 + z/3; (x - m)^2 + (y - m)^2 + (z - m)^2"
    assert verdict(text, x=0.095, y=y, z=1.224).verdict == "agrees"


def test_names_whose_gradient_is_rounding_alone():
    """By hand: dL/dz = 1/49*49 - 1 + y*cos(z), which is 0 at y = 0 and not near 0 at y = 1."""
    text = "z = x; L = z/49*49 - z + sin(z)*y; L"
    assert verdict(text, x=1.0, y=0.0).lost == ["z"]
    assert verdict(text, x=1.0, y=1.0).lost == []


@pytest.mark.parametrize("text", ["tanh(relu(-(x^y)))", "max(x^y, 5)", "where(x^y > 0, x, 0)"])
def test_a_power_of_a_negative_number_has_no_slope_by_its_exponent(text):
    """It has a value at whole exponents alone; by its base it has one around the point."""
    found = verdict(text, x=-2.0, y=2.0)
    assert found.verdict == "inconclusive"
    assert verdict(text, x=-2.0, y=2.0, wrt=["x"]).verdict == "agrees"


@pytest.mark.parametrize("text", ["x^round(y)", "where(x > 0, x^y, y)", "x^3*y"])
def test_an_exponent_that_does_not_move_is_no_matter(text):
    assert verdict(text, x=-2.0, y=2.2).verdict == "agrees"


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("text", "x", "reason"),
    [
        ("sin(exp(exp(x)))", 20, "exp(exp(x)) is too large for sin(exp(exp(x))) to be worked"),
        ("floor(exp(x))", 1e5, "exp(x) is too large for floor(exp(x)) to be worked"),
        ("where(sin(exp(x)) > 0, x, 2*x)", 1e5, "exp(x) is too large for sin(exp(x)) to be"),
        ("exp(exp(x))*x", 50, "exp(exp(x)) is too large to be worked out in digits"),
        ("asin(exp(x))", 1e5, "a value or a derivative is not finite"),
    ],
)
def test_what_is_too_large_is_the_reason_and_no_choice(text, x, reason):
    """By hand: no choice is open in these, but that by the sine of exp(1e5)."""
    found = check(report(text, x=x), 60.0)
    assert found.verdict == "inconclusive"
    assert found.reason.startswith(reason)
