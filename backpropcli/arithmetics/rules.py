"""The table's rules as Python functions in an arithmetic.

A rule is parsed once, when first asked for, and written out as one small Python function; only the
table's own text, and programs that are parsed already, ever come here.
"""

from __future__ import annotations

from backpropcli.arithmetics import one_of
from backpropcli.graph.graph import LEAVES
from backpropcli.graph.operations import TABLE
from backpropcli.graph.statics import settled
from backpropcli.language.parse import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.protocol import Arithmetic, Partials
    from backpropcli.graph.cells import Rule
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

DEEPEST = 20
"""How deep an expression of Python's may nest."""
_compiled: dict[tuple[object, ...], Callable[..., Any]] = {}


def parsed(row: Row, rule: Rule) -> tuple[Graph, int]:
    """Return a rule of ``row`` as a graph and its root."""
    if rule.parsed is None:
        program = parse(rule.text, {*row.parameters, "out", "args", *row.static}, helpers=True)
        rule.parsed = program.graph, program.root
    return rule.parsed  # type: ignore[no-any-return]


def word(row: Row, arithmetic: Arithmetic) -> Callable[..., Any]:
    """Return the function that computes an operation in ``arithmetic``.

    Raises LookupError where neither the arithmetic nor the row says how.
    """
    found = arithmetic.WORDS.get(row.name)
    if found is None and hasattr(arithmetic, "word"):
        found = arithmetic.word(row)
    if found is not None:
        return found
    if row.derived and row.static:
        return lambda *inputs, arg: _written(row, arithmetic, arg)(*inputs)
    return _written(row, arithmetic)


def _written(row: Row, arithmetic: Arithmetic, arg: tuple[Any, ...] = ()) -> Callable[..., Any]:
    """Return the word that is what ``expand`` says, for what is static; or a Python expression."""
    key = (arithmetic.__name__, row, arg)
    found = _compiled.get(key)
    if found is None:
        code = Code(arithmetic, row, dict(zip(row.static, arg, strict=False)))
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
    if hasattr(arithmetic, "weights"):
        return arithmetic.weights(row, on)
    return partials_at(row, on, arithmetic, on)


def partials_at(
    row: Row, on: Sequence[int], arithmetic: Arithmetic, places: Sequence[int]
) -> Callable[..., Any]:
    """Return f(out, *inputs): the partials by the inputs ``places``, None for those not ``on``."""
    key = (arithmetic.__name__, row, "partials", () if row.variadic else (*on, None, *places))
    found = _compiled.get(key)
    if found is None and (numbers := _numbers(row, on, arithmetic, places)):
        found = _compiled[key] = lambda *_: numbers
    if found is None:
        code = Code(arithmetic, row)
        parts = []
        for index in (0,) if row.variadic else places:
            if not row.variadic and index not in on:
                parts.append("None")
                continue
            partial, taken = code.rule(row.in_floats[index]), row.taken[index]
            if taken is not None:
                partial = f"({partial} if {code.rule(taken)} else None)"
            parts.append(partial)
        found = _compiled[key] = code.returning(parts)
    return found


def _numbers(
    row: Row, on: Sequence[int], arithmetic: Arithmetic, places: Sequence[int]
) -> tuple[Any, ...]:
    """Return the partials where they are 1 and -1 everywhere: there is no function to write.

    It is nothing at all where they are not, or the arithmetic has no 1.
    """
    one = one_of(arithmetic)
    if row.variadic or row.static or row.own or any(row.taken) or one is None:
        return ()
    signs = {at: row.in_floats[at].number for at in on}
    if not {*signs.values()} <= {1, -1}:
        return ()
    by_sign = {None: None, 1: one, -1: word(TABLE["neg"], arithmetic)(one)}
    return tuple([by_sign[signs.get(at)] for at in places])


def by_input(row: Row, rules: Sequence[Rule], arithmetic: Arithmetic) -> Callable[..., Any]:
    """Return f(out, *inputs): the values of rules of ``row``, such as a kink's, as a tuple.

    In a variadic row there is one rule, and it is a list of its values for each input at hand.
    """
    key = (arithmetic.__name__, row, *rules)
    found = _compiled.get(key)
    if found is None:
        code = Code(arithmetic, row)
        found = _compiled[key] = code.returning([code.rule(rule) for rule in rules])
    return found


