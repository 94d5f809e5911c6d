"""What the whole has at kinks and gaps: by hand, and against difference quotients in 300 digits."""

from fractions import Fraction
from itertools import combinations_with_replacement

import mpmath
import pytest
from mpmath import mp, mpf

import backpropcli as bp
from backpropcli.arithmetics import digits
from backpropcli.arithmetics.germs.balls import real
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lower import lower
from backpropcli.language.parse import parse
from backpropcli.report.whole.along import whole
from backpropcli.report.whole.second import second
from tests.each import for_each

INF = mpf("inf")


def of(text, name, **values):
    lowered = lower(parse(text))
    node = lowered.graph.variables().get(name, lowered.names.get(name))
    bindings = {key: Fraction(value) for key, value in values.items()}
    return whole(lowered.graph, lowered.outputs[0], bindings, node)


DERIVATIVES = [
    ("relu(x) - relu(-x)", {"x": 0}, 0, 1),
    ("where(x == 0, 0, x)", {"x": 0}, 0, 1),
    ("1/(1/x)", {"x": 0}, 0, 1),
    ("0.5*sqrt((x - r)^2)^2", {"x": 0.7, "r": 0.7}, 0, 0),
    ("sqrt(x*0)", {"x": 1}, 0, 0),
    ("where(x, x, 0)", {"x": 0}, 0, 1),
    ("x^b", {"x": 0, "b": 1}, 0, 1),
    ("0^x", {"x": 2}, 0, 0),
    ("acos(clip(x, -1, 1))", {"x": 10}, 0, 0),
    ("abs(x^3)", {"x": 0}, 0, 0),
    ("x*abs(x)", {"x": 0}, 0, 0),
    ("max(x^2, 0)", {"x": 0}, 0, 0),
    ("max(sin(x), x)", {"x": 0}, 0, 1),
    ("sqrt(max(0, x^2 - z^2))", {"x": 1, "z": 2}, 0, 0),
    ("sqrt(relu(x))^2", {"x": -1}, 0, 0),
    ("cbrt(max(x, 0))^3", {"x": -1}, 0, 0),
    ("x^(1 + 1)", {"x": 0}, 0, 0),
    ("diff(x^n, x, 5)", {"x": 0, "n": 4}, 0, 0),
    ("abs(x - x)", {"x": 1}, 0, 0),
    ("sqrt(abs(x*y))", {"x": 0, "y": 0}, 0, 0),
    ("where(x == 0, 0, exp(-1/x^2))", {"x": 0}, 0, 0),
    ("log(exp(5*x) + 1)/5", {"x": 200}, 200, 1),
    ("log1p(exp(x)) - x/2", {"x": 1000}, 500, 0.5),
    ("round(3.5)*x + x*abs(x)", {"x": 0}, 0, 4),
    ("where(x > 0, x, log(-1))*0 + where(x > 5, log(-x), 2*x)", {"x": 1}, 2, 2),
]


@for_each("text, values, value, slope", DERIVATIVES)
def test_the_whole_has_a_derivative(text, values, value, slope):
    found = of(text, "x", **values)
    assert found.kind == "derivative"
    assert mpmath.almosteq(found.value, value, abs_eps=mpf(10) ** -50)
    assert mpmath.almosteq(found.slope, slope, abs_eps=mpf(10) ** -50)
    assert found.sure


