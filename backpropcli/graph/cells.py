"""What the cells of a row hold: rules, kinks, and how books write an operation."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
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


def adjoints_of(found: Any) -> Adjoints:  # noqa: ANN401 (as a row has them)
    """Return the adjoints that are given as texts: by input, by the inputs' axes, or a function."""
    if callable(found):
        return found  # type: ignore[no-any-return]
    if isinstance(found, dict):
        return {axes: tuple(map(Rule, texts)) for axes, texts in found.items()}
    return tuple(map(rule_of, found))


def rule_of(text: str | Rule) -> Rule:
    """Return a rule that is given as its text, or as itself."""
    return text if isinstance(text, Rule) else Rule(text)


def with_defaults(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Return names with their defaults, as "axis=None" has one; "" for none."""
    parts = [text.strip().partition("=") for text in texts]
    return [(name, default) for name, _, default in parts if name]


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
