"""Definitions in files: those that a program uses, and those that ship with the language.

A path in use 'file.bp' is relative to the file that names it, or to the working directory where the
program is no file. Nothing else is searched. What ships are losses, layers and recurrent cells,
written in the language: a function of the program's own with the same name wins, and a file is read
when one of its functions is called.
"""

from __future__ import annotations

import os

from backpropcli.errors import BackpropError, SourceError
from backpropcli.files import read_text
from backpropcli.language.driver import build, normal
from backpropcli.language.surface import LIBRARY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.builder.expressions import Expressions
    from backpropcli.language.program import Function

DEEPEST = 100
"""How many files may use one another in a row."""
LONG = 40
"""The beginning of a longer path is left out in a message."""


def include(builder: Expressions, path: str, start: int, end: int) -> None:
    """Take the definitions of the file at ``path`` into ``builder``.

    Raises SourceError for a file that cannot be read, that uses itself, that holds more than
    definitions, or that defines a function again.
    """
    if not path:
        raise builder.error("there is no file's name", start, end, "write it, as in use 'file.bp'")
    shown = path if len(path) <= LONG else f"…{path[-LONG:]}"
    place = os.path.join(os.path.dirname(builder.origin), path) if builder.from_file else path  # noqa: PTH118, PTH120 (pathlib costs start-up time)
    try:
        if path == "-":
            raise BackpropError("stdin cannot be used for definitions", "put them in a file")
        files = [*_chain(builder), _real(place)]
        refusal = _circle(files, shown)
        if not refusal:
            inner = builder.included.get(files[-1]) or _built(builder, place, files)
            refusal = _taken_in(builder, inner, shown)
    except SourceError:
        raise
    except BackpropError as error:
        message = error.message if len(place) <= LONG else error.message.replace(place, shown)
        raise builder.error(message, start, end, error.hint) from None
    if refusal:
        message, hint = refusal
        raise builder.error(message, start, end, hint)


def _built(builder: Expressions, place: str, files: list[str]) -> Expressions:
    """Return the definitions of the last of ``files``, which is read once for a program."""
    text = normal(read_text(place))
    inner = builder.of_file(text, place, helpers=place.startswith(LIBRARY))
    inner.files = files
    build(inner, text)
    builder.included[files[-1]] = inner
    return inner


def _real(place: str) -> str:
    """Return a path without links; one that is no path stays, and reading it says what is wrong."""
    try:
        return os.path.realpath(place)
    except ValueError:  # it holds a null byte, or half a character
        return place


def _chain(builder: Expressions) -> list[str]:
    """Return the files that are being read: the program's own, and each that one uses."""
    if builder.files or not builder.from_file:
        return builder.files
    return [_real(builder.origin)]


def _circle(files: list[str], shown: str) -> tuple[str, str] | None:
    """Return what is wrong where the last of ``files`` is used by itself, and what to do."""
    *before, last = files
    if before and last == before[-1]:
        return "this file uses itself", "remove this line"
    if last in before:
        return (
            f"'{shown}' uses itself, directly or through other files",
            "move what both need into a third file",
        )
    if len(before) >= DEEPEST:
        return (
            f"files use one another more than {DEEPEST} deep",
            "use this file from the program itself",
        )
    return None


def _taken_in(builder: Expressions, inner: Expressions, shown: str) -> tuple[str, str] | None:
    """Take in what a file defines; return what is wrong with one of the functions, if any."""
    for name, function in inner.functions.items():
        known = builder.functions.setdefault(name, function)
        if known is not function and not known.same(function):
            return (
                f"'{shown}' defines {name}, which is defined already",
                "give one of the two another name",
            )
        if not known.same_rules(function):
            return (
                f"'{shown}' has another rule for {name}, or none",
                "write its rule next to its definition",
            )
        if name in builder.builtins:
            return f"'{shown}' defines {name}, which is used above it", "move this line to the top"
        known.used |= function.used  # it is too late for a rule
    return None


HOMES = {
    "losses": "mse mae smooth_l1 bce bce_logits cross_entropy cross_entropy_smoothed nll hinge "
    "focal kl normal_logpdf",
    "layers": "linear swiglu layer_norm rms_norm batch_norm attention multi_head_attention "
    "normalize cosine_similarity",
    "recurrent": "rnn_cell lstm_gates lstm_c lstm_h gru_parts gru_gate gru_new gru_cell",
}
"""The functions of each file in the package's library."""
HOME = {name: home for home, names in HOMES.items() for name in names.split()}


def shipped(builder: Expressions, name: str) -> Function | None:
    """Return the shipped function of a name; None if there is none."""
    home = HOME.get(name)
    if home is None:
        return None
    place = path_of(home)
    inner = builder.included.get(place) or _built(builder, place, [place])
    return inner.functions[name]


def described() -> dict[str, tuple[str, str, str]]:
    """Return how each shipped function is called, what it is, and its definition."""
    found = {}
    for home in HOMES:
        said = ""
        for line in read_text(path_of(home)).splitlines():
            if line.startswith("def "):
                head, _, body = line.removeprefix("def ").partition(" = ")
                found[head.partition("(")[0]] = (head, said, f"def {head} = {body}")
            said = line.removeprefix("# ") if line.startswith("#") else ""
    return found


def path_of(home: str) -> str:
    """Return the path of a file of the library."""
    return f"{LIBRARY}/{home}.bp"
