"""The sample programs: published numbers, independent computations, and every view as a golden."""

# ruff: noqa: PLR0913 (tests may import anything; formulas have many inputs)

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from mpmath import mp, mpf

from backpropcli.calculus import bindings
from backpropcli.cli.line.options import VIEWS
from backpropcli.proof.arrays import written
from backpropcli.proof.gradient import prove
from tests.each import for_each
from tests.reference import validator

HOME = Path(__file__).resolve().parents[1]
SEVERAL = ["arm"]
"""Samples with several outputs, which have no gradient."""
NAMES = sorted({path.stem for path in (HOME / "samples").glob("*.bp")} - {*SEVERAL})

# Numbers as they stand in print, with the digits they have there; the sources are in the samples.
PUBLISHED = {
    # CS231n, https://cs231n.github.io/optimization-2/: "expressed as a circuit".
    "circuit": ("-12", {"x": "-4", "y": "-4", "z": "3"}),
    # The same, the circuit of the sigmoid neuron.
    "sigmoid-neuron": (
        "0.73",
        {"w0": "-0.20", "w1": "-0.39", "w2": "0.20", "x0": "0.39", "x1": "-0.59"},
    ),
    # Baydin et al., JMLR 18 (153), 2018, tables 2 and 3.
    "survey": ("11.652", {"x1": "5.5", "x2": "1.716"}),
    # The README of micrograd, https://github.com/karpathy/micrograd.
    "micrograd": ("24.7041", {"a": "138.8338", "b": "645.5773"}),
    # Hull, "Options, Futures, and Other Derivatives", the Black-Scholes example: N(d1) is delta.
    "black-scholes": ("4.76", {"s": "0.7791"}),
    # The critical point in reduced units: p = 1, dp/dv = 0.
    "van-der-waals": ("1", {"v": "0", "t": "4"}),
    "linear-loss": ("4", {"w": "12", "x": "8", "b": "4", "y": "-4"}),
    # JAX's documentation, "Custom derivative rules for Python code".
    "log1pexp": ("3.048587", {"x": "0.952574"}),
}


def sigmoid(z):
    return 1 / (1 + mp.exp(-z))


def normal(z):
    return mp.ncdf(z)


def micrograd(a, b):
    """Return micrograd's example as it is written there, with its assignments in place."""
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + max(b + a, 0)
    d += 3 * d + max(b - a, 0)
    f = (c - d) ** 2
    return f / 2 + 10 / f


def black_scholes(s, k, r, sigma, t):
    d1 = (mp.log(s / k) + (r + sigma**2 / 2) * t) / (sigma * mp.sqrt(t))
    return s * normal(d1) - k * mp.exp(-r * t) * normal(d1 - sigma * mp.sqrt(t))


def tanh_network(**p):
    x = (p["x1"], p["x2"])
    hidden = [
        mp.tanh(mp.fdot((p[f"a{unit}1"], p[f"a{unit}2"]), x) + p[f"c{unit}"]) for unit in "12"
    ]
    return (mp.fdot((p["v1"], p["v2"]), hidden) + p["d"] - p["t"]) ** 2 / 2


def logistic_loss(w1, x1, w2, x2, b, y):
    p = sigmoid(w1 * x1 + w2 * x2 + b)
    return -y * mp.log(p) - (1 - y) * mp.log(1 - p)


def softmax(z1, z2, z3):
    return -mp.log(mp.exp(z1) / (mp.exp(z1) + mp.exp(z2) + mp.exp(z3)))


def swiglu(x1, x2, g1, g2, u1, u2, v):
    gate = g1 * x1 + g2 * x2
    return v * gate * sigmoid(gate) * (u1 * x1 + u2 * x2)


def clipped_objective(logp, advantage, eps, held):
    ratio = mp.exp(logp - held["logp_old"])
    return min(ratio * advantage, max(1 - eps, min(ratio, 1 + eps)) * advantage)


def reinforce(theta, reward, held):
    held_policy = sigmoid(held["theta"])
    return sigmoid(theta) / held_policy * (reward - held["baseline"])


