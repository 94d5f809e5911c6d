"""What is found of two losses, as plain data."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

IDENTICAL, CONSTANT, GRADIENTS = "identical", "constant", "gradients"
OPPOSITE, PROPORTIONAL, DIFFERENT, UNKNOWN = "opposite", "proportional", "different", "unknown"
EQUAL = {IDENTICAL, CONSTANT, GRADIENTS}
"""Kinds of pairs whose gradients are the same."""
KINDS = (IDENTICAL, CONSTANT, GRADIENTS, OPPOSITE, PROPORTIONAL, DIFFERENT, UNKNOWN)

SAME, DIFFERS, OPEN, KINK, EDGE = "same", "differs", "open", "kink", "edge"
TOO_LATE = "time ran out: --check-timeout allows more"
SMALLER = ", and small arrays take less"
TOO_FEW = "too few points have a gradient of both: --range says where"
NOWHERE = "no point that was tried meets the assumptions: --range says where"
AT_KINK = "the point is a kink, where the two choose other slopes"
AT_EDGE = "only one of the two has a finite gradient at the point"
VALUE = "value"
"""What is told of, where it is no derivative."""
CONSTANT_APART, SCALED = "constant", "scaled"


class At:
    """How two things compare at the point given; where they differ, at which element first.

    It is KINK where they differ by a convention alone, and EDGE where one of them is not finite.
    """

    __slots__ = ("element", "status")

    def __init__(self, status: str, element: int = 0) -> None:
        self.status = status
        self.element = element


class Seen:
    """A point, and what the two programs have there, as decimals, ``of`` VALUE or d/dx.

    ``kind`` is "counterexample"; "point" or "random" where the point has too many numbers to be
    told; "kink", or "edge", where one of the two is not finite.
    """

    __slots__ = ("first", "kind", "of", "point", "second")

    def __init__(self, kind: str, of: str, point: dict[str, Any], first: str, second: str) -> None:
        self.kind = kind
        self.of = of
        self.point = point
        self.first = first
        self.second = second

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {name: getattr(self, name) for name in ("kind", "of", "point", "first", "second")}


class General:
    """How two programs are related wherever both have values.

    ``kind`` is one of KINDS. ``value``, ``gradient``, and each name in ``by``, is SAME, DIFFERS or
    OPEN; the value may be CONSTANT_APART or SCALED. ``seen`` has the smallest differences found.
    ``term`` is the constant or the factor, as text: a ``number``, or of variables; ``sign`` is that
    of a factor, 0 if it has both; it ``vanishes`` if it is 0 at a point. They agree at ``points``
    points; ``proved`` is what is shown symbolically. ``at_value`` and ``at_gradient`` are those at
    the point given, if there is one.
    ``reason`` is why the verdict is open. ``in_floats`` says that they were compared at random
    points, as far as rounding explains; and ``outside``, that the point given is left out, as it is
    not where all is assumed to be.
    """

    def __init__(self, wrt: list[str]) -> None:
        self.kind = UNKNOWN
        self.value = OPEN
        self.by = dict.fromkeys(wrt, OPEN)
        self.at_value: At | None = None
        self.at_gradient: dict[str, At] = {}
        self.seen: list[Seen] = []
        self.exceptions: list[Seen] = []
        self.term = ""
        self.number = False
        self.sign = 0
        self.vanishes = False
        self.points = 0
        self.proved = False
        self.reason = ""
        self.in_floats = self.outside = False

    @property
    def gradient(self) -> str:
        """How the gradients compare by all names together."""
        found = {*self.by.values()} | {self.at} & {DIFFERS}  # at the point, if time ran out before
        return next((one for one in (DIFFERS, OPEN, SAME) if one in found), OPEN)

    @property
    def at(self) -> str:
        """How the gradients compare at the point given; "" without one."""
        found = {one.status for one in self.at_gradient.values()}
        return next((one for one in (DIFFERS, EDGE, KINK, OPEN, SAME) if one in found), "")

    @property
    def verdict(self) -> str:
        """Whether the gradients are the same, as one of three words."""
        if self.kind in EQUAL:
            return "inconclusive" if self.reason else "agrees"
        return "inconclusive" if self.kind == UNKNOWN else "disagrees"


class Row:
    """A line of the table: the value, or the derivative d/dx, of both programs at the point.

    Of arrays, of a ``shape``, it has the norms, the norm of the difference, and the first element
    that differs: its name, and both numbers.
    """

    __slots__ = ("element", "first", "gap", "label", "second", "shape", "status")

    def __init__(self, label: str, first: float, second: float, status: str) -> None:
        self.label = label
        self.first = first
        self.second = second
        self.status = status
        self.shape: tuple[int, ...] = ()
        self.gap = 0.0
        self.element: tuple[str, float, float] | None = None

    @property
    def alike(self) -> bool:
        """Whether both numbers are finite, or neither is."""
        return (self.first - self.first == 0) == (self.second - self.second == 0)


class Compared:
    """Two programs side by side: at the point, if one is given, and in ``general``.

    ``sources`` are their texts, and ``titles`` what they are called; ``only`` are the ``variables``
    that one alone has, of each. ``bindings`` is the point, ``values`` and ``gradients`` are theirs
    there, and ``rows`` have both. ``follows`` says what it means for training. ``sizes`` are those
    that letters of shapes stand for, where they are open: all is said of them.
    """

    def __init__(self, sources: list[str], titles: list[str], wrt: list[str]) -> None:
        self.sources = sources
        self.titles = titles
        self.wrt = wrt
        self.variables: list[str] = []
        self.only: list[list[str]] = [[], []]
        self.bindings: dict[str, Any] = {}
        self.values: list[Any] = []
        self.gradients: list[dict[str, Any]] = []
        self.rows: list[Row] = []
        self.general = General(wrt)
        self.follows: list[str] = []
        self.assumptions: list[str] = []
        self.sizes: list[Mapping[str, int]] = []
        self.warnings: list[str] = []

    def add(self, value: Any, gradient: dict[str, Any]) -> None:  # noqa: ANN401
        """Take in the value and the gradient of one of the two at the point."""
        self.values.append(value)
        self.gradients.append(gradient)

    @property
    def verdict(self) -> str:
        """Whether the two train the same: "agrees", "disagrees" or "inconclusive"."""
        return self.general.verdict

    @property
    def kind(self) -> str:
        """How the two are related: one of KINDS."""
        return self.general.kind

    @property
    def reason(self) -> str:
        """Why the verdict is inconclusive."""
        return self.general.reason
