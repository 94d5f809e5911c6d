"""Programs of arrays against PyTorch's eager mode and HIPS autograd.

``python -m tests.benchmarks.arrays`` prints them; names may follow: linreg, mlp, chain, logistic,
block. Ratios are medians of CPU time, with one thread and all engines in turn; peers that are not
installed are left out. Memory is the peak of a gradient over the values of the intermediates, as
``tracemalloc`` and ``sys.getsizeof`` count them.
"""

from __future__ import annotations

import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import gc
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from backpropcli.calculus.choice import numbers_of, shapes_of
from backpropcli.calculus.lower import lower
from backpropcli.calculus.sparing import Sparing
from backpropcli.language.parse import parse
from backpropcli.modes.gradient import gradient
from tests.benchmarks.startup import DIRECT, environment

ROUNDS = 7
STEPS = 2500
FACTORS = [round(0.9 + step % 7 * 0.01, 2) for step in range(STEPS)]
AT_MOST = {"linreg": 0.8, "mlp": 0.8, "chain": 0.6, "logistic": 0.8, "block": 1.1}
"""How long a gradient may take over PyTorch's."""
LINREG = "mean((X@w + b - y)^2)"
LOGISTIC = "z = w*x + b; mean(max(z, 0) - z*y + log(1 + exp(-abs(z))))"
MLP = "h = relu(X@W1 + b1); -sum(t*log_softmax(h@W2 + b2))/256"
CHAIN = (
    "; ".join(
        f"z{at + 1} = tanh(z{at}*{factor}) + z{at}*a" if at else f"z1 = tanh(x*{factor}) + x*a"
        for at, factor in enumerate(FACTORS)
    )
    + f"; sum(z{STEPS})"
)
BLOCK = """
u = layer_norm(x, g, be)
q = transpose(reshape(u@Wq, 8, 128, 8, 32), (0, 2, 1, 3))
k = transpose(reshape(u@Wk, 8, 128, 8, 32), (0, 2, 1, 3))
v = transpose(reshape(u@Wv, 8, 128, 8, 32), (0, 2, 1, 3))
a = reshape(transpose(attention(q, k, v), (0, 2, 1, 3)), 8, 128, 256)
h = x + a@Wo
mean((h + gelu_tanh(layer_norm(h, g, be)@W1)@W2)^2)"""


class Torch:
    """What the programs need, in PyTorch."""

    name = "torch"

    def __init__(self):
        import torch

        torch.set_num_threads(1)
        self.torch = torch
        one = torch.nn.functional
        self.tanh, self.exp, self.log, self.abs = torch.tanh, torch.exp, torch.log, torch.abs
        self.relu, self.mean = torch.relu, torch.mean
        self.sum = torch.sum
        self.log_softmax = lambda x: one.log_softmax(x, -1)
        self.softmax = lambda x: one.softmax(x, -1)
        self.positive = lambda x: torch.clamp(x, min=0)
        self.layer_norm = lambda x, g, b: one.layer_norm(x, g.shape, g, b)
        self.gelu = lambda x: one.gelu(x, approximate="tanh")
        self.reshape, self.permute = torch.reshape, torch.permute

    def gradient(self, loss, values, wrt):
        """Return a function that works the gradient out."""
        torch = self.torch
        given = {name: torch.tensor(value) for name, value in values.items()}
        for name in wrt:
            given[name].requires_grad_()
        return lambda: [
            found.numpy()
            for found in torch.autograd.grad(loss(self, given), [given[name] for name in wrt])
        ]


class Autograd:
    """What the programs need, in HIPS autograd."""

    name = "autograd"

    def __init__(self):
        from autograd import grad, numpy

        self.grad, self.numpy = grad, numpy
        self.tanh, self.exp, self.log, self.abs = numpy.tanh, numpy.exp, numpy.log, numpy.abs
        self.mean, self.sum = numpy.mean, numpy.sum
        self.reshape, self.permute = numpy.reshape, numpy.transpose
        self.relu = self.positive = lambda x: numpy.maximum(x, 0.0)

    def softmax(self, x):
        found = self.exp(x - self.numpy.max(x, axis=-1, keepdims=True))
        return found / self.sum(found, axis=-1, keepdims=True)

    def log_softmax(self, x):
        shifted = x - self.numpy.max(x, axis=-1, keepdims=True)
        return shifted - self.log(self.sum(self.exp(shifted), axis=-1, keepdims=True))

    def layer_norm(self, x, g, b):
        centred = x - self.mean(x, axis=-1, keepdims=True)
        spread = self.mean(centred**2, axis=-1, keepdims=True) + 1e-5
        return centred / self.numpy.sqrt(spread) * g + b

    def gelu(self, x):
        inner = self.tanh((2 / np.pi) ** 0.5 * (x + 0.044715 * x * x * x))
        return 0.5 * x * (1.0 + inner)

    def gradient(self, loss, values, wrt):
        """Return a function that works the gradient out."""
        slope = self.grad(lambda moving: loss(self, {**values, **moving}))
        moving = {name: values[name] for name in wrt}

        def found():
            slopes = slope(moving)
            return [slopes[name] for name in wrt]

        return found


