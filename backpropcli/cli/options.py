"""The commands' options, each declared once: the quick reader and typer both use these."""

from __future__ import annotations

VIEWS = ("all", "graph", "forward", "backward", "steps", "table")


class Option:
    """One option: its type is the type of its value; a flag has none, and may have a --no- form.

    A ``repeated`` one adds up, as a list; any other can be given once.
    """

    __slots__ = ("default", "help", "metavar", "name", "negation", "repeated", "type")

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
    ) -> None:
        self.name = name
        self.type = kind
        self.default = default
        self.help = text
        self.metavar = metavar
        self.negation = negation
        self.repeated = repeated

    @property
    def key(self) -> str:
        """The option's name as a Python name."""
        return self.name.replace("-", "_")


WRT = Option(
    "wrt",
    str,
    None,
    "Differentiate by these names only; all else is data.",
    metavar="NAMES",
    repeated=True,
)
BIND = Option(
    "bind",
    str,
    None,
    "Read bindings from a JSON or TOML file, or - for stdin.",
    metavar="FILE",
    repeated=True,
)
VIEW = Option("view", str, "all", f"What to show: {', '.join(VIEWS)}.", metavar="VIEW")
OPEN = Option(
    "open",
    str,
    None,
    "Show the inside of these functions' calls; all opens every one.",
    metavar="NAMES",
    repeated=True,
)
DIGITS = Option(
    "digits", int, None, "Significant digits for people (6); JSON has all.", metavar="N"
)
MAX_NODES = Option("max-nodes", int, 500, "How many nodes a tree or a table may have.", metavar="N")
CHECK = Option(
    "check",
    bool,
    None,
    "Prove the derivatives with SymPy (on where a person looks).",
    negation=True,
)
CHECK_TIMEOUT = Option(
    "check-timeout", float, 10.0, "Stop the proof after so many seconds.", metavar="SECONDS"
)
JSON = Option("json", bool, False, "Print the report as JSON.")
JSONL = Option("jsonl", bool, False, "Print the report as one line of JSON.")
QUIET = Option("quiet", bool, False, "Print the numbers only.")
COST = Option("cost", bool, False, "Count the operations of the function and its derivatives.")
ALONG = Option(
    "along",
    str,
    None,
    "The direction: NAME=NUMBER with commas; the rest is 0.",
    metavar="V",
    repeated=True,
)
OUTPUT = (JSON, JSONL, QUIET, DIGITS, CHECK, CHECK_TIMEOUT)
"""What all commands on numbers take."""

GRADIENT = (
    WRT,
    BIND,
    VIEW,
    OPEN,
    JSON,
    JSONL,
    Option("quiet", bool, False, "Print the gradient only, one 'name value' a line."),
    DIGITS,
    MAX_NODES,
    COST,
    CHECK,
    CHECK_TIMEOUT,
)
JACOBIAN = (
    WRT,
    BIND,
    Option(
        "mode", str, "auto", "Which mode: forward, reverse, or auto, the cheaper.", metavar="MODE"
    ),
    MAX_NODES,
    *OUTPUT,
)
JVP = (ALONG, BIND, VIEW, OPEN, MAX_NODES, *OUTPUT)
VJP = (
    Option(
        "with",
        str,
        None,
        "The outputs' cotangents: NAME=NUMBER with commas; the rest is 0.",
        metavar="V",
        repeated=True,
    ),
    WRT,
    BIND,
    VIEW,
    OPEN,
    MAX_NODES,
    *OUTPUT,
)
EIGENVECTORS = Option("eigenvectors", bool, False, "Show the eigenvectors, too.")
HESSIAN = (WRT, BIND, EIGENVECTORS, MAX_NODES, *OUTPUT)
HVP = (ALONG, WRT, BIND, MAX_NODES, *OUTPUT)
TAYLOR = (
    Option("in", str, None, "The variable of the series.", metavar="NAME"),
    Option("order", int, 4, "The highest power.", metavar="N"),
    BIND,
    MAX_NODES,
    *OUTPUT,
)
FORMULA = (
    WRT,
    BIND,
    Option("nodes", bool, False, "Show the derivative by every node: the chain rule written out."),
    Option("simplify", bool, False, "Let SymPy simplify, and prove that it is the same."),
    Option("latex", bool, False, "Write LaTeX."),
    Option("latex-steps", bool, False, "Write the whole derivation as a LaTeX environment."),
    COST,
    JSON,
    JSONL,
    DIGITS,
    Option("simplify-timeout", float, 10.0, "Stop SymPy after so many seconds.", metavar="SECONDS"),
)
MODES = {
    "grad": GRADIENT,
    "jacobian": JACOBIAN,
    "jvp": JVP,
    "vjp": VJP,
    "hessian": HESSIAN,
    "hvp": HVP,
    "taylor": TAYLOR,
    "formula": FORMULA,
}
HELP = {
    "grad": "Values, gradient and verdict: the default command.",
    "jacobian": "All outputs by all variables, by the cheaper mode.",
    "jvp": "The outputs' tangents for a move along a direction (forward mode).",
    "vjp": "The variables' cotangents for cotangents of the outputs (reverse mode).",
    "hessian": "Second derivatives, their eigenvalues, and what kind of point it is.",
    "hvp": "The Hessian times a direction, without the matrix.",
    "taylor": "A truncated Taylor series in one variable.",
    "formula": "The derivative as an expression of the language, or in LaTeX.",
}
