"""Options that take a list: names as in "w,b", and components as in "x=1,w=0.5"."""

from __future__ import annotations

from backpropcli.calculus.bindings import Item, Point, component, is_finite
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def names(texts: Sequence[str] | None, option: str) -> list[str]:
    """Return the names in an option's values: "w,b", or each in a value of its own."""
    if texts is None:
        return []
    found = [name.strip() for text in texts for name in text.split(",") if name.strip()]
    if not found:
        raise BackpropError(
            f"--{option} names nothing", f"write names with commas, as in --{option} w,b"
        )
    seen: set[str] = set()
    for name in found:
        apart = name.replace(";", " ").split()
        if len(apart) > 1:
            raise BackpropError(
                f"--{option} takes names with commas", f"write --{option} {','.join(apart)}"
            )
        if name in seen:
            raise BackpropError(f"--{option} names {name} twice", "keep one of the two")
        seen.add(name)
    return found


def weights(
    texts: Sequence[str] | None, option: str, what: str, example: str = "x=1,w=0.5"
) -> Point:
    """Return the values in an option's values, "x=1,w=2*pi"; each is a constant expression.

    ``example`` is one such value, for a message.
    """
    example = f"--{option} '{example}'" if "(" in example else f"--{option} {example}"
    if texts is None:
        raise BackpropError(f"{what} is missing", f"give it with {example}")
    words = [word.strip() for text in texts for word in _split(text) if word.strip()]
    if not words:
        raise BackpropError(f"--{option} holds nothing", f"write {example}")
    found = Point({}, {})
    for word in words:
        name, equals, rest = word.rpartition("=")
        if not equals or not name.strip() or not rest.strip():
            raise BackpropError(
                f"'{word}' is not what --{option} takes, NAME=NUMBER", f"write {example}"
            )
        if name.strip() in found:
            twice = Item(word, 0, len(name), f"--{option}")
            raise twice.error(f"{name.strip()} is given twice", "keep one of the two")
        point = component(name.strip(), word, len(name) + 1, f"--{option}")
        [part] = point.values()
        if not is_finite(part):
            what = (
                f"this component is {part!r}" if isinstance(part, float) else "this is not finite"
            )
            item = Item(word, len(name) + 1, len(word), f"--{option}")
            raise item.error(what, "it must be a finite number")
        found = point.over(found)
    return found


def _split(text: str) -> list[str]:
    """Return ``text`` split at the commas that stand in no parentheses or brackets."""
    parts, depth = [""], 0
    for char in text:
        depth += (char in "([") - (char in ")]")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts
