"""LaTeX and Mathematica, read whole: expected texts by hand, and SymPy's own reading of LaTeX."""

from __future__ import annotations

import math

import pytest

from backpropcli.errors import SourceError
from backpropcli.language.foreign import latex, mathematica
from backpropcli.language.mistakes.repair import repaired
from backpropcli.language.parse import parse
from tests.each import for_each
from tests.reference import mistake, value

LATEX = {
    r"\frac{1}{1+e^{-x}}": "1/(1 + e^(-x))",
    r"x \cdot y": "x*y",
    r"\frac12 m v^2": "1/2*m*v^2",
    r"\sqrt{x^2+y^2}": "sqrt(x^2 + y^2)",
    r"\sqrt[3]{x+1}": "cbrt(x + 1)",
    r"\sqrt[n]{x}": "x^(1/n)",
    r"\sqrt x": "sqrt(x)",
    r"\sin^2 x + \cos^2 x": "sin(x)^2 + cos(x)^2",
    r"\log_2 x": "log2(x)",
    r"\log_{10}(x+1)": "log10(x + 1)",
    r"\log_b x^2": "log(x^2)/log(b)",
    r"\ln|x|": "ln(abs(x))",
    r"\left(\frac{a}{b}\right)^2": "(a/b)^2",
    r"\theta_0 + \theta_1 x_{12}": "theta_0 + theta_1*x_12",
    r"x_{max} - x_{\text{min}}": "x_max - x_min",
    r"w_{i,j}": "w_i_j",
    r"x_{i,max} y_{sin}": "x_i_max*y_sin",
    r"\mathrm{rate}\,t": "rate*t",
    r"e^{-\frac{(x-\mu)^2}{2\sigma^2}}": "e^(-((x - mu)^2/(2*sigma^2)))",
    r"A\cos(\omega t + \varphi)": "A*cos(omega*t + varphi)",
    r"A\cos\omega t": "A*cos(omega*t)",
    r"\sin x \cos y": "sin(x)*cos(y)",
    r"\sin x (y + 1)": "sin(x)*(y + 1)",
    r"\sin 2x + 1": "sin(2*x) + 1",
    r"\tanh\left(\mathbf{w} x\right)": "tanh(w*x)",
    r"\operatorname{relu}(wx+b)": "relu(w*x + b)",
    r"\mathrm{ReLU}(x)": "relu(x)",
    r"\max(0, 1 - yz)": "max(0, 1 - y*z)",
    r"\max\{x, y\}": "max(x, y)",
    r"|x|^2": "abs(x)^2",
    r"\left|x-1\right|": "abs(x - 1)",
    r"\lfloor x/2 \rfloor": "floor(x/2)",
    r"L = (\hat{y} - y)^2": "L = (y_hat - y)^2",
    r"\mathcal{L} = -\bar x": "L = -x_bar",
    r"-y\ln p - (1-y)\ln(1-p)": "-y*ln(p) - (1 - y)*ln(1 - p)",
    r"\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}": "where(x > 0, x, 0)",
    r"2\begin{cases} a, & \text{if } x \le 0 \\ b, & x < 1 \\ c, & x \ge 1 \end{cases}": (
        "2*where(x <= 0, a, where(x < 1, b, c))"
    ),
    r"x^{2y}": "x^(2*y)",
    r"2^{3^{x}}": "2^3^x",
    r"{x+1}^2": "(x + 1)^2",
    r"\frac{\frac{1}{x}}{\frac{2}{y}}": "1/x/(2/y)",
    r"\frac{x+1}{x-1}y": "(x + 1)/(x - 1)*y",
    r"y\frac{x}{2}": "y*(x/2)",
    r"(x+1)(x-1)": "(x + 1)*(x - 1)",
    r"a - (b - c)": "a - (b - c)",
    r"n!": "gamma(n + 1)",
    r"$$\frac{1}{2}$$": "1/2",
    r"\[ \alpha\,\beta \]": "alpha*beta",
    r"1 - e^{-t/\tau}": "1 - e^(-t/tau)",
    r"(x + y, xy)": "(x + y, x*y)",
    r"x \neq 0 \land y \geq 1": "x != 0 and y >= 1",
    r"10^{-3} \times 2.5": "10^(-3)*2.5",
    r"\binom{n}{2}": "gamma(n + 1)/(gamma(2 + 1)*gamma(n - 2 + 1))",
    r"\begin{equation} x^2 \end{equation}": "x^2",
    r"\left\langle x, a y \right\rangle": "sum(x*(a*y))",
    r"x ≤ 2·y": "x <= 2*y",
    r"+x^\frac12": "x^(1/2)",
}


