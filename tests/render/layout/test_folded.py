"""Formulas on narrow terminals: each line fits, and nothing but blanks is put in or left out."""

import pytest

from backpropcli.errors import columns
from backpropcli.render.layout.lines import folded

LINES = [
    "d_da = 2*z3*(b*z4*cos(z1) + c*z2*z4*z5 + a*z3/(1 + a^2))",
    r"\frac{\partial L}{\partial c} &= 2\,z_4\,\left(a\,z_5 - d\,\sin\left(c\,d\right)\right) \\",
    "d_dx = outer(ones(n), w)*f(aaaaaaaaaaaaaa, bbbbbbbbbbbbb)  # where x > 0 and y > 0",
    "x",
    "",
]


@pytest.mark.parametrize("width", [24, 40, 60, 200])
@pytest.mark.parametrize("line", LINES)
def test_a_formula_is_broken_where_it_can_be(line, width):
    lines = folded(line, width)
    assert max(map(columns, lines)) <= width
    assert "".join("".join(lines).split()) == "".join(line.split())
    assert all(one.startswith(" ") for one in lines[1:])


def test_it_is_broken_where_it_is_least_deep():
    assert folded("f = a*(b + c) + d*(e + g)", 20) == ["f = a*(b + c)", "    + d*(e + g)"]
    assert folded("f = aaaa*sin(b + c)*d", 20) == ["f = aaaa*sin(b + c)", "    *d"]


def test_what_cannot_be_broken_is_longer():
    assert folded("a" * 30, 20) == ["a" * 30]
