"""backprop EXPR [NAME=VALUE ...]: values, gradient and verdict."""

from __future__ import annotations

import sys

from backpropcli import api
from backpropcli.calculus import bindings
from backpropcli.calculus.choice import has_arrays
from backpropcli.cli import screen
from backpropcli.cli.answer import (
    awaited,
    bare,
    checked,
    exit_code,
    in_digits,
    present,
    shown_as,
    tell,
    wants_check,
)
from backpropcli.cli.line.options import ALL_VIEWS, FLOW, SHAPES
from backpropcli.cli.line.program import DEFAULTS, load
from backpropcli.cli.line.words import quoted
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.cli.line.program import Loaded
    from backpropcli.language.program import Program
    from backpropcli.proof.findings.verdict import Verdict
    from backpropcli.report.report import Report

CHECKED_VIEWS = ("all", "backward", "steps", "table")
FULL = 15
"""Digits that a double holds of any number."""
NO_VIEW = ("json", "jsonl", "quiet", "value")
"""Options that leave no view."""
OF_TREE = ("view", "open", "full")
OF_ONE = ("cost", "kinks", "npz", "safetensors", "rewrite", "accuracy", "loss_scale")
"""Options that show a tree, which is of one output, and others that need one."""
LONGEST = 30
"""How long an option may be for a line that tells of it to be short."""


