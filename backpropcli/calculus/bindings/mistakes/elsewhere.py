"""Names that are signs elsewhere: the constant Pi, the suffix of 2.5f, x^T, dy/dx."""

from __future__ import annotations

from itertools import pairwise

from backpropcli.calculus.bindings.mistakes.made import made_of
from backpropcli.language.names import DEGREES
from backpropcli.language.scanner import solid, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropcli.errors import Edit
    from backpropcli.language.program import Program

    Rewritten = tuple[str, list[str], list[Edit]]
    """What is said, the names that are settled, and the edits."""

CALLED = {
    **dict.fromkeys(("Pi", "PI"), "pi"),
    **dict.fromkeys(("Infinity", "infinity", "INF", "Inf"), "inf"),
    **dict.fromkeys(("NaN", "NAN"), "nan"),
    **dict.fromkeys(("True", "true"), "1"),
    **dict.fromkeys(("False", "false"), "0"),
}
"""What constants are called elsewhere."""
SUFFIXES = {"f", "l", "u", "ul", "ll", "ull"}
"""Letters right behind the digits of a number in other languages, small or not."""
POWERS_OF_TEN = (["_MINUS", "NUMBER"], ["PLUS", "NUMBER"])


def meant_elsewhere(program: Program, name: str, missing: Sequence[str]) -> str:
    """Return what is to be known of a name that is a sign elsewhere; "" for any other."""
    source = program.source
    if name == "T" and "^T" in source:
        return "if ^T is a transpose: write .T, as in A.T"
    if name == "end" and "[" in source:
        return "the last element is the one at -1, as in x[-1]"
    if name in {"i", "j"} and _after_number(program, name):
        return f"if {name} is the imaginary unit: there are no complex numbers"
    if "d" in missing and name != "d" and name.startswith("d") and f"d/{name}" in source:
        told = "write an expression alone, and its gradient is what you get"
        return f"if d/{name} is a derivative: {told}"
    return ""


def constant(program: Program, name: str) -> str:
    """Return the constant that ``name`` is elsewhere: Pi and PI, and E as the base of a power."""
    if name == "E":
        words = solid(program.source)
        after = [
            following[0]
            for (_, start, end), following in pairwise([*words, ("", 0, 0)])
            if program.source[start:end] == name
        ]
        return "e" if {*after} == {"_POWER"} else ""
    if name in DEGREES and _after_number(program, name):
        return "pi/180"
    return CALLED.get(name, "")


def transposed(program: Program, name: str, bindings: Mapping[str, object]) -> Rewritten | None:
    """Return what is written for w^Tx, and for w^T where no * follows: that may be either."""
    source, rest = program.source, name.removeprefix("T")
    factor = rest if rest in bindings else made_of(rest, bindings) if rest else ""
    if rest == name or bool(rest) != bool(factor):
        return None
    new, found = f".T@{factor}" if factor else ".T", []
    words = [("", 0, 0), *solid(program.source), ("", 0, 0)]
    for (kind, start, _), (_, first, end), after in zip(words, words[1:], words[2:], strict=False):
        if source[first:end] == name:
            if kind != "_POWER" or (not factor and after[0] == "_TIMES"):
                return None
            found.append((start, end, new))
    return f"if ^T is a transpose: write {new}; if not, give {name} a value", [name], found


def suffixed(program: Program, name: str) -> Rewritten | None:
    """Return what is written for the number 2.5f, or 1.6D-19; None for a name that is none."""
    power = name[0] in "dD" and (name[1:].isdecimal() or len(name) == 1)
    if not ((power or name.lower() in SUFFIXES) and _behind_digits(program, name)):
        return None
    new = f"e{name[1:]}" if power else ""
    told = "a power of ten is written 1.6e-19" if power else "leave it out"
    source = program.source
    found = [(at, end, new) for _, at, end in tokens(source) if source[at:end] == name]
    said = f"if {name} is the suffix of a number: {told}; if not, give {name} a value"
    return said, [name], found


def leibniz(program: Program, name: str) -> Rewritten | None:
    """Return what is written for dy/dx, which names it settles, and the edit; None for others."""
    words = solid(program.source)
    source = program.source
    for (_, start, end), (over, _, _), (_, first, last) in zip(
        words, words[1:], words[2:], strict=False
    ):
        above, below = source[start:end], source[first:last]
        if above == name and over == "_OVER" and above[:1] == below[:1] == "d" != above != below:
            if below == "d" or above[1:] not in {source[a:b] for _, a, b in words}:
                return None
            written = f"diff({above[1:]}, {below[1:]})"
            return f"a derivative is written {written}", [above, below], [(start, last, written)]
    return None


def _after_number(program: Program, name: str) -> bool:
    """Say whether a name stands behind a number: 3 + 4j, 60 deg."""
    words = solid(program.source)
    return any(
        kind == "NAME" and program.source[start:end] == name and words[index - 1][0] == "NUMBER"
        for index, (kind, start, end) in enumerate(words)
        if index
    )


def _behind_digits(program: Program, name: str) -> bool:
    """Say whether each use of a name is right behind a number: 2.5f, and in 1.6D-19 before one."""
    words = tokens(program.source)
    found = [at for at, (_, start, end) in enumerate(words) if program.source[start:end] == name]
    letter = name in {"d", "D"}
    return bool(found) and all(
        at
        and words[at - 1][0] == "NUMBER"
        and (not letter or [kind for kind, *_ in words[at + 1 : at + 3]] in POWERS_OF_TEN)
        for at in found
    )
