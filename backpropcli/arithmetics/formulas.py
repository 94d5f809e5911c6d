"""Graphs as expressions of SymPy with real symbols, and back: no point, so choices stay choices.

Definitions are those of textbooks. A literal is the decimal that it is written as: 0.1 is 1/10.
Text is never given to SymPy, except such decimals.
"""

from __future__ import annotations

import math

import sympy
from sympy.core.function import AppliedUndef

from backpropcli.arithmetics.symbols import DEFINITIONS
from backpropcli.graph import LEAVES, Graph
from backpropcli.operations import CONSTANTS, TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Any

    Plan = tuple[list[Any], Callable[..., int]]

LONGEST = 20_000
"""Steps of writing an expression; one that takes more is of no use to a reader."""
SIMPLE = 10**6
"""A fraction of whole numbers up to this is written as one."""
DYADIC = {2, 4, 8}
"""Fractions of these are written as decimals: 0.5, 0.25, 0.125."""
TRUTHS: dict[str, Any] = {
    "lt": sympy.Lt,
    "le": sympy.Le,
    "gt": sympy.Gt,
    "ge": sympy.Ge,
    "eq": sympy.Eq,
    "ne": sympy.Ne,
    "and": sympy.And,
    "or": sympy.Or,
    "not": sympy.Not,
}
CONSTANT: dict[str, Any] = {
    "pi": sympy.pi,
    "e": sympy.E,
    "tau": 2 * sympy.pi,
    "inf": sympy.oo,
    "nan": sympy.nan,
}
DIRECT: dict[str, Any] = {
    **{name: getattr(sympy, name) for name in ("sin", "cos", "tan", "asin", "acos", "atan")},
    **{name: getattr(sympy, name) for name in ("sinh", "cosh", "tanh", "asinh", "acosh", "atanh")},
    **{name: getattr(sympy, name) for name in ("atan2", "exp", "log", "erf", "erfc", "gamma")},
    **{name: getattr(sympy, name) for name in ("polygamma", "sign", "floor")},
    "abs": sympy.Abs,
    "ceil": sympy.ceiling,
    "max": sympy.Max,
    "min": sympy.Min,
    "mod": sympy.Mod,
}
"""Operations that SymPy has under a name of its own."""
UNDEFINED = {"sg", "round"}
"""Operations that stay what they are: SymPy knows nothing of them."""


def _choice(condition: Any, then: Any, other: Any = 0) -> Any:  # noqa: ANN401 (no types)
    return sympy.Piecewise((then, condition), (other, True))


def _selu(x: Any) -> Any:  # noqa: ANN401
    # Klambauer et al., "Self-normalizing neural networks" (2017), as frameworks round them.
    scale, scaled = sympy.Rational("1.0507009873554805"), sympy.Rational("1.7580993408473768")
    return _choice(x > 0, scale * x, scaled * (sympy.exp(x) - 1))


BY_CASES: dict[str, Callable[..., Any]] = {
    "ties": lambda v, *others: sympy.Add(*[_choice(sympy.Eq(v, x), 1) for x in others]),
    "clip": lambda x, lo, hi: sympy.Min(sympy.Max(x, lo), hi),
    "cbrt": lambda x: sympy.sign(x) * sympy.Abs(x) ** sympy.Rational(1, 3),
    "lgamma": lambda x: sympy.log(sympy.Abs(sympy.gamma(x))),
    "relu": lambda x: _choice(x > 0, x),
    "relu6": lambda x: sympy.Min(sympy.Max(x, 0), 6),
    "hardtanh": lambda x: sympy.Min(sympy.Max(x, -1), 1),
    "leaky_relu": lambda x, slope: _choice(x > 0, x, slope * x),
    "elu": lambda x, alpha: _choice(x > 0, x, alpha * (sympy.exp(x) - 1)),
    "selu": _selu,
    "huber": lambda x, delta: _choice(
        sympy.Abs(x) <= delta, x**2 / 2, delta * (sympy.Abs(x) - delta / 2)
    ),
    "softsign": lambda x: x / (1 + sympy.Abs(x)),
}
BUILT: dict[str, Callable[..., Any]] = DEFINITIONS | DIRECT | BY_CASES
PLAIN = {"add", "sub", "mul", "div", "neg", "pow", "sqrt", "where", *TRUTHS, *DIRECT, *UNDEFINED}
NAMED = frozenset(TABLE) - PLAIN
"""Operations that are written by their definitions, unless their names are kept."""


