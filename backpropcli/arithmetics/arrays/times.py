"""A product of what arrives and a partial derivative, as one function of arrays."""

from __future__ import annotations

from backpropcli.arithmetics.rules import Code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from backpropcli.arithmetics.protocol import Arithmetic
    from backpropcli.graph.row import Row


def times(row: Row, index: int, arithmetic: Arithmetic) -> Callable[..., Any]:
    """Return f(given, out, *inputs, into): what is given, times the partial by input ``index``.

    It is chosen where the edge is taken, and not multiplied by 0 elsewhere. An arithmetic that has
    words for "times" and "taken" may write the result to the array ``into``.
    """
    key = (arithmetic.__name__, row, "times", index)
    found = _times.get(key)
    if found is None:
        code, cell = Code(arithmetic, row), row.cell(index)
        if row.variadic:
            code.lines, code.each = [f"    x = args[{index}]"], False
        rule, taken = row.in_floats[cell], row.taken[cell]
        if taken is not None and row.rules[cell].number is not None:
            rule = row.rules[cell]  # where the edge is taken, floats have the same
        if rule.number in {0, 1}:
            part = "given" if rule.number else "0.0"
        else:
            part = arithmetic.INFIX.get("times", "(given * {0})").format(code.rule(rule))
        if taken is not None and "taken" in arithmetic.INFIX:
            part = arithmetic.INFIX["taken"].format(code.rule(taken), part)
        elif taken is not None:
            part = code.chosen(code.rule(taken), part)
        found = _times[key] = code.function(["given", "out", *code.inputs, "into=None"], part)
    return found


_times: dict[tuple[object, ...], Callable[..., Any]] = {}
