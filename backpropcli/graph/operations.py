"""The table of operations: all there is to know of an operation is one row.

A new function is one row here; the parser, the passes, every arithmetic, the help and the tests
pick it up from the table. What the cells mean stands in ``row``.

The rules ``in_floats`` hold over the whole range of a double, tails and subnormals included: a
rule that is right on paper (``1 - out^2`` for tanh) but cancels or overflows in floats has such a
form beside it. Outside its domain such a form is the root of a negative number: nan, and so are all
derivatives of it. Constants of self-normalizing networks and the like are decimals, and exact.
"""

from __future__ import annotations

from _operator import eq, ge, gt, le, lt, ne  # operator itself is slow to load

from backpropcli.graph.cells import Kink, Notation, Rule
from backpropcli.graph.row import Row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

STEP = ("0", "0", "0", "0", "0", "0")
"""At a step: the slopes on both sides, and the answers of all peers."""
STEP_UNKNOWN = ("0", "0", "0", "0", "0", "")
"""The same where SymPy has no number."""
SHARED = ("1/ties(out, args)",)*3
"""What PyTorch's amax, JAX's max and TensorFlow's reduce_max give each of those that tie."""
POWER = ("y*x^(y - 1)",)
"""The slope of a power, also what peers answer at 0."""
SELU = ("1.0507009873554805", "1.7580993408473768")
"""The slopes of selu on the right and on the left of 0."""


def _compared(name: str, infix: str, doc: str, sign: str) -> Row:
    """Return the row of a comparison: it is constant but for the jump at equality."""
    return Row(
        f"{name}(x, y)", "0", "0", infix=infix, doc=doc, image="nonnegative",
        latex=Notation(f"#x:added {sign} #y:added", "compared"),
        kinks=(Kink("x == y", jump=True, x=STEP, y=STEP),),
        note="jumps at equality; the slope is 0 there too, as in PyTorch and JAX",
    )


def _ends(slope: str, *peers: str, outside: bool = False) -> tuple[Kink, Kink]:
    """Return the kinks at -1 and 1 of what ends there; with ``outside`` it ends on the inside."""
    sides = {True: ("nan", slope), False: (slope, "nan")}
    return (
        Kink("x == -1", x=(*sides[not outside], *peers)),
        Kink("x == 1", x=(*sides[outside], *peers)),
    )


SINC_AT_0 = (
    "-1/3 + x^2/10 - x^4/168 + x^6/6480 - x^8/443520 + x^10/47174400 - x^12/7185024000"
)
"""The second derivative of sinc at 0: those of (-1)^k*x^(2*k)/(2*k + 1)!, summed."""

