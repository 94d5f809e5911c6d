"""Random programs with functions, rules and derivatives in them, against SymPy's own calculus.

A program is drawn as terms, which give both its text and an expression of SymPy's. The expression
owes nothing to the tool: ``diff`` is SymPy's, and a function with a rule is one whose derivative
SymPy takes from that rule. All is compared at 60 digits.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import cache
from itertools import product
from typing import NamedTuple

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from backpropcli.arithmetics import digits
from backpropcli.calculus.derivative import Along, adjoint_nodes
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lower import lower
from backpropcli.language.parse import parse
from backpropcli.language.unparse import unparse
from backpropcli.modes.gradient import gradient
from backpropcli.modes.hessian import hessian
from backpropcli.modes.hvp import hvp
from backpropcli.modes.jacobian import MODES, jacobian
from backpropcli.modes.jvp import jvp
from backpropcli.modes.vjp import vjp
from tests.reference import canonical, flat, pulled, pushed

DIGITS = 60
VARIABLES = ("x", "y", "z")
MOST_ORDERS = 3

# Terms: ("number", value), ("pi",), ("name", name), ("apply", operation, *terms), ("sg", term),
# ("where", sign, left, right, first, second), ("call", function, *terms),
# ("diff", term, name, order)


def sigmoid(x):
    return 1 / (1 + sympy.exp(-x))


def gelu_tanh(x):
    inner = sympy.sqrt(2 / sympy.pi) * (x + sympy.Rational("0.044715") * x**3)
    return x * (1 + sympy.tanh(inner)) / 2


OPERATIONS = {
    "sum": ("{} + {}", lambda x, y: x + y),
    "difference": ("{} - {}", lambda x, y: x - y),
    "product": ("{}*{}", lambda x, y: x * y),
    "negation": ("-{}", lambda x: -x),
    "quotient": ("{}/(2 + sin({}))", lambda x, y: x / (2 + sympy.sin(y))),
    "square": ("{}^2", lambda x: x**2),
    "cube": ("{}³", lambda x: x**3),
    "inverse": ("(2 + cos({}))^-2", lambda x: (2 + sympy.cos(x)) ** -2),
    "power": ("(2 + cos({}))^{}", lambda x, y: (2 + sympy.cos(x)) ** y),
    "root": ("(2 + sin({}))^0.5", lambda x: sympy.sqrt(2 + sympy.sin(x))),
    "sqrt": ("√(1 + {}^2)", lambda x: sympy.sqrt(1 + x**2)),
    "cbrt": ("cbrt(2 + sin({}))", lambda x: (2 + sympy.sin(x)) ** sympy.Rational(1, 3)),
    "log": ("log(1 + {}^2)", lambda x: sympy.log(1 + x**2)),
    "log1p": ("log1p({}^2)", lambda x: sympy.log(1 + x**2)),
    "log2": ("log2(2 + cos({}))", lambda x: sympy.log(2 + sympy.cos(x)) / sympy.log(2)),
    "exp": ("exp(sin({}))", lambda x: sympy.exp(sympy.sin(x))),
    "exp2": ("exp2(cos({}))", lambda x: 2 ** sympy.cos(x)),
    "expm1": ("expm1(sin({}))", lambda x: sympy.exp(sympy.sin(x)) - 1),
    "sin": ("sin({})", sympy.sin),
    "cos": ("cos({})", sympy.cos),
    "tan": ("tan(sin({}))", lambda x: sympy.tan(sympy.sin(x))),
    "asin": ("asin(sin({})/2)", lambda x: sympy.asin(sympy.sin(x) / 2)),
    "acos": ("acos(cos({})/2)", lambda x: sympy.acos(sympy.cos(x) / 2)),
    "atan": ("atan({})", sympy.atan),
    "atan2": ("atan2({}, 2 + sin({}))", lambda x, y: sympy.atan(x / (2 + sympy.sin(y)))),
    "sinh": ("sinh(sin({}))", lambda x: sympy.sinh(sympy.sin(x))),
    "cosh": ("cosh(cos({}))", lambda x: sympy.cosh(sympy.cos(x))),
    "tanh": ("tanh({})", sympy.tanh),
    "sech": ("sech({})", lambda x: 1 / sympy.cosh(x)),
    "asinh": ("asinh({})", sympy.asinh),
    "acosh": ("acosh(2 + {}^2)", lambda x: sympy.acosh(2 + x**2)),
    "atanh": ("atanh(sin({})/2)", lambda x: sympy.atanh(sympy.sin(x) / 2)),
    "hypot": ("hypot({}, 2 + cos({}))", lambda x, y: sympy.sqrt(x**2 + (2 + sympy.cos(y)) ** 2)),
    "logaddexp": ("logaddexp({}, {})", lambda x, y: sympy.log(sympy.exp(x) + sympy.exp(y))),
    "erf": ("erf({})", sympy.erf),
    "erfc": ("erfc({})", lambda x: 1 - sympy.erf(x)),
    "gaussian": ("gaussian({})", lambda x: sympy.exp(-(x**2) / 2)),
    "lgamma": ("lgamma(2 + sin({}))", lambda x: sympy.log(sympy.gamma(2 + sympy.sin(x)))),
    "sigmoid": ("sigmoid({})", sigmoid),
    "logit": ("logit(sigmoid({})/2)", lambda x: -sympy.log(2 / sigmoid(x) - 1)),
    "softplus": ("softplus({})", lambda x: sympy.log(1 + sympy.exp(x))),
    "logsigmoid": ("logsigmoid({})", lambda x: sympy.log(sigmoid(x))),
    "silu": ("silu({})", lambda x: x * sigmoid(x)),
    "mish": ("mish({})", lambda x: x * sympy.tanh(sympy.log(1 + sympy.exp(x)))),
    "gelu": ("gelu({})", lambda x: x * (1 + sympy.erf(x / sympy.sqrt(2))) / 2),
    "gelu_tanh": ("gelu_tanh({})", gelu_tanh),
}
"""Text and SymPy's expression, by the definitions in books; each is smooth for all real inputs."""
KINDS = ("no rule", "true rule", "other rule")
COUNTS = {name: text.count("{}") for name, (text, _) in OPERATIONS.items()}


