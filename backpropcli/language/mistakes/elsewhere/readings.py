"""What a call of another library's function is here: its arguments go where they belong."""

from __future__ import annotations

from backpropcli.errors import columns
from backpropcli.language.mistakes.elsewhere.peers import METHODS, PEERS, Peer
from backpropcli.language.mistakes.elsewhere.signatures import arguments_of, filled
from backpropcli.language.mistakes.source.expressions import axes, names_in
from backpropcli.language.mistakes.source.text import SHORT, short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropcli.language.builder.expressions import Expressions
    from backpropcli.language.mistakes.elsewhere.call import Call
    from backpropcli.language.mistakes.fixes import Fixes

NUMPY, TORCH, SCIPY = "NumPy", "PyTorch", "SciPy"
FAMILIES = {
    **dict.fromkeys(("np", "numpy", "jnp", "cupy", "cp"), NUMPY),
    **dict.fromkeys(("torch", "nn", "F", "functional"), TORCH),
    **dict.fromkeys(("scipy", "special", "stats"), SCIPY),
    **dict.fromkeys(("tf", "tensorflow", "keras", "K"), "TensorFlow"),
    **dict.fromkeys(("sympy", "sp"), "SymPy"),
    **dict.fromkeys(("math", "std"), "Python"),
    "jax": "JAX",
    "lax": "lax",
}
"""The first name of a library, and whose functions it has."""
PART = r"\[(\d)\]|\.(values|indices|logabsdet|sign)\b"


class Reading:
    """What is written for a call: ``whose`` it is, or what it is written for, and up to where.

    It is ``sure`` if the corrected program may be shown.
    """

    __slots__ = ("end", "sure", "text", "whose")

    def __init__(self, text: str, whose: str, end: int, *, sure: bool = True) -> None:
        self.text = text
        self.whose = whose
        self.end = end
        self.sure = sure


def family(parts: Sequence[str]) -> str:
    """Return whose functions the path of names before a function's leads to; "" if unknown."""
    if "numpy" in parts:
        return NUMPY
    if parts[0] in {"jax", "sp"}:
        inner = {"scipy": SCIPY, "lax": "lax", "special": SCIPY, "linalg": SCIPY}
        found = [inner[part] for part in parts[1:] if part in inner]
        return found[0] if found else FAMILIES[parts[0]]
    return FAMILIES.get(parts[0], "")


def of_library(call: Call, parts: Sequence[str]) -> list[Reading] | None:
    """Return what is written for a library's function; None if it is not known to be another.

    There is nothing where it is another, and nothing here is the same.
    """
    name = call.place.word
    peers = PEERS.get(f"linalg.{name}" if "linalg" in parts else name) or PEERS.get(name, [])
    library = family(parts)
    own = [peer for peer in peers if library in peer.libraries]
    return _read(own, call, call.arguments, library) if own else None


def of_any(call: Call) -> list[Reading] | None:
    """Return what is written for a function that has its name from one of the libraries."""
    peers = PEERS.get(call.place.word, [])
    libraries = dict.fromkeys(library for peer in peers for library in peer.libraries)
    return _of_several(peers, [*libraries], call, call.arguments) if peers else None


def of_method(call: Call, of: str) -> list[Reading] | None:
    """Return what is written for a method of ``of``, in NumPy, in JAX and in PyTorch."""
    name = call.place.word
    peers = METHODS.get(name, PEERS.get(name, []))
    libraries = [
        library for library in (NUMPY, TORCH) if any(library in p.libraries for p in peers)
    ]
    if not libraries:
        return [] if name in METHODS else None
    keys = {text.partition("=")[0].strip() for text in call.arguments if "=" in text}
    if keys & {"dim", "keepdim", "unbiased", "correction"} and TORCH in libraries:
        libraries = [TORCH]
    elif "ddof" in keys:
        libraries = [NUMPY]
    return _of_several(peers, libraries, call, [of, *call.arguments])


