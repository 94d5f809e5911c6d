"""Values for variables: from the command line, from JSON and TOML, from a program's comments.

A value is a number or a constant expression, which may use other values.
"""

from __future__ import annotations

from backpropcli.calculus.bindings.items import Item, is_long, is_name, settled, value
from backpropcli.calculus.bindings.typed import Spelled, Typed
from backpropcli.errors import BackpropError, SourceError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backpropcli.language.program import Program

__all__ = [
    "Item",
    "Typed",
    "assignments",
    "comment_bindings",
    "file_bindings",
    "is_name",
    "merged",
    "numbers",
    "unused",
    "value",
    "warnings",
]
MARK = "bind:"
NOTED = {"e": "2.71828", "tau": "2*pi"}
"""Constants whose names are usual for variables too, and what they are."""


def assignments(words: Iterable[str]) -> dict[str, float]:
    """Return the values of NAME=VALUE words; VALUE is a constant expression such as 2*pi/3.

    Raises SourceError for a word that is not of that form, or a name given twice.
    """
    return settled(_from_words(words))


def _from_words(words: Iterable[str]) -> dict[str, Item]:
    """Return what NAME=VALUE words give, by name."""
    found: dict[str, Item] = {}
    words = list(words)
    for place, word in enumerate(words):
        name, equals, text = word.partition("=")
        name = name.strip()
        if not equals or not is_name(name) or not text.strip() or text.startswith("="):
            from backpropcli.calculus.bindings.mistakes import not_a_value  # noqa: PLC0415 (a mistake)

            raise not_a_value(words, place)
        if name in found:
            raise SourceError(
                f"{name} is given twice", word, 0, word.index("="), "keep one of the two"
            )
        found[name] = Item(word, word.index("=") + 1, len(word))
    return found


def numbers(given: Mapping[str, object]) -> dict[str, float]:
    """Return values that Python code gives: numbers, or texts with constant expressions.

    A fraction is a constant expression too. Raises BackpropError for what is neither.
    """
    return settled({name: _from_python(item, name) for name, item in given.items()})


def _from_python(given: object, name: str) -> float | Item:
    if isinstance(given, float) and type(given) in {float, Spelled, Typed}:
        return given
    if isinstance(given, str) or getattr(given, "denominator", 1) != 1 or is_long(given):
        return Item.of(name, str(given))
    if hasattr(given, "__float__") and not isinstance(given, bool):
        try:
            return float(given)
        except OverflowError:
            raise BackpropError(
                f"the value of {name} is too large for a double",
                "the largest is about 1.8e308; infinity is inf",
            ) from None
        except (TypeError, ValueError):  # an array of several numbers
            pass
    raise BackpropError(
        f"the value of {name} is not a number",
        "a mapping of values is the second argument, without a name"
        if isinstance(given, dict)
        else 'a value is a number, or a text with a constant expression, as in "2*pi/3"',
    )


def file_bindings(path: str, stdin: str | None = None) -> dict[str, float | Item]:
    """Return what a JSON or TOML file gives by name; ``stdin`` is the text of "-".

    What is nested has the names of all its levels, with _ between them.
    """
    from backpropcli.calculus.bindings.files import read  # noqa: PLC0415 (only with --bind)

    return read(path, stdin)


def comment_bindings(source: str, origin: str = "") -> dict[str, float]:
    """Return the default values that a program's comments give: ``# bind: w=2 x=3``."""
    return settled(_from_comments(source, origin))


def _from_comments(source: str, origin: str) -> dict[str, Item]:
    """Return what a program's comments give, by name."""
    found: dict[str, Item] = {}
    if MARK not in source:
        return found
    place = 0
    for line in source.split("\n"):
        mark, _, rest = line.partition("#")
        if not mark.strip() and rest.strip().startswith(MARK):
            at = place + line.index(MARK) + len(MARK)
            for word in source[at : place + len(line)].split():
                at = source.index(word, at)
                try:
                    [name] = _from_words([word])
                except SourceError as error:
                    hint = "write the default values with blanks between them: # bind: w=2 x=3"
                    raise SourceError(
                        error.message, source, at + error.start, at + error.end, hint, origin
                    ) from None
                if name in found:
                    raise SourceError(
                        f"{name} is given twice",
                        source,
                        at,
                        at + len(name),
                        "keep one of the two",
                        origin,
                    )
                found[name] = Item(source, at + word.index("=") + 1, at + len(word), origin)
                at += len(word)
        place += len(line) + 1
    return found


def merged(
    program_text: str,
    origin: str,
    files: Iterable[Mapping[str, float | Item]],
    words: Iterable[str],
) -> tuple[dict[str, float], set[str]]:
    """Return all bindings, the later ones winning, and the names that were given from outside.

    The order is: the program's comments, files, the command line. What is no number in a file
    counts only where the program, or another value, uses its name.
    """
    defaults = _from_comments(program_text, origin)
    given: dict[str, float | Item] = {}
    for one in files:
        given |= one
    given |= _from_words(words)
    found = settled({**defaults, **given}, program_text)
    return found, {*given} & {*found}


def warnings(program: Program, given: Iterable[str]) -> list[str]:
    """Return what a program and the names that are ``given`` values give to think about."""
    given = set(given)
    found = [f"{name} is assigned but never used" for name in program.unused]
    return [*unused(program, given), *program.warnings, *found, *_constants(program, given)]


def unused(program: Program, given: Iterable[str]) -> list[str]:
    """Return a warning for each name in ``given`` that the program does not use."""
    variables = set(program.variables)
    found = []
    for name in sorted(set(given) - variables):
        meant = did_you_mean(name, variables)
        found.append(f"the expression does not use {name}{meant and f'; {meant}'}")
    return found


def _constants(program: Program, given: set[str]) -> list[str]:
    """Return a line for each constant that may be meant as a variable, where others have values.

    The base of a power is not: e^x means the constant.
    """
    if not given or not program.variables:
        return []
    graph = program.graph
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
