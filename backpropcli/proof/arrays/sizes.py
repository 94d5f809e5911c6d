"""How much there is to compute of a program with arrays, and the same program with smaller ones."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics import shapes
from backpropcli.arithmetics.shapes import MisfitError
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lowered import Lowered
from backpropcli.graph.arrays import subscripts_of
from backpropcli.graph.graph import Graph
from backpropcli.proof.arrays.directions import turns
from backpropcli.proof.arrays.problem import PLACES, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backpropcli.arithmetics.shapes import Shape

    Value = Any

POWERS = {
    "det": 4,
    "inv": 4,
    "logdet": 4,
    "cofactors": 4,
    "cofactors_along": 5,
    "solve": 4,
    "cholesky": 3,
}
"""By which power of its size an operation on a matrix costs in many digits."""
WHOLE = 6
"""How many products of whole numbers take as long as one operation in many digits."""
KEPT = 4
"""Sizes up to this are not made smaller."""
LEAST = 3
SORTS = {"sort", "in_order", "unsorted"}
SIZED = {"reshape", "broadcast_to", "zeros", "ones", "eye", "one_hot", "arange"}
"""Operations whose static numbers are sizes."""


def written_out(graph: Graph, found: Sequence[Shape], *, everywhere: bool = False) -> int:
    """Return about how many operations a program has that is written out in numbers.

    With ``everywhere`` all that is sorted is compared there.
    """
    wholes: list[Any] = [*found]  # sizes of values are numbers
    products: list[int] = [
        prod(wholes[number]) * wholes[graph.inputs[number][0]][-1]
        for number, operation in enumerate(graph.operations)
        if operation == "matmul"
    ]
    total = sum(operations(graph, found)) + 2 * sum(products)
    sorts = [at for at, one in enumerate(graph.operations) if one in SORTS and everywhere]
    for number in sorts:
        total += prod(wholes[number]) * wholes[number][graph.args[number][0]].bit_length() ** 2  # type: ignore[index]
    return total


def operations(graph: Graph, found: Sequence[Shape]) -> list[int]:
    """Return about how many operations in many digits each node takes, by the nodes' shapes."""
    return [_cost(graph, number, found) for number in range(len(graph))]


def shapes_at(graph: Graph, bindings: Mapping[str, Value]) -> list[Shape]:
    """Return the shape of each node."""
    return forward(graph, shapes, {name: np.shape(one) for name, one in bindings.items()})


def _cost(graph: Graph, number: int, found: Sequence[Shape]) -> int:
    inputs: Any = [found[child] for child in graph.inputs[number]]
    out: Any = found[number]
    operation = graph.operations[number]
    if operation == "matmul":
        products: int = prod(out) * inputs[0][-1]
        return products // WHOLE + sum(map(prod, (out, *inputs)))
    if operation == "einsum":
        text: Any = graph.args[number]
        letters: dict[str, int] = {}
        operands, _ = subscripts_of(text[0], [len(shape) for shape in inputs])
        for names, shape in zip(operands, inputs, strict=True):
            for letter, size in zip(names, shape, strict=True):
                letters[letter] = max(size, letters.get(letter, 1))
        return prod(letters.values()) * len(inputs)
    if operation in POWERS:
        size = inputs[0][-1]
        right = prod(inputs[1]) * size if len(inputs) > 1 else 0
        return int(prod(inputs[0][:-2]) * size ** POWERS[operation] + right)
    largest: int = max([prod(out), *map(prod, inputs)])
    return largest * max(1, len(inputs) - 1) if inputs else 0


def passes(problem: Problem, each: Sequence[int]) -> int:
    """Return about how many operations in many digits it takes to prove a problem.

    ``each`` has those of a node. The two passes, and for each name some of what moves with it.
    """
    total = 4 * sum(each)
    for name, node in problem.wrt.items():
        moving = bytearray(len(each))
        moving[node] = 1
        for number, inputs in enumerate(problem.graph.inputs):
            moving[number] |= any(moving[child] for child in inputs)
        each_way = sum(cost for cost, flag in zip(each, moving, strict=True) if flag)
        total += 2 * turns(np.size(problem.bindings.get(name, 0.0))) * each_way
    return total


def shrunk(problem: Problem) -> Problem | None:
    """Return the same program with every size shrunk that can be; None where none can.

    Equal sizes stay equal, different ones different. Values are the corners of those at hand.
    """
    sizes = _chosen(problem)
    return _smaller(problem, sizes) if sizes else None


def smaller(
    lowered: Lowered, bindings: Mapping[str, Value], letters: Mapping[str, float]
) -> tuple[Lowered, dict[str, Value]] | None:
    """Return a program and values for it with every size shrunk that can be; None where none can.

    ``letters`` are variables that are sizes.
    """
    sizes = _chosen(Problem(lowered.graph, bindings, {}, {}))
    if not sizes:
        return None
    graph, places = _rewritten(lowered.graph, sizes)
    found = Lowered(lowered.program, graph, [places[at] for at in lowered.places], lowered.owners)
    values = _smaller(Problem(lowered.graph, bindings, {}, {}), sizes).bindings
    values = {
        **values,
        **{name: float(sizes.get(int(size), size)) for name, size in letters.items()},
    }
    found.shapes = {name: np.shape(value) for name, value in values.items()}
    return found, values