def linreg(_peer, v):
    return ((v["X"] @ v["w"] + v["b"] - v["y"]) ** 2).mean()


def mlp(peer, v):
    hidden = peer.relu(v["X"] @ v["W1"] + v["b1"])
    return -peer.sum(v["t"] * peer.log_softmax(hidden @ v["W2"] + v["b2"])) / 256


def chain(peer, v):
    z = v["x"]
    for factor in FACTORS:
        z = peer.tanh(z * factor) + z * v["a"]
    return peer.sum(z)


def logistic(peer, v):
    z = v["w"] * v["x"] + v["b"]
    tail = peer.log(1 + peer.exp(-peer.abs(z)))
    return peer.mean(peer.positive(z) - z * v["y"] + tail)


def block(peer, v):
    u = peer.layer_norm(v["x"], v["g"], v["be"])
    split = [
        peer.permute(peer.reshape(u @ v[name], (8, 128, 8, 32)), (0, 2, 1, 3))
        for name in ("Wq", "Wk", "Wv")
    ]
    q, k, values = split
    attention = peer.softmax(q @ k.swapaxes(-1, -2) / 32**0.5) @ values
    joined = peer.reshape(peer.permute(attention, (0, 2, 1, 3)), (8, 128, 256))
    h = v["x"] + joined @ v["Wo"]
    inner = peer.gelu(peer.layer_norm(h, v["g"], v["be"]) @ v["W1"])
    return peer.mean((h + inner @ v["W2"]) ** 2)


def programs():
    """Yield each program: its name, text, values, the names to differentiate by, for peers."""
    rng = np.random.default_rng(0)

    def normal(*shape, scale=1.0):
        return rng.normal(size=shape) * scale

    rows, many, width = 100_000, 1_000_000, 256
    point = {"X": normal(rows, 50), "w": normal(50), "b": 0.3, "y": normal(rows)}
    yield "linreg", LINREG, point, ["w", "b"], linreg
    point = {"X": normal(256, 784), "W1": normal(784, 128, scale=0.05), "b1": normal(128)}
    point |= {"W2": normal(128, 10, scale=0.1), "b2": normal(10)}
    point["t"] = np.eye(10)[rng.integers(0, 10, 256)]
    yield "mlp", MLP, point, ["W1", "b1", "W2", "b2"], mlp
    yield "chain", CHAIN, {"x": np.linspace(0.1, 1, 8), "a": 0.1}, ["x", "a"], chain
    point = {"w": 0.3, "b": 0.1, "x": normal(many), "y": (normal(many) > 0).astype(float)}
    yield "logistic", LOGISTIC, point, ["w", "b"], logistic
    point = {"x": normal(8, 128, width), "g": normal(width), "be": normal(width)}
    point |= {f"W{name}": normal(width, width, scale=0.05) for name in "qkvo"}
    point |= {"W1": normal(width, 1024, scale=0.05), "W2": normal(1024, width, scale=0.05)}
    yield "block", BLOCK, point, [name for name in point if name != "x"], block


def own(text, values, wrt):
    """Return a function that works the gradient out here, as a report does."""
    graph = parse(text, list(values)).graph
    lowered = lower(parse(text, list(values)), shapes_of(graph, values))
    graph, root = lowered.graph, lowered.outputs[0]
    numbers = numbers_of(graph, values)
    nodes = [graph.variables()[name] for name in wrt]

    def found():
        passes = Sparing(graph, numbers, nodes)
        passes.forward(values, [root], {})
        there = [passes.values[node] for node in nodes]
        adjoints = passes.pull({root: 1.0}, nodes)
        return [
            numbers.fit(adjoints[node], value) for node, value in zip(nodes, there, strict=True)
        ]

    return found


def cpu(function):
    """Return the CPU seconds of a call."""
    begin = time.process_time()
    function()
    return time.process_time() - begin


