"""The commands, as help, completion and the manual page tell of them."""

from __future__ import annotations

from backpropcli.cli.line.options import OPTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.cli.line.options import Option

EXPR = "EXPR NAME=VALUE..."
TWO = "EXPR1 EXPR2 NAME=VALUE..."


class Command:
    """A command: what it takes, what it does in a sentence, and examples: (words, what they do)."""

    __slots__ = ("examples", "name", "sentence", "takes")

    def __init__(
        self, name: str, sentence: str, *examples: tuple[str, str], takes: str = EXPR
    ) -> None:
        self.name = name
        self.sentence = sentence
        self.examples = examples
        self.takes = takes

    @property
    def options(self) -> Sequence[Option]:
        """What it takes beside words."""
        return OPTIONS[self.name]


GROUPS = {
    "derivatives": (
        Command(
            "grad",
            "Show every value and every derivative (the default).",
            ("'(w*x + b - y)^2' w=2 x=3 b=1 y=5", "values up, derivatives down"),
            ("@circuit --view steps", "both passes of a sample, step by step"),
            ("'sin(w*x) + b' w=pi/6 x=1 b=1/2 --wrt w,b", "x is data here"),
        ),
        Command(
            "jacobian",
            "Differentiate every output by every variable.",
            ("'(x*y, x + y)' x=2 y=3", "two outputs by two variables"),
            ("@arm --wrt q1,q2", "a sample, by two of its variables"),
            ("'(x*y, x + y)' x=2 y=3 --mode reverse", "a sweep for each output"),
        ),
        Command(
            "hessian",
            "Show the second derivatives and what kind of point it is.",
            ("'x^4 - 2*x^2 + y^2' x=0 y=0", "a saddle point"),
            ("'x^3*y' x=1 y=2 --json", "the same for scripts"),
        ),
        Command(
            "taylor",
            "Write the Taylor series in one variable.",
            ("'exp(x)' x=0", "up to the power 4"),
            ("'sin(a*x)' a=2 x=0 --in x --order 7", "in x, up to the power 7"),
        ),
        Command(
            "formula",
            "Write the derivative as an expression, or in LaTeX.",
            ("'x*exp(-x)'", "needs no values"),
            ("'tanh(w*x + b)' --wrt w --latex", "by w, in LaTeX"),
            ("'(x - y)^2/x' --simplify", "made shorter by SymPy"),
        ),
    ),
    "trust": (
        Command(
            "check",
            "Put a derivative to the proof, or compare all methods.",
            ("'(w*x + b - y)^2' --claim 'w = 2*(w*x + b - y)*x'", "proved, or a counterexample"),
            ("@linear-loss --claim 'dL/dw = 2*error*x'", "by names; in a file: --claims FILE"),
            ("'sin(x)^2' x=1", "without a claim: all methods at the point"),
            ("'log(x - y)' --claim 'x = 1/(x - y)' --assume 'y < x'", "where it is to hold"),
        ),
        Command(
            "compare",
            "Compare two losses: do they train the same?",
            ("'(w*x - y)^2' '(y - w*x)^2' w=2 x=1 y=5 -w w", "at a point, and in general"),
            ("'(x - y)^2' '(x - y)^2 + log(y)' --wrt x --range y=1..9", "in general only"),
            ("'softplus(x)' 'log(1 + exp(x))' x=2 --json", "for scripts"),
            takes=TWO,
        ),
    ),
    "products, without a matrix": (
        Command(
            "jvp",
            "Move along a direction: how fast does each output change?",
            ("'(x*y, x + y)' x=2 y=3 --along x=1,y=-1", "one forward sweep"),
            ("'x^2*y' x=1 y=2 --along x=1 --view steps", "step by step"),
        ),
        Command(
            "vjp",
            "Weigh the outputs: what is the gradient of their sum?",
            ("'f = x*y; g = x + y; (f, g)' x=2 y=3 --with f=1,g=2", "one reverse sweep"),
            ("'(x*y, x + y)' x=2 y=3 --with 'x + y=1'", "an output without a name"),
        ),
        Command(
            "hvp",
            "Multiply the Hessian by a direction.",
            ("'x^3*y' x=1 y=2 --along x=1", "how the gradient changes along x"),
            ("'x^3*y' x=1 y=2 --along x=1,y=2 --quiet", "names and numbers only"),
        ),
    ),
    "to read": (
        Command(
            "functions",
            "List the functions, or explain one.",
            ("", "all of them, in groups"),
            ("tanh", "its derivative, and where there is none"),
            takes="[NAME]",
        ),
        Command(
            "samples",
            "List the sample programs, or print one.",
            ("", "a line for each"),
            ("circuit", "the text of one; 'backprop @circuit' runs it"),
            takes="[NAME]",
        ),
        Command(
            "help",
            "Read the manual, or about a command or a function.",
            ("", "the pages of the manual"),
            ("reasons", "one page"),
            ("jacobian", "a command: the same as jacobian -h"),
            ("--search gradient", "every line of the manual with that word"),
            takes="[TOPIC]",
        ),
        Command(
            "schema",
            "Print the JSON Schema of what --json prints.",
            ("", "that of the gradient"),
            ("hessian", "that of another command"),
            ("check", "of check in each of its forms: claims, methods, against"),
            takes="[COMMAND]",
        ),
        Command(
            "completion",
            "Print the script that completes words in your shell.",
            ("bash >> ~/.bashrc", "for bash"),
            ("zsh >> ~/.zshrc", "for zsh"),
            ("fish > ~/.config/fish/completions/backprop.fish", "for fish"),
            takes="bash|zsh|fish",
        ),
        Command("version", "Print the version.", ("", "this one"), takes=""),
    ),
}
COMMANDS = {command.name: command for group in GROUPS.values() for command in group}
ALIASES = {
    "backward": "grad",
    "derivative": "grad",
    "derive": "grad",
    "differentiate": "grad",
    "gradient": "grad",
    "hess": "hessian",
    "jac": "jacobian",
    "series": "taylor",
    "latex": "formula",
    "simplify": "formula",
    "symbolic": "formula",
    "examples": "samples",
    "man": "help",
    "manual": "help",
}
"""What others call a command: suggested, and never run."""
