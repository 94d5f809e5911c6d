"""What PyTorch, JAX, TensorFlow and SymPy answer at each kink of the table: data of the tests.

``python -m tests.graph.peers_at_kinks`` computes it anew and writes ``tests/data/kinks.json``; the
tests need no peer. A peer that cannot be imported keeps the answers that it gave before, so each
may have an environment of its own. A gradient that a peer does not give at all, as through a
comparison, is 0 to whatever uses it. An answer is None where the peer has no such function, or
SymPy no number.
"""

from __future__ import annotations

import json
import math
from importlib import import_module
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path

DATA = Path(__file__).parents[1] / "data" / "kinks.json"
PEERS = {"PyTorch": "torch", "JAX": "jax", "TensorFlow": "tensorflow-cpu", "SymPy": "sympy"}


class Case:
    """A kink of a row: its number there, the point, and how each peer writes the operation."""

    def __init__(self, row, kink, point, *texts):
        self.row, self.kink, self.point = row, kink, point
        self.texts = dict(zip_longest(PEERS, texts, fillvalue=""))

    @property
    def key(self):
        return f"{self.row} {self.kink}"


def _compared(name, sign):
    texts = f"(x {sign} y).double()", f"(x {sign} y).astype(float)", f"cast(x {sign} y)"
    if name in {"eq", "ne"}:
        one = {"eq": "Eq", "ne": "Ne"}[name]
        return Case(
            name, 0, {"x": 1.0, "y": 1.0}, *texts, f"Piecewise((1, {one}(x, y)), (0, True))"
        )
    return Case(name, 0, {"x": 1.0, "y": 1.0}, *texts, f"Piecewise((1, x {sign} y), (0, True))")


CLIP = ("jnp.clip(x, lo, hi)", "tf.clip_by_value(x, lo, hi)", "Min(Max(x, lo), hi)")
"""PyTorch's clamp has other slopes where its bounds are tensors: here they are numbers."""
XLOGY = ("torch.xlogy(x, y)", "jsp.xlogy(x, y)", "tf.math.xlogy(x, y)")
XLOG1PY = ("torch.special.xlog1py(x, y)", "jsp.xlog1py(x, y)", "tf.math.xlog1py(x, y)")
RELU6 = ("F.relu6(x)", "jax.nn.relu6(x)", "tf.nn.relu6(x)", "Min(Max(x, 0), 6)")
HARDTANH = ("F.hardtanh(x)", "jax.nn.hard_tanh(x)", "", "Min(Max(x, -1), 1)")
HARDSWISH = (
    "F.hardswish(x)",
    "jax.nn.hard_swish(x)",
    "tf.keras.activations.hard_silu(x)",
    "x*Min(Max(x + 3, 0), 6)/6",
)
HARDSIGMOID = (
    "F.hardsigmoid(x)",
    "jax.nn.hard_sigmoid(x)",
    "tf.keras.activations.hard_sigmoid(x)",
    "Min(Max(x + 3, 0), 6)/6",
)
SOFTSHRINK = ("F.softshrink(x, 0.5)", "", "tf.keras.activations.soft_shrink(x)", "")
HARDSHRINK = ("F.hardshrink(x, 0.5)", "", "tf.keras.activations.hard_shrink(x)", "")
POWER = ("x**y", "x**y", "x**y", "x**y")
ATAN2 = ("torch.atan2(y, x)", "jnp.arctan2(y, x)", "tf.atan2(y, x)", "atan2(y, x)")
NORM = ("torch.linalg.vector_norm(x{})", "jnp.linalg.norm(x{})", "tf.norm(x{})")