def semi_gradient(w, x, held):
    target = held["r"] + held["discount"] * held["w"] * held["x_next"]
    return (target - w * x) ** 2 / 2


def residual(w, t, b, k):
    u = mp.tanh(w * t + b)
    return (w * (1 - u**2) + k * u) ** 2


def switch(x, c, k):
    s = sigmoid(k * (x - c))
    return s * (2 * x - 1) + (1 - s) * x**2


# Each sample once more, in Python and from its definition. ``held`` is the point itself: what sg
# keeps as it is when the other names move.
FORMULAS = {
    "linear-loss": lambda w, x, b, y: (w * x + b - y) ** 2,
    "circuit": lambda x, y, z: x * z + y * z,
    "sigmoid-neuron": lambda w0, x0, w1, x1, w2: sigmoid(w0 * x0 + w1 * x1 + w2),
    "survey": lambda x1, x2: mp.log(x1) + x1 * x2 - mp.sin(x2),
    "micrograd": micrograd,
    "tanh-network": tanh_network,
    "logistic-loss": logistic_loss,
    "softmax": softmax,
    "ppo-clip": clipped_objective,
    "reinforce": reinforce,
    "fan-out": lambda x, y: (x * y + 1) ** 2 + (x * y + 1) * y + mp.exp(x * y + 1),
    "stop-gradient": semi_gradient,
    "straight-through": lambda x, scale, held: (
        (scale * (x + mp.nint(held["x"]) - held["x"]) - 1) ** 2
    ),
    "swiglu": swiglu,
    "van-der-waals": lambda t, v: 8 * t / (3 * v - 1) - 3 / v**2,
    "kinetic-energy": lambda m, v: m / mp.sqrt(1 - v**2) - m,
    "black-scholes": black_scholes,
    "log1pexp": lambda x: mp.log(1 + mp.exp(x)),
    "residual": residual,
    "switch": switch,
    "rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "guard": lambda p, q: (-p * mp.log(p) if p > 0 else mpf(0)) - q * mp.log(q),
}

# Samples of arrays once more, in NumPy: analytic functions, for a complex number stands for a step.


def layers(x, W1, b1, W2, b2, t):  # noqa: N803 (the sample's names)
    z = np.tanh(x @ W1 + b1) @ W2 + b2
    right = z[range(len(z)), t.real.astype(int)]
    return np.mean(np.log(np.sum(np.exp(z), axis=1)) - right)


def shares(scores):
    return np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)


def batch_norm(x, gamma, beta, t):
    centred = x - np.sum(x, axis=0) / len(x)
    deviation = np.sqrt(np.sum(centred**2, axis=0) / len(x) + 1e-5)
    return np.mean((centred / deviation * gamma + beta - t) ** 2)


def gaussian_process(x, y, l, s, n):  # noqa: E741 (the sample's names)
    K = s**2 * np.exp(-(np.subtract.outer(x, x) ** 2) / (2 * l**2)) + n**2 * np.eye(3)  # noqa: N806
    return -(y @ np.linalg.inv(K) @ y + np.log(np.linalg.det(K)) + 3 * np.log(2 * np.pi)) / 2


def layer_norm(x, gamma, beta):
    centred = x - np.mean(x, axis=1, keepdims=True)
    return centred / np.sqrt(np.mean(centred**2, axis=1, keepdims=True) + 1e-5) * gamma + beta


def heads(x, target, Wq, Wk, Wv, Wo):  # noqa: N803
    """Return the loss head by head: the answers are joined, and the output's weights stacked."""
    answers = [
        shares((x @ q) @ (x @ k).T / math.sqrt(2)) @ (x @ v)
        for q, k, v in zip(Wq, Wk, Wv, strict=True)
    ]
    y = np.concatenate(answers, axis=1) @ np.concatenate([*Wo])
    return np.mean((y - target) ** 2)


def gelu(x):
    """Return x times the normal distribution function, to first order in the imaginary part."""

    def one(z):
        slope = mp.ncdf(z.real) + z.real * mp.npdf(z.real)
        return complex(z.real * mp.ncdf(z.real), z.imag * slope)

    return np.vectorize(one)(x)


