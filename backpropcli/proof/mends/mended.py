"""What mends a program at a point, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from backpropcli.proof.mends.measure import VALUE

if TYPE_CHECKING:
    from backpropcli.language.program import Program
    from backpropcli.proof.mends.measure import Digits, Measured


class Step(NamedTuple):
    """One mend: the pattern, what stood there, what stands there now, and where both are equal."""

    pattern: str
    before: str
    after: str
    condition: str


class State(NamedTuple):
    """A program on the way: measured, the steps that led there, and its digits.

    ``tests`` are programs of the conditions under which it is equal to the first. The last pattern
    is that of ``row``: the first are preferred.
    """

    program: Program
    measured: Measured
    steps: list[Step]
    digits: Digits
    size: int
    tests: list[str]
    row: int = 0


class Mended:
    """What mends a program at a point: the ``steps``, and the ``program`` that they lead to.

    ``before`` and ``after`` are the digits right of the value, called "", and of each derivative;
    None where the truth is not known. ``extends`` says that the program has a value here where the
    first has none. Without steps nothing was found, and ``why`` may say why.
    """

    def __init__(self, program: str, before: Digits, after: Digits) -> None:
        self.program = program
        self.before = before
        self.after = after
        self.steps: list[Step] = []
        self.extends = False
        self.why = ""

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {
            "program": self.program,
            "mends": [step._asdict() for step in self.steps],
            "digits_before": _facts(self.before),
            "digits_after": _facts(self.after),
            "extends": self.extends,
            "why": self.why,
        }


def _facts(digits: Digits) -> dict[str, object]:
    slopes = {name: count for name, count in digits.items() if name != VALUE}
    return {"value": digits.get(VALUE), "gradient": slopes}
