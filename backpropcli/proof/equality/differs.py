"""How two expressions differ at a point, and what many points tell."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.proof.equality.points import Point

VALUE, DOMAIN, CONVENTION = "value", "domain", "convention"


class Differs:
    """Two values at a point, as decimals with as many digits as it takes to see the difference.

    ``kind`` is VALUE; or DOMAIN, where the second has no finite value; or CONVENTION, where the
    point is a kink of the first, or of ``inside``. It is VALUE if any pair there differs so.
    ``pair`` is the number of the pair that differs, where there are several. The first is
    ``of_whole`` where it is the derivative that the whole has at a kink of a part.
    """

    __slots__ = ("kind", "left", "of_whole", "pair", "point", "right")

    def __init__(self, point: Point, left: str, right: str, kind: str, pair: int = 0) -> None:
        self.point = point
        self.left = left
        self.right = right
        self.kind = kind
        self.pair = pair
        self.of_whole = False


class Tally:
    """What points tell: at how many all agree, and how they differ.

    ``value`` is the first difference in value, after which no other is looked for. ``late`` says
    that time ran out before each point was looked at. ``undecided`` are points that no precision
    decides, and ``void`` those with nothing to compare; ``sharp`` counts those that agree in more
    than that both are next to nothing.
    """

    def __init__(self) -> None:
        self.tried = self.sharp = 0
        self.agreed: list[Point] = []
        self.void: list[Point] = []
        self.value: Differs | None = None
        self.domains: list[Differs] = []
        self.conventions: list[Differs] = []
        self.late = False
        self.undecided: list[Point] = []

    @property
    def agree(self) -> int:
        """At how many points all agree."""
        return len(self.agreed)

    @property
    def reached(self) -> list[Point]:
        """Where there was something to compare, and no mistake: kinks are among these points."""
        return [*self.agreed, *(one.point for one in self.conventions)]
