"""Words NAME=VALUE, as the command line and a program's comments have them."""

from __future__ import annotations

from backpropcli.calculus.bindings.items import FILE, Item, Stored, is_name
from backpropcli.errors import SourceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

MARK = "bind:"


def item_of(source: str, start: int, end: int, origin: str = "") -> Item:
    """Return the item of characters ``start`` to ``end`` of a source: a text, or a file's name."""
    stored = source[start:end].lstrip().startswith(FILE)
    return (Stored if stored else Item)(source, start, end, origin)


def from_words(words: Iterable[str]) -> dict[str, Item]:
    """Return what NAME=VALUE words give, by name."""
    found: dict[str, Item] = {}
    words = list(words)
    for place, word in enumerate(words):
        name, equals, text = word.partition("=")
        name = name.strip()
        if not equals or not is_name(name) or not text.strip() or text.startswith("="):
            from backpropcli.calculus.bindings.mistakes.values import not_a_value

            raise not_a_value(words, place)
        if name in found:
            twice = Item(word, 0, word.index("="))
            raise twice.error(f"{name} is given twice", "keep one of the two")
        found[name] = item_of(word, word.index("=") + 1, len(word))
    return found


def from_comments(source: str, origin: str) -> dict[str, Item]:
    """Return what a program's comments give, by name."""
    found: dict[str, Item] = {}
    if MARK not in source:
        return found
    place = 0
    for line in source.split("\n"):
        mark, _, rest = line.partition("#")
        if not mark.strip() and rest.strip().startswith(MARK):
            at = place + line.index(MARK) + len(MARK)
            for word in _words(source[at : place + len(line)]):
                at = source.index(word, at)
                try:
                    [name] = from_words([word])
                except SourceError as error:
                    hint = "write the default values with blanks between them: # bind: w=2 x=3"
                    raise SourceError(
                        error.message, source, at + error.start, at + error.end, hint, origin
                    ) from None
                if name in found:
                    twice = Item(source, at, at + len(name), origin)
                    raise twice.error(f"{name} is given twice", "keep one of the two")
                found[name] = item_of(source, at + word.index("=") + 1, at + len(word), origin)
                at += len(word)
        place += len(line) + 1
    return found


def _words(text: str) -> list[str]:
    """Return the words of a text; a blank in brackets parts none."""
    if "[" not in text and "(" not in text:
        return text.split()
    found, depth = [""], 0
    for char in text:
        depth += (char in "[(") - (char in "])")
        if char.isspace() and depth <= 0:
            found.append("")
        else:
            found[-1] += char
    return [word for word in found if word]
