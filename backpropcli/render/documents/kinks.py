"""Kinks as plain data in JSON documents."""

from __future__ import annotations

from backpropcli.errors import visible
from backpropcli.report.wholes import rounded_kinks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from backpropcli.report.kinks.kink import KinkMet
    from backpropcli.report.report import Report


def kinks(
    report: Report, further: Iterable[KinkMet], placed: Callable[..., dict[str, object]]
) -> list[dict[str, object]]:
    """Return the kinks of a report, ``placed``, and those of derivatives, with no nodes here."""
    exact = {id(kink): {"exact": true} for kink, true in rounded_kinks(report)}
    return [
        *(
            placed(report, kink.node, kink.input) | _kink(kink) | exact.get(id(kink), {})
            for kink in report.kinks
        ),
        *({"node": None, "input": None} | _kink(kink) for kink in further),
    ]


def _kink(kink: KinkMet) -> dict[str, object]:
    at = {} if kink.index is None else {"index": list(kink.index), "count": kink.count}
    return {
        "label": visible(kink.label),
        "by": visible(kink.by),
        "at": kink.at,
        "when": kink.when,
        "jump": kink.jump,
        "left": kink.left,
        "right": kink.right,
        "chosen": kink.chosen,
        "why": kink.why,
        "subgradients": kink.interval,
        "peers": kink.peers,
        "answers": kink.answers,
        **({"together": True} if kink.together else {}),
        **({"order": visible(kink.order)} if kink.order else {}),
        **({"rule": visible(kink.rule)} if kink.rule else {}),
        **({} if kink.pole is None else {"pole": kink.pole}),
        **({} if kink.taken else {"taken": False}),
        **({"inside_derivative": True} if kink.of_value else {}),
        **at,
    }
