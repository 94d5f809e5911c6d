"""Programs with arrays, and the same in PyTorch and in JAX: what they find is data of the tests.

``python tests/arrays/peers.py`` computes it anew, with PyTorch and JAX in double precision, and
writes ``tests/data/peers.json``; the tests need neither. Each value is summed with weights, so that
no two elements of it count alike. Numbers are kept to 13 digits.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

DATA = Path(__file__).parents[1] / "data" / "peers.json"
DIGITS = 13
KINDS = {
    "": (-2, 2),
    "positive": (0.3, 3),
    "negative": (-3, -0.3),
    "open": (-0.9, 0.9),
    "unit": (0.1, 0.9),
    "beyond": (1.2, 3),
}
"""From where to where values of a kind are drawn: in steps of 0.01, no two the same."""

# One input, taken element by element: the name, where it is, in PyTorch, in JAX. "=" is what has
# the same name there.
ONE_BY_ONE = (
    *[(name, "", "=", "=") for name in ("sin", "cos", "tan", "atan", "sinh", "cosh", "tanh")],
    *[(name, "", "=", "=") for name in ("asinh", "exp", "exp2", "expm1", "abs", "sign")],
    *[(name, "", "=", "=") for name in ("floor", "ceil", "round", "trunc")],
    *[(name, "open", "=", "=") for name in ("asin", "acos", "atanh")],
    *[(name, "positive", "=", "=") for name in ("log", "log1p", "log2", "log10", "sqrt")],
    ("acosh", "beyond", "=", "="),
    ("sec", "", "1/torch.cos(x)", "1/jnp.cos(x)"),
    ("csc", "", "1/torch.sin(x)", "1/jnp.sin(x)"),
    ("cot", "", "1/torch.tan(x)", "1/jnp.tan(x)"),
    ("asec", "beyond", "torch.acos(1/x)", "jnp.acos(1/x)"),
    ("acsc", "beyond", "torch.asin(1/x)", "jnp.asin(1/x)"),
    ("acot", "positive", "torch.atan(1/x)", "jnp.atan(1/x)"),
    ("sinc", "", "torch.sinc(x/torch.pi)", "jnp.sinc(x/jnp.pi)"),
    ("sech", "", "1/torch.cosh(x)", "1/jnp.cosh(x)"),
    ("csch", "", "1/torch.sinh(x)", "1/jnp.sinh(x)"),
    ("coth", "", "1/torch.tanh(x)", "1/jnp.tanh(x)"),
    ("asech", "unit", "torch.acosh(1/x)", "jnp.acosh(1/x)"),
    ("acsch", "", "torch.asinh(1/x)", "jnp.asinh(1/x)"),
    ("acoth", "beyond", "torch.atanh(1/x)", "jnp.atanh(1/x)"),
    ("logcosh", "", "torch.log(torch.cosh(x))", "jnp.log(jnp.cosh(x))"),
    ("log1mexp", "negative", "torch.log(-torch.expm1(x))", "jax.nn.log1mexp(-x)"),
    ("cbrt", "positive", "x**(1/3)", "="),
    ("erf", "", "=", "jsp.erf(x)"),
    ("erfc", "", "=", "jsp.erfc(x)"),
    ("gaussian", "", "torch.exp(-(x**2)/2)", "jnp.exp(-(x**2)/2)"),
    ("erfcx", "", "torch.special.erfcx(x)", "jsp.erfcx(x)"),
    ("erfinv", "open", "=", "jsp.erfinv(x)"),
    ("ndtr", "", "torch.special.ndtr(x)", "jsp.ndtr(x)"),
    ("log_ndtr", "", "torch.special.log_ndtr(x)", "jsp.log_ndtr(x)"),
    ("gamma", "positive", "torch.exp(torch.lgamma(x))", "jsp.gamma(x)"),
    ("lgamma", "positive", "=", "jsp.gammaln(x)"),
    ("digamma", "positive", "=", "jsp.digamma(x)"),
    ("trigamma", "positive", "torch.polygamma(1, x)", "jsp.polygamma(1, x)"),
    ("sigmoid", "", "=", "jax.nn.sigmoid(x)"),
    ("logit", "unit", "=", "jsp.logit(x)"),
    ("softplus", "", "F.softplus(x)", "jax.nn.softplus(x)"),
    ("logsigmoid", "", "F.logsigmoid(x)", "jax.nn.log_sigmoid(x)"),
    ("relu", "", "F.relu(x)", "jax.nn.relu(x)"),
    ("relu6", "", "F.relu6(x)", "jax.nn.relu6(x)"),
    ("elu", "", "F.elu(x)", "jax.nn.elu(x)"),
    ("selu", "", "F.selu(x)", "jax.nn.selu(x)"),
    ("gelu", "", "F.gelu(x)", "jax.nn.gelu(x, approximate=False)"),
    ("gelu_tanh", "", 'F.gelu(x, approximate="tanh")', "jax.nn.gelu(x, approximate=True)"),
    ("silu", "", "F.silu(x)", "jax.nn.silu(x)"),
    ("mish", "", "F.mish(x)", "jax.nn.mish(x)"),
    ("softsign", "", "F.softsign(x)", "jax.nn.soft_sign(x)"),
    ("hardtanh", "", "F.hardtanh(x)", "jax.nn.hard_tanh(x)"),
    ("hardswish", "", "F.hardswish(x)", "jax.nn.hard_swish(x)"),
    ("hardsigmoid", "", "F.hardsigmoid(x)", "jax.nn.hard_sigmoid(x)"),
    ("softshrink", "", "F.softshrink(x)", None),
    ("hardshrink", "", "F.hardshrink(x)", None),
    ("sg", "", "x.detach() + 0*x", "jax.lax.stop_gradient(x)"),
)

MATRIX, VECTOR, BATCH = {"x": "2x3"}, {"x": "4"}, {"x": "2x2x3"}
GRID = {"x": "2x3", "y": "3"}
DEFINITE = {"x": "3x3 definite"}
CELL = {"x": "2x3", "h": "2x2"}

# The program, the values, in PyTorch, in JAX: "=" is the same text there, None what it lacks.
OTHERS = (
    # Element by element, of several inputs, which are broadcast
    ("x + y", GRID, "=", "="),
    ("x - y", GRID, "=", "="),
    ("x*y", GRID, "=", "="),
    ("x/y", GRID, "=", "="),
    ("-x", MATRIX, "=", "="),
    ("x^y", {"x": "2x3 positive", "y": "3"}, "x**y", "x**y"),
    ("x^3", MATRIX, "x**3", "x**3"),
    (
        "where(x < y, x*y, x + y)",
        GRID,
        "torch.where(x < y, x*y, x + y)",
        "jnp.where(x < y, x*y, x + y)",
    ),
    ("where(x <= y, x*y, x)", GRID, "torch.where(x <= y, x*y, x)", "jnp.where(x <= y, x*y, x)"),
    ("where(x > y, x*y, x)", GRID, "torch.where(x > y, x*y, x)", "jnp.where(x > y, x*y, x)"),
    ("where(x >= y, x*y, x)", GRID, "torch.where(x >= y, x*y, x)", "jnp.where(x >= y, x*y, x)"),
    ("(x == 1)*y", {"x": [[1, 2, 1]], "y": "3"}, "=", "="),
    ("(x != 1)*y", {"x": [[1, 2, 1]], "y": "3"}, "=", "="),
    (
        "where(x > 0 and not y > 1 or x < -1, x*y, x)",
        GRID,
        "torch.where((x > 0) & ~(y > 1) | (x < -1), x*y, x)",
        "jnp.where((x > 0) & ~(y > 1) | (x < -1), x*y, x)",
    ),
    ("max(x, y)", GRID, "torch.maximum(x, y)", "jnp.maximum(x, y)"),
    ("min(x, y)", GRID, "torch.minimum(x, y)", "jnp.minimum(x, y)"),
    ("clip(x, -0.5, 1)", MATRIX, "=torch.", "=jnp."),
    ("atan2(x, y)", GRID, "torch.atan2(x, y)", "=jnp."),
    ("xlogy(x, y)", {"x": "2x3", "y": "3 positive"}, "=torch.", "=jsp."),
    ("xlog1py(x, y)", {"x": "2x3", "y": "3 positive"}, "torch.special.xlog1py(x, y)", "=jsp."),
    ("logaddexp(x, y)", GRID, "=torch.", "=jnp."),
    ("logsumexp(x, y)", GRID, "torch.logaddexp(x, y)", "jnp.logaddexp(x, y)"),
    ("softmax2(x, y)", GRID, "torch.sigmoid(x - y)", "jax.nn.sigmoid(x - y)"),
    ("mod(x, y)", GRID, "torch.remainder(x, y)", "=jnp."),
    ("fmod(x, y)", GRID, "=torch.", "=jnp."),
    ("copysign(x, y)", GRID, "=torch.", "=jnp."),
    ("hypot(x, y)", GRID, "=torch.", "=jnp."),
    ("polygamma(2, x)", {"x": "2x3 positive"}, "=torch.", "=jsp."),
    (
        "beta(x, y)",
        {"x": "2x3 positive", "y": "3 positive"},
        "torch.exp(torch.lgamma(x) + torch.lgamma(y) - torch.lgamma(x + y))",
        "=jsp.",
    ),
    (
        "lbeta(x, y)",
        {"x": "2x3 positive", "y": "3 positive"},
        "torch.lgamma(x) + torch.lgamma(y) - torch.lgamma(x + y)",
        "jsp.betaln(x, y)",
    ),
    ("leaky_relu(x, 0.2)", MATRIX, "=F.", "=jax.nn."),
    ("elu(x, 0.7)", MATRIX, "=F.", "=jax.nn."),
    (
        "huber(x, 0.7)",
        MATRIX,
        'F.huber_loss(x, 0*x.detach(), delta=0.7, reduction="none")',
        "jnp.where(abs(x) <= 0.7, x*x/2, 0.7*(abs(x) - 0.35))",
    ),
    # Reductions
    ("sum(x)", MATRIX, "=torch.", "=jnp."),
    ("sum(x, axis=0)", MATRIX, "=torch.", "=jnp."),
    ("sum(x, axis=(0, -1), keepdims=True)", BATCH, "=torch.", "=jnp."),
    ("mean(x)", MATRIX, "=torch.", "=jnp."),
    ("mean(x, axis=1, keepdims=True)", MATRIX, "=torch.", "=jnp."),
    ("prod(x)", MATRIX, "=torch.", "=jnp."),
    ("prod(x)", {"x": [2, 0, 3, -1]}, "=torch.", "=jnp."),
    ("prod(x)", {"x": [2, 0, 3, 0]}, "=torch.", "=jnp."),
    ("prod(x, axis=1)", {"x": [[2, 0, 3], [0, 4, 0], [1, 2, 3]]}, "=torch.", "=jnp."),
    ("max(x)", MATRIX, "=torch.", "=jnp."),
    ("max(x, axis=1)", MATRIX, "torch.amax(x, axis=1)", "=jnp."),
    ("max(x)", {"x": [1, 3, 3]}, "=torch.", "=jnp."),
    ("amax(x, axis=0)", MATRIX, "=torch.", "=jnp."),
    ("min(x)", MATRIX, "=torch.", "=jnp."),
    ("amin(x, axis=1, keepdims=True)", MATRIX, "=torch.", "=jnp."),
    (
        "argmax(x, axis=1)*y",
        {"x": "2x3", "y": "2"},
        "torch.argmax(x, axis=1)*y",
        "jnp.argmax(x, axis=1)*y",
    ),
    ("argmin(x)*y", {"x": "2x3", "y": "2"}, "torch.argmin(x)*y", "jnp.argmin(x)*y"),
    ("logsumexp(x)", MATRIX, "torch.logsumexp(x, (0, 1))", "=jsp."),
    ("logsumexp(x, axis=1)", MATRIX, "=torch.", "=jsp."),
    ("norm(x)", MATRIX, "=torch.linalg.", "jnp.sqrt(jnp.sum(x*x))"),
    ("norm(x, axis=1)", MATRIX, "torch.linalg.norm(x, dim=1)", "=jnp.linalg."),
    ("norm(x, ord=1)", VECTOR, "=torch.linalg.", "=jnp.linalg."),
    ("norm(x, ord=3)", VECTOR, "=torch.linalg.", "=jnp.linalg."),
    ("norm(x, ord=inf)", VECTOR, "=torch.linalg.", "=jnp.linalg."),
    ("var(x)", MATRIX, "torch.var(x, correction=0)", "=jnp."),
    ("var(x, axis=0, ddof=1)", {"x": "4x2"}, "torch.var(x, axis=0)", "=jnp."),
    ("std(x)", MATRIX, "torch.std(x, correction=0)", "=jnp."),
    (
        "std(x, axis=1, keepdims=True, ddof=1)",
        MATRIX,
        "torch.std(x, axis=1, keepdims=True)",
        "=jnp.",
    ),
    # Along an axis
    ("softmax(x)", MATRIX, "torch.softmax(x, -1)", "=jax.nn."),
    ("softmax(x, axis=0)", MATRIX, "=torch.", "=jax.nn."),
    ("log_softmax(x)", MATRIX, "torch.log_softmax(x, -1)", "=jax.nn."),
    ("log_softmax(x, axis=0)", MATRIX, "=torch.", "=jax.nn."),
    ("cumsum(x)", MATRIX, "torch.cumsum(x, -1)", "jnp.cumsum(x, -1)"),
    ("cumsum(x, axis=0)", MATRIX, "=torch.", "=jnp."),
    ("cumprod(x)", MATRIX, "torch.cumprod(x, -1)", "jnp.cumprod(x, -1)"),
    ("cumprod(x)", {"x": [2, 0, 3, 0, 5]}, "torch.cumprod(x, -1)", None),
    ("logcumsumexp(x)", MATRIX, "torch.logcumsumexp(x, -1)", "jax.lax.cumlogsumexp(x, 1)"),
    ("flip(x, axis=1)", MATRIX, "torch.flip(x, (1,))", "=jnp."),
    ("flip(x)", MATRIX, "torch.flip(x, (0, 1))", "=jnp."),
    ("roll(x, 1)", MATRIX, "=torch.", "=jnp."),
    ("roll(x, 2, axis=1)", MATRIX, "torch.roll(x, 2, 1)", "=jnp."),
    ("sort(x)", MATRIX, "torch.sort(x)[0]", "=jnp."),
    ("sort(x, axis=0)", {"x": "4x2"}, "torch.sort(x, 0)[0]", "=jnp."),
    ("topk(x, 2)", {"x": "2x4"}, "torch.topk(x, 2)[0]", "jax.lax.top_k(x, 2)[0]"),
    # Products
    ("x@y", {"x": "3", "y": "3"}, "=", "="),
    ("x@y", {"x": "2x3", "y": "3"}, "=", "="),
    ("x@y", {"x": "2", "y": "2x3"}, "=", "="),
    ("x@y", {"x": "2x3", "y": "3x2"}, "=", "="),
    ("x@y", {"x": "2x2x3", "y": "3x2"}, "=", "="),
    ("x@y", {"x": "2x2x3", "y": "3"}, "=", "="),
    ("x@y", {"x": "2", "y": "2x2x3"}, "=", "="),
    ("x@y", {"x": "2x3", "y": "2x3x2"}, "=", "="),
    ("x@y", {"x": "2x1x2x3", "y": "3x3x2"}, "=", "="),
    ("dot(x, y)", {"x": "3", "y": "3"}, "=torch.", "=jnp."),
    ("outer(x, y)", {"x": "3", "y": "2"}, "=torch.", "=jnp."),
    ("cross(x, y)", {"x": "2x3", "y": "3"}, "torch.linalg.cross(x, y.expand(2, 3))", "=jnp."),
    ("kron(x, y)", {"x": "2x3", "y": "1x2"}, "=torch.", "=jnp."),
    ('einsum("ij,jk->ik", x, y)', {"x": "2x3", "y": "3x2"}, "=torch.", "=jnp."),
    (
        'einsum("bij,bjk,k->bi", x, y, z)',
        {"x": "2x1x3", "y": "2x3x2", "z": "2"},
        "=torch.",
        "=jnp.",
    ),
    ('einsum("ii->i", x)', {"x": "3x3"}, "=torch.", "=jnp."),
    ('einsum("ij->j", x)', MATRIX, "=torch.", "=jnp."),
    # Shapes
    ("x.T", MATRIX, "=", "="),
    ("x.mT", BATCH, "=", "="),
    ("transpose(x, (2, 0, 1))", BATCH, "torch.permute(x, (2, 0, 1))", "=jnp."),
    ("swapaxes(x, 0, 2)", BATCH, "=torch.", "=jnp."),
    ("moveaxis(x, 0, 2)", BATCH, "=torch.", "=jnp."),
    ("reshape(x, (3, -1))", MATRIX, "=torch.", "=jnp."),
    ("flatten(x)", MATRIX, "=torch.", "jnp.ravel(x)"),
    ("squeeze(x)", {"x": "2x1x2"}, "=torch.", "=jnp."),
    ("expand_dims(x, 1)", MATRIX, "torch.unsqueeze(x, 1)", "=jnp."),
    ("broadcast_to(x, (2, 3))", {"x": "3"}, "=torch.", "=jnp."),
    ("tile(x, (2, 2))", MATRIX, "=torch.", "=jnp."),
    ("repeat(x, 2, axis=1)", MATRIX, "torch.repeat_interleave(x, 2, 1)", "=jnp."),
    ("repeat(x, 2)", MATRIX, "torch.repeat_interleave(x, 2)", "=jnp."),
    ("pad(x, 1)", MATRIX, "F.pad(x, (1, 1, 1, 1))", "=jnp."),
    ("pad(x, ((1, 0), (0, 2)))", MATRIX, "F.pad(x, (0, 2, 1, 0))", "=jnp."),
    # Parts and joins
    (
        "[[a, 2*b], [c, a*c]]",
        {"a": 1.5, "b": -2, "c": 0.5},
        "torch.stack((torch.stack((a, 2*b)), torch.stack((c, a*c))))",
        "jnp.array([[a, 2*b], [c, a*c]])",
    ),
    (
        "stack(x, y, axis=1)",
        {"x": "2x2", "y": "2x2"},
        "torch.stack((x, y), axis=1)",
        "jnp.stack((x, y), axis=1)",
    ),
    (
        "concat(x, y, axis=1)",
        {"x": "2x2", "y": "2x1"},
        "torch.concat((x, y), axis=1)",
        "jnp.concat((x, y), axis=1)",
    ),
    ("split(x, 2)[1]", VECTOR, "torch.chunk(x, 2)[1]", "jnp.split(x, 2)[1]"),
    (
        "split(x, 2, axis=1)",
        {"x": "2x4"},
        "torch.stack(torch.chunk(x, 2, 1))",
        "jnp.stack(jnp.split(x, 2, 1))",
    ),
    ("x[0]*x[-1]", MATRIX, "=", "="),
    ("x[:, 1:]", MATRIX, "=", "="),
    ("x[..., 2]", BATCH, "=", "="),
    ("x[1, None, ::2]", MATRIX, "=", "="),
    ("x[:, ::-1]", MATRIX, "torch.flip(x, (1,))", "="),
    ("x[[2, 0, 2]]", {"x": "3x2"}, "=", "x[jnp.array([2, 0, 2])]"),
    ("x[i]", {"x": "3x2", "i": [2, 0, 2]}, "x[i.long()]", "x[i.astype(int)]"),
    (
        "x[[0, 1], :, [1, 2]]",
        BATCH,
        "x[[0, 1], :, [1, 2]]",
        "x[jnp.array([0, 1]), :, jnp.array([1, 2])]",
    ),
    (
        "gather(x, i)",
        {"x": "2x3", "i": [[2, 2], [0, 1]]},
        "torch.gather(x, 1, i.long())",
        "jnp.take_along_axis(x, i.astype(int), 1)",
    ),
    (
        "one_hot(i, 3)*x",
        {"i": [0, 2], "x": "2x3"},
        "F.one_hot(i.long(), 3)*x",
        "jax.nn.one_hot(i, 3)*x",
    ),
    # Matrices
    ("trace(x)", {"x": "3x3"}, "=torch.", "=jnp."),
    ("diag(x)", {"x": "3x3"}, "=torch.", "=jnp."),
    ("diag(x)", {"x": "3"}, "=torch.", "=jnp."),
    ("tril(x)", {"x": "3x3"}, "=torch.", "=jnp."),
    ("triu(x, 1)", {"x": "3x3"}, "=torch.", "=jnp."),
    ("det(x)", {"x": "3x3"}, "=torch.", "=jnp.linalg."),
    ("det(x)", {"x": "2x3x3"}, "=torch.", "=jnp.linalg."),
    ("logdet(x)", DEFINITE, "=torch.", "jnp.linalg.slogdet(x)[1]"),
    ("inv(x)", DEFINITE, "=torch.linalg.", "=jnp.linalg."),
    ("solve(x, y)", {**DEFINITE, "y": "3"}, "=torch.linalg.", "=jnp.linalg."),
    ("solve(x, y)", {**DEFINITE, "y": "3x2"}, "=torch.linalg.", "=jnp.linalg."),
    (
        "cholesky(x@x.T + eye(3))",
        {"x": "3x3"},
        "torch.linalg.cholesky(x@x.T + torch.eye(3))",
        "jnp.linalg.cholesky(x@x.T + jnp.eye(3))",
    ),
    (
        "solve_triangular(x, y)",
        {**DEFINITE, "y": "3x2"},
        "torch.linalg.solve_triangular(x, y, upper=False)",
        "jax.scipy.linalg.solve_triangular(x, y, lower=True)",
    ),
    (
        "solve_triangular(x, y, lower=False)",
        {**DEFINITE, "y": "3x2"},
        "torch.linalg.solve_triangular(x, y, upper=True)",
        "jax.scipy.linalg.solve_triangular(x, y, lower=False)",
    ),
    # Arrays of given sizes
    ("zeros(2, 3) + x", {"x": "3"}, "torch.zeros(2, 3) + x", "jnp.zeros((2, 3)) + x"),
    ("ones((2, 3))*x", {"x": "3"}, "torch.ones(2, 3)*x", "jnp.ones((2, 3))*x"),
    ("full(x, (2, 3))", {"x": 1.5}, "x*torch.ones(2, 3)", "jnp.full((2, 3), x)"),
    ("eye(2, 3)*x", MATRIX, "torch.eye(2, 3)*x", "jnp.eye(2, 3)*x"),
    ("arange(1, 7, 2)*x", {"x": "3"}, "torch.arange(1, 7, 2)*x", "jnp.arange(1, 7, 2)*x"),
    (
        "linspace(x, y, 5)",
        {"x": -1, "y": 2.5},
        "x + (y - x)*torch.linspace(0, 1, 5)",
        "jnp.linspace(x, y, 5)",
    ),
    ("size(x, axis=1)*x", MATRIX, "x.shape[1]*x", "x.shape[1]*x"),
    # The library: losses
    ("mse(x, t)", {"x": "2x3", "t": "2x3"}, "F.mse_loss(x, t)", "jnp.mean((x - t)**2)"),
    ("mae(x, t)", {"x": "2x3", "t": "2x3"}, "F.l1_loss(x, t)", "jnp.mean(abs(x - t))"),
    ("smooth_l1(x, t)", {"x": "2x3", "t": "2x3"}, "F.smooth_l1_loss(x, t)", None),
    (
        "bce(p, t)",
        {"p": "4 unit", "t": [0.2, 0.9, 0.5, 0.3]},
        "F.binary_cross_entropy(p, t)",
        None,
    ),
    (
        "bce_logits(z, t)",
        {"z": "4", "t": "4 unit"},
        "F.binary_cross_entropy_with_logits(z, t)",
        "-jnp.mean(t*jax.nn.log_sigmoid(z) + (1 - t)*jax.nn.log_sigmoid(-z))",
    ),
    ("cross_entropy(z, t)", {"z": "2x3", "t": [2, 0]}, "F.cross_entropy(z, t.long())", None),
    ("cross_entropy(z, p)", {"z": "2x3", "p": "2x3 unit"}, "F.cross_entropy(z, p)", None),
    (
        "cross_entropy_smoothed(z, t, 0.1)",
        {"z": "2x3", "t": [2, 0]},
        "F.cross_entropy(z, t.long(), label_smoothing=0.1)",
        None,
    ),
    ("nll(z, t)", {"z": "2x3", "t": [2, 0]}, "F.nll_loss(z, t.long())", None),
    (
        "hinge(x, t)",
        {"x": "4", "t": [1, -1, 1, -1]},
        "torch.relu(1 - t*x).mean()",
        "jax.nn.relu(1 - t*x).mean()",
    ),
    (
        "focal(z, t)",
        {"z": "4", "t": [1, 0, 1, 0]},
        "torch.mean((t*torch.sigmoid(-z)**2 + (1 - t)*torch.sigmoid(z)**2)*(F.softplus(z) - z*t))",
        None,
    ),
    (
        "kl(p, q)",
        {"p": [0.2, 0.3, 0.5], "q": [0.1, 0.6, 0.3]},
        'F.kl_div(torch.log(q), p, reduction="sum")',
        "jnp.sum(jsp.rel_entr(p, q))",
    ),
    (
        "normal_logpdf(x, m, s)",
        {"x": "2x3", "m": "3", "s": "3 positive"},
        "torch.distributions.Normal(m, s).log_prob(x)",
        "jax.scipy.stats.norm.logpdf(x, m, s)",
    ),
    # The library: layers
    ("linear(x, W, b)", {"x": "2x3", "W": "2x3", "b": "2"}, "F.linear(x, W, b)", "x@W.T + b"),
    (
        "swiglu(x, W, V)",
        {"x": "2x3", "W": "3x2", "V": "3x2"},
        "F.silu(x@W)*(x@V)",
        "jax.nn.silu(x@W)*(x@V)",
    ),
    ("layer_norm(x, g, b)", {"x": "2x3", "g": "3", "b": "3"}, "F.layer_norm(x, (3,), g, b)", None),
    ("rms_norm(x, g)", {"x": "2x3", "g": "3"}, "F.rms_norm(x, (3,), g, 1e-6)", None),
    (
        "batch_norm(x, g, b)",
        {"x": "4x2", "g": "2", "b": "2"},
        "F.batch_norm(x, None, None, g, b, training=True)",
        None,
    ),
    (
        "attention(Q, K, V)",
        {"Q": "2x3", "K": "4x3", "V": "4x3"},
        "F.scaled_dot_product_attention(Q, K, V)",
        "jax.nn.softmax(Q@K.T/jnp.sqrt(3), axis=-1)@V",
    ),
    ("normalize(x)", MATRIX, "F.normalize(x)", None),
    ("cosine_similarity(x, y)", GRID, "F.cosine_similarity(x, y)", None),
    # The library: recurrent cells
    (
        "rnn_cell(x, h, W, U, b)",
        {**CELL, "W": "2x3", "U": "2x2", "b": "2"},
        "torch._VF.rnn_tanh_cell(x, h, W, U, b, 0*b.detach())",
        None,
    ),
    (
        "lstm_gates(x, h, W, U, b)",
        {**CELL, "W": "8x3", "U": "8x2", "b": "8"},
        "torch.stack(torch.chunk(x@W.T + h@U.T + b, 4, -1))",
        None,
    ),
    (
        "lstm_c(x, h, c, W, U, b)",
        {**CELL, "c": "2x2", "W": "8x3", "U": "8x2", "b": "8"},
        "torch._VF.lstm_cell(x, (h, c), W, U, b, 0*b.detach())[1]",
        None,
    ),
    (
        "lstm_h(x, h, c, W, U, b)",
        {**CELL, "c": "2x2", "W": "8x3", "U": "8x2", "b": "8"},
        "torch._VF.lstm_cell(x, (h, c), W, U, b, 0*b.detach())[0]",
        None,
    ),
    (
        "gru_parts(x, W, b)",
        {"x": "2x3", "W": "6x3", "b": "6"},
        "torch.stack(torch.chunk(x@W.T + b, 3, -1))",
        None,
    ),
    (
        "gru_gate(x, h, W, U, b, c)",
        {**CELL, "W": "6x3", "U": "6x2", "b": "6", "c": "6"},
        "torch.sigmoid((x@W.T + b + h@U.T + c)[:, 2:4])",
        None,
    ),
    (
        "gru_new(x, h, W, U, b, c)",
        {**CELL, "W": "6x3", "U": "6x2", "b": "6", "c": "6"},
        (
            "torch.tanh(F.linear(x, W, b)[:, 4:] + torch.sigmoid(F.linear(x, W, b)[:, :2]"
            " + F.linear(h, U, c)[:, :2])*F.linear(h, U, c)[:, 4:])"
        ),
        None,
    ),
    (
        "gru_cell(x, h, W, U, b, c)",
        {**CELL, "W": "6x3", "U": "6x2", "b": "6", "c": "6"},
        "torch._VF.gru_cell(x, h, W, U, b, c)",
        None,
    ),
    # Windows
    ("windows(x, 3, stride=2)", {"x": "2x7"}, "x.unfold(-1, 3, 2)", None),
    ("windows_of(x, y, of=0)", {"x": "2x5", "y": "3"}, "x.unfold(-1, 3, 1) + 0*y.sum()", None),
    (
        "unwindows(x, y)",
        {"x": "3x3", "y": "5"},
        "torch.zeros(5).index_add(0, torch.arange(5).unfold(0, 3, 1).ravel(), x.ravel()) + 0*y",
        None,
    ),
    (
        "conv1d(x, w, stride=2, padding=1)",
        {"x": "2x2x5", "w": "3x2x3"},
        "F.conv1d(x, w, stride=2, padding=1)",
        "jax.lax.conv_general_dilated(x, w, (2,), [(1, 1)])",
    ),
    (
        "conv2d(x, w, padding=1)",
        {"x": "1x2x4x3", "w": "2x2x3x2"},
        "F.conv2d(x, w, padding=1)",
        "jax.lax.conv_general_dilated(x, w, (1, 1), [(1, 1), (1, 1)])",
    ),
    ("max_pool1d(x, 2)", {"x": "1x2x6"}, "F.max_pool1d(x, 2)", None),
    ("avg_pool1d(x, 3, stride=1)", {"x": "1x2x5"}, "F.avg_pool1d(x, 3, stride=1)", None),
    ("max_pool2d(x, 2, stride=1)", {"x": "1x2x3x4"}, "F.max_pool2d(x, 2, stride=1)", None),
    ("avg_pool2d(x, 2)", {"x": "1x2x4x4"}, "F.avg_pool2d(x, 2)", None),
    # After those that were there before: what is drawn goes by the place in this list
    (
        "multi_head_attention(x, y, P, Q, R, S)",
        {"x": "3x4", "y": "5x4", "P": "2x4x2", "Q": "2x4x2", "R": "2x4x2", "S": "2x2x4"},
        (
            "F.multi_head_attention_forward(x[:, None], y[:, None], y[:, None], 4, 2, "
            "torch.cat([W.mT.reshape(4, 4) for W in (P, Q, R)]), None, None, None, False, 0.0, "
            "S.reshape(4, 4).T, None, need_weights=False)[0][:, 0]"
        ),
        (
            "jnp.einsum('hnv,hvm->nm', jax.nn.softmax(jnp.einsum('nd,hdk,me,hek->hnm', x, P, y, Q)"
            "/jnp.sqrt(2), axis=-1)@(y@R), S)"
        ),
    ),
)
"""Where the library has no text for JAX, JAX has no function of that kind."""


def cases():
    """Yield each program with its values and the texts for PyTorch and JAX."""
    for name, kind, torch, jax in ONE_BY_ONE:
        at = {"x": f"2x3 {kind}".strip()}
        yield (
            f"{name}(x)",
            at,
            f"torch.{name}(x)" if torch == "=" else torch,
            f"jnp.{name}(x)" if jax == "=" else jax,
        )
    for program, at, torch, jax in OTHERS:
        yield program, at, *(text and _there(text, program) for text in (torch, jax))


def _there(text, program):
    """Return the text of a program there: "=torch." is the same with that before it."""
    if not text.startswith("="):
        return text
    before = text[1:]
    return before + program.replace("inf", "float('inf')") if before else program


def drawn(value, rng):
    """Return a value: numbers as they are, or drawn ones for a shape and a kind of numbers."""
    if not isinstance(value, str):
        return value
    size, _, kind = value.partition(" ")
    shape = tuple(map(int, size.split("x")))
    if kind == "definite":
        root = rng.integers(-9, 10, size=shape) / 10
        return (root @ root.T + np.eye(len(root))).round(2).tolist()
    low, high = KINDS[kind]
    places = rng.choice(
        np.arange(round(low * 100) + 1, round(high * 100)), np.prod(shape), replace=False
    )
    places[places == 0] = 1
    return (places / 100).reshape(shape).tolist()


def kept(value):
    """Return an array as nested lists of numbers of 13 digits."""
    if isinstance(value, list):
        return [kept(one) for one in value]
    return float(f"{value:.{DIGITS}g}")


def in_torch(text, at, weights):
    """Return the value and the gradients of the weighted sum that PyTorch finds."""
    import torch
    import torch.nn.functional as F  # noqa: N812 (as its documentation has it)

    names = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for name, value in at.items()
    }
    value = eval(text, {"torch": torch, "F": F} | names)  # noqa: S307 (the table's own text)
    total = (value * torch.tensor(weights(tuple(value.shape)))).sum()
    found = dict.fromkeys(at)
    if total.requires_grad:
        slopes = torch.autograd.grad(total, list(names.values()), allow_unused=True)
        found = dict(zip(names, slopes, strict=True))
    return value.tolist(), {
        name: (torch.zeros_like(names[name]) if slope is None else slope).tolist()
        for name, slope in found.items()
    }


def in_jax(text, at, weights):
    """Return the same that JAX finds."""
    import jax
    import jax.numpy as jnp
    import jax.scipy.special as jsp

    jax.config.update("jax_enable_x64", val=True)
    known = {"jax": jax, "jnp": jnp, "jsp": jsp}

    def value(point):
        return eval(text, known | point)  # noqa: S307 (the table's own text)

    point = {name: jnp.array(given, dtype=float) for name, given in at.items()}
    out = value(point)
    slopes = jax.grad(lambda point: jnp.sum(value(point) * jnp.array(weights(out.shape))))(point)
    return out.tolist(), {name: slope.tolist() for name, slope in slopes.items()}


def computed():
    """Return the data, as the file holds it."""
    import jax
    import torch

    torch.set_default_dtype(torch.float64)
    rows = []
    for index, (program, values, *texts) in enumerate(cases()):
        rng = np.random.default_rng(index)
        at = {name: drawn(value, rng) for name, value in values.items()}
        row = {"program": program, "at": at}

        def weights(shape, row=row, rng=rng):
            if "weights" not in row:
                row["weights"] = (rng.integers(1, 99, size=shape) / 10).tolist()
            return row["weights"]

        for peer, run, text in zip(("torch", "jax"), (in_torch, in_jax), texts, strict=True):
            if text is None:
                continue
            value, gradient = run(text, at, weights)
            row[peer] = {
                "value": kept(value),
                "gradient": {key: kept(one) for key, one in gradient.items()},
            }
        rows.append(row)
    versions = {"torch": torch.__version__, "jax": jax.__version__}
    return {"versions": versions, "rows": rows}


if __name__ == "__main__":
    found = computed()
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in found["rows"])
    DATA.write_text(
        f'{{"versions":{json.dumps(found["versions"])},"rows":[\n{lines}\n]}}\n', encoding="utf-8"
    )
