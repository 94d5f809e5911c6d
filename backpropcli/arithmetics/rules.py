"""The table's rules as Python functions in an arithmetic.

An arithmetic is a module (or any object) with ``WORDS`` (operation name -> function), ``INFIX``
(operation name -> Python expression with {0} {1} {2}), ``constant(text)`` and ``double(value)``.
What it has no word for is expanded by the operation's row. A rule is parsed like any program and
written out as one small Python function; only the table's own text ever comes here, never a
user's.
"""

from __future__ import annotations

from backpropcli.language.functions import mangled
from backpropcli.language.parse import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    from backpropcli.graph.operations import Operation
    from backpropcli.language.program import Program

    Names = list[str] | tuple[()]

    class Arithmetic(Protocol):
        """What the passes need of an arithmetic."""

        __name__: str
        WORDS: dict[str, Callable[..., Any]]
        INFIX: dict[str, str]

        def constant(self, text: str) -> Any:  # noqa: ANN401
            """Return the number, of a rule's text, or the constant that ``text`` names."""

        def double(self, value: float) -> Any:  # noqa: ANN401
            """Return a double, of a user's program, exactly."""


_compiled: dict[tuple[object, ...], Callable[..., Any]] = {}


def word(row: Operation, arithmetic: Arithmetic) -> Callable[..., Any]:
    """Return the function that computes an operation in ``arithmetic``.

    Raises LookupError where neither the arithmetic nor the row says how.
    """
    found = arithmetic.WORDS.get(row.name)
    if found is not None:
        return found
    key = (arithmetic.__name__, row)
    found = _compiled.get(key)
    if found is None:
        code = _Code(arithmetic)
        if row.name in arithmetic.INFIX:
            result = arithmetic.INFIX[row.name].format(*row.parameters)
        elif row.expand is not None:
            result = code.rule(row.expand, row.parameters, ())
        else:
            raise LookupError(f"{arithmetic.__name__} has no word for {row.name}")
        found = _compiled[key] = code.function(row.parameters, result)
    return found


def _parameters(row: Operation, count: int) -> list[str]:
    return [f"args[{index}]" for index in range(count)] if row.variadic else row.parameters


def _head(row: Operation) -> list[str]:
    """Return how a function takes the inputs of ``row``."""
    return ["*args"] if row.variadic else row.parameters


def _partial(code: _Code, row: Operation, index: int, count: int) -> str:
    """Return the expression of a partial; its text may name ``out`` and the inputs."""
    book = getattr(code.arithmetic, "BOOK", False)
    rule = row.book(index) if book and not row.own else row.partial(index)
    if not row.variadic:
        return code.rule(rule, ["out", *row.parameters], ())
    names = _parameters(row, count)
    return code.rule(rule, ["out", row.parameters[0]], names, names[index])


def partial_function(
    row: Operation, index: int, count: int, arithmetic: Arithmetic
) -> Callable[..., Any]:
    """Return f(out, *inputs): the local partial by input ``index`` of ``count``."""
    key = (arithmetic.__name__, row, index, count if row.variadic else 0)
    found = _compiled.get(key)
    if found is None:
        code = _Code(arithmetic)
        result = _partial(code, row, index, count)
        found = _compiled[key] = code.function(["out", *_head(row)], result)
    return found


def pullback(
    row: Operation, active: tuple[int, ...], count: int, arithmetic: Arithmetic
) -> Callable[..., Any]:
    """Return f(adjoint, out, *inputs): the contributions to the inputs numbered in ``active``.

    The result is a tuple, or the contribution itself where there is one. It is None where
    nothing flows: an input that was not selected.
    """
    key = (arithmetic.__name__, row, active, count if row.variadic else 0)
    found = _compiled.get(key)
    if found is None:
        code = _Code(arithmetic)
        results = []
        for index in active:
            text = row.partial(index)
            if text in {"1", "-1"}:
                results.append("adjoint" if text == "1" else "-adjoint")
                continue
            partial = _partial(code, row, index, count)
            if row.selects:
                partial = code.name_for(partial)
                results.append(f"adjoint*{partial} if {partial} != 0 else None")
            else:
                results.append(f"adjoint*({partial})")
        parameters = ["adjoint", "out", *_head(row)]
        found = _compiled[key] = code.function(parameters, ", ".join(results))
    return found


