"""Variables without a value: what to fill in, and what may have been meant by their names."""

from __future__ import annotations

from backpropcli.calculus.bindings.mistakes.elsewhere import (
    constant,
    leibniz,
    meant_elsewhere,
    suffixed,
    transposed,
)
from backpropcli.calculus.bindings.mistakes.made import element, made_of
from backpropcli.calculus.bindings.mistakes.uncalled import parenthesized
from backpropcli.errors import SourceError
from backpropcli.graph.operations import NAMES
from backpropcli.language.mistakes.source.expressions import variables_in
from backpropcli.language.scanner import solid
from backpropcli.slips import closest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.errors import Edit
    from backpropcli.language.program import Program

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
        meant = constant(program, name) or made_of(name, bindings)
        meant = meant or element(name, missing, {one: bindings[one] for one in spare})
        found: list[Edit] = []
        if meant:
            error.missing.remove(name)
            error.missing += [
                part for part in variables_in(meant) if part not in {*bindings, *error.missing}
            ]
            written = _written(program, name, meant)
            edits += written
            apart += [(start, end, meant) for start, end, _ in written]
            hints.append(f"did you mean {meant}? if not, give {name} a value")
        elif name in NAMES and not NAMES[name].infix:
            hints.append(f"{name} is a function: its argument needs parentheses")
            if found := parenthesized(program, name):
                error.missing.remove(name)
        elif rewritten := (
            transposed(program, name, bindings) or leibniz(program, name) or suffixed(program, name)
        ):
            said, settled, found = rewritten
            hints.append(said)
            error.missing = [one for one in error.missing if one not in settled]
        elif told := meant_elsewhere(program, name, missing):
            hints.append(told)
        edits += found
        apart += found
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
        from unicodedata import name as title

        char = next(char for char in name if not char.isascii())
        return f"{name} is given, with another letter than it looks like ({title(char, '')})"
    return f"{name} is given; did you mean {meant}?"


def _in_latin(name: str) -> str:
    """Return a name with its Greek letters spelled out: α is alpha."""
    if name.isascii():
        return name
    from unicodedata import name as title

    letters = []
    for char in name:
        greek, _, letter = title(char, "").partition(" LETTER ")
        small, word = greek == "GREEK SMALL", letter.lower().replace("lamda", "lambda")
        spelled = greek.startswith("GREEK") and letter.isalpha()
        letters.append((word if small else word.title()) if spelled else char)
    return "".join(letters)


def _written(program: Program, name: str, text: str) -> list[Edit]:
    """Return the edits that write ``text`` for each use of a name."""
    source = program.source
    words = solid(source)
    found: list[Edit] = []
    for index, (kind, start, end) in enumerate(words):
        if kind == "NAME" and source[start:end] == name:
            beside = {words[near][0] for near in (index - 1, index + 1) if 0 <= near < len(words)}
            tight = beside & {"_POWER", "_OVER", "_ROOT", "SUPERSCRIPT"}
            bare = text.isalpha() or "(" in text or "[" in text or not tight
            found.append((start, end, text if bare else f"({text})"))
    return found
