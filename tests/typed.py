"""What a type checker knows of the library: mypy reads this file with the package.

Values are numbers or arrays, which no type tells apart. What is ignored here is a mistake that has
to be found: mypy, which is strict, tells an ignored line without one.
"""

from __future__ import annotations

from typing import Any, assert_type

import backpropcli as bp


def names_have_types() -> None:
    assert_type(bp.gradient("x", x=1).gradient, dict[str, Any])
    assert_type(bp.jacobian("x", {"x": "1/2"}).matrix, list[list[float]])
    assert_type(bp.hessian("x", x=1.5).curvature.eigenvalues, list[float])
    assert_type(bp.formula("x").gradient, dict[str, str])
    assert_type(bp.check("x", x=1).verdict, str)
    assert_type(bp.value(bp.parse("x"), x=1), Any)


def mistakes_are_found() -> None:
    bp.gradient("x", x=None)  # type: ignore[arg-type]
    bp.grad("x")  # type: ignore[attr-defined]