class Function(NamedTuple):
    """A definition; ``rules`` is empty where it has none, and ``kind`` says what the rules are."""

    name: str
    parameters: tuple[str, ...]
    body: tuple
    rules: tuple = ()
    kind: str = "no rule"


class Drawn(NamedTuple):
    """A program as terms: its functions by name, its statements by name, and its outputs."""

    functions: dict[str, Function]
    statements: dict[str, tuple]
    outputs: list[tuple]


def named(name):
    return ("name", name)


def apply(operation, *terms):
    return ("apply", operation, *terms)


X, Y, OUT, ONE = named("x"), named("y"), named("out"), ("number", 1.0)


def handmade(kind, body, *rules):
    return Function("", ("x", "y")[: len(rules)], body, rules, kind)


HANDMADE = (
    handmade("true rule", apply("tanh", X), apply("difference", ONE, apply("square", OUT))),
    handmade("true rule", apply("exp", X), apply("product", OUT, apply("cos", X))),
    handmade("true rule", apply("product", X, Y), Y, X),
    handmade("other rule", X, apply("negation", ONE)),
    handmade("other rule", apply("tanh", X), ONE),
    handmade("other rule", apply("product", X, Y), ("number", 0.0), Y),
)
"""Functions with rules as one writes them; the others give the gradient another turn on purpose."""

# Terms to text


def written(term, *, atom=False):
    """Return a term's text; an ``atom`` can stand beside any sign."""
    kind, *rest = term
    parts = [written(item) for item in rest if isinstance(item, tuple)]
    if kind == "number":
        text = repr(rest[0]).removesuffix(".0")
    elif kind == "name":
        text = rest[0]
    elif kind == "apply":
        atoms = [written(item, atom=True) for item in rest[1:]]
        text = OPERATIONS[rest[0]][0].format(*atoms)
        text = f"({text})" if atom else text
    elif kind == "where":
        text = f"where({parts[0]} {rest[0]} {parts[1]}, {parts[2]}, {parts[3]})"
    elif kind == "diff":
        text = f"diff({', '.join([*parts, rest[1], str(rest[2])][: 2 + (rest[2] > 1)])})"
    elif kind == "call":
        text = f"{rest[0]}({', '.join(parts)})"
    else:
        text = f"sg({parts[0]})" if kind == "sg" else kind
    return text


def text_of(drawn):
    lines = []
    for function in drawn.functions.values():
        head = f"{function.name}({', '.join(function.parameters)})"
        lines.append(f"def {head} = {written(function.body)}")
        if function.rules:
            lines.append(f"rule {head} = {', '.join(map(written, function.rules))}")
    lines += [f"{name} = {written(term)}" for name, term in drawn.statements.items()]
    if len(drawn.outputs) == 1:
        return "\n".join([*lines, written(drawn.outputs[0])])
    return "\n".join([*lines, f"outputs: {', '.join(map(written, drawn.outputs))}"])


# Terms to SymPy


class BorderlineError(Exception):
    """A condition is too close to call."""


