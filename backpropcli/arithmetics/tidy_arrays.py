"""Derivatives with arrays as a person writes them: what ``tidy`` does, and matrix algebra.

A form stands for an array up to spreading: its node may have fewer axes than what it came from,
and is spread where an operation on whole arrays, or the reader, gets it. Numbers are taken out of
whatever is linear, and stand in front: 2/n*X.T@(X@w - y).
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm, prod

from backpropcli.arithmetics.forms import Form, Forms
from backpropcli.arithmetics.gaps import ZERO, Loss
from backpropcli.arithmetics.matrices import MADE, Matrices
from backpropcli.arithmetics.shapes import along
from backpropcli.arithmetics.signs import NONNEGATIVE, POSITIVE, REAL, UNKNOWN, Signs
from backpropcli.arithmetics.sizes import Letters, letter
from backpropcli.arithmetics.terms import Terms, literal, plain, size
from backpropcli.arithmetics.tidy import Tidy
from backpropcli.graph.arrays import ARRAYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from backpropcli.arithmetics.products import Powers
    from backpropcli.arithmetics.shapes import Shape
    from backpropcli.arithmetics.sizes import Size
    from backpropcli.arithmetics.terms import Number, Product, Sum
    from backpropcli.graph.graph import Graph

ALL = ("matmul", "outer", "cross", "kron", "einsum")
FIRST = (
    "sum cumsum flip roll unroll unsorted in_order in_blocks transpose mT swapaxes moveaxis reshape"
    " rows kept shaped squeeze expand_dims broadcast_to spread gathered tile untile repeat unrepeat"
    " pad unpad part joined split unsplit index put gather scattered trace diag on_diagonal tril"
    " triu"
).split()
LINEAR = {**dict.fromkeys(ALL, 99), **dict.fromkeys(FIRST, 1), "solve": -1, "solve_triangular": -1}
"""In how many of its inputs an operation is linear: the first, or -1 for the last."""
KEEPS = {*FIRST, "matmul", "outer", "kron", "stack", "concat", "array", "amax", "amin", "einsum"}
"""Operations that keep the weakest sign of their inputs."""
UNSURE = {"logdet", "inv", "solve", "solve_triangular", "cholesky"}
"""Operations that may have no value on real numbers."""
PRODUCTS = {"mul", "matmul", "div"}
"""Operations whose text begins with that of their first input."""
ARRANGING = {*"reshape squeeze transpose mT swapaxes moveaxis flip roll tile repeat index".split()}
"""Operations that only move elements, or leave some out."""
SPREADING = {"broadcast_to", "expand_dims", "index", "reshape"}


class SignsOfArrays(Signs):
    """The signs of all elements of a node."""

    def _new(self, node: int, inputs: tuple[int, ...]) -> int:
        operation = self.graph.operations[node]
        if operation in MADE:
            return NONNEGATIVE
        return super()._new(node, inputs)

    def _other(
        self, operation: str, inputs: tuple[int, ...], given: Sequence[int], least: int
    ) -> int:
        if operation not in ARRAYS:
            return super()._other(operation, inputs, given, least)
        if operation in UNSURE:
            return UNKNOWN
        if operation in KEEPS:
            padded = operation in {"pad", "put", "scattered", "diag", "tril", "triu"}
            return min(least, NONNEGATIVE) if padded else least
        return {"softmax": POSITIVE, "norm": NONNEGATIVE, "std": NONNEGATIVE}.get(operation, REAL)


class TermsOfArrays(Terms):
    """Writes terms with what is a number in front, without parentheses: 2/n*X.T@r is one."""

    def __init__(self, matrices: Matrices, named: Iterable[int]) -> None:
        graph = matrices.graph
        super().__init__(graph, named, decimals=False)
        self.signs = SignsOfArrays(graph)
        self.shape = matrices.shape
        self.size = matrices.size
        self.first = len(graph)

    def term(self, product: Product, coefficient: Number) -> int:
        """Return the node of a product and its coefficient."""
        product, coefficient = self._means(product, coefficient)
        arrays = tuple([pair for pair in product if self.shape(pair[0])])
        if not arrays:
            return super().term(product, coefficient)
        core = super().term(arrays, 1)
        numbers = [pair for pair in product if not self.shape(pair[0])]
        above = tuple([pair for pair in numbers if pair[1] > 0])
        if above or size(coefficient).numerator != 1:
            return self._in_front(super().term(tuple(numbers), coefficient), core)
        if coefficient < 0:
            core = self._in_front(None, core)
        below = super().term(
            tuple([(base, -power) for base, power in numbers]), coefficient.denominator
        )
        return core if literal(self.graph, below) == 1 else self.graph.node("div", (core, below))

    def _means(self, product: Product, coefficient: Number) -> tuple[Product, Number]:
        """Return a product with sums over as many elements as it is divided by as means."""
        for base, power in product:
            if self.graph.operations[base] != "sum" or power != 1 or base < self.first:
                continue
            [inner] = self.graph.inputs[base]
            axes = self.graph.args[base][0]  # type: ignore[index]
            sizes = [self.shape(inner)[at] for at in along(axes, len(self.shape(inner)))]
            letters = [node for one in sizes for node in self.letters(one)]
            number = prod([one for one in sizes if isinstance(one, int)])
            below = dict(product)
            divides = Fraction(coefficient).denominator % number == 0
            if not divides or (number == 1 and not letters):
                continue
            if len({*letters}) < len(letters) or any(below.get(one) != -1 for one in letters):
                continue
            del below[base]
            for one in letters:
                del below[one]
            mean = self.graph.node("mean", (inner,), self.graph.args[base])
            return tuple(sorted([*below.items(), (mean, 1)])), plain(Fraction(coefficient) * number)
        return product, coefficient

    def letters(self, size: Size) -> list[int]:
        """Return the nodes of the letters that a size is the product of."""
        if not isinstance(size, Letters):
            return []
        if len(size.terms) > 1:
            return [self.size(size)]
        return [self.size(letter(name)) for [names] in [size.terms] for name in names]

    def _in_front(self, number: int | None, core: int) -> int:
        """Return a product whose text begins with a number, or a minus for None."""
        graph, path, node = self.graph, [], core
        while node >= self.first and graph.operations[node] in PRODUCTS and node not in self.named:
            path.append(node)
            node = graph.inputs[node][0]
        if number is None:
            found = graph.node("neg", (node,))
        elif literal(graph, node) == 1:  # of 1/x
            found = number
        else:
            found = graph.node("mul", (number, node))
        for user in reversed(path):
            found = graph.node(graph.operations[user], (found, graph.inputs[user][1]))
        return found


class FormsOfArrays(Forms):
    """Puts forms together, and knows the shapes of what it writes."""

    def __init__(self, graph: Graph, named: Collection[int], given: Mapping[str, Shape]) -> None:
        super().__init__(graph, named, decimals=False)
        self.matrices = Matrices(graph, given, book=True)
        self.terms = TermsOfArrays(self.matrices, named)

    def build(self, operation: str, inputs: tuple[int, ...], arg: object = None) -> int:
        """Return the node of an elementwise operation, in its simplest form."""
        if operation == "exp" and (found := self._exponential(inputs[0])) is not None:
            return found
        return super().build(operation, inputs, arg)

    def _exponential(self, node: int) -> int | None:
        """Return exp(log_softmax(x)), or exp(x - logsumexp(x)), as softmax(x)."""
        graph, shape = self.graph, self.matrices.shape
        if graph.operations[node] == "log_softmax":
            return graph.node("softmax", graph.inputs[node], graph.args[node])
        if graph.operations[node] != "sub":
            return None
        x, total = graph.inputs[node]
        last = len(shape(x)) - 1
        if graph.operations[total] == "index" and graph.args[total] == (_kept(last),):
            [total] = graph.inputs[total]
        if graph.operations[total] != "lse" or graph.inputs[total] != (x,) or last < 0:
            return None
        axis, keepdims = graph.args[total]  # type: ignore[misc]
        one = 0 if axis is None and last == 0 else axis
        if not isinstance(one, int) or not (keepdims or one % (last + 1) == last):
            return None
        return graph.node("softmax", (x,), (-1 if one % (last + 1) == last else one,))

    def taken(self, powers: Powers, form: Form) -> tuple[int, bool]:
        """Take the numbers of a form into a product; return the node of what is left.

        And whether anything is left.
        """
        powers.lost |= form.lost
        if len(form.terms) != 1:
            return self.node(form.terms), bool(form.terms)
        [(product, coefficient)] = form.terms.items()
        numbers = tuple([pair for pair in product if not self.matrices.shape(pair[0])])
        if not powers.scale(coefficient, 1):
            powers.raise_to(self.terms.number(coefficient), 1)
        powers.take(numbers, 1)
        rest: Product = tuple([pair for pair in product if pair not in numbers])
        return self.node({rest: 1}), True

    def split(self, powers: Powers, node: int) -> None:
        """Take a node that is written into a product, with its numbers apart."""
        graph, todo = self.graph, [(node, 1)]
        while todo:
            node, power = todo.pop()
            inputs = graph.inputs[node]
            number = literal(graph, node)
            if number is not None and powers.scale(number, power):
                continue
            if graph.operations[node] == "broadcast_to" and node >= self.terms.first:
                todo.append((inputs[0], power))
            elif node < self.terms.first or graph.operations[node] not in {"mul", "div", "neg"}:
                powers.raise_to(node, power)
            elif graph.operations[node] == "neg":
                powers.scale(-1, 1)
                todo.append((inputs[0], power))
            else:
                second = -power if graph.operations[node] == "div" else power
                todo += [(inputs[1], second), (inputs[0], power)]

    def scaled(self, form: Form) -> Form:
        """Return a sum with the number that all its terms have in front."""
        numbers = [*map(Fraction, form.terms.values())]
        if len(numbers) < 2:  # noqa: PLR2004
            return form
        front = Fraction(
            gcd(*[one.numerator for one in numbers]), lcm(*[one.denominator for one in numbers])
        )
        front = -front if all(one < 0 for one in numbers) else front
        if front == 1:
            return form
        rest = {product: plain(number / front) for product, number in form.terms.items()}
        powers = self.powers()
        powers.scale(plain(front), 1)
        powers.raise_to(self.node(rest), 1)
        powers.lost |= form.lost
        product, coefficient = powers.finished()
        return Form({product: coefficient}, form.lost)

    def gathered(self, terms: Sum) -> Sum:
        """Return a sum in which products of matrices with one factor in common are one product."""
        for side in (1, 0):
            groups: dict[int, list[Product]] = {}
            for product in terms:
                core = self._core(product)
                if core is not None:
                    groups.setdefault(self._factors(core)[side], []).append(product)
            for common, products in groups.items():
                if len(products) > 1:
                    terms = self._joined(terms, common, side, products)
        return terms

    def _core(self, product: Product) -> int | None:
        """Return the one matrix product in a product of it and numbers."""
        arrays = [pair for pair in product if self.matrices.shape(pair[0])]
        if len(arrays) != 1 or arrays[0][1] != 1:
            return None
        [(node, _)] = arrays
        return node if self.graph.operations[node] == "matmul" else None

    def _factors(self, core: int) -> tuple[int, int]:
        """Return the factors of a product of matrices, a vector last."""
        one, other = self.graph.inputs[core]
        if len(self.matrices.shape(one)) == 1 and len(self.matrices.shape(other)) == 2:  # noqa: PLR2004
            return self.matrices.build("transpose", (other,), (None,)), one
        return one, other

    def _joined(self, terms: Sum, common: int, side: int, products: list[Product]) -> Sum:
        inner: Sum = {}
        shapes = set()
        for product in products:
            core = self._core(product)
            assert core is not None  # noqa: S101 (for mypy: it was found by it)
            other = self._factors(core)[1 - side]
            shapes.add(self.matrices.shape(other))
            key = tuple(sorted([(other, 1) if pair == (core, 1) else pair for pair in product]))
            inner[key] = inner.get(key, 0) + terms[product]
        if len(shapes) > 1:
            return terms
        form = self.scaled(self.factored(Form({key: inner[key] for key in sorted(inner)})))
        powers = self.powers()
        rest, _ = self.taken(powers, form)
        pair = (rest, common) if side else (common, rest)
        self.split(powers, self.matrices.build("matmul", pair))
        made, number = powers.finished()
        found: Sum = {}
        for product, coefficient in terms.items():
            if product == products[0]:
                found[made] = number
            elif product not in products:
                found[product] = coefficient
        return found


def _kept(last: int) -> tuple[tuple[object, ...], ...]:
    """Return the index that keeps a last axis that was reduced."""
    whole = ("cut", None, None, None)
    return (*[whole] * last, ("new",))


class TidyArrays(Tidy):
    """Takes derivatives with arrays in a graph, and writes them anew; ``given`` are shapes."""

    def __init__(  # noqa: PLR0913 (as Tidy, and shapes)
        self,
        raw: Graph,
        function: Graph,
        roots: Sequence[int],
        named: Collection[int],
        titles: Mapping[int, str] | None = None,
        *,
        given: Mapping[str, Shape],
    ) -> None:
        self.given = given
        self.shape = Matrices(raw, given).shape
        super().__init__(raw, function, roots, named, titles)

    def _forms(self, named: Collection[int], *, decimals: bool) -> FormsOfArrays:
        del decimals
        self.arrays = FormsOfArrays(self.graph, named, self.given)
        return self.arrays

    def _form(self, node: int, family: int) -> Form:
        operation, inputs = self.raw.operations[node], self.raw.inputs[node]
        if operation in SPREADING and self._adds_leading(node, inputs[0]):
            return self.form(inputs[0])
        if operation in ARRANGING and self._is_number(inputs[0]):
            return self.form(inputs[0])
        if operation == "cofactors":
            return self._cofactors(inputs[0])
        if operation in ARRAYS:
            return self._whole(operation, inputs, self._without_leading(node))
        if operation == "where" and (found := self._at_zero(*inputs)) is not None:
            return found
        return super()._form(node, family)

    def _root(self, node: int) -> int:
        return self._spread(super()._root(node), self.shape(node))

    def _spread(self, node: int, shape: Shape) -> int:
        """Return a node spread to a shape: 2*ones(3), where it is a number."""
        if not shape or self.arrays.matrices.shape(node):
            return self.arrays.matrices.spread(node, shape)
        number = literal(self.graph, node)
        if number == 0:
            return self.graph.node("zeros", (), (shape,))
        ones = self.graph.node("ones", (), (shape,))
        return ones if number == 1 else self.graph.node("mul", (node, ones))

    def _is_number(self, node: int) -> bool:
        """Say whether a node is a number that is spread."""
        shape = self.arrays.matrices.shape
        form = self.form(node)
        return all(not shape(base) for product in form.terms for base, _ in product)

    def _adds_leading(self, node: int, inner: int) -> bool:
        """Say whether an operation does what spreading would."""
        if self.raw.operations[node] == "broadcast_to":
            return True
        mine, own = self.shape(node), self.shape(inner)
        return mine == (1,) * (len(mine) - len(own)) + own

    def _at_zero(self, condition: int, then: int, other: int) -> Form | None:
        """Return what where(z == 0, 0, x/z) is elsewhere; None for another choice."""
        raw = self.raw
        if raw.operations[condition] != "eq" or literal(raw, then) != 0:
            return None
        z, zero = raw.inputs[condition]
        form = self.form(other)
        place = self.place(z)
        below = all(dict(product).get(place, 0) < 0 for product in form.terms)
        if literal(raw, zero) != 0 or not below:
            return None
        return Form(form.terms, form.lost | {Loss(ZERO, place)})

    def _cofactors(self, node: int) -> Form:
        """Return the derivatives of a determinant, where it is not 0."""
        to, build = self.arrays, self.arrays.matrices.build
        x = self.place(node)
        det, turned = build("det", (x,)), "mT" if len(self.shape(node)) > 2 else "transpose"  # noqa: PLR2004
        inverse = build(turned, (build("inv", (x,)),), (None,) if turned == "transpose" else None)
        front = build("expand_dims", (det,), ((-2, -1),)) if self.shape(node)[2:] else det
        powers = to.powers()
        powers.take(((front, 1), (inverse, 1)), 1)
        form = to.finished(powers)
        return Form(form.terms, form.lost | {Loss(ZERO, det)})

    def _without_leading(self, node: int) -> object:
        """Return what is static in an operation; a reduction need not keep its leading axes."""
        operation, arg = self.raw.operations[node], self.raw.args.get(node)
        if ARRAYS[operation].reduces and (static := dict(zip(ARRAYS[operation].static, arg))):  # type: ignore[arg-type]
            kept = self.shape(self.raw.inputs[node][0])
            axes = along(static["axis"], len(kept))
            if static["keepdims"] and axes == tuple(range(len(axes))):
                static["keepdims"] = False
                static["axis"] = None if len(axes) == len(kept) else static["axis"]
                return tuple(static.values())
        return arg

    def _whole(self, operation: str, inputs: tuple[int, ...], arg: object) -> Form:
        """Return the form of an operation on whole arrays, with the numbers in front."""
        to, powers = self.arrays, self.arrays.powers()
        linear = LINEAR.get(operation, 0)
        parts = []
        for at, child in enumerate(inputs):
            if at < linear or at - len(inputs) == linear:
                node, is_left = to.taken(powers, self.form(child))
                if not is_left:
                    return Form({}, frozenset(powers.lost))
            else:
                powers.lost |= self.form(child).lost
                node = self.place(child)
            parts.append(self._spread(node, self.shape(child)))
        to.split(powers, to.matrices.build(operation, tuple(parts), arg))
        return to.finished(powers)

    def _sum(self, top: int) -> Form:
        form = super()._sum(top)
        if not self.shape(top):
            return form
        joined = self.arrays.gathered(form.terms)
        if joined is not form.terms:
            form = self.arrays.factored(Form(joined, form.lost))
        return self.arrays.scaled(form)
