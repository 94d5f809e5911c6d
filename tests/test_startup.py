"""What each way to run the tool imports: start-up time is mostly this."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import backpropcli

HOME = Path(backpropcli.__file__).resolve().parents[1]
EXPRESSION = ("(w*x + b - y)^2", "w=2", "x=3", "b=1", "y=5")
HEAVY = {
    "argparse",
    "asyncio",
    "click",
    "collections",
    "copy",
    "dataclasses",
    "decimal",
    "difflib",
    "enum",
    "functools",
    "importlib",
    "inspect",
    "json",
    "lark",
    "logging",
    "mpmath",
    "multiprocessing",
    "numpy",
    "pathlib",
    "pydantic",
    "random",
    "re",
    "rich",
    "shutil",
    "subprocess",
    "sympy",
    "tempfile",
    "textwrap",
    "tomllib",
    "traceback",
    "typer",
    "typing",
    "unittest",
}
"""What costs a script time. A name stands for its submodules too."""

PROBE = (
    "import sys; before = set(sys.modules); from backpropcli.__main__ import main; main();"
    "sys.stderr.write(' '.join(set(sys.modules) - before))"
)


def loaded(*arguments, printed=True, **environment):
    """Return what a run imports beyond a bare interpreter (its site files may import too)."""
    done = subprocess.run(
        [sys.executable, "-P", "-S", "-c", PROBE, *arguments],
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": search_path(), **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert bool(done.stdout) == printed
    return set(done.stderr.split())


def search_path():
    """Return where the package and the libraries are; ``-S`` leaves out what .pth files import."""
    return os.pathsep.join([str(HOME), *filter(None, sys.path)])


def top(modules):
    return {name.partition(".")[0] for name in modules}


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "options",
    [
        ("--json",),
        ("--jsonl",),
        ("--quiet",),
        ("--no-check",),
        ("--json", "--wrt", "w,b"),
        ("--quiet", "--digits=3"),
        ("--view=table", "--no-check"),
        ("--view=steps", "--no-check"),
        ("--view=graph",),
        ("--view=forward",),
        ("--view=backward", "--no-check"),
    ],
    ids=" ".join,
)
def test_a_script_waits_for_no_library(options):
    assert not top(loaded(*EXPRESSION, *options)) & HEAVY


def test_a_program_with_kinks_and_functions_is_as_quick():
    """What the whole has at a kink takes mpmath: it is not worked out where it is not shown."""
    words = ("def f(t) = relu(t) + t; max(x, x, y) + f(x) + erf(y)", "x=0", "y=0")
    assert not top(loaded(*words, "--quiet")) & HEAVY
    assert "mpmath" in top(loaded(*words, "--json"))


def test_arrays_load_numpy_and_nothing_that_reads_other_files():
    words = ("sum(X@w)", "X=[[1,2],[3,4]]", "w=[1,2]", "--value")
    modules = top(loaded(*words))
    assert "numpy" in modules
    assert not modules & {"pyarrow", "safetensors", "sympy", "mpmath", "rich", "typer", "lark"}


def test_colour_takes_no_library():
    modules = top(loaded(*EXPRESSION, "--no-check", FORCE_COLOR="1", PYTHONIOENCODING="utf-8"))
    assert not modules & HEAVY


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["-V"],
        ["help"],
        ["help", "reasons"],
        ["help", "--search", "stopped"],
        ["jacobian", "-h"],
        ["functions"],
        ["functions", "tanh"],
        ["samples"],
        ["completion", "zsh"],
        ["x^2", "x=3", "--value"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("colour", [{}, {"FORCE_COLOR": "1", "PYTHONIOENCODING": "utf-8"}])
def test_a_reader_waits_for_no_library(words, colour):
    assert not top(loaded(*words, **colour)) & HEAVY


def test_a_wrong_option_waits_for_no_library():
    assert not top(loaded("x^2", "--wew", "steps", printed=False)) & HEAVY


@pytest.mark.parametrize(
    "words", [["ja"], ["--vi"], ["w*x + b", "w=2", ""], ["@"], ["w*x + si"], ["help", ""]]
)
def test_completion_waits_for_no_library(words):
    assert not top(loaded(*words, _BACKPROP_COMPLETE="fish")) & HEAVY


AT_END = {
    "a handler": "import atexit; atexit.register(print, 'the end')",
    "a thread": (
        "import threading, time;"
        "threading.Thread(target=lambda: (time.sleep(0.2), print('the end'))).start()"
    ),
    "a profiler": "import sys; sys.setprofile(lambda *_: None)",
    "nothing": "pass",
}
"""What may wait for the end of a process."""


@pytest.mark.parametrize("waiting", AT_END)
def test_what_waits_for_the_end_of_the_process_comes_to_its_turn(waiting):
    """The code after ``script`` is reached by its SystemExit, where a tool watches."""
    code = (
        f"{AT_END[waiting]}\nfrom backpropcli.__main__ import script\n"
        "try:\n    script()\nfinally:\n    print('left')"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, "x^2", "x=3", "--quiet"],
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": search_path()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    ends = {"nothing": [], "a profiler": ["left"]}.get(waiting, ["left", "the end"])
    assert done.stdout.split("\n")[:-1] == ["x\t6.0", *ends]


NUMBERS = """
    __main__ api api.formulas api.derivatives api.start
    arithmetics arithmetics.floats arithmetics.floats.arithmetic arithmetics.rules
    calculus calculus.bindings calculus.bindings.items calculus.bindings.point
    calculus.bindings.settle calculus.bindings.texts calculus.bindings.typed
    calculus.bindings.words calculus.choice calculus.forward
    calculus.linearize calculus.lower calculus.lowered calculus.records calculus.sweeps
    cli cli.answer cli.commands cli.commands.gradient cli.screen
    cli.line cli.line.options cli.line.program cli.line.reader cli.line.words
    errors files graph graph.cells graph.graph graph.operations graph.row graph.statics
    language language.builder language.builder.arrays language.builder.calls
    language.builder.expressions language.builder.literals language.builder.scope language.driver
    language.parse language.program language.scanner language.surface language.tables
    modes modes.gradient report report.evaluated report.kinked report.report report.run