class Stop(sympy.Function):
    """``sg``: its argument, with no derivative."""

    is_real = True

    def fdiff(self, _index=1):
        return sympy.Integer(0)


class Choice(sympy.Function):
    """The second argument where the first is positive, else the third."""

    is_real = True

    def fdiff(self, index=1):
        sides = [sympy.Integer(index == 2), sympy.Integer(index == 3)]
        return Choice(self.args[0], *sides) if index > 1 else sympy.Integer(0)


def chosen(gap, first, second):
    if abs(gap) < mpf(10) ** -30:
        raise BorderlineError
    return first if gap > 0 else second


WORDS = {
    "Pi": lambda: +mp.pi,
    "Exp1": lambda: +mp.e,
    "Add": lambda *values: mp.fsum(values),
    "Mul": lambda *values: mp.fprod(values),
    "Pow": mp.power,
    "Abs": abs,
    "polygamma": mp.psi,
    "Stop": lambda value: value,
    "Choice": chosen,
}
"""What is not called in mpmath as in SymPy."""


class Symbolic:
    """A drawn program as expressions: ``outputs`` in ``symbols``, evaluated by ``numbers``."""

    def __init__(self, drawn):
        self.drawn = drawn
        self.symbols = {name: sympy.Symbol(name, real=True) for name in VARIABLES}
        self.words = dict(WORDS)
        self.calls = {}
        for function in drawn.functions.values():
            self.calls[function.name] = self.defined(function)
        self.known = {}
        for name, term in drawn.statements.items():
            self.known[name] = self.term(term, self.symbols | self.known)
        self.outputs = [self.term(term, self.symbols | self.known) for term in drawn.outputs]

    def defined(self, function):
        """Return what makes a call: the body; or with a rule a function that has it as fdiff."""
        given = [sympy.Dummy(name, real=True) for name in function.parameters]
        scope = dict(zip(function.parameters, given, strict=True))
        body = self.term(function.body, scope)
        if not function.rules:
            return lambda *inputs: body.xreplace(dict(zip(given, inputs, strict=True)))
        out = sympy.Dummy("out", real=True)
        rules = [self.term(rule, scope | {"out": out}) for rule in function.rules]

        def fdiff(self, index=1):
            return rules[index - 1].xreplace(
                {**dict(zip(given, self.args, strict=True)), out: self}
            )

        self.words[function.name] = lambda *inputs: self.evaluated(
            [body], dict(zip(given, inputs, strict=True))
        )[0]
        return type(function.name, (sympy.Function,), {"fdiff": fdiff, "is_real": True})

    def term(self, term, scope):
        kind, *rest = term
        if kind == "diff":
            return self.derivative(*rest, scope)
        inputs = [self.term(item, scope) for item in rest if isinstance(item, tuple)]
        if kind == "number":
            found = sympy.Rational(*rest[0].as_integer_ratio())
        elif kind == "name":
            found = scope[rest[0]]
        elif kind == "apply":
            found = OPERATIONS[rest[0]][1](*inputs)
        elif kind == "call":
            found = self.calls[rest[0]](*inputs)
        elif kind == "where":
            left, right, *sides = inputs
            found = Choice(left - right if rest[0] == ">" else right - left, *sides)
        else:
            found = Stop(inputs[0]) if kind == "sg" else sympy.pi
        return found

    def derivative(self, term, by, order, scope):
        if scope[by].is_Symbol:
            return sympy.diff(self.term(term, scope), scope[by], order)
        # By an intermediate: it is a variable of its own for the statements that come after it.
        alone = sympy.Dummy(by, real=True)
        names = list(self.drawn.statements)
        at = names.index(by)
        held = {**self.symbols, **{name: scope[name] for name in names[:at]}, by: alone}
        for name in names[at + 1 :]:
            if name in scope:
                held[name] = self.term(self.drawn.statements[name], held)
        return sympy.diff(self.term(term, held), alone, order).xreplace({alone: scope[by]})

    def numbers(self, expressions, point):
        """Return the numbers of expressions at a point."""
        return self.evaluated(expressions, {self.symbols[name]: point[name] for name in point})

    def evaluated(self, expressions, known):
        """Return the numbers of expressions; what they share is worked out once."""
        todo = list(expressions)
        while todo:
            one = todo.pop()
            missing = [part for part in one.args if part not in known]
            if one.is_Rational:
                known[one] = mpf(one.p) / one.q
            elif one not in known and missing:
                todo += [one, *missing]
            elif one not in known:
                name = type(one).__name__
                word = self.words.get(name) or getattr(mp, name)
                known[one] = word(*[known[part] for part in one.args])
        return [known[one] for one in expressions]


