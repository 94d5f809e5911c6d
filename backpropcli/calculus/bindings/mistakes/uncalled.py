"""Functions whose argument has no parentheses: f -x, f[x], exp^x."""

from __future__ import annotations

from itertools import accumulate, pairwise

from backpropcli.language.scanner import solid, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.errors import Edit
    from backpropcli.language.program import Program


def parenthesized(program: Program, name: str) -> list[Edit]:
    """Return the edits that call a function at each use of its name; none where it is not sure."""
    called = _signed(program, name) or _indexed(program, name)
    return called or (_power(program) if name == "exp" else [])


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
    words = solid(program.source)
    found: list[Edit] = []
    for (kind, start, end), after in pairwise([*words, ("", 0, 0)]):
        if kind == "NAME" and program.source[start:end] == "exp":
            if after[0] != "_POWER":
                return []
            found.append((start, end, "e"))
    return found
