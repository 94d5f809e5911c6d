"""Mistakes in a program: each has its own sentence, place and hint, and no text does worse."""

from __future__ import annotations

import math
import shlex

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backpropcli.cli.corrected import corrected
from backpropcli.cli.mistakes import told
from backpropcli.errors import SourceError, columns
from backpropcli.graph.operations import CONSTANTS, NAMES
from backpropcli.language import mistakes, scanner
from backpropcli.language.mistakes.refused import assignments
from backpropcli.language.mistakes.repair import problems, repaired
from backpropcli.language.mistakes.source.nearby import NEAR
from backpropcli.language.parse import parse
from tests.each import for_each
from tests.reference import calls, mistake, value

WIDEST = 100
LONG_NAME = "a_name_of_many_letters_in_a_call"

# One line for each mistake; the golden file has what a user sees. The lines with a second
# part name what has a value from outside.
MISTAKES = {
    "parentheses": [
        "(x + 1", "((x)", "max((x, y)", "sin(x", "z = (x + 1\ny = 2\nz*y", "(x +\ny = 2",
        "(x + 1 # (\n", "(x; y", "(x; y)", "(x +", "x)", "(x))", "x # (\n)", "()", "2*()",
        "{x + 1}*2", "{x}", "x]", "(x]", "|x|", "2*|x - 1|", "2|x|", "||x| - 1|",
    ],
    "products": [
        "1/2x", "y + 1/2x^2 - 3", "1/-2x", "2x/3y", "x^2y", "x^-2y", "2^3x", "e^2x", "x^2(y + 1)",
        "√2x", "1/x y", "1/x^2y", "x^y z", "x y", "2x y", "x 2", "(a)(b)", "x²y", "2²x",
        "sin(x)cos(y)", "1 000", "2 3", "1/2x + y z",
        "1/2x + sine(x) + np.log(y) + foo(z)", "1/2x+foo(x)", "1 200",
    ],
    "arguments": [
        "sin x", "sin 2x", "sin 2 pi x", "log x + 1", "sin 30°", "2 sin x cos x", "ln |x|",
        "sin^2(x)", "sin^2 x", "sin²(x)", "sin²x + cos²x", "sin^2 2x", "cos^-1(x)", "cos⁻¹(x)",
        "sin^(-1)(x)", "log^-1(x)", "tanh^n(x)", "def f(x) = x^2; f^2(x)",
    ],
    "operators": [
        "x^", "x +", "x +\ny", "x ++", "√", "*x", "^2", "max(x, *y)", "x * (/ y)", "x ** * y",
        "x * / y", "a -> b", "x = = 3", "x === 3", "a => b", "a < = b", "a <> b", "a && b",
        "x > 0 & y > 0", "a || b", "a | b", "!a", "x + !a", "x!", "(n + 1)!", "~a", "x + ~a",
        "a > 0 ? b : c", "a % b", "x + 2*a % b", "50%", "50% of x", "a // b", "2*a // b + 1", "@y",
        "a < b < c", "0 <= x + 1 < y*2 and z", "a == b == c", "√x²", "√x^2", "√(x + 1)²", "√-x",
        "x²^3", "x² ²", "²", "x + ²", "x⁻",
    ],
    "words": [
        "and", "and = 3", "x + or", "not = 3", "not", "x not", "x + not y", "x not y", "and b",
        "a AND b", "a mod b", "x and or y", "x if x > 0 else 0", "if x > 0", "lambda x: x^2",
        "let x = 3", "x is y", "1 if x > 0 else 0", "x if x > 0 else y if y > 0 else 0",
        "if x > 0 then x else -x", "7 mod y", "x div y", "f = lambda x, y: x*y; f",
        "(lambda x: x^2)(3)", "import numpy as np; np.sin(x)",
    ],
    "numbers": [
        "1..2", "1.2.3", "1.5.", ".", "1e", "1e+", "2e*x", "2E", "1_", "0x10", "0b11", "2½",
    ],
    "calls": [
        "snh(x)", "Sin(x)", "foo(x)", "pi(2)", "e(x)", "x + x(2)", "z = 2; z(3)", "factorial(n)",
        "add(x, y)", "neg(x)", "sin()", "log(x, 2)", "clip(x, 1)", "max()", "atan(y, x)",
        "leaky_relu(x, 1, 2)", "leaky_relu(x, slope=0.1)", "max(,x)", "max(x,)", "max(x,,y)",
        "max(x", "if(x > 0, 1, 2)", "if(x, y)", "snh(x) + foo(y) + coss(z)", "norm(x, y)",
        "factorial(n + 1)^2", "ctg(x)", "sen(x)", "log_2(x)", "log₁₀(x)", "log_b(x + 1)",
        "log₁₀ 2x + 1", "exp(x, dtype=1)",
        "sum(x, y - 1, 2*z)", "sum(i, 1, 3, x^i)", "sum()", "prod(x, y + 1)", "mean(a, b, c)",
        "mse(x)", "remainder(x, y)", "grad(x^2)", "gradient(x^2 + y^2)", "derivative(x^2, x)",
        "3*D(x^2, x)", "d/dx x^2", "d/dx (x^2)", "d(x^2)/dx", "round(x, 2)",
        "hessian(x^2)", "sind(x)", "log_sigmoid(x)", "sgm(x)", "ctan(x)", "acotd(x)",
        "IF(x > 0, x, 1)", "σ(x)", "nthroot(x, 3)", "piecewise(x > 0, x, 1)",
        "piecewise(x, x > 0, 1)",
    ],
    "assignments": [
        "(z = 3)", "2 = x", "x+1 = 3", "x^2 + y^2 = 25", "y^2 = x - 3", "x == y = 3",
        "f(x) = x^2", "a = b = 3", "a = b < 2 = 3", "= 3", "x =",
        "x += 1", "x := 3", "x = 1; x = 2", "x = x + 1", "y = x; x = x + 1", "a = b; b = a",
        "a = b; c = a + 1; b = 2*c", "z*2; z = 3", "y = z*2; z = 3; y", "x; ; y",
        ("x = 3; x*2", "x"),
    ],
    "functions": [
        "def f(x) = x", "def f(x) = x # twice\nrule f(x) = 1;\n",
        "def f(x) = f(x - 1)", "def relu(x) = relu(x)", "def g(x) = x; def f(x) = g(f(x)); f(2)",
        "def f(x) = x; def f(y) = y; f(x)", "sin(x)\ndef sin(x) = x", "z = sin(x)\ndef sin(x) = x",
        "def diff(x) = 2; x", "def f(x, y, x) = x", "def f(out) = 2*out", "def f(x) = 2*out",
        "def f(x) = k*x; f(x)", "k = 2; def f(x, y) = k*x; f(x, 1)", "def f(width) = 2*widht",
        "def f(a, b, c, d) = a*q", "x^2; def f(x) = x",
        "def f(x) = x; f(y, 2)", "def f(x, y) = x; f(y)", "def f(x) = x; 3*f()",
        "def smooth(x) = x; smoth(y)", "def f(x) = x + summ(x); f(2)", "def f(x) = 1/2x",
    ],
    "rules": [
        "rule f(x) = 2*x; f(x)", "def square(x) = x^2; rule sqare(x) = 2*x", "rule sin(x) = cos(x)",
        "rule diff(x) = 1", "def f(x) = x; z = f(2); rule f(x) = 1; z",
        "def f(x) = x; def g(x) = f(x); rule f(x) = 1; g(x)",
        "def f(x) = x; rule f(x) = 1; rule f(x) = 2; f(x)",
        "def f(x) = x; rule f(x, y) = 1, y; f(x)",
        "def f(x, y) = x; rule f(x) = 1; f(x, 2)", "def f(x, y) = x; rule f(x, y) = 1; f(x, 2)",
        "def f(x) = x; rule f(x) = 1, max(x, 2)",
        "def f(a, b, c, d, e) = a; rule f(a, b, c, d, e) = 1",
        "def f(x) = x; rule f(x) = y", "def f(width) = 2*width; rule f(width) = widht",
        "def f(x) = x; rule f(x) = 2*f(x)", "def f(x) = x; rule f(out) = 1",
        "def f(x, y) = x; rule f(x, x) = 1, 0", "x^2; rule f(x) = 1",
        "def f(x) = x; z; rule f(x) = 1",
    ],
    "derivatives": [
        "diff(x^2)", "diff()", "diff(x^3, x, 2, 1)", "diff(x^2, 2)", "diff(sin(x), x + 1)",
        "diff(max(x, y), max(x, y), 2)", "diff(pi*x, pi)",
        "diff(x^2, x, 0)", "diff(x^2, x, n)", "1 + diff(x^2, x, 1.5)*2",
        "diff(x^2, x, 21)", "diff(x^2, x, -1)", "def f(x) = diff(x^2, y)",
        "def f(x, y) = diff(x*y, x*y)",
        "def f(x) = diff(x^2, 2)",
    ],
    "outputs": [
        "output: x, y", "outptus: x, y", "loss: x^2", "outputs: x,", "outputs: x, y; z = 3",
        "(x, y); z = x", "x; outputs: x, y", "(x, y,)", "(x,, y)",
    ],
    "heads": [
        "def f(x)", "use", "def f(x) =", "rule f(x) =\n", "def = 3", "rule = 3", "2*def",
        "x = use 'f.bp'", "def f(x) = def g(y) = y", "def f(x, y) = x; rule f(x, y) = (1, 2)",
        "use 'f.bp", "import 'f.bp'", "use 'a (old).bp' x", "use ')' x", "use('f.bp')",
        "use 'a.bp', 'b.bp'", "f(x) := x^2", "def f(x) = g(x); def g(x) = x",

        "def f() = 3", "def f = 3", "def (x) = 3", "def f(x):\n return x", "def f(x): return x^2",
        "def f(x, k=1) = x",
        "def f(2) = x", "def f x = 2", "rule f = 1", "rule (x) = 1", "rule f(x) 1", "use f.bp",
        "use = 3",
    ],
    "commas": ["a, b", "z = a, b", "1,5", "1,000", "2*(a, b)", ",", "2*f((x, y)"],
    "foreign signs": [
        "x'", "f'(x)", "'x'", '"x"*2', "x - 'a", "“x”", "$x", "$", "x.y", "np.exp(x)", "x.",
        "x + ...", "a.b.c*x",
        "torch.nn.functional.relu(x)", "np.log(p) - math.sin(q)", "x.exp()", "(x + y).clamp(0, 1)",
        "np.maximum(x, 0)", "math.pi*r**2", "np.gcd(x, y)", "x.t*y",
        "np.remainder(x, y)", "math.remainder(x, y)", "F.softmax(x)", "np.sum(x)", "D[x^2, x]",
        "\\sin(x)", "x \\\n+ y", "a : b", "__import__('os').system('id')",
    ],
    "arrays": [
        "[1 2 3]", "[1, 2; 3, 4]*x", "[x -1; sin(y) 2]", "[]", "x[]", "x[1", "[1, [2, 3]", "[1, 2)",
        "(x]", "x[1.5]", "x[x > 0]", "x[0:n]", "x[::0]", "x[..., 0, ...]", "x[, 0]", "x[0,,1]",
        "sum(x[x > 0])", "x[y 2]", "{{1, 2}, {3, 4}}*x", "[x^i for i in [1, 2]]", "x + None",
        "[1, 'a']", "[x, y = 3]",
    ],
    "transposes": [
        "A'*x", "A'*x + y'", "A.t()", "A.transpose()*2", "A.H", "A^2.T", "2*A^2.T@x", "A \\ b",
        "A .* B", "x./y", "x.^2", "A . B", "A.B", "[[1, 2], [3, 4]].[x, y]",
    ],
    "settings": [
        "sum(x, 0)", "softmax(x + y, -1)", "mean(x, 0, True)", "sum(x, axs=0)", "sum(x, foo=0)",
        "sum(x, axis=0, dim=1)", "sin(x, axis=0)", "max(x, y, axis=0)", "zeros(3, dtype=float)",
        "sum(x, axis=k)", "sum(x, axis=1.5)", "sum(x, axis='0')", "softmax(x, axis=(0, 1))",
        "sum(x, keepdims=3)", "zeros(n)", "zeros(2, n)", "zeros(2.5)", "reshape(x, (n, 2))",
        "reshape(x)", "einsum(x, y)", "sin('x')", "sum((x, y))", "concat((x, y), 1)",
        "def f(x) = x; f(x=2)", "def f(x) = x; f((2, 3))", "diff((x, y), x)", "sum(axis=0)",
        "roll(x, 1, 0, 2)", "sum(x, axis=n + 1)",
    ],
    "libraries": [
        "np.array([[1, 2], [3, 4]])*x", "torch.tensor([1., 2.], requires_grad=True)*x",
        "np.sum(x, axis=0)", "np.dot(a, b)", "torch.matmul(A, B)", "A.dot(B)", "A @ B.inv()",
        "np.linalg.inv(A)", "F.softmax(x, dim=1)", "np.concatenate([a, b], axis=1)",
        "torch.cat((a, b), 1)", "np.zeros((3, 3), dtype=np.float64)", "x[:, np.newaxis]",
        "x.sum()", "x.mean(axis=0)", "(x + y).reshape(2, 3).T.sum()", "x.shape[0]", "x.grad",
        "x.clone().detach()", "torch.var(x, dim=0)", "np.cumsum(x)", "tf.reduce_sum(x, axis=1)",
        "np.max(A, 1)", "x.std()", "np.linalg.norm(v, 2)", "torch.split(x, 2)", "x.split(2)",
        "kl_div(x, y)", "np.mean(x[x > 0])", "Transpose[A].b", "Inverse[A].{1, 2}", "Total[x^2]",
    ],
    "not there": [
        "sum(x*normal(3))", "X@uniform(3, 4)", "W = 1; sum(W*normal(n))", "randn(3)", "rand(2, 2)",
        "eigvals(A)", "sum(eigvalsh(A))", "eig(A@A.T)", "svd(A)", "sum(svdvals(X))", "qr(A)",
        "lu(A)", "pinv(A)", "lstsq(A, b)", "matrix_power(A, 3)", "expm(A)", "median(x)",
        "argsort(x)", "vstack(a, b)", "hstack((a, b))", "embedding(t, E)", "dropout(x, 0.5)",
        "tensordot(a, b)", "isnan(x)", "isfinite(x)", "full_like(x, 2)",
    ],
    "characters": [
        "x–1", "x—1", "2∗x", "a⁄b", "a＋b", "（x）", "max(x，y)", "x；y", "１２", "٣*x", "x\0y",
        "x\x1b[31m", "x\r+1", "\ufeffx", "x\u200by", "x\u202ey", "x\u0302 + 1", "x + 😀",
        "x \udcff", "x\ud800", "x\u3000y", "x\u2028y", "x\ue000", "∑x", "∂x", "∇x^2", "∂/∂x x^2",
        "⟨x, y⟩", "‖x‖", "x ⊙ y",
        "30°", "x*cos(60°)",
        "∛x", "∛(x + 1)", "∜x", "x′", "xⁿ", "xᵀ", "x ∧ y", "x^∞",
    ],
}  # fmt: skip


