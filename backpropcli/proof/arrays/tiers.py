"""The tiers of a verdict on arrays, and which one by how much there is to compute."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from backpropcli.report.report import Report


SYMBOLIC, NODES, ALONG, SMALLER = "symbolic", "node by node", "along directions", "smaller sizes"
"""The tiers."""
TANGENTS = "along the direction"
"""The tier of tangents."""
ORDER = [NODES, ALONG, SMALLER]
"""Those to choose from: where the time of one runs out, the next follows."""
MOST_IN_NUMBERS = 2_000
"""Operations up to which a program is written out in numbers."""
MOST_ELEMENTS, MOST_OPERATIONS = 100_000, 1_000_000
"""Up to here directions are taken at full size."""
ALONE = 1.4
"""How many operations of a pass differences along one direction take for each of the program."""
SECONDS = 6e-6
"""What an operation in many digits takes, about."""
SHARE = 0.6
"""How much of the time a tier may take that is not the last."""


def tier_of(report: Report, timeout: float) -> str:
    """Choose the tier by the operations that there are."""
    from backpropcli.proof.arrays.costs import operations, passes, written_out
    from backpropcli.proof.arrays.problem import Problem

    shapes = [np.shape(value) for value in report.values]
    each = operations(report.graph, shapes)
    elements = sum(int(np.size(slope)) for slope in report.gradient.values())
    if written_out(report.graph, shapes) <= MOST_IN_NUMBERS:
        return NODES
    few = elements <= MOST_ELEMENTS and sum(each) <= MOST_OPERATIONS
    seconds = SECONDS * passes(Problem.of(report), each)
    return ALONG if few and seconds <= SHARE * timeout else SMALLER


def is_long(report: Report, timeout: float) -> bool:
    """Say whether differences along one direction take too long in many digits."""
    from backpropcli.proof.arrays.costs import operations

    each = operations(report.graph, [np.shape(value) for value in report.values])
    return ALONE * SECONDS * sum(each) > SHARE * timeout
