"""A table of functions that other libraries have, by their own signatures and defaults.

Each row is what NumPy, PyTorch, SciPy, JAX or TensorFlow say of a function that has other
arguments, another order of them, or other defaults than the one of that name here, or no such name
here. The first row whose arguments fit a call says what is written for it; where none does, it is
not known what to write.
"""

from __future__ import annotations

NUMPY, TORCH, SCIPY, JAX = "NumPy", "PyTorch", "SciPy", "JAX"
LAX, TENSORFLOW, SYMPY, PYTHON = "lax", "TensorFlow", "SymPy", "Python"
AXIS = "axis=axis, keepdims=keepdims"
WEIGHED = "sum(x*weights, axis=axis)"
BY_VECTOR = (("x", 2), ("weights", 1))
VECTOR, MATRIX = "a vector", "a matrix"


class Peer:
    """A function of other libraries: its arguments in order, and what is written for them.

    An argument may have a default, as in ``ddof=1``, has to be given with a value where that
    stands after ":", and may only have the value after "?". ``_`` changes no value; what comes
    after ``*`` is given by name. In
    ``written``, ``key=argument`` is left out where the argument is not given. ``parts`` are the
    values of a function that has several, ``of`` is what its first argument has to be. It is only
    written where arguments are known to have so many ``axes``. Its value is ``cut`` where that has
    pieces of the first argument, of which the last may be shorter.
    """

    __slots__ = ("arguments", "axes", "cut", "libraries", "of", "parts", "written")

    def __init__(  # noqa: PLR0913 (a row has this many cells)
        self,
        libraries: tuple[str, ...],
        arguments: str,
        written: str,
        *,
        parts: tuple[str, ...] = (),
        of: str = "",
        axes: tuple[tuple[str, int], ...] = (),
        cut: bool = False,
    ) -> None:
        self.libraries = libraries
        self.arguments = arguments.split(", ")
        self.written = written
        self.parts = parts
        self.of = of
        self.axes = axes
        self.cut = cut


def _ones(*libraries: str, **functions: tuple[str, str]) -> dict[str, list[Peer]]:
    return {name: [Peer(libraries, *row)] for name, row in functions.items()}


def _merged(*tables: dict[str, list[Peer]]) -> dict[str, list[Peer]]:
    found: dict[str, list[Peer]] = {}
    for table in tables:
        for name, peers in table.items():
            found.setdefault(name, []).extend(peers)
    return found


def _extreme(name: str) -> list[Peer]:
    """Return the largest or smallest element, which PyTorch tells with its place."""
    written = f"{name}(x, {AXIS})"
    return [
        Peer((NUMPY,), "x, axis, _, keepdims", written),
        Peer((TORCH,), "x", f"{name}(x)"),
        Peer((TORCH,), "x, axis:int, keepdims", written, parts=(written, f"arg{name}(x, {AXIS})")),
        Peer((TORCH,), "x, y", f"{name}(x, y)"),
        Peer((JAX, LAX), "x, y", f"{name}(x, y)"),
        Peer((TENSORFLOW,), "x, axis, keepdims", written),
    ]


def _spread(name: str) -> list[Peer]:
    return [
        Peer(
            (NUMPY,),
            "x, axis, _, _, ddof, keepdims",
            f"{name}(x, axis=axis, ddof=ddof, keepdims=keepdims)",
        ),
        Peer(
            (TORCH,),
            "x, unbiased:bool, keepdims",
            f"{name}(x, axis=axis, ddof=unbiased, keepdims=keepdims)",
        ),
        Peer(
            (TORCH,),
            "x, axis, unbiased:bool, keepdims",
            f"{name}(x, axis=axis, ddof=unbiased, keepdims=keepdims)",
        ),
        Peer(
            (TORCH,),
            "x, axis, ddof=1, keepdims",
            f"{name}(x, axis=axis, ddof=ddof, keepdims=keepdims)",
        ),
        Peer((TENSORFLOW,), "x, axis, keepdims", f"{name}(x, {AXIS})"),
    ]


