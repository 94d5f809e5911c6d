"""backprop samples [NAME]: the sample programs."""

from __future__ import annotations

from backpropcli.cli import screen
from backpropcli.cli.line.reader import single
from backpropcli.errors import BackpropError, did_you_mean
from backpropcli.files import read_text, sample_names, sample_path
from backpropcli.render.help.page import listed
from backpropcli.render.layout.lines import wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

SHORT, LONG = 12, 58
"""Characters that what is said of a sample should have."""
STRONG, WEAK = (". ", "; ", ": "), (", ", " (")
"""Where a sentence may end early."""


def run(words: Sequence[str], _: object) -> int:
    """List the samples, or print one; return the exit code."""
    name = single(words, "samples")
    if name:
        path = sample_path(name)
        if not path:
            hint = did_you_mean(name, sample_names(), "'backprop samples' lists them")
            raise BackpropError(f"there is no sample '{name}'", hint)
        screen.write(read_text(path).rstrip("\n") + "\n")
        return 0
    rows = [(sample, about(read_text(sample_path(sample)))) for sample in sample_names()]
    lines = listed(rows, screen.width())
    more = "'backprop samples NAME' prints one, 'backprop @NAME' runs it"
    lines += [[], *wrapped([("note", more)], screen.width())]
    screen.show(lines)
    return 0


def about(text: str) -> str:
    """Return what a program's first comment says: its first sentence, or a part of it."""
    comment = []
    for line in text.splitlines():
        if not line.startswith("#") or line[1:].strip().startswith("bind:"):
            break
        comment.append(line[1:].strip())
    said = " ".join(comment)
    said = min((part for part in _parts(said, STRONG) if len(part) >= SHORT), key=len, default=said)
    if len(said) > LONG:
        fitting = [part for part in _parts(said, WEAK) if len(part) <= LONG]
        said = max(fitting, key=len, default=said)
    return said.rstrip(".")


def _parts(text: str, stops: tuple[str, ...]) -> list[str]:
    """Return what stands before each of ``stops`` in ``text``, outside quotes and parentheses."""
    found = []
    for stop in stops:
        pieces = text.split(stop)
        heads = [stop.join(pieces[:count]) for count in range(1, len(pieces))]
        found += [
            head
            for head in heads
            if head.count('"') % 2 == 0 and head.count("(") == head.count(")")
        ]
    return found
