"""The rows of the operations on whole arrays: the second part of the table of operations.

Programs of scalars never load it. What the cells mean stands in ``row``: ``adjoints`` say what
goes to each input, where ``g`` is the adjoint of the value. In a reduction ``g`` and ``out`` keep
the reduced axes, with length 1. In an operation of any number of inputs ``args`` stands for all of
them, x0, x1, ... for each, ``rest`` for those without a name, and ``which`` is the number of the
input at hand. Rules for linear algebra are from
"An extended collection of matrix derivative results for forward and reverse mode" (Giles, 2008).
"""

from __future__ import annotations

from backpropcli.graph.cells import Kink, Notation
from backpropcli.graph.operations import NAMES, STEP_UNKNOWN, TABLE
from backpropcli.graph.row import Row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

OVER = ("axis=None", "keepdims=False")
"""What is static in a reduction."""


def _norm(_index: int, _axes: Sequence[int], order: object, *_: object) -> str:
    """Return what goes to the input of a norm, by its order."""
    if order == 1:
        return "g*sign(x)"
    if order == float("inf"):
        return (
            "where(quiet(abs(x) == out and x != 0), "
            "g*sign(x)/sum(quiet(abs(x) == out), axis=axis, keepdims=True), 0)"
        )
    if order == 2:  # noqa: PLR2004 (the usual one)
        return "g*where(out == 0, 0, x/out)"
    return "g*where(out == 0, 0, sign(x)*(abs(x)/out)^(ord - 1))"


def _multiplied(_index: int, _axes: Sequence[int], axis: int | None, *_: object) -> str:
    if axis is None:
        return "g*shaped(others(reshape(x, (-1,)), axis=0), x)"
    return "g*others(x, axis=axis)"


def _transposed(_index: int, _axes: Sequence[int], axes: tuple[int, ...] | None) -> str:
    if axes is None:
        return "g.T"
    back = [0] * len(axes)
    for at, axis in enumerate(axes):
        back[axis % len(axes)] = at
    return f"transpose(g, axes=({', '.join(map(str, back))},))"


def _rolled(_index: int, _axes: Sequence[int], shift: int | tuple[int, ...], _axis: object) -> str:
    back = tuple(-one for one in shift) if isinstance(shift, tuple) else -shift
    return f"roll(g, shift={back}, axis=axis)"


def _stacked(index: int, axes: Sequence[int], axis: int = 0) -> str:
    axis %= axes[0] + 1
    return f"g[{':, ' * axis}{index}]"


def _solved(index: int, axes: Sequence[int], lower: bool) -> str:  # noqa: FBT001 (what is static)
    turned = f"solve_triangular(x.mT, g, lower={not lower})"
    if index:
        return turned
    outer = f"outer({turned}, out)" if axes[1] == 1 else f"{turned}@out.mT"
    return f"-tri{'l' if lower else 'u'}({outer})"


def _classes(index: int, axes: Sequence[int]) -> str:
    return "g" if index == 0 and axes[0] == axes[1] else "0"


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


DOTS = "..."
"""What stands in subscripts for all axes that have no letter."""


def dotted(text: str, axes: Sequence[int]) -> str:
    """Return the letters that dots stand for in an einsum of operands with so many axes.

    An operand with fewer of them has the last ones.
    """
    counts = [0]
    for subscripts, count in zip(text.partition("->")[0].split(","), axes, strict=False):
        if DOTS in subscripts:
            counts.append(count - len(subscripts.replace(" ", "")) + len(DOTS))
    free = [letter for letter in LETTERS if letter not in text]
    return "".join(free[: max(counts)])


def subscripts_of(text: str, axes: Sequence[int]) -> tuple[list[str], str]:
    """Return the letters of the operands of an einsum, and of its value.

    ``axes`` are the operands' numbers of axes: dots become letters.
    """
    given, arrow, out = text.replace(" ", "").partition("->")
    if not arrow:
        letters = given.replace(".", "").replace(",", "")
        dots = DOTS if DOTS in given else ""
        out = dots + "".join(sorted(one for one in set(letters) if letters.count(one) == 1))
    operands = given.split(",")
    if "." not in given + out:
        return operands, out
    filled, free = [], dotted(text, axes)
    for subscripts, count in zip(operands, axes, strict=False):
        most = count - len(subscripts) + len(DOTS)
        filled.append(subscripts.replace(DOTS, free[max(0, len(free) - most) :]))
    return filled, out.replace(DOTS, free)