# Drawing


among = cache(st.sampled_from)
"""Return what draws one of some things: it is made once, which takes longer than a draw."""


class Drawer:
    """Draws terms of ``names``, that take SymPy no more than ``largest``; ``by`` are for diff."""

    def __init__(self, draw, names, functions, largest):
        self.draw = draw
        self.largest = largest
        self.names = list(names)
        self.by = list(names)
        self.functions = functions
        self.statements = {}

    def pick(self, *things):
        return self.draw(among(things))

    def term(self, depth):
        if not depth:
            if self.pick(*[False] * 7, True):
                return self.pick(*[("number", value) for value in (0.5, 2.0, 0.1, 1.25)], ("pi",))
            return named(self.pick(*self.names, *self.names[-2:]))
        return self.of(
            self.pick(*["apply"] * 6, *["diff"] * 3, *["call"] * 4, "sg", "where"), depth
        )

    def of(self, kind, depth):
        """Draw a term of this kind, or a small one if it would be too large for SymPy."""
        if kind == "call" and self.functions:
            function = self.pick(*self.functions.values())
            found = ("call", function.name, *[self.term(depth - 1) for _ in function.parameters])
        elif kind == "sg":
            found = apply("sum", ("sg", self.term(depth - 1)), self.term(depth - 1))
            found = apply("product", found, self.term(0))
        elif kind == "where":
            found = ("where", self.pick("<", ">"), *[self.term(depth - 1) for _ in range(4)])
        elif kind == "diff":
            inner = self.of(
                self.pick("apply", "call", "call", "call", "sg", "where", "diff"), max(depth - 1, 1)
            )
            by = self.pick(*self.by, *self.by[-2:])
            if by in self.statements and any(one[0] == "diff" for one in self.parts(inner, by)):
                by = self.by[0]  # what a derivative is by a part of it depends on how it is written
            found = ("diff", inner, by, self.pick(1, 1, 2))
        else:
            operation = self.pick(*OPERATIONS, *["product"] * 6, *["sum"] * 3)
            found = apply(operation, *[self.term(depth - 1) for _ in range(COUNTS[operation])])
        small = self.size(found) <= self.largest and self.order(found) <= MOST_ORDERS
        if small:
            return found
        return self.of(kind, depth - 1) if depth > 1 else apply("sin", named(self.names[-1]))

    def parts(self, term, stop=""):
        """Yield the term and those in it, through the names of statements but for ``stop``."""
        todo = [term]
        while todo:
            one = todo.pop()
            yield one
            todo += [item for item in one[1:] if isinstance(item, tuple)]
            if one[0] == "name" and one[1] in self.statements and one[1] != stop:
                todo.append(self.statements[one[1]])

    def size(self, term):
        """Return about how large SymPy's expression is: nothing is shared there."""
        kind, *rest = term
        if kind == "name" and rest[0] in self.statements:
            return self.size(self.statements[rest[0]])
        inner = sum(self.size(item) for item in rest if isinstance(item, tuple))
        if kind == "diff":
            return 3 ** rest[2] * inner
        if kind == "call":
            function = self.functions[rest[0]]
            return inner * 2 + sum(map(self.size, (function.body, *function.rules)))
        return 1 + inner

    def order(self, term):
        """Return how many derivatives are taken of derivatives."""
        kind, *rest = term
        if kind == "name" and rest[0] in self.statements:
            return self.order(self.statements[rest[0]])
        inner = max((self.order(item) for item in rest if isinstance(item, tuple)), default=0)
        if kind == "diff":
            return inner + rest[2]
        if kind == "call":
            function = self.functions[rest[0]]
            return max(inner, *map(self.order, (function.body, *function.rules)))
        return inner