def against_peers(name, text, values, wrt, loss):
    """Yield the gradient of one program against each peer."""
    peers = [peer() for peer in (Torch, Autograd) if find_spec(peer.name)]
    for kind in (np.float64, np.float32):
        there = {
            key: value.astype(kind) if isinstance(value, np.ndarray) else value
            for key, value in values.items()
        }
        scalars = {key: kind(value) for key, value in there.items() if isinstance(value, float)}
        ours = own(text, there, wrt)
        calls = [ours, *(peer.gradient(loss, {**there, **scalars}, wrt) for peer in peers)]
        tolerance = 1e-6 if kind is np.float64 else 1e-2
        for other in calls[1:]:
            for one, two in zip(ours(), other(), strict=True):
                size = np.abs(two).max()
                assert np.allclose(one, two, rtol=tolerance, atol=tolerance * size), name
        times = [[cpu(call) for call in calls] for _ in range(ROUNDS)]
        taken = [statistics.median(column) for column in zip(*times, strict=True)]
        for peer, its in zip(peers, taken[1:], strict=True):
            goal = AT_MOST[name] if peer.name == "torch" else 1
            what = f"{name}, {kind.__name__}: gradient / {peer.name}'s {its * 1e3:.1f} ms"
            yield what, f"{taken[0] / its:.2f}", f"<= {goal}"


def memory(name, text, values, wrt):
    """Yield the peak of a gradient over its intermediates: alone, and with all adjoints."""
    program = parse(text, list(values))
    gradient(program, values, wrt)  # what is compiled once is no matter
    gc.collect()
    tracemalloc.start()
    report = gradient(program, values, wrt)
    alone = tracemalloc.get_traced_memory()[1]
    list(report.adjoints)
    both = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    held = {
        id(value): sys.getsizeof(value)
        for value, inputs in zip(report.values, report.graph.inputs, strict=True)
        if inputs and isinstance(value, np.ndarray) and value.base is None
    }
    total = sum(held.values())
    yield f"{name}: peak memory / intermediates, {total / 1e6:.1f} MB", f"{alone / total:.2f}", ""
    yield "  with all adjoints", f"{both / total:.2f}", ""


def children():
    """Return the CPU seconds of the processes that have ended."""
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


def processes():
    """Yield whole processes, from a file to the gradient, over NumPy's forward pass by hand."""
    given = {name: (text, values) for name, text, values, *_ in programs()}
    hands = {
        "linreg": "np.mean((v['X']@v['w'] + v['b'] - v['y'])**2)",
        "logistic": "(lambda z: np.mean(np.maximum(z, 0) - z*v['y'] + "
        "np.log(1 + np.exp(-np.abs(z)))))(v['w']*v['x'] + v['b'])",
    }
    with tempfile.TemporaryDirectory() as room:
        for name, hand in hands.items():
            text, values = given[name]
            path = Path(room) / f"{name}.npz"
            np.savez(path, **values)
            code = f"import numpy as np; v = np.load({str(path)!r}); print({hand})"
            commands = (
                [*DIRECT, text, "--bind", str(path), "--wrt", "w,b", "--quiet"],
                [sys.executable, "-c", code],
            )
            times = []
            for _ in range(ROUNDS):
                marks = [children()]
                for command in commands:
                    subprocess.run(
                        command, env=environment(), stdout=subprocess.DEVNULL, check=True
                    )
                    marks.append(children())
                times.append([marks[1] - marks[0], marks[2] - marks[1]])
            ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
            what = f"{name}: file to gradient / import numpy and the forward pass"
            yield what, f"{ours / theirs:.2f}", "<= 2"


def growth():
    """Yield the time an element as arrays grow, and the time a node as chains grow."""
    taken = {}
    for count in (10_000, 100_000, 1_000_000):
        values = {"w": 0.3, "b": 0.1, "x": np.linspace(-3, 3, count), "y": np.ones(count)}
        call = own(LOGISTIC, values, ["w", "b"])
        taken[count] = statistics.median(cpu(call) for _ in range(ROUNDS)) / count
        each = f"{taken[count] * 1e9:.1f}  {taken[count] / taken[10_000]:.2f}"
        yield f"logistic, {count:,} rows: ns a row, and against 10,000", each, "flat"


def everything(names=()):
    """Yield all measurements of the programs ``names``: of all if there are none."""
    for name, text, values, wrt, loss in programs():
        if not names or name in names:
            yield from against_peers(name, text, values, wrt, loss)
            yield from memory(name, text, values, wrt)
    if not names:
        yield from processes()
        yield from growth()


def main():
    for what, figure, goal in everything(sys.argv[1:]):
        print(f"  {what:<64} {figure:>14}  {goal}".rstrip(), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
