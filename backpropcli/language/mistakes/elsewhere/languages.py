"""A table of the words of other languages and libraries, and what they are called here."""

from __future__ import annotations

CHOICE = "for a choice write where(condition, a, b)"
IMPORTS = {"import", "include", "from", "require", "load", "source"}
LIBRARIES = {
    *("math", "Math", "cmath", "np", "numpy", "torch", "nn", "F", "jnp", "jax", "lax", "tf"),
    *("keras", "sympy", "sp", "scipy", "special", "stats", "cupy", "cp", "K", "mpmath", "mp"),
    *("std", "Mathf", "tensorflow", "functional"),
}
FOREIGN_WORDS = {
    **dict.fromkeys(("if", "else", "then", "elif", "when", "case", "switch"), CHOICE),
    **dict.fromkeys(("for", "while", "in", "do"), "there are no loops: write the terms out"),
    **dict.fromkeys(
        ("lambda", "return", "function", "import", "from", "print"),
        "write the formula alone, as in x^2 + 1",
    ),
    **dict.fromkeys(("let", "var", "const", "double", "float"), "leave this word out"),
    "is": "to compare write ==",
    "lim": "write the expression alone, and give its variable that value",
    "otherwise": CHOICE,
    "choose": "n choose k is gamma(n + 1)/(gamma(k + 1)*gamma(n - k + 1))",
    "xor": "write (a != 0) != (b != 0)",
    "div": "write floor(a/b)",
}
"""Words that stand beside a value elsewhere, and what to write."""

FOREIGN_FUNCTIONS = {
    **dict.fromkeys(("if", "IF", "iif", "ifelse", "cond", "piecewise"), "where(condition, a, b)"),
    **dict.fromkeys(("modulo",), "mod(x, y)"),
    **dict.fromkeys(("factorial", "fact"), "gamma(x + 1)"),
    **dict.fromkeys(("square", "sqr", "sq"), "x^2"),
    **dict.fromkeys(("heaviside", "step"), "x > 0"),
    **dict.fromkeys(("cdf", "Phi", "Φ"), "ndtr(x)"),
    **dict.fromkeys(("tg", "tang"), "tan(x)"),
    **dict.fromkeys(("ctg", "cotg", "cotan"), "cot(x)"),
    **dict.fromkeys(("arctg", "atg"), "atan(x)"),
    "cosec": "csc(x)",
    **dict.fromkeys(("arccosec", "arcosec"), "acsc(x)"),
    **dict.fromkeys(("sh", "sinhyp"), "sinh(x)"),
    **dict.fromkeys(("ch", "coshyp"), "cosh(x)"),
    **dict.fromkeys(("th", "tanhyp"), "tanh(x)"),
    **dict.fromkeys(("arsinh", "argsinh", "arcsh", "arsh"), "asinh(x)"),
    **dict.fromkeys(("arcosh", "argcosh", "arcch", "arch"), "acosh(x)"),
    **dict.fromkeys(("artanh", "argtanh", "arcth", "arth"), "atanh(x)"),
    **dict.fromkeys(("degrees", "deg", "rad2deg"), "x*180/pi"),
    **dict.fromkeys(("radians", "rad", "deg2rad"), "x*pi/180"),
    "fmax": "max(x, y)",
    "fmin": "min(x, y)",
    **dict.fromkeys(("array", "asarray", "tensor", "as_tensor", "matrix"), "x"),
    **dict.fromkeys(("absolute", "magnitude"), "abs(x)"),
    **dict.fromkeys(("ceiling", "roundup"), "ceil(x)"),
    **dict.fromkeys(("loggamma", "lgam", "gamln"), "lgamma(x)"),
    **dict.fromkeys(("signum", "sig"), "sign(x)"),
    "sind": "sin(x*pi/180)",
    "cosd": "cos(x*pi/180)",
    "tand": "tan(x*pi/180)",
    "asind": "asin(x)*180/pi",
    "acosd": "acos(x)*180/pi",
    "atand": "atan(x)*180/pi",
    "atan2d": "atan2(x, y)*180/pi",
    "cotd": "cot(x*pi/180)",
    "secd": "sec(x*pi/180)",
    "cscd": "csc(x*pi/180)",
    "acotd": "acot(x)*180/pi",
    "asecd": "asec(x)*180/pi",
    "acscd": "acsc(x)*180/pi",
    **dict.fromkeys(("sgm", "sigm", "σ"), "sigmoid(x)"),
    "sinpi": "sin(pi*x)",
    "cospi": "cos(pi*x)",
    "tanpi": "tan(pi*x)",
    "versin": "1 - cos(x)",
    "lg": "log10(x)",
    "lb": "log2(x)",
    "exp10": "10^x",
    "cube": "x^3",
    "rsqrt": "1/sqrt(x)",
    "reciprocal": "1/x",
    "lerp": "x + (y - x)*t",
    "fma": "x*y + t",
    "sen": "sin(x)",
    "senh": "sinh(x)",
    "tgh": "tanh(x)",
    "arcsen": "asin(x)",
    "arccotg": "acot(x)",
    "arcctg": "acot(x)",
    "cth": "coth(x)",
    "ctgh": "coth(x)",
    "nthroot": "x^(1/n)",
    "fract": "x - floor(x)",
    "saturate": "clip(x, 0, 1)",
    "mix": "x + (y - x)*t",
    **dict.fromkeys(
        ("binom", "binomial", "nCr", "choose", "comb"),
        "gamma(x + 1)/(gamma(y + 1)*gamma(x - y + 1))",
    ),
    **dict.fromkeys(("nPr", "perm"), "gamma(x + 1)/gamma(x - y + 1)"),
    "Γ": "gamma(x)",
    "multiply": "x*y",
    "subtract": "x - y",
    **dict.fromkeys(("divide", "true_divide"), "x/y"),
    "floor_divide": "floor(x/y)",
    "float_power": "x^y",
    "negative": "-x",
}
"""Functions that have another name here, or none: what to write for one of x."""
OF_ARRAYS = {
    **dict.fromkeys(("mm", "bmm", "mv"), "x@y"),
    "inner": "x@y.T",
    "vdot": "sum(x*y)",
    "diagonal": "diag(x)",
    "range": "arange(n)",
    "len": "size(x, axis=0)",
    "zeros_like": "0*x",
    "ones_like": "0*x + 1",
    **dict.fromkeys(("transposed", "transp"), "transpose(x)"),
    **dict.fromkeys(("inverse", "Inverse"), "inv(x)"),
    "tr": "trace(x)",
    "permute": "transpose(...)",
    "repeat_interleave": "repeat(...)",
    "chunk": "split(...)",
    "fliplr": "flip(x, axis=1)",
    "flipud": "flip(x, axis=0)",
    **dict.fromkeys(("Σ", "∑"), "sum(...)"),
    **dict.fromkeys(("Π", "∏"), "prod(...)"),
    "avg": "mean(...)",
    "isnan": "x != x",
    "isinf": "abs(x) == inf",
    "isfinite": "x - x == 0",
    "full_like": "0*x + y",
}
"""The same for functions of arrays. Dots stand for all arguments."""

