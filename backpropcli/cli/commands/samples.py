"""backprop samples [NAME]: the sample programs."""

from __future__ import annotations

from backpropcli.cli import screen
from backpropcli.cli.line.reader import single
from backpropcli.cli.samples import about
from backpropcli.errors import BackpropError, did_you_mean
from backpropcli.files import read_text, sample_names, sample_path
from backpropcli.render.help.page import listed
from backpropcli.render.layout.lines import wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


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
