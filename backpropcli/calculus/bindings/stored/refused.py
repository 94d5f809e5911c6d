"""Files that are not read, and parts that are not there."""

from __future__ import annotations

from backpropcli.errors import BackpropError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

PICKLES = {
    "pt": "safetensors.torch.save_file({'W': W}, 'W.safetensors')",
    "pth": "safetensors.torch.save_file({'W': W}, 'W.safetensors')",
    "ckpt": "safetensors.torch.save_file({'W': W}, 'W.safetensors')",
    "pkl": "numpy.savez('W.npz', W=W)",
    "pickle": "numpy.savez('W.npz', W=W)",
    "joblib": "numpy.savez('W.npz', W=W)",
}
"""Formats that run code when they are read, and what saves the arrays instead."""


def pickled(path: str, instead: str = PICKLES["pkl"]) -> BackpropError:
    """Return the error for a file that only unpickling reads."""
    return BackpropError(
        f"'{path}' is a pickle, and reading a pickle can run any code: it is not read",
        f"save the arrays another way: {instead}",
    )


def one_of(known: Sequence[str], part: str, path: str, what: str = "array") -> str:
    """Return which of several a part names: the only one, where it is "".

    Raises BackpropError with the names where there is none of that name, or several for none.
    """
    if part in known:
        return part
    if not known:
        raise BackpropError(f"'{path}' holds no {what}", "name another file")
    if not part and len(known) == 1:
        return known[0]
    shown = ", ".join(known[:20]) + ", …" * (len(known) > 20)  # noqa: PLR2004 (a line or two)
    if not part:
        raise BackpropError(
            f"'{path}' holds {len(known)} {what}s: {shown}", f"name one: @{path}:{known[0]}"
        )
    raise BackpropError(
        f"'{path}' has no {what} '{part}'",
        did_you_mean(part, known, f"the {what}s are: {shown}"),
    )
