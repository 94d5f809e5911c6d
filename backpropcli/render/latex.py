r"""Formulas and whole derivations in LaTeX's math mode, in commands that KaTeX has too.

Nothing here recurses. Parentheses stand where a reader needs them: a minus after an operator has
them, a fraction's parts and an exponent need none.
"""

from __future__ import annotations

from backpropcli.errors import BackpropError
from backpropcli.parse import parse
from backpropcli.render.lines import number as shortened
from backpropcli.render.steps import REASONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from backpropcli.graph import Graph, Program
    from backpropcli.report import Edge, Report

    Part = str | tuple[int, int]

ANY, OR, AND, NOT, COMPARED, ADDED, MULTIPLIED, FACTOR, RAISED, ATOM = range(10)
COMPARISON = COMPARED, (ADDED, ADDED)
SUM = ADDED, (ADDED, MULTIPLIED)
INSIDE = (ANY, ANY)
NOTATION: dict[str, tuple[int, tuple[int, ...], str]] = {
    "or": (OR, (OR, AND), r"#1 \lor #2"),
    "and": (AND, (AND, NOT), r"#1 \land #2"),
    "not": (NOT, (FACTOR,), r"\lnot #1"),
    "lt": (*COMPARISON, "#1 < #2"),
    "le": (*COMPARISON, r"#1 \le #2"),
    "gt": (*COMPARISON, "#1 > #2"),
    "ge": (*COMPARISON, r"#1 \ge #2"),
    "eq": (*COMPARISON, "#1 = #2"),
    "ne": (*COMPARISON, r"#1 \ne #2"),
    "add": (*SUM, "#1 + #2"),
    "sub": (*SUM, "#1 - #2"),
    "neg": (ADDED, (MULTIPLIED,), "-#1"),
    "mul": (MULTIPLIED, (MULTIPLIED, FACTOR), r"#1\,#2"),
    "div": (RAISED, INSIDE, r"\frac{#1}{#2}"),
    "pow": (RAISED, (ATOM, ANY), "#1^{#2}"),
    "where": (
        ANY,
        (ANY, ANY, ANY),
        r"\begin{cases} #2 & \text{if } #1 \\ #3 & \text{otherwise} \end{cases}",
    ),
    "abs": (ATOM, INSIDE, r"\left|#1\right|"),
    "floor": (ATOM, INSIDE, r"\left\lfloor #1\right\rfloor"),
    "ceil": (ATOM, INSIDE, r"\left\lceil #1\right\rceil"),
    "sqrt": (ATOM, INSIDE, r"\sqrt{#1}"),
    "cbrt": (ATOM, INSIDE, r"\sqrt[3]{#1}"),
    "hypot": (ATOM, (ATOM, ATOM), r"\sqrt{#1^{2} + #2^{2}}"),
    "exp": (RAISED, INSIDE, "e^{#1}"),
    "exp2": (RAISED, INSIDE, "2^{#1}"),
    "expm1": (ADDED, INSIDE, "e^{#1} - 1"),
    "log1p": (RAISED, (MULTIPLIED,), r"\ln\left(1 + #1\right)"),
    "logaddexp": (RAISED, INSIDE, r"\ln\left(e^{#1} + e^{#2}\right)"),
    "gaussian": (RAISED, (ATOM,), r"e^{-\frac{#1^{2}}{2}}"),
    "lgamma": (RAISED, INSIDE, r"\ln\left|\Gamma\left(#1\right)\right|"),
    "polygamma": (RAISED, INSIDE, r"\psi^{(#1)}\left(#2\right)"),
}
"""How tightly an operation binds, how tightly each input has to, and the formula."""
RAISABLE = {name: f"\\{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")} | {
    "sech": r"\operatorname{sech}"
}
"""Functions whose whole powers are written as in sin²(x)."""
HEADS = RAISABLE | {
    "asin": r"\arcsin",
    "acos": r"\arccos",
    "atan": r"\arctan",
    "asinh": r"\operatorname{arsinh}",
    "acosh": r"\operatorname{arcosh}",
    "atanh": r"\operatorname{artanh}",
    "log": r"\ln",
    "log2": r"\log_{2}",
    "log10": r"\log_{10}",
    "sign": r"\operatorname{sgn}",
    "max": r"\max",
    "min": r"\min",
    "gamma": r"\Gamma",
    "digamma": r"\psi",
    "trigamma": r"\psi^{(1)}",
    "sigmoid": r"\sigma",
}
LETTERS = {
    **dict.fromkeys(("exp", "expm1", "logaddexp", "gaussian"), "e"),
    **dict.fromkeys(("gamma", "lgamma"), r"\Gamma"),
    **dict.fromkeys(("digamma", "trigamma", "polygamma"), r"\psi"),
    "sigmoid": r"\sigma",
}
"""The letters that a notation takes: where a variable looks the same, the name is written."""
CONSTANTS = {"pi": r"\pi", "e": "e", "tau": r"\tau", "inf": r"\infty", "nan": r"\text{nan}"}
LETTERS_OF_GREEK = "αβγδϵεζηθϑικλμνξπϖρϱσςτυϕφχψωΓΔΘΛΞΠΣΥΦΨΩ"
NAMES_OF_GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi"
    " pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega"
    " Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
)
GREEK = dict(zip(LETTERS_OF_GREEK, NAMES_OF_GREEK.split(), strict=True))
SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
SPELLED = (
    {"_": r"\_"}
    | {letter: f"\\{name} " for letter, name in GREEK.items()}
    | {char: f"{{}}_{{{digit}}}" for digit, char in enumerate(SUBSCRIPTS)}
)
MOST_PIECES = 100_000
MANY = 8
"""Of more inputs than this, a local derivative lists the first and the last only."""


