"""What begins as a number and is none, and values with no operator between them."""

from __future__ import annotations

from backpropcli.errors import columns
from backpropcli.language.builder.expressions import EXACT, FRACTIONS, in_another_base
from backpropcli.language.mistakes.fixes import applied, one, operator_before, times
from backpropcli.language.mistakes.operands import Left
from backpropcli.language.mistakes.parentheses import THOUSANDS
from backpropcli.language.mistakes.slip import Pattern, Slip, Span, both, last
from backpropcli.language.mistakes.text import quoted, short
from backpropcli.language.mistakes.words import CELLS, INFIX, STARTS, VALUES, WORDS
from backpropcli.language.scanner import OPENING

TYPE_CHECKING = False
READING = 36
"""How many columns a reading takes at most that a hint shows whole."""
if TYPE_CHECKING:
    from backpropcli.errors import Edit, SourceError
    from backpropcli.language.builder.expressions import Expressions
    from backpropcli.language.mistakes.fixes import Fixes
    from backpropcli.language.mistakes.operands import Part
    from backpropcli.language.mistakes.place import Place


def _grouped(place: Place) -> bool:
    """Say whether digits follow digits as thousands do."""
    first, second = place.last_word, place.word
    return not place.adjacent and (first + second).isdigit() and len(second) == THOUSANDS


def _is_product_too(place: Place) -> bool:
    """Say whether digits after a blank may be a number of their own: 000 is none."""
    return not place.word.startswith("0")


def _thousands(place: Place) -> Fixes:
    joined = one((place.last_end, place.at, "_"))
    return (*joined, *(one((place.last_end, place.at, "*")) if _is_product_too(place) else ()))


def _both_numbers(place: Place) -> dict[str, str]:
    first, second = place.last_word, place.word
    product = f" for one number, {first}*{second} for a product" if _is_product_too(place) else ""
    return {"joined": f"{first}_{second}{product}"}


def _joined(place: Place) -> dict[str, str]:
    return {"both": quoted(place.last_word + place.word), "tail": place.word[1:]}


def _mixed(place: Place) -> dict[str, str]:
    """Tell the number that a whole number and a fraction are."""
    above, below = FRACTIONS[place.word]
    if EXACT % below:
        return {"sum": f"({place.last_word} + {above}/{below})"}
    return {"sum": place.last_word + f"{above / below:g}".removeprefix("0")}


def _whole_ends(place: Place) -> tuple[int, int] | None:
    """Return the first and the last number of 1..3; None for what cannot be meant so."""
    first, last = place.last_word.removesuffix("."), place.word.removeprefix(".")
    points = place.adjacent and place.last_word.endswith(".") and place.word.startswith(".")
    if not (points and first.isdecimal() and last.isdecimal() and int(first) < int(last)):
        return None
    return int(first), int(last)


def _range(place: Place) -> dict[str, str]:
    first, last = _whole_ends(place) or (0, 0)
    both_words = place.last_word + place.word
    return {
        "both": quoted(both_words),
        "range": f"arange({first}, {last + 1})",
        "one": both_words.replace("..", "."),
    }


def _as_range(place: Place) -> Fixes:
    """Write the range in place of brackets that hold nothing else."""
    opened, closed = place.before[-2:-1], place.ahead[1:2]
    if [word[0] for word in (*opened, *closed)] != ["LSQB", "RSQB"]:
        return ()
    return one((opened[0][1], closed[0][2], _range(place)["range"]))


def _both_mixed(place: Place) -> Fixes:
    """Write 2 1/2 as one number, or as a product."""
    last = place.ahead[2][2]
    added = [(place.last_start, place.last_start, "("), (place.last_end, place.at, " + ")]
    return ([*added, (last, last, ")")], [(place.last_end, place.at, "*")])


NUMBERS = (
    Pattern(
        "a fraction with a slash after a number", "2 1/2",
        "there is no operator between two numbers",
        "write ({last_word} + {right_fraction}) for one number, {last_word}*{right_fraction} "
        "for a product",
        instead="(2 + 1/2)", after={"NUMBER"}, at={"NUMBER"}, then={"_OVER"}, span=both,
        when=lambda place: place.next(2) == "NUMBER" and not place.adjacent,
        fill=lambda place: {"right_fraction": place.ahead_text(0, 3)}, fix=_both_mixed,
    ),
    Pattern(
        "a blank for thousands", "1 000",
        "there is no operator between two numbers",
        "write {joined}",
        instead="1_000", general="for one number write it without the space", after={"NUMBER"},
        at={"NUMBER"}, when=_grouped, span=both, fill=_both_numbers, fix=_thousands,
    ),
    Pattern(
        "a range of numbers", "[1..3]",
        "{both} is not a number", "for whole numbers write {range}, for one number {one}",
        instead="arange(1, 4)", after={"NUMBER"}, at={"NUMBER"}, span=both, fill=_range,
        fix=_as_range, when=lambda place: place.depth > 0 and bool(_whole_ends(place)),
    ),
    Pattern(
        "two points", "1..2",
        "{both} is not a number", "write {last_word}{tail}",
        instead="1.2", general="a number has one point", after={"NUMBER"}, at={"NUMBER"},
        span=both, fill=_joined, fix=lambda place: one((place.last_end, place.at + 1, "")),
        when=lambda place: (
            place.adjacent and place.last_word.endswith(".") and place.word.startswith(".")
        ),
    ),
    Pattern(
        "a fraction after a number", "2½",
        "there is no operator between two numbers", "write {sum} for one number",
        instead="2.5", general="write + between them", after={"NUMBER"}, at={"NUMBER"}, span=both,
        when=lambda place: place.word in FRACTIONS and place.last_word.isdecimal(), fill=_mixed,
        fix=lambda place: one((place.last_start, place.end, _mixed(place)["sum"])),
    ),
    Pattern(
        "a second point", "1.2.3",
        "{both} is not a number", "a number has one point, as in 1.25",
        instead="1.25", after={"NUMBER"}, at={"NUMBER"}, span=both, fill=_joined,
        when=lambda place: place.adjacent,
    ),
)  # fmt: skip


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
    kind, inner = operator_before(place, factor.start)
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
    if base.start < 0 or operator_before(place, base.start)[0] != "_OVER":
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


BREAKING_OFF = (
    Pattern(
        "a raised minus alone", "x⁻",
        "this raised power has no digits", "write digits after it, as in x⁻²",
        instead="x⁻²", sign="⁻",
    ),
)  # fmt: skip
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
        error = ANOTHER_MINUS.error(builder, start, last, **fills)
        error.fixes = ([(end, end + 1, "-")],)
        return error
    if value is None:
        error = BREAKS_OFF.error(builder, start, end, **fills)
        error.fixes = (product,)
        return error
    error = ANOTHER_BASE.error(builder, start, end, **fills, value=value)
    error.fixes = ([(start, end, str(value))], product)
    return error


def _exponent(source: str, at: int) -> tuple[str, int]:
    """Return the digits behind a minus that is not the keyboard's, and where they end; or ""."""
    end = at + 1
    while end < len(source) and source[end].isdecimal():
        end += 1
    return (source[at + 1 : end], end) if source[at : at + 1] in {*MINUSES} else ("", at)
