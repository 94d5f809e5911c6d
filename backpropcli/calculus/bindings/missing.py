"""Variables without a value: what to fill in, and what may have been meant by their names."""

from __future__ import annotations

from itertools import accumulate, pairwise

from backpropcli.calculus.bindings.made import element, made_of
from backpropcli.errors import SourceError, closest
from backpropcli.graph.operations import NAMES
from backpropcli.language.mistakes.templates import variables_in
from backpropcli.language.names import DEGREES
from backpropcli.language.scanner import tokens

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
SUFFIXES = {
    **dict.fromkeys("fFlLuU", "leave it out"),
    **dict.fromkeys("dD", "a power of ten is written 1.6e-19"),
}
"""Letters right behind the digits of a number in other languages."""
POWERS_OF_TEN = (["_MINUS", "NUMBER"], ["PLUS", "NUMBER"])
CYRILLIC = str.maketrans("асеорхуіјАВЕКМНОРСТХ", "aceopxyijABEKMHOPCTX")
"""Letters that look like those of the Latin alphabet."""


def unbound(program: Program, missing: list[str], bindings: Mapping[str, object]) -> SourceError:
    """Return the error for variables without a value, all at once, with what to type.

    Of ``bindings`` the names count, and the shapes of arrays.
    """
    number = program.variables[missing[0]]
    names = ", ".join(missing)
    error = SourceError(
        f"no value for the variable{'s' if len(missing) > 1 else ''} {names}",
        program.source,
        program.starts[number],
        program.ends[number],
        "",
        program.origin,
    )
    hints = []
    spare = [name for name in bindings if name not in program.variables]
    for name in spare:
        free = [one for one in missing if one not in error.renamed.values()]
        greek = next((one for one in free if _alike(one) == _alike(name)), "")
        meant = greek or closest(name, free)
        if meant:
            error.renamed[name] = meant
            hints.append(_said(name, meant))
    error.missing = [name for name in missing if name not in error.renamed.values()]
    edits: list[Edit] = []
    apart: list[Edit] = []
    for name in list(error.missing):
        meant = _constant(program, name) or made_of(name, bindings)
        meant = meant or element(name, missing, {one: bindings[one] for one in spare})
        if meant:
            error.missing.remove(name)
            error.missing += [
                part for part in variables_in(meant) if part not in {*bindings, *error.missing}
            ]
            edits += _written(program, name, meant)
            apart += [(start, end, meant) for start, end, _ in _written(program, name, meant)]
            hints.append(f"did you mean {meant}? if not, give {name} a value")
        elif name in NAMES and not NAMES[name].infix:
            hints.append(f"{name} is a function: its argument needs parentheses")
            called = _signed(program, name) or _indexed(program, name)
            called = called or (_power(program) if name == "exp" else [])
            if called:
                error.missing.remove(name)
                edits += called
                apart += called
        elif rewritten := _transposed(program, name, bindings) or _leibniz(program, name):
            said, settled, found = rewritten
            hints.append(said)
            error.missing = [one for one in error.missing if one not in settled]
            edits += found
            apart += found
        elif told := _elsewhere(program, name, missing):
            hints.append(told)
    error.fixes = () if not edits else (edits,) if edits == apart else (apart, edits)
    fill = f"fill in {' '.join(f'{name}=...' for name in error.missing)}"
    error.hint = "\n".join([*dict.fromkeys(hints), *[fill] * bool(error.missing)])
    return error


def _alike(name: str) -> str:
    """Return what names have in common that look, or are read, alike: α and alpha, x1 and x_1."""
    return _in_latin(name.translate(CYRILLIC)).replace("_", "") or name


def _said(name: str, meant: str) -> str:
    """Return that a name is given, and another one may be meant."""
    if meant.lower() == name.lower():
        return f"{name} is given: upper and lower case differ"
    if not name.isascii() and meant.isascii() and len(name) == len(meant):
        from unicodedata import name as title  # noqa: PLC0415 (seldom)

        char = next(char for char in name if not char.isascii())
        return f"{name} is given, with another letter than it looks like ({title(char, '')})"
    return f"{name} is given; did you mean {meant}?"


def _elsewhere(program: Program, name: str, missing: Sequence[str]) -> str:
    """Return what is to be known of a name that is a sign elsewhere; "" for any other."""
    source = program.source
    if name == "T" and "^T" in source:
        return "if ^T is a transpose: write .T, as in A.T"
    if name == "end" and "[" in source:
        return "the last element is the one at -1, as in x[-1]"
    if name in SUFFIXES and _behind_digits(program, name):
        return f"if {name} is the suffix of a number: {SUFFIXES[name]}"
    if name in {"i", "j"} and _after_number(program, name):
        return f"if {name} is the imaginary unit: there are no complex numbers"
    if "d" in missing and name != "d" and name.startswith("d") and f"d/{name}" in source:
        told = "write an expression alone, and its gradient is what you get"
        return f"if d/{name} is a derivative: {told}"
    return ""


def _in_latin(name: str) -> str:
    """Return a name with its Greek letters spelled out: α is alpha."""
    if name.isascii():
        return name
    from unicodedata import name as title  # noqa: PLC0415 (seldom)

    letters = []
    for char in name:
        greek, _, letter = title(char, "").partition(" LETTER ")
        small, word = greek == "GREEK SMALL", letter.lower().replace("lamda", "lambda")
        spelled = greek.startswith("GREEK") and letter.isalpha()
        letters.append((word if small else word.title()) if spelled else char)
    return "".join(letters)


