"""Monte Carlo arithmetic: floats whose results move at random, as far as a precision rounds.

Parker, "Monte Carlo Arithmetic", UCLA 1997; Parker, Pierce and Eggert, Computing in Science and
Engineering 2(4), 2000. The spread of what a program comes to says what rounding explains.
"""

from __future__ import annotations

from functools import reduce
from math import sqrt
from operator import and_
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.arrays import linear
from backpropcli.arithmetics.arrays.arrays import Arrays
from backpropcli.arithmetics.arrays.floats import ELEMENTWISE, INNER, RULES, SCOPE
from backpropcli.arithmetics.arrays.partials import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.graph.row import Row

    Value = Any

EXACT = {
    *("neg", "abs", "max", "min", "clip", "where", "given", "copysign", "name", "result", "sg"),
    *("relu", "relu6", "hardtanh", "hardshrink", "quiet", "void", "ties"),
}
"""Operations element by element that round nothing; those that are locally constant do not either.
"""
SUMS = {
    *("sum", "prod", "lse", "norm", "std", "softmax", "log_softmax", "cumsum", "others", "trace"),
    *("matmul", "outer", "cross", "kron", "einsum", "unwindows", "untile", "unrepeat", "gathered"),
    *("det", "logdet", "cofactors", "inv", "solve", "cholesky", "solve_triangular"),
}
"""Operations on whole arrays that round; the others move elements."""
SQUARE = {"det", "logdet", "cofactors", "inv", "solve", "cholesky", "solve_triangular", "matmul"}
"""Those whose sums are as long as the first input's last axis."""
PRODUCTS = {"matmul", "outer", "kron", "einsum", "prod", "others"}
"""Those that are sums of products, each of which may underflow."""


class Perturbed(Arrays):
    """The arithmetic of arrays of doubles whose results move by up to ``unit`` of themselves.

    ``tiny`` is the least number there is, by which a 0 moves that is no 0 but underflowed;
    ``terms`` are those of the longest sum, and ``largest`` is the largest number, that were met.
    """

    def __init__(self) -> None:
        super().__init__(floats, ELEMENTWISE, linear.WORDS, RULES, INNER, SCOPE)
        self.__name__ = "perturbed floats"
        self.WORDS = {
            name: self._summing(name, function)
            if name in SUMS
            else self._moving(function)
            if name == "mul"
            else self._adding(function)
            if name in {"add", "sub"}
            else function
            for name, function in self.WORDS.items()
        }
        self.begin(0.0, 0.0, 0)

    def begin(self, unit: float, tiny: float, seed: int) -> None:
        """Take a precision, and start anew."""
        self.unit, self.tiny = unit, tiny
        self.random = np.random.default_rng(seed)
        self.terms, self.largest = 1.0, 0.0

    def moved(self, value: Value, by: float = 1.0) -> Value:
        """Return a value moved by up to ``by`` units of itself; a 0 stays one."""
        if isinstance(value, np.ndarray):
            if not value.size or value.dtype != float:
                return value
            found = self._shares(value.shape)
            found *= self.unit * by
            found *= value
            found += value
            sizes = np.abs(found)
            self.largest = max(self.largest, float(sizes.max()))
            if self.tiny and sizes.min() < self.tiny / self.unit:
                found += np.sign(value) * self.tiny * self._shares(value.shape)
            return found
        if not isinstance(value, float) or value == 0:
            return value
        found = value + value * self.unit * by * float(self._shares(()))
        if self.tiny and abs(found) < self.tiny / self.unit:
            found += self.tiny * float(self._shares(()))
        self.largest = max(self.largest, abs(found))
        return found

    def _shares(self, shape: tuple[int, ...]) -> Value:
        """Return random numbers from -1 to 1."""
        found = self.random.random(shape, dtype=np.float32)
        return np.asarray(found, dtype=float) * 2.0 - 1.0

    def _adding(self, word: Callable[..., Value]) -> Callable[..., Value]:
        """Return a word that never underflows to 0."""
        return lambda *inputs, **static: self.moved(word(*inputs, **static))

    def _moving(self, word: Callable[..., Value]) -> Callable[..., Value]:
        def found(*inputs: Value, **static: Any) -> Value:  # noqa: ANN401 (what is static)
            out = word(*inputs, **static)
            if self._may_underflow(out):
                out = self._raised(out, reduce(and_, map(_nonzero, inputs)))
            return self.moved(out)

        return found

    def _may_underflow(self, value: Value) -> bool:
        return bool(self.tiny) and not np.all(value)

    def _raised(self, value: Value, nonzero: Value) -> Value:
        """Return a value that is not 0 where it is of what is ``nonzero``: a least number."""
        lost = np.equal(value, 0) & nonzero
        if isinstance(value, np.ndarray):
            return np.where(lost, self.tiny * np.sign(self._shares(value.shape)), value)
        return float(self.tiny * np.sign(self._shares(()))) if lost else value

    def _summing(self, name: str, word: Callable[..., Value]) -> Callable[..., Value]:
        """Return a word whose terms move too: by more, the more there are."""

        def found(*inputs: Value, **static: Any) -> Value:  # noqa: ANN401 (what is static)
            out = word(*inputs, **static)
            size = max([np.size(one) for one in inputs])
            terms = np.shape(inputs[0])[-1] if name in SQUARE else size / max(1, np.size(out))
            out = word(*[self._terms(one, terms) for one in inputs], **static)
            if name in PRODUCTS and self._may_underflow(out):
                ones = [np.asarray(_nonzero(one), dtype=float) for one in inputs]
                out = self._raised(out, np.not_equal(word(*ones, **static), 0))
            return self.moved(out)

        return found

    def _terms(self, value: Value, terms: float) -> Value:
        self.terms = max(self.terms, terms)
        return self.moved(value, sqrt(terms)) if terms > 1 else value

    def _elementwise(self, row: Row) -> Callable[..., Value]:
        found = super()._elementwise(row)
        constant = not row.rules or all(rule.number == 0 for rule in row.rules)
        return found if row.name in EXACT or constant else self._moving(found)

    def mul(self, given: Value, partial: Value) -> Value:
        """Return what goes back along an edge; a sum over what was broadcast has terms."""
        part = super().mul(given, partial)
        if part is given:
            return part
        terms = np.size(plain(given)) / max(1, np.size(plain(part)))
        if terms > 1:
            part = super().mul(self._terms(plain(given), terms), partial)
        part = plain(part)
        if self._may_underflow(part):
            ones = np.asarray(_nonzero(plain(given)), dtype=float)[()]
            part = self._raised(part, _nonzero(plain(super().mul(ones, partial))))
        return self.moved(part)

    def add(self, one: Value, other: Value) -> Value:
        """Return the sum of what arrives by two ways."""
        return self.moved(plain(one) + plain(other))


def _nonzero(value: Value) -> Value:
    """Return where a value is a number other than 0."""
    return np.not_equal(value, 0) & np.isfinite(value)


PERTURBED = Perturbed()
