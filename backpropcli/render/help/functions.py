"""The table of operations, for people: all in groups, or one, its mathematics first."""

from __future__ import annotations

from backpropcli.graph.cells import peer_since
from backpropcli.render.help.page import listed
from backpropcli.render.help.rules import TIES, condition, internal, own, shown, whole
from backpropcli.render.layout.lines import enumerated, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backpropcli.graph.cells import Kink
    from backpropcli.graph.row import Row
    from backpropcli.render.layout.lines import Line


WORDS = {
    "diff": [
        "diff(u, x), diff(u, x, n)",
        "the derivative of u by x, or the n-th one, as an expression",
        "x is a variable or a named intermediate; n is a number from 1 to 20",
    ],
    "def": [
        "def f(x, k) = log(1 + exp(k*x))/k",
        "defines a function; it may call functions that are defined before it",
    ],
    "rule": [
        "rule f(x, k) = sigmoid(k*x), 0",
        "gives a function its derivatives, one for each argument; out is its value",
    ],
    "use": ["use 'file.bp'", "reads a file of definitions, relative to the file that says so"],
    "outputs": ["outputs: L, z", "gives a program several outputs; so does (L, z) at the end"],
}
"""Words of the language that are no operations: how each is written, and what it does."""
FIRST = {
    "add": "Arithmetic",
    "lt": "Comparison and logic: 1 for true, 0 for false",
    "where": "Choice",
    "sin": "Trigonometry",
    "sinh": "Hyperbolic functions",
    "exp": "Exponentials and logarithms",
    "sqrt": "Roots, parts and distances",
    "erf": "Error function and gamma functions",
    "sigmoid": "Activations and losses",
    "sg": "Flow of the gradient",
    "sum": "Arrays: reductions, over all elements or along axes",
    "softmax": "Arrays: along an axis",
    "matmul": "Arrays: products",
    "transpose": "Arrays: shapes",
    "stack": "Arrays: parts and joins",
    "trace": "Matrices",
    "zeros": "Arrays of given sizes",
}
"""The groups of the table, by the first row of each."""
SHAPES = {
    "1": "a vector", "2": "a matrix", "1,1": "two vectors", "2,1": "a matrix and a vector",
    "1,2": "a vector and a matrix", "2,2": "two matrices",
}  # fmt: skip
"""What inputs of so many axes are called."""
BATCHED = {"3", "1,3", "2,3", "3,1", "3,2", "3,3"}
"""Numbers of axes with a batch: their rules say the same once more."""
SHIPPED = "Definitions that ship; a definition of your own with the same name wins"


def word(name: str) -> list[Line]:
    """Return what is to be known of a word of the language."""
    head, *rest = WORDS[name]
    return [[("label", head)], *([("", f"  {line}")] for line in rest)]


