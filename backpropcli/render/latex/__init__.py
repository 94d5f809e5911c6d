"""Formulas, derivatives and whole derivations in LaTeX's math mode."""

from backpropcli.render.latex.derivatives import chain, derivatives
from backpropcli.render.latex.formulas import latex
from backpropcli.render.latex.steps import latex_steps
from backpropcli.render.latex.symbols import symbol, symbols

__all__ = ["chain", "derivatives", "latex", "latex_steps", "symbol", "symbols"]