def transformer(x, target, g1, b1, g2, b2, Wq, Wk, Wv, Wo, W1, W2):  # noqa: N803
    n = layer_norm(x, g1, b1)
    h = x + shares((n @ Wq) @ (n @ Wk).T / math.sqrt(2)) @ (n @ Wv) @ Wo
    return np.mean((h + gelu(layer_norm(h, g2, b2) @ W1) @ W2 - target) ** 2)


OF_ARRAYS = {
    "linear-regression": lambda X, w, b, y: np.mean((X @ w + b - y) ** 2),  # noqa: N803
    "logistic-regression": lambda X, w, b, t, **rest: (  # noqa: N803
        np.mean(np.log(1 + np.exp(X @ w + b)) - t * (X @ w + b)) + rest["lambda"] * (w @ w)
    ),
    "softmax-network": layers,
    "attention": lambda Q, K, V: np.mean((shares(Q @ K.T / math.sqrt(2)) @ V) ** 2),  # noqa: N803
    "batch-norm": batch_norm,
    "gaussian-process": gaussian_process,
    "multi-head-attention": heads,
    "transformer-block": transformer,
}

# No derivative is there to compare with: these are tested by what they say.
SPECIAL = {"kinks", "first-cause", "quantize"}

# Its slope by d1 is exactly 0, and in floats it is what rounding leaves: other digits elsewhere.
NOISY = {"black-scholes"}


def point(name):
    return bindings.comment_bindings((HOME / "samples" / f"{name}.bp").read_text(encoding="utf-8"))


@pytest.fixture
def report(backprop):
    def run(name, *arguments):
        return json.loads(backprop(f"@samples/{name}.bp", *arguments, "--json"))

    return run


def rounded(value, text):
    """Say whether ``value`` is ``text`` to the digits that ``text`` has."""
    return f"{value:.{len(text.partition('.')[2])}f}" == text


def slopes(name, given):
    """Return the gradient by central differences on 50 digits; 0 for what the formula holds."""
    formula = FORMULAS[name]
    with mp.workdps(50):
        known = {key: mpf(value) for key, value in given.items()}
        code = formula.__code__
        moving = set(code.co_varnames[: code.co_argcount]) - {"held"} or set(known)
        extra = {"held": known} if "held" in code.co_varnames[: code.co_argcount] else {}
        step = mpf(10) ** -16

        def at(**moved):
            every = known | moved
            return formula(**{key: every[key] for key in known if key in moving}, **extra)

        found = {key: mpf(0) for key in known}
        for key in moving:
            high, low = at(**{key: known[key] + step}), at(**{key: known[key] - step})
            found[key] = (high - low) / (2 * step)
        return at(), found


def test_there_are_samples():
    assert len(NAMES) >= 12
    assert set(FORMULAS) | set(OF_ARRAYS) | SPECIAL == set(NAMES)


@for_each("name", NAMES)
def test_every_sample_says_what_it_is_and_runs(name, backprop):
    text = (HOME / "samples" / f"{name}.bp").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "\n# bind: " in text
    assert text.endswith("\n")
    assert max(map(len, text.splitlines())) <= 100
    printed = backprop(f"@samples/{name}.bp", "--quiet").splitlines()
    assert {line.partition("\t")[0] for line in printed if "\t" in line} == set(point(name))


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_published_numbers_hold(name, report):
    value, gradient = PUBLISHED[name]
    found = report(name)
    assert rounded(found["value"], value)
    for key, text in gradient.items():
        assert rounded(found["gradient"][key], text), key


def test_the_sigmoid_neuron_to_ten_digits(report):
    """The numbers by hand: f = 1/(1 + 1/e), and f*(1 - f) times the other factor."""
    f = 1 / (1 + math.exp(-1))
    found = report("sigmoid-neuron")
    assert found["value"] == pytest.approx(0.7310585786, abs=5e-11)
    assert f * (1 - f) == pytest.approx(0.1966119332, abs=5e-11)
    assert found["gradient"] == pytest.approx(
        {
            "w0": -0.19661193324,
            "w1": -0.39322386648,
            "w2": 0.19661193324,
            "x0": 0.39322386648,
            "x1": -0.58983579972,
        },
        abs=5e-11,
    )