def _chosen(problem: Problem) -> dict[int, int]:
    """Return which sizes become which; none where none can be shrunk."""
    graph = problem.graph
    full = [np.shape(value) for value in problem.bindings.values()]
    sizes = sorted({size for shape in full for size in shape if size > KEPT}, reverse=True)
    static = sorted(
        {
            size
            for number, operation in enumerate(graph.operations)
            if operation in SIZED
            for size in _whole(graph.args[number])
            if size > KEPT
        }
        - {*sizes},
        reverse=True,
    )
    chosen: dict[int, int] = {}
    taken = {size for shape in full for size in shape}
    for size in [*sizes, *static]:
        small = next(one for one in range(LEAST, size + 1) if one not in taken or one == size)
        taken.add(small)
        chosen[size] = small
    if chosen and _fits(problem, chosen):
        return chosen
    kept: dict[int, int] = {}
    for size, small in chosen.items():
        more = next((one for one in _with(size, small, chosen, kept) if _fits(problem, one)), kept)
        kept = more
    return kept


def _with(
    size: int, small: int, chosen: Mapping[int, int], kept: dict[int, int]
) -> Iterator[dict[int, int]]:
    """Yield what may become of a size, beside what is ``kept``: alone, or with its multiples."""
    if size in kept:
        return
    more = kept | {size: small}
    yield more
    for multiple in chosen:
        if multiple > size and multiple % size == 0:
            other = multiple // size
            yield more | {multiple: small * more.get(other, other)}


def _whole(arg: object) -> list[int]:
    """Return the whole numbers in what is static."""
    if isinstance(arg, tuple):
        return [size for part in arg for size in _whole(part)]
    return [arg] if isinstance(arg, int) and not isinstance(arg, bool) else []


def _changed(arg: object, sizes: Mapping[int, int]) -> object:
    if isinstance(arg, tuple):
        return tuple([_changed(part, sizes) for part in arg])
    if isinstance(arg, int) and not isinstance(arg, bool):
        return sizes.get(arg, arg)
    return arg


def _rewritten(graph: Graph, sizes: Mapping[int, int]) -> tuple[Graph, list[int]]:
    """Return the graph with other sizes in what is static, and the place of each node.

    A function whose rules map adjoints is its body: they are held at full size.
    """
    found = Graph(graph.table)
    places: list[int] = []
    for number, operation in enumerate(graph.operations):
        arg, row = graph.args.get(number), graph.table.get(operation)
        if row is not None and row.own and row.whole and graph.inputs[number]:
            places.append(places[graph.inputs[number][-1]])
            continue
        if operation in SIZED:
            arg = _changed(arg, sizes)
        places.append(
            found.node(operation, tuple([places[at] for at in graph.inputs[number]]), arg)
        )
    return found, places


def _fits(problem: Problem, sizes: Mapping[int, int]) -> bool:
    """Say whether the program fits with these sizes, each value with as many axes as before."""
    graph, places = _rewritten(problem.graph, sizes)
    small = {
        name: np.empty(_shape(value, sizes)) if np.ndim(value) else value
        for name, value in problem.bindings.items()
    }
    try:
        before = shapes_at(problem.graph, problem.bindings)
        after = shapes_at(graph, small)
    except (MisfitError, IndexError):
        return False
    return [*map(len, before)] == [len(after[place]) for place in places]


def _shape(value: Value, sizes: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(sizes.get(size, size) for size in np.shape(value))


def _smaller(problem: Problem, sizes: Mapping[int, int]) -> Problem:
    graph, places = _rewritten(problem.graph, sizes)
    places_of = holders(problem.graph, problem.bindings)
    least = min(sizes.values())
    bindings = {}
    for name, value in problem.bindings.items():
        corner = _corner(value, _shape(value, sizes))
        bindings[name] = np.mod(corner, least) if name in places_of else corner
    wrt = {name: places[node] for name, node in problem.wrt.items()}
    found = shapes_at(graph, bindings)
    seeds = {
        places[node]: _corner(seed, found[places[node]]) for node, seed in problem.seeds.items()
    }
    origins = {place: node for node, place in enumerate(places)}
    return Problem(graph, bindings, wrt, seeds, [origins[at] for at in range(len(graph))])


def varied(problem: Problem, seed: int) -> Problem:
    """Return the same problem at other numbers: a corner may be at a kink where the whole is not.

    Places of elements stay.
    """
    random = np.random.default_rng(seed)
    held = holders(problem.graph, problem.bindings)
    bindings = {
        name: value
        if name in held
        else (value + random.uniform(0, 0.125, np.shape(value)) * (np.abs(value) + 1))[()]
        for name, value in problem.bindings.items()
    }
    return Problem(problem.graph, bindings, problem.wrt, problem.seeds, problem.origins)


def _corner(value: Value, shape: Sequence[Any]) -> Value:
    if not np.ndim(value):
        return value
    return np.ascontiguousarray(value[tuple(slice(size) for size in shape)])


SHOWN = 8
"""Places that are told."""


def held_as(graph: Graph, values: Mapping[str, Any]) -> list[str]:
    """Return what variables are that hold places of elements, which stay as they are: "t = 2"."""
    found = []
    for name in sorted(holders(graph, values)):
        value = np.asarray(values[name])
        whole = value.astype(int).tolist()
        text = str(whole).replace(" ", "")
        found.append(f"{name} = {text}" if value.size <= SHOWN else f"{name} as it is given")
    return found


def holders(graph: Graph, values: Mapping[str, Any]) -> set[str]:
    """Return the variables that hold places of elements, where they have the shapes of values.

    Classes are places only where they are numbers of classes, and not their probabilities.
    """
    found: set[int] = set()
    each = shapes_at(graph, values) if "classes" in graph.operations else []
    for number, operation in enumerate(graph.operations):
        inputs = graph.inputs[number]
        if operation in {"index", "put"}:
            found |= {*inputs[1 + (operation == "put") :]}
        elif operation == "classes":
            found |= {inputs[0]} if len(each[inputs[0]]) < len(each[inputs[1]]) else set()
        else:
            found |= {inputs[at] for at in PLACES.get(operation, ())}
    return {name for name, node in graph.variables().items() if node in found}
