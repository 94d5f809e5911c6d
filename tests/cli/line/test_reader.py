"""The command line: two readers that read alike, and what a shell sees of a run."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

import backpropcli
from backpropcli.__main__ import main
from backpropcli.cli import app as application
from backpropcli.cli.line.options import MODES, VIEWS
from backpropcli.cli.line.reader import read, spelled
from backpropcli.errors import BackpropError
from tests.each import for_each
from tests.reference import validator

GRADIENT = MODES["grad"]
HOME = Path(backpropcli.__file__).resolve().parents[1]
BASE = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join([str(HOME), *sys.path])}
COMMAND = [sys.executable, "-P", "-m", "backpropcli"]
LOSS = ["(w*x + b - y)^2", "w=2", "x=3", "b=1", "y=5"]
POSIX = os.name == "posix"


def backprop(*arguments, stdin="", cwd=None, code=0, **environment):
    """Run the tool; return its (stdout, stderr). It must end with ``code``."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        input=stdin.encode(),
        cwd=cwd,
        capture_output=True,
        check=False,
        env={**BASE, "PYTHONIOENCODING": "utf-8", **environment},
    )
    assert done.returncode == code, done.stderr.decode()
    return done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def here(*arguments, stdin="", cwd=HOME, code=0):
    """Run the tool as ``backprop`` does, but in this process: nothing is about the process."""
    out, error = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(error):
        patch.setattr(sys, "argv", ["backprop", *arguments])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
        patch.chdir(cwd)
        assert main() == code
    return out.buffer.getvalue().decode("utf-8"), error.buffer.getvalue().decode("utf-8")


def started(*arguments, **options):
    """Start the tool as a shell does: it leads a process group of its own."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        env={**BASE, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        **options,
    )


# Two readers


TYPER = typer.main.get_command(application.app)


class Run:
    """Stands in for the command: keeps what typer hands over."""

    def __init__(self):
        self.got = None

    def __call__(self, _name, words, options):
        self.got = (list(words), dict(sorted(options.items())))
        return 0


def by_typer(argv, monkeypatch, command="grad"):
    """Return what typer reads in ``argv``, or its error's class name ("Exit" for help)."""
    run = Run()
    monkeypatch.setattr(application, "run", run)
    try:
        TYPER.main([command, *argv], "backprop", standalone_mode=False)
    except BackpropError as error:
        return error.message
    except Exception as error:  # noqa: BLE001 (each click error, by its kind)
        return type(error).__name__
    return run.got or "Exit"


def quickly(argv, command="grad"):
    """Return what the quick reader reads in ``argv``, in the same form, or None."""
    try:
        found = read(argv, command)
    except BackpropError as error:
        return error.message
    return found and (found[0], dict(sorted(found[1].items())))


def slowly(argv, monkeypatch, command="grad"):
    """Return what typer reads in ``argv`` as the tool hands it over, or an error's name."""
    try:
        given = spelled(argv, command)
    except BackpropError as error:
        return error.message
    return by_typer(given, monkeypatch, command)


def alike(argv, monkeypatch, command="grad"):
    """Hold the quick reader against typer, which is given what the tool would give it."""
    quick = quickly(argv, command)
    slow = slowly(argv, monkeypatch, command)
    if quick is None:
        assert isinstance(slow, str)
    else:
        assert repr(slow) == repr(quick)  # repr: nan equals nan
    return quick, slow


