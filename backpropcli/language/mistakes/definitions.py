"""Explains mistakes in def, rule, use, outputs and diff; each function returns the error."""

from __future__ import annotations

from itertools import pairwise

from backpropcli.errors import SourceError, closest, columns, visible
from backpropcli.graph.operations import NAMES
from backpropcli.language.functions import OUT
from backpropcli.language.scanner import tokens
from backpropcli.language.tables import IGNORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.builder import Builder
    from backpropcli.language.builder.calls import Calls
    from backpropcli.language.builder.expressions import Expressions
    from backpropcli.language.functions import Function

NEAR = 1000
"""How many characters of a statement are looked at closely."""
SHORT = 24
"""How many columns of a name a sentence repeats at most."""
FEW = 4
"""How many parameters a hint lists at most."""


def _plural(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _given(count: int) -> str:
    return f"{count} {'is' if count == 1 else 'are'} given"


def _shown(name: str) -> str:
    """Return a name for a sentence."""
    return name if columns(visible(name)) <= SHORT else "..."


def _called(name: str, parameters: list[str]) -> str:
    """Return a function and its parameters for a hint; neither many nor long ones."""
    names = ", ".join(parameters[:FEW]) + ", ..." * (len(parameters) > FEW)
    return f"{_shown(name)}({_shown(names)})"


def _close(name: str, known: object) -> str:
    """Return the hint "did you mean" for a slip of a name; "" if it is like none."""
    found = closest(name, known) if _shown(name) == name else None
    return f"did you mean '{found}'?" if found else ""


def _words(builder: Expressions, start: int, end: int) -> list[tuple[str, int, int]]:
    """Return the words of the source from ``start`` to ``end``, without white space."""
    return [
        (kind, first + start, last + start)
        for kind, first, last in tokens(builder.source[start : min(end, start + NEAR)])
        if kind not in IGNORED and kind != "_NEWLINE"
    ]


def _name(builder: Builder, name: str, start: int) -> tuple[int, int]:
    """Return where ``name`` stands in the head that begins at ``start``."""
    first = builder.source.index(name, start + len("def"))
    return first, first + len(name)


def _after(builder: Builder, kind: str, start: int, end: int) -> int:
    """Return where that begins which follows the first word of a kind; else ``start``."""
    words = _words(builder, start, end)
    return next((after[1] for word, after in pairwise(words) if word[0] == kind), start)


def _argument(builder: Calls, index: int, start: int, end: int) -> tuple[int, int]:
    """Return where an argument of the call stands; all of the call if that is long."""
    if end - start > NEAR:
        return start, end
    depth = 0
    parts: list[list[tuple[str, int, int]]] = [[]]
    for word in _words(builder, start, end):
        depth += (word[0] == "LPAR") - (word[0] == "RPAR")
        if depth == 1 and word[0] in {"LPAR", "COMMA"}:
            parts.append([])
        elif depth:
            parts[-1].append(word)
    return parts[index + 1][0][1], parts[index + 1][-1][2]


def not_a_parameter(builder: Expressions, name: str, start: int, end: int) -> SourceError:
    """Return the error for a name in a function's body, or a rule, that is not given to it."""
    scope = builder.scope
    owner, parameters = scope.name, list(scope.parameters or ())
    in_rule = OUT in parameters
    names = [item for item in parameters if item != OUT]
    hint = _close(name, names)
    if name == OUT:
        hint = f"only a rule knows '{OUT}', the function's value"
    elif not hint and in_rule:
        hint = f"a rule knows the function's parameters, and its value as '{OUT}'"
    elif not hint and len(names) < FEW:
        hint = f"add it: {_called(owner, [*names, name])}"
    elif not hint:
        hint = "add it to the parameters"
    return builder.error(
        f"'{_shown(name)}' is not a parameter of {_shown(owner)}", start, end, hint
    )


def own_count(builder: Calls, function: Function, count: int, start: int, end: int) -> SourceError:
    """Return the error for a call of an own function with too few or too many arguments."""
    wanted = _plural(len(function.parameters), "argument")
    return builder.error(
        f"{_shown(function.name)} takes {wanted}, and {_given(count)}",
        start,
        end,
        f"write {_called(function.name, function.parameters)}",
    )


def bad_diff(builder: Calls, inputs: list[int], start: int, end: int) -> SourceError:
    """Return the error for a diff of too little, by what cannot vary, or as often as it cannot."""
    if not 2 <= len(inputs) <= 3:  # noqa: PLR2004 (diff(u, x) and diff(u, x, n))
        return builder.error(
            f"diff takes 2 or 3 arguments, and {_given(len(inputs))}",
            start,
            end,
            "write diff(u, x) for du/dx, diff(u, x, 2) for the second derivative",
        )
    if builder.can_move(inputs[1]):
        return builder.error(
            "diff's third argument is how often it differentiates",
            *_argument(builder, 2, start, end),
            "it is a whole number from 1 to 20, as in diff(u, x, 2)",
        )
    first, last = _argument(builder, 1, start, end)
    name = builder.source[first:last]
    if name in builder.names:
        return builder.error(
            f"'{_shown(name)}' is a fixed number here, and diff is by what can vary",
            first,
            last,
            f"leave out its statement, and give the value outside: {_shown(name)}=...",
        )
    scope = builder.scope
    if scope.parameters is not None:
        parameter = scope.parameters[0]
        return builder.error(
            "diff in a function is by one of its parameters",
            first,
            last,
            f"write diff(u, {_shown(parameter)}), or another parameter of {_shown(scope.name)}",
        )
    return builder.error(
        "diff is by a name: a variable or a named intermediate",
        first,
        last,
        "give it a name first, as in z = w*x; diff(u, z)",
    )


def bad_definition(builder: Builder, name: str, start: int, _end: int) -> SourceError:
    """Return the error for a function that cannot be defined here."""
    first, last = _name(builder, name, start)
    if name == "diff":
        return builder.error(
            "diff is the language's own", first, last, "give the function another name"
        )
    if name in builder.functions:
        return builder.error(
            f"the function {_shown(name)} is defined already",
            first,
            last,
            "leave out one of the two, or give it another name",
        )
    used = builder.builtins[name]
    return builder.error(
        f"{name} is used above its definition, where it is the language's own",
        used,
        used + len(name),
        "move the definition up, or give it another name",
    )


def bad_rule(  # noqa: PLR0913 (what the sentence tells)
    builder: Builder, name: str, function: Function | None, count: int, start: int, end: int
) -> SourceError:
    """Return the error for a rule without function, too late, or of other parameters."""
    first, last = _name(builder, name, start)
    shown = _shown(name)
    if function is None and (name in NAMES or name == "diff"):
        return builder.error(
            f"{name} is the language's own, and has a rule",
            first,
            last,
            "give a function of yours another name and a rule",
        )
    if function is None:
        return builder.error(
            f"there is no definition of {shown} above its rule",
            first,
            last,
            _close(name, builder.functions) or f"write def {shown}(...) = ... before it",
        )
    if function.row is not None:
        return builder.error(f"{shown} has a rule already", first, last, "keep one of the two")
    if function.used:
        return builder.error(
            f"{shown} is used above its rule",
            first,
            last,
            "put the rule right after the definition",
        )
    return builder.error(
        f"{shown} has {_plural(len(function.parameters), 'parameter')}, and its rule {count}",
        _after(builder, "LPAR", start, end),
        builder.source.rindex(")", start, end),
        f"write rule {_called(name, function.parameters)} = ...",
    )


def rule_count(
    builder: Builder, function: Function, count: int, start: int, end: int
) -> SourceError:
    """Return the error for a rule of more or fewer derivatives than parameters."""
    wanted = len(function.parameters)
    blanks = ", ".join(["..."] * wanted) if wanted <= FEW else "..."
    return builder.error(
        f"the rule of {_shown(function.name)} needs {_plural(wanted, 'derivative')}, "
        f"and {_given(count)}",
        _after(builder, "EQUAL", start, end),
        end,
        f"write one for each parameter: rule {_called(function.name, function.parameters)} = "
        f"{blanks}",
    )


def labelled(builder: Builder, name: str, start: int, _end: int) -> SourceError:
    """Return the error for another word than outputs before a colon."""
    hint = _close(name, ["outputs"]) or f"to name a value write {_shown(name)} = ..."
    return builder.error("only 'outputs' stands before a colon", start, start + len(name), hint)


def calls_itself(builder: Calls, name: str, start: int) -> SourceError:
    """Return the error for a function, or its rule, that calls it: that would never end."""
    if OUT in (builder.scope.parameters or ()):
        return builder.error(
            f"the rule of {_shown(name)} calls {_shown(name)}",
            start,
            start + len(name),
            f"its value is '{OUT}' here; a rule may call functions that are defined before",
        )
    return builder.error(
        f"{_shown(name)} calls itself: recursion would never end here",
        start,
        start + len(name),
        "a function may call functions that are defined before it",
    )


def nothing_to_work_out(builder: Builder) -> SourceError:
    """Return the error for a program of definitions alone."""
    function = list(builder.functions.values())[-1]
    return builder.error(
        "there are definitions, and no expression after them",
        *builder.defined,
        f"end with one, such as {_called(function.name, function.parameters)}",
    )
