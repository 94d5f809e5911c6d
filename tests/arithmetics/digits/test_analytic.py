"""The complex words on real numbers are the real words, and analytic: Cauchy and Riemann hold."""

import pytest
from mpmath import mp, mpc, mpf

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.digits import analytic
from backpropcli.arithmetics.rules import word
from backpropcli.graph.operations import TABLE
from tests.each import for_each

POINTS = {"acosh": "1.7", "log1mexp": "-0.8", "lgamma": "-1.5", "gamma": "-2.3", "cbrt": "-0.4"}
COMPUTED = [name for name in analytic.WORDS if name != "polygamma"]


def inputs(name):
    count = len(TABLE[name].parameters) + TABLE[name].variadic
    return [mpf(POINTS.get(name, "0.3")), mpf("0.6"), mpf("0.2")][:count]


@for_each("name", COMPUTED)
def test_a_word_is_the_real_one_on_real_numbers(name):
    with mp.workdps(50):
        given = inputs(name)
        real = word(TABLE[name], digits)(*given)
        found = analytic.WORDS[name](*given)
        assert abs(mp.mpmathify(found).real - real) < mpf(10) ** -45


@for_each("name", COMPUTED)
def test_a_word_is_analytic(name):
    """The slope along the imaginary axis is i times that along the real one."""
    function = analytic.WORDS[name]
    with mp.workdps(60):
        first, *rest = inputs(name)
        step = mpf(10) ** -20
        real = (function(first + step, *rest) - function(first - step, *rest)) / (2 * step)
        across = (function(mpc(first, step), *rest) - function(mpc(first, -step), *rest)) / (
            2 * step * mpc(0, 1)
        )
        assert abs(across - mp.mpmathify(real).real) < mpf(10) ** -30


@for_each("name", ["abs", "max", "floor", "where", "relu", "sign", "mod"])
def test_what_is_not_analytic_has_no_word(name):
    with pytest.raises(LookupError):
        word(TABLE[name], analytic)
