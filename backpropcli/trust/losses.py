"""Two losses compared: whether they train the same."""

from __future__ import annotations

from backpropcli.api import gradient
from backpropcli.api.start import Start, names_of
from backpropcli.language.surface import CALL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.api.start import Names, Point, Value
    from backpropcli.language.program import Program
    from backpropcli.proof.compared.answer import Compared
    from backpropcli.proof.compared.setting import Setting


def compare(  # noqa: PLR0913 (most are options)
    one: str | Program,
    other: str | Program,
    at: Point = None,
    /,
    *,
    wrt: Names = (),
    ranges: Sequence[str] = (),
    assume: Sequence[str] = (),
    shapes: str | None = None,
    points: int = 0,
    timeout: float = 10.0,
    **values: Value,
) -> Compared:
    """Return whether two losses train the same: whether their gradients by ``wrt`` are the same.

    Variables of one name are the same in both, and ``wrt`` are all of them if left out. ``ranges``
    such as "x=0.1..3", and conditions to ``assume``, such as "x > y", say where. The point may be
    left out; ``shapes`` are those of arrays without a value. ``kind`` is "identical", "constant",
    "gradients", "opposite", "proportional", "different" or "unknown"; ``general`` has the constant
    or the factor in ``term``, and counterexamples in ``seen``; ``follows`` says what it means.

    >>> import backpropcli as bp
    >>> found = bp.compare("(x - y)^2", "(x - y)^2/2 + y", wrt="x")
    >>> found.verdict, found.kind, found.general.term
    ('disagrees', 'proportional', '2')
    """
    from backpropcli.calculus.bindings.point import joined
    from backpropcli.proof.compared.general import in_general
    from backpropcli.proof.compared.setting import Setting

    letters = [shapes] if shapes else []
    starts = [Start(text, at, values, letters=letters) for text in (one, other)]
    point = joined(starts[0].bindings, starts[1].bindings)
    programs = [start.program for start in starts]

    def posed(turn: int) -> Setting:
        setting = Setting(programs, point, names_of(wrt), shapes, turn)
        setting.where(ranges, assume, points)
        return setting

    setting = posed(0)
    found = setting.begun()
    if setting.is_bound:
        for program in setting.programs:
            own = [name for name in setting.wrt if name in {**program.variables, **program.names}]
            report = gradient(program, setting.point, wrt=own)
            found.add(report.value, report.gradient if own else {})
    found = in_general(setting, found, timeout, posed)
    for program in programs:
        if CALL in program.graph.operations:  # perhaps of a function with rules of its own
            from backpropcli.proof.ruled import at_sizes

            found.warnings += at_sizes(program, point, shapes)
    return found
