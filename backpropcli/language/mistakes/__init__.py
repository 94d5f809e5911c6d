"""Explains mistakes in a program's text: a sentence, a place, and what to write instead.

Loaded only when there is a mistake. Each mistake is a row of a table, in the file of its kind:
an example, what is said, and what to write.
"""

from __future__ import annotations

from backpropcli.language.mistakes.misplaced import points, table
from backpropcli.language.mistakes.refused import (
    arguments,
    assignments,
    calls,
    counts,
    functions,
    keywords,
    numbers,
    rules,
    settings,
    subscripts,
)

HOMES = {
    points: "bad_attribute",
    table: "bad_character unexpected",
    arguments: "bad_argument",
    assignments: "assigned_by_arrow bad_assignment",
    calls: "unknown_function",
    counts: "bad_diff wrong_count",
    functions: "calls_itself labelled not_a_parameter nothing_to_work_out own_count",
    keywords: "bad_keyword",
    numbers: "mistaken_number",
    rules: "bad_definition bad_rule rule_count",
    settings: "bad_setting",
    subscripts: "bad_index bad_slice empty_array none_outside",
}
KINDS = {kind: getattr(home, kind) for home, kinds in HOMES.items() for kind in kinds.split()}
"""What explains each kind of mistake that a builder or the driver raises."""
