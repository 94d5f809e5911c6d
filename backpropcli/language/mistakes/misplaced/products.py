"""Values with no operator between them: products, some of which can be read in two ways."""

from __future__ import annotations

from backpropcli.errors import Edit, columns
from backpropcli.language.mistakes.fixes import Fixes, applied, one
from backpropcli.language.mistakes.slip import Pattern, Span, both, last
from backpropcli.language.mistakes.source.expressions import times
from backpropcli.language.mistakes.source.place import Left, Part, Place
from backpropcli.language.mistakes.source.words import CELLS, INFIX, STARTS, VALUES, WORDS
from backpropcli.language.scanner import OPENING

READING = 36
"""How many columns a reading takes at most that a hint shows whole."""


def _first_two(place: Place) -> Span:
    """Return the place of the value before the mistake, and of how the other begins."""
    return place.last_start, place.at + 1 if place.kind in OPENING | {"_ROOT"} else place.end


def _product(place: Place) -> Fixes:
    """Write the product; one with the inverse of a matrix is the solution of equations."""
    left, right = place.left.factor, place.here.atom
    sign, inverted = times(place.builder, left, right), _inverted(left)
    if sign == "@" and inverted and right.start >= 0:
        return one((left.start, right.end, f"solve({inverted}, {right})"))
    return one((place.last_end, place.at, sign)) if sign else ()


def _inverted(text: str) -> str:
    """Return what a text has the inverse of; "" if it is none."""
    endings = ("⁻¹", "^-1", "^(-1)")
    return next((text.removesuffix(one) for one in endings if text.endswith(one)), "")


def _shown_product(place: Place) -> dict[str, str]:
    left, right = place.left.factor, place.here.atom
    sign, inverted = times(place.builder, left, right), _inverted(left)
    solved = f"solve({inverted}, {right})" if sign == "@" and inverted else ""
    of_matrices = "" if sign else f", of matrices {left:...}@{right:...}"
    return {"product": solved or f"{left:...}{sign or '*'}{right:...}{of_matrices}"}


def _is_transposed(place: Place) -> bool:
    """Say whether ^T stands before the mistake, and T is nothing."""
    builder = place.builder
    raised = [kind for kind, _, _ in place.before[-2:]] == ["_POWER", "NAME"]
    return raised and place.last_word == "T" and "T" not in {*builder.names, *builder.bound}


def _readings(place: Place) -> Fixes:
    """Return the two readings of a product without operator that divides, or is an exponent."""
    factor, after = place.left.factor, place.here.factor
    if factor.start < 0 or after.start < 0:
        return ()
    product, end = (place.last_end, place.at, "*"), (after.end, after.end, ")")
    if factor.startswith("√"):
        inner = factor.start + 1
        return ([product], [(inner, inner, "("), product, end])
    kind, inner = place.operator_before(factor.start)
    both = [(inner, inner, "("), product, end]
    if kind == "_POWER":
        return (*_quotients(place, inner, product, end), [product], both)
    term = place.left.term.start
    if kind != "_OVER" or term < 0:
        return ()
    return ([(term, term, "("), (place.last_end, place.at, ")*")], both)


def _quotients(place: Place, exponent: int, product: Edit, end: Edit) -> Fixes:
    """Return the reading in which a power divides with the product's other factor: 1/(x^2*y)."""
    words = place.before
    at = place.index(exponent) - 1  # the power's sign
    base = Left(place, skip=len(words) - at).until(INFIX | CELLS | WORDS)
    if base.start < 0 or place.operator_before(base.start)[0] != "_OVER":
        return ()
    return ([(base.start, base.start, "("), product, end],)


def _read(place: Place) -> dict[str, str]:
    """Tell the readings of the term: the rest of the statement has none of its own."""
    readings = _readings(place)
    firsts = [start for edits in readings for start, _, _ in edits]
    start = min([at for at in (place.left.term.start, *firsts) if at >= 0])
    end = place.here.factor.end
    texts = [
        applied(place.source[start:end], [(a - start, b - start, new) for a, b, new in edits])
        for edits in readings
    ]
    if max(map(columns, texts)) > READING:
        texts = ["(a/b)*c", "a/(b*c)"]
    ways = "three" if len(readings) > 2 else "two"  # noqa: PLR2004 (two are usual)
    return {"one": ", ".join(texts[:-1]), "other": texts[-1], "ways": ways}


def _transposed(place: Place) -> Fixes:
    """Write parentheses around the power before .T."""
    start, at = _power(place).start, place.last_end - 1
    return one((start, start, "("), (at, at, ")"))


def _transposed_power(place: Place) -> dict[str, str]:
    return {"base": _power(place)[:-1] or "A^2"}


def _power(place: Place) -> Part:
    """Return the whole power that ends at the mistake."""
    return place.left.until((INFIX | CELLS | WORDS) - {"_POWER"})


PRODUCTS = (
    Pattern(
        "a transpose after a number", "A^2.T",
        "'{last_word}' is a number here", "write ({base}).T",
        instead="(A^2).T", after={"NUMBER"}, at={"NAME"}, span=both, fill=_transposed_power,
        fix=_transposed, when=lambda place: (
            place.adjacent and place.word in {"T", "mT"} and place.last_word.endswith(".")
        ),
    ),
    Pattern(
        "a transpose as a power", "x^T y",
        "'^T' is a power here, of T", "for a transpose write .T@{here.atom}",
        instead="x.T@y", after={"NAME"}, at=STARTS, when=_is_transposed,
        span=lambda place: place.before[-2][1:2] + place.before[-1][2:],
        fix=lambda place: one((place.before[-2][1], place.at, ".T@")),
    ),
    Pattern(
        "a product that can be read in two ways", "1/2x",
        "this can be read in {ways} ways", "write {one} or {other}",
        instead="1/(2*x)", after=VALUES, at=STARTS, when=_readings, span=_first_two, fill=_read,
        fix=_readings,
    ),
    Pattern(
        "the imaginary unit", "E^(I x)",
        "there are no complex numbers", "if I is a variable, write {product}",
        instead="e^(I*x)", after={"NAME"}, at=STARTS, span=last, fill=_shown_product,
        when=lambda place: (
            place.last_word == "I" and "E^" in place.source and "I" not in {*place.builder.bound}
        ),
    ),
    Pattern(
        "a product without operator", "x y",
        "there is no operator between these two", "for a product write {product}",
        instead="x*y", after=VALUES, at=STARTS, span=_first_two, fix=_product, fill=_shown_product,
    ),
)  # fmt: skip