DRAWN = {"rand": "uniform", "random": "uniform", "randn": "normal"}
"""Functions that draw random arrays elsewhere, and what draws them here."""

EIGENVALUES = "eigenvalues are not there yet: their sum is trace({0}), their product det({0})"
SINGULAR_VALUES = "singular values are not there yet: the sum of their squares is norm({0})^2"
FACTORS = "of the factorisations there is cholesky({0}); solve, inv and det are there too"
OF_MATRICES = "it is not there yet: functions of a matrix go element by element"
MIDDLE = "write it with the elements in order, sort({0})"
JOINED = "to join matrices write concat(a, b, axis={axis}), and for vectors {vectors}(a, b)"
ADVICE = {
    "int": "for the whole part write trunc({0}); there are no integrals",
    **dict.fromkeys(
        ("integrate", "integral", "Integral", "quad", "trapz"), "there are no integrals"
    ),
    **dict.fromkeys(
        ("limit", "lim", "Limit"),
        "write {0} alone, and give its variable that value: what it has near there is told",
    ),
    "root": "the third root of x is cbrt(x), the nth is x^(1/n)",
    "remainder": "write mod(x, y) as NumPy has it, x - y*round(x/y) as Python's math has it",
    **dict.fromkeys(("eig", "eigvals"), EIGENVALUES),
    **dict.fromkeys(("eigh", "eigvalsh"), f"{EIGENVALUES}, that of their squares norm({{0}})^2"),
    **dict.fromkeys(("svd", "svdvals", "matrix_rank"), SINGULAR_VALUES),
    **dict.fromkeys(("qr", "lu", "schur", "ldl"), FACTORS),
    "pinv": "where the columns of {0} are independent it is solve({0}.T@{0}, {0}.T)",
    "lstsq": "where the columns of A are independent it is solve(A.T@A, A.T@b)",
    "matrix_power": "write the product out, as in A@A@A",
    **dict.fromkeys(("expm", "logm", "sqrtm", "matrix_exp"), OF_MATRICES),
    **dict.fromkeys(("median", "quantile", "percentile"), MIDDLE),
    **dict.fromkeys(("argsort", "searchsorted"), "places are not told; sort({0}) is in order"),
    **dict.fromkeys(("vstack", "row_stack"), JOINED.format(axis=0, vectors="stack")),
    "hstack": JOINED.format(axis=1, vectors="concat"),
    "column_stack": (
        "to join matrices write concat(a, b, axis=1), and for vectors stack(a, b, axis=1)"
    ),
    **dict.fromkeys(
        ("scatter_add", "index_add"),
        "for a vector of n elements write x + one_hot(i, n).T@s: s is added at the places i",
    ),
    "embedding": "write rows of a matrix as E[i]",
    "tensordot": 'write it as in einsum("ij,jk->ik", x, y)',
    "dropout": "a program is the same each time: bind a mask m of 0 and 1, and write x*m/(1 - p)",
}
"""What is to be said on functions that are not there, where nothing means the same."""

