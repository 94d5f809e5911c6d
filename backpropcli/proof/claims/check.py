"""Claims put to the proof, in a process of its own and within a time limit."""

from __future__ import annotations

from time import monotonic

from backpropcli.errors import BackpropError
from backpropcli.proof.claims.answer import OPEN, WRONG, Answer, worst
from backpropcli.proof.worker import BROKEN, BROKEN_OFF, LATE, worked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction
    from typing import Any

    from backpropcli.arithmetics.shapes import Shape
    from backpropcli.calculus.lower import Lowered
    from backpropcli.language.claims import Claim, Claimed

    Ranges = Mapping[str, tuple[Fraction, Fraction]]

LARGEST = 6_000
"""Operations on numbers in a program that is written out and compared as a function."""
MOST_OF_IT = 0.8
"""The share of the time that is for the claims; the rest is for what is around them."""


class Setting:
    """Where claims are held: the ``point``, by name; ``shapes`` and ``ranges`` of variables.

    ``values`` are for all variables of a program with arrays, whether the point has them or not.
    ``count`` is how many points are tried, 0 for as many as there are.
    """

    __slots__ = ("count", "fixed", "point", "ranges", "shapes", "values")

    def __init__(
        self,
        point: Mapping[str, Any],
        values: Mapping[str, Any] | None = None,
        shapes: Mapping[str, Shape] | None = None,
        ranges: Ranges | None = None,
        count: int = 0,
    ) -> None:
        self.point = dict(point)
        self.values = self.point if values is None else dict(values)
        self.shapes = shapes
        self.ranges = ranges or {}
        self.count = count
        self.fixed: set[str] = set()
        """Names that are the same at all points."""


class Checked:
    """What is found of all claims: ``answers``, in their order.

    ``rules`` are sentences on functions whose own rules are not the derivatives of their bodies.
    """

    __slots__ = ("answers", "assumptions", "expression", "rules")

    def __init__(self, claimed: Claimed, setting: Setting) -> None:
        self.answers = [Answer(one.target.title, one.text) for one in claimed.claims]
        self.rules: list[str] = []
        self.expression = claimed.parts[0][1]
        self.assumptions = [claimed.program.text(node) for node in claimed.conditions]
        self.assumptions += [
            f"{low} <= {name} <= {high}" for name, (low, high) in setting.ranges.items()
        ]

    def __repr__(self) -> str:
        return f"<Checked: {self.verdict}, of {len(self.answers)}>"

    @property
    def verdict(self) -> str:
        """One verdict on all: the worst; a rule that means another derivative leaves it open."""
        found = worst(self.answers)
        return "inconclusive" if found == "agrees" and self.rules else found


def check_claims(claimed: Claimed, setting: Setting, timeout: float = 10.0) -> Checked:
    """Return what is found of claims, after at most ``timeout`` seconds.

    Raises SourceError where shapes do not fit.
    """
    from backpropcli.proof.claims.posed import lowered_for  # noqa: PLC0415 (heavy)

    lowered = lowered_for(claimed, setting.shapes, setting.values)
    found = Checked(claimed, setting)
    done: set[int] = set()

    def take(news: tuple[int, Answer] | str) -> None:
        if isinstance(news, str):
            found.rules.append(news)
        else:
            found.answers[news[0]] = news[1]
            done.add(news[0])

    why = worked(_answers, (claimed, lowered, setting, timeout), timeout, take)
    if why:
        limit = f"{timeout:g} second{'' if timeout == 1 else 's'}"
        told = {
            LATE: f"time ran out after {limit}; --check-timeout allows more",
            BROKEN_OFF: "the check stopped unexpectedly",
        }
        for at, answer in enumerate(found.answers):
            if at not in done:
                answer.reason = told[why]
    return found


