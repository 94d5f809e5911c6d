r"""LaTeX to text of the language: names are kept (\theta is theta, x_{12} is x_12), nothing is run.

An operator-precedence parser over the tokens of LaTeX. It has its own stacks: nothing recurses. In
mathematics letters side by side are a product, so ``xy`` is x*y, and a function without
parentheses takes the product that follows it: ``\cos \omega t``.
"""

from __future__ import annotations

import re  # noqa: TID253 (the module is loaded for a mistake only)

from backpropcli.language.foreign.latex.reader import Reader


def read(text: str, origin: str = "") -> str:
    """Return the expression that LaTeX writes, as text of the language.

    Raises SourceError for what is no LaTeX, or has no meaning here.
    """
    return Reader(text, origin).read()


def is_latex(text: str) -> bool:
    """Say whether a text has a command or a sign of LaTeX, or a raised group in braces."""
    return bool(re.search(r"\\[A-Za-z]{2,}|[_^]\s*\{|\\[({\[|,]", text))
