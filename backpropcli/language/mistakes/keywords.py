"""Mistakes in what is static in a call: keywords, axes, sizes, subscripts; and attributes."""

from __future__ import annotations

from backpropcli.errors import SourceError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.graph.row import Row
    from backpropcli.language.builder.arrays import Arrays, Keyword


def bad_attribute(builder: Arrays, name: str, start: int, end: int) -> SourceError:
    """Return the error for ``x.name``: arrays have .T and .mT."""
    return builder.error(
        f"there is no '.{name}'", end - len(name) - 1, end, "arrays have .T (all axes) and .mT"
    )


def bad_keyword(builder: Arrays, row: Row, name: str, keyword: Keyword) -> SourceError:
    """Return the error for a keyword that a function does not have, or has already."""
    known = ", ".join(row.static) or "no keywords"
    hint = did_you_mean(keyword.name, list(row.static)) or f"{name} has {known}"
    return builder.error(
        f"{name} has no keyword '{keyword.name}'", keyword.start, keyword.end, hint
    )


def bad_static(
    builder: Arrays, row: Row, name: str, part: object, start: int, end: int
) -> SourceError:
    """Return the error for what is not static, or stands in the wrong place."""
    keys = [key for key, default in row.static.items() if default]
    if part is not None and keys:
        value = builder.static(part)
        shown = value if value is not NotImplemented else 1
        return builder.error(
            f"{name} takes {len(row.parameters)} argument{'s' * (len(row.parameters) > 1)}; "
            "what else it takes is given by keyword",
            start, end, f"write {keys[0]}={shown}",
        )  # fmt: skip
    wanted = ", ".join(row.static)
    return builder.error(
        f"{name} needs {wanted} as literal numbers",
        start, end, "sizes and axes do not depend on values: write the numbers themselves",
    )  # fmt: skip
