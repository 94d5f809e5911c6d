"""The words for operations on whole arrays, for NumPy arrays of floats and of any other numbers.

A number is a number of the arithmetic beneath, never an array of no axes. ``arg`` is what is
static. What only floats can have from LAPACK stands in ``linear``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays import arrangements, places, products, reductions
from backpropcli.arithmetics.shapes.arrangements import widths

if TYPE_CHECKING:
    from collections.abc import Callable

    Value = Any


def arange(arg: tuple[Any, ...]) -> Value:
    start, stop, step = arg
    if stop is None:
        start, stop = 0, start
    return np.arange(float(start), stop, step)


WORDS: dict[str, Callable[..., Value]] = {
    "sum": reductions.reduced(np.add),
    "prod": reductions.reduced(np.multiply),
    "amax": reductions.reduced(np.maximum),
    "amin": reductions.reduced(np.minimum),
    "argmax": reductions.argreduced(np.argmax),
    "argmin": reductions.argreduced(np.argmin),
    "cumsum": lambda x, arg: np.add.accumulate(x, axis=arg[0]),
    "others": reductions.others,
    "flip": lambda x, arg: np.flip(x, arg[0]),
    "roll": lambda x, arg: np.roll(x, arg[0], axis=arg[1])[()],
    "sort": places.sort,
    "unsorted": places.unsorted,
    "in_order": places.in_order,
    "matmul": products.matmul,
    "outer": np.multiply.outer,
    "cross": products.cross,
    "kron": np.kron,
    "in_blocks": lambda x, y, z: x.reshape(y.shape[0], z.shape[0], y.shape[1], z.shape[1]),
    "einsum": products.einsum,
    "transpose": lambda x, arg: x.transpose(arg[0]) if isinstance(x, np.ndarray) else x,
    "mT": lambda x: np.swapaxes(x, -1, -2),
    "swapaxes": lambda x, arg: np.swapaxes(x, *arg),
    "moveaxis": lambda x, arg: np.moveaxis(x, *arg),
    "reshape": lambda x, arg: reductions.number(np.asarray(x).reshape(arg[0])),
    "rows": lambda x: x.reshape(-1, x.shape[-1]),
    "kept": lambda x, y, arg: reductions.kept(x, y, arg[0]),
    "shaped": arrangements.shaped,
    "squeeze": lambda x, arg: reductions.number(np.squeeze(x, arg[0])),
    "expand_dims": lambda x, arg: np.expand_dims(x, arg[0]),
    "broadcast_to": lambda x, arg: np.broadcast_to(x, arg[0]) if arg[0] else x,
    "spread": arrangements.spread,
    "gathered": lambda x, y: arrangements.fit(x, np.shape(y)),
    "tile": lambda x, arg: np.tile(x, arg[0]),
    "untile": arrangements.untile,
    "repeat": lambda x, arg: np.repeat(x, arg[0], axis=arg[1]),
    "unrepeat": arrangements.unrepeat,
    "pad": lambda x, arg: np.pad(x, widths(arg[0], x.ndim)),
    "unpad": arrangements.unpad,
    "windows": arrangements.windows,
    "windows_of": lambda x, y, arg: arrangements.windows(x, (y.shape[arg[0]], *arg[1:])),
    "unwindows": arrangements.unwindows,
    "array": arrangements.stack,
    "stack": arrangements.stack,
    "concat": lambda *parts, arg: np.concatenate(parts, axis=arg[0]),
    "part": arrangements.part,
    "joined": arrangements.joined,
    "split": lambda x, arg: np.stack(np.split(x, arg[0], axis=arg[1])),
    "unsplit": lambda x, _y, arg: np.concatenate(list(x), axis=arg[1]),
    "index": places.index,
    "put": places.put,
    "gather": lambda x, i, arg: np.take_along_axis(x, i.astype(np.intp), axis=arg[0]),
    "scattered": places.scattered,
    "classes": lambda t, z: t if np.ndim(t) == np.ndim(z) else places.one_hot(t, (z.shape[-1],)),
    "one_hot": places.one_hot,
    "trace": lambda x: reductions.number(
        np.add.reduce(np.diagonal(x, axis1=-2, axis2=-1), axis=-1)
    ),
    "diag": np.diag,
    "on_diagonal": places.on_diagonal,
    "tril": lambda x, arg: places.triangle(x, np.tril, arg[0]),
    "triu": lambda x, arg: places.triangle(x, np.triu, arg[0]),
    "zeros": lambda arg: np.zeros(arg[0]) if arg[0] else 0.0,
    "ones": lambda arg: np.ones(arg[0]) if arg[0] else 1.0,
    "eye": lambda arg: np.eye(*arg),
    "arange": arange,
    "size": reductions.counted,
    "eye_like": lambda x: np.eye(x.shape[-2], x.shape[-1]),
    "eye_along": lambda x, arg: np.eye(x.shape[arg[0]]),
    "ones_along": lambda x, arg: np.ones(x.shape[arg[0]]),
    "tri_along": lambda x, arg: np.tri(x.shape[arg[0]]),
}