@st.composite
def programs(draw, common="no rule", outputs=1, *, gradients=False, largest=200):
    """Draw a program; with ``gradients`` the rules of functions of two parameters are true.

    Most functions are of the kind that is ``common``: it has no rule, a true one or another one.
    """
    functions = {}
    for name in draw(st.sampled_from(["", "f", "fg", "fg", "fgh", "fgh"])):
        known = [function for function in HANDMADE if function.kind == common]
        if known and draw(st.booleans()):
            function = draw(st.sampled_from(known))._replace(name=name)
        else:
            parameters = draw(st.sampled_from([("x",), ("u",), ("x", "y"), ("y", "x"), ("u", "v")]))
            drawer = Drawer(draw, parameters, dict(functions), largest)
            kinds = st.sampled_from(["apply", "apply", "diff", "call"])
            body = drawer.of(draw(kinds), draw(st.integers(1, 2)))
            kind = draw(st.sampled_from([*KINDS, common, common, common]))
            rules = ()
            if kind == "true rule":
                rules = tuple([("diff", body, parameter, 1) for parameter in parameters])
            elif kind == "other rule":
                drawer.names.append("out")
                rules = tuple([drawer.of(draw(kinds), 1) for _ in parameters])
            function = Function(name, parameters, body, rules, kind)
        if gradients and function.kind == "other rule" and len(function.parameters) > 1:
            function = function._replace(rules=(), kind="no rule")
        functions[name] = function
    drawer = Drawer(draw, VARIABLES, functions, largest)
    for index in range(draw(st.integers(1, 4))):
        term, name = drawer.term(draw(st.integers(1, 3))), f"v{index}"
        if draw(st.booleans()):
            # The number makes the node one of its kind: a derivative by it is by this name only.
            term = apply("sum", term, ("number", 3 + (index + 1) / 64))
            drawer.by.append(name)
        drawer.statements[name] = term
        drawer.names.append(name)
    if outputs == 1:
        kind = drawer.pick("diff", "diff", "diff", "call", "sg", "where")
        output = apply("sum", drawer.of(kind, 3), drawer.pick(drawer.term(2), named(name)))
        return Drawn(functions, drawer.statements, [output])
    for index in range(len(drawer.statements), outputs):
        drawer.statements[f"w{index}"] = drawer.term(2)
    return Drawn(functions, drawer.statements, [named(name) for name in drawer.statements])


def features(drawn):
    """Return what kinds of terms the outputs are made of."""
    found = set()

    def walk(term, place, outside):
        kind, *rest = term
        beyond, inner = [], outside
        if kind == "diff":
            inner = outside + rest[2]
            found.update(
                f"diff{which}"
                for which, there in {
                    place: True,
                    " of order 2": rest[2] == 2,
                    " of diff": outside,
                    " by an intermediate": rest[1] in drawn.statements,
                }.items()
                if there
            )
        elif kind == "call":
            function = drawn.functions[rest[0]]
            kind = function.kind
            walk(function.body, " in a function", outside)
            beyond = [(rule, " in a rule") for rule in function.rules]
        elif kind == "name" and rest[0] in drawn.statements:
            beyond = [(drawn.statements[rest[0]], place)]
        elif rest[:1] == ["out"]:
            found.add("out in a rule")
        found.add(f"{kind} in diff" if outside else kind)
        beyond += [(item, place) for item in rest if isinstance(item, tuple)]
        for item, where in beyond:
            walk(item, where, inner)

    for output in drawn.outputs:
        walk(output, "", 0)
    return found


coordinate = st.integers(-64, 64).map(lambda whole: whole / 32)
points = st.fixed_dictionaries(dict.fromkeys(VARIABLES, coordinate))


def over_all_kinds(check, count, drawn, *others):
    """Run ``check`` on ``count`` examples for each kind of function that is common in them."""
    rules = settings(max_examples=count, deadline=None, derandomize=True, database=None)
    for common in KINDS:
        rules(given(drawn(common), *others)(check))()


# Comparing


def size(*rows):
    """Return 1, or the largest number there is: rounding errors are in proportion to it."""
    return max([abs(value) for row in rows for value in row if value is not None], default=0) + 1


def same(one, other, scale):
    """Say whether two numbers agree to 40 digits, or differ by no more than rounding does."""
    gap = abs(one - other)
    return gap <= max(abs(one), abs(other)) * mpf(10) ** -40 or gap <= scale * mpf(10) ** -50


def expected_of(symbolic, expressions, point):
    """Return the expressions' numbers at the point; the example is dropped at a jump."""
    try:
        return symbolic.numbers(expressions, point)
    except BorderlineError:
        assume(condition=False)


FEATURES = (
    "diff", "diff in a function", "diff in a rule", "diff of order 2", "diff of diff",
    "diff by an intermediate", "no rule", "no rule in diff", "true rule", "true rule in diff",
    "other rule", "other rule in diff", "out in a rule", "sg", "sg in diff", "where",
    "where in diff",
)  # fmt: skip


def never(seen):
    """Return the kinds of terms that a test has not met."""
    return {name for name in FEATURES if not seen[name]}


def derivatives(graph, root, variables, *, book=False):
    """Return a graph with the derivatives of a node by all variables, and their nodes."""
    made = graph.copy()
    one = made.node("number", (), 1.0)
    return made, [Along(made, {node: one}, book=book).derivative(root) for node in variables]


