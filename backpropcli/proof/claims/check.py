"""Claims put to the proof, in a process of its own and within a time limit."""

from __future__ import annotations

from time import monotonic

from backpropcli.errors import BackpropError
from backpropcli.proof.claims.answer import OPEN, STATUSES, WRONG, Answer, Diagnosis, worst
from backpropcli.proof.claims.judge import judged
from backpropcli.proof.claims.posed import Problem, lowered_for
from backpropcli.proof.domain import OUTSIDE, Where
from backpropcli.proof.points import coordinate
from backpropcli.proof.rules import disagreeing
from backpropcli.proof.worker import BROKEN, unfinished, worked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.language.claims import Claim, Claimed
    from backpropcli.proof.against.judge import Compared
    from backpropcli.proof.claims.setting import Setting

    News = tuple[int, Answer | str]

LARGEST = 6_000
"""Operations on numbers in a program that is written out and compared as a function."""
MOST_OF_IT = 0.8
"""The share of the time that is for the claims; the rest is for what is around them."""


class Checked:
    """What is found of all claims: ``answers``, in their order.

    ``rules`` are sentences on functions whose own rules are not the derivatives of their bodies.
    ``numbers`` are the answers on what another program computed. ``warnings`` are told before.
    ``sizes`` are those that letters of shapes stand for, where they are open: all is said of them.
    """

    __slots__ = (
        *("answers", "assumptions", "expression", "numbers", "rules", "setting", "sizes"),
        "warnings",
    )

    def __init__(self, claimed: Claimed, setting: Setting) -> None:
        self.answers = [Answer(one.target.title, one.text) for one in claimed.claims]
        self.rules: list[str] = []
        self.numbers: list[Compared] = []
        self.warnings: list[str] = []
        self.setting = setting
        self.sizes = [setting.free] if setting.free else []
        self.expression = claimed.parts[0][1]
        self.assumptions = [claimed.program.text(node) for node in claimed.conditions]
        for name, (low, high) in setting.ranges.items():
            self.assumptions.append(f"{coordinate(low)} <= {name} <= {coordinate(high)}")

    def __repr__(self) -> str:
        return f"<Checked: {self.verdict}, of {len(self.answers)}>"

    def opened(self, other: Checked) -> bool:
        """Say whether other sizes leave a claim open that agrees at these."""
        pairs = zip(self.answers, other.answers, strict=True)
        return any((one.verdict, two.verdict) == ("agrees", "inconclusive") for one, two in pairs)

    def also(self, other: Checked) -> None:
        """Take in what is found at other sizes: of each claim, the worse of two answers stands.

        Where both are wrong by a factor, that is told in the letters of sizes, if it goes by them.
        """
        self.sizes += other.sizes
        self.rules = [*dict.fromkeys([*self.rules, *other.rules])]
        for at, (one, another) in enumerate(zip(self.answers, other.answers, strict=True)):
            if one.claim != another.claim:  # it did not fit: there is a 0 in its place
                continue
            factors = _factor(one), _factor(another)
            for answer in (one, another) if all(factors) and self.sizes else ():
                answer.diagnosis = [
                    self._in_letters(told, factors, at) if told.kind == "factor" else told
                    for told in answer.diagnosis
                ]
            if STATUSES.index(another.status) > STATUSES.index(one.status):
                self.answers[at] = another

    def _in_letters(self, told: Diagnosis, factors: Sequence[str], at: int) -> Diagnosis:
        """Return the diagnosis of a factor of a claim that was found at two choices of sizes."""
        from backpropcli.proof.compared.sizes import letters  # noqa: PLC0415 (letters alone)

        sizes = self.sizes[0], self.sizes[1]
        factor = factors[0]
        if factors[0] != factors[1]:
            from backpropcli.proof.claims.diagnosis.sizes import Ratio  # noqa: PLC0415 (NumPy)

            factor = letters(factors, sizes, Ratio(self.setting, at).holds)
        if not factor:
            each = [f"{one} at {_written(size)}" for one, size in zip(factors, sizes, strict=True)]
            text = f"the claim is the derivative times {' and '.join(each)}"
            return Diagnosis("factor", text, **{**told.facts, "factor": " or ".join(factors)})
        text, _, size = told.text.partition(": ")  # which array has such a size tells nothing here
        text = text.replace(f" {told.facts['factor']} ", f" {factor} ", 1)
        if size and factor in sizes[0]:
            text += f": the 1/{factor} of a mean is missing"
        elif size and factor.removeprefix("1/") in sizes[0]:
            text += f": a {factor} is too many"
        return Diagnosis("factor", text, **{**told.facts, "factor": factor})

    @property
    def verdict(self) -> str:
        """One verdict on all: the worst; a rule that means another derivative leaves it open."""
        answers = [one.verdict for one in self.answers]
        found = worst([*answers, *[one.verdict for one in self.numbers]])
        return "inconclusive" if found == "agrees" and self.rules else found


