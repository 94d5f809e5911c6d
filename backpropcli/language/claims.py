"""Claims: derivatives that somebody worked out by hand, as statements next to a program.

``w = 2*(w*x + b - y)*x`` claims the derivative by w; it binds nothing, so w is the variable on the
right. ``dL_dw``, ``d_dw``, ``dL/dw`` and, twice, ``d2L_dw_db``, ``∂²L/∂w∂b`` say of what and by
what. Any other name is a helper, for the claims below it.
"""

from __future__ import annotations

from backpropcli.errors import BackpropError, MistakeError, SourceError, did_you_mean
from backpropcli.graph.operations import CONSTANTS
from backpropcli.language.builder import Builder
from backpropcli.language.driver import build, normal
from backpropcli.language.names import hint_for
from backpropcli.language.parse import explained
from backpropcli.language.scanner import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.language.program import Program

BETWEEN = {"_NEWLINE", "SEMICOLON"}
CONDITIONS = {"lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not"}
OPEN, CLOSED = {"LPAR", "LSQB"}, {"RPAR", "RSQB"}
EXAMPLE = "write it as in 'w = 2*w*x', or with what it is the derivative of: 'dL_dw = 2*w*x'"
DELTAS = str.maketrans({"∂": "d", "δ": "d"})


class Text:
    """A text with claims, and what it is called in messages; a ``pasted`` one may repeat names."""

    __slots__ = ("origin", "pasted", "text")

    def __init__(self, text: str, origin: str = "", *, pasted: bool = False) -> None:
        self.text = normal(text)
        self.origin = origin
        self.pasted = pasted


def texts(given: str | Mapping[str, str] | Sequence[Text | str], origin: str = "") -> list[Text]:
    """Return claims, or conditions, as texts: statements, or expressions by name."""
    if isinstance(given, str):
        return [Text(given, origin)]
    if isinstance(given, dict):
        for name, one in given.items():
            if not isinstance(one, (str, int, float)):
                raise BackpropError(
                    f"the claim on {name} is no expression",
                    "assert_gradient compares numbers and arrays of another program",
                )
        return [Text(f"{name} = {text}", origin) for name, text in given.items()]
    return [one if isinstance(one, Text) else Text(one, origin) for one in given]


class Target:
    """What a claim is of: the derivative of node ``of``, by the nodes ``by``, in order.

    ``title`` is how the claim writes it, and ``names`` are those of what it is by.
    """

    __slots__ = ("by", "names", "of", "title")

    def __init__(self, title: str, of: int, by: list[int], names: list[str]) -> None:
        self.title = title
        self.of = of
        self.by = by
        self.names = names


class Claim:
    """A claimed derivative: its ``target``, its node, and where its right side stands."""

    __slots__ = ("end", "node", "start", "target", "text")

    def __init__(self, target: Target, node: int, place: tuple[int, int], text: str) -> None:
        self.target = target
        self.node = node
        self.start, self.end = place
        self.text = text


class Claimed:
    """A program with claims on it: ``outputs`` are the program's, and ``conditions`` assumptions.

    All are nodes of the ``program``, whose source is the texts of all, one below the other;
    ``error`` makes an error at a place in it.
    """

    __slots__ = ("claims", "conditions", "outputs", "parts", "program")

    def __init__(
        self,
        program: Program,
        outputs: list[int],
        claims: list[Claim],
        conditions: list[int],
        parts: list[tuple[int, str, str]],
    ) -> None:
        self.program = program
        self.outputs = outputs
        self.claims = claims
        self.conditions = conditions
        self.parts = parts

    def error(self, message: str, start: int, end: int, hint: str = "") -> SourceError:
        """Return the error at characters ``start`` to ``end`` of the source of all."""
        return moved(SourceError(message, self.program.source, start, end, hint), self.parts)