def backwards(graph, root, variables):
    """Return a graph with the adjoints of all variables, and their nodes."""
    made = graph.copy()
    found = adjoint_nodes(made, root, variables, book=False)
    return made, [found.get(node) for node in variables]


@pytest.mark.slow
def test_forward_and_reverse_mode_and_derivatives_are_sympys(times):
    seen = Counter()

    def check(drawn, point):
        symbolic = Symbolic(drawn)
        output = symbolic.outputs[0]
        slopes = [sympy.diff(output, symbol) for symbol in symbolic.symbols.values()]
        graph, root = flat(text_of(drawn))
        wrt = graph.variables()
        nodes = list(wrt.values())
        with mp.workdps(DIGITS):
            exact = {name: mpf(value) for name, value in point.items()}
            value, *numbers = expected_of(symbolic, [output, *slopes], exact)
            expected = dict(zip(VARIABLES, numbers, strict=True))
            values = forward(graph, digits, exact)
            adjoints = pulled(graph, digits, values, {root: mpf(1)}, nodes)
            scale = size(values, adjoints)
            assert same(values[root], value, scale)
            found = [[adjoints[node] for node in nodes]]
            found.append([pushed(graph, digits, values, {n: mpf(1)})[root] for n in nodes])
            for made, places in (
                backwards(graph, root, nodes),
                derivatives(graph, root, nodes),
                derivatives(graph, root, nodes, book=True),
            ):
                all_values = forward(made, digits, exact)
                scale = max(scale, size(all_values))
                found.append([0 if place is None else all_values[place] for place in places])
            book = found.pop()
            for row in found:
                for name, slope in zip(wrt, row, strict=True):
                    assert same(slope or 0, expected[name], scale)
            for name, slope in zip(wrt, book, strict=True):
                # written out, the decimals of gelu_tanh are the doubles next to them
                doubles = "gelu_tanh" in text_of(drawn) and abs(slope - expected[name])
                assert same(slope, expected[name], scale) or doubles < scale * 1e-15
            for name in expected.keys() - wrt.keys():
                assert same(expected[name], 0, scale)
        seen.update(features(drawn))
        seen["not flat"] += any(abs(slope) > 1e-6 for slope in numbers)

    over_all_kinds(check, 10 * times, lambda kind: programs(kind, largest=120), points)
    assert not never(seen)
    assert seen["not flat"] > 20


@pytest.mark.slow
@pytest.mark.parametrize("operation", OPERATIONS)
def test_third_derivatives_of_each_operation(operation):
    """The rules of rules, and of what these are made of: diff twice, and then the gradient."""
    inputs = (X, Y)[: COUNTS[operation]]
    term = apply(operation, *inputs)
    drawn = Drawn({}, {}, [("diff", term, by, 2) for _, by in inputs])
    symbolic = Symbolic(drawn)
    lowered = lower(parse(text_of(drawn)))
    graph, wrt = lowered.graph, lowered.graph.variables()
    for x, y in ((0.625, -1.375), (-1.75, 0.875), (0.0, 1.0)):
        with mp.workdps(DIGITS):
            exact = {"x": mpf(x), "y": mpf(y), "z": mpf(0)}
            values = forward(graph, digits, exact)
            for output, node in zip(symbolic.outputs, lowered.outputs, strict=True):
                slopes = [sympy.diff(output, symbol) for symbol in symbolic.symbols.values()]
                value, *expected = symbolic.numbers([output, *slopes], exact)
                adjoints = pulled(graph, digits, values, {node: mpf(1)}, wrt.values())
                scale = size(values, adjoints)
                assert same(values[node], value, scale)
                for name, slope in zip(VARIABLES, expected, strict=True):
                    assert same((name in wrt and adjoints[wrt[name]]) or 0, slope, scale)


RULES = (
    "u + v", "u - v", "u*v", "u/v", "u^v", "-u*v", "u*(v*3)",
    "where(u > v, u, 0) + where(u > v, 0, v)",
    "where(u, v, 0)*u", "(u < v) + 2*(u <= v) + 4*(u == v) + 8*(u != v)", "(u > v) + 2*(u >= v)",
    "(u and v) + 2*(u or v) + 4*(not u)", "(u < v and v) + 2*(v or u < v)", "abs(u) - floor(v)",
)  # fmt: skip
ARGUMENTS = ("x", "-x", "0", "1", "-1", "2", "-3", "0.5", "3*y", "where(x > 0, y, 0)", "-(x - y)")
MET = [
    (u, v) for u, v in product(ARGUMENTS, ARGUMENTS) if u == v or {u, v} & {"x", "0", "1", "3*y"}
]
"""Each argument beside itself, a variable, 0, 1 and a product, on either side."""


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
def test_a_derivative_is_simplified_to_what_it_was(rule):
    """The derivative by z is the rule of what is given: simpler as a graph, but the same number."""
    head = f"def f(w, u, v) = w; rule f(w, u, v) = {rule}, 0, 0"
    for u, v in MET:
        graph, root = flat(f"{head}; f(z, {u}, {v})")
        node = graph.variables()["z"]
        made, (place,) = derivatives(graph, root, [node])
        with mp.workdps(DIGITS):
            point = {"x": mpf("0.75"), "y": mpf("-1.25"), "z": mpf(2)}
            values = forward(graph, digits, point)
            slope = pushed(graph, digits, values, {node: mpf(1)})[root]
            simplified = forward(made, digits, point)[place]
            assert (
                same(simplified, slope, 1)
                or (mp.isnan(slope) and mp.isnan(simplified))
                or (mp.isinf(slope) and simplified == slope)
            ), (u, v)


