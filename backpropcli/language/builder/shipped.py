"""The functions that ship with the language, written in it: losses, layers, recurrent cells.

A function of the program's own with the same name wins. A file is read when one of its functions
is called.
"""

from __future__ import annotations

from backpropcli.files import read_text
from backpropcli.language.builder.include import definitions
from backpropcli.language.surface import LIBRARY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.builder.expressions import Expressions
    from backpropcli.language.program import Function

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
    return definitions(builder, path_of(home)).functions[name]


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
