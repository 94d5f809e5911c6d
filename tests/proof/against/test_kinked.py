"""Numbers of another program at kinks where the whole expression has a derivative."""

import numpy as np
import pytest

import backpropcli as bp

REMOVABLE = "where(x==0,0,sin(x))"
"""sin(x), whose slope at 0 is 1; a rule sees the 0 there alone."""


@pytest.mark.parametrize(
    ("program", "point", "true", "wrong"),
    [
        (REMOVABLE, 0.0, 1.0, 0.0),
        ("relu(x) - relu(-x)", 0.0, 1.0, 0.0),
        ("where(x==1.5,sin(1.5),sin(x))", 1.5, np.cos(1.5), 0.0),
        ("max(x,2)*min(x,2)", 2.0, 2.0, 1.0),
    ],
)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_at_a_kink_numbers_are_held_to_the_derivative_of_the_whole(
    program, point, true, wrong, dtype
):
    """These are sin(x), x and 2*x: their slopes at the point are in any table."""
    for number, verdict in ((true, "agrees"), (wrong, "disagrees")):
        found = bp.check_against(program, {"d_dx": np.asarray(number, dtype)}, {"x": point})
        assert found.verdict == verdict
        assert any("whole expression" in note for note in found.answers[0].notes)


def test_elements_at_kinks_are_held_to_the_derivative_of_the_whole():
    """Of sin(x), by NumPy's cos; wrong at 0 alone, and elsewhere too."""
    point = {"x": np.array([0.0, 1.0, 2.0])}
    right = np.cos(point["x"])
    program = f"sum({REMOVABLE})"
    assert bp.check_against(program, {"d_dx": right}, point).verdict == "agrees"
    [found] = bp.check_against(program, {"d_dx": right * [0, 1, 1]}, point).answers
    assert (found.verdict, found.element, found.true) == ("disagrees", "x[0]", 1)
    assert [one.kind for one in found.diagnosis] == ["kink"]
    [found] = bp.check_against(program, {"d_dx": right * [1, 1, -1]}, point).answers
    assert (found.verdict, found.element) == ("disagrees", "x[2]")


@pytest.mark.parametrize(("slope", "verdict"), [(0, "agrees"), (1, "inconclusive")])
def test_where_slopes_of_the_whole_differ_one_is_a_convention(slope, verdict):
    """Of relu, whose slopes at 0 are 0 and 1."""
    assert bp.check_against("relu(x)", {"d_dx": slope}, {"x": 0.0}).verdict == verdict
