"""The table of operations: all there is to know of an operation is one row.

A new function is one row here; the parser, the passes, every arithmetic, the help and the
tests pick it up from the table. Rules are text in the tool's own language, so that they can be
printed, parsed and proved:

* ``partials``: the local partial derivative by each input. A rule may use the inputs by the
  names in the signature, ``out`` for the operation's own value, and every other operation. The
  rule "0" says that the operation is locally constant in that input: nothing flows there.
* In a row that takes any number of inputs ("max(x, y, ...)") the one rule is for the input at hand,
  ``x``, and ``args`` stands for all of them.
* ``textbook``: the same rules as books write them, for people, where ``partials`` have another
  form because floats need it.
* ``expand``: the value in terms of other operations, for an arithmetic with no word of its own.
* ``kinks``: where the one-sided slopes differ or the value jumps.
* ``domain``: where the value exists; outside of it the value is nan, and so is every partial.

Rules hold over the whole range of a double, tails and subnormals included, when evaluated in
floats: a rule that is right on paper (``1 - out^2`` for tanh) but cancels or overflows in
floats is a wrong rule.
"""

from __future__ import annotations


class Kink:
    """A place where an operation has no derivative: ``when`` it is met, and the slopes there.

    ``slopes`` maps an input's name to its (left, right) slopes, as rule text; ``jump`` is true
    where the value itself jumps.
    """

    __slots__ = ("jump", "slopes", "when")

    def __init__(self, when: str, *, jump: bool = False, **slopes: tuple[str, str]) -> None:
        self.when = when
        self.jump = jump
        self.slopes = slopes


class Operation:
    """One row of the table.

    ``samples`` names how tests draw each input: "real" (both signs, log-uniform over the whole
    range of a double, and the edges), "positive", "unit" (0 to 1), "open" (-1 to 1), "whole",
    "moderate" (-30 to 30), or "LOW:HIGH".
    """

    own = False
    """Whether a program defines the operation."""

    __slots__ = (
        "aliases",
        "defaults",
        "doc",
        "domain",
        "expand",
        "infix",
        "kinks",
        "name",
        "note",
        "parameters",
        "partials",
        "samples",
        "selects",
        "signature",
        "stops",
        "textbook",
        "variadic",
    )

    def __init__(  # noqa: PLR0913 (a row has this many cells)
        self,
        signature: str,
        *partials: str,
        doc: str,
        samples: tuple[str, ...] = (),
        expand: str | None = None,
        kinks: tuple[Kink, ...] = (),
        domain: str | None = None,
        aliases: tuple[str, ...] = (),
        infix: str | None = None,
        note: str = "",
        textbook: tuple[str, ...] = (),
        selects: bool = False,
        stops: bool = False,
    ) -> None:
        name, _, inside = signature[:-1].partition("(")
        cells = [cell.strip() for cell in inside.split(",")]
        self.signature = signature
        self.name = name
        self.variadic = cells[-1] == "..."
        self.defaults = {}
        self.parameters = []
        for cell in cells:
            if cell != "...":
                parameter, _, default = cell.partition("=")
                self.parameters.append(parameter)
                if default:
                    self.defaults[parameter] = default
        self.partials = partials
        self.doc = doc
        self.samples = samples or ("real",) * len(self.parameters)
        self.expand = expand
        self.kinks = kinks
        self.domain = domain
        self.aliases = aliases
        self.infix = infix
        self.note = note
        self.selects = selects
        self.textbook = textbook or partials
        self.stops = stops

    def partial(self, index: int) -> str:
        """Return the rule text of the partial derivative by input number ``index``."""
        return self.partials[0 if self.variadic else index]

    def book(self, index: int) -> str:
        """Return the partial derivative by input number ``index`` as books write it."""
        return self.textbook[0 if self.variadic else index]

    @property
    def shown(self) -> str:
        """The operation's name for people."""
        return self.name

    def arguments(self, count: int) -> int:
        """Return how many of its ``count`` inputs a call names."""
        return count

    def accepts(self, count: int) -> bool:
        """Say whether a call may have ``count`` inputs."""
        most = len(self.parameters)
        if self.variadic:
            return count >= most
        return most - len(self.defaults) <= count <= most


