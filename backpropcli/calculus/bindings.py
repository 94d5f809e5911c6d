"""Values for variables: from the command line, from JSON and TOML, from a program's comments."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.calculus.forward import forward
from backpropcli.errors import BackpropError, SourceError, did_you_mean
from backpropcli.graph.graph import Decimal
from backpropcli.language.parse import parse
from backpropcli.language.scanner import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backpropcli.graph.graph import Graph
    from backpropcli.language.program import Program

NOT_FINITE = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
MARK = "bind:"
LONG = 400
"""Characters of a whole number that a double can hold, and some."""


def assignments(words: Iterable[str], where: str = "") -> dict[str, float]:
    """Return the values of NAME=VALUE words; VALUE is a constant expression such as 2*pi/3.

    Raises SourceError for a word that is not of that form, or a name given twice.
    """
    found: dict[str, float] = {}
    for word in words:
        name, equals, text = word.partition("=")
        start = len(name) + 1
        if not equals:
            hint = "a value is given as NAME=VALUE; put the expression in quotes as one word"
            raise SourceError("this is not a binding", word, 0, len(word), hint, where)
        if not name.strip() or not is_name(name.strip()):
            hint = "a name is letters, digits and _, and does not begin with a digit"
            raise SourceError(
                "there is no name to bind before the '='"
                if not name.strip()
                else f"'{name}' cannot be the name of a variable",
                word,
                0,
                max(len(name), 1),
                hint,
                where,
            )
        name = name.strip()
        if not text.strip():
            hint = f"write a number, as in {name}=1"
            raise SourceError(f"there is no value for {name}", word, start, start + 1, hint, where)
        if name in found:
            raise SourceError(
                f"{name} is given twice", word, 0, start - 1, "keep one of the two", where
            )
        found[name] = value(word, start, where)
    return found


class Typed(float):
    """A double, and the constant expression that was typed for it: node ``root`` of ``graph``."""

    __slots__ = ("graph", "root")

    graph: Graph
    root: int

    @classmethod
    def of(cls, value: float, graph: Graph, root: int) -> Typed:
        """Return ``value`` with its expression."""
        found = cls(value)
        found.graph = graph
        found.root = root
        return found


def is_name(text: str) -> bool:
    """Say whether ``text`` is one name of the language."""
    return tokens(text) == [("NAME", 0, len(text))]


def value(word: str, start: int, where: str = "") -> float:
    """Return the value of the constant expression from ``start`` on in ``word``."""
    try:
        program = parse(word[start:])
    except SourceError as error:
        raise SourceError(
            error.message, word, error.start + start, error.end + start, error.hint, where
        ) from None
    if len(program.outputs) > 1:
        raise SourceError(
            "this is more than one value", word, start, len(word), "write one number", where
        )
    variables = program.variables
    if variables:
        name, node = next(iter(variables.items()))
        raise SourceError(
            f"'{name}' is not a number or a constant",
            word,
            program.starts[node] + start,
            program.ends[node] + start,
            "a value is a number or a constant expression such as 2*pi/3; "
            "the constants are pi, e, tau, inf and nan",
            where,
        )
    result = forward(program.graph, floats, {})[program.root]
    named = {"inf", "nan"} & {str(leaf) for leaf in program.graph.args.values()}
    if result - result != 0 and not named:
        raise SourceError(
            f"this value is {result!r}",
            word,
            start,
            len(word),
            "a value is a finite number; inf and nan can be given by name",
            where,
        )
    long = any(isinstance(arg, Decimal) for arg in program.graph.args.values())
    if set(program.graph.operations) <= {"number", "neg"} and not long:
        return float(result)  # the decimal that it is shown as is what was typed
    return Typed.of(result, program.graph, program.root)


def _long(given: object) -> bool:
    """Say whether a whole number has more digits than a double keeps."""
    return isinstance(given, int) and isinstance(Decimal.of(str(abs(given))), Decimal)


def numbers(given: Mapping[str, object]) -> dict[str, float]:
    """Return values that Python code gives: numbers, or texts with constant expressions.

    A fraction is a constant expression too. Raises BackpropError for what is neither.
    """
    found: dict[str, float] = {}
    for name, item in given.items():
        known = type(item) is float or isinstance(item, Typed)
        found[name] = item if known else _from_python(item, name)  # type: ignore[assignment]
    return found


def _from_python(given: object, name: str) -> float:
    if isinstance(given, str) or getattr(given, "denominator", 1) != 1 or _long(given):
        return value(f"{name}={given}", len(name) + 1)
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


def file_bindings(path: str, stdin: str | None = None) -> dict[str, float]:
    """Return the bindings in a JSON or TOML file; ``stdin`` is the text of "-"."""
    from backpropcli.files import read_text  # noqa: PLC0415 (only with --bind)

    text = stdin if stdin is not None else read_text(path)
    data = _decoded(text, path)
    if not isinstance(data, dict):
        raise BackpropError(
            f"{path} does not hold bindings", 'it should be an object, as in {"w": 2, "x": 3}'
        )
    found = {}
    for name, given in data.items():
        if not is_name(name):
            raise BackpropError(
                f"{path}: '{name}' cannot be the name of a variable",
                "a name is letters, digits and _, and does not begin with a digit",
            )
        found[name] = _number(given, name, path)
    return found


def _decoded(text: str, path: str) -> object:
    import json
    import tomllib  # noqa: PLC0415

    toml = path.endswith(".toml")
    form = "write lines such as w = 2" if toml else 'write {"w": 2, "x": 3}'
    try:
        if toml:
            return tomllib.loads(text, parse_float=_decimal)
        return json.loads(text, object_pairs_hook=_once, parse_int=_whole, parse_float=_decimal)
    except tomllib.TOMLDecodeError as error:
        raise BackpropError(f"{path} is not TOML: {error}", form) from None
    except json.JSONDecodeError as error:
        raise SourceError(
            f"{path} is not JSON: {error.msg[:1].lower()}{error.msg[1:]}",
            text,
            error.pos,
            error.pos + 1,
            form,
            path,
        ) from None
    except RecursionError:
        raise BackpropError(f"{path} is nested too deeply", form) from None
    except ValueError:  # a number that Python does not read
        raise BackpropError(f"{path} holds a number that is too long", form) from None


def _whole(text: str) -> int | float:
    """Return a whole number as it is, or as a double where it has more digits than one can hold."""
    return int(text) if len(text) <= LONG else float(text)


def _decimal(text: str) -> float | str:
    """Return a decimal as a double, or as its text where the double has lost digits."""
    value = float(text)
    lost = value - value == 0 and isinstance(Decimal.of(text.lstrip("+-")), Decimal)
    return text if lost else value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return ``pairs`` as a dict; a key given twice is an error, not a silent choice."""
    found: dict[str, object] = {}
    for key, item in pairs:
        if key in found:
            raise BackpropError(f"{key} is given twice in one object", "keep one of the two")
        found[key] = item
    return found


