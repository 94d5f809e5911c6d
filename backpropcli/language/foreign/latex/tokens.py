"""The tokens of LaTeX, what its commands are called in the language, and a place among them."""

from __future__ import annotations

import re  # noqa: TID253 (the module is loaded for LaTeX only)
from typing import NamedTuple

from backpropcli.errors import SourceError
from backpropcli.graph.arrays import WORDS as OF_ARRAYS
from backpropcli.graph.operations import NAMES
from backpropcli.language.foreign.latex.commands import (
    ACCENTS,
    ALSO,
    BLANK,
    COMMANDS,
    ENVIRONMENTS,
    FONTS,
    FUNCTIONS,
    NAMED,
    REFUSED,
    STATISTICS,
    SUMS,
    WORDS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Error = Callable[[str, "Token", str], SourceError]


class Token(NamedTuple):
    """A token: its kind, what it is in the language, and characters ``start`` to ``end``."""

    kind: str
    text: str
    start: int
    end: int


NO_SUM = "write a backslash before it"
NEAR = 100
"""Characters before a letter in which its subscript begins."""
SHORTEST = 3
"""Letters of the shortest word that is no product of letters by chance."""
PATTERN = (
    r"(?P<blank>[\s~]+|%[^\n]*)"
    r"|(?P<number>(?:\d+(?:\.\d*)?|\.\d+))"
    r"|\\(?P<command>[A-Za-z]+\*?|.)"
    r"|(?P<letter>[^\W\d_])"
    r"|(?P<sign><=|>=|(?s:.))"
)
DISPLAYED = {"equation", "displaymath", "math"}
"""Environments that say where a formula is shown."""
ENVIRONMENT = r"\s*\{\s*(\w+\*?)\s*\}"
GROUPED = r"\{,\}(\d+)"
"""What follows the digits of a number with a comma that has no blank behind it."""
THOUSANDS = 3
E_NOTATION = r"[eE]([+-]?\d+)"
BRACED = r"\s*\{([^{}\\]*)\}|\s*([A-Za-z])"
BRACED_COMMAND = r"\s*\{?\s*\\([A-Za-z]+)\s*\}?"


def tokens(text: str, error: Error) -> list[Token]:
    """Return the tokens of ``text``, without what is only looks; the last is of kind "end"."""
    found: list[Token] = []
    at, stop = _bare(text)
    pattern = re.compile(PATTERN)
    while at < stop:
        match = pattern.match(text, at, stop)
        assert match is not None  # noqa: S101 (any character is a sign)
        start, at = at, match.end()
        kind, word = str(match.lastgroup), match[match.lastgroup or 0]
        if kind == "command":
            token, at = _command(text, word, start, at, error)
        elif kind == "letter":
            _letters_or_word(text, start, error)
            token = Token("name", word, start, at)
        elif kind == "number" and (grouped := re.compile(GROUPED).match(text, at)):
            here = Token("", "", start, grouped.end())
            digits = grouped[1]
            hint = f"write {word}.{digits}"
            if len(digits) == THOUSANDS:
                hint += f", or {word}{digits} for thousands"
            raise error("a number has a decimal point, and no comma", here, hint)
        elif kind == "number" and (power := re.compile(E_NOTATION).match(text, at)):
            here = Token("", "", start, power.end())
            hint = f"write {word} \\cdot 10^{{{power[1]}}}, or {word} \\cdot e {power[1]}"
            raise error("this can be read in two ways", here, hint)
        elif kind == "sign":
            token = _sign(word, start, at)
        else:
            token = Token(kind, word, start, at)
        if token.kind != "blank":
            found.append(token)
    return [*found, Token("end", "", stop, stop)]


def _letters_or_word(text: str, start: int, error: Error) -> None:
    """Raise SourceError where a word of mathematics lacks its backslash: letters are a product."""
    before = text[max(0, start - NEAR) : start]
    if before[-1:].isalpha() or re.search(r"_\s*(\{[^{}]*)?$", before):
        return
    end = start
    while end < len(text) and text[end].isalpha():
        end += 1
    word = text[start:end]
    here = Token("", word, start, end)
    if word in STATISTICS or (len(word) >= SHORTEST and word in REFUSED):
        hint = REFUSED.get(word, REFUSED["mathbb"])
        raise error(f"'{word}' has no meaning here", here, hint)
    if word in SUMS:
        raise error(f"'{word}' has no backslash, so it would be a product", here, NO_SUM)
    known = [name for name in FUNCTIONS if len(name) >= SHORTEST and word.startswith(name)]
    if known:
        name = max(known, key=len)
        raise error(f"'{name}' has no backslash, so it would be a product", here, f"write \\{name}")
    if len(word) >= SHORTEST and word in NAMES and not NAMES[word].infix:
        raise error(
            f"'{word}' would be a product of letters", here, f"write \\operatorname{{{word}}}"
        )


def _bare(text: str) -> tuple[int, int]:
    """Return where the formula begins and ends, without the dollar signs around it."""
    start, stop = len(text) - len(text.lstrip()), len(text.rstrip().rstrip(".,"))
    while text[start:stop].startswith("$") and text[start:stop].endswith("$") and stop - start > 1:
        start, stop = start + 1, stop - 1
    return start, stop


def _sign(sign: str, start: int, end: int) -> Token:
    if sign in "+-*/^<>" or sign in {"<=", ">="}:
        return Token("infix", sign, start, end)
    if sign in "−·×÷≤≥≠":
        plain = dict(zip("−·×÷≤≥≠", ["-", "*", "*", "/", "<=", ">=", "!="], strict=True))
        return Token("infix", plain[sign], start, end)
    if sign in "([{":
        return Token("open", sign, start, end)
    if sign in ")]}":
        return Token("close", sign, start, end)
    return Token({"|": "bar", "&": "cell"}.get(sign, sign), sign, start, end)


def _command(text: str, word: str, start: int, at: int, error: Error) -> tuple[Token, int]:
    """Return the token of a command, and where it ends."""
    here = Token("", f"\\{word}", start, at)
    if word in REFUSED:
        raise error(*_refused(text[:start], word, here))
    if word in BLANK:
        invisible = word in {"left", "right"} and text[at : at + 1] == "."
        return here._replace(kind="blank"), at + invisible
    if word in COMMANDS:
        kind, plain = COMMANDS[word]
        return Token(kind, plain, start, at), at
    if word in {"begin", "end"}:
        environment = re.compile(ENVIRONMENT).match(text, at)
        if environment and environment[1] == "cases":
            return Token(f"{word} cases", "", start, environment.end()), environment.end()
        if environment and environment[1].removesuffix("*") in ENVIRONMENTS:
            return Token(f"{word} matrix", "", start, environment.end()), environment.end()
        if environment and environment[1].removesuffix("*") in DISPLAYED:
            return here._replace(kind="blank"), environment.end()
        raise error(
            "only matrices and the environment 'cases' have a meaning here", here, "leave it out"
        )
    if word.removesuffix("*") in FONTS or word in ACCENTS:
        name, at = _inside(text, word, at, here, error)
        return _named(name, word, Token("", name, start, at), error), at
    raise error(f"'\\{word}' has no meaning here", here, "write it in the language itself")


def _refused(before: str, word: str, here: Token) -> tuple[str, Token, str]:
    """Return what is said of a command without a meaning, where, and what to do."""
    angle = re.search(r"(\d+(?:\.\d*)?)?\s*\^\s*\{?\s*$", before)
    if word == "circ" and angle is not None:
        return "angles are in radians", here, f"degrees are written {angle[1] or 30} \\pi/180"
    number = re.search(r"(\d+(?:\.\d*)?)\s*$", before)
    hint = REFUSED[word].format(number[1] if number else "50") if word == "%" else REFUSED[word]
    return f"'\\{word}' has no meaning here", here, hint


def _inside(text: str, word: str, at: int, here: Token, error: Error) -> tuple[str, int]:
    """Return the name that a command of fonts or accents is about, and where it ends."""
    letters = re.compile(BRACED).match(text, at)
    if letters is not None:
        return (letters[1] or letters[2] or "").strip(), letters.end()
    greek = re.compile(BRACED_COMMAND).match(text, at)
    if greek is None or greek[1] not in NAMED:
        raise error(f"'\\{word}' is not read around this", here, "write a name in it")
    return NAMED[greek[1]], greek.end()


def _named(name: str, font: str, token: Token, error: Error) -> Token:
    """Return what a name in another font is: a function, a word of a case, or a variable."""
    if font in ACCENTS:
        name = f"{name}_{ACCENTS[font]}"
    lower = name.lower()
    if lower.split(" ")[0] in WORDS and font not in ACCENTS:
        return token._replace(kind="word", text=WORDS[lower.split(" ")[0]])
    for word in (name, lower):
        if len(word) > 1 and word in NAMES and not NAMES[word].infix:
            return token._replace(kind="function", text=word)
    if ALSO.get(name, name) in OF_ARRAYS:
        return token._replace(kind="function", text=ALSO.get(name, name))
    name = "_".join(name.replace("-", " ").split())
    if name == "1":
        raise error("an indicator is not read", token, "write it with \\begin{cases}")
    if not name.isidentifier():
        raise error(f"'{token.text}' cannot be a name", token, "a name is letters and digits")
    return token._replace(kind="name", text=name)


class Cursor:
    """A place among the tokens of a text."""

    def __init__(self, text: str, origin: str) -> None:
        self.text = text
        self.origin = origin
        self.tokens = tokens(text, self.error)
        self.at = 0

    def error(self, message: str, token: Token, hint: str) -> SourceError:
        """Return the error at a token."""
        return SourceError(message, self.text, token.start, token.end, hint, self.origin)

    @property
    def coming(self) -> Token:
        """The next token."""
        return self.tokens[self.at]

    def take(self) -> Token:
        """Take the next token; the last one stays."""
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def braced(self, owner: Token) -> list[Token]:
        """Take the next word, or all words in braces, as what belongs to ``owner``."""
        parts = [self.take()]
        if parts[0].text == "{":
            parts = []
            while self.coming.kind != "end" and self.coming.text != "}":
                parts.append(self.take())
            if self.take().kind == "end":
                raise self.error("this is never closed", owner, "add }")
        return parts
