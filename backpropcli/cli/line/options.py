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
    """One option: its type is the type of its value; a flag has none, and may have a --no- form.

    A ``repeated`` one adds up, as a list; any other can be given once. ``short`` is the one letter
    that is the option too, where it is a whole argument. ``key`` is its name as one of Python's.
    """

    __slots__ = (
        "default",
        "help",
        "key",
        "metavar",
        "name",
        "negation",
        "repeated",
        "short",
        "type",
    )

    def __init__(  # noqa: PLR0913 (an option has this many parts)
        self,
        name: str,
        kind: type,
        default: object,
        text: str,
        *,
        metavar: str = "",
        negation: bool = False,
        repeated: bool = False,
        short: str = "",
    ) -> None:
        self.name = name
        self.type = kind
        self.default = default
        self.help = text
        self.metavar = metavar
        self.negation = negation
        self.repeated = repeated
        self.short = short
        self.key = name.replace("-", "_")


WRT = Option(
    "wrt",
    str,
    None,
    "Differentiate by these names only; the rest is data.",
    metavar="NAMES",
    repeated=True,
    short="-w",
)
OUTPUT = Option("output", str, None, "Choose one of several outputs.", metavar="NAME")
BIND = Option(
    "bind",
    str,
    None,
    "Read values from a .json, .toml or .npz file, or - for stdin.",
    metavar="FILE",
    repeated=True,
)
RNG_SEED = Option("rng-seed", int, None, "The seed of random values; 0 if left out.", metavar="N")
DTYPE = Option(
    "dtype", str, None, "float32, float16, bfloat16, float8_e4m3fn or float8_e5m2.", metavar="DTYPE"
)
STORED = (BIND, RNG_SEED)
VALUES = (*STORED, DTYPE)
"""Where values are from; and what both passes are rounded to, where a command can do that."""
ALONG = Option(
    "along",
    str,
    None,
    "The direction, as in x=1,y=2; what is left out is 0.",
    metavar="NAME=NUMBER",
    repeated=True,
)
WITH = Option(
    "with",
    str,
    None,
    "The outputs' weights, as in f=1,g=2; what is left out is 0.",
    metavar="NAME=NUMBER",
    repeated=True,
)
SERIES = (
    Option("in", str, None, "The variable of the series.", metavar="NAME"),
    Option("order", int, 4, "The highest power.", metavar="N"),
)
MODE = Option(
    "mode", str, "auto", "forward or reverse sweeps, or auto: the cheaper.", metavar="MODE"
)
FROM = Option(
    "from", str, None, "Read the expression as another notation: latex.", metavar="NOTATION"
)
EIGENVECTORS = Option("eigenvectors", bool, False, "Show the eigenvectors, too.")
VIEW, OF_GRADIENT = (
    Option(
        "view", str, "all", f"{', '.join(views[:-1])} or {views[-1]}.", metavar="VIEW", short="-v"
    )
    for views in (VIEWS, ALL_VIEWS)
)
OPEN = Option(
    "open",
    str,
    None,
    "Show the inside of calls of these functions, or of all.",
    metavar="NAMES",
    repeated=True,
)
DIGITS = Option(
    "digits", int, None, "Significant digits; above 17 each is proved (to 1000).", metavar="N"
)
FEW_DIGITS = Option("digits", int, None, "Significant digits, up to 17.", metavar="N")
EXACT = Option("exact", bool, False, "The doubles nearest to the truth, not to what floats say.")
ACCURACY = Option("accuracy", bool, False, "Show how many bits are right of each number.")
LOSS_SCALE = Option(
    "loss-scale",
    str,
    None,
    "Scale the reverse pass of a short --dtype: a number, best a power of 2, or auto.",
    metavar="FACTOR",
)
MAX_NODES = Option("max-nodes", int, 500, "The most lines of a tree or a table.", metavar="N")
FULL = Option("full", bool, False, "Show all elements of arrays.")
NPZ = Option("npz", str, None, "Write all values and gradients to a NumPy file.", metavar="FILE")
SAFETENSORS = Option("safetensors", str, None, "Write them to a safetensors file.", metavar="FILE")
AT_KINKS = Option(
    "at-kinks",
    str,
    "",
    "Slopes at kinks: left, right, zero, even, torch, jax, nan or error.",
    metavar="CHOICE",
)
KINKS = Option(
    "kinks", bool, False, "Tell all of the kinks here, and how far the nearest ones are."
)
COST = Option("cost", bool, False, "Count the operations, also of the derivatives.")
REWRITE = Option("rewrite", bool, False, "Print the program without what loses digits here.")
CHECK = Option(
    "check",
    bool,
    None,
    "Check the derivatives with SymPy, or do not.",
    negation=True,
)
CHECK_TIMEOUT = Option("check-timeout", float, 10.0, "The check's time limit.", metavar="SECONDS")
STRICT = Option(
    "strict",
    bool,
    False,
    "Fail where the check is inconclusive (3) or a result is not finite (1).",
)
JSON = Option("json", bool, False, "Print everything as JSON.", short="-j")
JSONL = Option("jsonl", bool, False, "Print everything as one line of JSON.")
QUIET = Option("quiet", bool, False, "Print names and numbers only, with tabs.", short="-q")
VALUE = Option("value", bool, False, "Print the value only.")

