"""Takes the tokens of LaTeX one after the other."""

from __future__ import annotations

from backpropcli.errors import SourceError
from backpropcli.language.foreign.latex.tokens import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.foreign.latex.tokens import Token


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