"""
"""The modules of the package that numbers alone take."""
SHOWN = f"""
    {NUMBERS} graph.walks language.shortened language.texts
    render report.decimals report.flow report.flow.flow report.needed report.spelled
    report.view
"""
"""Those that a graph takes, as JSON or as a picture."""
PICTURE = f"""
    {SHOWN} report.wholes
    cli.views render.layout render.layout.lines render.layout.numbers render.layout.paint
    render.notices render.results render.results.summary
    render.views render.views.branches render.views.table render.views.tree
"""
STANDARD = {"__future__", "_operator", "gc", "itertools", "math"}
"""What all of these take of the standard library beyond what Python itself has loaded."""


@pytest.mark.parametrize(
    ("option", "most"),
    [
        ("--quiet", NUMBERS),
        ("--json", f"{SHOWN} render.documents render.documents.reports render.json"),
        ("--no-check", PICTURE),
    ],
)
def test_a_run_loads_no_more_than_it_needs(option, most):
    """Each module has to be found and loaded: one more on the way of all runs has to be meant."""
    modules = loaded(*EXPRESSION, option, PYTHONIOENCODING="utf-8")
    own = {name for name in modules if name.startswith("backpropcli.")}
    assert own <= {f"backpropcli.{name}" for name in most.split()}
    assert modules - own <= {"backpropcli"} | STANDARD | bare()


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("words", "more"),
    [
        (["x^2", "x=0.5", "--quiet"], ""),
        (["x^2", "x=(1 + 2)/4", "--quiet"], ""),
        (["sum(x)", "x=[1,2]", "--value"], "graph.arrays calculus.bindings.computed"),
        (["sum(x)", "x=normal(3)", "--value"], "graph.arrays calculus.bindings.draws"),
    ],
)
def test_values_that_may_be_mistakes_load_no_explanations_of_programs(words, more):
    """A value with a sign of ODD is looked at by a module of values alone."""
    own = {name for name in loaded(*words) if name.startswith("backpropcli.")}
    wanted = {f"backpropcli.{name}" for name in ["calculus.bindings.odd", *more.split()]}
    assert own >= wanted
    assert not {name for name in own if name.startswith("backpropcli.language.mistakes")}
    if not more:
        assert own <= wanted | {f"backpropcli.{name}" for name in NUMBERS.split()}


def bare():
    """Return what Python with its site files loads, as it has before any script."""
    code = "import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_each_view_loads_its_own_renderer_only():
    modules = loaded(*EXPRESSION, "--view=graph")
    own = {name for name in modules if name.startswith("backpropcli.render.")}
    assert "backpropcli.render.views.tree" in own
    others = {"steps", "json", "documents", "verdicts", "help", "results", "summary"}
    assert not {part for name in own for part in name.split(".")} & others


@pytest.mark.slow
@pytest.mark.parametrize(
    ("option", "searches"),
    [("--view=backward", False), ("--quiet", False), ("--check", True), ("--json", True)],
)
def test_a_search_for_mends_is_asked_for(option, searches):
    """It may take seconds: a script that pipes a view does not wait for it."""
    modules = loaded("log(1 + exp(x))", "x=1000", option)
    assert ("backpropcli.proof.mends.search" in modules) == searches


def test_a_mistake_loads_what_explains_it():
    done = subprocess.run(
        [sys.executable, "-P", "-S", "-c", PROBE, "x +", "x=1"],
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": search_path()},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    modules = set(done.stderr.split())
    assert "backpropcli.language.mistakes" in modules
    assert not top(modules) & {"typer", "click", "rich", "sympy", "lark"}