def hessian_of(symbolic):
    """Return the entries of SymPy's Hessian that are not above its diagonal, by two names."""
    found = {}
    for name, symbol in symbolic.symbols.items():
        slope = sympy.diff(symbolic.outputs[0], symbol)
        for other, by in symbolic.symbols.items():
            if other <= name:
                found[name, other] = sympy.diff(slope, by)
    return found


@pytest.mark.slow
def test_hessians_are_symmetric_and_sympys(times):
    """The rules of functions of two parameters are true here: others have no Hessian."""
    seen = Counter()

    def check(drawn, point):
        symbolic = Symbolic(drawn)
        matrix = hessian_of(symbolic)
        program = parse(text_of(drawn))
        graph, root = flat(text_of(drawn))
        wrt = graph.variables()
        [whole] = hessian(program, point).each
        found = whole.matrix
        if not any(len(one.parameters) > 1 for one in drawn.functions.values() if one.rules):
            # else both halves are worked out, and are held against SymPy's below
            assert found == [list(column) for column in zip(*found, strict=True)]
        made, slopes = derivatives(graph, root, wrt.values())
        with mp.workdps(DIGITS):
            exact = {name: mpf(value) for name, value in point.items()}
            numbers = expected_of(symbolic, [*matrix.values()], exact)
            expected = dict(zip(matrix, numbers, strict=True))
            expected |= {(other, name): number for (name, other), number in expected.items()}
            values = forward(made, digits, exact)
            for column, (name, slope) in enumerate(zip(wrt, slopes, strict=True)):
                adjoints = pulled(made, digits, values, {slope: mpf(1)}, wrt.values())
                scale = size(values, adjoints)
                for row, other in enumerate(wrt):
                    number = expected[other, name]
                    assert same(adjoints[wrt[other]] or 0, number, scale)
                    assert abs(found[row][column] - number) <= scale * 1e-11
                    seen["curved" if other == name else "mixed"] += abs(number) > 1e-6
            for pair in set(expected) - set(product(wrt, wrt)):
                assert same(expected[pair], 0, size(numbers))
        seen.update(features(drawn))

    over_all_kinds(
        check, 20 * times, lambda kind: programs(kind, gradients=True, largest=50), points
    )
    assert never(seen) <= {"diff in a rule"}  # such are large
    assert min(seen["mixed"], seen["curved"]) > 25


def weights(*names):
    return st.fixed_dictionaries(dict.fromkeys(names, st.integers(-8, 8).map(lambda n: n / 4)))


def several(common):
    """Draw a program with four outputs or more, a point, a direction, and cotangents."""
    outputs = weights(*[f"{letter}{index}" for letter in "vw" for index in range(4)])
    return st.tuples(programs(common, 4, largest=800), points, weights(*VARIABLES), outputs)


