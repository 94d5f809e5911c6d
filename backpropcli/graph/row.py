"""A row of the table of operations, and what its cells hold: rules, kinks.

A run needs few of the rows, so what is made of their texts is made where it is first asked for.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, TypeAlias

    Adjoints: TypeAlias = "tuple[Rule, ...] | dict[str, tuple[Rule, ...]] | Callable[..., str]"

    late = property
else:

    class late:  # noqa: N801 (it is written as property is)
        """A property that is worked out once, where it is first asked for."""

        def __init__(self, make: Callable[[Any], Any]) -> None:
            self.make = make
            self.name = make.__name__
            self.__doc__ = make.__doc__

        def __get__(self, owner: Any, _kind: object = None) -> Any:  # noqa: ANN401
            if owner is None:
                return self
            made = owner.__dict__[self.name] = self.make(owner)
            return made


SAMPLES = ("real",)


class Rule:
    """Mathematics as text in the tool's own language.

    ``number`` is 0, 1 or -1 where the rule is just that. ``parsed`` is the rule's program, once
    something has asked for it: the parser stands above the table. The rule of a function of a
    program's own is its program from the start (``own``), and its literals are the user's.
    """

    __slots__ = ("number", "own", "parsed", "text")

    def __init__(self, text: str, own: Any = None) -> None:  # noqa: ANN401 (a program: above this)
        self.text = text
        self.own = own is not None
        self.parsed: Any = own
        self.number = int(text) if text in {"0", "1", "-1"} else None

    def __repr__(self) -> str:
        return f"Rule({self.text!r})"


PEERS = {"PyTorch": "2.14.1", "JAX": "0.10.2", "TensorFlow": "2.21.0", "SymPy": "1.14.0"}
"""Whose answers at kinks the table has, each with the version that was asked."""


def peer_since(peer: str, since: str) -> str:
    """Return how a peer is called whose answer at a kink is one ``since`` a release of PyTorch."""
    return f"{peer} (from {since})" if since and peer == "PyTorch" else peer


class Kink:
    """A place where an operation has no derivative: ``when`` it is met, and the slopes there.

    ``slopes`` maps an input's name to its (left, right) slopes. The cells after those are the
    answers of PEERS there: "" where one has no such function, or no number, and for all of them
    where there are none. ``jump`` is true where the value itself jumps as that input moves, and
    ``alone`` where there is none beside the place: both slopes are nan. ``turns`` is a text that
    has another value on the two sides, where the condition alone does not tell them apart. Inputs
    that tie have ``shared`` a slope of 1. What is ``fixed`` is no slope that could be another one.
    By ``joint`` inputs it is a kink where two of them move, though none is by one that moves alone.
    ``since`` is the first release of PyTorch that has its answer; "" where none had another one.
    ``said`` is when it is met in words, where the condition is not for readers. ``verb`` is what
    the value does there, if it is a jump. A whole number for the input ``fractional`` rules it out.
    """

    def __init__(  # noqa: PLR0913 (a record)
        self,
        when: str,
        *,
        jump: bool = False,
        turns: str = "",
        shared: bool = False,
        fixed: bool = False,
        joint: tuple[str, ...] = (),
        since: str = "",
        said: str = "",
        verb: str = "jumps",
        fractional: str = "",
        **slopes: tuple[str, ...],
    ) -> None:
        self._when = when
        self._slopes = slopes
        self._turns = turns
        self.jump = jump
        self.shared = shared
        self.fixed = fixed
        self.joint = joint
        self.since = since
        self.said = said
        self.verb = verb
        self.fractional = fractional

    @late
    def alone(self) -> bool:
        return all(cells[:2] == ("nan", "nan") for cells in self._slopes.values())

    def by(self, moving: Sequence[str]) -> set[str]:
        """Return the inputs by which it is a kink, where those of the names ``moving`` move."""
        turning = {
            name for name, cells in self._slopes.items() if self.jump or cells[0] != cells[1]
        }
        joined = [name for name in moving if name in self.joint]
        return {name for name in moving if name in turning or (len(joined) > 1 and name in joined)}

    @late
    def when(self) -> Rule:
        return Rule(self._when)

    @late
    def turns(self) -> Rule | None:
        return Rule(self._turns) if self._turns else None

    @late
    def slopes(self) -> dict[str, tuple[Rule, Rule]]:
        return {name: (Rule(cells[0]), Rule(cells[1])) for name, cells in self._slopes.items()}

    @late
    def peers(self) -> dict[str, dict[str, Rule]]:
        return {
            name: {
                peer: Rule(text)
                for peer, text in zip(PEERS, cells[2:] or ("",) * len(PEERS), strict=True)
                if text
            }
            for name, cells in self._slopes.items()
        }


class Static(str):
    """In a rule: what is static in the operation at hand, by its name, such as its ``axis``."""

    __slots__ = ()


class Sized(int):
    """The whole number of what is written for a size with ``names``: ones(2*n) with n=3."""

    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, value: int, names: Iterable[str]) -> Sized:
        """Return a whole number that rests on names."""
        size = cls(value)
        size.names = tuple(names)
        return size


def sizes_in(table: Mapping[str, Row], args: Iterable[object]) -> set[str]:
    """Return the names that are written for sizes, in what is static in a graph."""
    found: set[str] = set()
    todo = [*args] if "array" in table else []
    while todo:
        arg = todo.pop()
        if isinstance(arg, tuple):
            todo += arg
        elif isinstance(arg, Sized):
            found.update(arg.names)
    return found


def settled(arg: object, known: Mapping[str, object]) -> object:
    """Return a node's ``arg`` with what ``known`` says in place of each ``Static`` in it."""
    if isinstance(arg, Static):
        return known[arg]
    if isinstance(arg, tuple):
        return tuple([settled(part, known) for part in arg])
    return arg


