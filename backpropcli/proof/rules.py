"""Holds a function's rules against the derivatives of its body, as functions."""

from __future__ import annotations

from time import monotonic

from backpropcli.calculus.derivative import Along
from backpropcli.errors import BackpropError
from backpropcli.graph.graph import Graph
from backpropcli.language.surface import OUT
from backpropcli.proof.copies import write
from backpropcli.proof.equality.choices import Choices
from backpropcli.proof.equality.coordinates import coordinate, place
from backpropcli.proof.equality.differs import Differs
from backpropcli.proof.equality.equal import Equal, Unknown, equal
from backpropcli.report.decimals import told_apart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from backpropcli.calculus.records import Own
    from backpropcli.proof.equality.points import Point

PROVED, HOLDS, DIFFERS, UNKNOWN = "proved", "holds", "differs", "unknown"
BY_RULE = "rule by rule"
PROVEN, SAMPLED = f"{BY_RULE}, by algebra", f"{BY_RULE}, at sampled points"
PARTLY = f"{BY_RULE}, partly at sampled points"
"""Ways that a verdict rests on rules: how far these are held."""


def way(verdicts: Iterable[str]) -> str:
    """Return the way of a verdict that rests on rules, by what is found of each."""
    found = {*verdicts}
    if HOLDS in found:
        return PARTLY if PROVED in found else SAMPLED
    return PROVEN if found == {PROVED} else BY_RULE


class RuleFinding:
    """What is found of the rule of ``function`` by the parameter ``by``.

    ``verdict`` is PROVED; or HOLDS, at all points that were tried; or DIFFERS, at the point ``at``,
    where ``rule`` and ``body`` are the two numbers; or UNKNOWN, for a ``reason``. At the kinks of
    the body a rule may choose: ``conventions`` are those where it is not the table's choice. With
    a parameter ``then``, it is the derivative of the rule by it that is held.
    """

    __slots__ = ("at", "body", "by", "conventions", "function", "reason", "rule", "then", "verdict")

    def __init__(
        self, function: str, by: str, found: Equal | Differs | Unknown, then: str = ""
    ) -> None:
        self.function = function
        self.by = by
        self.then = then
        self.verdict = UNKNOWN
        self.at: Point = {}
        self.rule = self.body = self.reason = ""
        self.conventions: list[Differs] = []
        if isinstance(found, Differs):
            self.verdict, self.at = DIFFERS, found.point
            self.body, self.rule = found.left, found.right
        elif isinstance(found, Equal):
            self.verdict = PROVED if found.proved else HOLDS
            self.conventions = found.conventions
        else:
            self.reason = found.reason

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {
            "function": self.function,
            "by": self.by,
            "verdict": self.verdict,
            "reason": self.reason,
            "at": {name: coordinate(value) for name, value in self.at.items()},
            "rule": self.rule,
            "body": self.body,
        }


def calls_in(graph: Graph, values: Sequence[Any]) -> dict[Own, list[list[Any]]]:
    """Return the functions with rules that are called, with the arguments of each call.

    Calls that have no value are left out.
    """
    calls: dict[Own, list[list[Any]]] = {}
    for number, inputs in enumerate(graph.inputs):
        row: Any = graph.row(number) if inputs else None
        if row is not None and row.own and values[number] is not None:
            calls.setdefault(row, []).append([values[child] for child in inputs[:-1]])
    return calls


def rule_as_function(
    row: Own, calls: Sequence[Point] = (), deadline: float | None = None, *, twice: bool = False
) -> list[RuleFinding]:
    """Return what is found of each rule of a function, in the order of its parameters.

    ``calls`` are the arguments of calls, by parameter: points at which the rules are held too.
    With ``twice``, as where rules are differentiated, the derivatives of a rule that is the
    body's derivative are held against the body's second derivatives.
    """
    findings = []
    names = row.function.parameters
    for index, by in enumerate(names):
        share = deadline
        if deadline is not None:
            share = monotonic() + (deadline - monotonic()) / (len(names) - index)
        first = RuleFinding(row.function.name, by, _held(row, index, "", calls, share))
        findings.append(first)
        if twice and first.verdict in {PROVED, HOLDS}:
            findings += [
                RuleFinding(row.function.name, by, _held(row, index, then, calls, share), then)
                for then in names
            ]
    return findings


def disagreeing(graph: Graph, deadline: float) -> Iterator[str]:
    """Yield what is told of functions of numbers whose rules are not their bodies' derivatives."""
    names = {graph.operations[at] for at, inputs in enumerate(graph.inputs) if inputs}
    for row in [graph.table[name] for name in sorted(names)]:
        own: Any = row
        if row.own and own.of_numbers:
            yield from filter(None, map(sentence, rule_as_function(own, deadline=deadline)))


def _held(
    row: Own, index: int, then: str, calls: Sequence[Point], deadline: float | None
) -> Equal | Differs | Unknown:
    """Hold a rule, or its derivative by the parameter ``then``, against that of the body."""
    function = row.function
    source, root = row.body
    graph = Graph()
    variables = {name: graph.node("variable", (), name) for name in function.parameters}
    body = write(source, root, graph, variables)
    places = dict(zip(function.rule_names, variables.values(), strict=True)) | {OUT: body}
    rule, top = row.rules[index].parsed
    node = write(rule, top, graph, places)
    choices = Choices(graph, [body, node], {at: at for at in range(len(graph))})
    try:
        slope = _derivative(graph, body, variables[function.parameters[index]])
        if then:
            slope, node = (_derivative(graph, one, variables[then]) for one in (slope, node))
        return equal(
            graph, slope, node, inside=body, extra=calls, deadline=deadline, choices=choices
        )
    except BackpropError as error:
        return Unknown(error.message)


def _derivative(graph: Graph, node: int, by: int) -> int:
    return Along(graph, {by: graph.node("number", (), 1.0)}, book=True).derivative(node)


def sentence(finding: RuleFinding) -> str:
    """Return what is to be told of a rule that differs or is not known to hold; "" for others."""
    whose = f"the rule of {finding.function}"
    what = f"d/d{finding.by}"
    if finding.then:
        what = f"d/d{finding.then} of {what}"
    if finding.verdict == UNKNOWN:
        return f"{whose} for {what} is not proved: {finding.reason}"
    if finding.verdict != DIFFERS:
        return ""
    rule, body = told_apart(finding.rule, finding.body)
    at = f" at {place(finding.at)}" if finding.at else ""
    return f"{whose} gives {rule} for {what}{at}, but its body gives {body}"