@pytest.mark.slow
def test_forward_and_reverse_products_are_adjoint(times):
    """The identity is w·(J v) = (Jᵀ w)·v, whatever the rules say."""
    seen = Counter()

    def check(given_):
        drawn, point, along, cotangents = given_
        program = parse(text_of(drawn))
        lowered = lower(program)
        graph, variables = lowered.graph, lowered.graph.variables()
        outputs = {name: lowered.names[name] for name in drawn.statements}
        with mp.workdps(DIGITS):
            exact = {name: mpf(value) for name, value in point.items()}
            values = forward(graph, digits, exact)
            direction = {node: mpf(along[n]) for n, node in variables.items()}
            moved = pushed(graph, digits, values, direction)
            seeds = {}
            for name, node in outputs.items():
                seeds[node] = seeds.get(node, 0) + mpf(cotangents[name])
            back = pulled(graph, digits, values, seeds, variables.values())
            left = sum((moved[node] or 0) * cotangents[name] for name, node in outputs.items())
            right = sum((back[node] or 0) * along[name] for name, node in variables.items())
            scale = size(values, moved, back)
            assert same(left, right, scale * 10)
        direction = {name: along[name] for name in variables}
        forwards = jvp(program, point, direction)
        backwards = vjp(program, point, {name: cotangents[name] for name in outputs})
        in_floats = [
            sum(a * cotangents[n] for a, n in zip(forwards.products, outputs, strict=True)),
            sum(a * along[n] for n, a in backwards.point.gradient.items()),
        ]
        assert in_floats[0] == pytest.approx(in_floats[1], rel=1e-12, abs=1e-12 * float(scale))
        assert in_floats[0] == pytest.approx(float(left), rel=1e-12, abs=1e-12 * float(scale))
        seen.update(features(drawn))
        seen["not 0"] += abs(left) > 1e-3

    over_all_kinds(check, 10 * times, several)
    assert not never(seen)
    assert seen["not 0"] > 14


@pytest.mark.slow
def test_matrices_are_made_of_products(times):
    """A row of a Jacobian is a gradient, a Hessian times a direction is a product without one."""
    seen = Counter()

    def check(drawn, point, along):
        text = text_of(drawn)
        program = parse(text)
        wrt = list(program.graph.variables())
        near = {mode: jacobian(program, point, wrt, mode) for mode in MODES}
        assume(all(map(math.isfinite, near["reverse"].point.values)))  # else it overflows
        head, _, _ = text.rpartition("\n")
        scale = size(near["reverse"].point.values, near["reverse"].point.adjoints) * 1e-12
        rows = []
        for name in drawn.statements:
            one = parse(f"{head}\n{name} + 0")
            slopes = gradient(one, point).gradient
            rows.append([slopes.get(variable, 0.0) for variable in wrt])
        for found in near.values():
            for row, expected in zip(found.matrix, rows, strict=True):
                assert row == pytest.approx(expected, rel=1e-12, abs=scale)
        direction = {name: along[name] for name in wrt}
        products = hvp(program, point, direction).reports
        matrices = hessian(program, point).each
        for found, second in zip(products, matrices, strict=True):
            expected = [
                sum(entry * along[n] for entry, n in zip(row, wrt, strict=True))
                for row in second.matrix
            ]
            largest = size(found.values, found.adjoints, *second.matrix) * 1e-11
            assert list(found.gradient.values()) == pytest.approx(expected, 1e-11, largest)
            seen["curved"] += any(map(abs, expected))
        seen["forward"] += near["auto"].mode == "forward"
        seen["reverse"] += near["auto"].mode == "reverse"

    over_all_kinds(
        check,
        5 * times,
        lambda kind: programs(kind, 3, gradients=True, largest=400),
        points,
        weights(*VARIABLES),
    )
    assert seen["curved"] > 16
    assert min(seen["forward"], seen["reverse"]) > 1


@pytest.mark.slow
def test_the_text_of_a_derivative_is_that_derivative(times):
    seen = Counter()

    def check(drawn, point):
        program = parse(text_of(drawn))
        lowered = lower(program, book=True)
        for name, node in lowered.graph.variables().items():
            made, (slope,) = derivatives(lowered.graph, lowered.outputs[0], [node], book=True)
            again = lower(parse(unparse(made, slope)), book=True)
            [root] = again.outputs
            expected, renamed = canonical(made, slope, bodies=False)
            found, numbers = canonical(again.graph, root, bodies=False)
            assert found == expected
            for intermediate, place in lowered.names.items():
                if place in renamed and intermediate in again.names:
                    assert numbers[again.names[intermediate]] == renamed[place]
            with mp.workdps(DIGITS):
                exact = {one: mpf(value) for one, value in point.items()}
                # The rules are kept too: the text is right for the next derivative.
                once, twice = [], []
                for graph, top in ((made, slope), (again.graph, root)):
                    values = forward(graph, digits, exact)
                    once.append(values[top])
                    wrt = graph.variables()
                    back = pulled(graph, digits, values, {top: mpf(1)}, wrt.values())
                    twice.append((back[wrt[name]] or 0) if name in wrt else 0)
                assert same(*once, size(values))
                assert same(*twice, size(values, back))
            seen["names kept"] += any(place in renamed for place in lowered.names.values())
            seen["rules"] += "rule" in unparse(made, slope)
        seen.update(features(drawn))

    over_all_kinds(check, 10 * times, lambda kind: programs(kind, largest=800), points)
    assert not never(seen)
    assert min(seen["names kept"], seen["rules"]) > 4
