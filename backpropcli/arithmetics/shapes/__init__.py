"""Shapes as an arithmetic: the forward pass in it finds every node's shape before any number.

A shape is a tuple of sizes; a number's is (). A size is a whole number, or ``Letters`` that stand
for one. Operations that no word here names are elementwise: they broadcast as NumPy does.
"""

from __future__ import annotations

from backpropcli.arithmetics.shapes import (
    arrangements,
    axes,
    indices,
    products,
    reductions,
    windows,
)
from backpropcli.arithmetics.shapes.misfits import MisfitError, checked
from backpropcli.arithmetics.shapes.sizes import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.graph.row import Row

    Axes = int | tuple[int, ...] | None


def _classes(t: Shape, z: Shape) -> Shape:
    if len(t) == len(z) and axes.broadcast(t, z) == z:
        return z
    if t != z[:-1]:
        raise MisfitError(
            f"for {{1}} of {text(z)}, {{0}} is {text(z[:-1])} class numbers "
            f"or {text(z)} probabilities"
        )
    return z


def _number(x: Shape, arg: tuple[Axes]) -> Shape:
    axes.along(arg[0], len(x))
    return ()


def _ones_along(x: Shape, arg: tuple[int]) -> Shape:
    return (x[axes.normal(arg[0], len(x))],)


def _square_along(x: Shape, arg: tuple[int]) -> Shape:
    return _ones_along(x, arg) * 2


def constant(_text: object) -> Shape:
    """Return the shape of a number of a rule's text."""
    return ()


def double(_value: float) -> Shape:
    """Return the shape of a number of a user's."""
    return ()


def word(row: Row) -> Callable[..., Shape] | None:
    """Return the word of an elementwise operation; None where ``expand`` says more."""
    if row.own:
        return _own(row)
    return None if row.derived else axes.broadcast


def _own(row: Row) -> Callable[..., Shape]:
    """Return the word of a function with rules: its value is its body's."""

    def found(*given: Shape) -> Shape:
        *inputs, body = given
        if not row.whole and body != axes.broadcast(*inputs):
            raise MisfitError(
                f"the rule of {row.shown} is for each element, and its value is {text(body)} "
                f"where its arguments are {text(axes.broadcast(*inputs))}: "
                "write what goes back to them, as in adjoint*2*x"
            )
        return body

    return found


INFIX: dict[str, str] = {}
WORDS: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(("sum", "amax", "amin", "lse", "argmax", "argmin"), reductions.reduced),
    "mean": reductions.reduced,
    "prod": reductions.multiplied,
    "std": reductions.varied,
    "var": reductions.varied,
    "norm": reductions.normed,
    **dict.fromkeys(
        (
            *("softmax", "log_softmax", "cumsum", "cumprod", "logcumsumexp", "sort", "unsorted"),
            *("in_order", "others"),
        ),
        reductions.same,
    ),
    "tril": products.triangle("tril"),
    "triu": products.triangle("triu"),
    "flip": reductions.flipped,
    "roll": lambda x, arg: reductions.flipped(x, arg[1:]),
    "matmul": products.matmul,
    "outer": products.vectors,
    "cross": products.cross,
    "kron": products.kron,
    "in_blocks": lambda _x, y, z: (y[0], z[0], y[1], z[1]),
    "einsum": products.einsum,
    "transpose": arrangements.transpose,
    "mT": products.turned,
    "swapaxes": arrangements.swapped,
    "moveaxis": arrangements.moved,
    "reshape": arrangements.reshaped,
    "rows": lambda x: (axes.product(x[:-1]), x[-1]),
    "kept": lambda _, y, arg: axes.kept(y, arg[0]),
    **dict.fromkeys(
        (
            *("shaped", "spread", "gathered", "untile", "unrepeat", "unpad", "put", "scattered"),
            *("unsplit", "on_diagonal"),
        ),
        lambda _, y, *__, arg=None: y,  # noqa: ARG005
    ),
    "topk": reductions.topk,
    "linspace": indices.spaced,
    "squeeze": arrangements.squeezed,
    "expand_dims": arrangements.expanded,
    "broadcast_to": arrangements.spread,
    "tile": arrangements.tiled,
    "repeat": arrangements.repeated,
    "pad": arrangements.padded,
    "windows": windows.windows,
    "windows_of": lambda x, y, arg: windows.windows(x, (y[axes.normal(arg[0], len(y))], *arg[1:])),
    "unwindows": windows.unwound,
    "conv1d": windows.convolved(1, "length"),
    "conv2d": windows.convolved(2, "rows, columns"),
    **dict.fromkeys(("max_pool1d", "avg_pool1d"), windows.pooled(1)),
    **dict.fromkeys(("max_pool2d", "avg_pool2d"), windows.pooled(2)),
    "array": lambda *shapes: arrangements.stack(*shapes, arg=(0,)),
    "stack": arrangements.stack,
    "concat": arrangements.concat,
    "part": lambda _, *others, arg: others[arg[1]],
    "joined": lambda _, *others, arg: arrangements.concat(*others, arg=arg[:1]),
    "split": arrangements.split,
    "index": indices.indexed,
    "gather": indices.gathered,
    "classes": _classes,
    "one_hot": lambda i, arg: (*i, *checked(arg, "n")),
    "trace": lambda x: products.matrix(x, "trace"),
    "det": products.square("det"),
    "logdet": products.square("logdet"),
    "inv": products.square("inv", whole=True),
    "cholesky": products.square("cholesky", whole=True),
    "cofactors": products.square("det", whole=True),
    "cofactors_along": lambda x, _: x,
    "solve": products.solve,
    "solve_triangular": products.solve,
    "diag": products.diag,
    **dict.fromkeys(("zeros", "ones"), lambda arg: checked(arg[0])),
    "eye": lambda arg: checked((arg[0], arg[0] if arg[1] is None else arg[1]), "n"),
    "arange": lambda arg: (indices.counted(arg),),
    "size": _number,
    "eye_like": lambda x: x[-2:],
    "eye_along": _square_along,
    "ones_along": _ones_along,
    "tri_along": _square_along,
}
