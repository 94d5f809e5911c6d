"""The table's rules as Python functions in an arithmetic.

An arithmetic is a module or an object. It has ``WORDS`` (operation name -> function), ``INFIX``
(operation name -> Python expression with {0} {1} {2}), ``constant(text)`` and ``double(value)``,
and ``add`` and ``mul`` for the sweeps. What it has no word for is expanded by the operation's row.
A rule is parsed once, when first asked for, and written out as one small Python function; only the
table's own text, and programs that are parsed already, ever come here.
"""

from __future__ import annotations

from backpropcli.graph.graph import Graph
from backpropcli.graph.operations import TABLE
from backpropcli.language.parse import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence
    from typing import Any, Protocol

    from backpropcli.graph.row import Row, Rule

    class Sums(Protocol):
        """What the sweeps need of an arithmetic."""

        def add(self, x: Any, y: Any, /) -> Any:  # noqa: ANN401
            """Return the sum of two numbers."""

        def mul(self, x: Any, y: Any, /) -> Any:  # noqa: ANN401
            """Return the product of a number and a partial derivative."""

    class Own(Protocol):
        """An arithmetic that finds partials in a way of its own: the nodes of a graph."""

        def weights(self, row: Row, on: Sequence[int], /) -> Callable[..., Any]:
            """Return f(out, *inputs): the partials by the inputs ``on``."""

    class Arithmetic(Protocol):
        """What the forward pass and ``linearize`` need of an arithmetic."""

        __name__: str
        WORDS: dict[str, Callable[..., Any]]
        INFIX: dict[str, str]

        def constant(self, text: str) -> Any:  # noqa: ANN401
            """Return the number, of a rule's text, or the constant that ``text`` names."""

        def double(self, value: float) -> Any:  # noqa: ANN401
            """Return a double, of a user's program, exactly."""

    Partials = Arithmetic | Own


DEEPEST = 20
"""How deep an expression of Python's may nest."""
_compiled: dict[tuple[object, ...], Callable[..., Any]] = {}


_ones: dict[str, Any] = {}


def one_of(arithmetic: Sums | Arithmetic) -> Any:  # noqa: ANN401
    """Return the object that is 1 in every partial of an arithmetic: a sweep need not multiply."""
    name = getattr(arithmetic, "__name__", "")
    if name not in _ones and hasattr(arithmetic, "constant") and not hasattr(arithmetic, "weights"):
        _ones[name] = arithmetic.constant("1")
    return _ones.get(name)


def parsed(row: Row, rule: Rule) -> tuple[Graph, int]:
    """Return a rule of ``row`` as a graph and its root."""
    if rule.parsed is None:
        program = parse(rule.text, {*row.parameters, "out", "args"}, helpers=True)
        rule.parsed = program.graph, program.root
    found: tuple[Graph, int] = rule.parsed
    return found


def expanded(graph: Graph, root: int, known: Container[str]) -> tuple[Graph, int]:
    """Return what ``root`` rests on, with rows' expansions of the operations not ``known``."""
    result = Graph(graph.table)

    def make(operation: str, inputs: tuple[int, ...], arg: object) -> int:
        row = graph.table.get(operation)
        if row is None or row.expand is None or operation in known:
            return result.node(operation, inputs, arg)
        body, top = parsed(row, row.expand)
        given = dict(zip(row.parameters, inputs, strict=True))
        return result.write(body, given, node=make)[top]

    return result, result.write(graph, keep=graph.ancestors([root]), node=make)[root]


def word(row: Row, arithmetic: Arithmetic) -> Callable[..., Any]:
    """Return the function that computes an operation in ``arithmetic``.

    Raises LookupError where neither the arithmetic nor the row says how.
    """
    found = arithmetic.WORDS.get(row.name)
    own = getattr(arithmetic, "word", None)
    if found is None and own is not None:
        found = own(row)
    if found is not None:
        return found
    key = (arithmetic.__name__, row)
    found = _compiled.get(key)
    if found is None:
        code = _Code(arithmetic, row)
        if row.name in arithmetic.INFIX:
            result = arithmetic.INFIX[row.name].format(*code.inputs)
        elif row.expand is not None:
            result = code.rule(row.expand)
        else:
            raise LookupError(f"{arithmetic.__name__} has no word for {row.name}")
        found = _compiled[key] = code.function(code.inputs, result)
    return found


def weights(row: Row, on: Sequence[int], arithmetic: Partials) -> Callable[..., Any]:
    """Return f(out, *inputs): the local partials by the inputs numbered in ``on``, as a tuple.

    A partial is None where its edge is not taken. In a variadic row it is a list of the partials
    by all inputs, whatever ``on`` is.
    """
    own: Callable[..., Callable[..., Any]] | None = getattr(arithmetic, "weights", None)
    if own is not None:
        return own(row, on)
    return _partials(row, on, arithmetic)  # type: ignore[arg-type]


