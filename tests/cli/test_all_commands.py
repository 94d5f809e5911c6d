"""All commands with all views and formats: none ends otherwise than it says, whatever the names."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random

import pytest

from backpropcli.cli.line.options import MODES, VIEWS
from tests.benchmarks.fuzz import acts_on_nothing, fault, run
from tests.drawn import AWKWARD, Drawn, write_files
from tests.each import for_each
from tests.reference import OF_ARRAYS

SAMPLES = sorted((Path(__file__).resolve().parents[2] / "samples").glob("*.bp"))
SEVERAL = {"arm"}
"""The samples with several outputs."""
FORMATS = (["--json"], ["--jsonl"], ["--quiet"])
IN_VIEWS = tuple([f"--view={view}"] for view in VIEWS)
FORMS = {
    "grad": (*IN_VIEWS, ["--open=all"], ["--cost"], ["--max-nodes=2"], *FORMATS),
    "jacobian": ([], ["--mode=forward"], ["--mode=reverse"], ["--max-nodes=2"], *FORMATS),
    "jvp": (*IN_VIEWS, *FORMATS),
    "vjp": (*IN_VIEWS, *FORMATS),
    "hessian": ([], ["--max-nodes=2"], *FORMATS),
    "hvp": ([], *FORMATS),
    "taylor": (["--order=2"], *FORMATS),
    "formula": (
        *([], ["--nodes"], ["--latex"], ["--nodes", "--latex"], ["--latex-steps"], ["--cost"]),
        *(["--json", "--nodes", "--latex", "--cost"], ["--jsonl"]),
    ),
}


LARGE = {"multi-head-attention", "transformer-block"}
"""Samples of arrays that ``attention`` stands for where samples of a kind take turns."""
OF_ONE = (
    "--cost",
    "--kinks",
    "--open",
    "--full",
    *(f"--view={view}" for view in VIEWS if view != "all"),
)


def drawing(seed):
    """Return what draws the same at each run."""
    return Random(f"commands.{seed}")  # noqa: S311 (no secret)


def command_lines(words, name, output):
    """Yield a command line for every form of every command, along and in the variable ``name``."""
    needed = {
        "jvp": [f"--along={name}=1"],
        "hvp": [f"--along={name}=1"],
        "vjp": [f"--with={output}=1"],
        "taylor": [f"--in={name}"],
    }
    for command, shown in FORMS.items():
        checked = ["--no-check"] if command != "formula" else []
        for form in shown:
            yield [command, *words, *form, *needed.get(command, ()), *checked]


@pytest.fixture(autouse=True)
def _screen(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")


def test_every_command_has_its_forms():
    own = {"check", "compare"}  # their answers are verdicts: they have tests of their own
    assert set(FORMS) == set(MODES) - own


def kind_of(path):
    """Return what decides how a sample is shown."""
    if path.stem in OF_ARRAYS | SEVERAL:
        return path.stem in SEVERAL
    text = path.read_text(encoding="utf-8")
    return next((word for word in ("def ", "sg(", "where(", "max(") if word in text), "")


@pytest.mark.slow
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_kind_of_sample_in_every_form(path, times):
    """The samples of a kind take turns; ``pytest --times=2`` shows each in all forms."""
    _, out, _ = run(["jacobian", f"@{path}", "--json", "--no-check"])
    found = json.loads(out)
    several = len(found["outputs"]) > 1
    assert several == (path.stem in SEVERAL)
    of_arrays = path.stem in OF_ARRAYS
    every = [*command_lines([f"@{path}"], found["variables"][0], found["outputs"][0])]
    if times == 1:
        alike = [
            other
            for other in SAMPLES
            if kind_of(other) == kind_of(path) and other.stem not in LARGE
        ]
        turn = alike[::-1].index(path) if path in alike else len(every)
        every = every[turn :: len(alike)]
    for argv in every:
        code, out, told = run(argv)
        assert fault(argv, code, out, told) == ""
        of_one = any(word.startswith(OF_ONE) for word in argv)  # a tree is of one output
        only_one = several and argv[0] == "grad" and of_one
        of_numbers = of_arrays and argv[0] == "formula" and "--latex-steps" in argv
        assert code == 2 * bool(only_one or of_numbers), (argv, told)
        assert bool(out) != bool(only_one or of_numbers), argv


def named(names):
    """Return the words of one program under four names: of variables, of a step, of a function."""
    one, other, step, function = names
    lines = (
        f"def {function}(t) = t^2 + t",
        f"{step} = {function}({one})*{other}",
        f"sin({step}) + {step}*{one}",
    )
    return ["; ".join(lines), f"{one}=0.7", f"{other}=1.3"]


def numbers(text):
    """Return the numbers at the ends of the lines of ``text``."""
    return [line.rpartition("\t")[2] for line in text.splitlines()]


PLAIN = ("p", "q", "r", "s")


ALIKE = ("--max-nodes=2", "--mode=forward", "--mode=reverse", "--jsonl")
"""Forms with the names of another form: the whole tree, the other mode, and --json."""


def forms(names):
    """Return a command line for every form that writes names in a way of its own."""
    lines = command_lines(named(names), names[0], title(names))
    return [argv for argv in lines if not set(argv).intersection(ALIKE)]


@cache
def under_plain_names():
    return [run(argv) for argv in forms(PLAIN)]


def fours():
    """Return the awkward names in fours, each of them twice and in another place."""
    shuffled = [drawing(seed).sample(AWKWARD, len(AWKWARD)) for seed in range(2)]
    return [names[at : at + 4] for names in shuffled for at in range(0, len(names) - 3, 4)]


@pytest.mark.slow
@pytest.mark.parametrize("names", fours(), ids=" ".join)
def test_names_change_no_number(names):
    """A program says the same under any names; it is compared with itself under plain ones."""
    for argv, (code, expected, _) in zip(forms(names), under_plain_names(), strict=True):
        found, out, told = run(argv)
        assert fault(argv, found, out, told) == ""
        assert (found, code) == (0, 0), (argv, told)
        if "--quiet" in argv:
            assert numbers(out) == numbers(expected), argv


def title(names):
    """Return the program's output as it is written, which is its name."""
    return f"sin({names[2]})+{names[2]}*{names[0]}"


