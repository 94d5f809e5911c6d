"""Whole processes, against ``python -c pass`` and against other tools on the same machine."""

from __future__ import annotations

import os
import pty
import shutil
import statistics
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROUNDS = 21
LOSS = ["(w*x + b - y)^2", "w=2", "x=3", "b=1", "y=5"]
DIRECT = [sys.executable, "-c", "from backpropcli.__main__ import script; script()"]
PYTHON = "python -c pass"
MODULE = [sys.executable, "-m", "backpropcli"]
EMPTY = [sys.executable, "-m", "keyword"]
"""What ``python -m`` takes on its own, with a module that does nothing."""
READ = {
    "help": ["help"],
    "functions": ["functions"],
    "a wrong option": ["x^2", "x=3", "--wew", "steps"],
}
COMPLETED = {
    "completion of an option": ["x^2", "--vi"],
    "completion of a variable": ["(w*x + b - y)^2", "w=2", ""],
    "completion of a function": ["w*x + si"],
}
AT_ONCE = {**dict.fromkeys(READ, 0.25), **dict.fromkeys(COMPLETED, 0.2)}
"""Seconds until a person has the answer, at most."""

PEERS = {
    "torch": "import torch; w = torch.tensor(2.0, requires_grad=True); "
    "((w*3 + 1 - 5)**2).backward(); print(w.grad)",
    "jax": "import jax; print(jax.grad(lambda w: (w*3.0 + 1 - 5)**2)(2.0))",
    "autograd": "from autograd import grad; print(grad(lambda w: (w*3.0 + 1 - 5)**2)(2.0))",
    "micrograd": "from micrograd.engine import Value; w = Value(2.0); "
    "((w*3 + 1 - 5)**2).backward(); print(w.grad)",
    "sympy": "from sympy import symbols, diff; w, x, b, y = symbols('w x b y'); "
    "f = (w*x + b - y)**2; "
    "print([diff(f, v).subs({w: 2, x: 3, b: 1, y: 5}) for v in (w, x, b, y)])",
}
TOOLS = {
    "qalc": ["qalc", "-t", "diff((w*3 + 1 - 5)^2; w)"],
    "giac": ["giac", "subst(diff((w*3+1-5)^2,w),w=2)"],
}


def environment(**more):
    """Return what a user's shell has: bytecode is kept, and nothing forces colour."""
    drop = {"PYTHONDONTWRITEBYTECODE", "FORCE_COLOR", "NO_COLOR", "COLUMNS", "PYTHONPATH"}
    kept = {name: text for name, text in os.environ.items() if name not in drop}
    return {**kept, "PYTHONPATH": str(HERE.parents[1]), "TERM": "xterm-256color", **more}


def piped(command, *, check=True, **more):
    """Return how long a process takes whose output is read by a program."""
    begin = time.perf_counter()
    subprocess.run(
        command, env=environment(**more), stdin=subprocess.DEVNULL, capture_output=True, check=check
    )
    return time.perf_counter() - begin


def on_terminal(command):
    """Return how long a process takes that writes to a terminal."""
    ours, theirs = pty.openpty()
    begin = time.perf_counter()
    with subprocess.Popen(
        command, env=environment(), stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        try:
            while os.read(ours, 65536):
                pass
        except OSError:
            pass
        process.wait()
        taken = time.perf_counter() - begin
    os.close(ours)
    return taken


def interleaved(runs, rounds=ROUNDS):
    """Call each of ``runs`` (name -> function that returns seconds) in turn, ``rounds`` times."""
    for run in runs.values():
        run()  # warms the bytecode and the disk's cache
    found = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            found[name].append(run())
    return found


def ratio(found, name, base):
    """Return the median of the rounds' ratios."""
    return statistics.median(a / b for a, b in zip(found[name], found[base], strict=True))


def startup():
    """Yield (what, ratio, goal) of the tool's own ways to run."""
    by_hand = HERE / "check_by_hand.py"
    runs = {
        PYTHON: lambda: piped([sys.executable, "-c", "pass"]),
        "--json": lambda: piped([*DIRECT, *LOSS, "--json"]),
        "--quiet": lambda: piped([*DIRECT, *LOSS, "--quiet"]),
        "tree, piped, --no-check": lambda: piped([*DIRECT, *LOSS, "--no-check"]),
        "tree, terminal, --no-check": lambda: on_terminal([*DIRECT, *LOSS, "--no-check"]),
        "--json, python -m backpropcli": lambda: piped([*MODULE, *LOSS, "--json"]),
        "--quiet, python -m backpropcli": lambda: piped([*MODULE, *LOSS, "--quiet"]),
        "nothing, python -m": lambda: piped(EMPTY),
        "tree, piped, proof": lambda: piped([*DIRECT, *LOSS, "--check"]),
        "tree, terminal, proof": lambda: on_terminal([*DIRECT, *LOSS, "--check"]),
    }
    for name, words in READ.items():
        runs[name] = lambda words=words: piped([*DIRECT, *words], check=False)
    for name, words in COMPLETED.items():
        runs[name] = lambda words=words: piped([*DIRECT, *words], _BACKPROP_COMPLETE="fish")
    script = shutil.which("backprop", path=str(Path(sys.executable).parent))
    if script:
        runs["--json, installed script"] = lambda: piped([script, *LOSS, "--json"])
    if by_hand.exists():
        runs["check_by_hand.py"] = lambda: piped([sys.executable, str(by_hand)])
    found = interleaved(runs)
    goals = {
        "--json": 2.0,
        "--quiet": 2.0,
        "tree, piped, --no-check": 2.5,
        "tree, terminal, --no-check": 2.5,
    }
    base = statistics.median(found[PYTHON])
    yield f"{PYTHON} ({base * 1000:.1f} ms)", "1.0", ""
    for name, seconds in AT_ONCE.items():
        yield name, f"{statistics.median(found[name]):.3f} s", f"<= {seconds} s"
    for name in [name for name in runs if name not in {PYTHON, *AT_ONCE}]:
        goal = f"<= {goals[name]}" if name in goals else ""
        yield f"{name} / {PYTHON}", f"{ratio(found, name, PYTHON):.2f}", goal
    if script is None:
        yield f"--json, installed script / {PYTHON}", "not installed", ""
    text = "not there"
    if by_hand.exists():
        text = f"{ratio(found, 'tree, piped, proof', 'check_by_hand.py'):.2f}"
    yield "tree, piped, proof / check_by_hand.py", text, "<= 1.3"


def peers():
    """Yield (what, ratio, goal) of the tool against others' one-liners."""
    runs = {"ours": lambda: piped([*DIRECT, *LOSS, "--json"])}
    for name, code in PEERS.items():
        if find_spec(name):
            runs[name] = lambda code=code: piped([sys.executable, "-c", code])
    for name, command in TOOLS.items():
        if shutil.which(name):
            runs[name] = lambda command=command: piped(command)
    found = interleaved(runs, 15)
    for name in [*PEERS, *TOOLS]:
        text = f"{ratio(found, 'ours', name):.2f}" if name in found else "not installed"
        yield f"--json / {name}'s one-liner", text, ""
