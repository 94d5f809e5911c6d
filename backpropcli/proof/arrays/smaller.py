"""The same program with smaller arrays: what is equal stays equal, what differs differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.shapes.misfits import MisfitError
from backpropcli.calculus.lowered import Lowered
from backpropcli.graph.graph import Graph
from backpropcli.proof.arrays.problem import Problem
from backpropcli.proof.floats.places import holders, shapes_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Value = Any

KEPT = 4
"""Sizes up to this are not made smaller."""
LEAST = 3
SIZED = {"reshape", "broadcast_to", "zeros", "ones", "eye", "one_hot", "arange"}
"""Operations whose static numbers are sizes."""


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
    problem = Problem(lowered.graph, bindings, {}, {})
    sizes = _chosen(problem)
    if not sizes:
        return None
    graph, places = _rewritten(lowered.graph, sizes)
    found = Lowered(lowered.program, graph, [places[at] for at in lowered.places], lowered.owners)
    values = {name: float(sizes.get(int(size), size)) for name, size in letters.items()}
    values = {**_smaller(problem, sizes).bindings, **values}
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
        kept = next((one for one in _with(size, small, chosen, kept) if _fits(problem, one)), kept)
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