@for_each("text", LATEX)
def test_latex_is_text_of_the_language(text):
    assert latex.read(text) == LATEX[text]
    parse(LATEX[text])


SUMS = {
    r"\sum_{i=1}^{3} x_i": "x_1 + x_2 + x_3",
    r"\sum_{i=1}^3 i x^i": "1*x^1 + 2*x^2 + 3*x^3",
    r"\sum_{i=-1}^{1} x^i": "x^(-1) + x^0 + x^1",
    r"-\sum\limits_{i=1}^{2} x_i + 1": "-(x_1 + x_2) + 1",
    r"x - 2\sum_{i=1}^{2} x_i y_i - 1": "x - 2*(x_1*y_1 + x_2*y_2) - 1",
    r"\prod_{i=1}^{3} (x - i)": "(x - 1)*(x - 2)*(x - 3)",
    r"\sum_{i=1}^{2}\sum_{j=1}^{2} A_{ij} x_j": ("(A_11*x_1 + A_12*x_2) + (A_21*x_1 + A_22*x_2)"),
    r"\sum_{t=1}^{2} (x_t - x_{t-1})^2": "(x_1 - x_0)^2 + (x_2 - x_1)^2",
    r"\sum_{i=9}^{10} A_{i,i+1}": "A_9_10 + A_10_11",
    r"\frac{e^{x_1}}{\sum_{j=1}^{2} e^{x_j}}": "e^x_1/(e^x_1 + e^x_2)",
    r"\sum_{i=1}^{2} \|\mathbf{x}_i\|^2": "norm(x_1)^2 + norm(x_2)^2",
    r"\sum_{i=1}^{2} \mathbf{w}^\top \mathbf{x}_i": "w.T@x_1 + w.T@x_2",
    r"\sum_{i=1}^{2} \begin{cases} x_i & x_i > 0 \\ 0 & \text{otherwise} \end{cases}": (
        "where(x_1 > 0, x_1, 0) + where(x_2 > 0, x_2, 0)"
    ),
    r"\frac{1}{n}\sum_{i=1}^{n} (y_i - w x_i)^2": "1/n*sum((y - w*x)^2)",
    r"-\sum_i p_i \log p_i": "-sum(p*log(p))",
    r"\log \sum_j e^{x_j}": "log(sum(e^x))",
    r"\sum_{i,j} A_{ij}^2": "sum(A^2)",
    r"\sum_i x_i + \prod_i y_i": "sum(x) + prod(y)",
    r"\sum_{i=1}^n \max(0, 1 - y_i x_i)": "sum(max(0, 1 - y*x))",
    r"\sum (y - \hat{y})^2": "sum((y - y_hat)^2)",
}


@for_each("text", SUMS)
def test_sums_are_written_out_or_of_arrays(text):
    assert latex.read(text) == SUMS[text]
    parse(SUMS[text])


