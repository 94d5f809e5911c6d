"""Builds the graph while the parser reduces: there is no parse tree, and nothing here recurses."""

from __future__ import annotations

from backpropcli.errors import BackpropError, SourceError
from backpropcli.functions import MOST_NODES, OUT, Function, written_into
from backpropcli.grammar_tables import RULES
from backpropcli.graph import BY_DIFF, LEAVES, Call, Diff, Graph, Program, uncommented
from backpropcli.operations import CONSTANTS, NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from typing import Any

    from backpropcli.derivative import Derivative

DIFF = "diff"
ORDERS = range(1, 21)
"""How often diff differentiates."""
LONG = 40
"""A literal of more characters is not repeated whole in a message."""
RAISED = {ord(char): str(digit) for digit, char in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")} | {ord("⁻"): "-"}


class Scope:
    """What is being built, of a program or of a function's body: a graph, names and places.

    ``parameters`` are the only names that a body may use; a program has none.
    """

    def __init__(self, parameters: Sequence[str] | None = None, name: str = "") -> None:
        self.parameters = parameters
        self.name = name
        self.graph = Graph()
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.made = bytearray()
        self.names: dict[str, int] = {}
        self.places: dict[str, int] = {}
        self.used: dict[str, int] = {}
        self.literals: dict[int, float] = {}
        self.calls: dict[int, Call] = {}
        self.derivatives: dict[int, Derivative] = {}
        self.diffs: list[Diff] = []

    def program(self, outputs: list[int], source: str, origin: str) -> Program:
        """Return the finished program: what its outputs depend on."""
        graph = self.graph
        keep = graph.ancestors(outputs)
        renamed = list(range(len(graph)))
        starts, ends, names, made = self.starts, self.ends, self.names, self.made
        unused = [name for name, number in names.items() if not keep[number]]
        if not all(keep):
            graph, renamed = graph.part(keep)
            outputs = [renamed[output] for output in outputs]
            starts = [start for start, kept in zip(starts, keep, strict=True) if kept]
            ends = [end for end, kept in zip(ends, keep, strict=True) if kept]
            names = {name: renamed[number] for name, number in names.items() if keep[number]}
            made = bytearray(
                [flag for flag, kept in zip(made, keep, strict=False) if kept]  # made is shorter
            )
        graph.freeze()
        program = Program(graph, outputs, source, origin, starts, ends, names, unused)
        program.made = made
        for node, call in self.calls.items():
            if keep[node]:
                inputs = tuple(renamed[child] for child in call.inputs if keep[child])
                program.calls[renamed[node]] = Call(call.name, inputs)
        for diff in self.diffs:
            given = {name: renamed[node] for name, node in diff.given.items() if keep[node]}
            place = renamed[diff.place] if diff.place >= 0 else -1
            program.diffs.append(diff.placed(given, place))
        return program


class Builder:
    """Builds the graph while the parser reduces: one method for each alias in the grammar."""

    def __init__(
        self,
        source: str,
        origin: str,
        bound: Collection[str],
        *,
        from_file: bool = False,
        book: bool = False,
    ) -> None:
        self.book = book
        self.source = source
        self.origin = origin
        self.bound = bound
        self.from_file = from_file or origin not in {"", "stdin"}
        self.rules: list[tuple[int, str, Any, int]] = []
        self.functions: dict[str, Function] = {}
        self.builtins: dict[str, int] = {}
        self.files: list[str] = []
        self.definitions = False
        self.defined = (0, 0)
        self.warnings: list[str] = []
        self.outer: Scope | None = None
        self.last: tuple[list[int], int, int] | None = None
        self.nameless: tuple[int, int] | None = None
        self.written = ""
        self.enter(Scope())

    def enter(self, scope: Scope) -> None:
        """Build in ``scope`` from now on."""
        self.scope = scope
        self.graph = scope.graph
        self.starts, self.ends = scope.starts, scope.ends
        self.names, self.used, self.literals = scope.names, scope.used, scope.literals
        self.rules[:] = [
            (
                length,
                nonterminal,
                self.handler(alias, length) if alias else None,
                parts[0] if parts else -1,
            )
            for nonterminal, length, alias, parts in RULES
        ]

    def error(self, message: str, start: int, end: int, hint: str = "") -> SourceError:
        """Return the error at characters ``start`` to ``end``."""
        return SourceError(message, self.source, start, end, hint, self.origin)

    def mark(self, number: int, start: int, end: int) -> int:
        """Remember where node ``number`` first appeared."""
        if number == len(self.starts):
            self.starts.append(start)
            self.ends.append(end)
        return number

    def infix(self, operation: str) -> Callable[[list[Any], int, int], int]:
        """Return the builder of an infix operation."""
        node, starts, ends = self.graph.node, self.starts, self.ends

        def build(values: list[Any], start: int, end: int) -> int:
            number = node(operation, (values[0], values[2]))
            if number == len(starts):
                starts.append(start)
                ends.append(end)
            return number

        return build

    def prefix(self, operation: str) -> Callable[[list[Any], int, int], int]:
        """Return the builder of a prefix operation."""

        def build(values: list[Any], start: int, end: int) -> int:
            return self.mark(self.graph.node(operation, (values[1],)), start, end)

        return build

    def number(self, values: list[Any], start: int, end: int) -> int:
        text = values[0]
        try:
            value = float(text)
        except ValueError:
            raise self.error(
                f"'{text if len(text) < LONG else text[:LONG] + '…'}' is not a number",
                start,
                end,
                "an underscore stands between two digits, as in 1_000",
            ) from None
        if value == float("inf"):
            raise self.error(
                "the number is too large for a double",
                start,
                end,
                "the largest is about 1.8e308; 'inf' is infinity",
            )
        if value == 0 and any(char in "123456789" for char in text.lower().partition("e")[0]):
            raise self.error(
                "the number is too small for a double and would be 0",
                start,
                end,
                "the smallest above 0 is about 4.9e-324",
            )
        found = self.graph.leaf("number", value)
        self.literals[found] = value
        return self.mark(found, start, end)

    def name(self, values: list[Any], start: int, end: int) -> int:
        name = values[0]
        if name in self.names:
            return self.names[name]
        parameters = self.scope.parameters
        if parameters is not None and name not in parameters and name not in CONSTANTS:
            from backpropcli.mistakes.definitions import not_a_parameter  # noqa: PLC0415 (only on a mistake)

            raise not_a_parameter(self, name, start, end)
        bound = self.bound if parameters is None else parameters
        if name in CONSTANTS and name not in bound:
            self.used.setdefault(name, start)
            return self.mark(self.graph.leaf("constant", CONSTANTS[name]), start, end)
        self.used.setdefault(name, start)
        return self.mark(self.graph.leaf("variable", name), start, end)

    def pow(self, values: list[Any], start: int, end: int) -> int:
        return self._power(values[0], values[2], start, end)

    def superscript(self, values: list[Any], start: int, end: int) -> int:
        text = values[1].translate(RAISED)
        digits = text.lstrip("-")
        exponent = self.number([digits], end - len(digits), end)
        if text != digits:
            exponent = self.mark(self.graph.node("neg", (exponent,)), end - len(text), end)
        return self._power(values[0], exponent, start, end)

    def _power(self, base: int, exponent: int, start: int, end: int) -> int:
        found = self.mark(self.graph.node("pow", (base, exponent)), start, end)
        if base in self.literals and exponent in self.literals:
            try:
                self.literals[found] = self.literals[base] ** self.literals[exponent]
            except OverflowError:
                raise self.error(
                    "this power of numbers is too large for a double",
                    start,
                    end,
                    "the largest is about 1.8e308; 'inf' is infinity",
                ) from None
            except ZeroDivisionError:
                pass  # 0^-1 cannot be written so: its exponent is a negation
        return found

    def root(self, values: list[Any], start: int, end: int) -> int:
        return self.mark(self.graph.node("sqrt", (values[1],)), start, end)

    def plus(self, values: list[Any], _start: int, _end: int) -> int:
        return int(values[1])

    def matmul(self, _values: list[Any], start: int, end: int) -> int:
        raise self.error("'@' multiplies matrices, and these are numbers", start, end, "write '*'")

    def argument_first(self, values: list[Any], _start: int, _end: int) -> list[int]:
        return [values[0]]

    def argument_next(self, values: list[Any], _start: int, _end: int) -> list[int]:
        values[0].append(values[2])
        return values[0]  # type: ignore[no-any-return]

    def call(self, values: list[Any], start: int, end: int) -> int:
        name, inputs = values[0], values[2]
        if name == self.scope.name:
            from backpropcli.mistakes.definitions import calls_itself  # noqa: PLC0415 (a mistake)

            raise calls_itself(self, name, start)
        if name in self.functions:
            return self._own_call(self.functions[name], inputs, start, end)
        if name == DIFF:
            return self._diff(inputs, start, end)
        row = NAMES.get(name)
        self.builtins.setdefault(name, start)
        if row is None or row.infix in {"+", "-", "*", "/"}:
            from backpropcli.mistakes.syntax import unknown_function  # noqa: PLC0415 (only on a mistake)

            raise unknown_function(self, name, start)
        if not row.accepts(len(inputs)):
            from backpropcli.mistakes.syntax import wrong_count  # noqa: PLC0415 (only on a mistake)

            raise wrong_count(self, row, name, len(inputs), start, end)
        if len(inputs) < len(row.parameters):
            for parameter in row.parameters[len(inputs) :]:
                inputs.append(self.number([row.defaults[parameter]], end, end))
        if row.name == "pow":
            return self._power(inputs[0], inputs[1], start, end)
        return self.mark(self.graph.node(row.name, tuple(inputs)), start, end)

    def call_empty(self, values: list[Any], start: int, end: int) -> int:
        return self.call([values[0], "(", []], start, end)

    def _own_call(self, function: Function, inputs: list[int], start: int, end: int) -> int:
        """Write a call of a function of the program's own."""
        if len(inputs) != len(function.parameters):
            from backpropcli.mistakes.definitions import own_count  # noqa: PLC0415 (only on a mistake)

            raise own_count(self, function, len(inputs), start, end)
        function.used = True
        before = len(self.graph)
        if before + len(function.body.graph) > MOST_NODES:
            raise self.error(
                f"this call makes the graph larger than {MOST_NODES:,} nodes",
                start,
                end,
                "a function that calls another twice doubles it each time",
            )
        node, calls, diffs, derived = written_into(self.graph, function, inputs)
        self._made(before, node, start, end)
        made = self.scope.made
        for at in derived:
            if before <= at != node:
                made[at] = BY_DIFF
        for at, call in calls:
            if at >= before:
                self.scope.calls.setdefault(at, call)
        self.scope.diffs += diffs
        if node < len(made) and made[node]:  # met before inside of another call, now in the text
            made[node], self.starts[node], self.ends[node] = 0, start, end
            self.scope.calls.setdefault(node, Call(function.name, tuple(inputs)))
        elif node >= before:
            self.scope.calls[node] = Call(function.name, tuple(inputs))
        return node

    def _made(self, before: int, node: int, start: int, end: int, how: int = 1) -> None:
        """Give the nodes from number ``before`` on the place of the call that made them."""
        new = len(self.graph) - before
        self.starts += [start] * new
        self.ends += [end] * new
        made = self.scope.made
        made += bytes(before - len(made)) + bytes([how]) * new
        if node >= before:
            made[node] = 0

    def _diff(self, inputs: list[int], start: int, end: int) -> int:
        """Write the derivative diff(u, x) or diff(u, x, n)."""
        from backpropcli.derivative import Derivative  # noqa: PLC0415 (only with diff)

        graph, scope = self.graph, self.scope
        order = 1.0
        if len(inputs) == 3:  # noqa: PLR2004 (diff(u, x, n))
            order = self.literals.get(inputs[2], 0.0)
        if not (2 <= len(inputs) <= 3 and self.can_move(inputs[1]) and order in ORDERS):  # noqa: PLR2004
            from backpropcli.mistakes.definitions import bad_diff  # noqa: PLC0415 (only on a mistake)

            raise bad_diff(self, inputs, start, end)
        node, by = inputs[0], inputs[1]
        before = len(graph)
        derivative = scope.derivatives.get(by)
        if derivative is None:
            one = graph.leaf("number", 1.0)
            derivative = Derivative(graph, {by: one}, book=self.book)
            scope.derivatives[by] = derivative
        for _ in range(int(order)):
            of = node
            try:
                found = derivative.of(node)
            except BackpropError as error:  # it has too many nodes
                raise self.error(error.message, start, end, error.hint) from None
            node = graph.leaf("number", 0.0) if found is None else found
            scope.diffs.append(Diff(graph, derivative.seeds, derivative.found, {}, of, node))
            if found is None:
                text = " ".join(self.source[start:end].split())
                self.warn(f"{text} is 0: nothing in it moves with its second argument")
                break
        self._made(before, node, start, end, BY_DIFF)
        if node >= before and graph.inputs[node]:
            scope.calls[node] = Call(DIFF, self._made_of(node, before))
        return node

    def can_move(self, node: int) -> bool:
        """Say whether diff can differentiate by a node: a variable, or a name for an operation.

        A name for a number is none: equal numbers are one node, whatever they stand for.
        """
        operation = self.graph.operations[node]
        if operation in LEAVES:
            return operation == "variable"
        return node in self.names.values()

    def warn(self, text: str) -> None:
        """Remember a warning, once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def _made_of(self, node: int, before: int) -> tuple[int, ...]:
        """Return the nodes below ``before`` that a new node is made of; not the literals."""
        graph, found = self.graph, set()
        stack, seen = [node], {node}
        while stack:
            for child in graph.inputs[stack.pop()]:
                if child >= before and child not in seen:
                    seen.add(child)
                    stack.append(child)
                elif child < before and graph.operations[child] not in ("number", "constant"):
                    found.add(child)
        return tuple(sorted(found))

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

    def function_head(self, values: list[Any], start: int, end: int) -> str:
        name, parameters = values[1], values[3]
        if name in self.functions or name in self.builtins or name == DIFF:
            from backpropcli.mistakes.definitions import bad_definition  # noqa: PLC0415 (only on a mistake)

            raise bad_definition(self, name, start, end)
        self._not_nameless()
        self.outer = self.scope
        self.enter(Scope(parameters, name))
        return str(name)

    def definition(self, values: list[Any], start: int, end: int) -> None:
        name, node = values[0], values[1]
        scope, outer = self.scope, self.outer
        assert outer is not None  # noqa: S101 (for mypy: a head has opened the body)
        body = scope.program([node], self.source, self.origin)
        self.functions[name] = Function(name, list(scope.parameters or ()), body)
        self.defined = (start, end)
        self.outer = None
        self.enter(outer)

    def rule_head(self, values: list[Any], start: int, end: int) -> str:
        name, parameters = values[1], values[3]
        function = self.functions.get(name)
        if (
            function is None
            or function.used
            or function.row
            or (len(parameters) != len(function.parameters))
        ):
            from backpropcli.mistakes.definitions import bad_rule  # noqa: PLC0415 (only on a mistake)

            raise bad_rule(self, name, function, len(parameters), start, end)
        self._not_nameless()
        self.outer = self.scope
        self.enter(Scope([*parameters, OUT], name))
        return str(name)

    def rule(self, values: list[Any], start: int, end: int) -> None:
        function, nodes = self.functions[values[0]], values[1]
        scope, outer = self.scope, self.outer
        assert outer is not None  # noqa: S101 (for mypy: a head has opened the rule)
        if len(nodes) != len(function.parameters):
            from backpropcli.mistakes.definitions import rule_count  # noqa: PLC0415 (only on a mistake)

            raise rule_count(self, function, len(nodes), start, end)
        given = list(scope.parameters or ())[:-1]
        rules = [scope.program([node], self.source, self.origin) for node in nodes]
        function.give(rules, given)
        self.defined = (start, end)
        self.outer = None
        self.enter(outer)

    def use(self, values: list[Any], start: int, end: int) -> None:
        from backpropcli.include import include  # noqa: PLC0415 (only with use)

        self._not_nameless()
        include(self, values[1][1:-1], end - len(values[1]), end)
        self.defined = (start, end)

    def assignment(self, values: list[Any], start: int, end: int) -> None:
        name, number = values[0], values[2]
        if name in self.names or name in self.used or name in self.bound:
            from backpropcli.mistakes.syntax import bad_assignment  # noqa: PLC0415 (only on a mistake)

            raise bad_assignment(self, name, number, start, end)
        self._not_nameless()
        self._not_in_definitions(start, end)
        self.names[name] = number
        self.scope.places[name] = start
        self.last = ([number], start, end)
        self.written = name

    def output(self, values: list[Any], start: int, end: int) -> None:
        self._outputs([values[0]], start, end)

    def outputs(self, values: list[Any], start: int, end: int) -> None:
        if values[0] != "outputs":
            from backpropcli.mistakes.definitions import labelled  # noqa: PLC0415 (only on a mistake)

            raise labelled(self, values[0], start, end)
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
                "a file that is used holds definitions only",
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
                "only the last statement can stand without a name",
                *self.nameless,
                "give this one a name, as in 'z = ...', or remove it",
            )

    def program_statement(self, _values: list[Any], _start: int, _end: int) -> None:
        """Pass: the statement has been taken in."""

    program_empty = program_blank = program_statement

    def handler(self, alias: str, length: int) -> Callable[[list[Any], int, int], Any]:
        """Return what builds the alternative called ``alias``, of ``length`` symbols."""
        method = getattr(self, alias, None)
        if method is not None:
            return method  # type: ignore[no-any-return]
        return self.prefix(alias) if length == 2 else self.infix(alias)  # noqa: PLR2004

    def program(self) -> Program:
        """Return the finished program: what its outputs depend on."""
        if self.last is None:
            if self.functions:
                from backpropcli.mistakes.definitions import nothing_to_work_out  # noqa: PLC0415 (a mistake)

                raise nothing_to_work_out(self)
            raise self.error(
                "there is no expression", 0, 0, "write one, for instance: backprop 'x^2' x=3"
            )
        program = self.scope.program(self.last[0], self.source, self.origin)
        program.warnings = self.warnings
        program.written = [part if part in self.names else "" for part in self._parts()]
        return program

    def _parts(self) -> list[str]:
        """Return the outputs as they are written."""
        assert self.last is not None  # noqa: S101 (for mypy: there are outputs)
        text = uncommented(self.written).strip()
        if len(self.last[0]) == 1:
            return [text]
        text = text[1:-1] if text.startswith("(") else text.partition(":")[2]
        parts, depth, begin = [], 0, 0
        for at, char in enumerate(text):
            depth += (char == "(") - (char == ")")
            if char == "," and depth == 0:
                parts.append(text[begin:at].strip())
                begin = at + 1
        return [*parts, text[begin:].strip()]