def _constant(program: Program, name: str) -> str:
    """Return the constant that ``name`` is elsewhere: Pi and PI, and E as the base of a power."""
    if name == "E":
        words = _solid(program)
        after = [
            following[0]
            for (_, start, end), following in pairwise([*words, ("", 0, 0)])
            if program.source[start:end] == name
        ]
        return "e" if {*after} == {"_POWER"} else ""
    if name in DEGREES and _after_number(program, name):
        return "pi/180"
    return CALLED.get(name, "")


def _transposed(program: Program, name: str, bindings: Mapping[str, object]) -> Rewritten | None:
    """Return what is written for w^Tx, and for w^T where no * follows: that may be either."""
    source, rest = program.source, name.removeprefix("T")
    factor = rest if rest in bindings else made_of(rest, bindings) if rest else ""
    if rest == name or bool(rest) != bool(factor):
        return None
    new, found = f".T@{factor}" if factor else ".T", []
    words = [("", 0, 0), *_solid(program), ("", 0, 0)]
    for (kind, start, _), (_, first, end), after in zip(words, words[1:], words[2:], strict=False):
        if source[first:end] == name:
            if kind != "_POWER" or (not factor and after[0] == "_TIMES"):
                return None
            found.append((start, end, new))
    return f"if ^T is a transpose: write {new}; if not, give {name} a value", [name], found


def _leibniz(program: Program, name: str) -> Rewritten | None:
    """Return what is written for dy/dx, which names it settles, and the edit; None for others."""
    words = _solid(program)
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


def _solid(program: Program) -> list[tuple[str, int, int]]:
    """Return the words of a program without blanks and comments."""
    return [word for word in tokens(program.source) if word[0] not in {"SPACE", "COMMENT"}]


def _written(program: Program, name: str, text: str) -> list[Edit]:
    """Return the edits that write ``text`` for each use of a name."""
    source, words = program.source, _solid(program)
    found: list[Edit] = []
    for index, (kind, start, end) in enumerate(words):
        if kind == "NAME" and source[start:end] == name:
            beside = {words[near][0] for near in (index - 1, index + 1) if 0 <= near < len(words)}
            tight = beside & {"_POWER", "_OVER", "_ROOT", "SUPERSCRIPT"}
            bare = text.isalpha() or "(" in text or "[" in text or not tight
            found.append((start, end, text if bare else f"({text})"))
    return found


def _signed(program: Program, name: str) -> list[Edit]:
    """Return the edits that write f(-x) for f -x: a blank before the sign, and none behind it."""
    words = tokens(program.source)
    found: list[Edit] = []
    for index, (kind, start, end) in enumerate(words[:-3]):
        if kind == "NAME" and program.source[start:end] == name:
            kinds = [word[0] for word in words[index + 1 : index + 4]]
            if kinds[:2] != ["SPACE", "_MINUS"] or kinds[2] not in {"NAME", "NUMBER"}:
                return []
            last = _factor_end(words, index + 3)
            if last < 0:
                return []
            found += [(end, words[index + 2][1], "("), (last, last, ")")]
    return found


def _factor_end(words: Sequence[tuple[str, int, int]], at: int) -> int:
    """Return where a power ends that begins with word ``at``, a name or a number.

    It is -1 where more than names and numbers stand in it.
    """
    if words[at][0] == "NUMBER" and words[at + 1 : at + 2] and words[at + 1][0] == "NAME":
        at += 1  # 2x
    end = words[at][2]
    for (sign, _, _), (kind, _, last) in zip(words[at + 1 :: 2], words[at + 2 :: 2], strict=False):
        if sign != "_POWER":
            break
        if kind not in {"NAME", "NUMBER"}:
            return -1
        end = last
    after = next((word for word in words if word[1] >= end), ("", 0, 0))
    if after[0] == "SUPERSCRIPT":
        return after[2]
    return -1 if after[0] in {"_POWER", "LPAR", "LSQB", "NAME"} and after[1] == end else end


def _indexed(program: Program, name: str) -> list[Edit]:
    """Return the edits that write f(x) for f[x]."""
    words = tokens(program.source)
    found: list[Edit] = []
    for index, (kind, start, end) in enumerate(words, 1):
        if kind == "NAME" and program.source[start:end] == name:
            depths = accumulate([(one == "LSQB") - (one == "RSQB") for one, _, _ in words[index:]])
            close = next((at for at, depth in enumerate(depths, index) if depth == 0), index)
            if close == index:
                return []
            found += [(end, end + 1, "("), (*words[close][1:], ")")]
    return found


def _power(program: Program) -> list[Edit]:
    """Return the edits that write e^x for exp^x."""
    words = _solid(program)
    found: list[Edit] = []
    for (kind, start, end), after in pairwise([*words, ("", 0, 0)]):
        if kind == "NAME" and program.source[start:end] == "exp":
            if after[0] != "_POWER":
                return []
            found.append((start, end, "e"))
    return found


def _after_number(program: Program, name: str) -> bool:
    """Say whether a name stands behind a number: 3 + 4j, 60 deg."""
    words = _solid(program)
    return any(
        kind == "NAME" and program.source[start:end] == name and words[index - 1][0] == "NUMBER"
        for index, (kind, start, end) in enumerate(words)
        if index
    )


def _behind_digits(program: Program, name: str) -> bool:
    """Say whether each use of a name is right behind a number: 2.5f, and in 1.6D-19 before one."""
    words = tokens(program.source)
    found = [at for at, (_, start, end) in enumerate(words) if program.source[start:end] == name]
    letter = name in "dD"
    return bool(found) and all(
        at
        and words[at - 1][0] == "NUMBER"
        and (not letter or [kind for kind, *_ in words[at + 1 : at + 3]] in POWERS_OF_TEN)
        for at in found
    )
