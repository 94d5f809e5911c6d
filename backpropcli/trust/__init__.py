"""Trust: verdicts, comparisons, and how many digits are right; what is there is in ``api``.

Each function takes what those of ``api`` take, or what they returned.
"""

from backpropcli.trust.claims import check_against, check_claims, check_methods
from backpropcli.trust.losses import compare
from backpropcli.trust.rounding import accuracy, digits, mended, rewrite, scaled, twin
from backpropcli.trust.verdicts import check, verdict

__all__ = [
    "accuracy",
    "check",
    "check_against",
    "check_claims",
    "check_methods",
    "compare",
    "digits",
    "mended",
    "rewrite",
    "scaled",
    "twin",
    "verdict",
]