SHAPE = Option(
    "shape",
    str,
    None,
    "Shapes of arrays, as in 'X=n,d; w=d': letters stand for sizes.",
    metavar="SHAPES",
    repeated=True,
)
CLAIM = Option(
    "claim",
    str,
    None,
    "A derivative worked out by hand, as in 'w = 2*(w*x - y)*x'.",
    metavar="CLAIM",
    repeated=True,
)
CLAIMS = Option(
    "claims", str, None, "Read claims from a file, or - for stdin.", metavar="FILE", repeated=True
)
AGAINST = Option(
    "against",
    str,
    None,
    "Compare with gradients that another program saved: .npz, .npy or .json.",
    metavar="FILE",
    repeated=True,
)
RTOL = Option("rtol", float, None, "A tolerance, in place of what rounding explains.", metavar="X")
RANGE = Option(
    "range",
    str,
    None,
    "Where a variable is looked at, as in x=0.1..3.",
    metavar="NAME=A..B",
    repeated=True,
)
ASSUME = Option(
    "assume",
    str,
    None,
    "What holds of the variables, as in 'x > y' or 'sum(p) == 1'.",
    metavar="CONDITION",
    repeated=True,
)
POINTS = Option("points", int, 0, "Try at most so many points; 0: all there are.", metavar="N")
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
        WRT,
        OUTPUT,
        *VALUES,
        LOSS_SCALE,
        FROM,
        AT_KINKS,
        SHAPE,
        OF_GRADIENT,
        *HOW,
        ACCURACY,
        FULL,
        NPZ,
        SAFETENSORS,
        KINKS,
        COST,
        REWRITE,
        *ANSWER,
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
        Option("nodes", bool, False, "Show the derivative node by node: the chain rule."),
        Option("simplify", bool, False, "Let SymPy simplify it, and prove that it is the same."),
        Option("simplify-timeout", float, 10.0, "SymPy's time limit.", metavar="SECONDS"),
        Option("latex", bool, False, "Write it in LaTeX."),
        Option("latex-steps", bool, False, "Write the whole derivation in LaTeX; it needs values."),
        WRT,
        OUTPUT,
        *STORED,
        FROM,
        SHAPE,
        FEW_DIGITS,
        COST,
        JSON,
        JSONL,
    ),
}
"""The commands on a program, each with its options in the order in which help has them."""
IN_DOUBLES = "'backprop EXPR --dtype float16 --check' tells what rounding does to a gradient"
ELSEWHERE = {
    ("formula", "at-kinks"): "a formula is for all points, so its slopes at kinks are the table's",
    ("formula", "dtype"): "a formula has no values to round",
    (
        "hessian",
        "dtype",
    ): "a Hessian is computed in doubles; hvp rounds a product with it",
    ("taylor", "dtype"): "a series is computed in doubles",
    ("check", "dtype"): IN_DOUBLES,
    ("compare", "dtype"): IN_DOUBLES,
}
"""Why a command lacks an option that others have, and what there is instead."""
READING: dict[str, tuple[Option, ...]] = {
    "functions": (),
    "samples": (),
    "help": (Option("search", str, None, "Show the lines with this word.", metavar="WORD"),),
    "schema": (),
    "completion": (),
    "version": (),
}
"""The commands that are about the tool; each takes a word at most."""
OPTIONS = {**MODES, **READING}
LETTERS = {option.short: option for found in OPTIONS.values() for option in found if option.short}
FALSE_FORM = "no-"
"""What stands before the name of an option that is taken back."""
