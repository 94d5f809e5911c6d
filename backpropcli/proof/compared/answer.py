"""What is found of two losses, as plain data."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

IDENTICAL, CONSTANT, GRADIENTS = "identical", "constant", "gradients"
OPPOSITE, PROPORTIONAL, DIFFERENT, UNKNOWN = "opposite", "proportional", "different", "unknown"
EQUAL = {IDENTICAL, CONSTANT, GRADIENTS}
"""Kinds of pairs whose gradients are the same."""
KINDS = (IDENTICAL, CONSTANT, GRADIENTS, OPPOSITE, PROPORTIONAL, DIFFERENT, UNKNOWN)


class Seen:
    """A point, and what the two programs have there, as decimals; ``of`` says what that is.

    ``kind`` is "counterexample", "kink", or "edge", where one of the two is not finite.
    """

    __slots__ = ("first", "kind", "of", "point", "second")

    def __init__(self, kind: str, of: str, point: dict[str, str], first: str, second: str) -> None:
        self.kind = kind
        self.of = of
        self.point = point
        self.first = first
        self.second = second

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {name: getattr(self, name) for name in ("kind", "of", "point", "first", "second")}


class General:
    """How two programs are related wherever they have values.

    ``kind`` is one of KINDS. ``value`` and ``gradient``, and each name in ``by``, is "same",
    "differs" or "open"; of the value also "constant" or "scaled". ``seen`` has the smallest
    difference found, of the value and of the gradient. ``term`` is the constant or the factor, as
    text, which is a ``number`` or of variables; ``sign`` is the factor's, 0 if it has both.
    They agree at ``points`` points, and are ``proved`` equal symbolically or not.
    """

    def __init__(self, wrt: list[str]) -> None:
        self.kind = UNKNOWN
        self.value = self.gradient = "open"
        self.by = dict.fromkeys(wrt, "open")
        self.at_value, self.at_gradient = "", dict.fromkeys(wrt, "")
        self.seen: list[Seen] = []
        self.exceptions: list[Seen] = []
        self.term = ""
        self.number = False
        self.sign = 0
        self.points = 0
        self.proved = False
        self.reason = ""

    @property
    def at(self) -> str:
        """How the gradients compare at the point given; "" without one."""
        found = {*self.at_gradient.values()}
        ranked = ("differs", "edge", "kink", "open", "same", "")
        return next(one for one in ranked if one in found)

    @property
    def verdict(self) -> str:
        """Whether the gradients are the same, as one of three words."""
        if self.kind in EQUAL:
            return "inconclusive" if self.reason else "agrees"
        return "inconclusive" if self.kind == UNKNOWN else "disagrees"


class Compared:
    """Two programs side by side: at the point, if one is given, and in ``general``.

    ``titles`` are what they are called, ``only`` the variables that one alone has, by which of
    the two. ``bindings`` is the point; ``values`` and ``gradients`` are theirs there.
    """

    def __init__(self, titles: list[str], sources: list[str], wrt: list[str]) -> None:
        self.titles = titles
        self.sources = sources
        self.wrt = wrt
        self.only: list[list[str]] = [[], []]
        self.bindings: dict[str, Any] = {}
        self.values: list[Any] = []
        self.gradients: list[dict[str, Any]] = []
        self.general = General(wrt)
        self.follows: list[str] = []
        self.warnings: list[str] = []

    @property
    def verdict(self) -> str:
        """Whether the two train the same: "agrees", "disagrees" or "inconclusive"."""
        return self.general.verdict

    @property
    def kind(self) -> str:
        """How the two are related."""
        return self.general.kind
