"""Numbers that go on as a name, and were to be one word: 2e, 0x10."""

from __future__ import annotations

from backpropcli.language.builder.expressions import Expressions, in_another_base
from backpropcli.language.mistakes.slip import Slip
from backpropcli.language.mistakes.source.text import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.errors import SourceError

BREAKS_OFF = Slip(
    "a power of ten without digits", "2e*x",
    "'{number}{name}' breaks off: a power of ten has digits",
    "write {number}{name}3, or {number}*{name} for a product",
    instead="2*e*x",
)  # fmt: skip
ANOTHER_MINUS = Slip(
    "another minus in a power of ten", "5e−3*x",
    "'{char}' is not the minus of a power of ten", "write {number}{name}-{digits}",
    instead="5e-3*x",
)  # fmt: skip
MINUSES = "−–—‐‑‒―﹣－"
ANOTHER_BASE = Slip(
    "another base", "0x10",
    "numbers are written in decimal digits", "write {value}, or {number}*{name} for a product",
    instead="16",
)  # fmt: skip


def mistaken_number(builder: Expressions, start: int, stop: int, end: int) -> SourceError:
    """Return the error for a number that goes on as a name at ``stop``, and was to be one word.

    It is 2e, which breaks off, or 0x10, which has another base.
    """
    number, name = builder.source[start:stop], builder.source[stop:end]
    fills = {"number": short(number), "name": short(name)}
    product = [(stop, stop, "*")]
    value = in_another_base(number + name)
    exponent, last = _exponent(builder.source, end)
    if name in {"e", "E"} and exponent:
        fills |= {"char": builder.source[end], "digits": short(exponent)}
        return ANOTHER_MINUS.error(builder, start, last, ([(end, end + 1, "-")],), **fills)
    if value is None:
        return BREAKS_OFF.error(builder, start, end, (product,), **fills)
    fixes = ([(start, end, str(value))], product)
    return ANOTHER_BASE.error(builder, start, end, fixes, **fills, value=value)


def _exponent(source: str, at: int) -> tuple[str, int]:
    """Return the digits behind a minus that is not the keyboard's, and where they end; or ""."""
    end = at + 1
    while end < len(source) and source[end].isdecimal():
        end += 1
    return (source[at + 1 : end], end) if source[at : at + 1] in {*MINUSES} else ("", at)
