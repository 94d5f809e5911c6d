"""What Unicode says of a character, and which sign of the language it looks like."""

from __future__ import annotations

from unicodedata import name, normalize

from backpropcli.errors import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from backpropcli.language.mistakes.source.place import Place


LONG = 40
"""How much of a character's name is told: the longest have 80 characters, for emoji."""
LOOKALIKES = {
    **dict.fromkeys("–—‐‑‒―﹣－﹘", "-"),
    **dict.fromkeys("∗⁎＊✕✖╳•∙", "*"),
    **dict.fromkeys("⁄∕／", "/"),
    **dict.fromkeys("＋﹢", "+"),
    **dict.fromkeys("（❨⟮﹙", "("),
    **dict.fromkeys("）❩⟯﹚", ")"),
    **dict.fromkeys("，、‚﹐", ","),
    **dict.fromkeys("；﹔", ";"),
    **dict.fromkeys("＝﹦", "="),
    **dict.fromkeys("＜‹〈﹤", "<"),
    **dict.fromkeys("＞›〉﹥", ">"),
    **dict.fromkeys("＾↑", "^"),
    **dict.fromkeys("．。", "."),
    **dict.fromkeys("∧⋀", "and"),
    **dict.fromkeys("∨⋁", "or"),
    **dict.fromkeys("≈≡≅≟", "=="),
    **dict.fromkeys("←≔≝", "="),
    "⩽": "<=",
    "⩾": ">=",
    "¬": "not",
    "∞": "inf",
}
"""Characters that look like a sign of the language, or mean one, and that sign."""


def among(characters: Collection[str]) -> Callable[[Place], bool]:
    """Return whether the character at the mistake is one of these."""
    return lambda place: place.char in characters


def told(place: Place) -> dict[str, str]:
    """Tell a character's number and its name in Unicode."""
    char = place.char
    code = f"U+{ord(char):04X}"
    return {
        "char": visible(char),
        "code": code,
        "title": f"{code}, {name(char, 'unnamed').lower()[:LONG]}",
        "byte": f"0x{ord(char) & 0xFF:02X}",
        "plain": plain(char),
        "what": "part of the language" if plain(char).isalpha() else "the sign that it looks like",
    }


def plain(char: str) -> str:
    """Return the sign of the language that ``char`` looks like, or itself."""
    plain = LOOKALIKES.get(char) or normalize("NFKC", char)
    return {"[": "(", "{": "(", "]": ")", "}": ")"}.get(plain, plain)
