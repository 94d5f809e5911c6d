"""What several test files hold the package against, or look at it with."""

from __future__ import annotations

from cProfile import Profile
from functools import cache

import jsonschema
import pytest

from backpropcli.arithmetics import adjoints, floats, rules
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.lower import lower
from backpropcli.calculus.sweeps import pull, push
from backpropcli.errors import SourceError
from backpropcli.graph.graph import Graph
from backpropcli.language.parse import parse
from backpropcli.modes.gradient import gradient
from backpropcli.render.documents.schema import SCHEMAS

# Wrong rules


def forget_rules(monkeypatch):
    """Put aside, for the length of a test, what was made of rows' rules: the rules are others."""
    from backpropcli.arithmetics.arrays import rounded
    from backpropcli.arithmetics.arrays.floats import FLOATS
    from backpropcli.proof.arrays.digits import DIGITS

    for known in ("_adjoints", "_reads", "_words"):
        monkeypatch.setattr(adjoints, known, {})
    monkeypatch.setattr(rules, "_compiled", {})
    monkeypatch.setattr(rounded, "ARRAYS", {})
    for numbers in (FLOATS, DIGITS):
        monkeypatch.setattr(numbers, "made", {})


# Documents


@cache
def validator(name):
    """Return what holds documents against a schema: it is made once, as that takes long."""
    return jsonschema.Draft202012Validator(SCHEMAS[name])


# Programs as text

OF_ARRAYS = {
    *("attention", "batch-norm", "gaussian-process", "linear-regression", "logistic-regression"),
    *("multi-head-attention", "softmax-network", "transformer-block"),
}
"""The samples with arrays."""


def flat(text, bound=()):
    """Return the flat graph of a program, and its last output there."""
    lowered = lower(parse(text, bound))
    return lowered.graph, lowered.outputs[-1]


def value(text, arithmetic=floats, **point):
    """Return the value of a program by the forward pass alone."""
    graph, root = flat(text, point)
    return forward(graph, arithmetic, point)[root]


def slopes(text, **point):
    """Return the gradient of a program in floats."""
    return gradient(parse(text, point), point).gradient


def mistake(text, bound=(), origin=""):
    """Return the error that ``text`` makes."""
    with pytest.raises(SourceError) as caught:
        parse(text, bound, origin)
    return caught.value


def applied(row, *inputs):
    """Return the text of an operation on inputs, as its row writes it."""
    if row.infix is None:
        return f"{row.name}({', '.join(inputs)})"
    return f" {row.infix} ".join(inputs if len(inputs) > 1 else ["", *inputs]).strip()


# The two sweeps


def active(graph, wrt):
    """Return one flag a node: 1 where it moves with a node of ``wrt``."""
    return linearize(graph, None, (), wrt).active


def pulled(graph, arithmetic, values, seeds, wrt):
    """Return all adjoints for cotangents of some nodes, in any arithmetic."""
    return pull(linearize(graph, arithmetic, values, wrt), arithmetic, seeds)


def pushed(graph, arithmetic, values, seeds):
    """Return all tangents for tangents of some nodes, in any arithmetic."""
    return push(linearize(graph, arithmetic, values, seeds), arithmetic, seeds)


# Graphs


def canonical(graph, root, *, bodies=True):
    """Return the nodes that ``root`` needs, from left to right, and their places in that list.

    Two graphs say the same when these lists are equal. A name is in the place of what it names: a
    text has names of its own for what it uses twice. Without ``bodies``, the value of a call
    with a rule is left out: a derivative does not need it, and may have simplified it.
    """
    found, places, known, todo = [], {}, {}, [root]
    while todo:
        node = todo[-1]
        operation, inputs = graph.operations[node], graph.inputs[node]
        if inputs and not bodies and graph.table[operation].own:
            inputs = inputs[:-1]
        missing = [child for child in inputs if child not in places]
        if missing and node not in places:
            todo += reversed(missing)
            continue
        todo.pop()
        if operation in {"name", "result", "quiet", "void"}:
            places[node] = places[inputs[0]]
        elif node not in places:
            given = [places[child] for child in inputs]
            if operation == "given":  # as its text has it
                zero = ("number", (), 0.0)
                operation = "where"
                given.append(known.setdefault(zero, len(found)))
                found += [zero] * (given[-1] == len(found))
            one = operation, tuple(given), graph.args.get(node)
            places[node] = known.setdefault(one, len(found))
            found += [one] * (places[node] == len(found))
    return found, places


def nameless(graph, roots):
    """Return the graph of what ``roots`` rest on as it is written, without names; and the roots."""
    found = Graph(graph.table)
    zero = None
    places = {}
    for node, needed in enumerate(graph.ancestors(roots)):
        if needed:
            operation = graph.operations[node]
            inputs = tuple(places[child] for child in graph.inputs[node])
            plain = operation in {"name", "result", "quiet", "void"}
            arg = graph.args.get(node)
            if operation == "given":
                zero = found.node("number", (), 0.0) if zero is None else zero
                operation, inputs = "where", (*inputs, zero)
            places[node] = inputs[0] if plain else found.node(operation, inputs, arg)
    return found, [places[root] for root in roots]


# Work, in calls instead of seconds


def calls(work, *arguments):
    """Return how many functions, of Python and of C, ``work(*arguments)`` calls."""
    profile = Profile(subcalls=False)
    profile.runcall(work, *arguments)
    return sum(entry.callcount for entry in profile.getstats())


def assert_linear(work, make, size=50):
    """Hold the calls of ``work(make(n))`` to growing no faster than n; ``make`` is not counted."""
    work(make(8))  # what is made once, as the compiled rules, is made here
    small, medium, large = (calls(work, make(n)) for n in (size, 2 * size, 4 * size))
    assert large - medium <= 2.1 * (medium - small) + 200