def _running(name: str) -> list[Peer]:
    return [
        Peer((NUMPY,), "x, axis?None", f"{name}(x)", of=VECTOR),
        Peer((NUMPY,), "x, axis?None", f"{name}(flatten(x))"),
        Peer((NUMPY, TORCH), "x, axis:int", f"{name}(x, axis=axis)"),
        Peer((LAX, TENSORFLOW), "x, axis=0", f"{name}(x, axis=axis)"),
    ]


def _loss(element: str, mean: str = "", more: str = "") -> list[Peer]:
    """Return a loss of PyTorch: as a mean, a sum, or by elements."""
    more = f", {more}" if more else ""
    return [
        Peer((TORCH,), f"x, y, *{more}, reduction?'mean'", mean or f"mean({element})"),
        Peer((TORCH,), f"x, y, *{more}, reduction:'sum'", f"sum({element})"),
        Peer((TORCH,), f"x, y, *{more}, reduction:'none'", element),
    ]


LENGTHS = "norm(x, axis=axis)*norm(y, axis=axis)"
DIVERGENCE = "xlogy(y, y) - y*x"
SMOOTH = "huber(x - y, beta)/beta"
NORMS = [
    Peer((NUMPY, SCIPY, TORCH), "x, ord?None, axis, keepdims", f"norm(x, {AXIS})"),
    Peer((NUMPY, SCIPY, TORCH), "x, ord, axis:int, keepdims", f"norm(x, ord=ord, {AXIS})"),
    Peer((NUMPY, SCIPY, TORCH), "x, ord:'fro'", "norm(x)"),
    Peer((NUMPY, SCIPY, TORCH), "x, ord:2", "norm(x)", of=VECTOR),
    Peer((NUMPY, SCIPY, TORCH), "x, ord:+", "norm(x, ord)", of=VECTOR),
    Peer((NUMPY, SCIPY, TORCH), "x, ord:1", "max(sum(abs(x), axis=0))", of=MATRIX),
    Peer((NUMPY, SCIPY, TORCH), "x, ord:inf", "max(sum(abs(x), axis=1))", of=MATRIX),
    Peer((TENSORFLOW,), "x", "norm(x)"),
    Peer((TENSORFLOW,), "x, ord:+, axis, keepdims", f"norm(x, ord=ord, {AXIS})"),
]
"""The norm of ``linalg``: of a matrix and with an order it is that of the operator."""
PEERS = _merged(
    {
        **{name: _extreme(name) for name in ("max", "min")},
        **{name: _spread(name) for name in ("var", "std")},
        **{name: _running(name) for name in ("cumsum", "cumprod")},
        "mse_loss": _loss("(x - y)^2", "mse(x, y)"),
        "l1_loss": _loss("abs(x - y)", "mae(x, y)"),
        "smooth_l1_loss": [
            *_loss("huber(x - y)", "smooth_l1(x, y)"),
            Peer((TORCH,), "x, y, *, beta:+, reduction?'mean'", f"mean({SMOOTH})"),
            Peer((TORCH,), "x, y, *, beta:+, reduction:'sum'", f"sum({SMOOTH})"),
            Peer((TORCH,), "x, y, *, beta:+, reduction:'none'", SMOOTH),
        ],
        "huber_loss": _loss("huber(x - y, delta)", more="delta=1"),
        "binary_cross_entropy": _loss("-xlogy(y, x) - xlog1py(1 - y, -x)", "bce(x, y)"),
        "binary_cross_entropy_with_logits": _loss("softplus(x) - x*y", "bce_logits(x, y)"),
        "kl_div": [
            *_loss(DIVERGENCE),
            Peer((TORCH,), "x, y, *, reduction:'batchmean'", f"sum({DIVERGENCE})/size(x, axis=0)"),
            Peer((SCIPY,), "x, y", "xlogy(x, x) - xlogy(x, y) - x + y"),
        ],
        "nll_loss": [Peer((TORCH,), "x, y, *, reduction?'mean'", "nll(x, y)")],
        "cross_entropy": [
            Peer((TORCH,), "x, y, *, reduction?'mean'", "cross_entropy(x, y)"),
            Peer(
                (TORCH,),
                "x, y, *, label_smoothing:+",
                "cross_entropy_smoothed(x, y, label_smoothing)",
            ),
        ],
    },
    _ones(
        TORCH,
        amax=("x, axis, keepdims", f"max(x, {AXIS})"),
        amin=("x, axis, keepdims", f"min(x, {AXIS})"),
        sinc=("x", "sinc(pi*x)"),
        transpose=("x, n, t", "swapaxes(x, n, t)"),
        logsumexp=("x, axis:int, keepdims", f"logsumexp(x, {AXIS})"),
        vector_norm=("x, ord, axis, keepdims", f"norm(x, ord=ord, {AXIS})"),
        matrix_norm=("x, ord?'fro'", "norm(x)"),
        gather=("x, axis, i", "gather(x, i, axis=axis)"),
        index_select=("x, axis:0, i", "x[i]"),
        masked_fill=("x, c, y", "where(c, y, x)"),
        addmm=("b, x, y", "b + x@y"),
        addmv=("b, x, y", "b + x@y"),
        ger=("x, y", "outer(x, y)"),
        solve_triangular=("x, y, upper:not", "solve_triangular(x, y, lower=upper)"),
        linear=("x, w", "x@w.T"),
        dist=("x, y", "norm(x - y)"),
        diff=("x, n?1", "x[..., 1:] - x[..., :-1]"),
    ),
    {
        "linear": [Peer((TORCH,), "x, w, b", "linear(x, w, b)")],
        "chunk": [Peer((TORCH,), "x, parts, axis", "split(x, parts, axis=axis)", cut=True)],
        "sort": [
            Peer(
                (TORCH,),
                "x, axis, descending",
                "sort(x, axis=axis, descending=descending)",
                parts=("sort(x, axis=axis, descending=descending)",),
            ),
            Peer((NUMPY,), "x, axis:int", "sort(x, axis=axis)"),
            Peer((NUMPY,), "x, axis:None", "sort(flatten(x))"),
            Peer((NUMPY,), "x", "sort(x)"),
        ],
        "topk": [Peer((TORCH,), "x, k, _?-1", "topk(x, k)", parts=("topk(x, k)",))],
        "split": [
            Peer((NUMPY, TENSORFLOW), "x, parts:int, axis", "split(x, parts, axis=axis)"),
            Peer((TORCH,), "", ""),
        ],
        "cholesky": [
            Peer((NUMPY, TENSORFLOW), "x", "cholesky(x)"),
            Peer((TORCH,), "x, upper?False", "cholesky(x)"),
            Peer((TORCH, NUMPY), "x, upper:True", "cholesky(x).T"),
            Peer((SCIPY,), "x, lower?False", "cholesky(x).T"),
            Peer((SCIPY,), "x, lower:True", "cholesky(x)"),
        ],
        "cosine_similarity": [
            Peer((TORCH,), "x, y, axis?-1", "cosine_similarity(x, y)"),
            Peer((TORCH,), "x, y, axis", f"sum(x*y, axis=axis)/({LENGTHS})"),
        ],
        "normalize": [
            Peer((TORCH,), "x, p?2, axis?-1", "normalize(x)"),
            Peer((TORCH,), "x, p=2, axis=1", "x/norm(x, ord=p, axis=axis, keepdims=True)"),
        ],
        "layer_norm": [
            Peer((TORCH,), "x, n:one", "layer_norm(x, 1, 0)"),
            Peer((TORCH,), "x, n:one, w", "layer_norm(x, w, 0)"),
            Peer((TORCH,), "x, n:one, w, b, eps?1e-5", "layer_norm(x, w, b)"),
        ],
        "conv1d": [
            Peer(
                (TORCH,),
                "x, w, b?None, stride, padding",
                "conv1d(x, w, stride=stride, padding=padding)",
            ),
            Peer(
                (TORCH,),
                "x, w, b, stride, padding",
                "conv1d(x, w, stride=stride, padding=padding) + b[:, None]",
            ),
        ],
        "conv2d": [
            Peer(
                (TORCH,),
                "x, w, b?None, stride, padding",
                "conv2d(x, w, stride=stride, padding=padding)",
            ),
            Peer(
                (TORCH,),
                "x, w, b, stride, padding",
                "conv2d(x, w, stride=stride, padding=padding) + b[:, None, None]",
            ),
        ],
        "pad": [
            Peer((TORCH,), "x, width", "pad(x, width)", of=VECTOR),
            Peer((TORCH,), "x, width:pair", "pad(x, ((0, 0), width))", of=MATRIX),
            Peer((NUMPY,), "x, width", "pad(x, width)"),
        ],
        "tril": [Peer((NUMPY, TORCH), "x, k", "tril(x, k=k)")],
        "triu": [Peer((NUMPY, TORCH), "x, k", "triu(x, k=k)")],
    },
    _ones(
        NUMPY,
        amax=("x, axis, _, keepdims", f"max(x, {AXIS})"),
        amin=("x, axis, _, keepdims", f"min(x, {AXIS})"),
        ptp=("x, axis, _, keepdims", f"max(x, {AXIS}) - min(x, {AXIS})"),
        sinc=("x", "sinc(pi*x)"),
        average=("x, axis", "mean(x, axis=axis)"),
        take_along_axis=("x, i, axis", "gather(x, i, axis=axis)"),
        full=("shape, x", "full(x, shape)"),
        choose=("", ""),
    ),
    {
        "average": [
            Peer((NUMPY,), "x, axis?None, weights", "sum(x*weights)/sum(weights)"),
            Peer((NUMPY,), "x, axis:-1, weights", f"{WEIGHED}/sum(weights, axis=axis)"),
            *[
                Peer((NUMPY,), "x, axis, weights", f"{WEIGHED}/sum(weights, axis=axis)", axes=axes)
                for axes in ((("x", 1), ("weights", 1)), (("x", 2), ("weights", 2)))
            ],
            Peer((NUMPY,), "x, axis:0, weights", "weights@x/sum(weights)", axes=BY_VECTOR),
            Peer((NUMPY,), "x, axis:1, weights", "x@weights/sum(weights)", axes=BY_VECTOR),
        ],
        "diff": [
            Peer((NUMPY,), "x, n?1", "x[1:] - x[:-1]", of=VECTOR),
            Peer((NUMPY,), "x, n?1", "x[..., 1:] - x[..., :-1]"),
            Peer((NUMPY, TORCH), "x, n?1, axis:0", "x[1:] - x[:-1]"),
            Peer((SYMPY,), "x, y", "diff(x, y)"),
        ],
        "take": [
            Peer((NUMPY,), "x, i:listed", "x[i]", of=VECTOR),
            Peer((NUMPY,), "x, i:listed, axis:0", "x[i]"),
            Peer((NUMPY, TORCH), "x, i:listed", "flatten(x)[i]"),
        ],
        "repeat": [
            Peer((NUMPY,), "x, n, axis", "repeat(x, n, axis=axis)"),
            Peer((TORCH,), "x, n...", "tile(x, n)"),
        ],
        "slogdet": [
            Peer((NUMPY, TORCH), "x", "", parts=("sign(det(x))", "log(abs(det(x)))")),
        ],
        "binomial": [Peer((TORCH,), "", "")],
        "remainder": [
            Peer((NUMPY, TORCH), "x, y", "mod(x, y)"),
            Peer((PYTHON,), "x, y", "x - y*round(x/y)"),
        ],
    },
    _ones(
        SCIPY,
        softmax=("x, axis:int", "softmax(x, axis=axis)"),
        log_softmax=("x, axis:int", "log_softmax(x, axis=axis)"),
        logsumexp=("x, axis, _?None, keepdims", f"logsumexp(x, {AXIS})"),
        huber=("delta, x", "huber(x, delta)"),
        pseudo_huber=("delta, x", "delta^2*(sqrt(1 + (x/delta)^2) - 1)"),
        rel_entr=("x, y", "xlogy(x, x) - xlogy(x, y)"),
        entr=("x", "-xlogy(x, x)"),
        sinc=("x", "sinc(pi*x)"),
        solve_triangular=("x, y, _?0, lower=False", "solve_triangular(x, y, lower=lower)"),
    ),
    {
        "softmax": [
            Peer((SCIPY,), "x", "softmax(x)", of=VECTOR),
            Peer((SCIPY,), "x", "exp(x - logsumexp(x))"),
        ],
        "log_softmax": [
            Peer((SCIPY,), "x", "x - logsumexp(x)"),
        ],
        "linalg.norm": NORMS,
        "norm": [
            Peer((TORCH,), "x, ord, axis, keepdims", f"norm(x, ord=ord, {AXIS})"),
            Peer((TENSORFLOW,), "x, ord:+, axis, keepdims", f"norm(x, ord=ord, {AXIS})"),
            Peer((TENSORFLOW,), "x, ord?None, axis, keepdims", f"norm(x, {AXIS})"),
        ],
    },
    _ones(
        JAX,
        gelu=("x, approximate?True", "gelu_tanh(x)"),
        sinc=("x", "sinc(pi*x)"),
        log1mexp=("x", "log1mexp(-x)"),
        logsumexp=("x, axis, _?None, keepdims", f"logsumexp(x, {AXIS})"),
    ),
    {"gelu": [Peer((JAX,), "x, approximate:False", "gelu(x)")]},
    _ones(
        LAX,
        clamp=("y, x, t", "clip(x, y, t)"),
        round=("x", "sign(x)*floor(abs(x) + 0.5)"),
        full=("shape, x", "full(x, shape)"),
        select=("c, x, y", "where(c, x, y)"),
        erf_inv=("x", "erfinv(x)"),
    ),
    _ones(
        TENSORFLOW,
        leaky_relu=("x, alpha=0.2", "leaky_relu(x, alpha)"),
        reduce_sum=("x, axis, keepdims", f"sum(x, {AXIS})"),
        reduce_mean=("x, axis, keepdims", f"mean(x, {AXIS})"),
        reduce_prod=("x, axis, keepdims", f"prod(x, {AXIS})"),
        reduce_max=("x, axis, keepdims", f"max(x, {AXIS})"),
        reduce_min=("x, axis, keepdims", f"min(x, {AXIS})"),
        reduce_logsumexp=("x, axis, keepdims", f"logsumexp(x, {AXIS})"),
        reduce_std=("x, axis, keepdims", f"std(x, {AXIS})"),
        reduce_variance=("x, axis, keepdims", f"var(x, {AXIS})"),
        reduce_euclidean_norm=("x, axis, keepdims", f"norm(x, {AXIS})"),
        squared_difference=("x, y", "(x - y)^2"),
        l2_loss=("x", "sum(x^2)/2"),
        clip_by_value=("x, y, t", "clip(x, y, t)"),
    ),
)
"""The rows of each name."""
METHODS = {
    "polygamma": [Peer((TORCH,), "x, n", "polygamma(n, x)")],
    "where": [Peer((TORCH,), "x, c, y", "where(c, x, y)")],
    "size": [Peer((TORCH,), "x, axis:int", "size(x, axis=axis)")],
    "numel": [Peer((TORCH,), "x", "size(x)")],
    "item": [Peer((NUMPY,), "x, n", "flatten(x)[n]")],
    "permute": [Peer((TORCH,), "x, n...", "transpose(x, n)")],
    "transpose": [
        Peer((NUMPY,), "x, n...", "transpose(x, n)"),
        Peer((TORCH,), "x, n, t", "swapaxes(x, n, t)"),
    ],
    "sort": [one for one in PEERS["sort"] if TORCH in one.libraries],
    "split": [],
}
"""Methods that are other than the functions of the same name, or have no function."""
REFUSED = {
    "chunk": "pieces of several lengths are written one by one, as slices: x[0:2]",
    "norm": "the norm of a matrix of order 2 is its largest singular value, which is not there yet",
    "split": "split takes the number of parts, as in split(x, 2)[0], and not their length",
}
"""What is said of a function that is another here, where no row fits."""
