"""Derivatives that were worked out by hand, by other programs or by other methods, checked."""

from __future__ import annotations

from contextlib import suppress

from backpropcli.api import gradient
from backpropcli.api.formulas import written
from backpropcli.api.start import Start, merged
from backpropcli.calculus import bindings
from backpropcli.errors import BackpropError, SourceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.api.start import Names, Point, Value
    from backpropcli.language.claims.records import Claim, Claimed
    from backpropcli.language.program import Program
    from backpropcli.proof.claims.checked import Checked
    from backpropcli.proof.findings.numbers import Against
    from backpropcli.proof.methods.found import Methods
    from backpropcli.report.report import Report


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
    from backpropcli.language.claims.records import texts
    from backpropcli.proof.claims.setting import Asked
    from backpropcli.proof.claims.unfit import Judged

    given = bindings.numbers(merged(at, values))
    point = given.over(bindings.comment_bindings(text))
    assumed = texts(assume, "--assume")
    asked = Asked(text, origin, assumed, ranges, alone, point, shapes, points)
    first = Judged(asked, texts(claims), timeout)
    found, posed, written = first.found, first.setting.claimed, first.setting.texts
    kinds = {one.kind for answer in found.answers for one in answer.diagnosis}
    open_ = any(answer.verdict != "disagrees" for answer in found.answers)
    if first.setting.free and (open_ or "factor" in kinds):
        with suppress(SourceError):  # other sizes do not fit
            other = Judged(asked, written, timeout, turn=1).found
            if found.opened(other):  # X.T@X has no inverse where X has fewer rows than columns
                other = Judged(asked, written, timeout, turn=2).found
            found.also(other)
        first.leave_open()
    for claim, answer in zip(posed.claims, found.answers, strict=True):
        if answer.status == "wrong" and not answer.of_whole:
            answer.true, answer.where = _formula(posed, claim, point, shapes)
        if claim.rests_on:
            *others, last = claim.rests_on
            answer.notes.append(
                f"on the right {', '.join(others)}{' and ' * bool(others)}{last} "
                f"{'stands' if len(claim.rests_on) == 1 else 'stand'} for what is true, whatever "
                "other lines claim"
            )
    told = bindings.unused(posed.program, given), bindings.constants(posed.program, given)
    found.warnings += [*posed.notes, *told[0], *told[1]]
    if against:
        numbers = check_against(text, against, at, rtol=rtol, **values)
        found.numbers = numbers.answers
        found.rules = [*dict.fromkeys([*found.rules, *numbers.rules])]
        found.warnings = [*dict.fromkeys([*found.warnings, *numbers.warnings])]
    return found


def _formula(
    posed: Claimed, claim: Claim, point: Mapping[str, Any], shapes: str | None
) -> tuple[str, list[str]]:
    """Return the derivative that a claim is of, as an expression, and the conditions for it.

    "" where that cannot be.
    """
    from backpropcli.language.parse import parse

    program, [name, *others] = posed.program.part([claim.target.of]), claim.target.names
    given = {key: value for key, value in point.items() if key in program.variables}
    parts = [] if shapes is None else shapes.split(";")
    sizes = [one for one in parts if one.partition("=")[0].strip() in program.variables]
    arrays = sizes or any(hasattr(value, "shape") for value in given.values())
    if others and (arrays or not {name, *others} <= {*posed.program.variables}):
        return "", []  # a Hessian has no formula, and one by a name may lack the name
    try:
        shaped = "; ".join(sizes) if sizes else None
        found = written(Start(program, given, {}), [name], shaped)
        text, where = found.gradient[name], found.conditions[-1][0]
        for other in others:
            program = parse(text)
            if other not in program.variables:
                text = "0"
                continue
            found = written(Start(program, None, {}), [other], None)
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
    from backpropcli.language.program import Program
    from backpropcli.proof.methods.check import check_methods as proof

    if isinstance(text, (str, Program)):
        text = gradient(text, merged(at, values), wrt=wrt)
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
    from backpropcli.modes.gradient import gradient as mode
    from backpropcli.proof.against.gathered import gathered
    from backpropcli.proof.against.judge import check_against as proof

    start = Start(text, at, values)
    claimed = gathered(gradients, start.program)
    report = mode(start.program, start.bindings, [*claimed.by])
    found = proof(report, claimed.by, rtol)
    found.warnings = [*start.warnings, *report.warnings, *claimed.notes]
    return found