VALUED = [f"--{option.name}" for option in GRADIENT if option.type is not bool]
FLAGS = [f"--{option.name}" for option in GRADIENT if option.type is bool]
NEGATED = [f"--no-{option.name}" for option in GRADIENT if option.negation]
TYPOS = [
    "--jsn",
    "--no-json",
    "--no",
    "--no-",
    "--=",
    "--=x",
    "---",
    "---x",
    "--no-no-check",
    "--JSON",
    "--max_nodes",
    "--js",
    "--check=1",
    "--no-check=",
    "--json=",
    "--view",
]
EXPRESSIONS = [
    "-x^2",
    "-j*x",
    "x",
    "x=1",
    "-x=1",
    "-",
    "@file",
    "-h",
    "-1",
    "",
    " ",
    "=",
    "a=b=c",
    "w*x",
    "−x",
    "√x",
    "-q",
    "-j",
    "-q*x",
    "grad",
    "functions",
    "schema",
    "-v=3",
    "--x",
    "--x=1",
]
VALUES = [
    "",
    "3",
    "-3",
    "w,b",
    "steps",
    "0",
    "1e3",
    "1_0",
    "nan",
    "inf",
    " 5",
    "-",
    "--json",
    "--",
    "-x",
    "a=b",
    "1.0",
    "٣",
    "0x1",
    "True",
    "007",
    "+3",
    "1.",
    "1e400",
    "-0",
    "0.5e-1",
    "--3",
]

words = st.one_of(
    st.sampled_from([*VALUED, *FLAGS, *NEGATED, *TYPOS, *EXPRESSIONS, "--"]),
    st.builds("{}={}".format, st.sampled_from(VALUED), st.sampled_from(VALUES)),
    st.sampled_from(VALUES),
    st.text("-=x1 j", max_size=5),
)


@pytest.mark.slow
@given(st.lists(words, max_size=7))
def test_both_readers_read_any_command_line_alike(argv):
    with pytest.MonkeyPatch.context() as patch:
        alike(argv, patch)


EVERY = {option.name: option for found in MODES.values() for option in found}
more_words = st.one_of(
    words,
    st.sampled_from([f"--{name}" for name in EVERY]),
    st.builds(
        "--{}={}".format,
        st.sampled_from([name for name, option in EVERY.items() if option.type is not bool]),
        st.sampled_from(VALUES),
    ),
)


@pytest.mark.slow
@pytest.mark.parametrize("command", list(MODES))
@given(argv=st.lists(more_words, max_size=6))
def test_both_readers_read_every_command_alike(command, argv):
    with pytest.MonkeyPatch.context() as patch:
        alike(argv, patch, command)


options = st.one_of(
    st.sampled_from([*FLAGS, *NEGATED]).map(lambda word: [word]),
    st.tuples(st.sampled_from(VALUED), st.sampled_from(VALUES)).map(list),
    st.tuples(st.sampled_from(VALUED), st.sampled_from(VALUES)).map(lambda pair: ["=".join(pair)]),
)
positional = st.sampled_from(
    [word for word in EXPRESSIONS if not word.startswith("--") and word not in {"-h", "-q", "-j"}]
)


@pytest.mark.slow
@given(st.lists(st.one_of(options, positional), max_size=7), st.booleans())
def test_typer_alone_reads_the_same(pieces, late):
    """Typer's own order: options, ``--``, the rest. The tool takes them in any order."""
    front = [word for piece in pieces if isinstance(piece, list) for word in piece]
    back = [piece for piece in pieces if isinstance(piece, str)]
    argv = [word for piece in pieces for word in ([piece] if isinstance(piece, str) else piece)]
    if late:
        argv += ["--", *VALUES]
        back += VALUES
    with pytest.MonkeyPatch.context() as patch:
        slow = by_typer([*front, "--", *back], patch)
        quick = quickly(argv)
        if isinstance(quick, str):  # typer alone takes the last of what is given twice
            assert quick == slowly(argv, patch)
            return
        assert repr(slowly(argv, patch)) == repr(slow)
        assert quick is None or repr(quick) == repr(slow)


