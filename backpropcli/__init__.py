"""backprop: gradients at a shell prompt, with how they come about and proof that they are right.

The same as a library: ``gradient("x*y", x=2, y=3).gradient`` is ``{'x': 3.0, 'y': 2.0}``. Each name
is imported when it is first used.
"""

__version__ = "0.2.0"
__all__ = [
    "BackpropError",
    "SourceError",
    "accuracy",
    "assert_gradient",
    "check",
    "check_against",
    "check_claims",
    "check_methods",
    "compare",
    "digits",
    "formula",
    "gradient",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "mended",
    "parse",
    "rewrite",
    "scaled",
    "shapes",
    "taylor",
    "twin",
    "value",
    "verdict",
    "vjp",
]
TRUST = (
    *("accuracy", "check", "check_against", "check_claims", "check_methods", "compare", "digits"),
    *("mended", "rewrite", "scaled", "twin", "verdict"),
)
HOMES = {"assert_gradient": "render.asserted"} | dict.fromkeys(TRUST, "trust")
"""What is not in ``api``."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.api import (
        formula,
        gradient,
        hessian,
        hvp,
        jacobian,
        jvp,
        parse,
        shapes,
        taylor,
        value,
        vjp,
    )
    from backpropcli.errors import BackpropError, SourceError
    from backpropcli.render.asserted import assert_gradient
    from backpropcli.trust import (
        accuracy,
        check,
        check_against,
        check_claims,
        check_methods,
        compare,
        digits,
        mended,
        rewrite,
        scaled,
        twin,
        verdict,
    )

if not TYPE_CHECKING:  # a type checker sees the names above, and no others

    def __getattr__(name):  # noqa: ANN001, ANN202
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        home = "errors" if name.endswith("Error") else HOMES.get(name, "api")
        found = getattr(__import__(f"{__name__}.{home}", fromlist=[name]), name)
        globals()[name] = found
        return found

    def __dir__():  # noqa: ANN202
        return [*globals(), *__all__]
