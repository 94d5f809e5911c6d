"""Sweeps the verdict over the table: ``python -m tests.benchmarks.verdicts [COUNT] [SEED]``.

Each of about COUNT points is a row of the table at values drawn as the accuracy tests draw them.
The rules are right, so no verdict may be "disagrees"; and where value and gradient are finite and
nothing is at a kink, it has to be "agrees". Prints what is not.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from time import monotonic

from backpropcli.graph.operations import TABLE
from tests.arithmetics.samples import draw, samples
from tests.proof.judged import report, verdict_on
from tests.reference import applied

PROGRAMS = ("{}", "({})*s", "2*({})^2 + s*({})")
WORDS = sorted(name for name, row in TABLE.items() if not row.helper)


def points(row, count, seed):
    """Return programs that use a row, and points for them."""
    generator = random.Random(f"{row.name} {seed}")  # noqa: S311 (a fixed seed, no secret)
    known = samples(row)
    kinds = [row.samples[0]] * len(known[0]) if row.variadic else row.samples
    for _ in range(count):
        if generator.random() < 0.5:
            values = generator.choice(known)
        else:
            values = tuple(draw(kind, generator) for kind in kinds)
        names = [f"a{index}" for index in range(len(values))]
        point = dict(zip(names, values, strict=True))
        if row.name == "polygamma":
            names[0] = f"{abs(int(values[0])) % 5}"
            del point["a0"]
        text = generator.choice(PROGRAMS).replace("{}", applied(row, *names))
        yield text, point | ({"s": 1.5} if "s" in text.replace(row.name, "") else {})


def judged(text, point):
    """Return the report, and the verdict in one word with its reason."""
    found = report(text, **point)
    verdict = verdict_on(found)
    return found, verdict.verdict, verdict.reason


def sweep(count, seed=0, words=WORDS):
    """Yield (text, point, word, reason, excused) of verdicts: excused by a kink or a cause."""
    each = max(1, count // len(words))
    for name in words:
        for text, point in points(TABLE[name], each, seed):
            found, word, reason = judged(text, point)
            yield text, point, word, reason, bool(found.causes or found.kinks)


def main():
    count = int(sys.argv[1]) if sys.argv[1:] else 5000
    seed = int(sys.argv[2]) if sys.argv[2:] else 0
    begin, tally = monotonic(), Counter()
    for text, point, word, reason, excused in sweep(count, seed):
        tally[word, excused] += 1
        if word == "disagrees" or (word != "agrees" and not excused):
            print(f"{word}: {text!r} {point}: {reason}", flush=True)  # noqa: T201
    for (word, excused), number in sorted(tally.items()):
        print(f"{number:6} {word}{' (kinks and causes)' * excused}")  # noqa: T201
    print(f"{monotonic() - begin:.0f} seconds")  # noqa: T201


if __name__ == "__main__":
    main()