LEVELS = ("any", "or", "and", "not", "compared", "added", "multiplied", "factor", "raised", "atom")
"""How tightly a formula binds, the loosest first."""


class Notation:
    r"""How books write an operation, in LaTeX.

    ``text`` has a slot for each input, "#x"; or "#x:atom", where an input that binds less tightly
    than an atom is in parentheses (``LEVELS``). Without slots it is the symbol of a function, as
    "\\sin", and if it is ``raised`` its powers are written sin²(x). ``level`` is how tightly all of
    it binds. Where a variable looks like its ``letter``, the operation's name is written.
    """

    def __init__(
        self, text: str, level: str = "raised", *, letter: str = "", raised: bool = False
    ) -> None:
        self.text = text
        self.level = LEVELS.index(level)
        self.letter = letter
        self.raised = raised

    @late
    def parts(self) -> list[str | tuple[str, int]]:
        """Return the text in pieces: what stands in it, and (input, how tightly it has to bind)."""
        head, *slots = self.text.split("#")
        found: list[str | tuple[str, int]] = [head] if head else []
        for slot in slots:
            name = _word(slot)
            rest = slot.removeprefix(name)
            wanted = _word(rest[1:]) if rest.startswith(":") else ""
            rest = rest.removeprefix(f":{wanted}") if wanted else rest
            found += [(name, LEVELS.index(wanted or "any")), *[rest] * bool(rest)]
        return found


def _word(text: str) -> str:
    """Return the letters that a text begins with."""
    return text[: next((at for at, char in enumerate(text) if not char.isalpha()), len(text))]


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
        self.reduces = reduces
        self.spelled = spelled or self.name

    def set_rules(
        self, rules: Sequence[Rule], in_floats: Sequence[Rule], taken: Sequence[str]
    ) -> None:
        """Give the row other partial derivatives."""
        self._rules, self._in_floats, self._taken = tuple(rules), tuple(in_floats), tuple(taken)

    def set_adjoints(self, adjoints: Callable[..., str]) -> None:
        """Give the row other adjoints."""
        self._adjoints = adjoints

    @late
    def defaults(self) -> dict[str, str]:
        return {name: default for name, default in self._signed() if default}

    @late
    def parameters(self) -> list[str]:
        return [name for name, _ in self._signed()]

    @late
    def static(self) -> dict[str, str]:
        return {key.removesuffix("?"): default for key, default in self._settings()}

    @late
    def positional(self) -> list[str]:
        marked = [key for key, default in self._settings() if not default or key.endswith("?")]
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
        return _adjoints(self._adjoints)

    @late
    def rules(self) -> tuple[Rule, ...]:
        return tuple(map(_rule, self._rules))

    @late
    def in_floats(self) -> tuple[Rule, ...]:
        return tuple(map(_rule, self._in_floats)) or self.rules

    @late
    def elsewhere(self) -> tuple[Rule, ...]:
        return tuple(map(_rule, self._elsewhere)) or self.rules

    @late
    def taken(self) -> tuple[Rule | None, ...]:
        rules = tuple([Rule(text) if text else None for text in self._taken])
        return rules or (None,) * len(self.rules)

    @late
    def samples(self) -> tuple[str, ...]:
        return self._samples or SAMPLES * len(self.parameters)

    @late
    def expand(self) -> Rule | None:
        return None if self._expand is None else _rule(self._expand)

    @late
    def domain(self) -> Rule | None:
        return None if self._domain is None else Rule(self._domain)

    @late
    def latex(self) -> Notation | None:
        return Notation(self._latex) if isinstance(self._latex, str) else self._latex

    def _settings(self) -> list[tuple[str, str]]:
        """Return what is static, each with its default, "" for none."""
        pairs = [text.partition("=") for text in self._static]
        return [(key, default) for key, _, default in pairs]

    def _signed(self) -> list[tuple[str, str]]:
        """Return the inputs of the signature, each with its default, "" for none."""
        inside = self.signature[:-1].partition("(")[2].removesuffix(", ...")
        cells = [cell.strip().partition("=") for cell in inside.split(",")]
        return [(name, default) for name, _, default in cells if name]

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


def _adjoints(found: Any) -> Adjoints:  # noqa: ANN401 (texts, by index or by numbers of axes)
    if callable(found):
        return found  # type: ignore[no-any-return]
    if isinstance(found, dict):
        return {axes: tuple(map(Rule, texts)) for axes, texts in found.items()}
    return tuple(map(_rule, found))


def _rule(text: str | Rule) -> Rule:
    return text if isinstance(text, Rule) else Rule(text)
