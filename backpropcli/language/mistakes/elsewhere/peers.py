"""A table of functions that other libraries have, by their own signatures and defaults.

Each row is what NumPy, PyTorch, SciPy, JAX or TensorFlow say of a function that has other
arguments, another order of them, or other defaults than the one of that name here, or no such name
here. The first row whose arguments fit a call says what is written for it; where none does, it is
not known what to write.

A row has the names, the libraries, the arguments in order, and what is written for them. An
argument may have a default, as in ``ddof=1``, has to be given with a value where that stands after
":", and may only have the value after "?". ``_`` changes no value; what comes after ``*`` is given
by name. In what is written, ``key=argument`` is left out where the argument is not given; NAME is
the name, and AXES is axis=axis, keepdims=keepdims. Behind that stand conditions and more, as
``Peer`` has them.
"""

from __future__ import annotations


class Peer:
    """A function of other libraries: a row without the names.

    ``rules`` has the names of its arguments, each with what is said of its value. ``values`` are
    those of a function that has several, ``of`` is what its first argument has to be. It is only
    written where arguments are known to have so many ``axes``. Its value is ``cut`` where that has
    pieces of the first argument, of which the last may be shorter.
    """

    __slots__ = ("axes", "cut", "libraries", "of", "rules", "values", "written")

    def __init__(self, libraries: str, arguments: str, written: str, *more: str) -> None:
        said = {key: value for key, _, value in [cell.partition(" ") for cell in more]}
        counts = [count.split() for count in said.get("axes", "").split(", ") if count]
        self.libraries = libraries.split()
        self.rules = _rules(arguments)
        self.written = written
        self.values = said["values"].split("; ") if "values" in said else []
        self.of = said.get("of", "")
        self.axes = {argument: int(count) for argument, count in counts}
        self.cut = "cut" in said


def _peers(table: str) -> dict[str, list[Peer]]:
    """Return the rows of each name."""
    found: dict[str, list[Peer]] = {}
    for row in table.strip().splitlines():
        names, *cells = row.replace("AXES", "axis=axis, keepdims=keepdims").split("|")
        for name in names.split():
            peer = Peer(*[cell.strip().replace("NAME", name) for cell in cells])
            found.setdefault(name, []).append(peer)
    return found


def _rules(arguments: str) -> dict[str, str]:
    """Return the names of a row's arguments, each with what is said of its value."""
    rules = {}
    for text in arguments.split(", "):
        name = text.rstrip(".").partition("=")[0].partition(":")[0].partition("?")[0]
        rules[name] = text[len(name) :]
    return rules


