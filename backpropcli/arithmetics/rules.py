"""The table's rules as Python functions in an arithmetic.

An arithmetic is a module or an object. It has ``WORDS`` (operation name -> function), ``INFIX``
(operation name -> Python expression with {0} {1} {2}), ``constant(text)`` and ``double(value)``,
and ``add`` and ``mul`` for the sweeps. What it has no word for is expanded by the operation's row.
A rule is parsed once, when first asked for, and written out as one small Python function; only the
table's own text, and programs that are parsed already, ever come here.
"""

from __future__ import annotations

from backpropcli.graph.graph import LEAVES, Graph
from backpropcli.graph.operations import TABLE
from backpropcli.graph.row import settled
from backpropcli.language.parse import parse
from backpropcli.language.surface import ADJOINT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence
    from typing import Any, ParamSpec, Protocol, TypeVar

    from backpropcli.graph.row import Row, Rule

    P = ParamSpec("P")
    R = TypeVar("R")
    V = TypeVar("V")

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


def silently(run: Callable[P, R]) -> Callable[P, R]:
    """Return a pass whose second argument is an arithmetic, run without that one's warnings.

    Arrays of floats warn of what IEEE 754 answers with inf and nan.
    """

    def found(*args: P.args, **named: P.kwargs) -> R:
        silence = getattr(args[1], "silence", None)
        if silence is None:
            return run(*args, **named)
        with silence():
            return run(*args, **named)

    found.__doc__ = run.__doc__
    return found


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
        program = parse(rule.text, {*row.parameters, "out", "args", *row.static}, helpers=True)
        rule.parsed = program.graph, program.root
    found: tuple[Graph, int] = rule.parsed
    return found


def adjoint(
    row: Row, index: int, axes: tuple[int, ...], arg: object, *, in_floats: bool = False
) -> tuple[Graph, int] | None:
    """Return what an operation on whole arrays sends to input ``index``: a graph and its root.

    Its variables are g, out, x0, x1, ... ``axes`` are the numbers of axes of the inputs, and
    ``arg`` is what is static; with ``in_floats`` it is in the form that floats need. None where
    nothing goes there.
    """
    in_floats = in_floats and bool(row.in_floats)
    key = (row, index, axes, arg, in_floats)
    if key not in _adjoints:
        given = arg if isinstance(arg, tuple) else ()
        static = dict(zip(row.static, given, strict=True))
        rule = row.in_floats[index] if in_floats else row.adjoint(index, axes, given)
        _adjoints[key] = None if rule is None else instance(row, rule, len(axes), static, index)
    return _adjoints[key]


def reads(row: Row, on: Sequence[int], axes: Sequence[int], arg: object = None) -> Sequence[int]:
    """Return what the partials by the inputs ``on`` read: 0 is the value, 1, 2, ... the inputs.

    ``axes`` are the inputs' numbers of axes, and ``arg`` is what is static: both matter for an
    operation on whole arrays. What is looked at for its shape only is not read.
    """
    key = row, tuple(on), tuple(axes), arg
    found = _reads.get(key)
    if found is None:
        names = {"out": 0, **{name: 1 + at for at, name in enumerate(row.parameters)}}
        names |= {f"x{at}": 1 + at for at in range(len(axes))}
        known = {name for graph, root in _texts(row, on, axes, arg) for name in _read(graph, root)}
        found = tuple(sorted({names[name] for name in known & names.keys()}))
        if row.variadic and not row.whole and known:
            found = range(len(axes) + 1)
        _reads[key] = found
    return found


_reads: dict[tuple[object, ...], Sequence[int]] = {}


def _texts(
    row: Row, on: Sequence[int], axes: Sequence[int], arg: object
) -> list[tuple[Graph, int]]:
    """Return the rules of partials, each as a graph and its root."""
    if row.whole:
        found = [adjoint(row, index, tuple(axes), arg, in_floats=True) for index in on]
        return [one for one in found if one is not None]
    cells = {row.cell(index) for index in on}
    rules = [rule for cell in cells for rule in (row.in_floats[cell], row.taken[cell])]
    return [parsed(row, rule) for rule in rules if rule is not None and rule.number is None]


def _read(graph: Graph, root: int) -> set[str]:
    """Return the variables that a node reads, and not only for their shape."""
    from backpropcli.graph.arrays import BY_SHAPE  # noqa: PLC0415 (only with arrays)

    read = bytearray(len(graph))
    read[root] = 1
    for number in range(root, -1, -1):
        if read[number]:
            inputs = graph.inputs[number]
            by_shape = BY_SHAPE.get(graph.operations[number])
            told = range(len(inputs))[by_shape] if by_shape else ()
            for at, child in enumerate(inputs):
                read[child] |= at not in told
    return {name for name, node in graph.variables().items() if read[node]}


