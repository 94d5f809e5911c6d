"""Builds the graph while the parser reduces: there is no parse tree, and nothing here recurses."""

from __future__ import annotations

from backpropcli.errors import MistakeError
from backpropcli.language.builder.calls import Calls
from backpropcli.language.builder.expressions import LONG
from backpropcli.language.builder.literals import NONE
from backpropcli.language.builder.scope import Scope
from backpropcli.language.program import Function, Program
from backpropcli.language.scanner import split, uncommented
from backpropcli.language.surface import ADJOINT, DIFF, OUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any


class Builder(Calls):
    """Builds statements, and of them a program: one method for each alias in the grammar."""

    def __init__(
        self,
        source: str,
        origin: str,
        bound: Collection[str],
        *,
        from_file: bool = False,
        helpers: bool = False,
    ) -> None:
        super().__init__(source, origin, bound, from_file=from_file, helpers=helpers)
        self.definitions = False
        self.defined = (0, 0)
        self.outer = self.scope
        self.last: tuple[list[int], int, int] | None = None
        self.nameless: tuple[int, int] | None = None
        self.written = ""

    def of_file(self, text: str, place: str, *, helpers: bool) -> Builder:
        inner = Builder(text, place, (), from_file=True, helpers=helpers)
        inner.definitions = True
        inner.included = self.included
        return inner

    def parameter_first(self, values: list[Any], start: int, end: int) -> list[str]:
        return self.parameter_next([[], ",", values[0]], start, end)

    def parameter_next(self, values: list[Any], _start: int, end: int) -> list[str]:
        name = values[2]
        if name in values[0] or name == OUT:
            self._misnamed(name, end - len(name), end, twice=name in values[0])
        values[0].append(name)
        return values[0]  # type: ignore[no-any-return]

    def _misnamed(self, name: str, start: int, end: int, *, twice: bool) -> None:
        if twice:
            shown = name if len(name) < LONG else name[:LONG] + "…"
            message, hint = f"the parameter {shown} is given twice", "give each a name of its own"
        else:
            message, hint = "'out' is the function's own value", "give the parameter another name"
        raise self.error(message, start, end, hint)

    def function_head(self, values: list[Any], start: int, _end: int) -> str:
        name, parameters = values[1], values[3]
        if name in self.functions or name in self.builtins or name == DIFF:
            raise MistakeError("bad_definition", self, name, start)
        return self._opened(name, parameters)

    def _opened(self, name: str, parameters: list[str]) -> str:
        """Open the scope of a function, or of its rule."""
        self._not_nameless()
        self.outer = self.scope
        self.enter(Scope(parameters, name))
        return name

    def _closed(self, function: Function, start: int, end: int) -> None:
        """Take in the function whose definition, or rule, is complete."""
        self.functions[function.name] = function
        self.defined = (start, end)
        self.enter(self.outer)

    def definition(self, values: list[Any], start: int, end: int) -> None:
        body = self._finished(self.scope, [values[1]])
        function = Function(values[0], list(self.scope.parameters or ()), body)
        self._closed(function, start, end)

    def rule_head(self, values: list[Any], start: int, end: int) -> str:
        name, parameters = values[1], values[3]
        function = self.functions.get(name)
        if (
            function is None
            or function.used
            or function.rules
            or (len(parameters) != len(function.parameters))
        ):
            raise MistakeError("bad_rule", self, name, function, len(parameters), start, end)
        if ADJOINT in parameters:
            message = "'adjoint' is what arrives at the function's value"
            raise self.error(message, start, end, "give the parameter another name")
        return self._opened(name, [*parameters, OUT, ADJOINT])

    def rule(self, values: list[Any], start: int, end: int) -> None:
        known, nodes = self.functions[values[0]], values[1]
        if len(nodes) != len(known.parameters):
            raise MistakeError("rule_count", self, known, len(nodes), start, end)
        # A new one: other files may use it without a rule.
        function = Function(known.name, known.parameters, known.body)
        function.rules = [self._finished(self.scope, [node]) for node in nodes]
        function.rule_names = list(self.scope.parameters or ())[:-2]
        self._closed(function, start, end)

    def use(self, values: list[Any], start: int, end: int) -> None:
        from backpropcli.language.builder.files import include

        self._not_nameless()
        include(self, values[1][1:-1], end - len(values[1]), end)
        self.defined = (start, end)

    def assignment(self, values: list[Any], start: int, end: int) -> None:
        name, node = values[0], values[2]
        if name in self.names or name in self.used or name in self.bound:
            raise MistakeError("bad_assignment", self, name, node, start, end)
        self._not_nameless()
        self._not_in_definitions(start, end)
        number = self.graph.node("name", (node,), name)
        begin = self.source.index("=", start + len(name)) + 1
        while self.source[begin].isspace():
            begin += 1
        self.mark(number, begin, end)
        self.names[name] = number
        self.last = ([number], start, end)
        self.written = name

    def output(self, values: list[Any], start: int, end: int) -> None:
        self._outputs([values[0]], start, end)

    def outputs(self, values: list[Any], start: int, end: int) -> None:
        if values[0] != "outputs":
            raise MistakeError("labelled", self, values[0], start)
        self._outputs(values[2], start, end)

    def outputs_tuple(self, values: list[Any], start: int, end: int) -> None:
        self._outputs([values[1], *values[3]], start, end)

    def _outputs(self, nodes: list[int], start: int, end: int) -> None:
        self._not_nameless()
        self._not_in_definitions(start, end)
        self.nameless = (start, end)
        self.last = (nodes, start, end)
        self.written = self.source[start:end]

    def _not_in_definitions(self, start: int, end: int) -> None:
        if self.definitions:
            raise self.error(
                "a file that is used may only hold definitions",
                start,
                end,
                "keep def, rule and use in it, and move this to the program",
            )

    def _not_nameless(self) -> None:
        if self.nameless and self.last and len(self.last[0]) > 1:
            raise self.error(
                "several outputs are the last statement", *self.nameless, "move this to the end"
            )
        if self.nameless:
            raise self.error(
                "only the last statement can have no name",
                *self.nameless,
                "give this one a name, as in 'z = ...', or remove it",
            )

    def program_statement(self, _values: list[Any], _start: int, _end: int) -> None:
        """Pass: the statement has been taken in."""

    program_empty = program_blank = program_statement

    def program(self) -> Program:
        """Return the finished program: what its outputs depend on."""
        if self.last is None:
            if self.functions:
                raise MistakeError("nothing_to_work_out", self)
            raise self.error(
                "there is no expression", 0, 0, "write one, for instance: backprop 'x^2' x=3"
            )
        program = self._finished(self.scope, self.last[0])
        program.written = [part if part in self.names else "" for part in self._parts()]
        return program

    def _finished(self, scope: Scope, outputs: list[int]) -> Program:
        """Return what ``outputs`` depend on, of what has been built in ``scope``."""
        program = scope.program(outputs, self.source, self.origin)
        if scope.none and (node := program.graph.named("constant").get(NONE)) is not None:
            raise MistakeError("none_outside", self, program, node)
        return program

    def _parts(self) -> list[str]:
        """Return the outputs as they are written."""
        assert self.last is not None  # noqa: S101 (for mypy: there are outputs)
        text = uncommented(self.written).strip()
        if len(self.last[0]) == 1:
            label, _, rest = text.partition(":")
            return [rest.strip() if label.strip() == "outputs" else text]
        return split(text[1:-1] if text.startswith("(") else text.partition(":")[2])
