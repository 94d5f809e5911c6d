"""What every command on a program needs: its text, its bindings, and names from options."""

from __future__ import annotations

import os

from backpropcli.calculus import bindings
from backpropcli.cli import screen
from backpropcli.cli.line.options import DTYPES, FLOW, MODES, NOTATIONS
from backpropcli.cli.line.words import no_expression, parted
from backpropcli.errors import BackpropError, SourceError, did_you_mean
from backpropcli.language.parse import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.calculus.bindings import Point
    from backpropcli.language.program import Program

SPELLED = {"double": "float64", "single": "float32", "half": "float16"} | {
    f"{short}{bits}": f"float{bits}" for short in ("f", "fp") for bits in (16, 32, 64)
}
"""What formats are called elsewhere."""
OF_DOUBLES, MOST_DIGITS = 17, 1000
"""Digits that any double needs at most; beyond that each is proved, up to so many."""
FOR_PEOPLE = ("view", "open", "max_nodes", "full")
"""Options that change only what people read."""
BESIDE_BARE = ("view", "open", "max_nodes", "cost", "kinks", "accuracy")
"""Options that say more than bare numbers."""
DEFAULTS = {option.key: option.default for options in MODES.values() for option in options}


class Loaded:
    """A program, the point, the names to differentiate by, and warnings.

    The point, ``bindings``, knows where each value came from: ``bindings.origins``.
    """

    __slots__ = ("bindings", "program", "warnings", "wrt")

    def __init__(self, program: Program, bound: Point, wrt: list[str], warnings: list[str]) -> None:
        self.program = program
        self.bindings = bound
        self.wrt = wrt
        self.warnings = warnings


class Source:
    """A program's text, where it is from, and the values of its variables."""

    __slots__ = ("bindings", "origin", "text")

    def __init__(self, text: str, origin: str, bound: Point) -> None:
        self.text = text
        self.origin = origin
        self.bindings = bound


def load(words: Sequence[str], given: dict[str, Any]) -> Loaded:
    """Return the program that stands among ``words``, and its point, as the options say."""
    source = read(words, given)
    bound = source.bindings
    known = bindings.with_letters(bound, given.get("shape") or ())
    program = parsed(source.text, known, source.origin)
    warnings = ignored(given) + unused(given, bound) + bindings.warnings(program, bound.given)
    if given.get("output") is not None:
        program = only(program, given["output"])
    wrt: list[str] = []
    if given.get("wrt") is not None:
        from backpropcli.cli.line.lists import names

        wrt = names(given["wrt"], "wrt")
    return Loaded(program, bound, wrt, warnings)


def read(words: Sequence[str], given: dict[str, Any]) -> Source:
    """Return the text of the program that stands among ``words``, and its point."""
    validate(given)
    word, values = parted(words, from_stdin="-" in (given["bind"] or ()))
    more = [name for name in values if given.get("wrt") and bindings.is_name(name)]
    if more:
        raise BackpropError(
            f"this is not a value: {more[0]}",
            f"several names are one word: --wrt {','.join([*given['wrt'], *more])}",
        )
    return sources([word], values, given)[0]


def sources(programs: Sequence[str], values: Sequence[str], given: dict[str, Any]) -> list[Source]:
    """Return the texts of programs, each with its point."""
    from_files = {path: bindings.file_bindings(path) for path in given["bind"] or ()}
    found = []
    for word in programs:
        text, origin = _text(word)
        if word == "-" and not text.strip():
            raise no_expression(values)
        text = translated(text, origin, given.get("from"))
        bound = bindings.merged(text, origin, from_files, values, _settings(given))
        bound.dtype = "" if given.get("dtype") in {None, DTYPES[0]} else given["dtype"]
        if bound.dtype and is_long(given):
            raise BackpropError(
                f"--dtype {bound.dtype} is not for digits that are proved", "leave one of them out"
            )
        found.append(Source(text, origin, bound))
    for note in dict.fromkeys(note for one in found for note in one.bindings.notes):
        screen.say(f"note: {note}")
    return found


def _text(word: str) -> tuple[str, str]:
    """Return the text and the origin of a program, which a word is, or names."""
    if word != "-" and not word.startswith("@"):
        return word, ""
    from backpropcli.files import read_program

    return read_program(word)


def _settings(given: dict[str, Any]) -> bindings.Settings:
    """Return how values are made, as the options say."""
    seed, dtype = given.get("rng_seed"), given.get("dtype") or DTYPES[0]
    if seed is not None and seed < 0:
        raise BackpropError(f"--rng-seed is {seed}", "it must be at least 0")
    if dtype not in DTYPES:
        meant = SPELLED.get(dtype, dtype)
        hint = did_you_mean(meant, DTYPES, f"it may be {' or '.join(DTYPES)}")
        raise BackpropError(f"there is no dtype '{dtype}'", hint)
    optional = "dtype" in given and not (given["dtype"] or is_long(given))
    return bindings.Settings(seed or 0, single=dtype == DTYPES[1], optional=optional)


