"""Claims put to the proof, in a process of its own and within a time limit."""

from __future__ import annotations

from time import monotonic

from backpropcli.errors import BackpropError
from backpropcli.proof.claims.answer import Answer
from backpropcli.proof.worker import BROKEN, BROKEN_OFF, LATE, worked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction
    from typing import Any

    from backpropcli.arithmetics.shapes import Shape
    from backpropcli.language.claims import Claim, Claimed

    Ranges = Mapping[str, tuple[Fraction, Fraction]]

MOST_OF_IT = 0.9
"""The share of the time that is for the proofs; the rest is for what is around them."""


class Checked:
    """What is found of all claims: ``answers``, in their order, and what is told of rules."""

    __slots__ = ("answers", "rules")

    def __init__(self, answers: list[Answer]) -> None:
        self.answers = answers
        self.rules: list[str] = []


class Setting:
    """Where claims are held: the ``point``, by name; ``shapes`` and ``ranges`` of variables.

    ``count`` is how many points are tried, 0 for as many as there are.
    """

    __slots__ = ("count", "point", "ranges", "shapes")

    def __init__(
        self,
        point: Mapping[str, Any],
        shapes: Mapping[str, Shape] | None = None,
        ranges: Ranges | None = None,
        count: int = 0,
    ) -> None:
        self.point = dict(point)
        self.shapes = shapes
        self.ranges = ranges or {}
        self.count = count


def check_claims(claimed: Claimed, setting: Setting, timeout: float = 10.0) -> Checked:
    """Return what is found of claims, after at most ``timeout`` seconds."""
    found = Checked([Answer(one.target.title, one.text) for one in claimed.claims])
    done: set[int] = set()

    def take(news: tuple[int, Answer]) -> None:
        found.answers[news[0]] = news[1]
        done.add(news[0])

    why = worked(_answers, (claimed, setting, timeout), timeout, take)
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


def _answers(claimed: Claimed, setting: Setting, timeout: float) -> Iterator[tuple[int, Answer]]:
    """Yield the answer on each claim, with its number."""
    from backpropcli.proof.claims.judge import Where, judged, point_of  # noqa: PLC0415 (mpmath)
    from backpropcli.proof.claims.posed import Problem, lowered_for  # noqa: PLC0415

    end = monotonic() + timeout * MOST_OF_IT
    problem = Problem(claimed, lowered_for(claimed, setting.shapes), setting.point)
    point = point_of(setting.point, [*problem.graph.variables()])
    where = Where(setting.ranges, point, setting.count)
    for at, claim in enumerate(claimed.claims):
        share = (end - monotonic()) / (len(claimed.claims) - at)
        try:
            yield at, judged(problem.posed(claim), where, monotonic() + share)
        except BackpropError as error:
            yield at, _open(claim, error.message)
        except BROKEN as error:
            yield at, _open(claim, f"the check stopped unexpectedly ({type(error).__name__})")


def _open(claim: Claim, reason: str) -> Answer:
    answer = Answer(claim.target.title, claim.text)
    answer.reason = reason
    return answer