CASES = (
    *[_compared(*pair) for pair in (("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">="))],
    *[_compared(*pair) for pair in (("eq", "=="), ("ne", "!="))],
    *[
        Case(
            name,
            kink,
            point,
            f"torch.logical_{name}(x, y).double()",
            f"jnp.logical_{name}(x, y).astype(float)",
            f"cast(tf.math.logical_{name}(x != 0, y != 0))",
            f"Piecewise((1, {sympy}(Ne(x, 0), Ne(y, 0))), (0, True))",
        )
        for name, sympy, kink, point in (
            ("and", "And", 0, {"x": 0.0, "y": 1.0}),
            ("and", "And", 1, {"x": 1.0, "y": 0.0}),
            ("or", "Or", 0, {"x": 0.0, "y": 0.0}),
        )
    ],
    Case(
        "not",
        0,
        {"x": 0.0},
        "torch.logical_not(x).double()",
        "jnp.logical_not(x).astype(float)",
        "cast(x == 0)",
        "Piecewise((1, Eq(x, 0)), (0, True))",
    ),
    Case(
        "where",
        0,
        {"c": 0.0, "a": 2.0, "b": 3.0},
        "torch.where(c != 0, a, b)",
        "jnp.where(c != 0, a, b)",
        "tf.where(c != 0, a, b)",
        "Piecewise((a, Ne(c, 0)), (b, True))",
    ),
    Case("pow", 0, {"x": 0.0, "y": 0.0}, *POWER),
    Case("pow", 1, {"x": -2.0, "y": 3.0}, *POWER),
    Case("pow", 2, {"x": 0.0, "y": 2.5}, *POWER[:3], "x**Rational(5, 2)"),
    *[
        Case(
            name,
            0,
            {"x": 2.0, "y": 2.0},
            f"torch.a{name}(torch.stack((x, y)))",
            f"jnp.{name}(jnp.stack((x, y)))",
            f"tf.reduce_{name}(tf.stack((x, y)))",
            f"{name.title()}(x, y)",
        )
        for name in ("max", "min")
    ],
    Case("clip", 0, {"x": 1.0, "lo": 1.0, "hi": 2.0}, "torch.clamp(x, 1.0, 2.0)", *CLIP),
    Case("clip", 1, {"x": 2.0, "lo": 1.0, "hi": 2.0}, "torch.clamp(x, 1.0, 2.0)", *CLIP),
    Case("clip", 2, {"x": 1.0, "lo": 1.0, "hi": 1.0}, "torch.clamp(x, 1.0, 1.0)", *CLIP),
    Case("clip", 3, {"x": 0.0, "lo": 1.0, "hi": 1.0}, "torch.clamp(x, 1.0, 1.0)", *CLIP),
    Case("atan2", 0, {"y": 0.0, "x": -2.0}, *ATAN2),
    Case("atan2", 1, {"y": 0.0, "x": 0.0}, *ATAN2),
    *[
        Case(
            f"a{name}",
            kink,
            {"x": at},
            f"torch.a{name}(x)",
            f"jnp.arc{name}(x)",
            f"tf.math.a{name}(x)",
            f"a{name}(x)",
        )
        for name in ("sin", "cos")
        for kink, at in enumerate((-1.0, 1.0))
    ],
    *[
        Case(name, kink, {"x": at}, "", "", "", f"{name}(x)")
        for name in ("asec", "acsc")
        for kink, at in enumerate((-1.0, 1.0))
    ],
    Case(
        "acosh", 0, {"x": 1.0}, "torch.acosh(x)", "jnp.arccosh(x)", "tf.math.acosh(x)", "acosh(x)"
    ),
    Case("asech", 0, {"x": 1.0}, "", "", "", "asech(x)"),
    Case("acot", 0, {"x": 0.0}, "", "", "", "acot(x)"),
    Case("xlogy", 0, {"x": 0.0, "y": 0.0}, *XLOGY),
    Case("xlogy", 1, {"x": 0.0, "y": -1.0}, *XLOGY),
    Case("xlog1py", 0, {"x": 0.0, "y": -1.0}, *XLOG1PY),
    Case("xlog1py", 1, {"x": 0.0, "y": -2.0}, *XLOG1PY),
    Case("sqrt", 0, {"x": 0.0}, "torch.sqrt(x)", "jnp.sqrt(x)", "tf.sqrt(x)", "sqrt(x)"),
    Case("cbrt", 0, {"x": 0.0}, "", "jnp.cbrt(x)", "", "real_root(x, 3)"),
    Case("abs", 0, {"x": 0.0}, "torch.abs(x)", "jnp.abs(x)", "tf.abs(x)", "Abs(x)"),
    Case("sign", 0, {"x": 0.0}, "torch.sign(x)", "jnp.sign(x)", "tf.sign(x)", "sign(x)"),
    Case("floor", 0, {"x": 2.0}, "torch.floor(x)", "jnp.floor(x)", "tf.floor(x)", "floor(x)"),
    Case("ceil", 0, {"x": 2.0}, "torch.ceil(x)", "jnp.ceil(x)", "tf.math.ceil(x)", "ceiling(x)"),
    Case("round", 0, {"x": 0.5}, "torch.round(x)", "jnp.round(x)", "tf.round(x)", ""),
    Case("trunc", 0, {"x": 2.0}, "torch.trunc(x)", "jnp.trunc(x)", "", ""),
    *[
        Case(
            "mod",
            kink,
            {"x": 6.0, "y": 3.0},
            "torch.remainder(x, y)",
            "jnp.mod(x, y)",
            "tf.math.floormod(x, y)",
            "Mod(x, y)",
        )
        for kink in (0, 1)
    ],
    Case(
        "fmod",
        0,
        {"x": 6.0, "y": 3.0},
        "torch.fmod(x, y)",
        "jnp.fmod(x, y)",
    ),
    *[
        Case("copysign", kink, point, "torch.copysign(x, y)", "jnp.copysign(x, y)")
        for kink, point in enumerate(({"x": 0.0, "y": 2.0}, {"x": 2.0, "y": 0.0}))
    ],
    Case(
        "hypot",
        0,
        {"x": 0.0, "y": 0.0},
        "torch.hypot(x, y)",
        "jnp.hypot(x, y)",
        "",
        "sqrt(x**2 + y**2)",
    ),
    Case("polygamma", 0, {"n": 1.0, "x": 2.0}),
    Case("relu", 0, {"x": 0.0}, "torch.relu(x)", "jax.nn.relu(x)", "tf.nn.relu(x)", "Max(x, 0)"),
    Case("relu6", 0, {"x": 0.0}, *RELU6),
    Case("relu6", 1, {"x": 6.0}, *RELU6),
    Case(
        "leaky_relu",
        0,
        {"x": 0.0},
        "F.leaky_relu(x)",
        "jax.nn.leaky_relu(x)",
        "tf.nn.leaky_relu(x, 0.01)",
        "Piecewise((x, x > 0), (x/100, True))",
    ),
    Case(
        "elu",
        0,
        {"x": 0.0, "alpha": 0.25},
        "F.elu(x, 0.25)",
        "jax.nn.elu(x, 0.25)",
        "tf.keras.activations.elu(x, 0.25)",
        "Piecewise((x, x > 0), (alpha*(exp(x) - 1), True))",
    ),
    Case(
        "selu",
        0,
        {"x": 0.0},
        "F.selu(x)",
        "jax.nn.selu(x)",
        "tf.nn.selu(x)",
        "Piecewise((1.0507009873554805*x, x > 0), (1.7580993408473768*(exp(x) - 1), True))",
    ),
    Case("hardtanh", 0, {"x": -1.0}, *HARDTANH),
    Case("hardtanh", 1, {"x": 1.0}, *HARDTANH),
    Case("hardswish", 0, {"x": -3.0}, *HARDSWISH),
    Case("hardswish", 1, {"x": 3.0}, *HARDSWISH),
    Case("hardsigmoid", 0, {"x": -3.0}, *HARDSIGMOID),
    Case("hardsigmoid", 1, {"x": 3.0}, *HARDSIGMOID),
    Case("softshrink", 0, {"x": 0.5}, *SOFTSHRINK),
    Case("softshrink", 1, {"x": -0.5}, *SOFTSHRINK),
    Case("hardshrink", 0, {"x": 0.5}, *HARDSHRINK),
    Case("hardshrink", 1, {"x": -0.5}, *HARDSHRINK),
    *[
        Case(
            f"a{name}",
            0,
            {"x": [2.0, 1.0 if name == "max" else 3.0, 2.0, 2.0]},
            f"torch.a{name}(x)",
            f"jnp.{name}(x)",
            f"tf.reduce_{name}(x)",
        )
        for name in ("max", "min")
    ],
    *[
        Case(
            f"arg{name}",
            0,
            {"x": [2.0, 2.0]},
            f"torch.arg{name}(x).double()",
            f"jnp.arg{name}(x).astype(float)",
            f"cast(tf.arg{name}(x))",
        )
        for name in ("max", "min")
    ],
    Case("norm", 0, {"x": [0.0, 0.0]}, *[text.format("") for text in NORM]),
    Case("norm", 1, {"x": [0.0, 3.0]}, *[text.format(", ord=1") for text in NORM]),
    Case(
        "norm",
        2,
        {"x": [3.0, 1.0, -3.0]},
        NORM[0].format(", ord=float('inf')"),
        NORM[1].format(", ord=jnp.inf"),
        NORM[2].format(", ord=float('inf')"),
    ),
    Case(
        "std",
        0,
        {"x": [2.0, 2.0, 2.0]},
        "torch.std(x, correction=0)",
        "jnp.std(x)",
        "tf.math.reduce_std(x)",
    ),
    Case(
        "sort",
        0,
        {"x": [2.0, 1.0, 2.0]},
        "(torch.sort(x).values*w).sum()",
        "(jnp.sort(x)*w).sum()",
        "tf.reduce_sum(tf.sort(x)*w)",
    ),
)
WEIGHTS = [1.0, 10.0, 100.0]
"""What the elements of an output that is a vector are summed with."""


def torch_slopes(text, point):
    import torch
    from torch.nn import functional

    at = {k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in point.items()}
    names = {"torch": torch, "F": functional, "w": torch.tensor(WEIGHTS, dtype=torch.float64), **at}
    out = eval(text, names)  # noqa: S307 (the table's own text)
    if out.requires_grad:
        out.backward()
    return {k: 0.0 if v.grad is None else v.grad.tolist() for k, v in at.items() if k in text}


def jax_slopes(text, point):
    import jax
    import jax.numpy as jnp
    import jax.scipy.special as jsp

    jax.config.update("jax_enable_x64", True)
    names = {"jax": jax, "jnp": jnp, "jsp": jsp, "w": jnp.array(WEIGHTS)}

    def function(at):
        return eval(text, {**names, **at})  # noqa: S307 (the table's own text)

    at = {k: jnp.array(v, dtype=float) for k, v in point.items()}
    found = jax.grad(function)(at)
    return {k: v.tolist() for k, v in found.items() if k in text}


def tensorflow_slopes(text, point):
    import tensorflow as tf

    at = {k: tf.Variable(v, dtype=tf.float64) for k, v in point.items()}
    names = {
        "tf": tf,
        "w": tf.constant(WEIGHTS, tf.float64),
        "cast": lambda one: tf.cast(one, tf.float64),
    }
    with tf.GradientTape() as tape:
        inside = {k: tf.identity(v) for k, v in at.items()}
        out = eval(text, {**names, **inside})  # noqa: S307 (the table's own text)
    found = tape.gradient(out, at)
    return {k: 0.0 if v is None else v.numpy().tolist() for k, v in found.items() if k in text}


def sympy_slopes(text, point):
    import sympy

    at = {k: sympy.Symbol(k, real=True) for k in point}
    out = eval(text, {**vars(sympy), **at})  # noqa: S307 (the table's own text)
    exact = {at[k]: sympy.Rational(v) for k, v in point.items()}
    found = {}
    for name in (name for name in at if name in text):
        slope = sympy.diff(out, at[name]).subs(exact, simultaneous=True).doit()
        real = slope.is_number and (slope.is_extended_real or slope is sympy.nan)
        atoms = slope.atoms(sympy.DiracDelta, sympy.Derivative, sympy.Subs)
        found[name] = float(slope) if real and not atoms else None
    return found


SLOPES = {
    "PyTorch": torch_slopes,
    "JAX": jax_slopes,
    "TensorFlow": tensorflow_slopes,
    "SymPy": sympy_slopes,
}


def plain(number):
    """Return a number, or a list of them, as strict JSON has it."""
    if isinstance(number, list):
        return [plain(one) for one in number]
    if number is None or number - number == 0:
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def measured():
    """Return the data anew, with what was stored of peers that are not here."""
    stored = json.loads(DATA.read_text()) if DATA.exists() else {"versions": {}, "answers": {}}
    for peer, package in PEERS.items():
        try:
            import_module(package.removesuffix("-cpu"))
        except ImportError:
            continue
        stored["versions"][peer] = version(package)
        for case in CASES:
            text = case.texts[peer]
            own = stored["answers"].setdefault(case.key, {})
            own[peer] = None
            if text:
                slopes = SLOPES[peer](text, case.point)
                own[peer] = {name: plain(slope) for name, slope in slopes.items()}
    return stored


if __name__ == "__main__":
    found = measured()
    lines = ",\n".join(
        f"    {json.dumps(key)}: {json.dumps(own)}" for key, own in found["answers"].items()
    )
    versions = json.dumps(found["versions"])
    DATA.write_text(f'{{\n  "versions": {versions},\n  "answers": {{\n{lines}\n  }}\n}}\n')