def _partials(row: Row, on: Sequence[int], arithmetic: Arithmetic) -> Callable[..., Any]:
    key = (arithmetic.__name__, row, "partials", () if row.variadic else tuple(on))
    found = _compiled.get(key)
    if found is None:
        code = _Code(arithmetic, row)
        parts = []
        for index in (0,) if row.variadic else on:
            partial, taken = code.rule(row.in_floats[index]), row.taken[index]
            parts.append(
                partial if taken is None else f"({partial} if {code.rule(taken)} else None)"
            )
        found = _compiled[key] = code.returning(parts)
    return found


def by_input(row: Row, rules: Sequence[Rule], arithmetic: Arithmetic) -> Callable[..., Any]:
    """Return f(out, *inputs): the values of rules of ``row``, such as a kink's, as a tuple.

    In a variadic row there is one rule, and it is a list of its values for each input at hand.
    """
    key = (arithmetic.__name__, row, *rules)
    found = _compiled.get(key)
    if found is None:
        code = _Code(arithmetic, row)
        found = _compiled[key] = code.returning([code.rule(rule) for rule in rules])
    return found


class _Code:
    """The body of one function, as it is written: its inputs are x0, x1, ... and ``out``."""

    def __init__(self, arithmetic: Arithmetic, row: Row) -> None:
        self.arithmetic = arithmetic
        self.row = row
        self.inputs = ["*args"] if row.variadic else [f"x{at}" for at in range(len(row.parameters))]
        self.names = {"out": "out", **dict(zip(row.parameters, self.inputs, strict=False))}
        if row.variadic:
            self.names |= {"args": "*args", row.parameters[0]: "x", row.parameters[-1]: "x"}
        self.lines: list[str] = []
        self.scope: dict[str, object] = {}
        self.shared: dict[str, str] = {}

    def rule(self, rule: Rule) -> str:
        """Return the Python expression of a rule.

        What does not depend on the input at hand of a variadic row is worked out once.
        """
        if rule.number is not None and not rule.own:
            return self._whole(rule.number)
        graph, root = parsed(self.row, rule)
        uses = [0] * len(graph)
        for inputs in graph.inputs:
            for child in inputs:
                uses[child] += 1
        texts: list[str] = []
        here = bytearray(len(graph))
        depths = [0] * len(graph)
        for number, operation in enumerate(graph.operations):
            inputs = graph.inputs[number]
            if not inputs:
                text = self._leaf(operation, graph.args[number], own=rule.own)
                here[number] = text == "x"
                texts.append(text)
                continue
            here[number] = any(here[child] for child in inputs)
            given = [texts[child] for child in inputs]
            text = self._applied(graph.table[operation], given)
            depths[number] = 1 + max([depths[child] for child in inputs])
            deep = depths[number] >= DEEPEST
            if not here[number] and (uses[number] > 1 or deep or self.row.variadic):
                text, depths[number] = self._share(text), 0
            texts.append(text)
        return texts[root]

    def _whole(self, number: int) -> str:
        """Return the Python expression of 0, 1 or -1."""
        text = self._leaf("number", float(abs(number)), own=False)
        return self._applied(TABLE["neg"], [text]) if number < 0 else text

    def _applied(self, row: Row, given: list[str]) -> str:
        """Return the Python expression of an operation on expressions."""
        template = self.arithmetic.INFIX.get(row.name)
        if template:
            return template.format(*given)
        return f"{self._known(f'w{row.name}', word(row, self.arithmetic))}({', '.join(given)})"

    def returning(self, parts: list[str]) -> Callable[..., Any]:
        """Return the function of ``out`` and the inputs that returns ``parts`` as a tuple."""
        if self.row.variadic:
            return self.function(["out", *self.inputs], f"[{parts[0]} for x in args]")
        return self.function(["out", *self.inputs], f"({''.join(part + ', ' for part in parts)})")

    def function(self, parameters: list[str], result: str) -> Callable[..., Any]:
        """Return the function of ``parameters`` that returns ``result``."""
        head = f"def function({', '.join(parameters)}):"
        source = "\n".join([head, *self.lines, f"    return {result}"])
        exec(source, self.scope)  # noqa: S102 (written here, of names that are made here)
        return self.scope["function"]  # type: ignore[return-value]

    def _share(self, text: str) -> str:
        name = self.shared.get(text)
        if name is None:
            name = self.shared[text] = f"t{len(self.lines)}"
            self.lines.append(f"    {name} = {text}")
        return name

    def _known(self, key: str, item: object) -> str:
        """Return the name under which the function knows ``item``."""
        name = self.shared.get(key)
        if name is None:
            name = self.shared[key] = f"k{len(self.scope)}"
            self.scope[name] = item
        return name

    def _leaf(self, operation: str, arg: object, *, own: bool) -> str:
        """Return the Python expression of a variable, a literal or a constant in a rule."""
        if operation == "variable":
            return self.names[str(arg)]
        if operation == "constant":
            return self._known(f"c{arg}", self.arithmetic.constant(str(arg)))
        if own:  # a user's literals are doubles, the table's decimals are decimals
            return self._known(f"d{arg!r}", self.arithmetic.double(arg))  # type: ignore[arg-type]
        if arg == 1:
            return self._known("one", one_of(self.arithmetic))
        return self._known(f"c{arg!r}", self.arithmetic.constant(repr(arg)))
