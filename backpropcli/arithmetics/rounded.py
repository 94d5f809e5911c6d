"""Floats rounded to a shorter format after every operation, as training computes in it.

A local derivative is worked out in doubles, as kernels do in a longer format; the product with what
arrives, and each sum, is rounded.
"""

from __future__ import annotations

from math import frexp, inf, ldexp, nan

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import weights, word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from backpropcli.graph.row import Row


class Format:
    """A binary format: ``bits`` of a mantissa, its ``largest`` number, and the ``least`` above 0.

    Beyond the largest is infinity, or nan where there is none. Where numbers become small, they
    are whole multiples of the least one.
    """

    def __init__(self, name: str, bits: int, largest: float, exponent: int, beyond: float) -> None:
        self.name = name
        self.bits = bits
        self.largest = largest
        self.exponent = exponent
        self.least = ldexp(1.0, exponent)
        self.beyond = beyond

    @property
    def digits(self) -> int:
        """The decimal digits that it holds of any number."""
        return max(1, int((self.bits - 1) * 0.30103))

    def rounded(self, value: float) -> float:
        """Return the nearest number of the format; of two, the even one."""
        if value - value != 0 or value == 0:
            return value
        unit = max(frexp(value)[1] - self.bits, self.exponent)
        found = ldexp(float(round(ldexp(value, -unit))), unit)
        if abs(found) <= self.largest:
            return found
        return self.beyond if found > 0 else -self.beyond


FORMATS = {
    one.name: one
    for one in (
        Format("float32", 24, (2 - 2.0**-23) * 2.0**127, -149, inf),
        Format("float16", 11, 65504.0, -24, inf),
        Format("bfloat16", 8, (2 - 2.0**-7) * 2.0**127, -133, inf),
        Format("float8_e4m3fn", 4, 448.0, -9, nan),
        Format("float8_e5m2", 3, 57344.0, -16, inf),
    )
}


class Rounded:
    """The arithmetic of one format."""

    INFIX: dict[str, str] = {}  # noqa: RUF012 (the protocol's name)

    def __init__(self, given: Format) -> None:
        self.format = given
        self.__name__ = f"floats rounded to {given.name}"
        self.WORDS: dict[str, Callable[..., Any]] = {}

    def constant(self, text: str) -> float:
        """Return a constant, rounded."""
        return self.format.rounded(floats.constant(text))

    def double(self, value: float) -> float:
        """Return a literal, rounded."""
        return self.format.rounded(float(value))

    def given(self, bindings: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of variables, rounded."""
        return {name: self.double(value) for name, value in bindings.items()}

    def word(self, row: Row) -> Callable[..., float]:
        """Return an operation, rounded once."""
        function, rounded = word(row, floats), self.format.rounded
        found = self.WORDS[row.name] = lambda *inputs, **static: rounded(
            function(*inputs, **static)
        )
        return found

    def weights(self, row: Row, on: Sequence[int]) -> Callable[..., Sequence[float]]:
        """Return f(out, *inputs): the partials by the inputs ``on``, in doubles."""
        return weights(row, on, floats)

    def add(self, x: float, y: float) -> float:
        """Return the sum, rounded."""
        return self.format.rounded(x + y)

    def mul(self, x: float, y: float) -> float:
        """Return the product, rounded."""
        return self.format.rounded(x * y)


NUMBERS = {name: Rounded(one) for name, one in FORMATS.items()}