def latex(graph: Graph, root: int, names: Mapping[str, int] | None = None) -> str:
    """Return the formula of node ``root``.

    ``names`` are the user's names for intermediates, which are written instead of their formulas.
    Raises BackpropError for a formula too long to read, as one that uses a node over and over is.
    """
    names = names or {}
    given = symbols([*graph.variables(), *names])
    writer = _Writer(graph, given.values())
    for number in graph.leaves:
        writer.leaf(number, given)
    for name, number in names.items():
        if number != root and graph.operations[number] != "variable":
            writer.short[number] = given[name]
    return writer.write(root)


def symbol(name: str) -> str:
    r"""Return a variable's name as books write it: ``x``, ``w_{1}``, ``\theta``.

    Names that would look alike, as w1, w_1 and w₁ or alpha and α, differ in braces only: where
    they may stand together, use ``symbols``.
    """
    head = name.rstrip(SUBSCRIPTS)
    if head != name and head.isalpha():
        digits = "".join(str(SUBSCRIPTS.index(char)) for char in name[len(head) :])
        return f"{_word(head)}_{{{{{{{digits}}}}}}}"
    head, line, tail = name.partition("_")
    if not line:
        head = name.rstrip("0123456789")
        tail = name[len(head) :]
    if not head.isalpha() or (line and not tail.isalnum()):
        return _spelled(name)
    if not tail:
        return _word(head)
    if not tail.isascii() or not tail.isdigit():
        return f"{_word(head)}_{{{_word(tail, 'text')}}}"
    return f"{_word(head)}_{{{{{tail}}}}}" if line else f"{_word(head)}_{{{tail}}}"


def symbols(names: Iterable[str]) -> dict[str, str]:
    """Return the symbols of names that stand together, so that no two look the same."""
    found: dict[str, str] = {}
    looks = set()
    for name in sorted(dict.fromkeys(names), key=max, reverse=True):
        text = symbol(name)
        found[name] = _spelled(name) if _look(text) in looks else text
        looks.add(_look(text))
    return found


def latex_steps(report: Report, digits: int = 6) -> str:
    """Return the two passes written out, as on a board: one aligned display."""
    board = _Board(report, digits)
    rows = [r"\begin{aligned}", *(rf"{line} \\" for line in board.forward())]
    if len(rows) > 1:
        rows[-1] += "[1ex]"
    rows += [rf"{line} \\" for line in board.backward()]
    return "\n".join([*rows[:-1], rows[-1].removesuffix(r" \\"), r"\end{aligned}"])


def _look(text: str) -> str:
    """Return what of a symbol is seen on the page."""
    return text.replace("{", "").replace("}", "")


