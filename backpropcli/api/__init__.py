"""The library: each function takes a program and values, and returns what a command prints.

A program is a text of the language, or what ``parse`` returned. A value is a number (an int, a
float, a Fraction, ...), an array (nested lists, or what NumPy can look at: a tensor of PyTorch or
JAX too, and arrays are not copied), or a text with a constant expression, such as "2*pi/3". What is
computed with arrays is in double precision; in single, where all arrays of floats are. Values are
keyword arguments;
those whose names a function has for itself (``wrt``, ...) can stand in a mapping, the
second argument. Bad input raises BackpropError, with ``message``, ``hint`` and ``render()``.

Each mode is imported only when it is asked for; verdicts are in ``trust``.
"""

from backpropcli.api.derivatives import gradient, hessian, hvp, jacobian, jvp, taylor, value, vjp
from backpropcli.api.formulas import formula, shapes
from backpropcli.api.start import parse

__all__ = [
    "formula",
    "gradient",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "parse",
    "shapes",
    "taylor",
    "value",
    "vjp",
]