@for_each(
    "argv, positional, given",
    [
        (["-x^2", "x=3"], ["-x^2", "x=3"], {}),
        (["-j*x", "--json", "j=1", "x=-2"], ["-j*x", "j=1", "x=-2"], {"json": True}),
        (["x", "--view=steps"], ["x"], {"view": "steps"}),
        (["x", "--view", "table", "x=1"], ["x", "x=1"], {"view": "table"}),
        (["--wrt", "a,b", "a*b"], ["a*b"], {"wrt": ["a,b"]}),
        (["--wrt=a,b", "a*b"], ["a*b"], {"wrt": ["a,b"]}),
        (["--no-check", "x"], ["x"], {"check": False}),
        (["--check", "x", "--no-check"], ["x"], {"check": False}),
        (["--bind", "a", "x", "--bind=b"], ["x"], {"bind": ["a", "b"]}),
        (["--wrt", "a,b", "x", "--wrt=c"], ["x"], {"wrt": ["a,b", "c"]}),
        (
            ["x", "--digits", "3", "--check-timeout", ".5"],
            ["x"],
            {"digits": 3, "check_timeout": 0.5},
        ),
        (["x", "--", "--json", "--"], ["x", "--json", "--"], {}),
        (["-", "-x"], ["-", "-x"], {}),
        (["-q", "-q*x"], ["-q*x"], {"quiet": True}),
        (
            ["x", "-v", "steps", "-w", "x", "-j"],
            ["x"],
            {"view": "steps", "wrt": ["x"], "json": True},
        ),
        (["x", "-qj"], ["x", "-qj"], {}),
        (["x", "-w", "-q"], ["x"], {"wrt": ["-q"]}),
        (["x", "--", "-q"], ["x", "-q"], {}),
        ([], [], {}),
    ],
)
def test_what_is_read(argv, positional, given, monkeypatch):
    quick, slow = alike(argv, monkeypatch)
    defaults = {option.key: option.default for option in GRADIENT}
    assert quick == slow == (positional, {**defaults, **given})


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["x", "--jsn"], "did you mean '--json'?"),
        (["x^2", "--wew", "steps"], "did you mean '--view'?"),
        (["x", "--dig", "3"], "did you mean '--digits'?"),
        (["x", "--verbosity"], "'backprop grad -h' lists the options"),
        (["x", "--x", "3"], "a value is written x=3"),
        (["x", "--x=3"], "a value is written x=3\n  backprop x x=3"),
        (["--x", "1", "--y=2", "x*y"], "\n  backprop x=1 y=2 'x*y'"),
        (["x", "x=1", "--precision", "20"], "did you mean '--digits'?"),
        (["x", "x=1", "--seed", "3"], "did you mean '--rng-seed'?"),
        (["x", "x=1", "-view", "steps"], "did you mean '--view'?"),
        (["x", "x=1", "-no-check"], "did you mean '--no-check'?"),
        (["@"], "write @FILE or @SAMPLE"),
        (["nowhere.bp", "x=1"], "@nowhere.bp"),
        (["vjp", "x^2", "x=1", "--with", "z=1"], "the output is x^2"),
        (["x", "-qj"], "short options are written one by one: -q -j"),
        (["hvp", "x", "--view", "steps"], "hvp has no option --view"),
        (["hvp", "x", "--view", "steps"], "an option of grad, jvp, vjp; 'backprop hvp -h'"),
        (["formula", "x", "-v", "steps"], "formula has no option -v"),
        (["formula", "x", "--at-kinks=left"], "its slopes at kinks are the table's"),
        (["hessian", "x", "--dtype", "float16"], "jvp, vjp, hvp; a Hessian is computed in"),
        (["x", "--wrt"], "option '--wrt' requires an argument"),
        (["x", "-w"], "option '--wrt' requires an argument"),
        (["x", "--json=1"], "option '--json' does not take a value"),
        (["x", "--no-json"], "there is no option --no-json"),
        (["x", "--digits", "many"], "invalid value for '--digits'"),
        (["x", "x=1", "--view=stpes"], "did you mean 'steps'?"),
        (["x", "x=1", "--view=z"], ", ".join(VIEWS)),
        (["x", "x=1", "--digits=0"], "--digits is 0"),
        (["x", "x=1", "--digits=1001"], "--digits is 1001"),
        (["x", "x=1", "--max-nodes=-1"], "--max-nodes is -1"),
        (["x", "x=1", "--check-timeout=0"], "--check-timeout is 0"),
        (["x", "x=1", "--check-timeout=nan"], "--check-timeout is nan"),
        (["x", "x=1", "--json", "--quiet"], "--json and --quiet exclude each other"),
        (["x", "x=1", "--wrt="], "--wrt names nothing"),
        (["wx + 1", "wx=1", "--wrt", "wxx"], "did you mean 'wx'?"),
        (["--json"], "there is no expression"),
        (["x=3", "--quiet"], "write one, for instance: backprop 'x^2' x=3"),
        (["x=3", "y=2*pi/3"], "there is no expression"),
        (["f = 'x^2'", "x=3"], "write one, for instance: backprop 'x^2' x=3"),
        (["-", "--bind", "-"], "stdin cannot hold both"),
        (["--bind", "-"], "there is no expression"),
        (["jacobain", "(x, y)", "x=1", "y=1"], "did you mean 'jacobian'?"),
        (["hesian", "x=1"], "did you mean 'hessian'?"),
        (["gradient", "x^2", "x=3"], "did you mean 'grad'?"),
        (["hess", "x^2", "x=3"], "did you mean 'hessian'?"),
        (["derivative", "x^2", "x=3"], "did you mean 'grad'?"),
        (["solve", "x^2 - 2", "x=3"], "there is no command 'solve'"),
        (["--json", "jacobian", "(x, y)", "x=1", "y=1"], "write: backprop jacobian"),
        (["-x", "3"], "a value is written x=3"),
        (["x", "-x", "3"], "there is no option -x"),
        (["functions", "sin", "cos"], "functions does not take 'cos'"),
        (["help", "nowhere"], "there is no help about 'nowhere'"),
        (["help", "--search", "zzz"], "the manual does not have 'zzz'"),
        (["samples", "circiut"], "did you mean 'circuit'?"),
        (["completion"], "which shell?"),
        (["completion", "zhs"], "did you mean 'zsh'?"),
        (["(x*y, x)", "x=1", "y=1", "--cost"], "backprop '(x*y, x)' x=1 y=1 --output 'x*y'"),
        (["(x*y, x)", "x=1", "y=1", "--output", "z"], "there is no output 'z'"),
        (["functions", "sinn"], "did you mean 'sin'?"),
        (["schema", "jacobain"], "did you mean 'jacobian'?"),
        (["schema", "grad", "extra"], "extra"),
        (["@nowhere"], "there is no file 'nowhere'"),
        (["x", "x=1", "--bind", "nowhere"], "there is no file 'nowhere'"),
        (["x", "x=1", "y"], "this is not a value"),
        (["sin", "3"], "write sin(3)"),
        (["atan2", "3", "-1"], "write atan2(3, -1)"),
        (["x", "-1"], "backprop 'x -1'"),
        (["x", "3=x"], "'3' cannot be the name of a variable"),
        (["x", "-qj", "x=1"], "short options are written one by one: -q -j"),
        (["-qj", "x", "x=1"], "short options are written one by one: -q -j"),
        (["jvp", "x", "x=1", "--along", "1"], "write --along x=1"),
        (["help", "views", "--search", "zzz"], "the page views does not have 'zzz'"),
        (["help", "nowhere", "--search", "x"], "the manual has no page 'nowhere'"),
        (["x", "x=1", "x=2"], "x is given twice"),
    ],
)
def test_a_mistake_on_the_command_line(argv, message, tmp_path):
    out, error = here(*argv, cwd=tmp_path, code=2)
    assert not out
    assert message in error
    assert len(error.splitlines()) >= 2, "a mistake comes with a hint"
    assert "Traceback" not in error


