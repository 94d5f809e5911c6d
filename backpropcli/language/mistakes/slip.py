"""A row of the table of mistakes, and the one place where a mistake becomes a sentence."""

from __future__ import annotations

from backpropcli.errors import SourceError, columns, visible
from backpropcli.language.mistakes.source.text import WIDE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from backpropcli.language.builder.expressions import Expressions
    from backpropcli.language.mistakes.fixes import Fixes
    from backpropcli.language.mistakes.source.place import Place


class Slip:
    """A kind of mistake: an example of it, what is said, and what to write instead.

    ``message`` and ``hint`` name in braces what fills them in; ``general`` is the hint where that
    would be too wide. ``instead`` is the example as the hint says to write it, where it does.
    """

    def __init__(  # noqa: PLR0913 (a row has this many cells)
        self,
        kind: str,
        example: str,
        message: str,
        hint: str,
        *,
        instead: str = "",
        general: str = "",
        given: str = "",
    ) -> None:
        self.kind = kind
        self.example = example
        self.message = message
        self.hint = hint
        self.instead = instead
        self.general = general
        self.given = given
        """A name that the example takes from outside."""

    def error(
        self, builder: Expressions, start: int, end: int, fixes: Fixes = (), /, **fills: object
    ) -> SourceError:
        """Return the error at characters ``start`` to ``end``: this row's sentences, filled in."""
        return self._error(builder, start, end, fixes, fills)

    def _error(
        self, builder: Expressions, start: int, end: int, fixes: Fixes, fills: dict[str, object]
    ) -> SourceError:
        hint = self.hint.format_map(fills)
        if self.general and columns(visible(hint)) > WIDE:
            hint = self.general.format_map(fills)
        error = builder.error(self.message.format_map(fills), start, end, hint)
        error.kind = self.kind
        error.fixes = fixes
        return error


Span = tuple[int, int]


def word(place: Place) -> Span:
    """Return the place of the word at the mistake."""
    return place.at, place.end


def sign(place: Place) -> Span:
    """Return the place of the mistake's first character."""
    return place.at, place.at + 1


def double(place: Place) -> Span:
    """Return the place of the mistake's first two characters."""
    return place.at, place.at + 2


def last(place: Place) -> Span:
    """Return the place of the word before the mistake."""
    return place.last_start, place.last_end


def both(place: Place) -> Span:
    """Return the place of the word before the mistake and the one at it."""
    return place.last_start, place.end


def opened(place: Place) -> Span:
    """Return the place of the innermost open parenthesis."""
    return place.opened, place.opened + 1


class Pattern(Slip):
    """A mistake that is known by the words around it.

    It is met where the word before the mistake is of a kind in ``after``, the word at it of one
    in ``at``, the next of one in ``then``, the text at it begins with ``sign``, and ``when``
    holds. ``fill`` tells what fills the sentences in beside the attributes of the place; ``fix``
    how to correct the program.
    """

    def __init__(  # noqa: PLR0913 (a row has this many cells)
        self,
        kind: str,
        example: str,
        message: str,
        hint: str,
        *,
        instead: str = "",
        general: str = "",
        after: Collection[str] = (),
        at: Collection[str] = (),
        then: Collection[str] = (),
        sign: str = "",
        when: Callable[[Place], object] | None = None,
        fill: Callable[[Place], dict[str, str]] | None = None,
        span: Callable[[Place], Span] = word,
        fix: Callable[[Place], Fixes] | None = None,
    ) -> None:
        super().__init__(kind, example, message, hint, instead=instead, general=general)
        self.after = frozenset(after)
        self.at = frozenset(at)
        self.then = frozenset(then)
        self.sign = sign
        self.when = when
        self.fill = fill
        self.span = span
        self.fix = fix

    def fits(self, place: Place) -> bool:
        """Say whether this is the mistake at ``place``."""
        return bool(
            (not self.after or place.last in self.after)
            and (not self.at or place.kind in self.at)
            and (not self.then or place.next(1) in self.then)
            and (not self.sign or place.source.startswith(self.sign, place.at))
            and (self.when is None or self.when(place))
        )

    def explain(self, place: Place) -> SourceError:
        """Return the error at ``place``."""
        start, end = self.span(place)
        if start < place.at < end and (place.cut_off(start) or "\n" in place.source[start:end]):
            start = place.at
        fills = _Fills(self.fill(place) if self.fill else {})
        fills.place = place
        return self._error(place.builder, start, end, self.fix(place) if self.fix else (), fills)


class _Fills(dict[str, object]):
    """What fills a sentence in: what a row tells, and the attributes of the place."""

    place: Place

    def __missing__(self, name: str) -> object:
        return getattr(self.place, name)


def explained(place: Place, rows: Iterable[Pattern]) -> SourceError:
    """Return the error of the first row that fits ``place``: the last one fits any."""
    return next(row for row in rows if row.fits(place)).explain(place)