@pytest.mark.parametrize("name", sorted(FORMULAS))
def test_the_gradient_is_that_of_an_independent_computation(name, report):
    found = report(name)
    value, gradient = slopes(name, point(name))
    assert found["value"] == pytest.approx(float(value), rel=1e-13)
    assert set(found["gradient"]) == set(gradient)
    for key, slope in gradient.items():
        assert found["gradient"][key] == pytest.approx(float(slope), rel=1e-12, abs=1e-14), key


@pytest.mark.parametrize("name", sorted(OF_ARRAYS))
def test_the_gradient_by_arrays_is_that_of_complex_steps(name, report):
    """Squire and Trapp, "Using complex variables to estimate derivatives", SIAM Rev. 40, 1998."""
    found = report(name)
    at = {key: np.array(value, complex) for key, value in found["bindings"].items()}
    assert found["value"] == pytest.approx(OF_ARRAYS[name](**at).real, rel=1e-12)
    for key, value in at.items():
        slopes_ = np.zeros(value.shape)
        for place in np.ndindex(value.shape):
            moved = value.copy()
            moved[place] += 1e-30j
            slopes_[place] = OF_ARRAYS[name](**at | {key: moved}).imag / 1e-30
        assert np.array(found["gradient"][key]) == pytest.approx(slopes_, rel=1e-10, abs=1e-13), key


@pytest.mark.parametrize("advantage", [2, -2])
@pytest.mark.parametrize("logp", [-0.9, -1.1, -1.2001, -1.6])
def test_the_clipped_objective_on_all_its_branches(advantage, logp, report):
    given = point("ppo-clip") | {"advantage": float(advantage), "logp": logp}
    found = report("ppo-clip", f"advantage={advantage}", f"logp={logp}")
    value, gradient = slopes("ppo-clip", given)
    assert found["value"] == pytest.approx(float(value), rel=1e-13)
    assert found["gradient"] == pytest.approx(
        {key: float(slope) for key, slope in gradient.items()},
        rel=1e-12,
    )
    ratio = math.exp(logp + 1.2)
    clipped = ratio > 1.2 if advantage > 0 else ratio < 0.8
    assert found["gradient"]["logp"] == pytest.approx(0 if clipped else ratio * advantage)


def test_the_reinforce_form_has_the_slope_of_the_log_likelihood(report):
    found = report("reinforce")
    given = point("reinforce")
    advantage = given["reward"] - given["baseline"]
    assert found["value"] == advantage
    score = 1 - 1 / (1 + math.exp(-given["theta"]))
    assert found["gradient"]["theta"] == pytest.approx(advantage * score, rel=1e-14)


def test_the_softmax_has_the_slopes_of_theory(report):
    weights = [math.exp(2), math.exp(1), math.exp(0.1)]
    shares = [weight / sum(weights) for weight in weights]
    expected = {"z1": shares[0] - 1, "z2": shares[1], "z3": shares[2]}
    assert report("softmax")["gradient"] == pytest.approx(expected, rel=1e-14)


def test_the_kinks_are_told_and_the_conventions_taken(report):
    found = report("kinks")
    assert found["gradient"] == {"x": 0, "a": 0.5, "b": 0.5, "c": 0}
    operations = [found["nodes"][kink["node"]]["operation"] for kink in found["kinks"]]
    assert operations == ["relu", "abs", "max", "max", "clip"]
    sides = {name: (one["left"], one["right"]) for name, one in found["whole"].items()}
    slopes = {name: tuple(side["slope"] for side in pair) for name, pair in sides.items()}
    assert slopes == {"x": (-1, 2), "a": (0, 1), "b": (0, 1), "c": (1, 0)}  # by hand


