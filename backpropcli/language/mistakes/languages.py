"""Words of other languages and libraries, and what they are called here."""

from __future__ import annotations

from backpropcli.graph.operations import NAMES
from backpropcli.language.mistakes.fixes import one, whole, without_last
from backpropcli.language.mistakes.operands import Right
from backpropcli.language.mistakes.slip import Pattern, last
from backpropcli.language.mistakes.words import CELLS, STARTS, VALUES, WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.language.mistakes.fixes import Fixes
    from backpropcli.language.mistakes.operands import Left, Part
    from backpropcli.language.mistakes.place import Place

CHOICE = "for a choice write where(condition, a, b)"
IMPORTS = {"import", "include", "from", "require", "load", "source"}
LIBRARIES = {"math", "Math", "np", "numpy", "torch", "nn", "F", "jnp", "jax", "tf", "sympy"}

FOREIGN_WORDS = {
    **dict.fromkeys(("if", "else", "then", "elif", "when", "case", "switch"), CHOICE),
    **dict.fromkeys(("for", "while", "in", "do"), "there are no loops: write the terms out"),
    **dict.fromkeys(
        ("lambda", "return", "function", "import", "from", "print"),
        "write the formula alone, as in x^2 + 1",
    ),
    **dict.fromkeys(("let", "var", "const", "double", "float"), "leave this word out"),
    "is": "to compare write ==",
    "xor": "write (a != 0) != (b != 0)",
    "div": "write floor(a/b)",
}
"""Words that stand beside a value elsewhere, and what to write."""

FOREIGN_FUNCTIONS = {
    **dict.fromkeys(("if", "iif", "ifelse", "cond", "piecewise"), "where(condition, a, b)"),
    **dict.fromkeys(("remainder", "modulo"), "mod(x, y)"),
    **dict.fromkeys(("factorial", "fact"), "gamma(x + 1)"),
    **dict.fromkeys(("square", "sqr", "sq"), "x^2"),
    **dict.fromkeys(("heaviside", "step"), "x > 0"),
    "int": "trunc(x)",
    **dict.fromkeys(("mean", "average", "avg"), "(x + y)/2"),
    **dict.fromkeys(("cdf", "Phi"), "ndtr(x)"),
    **dict.fromkeys(("tg", "tang"), "tan(x)"),
    **dict.fromkeys(("ctg", "cotg", "cotan"), "cot(x)"),
    **dict.fromkeys(("arctg", "atg"), "atan(x)"),
    "cosec": "csc(x)",
    **dict.fromkeys(("sh", "sinhyp"), "sinh(x)"),
    **dict.fromkeys(("ch", "coshyp"), "cosh(x)"),
    **dict.fromkeys(("th", "tanhyp"), "tanh(x)"),
    **dict.fromkeys(("arsinh", "argsinh", "arcsh", "arsh"), "asinh(x)"),
    **dict.fromkeys(("arcosh", "argcosh", "arcch", "arch"), "acosh(x)"),
    **dict.fromkeys(("artanh", "argtanh", "arcth", "arth"), "atanh(x)"),
    **dict.fromkeys(("degrees", "deg", "rad2deg"), "x*180/pi"),
    **dict.fromkeys(("radians", "rad", "deg2rad"), "x*pi/180"),
    **dict.fromkeys(("amax", "fmax", "nanmax"), "max(x, y)"),
    **dict.fromkeys(("amin", "fmin", "nanmin"), "min(x, y)"),
    **dict.fromkeys(("absolute", "magnitude"), "abs(x)"),
    **dict.fromkeys(("ceiling", "roundup"), "ceil(x)"),
    **dict.fromkeys(("loggamma", "lgam", "gamln"), "lgamma(x)"),
    **dict.fromkeys(("signum", "sig"), "sign(x)"),
    "sind": "sin(x*pi/180)",
    "cosd": "cos(x*pi/180)",
    "tand": "tan(x*pi/180)",
    "asind": "asin(x)*180/pi",
    "acosd": "acos(x)*180/pi",
    "atand": "atan(x)*180/pi",
    "sinpi": "sin(pi*x)",
    "cospi": "cos(pi*x)",
    "tanpi": "tan(pi*x)",
    "versin": "1 - cos(x)",
    "lg": "log10(x)",
    "lb": "log2(x)",
    "exp10": "10^x",
    "cube": "x^3",
    "sum": "x + y",
    "prod": "x*y",
    "softmax": "softmax2(x, y)",
    "rsqrt": "1/sqrt(x)",
    "reciprocal": "1/x",
    "lerp": "x + t*(y - x)",
    "root": "x^(1/n)",
}
"""Functions that have another name here, or none: what to write for one of x."""

