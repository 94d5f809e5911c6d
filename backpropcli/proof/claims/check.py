"""Claims put to the proof, in a process of its own and within a time limit."""

from __future__ import annotations

from time import monotonic

from backpropcli.errors import BackpropError
from backpropcli.proof.claims.checked import Checked
from backpropcli.proof.claims.judge import judged
from backpropcli.proof.claims.posed import Problem, lowered_for
from backpropcli.proof.equality.domain import OUTSIDE, Where
from backpropcli.proof.findings.answer import Answer
from backpropcli.proof.ruled import told
from backpropcli.proof.worker import BROKEN, unfinished, worked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.language.claims.records import Claim
    from backpropcli.proof.claims.setting import Setting

    News = tuple[int, Answer | str]

LARGEST = 6_000
"""Operations on numbers in a program that is written out and compared as a function."""
MOST_OF_IT = 0.8
"""The share of the time that is for the claims; the rest is for what is around them."""


def check_claims(setting: Setting, timeout: float = 10.0) -> Checked:
    """Return what is found of claims, after at most ``timeout`` seconds.

    Raises UnfitError for a claim, and SourceError for a program, whose shapes do not fit.
    """
    lowered = lowered_for(setting)
    found = Checked(setting)
    found.assumptions += setting.held
    if setting.shapes is not None:
        from backpropcli.proof.floats.places import held_as

        found.assumptions += held_as(lowered.graph, setting.values)
    done: set[int] = set()

    def take(news: News) -> None:
        place, one = news
        if isinstance(one, Answer):
            found.answers[place] = one
            done.add(place)
        else:
            (found.warnings if place else found.rules).append(one)

    why = worked(_answers, (lowered, setting, timeout), timeout, take)
    for at, answer in enumerate(found.answers):
        if why and at not in done:
            answer.reason = unfinished(why, timeout)
    return found


def _answers(lowered: Lowered, setting: Setting, timeout: float) -> Iterator[News]:
    """Yield what is told of rules, as 0, warnings, as 1, and answers with their claims' numbers."""
    end = monotonic() + timeout * MOST_OF_IT
    rules = [*_of_rules(lowered, setting, monotonic() + timeout * MOST_OF_IT / 4)]
    yield from ((0, rule) for rule in rules)
    ruled = bool(rules) and lowered.mapped
    judge, outside = _judge(lowered, setting, in_floats=ruled)
    if outside:
        yield 1, OUTSIDE
    claims = setting.claimed.claims
    for at, claim in enumerate(claims):
        limit = monotonic() + (end - monotonic()) / (len(claims) - at)
        try:
            for answer in judge(claim, limit):
                if rules:
                    answer.allow_for_rule()
                yield at, answer
        except BackpropError as error:
            yield at, _open(claim, error.message)
        except BROKEN as error:
            yield at, _open(claim, f"the check stopped unexpectedly ({type(error).__name__})")


def _of_rules(lowered: Lowered, setting: Setting, deadline: float) -> Iterator[str]:
    """Return what is told of functions whose rules are not the derivatives of their bodies."""
    if lowered.shapes is None or not lowered.ruled:
        return told(lowered.graph, None, deadline)
    from backpropcli.arithmetics.arrays.floats import FLOATS
    from backpropcli.calculus.forward import forward

    values = {name: setting.values[name] for name in lowered.graph.variables()}
    return told(lowered.graph, forward(lowered.graph, FLOATS, values), deadline)


def _judge(
    lowered: Lowered, setting: Setting, *, in_floats: bool
) -> tuple[Callable[[Claim, float], Iterable[Answer]], bool]:
    """Return what judges a claim by a deadline, and whether the point given is left out.

    Programs are written out in numbers: once, or anew at each point where a place decides. Where
    they are too large, both sides are compared ``in_floats``, and where a rule maps adjoints and
    means another derivative than its body's, which is all that numbers have.
    """
    if lowered.shapes is not None and (in_floats or _is_large(lowered)):
        from backpropcli.proof.claims.large import Large

        where = Where(setting.ranges, {} if setting.is_bound(lowered) else None)
        why = "a rule maps adjoints" if in_floats else "the arrays are large"
        large = Large(lowered, where, setting, why)
        # many cores use up the worker's time sooner than the clock does
        return lambda claim, limit: large.judged(claim, (monotonic() + limit) / 2), where.outside
    problem = Problem(setting.claimed, lowered, setting.values)
    where = setting.where(lowered, [*problem.graph.variables()])
    where.confine(problem.graph, problem.conditions)
    if problem.placed:
        from backpropcli.proof.claims.anew import judged_anew

        return lambda claim, limit: judged_anew(problem, claim, where, limit), where.outside
    return lambda claim, limit: judged(problem.posed(claim), where, limit), where.outside


def _is_large(lowered: Lowered) -> bool:
    """Say whether a program is too large to be written out in numbers and compared in time."""
    from backpropcli.calculus.node_shapes import node_shapes
    from backpropcli.proof.arrays.costs import written_out

    assert lowered.shapes is not None  # noqa: S101 (for mypy: there are arrays)
    shapes = node_shapes(lowered.graph, lowered.shapes)
    return written_out(lowered.graph, shapes, everywhere=True) > LARGEST


def _open(claim: Claim, reason: str) -> Answer:
    answer = Answer(claim.target.title, claim.text)
    answer.reason = reason
    return answer