# Exit codes, signals, streams


def test_a_result_is_code_0():
    out, error = backprop(*LOSS, "--quiet")
    assert out == "w\t12.0\nx\t8.0\nb\t4.0\ny\t-4.0\n"
    assert not error


def test_grad_is_the_default_command():
    assert backprop("grad", *LOSS, "--json") == backprop(*LOSS, "--json")


def test_nothing_to_read_is_no_expression():
    for stdin in ("", "  \n"):
        assert "there is no expression" in backprop(stdin=stdin, code=2)[1]


@pytest.mark.skipif(not POSIX, reason="terminals as in POSIX")
def test_no_arguments_on_a_terminal_show_the_help():
    assert on_terminal(NO_COLOR="1") == backprop("--help", COLUMNS="100")[0]


@pytest.mark.skipif(not POSIX, reason="signals and pipes as in POSIX")
@pytest.mark.parametrize("option", ["--json", "--quiet", "--no-check", "--help"])
def test_a_closed_pipe_is_code_141_and_silent(option):
    with started(*LOSS, option) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.slow
@pytest.mark.skipif(not POSIX, reason="signals and pipes as in POSIX")
def test_a_reader_that_stops_early_is_code_141(tmp_path):
    program = tmp_path / "long"
    program.write_text("+".join(f"sin({i}*x)" for i in range(20_000)))
    with started(f"@{program}", "x=1", "--json") as process:
        assert process.stdout.readline() == b"{\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.skipif(not POSIX, reason="signals and pipes as in POSIX")
