"""Numbers in claims that are rounded: 0.6666666666666666 is 2/3, as doubles have it.

A claim is never judged by such a number in exact arithmetic alone: with the exact one in its place
it is judged anew.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ulp

from mpmath import mp, mpf

from backpropcli.calculus.bindings.items import significant
from backpropcli.language.claims.records import Text
from backpropcli.language.scanner import tokens
from backpropcli.proof.claims.numbers import MOST_OF_DOUBLES, OF_DOUBLES
from backpropcli.proof.findings.answer import HOLDS, PROVED, WRONG, Diagnosis
from backpropcli.proof.letters import times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from backpropcli.proof.claims.checked import Checked
    from backpropcli.proof.findings.answer import Answer

DIGITS = 60
LARGEST = 1000
"""Numerators and denominators beside constants."""
CONSTANTS: dict[str, Callable[[], mpf]] = {
    "1": lambda: mpf(1),
    "pi": lambda: +mp.pi,
    "1/pi": lambda: 1 / mp.pi,
    "sqrt(pi)": lambda: mp.sqrt(mp.pi),
    "1/sqrt(pi)": lambda: 1 / mp.sqrt(mp.pi),
    "sqrt(2*pi)": lambda: mp.sqrt(2 * mp.pi),
    "1/sqrt(2*pi)": lambda: 1 / mp.sqrt(2 * mp.pi),
    "sqrt(2/pi)": lambda: mp.sqrt(2 / mp.pi),
    "sqrt(2)": lambda: mp.sqrt(2),
    "sqrt(3)": lambda: mp.sqrt(3),
    "log(2)": lambda: mp.log(2),
    "1/log(2)": lambda: 1 / mp.log(2),
    "log(10)": lambda: mp.log(10),
    "1/log(10)": lambda: 1 / mp.log(10),
    "exp(1)": lambda: +mp.e,
    "pi^2": lambda: mp.pi**2,
}
"""What people have in doubles."""


def mended(texts: Sequence[Text]) -> tuple[list[Text], dict[str, str]]:
    """Return claims with exact numbers in place of those that are rounded, and what these are."""
    found, told = [], {}
    for one in texts:
        text, last = "", 0
        for start, end, exact in _rounded(one.text):
            number = one.text[start:end]
            told[number] = f"{number} is {exact} rounded to {len(significant(number))} digits"
            text, last = f"{text}{one.text[last:start]}({exact})", end
        found.append(Text(text + one.text[last:], one.origin, pasted=one.pasted) if last else one)
    return found, told


def allowed(found: Checked, exact: Checked, told: Mapping[str, str]) -> None:
    """Let claims hold that are wrong by the rounding of a number alone: right in ``exact`` ones."""
    for answer, other in zip(found.answers, exact.answers, strict=True):
        if answer.status == WRONG and other.verdict == "agrees" and not other.alone:
            word = "it is proved" if other.status == PROVED else "it holds"
            _hold(answer, other)
            numbers = {answer.claim[start:end] for _, start, end in tokens(answer.claim)}
            own = [text for number, text in told.items() if number in numbers]
            text = f"{'; '.join(own or told.values())}: with the exact number {word}"
            answer.diagnosis = [Diagnosis("rounded", text), *other.diagnosis]


def _hold(answer: Answer, other: Answer) -> None:
    answer.status, answer.reason = HOLDS, ""
    answer.at = answer.seen = None
    answer.points, answer.exceptions = other.points, other.exceptions
    answer.notes = [*dict.fromkeys([*answer.notes, *other.notes])]


def _rounded(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the places of numbers that are rounded, and what they are."""
    for kind, start, end in tokens(text):
        if kind == "NUMBER" and len(significant(text[start:end])) >= OF_DOUBLES:
            exact = _exact(text[start:end])
            if exact:
                yield start, end, exact


def _exact(number: str) -> str:
    """Return what a decimal is rounded from; "" where that is none of what people have."""
    written = Decimal(number.replace("_", ""))
    best, found = LARGEST**2, ""
    with mp.workdps(DIGITS):
        for text, make in CONSTANTS.items():
            constant = make()
            share = Fraction(str(mpf(str(written)) / constant)).limit_denominator(LARGEST)
            above, below = share.as_integer_ratio()
            slack = 0 if text == "1" else 1  # a quotient of whole numbers is rounded once
            if above * below < best and _is_rounded(written, above * constant / below, slack):
                best, found = above * below, str(share) if text == "1" else times(share, text)
    return found


def _is_rounded(written: Decimal, exact: mpf, slack: int) -> bool:
    """Say whether a decimal is a number rounded to its digits, or to a double.

    That is the nearest, or as many ``slack`` units in the last place off.
    """
    true = Decimal(mp.nstr(exact, DIGITS))
    if true == written:
        return False
    digits, exponent = written.as_tuple().digits, written.as_tuple().exponent
    if abs(true - written) <= Decimal(5).scaleb(int(exponent) - 1):
        return True
    off = abs(float(true) - float(written))
    return len(digits) <= MOST_OF_DOUBLES and off <= slack * ulp(float(true))
