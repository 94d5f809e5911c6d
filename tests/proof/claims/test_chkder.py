"""MINPACK's own test of chkder: eleven of fourteen Jacobians are wrong on purpose."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

import backpropcli as bp

pytestmark = pytest.mark.usefixtures("here")

PROBLEMS = tomllib.loads(
    (Path(__file__).parents[2] / "data" / "chkder.toml").read_text(encoding="utf-8")
)["problem"]
MENDED = {
    "Rosenbrock": ("[[1, 0]", "[[-1, 0]"),
    "Powell singular": (" 4*(x[1]", " -4*(x[1]"),
    "Powell badly scaled": ("[[-1e4", "-1*[[-1e4"),
    "helical valley": ("5*x", "10*x"),
    "Watson": ("D@x + s^2 + 1", "D@x - s^2 - 1"),
    "Chebyquad": ("2/5", "1/5"),
    "discrete boundary value": ("4 + 3*(x + t + 1)^2/36", "2 + 3*(x + t + 1)^2/72"),
    "discrete integral equation": ("- eye", "+ eye"),
    "trigonometric": ("(eye(5) - 1)", "(1 - eye(5))"),
    "variably dimensioned": ("/(1", "*(1"),
    "Broyden banded": ("2 - 15", "2 + 15"),
}
"""What vecjac, MINPACK's own right Jacobian, has in place of errjac's error."""
MADE = {"arange": np.arange, "ones": np.ones, "zeros": np.zeros}


def with_points():
    """Yield each problem with the point that the driver looks at it at."""
    cp = 0.123
    for problem in PROBLEMS:
        x = np.array(eval(problem["start"], dict(MADE)), dtype=float)  # noqa: S307 (our own data)
        turns = cp * (-1.0) ** np.arange(x.size)
        cp *= (-1) ** x.size
        yield problem, x + turns


def found(problem, x, claim, *, at):
    """Return what is found of a claimed Jacobian: at the driver's point and around, or anywhere."""
    claims = "; ".join(filter(None, [problem.get("helpers"), f"x = {claim}"]))
    given = {"at": {"x": x}} if at else {"shapes": f"x={x.size}"}
    point = given.pop("at", None)
    return bp.check_claims(problem["program"], claims, point, timeout=20, **given).answers[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("problem", "x"), [*with_points()], ids=[problem["name"] for problem in PROBLEMS]
)
def test_jacobians_are_judged_as_the_source_says(problem, x):
    """The right ones at their points and anywhere; the others at theirs, and anywhere when mended.

    That a claim is wrong anywhere is in the suite of claims.
    """
    expected = "agrees" if problem["right"] else "disagrees"
    for at in (True, False) if problem["right"] else (True,):
        answer = found(problem, x, problem["claim"], at=at)
        assert answer.verdict == expected, answer.reason
        kinds = {one.kind for one in answer.diagnosis}
        assert {problem["diagnosis"]} == kinds if "diagnosis" in problem else True
    if not problem["right"]:
        wrong, right = MENDED[problem["name"]]
        assert wrong in problem["claim"]
        mended = found(problem, x, problem["claim"].replace(wrong, right), at=False)
        assert mended.verdict == "agrees", mended.reason


def test_eleven_are_wrong():
    """As the driver's prologue says."""
    assert [problem["right"] for problem in PROBLEMS].count(False) == len(MENDED) == 11