def _word(name: str, style: str = "mathit") -> str:
    """Return a name without a subscript, or a subscript."""
    if name in GREEK.values():
        return f"\\{name}"
    if len(name) == 1 and name.isascii():
        return name
    return f"{{\\{GREEK[name]}}}" if name in GREEK else _spelled(name, style)


def _spelled(name: str, style: str = "mathit") -> str:
    """Return a name letter by letter."""
    if name.isascii():
        return f"\\{style}{{{_letters(name)}}}"
    if SPELLED.keys().isdisjoint(name):
        return f"\\text{{{name}}}"
    return f"\\mathit{{{_letters(name)}}}"


def _letters(name: str) -> str:
    """Return the letters of a name, of any scripts, for math mode."""
    return "".join(SPELLED.get(c, c if c.isascii() else f"\\text{{{c}}}") for c in name)


def _operator(name: str) -> str:
    """Return the head of a function that has no notation of its own."""
    return f"\\operatorname{{{_letters(name)}}}"


def _numeral(text: str) -> str:
    """Return the text of a float."""
    sign = "-" if text.startswith("-") else ""
    mantissa, power, exponent = text.removeprefix("-").removesuffix(".0").partition("e")
    if power:
        return rf"{sign}{mantissa}\cdot10^{{{int(exponent)}}}"
    return sign + CONSTANTS.get(mantissa, mantissa)


class _Writer:
    """Writes formulas of one graph, in which the nodes in ``short`` have a text already."""

    def __init__(self, graph: Graph, given: Iterable[str]) -> None:
        self.graph = graph
        self.looks = {_look(text) for text in given}
        self.short: dict[int, str] = {}
        self.begun: dict[int, str] = {}

    def leaf(self, number: int, given: Mapping[str, str]) -> None:
        """Write a node without inputs; ``given`` are the variables' symbols."""
        payload = self.graph.leaves[number]
        if not isinstance(payload, str):
            self.short[number] = _numeral(repr(payload))
        elif self.graph.operations[number] == "variable":
            self.short[number] = given[payload]
        else:
            text = CONSTANTS[payload]
            self.short[number] = f"\\text{{{payload}}}" if text in self.looks else text

    def write(self, root: int, wanted: int = ANY) -> str:
        """Return the formula of a node, one that has a text already included."""
        leaf = root in self.graph.leaves
        todo = self._fitted(root, wanted) if leaf else self._formula(root, wanted)
        todo.reverse()
        pieces: list[str] = []
        while todo:
            part = todo.pop()
            if isinstance(part, str):
                pieces.append(part)
                if len(pieces) > MOST_PIECES:
                    raise BackpropError(
                        "the formula written out is too long",
                        "name the parts that it uses more than once, as in 'z = w*x; z^2 + z'",
                    )
            else:
                todo += reversed(self._fitted(*part))
        return "".join(pieces)

    def _fitted(self, number: int, wanted: int) -> list[Part]:
        """Return a node's text, or its formula, in parentheses where it binds too loosely."""
        short = self.short.get(number)
        if short is None:
            return self._formula(number, wanted)
        level = ADDED if short[0] == "-" else MULTIPLIED if r"\cdot" in short else ATOM
        return [short] if level >= wanted else [r"\left(", short, r"\right)"]

    def _formula(self, number: int, wanted: int) -> list[Part]:
        """Return a node's formula: pieces, and (input, how tightly it has to bind)."""
        operation, inputs = self.graph.operations[number], self.graph.inputs[number]
        level, parts = RAISED, self._raised(operation, inputs)
        if not parts and operation in NOTATION and LETTERS.get(operation) not in self.looks:
            level, levels, text = NOTATION[operation]
            if operation == "mul":
                first, second = map(self._begins, inputs)
                if first == "-":  # a product that begins with a minus binds as a negation
                    level, levels = ADDED, (ADDED, FACTOR)
                if second == "0" or (first and second):
                    text = r"#1 \cdot #2"
            head, *slots = text.split("#")
            parts = [head] * bool(head)
            for slot in slots:
                index = int(slot[0]) - 1
                parts += [(inputs[index], levels[index]), *[slot[1:]] * (len(slot) > 1)]
        if not parts:
            parts = self._call(operation, inputs)
        return parts if level >= wanted else [r"\left(", *parts, r"\right)"]

    def _raised(self, operation: str, inputs: tuple[int, ...]) -> list[Part]:
        """Return the whole power of a function that is written as in sin²(x), or nothing."""
        if operation != "pow" or inputs[0] in self.short:
            return []
        exponent = self.short.get(inputs[1], "")
        base = self.graph.operations[inputs[0]]
        if base not in RAISABLE or not exponent.isdecimal() or int(exponent) < 2:  # noqa: PLR2004
            return []
        parts: list[Part] = [f"{RAISABLE[base]}^{{{exponent}}}"]
        return [*parts, r"\left(", (self.graph.inputs[inputs[0]][0], ANY), r"\right)"]

    def _call(self, operation: str, inputs: tuple[int, ...]) -> list[Part]:
        """Return an operation as a function of its inputs."""
        row = self.graph.table.get(operation)
        count = len(inputs) if row is None else row.arguments(len(inputs))
        head = HEADS.get(operation)
        if head is None or LETTERS.get(operation) in self.looks:
            head = _operator(operation if row is None else row.shown)
        parts: list[Part] = [head, r"\left("]
        for index, child in enumerate(inputs[:count]):
            parts += [", "] * (index > 0) + [(child, ANY)]
        return [*parts, r"\right)"]

    def _begins(self, number: int) -> str:
        """Return "-" for what begins with a minus, "0" for what begins with a digit, else ""."""
        chain = []
        while number not in self.begun:
            operation = self.graph.operations[number]
            if number in self.short:
                first = self.short[number][0]
                self.begun[number] = first if first == "-" else "0" * first.isdigit()
            elif operation in {"mul", "div", "pow"}:
                chain.append(number)
                number = self.graph.inputs[number][0]
            else:
                self.begun[number] = {"neg": "-", "exp2": "0"}.get(operation, "")
        found = self.begun[number]
        for user in reversed(chain):
            operation, base = self.graph.operations[user], self.graph.inputs[user][0]
            bare = base in self.short and r"\cdot" not in self.short[base]
            if (operation == "pow" and not bare) or (operation != "mul" and found == "-"):
                found = ""
            self.begun[user] = found
        return found


