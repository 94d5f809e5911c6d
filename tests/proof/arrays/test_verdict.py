"""The verdict on arrays: right rules agree in each tier, wrong ones do not, kinks are told.

What is right at kinks and at singular points is mathematics, worked out by hand.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.arithmetics.arrays import partials
from backpropcli.arithmetics.arrays.arrangements import fit
from backpropcli.arithmetics.arrays.arrays import Arrays
from backpropcli.calculus.choice import numbers_of
from backpropcli.calculus.forward import forward
from backpropcli.graph.arrays import ARRAYS
from backpropcli.graph.cells import Rule
from backpropcli.language.parse import parse
from backpropcli.modes.gradient import ready, report_of
from backpropcli.proof.arrays import costs, written
from backpropcli.proof.arrays import verdict as module
from backpropcli.proof.arrays.costs import ALONG, NODES, SMALLER, SYMBOLIC
from backpropcli.proof.arrays.verdict import verdict_on
from backpropcli.proof.arrays.work import along_work
from backpropcli.proof.gradient import prove
from backpropcli.proof.worker import LATE
from tests.proof.arrays.programs import PROGRAMS
from tests.reference import forget_rules

TIERS = (NODES, ALONG, SMALLER)
NORMAL = np.random.default_rng(1).normal
LINEAR = "def linear(x, W, b) = x@W.T + b; rule linear(x, W, b) = {}; sum(linear(x, W, b)^2)"
SQUARE = {"S": NORMAL(size=(6, 6)), "R": NORMAL(size=(6, 6))}
LAYER = {"x": NORMAL(size=(6, 5)), "W": NORMAL(size=(7, 5)), "b": NORMAL(size=7)}


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    """Do the work in this process, which is quicker.

    SymPy's second look is at what was asked for alone: programs of numbers are looked at elsewhere.
    """
    monkeypatch.setattr(prove, "BUDGET", 0.0)

    def worked(work, arguments, _timeout, take):
        for news in work(*arguments):
            if take(news) == 0:
                return LATE
        return ""

    monkeypatch.setattr(module, "worked", worked)


def verdict(text, tier="", **values):
    given = {name: np.array(one, dtype=float)[()] for name, one in values.items()}
    return verdict_on(bp.gradient(text, given), 600.0, tier)


def weighted(text, values):
    """Return the report of the sum of an output's elements, with random weights."""
    given = {name: np.asarray(one, dtype=float)[()] for name, one in values.items()}
    given = {name: one if np.ndim(one) else float(one) for name, one in given.items()}
    lowered, wrt = ready(parse(text, given), given)
    [output] = lowered.outputs
    value = forward(lowered.graph, numbers_of(lowered.graph, given), given)[output]
    seed = np.random.default_rng(2).normal(size=np.shape(value))[()]
    return report_of(lowered, given, wrt, {output: seed})


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("text", "values"), PROGRAMS, ids=[text for text, _ in PROGRAMS])
def test_every_operation_agrees_along_directions(text, values):
    assert verdict_on(weighted(text, values), 600.0, ALONG).verdict == "agrees"


@pytest.mark.slow
@pytest.mark.parametrize(("text", "values"), PROGRAMS, ids=[text for text, _ in PROGRAMS])
def test_every_operation_agrees_element_by_element(text, values, monkeypatch):
    """By rules, node by node: SymPy's second look at wholes is as of many elements, at none.

    What it sees of programs of numbers is tested in ``gradient``.
    """
    monkeypatch.setattr(written, "MOST_WHOLE", 0)
    found = verdict_on(weighted(text, values), 600.0, NODES)
    assert found.verdict == "agrees"
    assert found.tier in {SYMBOLIC, NODES}
    assert all(tally.agree == tally.count for tally in found.tallies)


BROKEN = {
    "sign": ("matmul", {"2,2": ("-(g@y.T)", "x.T@g")}, "sum(tanh(x@W.T + b))", "x@W.T"),
    "factor": ("matmul", {"2,2": ("g@y.T", "2*(x.T@g)")}, "sum(tanh(x@W.T + b))", "x@W.T"),
    "operand": ("matmul", {"2,2": ("g@y", "x.T@g")}, "sum(tanh(S@R))", "S@R"),
    "nothing": ("sum", ("0",), "sum(x^2)", "sum(x^2)"),
    "axis": (
        "softmax",
        ("out*(g - sum(g*out, axis=0, keepdims=True))",),
        "sum(softmax(x)^2) + sum(W) + sum(b)",
        "softmax(x)",
    ),
    "reversed": ("cumsum", ("cumsum(g, axis=axis)",), "sum(cumsum(b)^2) + sum(W@x.T)", "cumsum(b)"),
    "last digits": (
        "logsumexp",
        ("g*exp(x - out)*1.0000000000000002",),
        "logsumexp(x) + sum(W) + sum(b)",
        "logsumexp(x)",
    ),
    "transposed": ("inv", {"2": ("-out@g@out",)}, "sum(inv(S)@R)", "inv(S)"),
}


