"""The default command's options, each declared once: the quick reader and typer both use these."""

from __future__ import annotations

VIEWS = ("all", "graph", "forward", "backward", "steps", "table")


class Option:
    """One option: its type is the type of its value; a flag has none, and may have a --no- form."""

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


GRADIENT = (
    Option(
        "wrt", str, None, "Differentiate by these names only; all else is data.", metavar="NAMES"
    ),
    Option(
        "bind",
        str,
        None,
        "Read bindings from a JSON or TOML file, or - for stdin.",
        metavar="FILE",
        repeated=True,
    ),
    Option("view", str, "all", f"What to show: {', '.join(VIEWS)}.", metavar="VIEW"),
    Option(
        "open",
        str,
        None,
        "Show the inside of these functions' calls; all opens every one.",
        metavar="NAMES",
    ),
    Option("json", bool, False, "Print the report as JSON."),
    Option("jsonl", bool, False, "Print the report as one line of JSON."),
    Option("quiet", bool, False, "Print the gradient only, one 'name value' a line."),
    Option("digits", int, None, "Significant digits for people (6); JSON has all.", metavar="N"),
    Option("max-nodes", int, 500, "How many nodes a tree or a table may have.", metavar="N"),
    Option(
        "check",
        bool,
        None,
        "Prove the gradient with SymPy (on where a person looks).",
        negation=True,
    ),
    Option(
        "check-timeout", float, 10.0, "Stop the proof after so many seconds.", metavar="SECONDS"
    ),
)
