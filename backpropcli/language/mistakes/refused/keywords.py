"""Keywords that a function has not, and those of other libraries."""

from __future__ import annotations

from backpropcli.graph.row import Row
from backpropcli.language.builder.literals import SPELLED, Keyword
from backpropcli.language.mistakes.elsewhere.call import Call, is_ignored
from backpropcli.language.mistakes.elsewhere.keywords import renamed, without_names
from backpropcli.language.mistakes.fixes import Fixes, one
from backpropcli.language.mistakes.refused.counts import signature
from backpropcli.language.mistakes.slip import Slip
from backpropcli.language.mistakes.source.text import quoted, short
from backpropcli.slips import closest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.errors import SourceError
    from backpropcli.language.builder.arrays import Arrays
    from backpropcli.language.program import Function

OVER_AXES = {"axis", "keepdims"}
"""Keywords that say nothing of what goes element by element."""
UNKNOWN_KEYWORD = Slip(
    "a keyword that a function has not", "sum(x, foo=0)",
    "{name} has no keyword {keyword}", "it has {keywords}",
)  # fmt: skip
MISSPELT_KEYWORD = Slip(
    "a slip in a keyword", "sum(x, axs=0)",
    "{name} has no keyword {keyword}", "did you mean '{meant}'?",
    instead="sum(x, axis=0)",
)  # fmt: skip
KEYWORD_TWICE = Slip(
    "a keyword twice", "sum(x, axis=0, dim=1)",
    "the {key} of {name} is given twice", "keep one of the two",
    instead="sum(x, axis=0)",
)  # fmt: skip
NO_KEYWORDS = Slip(
    "a keyword in a function that has none", "sin(x, axis=0)",
    "{name} has no keywords", "leave {keyword} out",
    instead="sin(x)",
)  # fmt: skip
VALUE_KEYWORD = Slip(
    "a keyword whose value is an argument here", "leaky_relu(x, negative_slope=0.2)",
    "{name} has no keywords", "{why}write {written}",
    instead="leaky_relu(x, 0.2)",
)  # fmt: skip
OTHER_KEYWORD = Slip(
    "a keyword that changes a value", "softplus(x, threshold=20)",
    "{name} has no keyword {keyword}", "without it {signature} may be another number",
)  # fmt: skip
RENAMED_KEYWORD = Slip(
    "another library's keyword", "var(x, unbiased=False)",
    "{name} has no keyword {keyword}", "write {written}",
    instead="var(x, ddof=0)",
)  # fmt: skip
IGNORED_KEYWORD = Slip(
    "a keyword about memory", "zeros(3, dtype=float64)",
    "{name} has no keyword {keyword}", "leave it out: all values are doubles",
    instead="zeros(3)",
)  # fmt: skip
BY_NAME = Slip(
    "an argument by name", "leaky_relu(x, slope=0.1)",
    "arguments have no names", "write {setting} alone, as in {call}",
    instead="leaky_relu(x, 0.1)",
)  # fmt: skip


def bad_keyword(
    builder: Arrays, row: Row, name: str, keyword: Keyword, *, twice: bool
) -> SourceError:
    """Return the error for a keyword that a function does not have, or has already."""
    start, end = keyword.start, keyword.end
    fills: dict[str, object] = {"name": quoted(name), "keyword": quoted(keyword.name)}
    known = {key: key for key in row.static} | {
        word: key for word, key in SPELLED.items() if key in row.static
    }
    meant = closest(keyword.name, known)
    written = renamed(row.spelled, keyword.name, _setting(builder, keyword))
    slip = UNKNOWN_KEYWORD
    fixes: Fixes = ()
    if twice:
        slip = KEYWORD_TWICE
    elif is_ignored(builder.source[start:end]):
        slip, fixes = IGNORED_KEYWORD, _left_out(builder, start, end)
    elif written:
        slip, fixes = RENAMED_KEYWORD, one((start, end, written))
    elif meant:
        slip, fixes = MISSPELT_KEYWORD, one((start, start + len(keyword.name), meant))
    return slip.error(
        builder,
        start,
        end,
        fixes,
        **fills,
        key=keyword.key,
        meant=meant,
        written=written,
        keywords=" and ".join(row.static),
    )


def _left_out(builder: Arrays, start: int, end: int) -> Fixes:
    """Return the correction that leaves an argument out, with the comma before it."""
    comma = builder.source.rfind(",", 0, start)
    between = builder.source[comma + 1 : start] if comma >= 0 else "?"
    return one((comma if between.isspace() or not between else start, end, ""))


def by_name(
    builder: Arrays, owner: Row | Function | None, name: str, keyword: Keyword, call: Call
) -> SourceError:
    """Return the error for a keyword of a function that has none."""
    parameters = [] if owner is None else owner.parameters
    start, end = keyword.start, keyword.end
    setting = _setting(builder, keyword)
    if isinstance(owner, Row) and keyword.name not in parameters:
        return _of_another(builder, owner, name, keyword, call)
    shown = f"{short(name)}({', '.join(parameters)})" if parameters else "diff(u, x)"
    fixes = one((start, end, setting))
    return BY_NAME.error(builder, start, end, fixes, setting=short(setting), call=short(shown))


def _setting(builder: Arrays, keyword: Keyword) -> str:
    """Return the text of a keyword's setting."""
    at = builder.source.index("=", keyword.start) + 1
    return builder.source[at : keyword.end].strip()


def _of_another(builder: Arrays, row: Row, name: str, keyword: Keyword, call: Call) -> SourceError:
    """Return the error for a keyword that another library has, of a function that has none."""
    start, end = keyword.start, keyword.end
    fills = {"name": quoted(name), "keyword": quoted(keyword.name)}
    ignored = is_ignored(builder.source[start:end])
    if ignored or keyword.key in OVER_AXES:
        slip = IGNORED_KEYWORD if ignored else NO_KEYWORDS
        return slip.error(builder, start, end, _left_out(builder, start, end), **fills)
    written = without_names(call, row.spelled)
    if not written:
        return OTHER_KEYWORD.error(builder, start, end, **fills, signature=signature(row, name))
    why = "it rounds to whole numbers: " if row.name == "round" else ""
    fills |= {"why": why, "written": short(written)}
    return VALUE_KEYWORD.error(builder, start, end, (call.edit(written),), **fills)