PLACES = [
    ("abs(x)", {"x": 0}, "kink", None),
    ("sqrt(abs(x))", {"x": 0}, "kink", None),
    ("x*sigmoid(1/x)", {"x": 0}, "kink", None),
    ("x/(e^x - 1)", {"x": 0}, "gap", -0.5),
    ("sin(x)/x", {"x": 0}, "gap", 0),
    ("(1 - cos(x))/x^2", {"x": 0}, "gap", 0),
    ("(tan(x) - sin(x))/x^3", {"x": 0}, "gap", 0),
    ("where(x - 1, x^2, 5*x)", {"x": 1}, "gap", 2),
    ("(x and x) + x", {"x": 0}, "gap", 1),
    ("floor(x)", {"x": 2}, "jump", None),
    ("atan(1/x)", {"x": 0}, "jump", None),
    ("atan2(x, -1)", {"x": 0}, "jump", None),
    ("a^x", {"x": 0, "a": 0}, "jump", 0),
    ("log(0*x)", {"x": 1}, "nowhere", None),
    ("max(0, sin(x) - x + x^3/6)/x^5", {"x": 0}, "jump", None),
    ("1/x", {"x": 0}, "pole", None),
    ("log(x)", {"x": 0}, "pole", None),
    ("cbrt(x)", {"x": 0}, "vertical", INF),
    ("-cbrt(x)", {"x": 0}, "vertical", -INF),
    ("sqrt(x)^2", {"x": 0}, "edge", 1),
    ("sqrt(x)", {"x": 0}, "edge", INF),
    ("x^x", {"x": 0}, "edge", -INF),
    ("x*log(x)", {"x": 0}, "edge", -INF),
    ("x*x^0.5", {"x": 0}, "edge", 0),
    ("x^2.5", {"x": 0}, "edge", 0),
    ("acos(x)", {"x": 1}, "edge", -INF),
    ("exp(log(x))", {"x": 0}, "edge", 1),
    ("log(x)", {"x": -1}, "nowhere", None),
    ("where(x > 0, x, 0)*sqrt(x)", {"x": -1}, "nowhere", None),
    ("x^2*sin(1/x)", {"x": 0}, "unknown", None),
    ("1/log(x)", {"x": 0}, "unknown", None),
    ("where(sin(2)^2 + cos(2)^2 > 1, x, 2*x)", {"x": 1}, "unknown", None),
    ("where(sin(pi) > 0, x, 2*x)", {"x": 1}, "derivative", 2),
    ("fmod(x, 3)", {"x": 0}, "derivative", 1),
    ("fmod(x, 3)", {"x": 3}, "jump", None),
    ("cos(atan2(x, y))", {"x": 0, "y": -1}, "derivative", 0),
    ("tan(atan2(x, y))", {"x": 0, "y": -1}, "derivative", -1),
]


@for_each("text, values, kind, slope", PLACES)
def test_kinds_of_places(text, values, kind, slope):
    found = of(text, "x", **values)
    assert found.kind == kind
    assert found.slope == slope or mpmath.almosteq(found.slope, slope, abs_eps=mpf(10) ** -50)
    assert found.kind != "unknown" or found.reason


def test_what_nearly_cancels_is_looked_at_in_more_digits():
    """By mpmath: log(1 + e^x) - x is log(1 + e^-x), of slope -1/(1 + e^x)."""
    found = of("log1p(exp(x)) - y*x", "x", x=1000, y=1)
    assert (found.kind, found.sure) == ("derivative", True)
    with mp.workdps(30):
        assert mpmath.almosteq(found.value, mpmath.log1p(mpmath.exp(-1000)), rel_eps=mpf(10) ** -25)
        assert mpmath.almosteq(found.slope, -1 / (1 + mpmath.exp(1000)), rel_eps=mpf(10) ** -25)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("text", "x", "value", "slope"),
    [
        ("log(1 - tanh(x)^2)", 300, mpf("-598.613705638880109382"), -2),
        ("log(cosh(x) - sinh(x))", 500, -500, -1),
        ("log(1 - erf(x))", 40, mpf("-1604.26155665327356"), mpf("-80.0249843993577727")),
        ("asin(cos(x))", 1e200, mpf("0.87112179861786207344"), 1),  # by mpmath in 400 digits
        ("exp(x)/exp(x - 1)", 1000, mpmath.e, 0),
        ("exp(2*x)*exp(-x)^2", 400, 1, 0),
    ],
)
def test_signs_are_looked_for_in_more_digits_and_products_cancel(text, x, value, slope):
    """By mpmath: log(4) - 600, as 1 - tanh(x)^2 is nearly 4*e^(-2*x); and log(erfc(40))."""
    found = of(text, "x", x=x)
    assert found.kind == "derivative"
    assert found.sure
    assert mpmath.almosteq(found.value, value, rel_eps=mpf(10) ** -15)
    assert mpmath.almosteq(found.slope, slope, rel_eps=mpf(10) ** -15, abs_eps=mpf(10) ** -50)


def test_slopes_of_both_sides():
    found = of("abs(x)", "x", x=0)
    assert (found.left.slope, found.right.slope) == (-1, 1)
    found = of("sigmoid(1/x)*x", "x", x=0)
    assert (found.left.slope, found.right.slope) == (0, 1)


