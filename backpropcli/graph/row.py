"""A row of the table of operations.

A run needs few of the rows, so what is made of their texts is made where it is first asked for.
"""

from __future__ import annotations

from backpropcli.graph.cells import Notation, Rule, adjoints_of, late, rule_of, with_defaults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropcli.graph.cells import Adjoints, Kink

SAMPLES = ("real",)


class Row:
    """All there is to know of one operation.

    ``rules`` are the local partial derivatives by each input, as books write them; ``in_floats``
    are the same in the form that floats need, and ``elsewhere`` in the one that other programs
    compute, where that loses digits which the books' keeps. They may use the inputs by the names in
    the signature, ``out`` for the operation's own value, and every operation. The rule "0" says
    that the operation is locally constant in that input: nothing flows there. ``taken`` says when
    an edge is taken, None for always. In a row that takes any number of inputs ("max(x, y, ...)")
    the one rule is for the input at hand, ``x``, and ``args`` stands for all of them.

    ``expand`` is the value in terms of other operations, for an arithmetic with no word of its
    own. ``helper`` rows stand in rules only and are no words of the language. ``image`` says what
    the value is wherever all inputs are real numbers: "real", "nonnegative", "positive" or "unit"
    (between 0 and 1); it is "" where there may be none, or where ``expand`` tells. ``latex`` is how
    books write it; without it stands its name, as a function's.

    ``domain`` says where floats have a value, and ``exists`` where books do, if an infinity at the
    edge of the domain makes the two differ.

    ``static`` are the names of what an operation on arrays has besides its inputs, such as its
    axis, with their defaults as they are written: "axis=None". One without a default may be given
    by position too, after the inputs (before them, where there may be any number of inputs), and so
    may one that is marked: "axis?=None". A node's ``arg`` holds the tuple of them.

    An operation on whole arrays has no partial derivative by an element, but ``adjoints``: what
    goes to each input, as text in which ``g`` is the adjoint of the value. It is linear in ``g``.
    What it yields is summed back, or spread, to the input's shape by the walk. By the inputs'
    numbers of axes ("2,1"), where they decide; or from a function of the input's index and of
    what is static. With neither rules nor adjoints an operation is what ``expand`` says.

    ``exponential`` is 1 where the value is made of exponentials of the input, and 2 where it is of
    those of its square.

    ``spelled`` is the operation's word in the language, where that stands for others too.

    ``samples`` names how tests draw each input: "real" (both signs, log-uniform over the whole
    range of a double, and the edges), "positive", "unit" (0 to 1), "open" (-1 to 1), "whole",
    "moderate" (-30 to 30), or "LOW:HIGH".
    """

    own = False
    """Whether a program defines the operation."""
    convention = ""
    """Which slopes it takes at its kinks, where they are not the table's own."""
    shares = True
    """Whether inputs that tie share a slope of 1, so that a node that ties with itself has it."""

    def __init__(  # noqa: PLR0913 (a row has this many cells)
        self,
        signature: str,
        *rules: str | Rule,
        doc: str,
        in_floats: tuple[str | Rule, ...] = (),
        elsewhere: tuple[str, ...] = (),
        static: tuple[str, ...] = (),
        adjoints: tuple[str | Rule, ...] | dict[str, tuple[str, ...]] | Callable[..., str] = (),
        taken: tuple[str, ...] = (),
        samples: tuple[str, ...] = (),
        expand: str | Rule | None = None,
        kinks: tuple[Kink, ...] = (),
        domain: str | None = None,
        exists: str | None = None,
        image: str = "",
        latex: str | Notation | None = None,
        aliases: tuple[str, ...] = (),
        infix: str | None = None,
        note: str = "",
        stops: bool = False,
        helper: bool = False,
        overflows: bool = False,
        exponential: int = 0,
        reduces: bool = False,
        spelled: str = "",
    ) -> None:
        self.signature = signature
        self.name = signature.partition("(")[0]
        self.variadic = signature.endswith("...)")
        self._rules = rules
        self._in_floats = in_floats
        self._elsewhere = elsewhere
        self._taken = taken
        self._static = static
        self._adjoints = adjoints
        self.doc = doc
        self._samples = samples
        self._expand = expand
        self.kinks = kinks
        self._domain = domain
        self.exists = exists or domain or ""
        self.image = image
        self._latex = latex
        self.aliases = aliases
        self.infix = infix
        self.note = note
        self.stops = stops
        self.helper = helper
        self.overflows = overflows
        self.exponential = exponential
        self.reduces = reduces
        self.spelled = spelled or self.name

    def put(self, **cells: object) -> None:
        """Give the row other cells, as it was made with: its rules, or what it expands to."""
        for name, cell in cells.items():
            setattr(self, f"_{name}", cell)
            self.__dict__.pop(name, None)  # what was made of the one before

    @late
    def defaults(self) -> dict[str, str]:
        return {name: default for name, default in self._signed() if default}

    @late
    def parameters(self) -> list[str]:
        return [name for name, _ in self._signed()]

    @late
    def static(self) -> dict[str, str]:
        return {key.removesuffix("?"): default for key, default in with_defaults(self._static)}

    @late
    def positional(self) -> list[str]:
        marked = [
            key for key, default in with_defaults(self._static) if not default or key.endswith("?")
        ]
        return [key.removesuffix("?") for key in marked]

    @late
    def usage(self) -> str:
        if not self._static:
            return self.signature
        inputs = [f"{name}={default}" if default else name for name, default in self._signed()]
        inputs += ["..."] * self.variadic
        needed = [key for key, default in self.static.items() if not default]
        others = [f"{key}={default}" for key, default in self.static.items() if default]
        # What has no default stands first where there may be any number of inputs.
        parts = [*needed, *inputs] if self.variadic else [*inputs, *needed]
        return f"{self.spelled}({', '.join([*parts, *others])})"

    @late
    def adjoints(self) -> Adjoints:
        return adjoints_of(self._adjoints)

    @late
    def rules(self) -> tuple[Rule, ...]:
        return tuple(map(rule_of, self._rules))

    @late
    def in_floats(self) -> tuple[Rule, ...]:
        return tuple(map(rule_of, self._in_floats)) or self.rules

    @late
    def elsewhere(self) -> tuple[Rule, ...]:
        return tuple(map(rule_of, self._elsewhere)) or self.rules

    @late
    def taken(self) -> tuple[Rule | None, ...]:
        rules = tuple([Rule(text) if text else None for text in self._taken])
        return rules or (None,) * len(self.rules)

    @late
    def samples(self) -> tuple[str, ...]:
        return self._samples or SAMPLES * len(self.parameters)

    @late
    def expand(self) -> Rule | None:
        return None if self._expand is None else rule_of(self._expand)

    @late
    def domain(self) -> Rule | None:
        return None if self._domain is None else Rule(self._domain)

    @late
    def latex(self) -> Notation | None:
        return Notation(self._latex) if isinstance(self._latex, str) else self._latex

    def _signed(self) -> list[tuple[str, str]]:
        """Return the inputs of the signature, each with its default, "" for none."""
        inside = self.signature[:-1].partition("(")[2].removesuffix(", ...")
        return with_defaults(inside.split(","))

    def cell(self, index: int) -> int:
        """Return where the rule by input number ``index`` stands in ``rules`` and the like."""
        return 0 if self.variadic else index

    @late
    def whole(self) -> bool:
        """Whether it is an operation on whole arrays, with adjoints."""
        return bool(self._adjoints)

    @late
    def derived(self) -> bool:
        """Whether it is just a name for what ``expand`` says, and is written out."""
        return not self._rules and not self._adjoints and self._expand is not None

    def adjoint(self, index: int, axes: Sequence[int], arg: tuple[object, ...]) -> Rule | None:
        """Return what goes to input number ``index``; None for nothing.

        ``axes`` are the numbers of axes of the inputs, and ``arg`` is what is static.
        """
        found = self.adjoints
        if callable(found):
            found = (Rule(found(index, axes, *arg)),)
        elif isinstance(found, dict):
            found = found[",".join(str(min(count, 3)) for count in axes)]
        rule = found[min(index, len(found) - 1)]
        return None if rule.number == 0 else rule

    def live(self, index: int) -> bool:
        """Say whether the value moves with input number ``index``."""
        if isinstance(self.adjoints, tuple) and self.adjoints:
            return self.adjoints[min(index, len(self.adjoints) - 1)].number != 0
        if self.adjoints:
            return True
        return not self.stops and self.rules[self.cell(index)].number != 0

    @property
    def shown(self) -> str:
        """The operation's name for people."""
        return self.spelled

    def accepts(self, count: int) -> bool:
        """Say whether a call may have ``count`` inputs."""
        most = len(self.parameters)
        if self.variadic:
            return count >= most
        return most - len(self.defaults) <= count <= most
