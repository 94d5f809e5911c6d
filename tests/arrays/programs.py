"""Programs with arrays, at least one for each operation, and values for their variables.

A value is a number, nested lists of numbers, or a text that says how to draw one: "3x2" is a matrix
of 3 rows and 2 columns from the normal distribution, "4 positive" a vector of numbers from 0.5 to
2, and "3x3 definite" a symmetric matrix whose eigenvalues are at least 1.
"""

from __future__ import annotations

import numpy as np

PROGRAMS: tuple[tuple[str, dict[str, object]], ...] = (
    ("mean((X@w + b - y)^2)", {"X": "3x2", "w": "2", "b": 0.3, "y": "3"}),
    ("sum(x, axis=1)", {"x": "3x4"}),
    ("sum(x, axis=(0,-1), keepdims=True)", {"x": "2x3x4"}),
    ("prod(x)", {"x": "4"}),
    ("prod(x,axis=0)", {"x": "4x2"}),
    ("max(x)", {"x": "4x2"}),
    ("min(x,axis=1)", {"x": "4x2"}),
    ("logsumexp(x)", {"x": "4x2"}),
    ("logsumexp(x,axis=0,keepdims=True)", {"x": "4x2"}),
    ("norm(x)", {"x": "4x2"}),
    ("norm(x,ord=1,axis=1)", {"x": "4x2"}),
    ("norm(x,ord=inf)", {"x": "4x2"}),
    ("norm(x,ord=3)", {"x": "4x2"}),
    ("var(x)", {"x": "4"}),
    ("var(x,axis=0,ddof=1)", {"x": "4x3"}),
    ("std(x)", {"x": "4"}),
    ("std(x,axis=1,keepdims=True)*x", {"x": "4x3"}),
    ("softmax(x)", {"x": "4x3"}),
    ("softmax(x,axis=0)", {"x": "4x3"}),
    ("log_softmax(x)", {"x": "4x3"}),
    ("cumsum(x)", {"x": "4x3"}),
    ("cumsum(x,axis=0)", {"x": "4x3"}),
    ("cumprod(x)", {"x": "4x3"}),
    ("cumprod(x,axis=0)", {"x": "4x3"}),
    ("logcumsumexp(x)", {"x": "4x3"}),
    ("flip(x)*x", {"x": "4x3"}),
    ("flip(x,axis=1)*x", {"x": "4x3"}),
    ("roll(x,1)*x", {"x": "4"}),
    ("roll(x,2,axis=1)*x", {"x": "4x3"}),
    ("sort(x)*[1,2,3]", {"x": "4x3"}),
    ("topk(x,2)*[1,2]", {"x": "4x3"}),
    ("x@y", {"x": "3", "y": "3"}),
    ("A@y", {"A": "2x3", "y": "3"}),
    ("x@A", {"x": "2", "A": "2x3"}),
    ("A@B", {"A": "2x3", "B": "3x4"}),
    ("A@B", {"A": "5x2x3", "B": "3x4"}),
    ("A@B", {"A": "5x2x3", "B": "5x3x4"}),
    ("A@B", {"A": "2x3", "B": "5x3x4"}),
    ("A@y", {"A": "5x2x3", "y": "3"}),
    ("x@B", {"x": "3", "B": "5x3x4"}),
    ("A@B", {"A": "6x1x2x3", "B": "5x3x4"}),
    ("outer(x,y)", {"x": "3", "y": "2"}),
    ("cross(x,y)", {"x": "3", "y": "3"}),
    ("cross(x,y)", {"x": "4x3", "y": "3"}),
    ("kron(x,y)", {"x": "2x3", "y": "4x2"}),
    ('einsum("ij,jk->ik",x,y)', {"x": "2x3", "y": "3x2"}),
    ('einsum("ii->i",x)', {"x": "3x3"}),
    ('einsum("ij->j",x)', {"x": "3x3"}),
    ('einsum("ij,ij",x,y)', {"x": "3x3", "y": "3x3"}),
    ('einsum("bij,bjk,k->bi",x,y,z)', {"x": "2x3x4", "y": "2x4x2", "z": "2"}),
    ('einsum("ii",x)', {"x": "3x3"}),
    ('einsum("...ij,...jk->...ik",x,y)', {"x": "2x1x2x3", "y": "2x3x2"}),
    ('einsum("...i,i...->i",x,y)', {"x": "2x3", "y": "3x1"}),
    ("transpose(x,(2,0,1))*y", {"x": "2x3x4", "y": "4x2x3"}),
    ("x.T@x", {"x": "2x3"}),
    ("x.mT@x", {"x": "4x2x3"}),
    ("swapaxes(x,0,1)@y", {"x": "2x3", "y": "2"}),
    ("moveaxis(x,0,2)*y", {"x": "2x3x4", "y": "3x4x2"}),
    ("reshape(x,2,3)@y", {"x": "6", "y": "3"}),
    ("reshape(x,-1)", {"x": "2x3"}),
    ("flatten(x)", {"x": "2x3"}),
    ("squeeze(x)", {"x": "2x1x3"}),
    ("expand_dims(x,1)*x", {"x": "3"}),
    ("broadcast_to(x,(2,3))*y", {"x": "3", "y": "2x3"}),
    ("tile(x,(2,2))*y", {"x": "2x3", "y": "4x6"}),
    ("tile(x,2)*y", {"x": "2x3", "y": "2x6"}),
    ("repeat(x,2)*y", {"x": "3", "y": "6"}),
    ("repeat(x,2,axis=1)*y", {"x": "2x3", "y": "2x6"}),
    ("pad(x,1)^2", {"x": "2x3"}),
    ("pad(x,((1,0),(0,2)))*y", {"x": "2x3", "y": "3x5"}),
    ("[[a,2*b],[c,a*c]]@y", {"a": 1.0, "b": 2.0, "c": 3.0, "y": "2"}),
    ("stack(x,y,axis=1)^2", {"x": "3", "y": "3"}),
    ("stack(x,y,axis=-1)^2", {"x": "3x2", "y": "3x2"}),
    ("concat(x,y)^2", {"x": "3", "y": "2"}),
    ("concat(x,y,axis=1)^2", {"x": "3x2", "y": "3x4"}),
    ("split(x,2)[0]*y", {"x": "4", "y": "2"}),
    ("split(x,2,axis=1)^2", {"x": "3x4"}),
    ("x[0]*x[-1]", {"x": "3"}),
    ("A[1,:]@A[:,0]", {"A": "3x3"}),
    ("A[:,::-1]*A", {"A": "3x3"}),
    ("A[...,2]^2", {"A": "2x3x3"}),
    ("x[:,None]*x", {"x": "3"}),
    ("E[[2,0,2]]^2", {"E": "3x2"}),
    ("E[t]^2", {"E": "3x2", "t": [2.0, 0.0, 2.0]}),
    ("A[[0,1],[1,2]]^2", {"A": "2x3"}),
    ("A[0,[1,2]]^2", {"A": "2x3"}),
    ("A[0,:,[1,2]]^2", {"A": "2x4x3"}),
    ("A[:,0,[1,2]]^2", {"A": "2x4x3"}),
    ("A[None,0,...,[1,2],None]^2", {"A": "2x4x3"}),
    ("gather(x,i)^2", {"x": "3x4", "i": [[0.0], [2.0], [0.0]]}),
    ("gather(x,i,axis=0)^2", {"x": "3x4", "i": [[0.0, 0.0, 1.0, 2.0], [0.0, 2.0, 1.0, 1.0]]}),
    ("one_hot(i,4)*x", {"i": [0.0, 2.0], "x": "2x4"}),
    ("trace(x@x)", {"x": "3x3"}),
    ("trace(x)", {"x": "2x3x3"}),
    ("diag(x)@y", {"x": "3x3", "y": "3"}),
    ("diag(x)@y", {"x": "3", "y": "3"}),
    ("diag(x)^2", {"x": "2x3"}),
    ("tril(x)@y", {"x": "3x3", "y": "3"}),
    ("triu(x,1)@y", {"x": "3x3", "y": "3"}),
    ("det(x)", {"x": "3x3"}),
    ("det(x)", {"x": "2x3x3"}),
    ("logdet(x)", {"x": "3x3 definite"}),
    ("inv(x)", {"x": "3x3 definite"}),
    ("inv(x)", {"x": "2x3x3 definite"}),
    ("solve(A,b)", {"A": "3x3 definite", "b": "3"}),
    ("solve(A,b)", {"A": "3x3 definite", "b": "3x2"}),
    ("cholesky(A@A.T+eye(3))", {"A": "3x3"}),
    ("solve_triangular(A,b)", {"A": "3x3 definite", "b": "3"}),
    ("solve_triangular(A,b,lower=False)", {"A": "3x3 definite", "b": "3x2"}),
    ("full(x,(2,3))*y", {"x": 2.0, "y": "2x3"}),
    ("linspace(a,b,5)^2", {"a": 1.0, "b": 3.0}),
    ("arange(3)*x", {"x": "3"}),
    ("zeros(2,3)+ones((2,3))*x", {"x": "3"}),
    ("where(x > 0, sqrt(abs(x)), 0)", {"x": "4"}),
    ("max(x,y)*min(x,z)", {"x": "4", "y": "4", "z": 0.2}),
    ("relu(x)*gelu(x)+silu(y)", {"x": "4", "y": "2x4"}),
    ("x/y", {"x": "4", "y": "3x1 positive"}),
    ("x^y", {"x": "4 positive", "y": "3x1 positive"}),
    ("x^3+tanh(x)*sin(x)-exp(-x)", {"x": "4"}),
    ("atan2(x,y)+hypot(x,y)", {"x": "4", "y": "4"}),
    ("log1p(x)/sqrt(x)+sigmoid(x)*softplus(x)", {"x": "4 positive"}),
    ("A = softmax(Q@K.T/sqrt(2), axis=1); A@V", {"Q": "3x2", "K": "3x2", "V": "3x2"}),
    ("logaddexp(x,y)+erf(x)+clip(x,-1,1)", {"x": "4", "y": "4"}),
    ("logsumexp(x,y)", {"x": "4", "y": "4"}),
)


def drawn(value: object, rng: np.random.Generator) -> object:
    """Return a value of the table: a float, or an array."""
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str):
        return np.array(value, float)
    size, _, kind = value.partition(" ")
    shape = tuple(map(int, size.split("x")))
    if kind == "positive":
        return rng.uniform(0.5, 2, size=shape)
    found = rng.normal(size=shape)
    if kind == "definite":
        return found @ np.swapaxes(found, -1, -2) + np.eye(shape[-1])
    return found


def points(
    programs: tuple[tuple[str, dict[str, object]], ...] = PROGRAMS, seed: int = 0
) -> list[tuple[str, dict[str, object]]]:
    """Return the programs, each with values drawn for its variables."""
    rng = np.random.default_rng(seed)
    return [
        (text, {name: drawn(value, rng) for name, value in values.items()})
        for text, values in programs
    ]
