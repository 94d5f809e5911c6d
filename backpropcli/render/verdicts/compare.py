"""Two losses side by side: a table at the point, the verdict, what follows; and JSON."""

from __future__ import annotations

from backpropcli.errors import columns, visible
from backpropcli.language.shortened import shortened
from backpropcli.render import json
from backpropcli.render.layout.lines import aligned, at_sizes, enumerated, wrapped
from backpropcli.render.verdicts.claims import typed
from backpropcli.render.verdicts.verdict import ROLES
from backpropcli.report.decimals import number, told_apart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.proof.compared.answer import Compared, Row, Seen
    from backpropcli.render.layout.lines import Line, Options

HERE = {
    "same": "same",
    "differs": "differs",
    "kink": "differs: a kink",
    "edge": "differs: not finite",
    "open": "",
}
IN_FLOATS = "same, but not in floats"
SAID = {
    "identical": "the values and the gradients are the same",
    "constant": "the gradients are the same; the first value minus the second is {term}",
    "gradients": "the gradients are the same, and the values differ",
    "opposite": "the gradients are negatives of each other",
    "proportional": "the gradient of the first is {term} times that of the second",
    "different": "the gradients differ",
    "unknown": "{reason}",
}
VALUES = {
    "same": "the values are the same",
    "scaled": "the values are proportional in the same way",
    "differs": "the values differ in another way",
    "open": "the values could not be compared",
}
EXCEPTIONS = {
    "kink": "at the kink {point} they choose other slopes: {what} {first} and {second}",
    "edge": "at {point} only one is finite: {what} {first} and {second}",
}
BUT = ", but for what is told below"
UNTOLD = {"point": "at the point", "random": "at random numbers"}
MOST_TOLD = 3
FLOAT = 17
"""Digits that a float holds."""
LONG = 48
"""A point in more characters is left to JSON."""


def compare_lines(found: Compared, options: Options) -> list[Line]:
    """Return both programs, the table at the point, the verdict, and what follows."""
    lines = [*_programs(found, options), *_table(found, options), []]
    lines += _verdict(found, options)
    for told in found.follows:
        lines += wrapped([("note", "  - "), ("", visible(told))], options.width, 4)
    return lines


def _programs(found: Compared, options: Options) -> list[Line]:
    lines: list[Line] = []
    for head, source, only in zip(("first", "second"), found.sources, found.only, strict=True):
        code = "; ".join(
            line.strip() for line in source.split("\n") if line.partition("#")[0].strip()
        )
        room = options.width - 8 if options.fitted else 2000
        lines.append([("heading", f"{head:<8}"), ("label", visible(shortened(code, room)))])
        if only:
            names = enumerated([visible(name) for name in only])
            lines.append([("note", f"        only this one has {names}")])
    return lines


def _table(found: Compared, options: Options) -> list[Line]:
    """Return the values and gradients at the point."""
    if not found.rows:
        return []
    cells, arrays = [], False
    for at, row in enumerate(found.rows):
        arrays = arrays or bool(row.shape)
        label = visible(row.label)
        size = f"  {'x'.join(map(str, row.shape))}" if row.shape else ""
        role = "value" if at == 0 else "gradient"
        norms = _apart(row, options.digits)
        texts = [f"|{text}|" for text in norms] if row.shape else norms
        said = IN_FLOATS if row.status == "same" and not row.alike else HERE[row.status]
        status = ("note" if said == "same" else "warn", f"  {said}")
        cells.append([("label", f"{label}{size}"), (role, texts[0]), (role, texts[1]), status])
    lines = aligned([row[:3] for row in cells], ["", "first", "second"], 1)
    for line, cell in zip(lines[1:], cells, strict=True):
        line.append(cell[3])
    told = [line for row in found.rows if row.element for line in _element(row, options)]
    if arrays:
        told += [[("note", "|g|: the norm of an array")]]
    return [[], *lines, *told]


def _apart(row: Row, digits: int) -> list[str]:
    """Return both numbers of a row; with more digits where they differ, and do not seem to."""
    for count in range(digits, FLOAT + 1):
        texts = [number(one, count) for one in (row.first, row.second)]
        if float(texts[0]) != float(texts[1]) or row.status != "differs" or row.shape:
            break
    return texts


def _element(row: Row, options: Options) -> list[Line]:
    """Return where two arrays differ first, and by how much in all."""
    assert row.element is not None  # noqa: S101 (for mypy)
    name, first, second = row.element
    pair = [number(one, options.digits) for one in (first, second)]
    text = f"{visible(name)} is the first to differ: {pair[0]} and {pair[1]}; "
    text += f"the norm of the difference is {number(row.gap, options.digits)}"
    return wrapped([("note", text)], options.width)


