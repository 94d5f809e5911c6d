"""backprop compare EXPR1 EXPR2 [NAME=VALUE ...]: whether two losses train the same."""

from __future__ import annotations

from functools import partial

from backpropcli import trust
from backpropcli.calculus import bindings
from backpropcli.calculus.bindings.point import joined
from backpropcli.calculus.chosen import given_as_sizes
from backpropcli.cli import screen
from backpropcli.cli.answer import awaited
from backpropcli.cli.judged import judged
from backpropcli.cli.line.lists import names
from backpropcli.cli.line.program import ignored, parsed, sources, unused, validate
from backpropcli.cli.line.words import two
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def run(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run the command on its positional arguments and options; return the exit code."""
    validate(given)
    programs, values = two(words, "compare")
    if [*programs, *(given["bind"] or ())].count("-") > 1:
        raise BackpropError("stdin can hold only one of these", "put the others in files")
    texts = sources(programs, values, given)
    point = joined(*[one.bindings for one in texts])
    shapes = "; ".join(given["shape"]) if given["shape"] else None
    named = bindings.with_letters(point, given["shape"] or ())
    each = [parsed(one.text, named, one.origin) for one in texts]
    if shapes:
        from backpropcli.proof.compared.setting import in_numbers

        each = in_numbers(each, point, shapes)
    known = [{*program.variables, *given_as_sizes(program, point)} for program in each]
    warnings = ignored(given) + unused(given, point)
    for one, other in ((0, 1), (1, 0)):
        used = point.given - (known[other] - known[one])
        warnings += bindings.warnings(each[one], used)
    found = awaited(
        lambda: trust.compare(
            each[0],
            each[1],
            point,
            wrt=names(given["wrt"], "wrt"),
            ranges=given["range"] or (),
            assume=given["assume"] or (),
            shapes=shapes,
            points=given["points"],
            timeout=given["check_timeout"],
        )
    )
    found.warnings = [*dict.fromkeys([*warnings, *found.warnings])]
    screen.warn(found.warnings)
    from backpropcli.render.verdicts import compare as render

    document, lines = partial(render.document, found), partial(render.compare_lines, found)
    return judged(found.verdict, [(found.verdict, found.kind)], lines, document, given)