@pytest.fixture
def breaking(monkeypatch):
    """Return a function that gives a row other rules."""

    def run(name, texts):
        row = ARRAYS["lse" if name == "logsumexp" else name]
        found = (
            {axes: tuple(map(Rule, each)) for axes, each in texts.items()}
            if isinstance(texts, dict)
            else tuple(map(Rule, texts))
        )
        if isinstance(found, dict) and isinstance(row.adjoints, dict):
            found = row.adjoints | found
        monkeypatch.setattr(row, "adjoints", found)
        forget_rules(monkeypatch)

    return run


def two_of_three():
    """Yield each broken rule with two tiers: each pair of tiers is met in turn."""
    for turn, case in enumerate(BROKEN):
        for at, tier in enumerate(TIERS):
            if at != turn % len(TIERS):
                yield case, tier


@pytest.mark.slow
@pytest.mark.parametrize(("case", "tier"), [*two_of_three()])
def test_a_wrong_rule_is_found_and_named(breaking, case, tier):
    name, texts, text, step = BROKEN[case]
    breaking(name, texts)
    found = verdict(text, tier, **LAYER, **SQUARE)
    assert found.verdict == "disagrees"
    assert found.reason.endswith(f"; the first step back that is wrong is that of {step}")
    wrong = [tally for tally in found.tallies if tally.disagreement]
    assert wrong
    for tally in wrong:
        _, ours, theirs = tally.disagreement
        assert ours != theirs


@pytest.mark.sampled(3)
@pytest.mark.parametrize("tier", TIERS)
def test_a_sum_back_that_is_missing_is_found(monkeypatch, tier):
    def wrong(x, shape):  # of b, the last row alone, and not the sum of all
        return fit(x, shape) if np.shape(x)[1:] != shape or not shape else x[-1]

    monkeypatch.setattr(partials, "fit", wrong)
    found = verdict("sum(tanh(x@W.T + b))", tier, **LAYER)
    assert found.verdict == "disagrees"
    assert found.reason.startswith("d/db[0] is ")
    assert found.reason.endswith("that of x@W.T + b")


# Rules of a program's own

RIGHT = "adjoint@W, adjoint.T@x, sum(adjoint, axis=0)"


@pytest.mark.sampled(3)
@pytest.mark.parametrize("tier", TIERS)
def test_a_rule_that_maps_the_adjoint_is_held_against_the_body(tier):
    found = verdict(LINEAR.format(RIGHT), tier, **LAYER)
    assert (found.verdict, found.ruled) == ("agrees", "rule by rule, at sampled points")


@pytest.mark.slow
@pytest.mark.sampled(4)
@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    ("rule", "where"),
    [
        ("adjoint@W, -adjoint.T@x, sum(adjoint, axis=0)", "W[0,0]"),
        ("2*adjoint@W, adjoint.T@x, sum(adjoint, axis=0)", "x[0,0]"),
        ("adjoint@W, adjoint.T@x, sum(adjoint)", "b[0]"),
    ],
)
def test_a_rule_that_differs_is_told_and_never_agrees(rule, where, tier):
    found = verdict(LINEAR.format(rule), tier, **LAYER)
    assert found.verdict == "inconclusive"
    assert "the rule of linear sends " in found.reason
    assert f" to {where}, but its body gives " in found.reason
    assert found.rules[0]["verdict"] == "differs"
    assert not any(entry.truth for entry in found.entries if tier == NODES)


def test_a_rule_of_numbers_is_held_as_a_function():
    text = "def square(x) = x^2; rule square(x) = {}; sum(square(x))"
    assert verdict(text.format("2*x"), x=[1, 2]).verdict == "agrees"
    found = verdict(text.format("3*x"), x=[0, 0])
    assert found.verdict == "inconclusive"
    assert found.reason.startswith("the rule of square gives ")


# Kinks, and points where rules are known to fail