@for_each(
    "text, said, at",
    [
        (r"\sum_{i=1}^{n} i x", "the index i is a number only between whole bounds", "i x"),
        (r"\sum_{i=1}^{n} x^i", "the index i is a number only between whole bounds", "i"),
        (r"\sum_{i=1}^{n} c", "the terms do not depend on i", r"\sum"),
        (r"\sum_{i=1}^{n} A_{ij}", "this takes some of an array's elements", "_{ij"),
        (r"\sum_{i=1}^{n} \mathbf{x}_i", "this is one of many vectors", r"\mathbf"),
        (r"\sum_{i=1}^{n} w^\top x_i", "the terms are made of whole arrays", r"\sum"),
        (r"\sum_i \|x_i\|", "the terms are made of whole arrays", r"\sum"),
        (r"\sum_i \sum_j x_i y_j", "the terms are made of whole arrays", r"\sum_j"),
        (r"\sum_{i=1}^{\infty} x_i", "there are no infinite sums", r"\infty"),
        (r"\sum_{i=1}^{999} x^i", "at most 100 terms are written out", "999"),
        (r"\sum_{i=3}^{1} x_i", "the sum has no terms", "1} x"),
        (r"\sum_{i=k}^{n} x_i", "a sum over elements of arrays begins at 1", "k"),
        (r"\sum_{i=1} x_i", "the upper bound is missing", r"\sum"),
        (r"\prod^{n} x_i", "the lower bound is missing", "n}"),
        (r"\sum_{i=1}^{3", "this is never closed", "^"),
        (r"\sum_{2}^{3} x_i", "an index is one letter", "2"),
        (r"\sum_{i=-1}^{1} x_i", "a subscript is -1 here", r"\sum"),
        (r"\sum_{i=9}^{10} A_{ij}", "indices of two digits run together here", "_{ij"),
        (r"\sum_{i=1}^{3} \sin^i x", "this goes after the argument", "^i"),
        (r"\sum_{i=1}^{3} x_{i*2}", "a subscript is letters and digits", "_{i*"),
        (r"\prod_{i=1}^{2} x_i / 3", "this may divide each factor, or the product", "/"),
    ],
)
def test_a_sum_that_cannot_be_read_is_told_with_its_place(text, said, at):
    with pytest.raises(SourceError) as caught:
        latex.read(text)
    assert caught.value.message == said
    assert text[caught.value.start :].startswith(at)
    assert caught.value.hint


def test_sums_within_sums_stay_bounded():
    text = r"\sum_{i=1}^{100}\sum_{j=1}^{100}\sum_{k=1}^{100} x_{i,j,k}"
    with pytest.raises(SourceError, match="too long to be written out"):
        latex.read(text)


@for_each(
    "text, said",
    [
        ("sum_{i} x", "'sum' has no backslash, so it would be a product"),
        ("sum_{i=1}^n x_i", "'sum' has no backslash, so it would be a product"),
        ("lim x", "'lim' has no meaning here"),
        ("Var(x)", "'Var' has no meaning here"),
        (r"2\operatorname{Var}(x)", r"'\operatorname{Var}(' may be a function or a product"),
        ("E[x]", "'E[' may be an expectation or a product"),
        ("sinx", "'sin' has no backslash, so it would be a product"),
        ("x cosh(x)", "'cosh' has no backslash, so it would be a product"),
        ("relu(x)", "'relu' would be a product of letters"),
        (r"\int x", r"'\int' has no meaning here"),
        (r"\frac{\partial f}{\partial x}", r"'\partial' has no meaning here"),
        (r"\frac{d}{dx} x^2", "derivatives are not read"),
        (r"\frac{df}{dx}", "derivatives are not read"),
        (r"\sin^{-1} x", "'sin^{-1}' may be the inverse function or a quotient"),
        (r"\sigma(x)", r"'\sigma(' may be a function or a product"),
        (r"f(x)", "'f(' may be a function or a product"),
        (r"a/bc", "this can be read in two ways"),
        (r"x^23", "in LaTeX only the first digit is raised here"),
        (r"\frac{1}{2", "this is never closed"),
        (r"\frac{1}", r"'\frac' lacks what belongs to it"),
        (r"(a+b", "this is never closed"),
        (r"\max x", "'max' lacks its arguments"),
        (r"x^2 + y^2 = 25", "this is an equation"),
        (r"x +", "a value is missing here"),
        (r"* x", "there is nothing before '*'"),
        (r"! x", "'!' is not allowed here"),
        (r"x \end{cases}", r"'\end{cases}' is not allowed here"),
        (r"\begin{cases} 1 \end{cases}", "each case has a value and a condition"),
        (r"\top x", "a transpose is raised"),
        (r"\sin_2 x", "'sin' has no subscript"),
        (r"\frac{a,b}{c}", "a comma is not allowed in these braces"),
        (r"\hat{\frac{a}{b}}", r"'\hat' is not read around this"),
        (r"\mathrm{2x}", "'2x' cannot be a name"),
        ("", "a value is missing here"),
        (r"\foo{x}", r"'\foo' has no meaning here"),
        (
            r"\begin{align} a \end{align}",
            "only matrices and the environment 'cases' have a meaning here",
        ),
        (r"x_{i+1}", "a subscript is letters and digits"),
        (r"\|x\|_3", r"a norm is of order 1, 2 or \infty"),
        ("x'", "a prime may be a derivative, a transpose or part of a name"),
        ("f(x) = x^2", "this is an equation"),
        ("3.5e-3 x", "this can be read in two ways"),
        (r"\mathbf{1}[x>0]", "an indicator is not read"),
        (r"\langle x \rangle", "an inner product is of two vectors"),
    ],
)
def test_latex_without_meaning_is_told_in_one_sentence(text, said):
    with pytest.raises(SourceError) as caught:
        latex.read(text)
    assert caught.value.message == said
    assert caught.value.hint
    assert 0 <= caught.value.start <= caught.value.end <= len(text)