def test_the_branch_not_taken_is_nan_and_does_no_harm(report):
    found = report("guard")
    assert "NaN" in [node["value"] for node in found["nodes"]]
    assert found["gradient"] == {"p": 0, "q": pytest.approx(-1 - math.log(0.5))}
    assert found["causes"] == []


def test_the_first_cause_is_the_root_and_not_the_product(report):
    found = report("first-cause")
    assert set(found["gradient"].values()) == {"NaN"}
    [cause] = found["causes"]
    assert cause["pass"] == "backward"
    assert found["nodes"][cause["node"]]["operation"] == "sqrt"


def test_the_rule_of_quantize_is_used_and_told_of(report):
    """By hand: q = 0.75, e = 2*0.75 - 1 = 0.5, and the rule takes dq/dw as 1."""
    found = report("quantize", "--check")
    assert found["value"] == 0.25
    assert found["gradient"] == {"w": 2 * 0.5 * 2, "x": 2 * 0.5 * 0.75, "y": -1}
    [rule] = found["check"]["rules"]
    assert (rule["function"], rule["by"], rule["rule"], rule["body"]) == (
        "quantize",
        "w",
        "1.0",
        "0.0",
    )


@pytest.mark.slow
@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", NAMES)
def test_the_verdict(name, report, monkeypatch):
    """It agrees wherever there is a derivative to agree on.

    SymPy's second look is at what was asked for alone, and of arrays at none: every node is proved.
    """
    monkeypatch.setattr(prove, "BUDGET", 0.0)
    monkeypatch.setattr(written, "MOST_WHOLE", 0)
    check = report(name, "--check", "--check-timeout", "60")["check"]
    assert (check["verdict"], name) == ("inconclusive" if name in SPECIAL else "agrees", name)
    if name not in SPECIAL:
        assert check["nodes_checked"] == check["nodes_total"]
        assert all(entry["agree"] for entry in check["gradient"].values())


# Commands beyond the gradient


def test_the_arm_has_the_jacobian_of_the_books(backprop):
    """Craig, "Introduction to Robotics", chapter 5, for two links and angles q1 and q2."""
    found = json.loads(backprop("jacobian", "@samples/arm.bp", "--wrt", "q1,q2", "--json"))
    p = point("arm")
    s1, c1 = math.sin(p["q1"]), math.cos(p["q1"])
    s12, c12 = math.sin(p["q1"] + p["q2"]), math.cos(p["q1"] + p["q2"])
    expected = [
        [-p["a1"] * s1 - p["a2"] * s12, -p["a2"] * s12],
        [p["a1"] * c1 + p["a2"] * c12, p["a2"] * c12],
    ]
    assert found["outputs"] == ["x", "y"]
    assert found["variables"] == ["q1", "q2"]
    for row, truth in zip(found["jacobian"], expected, strict=True):
        assert row == pytest.approx(truth, rel=1e-14)


def test_rosenbrock_has_the_published_hessian(backprop):
    found = json.loads(backprop("hessian", "@samples/rosenbrock.bp", "--json", "--check"))
    assert found["hessian"] == [[802, -400], [-400, 200]]
    assert found["eigenvalues"] == pytest.approx([501 - math.sqrt(250601), 501 + math.sqrt(250601)])
    assert (found["definiteness"], found["point"]) == (
        "positive definite",
        "a strict local minimum",
    )
    assert found["check"]["verdict"] == "agrees"


def test_kinetic_energy_has_the_classical_one_as_its_first_term(backprop):
    """m/sqrt(1 - v^2) - m = m*(v^2/2 + 3*v^4/8 + 5*v^6/16 + ...), the binomial series."""
    options = ["--in", "v", "--order", "7", "m=1", "v=0", "--json"]
    found = json.loads(backprop("taylor", "@samples/kinetic-energy.bp", *options))
    assert found["taylor"] == [pytest.approx([0, 0, 1 / 2, 0, 3 / 8, 0, 5 / 16, 0], abs=1e-15)]


