"""Names and numbers in LaTeX's math mode."""

from __future__ import annotations

from backpropcli.language.names import SUBSCRIPTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ANY, OR, AND, NOT, COMPARED, ADDED, MULTIPLIED, FACTOR, RAISED, ATOM = range(10)
"""How tightly a formula binds: the places in ``row.LEVELS``."""
CONSTANTS = {"pi": r"\pi", "e": "e", "tau": r"\tau", "inf": r"\infty", "nan": r"\text{nan}"}
LETTERS_OF_GREEK = "αβγδϵεζηθϑικλμνξπϖρϱσςτυϕφχψωΓΔΘΛΞΠΣΥΦΨΩ"
NAMES_OF_GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi"
    " pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega"
    " Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
)
GREEK = dict(zip(LETTERS_OF_GREEK, NAMES_OF_GREEK.split(), strict=True))
BACKSLASH = "\\"
SPELLED = (
    {"_": r"\_"}
    | {letter: f"\\{name} " for letter, name in GREEK.items()}
    | {char: f"{{}}_{{{digit}}}" for digit, char in enumerate(SUBSCRIPTS)}
)
TYPED = {
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "…": r"\ldots{}",
    **{char: f"${text}$" for char, text in {"·": r"\cdot", "−": "-", "√": r"\surd"}.items()},
    **{char: f"${text}$" for char, text in {"×": r"\times", "÷": r"\div"}.items()},
    **{char: f"$^{digit}$" for char, digit in {"²": 2, "³": 3}.items()},
    **{letter: f"$\\{name}$" for letter, name in GREEK.items()},
    **{char: f"$_{digit}$" for digit, char in enumerate(SUBSCRIPTS)},
}


def symbol(name: str) -> str:
    r"""Return a variable's name as books write it: ``x``, ``w_1``, ``x_{12}``, ``\theta``.

    Names that look alike, as w1, w_1 and w₁, have one symbol: where they may stand together, use
    ``symbols``.
    """
    if name == "pi":  # a variable that must not look like the constant
        return _spelled(name)
    head = name.rstrip(SUBSCRIPTS)
    if head != name and head.isalpha():
        digits = "".join(str(SUBSCRIPTS.index(char)) for char in name[len(head) :])
        return _word(head) + _lowered(digits)
    head, line, tail = name.partition("_")
    if not line:
        head = name.rstrip("0123456789")
        tail = name[len(head) :]
    if not head.isalpha() or (line and not tail.isalnum()):
        return _spelled(name)
    if not tail:
        return _word(head)
    if tail.isascii() and tail.isdigit():
        return _word(head) + _lowered(tail)
    return _word(head) + _lowered(_word(tail, "text"))


def _lowered(text: str) -> str:
    """Return a subscript."""
    return (
        f"_{text}" if len(text) == 1 or (text[0] == "\\" and text[1:].isalpha()) else f"_{{{text}}}"
    )


def symbols(names: Iterable[str]) -> dict[str, str]:
    """Return the symbols of names that stand together, so that no two look the same."""
    found: dict[str, str] = {}
    looks = set()
    for name in sorted(dict.fromkeys(names), key=max, reverse=True):
        text = symbol(name)
        found[name] = _spelled(name) if look(text) in looks else text
        looks.add(look(text))
    return found


def looks(given: Mapping[str, str]) -> set[str]:
    """Return what of each symbol is seen on the page."""
    return {look(text) for text in given.values()}


def look(text: str) -> str:
    """Return what of a symbol is seen on the page."""
    return text.replace("{", "").replace("}", "")


def _word(name: str, style: str = "mathit") -> str:
    """Return a name without a subscript, or a subscript."""
    if name in GREEK.values():
        return f"\\{name}"
    if len(name) == 1 and name.isascii():
        return name
    return f"\\{GREEK[name]}" if name in GREEK else _spelled(name, style)


def _spelled(name: str, style: str = "mathit") -> str:
    """Return a name letter by letter."""
    if name.isascii():
        return f"\\{style}{{{_letters(name)}}}"
    if SPELLED.keys().isdisjoint(name):
        return f"\\text{{{name}}}"
    return f"\\mathit{{{_letters(name)}}}"


def _letters(name: str) -> str:
    """Return the letters of a name, of any scripts, for math mode."""
    return "".join(SPELLED.get(c, c if c.isascii() else f"\\text{{{c}}}") for c in name)


def operator(name: str) -> str:
    """Return the head of a function that has no notation of its own."""
    return f"\\operatorname{{{_letters(name)}}}"


def slope(of: str, by: str, *, single: bool = False) -> str:
    """Return the derivative of one symbol by another: partial, or by a ``single`` variable."""
    if single:
        over, under = (f" {one}" if one.startswith(BACKSLASH) else one for one in (of, by))
        return rf"\frac{{d{over}}}{{d{under}}}"
    return rf"\frac{{\partial{of and ' ' + of}}}{{\partial {by}}}"


def words(text: str) -> str:
    """Return a piece of a program as it is typed."""
    return f"\\texttt{{{''.join(TYPED.get(char, char) for char in text)}}}"


def numeral(text: str) -> str:
    """Return a number, as it is printed or typed, in LaTeX."""
    sign = "-" if text.startswith("-") else ""
    plain = text.lower().replace("_", "").removeprefix("-").removesuffix(".0")
    mantissa, power, exponent = plain.partition("e")
    mantissa = f"0{mantissa}" if mantissa.startswith(".") else mantissa.removesuffix(".")
    if power:
        return rf"{sign}{mantissa}\cdot10^{{{int(exponent)}}}"
    return sign + CONSTANTS.get(mantissa, mantissa)
