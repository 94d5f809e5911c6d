"""The mends: what loses digits in floats, or overflows, and what does not; in the tool's language.

"left -> right if condition at sample": both sides are equal wherever the left has a value and the
condition holds, and at the sample the right is better in floats. A test proves the first and
measures the second, row by row. Names stand for anything; they are matched up to the order of terms
and factors, and a pattern may be part of a sum or product.
"""

from __future__ import annotations

MENDS = (
    # Choices: what is multiplied by 0 is chosen instead
    "where(c, 1, 0)*x -> where(c, x, 0) at c=0, x=log(c)",
    "where(c, 0, 1)*x -> where(c, 0, x) at c=1, x=log(c - 1)",
    "(x > y)*z -> where(x > y, z, 0) at x=0, y=1, z=log(x)",
    "(x >= y)*z -> where(x >= y, z, 0) at x=0, y=1, z=log(x)",
    "(x < y)*z -> where(x < y, z, 0) at x=1, y=0, z=log(y)",
    "(x <= y)*z -> where(x <= y, z, 0) at x=1, y=0, z=log(y)",
    "(x == y)*z -> where(x == y, z, 0) at x=1, y=0, z=log(y)",
    "(x != y)*z -> where(x != y, z, 0) at x=0, y=0, z=log(x)",
    # Logarithms of exponentials
    "log(exp(x)/(exp(x) + exp(y))) -> logsigmoid(x - y) at x=-1000, y=0",
    "log(exp(x)/(exp(x) + exp(y) + exp(z))) -> x - logsumexp(x, y, z) at x=-1000, y=0, z=1",
    "log(1 + exp(x)) -> softplus(x) at x=1000",
    "log1p(exp(x)) -> softplus(x) at x=1000",
    "log(sigmoid(x)) -> logsigmoid(x) at x=-1000",
    "log(1 - sigmoid(x)) -> logsigmoid(-x) at x=50",
    "log(1/(1 + exp(x))) -> logsigmoid(-x) at x=1000",
    "log(exp(x) + exp(y)) -> logaddexp(x, y) at x=1000, y=999",
    "log(exp(x) + exp(y) + exp(z)) -> logsumexp(x, y, z) at x=1000, y=999, z=998",
    "log(exp(x) + exp(y) + exp(z) + exp(t)) -> logsumexp(x, y, z, t) at x=800, y=9, z=8, t=7",
    "log(exp(x) - 1) -> x + log1mexp(-x) at x=800",
    "log(1 - exp(x)) -> log1mexp(x) at x=-1e-20",
    "log1p(-exp(x)) -> log1mexp(x) at x=-1e-20",
    "log(-expm1(x)) -> log1mexp(x) at x=-50",
    "log(cosh(x)) -> logcosh(x) at x=800",
    "log(exp(x)) -> x at x=1000",
    "log(exp(x)*y) -> x + log(y) at x=1000, y=2",
    # Exponentials
    "exp(x) + exp(-x) - 2 -> 4*sinh(x/2)^2 at x=1e-9",
    "exp(x) - exp(-x) -> 2*sinh(x) at x=1e-20",
    "(exp(x) - exp(-x))/(exp(x) + exp(-x)) -> tanh(x) at x=800",
    "(exp(x) - 1)/(exp(x) + 1) -> tanh(x/2) at x=800",
    "(exp(2*x) - 1)/(exp(x) - 1) -> exp(x) + 1 at x=1e-20",
    "exp(x) - 1 -> expm1(x) at x=1e-20",
    "exp(x) - exp(y) -> exp(y)*expm1(x - y) at x=1 + 1e-10, y=1",
    "2/(1 + exp(x)) - 1 -> -tanh(x/2) at x=1e-20",
    "1/(1 + exp(-x)) -> sigmoid(x) at x=-1000",
    "exp(x)/(1 + exp(x)) -> sigmoid(x) at x=1000",
    "exp(x)/(exp(x) - 1) -> -1/expm1(-x) at x=1000",
    "1 - sigmoid(x) -> sigmoid(-x) at x=50",
    "1 - tanh(x) -> 2*sigmoid(-2*x) at x=30",
    "1 - tanh(x)^2 -> sech(x)^2 at x=30",
    "1/cosh(x) -> sech(x) at x=800",
    "exp(x)/exp(y) -> exp(x - y) at x=1000, y=999",
    "exp(x)*exp(y) -> exp(x + y) at x=1000, y=-999",
    "exp(x)*y -> exp(x + log(y)) if y > 0 at x=1000, y=1e-300",
    "exp(x)^y -> exp(x*y) at x=1000, y=0.5",
    # Softmax
    "exp(x)/(exp(x) + exp(y)) -> sigmoid(x - y) at x=1000, y=999",
    "exp(x)/(exp(x) + exp(y) + exp(z)) -> exp(x - logsumexp(x, y, z)) at x=1000, y=999, z=998",
    "exp(x)/(exp(x) + exp(y) + exp(z) + exp(t)) -> exp(x - logsumexp(x, y, z, t)) at x=800, y=790, z=8, t=7",
    # Logarithms
    "log(1 + x) -> log1p(x) at x=1e-20",
    "log(x + y) - log(x) -> log1p(y/x) if x > 0 at x=1e20, y=1",
    "log((1 + x)/(1 - x)) -> 2*atanh(x) at x=1e-20",
    "log(x/y) -> log(x) - log(y) if x > 0 and y > 0 at x=1e200, y=1e-200",
    "log(x^2) -> 2*log(abs(x)) at x=1e-200",
    "log(x*y) -> log(x) + log(y) if x > 0 and y > 0 at x=1e-200, y=1e-200",
    "log(x^y) -> y*log(x) if x > 0 at x=10, y=1000",
    "log(x + sqrt(x^2 + 1)) -> asinh(x) at x=-1e10",
    "log(x + sqrt(x^2 - 1)) -> acosh(x) if x >= 1 at x=1e200",
    "log(x)/log(y) - 1 -> log1p((x - y)/y)/log(y) if x > 0 and y > 0 at x=3 + 1e-12, y=3",
    "x*log(y) -> xlogy(x, y) at x=0, y=0",
    "x*log1p(y) -> xlog1py(x, y) at x=0, y=-1",
    "(x + y)*log(x + y) - x*log(x) -> xlog1py(x, y/x) + xlogy(y, x + y) if x > 0 and x + y > 0 at x=1e12, y=1",
    # Roots
    "sqrt(x^2 + y^2) -> hypot(x, y) at x=3e200, y=4e200",
    "sqrt(x^2 + y^2 + z^2) -> hypot(hypot(x, y), z) at x=1e200, y=1e200, z=1e200",
    "sqrt(x^2 + y) -> hypot(x, sqrt(y)) if y >= 0 at x=1e200, y=2",
    "sqrt(x^2) -> abs(x) at x=1e-200",
    "sqrt(x^2 - y^2) -> sqrt(abs(x - y))*sqrt(abs(x + y)) at x=1e200, y=5e199",
    "(sqrt(x^2 - 4*y*z) - x)/(2*y) -> -2*z/(x + sqrt(x^2 - 4*y*z)) if x > 0 at x=1e8, y=2, z=3",
    "sqrt(x + y) - sqrt(x) -> y/(sqrt(x + y) + sqrt(x)) if x > 0 or x + y > 0 at x=1e12, y=1",
    "sqrt(x^2 + y) - x -> y/(sqrt(x^2 + y) + x) if x > 0 at x=1e8, y=1",
    "sqrt(x) - y -> (x - y^2)/(sqrt(x) + y) if y > 0 at x=4 + 4e-10, y=2",
    "1/sqrt(x) - 1/sqrt(x + y) -> y/(sqrt(x)*sqrt(x + y)*(sqrt(x) + sqrt(x + y))) at x=1e12, y=1",
    "cbrt(x + y) - cbrt(x) -> y/(cbrt(x + y)^2 + cbrt(x + y)*cbrt(x) + cbrt(x)^2) if y != 0 at x=1e15, y=1",
    "(x + y)^t - x^t -> x^t*expm1(t*log1p(y/x)) if x > 0 and x + y > 0 at x=1e15, y=1, t=1/3",
    # Sines and cosines
    "(1 - cos(x))/x^2 -> sinc(x/2)^2/2 at x=1e-9",
    "(1 - cos(x))/sin(x) -> tan(x/2) at x=1e-9",
    "1 - cos(x) -> 2*sin(x/2)^2 at x=1e-9",
    "sin(x)/(1 + cos(x)) -> tan(x/2) at x=3.141592653",
    "1 - cos(x)^2 -> sin(x)^2 at x=1e-9",
    "1 - sin(x)^2 -> cos(x)^2 at x=1.5707963",
    "cos(x)^2 - sin(x)^2 -> cos(2*x) at x=0.78539816",
    "1 - sin(x) -> cos(x)^2/(1 + sin(x)) if 1 + sin(x) > 0 at x=1.5707963",
    "1 + cos(x) -> 2*cos(x/2)^2 at x=3.141592653",
    "sin(x + y) - sin(x) -> 2*cos(x + y/2)*sin(y/2) at x=1, y=1e-15",
    "cos(x + y) - cos(x) -> -2*sin(x + y/2)*sin(y/2) at x=1, y=1e-15",
    "tan(x + y) - tan(x) -> sin(y)/(cos(x)*cos(x + y)) at x=1, y=1e-15",
    "atan(x + y) - atan(x) -> atan2(y, 1 + x*(x + y)) at x=1e10, y=1",
    "acos(1 - x) -> 2*asin(sqrt(x/2)) at x=1e-20",
    "asin(x) - pi/2 -> -acos(x) at x=0.999999999999",
    "pi/2 - atan(x) -> atan2(1, x) at x=1e20",
    "sin(x)/x -> sinc(x) at x=0",
    "cosh(x) - 1 -> 2*sinh(x/2)^2 at x=1e-9",
    "cosh(x) - sinh(x) -> exp(-x) at x=20",
    # Fractions, squares and products
    "x^2 - y^2 -> (x - y)*(x + y) at x=1 + 1e-9, y=1",
    "(x + y)^2 - x^2 -> y*(2*x + y) at x=1, y=1e-20",
    "1/(x + y) - 1/x -> -y/(x*(x + y)) at x=1e10, y=1",
    "1/(x + y) - 1/(x - y) -> -2*y/((x + y)*(x - y)) at x=1e10, y=1",
    "1/(x + y) - 2/x + 1/(x - y) -> 2*y^2/(x*(x + y)*(x - y)) at x=1e8, y=1",
    "(x + y)/x - 1 -> y/x at x=1, y=1e-20",
    "x/y - 1 -> (x - y)/y at x=3 + 7e-13, y=3",
    "x/(x + y) - 1 -> -y/(x + y) at x=1, y=1e-20",
    "x^2/y^2 -> (x/y)^2 at x=1e200, y=1e200",
    "x*y/z -> x*(y/z) at x=1e200, y=1e200, z=1e200",
    "x/(y*z) -> x/y/z at x=1e300, y=1e200, z=1e200",
    "x^t/y^t -> (x/y)^t if x > 0 and y > 0 at x=1e200, y=1e199, t=3",
    # The error function, the gamma function
    "1 - erf(x) -> erfc(x) at x=7",
    "1 - erfc(x) -> erf(x) at x=1e-20",
    "1 - ndtr(x) -> ndtr(-x) at x=9",
    "1 + erf(x) -> erfc(-x) at x=-7",
    "log(ndtr(x)) -> log_ndtr(x) at x=-50",
    "exp(x^2)*erfc(x) -> erfcx(x) at x=30",
    "log(gamma(x)) -> lgamma(x) if x > 0 at x=300",
    "gamma(x)/gamma(y) -> exp(lgamma(x) - lgamma(y)) if x > 0 and y > 0 at x=300, y=299",
    "gamma(x + 1)/gamma(x) -> x at x=200",
    "gamma(x)*gamma(y)/gamma(x + y) -> beta(x, y) if x > 0 and y > 0 at x=200, y=3",
    "gamma(x + y)/(gamma(x)*gamma(y)) -> 1/beta(x, y) if x > 0 and y > 0 at x=200, y=3",
    "lgamma(x) + lgamma(y) - lgamma(x + y) -> lbeta(x, y) if x > 0 and y > 0 at x=1e20, y=2",
    "log(beta(x, y)) -> lbeta(x, y) if x > 0 and y > 0 at x=2000, y=2000",
)

