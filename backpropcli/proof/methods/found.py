"""What all methods find at a point, as plain data."""

from __future__ import annotations

from backpropcli.proof.findings.answer import overall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from backpropcli.report.report import Report

AGREES, DIFFERS, UNKNOWN, NONE = "agrees", "differs", "unknown", "none"
METHODS = ("forward", "symbolic", "central", "left", "right", "complex")
FORWARD, SYMBOLIC, CENTRAL, LEFT, RIGHT, COMPLEX = METHODS
"""The methods that are held against reverse mode, in the order of the table."""
ENDLESS, LARGE = "no finite value", "a number is too large to be worked out in digits"
"""Why differences find NONE."""
DONE = "done"
"""What the work yields at its end."""


class Cell:
    """What one method finds: ``kind``, in how many ``digits`` it agrees with reverse mode, of 40.

    ``value`` is the derivative that it finds, as a decimal; ``reason`` says why it finds NONE.
    """

    __slots__ = ("digits", "kind", "reason", "value")

    def __init__(
        self, kind: str, digits: int | None = None, value: str = "", reason: str = ""
    ) -> None:
        self.kind = kind
        self.digits = digits
        self.value = value
        self.reason = reason

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {
            "kind": self.kind,
            "digits": self.digits,
            "value": self.value or None,
            "reason": self.reason,
        }


class Row:
    """One derivative by all methods: of the variable ``name``, or of an ``element`` of it.

    ``along`` says that it is the one along a direction of all ``count`` elements. ``reverse`` is
    what the floats of reverse mode are, of which ``right`` digits are right, and ``exact`` the same
    in many digits. ``order`` is that of the remainder in the Taylor test: 2 or more where the
    derivative is right; infinite where nothing remains.
    """

    def __init__(self, name: str, reverse: float, element: str = "", count: int = 1) -> None:
        self.name = name
        self.element = element
        self.count = count
        self.along = False
        self.reverse = reverse
        self.right: float | None = None
        self.exact = ""
        self.order: float | None = None
        self.cells: dict[str, Cell] = {}
        self.verdict = "inconclusive"
        self.reason = ""

    @property
    def title(self) -> str:
        """What the derivative is called."""
        return f"d/d{self.element or self.name}"

    @property
    def digits(self) -> int:
        """The fewest digits in which a method agrees."""
        return min((one.digits for one in self.cells.values() if one.digits is not None), default=0)

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {
            "name": self.name,
            "element": self.element or None,
            "elements": self.count,
            "along_a_direction": self.along,
            "verdict": self.verdict,
            "reason": self.reason,
            "reverse": self.reverse,
            "right_digits": self.right,
            "exact": self.exact or None,
            "methods": {name: cell.as_dict() for name, cell in self.cells.items()},
            "taylor_order": self.order,
        }


class Methods:
    """The derivatives by all methods: ``rows``, a variable each, or its worst element."""

    __slots__ = ("bindings", "expression", "notes", "reason", "rows", "value")

    def __init__(self, report: Report) -> None:
        self.expression = report.program.source.strip()
        self.bindings: Mapping[str, Any] = report.bindings
        self.value = report.value
        self.rows: dict[str, Row] = {}
        self.notes: list[str] = []
        self.reason = ""

    def __repr__(self) -> str:
        return f"<Methods: {self.verdict}, of {len(self.rows)}>"

    @property
    def verdict(self) -> str:
        """One verdict on all: the worst."""
        found = [one.verdict for one in self.rows.values()]
        return overall(found, doubted=bool(self.reason))
