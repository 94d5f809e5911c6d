"""Mistakes in functions' bodies, calls of a program's own functions, and outputs."""

from __future__ import annotations

from backpropcli.errors import SourceError, did_you_mean
from backpropcli.language.mistakes.fixes import one
from backpropcli.language.mistakes.slip import Slip
from backpropcli.language.mistakes.source.text import FEW, call, given, plural, short
from backpropcli.language.surface import OUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.builder import Builder
    from backpropcli.language.builder.calls import Calls
    from backpropcli.language.builder.expressions import Expressions
    from backpropcli.language.program import Function

PARAMETER_MISSPELT = Slip(
    "a slip in a parameter's name", "def f(width) = 2*widht",
    "'{name}' is not a parameter of {owner}", "{meant}",
    instead="def f(width) = 2*width\nf(x)",
)  # fmt: skip
OUT_IN_BODY = Slip(
    "out in a function's body", "def f(x) = 2*out",
    "'{name}' is not a parameter of {owner}", "only a rule knows 'out', the function's value",
)  # fmt: skip
UNKNOWN_IN_RULE = Slip(
    "a rule that uses another name", "def f(x) = x; rule f(x) = y",
    "'{name}' is not a parameter of {owner}",
    "a rule knows the function's parameters, and its value as 'out'",
)  # fmt: skip
NOT_A_PARAMETER = Slip(
    "a body that uses another name", "def f(x) = k*x; f(x)",
    "'{name}' is not a parameter of {owner}", "add it: {call}",
    instead="def f(x, k) = k*x; f(x, k)",
)  # fmt: skip
NOT_AMONG_MANY = Slip(
    "a body with many parameters that uses another name", "def f(a, b, c, d) = a*q",
    "'{name}' is not a parameter of {owner}", "add it to the parameters",
    instead="def f(a, b, c, d, q) = a*q\nf(1, 2, 3, 4, 5)",
)  # fmt: skip


def not_a_parameter(builder: Expressions, name: str, start: int, end: int) -> SourceError:
    """Return the error for a name in a function's body, or a rule, that is not given to it."""
    owner, parameters = builder.scope.name, list(builder.scope.parameters or ())
    names = [item for item in parameters if item != OUT]
    meant = did_you_mean(name, names)
    if name == OUT:
        slip = OUT_IN_BODY
    elif meant:
        slip = PARAMETER_MISSPELT
    elif OUT in parameters:
        slip = UNKNOWN_IN_RULE
    else:
        slip = NOT_A_PARAMETER if len(names) < FEW else NOT_AMONG_MANY
    return slip.error(
        builder,
        start,
        end,
        name=short(name),
        owner=short(owner),
        meant=meant,
        call=call(owner, [*names, name]),
    )


OWN_COUNT = Slip(
    "too many or too few arguments of an own function", "def f(x) = x; f(y, 2)",
    "{name} takes {wanted}, and {given}", "write {call}",
    instead="def f(x) = x; f(x)",
)  # fmt: skip


def own_count(builder: Calls, function: Function, count: int, start: int, end: int) -> SourceError:
    """Return the error for a call of an own function with too few or too many arguments."""
    return OWN_COUNT.error(
        builder,
        start,
        end,
        name=short(function.name),
        wanted=plural(len(function.parameters), "argument"),
        given=given(count),
        call=call(function.name, function.parameters),
    )


OUTPUTS_MISSPELT = Slip(
    "a slip in outputs", "output: x, y",
    "only 'outputs' is allowed before a colon", "{meant}",
    instead="outputs: x, y",
)  # fmt: skip
LABELLED = Slip(
    "a name before a colon", "loss: x^2",
    "only 'outputs' is allowed before a colon", "to name a value write {name} = ...",
    instead="loss = x^2",
)  # fmt: skip


def labelled(builder: Builder, name: str, start: int) -> SourceError:
    """Return the error for another word than outputs before a colon."""
    meant = did_you_mean(name, ["outputs"])
    slip = OUTPUTS_MISSPELT if meant else LABELLED
    return slip.error(builder, start, start + len(name), name=short(name), meant=meant)


RULE_CALLS_ITSELF = Slip(
    "a rule that calls its function", "def f(x) = x; rule f(x) = 2*f(x)",
    "the rule of {name} calls {name}",
    "its value is 'out' here; a rule may call functions that are defined before",
    instead="def f(x) = x; rule f(x) = 2*out\nf(x)",
)  # fmt: skip
CALLS_ITSELF = Slip(
    "a function that calls itself", "def f(x) = f(x - 1)",
    "{name} calls itself: recursion would never end here",
    "a function may call functions that are defined before it",
)  # fmt: skip


def calls_itself(builder: Calls, name: str, start: int) -> SourceError:
    """Return the error for a function, or its rule, that calls it: that would never end."""
    slip = RULE_CALLS_ITSELF if OUT in (builder.scope.parameters or ()) else CALLS_ITSELF
    return slip.error(builder, start, start + len(name), name=short(name))


NO_EXPRESSION = Slip(
    "definitions alone", "def f(x) = x",
    "there are definitions, and no expression after them", "end with one, such as {call}",
    instead="def f(x) = x\nf(x)",
)  # fmt: skip


def nothing_to_work_out(builder: Builder) -> SourceError:
    """Return the error for a program of definitions alone."""
    function = list(builder.functions.values())[-1]
    example = call(function.name, function.parameters)
    whole = f"{function.name}({', '.join(function.parameters)})"
    fixes = one((builder.defined[1], len(builder.source), f"; {whole}"))
    return NO_EXPRESSION.error(builder, *builder.defined, fixes, call=example)