def test_ctrl_c_is_code_130_and_silent(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with started(f"@{pipe}", "x=1") as process:
        with pipe.open("wb"):  # returns when the tool has begun to read
            os.killpg(process.pid, signal.SIGINT)
            process.wait()
        assert process.communicate() == (b"", b"")
    assert process.returncode == 130


@pytest.mark.slow
@pytest.mark.skipif(not POSIX, reason="signals and pipes as in POSIX")
def test_ctrl_c_during_the_proof_leaves_the_view(tmp_path):
    """All processes of the run get the signal, as from a terminal."""
    program = tmp_path / "hard"
    steps = [
        f"h{i} = tanh(w*h{i - 1} + sin(h{i - 1}*b)/{i}) + softplus(h{i - 1}*w)"
        for i in range(1, 60)
    ]
    program.write_text("h0 = x\n" + "\n".join(steps))
    with started(
        f"@{program}", "w=0.3", "b=0.2", "x=0.7", "--check", "--check-timeout=1000"
    ) as process:
        shown = b""
        while b"d/db" not in shown:
            line = process.stdout.readline()
            assert line, "the view comes before the proof"
            shown += line
        os.killpg(process.pid, signal.SIGINT)
        rest, error = process.communicate()
    assert process.returncode == 130
    assert rest.strip() == b""
    assert error == b"the check was interrupted: the result above is not checked\n"


@pytest.mark.slow
@pytest.mark.skipif(not POSIX, reason="terminals as in POSIX")
def test_a_person_gets_a_check_and_a_script_only_on_request():
    assert "\nagrees" in uncoloured(on_terminal(*LOSS))
    assert "\nagrees" not in backprop(*LOSS)[0]
    assert "\nagrees" in backprop(*LOSS, "--check")[0]
    assert "\nagrees" not in uncoloured(on_terminal(*LOSS, "--no-check"))


@pytest.mark.slow
@pytest.mark.skipif(not POSIX, reason="terminals as in POSIX")
def test_a_line_moves_during_the_check_and_is_gone_afterwards(tmp_path):
    """A function that SymPy is busy with for longer than the check may take."""
    program = tmp_path / "hard"
    program.write_text("*".join(f"sin(x + {i}*y)^2" for i in range(40)))
    shown = on_terminal(f"@{program}", "x=1", "y=2", "--check-timeout=1.5", "--max-nodes=3")
    result, wait, rest = shown.partition("checking the derivatives")
    assert wait
    assert "d/dy" in result
    assert shown.count("checking the derivatives") > 1
    last = rest.rpartition("Ctrl-C stops it)")[2]
    assert last.startswith("\r\x1b[K")
    assert "checking" not in last


@pytest.mark.slow
@pytest.mark.skipif(not POSIX, reason="terminals as in POSIX")
def test_nothing_moves_on_a_terminal_that_cannot_draw_a_line_again(tmp_path):
    program = tmp_path / "hard"
    program.write_text("*".join(f"sin(x + {i}*y)^2" for i in range(40)))
    run = [f"@{program}", "x=1", "y=2", "--check-timeout=1.5", "--max-nodes=3"]
    assert "checking" not in on_terminal(*run, TERM="dumb")


def on_terminal(*arguments, **environment):
    """Return what the tool writes to a terminal of 100 columns."""
    import pty
    import struct
    from fcntl import ioctl
    from termios import TIOCSWINSZ

    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    with subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**BASE, "PYTHONIOENCODING": "utf-8", "TERM": "xterm-256color", **environment},
    ):
        os.close(theirs)
        found = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # how a terminal says that nobody writes any more
                piece = b""
            if not piece:
                break
            found += piece
    os.close(ours)
    return found.decode("utf-8").replace("\r\n", "\n")


