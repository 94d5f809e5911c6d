"""Jacobians, Hessians, derivatives of derivatives and formulas, on programs of growing size."""

from __future__ import annotations

import sympy

from backpropcli.language.parse import parse
from backpropcli.modes.formula import formulas
from backpropcli.modes.gradient import gradient
from backpropcli.modes.hessian import hessian
from backpropcli.modes.jacobian import jacobian
from tests.benchmarks.passes import medians

SIZES = (100, 400, 1600)
SMALL = 20
"""Variables of the chain that SymPy gets too."""


def chain(count):
    """Return Rosenbrock's chain of ``count`` variables (Dixon and Mills, 1994), and a point."""
    terms = [f"(1 - x{n})^2 + 100*(x{n + 1} - x{n}^2)^2" for n in range(count - 1)]
    return parse(" + ".join(terms)), {f"x{n}": 0.5 + n / count for n in range(count)}


def band(count):
    """Return a tridiagonal system of ``count`` variables, and a point."""
    rows = ["2*x0 - x1^2"]
    rows += [f"x{n - 1} - 2*x{n}^3 + sin(x{n + 1})" for n in range(1, count - 1)]
    rows.append(f"x{count - 2} - x{count - 1}")
    return parse(f"({', '.join(rows)})"), {f"x{n}": 0.1 + n / count for n in range(count)}


def network(width):
    """Return a network of two inputs, two hidden layers and one output, written in scalars."""
    hidden = [f"h{i} = tanh(a{i}*x + b{i}*y + c{i})" for i in range(width)]
    sums = [" + ".join(f"w{i}_{j}*h{j}" for j in range(width)) for i in range(width)]
    outer = [f"g{i} = tanh({total} + d{i})" for i, total in enumerate(sums)]
    output = " + ".join(f"v{i}*g{i}" for i in range(width))
    return "\n".join([*hidden, *outer, f"u = {output} + s"])


def symbolic(count):
    """Work out the chain's Hessian as SymPy's users do: derivatives, then one function."""
    x = sympy.symbols(f"x:{count}", real=True)
    terms = [(1 - x[n]) ** 2 + 100 * (x[n + 1] - x[n] ** 2) ** 2 for n in range(count - 1)]
    matrix = sympy.hessian(sum(terms), x)
    return sympy.lambdify(x, matrix.tolist(), modules="math")(
        *[0.5 + n / count for n in range(count)]
    )


def sparse():
    """Yield how Jacobians and Hessians grow with their size."""
    programs = [chain(size) for size in SIZES]
    times = [medians(3, (hessian, *given), (gradient, *given)) for given in programs]
    for size, given, (own, first) in zip(SIZES, programs, times, strict=True):
        sweeps = hessian(*given).each[0].sweeps
        yield f"Hessian of a chain of {size:,}: products", f"{sweeps}", "3"
        yield "  over the gradient", f"{own / first:.1f}", ""
    for (small, before), (large, after) in zip(
        zip(SIZES, times, strict=True), list(zip(SIZES, times, strict=True))[1:], strict=False
    ):
        growth = after[0] / before[0] / (large / small)
        yield f"  growth {small:,} to {large:,}, a variable", f"{growth:.2f}", "about 1"
    for size in SIZES:
        program, point = band(size)
        found = jacobian(program, point)
        yield f"tridiagonal Jacobian of {size:,}: sweeps", f"{found.sweeps[found.mode]}", "3"
    program, point = chain(SMALL)
    ours, theirs = medians(3, (hessian, program, point), (symbolic, SMALL))
    yield f"Hessian of a chain of {SMALL} / SymPy's", f"{ours / theirs:.3f}", "< 1"


def nested():
    """Yield how derivatives of derivatives grow with their order, and formulas with their size."""
    text = network(8)
    counts = [len(parse(f"{text}\nu").graph)]
    for order in range(1, 5):
        listed = ", ".join(f"diff(u, x, {n})" for n in range(1, order + 1))
        counts.append(len(parse(f"{text}\noutputs: u, {listed}").graph))
    shown = " ".join(f"{count:,}" for count in counts)
    yield "nodes of a 2x8x8x1 network with orders 0 to 4 of diff", shown, ""
    programs = [chain(size)[0] for size in SIZES]
    times = medians(3, *((formulas, program) for program in programs))
    for index in range(len(SIZES) - 1):
        growth = times[index + 1] / times[index] / (SIZES[index + 1] / SIZES[index])
        yield f"formulas of a chain, {SIZES[index]:,} to {SIZES[index + 1]:,}", f"{growth:.2f}", ""
