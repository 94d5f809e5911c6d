"""Reads a program with the claims on it, in which each is a statement."""

from __future__ import annotations

from backpropcli.errors import MistakeError, SourceError, did_you_mean
from backpropcli.graph.operations import CONSTANTS
from backpropcli.language.claims.builder import Claims
from backpropcli.language.claims.records import Claimed, Text, moved
from backpropcli.language.claims.titles import SIGN, as_name, quotients
from backpropcli.language.driver import build, normal
from backpropcli.language.names import hint_for
from backpropcli.language.parse import explained
from backpropcli.language.scanner import statements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


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
    builder = Claims(whole, origin, bound)
    builder.alone = alone
    try:
        builder.source = text
        build(builder, text)
        builder.claims_follow()
        builder.source = whole
        for one, (offset, _, _) in zip((*claims, *assumed), parts[1:], strict=True):
            builder.pasted, builder.assuming = one.pasted, one in assumed
            written = one.text if builder.assuming else _in_names(one.text, offset, builder)
            build(builder, f"{' ' * (offset - 1)}\n{written}")
        return _finished(builder, parts)
    except MistakeError as mistake:
        raise moved(explained(mistake), parts) from None
    except SourceError as error:
        raise moved(error, parts) from None


def _in_names(text: str, offset: int, builder: Claims) -> str:
    """Return claims that begin at ``offset`` with one name for each derivative in them.

    The ``builder`` is told which derivatives these are.
    """
    written = text
    for begin, equals, end in statements(text):
        left = text[begin : equals[0]].strip() if equals else ""
        if len(equals) > 1:
            at, right = equals[1], text[equals[1] + 1 : end].strip()
            hint = f"write {left} = {right} as a claim of its own"
            raise builder.error("a claim has one equals sign", offset + at, offset + at + 1, hint)
        if left and left.split()[0] != "def":
            written = _put(written, begin, as_name(left))
            builder.lefts[offset + begin] = left
    for one in quotients(written.replace(SIGN, "d")):
        if builder.is_derivative(one, offset):
            written = _put(written, one.start, as_name(one.text))
            builder.rights[offset + one.start] = one.text
    return written


def _put(text: str, start: int, name: str) -> str:
    return text[:start] + name + text[start + len(name) :]


def _finished(builder: Claims, parts: list[tuple[int, str, str]]) -> Claimed:
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
    result = Claimed(program, outputs, found, conditions, parts)
    result.notes = builder.notes
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
            hint_for(
                idle[0],
                builder.known,
                f"claims are on: {', '.join(builder.known)}; a derivative is called "
                f"{' or '.join(builder.titles()[:2])}",
            ),
        )
    for name, node in program.variables.items():
        if name not in builder.known and name not in builder.bound:
            start, end = program.starts[node], program.ends[node]
            hint = did_you_mean(name, builder.known, f"it has: {', '.join(builder.known)}")
            raise result.error(f"the program has no '{name}'", start, end, hint)
    return result