@pytest.mark.parametrize("text", ["L*out*out_", "L*out*out_2*out_", "z1*z2*L*out", "S*L*out*z1"])
def test_names_that_the_board_would_take(text):
    """The output is L on the board, or what is free: here the user has both L and out."""
    names = text.split("*")
    bound = [f"{name}={value}" for value, name in enumerate(names, 2)]
    for argv in (
        ["grad", text, *bound, "--view=steps", "--no-check"],
        ["formula", text, *bound, "--latex-steps"],
    ):
        code, out, told = run(argv)
        assert fault(argv, code, out, told) == ""
        assert code == 0
    code, out, _ = run([text, *bound, "--view=steps", "--no-check"])
    steps = [
        line.partition(" = ")[0].partition(". ")[2] for line in out.splitlines() if ". " in line
    ]
    assert len({*steps, *names}) == len(steps) + len(names), "each step has a name of its own"


def everything(count, first, folder, monkeypatch):
    """Run ``count`` drawn command lines from number ``first`` on; return their exit codes."""
    write_files(folder)
    monkeypatch.chdir(folder)
    codes = set()
    for number in range(first, first + count):
        argv = Drawn(drawing(number)).command_line()
        if not any("check-timeout" in word or "simplify" in word for word in argv):
            code, out, told = run(argv)
            assert fault(argv, code, out, told) == "", argv
            codes.add(code)
    return codes


@pytest.mark.slow
@pytest.mark.parametrize("part", range(3))
def test_drawn_command_lines(part, times, tmp_path, monkeypatch):
    """The benchmark named fuzz draws any number of them."""
    assert everything(80 * times, 1000 * part, tmp_path, monkeypatch) >= {0, 2}


@for_each("text", ["a\x1b[31mb", "a\x9bb", "a\rb", "a\u202eb", "a\udcffb", "a\x7fb"])
def test_what_acts_on_a_terminal_is_told_apart(text):
    """Held here, since the checks above rest on it."""
    assert not acts_on_nothing(text)
    assert acts_on_nothing("é ├─ 2\n")