ESCAPE = "\x1b["


@pytest.mark.slow
@pytest.mark.skipif(not POSIX, reason="terminals as in POSIX")
def test_a_terminal_gets_colour_unless_told_otherwise():
    run = [*LOSS, "--no-check"]
    plain = backprop(*run, COLUMNS="100")[0]
    coloured = on_terminal(*run)
    assert ESCAPE in coloured
    assert uncoloured(coloured) == plain
    assert on_terminal(*run, NO_COLOR="1") == plain
    assert on_terminal(*run, TERM="dumb") == plain
    assert ESCAPE not in on_terminal(*LOSS, "--json")
    assert ESCAPE not in on_terminal(*LOSS, "--quiet")


def test_a_pipe_gets_colour_only_when_forced():
    run = [*LOSS, "--no-check"]
    plain = backprop(*run)[0]
    assert ESCAPE not in plain
    assert backprop(*run, NO_COLOR="1", FORCE_COLOR="1")[0] == plain
    forced = backprop(*run, FORCE_COLOR="1")[0]
    assert ESCAPE in forced
    assert uncoloured(forced) == plain
    assert ESCAPE not in backprop(*LOSS, "--json", FORCE_COLOR="1")[0]


def uncoloured(text):
    """Return ``text`` without its colours, and without blanks at the lines' ends."""
    head, *rest = text.split(ESCAPE)
    plain = head + "".join(part.partition("m")[2] for part in rest)
    return "".join(line.rstrip() + "\n" for line in plain.splitlines())