def expression(graph: Graph, root: int, kept: Collection[str] = ()) -> tuple[Any, dict[str, Any]]:
    """Return node ``root`` as an expression, and its symbols by the variables' names.

    Operations in ``kept`` become functions that SymPy knows nothing of. Raises LookupError for
    an operation that has no definition here, and where SymPy takes a value for complex.
    """
    symbols: dict[str, Any] = {}
    values: dict[int, Any] = {}
    conditions: dict[int, Any] = {}
    for number, reached in enumerate(graph.ancestors([root])):
        if not reached:
            continue
        operation = graph.operations[number]
        if operation in LEAVES:
            values[number] = _leaf(operation, graph.leaves[number], symbols)
            continue
        inputs = graph.inputs[number]
        given = [values[child] for child in inputs]
        try:
            if operation in TRUTHS:
                if operation in {"and", "or", "not"}:
                    given = [conditions.get(child, sympy.Ne(values[child], 0)) for child in inputs]
                conditions[number] = TRUTHS[operation](*given)
                values[number] = _choice(conditions[number], 1)
            elif operation == "where":
                condition = conditions.get(inputs[0], sympy.Ne(given[0], 0))
                values[number] = _choice(condition, given[1], given[2])
            elif operation in UNDEFINED or operation in kept:
                values[number] = sympy.Function(operation, real=True)(*given)
            elif operation in BUILT:
                values[number] = BUILT[operation](*given)
            else:
                raise LookupError(f"SymPy has no definition of {operation} here")
        except (TypeError, ValueError, ZeroDivisionError) as error:
            raise LookupError(f"SymPy finds no real value of {operation}") from error
    return values[root], symbols


def _leaf(operation: str, payload: float | str, symbols: dict[str, Any]) -> Any:  # noqa: ANN401
    if operation == "variable":
        name = str(payload)
        return symbols.setdefault(name, sympy.Symbol(name, real=True))
    if operation == "constant":
        return CONSTANT[str(payload)]
    if math.isinf(float(payload)):
        return sympy.oo
    return sympy.Rational(repr(float(payload)))


def to_graph(expression: Any, symbols: Mapping[str, Any]) -> tuple[Graph, int]:  # noqa: ANN401
    """Return the graph of ``expression``, and its root; ``symbols`` are the variables' symbols.

    The graph has no node that the root does not need.

    Raises LookupError for what the language cannot say.
    """
    writer = _Writer(symbols)
    nodes: dict[Any, int] = {}
    plans: dict[Any, Plan] = {}
    stack = [expression]
    for _ in range(LONGEST):
        if not stack:
            root = nodes[expression]
            found, renamed = writer.graph.part(writer.graph.ancestors([root]))
            return found.copy(), renamed[root]
        item = stack[-1]
        if item in nodes:
            stack.pop()
            continue
        if item not in plans:
            plans[item] = writer.plan(item)
        children, build = plans[item]
        missing = [child for child in children if child not in nodes]
        if missing:
            stack += reversed(missing)
        else:
            nodes[item] = build(*[nodes[child] for child in children])
    raise LookupError("SymPy's form is too long")


FUNCTIONS = {function: name for name, function in DIRECT.items()} | {sympy.loggamma: "lgamma"}
RELATIONS = {function: name for name, function in TRUTHS.items()}
RECIPROCALS = {
    sympy.sec: sympy.cos,
    sympy.csc: sympy.sin,
    sympy.cot: sympy.tan,
    sympy.sech: sympy.cosh,
    sympy.csch: sympy.sinh,
    sympy.coth: sympy.tanh,
}


NAMES = {constant: name for name, constant in CONSTANT.items() if name != "tau"}