def test_both_arguments_are_one_function():
    """PPO's clipped objective where nothing is clipped: -exp(0.1), and so is its slope."""
    text = "r = exp(lp - sg(old)); -min(r*A, clip(r, 1 - eps, 1 + eps)*A)"
    found = of(text, "lp", lp=-1, old=Fraction("-1.1"), A=1, eps=0.2)
    with mp.workdps(60):
        right = -mpmath.exp(mpf(1) / 10)
        assert found.kind == "derivative"
        assert mpmath.almosteq(found.slope, right, abs_eps=mpf(10) ** -50)


def test_a_named_intermediate():
    """By w alone, w*abs(w) + x is flat at w = 0; by x it has the slope 1 of the last term."""
    text = "w = x - 1; w*abs(w) + x"
    assert of(text, "w", x=1).slope == 0
    assert of(text, "x", x=1).slope == 1


def test_a_zero_that_is_not_proved():
    """The slopes are 0 and about 1e-1302: 600 digits do not see the kink, and do not deny it."""
    found = of("(x + abs(x))*(1 - tanh(1500)^2)", "x", x=0)
    assert not found.sure


def test_a_rule_of_the_users_is_unknown():
    found = of("def f(x) = x^2; rule f(x) = 2*x; f(a)", "a", a=1)
    assert found.kind == "unknown"
    assert "rule" in found.reason


SIDES = [
    *[text for text, values, *_ in DERIVATIVES + PLACES if values == {"x": 0} and "e^" not in text],
    "acos(1 - abs(x))",
    "gamma(x)*sin(x)",
    "lgamma(x) + log(abs(x))",
    "digamma(x)*x",
    "hypot(x, x^2)/sinh(x)",
    "mod(x, 3)*round(x + 0.5)",
    "softplus(x) - gelu(x)/x",
    "acosh(1 + x)",
    "asinh(1/x)*x",
    "erfc(1/x)",
    "(1 + x)^(1/x)",
    "logit(x)*x^2",
    "x^sin(x)",
]


@pytest.mark.slow
@for_each("text", SIDES)
def test_sides_against_difference_quotients(text):
    found = of(text, "x", x=0)
    step = mpf(10) ** -30
    program = parse(text)
    for side, sign in ((found.left, -1), (found.right, 1)):
        with mp.workdps(300):
            near = forward(program.graph, digits, {"x": sign * step})[program.root]
            if side.kind == "value":
                slope = sign * (near - real(side.limit)) / step
                if mpmath.isfinite(real(side.slope)):
                    assert abs(slope - real(side.slope)) < mpf(10) ** -10
                else:
                    assert abs(slope) > 60
                    assert slope * real(side.slope) > 0
            elif side.kind == "infinite":
                assert abs(near) > 60
            elif side.kind == "outside":
                assert mpmath.isnan(near)
            else:
                assert text in {"x^2*sin(1/x)", "1/log(x)"}


def hessian(text, names, **values):
    program = parse(text)
    variables = program.graph.variables()
    nodes = [variables[name] for name in names]
    bindings = {key: Fraction(value) for key, value in values.items()}
    found = second(program.graph, program.root, bindings, nodes)
    return [
        None if entry.value is None else float(entry.value)
        for entry in (found[one, other] for i, one in enumerate(nodes) for other in nodes[i:])
    ]


@pytest.mark.parametrize(
    ("text", "values", "right"),
    [
        ("0.5*abs(x)^2", {"x": 0}, [1]),
        ("x*abs(x)", {"x": 0}, [None]),
        ("x^2*abs(x)", {"x": 0}, [0]),
        ("(1 + sqrt(5)*abs(x) + 5/3*x^2)*exp(-sqrt(5)*abs(x))", {"x": 0}, [-5 / 3]),
        ("0.5*hypot(x, y)^2", {"x": 0, "y": 0}, [1, 0, 1]),
        ("x^2*y + 3*x*y", {"x": 2, "y": 1}, [2, 7, 0]),
        ("hypot(x, y)", {"x": 0, "y": 0}, [None, None, None]),
        ("sqrt(abs(x*y))", {"x": 0, "y": 0}, [0, None, 0]),
        ("where(hypot(x, y) == 0, 0, x*y*(x^2 - y^2)/(x^2 + y^2))", {"x": 0, "y": 0}, [0, None, 0]),
    ],
)
def test_second_derivatives(text, values, right):
    """By hand; the last has mixed partials 1 and -1 (Peano's), so none is told."""
    assert hessian(text, list(values), **values) == pytest.approx(right, abs=1e-15)