OTHERS_OWN = {
    *("cis", "cas", "si", "ci", "ei", "li", "erfi", "erfcinv", "expi", "expn", "expint", "zeta"),
    *("gammainc", "gammaincc", "rgamma", "ndtri", "nextafter", "cov", "corr", "rank", "unique"),
    *("nonzero", "bincount", "interp", "meshgrid", "mode", "celu", "glu", "prelu", "rrelu"),
    *("softmin", "arg", "conj", "real", "bdtr", "cosm", "sinm", "tanm", "cse", "cut", "eta"),
    *("expj", "fib", "isqrt", "lag", "logb", "logic", "mag", "mint", "modf", "mvlgamma", "nstr"),
    *("phi", "powm", "prem", "qgamma", "rev", "tanc", "cosc", "lip", "lot", "col", "row", "mat"),
    *("tab", "abc", "pop", "map", "mad", "rms", "med", "rot", "curl", "pdf", "sem", "ceil2", "pos"),
    *("csin", "ccos", "ctan", "csinh", "ccosh", "ctanh", "casin", "cacos", "catan", "cexp", "clog"),
    *("normpdf", "logpdf", "norminv", "csqrt", "cpow", "cabs", "log1", "of", "igamma", "igammac"),
    *("imag", "gcd", "lcm"),
}
"""Functions that mean something of their own elsewhere: they are no slips of another's name."""

SUMMING = {
    **dict.fromkeys(("sum", "Sum", "summation"), "+"),
    **dict.fromkeys(("prod", "product", "Product"), "*"),
    **dict.fromkeys(("mean", "average", "avg"), "mean"),
}
"""Functions of any number of terms elsewhere, and what they make of them."""

FOREIGN_CALLS = FOREIGN_FUNCTIONS | OF_ARRAYS

IGNORED_KEYWORDS = {
    *("dtype", "device", "requires_grad", "out", "order", "copy", "casting", "subok", "layout"),
    *("optimize", "stable", "inplace", "pin_memory", "name"),
}
"""Keywords about memory and types: the value is the same without them."""
METHODS = {
    *("clone", "copy", "numpy", "cpu", "cuda", "to", "item", "contiguous", "astype", "float"),
    *("double", "requires_grad_", "tolist"),
}
"""Methods of arrays that change no value."""
ATTRIBUTES = {
    **dict.fromkeys(("shape", "size", "numel"), "write size({0}), or size({0}, axis=0) of an axis"),
    "ndim": "write the number itself: it does not depend on values",
    **dict.fromkeys(("grad", "backward"), "write the expression alone: its gradient is the answer"),
    **dict.fromkeys(("dtype", "device", "data", "real", "values"), "leave it out"),
    "imag": "there are no complex numbers",
    "I": "write inv({0})",
    "newaxis": "None",
}
"""Attributes of arrays elsewhere, and what to write."""

DERIVATIVES = {
    *("grad", "gradient", "Grad", "nabla", "derivative", "Derivative", "deriv", "der", "D", "Diff"),
    *("differentiate", "derive", "dif", "partial"),
}
"""What a derivative is called elsewhere."""

COMMANDS = {"hessian": "hessian", "jacobian": "jacobian", "taylor": "taylor", "series": "taylor"}
"""What are commands here, and functions elsewhere."""

OF_SPREADSHEETS = {
    ("LOG", 1): ("log({0})", "log10({0})"),
    ("ATAN2", 2): ("atan2({0}, {1})", "atan2({1}, {0})"),
}
"""Functions in capitals that are others in a spreadsheet than elsewhere, and both."""
OTHER_COUNTS = {
    ("log", 2): ("for another base ", "log(x)/log(y)"),
    ("ln", 2): ("for another base ", "log(x)/log(y)"),
    ("atan", 2): ("", "atan2(x, y)"),
    ("arctan", 2): ("", "atan2(x, y)"),
    ("sqrt", 2): ("for another root ", "x^(1/y)"),
    ("exp", 2): ("for a power ", "x^y"),
    ("round", 2): ("for some decimals ", "round(x*10^y)/10^y"),
    ("relu", 2): ("", "leaky_relu(x, y)"),
}
"""Calls with as many arguments as the function has in another language, and what to write."""