class _Writer:
    """Writes expressions as nodes: a plan has the parts of one, and what makes a node of them."""

    def __init__(self, symbols: Mapping[str, Any]) -> None:
        self.graph = Graph()
        self.names = {symbol: name for name, symbol in symbols.items()}

    def plan(self, item: Any) -> Plan:  # noqa: ANN401
        """Return the parts of ``item``, and the function that makes its node of theirs."""
        kind = item.func if item.args else type(item)
        if item in self.names:
            return [], lambda: self.graph.leaf("variable", self.names[item])
        if item.is_Rational or item in {sympy.true, sympy.false}:
            return [], lambda: self.number(sympy.Integer(bool(item)) if item.is_Boolean else item)
        if item is -sympy.oo:
            return [sympy.oo], lambda node: self.graph.node("neg", (node,))
        if item in NAMES:
            return [], lambda: self.constant(NAMES[item])
        plans = {
            sympy.Add: self.sum,
            sympy.Mul: self.product,
            sympy.Pow: self.power,
            sympy.Piecewise: self.cases,
        }
        return plans.get(kind, self.call)(item)

    def call(self, item: Any) -> Plan:  # noqa: ANN401
        """Return the plan of a function, a comparison or a logical operation."""
        kind = item.func
        if kind in RECIPROCALS:
            return [1 / RECIPROCALS[kind](*item.args)], lambda node: node
        if kind in {sympy.And, sympy.Or}:
            return [*item.args], lambda *nodes: self.chain(RELATIONS[kind], nodes)
        name, parts = _word(item)
        if name not in TABLE or not TABLE[name].accepts(len(parts)):
            shown = "the imaginary unit" if item == sympy.I else kind.__name__
            raise LookupError(f"SymPy's form has {shown}, for which there is no word here")
        return parts, lambda *nodes: self.graph.node(name, nodes)

    def chain(self, operation: str, nodes: Collection[int]) -> int:
        """Return the node of an operation on two at a time, from left to right."""
        first, *others = nodes
        for other in others:
            first = self.graph.node(operation, (first, other))
        return first

    def constant(self, name: str) -> int:
        """Return the node of a constant. Raises LookupError where variables took its names."""
        if {word for word, constant in CONSTANTS.items() if constant == name} <= {
            *self.names.values()
        }:
            raise LookupError(f"SymPy's form has {name}, which is the name of a variable here")
        return self.graph.leaf("constant", name)

    def number(self, value: Any) -> int:  # noqa: ANN401
        """Return the node of a rational. Raises LookupError where it has too many digits."""
        if value < 0:
            return self.graph.node("neg", (self.number(-value),))
        small = max(value.p, value.q) <= SIMPLE
        if value.q == 1 or value.q in DYADIC or not small:
            try:
                found = float(value)
            except OverflowError:
                found = math.inf
            if math.isfinite(found) and sympy.Rational(repr(found)) == value:
                return self.graph.leaf("number", found)
        if value.q == 1:
            raise LookupError(f"SymPy's form has a whole number of {len(str(value.p))} digits")
        parts = [self.number(sympy.Integer(part)) for part in (value.p, value.q)]
        return self.graph.node("div", tuple(parts))

    def sum(self, item: Any) -> Plan:  # noqa: ANN401
        """Return the plan of a sum: in SymPy's order, but for a negative term in front."""
        signed = [(_negative(term), term) for term in item.as_ordered_terms()]
        front = next((index for index, (minus, _) in enumerate(signed) if not minus), 0)
        signed.insert(0, signed.pop(front))
        parts = [-term if minus and index else term for index, (minus, term) in enumerate(signed)]

        def build(*nodes: int) -> int:
            total = nodes[0]
            for (minus, _), node in zip(signed[1:], nodes[1:], strict=True):
                total = self.graph.node("sub" if minus else "add", (total, node))
            return total

        return parts, build

    def product(self, item: Any) -> Plan:  # noqa: ANN401
        """Return the plan of a product: the number first, and one quotient."""
        coefficient, rest = item.as_coeff_Mul()
        minus = bool(coefficient < 0)
        above, below = [], []
        for factor in rest.as_ordered_factors():
            if factor.is_Pow and factor.exp.could_extract_minus_sign():
                below.append(factor.base**-factor.exp)
            else:
                above.append(factor)
        for index, factor in enumerate(above):
            if minus and factor.is_Add and any(_negative(term) for term in factor.args):
                above[index], minus = -factor, False
        over, under = sympy.Integer(abs(coefficient).p), sympy.Integer(abs(coefficient).q)
        decimal = over != 1 and under in DYADIC
        if under != 1 and (decimal or max(over, under) > SIMPLE):
            over, under = abs(coefficient), sympy.Integer(1)
        top = [*([over] if over != 1 or not above else []), *above]
        bottom = [*([under] if under != 1 else []), *below]
        count = len(top)

        def build(*nodes: int) -> int:
            first = self.graph.node("neg", (nodes[0],)) if minus else nodes[0]
            found = self.chain("mul", (first, *nodes[1:count]))
            if not bottom:
                return found
            return self.graph.node("div", (found, self.chain("mul", nodes[count:])))

        return [*top, *bottom], build

    def power(self, item: Any) -> Plan:  # noqa: ANN401
        """Return the plan of a power: a root, a quotient, or a power."""
        base, exponent = item.args
        if exponent == sympy.Rational(1, 2):
            return [base], lambda node: self.graph.node("sqrt", (node,))
        if exponent.could_extract_minus_sign():
            one = sympy.Integer(1)
            return [one, base**-exponent], lambda *nodes: self.graph.node("div", nodes)
        return [base, exponent], lambda *nodes: self.graph.node("pow", nodes)

    def cases(self, item: Any) -> Plan:  # noqa: ANN401
        """Return the plan of a choice: nested ``where``."""
        *pairs, (last, always) = item.args
        if always != sympy.true:
            pairs, last = [*item.args], sympy.nan
        parts = [last]
        for value, condition in reversed(pairs):
            parts += [condition, value]

        def build(*nodes: int) -> int:
            found = nodes[0]
            for index in range(1, len(nodes), 2):
                found = self.graph.node("where", (nodes[index], nodes[index + 1], found))
            return found

        return parts, build


