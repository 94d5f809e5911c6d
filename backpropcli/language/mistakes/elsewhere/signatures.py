"""Matches a call's arguments to the signature that a function has in another library."""

from __future__ import annotations

from backpropcli.language.mistakes.elsewhere.call import is_ignored
from backpropcli.language.mistakes.source.expressions import names_in, substituted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropcli.language.mistakes.elsewhere.peers import Peer


SPELLED = {
    **dict.fromkeys(("input", "a", "self"), "x"),
    **dict.fromkeys(("other", "target"), "y"),
    **dict.fromkeys(("chunks", "indices_or_sections", "num_or_size_splits"), "parts"),
    **dict.fromkeys(("index", "indices"), "i"),
    "dim": "axis",
    "keepdim": "keepdims",
    "correction": "ddof",
    "p": "ord",
    "diagonal": "k",
    "weight": "w",
    "bias": "b",
    "mask": "c",
    "repeats": "n",
    "perm": "n",
}
"""What arguments are called elsewhere, and in the rows."""
SETTING = r", (\w+)=(\w+)"
TRUTHS = {"True": "1", "False": "0"}


def arguments_of(peer: Peer, arguments: Sequence[str]) -> dict[str, str] | None:
    """Return the arguments of a call by their names in a row; None if it does not fit them."""
    rules, given = peer.rules, dict[str, str]()
    order = [*rules]
    order = order[: order.index("*")] if "*" in order else order
    at = 0
    for text in arguments:
        if is_ignored(text):
            continue
        key, equals, setting = text.partition("=")
        key = key.strip()
        if equals and key.isidentifier() and not setting.startswith("="):
            key = key if key in rules else SPELLED.get(key, key)
            if key not in rules or key in given:
                return None
            given[key] = setting.strip()
        elif at < len(order):
            given[order[at]] = text
            at += 1
        elif order and rules[order[-1]] == "...":
            given[order[-1]] += f", {text}"
        else:
            return None
    if "axis" in given and given["axis"] == "None" and rules["axis"] != ":None":
        del given["axis"]
    return given if all(_fits(key, rule, given) for key, rule in rules.items()) else None


def _fits(key: str, rule: str, given: dict[str, str]) -> bool:
    """Say whether an argument is as its rule says, and put it into the form that is written."""
    text, kind, wanted = given.get(key, "").replace('"', "'"), rule[:1], rule[1:]
    if key == "axis" and text and text != "None" and not _is_axis(text):
        return False
    if key == "ord" and not rule:
        return not text or _is_number(text)
    if kind == "=":
        given.setdefault(key, wanted)
    elif kind == "?":
        given.pop(key, "")
        return text in {"", wanted, *SHORTER.get(wanted, ())}
    elif wanted in {"bool", "not"}:
        given[key] = TRUTHS.get(text, "") if wanted == "bool" else str(text != "True")
        return text in TRUTHS
    elif kind == ":":
        test = TESTS.get(wanted)
        return test(text) if test else text.rpartition(".")[2] == wanted
    return True


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").removeprefix("+").isdecimal()


def _is_number(text: str) -> bool:
    """Say whether a text is a number above 0."""
    plain = text[:1].isdigit() and bool(text.strip("0.")) and text.replace(".", "", 1).isdecimal()
    return plain or text.rpartition(".")[2] == "inf"


def _elements(text: str) -> list[str]:
    """Return the elements of a tuple or list of whole numbers; none for anything else."""
    parts = [part.strip() for part in text[1:-1].split(",") if part.strip()]
    return parts if text[:1] in {"(", "["} and all(map(_is_whole, parts)) else []


def _is_axis(text: str) -> bool:
    return _is_whole(text) or bool(_elements(text))


TESTS: dict[str, Callable[[str], bool]] = {
    "int": _is_whole,
    "+": _is_number,
    "one": lambda text: text.strip("()[], ").isalnum(),
    "listed": lambda text: text[:1] != "(",
    "pair": lambda text: len(_elements(text)) == 2,  # noqa: PLR2004 (a pair)
}
"""What a value has to be, by what stands for it in a row."""
SHORTER = {"1e-5": ("1e-05", "0.00001")}
"""Other spellings of a value."""


def filled(template: str, peer: Peer, given: dict[str, str]) -> str:
    """Return a template with arguments in it; "" if one is lacking."""
    import re

    def setting(found: re.Match[str]) -> str:
        key, name = found.groups()
        left = name not in given and (name in peer.rules or name == key)
        return "" if left else found[0]

    whole = re.sub(SETTING, setting, template)
    words = names_in(re.sub(SETTING, "", template)) & peer.rules.keys()
    return substituted(whole, given) if words <= given.keys() else ""
