"""Parsing, the passes and printing, on programs of growing size."""

from __future__ import annotations

import gc
import io
import math
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from importlib.util import find_spec
from pathlib import Path

from lark import Lark

from backpropcli.arithmetics import floats
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.language.grammar import grammar_text
from backpropcli.language.parse import parse
from backpropcli.language.scanner import tokens
from backpropcli.modes.gradient import gradient
from backpropcli.render.documents.reports import document
from backpropcli.render.layout.lines import Options
from backpropcli.render.layout.paint import plain
from backpropcli.render.views.table import table
from tests.benchmarks.startup import DIRECT, environment

POINT = {"w": 0.5, "x": 0.75, "b": 0.25}
STEP = 6
"""The nodes of one step of ``program``."""


def program(nodes):
    """Return a program of about ``nodes`` nodes: a recurrence, and each step used twice."""
    lines = ["h0 = x"]
    lines += [f"h{i + 1} = tanh(w*h{i} + b) + h{i}*{i + 1}e-9" for i in range(nodes // STEP)]
    return "\n".join(lines) + "\n"


def seconds(function, *arguments):
    """Return how long a call takes, with the collector quiet as ``timeit`` has it."""
    gc.collect()
    gc.disable()
    begin = time.perf_counter()
    function(*arguments)
    taken = time.perf_counter() - begin
    gc.enable()
    return taken


def medians(rounds, *calls):
    """Return each call's median seconds, all measured in turn."""
    found = [[seconds(*call) for call in calls] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*found, strict=True)]


def parsing():
    """Yield our parser against Lark's on the same grammar and text."""
    text = program(20_000)
    count = sum(kind not in {"SPACE", "COMMENT"} for kind, _, _ in tokens(text))
    lark = Lark(grammar_text(), parser="lalr", lexer="basic", start="start")
    ours, theirs = medians(7, (parse, text), (lark.parse, text))
    yield "parse, us a token", f"{ours / count * 1e6:.2f}", ""
    yield "Lark's tree, us a token", f"{theirs / count * 1e6:.2f}", ""
    yield "parse to graph / Lark's parse to tree", f"{ours / theirs:.2f}", "<= 1"


def all_passes(graph, root):
    """Run what a gradient takes."""
    values = forward(graph, floats, POINT)
    edges = linearize(graph, floats, values, graph.variables().values())
    pull(edges, floats, {root: 1.0})


class Value:
    """A node of an engine made of objects and closures, as micrograd's."""

    __slots__ = ("back", "data", "grad", "inputs")

    def __init__(self, data, inputs=()):
        self.data = data
        self.grad = 0.0
        self.inputs = inputs
        self.back = None

    def __add__(self, other):
        out = Value(self.data + other.data, (self, other))

        def back():
            self.grad += out.grad
            other.grad += out.grad

        out.back = back
        return out

    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.back = back
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,))

        def back():
            self.grad += (1 - out.data * out.data) * out.grad

        out.back = back
        return out

    def backward(self):
        order, seen, todo = [], set(), [(self, False)]
        while todo:
            node, done = todo.pop()
            if done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                todo.append((node, True))
                todo.extend((child, False) for child in node.inputs)
        self.grad = 1.0
        for node in reversed(order):
            if node.back:
                node.back()


def objects(graph, number=Value, tanh=Value.tanh, backward=Value.backward):
    """Run a graph of sums, products and tanh on another engine's numbers, there and back."""
    values = []
    for node, operation in enumerate(graph.operations):
        inputs = [values[child] for child in graph.inputs[node]]
        if operation == "add":
            values.append(inputs[0] + inputs[1])
        elif operation == "mul":
            values.append(inputs[0] * inputs[1])
        elif operation == "tanh":
            values.append(tanh(inputs[0]))
        elif operation == "name":
            values.append(inputs[0])
        else:
            leaf = graph.args[node]
            values.append(number(POINT.get(leaf, leaf)))
    backward(values[-1])


def torch_objects(graph):
    """The same with PyTorch's scalars."""
    import torch

    def number(value):
        return torch.tensor(value, dtype=torch.float64, requires_grad=True)

    objects(graph, number, torch.tanh, torch.Tensor.backward)


def differentiating(largest):
    """Yield the gradient against the forward pass, and against other engines."""
    size = 100_000
    while size <= largest:
        done = parse(program(size))
        graph, root = done.graph, done.root
        rounds = 7 if size <= 100_000 else 3
        one, all_of_it = medians(rounds, (forward, graph, floats, POINT), (all_passes, graph, root))
        yield f"gradient / forward pass, {len(graph):,} nodes", f"{all_of_it / one:.2f}", "<= 3.5"
        size *= 10
    graph = parse(program(20_000)).graph
    ours, theirs = medians(5, (all_passes, graph, len(graph) - 1), (objects, graph))
    yield "gradient / objects and closures, as micrograd", f"{ours / theirs:.2f}", "<= 1"
    text = "not installed"
    if find_spec("torch"):
        ours, theirs = medians(5, (all_passes, graph, len(graph) - 1), (torch_objects, graph))
        text = f"{ours / theirs:.2f}"
    yield "gradient / PyTorch's scalars", text, "<= 1"


def printed_json(report, sink):
    """Print as the command line does."""
    sink.writelines(document(report))


def printed_table(report):
    """Print all nodes as a table."""
    plain(table(report, Options(max_nodes=len(report.values))), "utf-8")


def growing(largest):
    """Yield the time a node of each phase, as the program grows tenfold."""
    first = {}
    size = 10_000
    while size <= largest:
        text = program(size)
        done = parse(text)
        count = len(done.graph)
        report = gradient(done, POINT)
        taken = {
            "parse": statistics.median(seconds(parse, text) for _ in range(3)),
            "gradient": statistics.median(seconds(gradient, done, POINT) for _ in range(3)),
            "print as JSON": seconds(printed_json, report, io.StringIO()),
            "print as a table": seconds(printed_table, report),
        }
        for name, time_taken in taken.items():
            each = time_taken / count
            base = first.setdefault(name, each)
            yield (
                f"{name}, {count:,} nodes: us a node, and against 10,000",
                f"{each * 1e6:.2f}  {each / base:.2f}",
                "flat",
            )
        size *= 10


PEAK = (
    "import sys; from backpropcli.__main__ import main; main();"
    "sys.stderr.write(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
)
"""Prints the process's own peak in KiB (a child's ``ru_maxrss`` begins with its parent's)."""


def whole():
    """Yield seconds and memory from a text to JSON, as a process."""
    peaks = []
    with tempfile.TemporaryDirectory() as room:
        path = Path(room) / "program"
        given = [f"{name}={value}" for name, value in POINT.items()]
        for size in (600, 100_000):
            path.write_text(program(size), encoding="utf-8")
            given_all = [f"@{path}", *given, "--json"]
            begin = time.perf_counter()
            subprocess.run(
                [*DIRECT, *given_all], env=environment(), stdout=subprocess.DEVNULL, check=True
            )
            taken = time.perf_counter() - begin
            if Path("/proc/self/status").exists():
                done = subprocess.run(
                    [sys.executable, "-c", PEAK, *given_all],
                    env=environment(),
                    check=True,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                )
                peaks.append(int(done.stderr) * 1024)
    yield "100,000 nodes from text to JSON, seconds", f"{taken:.2f}", "<= 5"
    text = f"{(peaks[1] - peaks[0]) / 99_400:.0f}" if peaks else "not measured"
    yield "the same: peak memory, bytes a node", text, ""
    tracemalloc.start()
    done = parse(program(100_000))
    kept = tracemalloc.get_traced_memory()[0] / len(done.graph)
    report = gradient(done, POINT)
    both = tracemalloc.get_traced_memory()[0] / len(done.graph)
    tracemalloc.stop()
    yield "a parsed program, bytes a node", f"{kept:.0f}", ""
    yield "with values and adjoints, bytes a node", f"{both:.0f}", ""
    del report