def moved(error: SourceError, parts: Sequence[tuple[int, str, str]]) -> SourceError:
    """Return an error in the source of all as one in the text that it is about."""
    offset, text, origin = next(part for part in reversed(parts) if part[0] <= error.start)
    if error.source.startswith(parts[0][1]):
        error.source, error.origin = text, origin
        error.start, error.end = error.start - offset, error.end - offset
        if offset:  # what corrects a claim is no edit of the program
            inside = [one for one in error.fixes if all(edit[0] >= offset for edit in one)]
            error.fixes = tuple(
                [(start - offset, end - offset, new) for start, end, new in edits]
                for edits in (inside if origin else ())
            )
            error.words = ()
    return error


class _Claims(Builder):
    """Builds a program, and after it the claims on it."""

    def __init__(self, source: str, origin: str, bound: Collection[str]) -> None:
        super().__init__(source, origin, bound)
        self.own: list[int] = []
        """The program's outputs."""
        self.heads: list[str] = []
        self.known: dict[str, int] = {}
        """What derivatives may be of and by: the program's variables and intermediates."""
        self.places: dict[str, int] = {}
        self.found: list[Claim] = []
        self.conditions: list[int] = []
        self.helpers_made: dict[str, tuple[int, int]] = {}
        self.lefts: dict[int, str] = {}
        self.alone: str | None = None
        """By what a claim is that does not say it."""
        self.pasted = False
        self.assuming = False

    def claims_follow(self) -> None:
        """Take what has been built for the program."""
        program = self.program()  # raises where there is none
        assert self.last is not None  # noqa: S101 (for mypy: there is a program)
        self.own = list(self.last[0])
        self.heads = [name if name in self.names else "" for name in program.written]
        self.known = {**self.graph.variables(), **self.names}
        self.nameless = None

    def assignment(self, values: list[Any], start: int, end: int) -> None:
        if not self.own:
            super().assignment(values, start, end)
            return
        left, node = self.lefts.get(start, values[0]), values[2]
        begin = self.source.index("=", start + len(left)) + 1
        begin += len(self.source[begin:end]) - len(self.source[begin:end].lstrip())
        if self.assuming:
            hint = as_condition(self.source[start:end])
            raise self.error("an assumption is a condition", start, end, hint)
        if left in self.names and left in self.known and self.pasted:
            if self.graph.inputs[self.names[left]] == (node,):
                return  # a definition of the program's own, as formula prints it
            raise self.error(
                f"{left} is a name of the program",
                start,
                start + len(left),
                f"for the derivative by it write d_d{left} = ...; else remove this line",
            )
        target = self._target(left)
        if target is not None:
            self.found.append(Claim(target, node, (begin, end), self.source[begin:end]))
            return
        self._is_helper(left, start)
        self.helpers_made[left] = (start, start + len(left))
        self.names[left] = self.mark(self.graph.node("name", (node,), left), begin, end)

    def _is_helper(self, left: str, start: int) -> None:
        """Raise SourceError for what can be no helper's name."""
        end = start + len(left)
        if left in self.known:
            named = [title for title in self.titles() if title.endswith(f"_d{left}")]
            titles = " or ".join([title for title in named if not title.startswith("d_d")])
            count = len(self.own)
            message = f"the program has {count} outputs, and this claim does not say of which it is"
            raise self.error(message, start, end, f"write {titles} = ...")
        if left in self.names or left in self.bound:
            raise self.error(f"{left} has a value already", start, end, "give it another name")
        if not left.isidentifier() or (left[0] == "d" and "_d" in left):
            raise self.error(
                f"there is no derivative '{left}' here",
                start,
                end,
                did_you_mean(left, self.titles(), f"there are: {', '.join(self.titles()[:12])}"),
            )

    def output(self, values: list[Any], start: int, end: int) -> None:
        if not self.own:
            super().output(values, start, end)
            return
        if self.assuming:
            if self.graph.operations[values[0]] not in CONDITIONS:
                raise self.error("this is no condition", start, end, "write one, as in x > 0")
            self.conditions.append(values[0])
            return
        names = [*self.graph.variables()] if self.alone is None else [self.alone]
        names = [name for name in names if name in self.known]
        unsaid = len(names) != 1 or len(self.own) != 1 or self.found
        text, told = self.source[start:end], "this claim does not say by what it is"
        left, equal, right = text.partition("==")
        if equal and self.graph.operations[values[0]] == "eq" and self._target(left.strip()):
            hint = f"write {left.strip()} = {right.strip()}"
            message = told if unsaid else "a claim has one equals sign"
            error = self.error(message, start, end, hint)
            at = start + len(left)
            error.fixes = ([(at, at + 2, "=")],)
            raise error
        if unsaid:
            raise self.error(told, start, end, EXAMPLE)
        target = Target(names[0], self.own[0], [self.known[names[0]]], names)
        self.found.append(Claim(target, values[0], (start, end), self.source[start:end]))

    def outputs(self, values: list[Any], start: int, end: int) -> None:
        if not self.own or not self.pasted:
            super().outputs(values, start, end)

    def _outputs(self, nodes: list[int], start: int, end: int) -> None:
        if not self.own:
            super()._outputs(nodes, start, end)
            return
        raise self.error("a claim is one derivative", start, end, "write a line for each")

    def _target(self, left: str) -> Target | None:
        """Return what a left side is the derivative of, and by; None if it is no derivative."""
        if left in self.known:
            if len(self.own) == 1:
                return Target(left, self.own[0], [self.known[left]], [left])
            return None
        for title, target in self._targets(left):
            if title == _plain(left):
                target.title = left
                return target
        return None

    def _targets(self, like: str = "") -> Iterator[tuple[str, Target]]:
        """Yield the derivatives there are by what they are called, those of names in a text."""
        plain = _plain(like)
        by = {name: node for name, node in self.known.items() if not like or f"d{name}" in plain}
        of: list[tuple[str, int]] = []
        letter = plain[1:].partition("_d")[0], self.own[0]  # of what has no name: L in dL/dx
        for number, (head, node) in enumerate(zip(self.heads, self.own, strict=True), 1):
            several = [f"f{number}"] if len(self.own) > 1 else [""]
            of += [(name, node) for name in ([head] if head else several)]
            of += [("", node)] if head and len(self.own) == 1 else []
            of += [] if head or len(self.own) > 1 or self.names.keys() & self.known else [letter]
        of += [(name, node) for name, node in self.names.items() if name in self.known]
        twice = not like or "2" in plain
        for head, node in of:
            for name, one in by.items():
                for stem in (f"d{head}_d{name}", *[f"d_d{head}_d{name}"] * bool(head)):
                    yield stem, Target(stem, node, [one], [name])
                for other, two in by.items() if twice else ():
                    both = Target(f"d2{head}_d{name}_d{other}", node, [one, two], [name, other])
                    yield both.title, both
                    yield f"d2{head}_d{name}d{other}", both
                    yield f"d2_d{head}_d{name}_d{other}", both
                    if name == other:
                        yield f"d2{head}_d{name}2", both

    def titles(self) -> list[str]:
        """Return what the first derivatives are called."""
        titles = [title for title, one in self._targets() if len(one.by) == 1]
        return [
            *dict.fromkeys(title for title in titles if "d_d" not in title or title[:2] == "d_")
        ]


