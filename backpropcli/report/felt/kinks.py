"""The kinks that the outputs feel at a point, also those in derivatives of the program."""

from __future__ import annotations

from backpropcli.report.felt.book import Book
from backpropcli.report.felt.derivatives import differentiated, of_derivative
from backpropcli.report.felt.reached import is_aside, reached
from backpropcli.report.kinks.kink import by_text
from backpropcli.report.kinks.poles import poles
from backpropcli.report.moving.nodes import moving_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.report.kinks.kink import KinkMet
    from backpropcli.report.run import Run


def kinks_met(run: Run, *, finite: bool) -> list[KinkMet]:
    """Return the kinks at the point, each once; and poles where all that is asked for is finite.

    The rules for floats have cases that are no kinks. So where a program holds derivatives, those
    are looked at as books write them; and as functions, where such a derivative has a kink inside.
    """
    book = Book(run)
    if not run.lowered.diffs:
        return list(_felt(run, book, finite=finite))
    kinks: list[KinkMet] = []
    inside: dict[int, list[KinkMet]] = {}
    for kink in _felt(run, book, finite=finite):
        if not (is_aside(kink) and book.lowered.of_derivative(kink.node)):
            owner = book.lowered.brought(kink.node)
            (kinks if owner is None else inside.setdefault(owner, [])).append(kink)
    for owner, parts in inside.items():
        told = of_derivative(run, owner, book.names_above(parts))
        kinks += parts if told is None else told
    found: dict[tuple[str, str, str], KinkMet] = {}
    for kink in kinks:
        kink.node = kink.input = run.top
        found.setdefault(kink.what, kink)
    for kink in differentiated(run, book):
        kink.node = kink.input = run.top
        found.setdefault(kink.what, kink).of_value = True
    return list(found.values())


def _felt(run: Run, book: Book, *, finite: bool) -> Iterator[KinkMet]:
    """Yield the kinks that the outputs feel, with their texts: of what does not stay as it is."""
    lowered, values = book.lowered, book.values
    moving = moving_at(lowered.graph, values, book.wrt)
    kinks = [*reached(lowered.graph, values, book.roots, moving)]
    if finite:
        known = dict.fromkeys(lowered.graph.variables(), 0.0) | run.bindings
        facts = lowered.graph, values, book.roots, book.active, known
        kinks += poles(*facts, as_typed=run.as_typed)
    for kink in kinks:
        kink.label = lowered.turning(kink.node)
        kink.order = lowered.order_of(kink.node)
        kink.by, kink.at = by_text(lowered, kink.input, values)
        yield kink