@pytest.mark.parametrize(
    ("text", "x", "agree"),
    [
        ("sum(relu(x))", [-1, 0, 2], 2),
        ("sum(abs(x))", [1, 0, 2], 2),
        ("max(x)", [1, 3, 3], 1),
        ("norm(x)", [0, 0], 0),
        ("std(x)", [2, 2, 2], 0),
        ("norm(x, ord=3)", [0, 0], 0),
        ("norm(x, ord=inf)", [3, -3, 1], 1),
        ("sum(where(x > 0, sqrt(x), 0))", [-1, 0, 4], 2),
        ("sum(sort(x)*[1, 2, 3])", [1, 1, 2], 1),
        ("sum(sort(x)[:2])", [1, 2, 2], 1),
        ("argmax(x)*sum(x)", [1, 2, 2], 1),
    ],
)
def test_at_a_kink_it_is_inconclusive(text, x, agree):
    found = verdict(text, NODES, x=x)
    assert found.verdict == "inconclusive"
    assert "kink" in found.reason or "jumps" in found.reason
    [tally] = found.tallies
    assert (tally.agree, tally.disagreement) == (agree, None)
    assert verdict(text, ALONG, x=x).verdict == "inconclusive"


@pytest.mark.parametrize("text", ["sum(relu(x))", "sum(abs(x))", "sum(where(x > 0, sqrt(x), 0))"])
def test_a_kink_at_full_size_is_inconclusive_whatever_is_proved_smaller(text):
    found = verdict(text, SMALLER, x=[1, 2, 3, 4, 5, 6, 0])
    assert found.verdict == "inconclusive"
    assert "kink" in found.reason


def test_a_kink_in_the_corner_alone_is_no_matter():
    """The sum of the corner is 0, and the sum of all is not."""
    assert verdict("abs(sum(x))", SMALLER, x=[1, 2, -3, 4, 5, 6, 7]).verdict == "agrees"


@pytest.mark.sampled(5)
@pytest.mark.parametrize("tier", [NODES, ALONG])
@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("sum(relu(x)^2)", {"x": [-1, 0, 2]}),
        ("norm(x)^2", {"x": [0, 0]}),
        ("norm(x, ord=3)^2", {"x": [0, 0]}),
        ("norm(x)", {"x": [0, 3]}),
        ("sum(where(x > 0, sqrt(x), 0))", {"x": [-1, 1, 4]}),
        ("det(A)", {"A": [[1, 2], [2, 4]]}),
        ("prod(x)", {"x": [0, 2, 3]}),
        ("prod(x)", {"x": [0, 2, 0]}),
        ("-log_softmax(x)[0]", {"x": [40, 0, 1]}),
        ("sum(sg(x)*x)", {"x": [1, 2]}),
        ("sum(diff(sum(x^3), x)^2)", {"x": [1, 2, 3]}),
        ("cholesky(A)[1, 0]", {"A": [[4, 1], [1, 3]]}),
        ("sum(E[t]^2)", {"E": [[1, 2], [3, 4]], "t": [1, 0, 1]}),
    ],
)
def test_where_there_is_a_derivative_it_agrees(text, values, tier):
    assert verdict(text, tier, **values).verdict == "agrees"


def test_determinant_of_a_singular_matrix():
    found = verdict("det(A)", A=[[1, 2], [2, 4]])
    assert [entry.truth for entry in found.entries] == ["4.0", "-2.0", "-2.0", "1.0"]


def test_floats_that_take_another_branch_than_exact_arithmetic():
    """1 + 2^-60 - 1 is 0 in floats."""
    values = {"x": [1, 2], "y": [2.0**-60, 1], "z": [1, 2.5]}
    for tier in (NODES, ALONG):
        found = verdict("sum(relu(x + y - z))", tier, **values)
        assert found.verdict == "inconclusive"


# Tiers


@pytest.mark.slow
def test_the_tier_is_chosen_by_the_operations():
    def tier(n, d):
        values = {"X": NORMAL(size=(n, d)), "w": NORMAL(size=d), "y": NORMAL(size=n)}
        return verdict("mean((X@w - y)^2)", **values).tier

    assert tier(3, 2) in {SYMBOLIC, NODES}
    assert tier(200, 30) == ALONG
    assert tier(20_000, 30) == SMALLER


