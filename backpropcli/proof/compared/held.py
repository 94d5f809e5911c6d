"""What comparisons of pairs come to."""

from __future__ import annotations

from backpropcli.proof.compared.answer import OPEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.proof.equality.differs import Differs
    from backpropcli.proof.equality.points import Point


class Held:
    """What a comparison of pairs comes to: a ``status``, and at how many ``points`` they agree.

    ``seen`` is the first difference. ``kinks`` and ``edges`` are points where they differ by a
    convention, or one has no value, and that is so nowhere else. Time ran out if it is ``late``.
    """

    __slots__ = ("edges", "kinks", "late", "points", "seen", "status")

    def __init__(self) -> None:
        self.status = OPEN
        self.points = 0
        self.seen: Differs | None = None
        self.kinks: list[Differs] = []
        self.edges: list[Differs] = []
        self.late = False


class Alone:
    """Where one of two values alone is finite: the points, and which; and how often ``both`` are.

    They are ``wide`` where that is no exception: at many points, and beside one of them.
    ``given`` is the one that was given, if it is one.
    """

    __slots__ = ("both", "given", "points", "wide")

    def __init__(self) -> None:
        self.points: list[tuple[Point, int]] = []
        self.both = 0
        self.given: tuple[Point, int] | None = None
        self.wide = False
