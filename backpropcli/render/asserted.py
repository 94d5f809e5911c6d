"""Claimed derivatives in the tests of other projects: an AssertionError says what is wrong."""

from __future__ import annotations

from backpropcli import trust
from backpropcli.errors import BackpropError
from backpropcli.render.layout.lines import Options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.api.start import Point, Value
    from backpropcli.language.program import Program
    from backpropcli.render.layout.lines import Line


def assert_gradient(  # noqa: PLR0913 (most are options)
    text: str | Program,
    claimed: Mapping[str, Value],
    at: Point = None,
    /,
    *,
    strict: bool = True,
    rtol: float | None = None,
    timeout: float = 10.0,
    **values: Value,
) -> None:
    """Raise AssertionError, with the diagnosis, where claimed derivatives are wrong.

    ``claimed`` has by name a number or an array (of NumPy, PyTorch, ...), which is compared at the
    point as by ``check_against``; or a text, an expression that is put to the proof as by
    ``check_claims``. What is inconclusive raises too, but for ``strict=False``.

    >>> import backpropcli as bp
    >>> bp.assert_gradient("(w*x - y)^2", {"w": "2*(w*x - y)*x", "y": 12.0}, w=2, x=3, y=12)
    """
    if not claimed:
        raise BackpropError("there is no claim", "give one, as in {'w': 2*(w*x - y)*x}")
    texts = {name: claim for name, claim in claimed.items() if isinstance(claim, str)}
    numbers = {name: claim for name, claim in claimed.items() if name not in texts}
    wrong = {"disagrees", "inconclusive"} if strict else {"disagrees"}
    if not texts:
        found = trust.check_against(text, numbers, at, rtol=rtol, **values)
        if found.verdict in wrong:
            from backpropcli.render.verdicts.against import against_lines

            raise _failure(against_lines(found, Options()))
        return
    source, point = text if isinstance(text, str) else text.source, {**(at or {}), **values}
    both = trust.check_claims(source, texts, point, against=numbers, rtol=rtol, timeout=timeout)
    if both.verdict in wrong:
        from backpropcli.render.verdicts.claims import claims_lines

        raise _failure(claims_lines(both, Options()))


def _failure(lines: list[Line]) -> AssertionError:
    return AssertionError("\n".join("".join(part for _, part in line) for line in lines))