READ_BY_SYMPY = [
    r"\frac{1}{1+e^{-x}}", r"x \cdot y", r"\frac12 m v^2", r"\sqrt{x^2+y^2}", r"\sqrt[3]{x+1}",
    r"\sqrt[n]{x}", r"\log_2 x", r"\log_{10}(x+1)", r"\ln|x|", r"\left(\frac{a}{b}\right)^2",
    r"A\cos(\omega t + \varphi)", r"A\cos\omega t", r"\max(0, 1 - yz)", r"|x|^2",
    r"\left|x-1\right|", r"\lfloor x/2 \rfloor", r"x^{2y}", r"2^{3^{x}}", r"{x+1}^2",
]  # fmt: skip
"""What SymPy's reader takes for one expression; of others it makes several, or none."""


@pytest.mark.slow
@pytest.mark.parametrize("text", READ_BY_SYMPY)
def test_sympy_reads_latex_the_same(text):
    """Both values at one point, where every letter has its own."""
    from sympy.parsing.latex import parse_latex_lark

    theirs = parse_latex_lark(text)
    names = sorted(parse(LATEX[text]).variables)
    point = {name: 0.3 + 0.17 * index for index, name in enumerate(names)}
    known = {"phi": point.get("varphi"), **point, "e": math.e}
    expected = theirs.subs({one: known[str(one)] for one in theirs.free_symbols}).evalf()
    assert value(LATEX[text], **point) == pytest.approx(float(expected), rel=1e-12)


@pytest.mark.slow
def test_deep_latex_does_not_recurse():
    depth = 5_000
    text = r"\frac{1}{1+" * depth + "x" + "}" * depth
    assert latex.read(text) == "1/(1 + " * depth + "x" + ")" * depth


@for_each(
    "text, wanted",
    [
        ("Sin[x]", ["sin(x)"]),
        ("If[x>0,x,0]", ["where(x>0, x, 0)"]),
        ("Exp[x] + 2 x y", ["exp(x) + 2 x*y"]),
        ("Cos[Pi x]^2", ["cos(pi*x)^2"]),
        ("Log[2, x]", ["log(x)/log(2)"]),
        ("ArcTan[x, y]", ["atan2(y, x)"]),
        ("ArcTan[x]", ["atan(x)"]),
        ("Max[x, Sin[y]] && x > 0", ["max(x, sin(y)) and x > 0"]),
        ("D[x^2, x]", ["x^2", "diff(x^2, x)"]),
        ("Power[x, 2]", ["(x)^(2)"]),
        ("E^Sqrt[x]", ["e^sqrt(x)"]),
        ("UnitStep[x]*x", ["(x >= 0)*x"]),
        ("{Sin[x], Cos[x]}", ["[sin(x), cos(x)]"]),
        ("Transpose[A].Inverse[B].{1, 2}", ["A.T@inv(B)@[1, 2]"]),
        ("Total[x^2]/Norm[x]", ["sum(x^2)/norm(x)"]),
        ("Sin[x", ["sin(x)"]),
        ("Surd[x, 3] + 1", ["cbrt(x) + 1"]),
        ("Surd[x, n]", []),
        ("Sum[x^i, {i, 1, 3}]", ["x^1 + x^2 + x^3"]),
        ("Product[x + i, {i, 2}]", ["(x + 1)*(x + 2)"]),
        ("Piecewise[{{x, x > 0}, {-x, True}}]", ["where(x > 0, x, -x)"]),
        ("Piecewise[{{x, x > 0}, {2, x < -1}}, y]", ["where(x > 0, x, where(x < -1, 2, y))"]),
    ],
)
def test_mathematica_is_translated_whole(text, wanted):
    error = mistake(text)
    assert error.kind == "Mathematica"
    assert repaired(error) == wanted


