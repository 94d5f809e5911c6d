"""The verdict on a gradient in a short format: that of its twin in doubles, if both go one way.

Rounding is no reason to disagree: whether the method is right is asked of the twin. But where the
format decides a branch otherwise, its numbers are those of another function.
"""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import by_input
from backpropcli.proof.findings.entries import right_digits
from backpropcli.proof.findings.finding import Finding, sentence
from backpropcli.report.branches.nodes import MOVES, USED, taken_nodes
from backpropcli.report.claim import Claim
from backpropcli.report.kinked import with_kinks
from backpropcli.report.lines.turns import Turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from backpropcli.proof.findings.verdict import Verdict
    from backpropcli.report.report import Report

ULPS = 4
"""How many roundings of itself a step's value may be off without being another step."""
APART = 0.25
"""How far, for the largest, slopes are off that a node on whole arrays sends another way."""
LONG = 40


def judged(found: Report, exact: Report, verdict: Callable[[Report], Verdict]) -> Verdict:
    """Return the verdict on the twin, with the numbers of the report that is ``found``."""
    reached = verdict(exact)
    assert found.format is not None  # noqa: S101 (for mypy)
    reached.holds, reached.steps, reached.rounds = found.format.digits, [], found.format.name
    reached.value_typed, reached.typed_kink, reached.typed_pole = "", "", None
    if not getattr(found.value, "shape", ()):
        reached.value = float(found.value)
        reached.value_digits = right_digits(reached.value, reached.value_truth)
    if found.arrays:
        from backpropcli.proof.arrays.rounded import put_elements

        put_elements(reached, found, exact)
    else:
        for entry in reached.entries:
            entry.put(found.gradient[entry.name])
    by_kinks = all(one.kind == "chain rule" for one in reached.findings if one.bad)
    if reached.verdict == "agrees" or (reached.verdict == "disagrees" and by_kinks):
        if found.causes:
            _doubt(reached, Finding("not finite"))
        elif (node := parted(found, exact)) is not None:
            text, who = found.text(node, LONG), f"{found.format.name} takes"
            _doubt(reached, Finding("rounded", None, text=text, who=who))
    return reached


def claims_judged(
    claims: Iterable[Claim],
    twin: Callable[[Report], Report],
    timeout: float,
    beside: Iterable[Claim] = (),
) -> Verdict:
    """Return the verdict on claims in a short format: that on their twins, if all go one way.

    Of the values ``beside`` them the accuracy is told.
    """
    from backpropcli.proof.gradient.check import check_claims

    pairs = [(claim, twin(claim.report)) for claim in claims]
    values = [*beside]
    reached = check_claims(
        [Claim(exact, one.labels, one.results, of_value=one.of_value) for one, exact in pairs],
        timeout,
        [Claim(twin(one.report), [], title=one.title) for one in values],
    )
    reached.typed_kink, reached.typed_pole = "", None
    for one, entry in zip(values, reached.beside, strict=True):
        entry.put(float(one.report.value))
    for claim, exact in pairs:
        kind = claim.report.format
        assert kind is not None  # noqa: S101 (for mypy)
        reached.holds, reached.rounds = kind.digits, kind.name
        if reached.verdict == "agrees" and (node := parted(claim.report, exact)) is not None:
            text, who = claim.report.text(node, LONG), f"{kind.name} takes"
            _doubt(reached, Finding("rounded", None, text=text, who=who))
    return reached


def _doubt(verdict: Verdict, finding: Finding) -> None:
    """Make the verdict inconclusive, of each derivative too."""
    verdict.verdict, verdict.reason = "inconclusive", sentence(finding)
    verdict.findings.append(finding)
    for entry in verdict.entries:
        entry.agree = None
    for tally in verdict.tallies:
        tally.agree, tally.disagreement = None, None


def parted(found: Report, exact: Report) -> int | None:
    """Return the first node that goes another way than its twin in doubles; None for none."""
    met, known = ({_facts(kink) for kink in one.kinks} for one in (found, exact))
    nodes = {facts[0] for facts in met ^ known}
    assert found.format is not None  # noqa: S101 (for mypy)
    nodes |= {*(_of_arrays if found.arrays else _of_numbers)(found, exact, found.format.bits)}
    return min(nodes, default=None)


def _facts(kink: Any) -> tuple[Any, ...]:  # noqa: ANN401 (a kink that was met)
    return kink.node, kink.by, kink.when, getattr(kink, "count", 1)


def _turns(report: Report, node: int) -> Iterator[Turn]:
    """Yield the kinks that an operation on numbers may have."""
    row = report.graph.row(node)
    return (Turn(node, row, kink) for kink in row.kinks if not kink.alone)


