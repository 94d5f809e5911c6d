"""Programs at points, and the verdicts on them."""

from __future__ import annotations

from backpropcli import trust
from backpropcli.language.parse import parse
from backpropcli.modes.gradient import gradient
from backpropcli.proof.copies import counted
from backpropcli.proof.findings.entries import Entry
from backpropcli.proof.findings.verdict import Verdict
from backpropcli.proof.gradient.check import check, conclude, take_in
from backpropcli.proof.gradient.prove import prove


def report(text, wrt=(), **bindings):
    program = parse(text, bindings)
    return gradient(program, {k: float(v) for k, v in bindings.items()}, wrt)


def verdict(text, timeout=20.0, wrt=(), **bindings):
    return check(report(text, wrt, **bindings), timeout)


def verdict_on(found):
    """Return the verdict on a report without a process of its own, which is quicker."""
    if found.causes:
        return check(found)
    result = Verdict([Entry(name, slope) for name, slope in found.gradient.items()], counted(found))
    for news in prove(found, 60.0):
        take_in(result, news)
    result.finished = True
    conclude(found, result)
    return result


def verdict_here(text, wrt=(), **bindings):
    """Return the verdict on a program at a point without a process of its own."""
    return verdict_on(report(text, wrt, **bindings))


def word_on(found):
    """Return the word of the verdict on what a function of the library has found."""
    return trust.verdict(found, 600.0).verdict
