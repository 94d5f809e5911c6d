"""Keywords of other libraries, and what is written with their values here: none is dropped."""

from __future__ import annotations

from copy import copy

from backpropcli.graph.operations import NAMES
from backpropcli.language.mistakes.elsewhere.call import Call, is_ignored

SAME = {
    "min_val": "min",
    "max_val": "max",
    "a_min": "min",
    "a_max": "max",
    "negative_slope": "slope",
    "alpha": "slope",
    "ndigits": "decimals",
}
"""Keywords that mean the same; what has no value, as max=None, is as if it were not there."""
ORDER = ("min", "max", "slope", "decimals", "beta", "eps")
WRITTEN: dict[str, tuple[str, ...]] = {
    "clip min": ("max(x, y)",),
    "clip max": ("min(x, y)", "clip(x, y, t)"),
    "clip min max": ("clip(x, y, t)",),
    "hardtanh min": ("clip(x, y, 1)",),
    "hardtanh max": ("clip(x, -1, y)", "clip(x, y, t)"),
    "hardtanh min max": ("clip(x, y, t)",),
    "leaky_relu slope": ("leaky_relu(x, y)",),
    "elu slope": ("elu(x, y)",),
    "round decimals": ("round(x*10^y)/10^y",),
    "softplus beta": ("softplus(x*y)/y",),
    "logit eps": ("logit(clip(x, y, 1 - y))",),
    "add slope": ("x + y*t",),
    "sub slope": ("x - y*t",),
    "div rounding_mode=floor": ("floor(x/y)",),
    "div rounding_mode=trunc": ("trunc(x/y)",),
    "gelu approximate=tanh": ("gelu_tanh(x)",),
    "gelu approximate=True": ("gelu_tanh(x)",),
    "gelu approximate=none": ("gelu(x)",),
    "gelu approximate=False": ("gelu(x)",),
}
"""A function with keywords, and what is written; the arguments without names come first."""
WORDS = {"approximate", "rounding_mode"}
"""Keywords whose values are words, each with a template of its own."""
UNBIASED = {"True": "ddof=1", "False": "ddof=0"}
"""What a truth says of var and std, by name or without one."""
THEIRS = {
    ("norm", "p"): {"": "ord="},
    ("var", "unbiased"): UNBIASED,
    ("std", "unbiased"): UNBIASED,
}
"""Keywords of functions that have others: what is written for a value, "" for any before it."""


def without_names(call: Call, name: str) -> str:
    """Return what is written for a call with keywords of a function ``name``; "" if unknown."""
    call, given, named = copy(call), [], {}
    for text in call.arguments:
        key, equals, setting = text.partition("=")
        key, setting = key.strip(), setting.strip()
        if not equals or not key.isidentifier() or setting.startswith("="):
            given.append(text)
        elif key in WORDS:
            named[f"{key}={setting.strip(chr(34) + chr(39))}"] = ""
        elif setting != "None" and not is_ignored(text):
            named[SAME.get(key, key)] = setting
    keys = sorted(named, key=lambda key: ORDER.index(key) if key in ORDER else -1)
    call.arguments = [*given, *[named[key] for key in keys if named[key]]]
    filled = map(call.filled, WRITTEN.get(" ".join([name, *keys]), ()))
    return next(filter(None, filled), "")


def without_bound(call: Call) -> str:
    """Return what is written for clip(x, 0, None); "" for any other call."""
    row = NAMES.get(call.place.word)
    if row is None or row.name != "clip" or len(call.arguments) != 3:  # noqa: PLR2004 (its bounds)
        return ""
    of, least, most = call.arguments
    if "None" not in {least, most}:
        return ""
    call.arguments = [of, f"min={least}", f"max={most}"]
    return without_names(call, row.name)


def renamed(name: str, keyword: str, setting: str) -> str:
    """Return the keyword and its setting as a function has them here; "" for none."""
    known = {} if setting[:1] in {'"', "'"} else THEIRS.get((name, keyword), {})
    return known.get(setting) or (f"{known['']}{setting}" if "" in known else "")
