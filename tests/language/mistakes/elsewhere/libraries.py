"""Calls as NumPy, PyTorch, SciPy and JAX have them: what they find is data of the tests.

``python tests/language/mistakes/elsewhere/libraries.py`` computes it anew and writes
``tests/data/libraries.json``; the tests need none of them. A method is one of NumPy's arrays and
of PyTorch's, each where it has it.
"""

from __future__ import annotations

import json
from pathlib import Path

DATA = Path(__file__).parents[3] / "data" / "libraries.json"
AT = {
    "x": [1.0, -2.0, 3.0],
    "y": [0.5, 2.5, -1.5],
    "p": [0.2, 0.5, 0.3],
    "q": [0.1, 0.6, 0.3],
    "A": [[1.0, 2.0, -1.0], [3.0, 4.0, 0.5]],
    "B": [[0.3, -0.4, 1.2], [2.0, 0.1, -0.7]],
    "M": [[2.0, 1.0, 0.3], [1.0, 3.0, 0.2], [0.3, 0.2, 1.5]],
    "S": [[2.0, 0.5, 0.3], [1.0, 3.0, -0.2], [0.7, 0.2, 1.5]],
}
"""Where they are called."""
TEXTS = (
    *("np.max(A, 1)", "np.min(A, 0)", "np.amax(A, 1)", "np.ptp(A, 0)", "torch.max(A, 1)[0]"),
    *("torch.max(A, 1).values", "torch.max(A, 1)[1]", "torch.max(x, y)", "torch.min(A, 0)[0]"),
    *("torch.amax(A, 1)", "jnp.max(A, 1)", "np.maximum(x, y)", "torch.logsumexp(A, 1)"),
    *("jax.nn.logsumexp(A, 0)", "scipy.special.logsumexp(A, 1)", "np.std(A, 1)", "np.std(x)"),
    *("np.var(A, axis=1, ddof=1)", "torch.std(x)", "torch.var(A, 1)", "torch.var(A, 1, False)"),
    *("torch.var(A, False)", "torch.var(x, correction=0)", "torch.std(A, dim=1, keepdim=True)"),
    *("np.linalg.norm(x, 2)", "np.linalg.norm(x, 1)", "np.linalg.norm(A, 1)", "np.linalg.norm(A)"),
    *("np.linalg.norm(A, np.inf)", "np.linalg.norm(A, 1, 1)", "np.linalg.norm(A, axis=0)"),
    *("np.linalg.norm(A, ord='fro')", "torch.linalg.norm(A, 1)", "torch.norm(A, 1)"),
    *("torch.norm(A, p=1, dim=1)", "torch.linalg.vector_norm(A, 1)", "scipy.linalg.norm(A, 1)"),
    *("scipy.special.huber(1.5, x)", "scipy.special.pseudo_huber(1.5, x)"),
    *("scipy.special.softmax(A)", "scipy.special.softmax(x)", "scipy.special.log_softmax(A)"),
    *("scipy.special.softmax(A, axis=1)", "scipy.special.rel_entr(p, q)", "scipy.special.entr(p)"),
    *("scipy.special.kl_div(p, q)", "scipy.special.sinc(x)", "torch.sinc(x)", "np.sinc(x)"),
    *("scipy.linalg.cholesky(M)", "scipy.linalg.cholesky(M, lower=True)", "np.linalg.cholesky(M)"),
    *("torch.linalg.cholesky(M)", "scipy.linalg.solve_triangular(M, x)"),
    *("scipy.linalg.solve_triangular(M, x, lower=True)",),
    *("torch.linalg.solve_triangular(M, A.T, upper=True)",),
    *("torch.linalg.solve_triangular(M, A.T, upper=False)",),
    *("np.cumsum(A)", "np.cumsum(A, 0)", "np.cumprod(A, axis=None)", "np.cumsum(x)"),
    *("torch.cumsum(A, 0)", "lax.cumsum(A)", "lax.cumprod(A, axis=1)", "np.diff(x)", "np.diff(A)"),
    *("np.diff(A, axis=0)", "torch.diff(A)", "np.full((2, 3), 1.5)", "np.full(3, 2)"),
    *("np.inner(A, B)", "np.inner(x, y)", "np.vdot(A, B)", "np.multiply(x, y)", "np.divide(x, y)"),
    *("np.subtract(x, y)", "np.negative(x)", "np.true_divide(x, y)", "np.floor_divide(x, y)"),
    *("np.average(x, weights=p)", "np.average(A, axis=0)", "np.linalg.slogdet(S)[1]"),
    *("np.average(A, 1, p)", "np.average(M, 0, p)", "np.average(A, -1, p)", "np.average(A, 0, B)"),
    *("torch.chunk(x, 2)[0]", "torch.chunk(x, 2)[1]", "torch.chunk(A, 2, 1)[1]"),
    *("torch.chunk(A, 2)[1]", "x.repeat(2, 3)", "A.repeat(2, 3)"),
    *("torch.linalg.slogdet(-S).logabsdet", "np.linalg.multi_dot([A, M, S])", "np.diagonal(M)"),
    *("torch.addmm(M, M, S)", "torch.addmv(x, M, y)", "torch.ger(x, y)", "torch.inner(A, B)"),
    *("torch.masked_fill(x, x > 0, 0.5)", "torch.transpose(A, 0, 1)", "torch.dist(x, y)"),
    *("torch.sort(x)[0]", "torch.topk(x, 2)[0]", "torch.sort(x, descending=True)[0]"),
    *("np.sort(A, axis=None)", "np.sort(A, 0)", "np.take(A, 2)", "np.take(x, 2)"),
    *("F.mse_loss(x, y)", "F.mse_loss(x, y, reduction='sum')", "F.l1_loss(x, y, reduction='none')"),
    *("F.huber_loss(x, y)", "F.huber_loss(x, y, delta=0.5)", "F.smooth_l1_loss(x, y)"),
    *("F.smooth_l1_loss(x, y, beta=0.5)", "F.smooth_l1_loss(x, y, reduction='sum')"),
    *("F.binary_cross_entropy(p, q)", "F.binary_cross_entropy(p, q, reduction='sum')"),
    *("F.binary_cross_entropy_with_logits(x, q)", "F.kl_div(x, p)"),
    *("F.kl_div(x, p, reduction='sum')",),
    *("F.kl_div(A, B.exp(), reduction='batchmean')", "F.cross_entropy(A, 0*A + p)"),
    *("F.cross_entropy(A, 0*A + p, label_smoothing=0.1)", "F.cosine_similarity(A, B)"),
    *("F.cosine_similarity(A, B, dim=0)", "F.normalize(A)", "F.normalize(A, dim=0)"),
    *("F.normalize(A, p=1)", "F.layer_norm(A, (3,))", "F.layer_norm(A, (3,), p, q)"),
    *("F.linear(A, M)", "F.linear(A, M, x)", "F.gelu(x)", "F.gelu(x, approximate='tanh')"),
    *("jax.nn.gelu(x)", "jax.nn.gelu(x, approximate=False)", "F.pad(x, (1, 2))"),
    *("F.pad(A, (1, 2))",),
    *("F.leaky_relu(x)", "F.elu(x, 2)", "F.softmax(A, dim=0)", "jax.nn.softmax(A)"),
    *("jax.nn.log1mexp(p)", "lax.clamp(-1.0, x, 1.0)", "lax.round(1.25*x)", "np.remainder(x, y)"),
    *("math.remainder(7.5, 2)", "np.percentile(x, 50)", "np.linalg.norm(A, 2)"),
    *("torch.split(A, 1)",),
    *("x.std()", "A.var(1)", "A.var(dim=1)", "A.std(axis=0)", "x.std(ddof=1)", "x.repeat(2)"),
    *("A.repeat(2, 1)", "A.transpose(0, 1)", "A.max(1)", "A.min(0)"),
    *("A.T.max(0)", "A.max(1)[0]", "A.max(1).values", "A.cumsum()", "A.cumsum(0)", "x.cumsum()"),
    *("A.mm(M)", "A.sum(0)", "A.mean(1, True)", "x.clamp(min=0)", "A.norm(p=1)", "A.permute(1, 0)"),
    *("A.size(0)", "x.numel()", "p.polygamma(2)", "x.where(x > 0, y)", "x.masked_fill(x > 0, 2)"),
    *("A.logsumexp(1)", "x.sinc()", "x.topk(2)[0]", "x.sort()[0]", "A.take(2)", "A.item(2)"),
    *("A.reshape(3, 2).T.sum()", "x.dot(y)", "A.inner(B)", "A.split(1)", "A.diff()", "x.dist(y)"),
    *("np.mean(x[x > 0])", "x[x > 0].mean()", "np.sum(x[x > 0])", "np.min(x[x > 0])"),
    *("np.prod(x[x > 0])", "x[x > 0].max()", "np.sum(np.exp(x[x > 0]))", "2*np.mean(x[x > 0])**2"),
)  # fmt: skip


