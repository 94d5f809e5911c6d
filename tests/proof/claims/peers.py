"""The claims of ``tests/data/claims.toml`` put to JAX: is each as right or as wrong as it says?

``python tests/proof/claims/peers.py`` needs JAX, and tells each claim that is not; the tests do
not need it. Both the programs and the claims are evaluated by JAX alone, in double precision, at
random points.
"""

from __future__ import annotations

import ast
import itertools
import re
import sys
import tomllib
from pathlib import Path

import jax
import jax.numpy as jnp
import jax.scipy.special as jsp
import numpy as np

DATA = Path(__file__).parents[2] / "data" / "claims.toml"
POINTS, TRIES, CLOSE = 24, 400, 1e-6
WORDS = {
    **{
        name: getattr(jnp, name)
        for name in ["exp", "log", "sqrt", "sin", "cos", "tanh", "cosh", "abs", "where"]
    },
    **{
        name: getattr(jnp, name)
        for name in ["sum", "mean", "var", "clip", "outer", "trace", "diag", "eye", "pad"]
    },
    "norm": jnp.linalg.norm,
    "inv": jnp.linalg.inv,
    "det": jnp.linalg.det,
    "asin": jnp.arcsin,
    "atan2": jnp.arctan2,
    "zeros": jnp.zeros,
    "pi": jnp.pi,
    "max": jnp.maximum,
    "erf": jsp.erf,
    "ndtr": jsp.ndtr,
    "digamma": jsp.digamma,
    "lgamma": jsp.gammaln,
    "sigmoid": jax.nn.sigmoid,
    "softplus": jax.nn.softplus,
    "relu": jax.nn.relu,
    "softmax": jax.nn.softmax,
    "log_softmax": jax.nn.log_softmax,
    "one_hot": jax.nn.one_hot,
    "logsumexp": jsp.logsumexp,
    "logdet": lambda x: jnp.log(jnp.linalg.det(x)),
    "sinc": lambda x: jnp.sinc(x / jnp.pi),
    "stack": lambda *rows: jnp.stack(rows),
    "array": jnp.array,
}


class _Arrays(ast.NodeTransformer):
    """Makes arrays of lists."""

    def visit_List(self, node):
        outer = ast.Call(ast.Name("array", ast.Load()), [self.generic_visit(node)], [])
        return ast.copy_location(outer, node)


def statements(text):
    """Return the statements of a text, as pairs of a name and compiled Python."""
    for part in text.split(";"):
        name, equal, body = part.partition(" = ") if re.match(r" *\w+ = ", part) else ("", "", part)
        tree = _Arrays().visit(ast.parse(body.strip().replace("^", "**"), mode="eval"))
        yield name.strip() if equal else "", compile(ast.fix_missing_locations(tree), body, "eval")


def ran(parts, known, added=()):
    """Return the values of statements by name; what is ``added`` to a named one moves it."""
    known, value = dict(known), None
    for name, code in parts:
        value = eval(code, dict(WORDS), known)  # noqa: S307 (of our own data)
        if name:
            value = known[name] = value + added[name] if name in added else value
    return known, value


def target(left, program, names):
    """Return of what, and by what, a claim is: positions among outputs, and names."""
    first = program[-1][0]
    heads = [name for name, _ in program if name]
    if left in names and not re.match(r"d2?\w*_d", left):
        return first, [left]
    head, *by = re.match(r"d2?(\w*?)_d(.*)", left).groups()
    by = by[0].split("_d")
    by = (
        [by[0][:-1]] * 2
        if left.startswith("d2") and by[0].endswith("2") and by[0] not in names
        else by
    )
    assert not head or head in heads or re.fullmatch(r"f\d", head), left
    return head or first, by


def drawn(rng, formula, names, wide):
    """Return random values, of all names."""
    at, assumed = formula.get("at", {}), " ".join(formula.get("assume", []))
    shapes = {name: np.shape(value) for name, value in at.items()}
    for part in filter(None, formula.get("shapes", "").split("; ")):
        name, sizes = part.split("=")
        shapes[name] = tuple(map(int, sizes.split(",")))
    low, high = (-1.5, 1.5) if wide else (0.1, 0.9)
    point = {name: rng.uniform(low, high, shapes.get(name, ())) for name in names}
    point |= {name: value for name, value in at.items() if name in assumed}
    for text in formula.get("ranges", []):
        name, low, high = re.match(r"(\w+)=(.+)\.\.(.+)", text).groups()
        point[name] = rng.uniform(float(low), float(high))
    return {name: jnp.asarray(value, float) for name, value in point.items()}


def gap(program, left, claim, point):
    """Return how far claim and derivative are apart at a point; None where one is not finite."""
    known = ran(program, point)[0]
    of, by = target(left, program, {**known})
    claimed = ran(claim, known)[1]

    def output(*moved):
        names = dict(zip(dict.fromkeys(by), moved, strict=True))
        inner = {name: one for name, one in names.items() if name not in point}
        outer = {**point, **{name: one for name, one in names.items() if name in point}}
        known, last = ran(program, outer, inner)
        if re.fullmatch(r"f\d", of) and of not in known:
            return last[int(of[1]) - 1]
        return jnp.asarray(known[of] if of else last)

    start = [
        point[name] if name in point else jnp.zeros_like(known[name]) for name in dict.fromkeys(by)
    ]
    derivative = output
    for name in by:
        derivative = jax.jacobian(derivative, [*dict.fromkeys(by)].index(name))
    true, claimed = np.asarray(derivative(*start)), np.asarray(claimed, float)
    if len(by) == 2 and by[0] != by[1]:
        assert true.ndim == 0
    if not (np.isfinite(true).all() and np.isfinite(claimed).all()):
        return None
    if claimed.shape != true.shape and claimed.size > 1 and claimed.ndim >= true.ndim:
        return np.inf
    return float(np.max(np.abs(true - claimed) / (1e-3 + np.abs(true))))


def main():
    """Tell each claim that is not what it is said to be."""
    jax.config.update("jax_enable_x64", val=True)
    amiss = count = 0
    for formula in tomllib.loads(DATA.read_text())["formula"]:
        rng = np.random.default_rng(1)
        program = list(statements(formula["program"]))
        made = {name for name, _ in program if name}
        names = {word for _, code in program for word in code.co_names} - made - set(WORDS) - {"T"}
        names |= {"T"} if re.search(r"(?<!\.)\bT\b", formula["program"]) else set()
        assumed = [next(statements(text)) for text in formula.get("assume", [])]
        for one in formula["claims"]:
            count += 1
            text = one.get("right") or one["wrong"]
            claim = list(statements(text))
            gaps = []
            for turn in itertools.count():
                point = drawn(rng, formula, names, wide=turn % 2)
                if turn > TRIES or len(gaps) == POINTS:
                    break
                if all(ran([condition], point)[1] for condition in assumed):
                    found = gap(program, claim[-1][0], claim, point)
                    gaps += [] if found is None else [found]
            right = len(gaps) >= 4 and max(gaps) < CLOSE
            if right != ("right" in one) or len(gaps) < 4:
                amiss += 1
                sys.stdout.write(f"{formula['name']}: {text} {gaps[:4]}\n")
    sys.stdout.write(f"{count - amiss} of {count} are what they are said to be\n")


if __name__ == "__main__":
    main()