def spelled(text):
    """Return ``text`` on one line of plain characters, as Python would write it."""
    return repr(text).encode("utf-8", "backslashreplace").decode()


def cases(part):
    """Return the (text, names with a value) of a part of the table."""
    for case in MISTAKES[part]:
        text, *bound = case if isinstance(case, tuple) else (case,)
        yield text, bound


def shown(text, bound=()):
    """Return what a user sees of a mistake in a program, with the corrected command."""
    lines = told(mistake(text, bound), [text, *(f"{name}=2" for name in bound)])
    return "\n".join("".join(part for _, part in line) for line in lines)


@pytest.mark.parametrize("part", MISTAKES)
def test_what_a_user_sees(part, golden):
    seen = [f"{spelled(text)}\n{shown(text, bound)}\n" for text, bound in cases(part)]
    golden(f"mistakes/{part.replace(' ', '-')}.txt", "\n".join(seen))


@pytest.mark.sampled(4)
@pytest.mark.parametrize("part", MISTAKES)
def test_what_is_shown_as_corrected_runs(part, backprop):
    for text, bound in cases(part):
        for command in corrected(mistake(text, bound), [text, *(f"{name}=2" for name in bound)]):
            _, program, *given = shlex.split(command)
            read = parse(program, bound)
            if "array" in read.graph.table:  # whether it runs depends on shapes
                continue
            names = read.variables
            point = [*given, *(f"{name}=0.75" for name in names if name not in bound)]
            backprop("jacobian", program, *point, "--quiet")


