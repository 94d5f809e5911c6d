"""Explains mistakes in def, rule, use, outputs and diff; each function returns the error."""

from __future__ import annotations

from backpropcli.errors import SourceError, closest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.builder import Builder
    from backpropcli.functions import Function


def _plural(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def not_a_parameter(builder: Builder, name: str, start: int, end: int) -> SourceError:
    """A function's body names something that is not given to it."""
    scope = builder.scope
    owner, parameters = scope.name, list(scope.parameters or ())
    close = closest(name, parameters)
    if name == "out":
        hint = "only a rule knows 'out', the function's value"
    elif close:
        hint = f"did you mean '{close}'?"
    else:
        names = [item for item in parameters if item != "out"]
        hint = f"add it: {owner}({', '.join([*names, name])})"
    return builder.error(f"'{name}' is not a parameter of {owner}", start, end, hint)


def own_count(
    builder: Builder, function: Function, count: int, start: int, end: int
) -> SourceError:
    """A call of the program's own function has too few or too many arguments."""
    wanted = _plural(len(function.parameters), "argument")
    return builder.error(
        f"{function.name} takes {wanted}, and {count} {'is' if count == 1 else 'are'} given",
        start,
        end,
        f"it is {function.name}({', '.join(function.parameters)})",
    )


def bad_diff(builder: Builder, count: int, start: int, end: int, *, named: bool) -> SourceError:
    """A call of diff that says too little, or by what has no name."""
    hint = "write diff(u, x) for du/dx, diff(u, x, 2) for the second derivative"
    if not 2 <= count <= 3:  # noqa: PLR2004 (diff(u, x) and diff(u, x, n))
        message = f"diff takes 2 or 3 arguments, and {count} {'is' if count == 1 else 'are'} given"
    elif not named:
        message = "diff differentiates by a name: a variable or a named intermediate"
        hint = "give it a name first, as in z = w*x; diff(u, z)"
    else:
        message = "diff's third argument is how often it differentiates"
        hint = "it is a whole number from 1 to 20, as in diff(u, x, 2)"
    return builder.error(message, start, end, hint)


def bad_definition(builder: Builder, name: str, start: int, end: int) -> SourceError:
    """A function that cannot be defined here."""
    if name == "diff":
        return builder.error(
            "diff is the language's own", start, end, "give the function another name"
        )
    if name in builder.functions:
        return builder.error(
            f"the function {name} is defined twice", start, end, "give one of the two another name"
        )
    return builder.error(
        f"{name} is used above its definition", start, end, "move the definition up"
    )


def bad_rule(  # noqa: PLR0913 (what the sentence tells)
    builder: Builder, name: str, function: Function | None, count: int, start: int, end: int
) -> SourceError:
    """A rule that has no function, comes too late, or has other parameters."""
    if function is None:
        close = closest(name, builder.functions)
        return builder.error(
            f"there is no definition of {name} above its rule",
            start,
            end,
            f"did you mean '{close}'?" if close else f"write def {name}(...) = ... before it",
        )
    if function.row is not None:
        return builder.error(f"{name} has a rule already", start, end, "keep one of the two")
    if function.used:
        return builder.error(
            f"{name} is used above its rule", start, end, "put the rule right after the definition"
        )
    wanted = ", ".join(function.parameters)
    return builder.error(
        f"{name} has {_plural(len(function.parameters), 'parameter')}, and its rule {count}",
        start,
        end,
        f"write rule {name}({wanted}) = ...",
    )


def rule_count(
    builder: Builder, function: Function, count: int, start: int, end: int
) -> SourceError:
    """A rule with another number of derivatives than the function has parameters."""
    wanted = len(function.parameters)
    blanks = ", ".join("..." for _ in function.parameters)
    return builder.error(
        f"the rule of {function.name} needs {_plural(wanted, 'derivative')}, and {count} "
        f"{'is' if count == 1 else 'are'} given",
        start,
        end,
        f"one for each parameter: rule {function.name}({', '.join(function.parameters)}) = "
        f"{blanks}",
    )


def labelled(builder: Builder, name: str, start: int, end: int) -> SourceError:
    """Something before a colon that is not the word outputs."""
    close = closest(name, ["outputs"])
    hint = "did you mean 'outputs'?" if close else f"to name a value write {name} = ..."
    return builder.error("only 'outputs' stands before a colon", start, start + len(name), hint)


def calls_itself(builder: Builder, name: str, start: int) -> SourceError:
    """A function that calls itself: there are no loops, so it would never end."""
    return builder.error(
        f"{name} calls itself: recursion would never end here",
        start,
        start + len(name),
        "a function may call functions that are defined before it",
    )