def test_an_ascii_stream_gets_ascii_guides():
    run = ["sin(x)·π + y/x", "x=2", "y=3", "--no-check"]
    full = backprop(*run)[0]
    done = subprocess.run(
        [*COMMAND, *run],
        env={**BASE, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
    )
    narrow = done.stdout.decode("ascii")
    assert "├─ " in full
    assert "|- " in narrow
    assert "`- " in narrow
    assert "?" not in narrow
    assert len(narrow.splitlines()) == len(full.splitlines())


def test_columns_sets_the_width():
    run = ["+".join(f"sin({i}*x)" for i in range(9)), "x=1", "--no-check"]
    narrow = backprop(*run, COLUMNS="60")[0].splitlines()
    wide = backprop(*run, COLUMNS="150")[0].splitlines()
    assert max(map(len, narrow)) < max(map(len, wide))
    assert backprop(*run, COLUMNS="x") == backprop(*run, COLUMNS="0") == backprop(*run)


# Help, schema


def test_the_version():
    for words in (["--version"], ["-V"], ["version"], ["x^2", "-V"]):
        assert backprop(*words)[0] == f"backprop {backpropcli.__version__}\n"


REPORTS = [
    LOSS,
    [*LOSS, "--check"],
    [*LOSS, "--jsonl", "--wrt", "w"],
    ["z = relu(x) + 0*y; sg(z)*log(x)", "x=0", "y=1"],
    ["1/x + where(x > 0, x, y) + abs(x)", "x=0", "y=nan"],
    ["5"],
    ["x ≤ π", "x=3", "π=4"],
]


@pytest.mark.slow
@pytest.mark.parametrize("run", REPORTS, ids=lambda run: run[0])
def test_the_schema_validates_real_reports(run):
    form = [] if "--jsonl" in run else ["--json"]
    out = here(*run, *form)[0]
    validator("report").validate(json.loads(out, parse_constant=pytest.fail))
    assert len(out.splitlines()) == 1 or form


# Programs and bindings from elsewhere


def test_a_program_from_stdin():
    for words in (["-", "x=3", "--quiet"], ["x=3", "--quiet"], ["x=3", "-", "-q"]):
        assert backprop(*words, stdin="y = x^2\ny + 1\n")[0] == "x\t6.0\n"
    assert backprop("formula", stdin="x^2")[0] == "2*x\n"


def test_a_program_from_a_file(tmp_path):
    (tmp_path / "square").write_text("# bind: x=3\nx^2  # a comment\n")
    assert backprop("@square", "--quiet", cwd=tmp_path)[0] == "x\t6.0\n"


def test_a_mistake_in_a_file_names_file_and_line(tmp_path):
    (tmp_path / "bad").write_text("y = x\ny +\n")
    _, error = here("@bad", "x=1", cwd=tmp_path, code=2)
    assert "bad:2" in error.splitlines()[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("point.json", '{"x": 3, "y": "2*pi/pi"}'),
        ("point.toml", "x = 3\ny = 2.0\n"),
        ("-", '{"x": 3, "y": 2}'),
    ],
)
def test_bindings_from_a_file(name, text, tmp_path):
    if name != "-":
        (tmp_path / name).write_text(text)
    run = ["x^y", "--bind", name, "--quiet", "--digits=4"]
    assert backprop(*run, stdin=text, cwd=tmp_path)[0] == "x\t6\ny\t9.888\n"


def test_the_command_line_wins_over_files_over_comments(tmp_path):
    (tmp_path / "program").write_text("# bind: a=1 b=1 c=1 d=1\na*A + b*B + c*C + d*D\n")
    (tmp_path / "first.json").write_text('{"b": 2, "c": 2, "d": 2, "A": 0, "B": 0, "C": 0}')
    (tmp_path / "second.toml").write_text("c = 3\nd = 3\nD = 0\n")
    out, _ = here(
        "@program",
        "d=4",
        "--bind=first.json",
        "--bind=second.toml",
        "--quiet",
        "--wrt=A,B,C,D",
        cwd=tmp_path,
    )
    assert out == "A\t1.0\nB\t2.0\nC\t3.0\nD\t4.0\n"


def test_a_binding_that_nothing_uses_is_a_warning():
    out, error = backprop("rate*2", "rate=1", "ratee=2", "--quiet")
    assert out == "rate\t2.0\n"
    assert error == "warning: the expression does not use ratee; did you mean 'rate'?\n"


@pytest.mark.parametrize("command", [[], ["jacobian"]])
def test_without_variables_quiet_says_why_it_prints_nothing(command):
    out, error = here(*command, "x = 3; x^2", "--quiet")
    assert (out, error.count("\n")) == ("", 1)
    assert error.startswith("there is no variable")


def test_all_variables_without_a_value_are_told_at_once():
    _, error = here("a*b + c*d", "c=1", code=2)
    assert "a, b, d" in error.splitlines()[0]
    assert "a=... b=... d=..." in error