def test_a_tier_that_takes_too_long_is_followed_by_the_last(monkeypatch):
    there = module.worked

    def worked(work, arguments, timeout, take):
        return LATE if arguments[0] is along_work else there(work, arguments, timeout, take)

    monkeypatch.setattr(module, "worked", worked)
    found = verdict("sum(tanh(x)^2)", x=NORMAL(size=9000))
    assert (found.verdict, found.tier) == ("inconclusive", SMALLER)
    assert found.reason.startswith("these arrays are too large to look at each element")
    found = verdict("sum(tanh(x)^2)", ALONG, x=NORMAL(size=9000))
    assert found.verdict == "inconclusive"
    assert found.reason.startswith("the check ran out of time")


@pytest.mark.parametrize(
    "text",
    [
        "sum((1 - cos(x))/x^2)",  # rounding leaves no digit; in truth -x/12 each
        "def f(x) = mean(x^2); rule f(x) = adjoint*2*x/3; f(x)",  # right for 3 elements alone
    ],
)
def test_what_is_right_with_smaller_arrays_need_not_be_so_here(monkeypatch, text):
    monkeypatch.setattr(module, "tier_of", lambda *_: SMALLER)
    found = verdict(text, x=np.full(300, 1e-9))
    assert (found.verdict, found.tier) == ("inconclusive", SMALLER)


def test_what_is_too_small_for_differences_is_not_called_wrong():
    """By hand: the slopes are s*(1 - s), with s = 1/(1 + exp(-2000)): about 2.6e-869."""
    assert verdict("softmax(x)[0]", x=[1000, -1000]).verdict == "inconclusive"


@pytest.mark.parametrize(
    ("text", "x"),
    [("sum(softmax(x)^2)", [1, 1]), ("prod(x)", [1e-150, 1e-150, 1e-150])],
)
def test_zeros_and_small_numbers_are_settled(text, x):
    """By hand: 2*s*(s - sum(s^2)) with s = 1/2 is 0; and 1e-150*1e-150 is 1e-300."""
    assert verdict(text, x=x).verdict == "agrees"


@pytest.mark.slow
def test_the_noise_of_a_zero_is_not_called_wrong():
    """By hand: softmax sums to 1, so each slope is 0; in any number of digits noise is left."""
    assert verdict("sum(softmax(x)*[1, 1, 1])", x=[1, 2, 3]).verdict != "disagrees"


def test_what_was_proved_smaller_is_told_with_its_sizes():
    values = {"X": NORMAL(size=(50, 20)), "W": NORMAL(size=(20, 30))}
    found = verdict("sum(tanh(X@W))", SMALLER, **values)
    sizes = found.facts["sizes"]
    (n, d), (again, k) = sizes["X"][0], sizes["W"][0]
    assert sizes == {"X": ((n, d), (50, 20)), "W": ((again, k), (20, 30))}
    assert d == again
    assert len({n, d, k}) == 3
    assert found.facts["digits"] >= 10


@pytest.mark.parametrize("tier", [NODES, ALONG])
def test_the_worst_element_and_its_place(tier):
    """Close to 0 the cosine is 1 to many digits, which are lost: it is (1 - x^2/2)."""
    found = verdict("sum((1 - cos(x))/x^2)", tier, x=[[1, 2], [1e-5, 3]])
    [tally] = found.tallies
    assert tally.worst == (1, 0)
    assert tally.digits < 8
    assert {entry.name: entry.digits for entry in found.entries}["x[1,0]"] == tally.digits
    assert found.verdict == "agrees"


def test_each_array_on_the_way_tells_of_its_worst_element():
    """1.3 and 2.1, added to 1e16, are 2 and 2; what is left is 4 and not 3.4."""
    found = verdict("s = sum((x + 1e16) - 1e16); s*1e-30 + x[0]", NODES, x=[1.3, 2.1])
    told = {step.text: (step.value, round(float(step.truth), 40)) for step in found.steps}
    assert told == {
        "((x + 1e16) - 1e16)[0]": (2, 1.3),
        "sum((x + 1e16) - 1e16)": (4, 1.3 + 2.1),
        "s*1e-30": (4e-30, 3.4e-30),
    }


def test_no_verdict_on_what_is_not_finite():
    found = verdict("sum(log(x))", x=[0, 1])
    assert (found.verdict, found.reason[:24]) == ("inconclusive", "a value or a derivative ")


def test_plain_data_counts_elements():
    found = verdict("sum(x@y)", x=[[1, 2], [3, 4]], y=[1, 2]).as_dict()
    assert found["elements"] == 6
    each = found["gradient"]
    assert {name: one["agree"] for name, one in each.items()} == {"x": 4, "y": 2}
    assert each["x"]["shape"] == [2, 2]
    assert each["x"]["disagreement"] is None