def _answers(
    claimed: Claimed, lowered: Lowered, setting: Setting, timeout: float
) -> Iterator[tuple[int, Answer] | str]:
    """Yield what is told of rules, and the answer on each claim, with its number."""
    from backpropcli.proof.claims.judge import Where, judged  # noqa: PLC0415 (mpmath)
    from backpropcli.proof.claims.points import point_of  # noqa: PLC0415
    from backpropcli.proof.claims.posed import Problem  # noqa: PLC0415

    end = monotonic() + timeout * MOST_OF_IT
    rules = [*_rules(lowered, monotonic() + timeout * MOST_OF_IT / 4)]
    yield from rules
    names = _fixed(lowered) | setting.fixed
    if lowered.shapes is not None and _is_large(lowered):
        from backpropcli.proof.claims.anew import judged_in_floats  # noqa: PLC0415 (NumPy)

        where = Where(setting.ranges, {} if _all_bound(setting, lowered) else None)
        for at, claim in enumerate(claimed.claims):
            yield at, judged_in_floats(lowered, claim, where, setting.values, claimed.conditions)
        return
    problem = Problem(claimed, lowered, setting.values)
    elements = [*problem.graph.variables()]
    point = point_of(setting.point, elements)
    held = [name for name in elements if name.partition("[")[0] in names]
    fixed = point_of(setting.values, held) if held else None
    where = Where(setting.ranges, point, setting.count, fixed)
    where.typed = setting.point
    for at, claim in enumerate(claimed.claims):
        limit = monotonic() + (end - monotonic()) / (len(claimed.claims) - at)
        try:
            if problem.ordered:
                from backpropcli.proof.claims.anew import judged_anew  # noqa: PLC0415 (NumPy)

                yield at, judged_anew(problem, claim, where, limit)
            else:
                for answer in judged(problem.posed(claim), where, limit):
                    yield at, _by_rule(answer) if rules else answer
        except BackpropError as error:
            yield at, _open(claim, error.message)
        except BROKEN as error:
            yield at, _open(claim, f"the check stopped unexpectedly ({type(error).__name__})")


def _fixed(lowered: Lowered) -> set[str]:
    """Return the variables that hold places of elements."""
    if lowered.shapes is None:
        return set()
    from backpropcli.proof.arrays.sizes import holders  # noqa: PLC0415 (NumPy)

    return holders(lowered.graph)


def _is_large(lowered: Lowered) -> bool:
    """Say whether a program is too large to be written out in numbers and compared in time."""
    from backpropcli.calculus.fitting import node_shapes  # noqa: PLC0415 (with arrays)
    from backpropcli.proof.arrays.sizes import written_out  # noqa: PLC0415 (NumPy)

    assert lowered.shapes is not None  # noqa: S101 (for mypy: there are arrays)
    return written_out(lowered.graph, node_shapes(lowered.graph, lowered.shapes)) > LARGEST


def _all_bound(setting: Setting, lowered: Lowered) -> bool:
    return all(name in setting.point for name in lowered.graph.variables())


def _rules(lowered: Lowered, deadline: float) -> Iterator[str]:
    """Yield what is told of functions with rules: of numbers, each once."""
    from backpropcli.proof.rules import rule_as_function, sentence  # noqa: PLC0415 (mpmath)

    graph = lowered.graph
    names = {graph.operations[at] for at, inputs in enumerate(graph.inputs) if inputs}
    for row in [graph.table[name] for name in sorted(names)]:
        own: Any = row
        if row.own and not row.whole:
            yield from filter(None, map(sentence, rule_as_function(own, deadline=deadline)))


def _by_rule(answer: Answer) -> Answer:
    """Let a claim be open that differs from a rule, which is not its body's derivative."""
    if answer.status == WRONG:
        answer.status, answer.diagnosis = OPEN, []
        answer.reason = "it is not what the rule says, which is not the derivative of the body"
    return answer


def _open(claim: Claim, reason: str) -> Answer:
    answer = Answer(claim.target.title, claim.text)
    answer.reason = reason
    return answer