@for_each(
    "words, command",
    [
        (
            ["np.sin(x)**2", "--claim", "x = np.sin(2*x)"],
            "backprop check 'sin(x)**2' --claim 'x = sin(2*x)'",
        ),
        (
            ["sin(x)**2", "--claim", "x = np.sin(2*x)"],
            "backprop check 'sin(x)**2' --claim 'x = sin(2*x)'",
        ),
        (["sin x", "--claim", "x = cos x"], "backprop check 'sin(x)' --claim 'x = cos(x)'"),
        (["x<y<z", "--claim", "x = 0"], "backprop check 'x<y and y<z' --claim 'x = 0'"),
        (["x && y", "--claim", "x = 0"], "backprop check 'x and y' --claim 'x = 0'"),
        (["x<y<z", "x=1"], "backprop check 'x<y and y<z' x=1 y=... z=..."),
        (["x^2", "--claim", "x == 2*x"], "backprop check 'x^2' --claim 'x = 2*x'"),
        (
            ["z = w^2; L = z*t; dL/dw = 2*w*t; dL/dz = t"],
            "backprop check 'z = w^2; L = z*t' --claim 'dL/dw = 2*w*t; dL/dz = t'",
        ),
        (
            ["z = w^2; L = z*t; ∂L/∂w = 2*w*t", "t=1", "--claim", "w = 3"],
            "backprop check 'z = w^2; L = z*t' t=1 --claim 'w = 3' --claim '∂L/∂w = 2*w*t'",
        ),
        (["L = x^2; dL/dq = 2*x"], ""),
        (["x + y = 3; x = 2*y", "--claim", "df1_dx = 1"], ""),
        (
            ["x + y = 3; 2*x = y^2", "--claim", "df2_dx = 2"],
            "backprop check '(x + y - 3, 2*x - (y^2))' --claim 'df2_dx = 2'",
        ),
        (["sin x", "--claim", "x = 2*foo(x)"], ""),
        (["x^2", "--claim", "x = 2*q"], ""),
    ],
)
def test_a_corrected_command_has_corrected_claims(words, command):
    """A claim needs no values; where it cannot be corrected no command would run."""
    _, error = here("check", *words, code=2)
    assert [line for line in error.splitlines() if line.startswith("  backprop")] == (
        [f"  {command}"] if command else []
    )
    assert command or "fill in" not in error


def test_claims_after_a_program_are_put_to_the_proof_by_check():
    """Whatever command was asked for: only check has claims."""
    _, error = here("grad", "L = x^2*y; dL/dx = 2*x*y", "x=1", "y=2", "--quiet", code=2)
    assert "backprop check 'L = x^2*y' x=1 y=2 --claim 'dL/dx = 2*x*y'" in error


def test_a_name_of_claims_alone_is_defined_in_the_program():
    _, error = here("check", "y = w*x", "--claim", "L = (y - t)^2; dL/dw = 2*x", code=2)
    assert "define it in the program, as in 'y = w*x; L =\n  (y - t)^2'" in error


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (["sin x", "cos x"], "  backprop compare 'sin(x)' 'cos(x)'"),
        (["cos(x)", "x<y<z", "x=1"], "  backprop compare 'cos(x)' 'x<y and y<z' x=1"),
    ],
)
def test_a_corrected_comparison_has_two_corrected_programs(words, command):
    _, error = here("compare", *words, code=2)
    assert command in error.splitlines()
    assert "fill in" not in error


@pytest.mark.parametrize(
    "words",
    [
        ["x^2*y", "x=3", "y=1/2"],
        ["x=3", "x^2*y", "y=1/2"],
        ["x=3", "y=1/2", "x^2*y"],
        ["--wrt=x,y", "x=3", "x^2*y", "y=1/2"],
        ["y=sqrt(1/4)", "x=3", "f = x^2*y"],
        ["f = x^2*y", "x=3", "y=0.5"],
        ["x=3", "y=1/2", "a = x^2; a*y"],
    ],
)
def test_the_expression_may_be_anywhere(words):
    """By hand: d/dx is 2*x*y = 3, and d/dy is x^2 = 9."""
    assert backprop(*words, "--quiet")[0] == "x\t3.0\ny\t9.0\n"


def test_a_value_is_a_constant_expression():
    assert here("x", "x=-2^2 + √4", "--json")[0].count('"value": -2.0') == 2