def _contracted(index: int, axes: Sequence[int], text: str) -> str:
    """Return what goes to an operand of einsum: einsum of g with the other operands.

    A letter that no other operand has was summed away, or is met twice in this one. Dots stay
    where the value has them, and this operand has all of their axes.
    """
    operands, out = subscripts_of(text, axes)
    own = operands[index]
    others = [at for at in range(len(operands)) if at != index]
    terms = [out, *[operands[at] for at in others]]
    values = ["g", *[f"x{at}" for at in others]]
    known, free, target = set("".join(terms)), iter(LETTERS), ""
    for axis, letter in enumerate(own):
        if letter in target:
            fresh = next(one for one in free if one not in "".join(operands) + out + target)
            terms.append(letter + fresh)
            values.append(f"eye_along(x{index}, axis={axis})")
            target += fresh
            continue
        if letter not in known:
            terms.append(letter)
            values.append(f"ones_along(x{index}, axis={axis})")
            known.add(letter)
        target += letter
    dots = dotted(text, axes)
    if dots and dots in own and dots in out:
        written = text.replace(" ", "").partition("->")[0].split(",")
        terms[: len(written)] = [out.replace(dots, DOTS), *[written[at] for at in others]]
        target = target.replace(dots, DOTS)
    return f'einsum("{",".join(terms)}->{target}", {", ".join(values)})'


TIE = "elements tie"
"""Where a largest or smallest element is not the only one."""


def _tied(left: str, right: str) -> Kink:
    """Return the kink of a largest or smallest element that several elements are."""
    tied = "sum(x == out, axis=axis, keepdims=True)"
    share = f"1/{tied}"
    slopes = (left, right, share, share, share, "")
    return Kink(f"x == out and {tied} > 1", shared=True, said=TIE, x=slopes)


def _jumps(most: str) -> Kink:
    """Return the jump of the place of a largest or smallest element that several elements are."""
    top = f"{most}(x, axis=axis, keepdims=True)"
    tied = f"x == {top} and sum(x == {top}, axis=axis, keepdims=True) > 1"
    return Kink(tied, jump=True, said=TIE, x=STEP_UNKNOWN)


FROM_EQUAL = "sqrt((1 - 1/size(x, axis=axis))/(size(x, axis=axis) - ddof))"
"""How fast a standard deviation grows from 0 where one element leaves the others."""
FARTHEST = "sign(x)/sum(abs(x) == out, axis=axis, keepdims=True)"
"""The share of an element in the slope of the largest absolute value."""
BEFORE = "out == roll(out, 1, axis=axis) and cumsum(out == out, axis=axis) > 1"
AFTER = "out == roll(out, -1, axis=axis) and cumsum(out == out, axis=axis) < size(x, axis=axis)"
"""Whether an element of a sorted array is the same as the one before it, or after it."""
BY = "x, axis=axis, descending=descending"