def _number(given: object, name: str, path: str) -> float:
    if isinstance(given, str):
        if given in NOT_FINITE:
            return NOT_FINITE[given]
        return value(f"{name}={given}", len(name) + 1, path)
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        try:
            result = float(given)
        except OverflowError:
            result = float("inf")
        if result in (float("inf"), float("-inf")):
            raise BackpropError(
                f"{path}: the value of {name} is too large for a double",
                'the largest is about 1.8e308; infinity is "Infinity"',
            )
        return value(f"{name}={given}", len(name) + 1, path) if _long(given) else result
    raise BackpropError(
        f"{path}: the value of {name} is not a number",
        'a value is a number, or a string with a constant expression, as in "2*pi/3"',
    )


def comment_bindings(source: str, origin: str = "") -> dict[str, float]:
    """Return the default values that a program's comments give: ``# bind: w=2 x=3``."""
    if MARK not in source:
        return {}
    found: dict[str, float] = {}
    place = 0
    for line in source.split("\n"):
        mark, _, rest = line.partition("#")
        if not mark.strip() and rest.strip().startswith(MARK):
            at = place + line.index(MARK) + len(MARK)
            for word in source[at : place + len(line)].split():
                at = source.index(word, at)
                try:
                    one = assignments([word])
                except SourceError as error:
                    hint = "write the default values with blanks between them: # bind: w=2 x=3"
                    raise SourceError(
                        error.message, source, at + error.start, at + error.end, hint, origin
                    ) from None
                name = next(iter(one))
                if name in found:
                    raise SourceError(
                        f"{name} is given twice",
                        source,
                        at,
                        at + len(name),
                        "keep one of the two",
                        origin,
                    )
                found |= one
                at += len(word)
        place += len(line) + 1
    return found


def merged(
    program_text: str, origin: str, files: Iterable[dict[str, float]], words: Iterable[str]
) -> tuple[dict[str, float], set[str]]:
    """Return all bindings, the later ones winning, and the names that were given from outside.

    The order is: the program's comments, files, the command line.
    """
    found = comment_bindings(program_text, origin)
    given: dict[str, float] = {}
    for one in files:
        given |= one
    given |= assignments(words)
    return found | given, set(given)


def warnings(program: Program, given: Iterable[str]) -> list[str]:
    """Return what a program and the names that are ``given`` values give to think about."""
    found = [f"{name} is assigned but never used" for name in program.unused]
    return [*unused(program, given), *program.warnings, *found]


def unused(program: Program, given: Iterable[str]) -> list[str]:
    """Return a warning for each name in ``given`` that the program does not use."""
    variables = set(program.variables)
    found = []
    for name in sorted(set(given) - variables):
        meant = did_you_mean(name, variables)
        found.append(f"the expression does not use {name}{meant and f'; {meant}'}")
    return found
