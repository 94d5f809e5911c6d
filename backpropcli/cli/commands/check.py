"""backprop check EXPR [NAME=VALUE ...]: derivatives put to the proof."""

from __future__ import annotations

import shlex
from functools import partial

from backpropcli import api, files, trust
from backpropcli.cli import screen
from backpropcli.cli.answer import awaited
from backpropcli.cli.judged import judged
from backpropcli.cli.line.lists import names
from backpropcli.cli.line.program import ignored, load, read
from backpropcli.errors import BackpropError, SourceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.language.claims.records import Text
    from backpropcli.language.program import Program

    Place = str | tuple[str, str]

OF_CLAIMS = ("range", "assume", "points", "shape")
"""Options that say where claims are to hold."""


def run(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run the command on its positional arguments and options; return the exit code."""
    places, written = _stored(given["claim"] or ())
    places = [*(given["against"] or ()), *places]
    if given["rtol"] is not None and not places:
        raise BackpropError("--rtol is for --against", "leave it out")
    if given["rtol"] is not None and not 0 <= given["rtol"] < 1:
        raise BackpropError(f"--rtol is {given['rtol']}", "it must be from 0 to 1")
    if written or given["claims"]:
        return claims(words, given, written, places)
    _not_for_claims(given)
    return against(words, given, places) if places else methods(words, given)


def claims(
    words: Sequence[str], given: dict[str, Any], written: Sequence[str], places: Sequence[Place]
) -> int:
    """Put derivatives that were worked out by hand to the proof; return the exit code.

    And numbers that another program computed, where there are such.
    """
    if [*words, *(given["claims"] or ()), *places].count("-") > 1:
        raise BackpropError("stdin can hold only one of these", "put the others in files")
    source = read(words, given)
    wrt = names(given["wrt"], "wrt")
    asked = _claims(written, given["claims"] or ())
    warnings = ignored(given)
    screen.warn(warnings)
    found = awaited(
        lambda: trust.check_claims(
            source.text,
            asked,
            source.bindings,
            origin=source.origin,
            ranges=given["range"] or (),
            assume=given["assume"] or (),
            shapes="; ".join(given["shape"]) if given["shape"] else None,
            points=given["points"],
            alone=wrt[0] if len(wrt) == 1 else None,
            against=places,
            rtol=given["rtol"],
            timeout=given["check_timeout"],
        )
    )
    for warning in found.warnings:
        screen.say(f"note: {warning}")
    from backpropcli.render.verdicts import claims as render

    rows = [(one.title, one.verdict) for one in found.answers]
    rows += [(one.name, one.verdict) for one in found.numbers]
    document = partial(render.document, found, [*warnings, *found.warnings])
    return judged(found.verdict, rows, partial(render.claims_lines, found), document, given)


def _claims(written: Sequence[str], paths: Sequence[str]) -> list[Text]:
    """Return the claims, of options and of files."""
    from backpropcli.language.claims.records import Text

    found = [Text(text, "--claim") for text in written]
    for path in paths:
        name = "stdin" if path == "-" else path
        found.append(Text(files.read_text(path), name, pasted=True))
    return found


def _stored(texts: Sequence[str]) -> tuple[list[Place], list[str]]:
    """Return the claims whose numbers are in a file, as in w=@g.npy: of what, and the path.

    And the others, as they are.
    """
    places: list[Place] = []
    written = []
    for text in texts:
        name, _, path = text.partition("=")
        if path.lstrip().startswith("@"):
            places.append((name.strip(), path.strip().removeprefix("@")))
        else:
            written.append(text)
    return places, written


def against(words: Sequence[str], given: dict[str, Any], places: Sequence[Place]) -> int:
    """Compare with numbers that another program computed; return the exit code."""
    loaded = load(words, given)
    if loaded.wrt:
        raise BackpropError("--wrt is not for --against", "the names in the file say by what")
    screen.warn(loaded.warnings)
    try:
        found = awaited(
            lambda: trust.check_against(loaded.program, places, loaded.bindings, rtol=given["rtol"])
        )
    except SourceError as error:
        _name_data(error, places, loaded.program)
        raise
    further = [one for one in found.warnings if one not in loaded.warnings]
    for warning in further:
        screen.say(f"note: {warning}")
    from backpropcli.render.verdicts import against as render

    rows = [(one.name, one.verdict) for one in found.answers]
    document = partial(render.document, found, [*loaded.warnings, *further])
    return judged(found.verdict, rows, partial(render.against_lines, found), document, given)


def _name_data(error: SourceError, places: Sequence[Place], program: Program) -> None:
    """Say which file has values that are missing: of a name beside its gradient they are data."""
    if not error.missing or "-" in places:
        return
    from backpropcli.proof.against.gathered import gathered

    data = gathered(places, program).data
    files = dict.fromkeys([data[name] for name in error.missing if name in data])
    if all(name in data for name in error.missing):
        options = " ".join(f"--bind {shlex.quote(path)}" for path in files)
        verb = "has" if len(files) == 1 else "have"
        error.hint = f"{' and '.join(files)} {verb} {', '.join(error.missing)} too: add {options}"
        error.missing = []


def _not_for_claims(given: dict[str, Any]) -> None:
    """Raise BackpropError for an option that says where claims are to hold."""
    for option in OF_CLAIMS:
        if given[option]:
            raise BackpropError(
                f"--{option} is for claims", "write one, as in --claim 'x = 2*x'; or leave it out"
            )


def methods(words: Sequence[str], given: dict[str, Any]) -> int:
    """Compare all methods at the point; return the exit code."""
    loaded = load(words, given)
    report = api.gradient(loaded.program, loaded.bindings, wrt=loaded.wrt)
    warnings = [*loaded.warnings, *report.lowered.warnings]
    screen.warn(warnings)
    found = awaited(lambda: trust.check_methods(report, timeout=given["check_timeout"]))
    from backpropcli.render.verdicts import methods as render

    rows = [(row.name, row.verdict) for row in found.rows.values()]
    document = partial(render.document, found, warnings)
    return judged(found.verdict, rows, partial(render.methods_lines, found), document, given)
