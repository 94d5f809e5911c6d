"""Claims put to the proof, in a process of its own and within a time limit."""

from __future__ import annotations

from time import monotonic

from backpropcli.errors import BackpropError
from backpropcli.proof.claims.answer import OPEN, Answer
from backpropcli.proof.worker import BROKEN, BROKEN_OFF, LATE, worked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from backpropcli.language.claims import Claimed


class Checked:
    """What is found of all claims: ``answers``, in their order, and what is told of rules."""

    __slots__ = ("answers", "rules")

    def __init__(self, answers: list[Answer]) -> None:
        self.answers = answers
        self.rules: list[str] = []


def check_claims(
    claimed: Claimed,
    bindings: dict[str, Any],
    shapes: Any = None,
    ranges: Any = None,
    count: int = 0,
    timeout: float = 10.0,
) -> Checked:
    """Return what is found of claims, after at most ``timeout`` seconds."""
    found = Checked([Answer(one.target.title, one.text) for one in claimed.claims])
    done: set[int] = set()

    def take(news: tuple[int, Answer]) -> None:
        found.answers[news[0]] = news[1]
        done.add(news[0])

    arguments = (claimed, dict(bindings), shapes, ranges or {}, count, timeout)
    why = worked(_answers, arguments, timeout, take)
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
    claimed: Claimed, bindings: dict[str, Any], shapes: Any, ranges: Any, count: int, timeout: float
) -> Iterator[tuple[int, Answer]]:
    """Yield the answer on each claim, with its number."""
    from backpropcli.proof.claims.judge import Where, judged, point_of  # noqa: PLC0415 (mpmath)
    from backpropcli.proof.claims.posed import Problem, lowered_for  # noqa: PLC0415

    end = monotonic() + timeout * 0.9
    at = 0
    try:
        problem = Problem(claimed, lowered_for(claimed, shapes), bindings)
        names = [*problem.graph.variables()]
        where = Where(ranges, point_of(bindings, names), count)
        for at, claim in enumerate(claimed.claims):
            share = (end - monotonic()) / (len(claimed.claims) - at)
            yield at, judged(problem.posed(claim), where, monotonic() + share)
    except BackpropError as error:
        yield at, _open(claimed, at, error.message)
    except BROKEN as error:
        yield at, _open(claimed, at, f"the check stopped unexpectedly ({type(error).__name__})")


def _open(claimed: Claimed, at: int, reason: str) -> Answer:
    claim = claimed.claims[at]
    answer = Answer(claim.target.title, claim.text)
    answer.status, answer.reason = OPEN, reason
    return answer
