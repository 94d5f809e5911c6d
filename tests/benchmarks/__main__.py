"""Prints all measurements as ratios: ``python -m tests.benchmarks [LARGEST]``.

LARGEST is the number of nodes of the largest program, 1,000,000 unless given. Ratios are of
medians, or medians of ratios, of runs measured in turn on this machine now. A whole process is
started as ``python -c 'from backpropcli.__main__ import script; ...'``, since the script that some
versions of pip write imports ``re`` on its own before the tool begins; the script is measured
too where one is installed beside this Python.
"""

from __future__ import annotations

import platform
import sys

from tests.benchmarks import derivatives, passes, startup


def main():
    largest = int(float(sys.argv[1])) if sys.argv[1:] else 1_000_000
    print(f"Python {platform.python_version()}, {platform.machine()}")  # noqa: T201
    for title, rows in (
        ("start-up", startup.startup()),
        ("peers, whole processes", startup.peers()),
        ("parsing", passes.parsing()),
        ("passes", passes.differentiating(largest)),
        ("growth", passes.growing(largest)),
        ("whole", passes.whole()),
        ("Jacobians and Hessians", derivatives.sparse()),
        ("derivatives of derivatives, formulas", derivatives.nested()),
    ):
        print(f"\n{title}")  # noqa: T201
        for what, figure, goal in rows:
            print(f"  {what:<64} {figure:>14}  {goal}".rstrip(), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
