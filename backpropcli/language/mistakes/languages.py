"""Words of other languages and libraries, and what they are called here."""

from __future__ import annotations

from backpropcli.graph.operations import NAMES
from backpropcli.language.mistakes.slip import Pattern, last
from backpropcli.language.mistakes.words import STARTS, VALUES, WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

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


def _takes_two(place: Place) -> bool:
    """Say whether the word at the mistake is a function of two arguments, used as an operator."""
    row = NAMES.get(place.word)
    return row is not None and len(row.parameters) == 2  # noqa: PLR2004 (a, b)


BESIDE = STARTS | WORDS
FOREIGN = (
    Pattern(
        "a word of another language", "x if x > 0 else 0",
        "'{foreign}' is not a word of the language", "{advice}",
        instead="where(x > 0, x, 0)", after=VALUES, at={"NAME"}, when=_at(_is_foreign),
        fill=lambda place: _told(place.word),
    ),
    Pattern(
        "an operator in upper case", "a AND b",
        "'{foreign}' is written in lower case", "write {lower}",
        instead="a and b", after=VALUES, at={"NAME"}, when=_at(_upper),
        fill=lambda place: _told(place.word),
    ),
    Pattern(
        "a statement of another language", "let x = 3",
        "'{foreign}' is not a word of the language", "{advice}",
        instead="x = 3", after={"NAME"}, at=BESIDE, when=_before(_is_foreign), span=last,
        fill=lambda place: _told(place.last_word),
    ),
    Pattern(
        "a negation in upper case", "NOT b",
        "'{foreign}' is written in lower case", "write {lower}",
        instead="not b", after={"NAME"}, at=BESIDE, when=_before(_upper), span=last,
        fill=lambda place: _told(place.last_word),
    ),
    Pattern(
        "a function between its arguments", "a mod b",
        "'{word}' is a function, not an operator", "write {word}({left.term}, {right.factor})",
        instead="mod(a, b)", after=VALUES, at={"NAME"}, then=STARTS - {"LPAR"}, when=_takes_two,
    ),
)  # fmt: skip