# By the conventions of The Matrix Cookbook: a product of matrices has no sign.
@for_each(
    "text, wanted",
    [
        (r"X^\top X w", "X.T@X@w"),
        (r"(X^\top X)^{-1} X^\top y", "inv(X.T@X)@X.T@y"),
        (r"\frac{1}{2} x^{\top} A x + b^\top x", "1/2*x.T@A@x + b.T@x"),
        (r"\|X w - y\|^2", "norm(X@w - y)^2"),
        (r"\lVert w \rVert_1 + \lambda w^\top w", "norm(w, ord=1) + lambda*w.T@w"),
        (r"\begin{bmatrix}1 & 2\\3 & 4\end{bmatrix} x", "[[1, 2], [3, 4]]@x"),
        (r"\begin{pmatrix}x\\y\\\end{pmatrix}^\top A", "[x, y].T@A"),
        (r"\mathbf{x}^T \mathbf{A} \mathbf{x}", "x.T@A@x"),
        (r"\mathbf{A}^{-1}\mathbf{b}", "inv(A)@b"),
        (r"\mathbf{x}^\top A \mathbf{x}", "x.T@A@x"),
        (r"\boldsymbol{\theta}^\top x", "theta.T@x"),
        (r"\operatorname{tr}(A^\top B)", "trace(A.T@B)"),
        (r"\log\det(X^\top X)", "log(det(X.T@X))"),
        (r"\mathbf{a} \odot \mathbf{b}", "a*b"),
        (r"\operatorname{softmax}\left(\frac{Q K^\top}{\sqrt{d}}\right) V",
         "softmax(Q@K.T/sqrt(d))@V"),
    ],
)  # fmt: skip
def test_matrices_in_latex_are_translated(text, wanted):
    assert latex.read(text) == wanted
    parse(wanted)


# By Microsoft's documentation of operators (a sign comes before a power, and what binds alike is
# worked out from the left), ATAN2(x_num, y_num), LOG(number, [base]) and MOD.
@for_each(
    "text, wanted, number",
    [
        ("=-A1^2", "(-A1)^2", 9),
        ("=2^A1^2", "(2^A1)^2", 64),
        ("=B1-A1^-2*50%", "B1 - A1^(-2)*(50/100)", 2 - 0.5 / 9),
        ("=ATAN2(A1,B1)", "atan2(B1, A1)", math.atan2(2, 3)),
        (
            "=AND(a1)*2+ACOT(-A1)",
            "(A1 != 0)*2 + ((pi/2 - atan((-A1))))",
            2 + math.pi / 2 + math.atan(3),
        ),
        ("=LOG(A1)*LOG(A1,2)", "log10(A1)*(log(A1)/log(2))", math.log10(3) * math.log2(3)),
        ("=IF(AND(A1>0,B1<>2),A1,-B1)", "where(((A1 > 0) and (B1 != 2)), A1, -B1)", -2),
        ("=IF(A1=3;2,5;0)*PI()", "where(A1 == 3, 2.5, 0)*pi", 2.5 * math.pi),
        ("=SUMSQ(A1,B1+1)/SUM($A$1,B1)", "(A1^2 + (B1 + 1)^2)/(A1 + B1)", 18 / 5),
        ("=INT(-A1/B1)+MOD(-A1,B1)", "floor(-A1/B1) + mod(-A1, B1)", -2 + 1),
        ("=AND(A1>0)*2", "(A1 > 0)*2", 2),
        ("=(A1+1)*MAX(A1,B1)-AVERAGE(A1,B1)", "(A1 + 1)*max(A1, B1) - ((A1 + B1)/2)", 9.5),
        ("=ROUND(A1/B1,0)", "(sign((A1/B1))*floor(abs((A1/B1))*10^0 + 0.5)/10^0)", 2),
    ],
)
def test_a_formula_of_a_spreadsheet_is_translated_whole(text, wanted, number):
    error = mistake(text)
    assert error.kind == "a formula of a spreadsheet"
    assert repaired(error) == [wanted]
    assert value(wanted, A1=3.0, B1=2.0) == pytest.approx(number, rel=1e-15)