def _steps(turn: Turn, one: Any, other: Any, bits: int) -> Any:  # noqa: ANN401 (as _apart)
    """Say whether two numbers are on two sides of a kink, or of a step."""
    if not turn.values:
        return (one > 0) & (other < 0) | (one < 0) & (other > 0)
    room = ULPS * 2.0 ** (1 - bits)
    return abs(one - other) > room * (abs(one) + abs(other))


def _of_numbers(found: Report, exact: Report, bits: int) -> Iterator[int]:
    """Yield the nodes of numbers that are on another side of a kink than their twins."""
    graph = found.graph
    felt = [taken_nodes(graph, one.values, [one.top]) for one in (found, exact)]
    for node in with_kinks(graph):
        flag = max(felt[0][node], felt[1][node])
        for turn in _turns(found, node) if flag else ():
            if flag >= (USED if turn.kink.jump else MOVES) and _matters(turn, found, floats):
                sides = [turn.sides(graph, one.values, floats) for one in (found, exact)]
                pairs = zip(*sides, strict=True)
                if any(_steps(turn, here, there, bits) for here, there in pairs):
                    yield node
                    break


def _matters(turn: Turn, report: Report, arithmetic: Any) -> bool:  # noqa: ANN401
    """Say whether a kink's two slopes are two: those of elu are one."""
    if turn.kink.jump or turn.row.variadic:
        return True
    values = report.values
    given = [values[turn.node], *[values[child] for child in report.graph.inputs[turn.node]]]
    return any(
        _apart(*by_input(turn.row, [left, right], arithmetic)(*given))
        for left, right in turn.kink.slopes.values()
        if left.text != right.text
    )


def _apart(left: Any, right: Any) -> bool:  # noqa: ANN401 (numbers, or arrays)
    gap = abs(left - right) > APART / 2 * (abs(left) + abs(right))
    return bool(getattr(gap, "any", lambda: gap)())


def _of_arrays(found: Report, exact: Report, bits: int) -> Iterator[int]:
    """Yield the nodes of arrays of which an element is on another side than its twin."""
    import numpy as np

    from backpropcli.arithmetics.arrays.floats import FLOATS
    from backpropcli.report.branches.elements import felt_elements

    graph, each = found.graph, (found, exact)
    with np.errstate(all="ignore"):
        felt = [felt_elements(graph, one.values, one.seeds, one.arithmetic) for one in each]
        for node in with_kinks(graph):
            flags: Any = [np.zeros(()) if one[node] is None else one[node] for one in felt]
            flag = np.maximum(*flags)
            if not np.any(flag):
                continue
            if graph.row(node).whole:
                if _sends_else(found, exact, node):
                    yield node
                continue
            for turn in _turns(found, node):
                if _matters(turn, found, FLOATS):
                    sides = [turn.sides(graph, one.values, FLOATS) for one in each]
                    least = USED if turn.kink.jump else MOVES
                    pairs = zip(*[[*map(_doubles, one)] for one in sides], strict=True)
                    apart = [_steps(turn, here, there, bits) for here, there in pairs]
                    if any(np.any(one & (flag >= least)) for one in apart):
                        yield node
                        break


def _doubles(value: Any) -> Any:  # noqa: ANN401 (a number, or an array)
    return value.astype(float) if hasattr(value, "astype") else float(value)


def _sends_else(found: Report, exact: Report, node: int) -> bool:
    """Say whether a node on whole arrays sends what arrives to other elements than its twin."""
    import numpy as np

    from backpropcli.calculus.linearize import linearize
    from backpropcli.calculus.sweeps import pull

    graph = found.graph
    arrives = np.random.default_rng(0).choice([-1.0, 1.0, 2.0], np.shape(exact.values[node]))[()]
    sent: list[Sequence[Any]] = []
    for one in (found, exact):
        doubles = [
            value if isinstance(value, float) else value.astype(float) for value in one.values
        ]
        tails = [*dict.fromkeys(graph.inputs[node])]
        edges = linearize(graph, exact.arithmetic, doubles, tails, [node])
        adjoints = pull(edges, exact.arithmetic, {node: arrives})
        sent.append([exact.arithmetic.fit(adjoints[tail], doubles[tail]) for tail in tails])
    for here, there in zip(*sent, strict=True):
        size = max(float(np.max(np.abs(one), initial=0.0)) for one in (here, there))
        if np.any(np.abs(np.asarray(here) - there) > APART * size):
            return True
    return False
