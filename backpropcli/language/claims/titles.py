"""What derivatives are called, dL_dx, dL/dx, d2L_dx_dy, ∂²L/∂x∂y: no quotients on right sides."""

from __future__ import annotations

from itertools import groupby, product

from backpropcli.language.scanner import solid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Words = Sequence[tuple[str, int, int]]

DELTAS = str.maketrans({"∂": "d", "δ": "d"})
POWERS = str.maketrans("²³⁴⁵⁶", "23456", "^*")


def plain(title: str) -> str:
    """Return a title as letters, digits and single underscores: dL/dw is dL_dw, d²L/dw² d2L_dw2."""
    text = title.translate(DELTAS)
    if text[:1] == "d" and text[1:].translate(POWERS)[:1].isdigit():
        text = text.translate(POWERS)
    text = "".join([char if char.isalnum() else "_" for char in text])
    return "_".join(filter(None, text.split("_")))


def ordered(title: str) -> tuple[int, str]:
    """Return the order that a title says, and the rest of it: 2 and L_dx2; 0 for none."""
    text = plain(title)
    rest = text[1:].lstrip("0123456789")
    number = text[1 : len(text) - len(rest)]
    if text[:1] != "d" or number in {"0", "1"} or len(number) > 1:
        return 0, rest
    return int(number or 1), rest


def names_in(tail: str, known: Sequence[str], order: int) -> list[str] | None:
    """Return the names that a derivative is by: of _dx2 or _dx_dx these are x and x."""
    return next(([*names] for names in product(known, repeat=order) if tail in tails(names)), None)


def tails(names: Sequence[str]) -> list[str]:
    """Return how it may be written by what a derivative is: _dxdxdy, _dx_dx_dy, _dx2dy, _dx2_dy."""
    runs = [(name, len([*same])) for name, same in groupby(names)]
    powers = [f"{name}{count}" if count > 1 else name for name, count in runs]
    return [f"_d{between.join(parts)}" for parts in (names, powers) for between in ("d", "_d")]


SIGN = "∂"


class Quotient:
    """What may be a derivative, from ``start`` to ``end``.

    ``names`` are those above and below, of which it may be the quotient; d²L/dx² is none. It is
    ``raised`` where a power follows that may be of all of it, or of what is below alone.
    """

    __slots__ = ("end", "names", "raised", "start", "text")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text[start:end]
        self.start, self.end = start, end
        self.names: tuple[str, ...] = ()
        self.raised = False


def as_name(text: str) -> str:
    """Return a name that is as long as a text."""
    return "".join([char if f"a{char}".isidentifier() else "_" for char in text])


def quotients(text: str) -> Iterator[Quotient]:
    """Yield what may be a derivative on right sides: dL/dz, d2L/dx2, d²L/dx²."""
    words = solid(text)
    at = 0
    while at < len(words):
        found = _quotient(text, words, at)
        if found is None:
            at += 1
            continue
        while at < len(words) and words[at][1] < found.end:
            at += 1
        if at == len(words) or words[at][0] not in {"EQUAL", "LPAR"}:
            yield found


def _quotient(text: str, words: Words, at: int) -> Quotient | None:
    """Return what may be a derivative that begins at a word."""
    above, start = _name(text, words, at), words[at][1]
    power = _power(text, words, at + 1) if above == "d" else 0
    head = _name(text, words, at + power + 1) if power else above[1:]
    at += power + 1 if power else 0
    below = _name(text, words, at + 2)
    if not (above[:1] == below[:1] == "d" and head and below[1:] and words[at + 1][0] == "_OVER"):
        return None
    at += 3
    further = power or head[0].isdigit()
    end = words[at - 1][2]
    if further and not below[-1].isdigit() and (raised := _power(text, words, at)):
        end = words[at + raised - 1][2]
    found = Quotient(text, start, end)
    found.names = () if power else (above, below)
    found.raised = not further and bool(_power(text, words, at))
    return found


def _name(text: str, words: Words, at: int) -> str:
    """Return the name that a word is, or ""."""
    if at >= len(words) or words[at][0] != "NAME":
        return ""
    return text[words[at][1] : words[at][2]]


def _power(text: str, words: Words, at: int) -> int:
    """Return how many words a power has that begins at a word; 0 where there is none."""
    parts = [(kind, text[start:end]) for kind, start, end in words[at : at + 2]]
    if parts and parts[0][0] == "SUPERSCRIPT":
        return 1
    return 2 if len(parts) == 2 and parts[0][0] == "_POWER" and parts[1][1].isdigit() else 0  # noqa: PLR2004