# What each correction means, by Python's own arithmetic: at x = 0.7, y = 0.3.
X, Y = 0.7, 0.3
MEANT = {
    "1/2x": [0.5 * X, 1 / (2 * X)],
    "1 + 2x/3y": [1 + 2 * X / 3 * Y, 1 + 2 * X / (3 * Y)],
    "x^2y": [X**2 * Y, X ** (2 * Y)],
    "2^3x": [8 * X, 2 ** (3 * X)],
    "e^2x": [math.e**2 * X, math.e ** (2 * X)],
    "√2x": [2**0.5 * X, (2 * X) ** 0.5],
    "1/x y": [1 / X * Y, 1 / (X * Y)],
    "2 + 1/x^2y": [2 + 1 / (X**2 * Y), 2 + 1 / X**2 * Y, 2 + 1 / X ** (2 * Y)],
    "import math; math.sin(x)": [math.sin(X)],
    "∂/∂x (x^2)": [X**2, 2 * X],
    "2 sin x cos y": [2 * math.sin(X) * math.cos(Y)],
    "sin 2 pi x": [math.sin(2 * math.pi * X)],
    "sin 30°": [math.sin(math.radians(30))],
    "x*cos(60°)": [X * math.cos(math.radians(60))],
    "sin^2(x)": [math.sin(X) ** 2],
    "sin²x + cos²x": [1],
    "cos^-1(x)": [math.acos(X), 1 / math.cos(X)],
    "log^-1(x)": [1 / math.log(X)],
    "ln |x|": [math.log(X)],
    "2|x - 1|y": [2 * abs(X - 1) * Y],
    "x if x > y else y": [X],
    "1 if x < y else 0": [0],
    "1 if x < y else 2 if x < 0 else 3": [3],
    "if x > y then x else -x": [X],
    "x > y ? x : y": [X],
    "1 + (x > y ? x : y)": [1 + X],
    "-7 % 3": [-7 % 3, math.fmod(-7, 3)],
    "7 mod y": [7 % Y],
    "x // y": [X // Y],
    "factorial(3)^2": [36],
    "3!": [6],
    "log(x, 2)": [math.log2(X)],
    "log_2(x)": [math.log2(X)],
    "log_3(x + y)": [math.log(X + Y, 3)],
    "mean(x, y, 1)": [(X + Y + 1) / 3],
    "sum(x, y - 1)*2": [2 * (X + Y - 1)],
    "sum(i, 1, 3, x^i)": [X + X**2 + X**3],
    "sum(x^i, i, 1, 3)": [X + X**2 + X**3],
    "Sum(x^i, (i, 1, 3))": [X + X**2 + X**3],
    "sum(i, 1, 2, 2i - x)*2": [2 * (2 - X + 4 - X)],
    "product(x + i, i, 1, 2)": [(X + 1) * (X + 2)],
    "xsin(x)": [X * math.sin(X)],
    "2xexp(-x)": [2 * X * math.exp(-X)],
    "x - ytanh(y)^2": [X - Y * math.tanh(Y) ** 2],
    "1/xsin(x)": [],
    "2 1/2 x": [2.5 * X, 2 / (2 * X)],
    "A(1, 2) + A": [],
    "5!!*x": [],
    "fract(-x)": [1 - X],
    "root(3, x)": [],
    "normpdf(x)": [],
    "min x, y": [Y],
    "lg x": [math.log10(X)],
    "log_2 x": [math.log2(X)],
    "sh x*y": [math.sinh(X) * Y],
    "binom(5, 2)*x": [10 * X],
    "x => x^2": [X**2, 1],
    "Math.PI*x": [math.pi * X],
    "x^2 where x > 0": [],
    "{x if x > 0, 0 otherwise}": [],
    "x||y||0": [1],
    "clamp(x, 0.8, None)": [0.8],
    "2*clip(x, None, 0.5)": [1],
    "clip(None, 0, 1)": [],
    "cos 60 deg": [math.cos(math.radians(60))],
    "1'000*x": [1000 * X],
    "math.remainder(x, y)": [math.remainder(X, Y)],
    "np.remainder(-x, y)": [-X % Y],
    # numpy.sinc is normalised, and the default of jax.nn.gelu is the approximation by tanh.
    "np.sinc(x)": [math.sin(math.pi * X) / (math.pi * X)],
    "jax.nn.gelu(x)": [X / 2 * (1 + math.tanh((2 / math.pi) ** 0.5 * (X + 0.044715 * X**3)))],
    "tf.nn.leaky_relu(-x)": [-0.2 * X],
    "acotd(x)": [math.degrees(math.atan(1 / X))],
    "50% of x": [X / 2],
    "2 - 50% of x^2": [2 - X**2 / 2],
    "np.log(x) - math.sin(y)": [math.log(X) - math.sin(Y)],
    "torch.nn.functional.relu(x)": [X],
    "np.where(x > y, x, y)": [X],
    "x.exp().tanh()": [math.tanh(math.exp(X))],
    "(x + y).clamp(0, 0.5)": [0.5],
    "lambda x, y: x*y": [X * Y],
    "x^2 + y^2 = 25": [X**2 + Y**2 - 25, 0],
    "y^2 = x - 3": [Y**2 - (X - 3), 0],
    "0 < x < y": [0],
    "x > 0 && y < 0 || x > y": [1],
    "!x": [0],
    "∛(x + 1)": [(X + 1) ** (1 / 3)],
    "x – y": [X - Y],
    "5%": [0.05],
    "√x²": [X, X],
    "grad(x^2)": [X**2],
    "3*D(x^2, x)": [3 * 2 * X],
    "d/dx (x^2)": [X**2, 2 * X],
    "d(x^2)/dx": [X**2, 2 * X],
    "5e−3*x": [0.005 * X],
    "x*10^-3 + 5e–3*x": [0.006 * X],
    "2⌊x/0.3⌋ + y": [2 * (X // 0.3) + Y],
    "⌈x⌉y": [Y],
    "%pi*x": [math.pi * X],
    "2*%e^x": [2 * math.exp(X)],
    "PI()*x": [math.pi * X],
    "std::exp(x)": [math.exp(X)],
    "1.5*^-3 x": [0.0015 * X],
    "x**2 /* area */ + 1": [X**2 + 1],
    "4*x // the area": [4 * X],
    "function(x) x^2 + 1": [X**2 + 1],
    "z <- x^2; z + 1": [X**2 + 1],
    "5 °C + x": [],
    "E^(I x)": [],
    # LOG is of base e in most languages, and of base 10 in a spreadsheet; LN stands in those.
    "LOG(x)": [math.log(X), math.log10(X)],
    "LN(x) + LOG(y)": [math.log(X) + math.log10(Y)],
    "ATAN2(x, y)": [math.atan2(X, Y), math.atan2(Y, X)],
}


@pytest.mark.slow
@for_each("text", MEANT)
def test_what_is_shown_as_corrected_means_what_was_meant(text):
    found = [value(program, x=X, y=Y) for program in repaired(mistake(text))]
    assert found == pytest.approx(MEANT[text], rel=1e-14)


@for_each(
    "text, wanted",
    [
        ("torch.clamp(x - 1, min=0)", [0]),
        ("torch.clamp(x, max=0.5)", [0.5]),
        ("torch.clamp(x, 0, max=0.5)", [0.5]),
        ("np.clip(3*x, a_min=0, a_max=2)", [2]),
        ("np.clip(x, a_min=0.8, a_max=None)", [0.8]),
        ("F.leaky_relu(-x, negative_slope=0.2)", [-0.2 * X]),
        ("torch.round(x*x, decimals=1)", [0.5]),
        ("F.gelu(x, approximate='none')", [X / 2 * (1 + math.erf(X / 2**0.5))]),
        ("F.softplus(x, beta=2)", [math.log1p(math.exp(2 * X)) / 2]),
        ("F.elu(-x, alpha=0.5)", [0.5 * math.expm1(-X)]),
        ("F.hardtanh(3*x, min_val=-2, max_val=2)", [2]),
        ("F.hardtanh(3*x, max_val=2)", [2]),
        ("torch.logit(x, eps=0.4)", [math.log(0.6 / 0.4)]),
        ("torch.add(x, y, alpha=2)", [X + 2 * Y]),
        ("torch.div(x, y, rounding_mode='floor')", [X // Y]),
        ("np.power(x, y, dtype=float)", [X**Y]),
        ("np.power(x, y, dtype=int)", []),
        ("softplus(x, threshold=0.1)", []),
        ("F.softplus(x, beta=2, threshold=0.1)", []),
        ("sum([x, y], initial=5)", []),
        ("x*max(1, k=1..3)", []),
    ],
)
def test_a_keyword_that_changes_the_value_is_never_dropped(text, wanted):
    """By the documentation of PyTorch and NumPy, and Python's arithmetic."""
    found = [value(program, x=X, y=Y) for program in repaired(mistake(text))]
    assert found == pytest.approx(wanted, rel=1e-14)


@for_each(
    "text, written",
    [
        ("torch.var(x, unbiased=False)", "var(x, ddof=0)"),
        ("torch.std(x, unbiased=True)", "std(x, ddof=1)"),
        ("torch.var(x, correction=0)", "var(x, ddof=0)"),
        ("torch.var(x, 0, False)", "var(x, axis=0, ddof=0)"),
        ("torch.norm(x, p=1)", "norm(x, ord=1)"),
        ("F.gelu(x, approximate='tanh')", "gelu_tanh(x)"),
        ("sum([1..3])", "sum(arange(1, 4))"),
        ("norm(x, y, 2*x)", "norm([x, y, 2*x])"),
        ("xᵀ(x - y)", "x.T@(x - y)"),
        ("2wᵀ x + b", "2w.T@x + b"),
        ("x'y + 2*X'*y", "x.T@y + 2*X.T@y"),
        ("x^T y", "x.T@y"),
        ("2w.T x + b", "2w.T@x + b"),
        ("∑(x^2)/Σ(x)", "sum(x^2)/sum(x)"),
        ("sum(1:3)", "sum(arange(1, 4))"),
        ("y||x||", "y*norm(x)"),
        ("2‖x - y‖_1", "2norm(x - y, ord=1)"),
        ("F.mse_loss(x, y)", "mse(x, y)"),
        ("F.cross_entropy(z, t)", "cross_entropy(z, t)"),
        ("(x - y)^T(x - y)", "(x - y).T@(x - y)"),
        ("2⟨x - y, y⟩", "2((x - y)@y)"),
        ("np.sum(np.diff(x)**2)", "sum((x[..., 1:] - x[..., :-1])**2)"),
        ("Aᵀ[0]", "A.T[0]"),
    ],
)
def test_another_librarys_keyword_is_the_one_here(text, written):
    assert repaired(mistake(text)) == [written]


@for_each(
    "text, hint",
    [
        ("sin 30°", "write sin(30*pi/180)"),
        ("sin 2 pi x", "write sin(2 pi*x)"),
        ("y + 1/2x + sine(x)", "write (1/2)*x or 1/(2*x)"),
        ("D[x^2, x]", "write x^2 or diff(x^2, x)"),
        ("1 000*x", "write 1_000"),
    ],
)
def test_what_the_hint_says_is_right_by_itself(text, hint):
    assert mistake(text).hint == hint
    for piece in hint.removeprefix("write ").split(" or "):
        parse(piece)


@for_each(
    "text, hint",
    [
        ("sum(i^2, i, 1, n)", "write all terms, or an array of them, as in sum(arange(1, 101)^2)"),
        ("prod(i, 1, n, x)", "write all terms, or an array of them, as in sum(arange(1, 101)^2)"),
        ("int(x^2)", "for the whole part write trunc(x^2); there are no integrals"),
        ("int(x^2, x)", "there are no integrals"),
        ("Integrate[x^2, {x, 0, 1}]", "there are no integrals"),
        ("F.nll_loss(x, y, w)", "'backprop functions' lists them all"),
    ],
)
def test_what_may_mean_something_else_is_not_corrected(text, hint):
    error = mistake(text)
    assert error.hint == hint
    assert not repaired(error)


def test_a_power_of_numbers_may_be_too_large():
    assert mistake("10^400*x").message == "this power of numbers is too large for a double"


def test_an_equation_may_have_a_parenthesis_too_many():
    for text in ("x^2 = 3)", "x^2 = (3", "x^2 = [3]]"):
        error = mistake(text)
        assert error.message == "only a name can be given a value: this is an equation"
        assert error.hint.endswith("where each parenthesis has its other")


@for_each("name", ["ctan", "ctanh", "csin", "log1", "remainder"])
def test_a_function_that_means_something_else_is_not_proposed(name):
    assert not repaired(mistake(f"{name}(x)"))


@for_each(
    "text",
    [f"sum(i, 1, 9, {LONG_NAME}^i)", f"np.sum({LONG_NAME}, x)", f"sin^2({LONG_NAME})",
     f"log_5({LONG_NAME})", f"np.remainder({LONG_NAME}, x)", f"x/{LONG_NAME} y"],
)  # fmt: skip
def test_what_is_long_has_no_dots_in_place_of_it(text):
    assert "..." not in shown(text)
    assert repaired(mistake(text))


def test_of_several_unknown_functions_three_are_told():
    text = "foo(x) + bar(x, y) + baz() + quux(z)"
    found, _ = problems(mistake(text))
    assert [error.message for error in found] == [
        f"there is no function '{name}'" for name in ("foo", "bar", "baz")
    ]
    assert [error.start for error in found] == [0, 9, 21]
    starts = [error.start for error in problems(mistake("sin() + foo(1) + x^"))[0]]
    assert starts == [0, 8, 18]


@for_each(
    "text, carets",
    [
        ("|x| + sin^2(x) + 3%2", ["|x|", "sin^2", "%"]),
        ("1/2x + foo(x)", ["2x", "foo"]),
        ("foo(z)+|q|", ["foo", "|q|"]),
        ("np.square(x) + 30°", ["np.square", "°"]),
        ("sin 30° + x y", ["sin 30", "x y"]),
    ],
)
def test_mistakes_of_every_kind_are_told_at_once(text, carets):
    found, _ = problems(mistake(text))
    assert [text[error.start : error.end] for error in found] == carets
    assert {error.source for error in found} == {text}


def test_what_has_no_value_is_told_with_a_mistake():
    argv = ["foo(x) + bar", "x=1"]
    lines = ["".join(part for _, part in line) for line in told(mistake(argv[0]), argv)]
    assert "error: no value for the variable bar" in lines
    assert "error: no value for the variable bar" not in [
        "".join(part for _, part in line)
        for line in told(mistake(argv[0]), [*argv, "--bind", "a.json"])
    ]
    argv = ["|x| + y", "x=1"]
    assert corrected(mistake(argv[0]), argv) == ["backprop 'abs(x) + y' x=1 y=..."]


def test_what_follows_from_a_mistake_is_not_told():
    assert len(problems(mistake("sin x + cos x"))[0]) == 1
    assert len(problems(mistake("foo(x) + sin(x)"))[0]) == 1


@pytest.mark.parametrize("part", MISTAKES)
def test_every_mistake_has_a_sentence_a_place_and_a_hint(part):
    for text, bound in cases(part):
        error = mistake(text, bound)
        assert error.message, text
        assert error.message[0].isupper() is False, text
        assert not error.message.endswith("."), text
        assert error.hint, text
        assert error.start < error.end, text
        assert "cannot stand here" not in error.message, text


@for_each(
    "text",
    [
        "x y", "(a)(b)", "x²y", "2(x + 1)(y)", "sin x", "sin 2x", "a < b < c",
        "a == b == c", "0 <= x + 1 < y*2", "a = b = 3", "x := 3", "a && b",
        "a & b", "a || b", "!a", "a ? b : c", "a > 0 ? b + 1 : c", "a mod b", "1..2", "$x",
        "atan(y, x)", "add(x, y)", "neg(x)", "clip(x, 1)", "٣", "１２",
    ],
)  # fmt: skip
def test_what_the_hint_says_to_write_can_be_written(text):
    hint = mistake(text).hint
    assert "write " in hint
    parse(hint.partition("write ")[2].replace("...", "x"))


@for_each(
    "text, wanted",
    [
        ("a*b % c", "mod(a*b, c)"), ("-a % b", "mod(-a, b)"), ("a - b % c", "mod(b, c)"),
        ("a % b^2", "mod(a, b^2)"), ("a % -b", "mod(a, -b)"), ("a // b*c", "floor(a/b)"),
        ("f(a)!", "gamma(f(a) + 1)"), ("2^n!", "gamma(n + 1)"),
        ("x + a < b < c", "x + a < b and b < c"), ("max(1, a < b < c)", "a < b and b < c"),
        ("a or b && c", "b and c"), ("z = a ? b : c", "where(a, b, c)"),
    ],
)  # fmt: skip
def test_hints_take_whole_operands(text, wanted):
    assert f"write {wanted}" in mistake(text).hint


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Make files of definitions, with mistakes, in a folder of known name."""
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "double": "def double(x) = 2*x\n",
        "also": "def double(x) = x + x\n",
        "ruled": "use 'double.bp'\nrule double(x) = 3\n",
        "sine": "def sin(x) = x - x^3/6\n",
        "me": "# definitions\nuse 'me.bp'\n",
        "a": "use 'b.bp'\n",
        "b": "use 'a.bp'\n",
        "value": "def f(x) = x\ny = 3\n",
        "output": "def f(x) = x\nf(2)\n",
        "wrong": "def f(x) = x\ndef g(x) = f(x, 2)\n",
        **{f"e{i}": f"use 'e{i + 1}.bp'\n" for i in range(100)},
        "e100": "",
    }.items():
        (tmp_path / f"{name}.bp").write_text(text, encoding="utf-8")
    (tmp_path / "latin.bp").write_bytes(b"# caf\xe9\n")
    (tmp_path / "folder").mkdir()


FILES = [
    "use 'duoble.bp'; double(3)", "use ''", "use 'folder'; x", "use 'latin.bp'; x", "use '-'; x",
    "use 'a\0b.bp'; x", "z = 3; use 'me.bp'; z", "use 'a.bp'; x", "use 'e0.bp'; x",
    "use 'value.bp'; x", "use 'output.bp'; x", "use 'wrong.bp'; g(x)",
    "use 'double.bp'; use 'also.bp'; double(x)", "use 'double.bp'; use 'ruled.bp'; double(x)",
    "def double(x) = x; use 'double.bp'; x", "use 'double.bp'; def double(x) = x; x",
    "use 'double.bp'; double(x, 2)", "use 'double.bp'; duoble(x)", "z = sin(x); use 'sine.bp'; z",
    "use 'double.bp'", "x; use 'double.bp'",
    "use 'double.bp'; z = double(x); rule double(x) = 2; z",
    "use('double.bp')", "use 'double.bp', 'sine.bp'",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
def test_what_a_user_sees_of_files(golden):
    seen = [f"{spelled(text)}\n{shown(text)}\n" for text in FILES]
    golden("mistakes/files.txt", "\n".join(seen))
    for text in FILES:
        error = mistake(text)
        assert error.hint, text
        assert error.start < error.end, text


@pytest.mark.slow
@pytest.mark.parametrize("depth", [1, 3, 100_000])
def test_an_open_parenthesis_is_pointed_at(depth):
    text = "x + " + "(" * depth + "y" + ")" * (depth - 1)
    error = mistake(text)
    assert (error.start, error.end) == (4, 5)
    assert mistake("(" * depth).start == depth - 1


@pytest.mark.slow
@for_each("name", [*NAMES, *CONSTANTS])
def test_every_name_can_be_mistaken(name):
    """A slip in any name, and a call of it with far too many arguments, has an answer."""
    call = f"{name}({', '.join('x' * 200)}, )"
    for text in (f"{name}q(x)", f"x {name}", call, f"{name}(q=1)", f"{name}.x"):
        assert mistake(text).hint


# Any text at all


PIECES = [
    *"xyzabe()[]{}+-*/^=<>!&|%?:;,.'\"$\\~@#_ \n\t\r012√²³⁻×−≤π\0\x1b\x7f", "sin", "max", "and",
    "or", "not", "pi", "1e", "1.5", "**", "//", "==", "<=", "!=", "\ufeff", "\u200b", "\u0302",
    "😀", "\udcff", "\ud800", "１", "（", "“", "½", "\u2028", "\x85", "x = ", "; ", "def ", "rule ",
    "f(x) = ", "f(x)", "use '", "use ","outputs: ", "diff(", "out", "def f(x) = x^2; ",
    "None", "axis=0", ".T", "[1, 2]", "sum(", "einsum(", "'ij'", "A[", "x[0, ", "np.", ".sum()",
]  # fmt: skip
anything = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(), max_size=200),
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.lists(st.sampled_from(PIECES), min_size=150, max_size=300).map("".join),
    st.tuples(
        st.sampled_from([text for part in MISTAKES for text, _ in cases(part)]),
        st.integers(0, 30),
        st.sampled_from(PIECES),
    ).map(lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] :]),
)


@pytest.mark.slow
@given(anything, st.sets(st.sampled_from(["x", "y", "pi", "sin"])))
@example("x" * 300 + " " * 300 + "y", set())
@example("2" + " " * 300 + "*A'x", set())
@example("(" * 300 + "😀", set())
@example("= " * 200, set())
def test_any_text_is_a_program_or_a_mistake_that_is_explained(text, bound):
    try:
        parse(text, bound)
    except SourceError as error:
        assert 0 <= error.start <= error.end <= len(error.source)
        lines = error.render().split("\n")
        assert all(line.isprintable() for line in lines)
        spoken = [SourceError(error.message, "", 0, 0, error.hint).render()]
        assert all(columns(line) <= WIDEST for text in spoken for line in text.split("\n"))
        if error.source.isascii() and error.source.replace("\n", "").isprintable():
            assert all(len(line) <= WIDEST for line in lines)


MANY = 300_000
FEW = 10
"""So many calls for each character are no more than one look at the text."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "?" * MANY, "x" + ")" * MANY, "(" * 100_000, "a" * MANY + " b",
        "a " + "b" * MANY, "a" * MANY + "(x)", "x'" + "a" * MANY, "|" + "x" * MANY,
        "1." + "." * MANY,
        "１" * MANY, "x +" + " " * MANY, "(x" + "\n" * MANY,
        "(x #" + "(" * MANY + "\ny = 2",
        "x = 2; " + "a" * MANY + " = 3; " + "a" * MANY + " = 4", "a < b < " + "c" * MANY,
        "a // " + "b" * MANY, "a ? " + "b" * MANY, "[" + "x" * MANY, "1e^" + "x" * MANY,
        "1/2" + "x" * MANY, "sin " + "x" * MANY, "sin^2 " + "x" * MANY,
        "Sin[" + "x" * MANY, "\\frac" + "{x}" * 300_000, "d/dx " + "x" * MANY,
        "x if c else " + "y" * MANY, "x " * 300_000, "np." + "x" * MANY,
        "(" + "(x)+" * 50_000 + "x",
    ],
    ids=lambda text: f"{text[:8]!r}...{text[-8:]!r}".encode("ascii", "replace").decode(),
)  # fmt: skip
def test_a_long_text_is_explained_at_once(text, monkeypatch):
    """Only what is near the mistake is scanned, and shown."""
    scanned, explained = [], []
    tokens = scanner.tokens
    for module in (assignments, scanner):
        monkeypatch.setattr(
            module, "tokens", lambda part: scanned.append(len(part)) or tokens(part)
        )
    for name in (
        "unexpected",
        "bad_attribute",
        "bad_character",
        "unknown_function",
        "bad_assignment",
        "mistaken_number",
    ):
        monkeypatch.setitem(mistakes.KINDS, name, noted(mistakes.KINDS[name], explained))
    error = mistake(text)
    assert max(scanned, default=0) <= NEAR
    assert len(scanned) < 10
    [work] = explained
    assert work < FEW * len(text)
    assert len(error.render()) < 1000
    assert calls(error.render) < FEW * len(text)


LONG_NAME = "a" * 30_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        f"def {LONG_NAME}(x) = y", f"def f(x) = {LONG_NAME}", f"def f({LONG_NAME}) = x",
        f"def f({LONG_NAME}, {LONG_NAME}) = x", f"def {LONG_NAME}(x) = {LONG_NAME}(x)",
        f"def {LONG_NAME}(x) = x; {LONG_NAME}()", f"def {LONG_NAME}(x) = x",
        f"def {LONG_NAME}(x) = x; def {LONG_NAME}(x) = x", f"rule {LONG_NAME}(x) = 1",
        f"def {LONG_NAME}(x) = x; rule {LONG_NAME}(x) = 1, 2", f"{LONG_NAME}: x",
        f"def {LONG_NAME}(x) = x; rule {LONG_NAME}(x, y) = 1, 2", f"use '{LONG_NAME}'",
        f"def {LONG_NAME}(x) = x; rule {LONG_NAME}(x) = {LONG_NAME}(x)",
        f"diff({LONG_NAME}, 2)",
        f"diff(x, x, {LONG_NAME})", f"def f({LONG_NAME}) = diff(2, 3)",
        f"diff(x, {'(' * 5000}x+1{')' * 5000})",
        "def f(" + ", ".join(f"x{i}" for i in range(3000)) + ") = x0; f(1)",
        "def f(" + ", ".join(f"x{i}" for i in range(3000)) + ") = y",
    ],
    ids=range(20),
)  # fmt: skip
def test_long_definitions_have_short_mistakes(text):
    lines = mistake(text).render().split("\n")
    assert calls(mistake, text) < FEW * len(text)
    assert all(columns(line) <= WIDEST for line in lines)


def noted(explain, work):
    """Return ``explain``, noting the calls that it takes."""

    def wrapped(*arguments, **named):
        error = None

        def explained():
            nonlocal error
            error = explain(*arguments, **named)

        work.append(calls(explained))
        return error

    return wrapped


def test_an_arrow_is_a_comparison_only_where_it_can_be_nothing_else():
    for text in ("x<-1", "2*x <- 1", "where(x <- 1, 2, x)", "z = x <- 1", "x < -1", "(\nx <- 1)"):
        assert "lt" in parse(text).graph.operations
    error = mistake("y <- x^2", {"x", "y"})
    assert repaired(error) == ["y = x^2", "y < - x^2"]
    assert repaired(error, {"x", "y"}) == ["y < - x^2"]