AXES = ("", ", axis=0", ", axis=1", ", axis=-1", ", axis=0, keepdims=True", ", axis=1, keepdims=True", ", axis=-1, keepdims=True")
OF_ARRAYS = (
    "log(softmax(x)) -> log_softmax(x) at x=[1000, 0, 1]",
    "log(softmax(x, axis=0)) -> log_softmax(x, axis=0) at x=[1000, 0, 1]",
    "log(exp(x)/sum(exp(x))) -> log_softmax(x) at x=[1000, 0, 1]",
    "exp(x)/sum(exp(x)) -> softmax(x) at x=[1000, 0, 1]",
    *[
        f"{one.replace('#', axis)} at x=[[1000, 0, 1], [2, 900, 3], [4, 5, 800]]"
        for one in (
            "log(exp(x)/sum(exp(x)#)) -> x - logsumexp(x#)",
            "exp(x)/sum(exp(x)#) -> exp(x - logsumexp(x#))",
            "log(sum(exp(x)#)) -> logsumexp(x#)",
        )
        for axis in AXES
    ],
    "sqrt(sum(x^2)) -> norm(x) at x=[3e200, 4e200]",
    "mean(x^2) - mean(x)^2 -> var(x) at x=[1000000, 1000001, 1000002]",
    "log(prod(x)) -> sum(log(x)) if x > 0 at x=[1e-200, 1e-200, 3]",
    "log(det(x)) -> logdet(x) at x=[[1e200, 0], [0, 1e200]]",
)
"""Those of arrays, for programs that have some; the value keeps its shape, or they do not apply."""