class Code:
    """The body of one function, as it is written: its inputs are x0, x1, ... and ``out``.

    ``static`` is what stands for names of what is static in the row.
    """

    def __init__(
        self, arithmetic: Arithmetic, row: Row, static: Mapping[str, Any] | None = None
    ) -> None:
        self.arithmetic = arithmetic
        self.row = row
        self.static = static or {}
        self.each = row.variadic
        self.lines: list[str] = []
        self.scope: dict[str, object] = dict(getattr(arithmetic, "scope", {}))
        self.shared: dict[str, str] = {}
        self.inputs = ["*args"] if row.variadic else [f"x{at}" for at in range(len(row.parameters))]
        self.names = {"out": "out", **dict(zip(row.parameters, self.inputs, strict=False))}
        if row.variadic:
            self.names |= {"args": "*args", row.parameters[0]: "x", row.parameters[-1]: "x"}

    def rule(self, rule: Rule) -> str:
        """Return the Python expression of a rule.

        What does not depend on the input at hand of a variadic row is worked out once.
        """
        if rule.number is not None and not rule.own:
            return self._number(rule.number)
        if rule.text in self.names and not rule.own:  # as of a product: nothing to parse
            return self.names[rule.text]
        return self.expression(*parsed(self.row, rule), own=rule.own)

    def expression(self, graph: Graph, root: int, *, own: bool = False) -> str:
        """Return the Python expression of a graph's node."""
        uses = [0] * len(graph)
        for inputs in graph.inputs:
            for child in inputs:
                uses[child] += 1
        texts: list[str] = []
        here = bytearray(len(graph))
        depths = [0] * len(graph)
        for number, operation in enumerate(graph.operations):
            inputs = graph.inputs[number]
            if operation in LEAVES:
                texts.append(self._leaf(operation, graph.args[number], own=own))
                here[number] = texts[number] == "x"
                continue
            here[number] = any(here[child] for child in inputs)
            given = [texts[child] for child in inputs]
            if graph.table[operation].static:
                arg = settled(graph.args[number], self.static)
                given.append(f"arg={self._known(f'a{arg!r}', arg)}")
            text = self._applied(graph.table[operation], given)
            depths[number] = 1 + max([depths[child] for child in inputs], default=0)
            deep = depths[number] >= DEEPEST
            if not here[number] and (uses[number] > 1 or deep or self.each):
                text, depths[number] = self._share(text), 0
            texts.append(text)
        return texts[root]

    def _number(self, number: float) -> str:
        """Return the Python expression of a number, such as a rule that is 0, 1 or -1."""
        text = self._leaf("number", float(abs(number)), own=False)
        return self._applied(TABLE["neg"], [text]) if number < 0 else text

    def _applied(self, row: Row, given: list[str]) -> str:
        """Return the Python expression of an operation on expressions."""
        template = self.arithmetic.INFIX.get(row.name)
        if template:
            return template.format(*given)
        inner = getattr(self.arithmetic, "inner", {}).get(row.name)
        name = self._known(f"w{row.name}", inner or word(row, self.arithmetic))
        return f"{name}({', '.join(given)})"

    def returning(self, parts: list[str]) -> Callable[..., Any]:
        """Return the function of ``out`` and the inputs that returns ``parts`` as a tuple."""
        if self.row.variadic:
            return self.function(["out", *self.inputs], f"[{parts[0]} for x in args]")
        return self.function(["out", *self.inputs], f"({''.join(part + ', ' for part in parts)})")

    def function(self, parameters: Sequence[str], result: str) -> Callable[..., Any]:
        """Return the function of ``parameters`` that returns ``result``."""
        head = f"def function({', '.join(parameters)}):"
        source = "\n".join([head, *self.lines, f"    return {result}"])
        exec(source, self.scope)  # noqa: S102 (written here, of names that are made here)
        return self.scope["function"]  # type: ignore[return-value]

    def chosen(self, condition: str, part: str) -> str:
        """Return what passes where a condition holds."""
        return self._applied(TABLE["given"], [condition, part])

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
            name = str(arg)
            return self._number(self.static[name]) if name in self.static else self.names[name]
        if operation == "constant":
            return self._known(f"c{arg}", self.arithmetic.constant(str(arg)))
        if own:  # a user's literals are doubles, the table's decimals are decimals
            return self._known(f"d{arg!r}", self.arithmetic.double(arg))  # type: ignore[arg-type]
        if arg == 1 and (one := one_of(self.arithmetic)) is not None:
            return self._known("one", one)
        return self._known(f"c{arg!r}", self.arithmetic.constant(repr(arg)))
