"""Trust: verdicts, comparisons, and how many digits are right; what is there is in ``api``.

Each function takes what those of ``api`` take, or what they returned.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from time import monotonic

from backpropcli.api import Start, formula, gradient, names_of
from backpropcli.calculus import bindings
from backpropcli.errors import BackpropError, SourceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, TypeVar

    from backpropcli.api import Names, Point, Value
    from backpropcli.language.claims import Claim, Claimed, Text
    from backpropcli.language.program import Program
    from backpropcli.modes.taylor import Taylor
    from backpropcli.proof.against.judge import Against
    from backpropcli.proof.claims.check import Checked
    from backpropcli.proof.compared.answer import Compared
    from backpropcli.proof.findings import Finding
    from backpropcli.proof.mends.mended import Mended
    from backpropcli.proof.methods.found import Methods
    from backpropcli.proof.verdict import Verdict
    from backpropcli.report.bits import Bits
    from backpropcli.report.report import Report
    from backpropcli.report.result import Result, Sweeping

    Found = TypeVar("Found", bound="Report | Result")


HIDING = {"hessian", "hvp", "jvp"}
"""Modes whose derivatives may have no trace of a kink of the expression."""


def check(
    text: str | Program,
    at: Point = None,
    /,
    *,
    wrt: Names = (),
    at_kinks: str = "",
    timeout: float = 10.0,
    **values: Value,
) -> Verdict:
    """Return the verdict on the gradient, after at most ``timeout`` seconds.

    Its ``verdict`` is "agrees", "disagrees" or "inconclusive", with a ``reason``; ``entries`` has
    each derivative in 40 digits. The proof runs in a process of its own.

    >>> import backpropcli as bp
    >>> bp.check("tanh(w*x)", w=2, x=0.25).verdict
    'agrees'
    """
    found = gradient(text, at, wrt=wrt, at_kinks=at_kinks, **values)  # type: ignore[arg-type]
    return verdict(found, timeout)


def verdict(found: Report | Result, timeout: float = 10.0) -> Verdict:
    """Return the verdict on what another function returned, after at most ``timeout`` seconds.

    >>> import backpropcli as bp
    >>> bp.verdict(bp.hessian("x^2*y", x=3, y=2)).verdict
    'agrees'
    """
    from backpropcli.report.report import Report  # noqa: PLC0415 (on request)

    return _on_report(found, timeout) if isinstance(found, Report) else _on_result(found, timeout)


def _on_report(found: Report, timeout: float) -> Verdict:
    """Return the verdict on a gradient."""
    from backpropcli.proof import check as proof  # noqa: PLC0415 (on request)

    if found.format:
        from backpropcli.proof.rounded import judged  # noqa: PLC0415 (on request)

        return judged(found, twin(found), lambda exact: verdict(exact, timeout))
    if found.elements is not None:
        return proof.check(found.elements, timeout)
    if found.arrays:
        from backpropcli.proof.arrays.verdict import verdict_on  # noqa: PLC0415 (only with arrays)

        return verdict_on(found, timeout)
    return proof.check(found, timeout)


def _on_result(found: Result, timeout: float) -> Verdict:
    """Return the verdict on what a mode found."""
    from backpropcli.modes.taylor import Taylor  # noqa: PLC0415 (on request)
    from backpropcli.proof import check as proof  # noqa: PLC0415
    from backpropcli.proof.findings import Finding  # noqa: PLC0415

    if found.sweeping is not None:
        return _on_matrix(found, found.sweeping, timeout)
    if found.written_out is not None:
        return _on_arrays(found, timeout)
    if isinstance(found, Taylor) and found.point.arrays:
        return _on_levels(found, timeout)
    if isinstance(found, Taylor):
        from backpropcli.proof.series import Series, check_series  # noqa: PLC0415 (on request)

        series = dict(zip(found.outputs, found.series, strict=True))
        kinks = [*found.point.kinks, *found.kinks]
        reached = check_series(Series(found.point, series, kinks, found.wholes), timeout)
    elif found.point.format:
        from backpropcli.proof.rounded import claims_judged  # noqa: PLC0415 (on request)

        reached = claims_judged(found.claims(), twin, timeout)
    else:
        reached = proof.check_claims(found.in_digits or found.claims(), timeout)
    if found.point.causes:  # the derivatives may be finite where the point is not
        reached.doubt(Finding("not finite"))
    if reached.verdict == "agrees":
        for finding in _doubts(found, timeout):
            reached.doubt(finding)
    return reached


def _on_arrays(found: Result, timeout: float) -> Verdict:
    """Return the verdict on what was found of whole arrays.

    Tangents are held against differences, and SymPy's of the program in numbers if that is small.
    """
    from backpropcli.modes.products import Jvp  # noqa: PLC0415 (on request)
    from backpropcli.proof.arrays.verdict import verdict_on_tangents  # noqa: PLC0415
    from backpropcli.proof.check import undecided  # noqa: PLC0415

    numbers = None
    with suppress(BackpropError):  # a rule that maps an adjoint has no derivatives by elements
        numbers = found.in_few_numbers()
    if found.as_gradient is not None:
        reached = _on_report(found.as_gradient, timeout)
        reached.value, reached.value_digits, reached.value_truth = None, None, ""
    elif isinstance(found, Jvp):
        seconds = timeout if numbers is None else timeout / 2
        reached = verdict_on_tangents(found.point, found.direction, found.tangents, seconds)
        if numbers is None or reached.verdict == "disagrees":
            return reached
        second = _on_result(numbers, timeout / 2)
        known = reached.verdict == "agrees" or found.point.kinks or second.verdict != "agrees"
        return second if known else reached
    elif numbers is None:
        reached = undecided("the program is too large to be checked with several outputs")
    else:
        return _on_result(numbers, timeout)
    if numbers is not None and reached.verdict == "agrees":
        for finding in _doubts(numbers, timeout):
            reached.doubt(finding)
    return reached


def _on_matrix(found: Result, sweeping: Sweeping, timeout: float) -> Verdict:
    """Return the verdict on a large matrix: its product with a random direction is checked.

    Of a Hessian that is the gradient of the derivative along it, of a Jacobian the tangents of the
    outputs; and the matrix has to give the same.
    """
    from backpropcli.modes.matrices import ENOUGH  # noqa: PLC0415 (on request)
    from backpropcli.proof.findings import Finding  # noqa: PLC0415

    product, direction, there = sweeping.along()
    reached = verdict(product, timeout)
    reached.value, reached.value_digits, reached.value_truth = None, None, ""
    reached.facts["along"] = "a random direction"
    if not sweeping.fits(found.matrix, direction, there):
        reached.doubt(Finding("product", None, what=found.command.title(), digits=ENOUGH))
    return reached


def _on_levels(found: Taylor, timeout: float) -> Verdict:
    """Return the verdict on a series of whole arrays: each derivative is that of the one before."""
    from backpropcli.proof.arrays.verdict import verdict_on_tangents  # noqa: PLC0415 (on request)
    from backpropcli.proof.check import undecided  # noqa: PLC0415

    reached, end = undecided("there is nothing to check"), monotonic() + timeout
    for level in found.levels:
        left = end - monotonic()
        reached = verdict_on_tangents(level.point, level.direction, level.tangents, left)
        if reached.verdict != "agrees":
            break
    return reached


def _doubts(found: Result, timeout: float) -> Iterator[Finding]:
    """Yield what makes a result doubtful of which the proof of its derivatives sees nothing."""
    from backpropcli.proof.findings import Finding  # noqa: PLC0415 (on request)

    if found.command in HIDING and not found.point.format:
        from backpropcli.proof.branches import hidden  # noqa: PLC0415 (on request)

        for point in [one.point for one in getattr(found, "each", [])] or [found.point]:
            if (finding := hidden(point)) is not None:
                yield finding
    for label in found.unshown():
        yield Finding("second", None, label=label)
    if found.numbers is not None:
        from backpropcli.proof.arrays.doubts import doubts  # noqa: PLC0415 (only with arrays)

        yield from doubts(found.numbers, timeout)


def check_claims(  # noqa: PLR0913 (most are options)
    text: str,
    claims: str | Mapping[str, str] | Sequence[Any],
    at: Point = None,
    /,
    *,
    origin: str = "",
    ranges: Sequence[str] = (),
    assume: Sequence[str] = (),
    shapes: str | None = None,
    points: int = 0,
    alone: str | None = None,
    against: Sequence[str | tuple[str, str]] | Mapping[str, Value] = (),
    rtol: float | None = None,
    timeout: float = 10.0,
    **values: Value,
) -> Checked:
    """Return what is found of derivatives that were worked out by hand.

    ``claims`` are statements such as "w = 2*w*x" or "dL_dw = ...", or expressions by name.
    ``ranges`` such as "x=0.1..3", and conditions to ``assume``, such as "x > y", say where they are
    to hold. The point may be left out; ``shapes`` are those of arrays without a value, and letters
    in them are sizes in claims too. A claim that has no name is by the name ``alone``. ``verdict``
    is the worst of all ``answers``, each of which has a ``status`` ("proved", "holds", "wrong" or
    "open"), a counterexample in ``seen``, and a ``diagnosis``; and of those in ``numbers``: on
    gradients ``against`` which it is held too, as by ``check_against``.

    >>> import backpropcli as bp
    >>> bp.check_claims("(w*x - y)^2", "w = 2*(w*x - y)").answers[0].diagnosis[0].text
    'this is the derivative by w*x: multiply by the one of w*x by w'
    """
    from backpropcli.language.claims import texts  # noqa: PLC0415 (on request)
    from backpropcli.proof.claims.setting import Setting  # noqa: PLC0415
    from backpropcli.proof.claims.unfit import Judged  # noqa: PLC0415

    given = bindings.numbers({**at, **values} if at and values else at or values)
    point = given.over(bindings.comment_bindings(text))
    assumed = texts(assume, "--assume")

    def put(written: Sequence[Text], turn: int = 0) -> tuple[Claimed, Setting]:
        setting = Setting(point, shapes, points, turn)
        return setting.posed(text, origin, written, assumed, ranges, alone), setting

    first = Judged(put, texts(claims), timeout)
    found, posed = first.found, first.claimed
    kinds = {one.kind for answer in found.answers for one in answer.diagnosis}
    if first.setting.free and (found.verdict != "disagrees" or "factor" in kinds):
        with suppress(SourceError):  # other sizes do not fit
            other = Judged(partial(put, turn=1), first.texts, timeout).found
            if found.opened(other):  # X.T@X has no inverse where X has fewer rows than columns
                other = Judged(partial(put, turn=2), first.texts, timeout).found
            found.also(other)
    for claim, answer in zip(posed.claims, found.answers, strict=True):
        if answer.status == "wrong" and not answer.of_whole:
            answer.true, answer.where = _formula(posed, claim, point, shapes)
    if against:
        numbers = check_against(text, against, at, rtol=rtol, **values)
        found.numbers = numbers.answers
        found.warnings += numbers.warnings
    return found


def _formula(
    posed: Claimed, claim: Claim, point: Mapping[str, Any], shapes: str | None
) -> tuple[str, list[str]]:
    """Return the derivative that a claim is of, as an expression, and the conditions for it.

    "" where that cannot be.
    """
    from backpropcli.language.parse import parse  # noqa: PLC0415 (on request)

    program, [name, *others] = posed.program.part([claim.target.of]), claim.target.names
    given = {key: value for key, value in point.items() if key in program.variables}
    parts = [] if shapes is None else shapes.split(";")
    sizes = [one for one in parts if one.partition("=")[0].strip() in program.variables]
    arrays = sizes or any(hasattr(value, "shape") for value in given.values())
    if others and (arrays or not {name, *others} <= {*posed.program.variables}):
        return "", []  # a Hessian has no formula, and one by a name may lack the name
    try:
        found = formula(program, given, wrt=[name], shapes="; ".join(sizes) if sizes else None)
        text, where = found.gradient[name], found.conditions[-1][0]
        for other in others:
            program = parse(text)
            if other not in program.variables:
                text = "0"
                continue
            found = formula(program, wrt=[other])
            text = found.gradient[other]
            where = [*where, *found.conditions[-1][0]]
    except BackpropError:  # it grows too large, or has arrays that no formula is written for
        return "", []
    return text, [*dict.fromkeys(where)]


def check_methods(
    text: str | Program | Report,
    at: Point = None,
    /,
    *,
    wrt: Names = (),
    timeout: float = 10.0,
    **values: Value,
) -> Methods:
    """Return the derivatives at a point by all methods: ``rows``, by name, and a ``verdict``.

    Reverse and forward mode, SymPy, differences to either side and to both, the complex step and
    the Taylor test, all in many digits. What ``gradient`` returned may stand for the program.

    >>> import backpropcli as bp
    >>> bp.check_methods("sqrt(x)", x=1e-7).rows["x"].cells["central"].digits
    40
    """
    from backpropcli.language.program import Program  # noqa: PLC0415 (on request)
    from backpropcli.proof.methods.check import check_methods as proof  # noqa: PLC0415

    if isinstance(text, (str, Program)):
        return proof(
            gradient(text, {**at, **values} if at and values else at or values, wrt=wrt), timeout
        )
    return proof(text, timeout)


def check_against(
    text: str | Program,
    gradients: str | Sequence[str | tuple[str, str]] | Mapping[str, Value],
    at: Point = None,
    /,
    *,
    rtol: float | None = None,
    **values: Value,
) -> Against:
    """Return what is found of gradients that another program computed, at a point.

    ``gradients`` are numbers and arrays by name (w, dw, d_dw, w.grad, grad_w), or the names of
    files that hold them. They are compared with the rounding that their precision explains;
    ``rtol`` is for those who insist on a tolerance. ``verdict`` is the worst of all ``answers``.

    >>> import backpropcli as bp
    >>> found = bp.check_against("(w*x - y)^2", {"dw": 36.0}, w=2, x=3, y=12)
    >>> found.answers[0].diagnosis[0].text
    'it looks as if the sign is flipped: the derivative is the claim times -1'
    """
    from backpropcli.modes.gradient import gradient as mode  # noqa: PLC0415 (on request)
    from backpropcli.proof.against.check import gathered  # noqa: PLC0415 (NumPy)
    from backpropcli.proof.against.judge import check_against as proof  # noqa: PLC0415

    start = Start(text, at, values)
    claimed = gathered(gradients, start.program)
    report = mode(start.program, start.bindings, [*claimed.by])
    found = proof(report, claimed.by, rtol)
    found.warnings = [*start.warnings, *report.warnings, *claimed.notes]
    return found


def compare(  # noqa: PLR0913 (most are options)
    one: str | Program,
    other: str | Program,
    at: Point = None,
    /,
    *,
    wrt: Names = (),
    ranges: Sequence[str] = (),
    assume: Sequence[str] = (),
    shapes: str | None = None,
    points: int = 0,
    timeout: float = 10.0,
    **values: Value,
) -> Compared:
    """Return whether two losses train the same: whether their gradients by ``wrt`` are the same.

    Variables of one name are the same in both, and ``wrt`` are all of them if left out. ``ranges``
    such as "x=0.1..3", and conditions to ``assume``, such as "x > y", say where. The point may be
    left out; ``shapes`` are those of arrays without a value. ``kind`` is "identical", "constant",
    "gradients", "opposite", "proportional", "different" or "unknown"; ``general`` has the constant
    or the factor in ``term``, and counterexamples in ``seen``; ``follows`` says what it means.

    >>> import backpropcli as bp
    >>> found = bp.compare("(x - y)^2", "(x - y)^2/2 + y", wrt="x")
    >>> found.verdict, found.kind, found.general.term
    ('disagrees', 'proportional', '2')
    """
    from backpropcli.calculus.bindings.joined import joined  # noqa: PLC0415 (on request)
    from backpropcli.proof.compared.general import in_general  # noqa: PLC0415
    from backpropcli.proof.compared.setting import Setting  # noqa: PLC0415

    starts = [Start(text, at, values) for text in (one, other)]
    point = joined(starts[0].bindings, starts[1].bindings)
    programs = [start.program for start in starts]

    def posed(turn: int) -> Setting:
        setting = Setting(programs, point, names_of(wrt), shapes, turn)
        setting.where(ranges, assume, points)
        return setting

    setting = posed(0)
    found = setting.begun()
    if setting.is_bound:
        for program in programs:
            own = [name for name in setting.wrt if name in {**program.variables, **program.names}]
            report = gradient(program, setting.point, wrt=own)
            found.add(report.value, report.gradient if own else {})
    return in_general(setting, found, timeout, posed)


def rewrite(
    text: str | Program,
    at: Point = None,
    /,
    *,
    wrt: Names = (),
    timeout: float = 4.0,
    **values: Value,
) -> Mended:
    """Return the ``program`` with all mends that help at the point, after some ``timeout`` seconds.

    Each of its ``steps`` is equal in exact arithmetic, and floats have more digits right with it:
    ``before`` and ``after`` have the digits of the value, called "", and of each derivative.

    >>> import backpropcli as bp
    >>> bp.rewrite("log(1 + exp(x))", x=1000).program
    'softplus(x)'
    """
    return mended(gradient(text, at, wrt=wrt, **values), timeout)  # type: ignore[arg-type]


def mended(found: Report, timeout: float = 4.0) -> Mended:
    """Return what mends the program of a gradient that is there, after some ``timeout`` seconds.

    >>> import backpropcli as bp
    >>> bp.mended(bp.gradient("log(1 + exp(x))", x=1000)).program
    'softplus(x)'
    """
    from backpropcli.proof.mends.search import mended as search  # noqa: PLC0415 (on request)

    return search(found, timeout)


def twin(found: Report) -> Report:
    """Return the same gradient in doubles, of one that is rounded to a shorter format.

    >>> import backpropcli as bp
    >>> found = bp.gradient("x/3", x=1, dtype="float16")
    >>> found.value, bp.twin(found).value
    (0.333251953125, 0.3333333333333333)
    """
    from backpropcli.modes.gradient import twin as mode  # noqa: PLC0415 (on request)

    return mode(found)


def accuracy(found: Report) -> Bits:
    """Return how many bits are right of each node's value and adjoint; the report keeps them.

    The truth is that of many digits at the doubles; for arrays in a short format it is what
    doubles say. Of large arrays of doubles nothing is ``known``.

    >>> import backpropcli as bp
    >>> bp.accuracy(bp.gradient("x + 100", x=0.0001, dtype="float16")).of
    11
    """
    from backpropcli.report.bits import Bits  # noqa: PLC0415 (on request)

    found.bits = Bits(found, twin(found) if found.format and found.arrays else None)
    return found.bits


def scaled(found: Report, scale: float = 0.0) -> Report:
    """Return a gradient in a short format whose reverse pass is scaled; 0 takes the best factor.

    >>> import backpropcli as bp
    >>> found = bp.gradient("1e-5*(x*0.001)", x=1, dtype="float16")
    >>> found.gradient["x"], bp.scaled(found, 1024).gradient["x"] > 0
    (0.0, True)
    """
    from backpropcli.modes.scaling import scaled as mode  # noqa: PLC0415 (on request)

    return mode(found, scale)


def digits(found: Found, count: int = 50, timeout: float = 10.0) -> Found:
    """Return what another function returned in ``count`` digits, each of them proved.

    Its numbers have a ``text``; of one that is not proved in ``timeout`` seconds that is shorter,
    or "?", and ``digits.notes`` tell. The numbers are those at the values as they were typed: 0.1
    is a tenth. A ``count`` of 0 gives the nearest doubles.

    >>> import backpropcli as bp
    >>> bp.digits(bp.gradient("sqrt(x)", x=2), 30).value.text
    '1.41421356237309504880168872421'
    """
    from copy import copy  # noqa: PLC0415 (on request)

    from backpropcli.proof.digits import of_report, of_result  # noqa: PLC0415 (on request)
    from backpropcli.report.report import Report  # noqa: PLC0415

    if isinstance(found, Report):
        return of_report(found, count, timeout)  # type: ignore[return-value]
    shown = copy(found.in_numbers())
    shown.point.digits = of_result(shown, count, timeout)
    return shown