def _compared(name: str, infix: str, doc: str) -> Operation:
    """Return the row of a comparison: it is constant but for the jump at equality."""
    return Operation(
        f"{name}(x, y)", "0", "0", infix=infix, doc=doc,
        kinks=(Kink("x == y", jump=True, x=("0", "0"), y=("0", "0")),),
        note="jumps at equality; the slope is 0 there too, as in PyTorch and JAX",
    )


ROWS = (
    # Arithmetic
    Operation("add(x, y)", "1", "1", infix="+", doc="sum"),
    Operation("sub(x, y)", "1", "-1", infix="-", doc="difference"),
    Operation("mul(x, y)", "y", "x", infix="*", doc="product"),
    Operation(
        "div(x, y)",
        "1/y",
        "where(out != 0 and abs(out) < 1e-290, -x*(1/y*(1/y)), -out/y)",
        infix="/",
        textbook=("1/y", "-x/y^2"),
        doc="quotient",
        note="a quotient that underflows has lost its digits, so the slope by y goes round it; "
        "by zero it is IEEE-754's signed inf, or nan for 0/0",
    ),
    Operation("neg(x)", "-1", infix="-", doc="negation"),
    Operation(
        "pow(x, y)",
        "where(y >= 0.5 and y <= 4, y*x^(y - 1), "
        "where(x == 0, where(y == 0, 0, y*x^(y - 1)), "
        "where(abs(out) < 1e-290 and abs(y) > 4, "
        "abs(x)^(y/2)*y*(abs(x)^(y/2)/x)*where(x < 0, (-1)^y, 1), "
        "where(y > 4 and y <= 2^53 or abs(x) == inf, y*x^(y - 1), out*y/x))))",
        "where(x == 0 and y >= 0, 0, "
        "where(abs(out) > 1e-290 and abs(out) < inf, out*log(x), x^(y/2)*log(x)*x^(y/2)))",
        infix="^",
        aliases=("power",),
        samples=("real", "real"),
        textbook=("y*x^(y - 1)", "x^y*log(x)"),
        doc="x to the power y",
        domain="x >= 0 or y == floor(y)",
        note="each branch is y*x^(y - 1) or x^y*log(x), in the form that neither rounds y - 1 "
        "nor under- or overflows on its way. At x = 0 the slope by y is 0 for y >= 0; for x < 0 "
        "it is nan, since y has no neighbours there. x^0 is 1 and 0^negative is inf (C's pow)",
    ),
    # Comparison and logic: 1 for true, 0 for false
    _compared("lt", "<", "1 where x is less than y"),
    _compared("le", "<=", "1 where x is at most y"),
    _compared("gt", ">", "1 where x is greater than y"),
    _compared("ge", ">=", "1 where x is at least y"),
    _compared("eq", "==", "1 where x equals y"),
    _compared("ne", "!=", "1 where x differs from y"),
    Operation(
        "and(x, y)", "0", "0", infix="and", samples=("whole", "whole"),
        doc="1 where neither x nor y is 0",
        kinks=(
            Kink("x == 0 and y != 0", jump=True, x=("0", "0")),
            Kink("y == 0 and x != 0", jump=True, y=("0", "0")),
        ),
        note="anything but 0 is true, nan included, as in Python",
    ),
    Operation(
        "or(x, y)", "0", "0", infix="or", samples=("whole", "whole"),
        doc="1 where x or y is not 0",
        kinks=(
            Kink("x == 0 and y == 0", jump=True, x=("0", "0"), y=("0", "0")),
        ),
        note="anything but 0 is true, nan included, as in Python",
    ),
    Operation(
        "not(x)", "0", infix="not", samples=("whole",), doc="1 where x is 0",
        kinks=(Kink("x == 0", jump=True, x=("0", "0")),),
        note="anything but 0 is true, nan included, as in Python",
    ),
    # Choice
    Operation(
        "where(c, a, b)", "0", "where(c, 1, 0)", "where(c, 0, 1)", selects=True,
        samples=("whole", "real", "real"),
        doc="a where c is not 0, else b; only the branch taken is differentiated",
    ),
    Operation(
        "max(x, y, ...)", "where(x == out, 1/ties(out, args), 0)", selects=True,
        aliases=("maximum",),
        kinks=(Kink("x == out and ties(out, args) > 1", x=("0", "1")),),
        doc="the largest; inputs that tie share the slope evenly",
        note="PyTorch's amax and JAX share a tie evenly too; torch.max picks one of them. "
        "A nan among the inputs makes nan",
    ),
    Operation(
        "min(x, y, ...)", "where(x == out, 1/ties(out, args), 0)", selects=True,
        aliases=("minimum",),
        kinks=(Kink("x == out and ties(out, args) > 1", x=("1", "0")),),
        doc="the smallest; inputs that tie share the slope evenly",
        note="PyTorch's amin and JAX share a tie evenly too; torch.min picks one of them. "
        "A nan among the inputs makes nan",
    ),
    Operation("ties(v, x, ...)", "0", doc="how many of the inputs after v equal v"),
    Operation(
        "clip(x, lo, hi)",
        "where(x < lo or x > hi or lo > hi, 0, 1)",
        "where(x < lo and lo <= hi, 1, 0)",
        "where(x > hi or lo > hi, 1, 0)",
        selects=True,
        aliases=("clamp",),
        expand="min(max(x, lo), hi)",
        kinks=(
            Kink("x == lo and lo < hi", x=("0", "1"), lo=("0", "1"), hi=("0", "0")),
            Kink("x == hi and lo < hi", x=("1", "0"), lo=("0", "0"), hi=("1", "0")),
            Kink("lo == hi", x=("0", "0"), lo=("where(x <= hi, 1, 0)", "0"),
                 hi=("1", "where(x >= lo, 1, 0)")),
        ),
        textbook=("where(lo <= x and x <= hi, 1, 0)", "where(x < lo, 1, 0)", "where(x > hi, 1, 0)"),
        doc="x kept within lo and hi",
        note="at a bound the slope by x is 1, as PyTorch's clamp; the result is hi if lo > hi",
    ),
    # Trigonometry
    Operation("sin(x)", "cos(x)", doc="sine"),
    Operation("cos(x)", "-sin(x)", doc="cosine"),
    Operation("tan(x)", "1 + out*out", textbook=("1 + tan(x)^2",), doc="tangent"),
    Operation(
        "asin(x)", "1/sqrt((1 - x)*(1 + x))", aliases=("arcsin",), samples=("open",),
        domain="abs(x) <= 1", textbook=("1/sqrt(1 - x^2)",), doc="arc sine",
        note="(1 - x)*(1 + x) keeps the digits that 1 - x^2 loses near 1 and -1",
    ),
    Operation(
        "acos(x)", "-1/sqrt((1 - x)*(1 + x))", aliases=("arccos",), samples=("open",),
        domain="abs(x) <= 1", textbook=("-1/sqrt(1 - x^2)",), doc="arc cosine",
        note="(1 - x)*(1 + x) keeps the digits that 1 - x^2 loses near 1 and -1",
    ),
    Operation("atan(x)", "inversion(1, x)", aliases=("arctan",), textbook=("1/(1 + x^2)",),
              doc="arc tangent",
              note="the slope is 1/(1 + x^2), with no overflow in x^2"),
    Operation(
        "atan2(y, x)", "inversion(x, y)", "-inversion(y, x)", aliases=("arctan2",),
        kinks=(
            Kink("y == 0 and x < 0", jump=True, y=("1/x", "1/x"), x=("0", "0")),
            Kink("y == 0 and x == 0", jump=True, y=("0", "0"), x=("0", "0")),
        ),
        textbook=("x/(x^2 + y^2)", "-y/(x^2 + y^2)"),
        doc="angle of the point (x, y), from -pi to pi",
        note="the slopes are x/(x^2 + y^2) and -y/(x^2 + y^2); at the origin, where the angle "
        "has none, they are nan as in JAX",
    ),
    Operation(
        "inversion(x, y)",
        "where(hypot(x, y) > 1e200, 0, "
        "(y - x)/hypot(x, y)*((y + x)/hypot(x, y))/hypot(x, y)/hypot(x, y))",
        "where(hypot(x, y) < 1e-150, "
        "-2*(x/hypot(x, y))*(y/hypot(x, y))/hypot(x, y)/hypot(x, y), "
        "where(abs(out) < 1e-290 and abs(x) < 1 and abs(y) < 1, "
        "-2*x*(inversion(y, x)*inversion(y, x)/y), -2*out*inversion(y, x)))",
        expand="x/(x^2 + y^2)",
        domain="x != 0 or y != 0",
        doc="x/(x^2 + y^2), the first coordinate of (x, y) inverted in the unit circle",
        note="the slope of atan2, in a form that neither under- nor overflows: the word scales "
        "by a power of 2",
    ),
    # Hyperbolic functions
    Operation("sinh(x)", "cosh(x)", doc="hyperbolic sine"),
    Operation("cosh(x)", "sinh(x)", doc="hyperbolic cosine"),
    Operation("tanh(x)", "sech(x)*sech(x)", textbook=("1 - out^2",), doc="hyperbolic tangent",
              note="1 - tanh(x)^2 is 0 from x = 20 on; sech(x)*sech(x) is right to the last subnormal"),
    Operation("sech(x)", "-out*tanh(x)", expand="1/cosh(x)", doc="hyperbolic secant, 1/cosh(x)"),
    Operation("asinh(x)", "1/hypot(1, x)", aliases=("arcsinh",),
              textbook=("1/sqrt(1 + x^2)",), doc="inverse hyperbolic sine"),
    Operation(
        "acosh(x)", "1/(sqrt(x - 1)*sqrt(x + 1))", aliases=("arccosh",), samples=("positive",),
        domain="x >= 1", textbook=("1/sqrt(x^2 - 1)",), doc="inverse hyperbolic cosine",
        note="two roots, since x^2 - 1 overflows",
    ),
    Operation(
        "atanh(x)", "where(abs(x) > 1, nan, 1/((1 - x)*(1 + x)))", aliases=("arctanh",),
        samples=("open",), domain="abs(x) <= 1", textbook=("1/(1 - x^2)",),
        doc="inverse hyperbolic tangent",
    ),
    # Exponentials and logarithms
    Operation("exp(x)", "out", doc="e to the power x"),
    Operation(
        "exp2(x)", "where(out < inf, out*log(2), exp2(x/2)*log(2)*exp2(x/2))",
        textbook=("2^x*log(2)",),
        doc="2 to the power x",
    ),
    Operation("expm1(x)", "exp(x)", doc="exp(x) - 1, exact near 0",
              note="not out + 1, which loses the tail of exp(x) below -37"),
    Operation(
        "log(x)", "where(x < 0, nan, 1/abs(x))", aliases=("ln",), samples=("positive",),
        domain="x >= 0", textbook=("1/x",), doc="natural logarithm",
        note="at 0 the value is -inf and the slope inf, whatever the sign of the zero",
    ),
    Operation(
        "log1p(x)", "where(x < -1, nan, 1/(1 + x))", domain="x >= -1",
        textbook=("1/(1 + x)",),
        doc="log(1 + x), exact near 0",
    ),
    Operation(
        "log2(x)", "where(x < 0, nan, 1/log(2)/abs(x))", samples=("positive",),
        domain="x >= 0", textbook=("1/(x*log(2))",), doc="logarithm to base 2",
    ),
    Operation(
        "log10(x)", "where(x < 0, nan, 1/log(10)/abs(x))", samples=("positive",),
        domain="x >= 0", textbook=("1/(x*log(10))",), doc="logarithm to base 10",
    ),
    Operation(
        "logaddexp(x, y)", "softmax2(x, y)", "softmax2(y, x)",
        expand="max(x, y) + log1p(exp(-abs(x - y)))",
        textbook=("exp(x - out)", "exp(y - out)"),
        doc="log(exp(x) + exp(y))",
    ),
    Operation(
        "softmax2(x, y)", "out*softmax2(y, x)", "-out*softmax2(y, x)",
        expand="sigmoid(x - y)",
        doc="exp(x)/(exp(x) + exp(y)), the share of x in a softmax of two",
        note="the word carries the rounding error of x - y, which sigmoid(x - y) would amplify",
    ),
    # Roots, parts and distances
    Operation(
        "sqrt(x)", "0.5/out", samples=("positive",), domain="x >= 0", textbook=("1/(2*out)",),
        doc="square root",
        kinks=(Kink("x == 0", x=("nan", "inf")),),
        note="the slope at 0 is inf, as in PyTorch and JAX",
    ),
    Operation("cbrt(x)", "1/(3*out*out)", textbook=("1/(3*out^2)",), doc="cube root",
              kinks=(Kink("x == 0", x=("inf", "inf")),), note="the slope at 0 is inf"),
    Operation(
        "abs(x)", "sign(x)", aliases=("fabs",), kinks=(Kink("x == 0", x=("-1", "1")),),
        doc="absolute value", note="the slope at 0 is 0, as in PyTorch (JAX takes 1)",
    ),
    Operation(
        "sign(x)", "0", aliases=("sgn",), kinks=(Kink("x == 0", jump=True, x=("0", "0")),),
        doc="-1, 0 or 1, as x is negative, zero or positive",
    ),
    Operation(
        "floor(x)", "0", kinks=(Kink("x == out", jump=True, x=("0", "0")),),
        doc="largest whole number that is at most x",
    ),
    Operation(
        "ceil(x)", "0", kinks=(Kink("x == out", jump=True, x=("0", "0")),),
        doc="smallest whole number that is at least x",
    ),
    Operation(
        "round(x)", "0", kinks=(Kink("abs(x - out) == 0.5", jump=True, x=("0", "0")),),
        doc="nearest whole number, half-way cases to the even one",
    ),
    Operation(
        "mod(x, y)", "where(y == 0, nan, 1)", "round(out/y - x/y)",
        kinks=(Kink("out == 0", jump=True, x=("1", "1"), y=("-x/y", "-x/y")),),
        domain="y != 0",
        doc="remainder x - y*floor(x/y), with the sign of y",
        note="the slope by y is -floor(x/y); rounding (out - x)/y finds the floor even where "
        "x/y rounds up to a whole number",
    ),
    Operation(
        "hypot(x, y)",
        "where(out > 1e-290 and out < inf, x/out, sin(atan2(x, abs(y))))",
        "where(out > 1e-290 and out < inf, y/out, sin(atan2(y, abs(x))))",
        kinks=(Kink("x == 0 and y == 0", x=("-1", "1"), y=("-1", "1")),),
        textbook=("x/out", "y/out"),
        doc="distance sqrt(x^2 + y^2)",
        note="the slopes at the origin are 0, the mean of the one-sided ones, as PyTorch's norm; "
        "where the distance itself under- or overflows they come from the angle",
    ),
    # Error function and gamma functions
    Operation("erf(x)", "2/sqrt(pi)*gaussian(x)^2", textbook=("2/sqrt(pi)*exp(-x^2)",),
              doc="error function"),
    Operation("erfc(x)", "-2/sqrt(pi)*gaussian(x)^2",
              textbook=("-2/sqrt(pi)*exp(-x^2)",),
              doc="complementary error function 1 - erf(x)"),
    Operation(
        "gaussian(x)",
        "where(out > 1e-300, -x*out, -x*gaussian(x/2)^2*gaussian(x/2)^2)",
        expand="exp(-x^2/2)",
        doc="exp(-x^2/2), the normal density without its factor 1/sqrt(2 pi)",
        note="exp(-x^2/2) itself is 100 ulp off at x = 20, since x^2 rounds: the word splits x "
        "(Cody, Math. Comp. 23, 1969)",
    ),
    Operation(
        "gamma(x)",
        "where(abs(out) > 1e-290, out*digamma(x), "
        "gamma(x/2)*digamma(x)*gamma(x/2 + 0.5)*2^x/(2*sqrt(pi)))",
        domain="x >= 0 or x != floor(x)",
        textbook=("out*digamma(x)",),
        doc="gamma function",
        note="inf at 0 (signed) and nan at the other poles, as C's tgamma; where the value "
        "underflows the slope uses the duplication formula (DLMF 5.5.5)",
    ),
    Operation("lgamma(x)", "digamma(x)", doc="logarithm of the absolute value of gamma",
              aliases=("gammaln",),
              note="inf at the poles 0, -1, -2, ..., where the slope is nan"),
    Operation("digamma(x)", "trigamma(x)", aliases=("psi",), domain="x >= 0 or x != floor(x)",
              doc="logarithmic derivative of gamma",
              note="-inf at 0 (signed) and nan at the other poles"),
    Operation("trigamma(x)", "polygamma(2, x)", domain="x >= 0 or x != floor(x)",
              doc="derivative of digamma", note="inf at 0 and nan at the other poles"),
    Operation(
        "polygamma(n, x)", "0", "polygamma(n + 1, x)", samples=("0:6", "real"),
        domain="n >= 0 and n <= 100 and n == floor(n) and (x >= 0 or x != floor(x))",
        doc="derivative number n of digamma; n is a whole number up to 100",
        note="n has no neighbours, so nothing flows to it",
    ),
    # Activations
    Operation(
        "sigmoid(x)", "sigmoid(x)*sigmoid(-x)", aliases=("expit", "logistic"),
        expand="1/(1 + exp(-x))",
        textbook=("out*(1 - out)",),
        doc="logistic function 1/(1 + exp(-x))",
        note="not out*(1 - out), which is 0 from x = 37 on",
    ),
    Operation(
        "logit(x)", "where(x < 0 or x > 1, nan, 1/(abs(x)*(1 - x)))", samples=("unit",),
        domain="x >= 0 and x <= 1", expand="log(x/(1 - x))",
        textbook=("1/(x*(1 - x))",),
        doc="log(x/(1 - x)), the inverse of sigmoid",
    ),
    Operation("softplus(x)", "sigmoid(x)", expand="max(x, 0) + log1p(exp(-abs(x)))",
              doc="log(1 + exp(x))"),
    Operation("logsigmoid(x)", "sigmoid(-x)", expand="min(x, 0) - log1p(exp(-abs(x)))",
              doc="log(sigmoid(x))"),
    Operation(
        "relu(x)", "where(x <= 0, 0, 1)", selects=True, expand="where(x <= 0, 0, x)",
        kinks=(Kink("x == 0", x=("0", "1")),), textbook=("where(x > 0, 1, 0)",), doc="x where positive, else 0",
        note="the slope at 0 is the left one, 0, as in PyTorch and JAX",
    ),
    Operation(
        "relu6(x)", "where(x <= 0 or x >= 6, 0, 1)", selects=True, expand="min(max(x, 0), 6)",
        kinks=(Kink("x == 0", x=("0", "1")), Kink("x == 6", x=("1", "0"))),
        doc="x kept within 0 and 6", note="the slope at 0 and at 6 is 0, as in PyTorch",
    ),
    Operation(
        "leaky_relu(x, slope=0.01)", "where(x > 0, 1, slope)", "where(x > 0, 0, x)",
        expand="where(x > 0, x, slope*x)", kinks=(Kink("x == 0", x=("slope", "1")),),
        doc="x where positive, else slope*x",
        note="the slope at 0 is the left one, as in PyTorch",
    ),
    Operation(
        "elu(x, alpha=1)",
        "where(x > 0, 1, where(x < -700, alpha*exp(x/2)*exp(x/2), alpha*exp(x)))",
        "where(x > 0, 0, expm1(x))",
        expand="where(x > 0, x, alpha*expm1(x))",
        kinks=(Kink("x == 0 and alpha != 1", x=("alpha", "1")),),
        doc="x where positive, else alpha*(exp(x) - 1)",
        note="the slope at 0 is the left one, alpha, as in PyTorch",
    ),
    Operation(
        "selu(x)", "where(x > 0, 1.0507009873554805, 1.7580993408473768*exp(x))",
        expand="where(x > 0, 1.0507009873554805*x, 1.7580993408473768*expm1(x))",
        kinks=(Kink("x == 0", x=("1.7580993408473768", "1.0507009873554805")),),
        doc="scaled elu of a self-normalizing network",
        note="constants of Klambauer et al., NeurIPS 2017; the slope at 0 is the left one, as in "
        "PyTorch",
    ),
    Operation(
        "gelu(x)", "gelu_slope(x)", expand="0.5*x*erfc(-x/sqrt(2))",
        textbook=("(1 + erf(x/sqrt(2)))/2 + x*exp(-x^2/2)/sqrt(2*pi)",),
        doc="x times the normal distribution function (exact, by erf)",
        note="Hendrycks and Gimpel, arXiv:1606.08415",
    ),
    Operation(
        "gelu_slope(x)",
        "where(abs(x) < 37, gaussian(x)*(2 - x*x)/sqrt(tau), where(abs(x) > 1e100, 0, "
        "gaussian(x/2)^2*(2 - x*x)*gaussian(x/2)^2/sqrt(tau)))",
        expand="0.5*erfc(-x/sqrt(2)) + x*gaussian(x)/sqrt(tau)",
        doc="derivative of gelu",
        note="an operation of its own, since the sum of its two terms cancels around -0.7518. "
        "Its own slope is right to the last digits of the largest term only, not near its zeros",
    ),
    Operation(
        "gelu_tanh(x)", "gelu_tanh_slope(x)",
        expand="0.5*x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3)))",
        doc="gelu by the approximation in tanh",
        note="Hendrycks and Gimpel, arXiv:1606.08415",
    ),
    Operation(
        "gelu_tanh_slope(x)",
        "where(abs(x) > 1e50, 0, sech(sqrt(2/pi)*(x + 0.044715*x^3))/2"
        "*(4*sqrt(2/pi)*(1 + 0.26829*x^2) - 8/pi*x*(1 + 0.134145*x^2)^2"
        "*tanh(sqrt(2/pi)*(x + 0.044715*x^3)))"
        "*(sech(sqrt(2/pi)*(x + 0.044715*x^3))/2))",
        expand="sigmoid(2*sqrt(2/pi)*(x + 0.044715*x^3))*(1 + 2*sqrt(2/pi)*(x + 0.134145*x^3)"
        "*sigmoid(-2*sqrt(2/pi)*(x + 0.044715*x^3)))",
        doc="derivative of gelu_tanh",
        note="an operation of its own, since its terms cancel around -0.7524. "
        "Its own slope is right to the last digits of the largest term only, not near its zeros",
    ),
    Operation(
        "silu(x)", "silu_slope(x)", aliases=("swish",), expand="x*sigmoid(x)",
        textbook=("sigmoid(x)*(1 + x*(1 - sigmoid(x)))",),
        doc="x times the sigmoid of x", note="Elfwing et al., Neural Networks 107, 2018",
    ),
    Operation(
        "silu_slope(x)", "sech(x/2)/2*(2 - x*tanh(x/2))*(sech(x/2)/2)",
        expand="sigmoid(x)*(1 + x*sigmoid(-x))",
        doc="derivative of silu",
        note="an operation of its own, since 1 + x*sigmoid(-x) cancels around -1.2785. "
        "Its own slope is right to the last digits of the largest term only, not near its zeros",
    ),
    Operation(
        "mish(x)", "mish_slope(x)", expand="x*tanh(softplus(x))",
        doc="x*tanh(softplus(x))", note="Misra, BMVC 2020",
    ),
    Operation(
        "mish_slope(x)", "where(x > 0, 8*sigmoid(-x)/(1 + sigmoid(-x)^2)*sigmoid(x)"
        "*(1 + x*(sigmoid(-x)/2 - tanh(softplus(x))*sigmoid(x)))"
        "*(sigmoid(-x)/(1 + sigmoid(-x)^2)), "
        "4*(sigmoid(-x)/(1 + sigmoid(-x)^2))^2*sech(x/2)"
        "*(1 + x*(sigmoid(-x)/2 - tanh(softplus(x))*sigmoid(x)))*exp(x/2))",
        expand="tanh(softplus(x)) + x*sech(softplus(x))^2*sigmoid(x)",
        doc="derivative of mish",
        note="an operation of its own, since its terms cancel around -1.1925. "
        "Its own slope is right to the last digits of the largest term only, not near its zeros",
    ),
    Operation(
        "softsign(x)", "1/(1 + abs(x))/(1 + abs(x))", expand="x/(1 + abs(x))",
        textbook=("1/(1 + abs(x))^2",),
        doc="x/(1 + abs(x))",
    ),
    Operation(
        "hardtanh(x)", "where(x <= -1 or x >= 1, 0, 1)", selects=True,
        expand="min(max(x, -1), 1)",
        kinks=(Kink("x == -1", x=("0", "1")), Kink("x == 1", x=("1", "0"))),
        doc="x kept within -1 and 1",
        note="the slope at -1 and at 1 is 0, as in PyTorch (clip takes 1)",
    ),
    Operation(
        "huber(x, delta=1)",
        "where(abs(x) <= delta, x, delta*sign(x))",
        "where(abs(x) <= delta, 0, abs(x) - delta)",
        expand="where(abs(x) <= delta, 0.5*x*x, delta*(abs(x) - 0.5*delta))",
        samples=("real", "positive"),
        doc="x^2/2 up to delta, linear beyond",
        note="Huber, Ann. Math. Statist. 35, 1964; smooth at abs(x) = delta",
    ),
    # Flow of the gradient
    Operation("sg(x)", "0", stops=True, aliases=("detach", "stop_gradient"), expand="x",
              doc="x, with the gradient stopped"),
)

TABLE = {row.name: row for row in ROWS}
NAMES = {**TABLE, **{alias: row for row in ROWS for alias in row.aliases}}
CONSTANTS = {"pi": "pi", "π": "pi", "e": "e", "tau": "tau", "τ": "tau", "inf": "inf", "nan": "nan"}