def bound(g: V, out: V, inputs: Sequence[V]) -> dict[str, V]:
    """Return what the variables of an adjoint rule stand for: g, out, x0, x1, ..."""
    return {"g": g, "out": out, **{f"x{at}": value for at, value in enumerate(inputs)}}


_adjoints: dict[tuple[object, ...], tuple[Graph, int] | None] = {}


def instance(
    row: Row, rule: Rule, count: int, static: dict[str, object], index: int = 0
) -> tuple[Graph, int]:
    """Return a rule as a graph with what is static filled in, and its root.

    It is one of input ``index`` of an operation on whole arrays with ``count`` inputs.
    """
    from backpropcli.graph.arrays import TABLE_OF_ARRAYS  # noqa: PLC0415 (only with arrays)

    text, root = parsed(row, rule)
    graph = Graph(TABLE_OF_ARRAYS)
    graph.define({name: own for name, own in text.table.items() if own.own})
    inputs = [graph.node("variable", (), f"x{at}") for at in range(count)]
    given: dict[str, tuple[int, ...]] = {}
    if not row.own:  # the parameters of a program's own functions may have any names
        given |= {f"x{at}": (node,) for at, node in enumerate(inputs)}
        given |= {"args": tuple(inputs), "rest": tuple(inputs[len(row.parameters) :])}
    given |= {name: (node,) for name, node in zip(row.parameters, inputs, strict=False)}
    for name, called in (("g", ADJOINT if row.own else "g"), ("out", "out")):
        node = graph.node("variable", (), name)
        if row.reduces and static["axis"] is not None and not static["keepdims"]:
            node = graph.node("kept", (node, inputs[0]), (static["axis"],))
        given[called] = (node,)
    places = written(text, given, {"which": index} | static, graph.node)
    [found] = places[root]
    return graph, found


def written(
    text: Graph,
    given: Mapping[str, tuple[int, ...]],
    static: Mapping[str, object],
    make: Callable[[str, tuple[int, ...], object], int],
) -> list[tuple[int, ...]]:
    """Return the nodes that ``make`` makes for each node of a rule's graph.

    ``given`` has the nodes that the rule's variables stand for: some stand for several.
    """
    places: list[tuple[int, ...]] = []
    for number, operation in enumerate(text.operations):
        arg = text.args.get(number)
        if operation == "variable" and (known := given.get(str(arg))) is not None:
            places.append(known)
        elif operation == "variable":  # what is static, as a number
            places.append((_number(static[str(arg)], make),))
        elif operation == "name":  # a rule's own, such as S
            places.append(places[text.inputs[number][0]])
        else:
            parts = tuple([node for child in text.inputs[number] for node in places[child]])
            places.append((make(operation, parts, settled(arg, static)),))
    return places


def _number(value: Any, make: Callable[[str, tuple[int, ...], object], int]) -> int:  # noqa: ANN401 (a number)
    """Return the node of what is static: a number; true is 1."""
    size = float(value)
    node = make("number", (), abs(size))
    return make("neg", (node,), None) if size < 0 else node


def adjoint_word(
    row: Row, index: int, axes: tuple[int, ...], arg: object, arithmetic: Arithmetic
) -> Callable[..., Any] | None:
    """Return f(g, out, *inputs): what goes to input ``index``; None where nothing does."""
    found = adjoint(row, index, axes, arg, in_floats=True)
    if found is None:
        return None
    key = (arithmetic.__name__, row, index, axes, arg)
    if key not in _words:
        parameters = ["g", "out", *[f"x{at}" for at in range(len(axes))]]
        _words[key] = _compiled_graph(arithmetic, *found, parameters)
    return _words[key]


_words: dict[tuple[object, ...], Callable[..., Any]] = {}


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
    if found is None and row.derived and row.static:
        return _derived(row, arithmetic)
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


def _derived(row: Row, arithmetic: Arithmetic) -> Callable[..., Any]:
    """Return the word of an operation that is what ``expand`` says, for what is static in it."""

    def found(*inputs: Any, arg: tuple[object, ...]) -> Any:  # noqa: ANN401
        key = (arithmetic.__name__, row, arg)
        if key not in _compiled:
            assert row.expand is not None  # noqa: S101 (for mypy: it is derived)
            text, root = parsed(row, row.expand)
            graph = Graph(text.table)
            names = row.parameters
            given = {name: (graph.node("variable", (), name),) for name in names}
            places = written(text, given, dict(zip(row.static, arg, strict=True)), graph.node)
            [top] = places[root]
            _compiled[key] = _compiled_graph(arithmetic, graph, top, names)
        return _compiled[key](*inputs)

    return found