ROWS = (
    # Reductions: over all elements, or along axis
    Row("sum(x)", static=OVER, adjoints=("g",), reduces=True, doc="the sum of the elements"),
    Row(
        "mean(x)",
        static=OVER,
        expand="sum(x, axis=axis, keepdims=keepdims)/size(x, axis=axis)",
        doc="the mean of the elements",
        aliases=("average",),
    ),
    Row(
        "prod(x)",
        static=OVER,
        adjoints=_multiplied,
        reduces=True,
        doc="the product of the elements",
    ),
    Row(
        "amax(x)",
        static=OVER,
        spelled="max",
        reduces=True,
        kinks=(_tied("0", "1"),),
        adjoints=("where(quiet(x == out), g/sum(quiet(x == out), axis=axis, keepdims=True), 0)",),
        doc="the largest element; elements that tie share the slope evenly",
    ),
    Row(
        "amin(x)",
        static=OVER,
        spelled="min",
        reduces=True,
        kinks=(_tied("1", "0"),),
        adjoints=("where(quiet(x == out), g/sum(quiet(x == out), axis=axis, keepdims=True), 0)",),
        doc="the smallest element; elements that tie share the slope evenly",
    ),
    Row(
        "argmax(x)",
        static=OVER,
        adjoints=("0",),
        kinks=(_jumps("max"),),
        doc="the place of the largest element, counted from 0; nothing moves it",
    ),
    Row(
        "argmin(x)",
        static=OVER,
        adjoints=("0",),
        kinks=(_jumps("min"),),
        doc="the place of the smallest element, counted from 0; nothing moves it",
    ),
    Row(
        "lse(x)",
        static=OVER,
        spelled="logsumexp",
        reduces=True,
        adjoints=("g*exp(x - out)",),
        doc="log(sum(exp(x))), without overflow",
    ),
    Row(
        "norm(x)",
        static=("ord?=2", *OVER),
        reduces=True,
        adjoints=_norm,
        kinks=(
            Kink("out == 0", said="all elements are 0", x=("-1", "1", "0", "nan", "nan", "")),
            Kink(
                "ord == 1 and x == 0 and out != 0",
                said="ord is 1 and x is 0",
                x=("-1", "1", "0", "1", "0", ""),
            ),
            Kink(
                "ord == inf and abs(x) == out and out != 0"
                " and sum(abs(x) == out, axis=axis, keepdims=True) > 1",
                x=("where(x < 0, -1, 0)", "where(x > 0, 1, 0)", FARTHEST, FARTHEST, FARTHEST, ""),
                shared=True,
                said="ord is inf and elements tie in size",
            ),
        ),
        doc="the root of the sum of squares of all elements (of a matrix: the Frobenius norm)",
        note="ord=1, 2, inf or another number, of the elements; 0 at 0, the smallest subgradient",
    ),
    Row(
        "var(x)",
        static=(*OVER, "ddof=0"),
        expand="sum((x - mean(x, axis=axis, keepdims=True))^2, axis=axis, keepdims=keepdims)/(size(x, axis=axis) - ddof)",  # noqa: E501 (one rule)
        doc="the variance; ddof=1 divides by one less, as PyTorch does",
    ),
    Row(
        "std(x)",
        static=(*OVER, "ddof=0"),
        reduces=True,
        adjoints=(
            "g*where(out == 0, 0, (x - mean(x, axis=axis, keepdims=True))/out/(size(x, axis=axis) - ddof))",  # noqa: E501 (one rule)
        ),
        kinks=(
            Kink(
                "out == 0",
                said="all elements are equal",
                x=(f"-{FROM_EQUAL}", FROM_EQUAL, "0", "nan", "nan", ""),
            ),
        ),
        doc="the standard deviation; ddof=1 divides by one less, as PyTorch does",
        note="where all elements are equal it has a kink, and the slope there is 0",
    ),
    # Along an axis
    Row(
        "softmax(x)",
        static=("axis=-1",),
        adjoints=("out*(g - sum(g*out, axis=axis, keepdims=True))",),
        doc="exp(x)/sum(exp(x)) along the last axis",
    ),
    Row(
        "log_softmax(x)",
        static=("axis=-1",),
        adjoints=("g - exp(out)*sum(g, axis=axis, keepdims=True)",),
        in_floats=("-g*expm1(out) - exp(out)*(sum(g, axis=axis, keepdims=True) - g)",),
        doc="log(softmax(x)), without overflow",
    ),
    Row(
        "cumsum(x)",
        static=("axis=-1",),
        adjoints=("flip(cumsum(flip(g, axis=axis), axis=axis), axis=axis)",),
        doc="running sums along the last axis",
    ),
    Row(
        "cumprod(x)",
        static=("axis=-1",),
        expand="swapaxes(prod(where(tri_along(x, axis=axis), expand_dims(swapaxes(x, axis, -1), -2), 1), axis=-1), axis, -1)",  # noqa: E501 (one rule)
        doc="running products along the last axis",
    ),
    Row(
        "logcumsumexp(x)",
        static=("axis=-1",),
        expand="swapaxes(lse(where(tri_along(x, axis=axis), expand_dims(swapaxes(x, axis, -1), -2), -inf), axis=-1), axis, -1)",  # noqa: E501 (one rule)
        doc="log(cumsum(exp(x))) along the last axis",
    ),
    Row(
        "others(x)",
        static=("axis",),
        helper=True,
        expand="swapaxes(prod(where(eye_along(x, axis=axis), 1, "
        "expand_dims(swapaxes(x, axis, -1), -2)), axis=-1), axis, -1)",
        doc="for each element, the product of all others",
    ),
    Row(
        "flip(x)",
        static=("axis?=None",),
        adjoints=("flip(g, axis=axis)",),
        doc="the elements in reverse order",
    ),
    Row(
        "roll(x)",
        static=("shift", "axis?=None"),
        adjoints=_rolled,
        doc="the elements shifted; those that leave at one end come back at the other",
    ),
    Row(
        "sort(x)",
        static=("axis=-1", "descending=False"),
        adjoints=(f"unsorted(g, {BY})",),
        kinks=(
            Kink(
                f"unsorted({BEFORE} or {AFTER}, {BY})",
                x=(
                    f"unsorted(not where(descending, {AFTER}, {BEFORE}), {BY})",
                    f"unsorted(not where(descending, {BEFORE}, {AFTER}), {BY})",
                    *("1", "1", "1", ""),
                ),
                fixed=True,
                said="elements are equal",
            ),
        ),
        doc="the elements in ascending order, along the last axis",
    ),
    Row(
        "unsorted(x, y)",
        static=("axis=-1", "descending=False"),
        adjoints=("in_order(g, y, axis=axis, descending=descending)", "0"),
        helper=True,
        doc="x, each element where sorting y took it from",
    ),
    Row(
        "in_order(x, y)",
        static=("axis=-1", "descending=False"),
        adjoints=("unsorted(g, y, axis=axis, descending=descending)", "0"),
        helper=True,
        doc="x in the order that sorts y",
    ),
    Row(
        "topk(x)",
        static=("k",),
        expand="sort(x, descending=True)[..., :k]",
        doc="the k largest elements, the largest first",
        note="of equal elements the first one comes first, as in JAX; PyTorch takes any of them",
    ),
    # Products
    Row(
        "matmul(x, y)",
        infix="@",
        aliases=("dot",),
        latex=Notation("#x:multiplied #y:factor", "multiplied"),
        doc="matrix product: the last axis of x with the first of y",
        adjoints={
            "1,1": ("g*y", "g*x"),
            "2,1": ("outer(g, y)", "x.T@g"),
            "1,2": ("y@g", "outer(x, g)"),
            "2,2": ("g@y.T", "x.T@g"),
            "3,2": ("g@y.T", "rows(x).T@rows(g)"),
            "3,1": ("expand_dims(g, -1)*y", "rows(x).T@reshape(g, (-1,))"),
            "1,3": (
                "squeeze(y@expand_dims(g, -1), axis=-1)",
                "expand_dims(x, -1)*expand_dims(g, -2)",
            ),
            "2,3": ("g@y.mT", "x.mT@g"),
            "3,3": ("g@y.mT", "x.mT@g"),
        },
    ),
    Row(
        "outer(x, y)",
        latex=Notation("#x:atom #y:atom^\\top", "multiplied"),
        adjoints=("g@y", "x@g"),
        doc="the matrix of all products of two vectors' elements",
    ),
    Row(
        "cross(x, y)",
        latex=Notation("#x:factor \\times #y:factor", "multiplied"),
        adjoints=("cross(y, g)", "cross(g, x)"),
        doc="the cross product of two vectors of 3",
    ),
    Row(
        "kron(x, y)",
        latex=Notation("#x:factor \\otimes #y:factor", "multiplied"),
        adjoints=(
            'einsum("ipjq,pq->ij", in_blocks(g, x, y), y)',
            'einsum("ipjq,ij->pq", in_blocks(g, x, y), x)',
        ),
        doc="the Kronecker product of two matrices",
    ),
    Row(
        "in_blocks(x, y, z)",
        adjoints=("shaped(g, x)", "0", "0"),
        helper=True,
        doc="a Kronecker product's elements by row of y, row of z, column of y, column of z",
    ),
    Row(
        "einsum(x, ...)",
        static=("subscripts",),
        adjoints=_contracted,
        doc='the sum of products that subscripts describe, as in "ij,jk->ik" or "...i,i->..."',
    ),
    # Shapes
    Row(
        "transpose(x)",
        static=("axes?=None",),
        adjoints=_transposed,
        doc="the axes in reverse order, as x.T has them, or in the order of axes",
    ),
    Row(
        "mT(x)",
        adjoints=("g.mT",),
        helper=True,
        latex="#x:atom^\\top",
        doc="the last two axes swapped",
    ),
    Row(
        "swapaxes(x)",
        static=("axis1", "axis2"),
        adjoints=("swapaxes(g, axis1, axis2)",),
        doc="two axes swapped",
    ),
    Row(
        "moveaxis(x)",
        static=("source", "destination"),
        adjoints=("moveaxis(g, destination, source)",),
        doc="an axis moved to another place",
    ),
    Row(
        "reshape(x)",
        static=("shape",),
        aliases=("view",),
        adjoints=("shaped(g, x)",),
        doc="the same elements in another shape; one size may be -1",
    ),
    Row(
        "flatten(x)",
        aliases=("ravel",),
        expand="reshape(x, (-1,))",
        doc="all elements as one vector",
    ),
    Row("rows(x)", adjoints=("shaped(g, x)",), helper=True, doc="all axes but the last as one"),
    Row(
        "kept(x, y)",
        static=("axis",),
        adjoints=("shaped(g, x)", "0"),
        helper=True,
        doc="what a reduction of y gave, with the reduced axes as 1",
    ),
    Row(
        "shaped(x, y)",
        adjoints=("shaped(g, x)", "0"),
        helper=True,
        doc="the elements of x in the shape of y",
    ),
    Row(
        "squeeze(x)",
        static=("axis?=None",),
        adjoints=("shaped(g, x)",),
        doc="without the axes of length 1",
    ),
    Row(
        "expand_dims(x)",
        static=("axis",),
        aliases=("unsqueeze",),
        adjoints=("shaped(g, x)",),
        doc="with an axis of length 1 more",
    ),
    Row(
        "broadcast_to(x)",
        static=("shape",),
        aliases=("expand",),
        adjoints=("g",),
        doc="repeated up to a shape",
    ),
    Row("spread(x, y)", adjoints=("g", "0"), helper=True, doc="x repeated up to the shape of y"),
    Row(
        "gathered(x, y)",
        adjoints=("spread(g, x)", "0"),
        helper=True,
        doc="x summed back to the shape of y",
    ),
    Row(
        "tile(x)",
        static=("reps",),
        adjoints=("untile(g, x, reps=reps)",),
        doc="the array repeated as a block",
    ),
    Row(
        "untile(x, y)",
        static=("reps",),
        adjoints=("tile(g, reps)", "0"),
        helper=True,
        doc="the sum of the blocks",
    ),
    Row(
        "repeat(x)",
        static=("repeats", "axis?=None"),
        adjoints=("unrepeat(g, x, repeats, axis=axis)",),
        doc="each element repeated",
    ),
    Row(
        "unrepeat(x, y)",
        static=("repeats", "axis=None"),
        adjoints=("repeat(g, repeats, axis=axis)", "0"),
        helper=True,
        doc="the sums of repeated elements",
    ),
    Row(
        "pad(x)",
        static=("width",),
        adjoints=("unpad(g, x, width)",),
        doc="zeros around: width for all sides, or (before, after) for each axis",
    ),
    Row(
        "unpad(x, y)",
        static=("width",),
        adjoints=("pad(g, width)", "0"),
        helper=True,
        doc="without what pad put around",
    ),
    # Windows, and what is made of them
    Row(
        "windows(x)",
        static=("k", "stride?=1", "axis=-1"),
        adjoints=("unwindows(g, x, stride=stride, axis=axis)",),
        doc="all stretches of k elements along an axis, each along a new last axis",
    ),
    Row(
        "windows_of(x, y)",
        static=("of", "stride=1", "axis=-1"),
        adjoints=("unwindows(g, x, stride=stride, axis=axis)", "0"),
        doc="windows of x, as long as an axis of y",
    ),
    Row(
        "unwindows(x, y)",
        static=("stride=1", "axis=-1"),
        adjoints=("windows_of(g, x, of=-1, stride=stride, axis=axis)", "0"),
        doc="windows added up where they came from, in the shape of y",
    ),
    Row(
        "conv1d(x, w)",
        static=("stride?=1", "padding?=0"),
        expand='einsum("nclk,ock->nol", windows_of(pad(x, ((0, 0), (0, 0), (padding, padding))), '
        "w, of=-1, stride=stride, axis=2), w)",
        doc="sliding sums of products: x is batch, channels, length; w outputs, channels, length",
    ),
    Row(
        "conv2d(x, w)",
        static=("stride?=1", "padding?=0"),
        expand='einsum("nchwkl,ockl->nohw", windows_of(windows_of('
        "pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding))), "
        "w, of=-2, stride=stride, axis=2), w, of=-1, stride=stride, axis=3), w)",
        doc="the same over images: x is batch, channels, rows, columns; w has outputs first",
    ),
    *(
        Row(
            f"{name}_pool{axes}d(x)",
            static=("k", "stride?=None"),
            expand=f"{operation}({inner}, axis={over})",
            doc=f"the {what} of each window of k {of}; windows do not overlap without a stride",
        )
        for axes, inner, over, of in (
            (1, "windows(x, k, stride)", "-1", "elements along the last axis"),
            (
                2,
                "windows(windows(x, k, stride, axis=-2), k, stride, axis=-2)",
                "(-2, -1)",
                "rows and k columns",
            ),
        )
        for name, operation, what in (("max", "amax", "largest"), ("avg", "mean", "mean"))
    ),
    # Parts and joins
    Row("array(x, ...)", adjoints=_stacked, helper=True, doc="an array of these elements"),
    Row(
        "stack(x, ...)",
        static=("axis=0",),
        adjoints=_stacked,
        doc="arrays of one shape along a new axis",
    ),
    Row(
        "concat(x, ...)",
        static=("axis=0",),
        aliases=("concatenate", "cat"),
        adjoints=("part(g, args, axis=axis, which=which)",),
        doc="arrays one after the other along an axis",
    ),
    Row(
        "part(x, ...)",
        static=("axis", "which"),
        adjoints=("joined(g, rest, axis=axis, which=which)", "0"),
        helper=True,
        doc="the part of a concatenation x of others that came from one of them",
    ),
    Row(
        "joined(x, ...)",
        static=("axis", "which"),
        adjoints=("part(g, rest, axis=axis, which=which)", "0"),
        helper=True,
        doc="a concatenation of zeros in the shapes of others, but for x in place of one",
    ),
    Row(
        "split(x)",
        static=("parts", "axis?=0"),
        adjoints=("unsplit(g, x, parts, axis=axis)",),
        doc="equal parts, along a new first axis: split(x, 2)[0] is the first half",
    ),
    Row(
        "unsplit(x, y)",
        static=("parts", "axis=0"),
        adjoints=("split(g, parts, axis=axis)", "0"),
        helper=True,
        doc="the parts put together",
    ),
    Row(
        "index(x, ...)",
        static=("spec",),
        adjoints=("put(g, x, rest, spec=spec)", "0"),
        helper=True,
        doc="elements by their places",
    ),
    Row(
        "put(x, y, ...)",
        static=("spec",),
        adjoints=("index(g, rest, spec=spec)", "0", "0"),
        helper=True,
        doc="zeros in the shape of y, with x added at places",
    ),
    Row(
        "gather(x, i)",
        static=("axis=-1",),
        aliases=("take_along_axis",),
        adjoints=("scattered(g, x, i, axis=axis)", "0"),
        doc="along an axis, the elements whose places i holds",
    ),
    Row(
        "scattered(x, y, i)",
        static=("axis=-1",),
        adjoints=("gather(g, i, axis=axis)", "0", "0"),
        helper=True,
        doc="zeros in the shape of y, with x added along an axis at places i",
    ),
    Row(
        "classes(t, z)",
        adjoints=_classes,
        helper=True,
        doc="t if it has as many axes as z; else its whole numbers as one-hot vectors like z",
    ),
    Row(
        "one_hot(i)",
        static=("n",),
        adjoints=("0",),
        doc="for each whole number a vector of n, with 1 at that place",
    ),
    # Matrices
    Row(
        "trace(x)",
        latex="\\operatorname{tr}",
        adjoints={"2": ("g*eye_like(x)",), "3": ("expand_dims(g, (-2, -1))*eye_like(x)",)},
        doc="the sum of the diagonal",
    ),
    Row(
        "diag(x)",
        latex="\\operatorname{diag}",
        adjoints={"1": ("diag(g)",), "2": ("on_diagonal(g, x)",)},
        doc="a matrix's diagonal, or a vector as one",
    ),
    Row(
        "on_diagonal(x, y)",
        adjoints=("diag(g)", "0"),
        helper=True,
        doc="x as the diagonal of a matrix in the shape of y",
    ),
    Row("tril(x)", static=("k?=0",), adjoints=("tril(g, k=k)",), doc="the lower triangle; 0 above"),
    Row("triu(x)", static=("k?=0",), adjoints=("triu(g, k=k)",), doc="the upper triangle; 0 below"),
    Row(
        "det(x)",
        latex="\\det",
        adjoints={"2": ("g*cofactors(x)",), "3": ("expand_dims(g, (-2, -1))*cofactors(x)",)},
        doc="the determinant",
    ),
    Row(
        "cofactors(x)",
        helper=True,
        in_floats=("cofactors_along(x, g)",),
        doc="the derivatives of the determinant",
        adjoints={
            "2": ("(sum(g*out)*out - out@g.T@out)/det(x)",),
            "3": (
                "(sum(g*out, axis=(-2, -1), keepdims=True)*out - out@g.mT@out)/expand_dims(det(x), (-2, -1))",  # noqa: E501 (one rule)
            ),
        },
    ),
    Row(
        "cofactors_along(x, y)",
        helper=True,
        doc="how the cofactors of x change along y, for a singular x too",
        adjoints=(
            (
                "(cofactors_along(x, y*sum(g*cofactors(x), axis=(-2, -1), keepdims=True)"
                " + g*sum(y*cofactors(x), axis=(-2, -1), keepdims=True)"
                " - g@cofactors(x).mT@y - y@cofactors(x).mT@g)"
                " - sum(g*out, axis=(-2, -1), keepdims=True)*cofactors(x))"
                "/expand_dims(det(x), (-2, -1))"
            ),
            "cofactors_along(x, g)",
        ),
    ),
    Row(
        "logdet(x)",
        adjoints={"2": ("g*inv(x).T",), "3": ("expand_dims(g, (-2, -1))*inv(x).mT",)},
        in_floats=("expand_dims(where(out == out, g, nan), (-2, -1))*inv(x).mT",),
        doc="log(det(x)), without overflow",
        note="as of log, value and slope are nan where the determinant is negative",
    ),
    Row(
        "inv(x)",
        latex="#x:atom^{-1}",
        adjoints={"2": ("-out.T@g@out.T",), "3": ("-out.mT@g@out.mT",)},
        doc="the inverse matrix",
    ),
    Row(
        "solve(x, y)",
        doc="the solution z of x@z == y: inv(x)@y, without the inverse",
        adjoints={
            "2,1": ("-outer(solve(x.T, g), out)", "solve(x.T, g)"),
            "2,2": ("-solve(x.T, g)@out.T", "solve(x.T, g)"),
            **dict.fromkeys(("2,3", "3,2", "3,3"), ("-solve(x.mT, g)@out.mT", "solve(x.mT, g)")),
            "3,1": (
                "-solve(x.mT, expand_dims(g, -1))*expand_dims(out, -2)",
                "squeeze(solve(x.mT, expand_dims(g, -1)), axis=-1)",
            ),
        },
    ),
    Row(
        "cholesky(x)",
        doc="the lower triangle L with L@L.T == x, or the mean of x and x.T if x is not symmetric",
        adjoints=(
            "S = out.mT@g; P = inv(out).mT@(tril(S) - S*eye_like(S)/2)@inv(out); (P + P.mT)/2",
        ),
    ),
    Row(
        "solve_triangular(x, y)",
        static=("lower=True",),
        adjoints=_solved,
        doc="inv(x)@y where x is a triangle: the lower one, or the upper with lower=False",
    ),
    # Arrays of given sizes
    Row("zeros()", static=("shape",), doc="zeros of a shape"),
    Row("ones()", static=("shape",), doc="ones of a shape"),
    Row(
        "full(x)",
        static=("shape",),
        expand="broadcast_to(x, shape)",
        doc="an array of a shape, full of x",
    ),
    Row("eye()", static=("n", "m?=None"), doc="the identity matrix"),
    Row(
        "arange()",
        static=("start", "stop?=None", "step?=1"),
        doc="whole numbers from start up to stop, which is left out",
    ),
    Row(
        "linspace(x, y)",
        static=("num",),
        expand="x + (y - x)*arange(num)/(size(arange(num)) - 1)",
        doc="num numbers from x to y, both included, evenly spaced",
    ),
    # Sizes, and arrays of the size of others: nothing moves by them
    Row(
        "size(x)",
        static=("axis=None",),
        adjoints=("0",),
        doc="the number of elements, of all or along axes; nothing moves it",
    ),
    Row(
        "eye_like(x)",
        adjoints=("0",),
        helper=True,
        doc="ones on the diagonal, of the last two axes' sizes",
    ),
    Row(
        "eye_along(x)",
        static=("axis",),
        adjoints=("0",),
        helper=True,
        doc="the identity matrix of an axis's size",
    ),
    Row(
        "ones_along(x)",
        static=("axis",),
        adjoints=("0",),
        helper=True,
        doc="a vector of ones of an axis's size",
    ),
    Row(
        "tri_along(x)",
        static=("axis",),
        adjoints=("0",),
        helper=True,
        doc="a lower triangle of ones of an axis's size",
    ),
)

