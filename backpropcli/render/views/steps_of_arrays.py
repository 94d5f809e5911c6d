"""The two passes of a program with arrays written out: in names with shapes, then in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropcli.errors import visible
from backpropcli.language.surface import DIFF
from backpropcli.language.unparse.writer import Writer
from backpropcli.render.layout.arrays import SHORT, block, inline, sign, sized
from backpropcli.render.layout.blocks import marked
from backpropcli.render.layout.lines import width, wrapped
from backpropcli.render.views.board import SUM, Equation, arriving, called, factor
from backpropcli.report.decimals import number
from backpropcli.report.elements import shape_of
from backpropcli.report.local.partials import local
from backpropcli.report.local.texts import passes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backpropcli.render.layout.lines import Line, Options
    from backpropcli.report.flow.flow import Edge
    from backpropcli.report.report import Report

INDENT = "     "
GIVEN = "V"
"""A large array of cotangents that was given."""


class HandOfArrays:
    """Writes on the board, with the user's names, and z1, z2, ... for the rest."""

    def __init__(self, report: Report, options: Options) -> None:
        self.report = report
        self.view = view = report.view
        self.options = options
        self.names = [
            visible(name or (self.literal(node) if view.literal(node) else view.text(node)))
            for node, name in enumerate(called(view))
        ]
        [first, *others] = view.seeds.items()
        self.whole = (
            not others and first[0] == view.root and not shape_of(first[1]) and first[1] == 1
        )
        self.top = self.names[view.root] if self.whole else SUM

    def literal(self, node: int) -> str:
        """Return a number, or an array of numbers, as it stands in a formula."""
        return factor(inline(self.view.values[node], self.options.digits))

    def values(self) -> Iterator[Line]:
        """Yield the lines of each value."""
        view, step = self.view, 0
        for node, operation in enumerate(view.operations):
            if not view.names[node] and (operation == "constant" or view.literal(node)):
                continue
            if not view.inputs[node]:
                yield from self.told(f"   {self.names[node]}", "", node, "value", "")
                continue
            step += 1
            text = self.written(node, self.names)
            shapes = ""
            if operation == "matmul":
                sizes = [sized(shape_of(view.values[child])) for child in view.inputs[node]]
                shapes = " @ ".join(sizes)
            numbers = self.in_numbers(node)
            if numbers and numbers != text:
                text += f" = {numbers}"
            yield from self.told(f"{step}. {self.names[node]}", text, node, "value", shapes)

    def written(self, node: int, names: Sequence[str]) -> str:
        """Return an operation on what is called ``names``."""
        view = self.view
        if view.calls.get(node) == DIFF:
            return visible(view.text(node))
        graph, body = view.program.graph, view.body(node)
        writer = Writer(graph, [], {})
        inputs = zip(graph.inputs[body], view.inputs[node], strict=True)
        writer.short = {at: names[child] for at, child in inputs}
        return visible(writer.spaced(body))

    def in_numbers(self, node: int) -> str:
        """Return an operation on numbers; "" where one of them is an array, or long."""
        view, digits = self.view, self.options.digits
        inputs = view.inputs[node]
        if any(shape_of(view.values[child]) for child in inputs) or view.operations[node] == "name":
            return ""
        names = list(self.names)
        for child in inputs:
            names[child] = factor(number(view.values[child], digits))
        return self.written(node, names)

    def adjoints(self) -> Iterator[Line]:
        """Yield the lines of each adjoint, from the output down."""
        view = self.view
        if not self.whole:
            terms = []
            for at, seed in view.seeds.items():
                term = f"{self.seed(seed)}*{self.names[at]}"
                terms.append(f"sum({term})" if shape_of(seed) else term)
            yield [("label", f"{SUM} = {' + '.join(terms)}")]
        for found in arriving(view, self.equation):
            head = f"d{self.top}/d{self.names[found.node]}"
            if found.why:
                yield [("label", f"{head} = "), ("gradient", "0"), ("note", f"  ({found.why})")]
                continue
            note = "; ".join(
                f"nothing from {self.names[user]}: {why}" for user, why in dict.fromkeys(found.cuts)
            )
            yield from self.told(head, found.text, found.node, "gradient", found.seeds[0])
            if note:
                yield [("note", f"{INDENT}({note})")]

    def seed(self, given: Any) -> str:  # noqa: ANN401 (a number, or an array)
        """Return a cotangent that was given; V for a large array."""
        small = not shape_of(given) or given.size <= SHORT or self.options.full
        return inline(given, self.options.digits) if small else GIVEN

    def equation(self, node: int, seeds: list[Any], terms: list[tuple[int, Edge]]) -> Equation:
        """Return the equation of an adjoint: its text, and the shapes of a product."""
        parts = [self.seed(seed) for seed in seeds]
        shapes = []
        for user, edge in terms:
            text, sizes = self.term(user, edge)
            parts.append(text)
            shapes.append(sizes)
        text = " + ".join(parts).replace("+ -", "- ")
        found = Equation(node, "" if not terms and len(seeds) == 1 else text)
        found.seeds = ["; ".join(filter(None, shapes))]
        return found

    def term(self, user: int, edge: Edge) -> tuple[str, str]:
        """Return what goes along an edge, in names, and the shapes of a product in it."""
        view, back = self.view, self.report.quantity != "tangent"
        given = f"d{self.top}/d{self.names[user]}" if back else f"d{self.names[edge.input]}"
        found = local(view, user, edge)
        if found is not None:
            return passes(found, self.names.__getitem__, given, back=back), found.shapes
        name = view.calls.get(user) or view.row(user).shown
        if name == DIFF:
            name = f"[{visible(view.text(user))}]"
        partial = edge.partial
        if partial is not None and shape_of(partial) and partial.size:
            first = partial.flat[0]
            if bool((partial == first).all()):
                return f"{given} * {number(float(first), 4)} for each element", ""
        if partial is None:
            return f"{given} through {name}", ""
        return f"{given} * d{name}/d{self.names[edge.input]}", ""

    def tangents(self) -> Iterator[Line]:
        """Yield the lines of each tangent."""
        view = self.view
        for node, tangent in enumerate(view.adjoints):
            if tangent is None:
                continue
            edges = [one for one in view.edges(node) if view.adjoints[one.input] is not None]
            moving = [one for one in edges if not one.flow]
            found = self.equation(node, [], [(node, edge) for edge in moving])
            yield from self.told(f"d{self.names[node]}", found.text, node, "gradient", *found.seeds)

    def told(self, head: str, text: str, node: int, role: str, shapes: str) -> list[Line]:
        """Return an equation: a text, and the numbers on the same line or below it."""
        options, view = self.options, self.view
        value = view.values[node] if role == "value" else view.adjoints[node]
        room = options.room()
        size = sized(shape_of(value))
        equal = sign(value, options)
        note = f"   {size} = {shapes}" if shapes else f"   {size}" if size else ""
        start: Line = [("label", f"{head} = {text}" if text else head)]
        lines = block(value, options, role, room - len(INDENT) - 2)
        if len(lines) == 1:
            one: Line = [*start, ("label", f" {equal or ' '} "), *lines[0], ("note", note)]
            if width(one) <= room:
                return [one]
        start.append(("note", note))
        return [
            *wrapped(start, room, len(INDENT)),
            *marked(f"{equal:>{len(INDENT) - 1}} " if text else INDENT, lines),
        ]