OTHERS_OWN = {
    *("cis", "cas", "si", "ci", "ei", "li", "erfi", "erfcinv", "expi", "expn", "expint"),
    *("expm", "logm", "sqrtm", "zeta", "gammainc", "gammaincc", "rgamma", "ndtri", "nextafter"),
    *("trace", "det", "norm", "std", "var", "cov", "cross", "dot", "argmax", "argmin"),
    *("median", "mode", "celu", "glu", "prelu", "rrelu", "softmin", "arg", "conj", "real"),
    *("imag", "gcd", "lcm", "comb", "perm", "rand", "randn", "random"),
}
"""Functions that mean something of their own elsewhere: they are no slips of another's name."""

OTHER_COUNTS = {
    ("log", 2): "for another base write log(x)/log(base)",
    ("ln", 2): "for another base write log(x)/log(base)",
    ("atan", 2): "write atan2(y, x)",
    ("arctan", 2): "write atan2(y, x)",
    ("sqrt", 2): "for another root write x^(1/n)",
    ("exp", 2): "for a power write x^y",
    ("round", 2): "for two decimals write round(100*x)/100",
    ("relu", 2): "write leaky_relu(x, slope)",
}
"""Calls with as many arguments as the function has in another language, and what to write."""


def _is_foreign(word: str, kind: str) -> bool:
    return kind == "NAME" and word in FOREIGN_WORDS


def _upper(word: str, kind: str) -> bool:
    return kind == "NAME" and word in {"AND", "OR", "NOT", "And", "Or", "Not"}


def _told(word: str) -> dict[str, str]:
    return {"foreign": word, "advice": FOREIGN_WORDS.get(word, ""), "lower": word.lower()}


def _at(test: Callable[[str, str], bool]) -> Callable[[Place], bool]:
    """Return whether the word at the mistake passes ``test``."""
    return lambda place: test(place.word, place.kind) and len(place.word) == place.end - place.at


def _before(test: Callable[[str, str], bool]) -> Callable[[Place], bool]:
    """Return whether the word before the mistake passes ``test``."""
    return lambda place: test(place.last_word, place.last)


def _is_binary(word: str) -> bool:
    """Say whether a function takes two arguments, so that it may stand between them elsewhere."""
    row = NAMES.get(word)
    return row is not None and len(row.parameters) == 2  # noqa: PLR2004 (a, b)


def _choice(place: Place, condition: Part, first: Part, second: Part) -> Fixes:
    """Write a choice: all from the first of its parts to the last."""
    parts = (condition, first, second)
    if any(part.start < 0 for part in parts):
        return ()
    inside = ", ".join(place.source[part.start : part.end] for part in parts)
    start = min(part.start for part in parts)
    return one((start, max(part.end for part in parts), f"where({inside})"))


def _word_of(place: Place, wanted: str, first: int = 0) -> int:
    """Return the number of a word after the mistake, in no parentheses; 0 if it is not there."""
    depth = 0
    for index in range(first, len(place.ahead)):
        kind, start, end = place.ahead[index]
        depth += (kind == "LPAR") - (kind == "RPAR")
        if depth < 0:
            break
        if not depth and place.source[start:end] == wanted:
            return index
    return 0