class _Board:
    """The names on the board, as in ``steps``, and the lines."""

    def __init__(self, report: Report, digits: int) -> None:
        self.report = report
        self.digits = digits
        self.graph = report.program.graph
        self.arrivals = report.arrivals()
        self.shown = report.shown_nodes()
        single = len(report.program.outputs) == 1
        called = self._called(report.program)
        given = symbols(name for name in called if name)
        self.writer = _Writer(self.graph, given.values())
        self.filled = _Writer(self.graph, given.values())
        for number, name in enumerate(called):
            if name:
                self.writer.short[number] = given[name]
            else:
                self.writer.leaf(number, given)
            self.filled.short[number] = self.number(report.values[number])
        self.names = self.writer.short
        self.top = self.names[report.program.root] if single else "S"
        self.rules: dict[str, Program | None] = {}

    def _called(self, program: Program) -> list[str]:
        """Return each node's name; "" for a number or a constant."""
        taken = {*program.graph.variables(), *program.names}
        found = []
        count = 0
        for node, operation in enumerate(program.graph.operations):
            spelled = program.spelled.get(node)
            if operation in {"number", "constant"}:
                found.append("")
            elif operation == "variable":
                found.append(str(program.graph.leaves[node]))
            elif spelled:
                found.append(spelled[-1])
            elif node == program.root and len(program.outputs) == 1:
                found.append(next(name for name in ("L", "out", "out_") if name not in taken))
            else:
                count += self.shown[node]
                while f"z{count}" in taken:
                    count += 1
                found.append(f"z{count}")
        return found

    def number(self, value: float) -> str:
        return _numeral(shortened(value, self.digits))

    def factor(self, value: float) -> str:
        """Return a number as a later part of a formula: a negative one in parentheses."""
        text = self.number(value)
        return rf"\left({text}\right)" if text.startswith("-") else text

    def forward(self) -> Iterator[str]:
        """Yield a line for each value."""
        for node, operation in enumerate(self.graph.operations):
            if operation in {"number", "constant"} or not self.shown[node]:
                continue
            sides = [self.number(self.report.values[node])]
            if operation != "variable":
                sides = [self.made(node, writer) for writer in (self.writer, self.filled)] + sides
            yield f"{self.names[node]} &= {' = '.join(dict.fromkeys(sides))}"

    def made(self, node: int, writer: _Writer) -> str:
        """Return what a node is made of: names, or values."""
        call = self.report.closed(node)
        if call is None:
            where = self.graph.operations[node] == "where"
            return writer.write(node, ANY if where else ADDED)
        inputs = ", ".join(writer.short[child] for child in call.inputs)
        return rf"{_operator(call.name)}\left({inputs}\right)"

    def slope(self, node: int) -> str:
        """Return the derivative of the output by a node."""
        return rf"\frac{{\partial {self.top}}}{{\partial {self.names[node]}}}"

    def backward(self) -> Iterator[str]:
        """Yield a line for each contribution to a gradient, and for each sum of them."""
        for output, seed in self.report.seeds.items():
            yield f"{self.slope(output)} &= {self.number(seed)}"
        for node in range(self.report.top, -1, -1):
            if not self.shown[node]:
                continue
            adjoint, parts = self.report.adjoints[node], self.arrivals[node]
            if len(parts) > 1:
                texts = [self.number(parts[0][1]), *(self.factor(part) for _, part in parts[1:])]
                terms = " + ".join(
                    rf"\underbrace{{{text}}}_{{\text{{via }}{self.names[user]}}}"
                    for text, (user, _) in zip(texts, parts, strict=True)
                )
                yield f"{self.slope(node)} &= {terms} = {self.number(adjoint or 0.0)}"
            if adjoint is None:
                continue
            for edge in self.report.shown_edges(node):
                if edge.flow != "constant":
                    yield self.edge(node, edge, adjoint)

    def edge(self, node: int, edge: Edge, adjoint: float) -> str:
        """Return the line of what one edge contributes, or why that is nothing."""
        slope = self.slope(edge.input)
        if len(self.arrivals[edge.input]) + bool(edge.flow) > 1:
            slope = rf"\left.{slope}\right|_{{\text{{via }}{self.names[node]}}}"
        if edge.flow:
            return rf"{slope} &= \text{{nothing: {REASONS[edge.flow]}}}"
        made = rf"{self.slope(node)} \cdot {self.local(node, edge)}"
        filled = rf"{self.number(adjoint)} \cdot {self.factor(edge.partial or 0.0)}"
        return f"{slope} &= {made} = {filled} = {self.number(edge.contribution or 0.0)}"

    def local(self, node: int, edge: Edge) -> str:
        """Return the local derivative in the names on the board."""
        unknown = rf"\frac{{\partial {self.names[node]}}}{{\partial {self.names[edge.input]}}}"
        if self.report.closed(node) is not None:
            return unknown
        row, inputs = self.graph.table[self.graph.operations[node]], self.graph.inputs[node]
        text, known = edge.rule, {"out": self.names[node]}
        for parameter, child in zip(row.parameters, inputs, strict=False):
            known[parameter] = self.names[child]
        if row.variadic:
            listed = inputs if len(inputs) <= MANY else inputs[:2]
            known[row.parameters[0]] = self.names[edge.input]
            known["args"] = ", ".join([self.names[child] for child in listed])
            if len(inputs) > MANY:
                known["args"] += rf", \ldots, {self.names[inputs[-1]]}"
        exponent = self.graph.leaves.get(inputs[-1])
        if row.name == "pow" and edge.input == inputs[0] and isinstance(exponent, float):
            power = "" if exponent == 2 else f"^{exponent - 1!r}"  # noqa: PLR2004
            text = f"{exponent!r}*x{power}"
        program = self._rule(text, known)
        if program is None:
            return unknown
        writer = _Writer(program.graph, self.writer.looks)
        for number in program.graph.leaves:
            writer.leaf(number, known)
        return writer.write(program.root, MULTIPLIED)

    def _rule(self, text: str, known: Collection[str]) -> Program | None:
        """Return a rule's program; None for one that calls what the rule alone does not define."""
        if text not in self.rules:
            try:
                self.rules[text] = parse(text, known)
            except BackpropError:
                self.rules[text] = None
        return self.rules[text]
