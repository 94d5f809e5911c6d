"""What is typed for a value, and its number; values may use each other, in any order."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.calculus.bindings.typed import Spelled, Typed
from backpropcli.calculus.forward import forward
from backpropcli.errors import BackpropError, SourceError
from backpropcli.graph.graph import Decimal
from backpropcli.language.parse import parse
from backpropcli.language.scanner import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from backpropcli.graph.graph import Graph
    from backpropcli.language.program import Program


ODD = ":,;[(=±+. "
"""What stands in texts that are no value, and in some that are one."""


class Item:
    """What is given for a value: characters ``start`` to ``end`` of ``source``.

    ``refusal`` is the error of one that cannot be a number, raised where it is used.
    """

    __slots__ = ("end", "origin", "refusal", "source", "start")

    def __init__(
        self,
        source: str,
        start: int,
        end: int,
        origin: str = "",
        refusal: Exception | None = None,
    ) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.origin = origin
        self.refusal = refusal

    @classmethod
    def of(cls, name: str, text: str, origin: str = "") -> Item:
        """Return the item of a text that stands in no source."""
        word = f"{name}={text}"
        return cls(word, len(name) + 1, len(word), origin)

    @property
    def text(self) -> str:
        """What is given."""
        return self.source[self.start : self.end]

    def error(self, message: str, hint: str, start: int = 0, end: int | None = None) -> SourceError:
        """Return the error at characters ``start`` to ``end`` of the text."""
        stop = len(self.text) if end is None else end
        return SourceError(
            message, self.source, self.start + start, self.start + stop, hint, self.origin
        )

    def check(self) -> None:
        """Raise SourceError for a text that is no expression at all."""
        words = tokens(self.text)
        self.parsed({self.text[start:end] for kind, start, end in words if kind == "NAME"})

    def parsed(self, known: Collection[str]) -> Program:
        """Return the program that computes the value, of variables that are ``known``."""
        if self.refusal is not None:
            raise self.refusal
        if any(char in ODD for char in self.text):
            from backpropcli.calculus.bindings.mistakes import odd_value  # noqa: PLC0415 (it may be one)

            if (error := odd_value(self)) is not None:
                raise error
        try:
            program = parse(self.text, known)
        except SourceError as error:
            from backpropcli.calculus.bindings.mistakes import in_value  # noqa: PLC0415 (a mistake)

            raise in_value(self, error) from None
        if len(program.outputs) > 1:
            raise self.error("this is more than one value", "write one number")
        if program.names:
            raise self.error("a value has no statements", "write a number, as in 2*pi/3")
        for name, node in program.variables.items():
            if name not in known:
                from backpropcli.calculus.bindings.mistakes import unknown_name  # noqa: PLC0415 (a mistake)

                raise unknown_name(self, program, name, node)
        return program


def is_name(text: str) -> bool:
    """Say whether ``text`` is one name of the language."""
    return tokens(text) == [("NAME", 0, len(text))]


def is_long(given: object) -> bool:
    """Say whether a whole number has more digits than a double keeps."""
    return isinstance(given, int) and isinstance(Decimal.of(str(abs(given))), Decimal)


def value(word: str, start: int, where: str = "") -> float:
    """Return the value of the constant expression from ``start`` on in ``word``."""
    item = Item(word, start, len(word), where)
    return _number(item, item.parsed(()))


def _number(item: Item, program: Program) -> float:
    """Return the number of a program without variables."""
    result = forward(program.graph, floats, {})[program.root]
    _finite(item, result, program.graph)
    long = any(isinstance(arg, Decimal) for arg in program.graph.args.values())
    if set(program.graph.operations) <= {"number", "neg"} and not long:
        return Spelled.of(float(result), item.text)
    return Typed.of(result, program.graph, program.root, item.text)


def _finite(item: Item, result: float, graph: Graph) -> None:
    """Raise SourceError for a value that is not finite and was not given so by name."""
    named = {"inf", "nan"} & {str(leaf) for leaf in graph.args.values()}
    if result - result != 0 and not named:
        raise item.error(
            f"this value is {result!r}",
            "a value is a finite number; inf and nan can be given by name",
        )


def settled(given: Mapping[str, float | Item], program_text: str | None = None) -> dict[str, float]:
    """Return the numbers of all that is given; a value may use the others.

    With the text of a program, what a file gives and is no number counts only where the program,
    or a value, uses its name. Raises SourceError for values that need each other.
    """
    items = {name: item for name, item in given.items() if isinstance(item, Item)}
    used: Collection[str] = given
    if program_text is not None:
        texts = [program_text, *[item.text for item in items.values() if item.refusal is None]]
        used = {text[start:end] for text in texts for _, start, end in tokens(text)}
    programs: dict[str, Program] = {}
    for name, item in items.items():
        try:
            programs[name] = item.parsed(given)
        except BackpropError:
            if name in used or not item.origin:
                raise
    items = {name: item for name, item in items.items() if name in programs}
    order = _ordered(items, programs)
    found: dict[str, float] = {}
    for name, entry in given.items():
        if not isinstance(entry, Item):
            found[name] = entry
        elif name in items and not programs[name].variables:
            found[name] = _number(entry, programs[name])
    dependent = [name for name in order if name not in found]
    computed = _computed(dependent, items, found) if dependent else {}
    found |= computed
    return {name: found[name] for name in given if name in found}


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
    names: list[str], items: Mapping[str, Item], numbers: Mapping[str, float]
) -> dict[str, float]:
    """Return the values of items that use others, from one program of all that they use."""
    lines: list[str] = []
    written = {*names}
    for name in names:
        for other in parse(items[name].text, items.keys() | numbers.keys()).variables:
            if other not in written:
                written.add(other)
                text = items[other].text if other in items else repr(float(numbers[other]))
                lines.append(f"{other} = {text}")
        lines.append(f"{name} = {items[name].text}")
    program = parse("\n".join([*lines, f"outputs: {', '.join(names)}"]))
    values = forward(program.graph, floats, {})
    found: dict[str, float] = {}
    for name, output in zip(names, program.outputs, strict=True):
        _finite(items[name], values[output], program.graph)
        found[name] = Typed.of(values[output], program.graph, output, items[name].text)
    return found