def _word(item: Any) -> tuple[str, list[Any]]:  # noqa: ANN401
    """Return the operation that a function is, and its inputs; "" for none."""
    parts = [*item.args]
    if isinstance(item, AppliedUndef):
        return item.name, parts
    if item.func is sympy.polygamma and parts[0] in {0, 1}:
        return ("trigamma" if parts[0] else "digamma"), parts[1:]
    if item.func is sympy.log:
        inner = parts[0]
        if inner.func is sympy.Abs and inner.args[0].func is sympy.gamma:
            return "lgamma", [*inner.args[0].args]
        if inner.is_Add and inner.args[0] is sympy.S.One:
            other = inner - 1
            if other.func is sympy.exp:
                return "softplus", [*other.args]
    return FUNCTIONS.get(item.func) or RELATIONS.get(item.func, ""), parts


def _negative(term: Any) -> bool:  # noqa: ANN401
    return bool(term.as_coeff_Mul()[0].is_negative)


def by_sigmoids(item: Any) -> Any:  # noqa: ANN401
    """Return ``item`` with exp(u) as s/(1 - s), s = sigmoid(u), where 1 + exp(u) is in it."""
    for inner in sorted(item.atoms(sympy.exp), key=sympy.default_sort_key):
        if item.has(1 + inner):
            share, at = sympy.Dummy(real=True), inner.args[0]
            odds, sign = share / (1 - share), 1
            if at.could_extract_minus_sign():
                odds, sign = 1 / odds, -1
            changed = sympy.factor(item.subs(inner, odds))
            item = changed.subs(share, sympy.Function("sigmoid", real=True)(sign * at))
    return item


METHODS: dict[str, Callable[[Any], Any]] = {
    "as it is": lambda item: item,
    "cancel": sympy.cancel,
    "factor": sympy.factor,
    "trigsimp": sympy.trigsimp,
    "simplify": sympy.simplify,
    "by_sigmoids": by_sigmoids,
}
"""Ways to a shorter form, quick ones first."""
