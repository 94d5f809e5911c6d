"""Mistakes in definitions, rules, calls of a program's own functions, outputs and diff."""

from __future__ import annotations

from itertools import pairwise

from backpropcli.errors import did_you_mean
from backpropcli.graph.operations import NAMES
from backpropcli.language.functions import OUT
from backpropcli.language.mistakes.slip import Slip
from backpropcli.language.mistakes.text import short
from backpropcli.language.scanner import tokens
from backpropcli.language.tables import IGNORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.errors import SourceError
    from backpropcli.language.builder import Builder
    from backpropcli.language.builder.calls import Calls
    from backpropcli.language.builder.expressions import Expressions
    from backpropcli.language.functions import Function

NEAR = 1000
"""How many characters of a statement are looked at closely."""
FEW = 4
"""How many parameters a hint lists at most."""


def _plural(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _given(count: int) -> str:
    return f"{count} {'is' if count == 1 else 'are'} given"


def _called(name: str, parameters: list[str]) -> str:
    """Return a function and its parameters for a hint; neither many nor long ones."""
    names = ", ".join(parameters[:FEW]) + ", ..." * (len(parameters) > FEW)
    return f"{short(name)}({short(names)})"


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
    call = _called(owner, [*names, name])
    return slip.error(
        builder, start, end, name=short(name), owner=short(owner), meant=meant, call=call
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
        wanted=_plural(len(function.parameters), "argument"),
        given=_given(count),
        call=_called(function.name, function.parameters),
    )


DIFF_COUNT = Slip(
    "too many or too few arguments of diff", "diff(x^2)",
    "diff takes 2 or 3 arguments, and {given}",
    "write diff(u, x) for du/dx, diff(u, x, 2) for the second derivative",
    instead="u = x^2; diff(u, x)",
)  # fmt: skip
DIFF_ORDER = Slip(
    "an order that diff has not", "diff(x^2, x, 1.5)",
    "diff's third argument is how often it differentiates",
    "it is a whole number from 1 to 20, as in diff(u, x, 2)",
    instead="u = x^2; diff(u, x, 2)",
)  # fmt: skip
DIFF_BY_NUMBER = Slip(
    "a diff by a fixed number", "c = 2; diff(c*x^2, c)",
    "'{name}' is a fixed number here, and diff is by what can vary",
    "leave out its statement, and give the value outside: {name}=...",
    instead="diff(c*x^2, c)",
)  # fmt: skip
DIFF_IN_FUNCTION = Slip(
    "a diff in a function by what is no parameter", "def f(x) = diff(x^2, 2)",
    "diff in a function is by one of its parameters",
    "write diff(u, {parameter}), or another parameter of {owner}",
)  # fmt: skip
DIFF_BY_EXPRESSION = Slip(
    "a diff by what has no name", "diff(sin(x), x + 1)",
    "diff is by a name: a variable or a named intermediate",
    "give it a name first, as in z = w*x; diff(u, z)",
    instead="z = w*x; u = sin(z); diff(u, z)",
)  # fmt: skip


def bad_diff(builder: Calls, inputs: list[int], start: int, end: int) -> SourceError:
    """Return the error for a diff of too little, by what cannot vary, or as often as it cannot."""
    if not 2 <= len(inputs) <= 3:  # noqa: PLR2004 (diff(u, x) and diff(u, x, n))
        return DIFF_COUNT.error(builder, start, end, given=_given(len(inputs)))
    if builder.can_move(inputs[1]):
        return DIFF_ORDER.error(builder, *_argument(builder, 2, start, end))
    first, last = _argument(builder, 1, start, end)
    name = builder.source[first:last]
    if name in builder.names:
        return DIFF_BY_NUMBER.error(builder, first, last, name=short(name))
    scope = builder.scope
    if scope.parameters is not None:
        parameter, owner = short(scope.parameters[0]), short(scope.name)
        return DIFF_IN_FUNCTION.error(builder, first, last, parameter=parameter, owner=owner)
    return DIFF_BY_EXPRESSION.error(builder, first, last)


DEFINED_DIFF = Slip(
    "a definition of diff", "def diff(x) = 2; x",
    "diff is the language's own", "give the function another name",
    instead="def diff2(x) = 2; x",
)  # fmt: skip
DEFINED_TWICE = Slip(
    "a function defined twice", "def f(x) = x; def f(y) = y; f(x)",
    "the function {name} is defined already", "leave out one of the two, or give it another name",
    instead="def f(x) = x; f(x)",
)  # fmt: skip
DEFINED_TOO_LATE = Slip(
    "a definition below its use", "z = sin(x)\ndef sin(x) = x",
    "{name} is used above its definition, where it is the language's own",
    "move the definition up, or give it another name",
    instead="def sin(x) = x\nz = sin(x)",
)  # fmt: skip


def bad_definition(builder: Builder, name: str, start: int, _end: int) -> SourceError:
    """Return the error for a function that cannot be defined here."""
    first, last = _name(builder, name, start)
    if name == "diff":
        return DEFINED_DIFF.error(builder, first, last)
    if name in builder.functions:
        return DEFINED_TWICE.error(builder, first, last, name=short(name))
    used = builder.builtins[name]
    return DEFINED_TOO_LATE.error(builder, used, used + len(name), name=name)


RULE_OF_BUILTIN = Slip(
    "a rule for the language's own function", "rule sin(x) = cos(x)",
    "{name} is the language's own, and has a rule",
    "give a function of yours another name and a rule",
    instead="def sine(x) = sin(x); rule sine(x) = cos(x)\nsine(x)",
)  # fmt: skip
RULE_MISSPELT = Slip(
    "a slip in a rule's name", "def square(x) = x^2; rule sqare(x) = 2*x",
    "there is no definition of {name} above its rule", "{meant}",
    instead="def square(x) = x^2; rule square(x) = 2*x\nsquare(x)",
)  # fmt: skip
RULE_OF_NOTHING = Slip(
    "a rule without definition", "rule f(x) = 2*x; f(x)",
    "there is no definition of {name} above its rule", "write def {name}(...) = ... before it",
    instead="def f(x) = x^2; rule f(x) = 2*x; f(x)",
)  # fmt: skip
RULE_TWICE = Slip(
    "two rules", "def f(x) = x; rule f(x) = 1; rule f(x) = 2; f(x)",
    "{name} has a rule already", "keep one of the two",
    instead="def f(x) = x; rule f(x) = 1; f(x)",
)  # fmt: skip
RULE_TOO_LATE = Slip(
    "a rule below a use", "def f(x) = x; z = f(2); rule f(x) = 1; z",
    "{name} is used above its rule", "put the rule right after the definition",
    instead="def f(x) = x; rule f(x) = 1; z = f(2); z",
)  # fmt: skip
RULE_PARAMETERS = Slip(
    "a rule of more or fewer parameters", "def f(x) = x; rule f(x, y) = 1, y; f(x)",
    "{name} has {wanted}, and its rule {count}", "write rule {call} = ...",
    instead="def f(x) = x; rule f(x) = 1; f(x)",
)  # fmt: skip


def bad_rule(  # noqa: PLR0913 (what the sentence tells)
    builder: Builder, name: str, function: Function | None, count: int, start: int, end: int
) -> SourceError:
    """Return the error for a rule without function, too late, or of other parameters."""
    first, last = _name(builder, name, start)
    shown = short(name)
    if function is None and (name in NAMES or name == "diff"):
        return RULE_OF_BUILTIN.error(builder, first, last, name=name)
    if function is None:
        meant = did_you_mean(name, builder.functions)
        slip = RULE_MISSPELT if meant else RULE_OF_NOTHING
        return slip.error(builder, first, last, name=shown, meant=meant)
    if function.row is not None:
        return RULE_TWICE.error(builder, first, last, name=shown)
    if function.used:
        return RULE_TOO_LATE.error(builder, first, last, name=shown)
    return RULE_PARAMETERS.error(
        builder,
        _after(builder, "LPAR", start, end),
        builder.source.rindex(")", start, end),
        name=shown,
        wanted=_plural(len(function.parameters), "parameter"),
        count=count,
        call=_called(name, function.parameters),
    )


RULE_COUNT = Slip(
    "a rule of more or fewer derivatives", "def f(x, y) = x; rule f(x, y) = 1; f(x, 2)",
    "the rule of {name} needs {wanted}, and {given}",
    "write one for each parameter: rule {call} = {blanks}",
    instead="def f(x, y) = x; rule f(x, y) = 1, 0; f(x, 2)",
)  # fmt: skip


def rule_count(
    builder: Builder, function: Function, count: int, start: int, end: int
) -> SourceError:
    """Return the error for a rule of more or fewer derivatives than parameters."""
    wanted = len(function.parameters)
    return RULE_COUNT.error(
        builder,
        _after(builder, "EQUAL", start, end),
        end,
        name=short(function.name),
        wanted=_plural(wanted, "derivative"),
        given=_given(count),
        call=_called(function.name, function.parameters),
        blanks=", ".join(["..."] * wanted) if wanted <= FEW else "...",
    )


OUTPUTS_MISSPELT = Slip(
    "a slip in outputs", "output: x, y",
    "only 'outputs' stands before a colon", "{meant}",
    instead="outputs: x, y",
)  # fmt: skip
LABELLED = Slip(
    "a name before a colon", "loss: x^2",
    "only 'outputs' stands before a colon", "to name a value write {name} = ...",
    instead="loss = x^2",
)  # fmt: skip


def labelled(builder: Builder, name: str, start: int, _end: int) -> SourceError:
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
    call = _called(function.name, function.parameters)
    return NO_EXPRESSION.error(builder, *builder.defined, call=call)
