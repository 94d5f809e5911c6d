"""Operators that there are not, that lack an operand, or that need parentheses."""

from __future__ import annotations

from backpropcli.graph.operations import NAMES
from backpropcli.language.builder.expressions import RAISED
from backpropcli.language.mistakes.fixes import instead_of_both, one, whole
from backpropcli.language.mistakes.place import NEAR
from backpropcli.language.mistakes.slip import Pattern, both, last
from backpropcli.language.mistakes.words import (
    CELLS,
    COMPARISONS,
    INFIX,
    SIGNS,
    STARTS,
    TIGHT,
    UPDATES,
    VALUES,
    WORDS,
    nesting,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.fixes import Fixes
    from backpropcli.language.mistakes.place import Place


def _pair(sign: str, plain: str, after: str, at: str) -> Pattern:
    """Return the row of two signs in a row that are one elsewhere, or that were typed apart."""
    return Pattern(
        f"{sign} for {plain}", f"a {sign} b",
        "{both} is not an operator", f"write {plain}",
        instead=f"a {plain} b", after={after}, at={at}, span=both, fix=instead_of_both(plain),
    )  # fmt: skip


def _infix(left: str, kind: str, sign: str, right: str) -> str:
    """Return an operator between its operands, spaced as its precedence is."""
    return f"{left}{sign}{right}" if kind in TIGHT else f"{left} {sign} {right}"


def _update(place: Place) -> dict[str, str]:
    """Tell the name that is to change, and how the new one is worked out."""
    words = place.source[: place.last_start].split()[-1:] if place.at < NEAR else []
    name = words[0] if words and words[0].isidentifier() else "z"
    return {"name": name, "new": _infix(name, place.last, place.last_word, f"{place.right.cell}")}


def _updated(place: Place) -> Fixes:
    """Write an update as a new name."""
    name, cell = place.earlier.factor, place.right.cell
    if name.start < 0 or cell.start < 0:
        return ()
    text = _infix(name, place.last, place.last_word, whole(place, cell))
    return one((name.start, cell.end, f"{name}2 = {text}"))


def _quotient(place: Place) -> Fixes:
    """Write a quotient that is rounded down."""
    above, below = place.earlier.term, place.right.factor
    if above.start < 0 or below.start < 0:
        return ()
    return one((above.start, below.end, f"floor({whole(place, above)}/{whole(place, below)})"))


SHORTEST = 3
"""Letters of a word that may be a comment alone."""


def _is_comment(place: Place) -> bool:
    """Say whether // may begin a comment: words follow it that nothing else names."""
    source = place.source
    if source[place.last_start : place.end] != "//" or place.depth:
        return False
    rest = source[place.end :].partition("\n")[0]
    words = rest.split() or [""]
    before = source[: place.last_start]
    spaced = before[-1:].isspace() or not before
    return (
        spaced
        and all(word.strip(".,:;!?").isalpha() for word in words)
        and (len(words) > 1 or len(words[0]) >= SHORTEST)
        and words[0] not in {*place.builder.bound, *place.builder.names, *NAMES}
    )


def _commented(place: Place) -> Fixes:
    """Leave the comment out, or write a quotient that is rounded down."""
    end = place.source.find("\n", place.at)
    end = len(place.source) if end < 0 else end
    several = len(place.source[place.end : end].split()) > 1
    return (*one((place.last_start, end, "")), *(() if several else _quotient(place)))


def _comment_ends(place: Place) -> int:
    """Return where a comment of C ends that begins before the mistake; -1 for none."""
    if place.source[place.last_start : place.end] != "/*":
        return -1
    close = place.source.find("*/", place.end)
    return close + 2 if close >= 0 else -1


def _power_of_ten(place: Place) -> str:
    """Return the number that Mathematica writes as 1.5*^-3; "" for anything else."""
    words = [place.source[start:end] for _, start, end in place.ahead[1:3]]
    sign = words[0] if words and words[0] in {"-", "+"} else ""
    digits = words[len(sign) : len(sign) + 1]
    if not (place.earlier.factor and place.before[-2][0] == "NUMBER" and digits):
        return ""
    tight = place.source[place.last_start : place.end] == "*^" and digits[0].isdecimal()
    start, end = place.before[-2][1:]
    return f"{place.source[start:end]}e{sign}{digits[0]}" if tight else ""


def _as_power_of_ten(place: Place) -> Fixes:
    sign = place.next(1) in SIGNS
    return one((place.before[-2][1], place.ahead[1 + sign][2], _power_of_ten(place)))


def _is_arrow(place: Place) -> bool:
    """Say whether what is before => is a parameter of what follows."""
    if not place.adjacent or place.statement != ["NAME", "EQUAL"]:
        return False
    _, start, end = place.before[-2]
    return place.source[start:end] in {place.source[a:b] for _, a, b in place.ahead}


def _alone(place: Place) -> Fixes:
    """Leave the parameter and the arrow of x => x^2 out, or compare."""
    return (
        [(place.before[-2][1], place.end, "")],
        [(place.last_start, place.end, ">=")],
    )


PAIRS = (
    Pattern(
        "an arrow of another language", "x => x^2",
        "{both} is not an operator", "leave '{arrow}' out, or compare by >=",
        instead="x^2", after={"EQUAL"}, at={"MORETHAN"}, span=both, fix=_alone, when=_is_arrow,
        fill=lambda place: {"arrow": place.source[place.before[-2][1] : place.end]},
    ),
    _pair("< =", "<=", "LESSTHAN", "EQUAL"),
    _pair("> =", ">=", "MORETHAN", "EQUAL"),
    _pair("=>", ">=", "EQUAL", "MORETHAN"),
    _pair("=<", "<=", "EQUAL", "LESSTHAN"),
    _pair("<>", "!=", "LESSTHAN", "MORETHAN"),
    _pair("===", "==", "__ANON_0", "EQUAL"),
    _pair("!==", "!=", "_NE", "EQUAL"),
    Pattern(
        "= = for ==", "x = = 3",
        "{both} is not an operator", "to compare write ==, to give a name a value write =",
        instead="x == 3", after={"EQUAL"}, at={"EQUAL"}, span=both, fix=instead_of_both("=="),
    ),
    Pattern(
        "a comment with //", "4*x // the area",
        "'//' is not an operator",
        "a comment begins with #; for a quotient rounded down write floor({earlier.term}/b)",
        after={"_OVER"}, at={"_OVER"}, span=both, when=_is_comment, fix=_commented,
    ),
    Pattern(
        "// for a quotient", "2*a // b + 1",
        "'//' is not an operator",
        "for a quotient rounded down write floor({earlier.term}/{right.factor}); "
        "a comment begins with #",
        instead="floor(2*a/b) + 1", after={"_OVER"}, at={"_OVER"}, span=both,
        when=lambda place: place.source[place.last_start : place.end] == "//", fix=_quotient,
    ),
    Pattern(
        "an update", "x += 1",
        "{both} is not part of the language: a name keeps its value", "write {name}2 = {new}",
        instead="x2 = x + 1", after=UPDATES, at={"EQUAL"}, span=both, fill=_update, fix=_updated,
    ),
)  # fmt: skip


def _example_before(place: Place) -> dict[str, str]:
    """Tell an operator with both operands, for one that has nothing before it."""
    right = place.right.factor or "2"
    return {"example": _infix("2" if right == "x" else "x", place.kind, place.word, right)}


def _example_after(place: Place) -> dict[str, str]:
    """Tell an operator with both operands, for one that has nothing after it."""
    if place.last in {"NOT", "_ROOT"}:
        example = "√2" if place.last == "_ROOT" else "not x"
    else:
        example = _infix(place.earlier.factor or "x", place.last, place.last_word, "2")
    more = ""
    if place.kind == "_NEWLINE" and place.source[place.at :].strip():
        more = "; for a longer line use parentheses"
    elif place.at_end and place.depth:
        more = f", and {place.closing}"
    return {"example": example + more}


LACKING = (
    Pattern(
        "a root of a sign", "√-x",
        "the root of what has a sign needs parentheses", "write √({here.factor})",
        instead="√(-x)", after={"_ROOT"}, at=SIGNS,
        fix=lambda place: one(
            (place.at, place.at, "("), (place.here.factor.end, place.here.factor.end, ")")
        ),
    ),
    Pattern(
        "nothing before an operator", "*x",
        "there is nothing before '{word}'", "write a value there, as in {example}",
        instead="2*x", at=INFIX, when=lambda place: place.fresh, fill=_example_before,
    ),
    Pattern(
        "a comment of C", "x^2 /* area */ + 1",
        "a comment begins with #", "leave '/* ... */' out, or write it behind a #",
        instead="x^2 + 1", after={"_OVER"}, at={"_TIMES"}, span=both,
        when=lambda place: _comment_ends(place) > 0,
        fix=lambda place: one((place.last_start, _comment_ends(place), "")),
    ),
    Pattern(
        "a power of ten with *^", "1.5*^-3",
        "'*^' is not an operator", "write {number}",
        instead="1.5e-3", after={"_TIMES"}, at={"_POWER"}, span=both, when=_power_of_ten,
        fill=lambda place: {"number": _power_of_ten(place)}, fix=_as_power_of_ten,
    ),
    Pattern(
        "nothing between operators", "x * / y",
        "there is nothing between '{last_word}' and '{word}'",
        "write a value between them, or remove '{word}'",
        instead="x * y", after=INFIX, at=INFIX, span=both,
    ),
    Pattern(
        "nothing after an operator", "x^",
        "there is nothing after '{last_word}'", "write a value there, as in {example}",
        instead="x^2", after=INFIX | {"NOT", "_ROOT"},
        when=lambda place: place.kind not in {"EQUAL", "NOT", "SUPERSCRIPT"}, fill=_example_after,
        span=last,
    ),
)  # fmt: skip


def _middle(place: Place) -> int:
    """Return the number of the word that begins the operand between two comparisons, or 0."""
    return place.index(place.back(CELLS | WORDS | COMPARISONS))


def _chained(place: Place) -> bool:
    index = _middle(place)
    return index > 0 and place.before[index - 1][0] in COMPARISONS


def _chain(place: Place) -> dict[str, str]:
    """Tell the two comparisons of a < b < c."""
    index = _middle(place)
    _, start, end = place.before[index - 1]
    left = place.text(place.back(CELLS | WORDS), start) or "a"
    between = place.text(place.before[index][1], place.last_end) or "b"
    first, second = place.source[start:end], place.word
    return {
        "first": first,
        "chain": f"{left} {first} {between} and {between} {second} {place.right.side:c}",
    }


def _unchained(place: Place) -> Fixes:
    """Write the second comparison as one of its own."""
    middle = place.source[place.before[_middle(place)][1] : place.last_end]
    return one((place.last_end, place.last_end, f" and {middle}"))


def _powers(place: Place) -> dict[str, str]:
    """Tell the two ways to read a power of a power, or of a root."""
    power = place.ahead_text(0, 1 if place.kind == "SUPERSCRIPT" else place.factor(1)) or "..."
    base = f"{place.left.factor:√x}"
    inner, outer = place.last_word.translate(RAISED), power.translate(RAISED).lstrip("^*")
    return {
        "power": power,
        "base": base,
        "under": base[1:].strip(),
        "raised": f"{base.removesuffix(place.last_word)}^({inner}^{outer})",
    }


def _grouped(place: Place) -> Fixes:
    """Return the two ways to read a power of a power, or of a root."""
    base, power = place.left.factor, place.ahead
    after = 1 if place.kind == "SUPERSCRIPT" else place.factor(1)
    if base.start < 0 or not 0 < after <= len(power):
        return ()
    outer = [(base.start, base.start, "("), (base.end, base.end, ")")]
    if base.startswith("√"):
        end = power[after - 1][2]
        return ([(base.start + 1, base.start + 1, "("), (end, end, ")")], outer)
    return (outer,)


def _several(place: Place) -> bool:
    """Say whether all of the statement before the mistake is (a, b): several outputs."""
    depth, comma = 0, False
    for kind in place.statement[:-1]:
        depth += nesting(kind)
        comma |= kind == "COMMA" and depth == 1
        if not depth:
            return False
    return comma and place.last == "RPAR"


POWERS = (
    Pattern(
        "an operation on several outputs", "(x, y)*2",
        "these are several outputs, and '{word}' needs one value",
        "write it for each of them, as in (2*x, 2*y)",
        instead="(2*x, 2*y)", at=INFIX | STARTS | {"SUPERSCRIPT"}, when=_several,
    ),
    Pattern(
        "comparisons in a chain", "a < b < c",
        "comparisons do not chain", "write {chain}",
        instead="a < b and b < c", general="write a {first} b and b {word} c", at=COMPARISONS,
        when=_chained, fill=_chain, fix=_unchained,
    ),
    Pattern(
        "comparisons in a long chain", "a < b" + " + b" * NEAR + " < c",
        "comparisons do not chain", "write a < b and b < c",
        instead="a < b and b < c", at=COMPARISONS,
    ),
    Pattern(
        "a raised power of nothing", "x + ²",
        "there is nothing before this raised power", "it goes after its base, as in x{word}",
        instead="x²", at={"SUPERSCRIPT"}, when=lambda place: place.last not in VALUES,
    ),
    Pattern(
        "a power of a power", "x²^3",
        "a power of a power needs parentheses", "write ({base}){power} or {raised}",
        instead="(x²)^3", after={"SUPERSCRIPT"}, at={"_POWER", "SUPERSCRIPT"}, span=both,
        fill=_powers, fix=_grouped,
    ),
    Pattern(
        "a power of a root", "√x²",
        "a root of a power, or a power of a root?", "write √({under}{power}) or ({base}){power}",
        instead="√(x²)", at={"_POWER", "SUPERSCRIPT"}, fill=_powers, fix=_grouped,
    ),
)  # fmt: skip
