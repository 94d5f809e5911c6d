"""Values for variables: from the command line, from files, from a program's comments, from Python.

A value is a number, an array, or a constant expression, which may use other values.
"""

from __future__ import annotations

from backpropcli.calculus.bindings.items import Item, Stored, is_name
from backpropcli.calculus.bindings.point import Point
from backpropcli.calculus.bindings.settle import USUAL, Settings, settled
from backpropcli.calculus.bindings.typed import Spelled, Typed
from backpropcli.calculus.bindings.words import from_comments, from_words, item_of
from backpropcli.errors import did_you_mean
from backpropcli.graph.statics import sizes_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from backpropcli.language.program import Program

__all__ = [
    "Item",
    "Point",
    "Settings",
    "Typed",
    "comment_bindings",
    "component",
    "constants",
    "file_bindings",
    "is_finite",
    "is_name",
    "merged",
    "numbers",
    "unused",
    "value",
    "warnings",
    "with_letters",
]
LINE, COMMENTS, CALL = "the command line", "the program's comments", "the call"
"""Where values come from that stand in no file."""
NOTED = {"e": "2.71828", "tau": "2*pi"}
"""Constants whose names are usual for variables too, and what they are."""


def value(word: str, start: int, where: str = "") -> Any:  # noqa: ANN401 (a number or an array)
    """Return the value of the constant expression from ``start`` on in ``word``."""
    [found] = component("", word, start, where).values()
    return found


def component(name: str, word: str, start: int, where: str) -> Point:
    """Return the value of the constant expression from ``start`` on in ``word``, by a name."""
    return settled({name: item_of(word, start, len(word), where)}, {name: where})


def is_finite(value: Any) -> bool:  # noqa: ANN401 (a number or an array)
    """Say whether a value is a finite number, or all of its elements are."""
    if isinstance(value, float):
        return value - value == 0
    from backpropcli.calculus.bindings.arrays import is_finite as are

    return are(value)


def numbers(given: Mapping[str, object]) -> Point:
    """Return values that Python code gives: numbers, arrays, or texts with constant expressions.

    A fraction is a constant expression too, and a list an array. Where all arrays of floats are in
    single precision, they stay so. Raises BackpropError for what is none of these.
    """
    notes: list[str] = []
    entries: dict[str, Any] = {}
    for name, each in given.items():
        if type(each) in {float, Spelled, Typed}:
            entries[name] = each
        else:
            from backpropcli.calculus.bindings.python import entry

            entries[name] = entry(each, name)
    arrays = [name for name, each in entries.items() if not isinstance(each, (float, Item))]
    if arrays:
        from backpropcli.calculus.bindings.python import in_one_precision

        in_one_precision(entries, arrays, notes)
    lists = [name for name, each in given.items() if isinstance(each, (list, tuple))]
    origins = dict.fromkeys(entries, CALL) | _files(entries) | getattr(given, "origins", {})
    point = settled(entries, origins, given, decimals=lists)
    point.notes[:0] = notes
    point.dtype = getattr(given, "dtype", "")
    point.written = {**getattr(given, "written", {}), **point.written}
    return point


def _files(entries: Mapping[str, Any]) -> dict[str, str]:
    """Return what values come from that stand in files."""
    return {name: item.file for name, item in entries.items() if isinstance(item, Stored)}


def with_letters(point: Mapping[str, Any], shapes: Sequence[str]) -> Mapping[str, Any]:
    """Return values, and the letters of shapes that are typed: a program may have both for sizes.

    What has a shape is a variable, though its value is not known: it is None.
    """
    if not shapes:
        return point
    from backpropcli.arithmetics.shapes.sizes import letter
    from backpropcli.calculus.sizing import typed

    known = typed(shapes)
    return {**dict.fromkeys(known), **{name: letter(name) for name in known.letters}, **point}


def file_bindings(path: str) -> dict[str, Any]:
    """Return what a file gives by name, or stdin for "-": JSON, TOML, or arrays.

    What is nested has the names of all its levels, with _ between them.
    """
    from backpropcli.calculus.bindings.files import read

    return read(path)


def comment_bindings(source: str) -> Point:
    """Return the default values that a program's comments give: ``# bind: w=2 x=3``."""
    items = from_comments(source, "")
    return settled(items, dict.fromkeys(items, COMMENTS))


def merged(
    program_text: str,
    origin: str,
    files: Mapping[str, Mapping[str, Any]],
    words: Iterable[str],
    settings: Settings = USUAL,
) -> Point:
    """Return all values, the later ones winning: the program's comments, files, the command line.

    ``files`` has what each file gives, by its path. What is no number in a file counts only where
    the program, or another value, uses its name.
    """
    given: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for path, one in files.items():
        given |= one
        origins |= dict.fromkeys(one, "stdin" if path == "-" else path)
    typed = from_words(words)
    given |= typed
    origins |= dict.fromkeys(typed, LINE)
    defaults = from_comments(program_text, origin)
    entries = {**defaults, **given}
    origins = {**dict.fromkeys(defaults, origin or COMMENTS), **origins, **_files(entries)}
    lists = [name for name, each in entries.items() if not isinstance(each, (Item, float))]
    return settled(
        entries, origins, given, program_text=program_text, settings=settings, decimals=lists
    )


def warnings(program: Program, given: Iterable[str]) -> list[str]:
    """Return what a program and the names that are ``given`` values give to think about."""
    given = set(given)
    found = [f"{name} is assigned but never used" for name in program.unused]
    return [*unused(program, given), *found, *constants(program, given)]


def unused(program: Program, given: Iterable[str]) -> list[str]:
    """Return a warning for each name in ``given`` that the program does not use."""
    variables = {*program.variables, *sizes_in(program.graph.table, program.graph.args.values())}
    found = []
    for name in sorted(set(given) - variables):
        meant = did_you_mean(name, variables)
        found.append(f"the expression does not use {name}{meant and f'; {meant}'}")
    return found


def constants(program: Program, given: Iterable[str]) -> list[str]:
    """Return a line for each constant that may be meant as a variable, beside others that are.

    The base of a power is not: e^x means the constant. Nor is one in a program whose own comments
    have all the values.
    """
    graph = program.graph
    if not program.variables or NOTED.keys().isdisjoint(graph.named("constant")):
        return []
    if not [*given] and from_comments(program.source, ""):
        return []
    found: dict[str, None] = {}
    for node, inputs in enumerate(graph.inputs):
        bases = inputs[:1] if graph.operations[node] == "pow" else ()
        for child in inputs:
            name = graph.args.get(child) if graph.operations[child] == "constant" else None
            if name in NOTED and not (name == "e" and child in bases):
                found[str(name)] = None
    return [
        f"{name} is read as the constant {NOTED[name]}; for a variable give it a value: {name}=..."
        for name in found
    ]
