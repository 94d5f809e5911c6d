"""What two programs are compared by, and what is assumed of them."""

from __future__ import annotations

from backpropcli.calculus.sizing import of_size
from backpropcli.errors import BackpropError, SourceError, did_you_mean
from backpropcli.language.claims.records import as_condition
from backpropcli.language.names import hint_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from backpropcli.language.program import Program


ASSUME = "--assume"


def assumptions(texts: Sequence[str], programs: Sequence[Program]) -> list[Program]:
    """Return conditions on what two programs name, as programs. Raises SourceError."""
    from backpropcli.language.parse import parse
    from backpropcli.language.scanner import statements

    known = {name: 0 for one in programs for name in (*one.variables, *one.names)}
    both = [name for name in programs[0].names if name in programs[1].names]
    apart = [name for name in both if not _same([one.names[name] for one in programs], programs)]
    found = []
    for text in texts:
        if any(equals for _, equals, _ in statements(text)):
            raise SourceError(
                "an assumption is a condition", text, 0, len(text), as_condition(text), ASSUME
            )
        condition = parse(text, known, ASSUME)
        for name, node in condition.variables.items():
            place = (text, condition.starts[node], condition.ends[node])
            if name not in known:
                hint = did_you_mean(name, known, f"names: {', '.join(known)}")
                raise SourceError(f"there is no '{name}'", *place, hint, ASSUME)
            if name in apart:
                raise SourceError(
                    f"both programs have a {name} of their own",
                    *place,
                    "assume something of the variables",
                    ASSUME,
                )
        found.append(condition)
    return found


def _same(nodes: Sequence[int], programs: Sequence[Program]) -> bool:
    """Say whether nodes of two programs are written the same."""
    one, other = (
        program.graph.part([node])[0] for node, program in zip(nodes, programs, strict=True)
    )
    return one == other


def wanted(programs: Sequence[Program], wrt: Sequence[str], sizes: Collection[str]) -> list[str]:
    """Return the names to compare derivatives by: all variables of both if none are given.

    Those that are ``sizes`` are left out. Raises BackpropError for a name that is unknown, one of
    a size, or an intermediate of one program alone.
    """
    for one, other in (programs, programs[::-1]):
        for name in one.variables:
            if name in other.names:
                raise BackpropError(
                    f"{name} is a variable of one program, and the other assigns it",
                    "give one of the two another name",
                )
    variables = {**programs[0].variables, **programs[1].variables}
    if not wrt:
        if not variables:
            raise BackpropError("there is nothing to differentiate by: there are no variables")
        return [name for name in variables if name not in sizes]
    names = [{**one.variables, **one.names} for one in programs]
    for name in wrt:
        if name in sizes:
            raise of_size(name)
        if name in variables or all(name in one for one in names):
            continue
        if any(name in one for one in names):
            raise BackpropError(
                f"only one of the two has the intermediate '{name}'",
                "differentiate by a variable, or by what both name",
            )
        known = {*names[0]} | {*names[1]}
        hint = hint_for(name, known, f"names: {', '.join(variables)}")
        raise BackpropError(f"neither of the two has a '{name}' to differentiate by", hint)
    return [*wrt]
