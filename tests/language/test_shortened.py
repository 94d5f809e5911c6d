"""Shortened expressions: at operators, with balanced parentheses, and never too long."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from backpropcli.language.parse import parse
from backpropcli.language.shortened import shortened
from tests.drawn import Drawn
from tests.each import for_each


@for_each(
    "text, limit, short",
    [
        ("w*x + b", 7, "w*x + b"),
        (
            "min(ratio*advantage, clip(ratio, 1 - eps, 1 + eps)*advantage)",
            60,
            "min(ratio*advantage, clip(ratio, …)*advantage)",
        ),
        ("tanh(w1*tanh(w2*tanh(w3*x + b3) + b2) + b1)", 40, "tanh(w1*tanh(w2*tanh(…) + b2) + b1)"),
        ("tanh(w1*tanh(w2*tanh(w3*x + b3) + b2) + b1)", 12, "tanh(…)"),
        ("w1^2 + w2^2 + w3^2 - w4^2", 20, "w1^2 + … - w4^2"),
        ("a*b*c*d*e*f*g", 8, "a*b*…*g"),
        ("where(x > 0, x*log(x), 0)", 24, "where(x > 0, …)"),
        ("averyveryverylongname", 12, "averyveryve…"),
        ("1e-5 + x*y + z*w*u", 12, "1e-5 + …"),
    ],
)
def test_what_is_left_of_a_text(text, limit, short):
    assert shortened(text, limit) == short


@given(st.integers(0, 10**6), st.integers(8, 60))
def test_it_fits_and_its_parentheses_are_balanced(seed, limit):
    drawn = Drawn(Random(seed))  # noqa: S311 (a test)
    text = drawn.expression(["x", "y", "weight"], 8)
    short = shortened(text, limit)
    assert len(short) <= limit
    assert short.count("(") == short.count(")")
    assert short == text or "…" in short


def test_a_very_long_text_is_told_by_its_operation():
    many = " + ".join(f"x*{n}" for n in range(1000))
    program = parse(f"y = sin(x); exp({many})*y")
    assert program.text(program.root) == "exp(…)*y"
    program = parse(f"max(x, {', '.join(f'x*{n}' for n in range(1000))})")
    assert program.text(program.root) == "max(x, x*0, x*1, …)"
    program = parse(f"-({many})")
    assert program.text(program.root) == "-…"