def overview(
    rows: Sequence[Row], width: int, shipped: Mapping[str, tuple[str, str, str]] | None = None
) -> list[Line]:
    """Return the operations in groups: how each is written, what it is, what else it is called.

    ``shipped`` are the functions that ship: how each is called, what it is, its definition.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    heading = ""
    for row in rows:
        heading = FIRST.get(row.name, heading)
        also = f" (also {', '.join(row.aliases)})" if row.aliases else ""
        groups.setdefault(heading, []).append((shown(row), f"{row.doc}{also}"))
    widest = max(len(term) for group in groups.values() for term, _ in group)
    if shipped:
        groups[SHIPPED] = [(head, doc) for head, doc, _ in shipped.values()]
    groups["Words of the language"] = [(text[0], text[1]) for text in WORDS.values()]
    lines = [
        line
        for heading, group in groups.items()
        for line in [
            *wrapped([("heading", heading)], width),
            *listed(group, width, widest),
            [],
        ]
    ]
    more = "'backprop functions NAME' explains one, as in: functions tanh"
    return [*lines, *wrapped([("note", more)], width)]


def one(row: Row, width: int) -> list[Line]:
    """Return all there is to know of one operation."""
    return [piece for line in _one(row) for piece in wrapped(line, width)]


def _one(row: Row) -> list[Line]:
    names = row.parameters[:1] if row.variadic else row.parameters
    lines: list[Line] = []
    for name, rule, taken in zip(names, row.rules, row.taken, strict=False):
        lines.append([("heading", f"d/d{name} {whole(row)} = "), ("gradient", own(row, rule))])
        if taken is not None:
            lines[-1] += [("", f" where {condition(own(row, taken))}, else 0")]
    lines += _adjoints(row)
    lines += [*[[]] * bool(lines), [("", f"  {shown(row)}: {row.doc}")]]
    if row.aliases:
        lines.append([("", f"  also called {', '.join(row.aliases)}")])
    if row.exists:
        lines.append([("", f"  defined where {row.exists}")])
    lines += _kinks(row)
    for name, rule, computed in zip(names, row.rules, row.in_floats, strict=False):
        if computed.text != rule.text and not internal(computed.text):
            lines.append([("note", f"  in floats d/d{name} is computed as {computed.text}")])
    for name, rule, other in zip(names, row.rules, row.elsewhere, strict=False):
        if other.text != rule.text:
            lines.append([("note", f"  other programs may compute d/d{name} as {own(row, other)}")])
    if row.note:
        lines.append([("note", f"  {row.note.replace(TIES, 'n')}")])
    return lines


def _adjoints(row: Row) -> list[Line]:
    """Return what an operation on whole arrays sends back to its inputs, where that is a text."""
    if callable(row.adjoints) or not row.adjoints:
        text = (
            row.expand.text if row.expand and row.static and not internal(row.expand.text) else ""
        )
        return [[("heading", f"{row.shown} is "), ("gradient", text)]] if text else []
    forms = row.adjoints if isinstance(row.adjoints, dict) else {"": row.adjoints}
    lines: list[Line] = []
    for axes, rules in forms.items():
        texts = [rule.text for rule in rules]
        if axes in BATCHED or any(internal(text.partition(";")[2] or text) for text in texts):
            continue
        where = f"  for {SHAPES[axes]}" if axes else ""
        pairs = zip(row.parameters, texts, strict=False)
        for name, text in pairs:
            head = ("heading", f"dL/d{name} = ")
            lines.append([head, ("gradient", text), ("note", where)])
    return [*lines, *[[("note", "  g is dL/dout, the adjoint of the value out")]] * bool(lines)]


def _kinks(row: Row) -> Iterator[Line]:
    """Yield each kink: by which input, the slopes on both sides, and what peers answer."""
    for kink in row.kinks:
        met = kink.said or own(row, kink.when)
        if kink.jump:
            what, of = "the value jumps", f" in {enumerated([*kink.slopes])}"
            if kink.alone:
                what, of = "there is no value beside", f" {enumerated([*kink.slopes])}"
            what += of if kink.alone or len(row.parameters) > 1 else ""
            yield [("warn", "  kink "), ("", f"where {met}: {what}")]
            for name in kink.slopes:
                yield from _answers(row, kink, name)
            continue
        for name, (left, right) in kink.slopes.items():
            if left.text != right.text:
                what = f"d/d{name} is {left.text} on the left, {right.text} on the right"
                if kink.said and "(" in left.text:
                    what = f"d/d{name} is not the same on both sides"
                yield [("warn", "  kink "), ("", f"where {met}: {what}")]
                yield from _answers(row, kink, name)


def _answers(row: Row, kink: Kink, name: str) -> Iterator[Line]:
    """Yield a line with what peers answer at a kink, where they do not all take the one slope."""
    sides = {side.text for side in kink.slopes[name]}
    told: dict[str, list[str]] = {}
    for peer, rule in kink.peers[name].items():
        text = own(row, rule)
        told.setdefault("an even share" if "sum(" in text else text, []).append(
            peer_since(peer, kink.since)
        )
    if told and sides != told.keys():
        takes = [f"{enumerated(peers)} {text}" for text, peers in told.items()]
        of = f" for d/d{name}" if len(row.parameters) > 1 else ""
        yield [("note", f"    slope there{of}: {', '.join(takes)}")]