ARRAYS = {row.name: row for row in ROWS}
TABLE_OF_ARRAYS = TABLE | ARRAYS
"""All operations there are."""
LISTED = tuple(row for row in ROWS if not row.helper)
"""The rows of operations that have a word in the language."""
WORDS = {word: row for row in LISTED for word in (row.name, *row.aliases) if word != "lse"}
"""The words of the language for operations on arrays."""
BY_SHAPE = {
    **dict.fromkeys(("size", "eye_like", "eye_along", "ones_along", "tri_along"), slice(None)),
    **dict.fromkeys(("kept", "shaped", "spread", "gathered", "windows_of"), slice(1, None)),
    **dict.fromkeys(("unwindows", "untile", "unrepeat", "unpad", "unsplit"), slice(1, None)),
    **dict.fromkeys(("on_diagonal", "in_blocks", "part", "joined"), slice(1, None)),
    **dict.fromkeys(("put", "scattered"), slice(1, 2)),
}
"""The inputs of which an operation looks at nothing but the shapes."""
JOINS = {"concat", "stack"}
"""Operations on several arrays, which may be given as one list or tuple."""
REDUCED = {
    "max": ARRAYS["amax"],
    "maximum": ARRAYS["amax"],
    "min": ARRAYS["amin"],
    "minimum": ARRAYS["amin"],
    "logsumexp": ARRAYS["lse"],
}
"""Words that reduce an array where they have one input."""


def rows_of(name: str) -> list[Row]:
    """Return the rows of the operations that a word of the language stands for, scalars first."""
    found = [names[name] for names in (NAMES, WORDS, REDUCED) if name in names]
    return found or [row for row in LISTED if row.infix == name]