def _factor(answer: Answer) -> str:
    """Return by which factor a claim is wrong, 1 for one that is right; "" if it is no factor."""
    found = [one for one in answer.diagnosis if one.kind == "factor"]
    return str(found[0].facts["factor"]) if found else "1" * (answer.verdict == "agrees")


def _written(sizes: Mapping[str, int]) -> str:
    return " ".join(f"{name}={size}" for name, size in sizes.items())


def check_claims(claimed: Claimed, setting: Setting, timeout: float = 10.0) -> Checked:
    """Return what is found of claims, after at most ``timeout`` seconds.

    Raises UnfitError for a claim, and SourceError for a program, whose shapes do not fit.
    """
    lowered = lowered_for(claimed, setting)
    found = Checked(claimed, setting)
    found.assumptions += setting.held
    if setting.shapes is not None:
        from backpropcli.proof.arrays.sizes import held_as  # noqa: PLC0415 (NumPy)

        found.assumptions += held_as(lowered.graph, setting.values)
    done: set[int] = set()

    def take(news: News) -> None:
        place, told = news
        if isinstance(told, Answer):
            found.answers[place] = told
            done.add(place)
        else:
            (found.warnings if place else found.rules).append(told)

    why = worked(_answers, (claimed, lowered, setting, timeout), timeout, take)
    for at, answer in enumerate(found.answers):
        if why and at not in done:
            answer.reason = unfinished(why, timeout)
    return found


def _answers(
    claimed: Claimed, lowered: Lowered, setting: Setting, timeout: float
) -> Iterator[News]:
    """Yield what is told of rules, as 0, warnings, as 1, and answers with their claims' numbers."""
    end = monotonic() + timeout * MOST_OF_IT
    rules = [*_of_rules(lowered, setting, monotonic() + timeout * MOST_OF_IT / 4)]
    yield from ((0, rule) for rule in rules)
    ruled = bool(rules) and any(row.whole for row in lowered.ruled)
    judge, outside = _judge(claimed, lowered, setting, in_floats=ruled)
    if outside:
        yield 1, OUTSIDE
    for at, claim in enumerate(claimed.claims):
        limit = monotonic() + (end - monotonic()) / (len(claimed.claims) - at)
        try:
            for answer in judge(claim, limit):
                yield at, _by_rule(answer) if rules else answer
        except BackpropError as error:
            yield at, _open(claim, error.message)
        except BROKEN as error:
            yield at, _open(claim, f"the check stopped unexpectedly ({type(error).__name__})")


def _of_rules(lowered: Lowered, setting: Setting, deadline: float) -> Iterable[str]:
    """Return what is told of functions whose rules are not the derivatives of their bodies."""
    graph = lowered.graph
    if lowered.shapes is None or not lowered.ruled:
        return disagreeing(graph, deadline)
    from backpropcli.arithmetics.arrays.floats import FLOATS  # noqa: PLC0415 (NumPy)
    from backpropcli.calculus.forward import forward  # noqa: PLC0415
    from backpropcli.proof.arrays import held  # noqa: PLC0415

    values = {name: setting.values[name] for name in graph.variables()}
    return held.disagreeing(graph, forward(graph, FLOATS, values), deadline)


def _judge(
    claimed: Claimed, lowered: Lowered, setting: Setting, *, in_floats: bool
) -> tuple[Callable[[Claim, float], Iterable[Answer]], bool]:
    """Return what judges a claim by a deadline, and whether the point given is left out.

    Programs are written out in numbers: once, or anew at each point where a place decides. Where
    they are too large, both sides are compared ``in_floats``, and where a rule maps adjoints and
    means another derivative than its body's, which is all that numbers have.
    """
    if lowered.shapes is not None and (in_floats or _is_large(lowered)):
        from backpropcli.proof.claims.large import Large  # noqa: PLC0415 (NumPy)

        where = Where(setting.ranges, {} if setting.is_bound(lowered) else None)
        why = "a rule maps adjoints" if in_floats else "the arrays are large"
        large = Large(claimed, lowered, where, setting, why)
        # many cores use up the worker's time sooner than the clock does
        return lambda claim, limit: large.judged(claim, (monotonic() + limit) / 2), where.outside
    problem = Problem(claimed, lowered, setting.values)
    where = setting.where(lowered, [*problem.graph.variables()])
    where.confine(problem.graph, problem.conditions)
    if problem.placed:
        from backpropcli.proof.claims.anew import judged_anew  # noqa: PLC0415 (NumPy)

        return lambda claim, limit: judged_anew(problem, claim, where, limit), where.outside
    return lambda claim, limit: judged(problem.posed(claim), where, limit), where.outside


def _is_large(lowered: Lowered) -> bool:
    """Say whether a program is too large to be written out in numbers and compared in time."""
    from backpropcli.calculus.node_shapes import node_shapes  # noqa: PLC0415 (with arrays)
    from backpropcli.proof.arrays.sizes import written_out  # noqa: PLC0415 (NumPy)

    assert lowered.shapes is not None  # noqa: S101 (for mypy: there are arrays)
    shapes = node_shapes(lowered.graph, lowered.shapes)
    return written_out(lowered.graph, shapes, everywhere=True) > LARGEST


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