def run(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run the command on its positional arguments and options; return the exit code."""
    loaded = load(words, given)
    program = loaded.program
    if given["open"] or given["view"] not in ALL_VIEWS:
        from backpropcli.calculus.unified import shapes_at
        from backpropcli.cli.views import checked_view, shown

        checked_view(given["view"], ALL_VIEWS)
        sizes = shapes_at(program, loaded.bindings, given["shape"] or ())
        program = shown(program, given["open"], sizes)
    if given["view"] == SHAPES and not any(given[form] for form in NO_VIEW):
        if given["accuracy"]:
            raise BackpropError(
                "--view shapes has no numbers, so it does not show --accuracy",
                "all other views do",
            )
        return _shapes(program, loaded, given)
    if given["shape"]:
        raise BackpropError("--shape is for --view shapes", "values have shapes of their own")
    if len(program.outputs) > 1:
        return _several(loaded, words, given)
    if given["value"] and _is_array(program, loaded):  # it has a value, if no gradient
        value = api.value(program, loaded.bindings)
        bare([([program.title(program.root)], value)], given)
        return 0
    report = api.gradient(program, loaded.bindings, wrt=loaded.wrt, at_kinks=given["at_kinks"])
    report.warnings = [*loaded.warnings, *report.lowered.warnings]
    return told(report, given)


def _is_array(program: Program, loaded: Loaded) -> bool:
    """Say whether the output is an array, by shapes alone."""
    if not has_arrays(program.graph, loaded.bindings):
        return False
    found = api.shapes(program, loaded.bindings)
    return bool(found.nodes[found.outputs[0]].shape)


def _shapes(program: Program, loaded: Loaded, given: dict[str, Any]) -> int:
    """Print the tree of shapes; raise SourceError, below it, where something does not fit."""
    from backpropcli.render.views.shapes import shapes_lines

    found = api.shapes(program, loaded.bindings, shapes="; ".join(given["shape"] or ()))
    screen.warn([*loaded.warnings, *found.warnings])
    screen.show(shapes_lines(found, shown_as(given)))
    if found.error:
        sys.stdout.flush()
        raise found.error
    return 0


def told(floats: Report, given: dict[str, Any]) -> int:
    """Print a report as the options say; return the exit code."""
    _saved(floats, given)
    if given.get("loss_scale") is not None:
        from backpropcli import trust

        floats = trust.scaled(floats, _factor(given["loss_scale"]))
    wanted = (given.get("accuracy") or floats.format) and not (given["quiet"] or given["value"])
    if wanted:
        from backpropcli import trust

        bits = trust.accuracy(floats)
        if not bits.known:
            of = bits.most or "arrays that can be written out in numbers"
            screen.warn([f"--accuracy counts the bits of {of}; a short --dtype has no limit"])
            given["accuracy"], floats.bits = False, None
    report = in_digits(floats, given)
    screen.warn(report.warnings)
    if given["json"] or given["jsonl"]:
        verdict = _json(report, floats, given)
    elif given["rewrite"]:
        from backpropcli.cli.mends import rewritten

        rewritten(floats)
        verdict = None
    elif given["quiet"] or given["value"]:
        slopes = [([name], slope) for name, slope in report.gradient.items()]
        bare([([report.title], report.value)] if given["value"] else slopes, given)
        tell(report, given)
        verdict = checked(lambda: _verdict(report, floats, given), given)
    else:
        verdict = _view(report, floats, given)
    return exit_code(verdict, [report.value, *report.gradient.values()], report.kinks, given)


def _factor(text: str) -> float:
    """Return the factor of a loss, 0 for auto."""
    if text == "auto":
        return 0.0
    found = bindings.value(f"loss_scale={text}", len("loss_scale="), "--loss-scale")
    if not isinstance(found, float) or not found > 0:
        raise BackpropError(f"--loss-scale is {text}", "give a power of two, as 1024, or auto")
    return float(found)


def _several(loaded: Loaded, words: Sequence[str], given: dict[str, Any]) -> int:
    """Print the gradient of each output, the Jacobian; what shows one tree is an error."""
    titles = loaded.program.titles()
    one = f"--output {quoted(titles[0])}"
    no_view = any(given[form] for form in NO_VIEW)
    asked = [key for key in (() if no_view else OF_TREE) + OF_ONE if given[key] != DEFAULTS[key]]
    if asked:
        typed = " ".join(map(quoted, words))
        raise BackpropError(
            f"--{asked[0]} is for one output, and the program has {len(titles)}: "
            f"{', '.join(titles)}",
            f"for one of them: backprop {typed} {one}\n"
            f"for all of them: backprop {typed}, without --{asked[0]}",
        )
    from backpropcli.cli.commands.derivatives import gradients

    shown_alone = one if len(one) <= LONGEST else "--output NAME"
    note = f"these are the gradients of all outputs; {shown_alone} shows one in full"
    return gradients(loaded, "auto", given, note)


def _saved(report: Report, given: dict[str, Any]) -> None:
    """Write all values, adjoints and gradients to the files asked for."""
    for form in ("npz", "safetensors"):
        if given.get(form):
            from backpropcli.cli.saved import save

            save(report, given[form], form)


def _verdict(report: Report, floats: Report, given: dict[str, Any]) -> Verdict:
    """Return the verdict on the numbers that are shown; of smooth arrays in digits, on floats."""
    from backpropcli import trust

    in_full = floats.causes and not report.causes
    shown = not report.arrays or in_full or report.elements is not None
    return trust.verdict(report if shown else floats, given["check_timeout"])


def _json(report: Report, floats: Report, given: dict[str, Any]) -> Verdict | None:
    from backpropcli.render.documents.reports import document

    verdict = awaited(lambda: _verdict(report, floats, given)) if given["check"] else None
    check = verdict.as_dict() if verdict else None
    extra: dict[str, object] = {}
    if given["cost"]:
        from backpropcli.modes.cost import counted

        extra["cost"] = counted(*_costing(report)).as_dict()
    if given["rewrite"] or report.causes or verdict is not None:
        from backpropcli.cli.mends import loses, mended

        if given["rewrite"] or loses(report, floats, verdict, FULL):
            extra["rewrite"] = mended(floats).as_dict()
    if given["view"] == FLOW:
        from backpropcli.report.reach.reach import Reach

        extra["flow"] = Reach(report).as_dict()
    if given["kinks"]:
        extra["nearest_kinks"] = [one.as_dict() for one in report.nearest_kinks()]
    sys.stdout.writelines(document(report, check, extra, one_line=given["jsonl"]))
    return verdict


def _view(report: Report, floats: Report, given: dict[str, Any]) -> Verdict | None:
    from backpropcli.cli.views import NO_SUMMARY, lines_of

    options = shown_as(given)
    lines = lines_of(report, given["view"], options)
    if given["kinks"]:
        from backpropcli.render.views.kinks import kinks_lines

        lines += [[], *kinks_lines(report, report.nearest_kinks(), options)]
    if given["cost"]:
        from backpropcli.modes.cost import counted
        from backpropcli.render.results.cost import cost_lines

        lines += [[], *cost_lines(counted(*_costing(report)), options.room())]
    looked_at = given["view"] in CHECKED_VIEWS and (report.gradient or report.lowered.diffs)
    checks = given["check"] or (looked_at and wants_check(given))
    found = present(lines, (lambda: _verdict(report, floats, given)) if checks else None, options)
    wanted = given["view"] not in NO_SUMMARY and wants_check(given)
    if wanted and (report.causes or found is not None):
        from backpropcli.cli.mends import shown_below

        shown_below(report, floats, found, options)
    return found


def _costing(
    report: Report,
) -> tuple[Program, list[str], Mapping[str, Shape] | None]:
    """Return of what the cost is counted, by what, and the shapes of arrays."""
    return report.program, [*report.wrt], report.lowered.shapes if report.arrays else None
