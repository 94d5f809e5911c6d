"""Explains mistakes in a program's text: a sentence, a place, and what to write instead.

Loaded only when there is a mistake. Each mistake is a row of a table, in the file of its kind:
an example, what is said, and what to write.
"""

from __future__ import annotations

from backpropcli.language.mistakes.misplaced.points import bad_attribute
from backpropcli.language.mistakes.misplaced.table import bad_character, unexpected
from backpropcli.language.mistakes.refused.arguments import bad_argument
from backpropcli.language.mistakes.refused.assignments import assigned_by_arrow, bad_assignment
from backpropcli.language.mistakes.refused.calls import unknown_function
from backpropcli.language.mistakes.refused.counts import wrong_count
from backpropcli.language.mistakes.refused.diffs import bad_diff
from backpropcli.language.mistakes.refused.functions import (
    calls_itself,
    labelled,
    not_a_parameter,
    nothing_to_work_out,
    own_count,
)
from backpropcli.language.mistakes.refused.keywords import bad_keyword
from backpropcli.language.mistakes.refused.numbers import mistaken_number
from backpropcli.language.mistakes.refused.rules import bad_definition, bad_rule, rule_count
from backpropcli.language.mistakes.refused.settings import bad_setting
from backpropcli.language.mistakes.refused.subscripts import (
    bad_index,
    bad_slice,
    empty_array,
    none_outside,
)

KINDS = {
    explain.__name__: explain
    for explain in (
        assigned_by_arrow,
        bad_argument,
        bad_assignment,
        bad_attribute,
        bad_character,
        bad_definition,
        bad_diff,
        bad_index,
        bad_keyword,
        bad_rule,
        bad_setting,
        bad_slice,
        calls_itself,
        empty_array,
        labelled,
        mistaken_number,
        none_outside,
        not_a_parameter,
        nothing_to_work_out,
        own_count,
        rule_count,
        unexpected,
        unknown_function,
        wrong_count,
    )
}
"""What explains each kind of mistake that a builder or the driver raises."""