@pytest.mark.parametrize(
    ("text", "dtype"),
    [
        ("sum(abs(x - 0.3))", "float32"),  # the float next to 0.3 is 0.30000001192
        ("sum(min(x*10, 3)*x)", "float32"),
        ("sum(min(x*10, 3)*x)", "float64"),
    ],
)
def test_rounding_to_a_kink_leaves_the_verdict_open(backprop, text, dtype):
    """By hand: with x the float nearest to 0.3, x - 0.3 and x*10 - 3 are not 0."""
    told = backprop(text, "x=[0.3]", f"--dtype={dtype}", "--check")
    assert "inconclusive: rounding decides" in told


@pytest.mark.parametrize("sorting", ["sort([u, y])", "topk([u, y], 2)"])
def test_an_order_that_rounding_decides_leaves_the_verdict_open(backprop, sorting):
    """By hand: u is x = 0.4, and 0 in floats, where it is the smaller one; y = 0.2."""
    text = f"u = (1e16 + x) - 1e16; sum({sorting}*[1, 2])"
    told = backprop(text, "x=0.4", "y=0.2", "--check")
    assert "inconclusive: rounding decides sort([u, y]" in told
    alike = backprop(text.replace("[1, 2]", "[2, 2]"), "x=0.4", "y=0.2", "--check")
    assert "agrees: " in alike