ROWS = (
    # Arithmetic
    Row("add(x, y)", "1", "1", infix="+", overflows=True, latex=Notation("#x:added + #y:multiplied", "added"), doc="sum"),
    Row("sub(x, y)", "1", "-1", infix="-", overflows=True, latex=Notation("#x:added - #y:multiplied", "added"), doc="difference"),
    Row("mul(x, y)", "y", "x", infix="*", overflows=True, latex=Notation(r"#x:multiplied\,#y:factor", "multiplied"), doc="product"),
    Row(
        "div(x, y)",
        "1/y", "-x/y^2",
        infix="/",
        in_floats=(
            "1/y",
            "where(out != 0 and abs(out) < 1e-290, -x*(1/y*(1/y)), -out/y)",
        ),
        latex=r"\frac{#x}{#y}", doc="quotient",
        note="a quotient that underflows has lost its digits, so the slope by y goes round it; "
        "by zero it is IEEE-754's signed inf, or nan for 0/0",
    ),
    Row("neg(x)", "-1", infix="-", latex=Notation("-#x:multiplied", "added"), doc="negation"),
    Row(
        "pow(x, y)",
        "y*x^(y - 1)", "x^y*log(x)",
        infix="^",
        taken=("void(y != 0)", "quiet(x != 0 or y <= 0)"),
        aliases=("power",),
        samples=("real", "real"),
        in_floats=("pow_slope(x, y)", "pow_log(x, y)"),
        kinks=(
            Kink("x == 0 and y == 0", jump=True, y=("-inf", "0", "0", "0", "0", "")),
            Kink("x < 0 and y == floor(y)", jump=True, y=("nan", "nan", "nan", "nan", "0", "")),
            Kink("x == 0 and y > 0 and y != floor(y)", fractional="y", x=("nan", *POWER*4, "where(y > 1, 0, nan)")),
        ),
        overflows=True, latex="#x:atom^{#y}", doc="x to the power y",
        domain="x >= 0 or y == floor(y)",
        note="x^0 is 1 for all x, and 0^y is 0 for all y > 0, so their slopes are 0. 0^y jumps at "
        "y = 0, where d/dy is -inf. For x < 0 d/dy is nan: only whole y have a power. "
        "0^negative is inf, as in C",
    ),
    Row(
        "pow_slope(x, y)", "y*pow_slope(x, y - 1)", "x^(y - 1)*(1 + y*log(x))",
        taken=("void(y != 0)", "quiet(x != 0 or y <= 1)"),
        expand="where(quiet(y == 0), 0, y*x^(y - 1))", helper=True,
        domain="x >= 0 or y == floor(y)",
        in_floats=(
            "where(x < 0 and y != floor(y), nan, y*pow_slope(x, y - 1))",
            "x^(y - 1)*(1 + y*log(x))",
        ),
        doc="the derivative of x^y by x",
        note="the word neither rounds y - 1 nor under- or overflows on its way",
    ),
    Row(
        "pow_log(x, y)", "x^(y - 1)*(1 + y*log(x))", "out*log(x)", expand="x^y*log(x)", helper=True,
        domain="x >= 0",
        doc="the derivative of x^y by y",
        note="the word takes x^(y/2) twice where x^y under- or overflows",
    ),
    # Comparison and logic: 1 for true, 0 for false
    _compared("lt", "<", "1 where x is less than y", "<"),
    _compared("le", "<=", "1 where x is at most y", "\\le"),
    _compared("gt", ">", "1 where x is greater than y", ">"),
    _compared("ge", ">=", "1 where x is at least y", "\\ge"),
    _compared("eq", "==", "1 where x equals y", "="),
    _compared("ne", "!=", "1 where x differs from y", "\\ne"),
    Row(
        "and(x, y)", "0", "0", infix="and", samples=("whole", "whole"),
        image="nonnegative", latex=Notation(r"#x:and \land #y:not", "and"), doc="1 where neither x nor y is 0",
        kinks=(
            Kink("x == 0", jump=True, x=STEP),
            Kink("y == 0", jump=True, y=STEP),
        ),
        note="anything but 0 is true, nan included, as in Python",
    ),
    Row(
        "or(x, y)", "0", "0", infix="or", samples=("whole", "whole"),
        image="nonnegative", latex=Notation(r"#x:or \lor #y:and", "or"), doc="1 where x or y is not 0",
        kinks=(Kink("x == 0 and y == 0", jump=True, x=STEP, y=STEP),),
        note="anything but 0 is true, nan included, as in Python",
    ),
    Row(
        "not(x)", "0", infix="not", samples=("whole",), image="nonnegative", latex=Notation(r"\lnot #x:factor", "not"), doc="1 where x is 0",
        kinks=(Kink("x == 0", jump=True, x=STEP),),
        note="anything but 0 is true, nan included, as in Python",
    ),
    # Choice
    Row(
        "where(c, a, b)", "0", "1", "1", taken=("", "c", "not c"),
        kinks=(Kink("c == 0", jump=True, verb="changes branch", c=STEP),),
        samples=("whole", "real", "real"),
        latex=Notation(r"\begin{cases} #a & \text{if } #c \\ #b & \text{otherwise} \end{cases}", "any"), doc="a where c is not 0, else b; only the branch taken is differentiated",
    ),
    Row(
        "max(x, y, ...)", "1/ties(out, args)", taken=("not x < out",),
        aliases=("maximum",),
        kinks=(Kink("x == out and ties(out, args) > 1", turns="x == out", shared=True, x=("0", "1", *SHARED, "0.5")),),
        latex=r"\max", doc="the largest; inputs that tie share the slope evenly",
        note="ties(out, args) is how many of the inputs are the result. PyTorch's amax and JAX share "
        "a tie evenly too; torch.max picks one of them. A nan among the inputs makes nan",
    ),
    Row(
        "min(x, y, ...)", "1/ties(out, args)", taken=("not x > out",),
        aliases=("minimum",),
        kinks=(Kink("x == out and ties(out, args) > 1", turns="x == out", shared=True, x=("1", "0", *SHARED, "0.5")),),
        latex=r"\min", doc="the smallest; inputs that tie share the slope evenly",
        note="ties(out, args) is how many of the inputs are the result. PyTorch's amin and JAX share "
        "a tie evenly too; torch.min picks one of them. A nan among the inputs makes nan",
    ),
    Row("ties(v, x, ...)", "0", helper=True, doc="how many of the inputs after v equal v"),
    Row("quiet(c)", "0", expand="c", helper=True,
        doc="a case of a rule that is no kink: both of its branches meet there"),
    Row("void(c)", "0", expand="c", helper=True,
        doc="the same where the partial of the edge that is not taken is 0 anyway"),
    Row("given(c, a)", "0", "1", expand="where(c, a, 0)", helper=True,
        latex=r"\begin{cases} #a & \text{if } #c \\ 0 & \text{otherwise} \end{cases}",
        doc="a where c is not 0, else the 0 that a is there, so that its slope is that of a"),
    Row(
        "clip(x, lo, hi)", "1", "1", "1",
        taken=(
            "x > lo and x < hi and lo <= hi",
            "x < lo and lo <= hi or x == lo and lo < hi",
            "x >= hi or lo > hi",
        ),
        aliases=("clamp",),
        expand="min(max(x, lo), hi)",
        kinks=(
            Kink("x == lo and lo < hi", since="2.14", x=("0", "1", "0", "0.5", "1", "0.5"),
                 lo=("0", "1", "", "0.5", "0", "0.5"), hi=("0", "0", "", "0", "0", "0")),
            Kink("x == hi and lo < hi", since="2.14", x=("1", "0", "0", "0.5", "1", "0.5"),
                 lo=("0", "0", "", "0", "0", "0"), hi=("1", "0", "", "0.5", "0", "0.5")),
            Kink("x == lo and lo == hi", joint=("x", "lo"), x=("0", "0", "0", "0.25", "1", "0.25"),
                 lo=("0", "0", "", "0.25", "0", "0.25"), hi=("1", "0", "", "0.5", "0", "0.5")),
            Kink("x < lo and lo == hi", x=("0", "0", "0", "0", "0", "0"),
                 lo=("1", "0", "", "0.5", "1", "0.5"), hi=("1", "0", "", "0.5", "0", "0.5")),
        ),
        doc="x kept within lo and hi",
        note="at a bound the slope by x is 0, as PyTorch's clamp since 2.14 (before it was 1); "
        "the result is hi if lo > hi",
    ),
    # Trigonometry
    Row("sin(x)", "cos(x)", image="real", latex=Notation(r"\sin", raised=True), doc="sine"),
    Row("cos(x)", "-sin(x)", image="real", latex=Notation(r"\cos", raised=True), doc="cosine"),
    Row("tan(x)", "1 + tan(x)^2", in_floats=("1 + out*out",), latex=Notation(r"\tan", raised=True), doc="tangent"),
    Row(
        "asin(x)", "1/sqrt(1 - x^2)", aliases=("arcsin",), samples=("open",),
        domain="abs(x) <= 1", in_floats=("1/sqrt((1 - x)*(1 + x))",), latex=r"\arcsin", doc="arc sine",
        kinks=_ends("inf", "inf", "inf", "inf", ""),
        note="(1 - x)*(1 + x) keeps the digits that 1 - x^2 loses near 1 and -1",
    ),
    Row(
        "acos(x)", "-1/sqrt(1 - x^2)", aliases=("arccos",), samples=("open",),
        domain="abs(x) <= 1", in_floats=("-1/sqrt((1 - x)*(1 + x))",), latex=r"\arccos", doc="arc cosine",
        kinks=_ends("-inf", "-inf", "-inf", "-inf", ""),
        note="(1 - x)*(1 + x) keeps the digits that 1 - x^2 loses near 1 and -1",
    ),
    Row("atan(x)", "1/(1 + x^2)", aliases=("arctan",), in_floats=("inversion(1, x)",),
              image="real", latex=r"\arctan", doc="arc tangent",
              note="the slope is 1/(1 + x^2), with no overflow in x^2"),
    Row(
        "atan2(y, x)", "x/(x^2 + y^2)", "-y/(x^2 + y^2)", aliases=("arctan2",),
        kinks=(
            Kink("y == 0 and x < 0", jump=True, y=("1/x",)*6),
            Kink("y == 0 and x == 0", jump=True, y=("0", "0", "0", "nan", "nan", "nan"),
                 x=("0", "0", "0", "nan", "nan", "nan")),
        ),
        in_floats=(
            "inversion(x, y)",
            "-inversion(y, x)",
        ),
        image="real", doc="angle of the point (x, y), from -pi to pi",
        note="the slopes are x/(x^2 + y^2) and -y/(x^2 + y^2); at the origin, where the angle "
        "has none, they are nan as in JAX",
    ),
    Row(
        "inversion(x, y)",
        "where(hypot(x, y) > 1e200, 0, "
        "(y - x)/hypot(x, y)*((y + x)/hypot(x, y))/hypot(x, y)/hypot(x, y))",
        "where(hypot(x, y) < 1e-150, "
        "-2*(x/hypot(x, y))*(y/hypot(x, y))/hypot(x, y)/hypot(x, y), "
        "where(abs(out) < 1e-290 and abs(x) < 1 and abs(y) < 1, "
        "-2*x*(inversion(y, x)*inversion(y, x)/y), -2*out*inversion(y, x)))",
        expand="x/(x^2 + y^2)",
        domain="x != 0 or y != 0",
        helper=True, doc="x/(x^2 + y^2), the first coordinate of (x, y) inverted in the unit circle",
        note="the slope of atan2, in a form that neither under- nor overflows: the word scales "
        "by a power of 2",
    ),
    Row("sec(x)", "out*tan(x)", expand="1/cos(x)", latex=Notation(r"\sec", raised=True), doc="secant, 1/cos(x)", note="DLMF 4.20.5"),
    Row("csc(x)", "-out*cot(x)", expand="1/sin(x)", latex=Notation(r"\csc", raised=True), doc="cosecant, 1/sin(x)",
        note="DLMF 4.20.4; by zero it is IEEE-754's signed inf"),
    Row("cot(x)", "-csc(x)^2", expand="1/tan(x)", latex=Notation(r"\cot", raised=True), doc="cotangent, 1/tan(x)",
        note="DLMF 4.20.6; by zero it is IEEE-754's signed inf"),
    Row(
        "asec(x)", "1/(abs(x)*sqrt(x^2 - 1))", aliases=("arcsec",), expand="acos(1/x)",
        domain="abs(x) >= 1", in_floats=("1/abs(x)/(sqrt(abs(x) - 1)*sqrt(abs(x) + 1))",),
        kinks=_ends("inf", outside=True), doc="inverse secant acos(1/x)", note="DLMF 4.24.11; two roots, since x^2 - 1 overflows",
    ),
    Row(
        "acsc(x)", "-1/(abs(x)*sqrt(x^2 - 1))", aliases=("arccsc",), expand="asin(1/x)",
        domain="abs(x) >= 1", in_floats=("-1/abs(x)/(sqrt(abs(x) - 1)*sqrt(abs(x) + 1))",),
        kinks=_ends("-inf", outside=True), doc="inverse cosecant asin(1/x)", note="DLMF 4.24.10; two roots, since x^2 - 1 overflows",
    ),
    Row(
        "acot(x)", "-1/(1 + x^2)", aliases=("arccot",), expand="atan(1/x)",
        kinks=(Kink("x == 0", jump=True, x=("-1", "-1", "", "", "", "-1")),), in_floats=("-inversion(1, x)",),
        doc="inverse cotangent atan(1/x)",
        note="DLMF 4.24.12; it is odd, and jumps from -pi/2 to pi/2 at 0",
    ),
    Row(
        "sinc(x)", "sinc_slope(x)", expand="where(quiet(x == 0), 1, sin(x)/x)",
        doc="sin(x)/x, and 1 at 0 (unnormalised: no factor pi)",
        note="the spherical Bessel function j0 (DLMF 10.49.3). NumPy's and PyTorch's sinc is sinc(pi*x) here",
    ),
    Row(
        "sinc_slope(x)", f"where(quiet(x == 0), {SINC_AT_0}, -sinc(x) - 2*out/x)",
        expand="where(quiet(x == 0), 0, (cos(x) - sinc(x))/x)", in_floats=("sinc_derivative(2, x)",),
        helper=True, doc="derivative of sinc",
        note="an operation of its own, since its terms cancel around 0 and where tan(x) is x. As "
        "books have it, its slope is from the differential equation of j0 (DLMF 10.47.1), and at 0 "
        "from Taylor's series, up to order 14",
    ),
    Row(
        "sinc_derivative(n, x)", "0", "sinc_derivative(n + 1, x)", samples=("2:5", "real"),
        domain="n >= 0 and n <= 100 and n == floor(n)", helper=True,
        doc="derivative number n of sinc; n is a whole number up to 100",
    ),
    # Hyperbolic functions
    Row("sinh(x)", "cosh(x)", overflows=True, exponential=1, image="real", latex=Notation(r"\sinh", raised=True), doc="hyperbolic sine"),
    Row("cosh(x)", "sinh(x)", overflows=True, exponential=1, image="positive", latex=Notation(r"\cosh", raised=True), doc="hyperbolic cosine"),
    Row("tanh(x)", "1 - out^2", in_floats=("sech(x)*sech(x)",), exponential=1, image="real", latex=Notation(r"\tanh", raised=True), doc="hyperbolic tangent",
              note="1 - tanh(x)^2 is 0 from x = 20 on; sech(x)*sech(x) is right to the last subnormal"),
    Row("sech(x)", "-out*tanh(x)", expand="1/cosh(x)", latex=Notation(r"\operatorname{sech}", raised=True), doc="hyperbolic secant, 1/cosh(x)"),
    Row("csch(x)", "-out*coth(x)", expand="1/sinh(x)", latex=Notation(r"\operatorname{csch}", raised=True), doc="hyperbolic cosecant, 1/sinh(x)",
        note="DLMF 4.34.4; by zero it is IEEE-754's signed inf"),
    Row("coth(x)", "-csch(x)^2", expand="1/tanh(x)", latex=Notation(r"\coth", raised=True), doc="hyperbolic cotangent, 1/tanh(x)",
        note="DLMF 4.34.6; by zero it is IEEE-754's signed inf"),
    Row("asinh(x)", "1/sqrt(1 + x^2)", aliases=("arcsinh",),
              in_floats=("1/hypot(1, x)",), image="real", latex=r"\operatorname{arsinh}", doc="inverse hyperbolic sine"),
    Row(
        "acosh(x)", "1/sqrt(x^2 - 1)", aliases=("arccosh",), samples=("positive",),
        domain="x >= 1", in_floats=("1/(sqrt(x - 1)*sqrt(x + 1))",), latex=r"\operatorname{arcosh}", doc="inverse hyperbolic cosine",
        kinks=(Kink("x == 1", x=("nan", "inf", "inf", "inf", "inf", "")),), note="two roots, since x^2 - 1 overflows",
    ),
    Row(
        "atanh(x)", "1/(1 - x^2)", aliases=("arctanh",),
        samples=("open",), domain="abs(x) <= 1", exists="abs(x) < 1", in_floats=("where(abs(x) > 1, out, 1/((1 - x)*(1 + x)))",),
        latex=r"\operatorname{artanh}", doc="inverse hyperbolic tangent",
    ),
    Row(
        "asech(x)", "-1/(x*sqrt(1 - x^2))", aliases=("arcsech",), samples=("unit",),
        domain="x >= 0 and x <= 1", exists="x > 0 and x <= 1", expand="acosh(1/x)",
        in_floats=("where(x < 0, out, -1/(abs(x)*sqrt((1 - x)*(1 + x))))",),
        kinks=(Kink("x == 1", x=("-inf", "nan")),), doc="inverse hyperbolic secant acosh(1/x)", note="DLMF 4.38.10",
    ),
    Row(
        "acsch(x)", "-1/(abs(x)*sqrt(1 + x^2))", aliases=("arccsch",), expand="asinh(1/x)",
        in_floats=("-1/abs(x)/hypot(1, x)",),
        doc="inverse hyperbolic cosecant asinh(1/x)",
        note="DLMF 4.38.9; at 0 it is inf with the sign of the zero",
    ),
    Row(
        "acoth(x)", "1/(1 - x^2)", aliases=("arccoth",), domain="abs(x) >= 1", exists="abs(x) > 1", expand="atanh(1/x)",
        in_floats=("where(abs(x) < 1, sqrt(abs(x) - 1), -1/(abs(x) - 1)/(abs(x) + 1))",),
        doc="inverse hyperbolic cotangent atanh(1/x)", note="DLMF 4.38.12",
    ),
    Row(
        "logcosh(x)", "tanh(x)", aliases=("log_cosh",), elsewhere=("1 - 2*sigmoid(-2*x)",),
        expand="where(abs(x) < 2, log1p(2*sinh(x/2)^2), abs(x) + log1p(exp(-2*abs(x))) - log(2))",
        image="nonnegative", doc="log(cosh(x))",
        note="2*sinh(x/2)^2 is cosh(x) - 1 (DLMF 4.35.21); cosh(x) overflows",
    ),
    # Exponentials and logarithms
    Row("exp(x)", "out", overflows=True, exponential=1, image="positive", latex=Notation("e^{#x}", letter="e"), doc="e to the power x"),
    Row(
        "exp2(x)", "2^x*log(2)",
        in_floats=("where(out < inf, out*log(2), exp2(x/2)*log(2)*exp2(x/2))",),
        overflows=True, exponential=1, image="positive", latex="2^{#x}", doc="2 to the power x",
    ),
    Row("expm1(x)", "exp(x)", elsewhere=("out + 1",), overflows=True, exponential=1, image="real", latex=Notation("e^{#x} - 1", "added", letter="e"), doc="exp(x) - 1, accurate near 0",
              note="not out + 1, which loses the tail of exp(x) below -37"),
    Row(
        "log(x)", "1/x", aliases=("ln",), samples=("positive",),
        domain="x >= 0", exists="x > 0", in_floats=("where(x < 0, out, 1/abs(x))",), latex=r"\ln", doc="natural logarithm",
        note="at 0 the value is -inf and the slope inf, whatever the sign of the zero",
    ),
    Row(
        "log1p(x)", "1/(1 + x)", domain="x >= -1", exists="x > -1",
        in_floats=("where(x < -1, out, 1/(1 + x))",),
        latex=r"\ln\left(1 + #x:multiplied\right)", doc="log(1 + x), accurate near 0",
    ),
    Row(
        "log2(x)", "1/(x*log(2))", samples=("positive",),
        domain="x >= 0", exists="x > 0", in_floats=("where(x < 0, out, 1/log(2)/abs(x))",), latex=r"\log_2", doc="logarithm to base 2",
    ),
    Row(
        "log10(x)", "1/(x*log(10))", samples=("positive",),
        domain="x >= 0", exists="x > 0", in_floats=("where(x < 0, out, 1/log(10)/abs(x))",), latex=r"\log_{10}", doc="logarithm to base 10",
    ),
    Row(
        "log1mexp(x)", "-exp(x)/(1 - exp(x))", domain="x <= 0", exists="x < 0",
        expand="where(x > -0.5, log(-expm1(x)), log1p(-exp(x)))",
        in_floats=("where(x > 0, sqrt(-x), -exp(x)/abs(expm1(x)))",),
        doc="log(1 - exp(x)) for x < 0",
        note="as Stan's log1m_exp and LogExpFunctions' log1mexp; that of JAX and of Maechler "
        "(Accurately computing log(1 - exp(-a)), 2012) is log1mexp(-x)",
    ),
    Row(
        "xlogy(x, y)", "log(y)", "x/y", taken=("", "max(abs(x), y) > 0"), samples=("real", "positive"),
        domain="y >= 0 or x == 0", exists="y > 0 or x == 0", expand="where(x == 0, 0, x*log(y))",
        kinks=(
            Kink("x == 0 and y == 0", jump=True, x=("-inf", "-inf", "0", "-inf", "0", "")),
            Kink("x == 0 and y < 0", jump=True, x=("nan", "nan", "0", "nan", "0", "")),
        ),
        in_floats=("where(y < 0, sqrt(y), log(y))", "where(y < 0, sqrt(y), x/abs(y))"),
        doc="x*log(y), and 0 where x is 0",
        note="as SciPy's and PyTorch's; where x and y are 0, y gets no gradient",
    ),
    Row(
        "xlog1py(x, y)", "log1p(y)", "x/(1 + y)", taken=("", "max(abs(x), 1 + y) > 0"),
        domain="y >= -1 or x == 0", exists="y > -1 or x == 0", expand="where(x == 0, 0, x*log1p(y))",
        kinks=(
            Kink("x == 0 and y == -1", jump=True, x=("-inf", "-inf", "0", "-inf", "0", "")),
            Kink("x == 0 and y < -1", jump=True, x=("nan", "nan", "0", "nan", "0", "")),
        ),
        in_floats=("log1p(y)", "where(y < -1, sqrt(1 + y), x/(1 + y))"),
        doc="x*log(1 + y), and 0 where x is 0",
        note="as SciPy's; where x is 0 and y is -1, y gets no gradient",
    ),
    Row(
        "logsumexp(x, y, ...)", "exp(x - out)",
        in_floats=("exp_difference(x, out)*logsumexp_rounding(out, args)",),
        image="real", doc="log(exp(x) + exp(y) + ...)",
        note="the slopes are the softmax of the inputs",
    ),
    Row(
        "logsumexp_rounding(v, x, ...)", "0", helper=True,
        doc="exp(v - logsumexp(x, ...)), which is 1 but for the rounding of v",
    ),
    Row(
        "exp_difference(x, y)", "out", "-out", expand="exp(x - y)", helper=True, overflows=True,
        doc="exp(x - y)",
        note="the word carries the rounding error of x - y, which the exponential would amplify",
    ),
    Row(
        "logaddexp(x, y)", "exp(x - out)", "exp(y - out)",
        expand="max(x, y) + log1p(exp(-abs(x - y)))",
        in_floats=(
            "softmax2(x, y)",
            "softmax2(y, x)",
        ),
        image="real", latex=Notation(r"\ln\left(e^{#x} + e^{#y}\right)", letter="e"), doc="log(exp(x) + exp(y))",
    ),
    Row(
        "softmax2(x, y)", "out*softmax2(y, x)", "-out*softmax2(y, x)",
        expand="sigmoid(x - y)",
        doc="exp(x)/(exp(x) + exp(y)), the share of x in a softmax of two",
        note="more accurate than sigmoid(x - y), which amplifies the rounding of x - y",
    ),
    # Roots, parts and distances
    Row(
        "sqrt(x)", "1/(2*out)", samples=("positive",), domain="x >= 0", in_floats=("0.5/out",),
        latex=Notation(r"\sqrt{#x}", "atom"), doc="square root",
        kinks=(Kink("x == 0", x=("nan", "inf", "inf", "inf", "inf", "")),),
        note="the slope at 0 is inf, as in PyTorch and JAX",
    ),
    Row("cbrt(x)", "1/(3*out^2)", in_floats=("1/(3*out*out)",), image="real", latex=Notation(r"\sqrt[3]{#x}", "atom"), doc="cube root",
              kinks=(Kink("x == 0", x=("inf", "inf", "", "inf", "", "nan")),), note="the slope at 0 is inf"),
    Row(
        "abs(x)", "sign(x)", aliases=("fabs",), kinks=(Kink("x == 0", x=("-1", "1", "0", "1", "0", "0")),),
        image="nonnegative", latex=Notation(r"\left|#x\right|", "atom"), doc="absolute value", note="the slope at 0 is 0, as in PyTorch (JAX takes 1)",
    ),
    Row(
        "sign(x)", "0", aliases=("sgn",), kinks=(Kink("x == 0", jump=True, x=STEP_UNKNOWN),),
        image="real", latex=r"\operatorname{sgn}", doc="-1, 0 or 1, as x is negative, zero or positive",
    ),
    Row(
        "floor(x)", "0", kinks=(Kink("x == out", jump=True, turns="out", x=STEP_UNKNOWN),),
        image="real", latex=Notation(r"\left\lfloor #x\right\rfloor", "atom"), doc="largest whole number that is at most x",
    ),
    Row(
        "ceil(x)", "0", kinks=(Kink("x == out", jump=True, turns="out", x=STEP_UNKNOWN),),
        image="real", latex=Notation(r"\left\lceil #x\right\rceil", "atom"), doc="smallest whole number that is at least x",
    ),
    Row(
        "round(x)", "0", kinks=(Kink("abs(x - out) == 0.5", jump=True, turns="out", x=STEP_UNKNOWN),),
        image="real", doc="nearest whole number, half-way cases to the even one",
    ),
    Row(
        "trunc(x)", "0", aliases=("fix",), expand="where(x < 0, ceil(x), floor(x))",
        kinks=(Kink("x == out and x != 0", jump=True, turns="out", x=("0", "0", "0", "0", "", "")),),
        image="real", doc="x rounded towards 0 to a whole number",
    ),
    Row(
        "mod(x, y)", "where(y == 0, nan, 1)", "round(out/y - x/y)",
        kinks=(
            Kink("out == 0", jump=True, turns="floor(x/y)", x=("1", "1", "1", "1", "1", "")),
            Kink("out == 0 and x != 0", jump=True, turns="floor(x/y)",
                 y=("where(x > 0, -x/y, 1 - x/y)", "where(x > 0, 1 - x/y, -x/y)",
                    "-x/y", "-x/y", "-x/y", "")),
        ),
        domain="y != 0",
        doc="remainder x - y*floor(x/y), with the sign of y",
        note="the slope by y is -floor(x/y); rounding (out - x)/y finds the floor even where "
        "x/y rounds up to a whole number",
    ),
    Row(
        "fmod(x, y)", "where(y == 0, nan, 1)", "round(out/y - x/y)", aliases=("rem",),
        kinks=(Kink("out == 0 and x != 0", jump=True, turns="trunc(x/y)", x=("1", "1", "1", "1", "", ""),
                    y=("where(y > 0, -x/y, sign(x/y) - x/y)", "where(y > 0, sign(x/y) - x/y, -x/y)",
                       "-x/y", "-x/y", "", "")),),
        domain="y != 0", expand="x - y*trunc(x/y)",
        doc="remainder x - y*trunc(x/y), with the sign of x",
        note="C's fmod; mod(x, y) has the sign of y. Rounding (out - x)/y finds the whole number "
        "even where x/y rounds up to one",
    ),
    Row(
        "copysign(x, y)", "sign(x)*copysign(1, y)", "0",
        expand="where(y < 0, -abs(x), abs(x))",
        kinks=(
            Kink("x == 0", x=("-copysign(1, y)", "copysign(1, y)", "0", "copysign(1, y)", "", ""),
                 y=("0", "0", "0", "0", "", "")),
            Kink("y == 0 and x != 0", jump=True, y=("0", "0", "0", "0", "", "")),
        ),
        image="real", doc="x with the sign of y",
        note="C's copysign: a zero y has a sign too. The slope by x at 0 is 0, as that of abs",
    ),
    Row(
        "hypot(x, y)",
        "x/out", "y/out",
        kinks=(Kink("x == 0 and y == 0", x=("-1", "1", "nan", "0.5", "", "nan"), y=("-1", "1", "nan", "0.5", "", "nan")),),
        in_floats=(
            "where(out > 1e-290 and out < inf, x/out, sin(atan2(x, abs(y))))",
            "where(out > 1e-290 and out < inf, y/out, sin(atan2(y, abs(x))))",
        ),
        image="nonnegative", latex=Notation(r"\sqrt{#x:atom^{2} + #y:atom^{2}}", "atom"), doc="distance sqrt(x^2 + y^2)",
        note="the slopes at the origin are 0, the mean of the one-sided ones, as PyTorch's norm; "
        "where the distance itself under- or overflows they come from the angle",
    ),
    # Error function and gamma functions
    Row("erf(x)", "2/sqrt(pi)*exp(-x^2)", in_floats=("2/sqrt(pi)*gaussian(x)^2",),
              exponential=2, image="real", doc="error function"),
    Row("erfc(x)", "-2/sqrt(pi)*exp(-x^2)",
              in_floats=("-2/sqrt(pi)*gaussian(x)^2",),
              exponential=2, image="positive", doc="complementary error function 1 - erf(x)"),
    Row(
        "gaussian(x)",
        "where(out > 1e-300, -x*out, -x*gaussian(x/2)^2*gaussian(x/2)^2)",
        expand="exp(-x^2/2)",
        latex=Notation(r"e^{-#x:atom^{2}/2}", letter="e"), doc="exp(-x^2/2), the normal density without its factor 1/sqrt(2 pi)",
        note="exp(-x^2/2) itself is 100 ulp off at x = 20, since x^2 rounds: the word splits x "
        "(Cody, Math. Comp. 23, 1969)",
    ),
    Row(
        "erfcx(x)", "2*x*out - 2/sqrt(pi)", in_floats=("erfcx_derivative(1, x)",), overflows=True,
        expand="exp(x^2)*erfc(x)",
        image="positive", doc="scaled complementary error function exp(x^2)*erfc(x)", note="DLMF 7.10.1",
    ),
    Row(
        "erfcx_derivative(n, x)", "0", "erfcx_derivative(n + 1, x)", samples=("0:3", "real"),
        domain="n >= 0 and n <= 20 and n == floor(n)", helper=True, overflows=True,
        doc="derivative number n of erfcx; n is a whole number up to 20",
        note="repeated integrals of erfc but for a factor (DLMF 7.18.2); an operation of its own, "
        "since the terms of the formulas cancel for positive x",
    ),
    Row(
        "erfinv(x)", "sqrt(pi)/2*exp(out^2)", samples=("open",), domain="abs(x) <= 1", exists="abs(x) < 1",
        in_floats=(
            ("where(abs(x) < 0.5, sqrt(pi)/2*exp(out^2), "
            "where(abs(x) == 1, inf, sqrt(pi)/2*erfcx(abs(out))/(1 - abs(x))))"),
        ),
        doc="inverse of erf",
        note="DLMF 7.17.1. Where out is large, exp(out^2) amplifies its rounding; it is "
        "erfcx(abs(out))/(1 - abs(x))",
    ),
    Row(
        "ndtr(x)", "exp(-x^2/2)/sqrt(2*pi)", aliases=("normcdf",), image="unit", expand="erfc(-x/sqrt(2))/2",
        in_floats=("gaussian(x)/sqrt(tau)",), doc="normal distribution function",
    ),
    Row(
        "log_ndtr(x)", "exp(-x^2/2)/sqrt(2*pi)/ndtr(x)", aliases=("lognormcdf",),
        expand="where(x < 0, log(erfcx(-x/sqrt(2))/2) - x^2/2, log1p(-ndtr(-x)))",
        in_floats=(
            ("where(x < -1e300, -x, "
            "where(x < 0, sqrt(2/pi)/erfcx(-x/sqrt(2)), gaussian(x)/sqrt(tau)/ndtr(x)))"),
        ),
        image="real", doc="log(ndtr(x))",
        note="in the lower tail the slope is the reciprocal of Mills' ratio (DLMF 7.8.1)",
    ),
    Row(
        "gamma(x)",
        "out*digamma(x)",
        domain="x >= 0 or x != floor(x)", exists="x > 0 or x != floor(x)",
        in_floats=(("where(abs(out) > 1e-290, out*digamma(x), "
        "gamma(x/2)*digamma(x)*gamma(x/2 + 0.5)*2^x/(2*sqrt(pi)))"),),
        overflows=True, latex=Notation(r"\Gamma", letter=r"\Gamma"), doc="gamma function",
        note="inf at 0 (signed) and nan at the other poles, as C's tgamma; where the value "
        "underflows the slope uses the duplication formula (DLMF 5.5.5)",
    ),
    Row("lgamma(x)", "digamma(x)", elsewhere=("digamma(x + 1) - 1/x",), latex=Notation(r"\ln\left|\Gamma\left(#x\right)\right|", letter=r"\Gamma"), doc="logarithm of the absolute value of gamma",
              aliases=("gammaln",),
              note="inf at the poles 0, -1, -2, ..., where the slope is nan"),
    Row("digamma(x)", "trigamma(x)", aliases=("psi",), domain="x >= 0 or x != floor(x)", exists="x > 0 or x != floor(x)",
              latex=Notation(r"\psi", letter=r"\psi"), doc="logarithmic derivative of gamma",
              note="-inf at 0 (signed) and nan at the other poles"),
    Row("trigamma(x)", "polygamma(2, x)", domain="x >= 0 or x != floor(x)", exists="x > 0 or x != floor(x)",
              latex=Notation(r"\psi^{(1)}", letter=r"\psi"), doc="derivative of digamma", note="inf at 0 and nan at the other poles"),
    Row(
        "polygamma(n, x)", "0", "polygamma(n + 1, x)", samples=("0:6", "real"),
        in_floats=("0", "where(n < 0, nan, polygamma(n + 1, x))"),
        domain="n >= 0 and n <= 170 and n == floor(n) and (x >= 0 or x != floor(x))",
        kinks=(Kink("n == floor(n)", jump=True, n=("nan", "nan")),),
        latex=Notation(r"\psi^{(#n)}\left(#x\right)", letter=r"\psi"), doc="derivative number n of digamma; n is a whole number up to 170",
        note="n is a whole number, so there is no derivative by n; from n = 171 on polygamma(n, 1) overflows",
    ),
    Row(
        "polygamma_difference(n, x, y)", "0", "polygamma_difference(n + 1, x, y)",
        "-polygamma(n + 1, x + y)", samples=("0:3", "positive", "positive"), helper=True,
        domain="n >= 0 and n <= 170 and n == floor(n) and x >= 0 and y >= 0",
        expand="polygamma(n, x) - polygamma(n, x + y)",
        doc="polygamma(n, x) - polygamma(n, x + y)",
        note="an operation of its own, since the two cancel where y is small beside x",
    ),
    Row(
        "beta(x, y)", "out*(digamma(x) - digamma(x + y))", "out*(digamma(y) - digamma(x + y))",
        samples=("positive", "positive"), domain="x >= 0 and y >= 0", exists="x > 0 and y > 0",
        expand="gamma(x)*gamma(y)/gamma(x + y)",
        in_floats=("beta_slope(x, y)", "beta_slope(y, x)"), overflows=True,
        doc="beta function gamma(x)*gamma(y)/gamma(x + y)",
        note="DLMF 5.12.1, whose integral needs x and y from 0 up; inf at 0",
    ),
    Row(
        "beta_slope(x, y)",
        "out*polygamma_difference(0, x, y) + beta(x, y)*polygamma_difference(1, x, y)",
        "out*polygamma_difference(0, y, x) - beta(x, y)*trigamma(x + y)",
        in_floats=(
            ("where(y < 1e-60*x, where(x < 1e-70, 2/x^3, "
            "out*(polygamma(2, x)/trigamma(x) + polygamma_difference(0, x, y))), "
            "out*polygamma_difference(0, x, y) + beta(x, y)*polygamma_difference(1, x, y))"),
            ("where(min(x, y) < 1e-60 and min(x, y) < 1e-60*max(x, y), "
            "where(max(x, y) < 1e-70, 1/max(x, y)^3, "
            "trigamma(max(x, y))*(digamma(max(x, y)) - digamma(1)) - polygamma(2, max(x, y))), "
            "out*polygamma_difference(0, y, x) - beta(x, y)*trigamma(x + y))"),
        ),
        samples=("positive", "positive"), domain="x >= 0 and y >= 0",
        expand="beta(x, y)*polygamma_difference(0, x, y)", helper=True, overflows=True,
        doc="derivative of beta(x, y) by x",
        note="an operation of its own, since beta may have lost its digits to underflow. Its own "
        "slopes are right to the last digits of the largest term only",
    ),
    Row(
        "lbeta(x, y)", "digamma(x) - digamma(x + y)", "digamma(y) - digamma(x + y)",
        aliases=("betaln",), samples=("positive", "positive"), domain="x >= 0 and y >= 0", exists="x > 0 and y > 0",
        expand="lgamma(x) + lgamma(y) - lgamma(x + y)",
        in_floats=("polygamma_difference(0, x, y)", "polygamma_difference(0, y, x)"),
        doc="log(beta(x, y))", note="DLMF 5.12.1; inf at 0",
    ),
    # Activations
    Row(
        "sigmoid(x)", "out*(1 - out)", aliases=("expit", "logistic"), image="unit",
        expand="1/(1 + exp(-x))",
        in_floats=("sigmoid(x)*sigmoid(-x)",),
        latex=Notation(r"\sigma", letter=r"\sigma"), doc="logistic function 1/(1 + exp(-x))",
        note="not out*(1 - out), which is 0 from x = 37 on",
    ),
    Row(
        "logit(x)", "1/(x*(1 - x))", samples=("unit",),
        domain="x >= 0 and x <= 1", exists="x > 0 and x < 1", expand="log(x/(1 - x))",
        in_floats=("where(x < 0 or x > 1, out, 1/(abs(x)*(1 - x)))",),
        doc="log(x/(1 - x)), the inverse of sigmoid",
    ),
    Row("softplus(x)", "sigmoid(x)", expand="max(x, 0) + log1p(exp(-abs(x)))",
              image="positive", doc="log(1 + exp(x))"),
    Row("logsigmoid(x)", "sigmoid(-x)", expand="min(x, 0) - log1p(exp(-abs(x)))",
              image="real", doc="log(sigmoid(x))"),
    Row(
        "relu(x)", "1", taken=("not x <= 0",), expand="where(x <= 0, 0, x)",
        kinks=(Kink("x == 0", x=("0", "1", "0", "0", "0", "0.5")),), in_floats=("where(x <= 0, 0, 1)",), doc="x where positive, else 0",
        note="at 0 the slope on the left is used, 0, as in PyTorch and JAX",
    ),
    Row(
        "relu6(x)", "1", taken=("not (x <= 0 or x >= 6)",), expand="min(max(x, 0), 6)",
        kinks=(
            Kink("x == 0", x=("0", "1", "0", "0", "0", "0.5")),
            Kink("x == 6", x=("1", "0", "0", "0", "0", "0.5")),
        ),
        doc="x kept within 0 and 6", note="the slope at 0 and at 6 is 0, as in PyTorch",
    ),
    Row(
        "leaky_relu(x, slope=0.01)", "where(x > 0, 1, slope)", "x", taken=("", "not x > 0"),
        expand="where(x > 0, x, slope*x)", kinks=(Kink("x == 0 and slope != 1", x=("slope", "1", "slope", "1", "slope", "slope")),),
        doc="x where positive, else slope*x",
        note="at 0 the slope on the left is used, as in PyTorch",
    ),
    Row(
        "elu(x, alpha=1)",
        "where(x > 0, 1, alpha*exp(x))", "expm1(x)", taken=("", "not x > 0"),
        in_floats=(
            "where(x > 0, 1, where(x < -700, alpha*exp(x/2)*exp(x/2), alpha*exp(x)))", "expm1(x)",
        ),
        elsewhere=("where(x > 0, 1, out + alpha)", "expm1(x)"),
        expand="where(x > 0, x, alpha*expm1(x))",
        kinks=(Kink("x == 0 and alpha != 1", x=("alpha", "1", *("alpha",)*4)),),
        doc="x where positive, else alpha*(exp(x) - 1)",
        note="at 0 the slope on the left is used, alpha, as in PyTorch",
    ),
    Row(
        "selu(x)", "where(x > 0, 1.0507009873554805, 1.7580993408473768*exp(x))",
        elsewhere=("where(x > 0, 1.0507009873554805, out + 1.7580993408473768)",),
        expand="where(x > 0, 1.0507009873554805*x, 1.7580993408473768*expm1(x))",
        kinks=(
            Kink("x == 0", x=(SELU[1], SELU[0], SELU[1], SELU[1], SELU[0], SELU[1])),
        ),
        doc="scaled elu of a self-normalizing network",
        note="constants of Klambauer et al., NeurIPS 2017; at 0 the slope on the left is used, "
        "as in PyTorch",
    ),
    Row(
        "gelu(x)", "(1 + erf(x/sqrt(2)))/2 + x*exp(-x^2/2)/sqrt(2*pi)", expand="0.5*x*erfc(-x/sqrt(2))",
        in_floats=("gelu_slope(x)",),
        doc="x times the normal distribution function (exact, by erf)",
        note="Hendrycks and Gimpel, arXiv:1606.08415",
    ),
    Row(
        "gelu_slope(x)",
        "where(abs(x) < 37, gaussian(x)*(2 - x*x)/sqrt(tau), where(abs(x) > 1e100, 0, "
        "gaussian(x/2)^2*(2 - x*x)*gaussian(x/2)^2/sqrt(tau)))",
        expand="0.5*erfc(-x/sqrt(2)) + x*gaussian(x)/sqrt(tau)",
        helper=True, doc="derivative of gelu",
        note="an operation of its own, since the sum of its two terms cancels around -0.7518. "
        "Its own slope is right to the last digits of the largest term only, not near its zeros",
    ),
    Row(
        "gelu_tanh(x)", "gelu_tanh_slope(x)",
        expand="0.5*x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3)))",
        doc="gelu by the approximation in tanh",
        note="Hendrycks and Gimpel, arXiv:1606.08415",
    ),
    Row(
        "gelu_tanh_slope(x)",
        "where(abs(x) > 1e50, 0, sech(sqrt(2/pi)*(x + 0.044715*x^3))/2"
        "*(4*sqrt(2/pi)*(1 + 0.26829*x^2) - 8/pi*x*(1 + 0.134145*x^2)^2"
        "*tanh(sqrt(2/pi)*(x + 0.044715*x^3)))"
        "*(sech(sqrt(2/pi)*(x + 0.044715*x^3))/2))",
        expand="sigmoid(2*sqrt(2/pi)*(x + 0.044715*x^3))*(1 + 2*sqrt(2/pi)*(x + 0.134145*x^3)"
        "*sigmoid(-2*sqrt(2/pi)*(x + 0.044715*x^3)))",
        helper=True, doc="derivative of gelu_tanh",
        note="an operation of its own, since its terms cancel around -0.7524. "
        "Its own slope is right to the last digits of the largest term only, not near its zeros",
    ),
    Row(
        "silu(x)", "sigmoid(x)*(1 + x*(1 - sigmoid(x)))", aliases=("swish",), expand="x*sigmoid(x)",
        in_floats=("silu_slope(x)",),
        doc="x times the sigmoid of x", note="Elfwing et al., Neural Networks 107, 2018",
    ),
    Row(
        "silu_slope(x)", "sech(x/2)/2*(2 - x*tanh(x/2))*(sech(x/2)/2)",
        expand="sigmoid(x)*(1 + x*sigmoid(-x))",
        helper=True, doc="derivative of silu",
        note="an operation of its own, since 1 + x*sigmoid(-x) cancels around -1.2785. "
        "Its own slope is right to the last digits of the largest term only, not near its zeros",
    ),
    Row(
        "mish(x)", "mish_slope(x)", expand="x*tanh(softplus(x))",
        doc="x*tanh(softplus(x))", note="Misra, BMVC 2020",
    ),
    Row(
        "mish_slope(x)", "where(x > 0, 8*sigmoid(-x)/(1 + sigmoid(-x)^2)*sigmoid(x)"
        "*(1 + x*(sigmoid(-x)/2 - tanh(softplus(x))*sigmoid(x)))"
        "*(sigmoid(-x)/(1 + sigmoid(-x)^2)), "
        "4*(sigmoid(-x)/(1 + sigmoid(-x)^2))^2*sech(x/2)"
        "*(1 + x*(sigmoid(-x)/2 - tanh(softplus(x))*sigmoid(x)))*exp(x/2))",
        expand="tanh(softplus(x)) + x*sech(softplus(x))^2*sigmoid(x)",
        helper=True, doc="derivative of mish",
        note="an operation of its own, since its terms cancel around -1.1925. "
        "Its own slope is right to the last digits of the largest term only, not near its zeros",
    ),
    Row(
        "softsign(x)", "1/(1 + abs(x))^2", expand="x/(1 + abs(x))",
        in_floats=("1/(1 + abs(x))/(1 + abs(x))",),
        doc="x/(1 + abs(x))",
    ),
    Row(
        "hardtanh(x)", "1", taken=("not (x <= -1 or x >= 1)",),
        expand="min(max(x, -1), 1)",
        kinks=(
            Kink("x == -1", x=("0", "1", "0", "1", "", "0.5")),
            Kink("x == 1", x=("1", "0", "0", "1", "", "0.5")),
        ),
        doc="x kept within -1 and 1",
        note="the slope at -1 and at 1 is 0, as in PyTorch",
    ),
    Row(
        "hardswish(x)", "where(x >= 3, 1, (2*x + 3)/6)", taken=("not x <= -3",),
        aliases=("hard_swish",),
        expand="where(x <= -3, 0, where(x >= 3, x, x*(x + 3)/6))",
        kinks=(
            Kink("x == -3", x=("0", "-0.5", "0", "0", "0", "-0.25")),
            Kink("x == 3", x=("1.5", "1", "1", "1", "1", "1.25")),
        ),
        doc="x*relu6(x + 3)/6",
        note="Howard et al., arXiv:1905.02244; the slope at -3 is 0, and at 3 it is 1: the smaller",
    ),
    Row(
        "hardsigmoid(x)", "1/6", taken=("not (x <= -3 or x >= 3)",), aliases=("hard_sigmoid",),
        expand="where(x <= -3, 0, where(x >= 3, 1, (x + 3)/6))",
        kinks=(
            Kink("x == -3", x=("0", "1/6", "0", "0", "0", "1/12")),
            Kink("x == 3", x=("1/6", "0", "0", "0", "0", "1/12")),
        ),
        doc="relu6(x + 3)/6", note="as PyTorch's; the slope at -3 and at 3 is 0",
    ),
    Row(
        "softshrink(x)", "1", taken=("not abs(x) <= 0.5",),
        expand="where(abs(x) <= 0.5, 0, x - copysign(0.5, x))",
        kinks=(
            Kink("x == 0.5", x=("0", "1", "0", "", "0", "")),
            Kink("x == -0.5", x=("1", "0", "0", "", "0", "")),
        ),
        doc="x moved towards 0 by 0.5, and 0 within",
        note="PyTorch's with lambda 0.5; the slope at 0.5 and -0.5 is 0",
    ),
    Row(
        "hardshrink(x)", "1", taken=("not abs(x) <= 0.5",), expand="where(abs(x) <= 0.5, 0, x)",
        kinks=(
            Kink("x == 0.5", jump=True, x=("0", "1", "0", "", "0", "")),
            Kink("x == -0.5", jump=True, x=("1", "0", "0", "", "0", "")),
        ),
        doc="x, and 0 from -0.5 to 0.5",
        note="PyTorch's with lambda 0.5; the slope at 0.5 and -0.5 is 0",
    ),
    Row(
        "huber(x, delta=1)",
        "where(abs(x) <= delta, x, delta*sign(x))", "abs(x) - delta",
        taken=("", "not abs(x) <= delta"),
        expand="where(delta < 0, nan, where(abs(x) <= delta, 0.5*x*x, delta*(abs(x) - 0.5*delta)))",
        domain="delta >= 0",
        in_floats=(
            "where(delta < 0, nan, where(abs(x) <= delta, x, delta*sign(x)))",
            "where(delta < 0, nan, abs(x) - delta)",
        ),
        samples=("real", "positive"),
        doc="x^2/2 up to delta, linear beyond",
        note="Huber, Ann. Math. Statist. 35, 1964; smooth at abs(x) = delta",
    ),
    # Places in a program
    Row("name(x)", "1", helper=True, expand="x", doc="x, under a name of the user's"),
    Row("result(x)", "1", helper=True, expand="x", doc="x, as the value of a call"),
    # Flow of the gradient
    Row("sg(x)", "0", stops=True, aliases=("detach", "stop_gradient"), expand="x",
              doc="x, with the gradient stopped"),
)

TABLE = {row.name: row for row in ROWS}
WORDS = tuple(row for row in ROWS if not row.helper)
"""The operations that are words of the language."""
NAMES = {word: row for row in WORDS for word in (row.name, *row.aliases)}
CONSTANTS = {"pi": "pi", "π": "pi", "e": "e", "tau": "tau", "τ": "tau", "inf": "inf", "nan": "nan"}
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "lt": lt, "le": le, "gt": gt, "ge": ge, "eq": eq, "ne": ne,
}
"""Comparisons, of whatever Python compares."""
OPPOSITE = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt", "eq": "ne", "ne": "eq"}
DRAWS = ("normal", "uniform", "xavier", "he")
"""What values are drawn by: standard normal; from 0 to 1; and the usual weights of a layer."""


def without_helper(rule: Rule) -> Rule:
    """Return what a rule says that is nothing but a helper's name, as sinc_slope(x)."""
    helper = TABLE.get(rule.text.partition("(")[0])
    if helper is None or not helper.helper or rule.text != helper.signature:
        return rule
    return helper.expand or rule