def alternatives(readings: Sequence[Reading], call: Call) -> str:
    """Return what a hint says to write: each reading, and whose it is if there are several."""
    texts = [reading.text for reading in readings]
    if not texts:
        return ""
    if len(texts) > 1 or not readings[0].sure:
        source, last = call.place.source, max(reading.end for reading in readings)
        shown = [short(reading.text + source[reading.end : last]) for reading in readings]
        said = [f"{text} for {one.whose}" for text, one in zip(shown, readings, strict=True)]
        lacks = "" if readings[0].sure else "; for a matrix it is another function"
        return " or ".join(said) + lacks
    return call.fitted(texts[0]) if columns(texts[0]) <= 2 * SHORT else "..."


def replaced(readings: Sequence[Reading], call: Call, start: int) -> Fixes:
    """Return the corrections: each reading in place of all from ``start`` to the call's end."""
    sure = [reading for reading in readings if reading.sure]
    return tuple([(start, reading.end, call.fitted(reading.text))] for reading in sure)


def _of_several(
    peers: Sequence[Peer], libraries: Sequence[str], call: Call, arguments: Sequence[str]
) -> list[Reading]:
    found: dict[tuple[str, int], Reading] = {}
    for library in libraries:
        own = [peer for peer in peers if library in peer.libraries]
        for reading in _read(own, call, arguments, library):
            found.setdefault((reading.text, reading.end), reading)
    return [*found.values()]


def _read(
    peers: Sequence[Peer], call: Call, arguments: Sequence[str], library: str
) -> list[Reading]:
    """Return what the rows of one library make of arguments; maybe for a vector and a matrix."""
    if call.end < 0:
        return []
    maybe: dict[str, Reading] = {}
    known = known_axes(call.place.builder, arguments[0]) if arguments else 0
    for peer in peers:
        given = arguments_of(peer, arguments)
        if given is None or (peer.of and known and peer.of != ("a vector", "a matrix")[known > 1]):
            continue
        if not _known(peer, call.place.builder, given):
            continue
        template, end = _part(peer, call)
        text = filled(template, peer, given)
        if peer.cut and (piece := _piece(call, given)) is not None:
            text, end = piece
        if text and peer.of and not known:
            maybe.setdefault(peer.of, Reading(text, peer.of, end))
        elif text:
            return [Reading(text, library, end)]
    for reading in maybe.values():
        reading.sure = len(maybe) > 1
    return [*maybe.values()]


def _known(peer: Peer, builder: Expressions, given: Mapping[str, str]) -> bool:
    """Say whether arguments are known to have the axes that a row asks for."""
    if any(known_axes(builder, given.get(name, "")) != count for name, count in peer.axes.items()):
        return False
    most, axis = known_axes(builder, given.get("x", "")), given.get("axis", "")
    there = not most or not axis.removeprefix("-").isdecimal()
    return there or -most <= int(axis) < most


def _piece(call: Call, given: Mapping[str, str]) -> tuple[str, int] | None:
    """Return the slice that a piece of an array is, and where that ends.

    There is none where no one piece is taken. None if all pieces have the same length, for all that
    is known.
    """
    import re

    value = call.place.builder.value_of(given.get("x", ""))
    shape, axis, parts = getattr(value, "shape", ()), given.get("axis", "0"), given.get("parts", "")
    count = int(parts) if parts.isdecimal() else 0
    if not (shape and count and axis.removeprefix("-").isdecimal()):
        return None
    size = shape[int(axis)]
    if size % count == 0:
        return None
    taken = re.match(PART, call.place.source[call.end :])
    if not taken or not taken[1]:
        return "", call.end
    step = -(-size // count)
    start = int(taken[1]) * step
    places = [":"] * (int(axis) % len(shape)) + [f"{start}:{min(start + step, size)}"]
    text = f"{given['x']}[{', '.join(places)}]" if start < size else ""
    return text, call.end + taken.end()


def known_axes(builder: Expressions, text: str) -> int:
    """Return how many axes a named array, or one that is written out, has; 0 if that is open."""
    if text.startswith("[") and text.endswith("]") and not names_in(text) and "[" not in text[1:]:
        return 1
    return axes(builder, text)


def _part(peer: Peer, call: Call) -> tuple[str, int]:
    """Return what is written for the part of a tuple that is taken, and where that ends."""
    import re

    taken = re.match(PART, call.place.source[call.end :]) if peer.values else None
    if not taken:
        return peer.written, call.end
    number = int(taken[1] or taken[2] in {"indices", "logabsdet"})
    found = peer.values[number] if number < len(peer.values) else ""
    return found, call.end + taken.end()
