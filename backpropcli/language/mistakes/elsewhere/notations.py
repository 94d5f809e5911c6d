"""Whole texts in another notation: LaTeX, Mathematica and spreadsheets, with their translation."""

from __future__ import annotations

from backpropcli.errors import SourceError, columns
from backpropcli.language.mistakes.slip import Slip
from backpropcli.language.mistakes.source.text import WIDE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.builder.expressions import Expressions
    from backpropcli.language.mistakes.fixes import Fixes

LONGEST = 2000
"""Characters of the longest text that is translated."""
D = r"\s*(?:d|\\partial|\\mathrm\{d\})\s*"
DERIVATIVE = rf"\s*\\[dt]?frac\s*\{{{D}\}}\s*\{{{D}(?:\\[A-Za-z]+|[A-Za-z])\s*\}}"
"""What stands before the expression that is differentiated."""
LATEX = Slip(
    "LaTeX", "\\frac{1}{1 + e^{-x}}",
    "this is LaTeX", "--from latex reads it as {written}",
    general="--from latex reads it", instead="1/(1 + e^(-x))",
)  # fmt: skip
LATEX_WITHOUT_MEANING = Slip(
    "LaTeX that has no meaning here", "\\int_0^1 x",
    "this is LaTeX, and {message}", "{hint}",
)  # fmt: skip
MATHEMATICA = Slip(
    "Mathematica", "Sin[x]^2",
    "this is Mathematica: here calls have round parentheses, and functions lower-case names",
    "write {written}",
    general="write calls as in sin(x)", instead="sin(x)^2",
)  # fmt: skip
FORMULA = Slip(
    "a formula of a spreadsheet", "=SIN(A1)^2",
    "this is a formula of a spreadsheet", "write {written}",
    general="its signs, powers and functions are others there; here it is:", instead="sin(A1)^2",
)  # fmt: skip
FORMULA_NOT_READ = Slip(
    "a formula of a spreadsheet that has no meaning here", "=A1&B1",
    "this is a formula of a spreadsheet", "{advice}",
)  # fmt: skip


def notation(builder: Expressions, at: int) -> SourceError | None:
    """Return the error for a text in another notation; None if it is in none that is known."""
    text = builder.source
    if len(text) <= LONGEST and text.lstrip().startswith("="):
        return _formula(builder)
    if len(text) > LONGEST or not ("\\" in text or "{" in text or "[" in text):
        return None
    from backpropcli.language.foreign import latex, mathematica

    if not latex.is_latex(text):
        return mathematica_call(builder) if mathematica.is_mathematica(text) else None
    try:
        written = latex.read(text)
    except SourceError as refused:
        if "\\" not in text and "\\" in refused.hint:  # no LaTeX but for its braces
            return None
        fills = {"message": refused.message, "hint": refused.hint}
        fixes = _differentiated(text)
        return LATEX_WITHOUT_MEANING.error(builder, refused.start, refused.end, fixes, **fills)
    return _translated(LATEX, builder, at, _end(text, at), written)


def _formula(builder: Expressions) -> SourceError | None:
    """Return the error for a formula of a spreadsheet; None for what is none."""
    from backpropcli.language.foreign import excel

    text = builder.source
    if not excel.is_formula(text):
        return None
    try:
        written = excel.read(text)
    except excel.RefusedError as refused:
        advice = refused.advice or "write it in the language itself"
        return FORMULA_NOT_READ.error(builder, refused.start, refused.end, advice=advice)
    start = text.index("=")
    return _translated(FORMULA, builder, start, start + 1, written)


def mathematica_call(builder: Expressions) -> SourceError:
    """Return the error for a text with a call such as Sin[x]."""
    from backpropcli.language.foreign import mathematica

    text = builder.source
    found = mathematica.CALL.search(text)
    assert found is not None  # noqa: S101 (for mypy: there is a call)
    return _translated(MATHEMATICA, builder, *found.span(), mathematica.read(text))


def _translated(
    slip: Slip, builder: Expressions, start: int, end: int, written: str
) -> SourceError:
    """Return an error with what a whole text is in the language, so far as that can be read."""
    fixes = ([(0, len(builder.source), written)],)
    error = slip.error(builder, start, end, fixes, written=written)
    texts, left = builder.readable(written)
    if left and not texts:
        advised = left.kind == "a function that is not there yet"
        error.hint = left.hint if advised else "write calls as in sin(x), and products as in 2*x"
        error.fixes = ()
    elif written not in texts:  # it had a mistake of its own
        shown = " or ".join(texts)
        error.hint = f"write {shown}" if columns(shown) <= WIDE else "this is what it means here:"
    return error


def _differentiated(text: str) -> Fixes:
    r"""Write what is behind \frac{d}{dx} alone, where that stands before all of a text."""
    import re

    from backpropcli.language.foreign import latex

    before = re.match(DERIVATIVE, text)
    if before is None:
        return ()
    try:
        return ([(0, len(text), latex.read(text[before.end() :]))],)
    except SourceError:
        return ()


def _end(text: str, at: int) -> int:
    """Return where the command ends that begins at ``at``."""
    end = at + 1
    while end < len(text) and text[end].isalpha():
        end += 1
    return end
