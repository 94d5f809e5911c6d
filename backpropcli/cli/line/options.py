"""A table: the options of all commands, which the quick reader and typer both use."""

from __future__ import annotations

VIEWS = ("all", "graph", "forward", "backward", "steps", "table")
FLOW = "flow"
"""A view of the gradient alone."""
SHAPES = "shapes"
"""A view that has no numbers."""
ALL_VIEWS = (*VIEWS, FLOW, SHAPES)
SWEEPS = ("auto", "forward", "reverse")
NOTATIONS = ("latex",)
"""What --from reads."""
DTYPES = ("float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2")


class Option:
    """One option: one without a ``metavar`` is a flag, any other has a value of its ``kind``.

    A ``repeated`` one adds up, as a list; any other can be given once. ``negation`` says that a
    flag has a --no- form; then neither is the default. ``short`` is the one letter that is the
    option too, where it is a whole argument. ``key`` is its name as one of Python's.
    """

    def __init__(  # noqa: PLR0913 (an option has this many parts)
        self,
        name: str,
        text: str,
        metavar: str = "",
        kind: type = str,
        default: object = None,
        *,
        negation: bool = False,
        repeated: bool = False,
        short: str = "",
    ) -> None:
        self.name = name
        self.help = text
        self.metavar = metavar
        self.type = kind if metavar else bool
        self.default = default if metavar or negation else False
        self.negation = negation
        self.repeated = repeated
        self.short = short
        self.key = name.replace("-", "_")


WRT = Option(
    "wrt",
    "Differentiate by these names only; the rest is data.",
    "NAMES",
    repeated=True,
    short="-w",
)
OUTPUT = Option("output", "Choose one of several outputs.", "NAME")
BIND = Option(
    "bind", "Read values from a .json, .toml or .npz file, or - for stdin.", "FILE", repeated=True
)
RNG_SEED = Option("rng-seed", "The seed of random values; 0 if left out.", "N", int)
DTYPE = Option("dtype", "float32, float16, bfloat16, float8_e4m3fn or float8_e5m2.", "DTYPE")
STORED = (BIND, RNG_SEED)
VALUES = (*STORED, DTYPE)
"""Where values are from; and what both passes are rounded to, where a command can do that."""
ALONG = Option(
    "along", "The direction, as in x=1,y=2; what is left out is 0.", "NAME=NUMBER", repeated=True
)
WITH = Option(
    "with",
    "The outputs' weights, as in f=1,g=2; what is left out is 0.",
    "NAME=NUMBER",
    repeated=True,
)
SERIES = (
    Option("in", "The variable of the series.", "NAME"),
    Option("order", "The highest power.", "N", int, 4),
)
MODE = Option("mode", "forward or reverse sweeps, or auto: the cheaper.", "MODE", str, "auto")
FROM = Option("from", "Read the expression as another notation: latex.", "NOTATION")
EIGENVECTORS = Option("eigenvectors", "Show the eigenvectors, too.")
VIEW, OF_GRADIENT = (
    Option("view", f"{', '.join(views[:-1])} or {views[-1]}.", "VIEW", str, "all", short="-v")
    for views in (VIEWS, ALL_VIEWS)
)
OPEN = Option(
    "open", "Show the inside of calls of these functions, or of all.", "NAMES", repeated=True
)
DIGITS = Option("digits", "Significant digits; above 17 each is proved (to 1000).", "N", int)
FEW_DIGITS = Option("digits", "Significant digits, up to 17.", "N", int)
EXACT = Option("exact", "The doubles nearest to the truth, not to what floats say.")
ACCURACY = Option("accuracy", "Show how many bits are right of each number.")
LOSS_SCALE = Option(
    "loss-scale",
    "Scale the reverse pass of a short --dtype: a number, best a power of 2, or auto.",
    "FACTOR",
)
MAX_NODES = Option("max-nodes", "The most lines of a tree or a table.", "N", int, 500)
FULL = Option("full", "Show all elements of arrays.")
NPZ = Option("npz", "Write all values and gradients to a NumPy file.", "FILE")
SAFETENSORS = Option("safetensors", "Write them to a safetensors file.", "FILE")
AT_KINKS = Option(
    "at-kinks",
    "Slopes at kinks: left, right, zero, even, torch, jax, nan or error.",
    "CHOICE",
    str,
    "",
)
KINKS = Option("kinks", "Tell all of the kinks here, and how far the nearest ones are.")
COST = Option("cost", "Count the operations, also of the derivatives.")
REWRITE = Option("rewrite", "Print the program without what loses digits here.")
CHECK = Option("check", "Check the derivatives with SymPy, or do not.", negation=True)
CHECK_TIMEOUT = Option("check-timeout", "The check's time limit.", "SECONDS", float, 10.0)
STRICT = Option("strict", "Fail where the check is inconclusive (3) or a result is not finite (1).")
JSON = Option("json", "Print everything as JSON.", short="-j")
JSONL = Option("jsonl", "Print everything as one line of JSON.")
QUIET = Option("quiet", "Print names and numbers only, with tabs.", short="-q")
VALUE = Option("value", "Print the value only.")

