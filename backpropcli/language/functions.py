"""Functions that a program defines, and the derivative rules that it gives them.

A call is the body itself, written into the caller's graph. A function with rules has one node
more: an operation of its own, whose value is the body's and whose partials are the rules.
"""

from __future__ import annotations

from os.path import realpath

from backpropcli.graph.operations import Operation
from backpropcli.language.program import BY_DIFF, Call, Diff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.graph.graph import Graph
    from backpropcli.language.program import Program

OUT, BODY = "out", "body"
OWN = "()"
"""Ends the name of an operation that a program defines: no operation of the language ends so."""
MOST_NODES = 20_000_000


class Own(Operation):
    """The row of a function with rules: its inputs are the arguments, and last the body's value."""

    __slots__ = ("function",)
    own = True

    def __init__(self, function: Function, rules: list[Program], names: list[str]) -> None:
        inputs = [*(mangled(name) for name in names), BODY]
        texts = [_constant(rule) for rule in rules]
        super().__init__(
            f"{function.name}({', '.join(inputs)})",
            *[text or rule for text, rule in zip(texts, rules, strict=True)],  # type: ignore[arg-type]
            "0",
            doc="",
            expand=BODY,
            textbook=(*(_renamed(rule, names) for rule in rules), "0"),
        )
        self.name = function.name + OWN
        self.function = function

    @property
    def shown(self) -> str:
        """The function's name."""
        return self.function.name

    def arguments(self, count: int) -> int:
        """Return the number of arguments: the last input is the body."""
        return count - 1


class Function:
    """A function: its parameters' names, its body, and its row if it has rules of its own."""

    __slots__ = ("body", "name", "parameters", "row", "rule_names", "rules", "used")

    def __init__(self, name: str, parameters: list[str], body: Program) -> None:
        self.name = name
        self.parameters = parameters
        self.body = body
        self.rules: list[Program] = []
        self.rule_names: list[str] = []
        self.row: Own | None = None
        self.used = False

    def give(self, rules: list[Program], names: list[str]) -> None:
        """Give the function its rules: the derivative by each parameter, in these names."""
        self.rules = rules
        self.rule_names = names
        self.row = Own(self, rules, names)

    def same(self, other: Function) -> bool:
        """Say whether two functions of one name are the same definition, met by two ways."""
        return _same_file(self.body, other.body)

    def same_rules(self, other: Function) -> bool:
        """Say whether the rules of the same function are the same too."""
        return len(self.rules) == len(other.rules) and all(map(_same_file, self.rules, other.rules))

    def rows(self) -> dict[str, Operation]:
        """Return the rows of all functions with rules that a call brings into a graph."""
        found: dict[str, Operation] = {}
        for program in (self.body, *self.rules):
            found |= {name: row for name, row in program.graph.table.items() if name.endswith(OWN)}
        if self.row is not None:
            found[self.row.name] = self.row
        return found


def _same_file(one: Program, other: Program) -> bool:
    return one.source == other.source and realpath(one.origin) == realpath(other.origin)


def mangled(name: str) -> str:
    """Return a parameter's name as one that the generated code uses for nothing else."""
    if name == OUT:
        return name
    return "v_" + "".join(
        char if char.isascii() else f"_{ord(char):x}_" for char in name.replace("_", "__")
    )


def _constant(rule: Program) -> str:
    """Return "0" or "1" for a rule that is just that."""
    number = rule.graph.leaves.get(rule.root)
    return str(int(number)) if number in (0.0, 1.0) else ""


def _renamed(rule: Program, parameters: list[str]) -> str:
    """Return a rule's text with the parameters as the row has them."""
    from backpropcli.language.scanner import tokens  # noqa: PLC0415 (it imports this module)

    text = rule.text(rule.root, 1000)
    return "".join(
        mangled(text[start:end]) if text[start:end] in parameters else text[start:end]
        for _, start, end in tokens(text)
    )


def written_into(
    graph: Graph, function: Function, inputs: list[int]
) -> tuple[int, list[tuple[int, Call]], list[Diff], list[int]]:
    """Write a call of ``function`` into ``graph``.

    Return its node, the calls and diffs inside, and the nodes that those diffs are made of.
    """
    body = function.body
    graph.define(function.rows())
    given = dict(zip(function.parameters, inputs, strict=True))
    places: list[int] = []
    for number, operation in enumerate(body.graph.operations):
        if operation == "variable":
            places.append(given[str(body.graph.leaves[number])])
        elif number in body.graph.leaves:
            places.append(graph.leaf(operation, body.graph.leaves[number]))
        else:
            children = tuple([places[child] for child in body.graph.inputs[number]])
            places.append(graph.node(operation, children))
    node = places[body.root]
    calls = [
        (places[at], Call(call.name, tuple(places[child] for child in call.inputs)))
        for at, call in body.calls.items()
    ]
    diffs = []
    for diff in body.diffs:
        inner = {name: places[at] for name, at in diff.given.items()}
        place = places[diff.place] if diff.place >= 0 else -1
        diffs.append(diff.placed(inner if diff.given else given, place))
    if function.row is not None:
        node = graph.node(function.row.name, (*inputs, node))
    derived = [places[at] for at, how in enumerate(body.made) if how == BY_DIFF]
    return node, calls, diffs, derived