def as_condition(text: str) -> str:
    """Return what to write in place of an assignment that was to be a condition."""
    left, _, right = (part.strip() for part in text.partition("="))
    return f"write {left} == {right}"


def _plain(left: str) -> str:
    """Return a left side as letters, digits and single underscores: dL/dw is dL_dw."""
    plain = left.translate(DELTAS)
    plain = plain.replace("²", "2") if plain.startswith("d²") else plain
    plain = "".join([char if char.isalnum() else "_" for char in plain])
    plain = "_".join(filter(None, plain.split("_")))
    if plain.startswith("d_2"):
        plain = f"d2{plain[3:]}"
    return f"{plain[:-2]}2" if plain.startswith("d2") and plain.endswith("_2") else plain


def claimed(  # noqa: PLR0913 (what is read together)
    text: str,
    bound: Collection[str] = (),
    origin: str = "",
    *,
    claims: Sequence[Text] = (),
    assumed: Sequence[Text] = (),
    alone: str | None = None,
) -> Claimed:
    """Read a program, claims on it, and conditions that are assumed.

    ``bound`` are names that have a value; a claim that does not say by what it is, is by the name
    ``alone``. Raises SourceError, at a place in the text that it is
    about.
    """
    text = normal(text)
    parts, whole = [(0, text, origin)], text
    for one in (*claims, *assumed):
        parts.append((len(whole) + 1, one.text, one.origin))
        whole = f"{whole}\n{one.text}"
    builder = _Claims(whole, origin, bound)
    builder.alone = alone
    try:
        builder.source = text
        build(builder, text)
        builder.claims_follow()
        builder.source = whole
        for one, (offset, _, _) in zip((*claims, *assumed), parts[1:], strict=True):
            builder.pasted, builder.assuming = one.pasted, one in assumed
            written = one.text
            for start, left in () if builder.assuming else _lefts(one.text):
                name = "".join([char if f"a{char}".isidentifier() else "_" for char in left])
                written = written[:start] + name + written[start + len(left) :]
                builder.lefts[offset + start] = left
            build(builder, f"{' ' * (offset - 1)}\n{written}")
        return _finished(builder, parts)
    except MistakeError as mistake:
        raise moved(explained(mistake), parts) from None
    except SourceError as error:
        raise moved(error, parts) from None


