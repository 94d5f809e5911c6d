"""From what is given to a point: values may use each other, in any order, and come from files."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.calculus.bindings.items import Item, Stored
from backpropcli.calculus.bindings.point import Point, Written
from backpropcli.calculus.bindings.texts import finite, is_whole, number, parsed, whole_number
from backpropcli.calculus.bindings.typed import Typed
from backpropcli.calculus.forward import forward
from backpropcli.errors import BackpropError
from backpropcli.language.parse import parse
from backpropcli.language.scanner import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any

    from backpropcli.language.program import Program


class Settings:
    """How values are made: the ``seed`` of random ones; whether in ``single`` precision.

    ``optional`` says that --dtype is there to choose that.
    """

    __slots__ = ("optional", "seed", "single")

    def __init__(self, seed: int = 0, *, single: bool = False, optional: bool = False) -> None:
        self.seed = seed
        self.single = single
        self.optional = optional


USUAL = Settings()


def settled(  # noqa: PLR0913 (what a point has)
    given: Mapping[str, Any],
    origins: Mapping[str, str],
    outside: Iterable[str] = (),
    *,
    program_text: str | None = None,
    settings: Settings = USUAL,
    decimals: Iterable[str] = (),
) -> Point:
    """Return the point of all that is given; a value may use the others.

    ``origins`` say where values are from, ``outside`` are the names that are given from outside of
    the program, and arrays that are ``decimals`` were written as such.

    With the text of a program, what a file gives and is no number counts only where the program,
    or a value, uses its name. Raises SourceError for values that need each other.
    """
    items = {name: item for name, item in given.items() if isinstance(item, Item)}
    used = given if program_text is None else _used(program_text, items.values())
    found: dict[str, Any] = {}
    notes: list[str] = []
    written: dict[str, Written | None] = dict.fromkeys(decimals)
    programs: dict[str, Program] = {}
    for name, item in items.items():
        if isinstance(item, Stored):
            if name in used or not item.origin:
                found[name] = _read(item, name, notes, settings)
                if item.is_text:
                    written[name] = None
            continue
        if (plain := whole_number(item)) is not None:
            found[name] = plain
            continue
        try:
            programs[name] = parsed(item, given)
        except BackpropError:
            if name in used or not item.origin:
                raise
    items = {name: items[name] for name in programs}
    found |= {name: entry for name, entry in given.items() if not isinstance(entry, Item)}
    _compute(items, programs, found, written, settings.seed)
    random = any(item.draws for item in items.values())
    if random:
        notes.append(f"random values are those of --rng-seed {settings.seed}")
    if settings.single:
        _in_single(found, notes)
    point = Point(
        {name: found[name] for name in given if name in found},
        origins,
        outside,
        notes,
        random=random,
    )
    point.written = written
    return point


def _used(program_text: str, items: Collection[Item]) -> Collection[str]:
    """Return the names in a program and in values, where some of those are from a file."""
    if not any(item.origin for item in items):
        return ()
    own = [item.text for item in items if not (item.refusal or isinstance(item, Stored))]
    return {text[start:end] for text in [program_text, *own] for _, start, end in tokens(text)}


def _read(item: Stored, name: str, notes: list[str], settings: Settings) -> Any:  # noqa: ANN401
    """Return the value of the variable ``name``. Raises SourceError for what cannot be read."""
    import os

    from backpropcli.calculus.bindings.arrays import real
    from backpropcli.calculus.bindings.stored import read, split

    path, part = split(item.file)
    try:
        place = os.path.join(os.path.dirname(item.origin), path)  # noqa: PTH118, PTH120 (pathlib is slow to load)
        found, item.is_text = read(place, part)
        what = f"{part} in '{path}'" if part else f"'{path}'"
        if isinstance(found, float):
            return found
        single, optional = settings.single, settings.optional
        return real(found, name, what, notes, single=single, optional=optional)
    except BackpropError as error:
        raise item.error(error.message, error.hint) from None


def _compute(
    items: Mapping[str, Item],
    programs: Mapping[str, Program],
    found: dict[str, Any],
    written: dict[str, Written | None],
    seed: int,
) -> None:
    """Put the values of all items into ``found``, and how they were written.

    Numbers that use others come from one program, so that they are known as typed; whatever has an
    array in it is worked out by itself.
    """
    dependent: list[str] = []
    whole: list[str] = []
    arrays = {name for name, known in found.items() if not isinstance(known, float)}
    for name in _ordered(items, programs):
        program, item = programs[name], items[name]
        if is_whole(item, program) or not arrays.isdisjoint(program.variables):
            arrays.add(name)
            whole.append(name)
        elif program.variables:
            dependent.append(name)
        else:
            found[name] = number(item, program)
    if dependent:
        found |= _computed(dependent, items, programs, found)
    for name in whole:
        from backpropcli.calculus.bindings.computed import computed

        item, known = items[name], found
        if item.draws:
            from backpropcli.calculus.bindings.draws import drawn

            known = found | drawn(item.draws, name, seed)
        found[name] = computed(item, programs[name], known)
        written[name] = Written(programs[name], known, written, {one for one, _, _ in item.draws})


def _in_single(found: dict[str, Any], notes: list[str]) -> None:
    """Make arrays those of single precision."""
    for name, value in found.items():
        if not isinstance(value, float):
            from backpropcli.calculus.bindings.arrays import real

            found[name] = real(value, name, f"the value of {name}", notes, single=True)


def _ordered(items: Mapping[str, Item], programs: Mapping[str, Program]) -> list[str]:
    """Return the names of the items, each after those that it uses."""
    order: dict[str, None] = {}
    for first in items:
        path: list[str] = []
        todo = [first]
        while todo:
            name = todo[-1]
            missing = [
                other for other in programs[name].variables if other in items and other not in order
            ]
            if name in order or not missing:
                order[name] = None
                todo.pop()
                if path and path[-1] == name:
                    path.pop()
                continue
            if name not in path:
                path.append(name)
            circle = next((other for other in missing if other in path), None)
            if circle is not None:
                names = path[path.index(circle) :]
                what = (
                    f"the value of {circle} uses {circle} itself"
                    if len(names) == 1
                    else f"the values of {', '.join(names[:-1])} and {names[-1]} need each other"
                )
                raise items[circle].error(what, "give one of them a number")
            todo += missing
    return list(order)


def _computed(
    names: list[str],
    items: Mapping[str, Item],
    programs: Mapping[str, Program],
    numbers: Mapping[str, float],
) -> dict[str, float]:
    """Return the values of items that use others, from one program of all that they use."""
    lines: list[str] = []
    written = {*names}
    for name in names:
        for other in programs[name].variables:
            if other not in written:
                written.add(other)
                text = items[other].text if other in items else repr(float(numbers[other]))
                lines.append(f"{other} = {text}")
        lines.append(f"{name} = {items[name].text}")
    program = parse("\n".join([*lines, f"outputs: {', '.join(names)}"]))
    values = forward(program.graph, floats, {})
    found: dict[str, float] = {}
    for name, output in zip(names, program.outputs, strict=True):
        finite(items[name], values[output], program.graph)
        found[name] = Typed.of(values[output], program.graph, output, items[name].text)
    return found
