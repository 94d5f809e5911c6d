"""Writes whole programs: the functions with rules that the text calls, then its statements."""

from __future__ import annotations

from backpropcli.language.surface import ADJOINT, OUT
from backpropcli.language.unparse.library import Library, parts_of
from backpropcli.language.unparse.writer import Writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.graph.graph import Graph
    from backpropcli.language.unparse.library import Part

LONGEST = 200
"""How many operations the text of a function's body may have where they are fewer nodes."""


def program_text(
    graph: Graph, roots: list[int], names: Mapping[str, int], results: Mapping[str, int]
) -> list[str]:
    """Return the statements of the program, with what they call before them.

    ``results`` are names of outputs: no number in the text is written by one of them.
    """
    library = Library(graph, roots)
    text = [*_definitions(library)]
    writer = Writer(graph, roots, {**names, **results}, library=library)
    writer.results = results
    text += writer.statements()
    return [*library.constants(), *text]


def _definitions(library: Library) -> Iterator[str]:
    """Yield the definitions and their rules."""
    for operation, row in library.functions.items():
        name, (body, *rules) = library.shown[operation], parts_of(row)
        yield from _defined("def", name, row.function.parameters, [body], library)
        yield from _defined("rule", name, row.function.rule_names, rules, library)


def _defined(
    word: str, name: str, parameters: list[str], parts: list[Part], library: Library
) -> Iterator[str]:
    """Yield a definition or a rule, after the definitions that it needs."""
    texts = []
    for part in parts:
        before, text = Body(part, name, parameters, library).texts()
        yield from before
        texts.append(text)
    yield f"{word} {name}({', '.join(parameters)}) = {', '.join(texts)}"


class Body(Writer):
    """Writes a function's body or rule, in which nothing can have a name.

    Where that would be long, what is used twice is a function of its own of the same parameters.
    """

    def __init__(self, part: Part, name: str, parameters: list[str], library: Library) -> None:
        graph, root = part
        self.name = name
        self.helpers: dict[int, str] = {}
        super().__init__(graph, [root], {}, taken=parameters, library=library)
        self.out = graph.variables().get(OUT)
        arrives = [ADJOINT] if ADJOINT in graph.variables() and ADJOINT not in parameters else []
        self.given = self.parameters = [*parameters, *arrives]
        if self.out is not None:
            spare = OUT
            while spare in self.taken:
                spare += "_"
            self.parameters = [*self.parameters, spare]  # of the helpers: none can be called out
            self.given = [*self.given, OUT]

    def _name_the_rest(self) -> None:
        sizes = [1] * len(self.graph)
        for number, inputs in enumerate(self.inputs):
            sizes[number] = min(sum([sizes[child] for child in inputs], 1), LONGEST + 1)
        if sizes[self.roots[0]] <= LONGEST or self.library is None:
            return
        for number, uses in enumerate(self._uses()):
            if uses > 1 and self.inputs[number]:
                self.helpers[number] = self.library.fresh(f"{self.name}_{len(self.helpers) + 1}")

    def texts(self) -> tuple[list[str], str]:
        """Return the definitions that come before, and the text."""
        if self.out is not None:
            self.short[self.out] = self.parameters[-1]
        call = f"({', '.join(self.parameters)})"
        before = []
        for number, helper in self.helpers.items():
            before.append(f"def {helper}{call} = {''.join(self.pieces(number))}")
            self.short[number] = helper + call
        if self.out is not None:
            self.short[self.out] = OUT
        for number, helper in self.helpers.items():
            self.short[number] = f"{helper}({', '.join(self.given)})"
        return before, "".join(self.pieces(self.roots[0]))