def is_long(given: dict[str, Any]) -> bool:
    """Say whether numbers are proved: above the digits of a double, or the nearest doubles."""
    return bool(given.get("exact") or (given["digits"] or 0) > OF_DOUBLES)


def unused(given: dict[str, Any], bound: Point) -> list[str]:
    """Return a warning for each option about arrays that no value has a use for."""
    found = []
    if given.get("rng_seed") is not None and not bound.random:
        found.append("--rng-seed is not used: no value is random")
    return found


def translated(text: str, origin: str, notation: str | None) -> str:
    """Return a program that stands in another notation as text of the language, and show it."""
    if notation is None:
        return text
    if notation.lower() not in NOTATIONS:
        hint = did_you_mean(notation, NOTATIONS, f"it may be {' or '.join(NOTATIONS)}")
        raise BackpropError(f"there is no notation '{notation}'", hint)
    from backpropcli.language.foreign.latex import read

    found = read(text, origin)
    screen.say(f"read as {found}")
    return found


def parsed(text: str, bound: Mapping[str, float], origin: str) -> Program:
    """Return the program; the name of a file that is no program is told as that."""
    try:
        return parse(text, bound, origin)
    except SourceError:
        if not origin and "\n" not in text and os.path.isfile(text):  # noqa: PTH113 (slow to load)
            raise BackpropError(f"'{text}' is a file", f"run it with backprop @{text}") from None
        if text.endswith(".bp"):
            hint = f"a file's name has an @ in front: @{text}"
            raise BackpropError(f"there is no file '{text}'", hint) from None
        raise


def only(program: Program, name: str) -> Program:
    """Return ``program`` with one of its outputs; raise BackpropError where there is no such."""
    titles = program.titles()
    found = ["".join(title.split()) for title in titles]
    bare = "".join(name.split())
    if bare not in found:
        listed = f"the output{'s are' if len(titles) > 1 else ' is'}: {', '.join(titles)}"
        hint = did_you_mean(name, titles, listed)
        raise BackpropError(f"there is no output '{name}'", hint)
    place = found.index(bare)
    chosen = program.part([program.outputs[place]])
    chosen.written = program.written[place : place + 1]
    return chosen


def validate(given: dict[str, Any]) -> None:
    """Raise BackpropError for values that options common to all commands do not take."""
    of_doubles = {"latex", "points"} & {*given}  # the passes in LaTeX, and differences, are shown
    most = OF_DOUBLES if of_doubles else MOST_DIGITS
    if given["digits"] is not None and not 1 <= given["digits"] <= most:
        raise BackpropError(f"--digits is {given['digits']}", f"it must be from 1 to {most}")
    if given.get("exact") and (given["digits"] or 0) > OF_DOUBLES:
        raise BackpropError(
            f"--exact and --digits {given['digits']} exclude each other",
            f"a double has {OF_DOUBLES} digits at most: keep one of the two",
        )
    for key in ("max_nodes", "points"):
        if given.get(key, 1) < 0:
            option = key.replace("_", "-")
            raise BackpropError(f"--{option} is {given[key]}", "it must be at least 0")
    for key in ("check_timeout", "simplify_timeout"):
        if not 0 < given.get(key, 1) < float("inf"):
            raise BackpropError(
                f"--{key.replace('_', '-')} is {given[key]}",
                "it must be a number of seconds above 0",
            )
    formats = [name for name in ("json", "jsonl", "quiet", "value") if given.get(name)]
    if len(formats) > 1:
        raise BackpropError(f"--{formats[0]} and --{formats[1]} exclude each other", "keep one")


def ignored(given: dict[str, Any]) -> list[str]:
    """Return a warning for each option that the others leave without effect."""
    in_json = given.get("view") == FLOW and (given.get("json") or given.get("jsonl"))
    proved = (given["digits"] or 0) > OF_DOUBLES
    reasons = {
        option: reason
        for applies, reason, options in (
            (given.get("check", True) is False, "with --no-check", ("check_timeout",)),
            (given.get("latex_steps") is False, "without --latex-steps", ("digits",)),
            (given.get("simplify") is False, "without --simplify", ("simplify_timeout",)),
            (given.get("json"), "with --json", () if proved else ("digits",)),
            (given.get("jsonl"), "with --jsonl", () if proved else ("digits",)),
            (given.get("json"), "with --json", FOR_PEOPLE),
            (given.get("jsonl"), "with --jsonl", FOR_PEOPLE),
            (proved, f"with --digits {given['digits']}", ("view", "open", "max_nodes")),
            (given.get("quiet"), "with --quiet", BESIDE_BARE),
            (given.get("value"), "with --value", BESIDE_BARE),
        )
        if applies
        for option in options
        if given.get(option, DEFAULTS[option]) != DEFAULTS[option]
        and not (option == "view" and in_json)
    }
    return [
        f"--{option.replace('_', '-')} is not used {reason}" for option, reason in reasons.items()
    ]
