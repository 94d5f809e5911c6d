"""The seconds that claims of the suite take: ``python -m tests.benchmarks.claims [NAME ...]``.

No claim may take more than 5 seconds. Wall time is told with the time that processors worked, which
a busy machine does not stretch.
"""

import resource
import sys
from time import monotonic

import backpropcli as bp
from tests.proof.claims.test_suite import FORMULAS, amiss, options_of

LIMIT, SHOWN = 5.0, 10


def spent():
    """Return the seconds that this process and those that have ended worked."""
    kinds = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    every = [resource.getrusage(kind) for kind in kinds]
    return sum(one.ru_utime + one.ru_stime for one in every)


def timed(formula, one):
    """Return the seconds that a claim takes, by the wall and by processors, and what is amiss."""
    text = one.get("right") or one["wrong"]
    wall, work = monotonic(), spent()
    [*_, found] = bp.check_claims(
        formula["program"], text, formula.get("at"), **options_of(formula)
    ).answers
    return monotonic() - wall, spent() - work, amiss(found, one), f"{formula['name']}: {text}"


def main():
    only = sys.argv[1:]
    rows = [
        timed(formula, one)
        for formula in FORMULAS
        if not only or any(name in formula["name"] for name in only)
        for one in formula["claims"]
    ]
    for wall, work, told, text in sorted(rows, reverse=True)[:SHOWN]:
        print(f"{wall:6.2f} s, {work:5.2f} s of work  {text}  {told}".rstrip())  # noqa: T201
    late = sum(wall > LIMIT for wall, *_ in rows)
    wrong = sum(bool(told) for *_, told, _ in rows)
    print(f"{len(rows)} claims, {late} above {LIMIT:g} s, {wrong} not as expected")  # noqa: T201


if __name__ == "__main__":
    main()