def _verdict(found: Compared, options: Options) -> list[Line]:
    """Return the verdict, and the points that show it."""
    general = found.general
    facts = {"term": visible(general.term or "…"), "reason": visible(general.reason)}
    said = SAID[general.kind].format(**facts)
    if general.kind == "gradients" and general.value == "open":
        said = f"the gradients are the same; {VALUES['open']}"
    if found.verdict == "inconclusive":
        said = facts["reason"]
    lines = wrapped(
        [(ROLES[found.verdict], found.verdict), ("", f": {said}{_basis(found)}")], options.width
    )
    notes: list[str] = []
    if found.verdict == "disagrees":
        but = BUT if general.exceptions and general.value == "scaled" else ""
        notes += [VALUES[general.value] + but] * (general.value != "differs" or general.sign != 0)
        notes += _alike(found)
        if found.sizes and found.kind in {"opposite", "proportional"}:
            notes.append(f"it is so {at_sizes(found.sizes)}")
        if general.at == "same":
            notes.append("at the point given they are the same, but not everywhere")
    notes += [_numbers(seen, options) for seen in _smallest(found)]
    notes += [
        _numbers(seen, options, EXCEPTIONS[seen.kind]) for seen in general.exceptions[:MOST_TOLD]
    ]
    for note in notes:
        lines += wrapped([("", f"  {note}")], options.width, 4)
    return lines


def _basis(found: Compared) -> str:
    """Return what the verdict rests on."""
    general = found.general
    if found.verdict != "agrees":
        return ""
    under = f", under {enumerated(found.assumptions)}" if found.assumptions else ""
    under += f", {at_sizes(found.sizes)}" if found.sizes else ""
    if general.proved:
        return f" (proved{under})"
    count = f"{general.points:,} point{'' if general.points == 1 else 's'}"
    if general.in_floats:
        count += " in floats, as far as rounding explains"
    rest = BUT if general.exceptions else ""
    return f" (at {count}, not proved{visible(under)}{rest})"


def _alike(found: Compared) -> list[str]:
    """Return by which names alone the gradients are the same."""
    alike = [visible(name) for name, one in found.general.by.items() if one == "same"]
    if not alike:
        return []
    return [f"by {enumerated(alike)} alone they are the same: --wrt {','.join(alike)}"]


def _smallest(found: Compared) -> list[Seen]:
    """Return the smallest difference of the value, and that of the gradient."""
    general = found.general
    if found.verdict == "inconclusive":
        return []
    values = [seen for seen in general.seen if seen.of == "value"]
    slopes = [seen for seen in general.seen if seen.of != "value"]
    return [*values[:1], *slopes[:1]] if general.kind != "constant" else []


def _numbers(
    seen: Seen, options: Options, form: str = "{where}, {what} {first} and {second}"
) -> str:
    """Return a difference at a point, with as many digits as it takes to tell it."""
    first, second = told_apart(seen.first, seen.second, options.digits)
    text = " ".join(f"{name}={typed(value)}" for name, value in seen.point.items())
    point = visible(text) if columns(text) <= LONG else "a point that --json has"
    if seen.kind == "kink" and seen.of == "value":
        form = "at the jump {point} {what} {first} and {second}"
    what = "the values are" if seen.of == "value" else f"{visible(seen.of)} is"
    where = f"at {point}" if text else "everywhere"
    where = UNTOLD.get(seen.kind, where)
    return form.format(point=point, where=where, what=what, first=first, second=second)


def document(found: Compared, *, one_line: bool = False) -> str:
    """Return the JSON document."""
    general = found.general
    facts: dict[str, object] = {
        "expressions": found.sources,
        "outputs": found.titles,
        "bindings": found.bindings,
        "wrt": found.wrt,
        "only": found.only,
        "values": found.values,
        "gradients": found.gradients,
        "at_point": [_row(row) for row in found.rows],
        "verdict": found.verdict,
        "kind": found.kind,
        "reason": general.reason,
        "value": general.value,
        "gradient": general.by,
        "term": general.term or None,
        "term_is_number": general.number,
        "sign": general.sign,
        "proved": general.proved,
        "points": general.points,
        "in_floats": general.in_floats,
        "counterexamples": [seen.as_dict() for seen in general.seen],
        "exceptions": [seen.as_dict() for seen in general.exceptions],
        "assumptions": found.assumptions,
        "sizes": found.sizes,
        "follows": found.follows,
        "warnings": found.warnings,
    }
    return json.of("compare", facts, one_line=one_line)


def _row(row: Row) -> dict[str, object]:
    """Return a row of the table as plain data; of arrays it has norms."""
    found: dict[str, object] = {"of": row.label, "status": row.status}
    if row.shape:
        found |= {"norms": [row.first, row.second], "norm_of_difference": row.gap}
    if row.element:
        name, first, second = row.element
        found |= {"element": name, "first": first, "second": second}
    return found