GRAM = "log((a*a + b*b)*(c*c + d*d) - (a*c + b*d)^2)"


@pytest.mark.slow
@pytest.mark.parametrize(("large", "small"), [(1e150, 1e-160), (1e100, 1e-105), (1e10, 1e-10)])
def test_second_derivatives_of_what_cancels_over_hundreds_of_orders(large, small):
    """It is 2*log(abs(a*d - b*c)); at b = c = 0 four entries are not 0, and none is told wrong."""
    program = parse(GRAM)
    nodes = program.graph.variables()
    at = {"a": large, "b": 0, "c": 0, "d": small}
    found = second(program.graph, program.root, at, [*nodes.values()])
    with mp.workdps(60):
        a, d = mpf(large), mpf(small)
        right = {("a", "a"): -2 / a**2, ("d", "d"): -2 / d**2, ("b", "c"): -2 / (a * d)}
    for (one, first), (other, then) in combinations_with_replacement(nodes.items(), 2):
        entry = found[(first, then) if (first, then) in found else (then, first)]
        expected = right.get((one, other), right.get((other, one), 0))
        if expected:
            assert entry.sure
        if entry.sure:
            assert mpmath.almosteq(entry.value, expected, 1e-30)


@pytest.mark.slow
def test_no_float_is_told_where_digits_leave_an_entry_open():
    """By hand: the product is the column of d, which is 0 but for -2/d^2."""
    found = bp.hvp(GRAM, a=1e150, b=0, c=0, d=1e-160, along={"d": 1})
    [row] = found.wholes()
    told = dict(zip(found.point.wrt, row, strict=True))
    assert {told["a"], told["b"], told["c"]} <= {0, None}
    assert (told["d"], told["d"].text) == (-INF, "-2e320")


@for_each(
    "text, point, kind, slopes, cause",
    [
        ("abs(x*10 - 1)", {"x": "0.1"}, "kink", (-10, 10), ""),
        ("floor(x*3)", {"x": "1/3"}, "jump", (0, 0), ""),
        ("asin(x*10)", {"x": "0.1"}, "edge", (INF, None), "is infinite"),
        ("acos(x*10)*y", {"x": "0.1", "y": 0}, "edge", (0, None), "0 * inf"),
        ("log(0.3 - x)", {"x": "0.1 + 0.2"}, "pole", (None, None), "has a pole"),
        ("1/(x - 0.3)", {"x": "0.1 + 0.2"}, "pole", (None, None), "division by zero"),
        ("sin(x - 0.3)/(x - 0.3)", {"x": "0.1 + 0.2"}, "gap", (0, 0), "0/0"),
        ("x*(1/(1/(x - 0.3)))", {"x": "0.1 + 0.2"}, "derivative", (0.3, 0.3), "division by zero"),
        ("floor(x)", {"x": "inf"}, "unknown", (None, None), "is inf"),
        ("x*log(x - 0.3)", {"x": "0.1 + 0.2"}, "pole", (None, None), "log(x - 0.3) has a pole"),
    ],
)
def test_the_whole_is_told_at_the_numbers_as_typed(text, point, kind, slopes, cause):
    """The doubles of these lie beside a kink, a step, an edge or a pole; slopes are by hand."""
    found = bp.gradient(text, **point).at_typed({})
    whole = found.wholes()["x"]
    assert whole.kind == kind
    told = [None if side.slope is None else float(side.slope) for side in (whole.left, whole.right)]
    assert told == [*slopes]
    assert cause in "".join(one.reason for one in found.causes)
    assert bool(cause) == bool(found.causes)


def test_second_derivatives_and_series_are_told_at_the_numbers_as_typed():
    """The function is 100*u*|u| with u = x - 1/10, which is 0 there."""
    text = "abs(x*10 - 1)*(x*10 - 1)"
    hessian, taylor = bp.hessian(text, x="0.1"), bp.taylor(text, x="0.1", order=2)
    hessian.settle({})
    taylor.settle({})
    assert hessian.each[0].whole() == [[{"left": -200.0, "right": 200.0}]]
    [series] = taylor.wholes()
    assert [series.side("left"), series.side("right")] == [[0, 0, -100], [0, 0, 100]]


