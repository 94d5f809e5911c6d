"""How often a mend is found where floats lose half their digits: Herbie's and FPBench's benchmarks.

python -m tests.benchmarks.mends [first [last]]. Each variable is drawn as a power of ten between
1e-12 and 1e12, of either sign, until the precondition holds and the value is known.
"""

import json
import sys
from pathlib import Path
from random import Random

import backpropcli as bp
from backpropcli.errors import BackpropError
from backpropcli.proof.mends.measure import VALUE, Measured
from backpropcli.proof.mends.runs import run_of
from backpropcli.proof.mends.search import mended

CORES = json.loads((Path(__file__).parents[1] / "data/fpcore.json").read_text())["cores"]
TRIES, POINTS = 300, 10
HALF = 8.0
"""Digits: a double has 16."""
FAR = 12
PATIENCE = 10.0
"""Seconds for a benchmark: enough on a busy machine too."""


def points(core):
    """Yield points at which the precondition of a benchmark holds; always the same ones."""
    draw, found = Random(core["name"] + core["body"]), 0  # noqa: S311 (numbers to try)
    test = bp.parse(core["pre"], core["names"]) if core["pre"] else None
    for _ in range(TRIES):
        point = {
            name: draw.choice((-1, 1)) * 10 ** draw.uniform(-FAR, FAR) for name in core["names"]
        }
        if test is None or bp.value(test, {one: point[one] for one in test.variables}):
            yield point
            found += 1
            if found == POINTS:
                return


def lossy(core):
    """Return the first run at a point where less than half the digits are right, and its digits.

    None where there is no such point.
    """
    program = bp.parse(core["body"], core["names"])
    for point in points(core):
        given = {name: point[name] for name in program.variables}
        run = run_of(program, given, [])
        measured = Measured(run, [])
        if measured.point.undecided:
            continue
        digits = measured.digits(measured.truths)[VALUE]
        if digits is not None and digits < HALF:
            return program, given, digits
    return None


def measured_core(core):
    """Return the digits of a benchmark's value before and after mending; None if none are lost."""
    found = lossy(core)
    if found is None:
        return None
    program, point, _ = found
    report = bp.gradient(program, point)
    result = mended(report, PATIENCE)
    return result.before[VALUE], result.after[VALUE], result


def main(first, last):
    """Print a line for each benchmark that loses digits, and the counts."""
    total = lost = helped = whole = 0
    for core in CORES[first:last]:
        total += 1
        try:
            found = measured_core(core)
        except BackpropError as error:
            sys.stdout.write(f"error {core['name']} {error.message}\n")
            continue
        if found is None or found[0] is None:
            continue
        before, after, result = found
        lost += 1
        helped += bool(result.steps) and after >= before + 1
        whole += bool(result.steps) and after >= HALF
        patterns = "; ".join(step.pattern.partition(" -> ")[0] for step in result.steps)
        sys.stdout.write(
            f"{before:.1f} {after:.1f} {core['name'][:40]!r} {patterns or core['body'][:90]}\n"
        )
    sys.stdout.write(
        f"{total} read, {lost} lose half, {helped} gain by a mend, {whole} of them keep half now\n"
    )


if __name__ == "__main__":
    main(*[int(one) for one in sys.argv[1:]] or [0, None])
