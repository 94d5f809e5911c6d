"""Names before a parenthesis in LaTeX, which may be functions or factors: refused."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.foreign.latex.tokens import Error, Token

UPRIGHT = ("\\operatorname", "\\mathrm", "\\text", "\\mathop")
"""Commands that write the name of a function, if it has several letters."""
LIKE_FUNCTIONS = {"f", "g", "h", "sigma", "Gamma"}
"""Letters before a parenthesis that usually name a function."""
NO_EXPECTATIONS = "for a product write E \\cdot (...); there are no expectations"


def refuse_calls(text: str, before: Token, opener: str, error: Error) -> None:
    """Raise SourceError where the name ``before`` a parenthesis may be that of a function."""
    if opener == "[" and before.text == "E":
        raise error("'E[' may be an expectation or a product", before, NO_EXPECTATIONS)
    upright = text.startswith(UPRIGHT, before.start) and len(before.text) > 1
    if not upright and not (opener == "(" and before.text in LIKE_FUNCTIONS):
        return
    name = text[before.start : before.end]
    hint = f"for a product write {name} \\cdot (...); a function has to be written out"
    if before.text == "sigma":
        hint = (
            "for the sigmoid write \\operatorname{sigmoid}(...), for a product \\sigma \\cdot (...)"
        )
    raise error(f"'{name}(' may be a function or a product", before, hint)