def _lefts(text: str) -> Iterator[tuple[int, str]]:
    """Yield what stands before the = of each statement, and where."""
    depth, begin, fresh = 0, 0, True
    for kind, start, end in tokens(text):
        if kind in BETWEEN and not depth:
            begin, fresh = end, True
        elif fresh and kind == "EQUAL":
            left = text[begin:start]
            if left.strip() and left.split()[0] != "def":
                yield begin + len(left) - len(left.lstrip()), left.strip()
            fresh = False
        depth += (kind in OPEN) - (kind in CLOSED)


def _finished(builder: _Claims, parts: list[tuple[int, str, str]]) -> Claimed:
    """Return what has been built, of what the program and the claims rest on."""
    found = builder.found
    targets = [node for claim in found for node in (claim.node, claim.target.of, *claim.target.by)]
    roots = [*builder.own, *builder.conditions, *targets]
    program = builder.scope.program(roots, builder.source, builder.origin)
    places = iter(program.outputs)
    outputs = [next(places) for _ in builder.own]
    conditions = [next(places) for _ in builder.conditions]
    for claim in found:
        claim.node, claim.target.of = next(places), next(places)
        claim.target.by = [next(places) for _ in claim.target.by]
    program.written = []
    program.warnings = builder.warnings
    result = Claimed(program, outputs, found, conditions, parts)
    idle = [name for name in builder.helpers_made if name in program.unused]
    if idle:
        start, end = builder.helpers_made[idle[0]]
        what = "is not a name of the program, and no claim uses it"
        if idle[0] in CONSTANTS:
            what = "is a constant: there is no derivative by it"
        raise result.error(
            f"'{idle[0]}' {what}",
            start,
            end,
            hint_for(idle[0], builder.known, f"claims are on: {', '.join(builder.known)}"),
        )
    for name, node in program.variables.items():
        if name not in builder.known and name not in builder.bound:
            start, end = program.starts[node], program.ends[node]
            hint = did_you_mean(name, builder.known, f"it has: {', '.join(builder.known)}")
            raise result.error(f"the program has no '{name}'", start, end, hint)
    return result