def test_a_product_along_several_variables_has_its_sides():
    """By x, the derivative of x*abs(x) + y^2 along (1, 2) is 2*abs(x) + 0: -2 and 2; y has 4."""
    found = bp.hvp("abs(x)*x + y^2", x=0, y=1, along={"x": 1, "y": 2})
    assert found.wholes() == [[{"left": -2.0, "right": 2.0}, 4.0]]


TOO_LARGE = "a number is too large to be worked out in digits"


@for_each(
    "text, name, slope",
    [
        ("exp(x)", "x", None),
        ("exp(x) + exp(y)", "x", None),
        ("exp(x) + exp(y)", "y", 1),
        ("3 + y^2 - cosh(x)", "y", 0),
        ("3 + y^2 - gamma(x)", "x", None),
        ("y - exp(x)/0", "y", None),
        ("y + log(-exp(x))", "y", None),
        ("y*exp(x)", "y", None),
    ],
)
def test_what_is_too_large_is_no_pole(text, name, slope):
    """By hand: exp has none; a term that stays where it is does not change the slope of others."""
    found = of(text, name, x=10**200, y=0)
    assert (found.kind, found.reason) == (
        ("unknown", TOO_LARGE) if slope is None else ("derivative", "")
    )
    assert found.value is None
    assert found.derivative == slope


LARGE = "a number is too large to be worked out in digits"


@for_each(
    "text",
    [
        *("sin(exp(exp(x/5000)))", "sin(exp(x))", "cos(exp(x))", "tan(exp(x))", "sinc(exp(x))"),
        *("floor(exp(x))", "round(exp(x))", "mod(exp(x), 3)", "fmod(exp(x), 3)", "sec(exp(x))"),
        *("gamma(exp(x))", "gamma(-exp(x))", "lgamma(exp(x))", "trigamma(exp(x))"),
        "sqrt(sin(exp(x)) - 2)",
    ],
)
def test_what_is_too_large_is_not_known_and_not_said_to_be_none(text):
    """Any real number has a sine: that of exp(1e5) is -0.94857, by mpmath in 60,000 digits."""
    found = of(text, "x", x=100_000)
    assert (found.kind, found.reason) == ("unknown", LARGE)


@for_each("text", ["asin(exp(x))", "atanh(exp(x))", "log(-exp(x))"])
def test_what_has_no_value_has_none_however_large(text):
    """By hand: these end at 1, at 1 and at 0."""
    assert of(text, "x", x=100_000).kind == "nowhere"


@for_each("term, known", [("sin(exp(y))", True), ("floor(exp(y))", True), ("tan(exp(y))", False)])
def test_a_term_that_stays_leaves_the_derivative_where_it_is_finite(term, known):
    """By hand: d/dx (x + c) is 1, and a tangent may have a pole."""
    found = of(f"x + {term}", "x", x=1, y=100_000)
    assert (found.derivative == 1) is known


@for_each(
    "text, kind, slope",
    [
        ("(inf - inf)*x", "nowhere", None),
        ("x + inf - inf", "nowhere", None),
        ("x*inf*0", "nowhere", None),
        ("0*(x*inf)", "nowhere", None),
        ("x^0*inf*0", "nowhere", None),
        ("(sin(x)*inf - sin(x)*inf) + x", "nowhere", None),
        ("x*inf/inf", "nowhere", None),
        ("1/inf*inf*x", "nowhere", None),
        ("log(inf*x) - log(inf*x) + x", "nowhere", None),
        ("(-inf)^3 + x*inf", "nowhere", None),
        ("exp(inf)*0*x", "nowhere", None),
        ("sqrt(-inf*x) + x", "nowhere", None),
        ("max(inf, inf*x) - inf + x", "nowhere", None),
        ("inf*(x - 1)", "pole", None),
        ("x/inf + 3*x", "derivative", 3),
        ("x + exp(-inf*x)", "derivative", 1),
        ("x + (inf*x)^-2", "derivative", 1),
        ("where(x*inf == inf, x, 0/0)", "derivative", 1),
        ("atan(inf*x) + x", "derivative", 1),
    ],
)
def test_what_is_made_of_infinity_by_name_is_that_or_none(text, kind, slope):
    """IEEE 754 has no value for inf - inf, 0*inf and inf/inf, and 0 for 1/inf."""
    found = of(text, "x", x=1)
    assert found.kind == kind
    assert (None if slope is None else found.slope) == slope