def weights(row: Row, on: Sequence[int], arithmetic: Partials) -> Callable[..., Any]:
    """Return f(out, *inputs): the local partials by the inputs numbered in ``on``, as a tuple.

    A partial is None where its edge is not taken. In a variadic row it is a list of the partials
    by all inputs, whatever ``on`` is.
    """
    own: Callable[..., Callable[..., Any]] | None = getattr(arithmetic, "weights", None)
    if own is not None:
        return own(row, on)
    return partials_at(row, on, arithmetic, on)  # type: ignore[arg-type]


def partials_at(
    row: Row, on: Sequence[int], arithmetic: Arithmetic, places: Sequence[int]
) -> Callable[..., Any]:
    """Return f(out, *inputs): the partials by the inputs ``places``, None for those not ``on``."""
    key = (arithmetic.__name__, row, "partials", () if row.variadic else (*on, None, *places))
    found = _compiled.get(key)
    if found is None and (numbers := _numbers(row, on, arithmetic, places)):
        found = _compiled[key] = lambda *_: numbers
    if found is None:
        code = _Code(arithmetic, row)
        parts = []
        for index in (0,) if row.variadic else places:
            if not row.variadic and index not in on:
                parts.append("None")
                continue
            partial, taken = code.rule(row.in_floats[index]), row.taken[index]
            parts.append(
                partial if taken is None else f"({partial} if {code.rule(taken)} else None)"
            )
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


def times(row: Row, index: int, arithmetic: Arithmetic) -> Callable[..., Any]:
    """Return f(given, out, *inputs, into): what is given, times the partial by input ``index``.

    It is chosen where the edge is taken, and not multiplied by 0 elsewhere. An arithmetic that has
    words for "times" and "taken" may write the result to the array ``into``.
    """
    key = (arithmetic.__name__, row, "times", index)
    found = _compiled.get(key)
    if found is None:
        code, cell = _Code(arithmetic, row), row.cell(index)
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
        found = _compiled[key] = code.function(["given", "out", *code.inputs, "into=None"], part)
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


def _compiled_graph(
    arithmetic: Arithmetic, graph: Graph, root: int, parameters: Sequence[str]
) -> Callable[..., Any]:
    """Return the function of a graph's variables that works out node ``root``."""
    code = _Code.of(arithmetic, parameters)
    return code.function(parameters, code.expression(graph, root))


class _Code:
    """The body of one function, as it is written: its inputs are x0, x1, ... and ``out``."""

    def __init__(self, arithmetic: Arithmetic, row: Row) -> None:
        self.row = row
        self.begin(arithmetic, each=row.variadic)
        self.inputs = ["*args"] if row.variadic else [f"x{at}" for at in range(len(row.parameters))]
        self.names = {"out": "out", **dict(zip(row.parameters, self.inputs, strict=False))}
        if row.variadic:
            self.names |= {"args": "*args", row.parameters[0]: "x", row.parameters[-1]: "x"}

    def begin(self, arithmetic: Arithmetic, *, each: bool = False) -> None:
        """Start with no lines."""
        self.arithmetic = arithmetic
        self.each = each
        self.lines: list[str] = []
        self.scope: dict[str, object] = dict(getattr(arithmetic, "scope", {}))
        self.shared: dict[str, str] = {}

    @classmethod
    def of(cls, arithmetic: Arithmetic, parameters: Sequence[str]) -> _Code:
        """Return the body of a function of ``parameters``, which are its graph's variables."""
        code = cls.__new__(cls)
        code.begin(arithmetic)
        code.names = {name: name for name in parameters}
        return code

    def rule(self, rule: Rule) -> str:
        """Return the Python expression of a rule.

        What does not depend on the input at hand of a variadic row is worked out once.
        """
        if rule.number is not None and not rule.own:
            return self._whole(rule.number)
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
                text = self._leaf(operation, graph.args[number], own=own)
                here[number] = text == "x"
                texts.append(text)
                continue
            here[number] = any(here[child] for child in inputs)
            given = [texts[child] for child in inputs]
            if graph.table[operation].static:
                given.append(f"arg={self._known(f'a{graph.args[number]!r}', graph.args[number])}")
            text = self._applied(graph.table[operation], given)
            depths[number] = 1 + max([depths[child] for child in inputs], default=0)
            deep = depths[number] >= DEEPEST
            if not here[number] and (uses[number] > 1 or deep or self.each):
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
            return self.names[str(arg)]
        if operation == "constant":
            return self._known(f"c{arg}", self.arithmetic.constant(str(arg)))
        if own:  # a user's literals are doubles, the table's decimals are decimals
            return self._known(f"d{arg!r}", self.arithmetic.double(arg))  # type: ignore[arg-type]
        if arg == 1 and (one := one_of(self.arithmetic)) is not None:
            return self._known("one", one)
        return self._known(f"c{arg!r}", self.arithmetic.constant(repr(arg)))
