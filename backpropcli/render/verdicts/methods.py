"""All methods at a point: a table of the digits in which they agree, the verdict, and JSON."""

from __future__ import annotations

from backpropcli.errors import columns, visible
from backpropcli.render import json
from backpropcli.render.layout.lines import aligned, enumerated, width, wrapped
from backpropcli.render.verdicts.verdict import ROLES
from backpropcli.report.decimals import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.proof.methods.found import Cell, Methods, Row
    from backpropcli.render.layout.lines import Line, Options, Part

HEADS = {
    "forward": "forward",
    "symbolic": "SymPy",
    "central": "central",
    "sides": "sides",
    "complex": "complex",
}
SIDES = ("left", "right")
KINDS = {"agrees": "good", "differs": "bad", "unknown": "warn", "none": "note"}
TITLES = {
    "symbolic": "SymPy",
    "central": "central difference",
    "left": "difference to the left",
    "right": "difference to the right",
    "complex": "complex step",
}
ROLE_RANK = ("good", "note", "warn", "bad")
WHAT = (
    "digits in which forward mode, SymPy, central and one-sided differences (left/right) and the "
    "complex step agree with reverse mode, of 40; floats: right digits of the number; Taylor: the "
    "order of the remainder, 2 where the derivative is right"
)
LONG = 14
"""A name in more columns has a line of its own."""


def methods_lines(found: Methods, options: Options) -> list[Line]:
    """Return the table, what is to be told of it, and the verdict."""
    rows = [*found.rows.values()]
    lines: list[Line] = []
    if rows:
        cells = [_cells(row, options) for row in rows]
        head = ["", "reverse", "floats", *HEADS.values(), "Taylor"]
        table = aligned(cells, head, 1, points=False)
        if max(map(width, table)) > options.room():
            return [*_listed(rows, cells, head, options), *_told(found, options)]
        lines += [*table, []]
        for row, line in zip(reversed(rows), reversed(lines[1 : len(rows) + 1]), strict=True):
            if columns(row.title) > LONG:
                at = lines.index(line)
                lines[at:at] = [[("label", visible(row.title))]]
    return lines + _told(found, options)


def _listed(
    rows: list[Row], cells: list[list[Part]], head: list[str], options: Options
) -> list[Line]:
    """Return a paragraph for each derivative, where a table is too wide."""
    lines: list[Line] = []
    for row, (_, (role, text), *others) in zip(rows, cells, strict=True):
        lines += wrapped([("label", visible(row.title)), (role, f"  {text}")], options.width)
        line: Line = [("", " ")]
        for name, (kind, digits) in zip(head[2:], others, strict=True):
            comma = "," if len(line) > 1 else ""
            line += [("note", f"{comma} {name}"), (kind, f" {digits}")]
        lines += wrapped(line, options.width)
    return [*lines, []]


def _told(found: Methods, options: Options) -> list[Line]:
    """Return what the table says, notes, and the verdict."""
    lines: list[Line] = []
    if found.rows:
        lines += wrapped([("note", WHAT)], options.width)
        for note in _notes(found):
            lines += wrapped([("note", note)], options.width)
        lines.append([])
    return lines + _verdict(found, options)


def _cells(row: Row, options: Options) -> list[Part]:
    """Return one row of the table."""
    title = visible(row.title)
    cells: list[Part] = [
        ("label", title if columns(title) <= LONG else ""),
        ("gradient", number(row.reverse, options.digits)),
        ("note" if row.right is None else "", "-" if row.right is None else f"{int(row.right)}"),
    ]
    for name in HEADS:
        parts = [_cell(row.cells.get(one)) for one in (SIDES if name == "sides" else (name,))]
        role = max((role for role, _ in parts), key=ROLE_RANK.index)
        texts = [*dict.fromkeys(text for _, text in parts)]
        cells.append((role, "/".join(text for _, text in parts) if len(texts) > 1 else texts[0]))
    return [*cells, _order(row)]


def _cell(cell: Cell | None) -> Part:
    if cell is None or cell.kind == "none":
        return "note", "-"
    return KINDS[cell.kind], "?" if cell.digits is None else f"{cell.digits}"


def _order(row: Row) -> Part:
    if row.order is None:
        return "note", "-"
    if row.order == float("inf"):
        return "good", "exact"
    return "good" if row.order > 1.5 else "bad", f"{row.order:.2f}"  # noqa: PLR2004 (between 1 and 2)


def _notes(found: Methods) -> list[str]:
    """Return sentences on what is not looked at, and why."""
    notes = []
    for name in ("symbolic", "central", *SIDES, "complex"):
        reasons: dict[str, list[str]] = {}
        for row in found.rows.values():
            cell = row.cells.get(name)
            if cell is not None and cell.kind == "none":
                reasons.setdefault(cell.reason, []).append(row.title)
        title = TITLES[name]
        for reason, titles in reasons.items():
            where = "" if len(titles) == len(found.rows) else f" ({enumerated(titles[:5])})"
            notes.append(f"{title}{where}: {reason}")
    worst = [row for row in found.rows.values() if row.count > 1 and not row.along]
    if worst:
        notes.append("of an array the worst element is shown; every element is compared")
    notes += [
        f"{row.title} is along a random direction of its {row.count:,} elements"
        for row in found.rows.values()
        if row.along
    ]
    return [visible(note) for note in [*notes, *found.notes]]


def _verdict(found: Methods, options: Options) -> list[Line]:
    lines: list[Line] = []
    amiss = [row for row in found.rows.values() if row.reason]
    for row in amiss if len(found.rows) > 1 else ():
        line: Line = [("label", row.title), ("", ": "), (ROLES[row.verdict], row.verdict)]
        lines += wrapped([*line, ("", f", {visible(row.reason)}")], options.width)
    reason = found.reason or (amiss[0].reason if len(amiss) == 1 == len(found.rows) else "")
    if found.verdict == "agrees":
        least = min((row.digits for row in found.rows.values()), default=0)
        count = max(len(_used(row)) for row in found.rows.values()) + 1
        reason = f"{count} methods agree to {least} digits"
    elif not reason:
        names = [row.title for row in amiss if row.verdict == found.verdict]
        reason = enumerated(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")  # noqa: PLR2004 (a line)
    end: Line = [(ROLES[found.verdict], found.verdict), ("", f": {visible(reason)}")]
    lines += wrapped(end, options.width)
    for row in found.rows.values():
        if row.right is not None and row.right < options.digits and row.exact:
            lines += wrapped(
                [("warn", "accuracy:"), ("", f" {_lost(row, options)}")], options.width
            )
    return lines


def _lost(row: Row, options: Options) -> str:
    """Return how many digits floats lose."""
    count = "none" if row.right is None or row.right < 1 else f"{int(row.right)}"
    if row.along:
        return f"rounding costs digits: of an element of {row.title} {count} are right"
    exact = number(float(row.exact), options.digits)
    return f"rounding costs digits: {row.title} is {exact} ({count} right)"


def _used(row: Row) -> list[str]:
    return [name for name, cell in row.cells.items() if cell.kind == "agrees"]


def document(found: Methods, warnings: list[str], *, one_line: bool = False) -> str:
    """Return the JSON document."""
    return json.of(
        "methods",
        {
            "expression": found.expression,
            "bindings": found.bindings,
            "value": found.value,
            "verdict": found.verdict,
            "reason": found.reason,
            "derivatives": [row.as_dict() for row in found.rows.values()],
            "notes": found.notes,
            "warnings": warnings,
        },
        one_line=one_line,
    )
