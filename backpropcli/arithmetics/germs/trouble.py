"""Why there is no number: errors that are values until a number is needed."""

from __future__ import annotations


class Trouble(Exception):  # noqa: N818 (not an error of the user's)
    """There is no number: raised where one is needed, a value where it may not be."""

    blurred = False

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __bool__(self) -> bool:
        raise self

    def _itself(self, *_: object) -> Trouble:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __neg__ = _itself


class Unknown(Trouble):
    """It cannot be told from what is known."""


class Infinite(Unknown):
    """A limit is infinite where a finite one is needed."""


class TooLarge(Unknown):
    """A number is finite; it, or what it is made of, is too large to be worked out in digits."""

    def __init__(self) -> None:
        super().__init__("a number is too large to be worked out in digits")


class Lost(TooLarge):
    """A number is made of one that is too large, and need not be finite, or be there at all."""


class Short(Unknown):
    """It may be told from longer germs."""


class Blurred(Unknown):
    """It may be told from more digits."""

    blurred = True


class Behind(Unknown):
    """What follows from a pole is not looked at."""


class Outside(Trouble):
    """There is no value: outside the domain (nan in IEEE-754), or at a pole."""


class Pole(Outside):
    """There is no value but a signed infinity, in IEEE-754."""


class Unbounded(Pole):
    """It grows, or falls, without bound beside the point; how fast is not known.

    ``limit`` is plus or minus infinity, None where that is not known.
    """

    def __init__(self, reason: str, limit: float | None = None) -> None:
        super().__init__(reason)
        self.limit = limit