def found(text):
    """Return what the libraries find, one after the other, without what several find."""
    import math

    import jax
    import numpy as np
    import scipy
    import torch
    from jax import lax
    from jax import numpy as jnp

    jax.config.update("jax_enable_x64", True)
    torch.set_default_dtype(torch.float64)
    modules = {"np": np, "torch": torch, "F": torch.nn.functional, "jnp": jnp, "jax": jax}
    modules |= {"lax": lax, "scipy": scipy, "math": math}
    kind = text.partition(".")[0]
    makers = {"torch": [torch.tensor], "F": [torch.tensor], "jnp": [jnp.array], "lax": [jnp.array]}
    values = []
    both = [np.array] if kind in modules or "np." in text else [np.array, torch.tensor]
    for make in makers.get(kind, both):
        names = {name: make(value) for name, value in AT.items()}
        try:
            value = eval(text, modules | names)  # noqa: S307 (the texts above)
        except (AttributeError, TypeError, ValueError, RuntimeError, IndexError):
            continue
        if isinstance(value, tuple):
            value = value[0]
        if value is None:  # NumPy sorts in place
            continue
        plain = value.tolist() if hasattr(value, "tolist") else value
        if plain not in values:
            values.append(plain)
    return values


def main():
    """Write the data."""
    rows = [json.dumps({"text": text, "values": found(text)}) for text in TEXTS]
    DATA.write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
