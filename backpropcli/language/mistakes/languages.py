"""Words of other languages and libraries, and what they are called here."""

from __future__ import annotations

CHOICE = "for a choice write where(condition, a, b)"
IMPORTS = {"import", "include", "from", "require", "load", "source"}
LIBRARIES = {
    *(
        "math",
        "Math",
        "cmath",
        "np",
        "numpy",
        "torch",
        "nn",
        "F",
        "jnp",
        "jax",
        "lax",
        "tf",
        "keras",
    ),
    *(
        "sympy",
        "sp",
        "scipy",
        "special",
        "stats",
        "cupy",
        "cp",
        "K",
        "mpmath",
        "mp",
        "std",
        "Mathf",
    ),
    *("tensorflow", "functional"),
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
    "xor": "write (a != 0) != (b != 0)",
    "div": "write floor(a/b)",
}
"""Words that stand beside a value elsewhere, and what to write."""

FOREIGN_FUNCTIONS = {
    **dict.fromkeys(("if", "iif", "ifelse", "cond", "piecewise"), "where(condition, a, b)"),
    **dict.fromkeys(("modulo",), "mod(x, y)"),
    **dict.fromkeys(("factorial", "fact"), "gamma(x + 1)"),
    **dict.fromkeys(("square", "sqr", "sq"), "x^2"),
    **dict.fromkeys(("heaviside", "step"), "x > 0"),
    "int": "trunc(x)",
    **dict.fromkeys(("cdf", "Phi"), "ndtr(x)"),
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
    **dict.fromkeys(("amax", "fmax", "nanmax"), "max(x, y)"),
    **dict.fromkeys(("amin", "fmin", "nanmin"), "min(x, y)"),
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
    **dict.fromkeys(("sgm", "sigm"), "sigmoid(x)"),
    "sinpi": "sin(pi*x)",
    "cospi": "cos(pi*x)",
    "tanpi": "tan(pi*x)",
    "versin": "1 - cos(x)",
    "lg": "log10(x)",
    "lb": "log2(x)",
    "exp10": "10^x",
    "cube": "x^3",
    "softmax": "softmax2(x, y)",
    "rsqrt": "1/sqrt(x)",
    "reciprocal": "1/x",
    "lerp": "x + (y - x)*t",
    "inv": "1/x",
    "mse": "(x - y)^2",
    "mae": "abs(x - y)",
    "fma": "x*y + t",
    "sen": "sin(x)",
    "senh": "sinh(x)",
    "tgh": "tanh(x)",
    "arcsen": "asin(x)",
    "arccotg": "acot(x)",
    "arcctg": "acot(x)",
    "cth": "coth(x)",
    "ctgh": "coth(x)",
    "root": "x^(1/n)",
}
"""Functions that have another name here, or none: what to write for one of x."""

OTHERS_OWN = {
    *("cis", "cas", "si", "ci", "ei", "li", "erfi", "erfcinv", "expi", "expn", "expint"),
    *("expm", "logm", "sqrtm", "zeta", "gammainc", "gammaincc", "rgamma", "ndtri", "nextafter"),
    *("trace", "det", "norm", "std", "var", "cov", "cross", "dot", "argmax", "argmin"),
    *("median", "mode", "celu", "glu", "prelu", "rrelu", "softmin", "arg", "conj", "real"),
    *("bdtr", "cosm", "sinm", "tanm", "cse", "cut", "eta", "expj", "fib", "isqrt", "lag", "len"),
    *("logb", "logic", "mag", "mint", "modf", "mvlgamma", "nstr", "phi", "powm", "prem", "qgamma"),
    *("rev", "sort", "tanc", "cosc", "lip", "lot", "col", "row", "mat", "tab", "abc", "pop", "map"),
    *("mad", "rms", "med", "rot", "curl", "map", "pdf", "sem", "bce", "nll", "ceil2", "pos"),
    *("csin", "ccos", "ctan", "csinh", "ccosh", "ctanh", "casin", "cacos", "catan", "cexp", "clog"),
    *("csqrt", "cpow", "cabs", "log1", "of"),
    *("remainder", "imag", "gcd", "lcm", "comb", "perm", "rand", "randn", "random"),
}
"""Functions that mean something of their own elsewhere: they are no slips of another's name."""

SUMMING = {
    **dict.fromkeys(("sum", "Sum"), "+"),
    **dict.fromkeys(("prod", "product"), "*"),
    **dict.fromkeys(("mean", "average", "avg"), "mean"),
}
"""Functions of any number of terms elsewhere, and what they make of them."""

ARRAYS = ("np", "numpy", "jnp", "cupy", "cp", "torch")
THEIRS: dict[str, dict[str, str]] = {
    "remainder": {
        **dict.fromkeys(ARRAYS, "mod(x, y)"),
        **dict.fromkeys(("math", "std"), "x - y*round(x/y)"),
    },
    "sinc": dict.fromkeys((*ARRAYS, "jax"), "sinc(pi*x)"),
    "gelu": {"jax": "gelu_tanh(x)"},
    "leaky_relu": {"tf": "leaky_relu(x, 0.2)"},
}
"""Functions that are others in some libraries than here: what each of them has under the name."""

OPTIONS_ELSEWHERE = {"where", "out", "dtype", "casting", "order", "subok", "inplace", "device"}
"""Arguments by name that functions of libraries have, and none here needs."""

DERIVATIVES = {
    *("grad", "gradient", "Grad", "nabla", "derivative", "Derivative", "deriv", "der", "D", "Diff"),
    *("differentiate", "derive", "dif", "partial"),
}
"""What a derivative is called elsewhere."""

COMMANDS = {"hessian": "hessian", "jacobian": "jacobian", "taylor": "taylor", "series": "taylor"}
"""What are commands here, and functions elsewhere."""

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