def rule_function(text: str, parameters: list[str], arithmetic: Arithmetic) -> Callable[..., Any]:
    """Return f(*parameters) for any rule text: a kink's condition or slope, a domain."""
    key = (arithmetic.__name__, text, *parameters)
    found = _compiled.get(key)
    if found is None:
        code = _Code(arithmetic)
        found = _compiled[key] = code.function(parameters, code.rule(text, parameters, ()))
    return found


def kink_function(
    row: Operation, text: str, index: int, count: int, arithmetic: Arithmetic
) -> Callable[..., Any]:
    """Return f(out, *inputs) for a kink's text; in a variadic row it speaks of input ``index``."""
    key = (arithmetic.__name__, row, text, index, count)
    found = _compiled.get(key)
    if found is None:
        code = _Code(arithmetic)
        names = _parameters(row, count)
        if row.variadic:
            result = code.rule(text, ["out", row.parameters[0]], names, names[index])
        else:
            result = code.rule(text, ["out", *names], ())
        found = _compiled[key] = code.function(["out", *_head(row)], result)
    return found


class _Code:
    """The body of one function, as it is written."""

    def __init__(self, arithmetic: Arithmetic) -> None:
        self.arithmetic = arithmetic
        self.lines: list[str] = []
        self.scope: dict[str, object] = {}
        self.shared: dict[str, str] = {}

    def name_for(self, expression: str) -> str:
        """Return a local name for ``expression``."""
        name = f"t{len(self.lines)}"
        self.lines.append(f"    {name} = {expression}")
        return name

    def share(self, expression: str) -> str:
        """Return the name of ``expression``, which several rules use."""
        name = self.shared[expression] = self.name_for(expression)
        return name

    def rule(self, rule: str | Program, parameters: list[str], args: Names, here: str = "") -> str:
        """Return the Python expression of a rule.

        ``args`` are the names that the word "args" stands for, and ``here`` is the input at hand.
        """
        program = parse(rule, {*parameters, "args"}) if isinstance(rule, str) else rule
        graph = program.graph
        uses = [0] * len(graph)
        for inputs in graph.inputs:
            for child in inputs:
                uses[child] += 1
        expressions: list[str] = []
        for number, operation in enumerate(graph.operations):
            if number in graph.leaves:
                expressions.append(self._leaf(rule, program, number, parameters, args, here))
                continue
            given = [expressions[child] for child in graph.inputs[number]]
            template = self.arithmetic.INFIX.get(operation)
            if template:
                expression = template.format(*given)
            else:
                function = f"w{len(self.scope)}"  # no name of the user's: they need not be Python's
                self.scope[function] = word(graph.table[operation], self.arithmetic)
                expression = f"{function}({', '.join(given)})"
            if "*args" in expression:  # the same for every input: once is enough
                expression = self.shared.get(expression) or self.share(expression)
            elif uses[number] > 1:
                expression = self.name_for(expression)
            expressions.append(expression)
        return expressions[program.root]

    def _leaf(  # noqa: PLR0913 (what a leaf can stand for)
        self,
        rule: str | Program,
        program: Program,
        number: int,
        parameters: list[str],
        args: Names,
        here: str,
    ) -> str:
        """Return the Python expression of a variable, a literal or a constant in a rule."""
        operation, payload = program.graph.operations[number], program.graph.leaves[number]
        own = rule is program
        if operation == "constant":
            return self._constant(str(payload), "")
        if operation == "number":  # the table's decimals are decimals, a user's are doubles
            return self._constant("" if own else program.text(number, 1000), payload)
        name = mangled(str(payload)) if own else str(payload)
        if name == "args" and args:
            return "*args"
        return here if here and name == parameters[1] else name

    def _constant(self, text: str, leaf: float | str) -> str:
        name = f"c{len(self.scope)}"
        self.scope[name] = (
            self.arithmetic.constant(text) if text else self.arithmetic.double(float(leaf))
        )
        return name

    def function(self, parameters: list[str], result: str) -> Callable[..., Any]:
        """Return the function of ``parameters`` that returns ``result``."""
        head = f"def function({', '.join(parameters)}):"
        source = "\n".join([head, *self.lines, f"    return {result}"])
        exec(source, self.scope)  # noqa: S102 (written here from the table's own text)
        return self.scope["function"]  # type: ignore[return-value]
