"""Definitions and rules that cannot stand where they do, or do not fit each other."""

from __future__ import annotations

from itertools import pairwise

from backpropcli.errors import SourceError, did_you_mean
from backpropcli.graph.operations import NAMES
from backpropcli.language.mistakes.slip import Slip
from backpropcli.language.mistakes.source.text import FEW, call, given, plural, short, words_between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.builder import Builder
    from backpropcli.language.program import Function

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


def bad_definition(builder: Builder, name: str, start: int) -> SourceError:
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
    "define a function of your own and give it a rule",
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
    if function.rules:
        return RULE_TWICE.error(builder, first, last, name=shown)
    if function.used:
        return RULE_TOO_LATE.error(builder, first, last, name=shown)
    return RULE_PARAMETERS.error(
        builder,
        _after(builder, "LPAR", start, end),
        builder.source.rindex(")", start, end),
        name=shown,
        wanted=plural(len(function.parameters), "parameter"),
        count=count,
        call=call(name, function.parameters),
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
        wanted=plural(wanted, "derivative"),
        given=given(count),
        call=call(function.name, function.parameters),
        blanks=", ".join(["..."] * wanted) if wanted <= FEW else "...",
    )


def _name(builder: Builder, name: str, start: int) -> tuple[int, int]:
    """Return where ``name`` stands in the head that begins at ``start``."""
    first = builder.source.index(name, start + len("def"))
    return first, first + len(name)


def _after(builder: Builder, kind: str, start: int, end: int) -> int:
    """Return where that begins which follows the first word of a kind; else ``start``."""
    words = words_between(builder, start, end)
    return next((after[1] for word, after in pairwise(words) if word[0] == kind), start)