SHAPE = Option(
    "shape",
    "Shapes of arrays, as in 'X=n,d; w=d': letters stand for sizes.",
    "SHAPES",
    repeated=True,
)
CLAIM = Option(
    "claim", "A derivative worked out by hand, as in 'w = 2*(w*x - y)*x'.", "CLAIM", repeated=True
)
CLAIMS = Option("claims", "Read claims from a file, or - for stdin.", "FILE", repeated=True)
AGAINST = Option(
    "against",
    "Compare with gradients that another program saved: .npz, .npy or .json.",
    "FILE",
    repeated=True,
)
RTOL = Option("rtol", "A tolerance, in place of what rounding explains.", "X", float)
RANGE = Option(
    "range", "Where a variable is looked at, as in x=0.1..3.", "NAME=A..B", repeated=True
)
ASSUME = Option(
    "assume",
    "What holds of the variables, as in 'x > y' or 'sum(p) == 1'.",
    "CONDITION",
    repeated=True,
)
POINTS = Option("points", "Try at most so many points; 0: all there are.", "N", int, 0)
HOW = (OPEN, DIGITS, MAX_NODES)
SHOWN = (VIEW, *HOW)
ANSWER = (EXACT, CHECK, CHECK_TIMEOUT, STRICT, JSON, JSONL, QUIET, VALUE)
"""What all commands on numbers take."""
JUDGED = (
    *(RANGE, ASSUME, POINTS, WRT, *STORED, FROM, SHAPE),
    *(FEW_DIGITS, CHECK_TIMEOUT, JSON, JSONL, QUIET),
)
"""What commands take whose answer is a verdict."""
MODES = {
    "grad": (
        *(WRT, OUTPUT, *VALUES, LOSS_SCALE, FROM, AT_KINKS, SHAPE, OF_GRADIENT, *HOW),
        *(ACCURACY, FULL, NPZ, SAFETENSORS, KINKS, COST, REWRITE, *ANSWER),
    ),
    "jacobian": (MODE, WRT, OUTPUT, *VALUES, FROM, AT_KINKS, DIGITS, MAX_NODES, *ANSWER),
    "hessian": (WRT, OUTPUT, *STORED, FROM, AT_KINKS, EIGENVECTORS, DIGITS, MAX_NODES, *ANSWER),
    "taylor": (*SERIES, OUTPUT, *STORED, FROM, AT_KINKS, DIGITS, MAX_NODES, *ANSWER),
    "jvp": (ALONG, OUTPUT, *VALUES, FROM, AT_KINKS, *SHOWN, *ANSWER),
    "vjp": (WITH, WRT, *VALUES, FROM, AT_KINKS, *SHOWN, *ANSWER),
    "hvp": (ALONG, WRT, OUTPUT, *VALUES, FROM, AT_KINKS, DIGITS, MAX_NODES, *ANSWER),
    "check": (CLAIM, CLAIMS, AGAINST, RTOL, *JUDGED),
    "compare": JUDGED,
    "formula": (
        Option("nodes", "Show the derivative node by node: the chain rule."),
        Option("simplify", "Let SymPy simplify it, and prove that it is the same."),
        Option("simplify-timeout", "SymPy's time limit.", "SECONDS", float, 10.0),
        Option("latex", "Write it in LaTeX."),
        Option("latex-steps", "Write the whole derivation in LaTeX; it needs values."),
        *(WRT, OUTPUT, *STORED, FROM, SHAPE, FEW_DIGITS, COST, JSON, JSONL),
    ),
}
"""The commands on a program, each with its options in the order in which help has them."""
IN_DOUBLES = "'backprop EXPR --dtype float16 --check' tells what rounding does to a gradient"
ELSEWHERE = {
    ("formula", "at-kinks"): "a formula is for all points, so its slopes at kinks are the table's",
    ("formula", "dtype"): "a formula has no values to round",
    ("hessian", "dtype"): "a Hessian is computed in doubles; hvp rounds a product with it",
    ("taylor", "dtype"): "a series is computed in doubles",
    ("check", "dtype"): IN_DOUBLES,
    ("compare", "dtype"): IN_DOUBLES,
}
"""Why a command lacks an option that others have, and what there is instead."""
READING: dict[str, tuple[Option, ...]] = {
    "functions": (),
    "samples": (),
    "help": (Option("search", "Show the lines with this word.", "WORD"),),
    "schema": (),
    "completion": (),
    "version": (),
}
"""The commands that are about the tool; each takes a word at most."""
OPTIONS = {**MODES, **READING}
LETTERS = {option.short: option for found in OPTIONS.values() for option in found if option.short}
FALSE_FORM = "no-"
"""What stands before the name of an option that is taken back."""
