"""backprop jacobian, hessian, taylor, jvp, vjp and hvp EXPR [NAME=VALUE ...]."""

from __future__ import annotations

from backpropcli import api
from backpropcli.calculus.choice import shapes_of
from backpropcli.cli.answer import give
from backpropcli.cli.line.lists import weights
from backpropcli.cli.line.program import load
from backpropcli.cli.views import checked_view, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.cli.line.program import Loaded
    from backpropcli.language.program import Program
    from backpropcli.modes.hessian.result import Hessians
    from backpropcli.modes.hvp import Hvp
    from backpropcli.modes.jacobian import Jacobian
    from backpropcli.modes.jvp import Jvp
    from backpropcli.modes.taylor.series import Taylor
    from backpropcli.modes.vjp import Vjp
    from backpropcli.render.layout.lines import Line, Options


def jacobian(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run backprop jacobian; return the exit code."""
    return gradients(load(words, given), given["mode"], given)


def gradients(loaded: Loaded, mode: str, given: dict[str, Any], note: str = "") -> int:
    """Print the Jacobian as the options say, for people with a note; return the exit code."""
    asked = {"mode": mode, "at_kinks": given["at_kinks"]}
    found = api.jacobian(loaded.program, loaded.bindings, wrt=loaded.wrt, **asked)

    def lines(found: Jacobian, options: Options) -> list[Line]:
        from backpropcli.render.layout.lines import wrapped
        from backpropcli.render.results.matrix import jacobian_lines

        below = [[], *wrapped([("note", note)], options.width)] if note and found.variables else []
        return [*jacobian_lines(found, options), *below]

    return give(found, lines, loaded.warnings, given)


def hessian(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run backprop hessian; return the exit code."""
    loaded = load(words, given)
    vectors = given["eigenvectors"]
    how = {"wrt": loaded.wrt, "eigenvectors": vectors, "at_kinks": given["at_kinks"]}
    found = api.hessian(loaded.program, loaded.bindings, **how)

    def lines(found: Hessians, options: Options) -> list[Line]:
        from backpropcli.render.results.matrix import hessian_lines

        blocks = [
            hessian_lines(one, options, kinked=found.kinked, eigenvectors=vectors)
            for one in found.each
        ]
        return [line for block in blocks for line in ([], *block)][1:]

    return give(found, lines, loaded.warnings, given)


def taylor(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run backprop taylor; return the exit code."""
    loaded = load(words, given)
    how = {"by": given["in"] or "", "order": given["order"], "at_kinks": given["at_kinks"]}
    found = api.taylor(loaded.program, loaded.bindings, **how)

    def lines(found: Taylor, options: Options) -> list[Line]:
        from backpropcli.render.results.series import series_lines

        return series_lines(found, options)

    return give(found, lines, loaded.warnings, given)


def jvp(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run backprop jvp; return the exit code."""
    view = checked_view(given["view"])
    loaded = load(words, given)
    along = weights(given["along"], "along", "the direction", _example(loaded.program))
    program = _shown(loaded, given)
    at_kinks = given["at_kinks"]
    found = api.jvp(program, loaded.bindings, along=along, at_kinks=at_kinks)

    def lines(found: Jvp, options: Options) -> list[Line]:
        from backpropcli.render.results.products import jvp_lines

        return jvp_lines(found, view, options)

    return give(found, lines, loaded.warnings, given)


def _shown(loaded: Loaded, given: dict[str, Any]) -> Program:
    shapes = shapes_of(loaded.program.graph, loaded.bindings)
    return shown(loaded.program, given["open"], shapes)


def vjp(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run backprop vjp; return the exit code."""
    view = checked_view(given["view"])
    loaded = load(words, given)
    example = "".join(loaded.program.titles()[0].split())
    asked = weights(given["with"], "with", "the outputs' cotangent", f"{example}=1")
    program = _shown(loaded, given)
    how = {"wrt": loaded.wrt, "at_kinks": given["at_kinks"]}
    found = api.vjp(program, loaded.bindings, weights=asked, **how)

    def lines(found: Vjp, options: Options) -> list[Line]:
        from backpropcli.render.results.products import vjp_lines

        return vjp_lines(found, view, options)

    return give(found, lines, loaded.warnings, given)


def hvp(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run backprop hvp; return the exit code."""
    loaded = load(words, given)
    along = weights(given["along"], "along", "the direction", _example(loaded.program))
    how = {"wrt": loaded.wrt, "at_kinks": given["at_kinks"]}
    found = api.hvp(loaded.program, loaded.bindings, along=along, **how)

    def lines(found: Hvp, options: Options) -> list[Line]:
        from backpropcli.render.results.products import hvp_lines

        return hvp_lines(found, options)

    return give(found, lines, loaded.warnings, given)


def _example(program: Program) -> str:
    """Return a direction in the variables of a program, for a hint."""
    first, *others = [*program.variables, "x"]
    return f"{first}=1,{others[0]}=0.5" if len(others) > 1 else f"{first}=1"
