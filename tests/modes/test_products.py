"""Products with a Jacobian: tangents and cotangents."""

from __future__ import annotations

import pytest

from backpropcli.language.parse import parse
from backpropcli.modes.hvp import hvp
from backpropcli.modes.jvp import jvp
from backpropcli.modes.vjp import vjp
from backpropcli.render.layout.lines import Options
from backpropcli.render.results.products import hvp_lines, jvp_lines


def test_a_name_that_is_moved_moves_by_that_alone():
    """Along x and z the step of z = x*y is 1, and not y more: by hand dL is 2*z + 1, for L below.

    That is 2*x*y + 1, of which the slopes are 2*y by x and 2*x by y.
    """
    program, point = parse("z = x*y; z^2 + x"), {"x": 2.0, "y": 3.0}
    along = {"x": 1.0, "z": 1.0}
    found = jvp(program, point, along)
    assert found.products == [13]
    assert hvp(program, point, along).product == {"x": 6, "y": 4}
    said = "z moves as given: what it is made of does not move it"
    options = Options()
    shown = [jvp_lines(found, "graph", options), hvp_lines(hvp(program, point, along), options)]
    assert ["".join(text for _, text in lines[-1]) for lines in shown] == [said, said]
    assert jvp(program, point, {"z": 1.0}).held == []
    assert jvp(program, point, {"x": 1.0, "y": 1.0}).held == []


@pytest.mark.parametrize("text", ["(x + y, x + y)", "(x, x)"])
def test_a_cotangent_that_several_outputs_could_have_is_told(text):
    """With both weighed the cotangent of x would be 4."""
    name = text[1:].partition(",")[0]
    values = {"x": 1.0, "y": 2.0} if "y" in text else {"x": 1.0}
    found = vjp(parse(text), values, {name: 2.0})
    assert found.products[0] == 2
    start = f"2 outputs are {name}: the cotangent is of one"
    assert [one.startswith(start) for one in found.warnings] == [True]
    assert vjp(parse("p = x; q = x; (p, q)"), {"x": 1.0}, {"p": 2.0}).warnings == []


@pytest.mark.parametrize(
    ("text", "point", "along", "said"),
    [
        (
            "x + y",
            {"x": 1.0, "y": 1.0},
            {"x": 1e308, "y": 1e308},
            "the sum of the tangents overflows here",
        ),
        ("1e200*x", {"x": 1.0}, {"x": 1e300}, "the product 1e200 * 1e300 overflows"),
    ],
)
def test_a_tangent_that_overflows_is_told(text, point, along, said):
    [cause] = jvp(parse(text), point, along).point.causes
    assert (cause.reason, cause.rounds) == (said, True)


@pytest.mark.parametrize("text", ["logsumexp(x, y, z)", "max(x, y, z)"])
def test_three_contributions_are_added_with_one_rounding(text):
    """By hand: the slopes are 1/3 each, and the mean of the tangents is 1, less than 1e16 tells."""
    along = {"x": 3e16, "y": 3.0, "z": -3e16}
    assert jvp(parse(text), dict.fromkeys("xyz", 0.0), along).products == [1]