SINGULAR = [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9]]
"""By hand: twice the second row is the sum of the others. Its doubles have an inverse."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("logdet(A)", "A is singular: logdet(A) has no finite value"),
        ("sum(inv(A))", "A is singular: inv(A) has no finite value"),
        ("1/det(A)", "1/det(A) has no finite value"),
        ("det(A)", None),
    ],
)
def test_a_matrix_that_is_singular_as_typed_is_told_as_one(text, said):
    found = verdict_on(bp.gradient(text, A=SINGULAR), 600.0, "")
    assert (found.typed_pole or (0, None))[1] == said
    assert {found.value_typed, *[entry.typed for entry in found.entries]}.isdisjoint(
        {"+inf", "-inf"}
    )


@pytest.mark.parametrize(
    ("text", "slopes"),
    [
        ("sum(where(x > 0, log(x), 0))", [0, 0.5]),
        ("sum(where([0, 1], x^2, 0))", [0, 4]),
        ("max(where([0, 1], x, -inf))", [0, 1]),  # the largest is alone: no kink
    ],
)
def test_what_is_nan_in_a_branch_not_taken_is_no_matter(text, slopes):
    found = verdict(text, x=[np.nan, 2.0])
    assert found.verdict == "agrees"
    assert [entry.truth for entry in found.entries] == [f"{one:.1f}" for one in slopes]


@pytest.mark.parametrize("tier", [NODES, ALONG])
def test_a_fault_in_the_passes_is_not_taken_for_rounding(monkeypatch, tier):
    """What is added back in floats is lost here: no spread of rounding explains that."""
    monkeypatch.setattr(Arrays, "add", lambda _, one, __: one)
    found = verdict("sum(tanh(x)^2) + sum(x*y)", tier, x=[0.3, 0.4], y=[5e-5, 1e5])
    assert found.verdict != "agrees"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sum(tan(v))", "as typed: tan(v) has no finite value"),
        ("sum(cos(v)) - cos(1)", "as typed: the value is 0"),
        ("sum(exp(v))", None),
    ],
)
def test_elements_count_as_they_were_typed(backprop, text, said):
    """By hand: cos(pi/2) is 0, and the decimal next to the double of pi/2 was not typed."""
    told = backprop(text, "v=[pi/2, 1]", "--check")
    assert said in told if said else "as typed" not in told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "x", "slopes"),
    [
        ("sum(1/(1 + exp(x)))", [1000, 1], ["-5.07595889", "-0.19661193"]),
        ("sum(cbrt(x^3))", [1e-200, 1], ["1.0", "1.0"]),
        ("log(sum(exp(x)))", [1000, 1], ["1.0", "1.37978868"]),
        ("det(outer(x, x)*1e308)", [1000, 1], ["0.0", "0.0"]),
    ],
)
def test_what_floats_alone_overflow_agrees_but_for_rounding(backprop, text, x, slopes):
    """The slopes are those of sigmoid, of x, of softmax, and of a determinant that is 0."""
    found = verdict(text, x=x)
    assert (found.verdict, found.reason) == ("agrees", "")
    assert [one.truth[: len(slope)] for one, slope in zip(found.entries, slopes, strict=True)] == (
        slopes
    )
    assert "agrees, but for rounding: SymPy" in backprop(text, f"x={x}", "--check").replace(
        "\n", " "
    )


@pytest.mark.parametrize("text", ["sum(atan(1/x))", "mean(log(x))", "log(prod(x))", "sum(1/x)"])
def test_a_pole_is_no_rounding(text):
    assert verdict(text, x=[0, 1]).verdict == "inconclusive"


def test_small_determinants_cancel_nothing_in_digits():
    """By hand: the determinant of an outer product is 0, whatever x is."""
    found = verdict("det(outer(x, x)*1e100)", x=[1e-200, 1])
    assert [entry.truth for entry in found.entries] == ["0.0", "0.0"]


@pytest.mark.slow
def test_tangents_that_take_too_long_are_held_to_what_goes_back(monkeypatch):
    """The method is proved at smaller sizes; at full size the products of both modes agree."""
    monkeypatch.setattr(costs, "SHARE", 0.0)
    at = {"X": NORMAL(size=(6, 4)), "w": NORMAL(size=4)}
    found = bp.jvp("tanh(X@w)", at, along={"w": 1, "X": 0.5})
    assert bp.verdict(found).reason.startswith("these arrays are too large to look at each element")
    found.tangents["tanh(X@w)"] = found.tangents["tanh(X@w)"] * [1, 1, 1 + 1e-6, 1, 1, 1]
    assert bp.verdict(found).reason == (
        "at full size forward and reverse mode agree to 9 digits alone"
    )
    at["w"][:] = 0
    kinked = bp.verdict(bp.jvp("sum(relu(X@w))", at, along={"w": 1}))
    assert (kinked.verdict, "kink" in kinked.reason) == ("inconclusive", True)


@pytest.mark.parametrize(
    ("text", "slopes"),
    [
        ("sum(x^2)/sum(x)", ["-0.125", "0.875"]),
        ("(x@x)/sum(x)", ["-0.125", "0.875"]),
        ("sum(outer(x, x))/sum(x)", ["1.0", "1.0"]),
        ("sum(x^2*[1, 1])/x[0]", ["-8.0", "6.0"]),
    ],
)
def test_what_underflows_is_no_fault(text, slopes):
    """By hand: with x = (a, 3a) they do not rest on a, whose square underflows at 1e-200."""
    found = verdict(text, x=[1e-200, 3e-200])
    assert (found.verdict, found.reason) == ("agrees", "")
    assert [entry.truth for entry in found.entries] == slopes


@pytest.mark.parametrize("x", [[1e-200, 3e-200], [1e-200, 3e-100], [1.0, 3.0]])
def test_tangents_at_tiny_numbers_are_held_by_tiny_steps(x):
    """By hand: the slopes of (a^2 + b^2)/(a + b) add up to 2 - 2*(a^2 + b^2)/(a + b)^2."""
    found = bp.verdict(bp.jvp("(x@x)/sum(x)", x=x, along={"x": 1}))
    a, b = map(Fraction, x)
    expected = float(2 - 2 * (a * a + b * b) / (a + b) ** 2)
    assert found.verdict == "agrees"
    assert float(found.entries[0].truth) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["norm(x)", "std(x)"])
def test_a_distance_of_tiny_numbers_is_not_at_its_kink(text):
    """By hand: one is 5 times, and the other one half, of 1e-200."""
    found = bp.verdict(bp.jvp(text, x=[3e-200, 4e-200], along={"x": [1, 0]}))
    assert (found.verdict, found.reason) == ("agrees", "")
    assert float(found.entries[0].truth) == pytest.approx(0.6 if text == "norm(x)" else -0.5)


def test_what_doubles_are_outside_of_is_told_as_typed():
    """By hand: 0.1 + 0.2 is 0.3, where the root ends, and a little more as doubles."""
    found = verdict_on(bp.gradient("sum(sqrt(0.3 - v))", v="[0.1+0.2, 0.1]"), 60.0)
    assert (found.verdict, found.typed_kink) == ("inconclusive", "sqrt(0.3 - v[0])")
    assert float(found.value_typed) == pytest.approx(0.2**0.5, rel=1e-15)
