"""Germs: what is exact, what is not known, and series against mpmath."""

from fractions import Fraction

import mpmath
import pytest
from mpmath import mp, mpf

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.germs import balls, reals
from backpropcli.arithmetics.germs.germ import Germ, constant, shifted
from backpropcli.arithmetics.germs.trouble import Outside, Trouble, Unknown
from backpropcli.arithmetics.germs.words import Germs
from backpropcli.arithmetics.rules import word
from backpropcli.calculus.forward import forward
from backpropcli.graph.operations import TABLE
from backpropcli.language.parse import parse
from tests.each import for_each


@pytest.fixture(autouse=True)
def _digits():
    with mp.workdps(balls.DIGITS):
        yield


def germ(text, at=0, length=6, **values):
    """Return the germ of an expression to the right of x = ``at``."""
    program = parse(text)
    bindings = {name: constant(Fraction(value)) for name, value in values.items()}
    given = {program.graph.variables()["x"]: shifted(Fraction(at), 1)}
    graph, root = program.graph, program.root
    return forward(graph, Germs(length), bindings, roots=[root], given=given)[root]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("(x + 1)^2 - 1 - 2*x", {(2, 0): 1}),
        ("sqrt(4 + 0*x) - 2 + x", {(1, 0): 1}),
        ("sqrt(5)*x*sqrt(5) - 5*x + x^2", {(2, 0): 1}),
        ("sqrt(2)*x - x*sqrt(2)", {}),
        ("cos(0*x) - exp(0*x) + x", {(1, 0): 1}),
        ("sqrt(x)*x", {(Fraction(3, 2), 0): 1}),
        ("x*log(x)", {(1, 1): 1}),
        ("exp(3*log(x))", {(3, 0): 1}),
        ("abs(-x)/x", {(0, 0): 1}),
        ("exp(-1/x)", {}),
        ("x*x^(1/3)*x^(-1/3)", {(1, 0): 1}),
    ],
)
def test_exact_germs(text, terms):
    """Right by hand; Fractions compare exactly."""
    found = germ(text)
    assert found.terms == terms
    assert all(not isinstance(number, balls.Ball) for number in found.terms.values())


def test_series_at_an_exact_point_are_exact():
    """The series of sine at 0: x - x^3/6 + x^5/120."""
    found = germ("sin(x)", length=5)
    assert found.terms == {(1, 0): 1, (3, 0): Fraction(-1, 6), (5, 0): Fraction(1, 120)}
    assert found.order > 5


def test_noise_is_never_zero_nor_a_sign():
    """By the addition theorem this is 0, and no digits show it."""
    zero = "(sin(3) - sin(1)*cos(2) - cos(1)*sin(2))"
    found = germ(f"{zero} + x")
    with pytest.raises(Unknown):
        found.sign()
    assert isinstance(germ(f"1/({zero} + x)"), Unknown)
    assert isinstance(germ(f"where({zero} > 0, 1, x)"), Unknown)


def test_multiples_of_pi_are_exact():
    assert germ("sin(pi) + x").sign() == 1


def test_what_is_cut_off_is_not_zero():
    found = germ("exp(x) - exp(x + 0)", length=3)
    with pytest.raises(Unknown):
        found.sign()
    assert germ("exp(x) - exp(x)", length=3).sign() == 0


def test_the_order_is_what_is_known():
    """1 - cos(x) is x^2/2 - x^4/24: a short germ knows the first term."""
    found = germ("(1 - cos(x))/x^2", length=3)
    assert found.terms == {(0, 0): Fraction(1, 2)}
    assert 0 < found.order <= 2


@for_each(
    "text, kind",
    [
        ("sqrt(-x)", Outside),
        ("log(-x)", Outside),
        ("acos(1 + x)", Outside),
        ("1/(x - x)", Outside),
        ("exp(1/x)", Unknown),
        ("sin(1/x)", Unknown),
        ("log(log(x))", Unknown),
        ("x^pi", Unknown),
    ],
)
def test_trouble(text, kind):
    assert isinstance(germ(text), kind)


@for_each(
    "text",
    [
        "where(x > 0, x, log(-1))",
        "where(x < 0, 1/(x - x), x)",
        "where(x < 0 and sin(pi) > 0, 2, x)",
        "where(x > 0 or sin(pi) > 0, x, 2)",
        "where(log(-1) > 0, 2, x)",
        "max(x, -x)",
        "min(x, x)",
        "clip(x, x, 2)",
        "hypot(x, 0)",
    ],
)
def test_branches_that_are_not_taken_do_no_harm(text):
    assert germ(text).terms == {(1, 0): 1}


UNARY = [
    name
    for name, row in TABLE.items()
    if len(row.parameters) == 1 and not (row.variadic or row.stops or row.helper or name == "not")
]

ELSEWHERE = dict.fromkeys(("acosh", "asec", "acsc", "acoth"), Fraction(7, 4))
ELSEWHERE["log1mexp"] = Fraction(-5, 8)
"""Where functions that do not exist at 5/8 are looked at."""


@pytest.mark.slow
@for_each("name", UNARY)
def test_each_function_at_a_regular_point(name):
    """Against mpmath's Taylor coefficients of its value."""
    at = ELSEWHERE.get(name, Fraction(5, 8))
    found = germ("-x" if name == "neg" else f"{name}(x)", at, length=4)
    right = mpmath.taylor(word(TABLE[name], digits), mpf(at.numerator) / at.denominator, 2)
    for power, number in enumerate(right):
        mine = balls.real(found.terms.get((power, 0), 0))
        assert mpmath.almosteq(mine, number, rel_eps=mpf(10) ** -20, abs_eps=mpf(10) ** -20)
    assert found.order > 2


def test_gamma_at_a_pole():
    """1/eps - gamma + (6 gamma^2 + pi^2)/12 eps (DLMF 5.7.1 inverted)."""
    found = germ("gamma(x)")
    euler = mp.euler
    assert balls.real(found.terms[-1, 0]) == 1
    assert mpmath.almosteq(balls.real(found.terms[0, 0]), -euler, rel_eps=mpf(10) ** -50)
    right = (6 * euler**2 + mp.pi**2) / 12
    assert mpmath.almosteq(balls.real(found.terms[1, 0]), right, rel_eps=mpf(10) ** -50)


def test_stopped_gradients_keep_the_limit():
    assert germ("sg(x + 2)*x").terms == {(1, 0): 2}


def test_balls_hold_what_they_stand_for():
    """sqrt(2), e and log(3) to 100 digits are within the radii that 60 digits leave."""
    numbers = {"sqrt": (2, mpmath.sqrt), "exp": (1, mpmath.exp), "log": (3, mpmath.log)}
    for name, (number, function) in numbers.items():
        found = reals.WORDS[name](number)
        with mp.workdps(100):
            assert abs(function(mpf(number)) - found.middle) <= found.radius
            assert found.radius < mpf(10) ** -50


def test_trouble_waits():
    """Trouble is a value until something needs a number."""
    assert isinstance(reals.WORDS["log"](-1) + 1, Trouble)
    assert reals.WORDS["where"](1, 2, Outside("nowhere")) == 2
    with pytest.raises(Outside):
        bool(Outside("nowhere"))


def test_a_germ_needs_no_terms_to_be_something():
    assert Germ({}).sign() == 0
    with pytest.raises(Unknown):
        Germ({}, 4).sign()