def _infix(place: Place, word: str, left: Left, index: int) -> Fixes:
    """Write what stands between values in another language: a if c else b, a is b, a mod b.

    The value after it begins with word number ``index``.
    """
    if word == "is":
        return one((place.last_start if index == 0 else place.at, place.ahead[index][1], "== "))
    a, b = left.term, Right(place, index).factor
    if word == "div" or _is_binary(word):
        if a.start < 0 or b.start < 0:
            return ()
        form = "floor({}/{})" if word == "div" else f"{word}({{}}, {{}})"
        return one((a.start, b.end, form.format(whole(place, a), whole(place, b))))
    otherwise = _word_of(place, "else")
    if word != "if" or not otherwise:
        return ()
    after = Right(place, otherwise + 1).to(place.forth(otherwise + 1, CELLS))
    return _choice(place, Right(place, index).to(otherwise), left.cell, after)


def _prefix(place: Place) -> Fixes:
    """Write what begins with a word of another language: let x = 3, lambda x: x^2, if c then a."""
    word = place.last_word
    if _has_left(place):
        return _infix(place, word, place.earlier, 0)
    if word in {"let", "var", "const", "double", "float", "return"}:
        return without_last(place)
    if word in {"lambda", "function"}:
        colon = _word_of(place, ":") or _word_of(place, "->")
        return one((place.last_start, place.ahead[colon][2], "")) if colon else ()
    then, otherwise = _word_of(place, "then"), _word_of(place, "else")
    if word != "if" or not 0 < then < otherwise:
        return ()
    condition, first = place.here.to(then), Right(place, then + 1).to(otherwise)
    second = Right(place, otherwise + 1).to(place.forth(otherwise + 1, CELLS))
    fixes = _choice(place, condition, first, second)
    return tuple([*edits, (place.last_start, place.at, "")] for edits in fixes)


def _has_left(place: Place) -> bool:
    """Say whether a number stands before the last word, which was read as a factor of it."""
    return len(place.before) > 1 and place.before[-2][0] == "NUMBER"


BESIDE = STARTS | WORDS
FOREIGN = (
    Pattern(
        "a word of another language", "x if x > 0 else 0",
        "'{foreign}' is not a word of the language", "{advice}",
        instead="where(x > 0, x, 0)", after=VALUES, at={"NAME"}, when=_at(_is_foreign),
        fill=lambda place: _told(place.word), fix=lambda place: _infix(place, place.word, place.left, 1),
    ),
    Pattern(
        "an operator in upper case", "a AND b",
        "'{foreign}' is written in lower case", "write {lower}",
        instead="a and b", after=VALUES, at={"NAME"}, when=_at(_upper),
        fill=lambda place: _told(place.word),
        fix=lambda place: one((place.at, place.end, place.word.lower())),
    ),
    Pattern(
        "a statement of another language", "let x = 3",
        "'{foreign}' is not a word of the language", "{advice}",
        instead="x = 3", after={"NAME"}, at=BESIDE | {"LPAR"}, when=_before(_is_foreign),
        span=last, fill=lambda place: _told(place.last_word), fix=_prefix,
    ),
    Pattern(
        "a negation in upper case", "NOT b",
        "'{foreign}' is written in lower case", "write {lower}",
        instead="not b", after={"NAME"}, at=BESIDE, when=_before(_upper), span=last,
        fill=lambda place: _told(place.last_word),
        fix=lambda place: one((place.last_start, place.last_end, place.last_word.lower())),
    ),
    Pattern(
        "a function between its arguments", "a mod b",
        "'{word}' is a function, not an operator", "write {word}({left.term}, {right.factor})",
        instead="mod(a, b)", after=VALUES, at={"NAME"}, then=STARTS - {"LPAR"},
        when=lambda place: _is_binary(place.word),
        fix=lambda place: _infix(place, place.word, place.left, 1),
    ),
    Pattern(
        "a function between a number and its other argument", "7 mod b",
        "'{last_word}' is a function, not an operator",
        "write {last_word}({earlier.term}, {here.factor})",
        instead="mod(7, b)", after={"NAME"}, at=STARTS - {"LPAR"}, span=last,
        when=lambda place: _has_left(place) and _is_binary(place.last_word),
        fix=lambda place: _infix(place, place.last_word, place.earlier, 0),
    ),
)  # fmt: skip