CHECK = ["--check", "--check-timeout", "60"]
COMMANDS = {
    "arm.jacobian": ["jacobian", "--wrt", "q1,q2", *CHECK],
    "arm.jvp": ["jvp", "--along", "q1=1,q2=-1", *CHECK],
    "arm.vjp": ["vjp", "--with", "x=1", "--wrt", "q1,q2", *CHECK],
    "arm.vjp-steps": ["vjp", "--with", "x=1,y=2", "--wrt", "q1,q2", "--view", "steps", *CHECK],
    "rosenbrock.hessian": ["hessian", *CHECK],
    "rosenbrock.hvp": ["hvp", "--along", "x=1,y=2", *CHECK],
    "kinetic-energy.taylor": ["taylor", "--in", "v", "v=0", *CHECK],
    "logistic-loss.formula": ["formula"],
    "logistic-loss.formula-simplify": ["formula", "--simplify"],
    "linear-loss.formula-nodes": ["formula", "--nodes"],
    "linear-loss.formula-latex": ["formula", "--latex"],
    "linear-loss.formula-latex-nodes": ["formula", "--latex", "--nodes"],
    "linear-loss.formula-latex-steps": ["formula", "--latex-steps"],
    "tanh-network.cost": ["grad", "--cost", "--view", "graph"],
    "switch.open": ["grad", "--open", "all", "--no-check"],
    "switch.open-blend": ["grad", "--open", "blend", "--no-check"],
}
"""Golden files of commands: the command, and its options, on the sample before the dot."""


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_golden_commands(name, backprop, golden):
    command, *options = COMMANDS[name]
    sample = name.partition(".")[0]
    text = backprop(command, f"@samples/{sample}.bp", *options)
    golden(f"samples/{name}.txt", text)
    if command != "formula":
        assert max(map(len, text.splitlines())) <= 80


# Golden files


def fits(text):
    """Say whether a text fits a screen of 80 columns."""
    return max(map(len, text.splitlines())) <= 80


def views(name):
    """Return the views whose digits are the same everywhere."""
    return [view for view in VIEWS if name not in NOISY or view in {"graph", "forward"}]


@pytest.mark.sampled(5)
@pytest.mark.parametrize(("name", "view"), [(name, view) for name in NAMES for view in views(name)])
def test_golden_views(name, view, backprop, golden):
    text = backprop(f"@samples/{name}.bp", "--view", view, "--no-check")
    golden(f"samples/{name}.{view}.txt", text)
    assert view == "steps" or fits(text)


@pytest.mark.parametrize("view", sorted(set(VIEWS) - {"steps", "graph", "forward"}))
@pytest.mark.parametrize("name", sorted(NOISY))
def test_trees_and_tables_without_a_golden_file_fit_the_screen(name, view, backprop):
    assert fits(backprop(f"@samples/{name}.bp", "--view", view, "--no-check"))


def steady(text):
    """Return ``text`` with its numbers to 12 digits: the last ones depend on the C library."""
    return re.sub(r"-?\d+\.\d{6,}(e[+-]?\d+)?", lambda found: f"{float(found[0]):.12g}", text)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", NAMES)
def test_golden_json(name, backprop, golden):
    text = backprop(f"@samples/{name}.bp", "--json", "--no-check")
    validator("report").validate(json.loads(text))
    line = backprop(f"@samples/{name}.bp", "--jsonl", "--no-check")
    assert line.count("\n") == 1
    assert json.loads(line) == json.loads(text)
    if name not in NOISY:
        version = json.loads(text)["version"]
        golden(f"samples/{name}.json", steady(text.replace(f'"{version}"', '"0"', 1)))


def test_no_golden_file_is_left_over():
    wanted = {f"{name}.{view}.txt" for name in NAMES for view in views(name)}
    wanted |= {f"{name}.json" for name in NAMES if name not in NOISY}
    wanted |= {f"{name}.txt" for name in COMMANDS}
    assert {path.name for path in (HOME / "tests/golden/samples").iterdir()} == wanted


@for_each("path", sorted((HOME / "samples").rglob("*.bp")))
def test_a_sample_fits_a_screen(path):
    assert max(map(len, path.read_text(encoding="utf-8").splitlines())) <= 80