LOSSES = """
mse_loss | x, y, * | (x - y)^2 | mse(x, y)
l1_loss | x, y, * | abs(x - y) | mae(x, y)
smooth_l1_loss | x, y, * | huber(x - y) | smooth_l1(x, y)
smooth_l1_loss | x, y, *, beta:+ | huber(x - y, beta)/beta | mean(huber(x - y, beta)/beta)
huber_loss | x, y, *, delta=1 | huber(x - y, delta) | mean(huber(x - y, delta))
binary_cross_entropy | x, y, * | -xlogy(y, x) - xlog1py(1 - y, -x) | bce(x, y)
binary_cross_entropy_with_logits | x, y, * | softplus(x) - x*y | bce_logits(x, y)
kl_div | x, y, * | xlogy(y, y) - y*x | mean(xlogy(y, y) - y*x)
"""
"""Losses of PyTorch: the name, the arguments, the loss by elements, and its mean."""
REDUCTIONS = """\
{0} | PyTorch | {1}, reduction?'mean' | {3}
{0} | PyTorch | {1}, reduction:'sum' | sum({2})
{0} | PyTorch | {1}, reduction:'none' | {2}
"""
REDUCED = "".join([REDUCTIONS.format(*row.split(" | ")) for row in LOSSES.strip().splitlines()])
PEERS = _peers(
    REDUCED
    + """\
max min | NumPy | x, axis, _, keepdims | NAME(x, AXES)
max min | PyTorch | x | NAME(x)
max min | PyTorch | x, axis:int, keepdims | NAME(x, AXES) | values NAME(x, AXES); argNAME(x, AXES)
max min | PyTorch JAX lax | x, y | NAME(x, y)
max min | TensorFlow | x, axis, keepdims | NAME(x, AXES)
amax | PyTorch | x, axis, keepdims | max(x, AXES)
amax | NumPy | x, axis, _, keepdims | max(x, AXES)
amin | PyTorch | x, axis, keepdims | min(x, AXES)
amin | NumPy | x, axis, _, keepdims | min(x, AXES)
ptp | NumPy | x, axis, _, keepdims | max(x, AXES) - min(x, AXES)
var std | NumPy | x, axis, _, _, ddof, keepdims | NAME(x, axis=axis, ddof=ddof, keepdims=keepdims)
var std | PyTorch | x, unbiased:bool, keepdims | \
NAME(x, axis=axis, ddof=unbiased, keepdims=keepdims)
var std | PyTorch | x, axis, unbiased:bool, keepdims | \
NAME(x, axis=axis, ddof=unbiased, keepdims=keepdims)
var std | PyTorch | x, axis, ddof=1, keepdims | NAME(x, axis=axis, ddof=ddof, keepdims=keepdims)
var std | TensorFlow | x, axis, keepdims | NAME(x, AXES)
cumsum cumprod | NumPy | x, axis?None | NAME(x) | of a vector
cumsum cumprod | NumPy | x, axis?None | NAME(flatten(x))
cumsum cumprod | NumPy PyTorch | x, axis:int | NAME(x, axis=axis)
cumsum cumprod | lax TensorFlow | x, axis=0 | NAME(x, axis=axis)
average | NumPy | x, axis | mean(x, axis=axis)
average | NumPy | x, axis?None, weights | sum(x*weights)/sum(weights)
average | NumPy | x, axis:-1, weights | sum(x*weights, axis=axis)/sum(weights, axis=axis)
average | NumPy | x, axis, weights | sum(x*weights, axis=axis)/sum(weights, axis=axis) | \
axes x 1, weights 1
average | NumPy | x, axis, weights | sum(x*weights, axis=axis)/sum(weights, axis=axis) | \
axes x 2, weights 2
average | NumPy | x, axis:0, weights | weights@x/sum(weights) | axes x 2, weights 1
average | NumPy | x, axis:1, weights | x@weights/sum(weights) | axes x 2, weights 1
logsumexp | PyTorch | x, axis:int, keepdims | logsumexp(x, AXES)
logsumexp | SciPy JAX | x, axis, _?None, keepdims | logsumexp(x, AXES)
softmax log_softmax | SciPy | x, axis:int | NAME(x, axis=axis)
softmax | SciPy | x | softmax(x) | of a vector
softmax | SciPy | x | exp(x - logsumexp(x))
log_softmax | SciPy | x | x - logsumexp(x)
linalg.norm | NumPy SciPy PyTorch | x, ord?None, axis, keepdims | norm(x, AXES)
linalg.norm | NumPy SciPy PyTorch | x, ord, axis:int, keepdims | norm(x, ord=ord, AXES)
linalg.norm | NumPy SciPy PyTorch | x, ord:'fro' | norm(x)
linalg.norm | NumPy SciPy PyTorch | x, ord:2 | norm(x) | of a vector
linalg.norm | NumPy SciPy PyTorch | x, ord:+ | norm(x, ord) | of a vector
linalg.norm | NumPy SciPy PyTorch | x, ord:1 | max(sum(abs(x), axis=0)) | of a matrix
linalg.norm | NumPy SciPy PyTorch | x, ord:inf | max(sum(abs(x), axis=1)) | of a matrix
linalg.norm | TensorFlow | x | norm(x)
linalg.norm | TensorFlow | x, ord:+, axis, keepdims | norm(x, ord=ord, AXES)
norm | PyTorch | x, ord, axis, keepdims | norm(x, ord=ord, AXES)
norm | TensorFlow | x, ord:+, axis, keepdims | norm(x, ord=ord, AXES)
norm | TensorFlow | x, ord?None, axis, keepdims | norm(x, AXES)
vector_norm | PyTorch | x, ord, axis, keepdims | norm(x, ord=ord, AXES)
matrix_norm | PyTorch | x, ord?'fro' | norm(x)
dist | PyTorch | x, y | norm(x - y)
kl_div | PyTorch | x, y, *, reduction:'batchmean' | sum(xlogy(y, y) - y*x)/size(x, axis=0)
kl_div | SciPy | x, y | xlogy(x, x) - xlogy(x, y) - x + y
nll_loss | PyTorch | x, y, *, reduction?'mean' | nll(x, y)
cross_entropy | PyTorch | x, y, *, reduction?'mean' | cross_entropy(x, y)
cross_entropy | PyTorch | x, y, *, label_smoothing:+ | cross_entropy_smoothed(x, y, label_smoothing)
cosine_similarity | PyTorch | x, y, axis?-1 | cosine_similarity(x, y)
cosine_similarity | PyTorch | x, y, axis | \
sum(x*y, axis=axis)/(norm(x, axis=axis)*norm(y, axis=axis))
normalize | PyTorch | x, p?2, axis?-1 | normalize(x)
normalize | PyTorch | x, p=2, axis=1 | x/norm(x, ord=p, axis=axis, keepdims=True)
layer_norm | PyTorch | x, n:one | layer_norm(x, 1, 0)
layer_norm | PyTorch | x, n:one, w | layer_norm(x, w, 0)
layer_norm | PyTorch | x, n:one, w, b, eps?1e-5 | layer_norm(x, w, b)
linear | PyTorch | x, w | x@w.T
linear | PyTorch | x, w, b | linear(x, w, b)
conv1d conv2d | PyTorch | x, w, b?None, stride, padding | NAME(x, w, stride=stride, padding=padding)
conv1d | PyTorch | x, w, b, stride, padding | \
conv1d(x, w, stride=stride, padding=padding) + b[:, None]
conv2d | PyTorch | x, w, b, stride, padding | \
conv2d(x, w, stride=stride, padding=padding) + b[:, None, None]
gelu | JAX | x, approximate?True | gelu_tanh(x)
gelu | JAX | x, approximate:False | gelu(x)
leaky_relu | TensorFlow | x, alpha=0.2 | leaky_relu(x, alpha)
sinc | PyTorch NumPy SciPy JAX | x | sinc(pi*x)
huber | SciPy | delta, x | huber(x, delta)
pseudo_huber | SciPy | delta, x | delta^2*(sqrt(1 + (x/delta)^2) - 1)
rel_entr | SciPy | x, y | xlogy(x, x) - xlogy(x, y)
entr | SciPy | x | -xlogy(x, x)
log1mexp | JAX | x | log1mexp(-x)
erf_inv | lax | x | erfinv(x)
round | lax | x | sign(x)*floor(abs(x) + 0.5)
clamp | lax | y, x, t | clip(x, y, t)
clip_by_value | TensorFlow | x, y, t | clip(x, y, t)
select | lax | c, x, y | where(c, x, y)
masked_fill | PyTorch | x, c, y | where(c, y, x)
remainder | NumPy PyTorch | x, y | mod(x, y)
remainder | Python | x, y | x - y*round(x/y)
squared_difference | TensorFlow | x, y | (x - y)^2
l2_loss | TensorFlow | x | sum(x^2)/2
reduce_sum | TensorFlow | x, axis, keepdims | sum(x, AXES)
reduce_mean | TensorFlow | x, axis, keepdims | mean(x, AXES)
reduce_prod | TensorFlow | x, axis, keepdims | prod(x, AXES)
reduce_max | TensorFlow | x, axis, keepdims | max(x, AXES)
reduce_min | TensorFlow | x, axis, keepdims | min(x, AXES)
reduce_logsumexp | TensorFlow | x, axis, keepdims | logsumexp(x, AXES)
reduce_std | TensorFlow | x, axis, keepdims | std(x, AXES)
reduce_variance | TensorFlow | x, axis, keepdims | var(x, AXES)
reduce_euclidean_norm | TensorFlow | x, axis, keepdims | norm(x, AXES)
addmm addmv | PyTorch | b, x, y | b + x@y
ger | PyTorch | x, y | outer(x, y)
solve_triangular | PyTorch | x, y, upper:not | solve_triangular(x, y, lower=upper)
solve_triangular | SciPy | x, y, _?0, lower=False | solve_triangular(x, y, lower=lower)
cholesky | NumPy TensorFlow | x | cholesky(x)
cholesky | PyTorch | x, upper?False | cholesky(x)
cholesky | PyTorch NumPy | x, upper:True | cholesky(x).T
cholesky | SciPy | x, lower?False | cholesky(x).T
cholesky | SciPy | x, lower:True | cholesky(x)
slogdet | NumPy PyTorch | x | | values sign(det(x)); log(abs(det(x)))
diff | PyTorch | x, n?1 | x[..., 1:] - x[..., :-1]
diff | NumPy | x, n?1 | x[1:] - x[:-1] | of a vector
diff | NumPy | x, n?1 | x[..., 1:] - x[..., :-1]
diff | NumPy PyTorch | x, n?1, axis:0 | x[1:] - x[:-1]
diff | SymPy | x, y | diff(x, y)
transpose | PyTorch | x, n, t | swapaxes(x, n, t)
sort | PyTorch | x, axis, descending | sort(x, axis=axis, descending=descending) | \
values sort(x, axis=axis, descending=descending)
sort | NumPy | x, axis:int | sort(x, axis=axis)
sort | NumPy | x, axis:None | sort(flatten(x))
sort | NumPy | x | sort(x)
topk | PyTorch | x, k, _?-1 | topk(x, k) | values topk(x, k)
gather | PyTorch | x, axis, i | gather(x, i, axis=axis)
take_along_axis | NumPy | x, i, axis | gather(x, i, axis=axis)
index_select | PyTorch | x, axis:0, i | x[i]
take | NumPy | x, i:listed | x[i] | of a vector
take | NumPy | x, i:listed, axis:0 | x[i]
take | NumPy PyTorch | x, i:listed | flatten(x)[i]
chunk | PyTorch | x, parts, axis | split(x, parts, axis=axis) | cut
split | NumPy TensorFlow | x, parts:int, axis | split(x, parts, axis=axis)
split | PyTorch | |
repeat | NumPy | x, n, axis | repeat(x, n, axis=axis)
repeat | PyTorch | x, n... | tile(x, n)
pad | PyTorch | x, width | pad(x, width) | of a vector
pad | PyTorch | x, width:pair | pad(x, ((0, 0), width)) | of a matrix
pad | NumPy | x, width | pad(x, width)
tril triu | NumPy PyTorch | x, k | NAME(x, k=k)
full | NumPy lax | shape, x | full(x, shape)
choose | NumPy | |
binomial | PyTorch | |
"""
)
"""The rows of each name. With an order ``linalg.norm`` of a matrix is that of the operator."""
METHODS = _peers("""
polygamma | PyTorch | x, n | polygamma(n, x)
where | PyTorch | x, c, y | where(c, x, y)
size | PyTorch | x, axis:int | size(x, axis=axis)
numel | PyTorch | x | size(x)
item | NumPy | x, n | flatten(x)[n]
permute | PyTorch | x, n... | transpose(x, n)
transpose | NumPy | x, n... | transpose(x, n)
transpose | PyTorch | x, n, t | swapaxes(x, n, t)
""")
METHODS["sort"] = [one for one in PEERS["sort"] if "PyTorch" in one.libraries]
METHODS["split"] = []
"""Methods that are other than the functions of the same name, or have no function."""
REFUSED = {
    "chunk": "pieces of several lengths are written one by one, as slices: x[0:2]",
    "norm": "the norm of a matrix of order 2 is its largest singular value, which is not there yet",
    "split": "split takes the number of parts, as in split(x, 2)[0], and not their length",
}
"""What is said of a function that is another here, where no row fits."""