@for_each(
    "text, said",
    [
        ("=A1&B1", "'&' joins texts"),
        ("=SUM(A1:A9)", "write the cells out"),
        ("=VLOOKUP(A1,B1,2)", "VLOOKUP is not read"),
        ("=A1+", "write it in the language itself"),
        ("=A1 B1", "write it in the language itself"),
        ("=A1@B1", "write it in the language itself"),
        ("=SIN(A1,)", "write it in the language itself"),
    ],
)
def test_what_is_not_read_of_a_spreadsheet_has_no_translation(text, said):
    error = mistake(text)
    assert said in error.hint
    assert repaired(error) == []


def test_an_index_is_no_call():
    assert not mathematica.is_mathematica("x[1] + foo[x]")


def test_braces_alone_make_no_latex_of_functions_as_they_are_here():
    assert repaired(mistake("e^{-x}*exp(x)")) == ["e^(-x)*exp(x)"]


def test_a_sum_is_not_guessed_as_letters():
    error = mistake("sum_{i} x")
    assert "'sum' has no backslash" in error.message
    assert not repaired(error)


@for_each(
    "text", [r"\frac{1}{1+e^{-x}} + y", r"x_{12}^2", "e^{-x}", r"\theta x", r"\|w\|^2", r"x\,y"]
)
def test_latex_typed_as_an_expression_is_told_with_its_translation(text):
    error = mistake(text)
    assert error.kind == "LaTeX"
    assert repaired(error) == [latex.read(text)]


def test_latex_is_taken_directly(backprop):
    """The slope of the logistic function at 0 is 1/4."""
    printed = backprop(r"\frac{1}{1+e^{-x}}", "--from", "latex", "x=0", "--quiet")
    assert printed.split() == ["x", "0.25"]


@for_each(
    "text, said",
    [
        ("sin(x)", "has no backslash, so it would be a product"),
        ("e^{exp x}", "has no backslash, so it would be a product"),
        ("n!!", "there is no double factorial"),
        ("3,5x", "a number has a decimal point"),
        (r"10{,}000 x", "a number has a decimal point, and no comma"),
        (r"30^{\circ} x", "angles are in radians"),
        (r"\text{softmax2d}(x)", "may be a function or a product"),
        (r"\mathbb{E}[x]", "has no meaning here"),
        (r"3\frac12", "this can be read in two ways"),
        ("x^T y", "this may be a transpose or a power"),
        ("x^{T} y", "this may be a transpose or a power"),
        (r"\{x\}", "braces may be parentheses or the fractional part"),
        (r"\left\{ 2.5 \right\}", "braces may be parentheses or the fractional part"),
    ],
)
def test_what_latex_may_mean_otherwise_is_refused(text, said):
    with pytest.raises(SourceError) as error:
        latex.read(text)
    assert said in error.value.message


def test_two_letters_stay_two():
    assert latex.read(r"\epsilon + \varepsilon") == "epsilon + varepsilon"


def test_what_is_clear_in_latex_is_read():
    assert latex.read("x^{(T)} + y^{T+1}") == "x^T + y^(T + 1)"
    assert latex.read(r"\left\{ x + 1 \right\}^2") == "(x + 1)^2"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (r"\frac{d}{dx} x^2", ["x^2"]),
        (r"\frac{\partial}{\partial x} \left(x^2 y\right)", ["x^2*y"]),
        (r"1 + \frac{d}{dx} x^2", []),
        (r"\frac{d}{dx} \int x", []),
    ],
)
def test_a_derivative_of_all_of_a_text_is_left_out(text, wanted):
    assert repaired(mistake(text)) == wanted
