"""What a name without a value may be made of: a call, a product, a power, an element."""

from __future__ import annotations

from itertools import pairwise

from backpropcli.graph.operations import CONSTANTS, NAMES
from backpropcli.language.names import DIGITS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

SHORT = 40
"""A name of more characters is not looked at."""
SUMS = {"Σ": "sum", "Π": "prod"}
"""Letters that stand for a sum and a product, as ∑ and ∏ do."""


def made_of(name: str, bindings: Mapping[str, object]) -> str:
    """Return what a name is made of, as text; "" where it is a name as any other."""
    if len(name) > SHORT:
        return ""
    readings = (_call, _sum, _power, _letters, _times_constant, _two_names, _times_call)
    return next(filter(None, (reading(name, bindings) for reading in readings)), "")


def _call(name: str, bindings: Collection[str]) -> str:
    """Return the call of a name with a value, or of one letter: sinx, cosθ."""
    for size in range(len(name) - 1, 1, -1):
        function, rest = name[:size].translate(DIGITS), name[size:]
        row = NAMES.get(function)
        known = rest in bindings or rest in CONSTANTS or (len(rest) == 1 and rest.isalpha())
        if row and not row.infix and len(row.parameters) == 1 and known:
            return f"{function}({rest})"
    return ""


def _sum(name: str, bindings: Collection[str]) -> str:
    return f"{SUMS[name[0]]}({name[1:]})" if name[0] in SUMS and name[1:] in bindings else ""


def _power(name: str, _: object) -> str:
    """Return the power that a name with raised letters at its end is: eˣ is e^x."""
    if name.isascii():
        return ""
    from unicodedata import decomposition, normalize

    base = name
    while base and decomposition(base[-1]).startswith("<super>"):
        base = base[:-1]
    return "" if base == name else f"{base}^{normalize('NFKC', name[len(base) :])}"


def _letters(name: str, bindings: Mapping[str, object]) -> str:
    """Return the product of letters with values: xy."""
    if len(name) < 2 or any(char not in bindings for char in name):  # noqa: PLR2004 (several)
        return ""
    return _product([*name], bindings)


def _times_constant(name: str, bindings: Mapping[str, object]) -> str:
    for constant in ("pi", "π", "τ"):
        rest = name.removeprefix(constant)
        letter = len(rest) == 1 and rest.isalpha() and constant != "pi"
        if name.startswith(constant) and (rest in bindings or letter):
            return f"{constant}*{rest}"
        if name.startswith(constant) and (letters := _letters(rest, bindings)):
            return f"{constant}*{letters}"
    return ""


def _two_names(name: str, bindings: Mapping[str, object]) -> str:
    for size in range(1, len(name)):
        if name[:size] in bindings and name[size:] in bindings and not name[size].isdecimal():
            return _product([name[:size], name[size:]], bindings)
    return ""


def _times_call(name: str, bindings: Mapping[str, object]) -> str:
    """Return the product of a name with a value and a call, or e: xcosx, xe."""
    for size in range(1, len(name)):
        rest = "e" if name[size:] == "e" else _call(name[size:], bindings)
        if name[:size] in bindings and rest:
            return f"{name[:size]}*{rest}"
    return ""


def _product(names: Sequence[str], bindings: Mapping[str, object]) -> str:
    """Return a product of names: a matrix product where it is one of a matrix and an array."""
    axes = [len(_shape(bindings[name])) for name in names]
    signs = ["*" if not all(pair) or max(pair) == 1 else "@" for pair in pairwise(axes)]
    return names[0] + "".join([sign + name for sign, name in zip(signs, names[1:], strict=True)])


def _shape(value: object) -> Sequence[int]:
    """Return the shape of a value; that of a number is empty."""
    found: Sequence[int] = getattr(value, "shape", ())
    return found


def element(name: str, missing: Sequence[str], spare: Mapping[str, object]) -> str:
    """Return the element of an array in ``spare`` that a name with its number is: x_1 is x[0].

    The first is number 1, or 0 where that is missing too.
    """
    name = name.translate(DIGITS)
    stem = name.rstrip("0123456789")
    array, number = stem.removesuffix("_"), name[len(stem) :]
    shape = _shape(spare.get(array))
    at = int(number or -1) - (f"{stem}0" not in missing)
    return f"{array}[{at}]" if len(shape) == 1 and 0 <= at < shape[0] else ""
