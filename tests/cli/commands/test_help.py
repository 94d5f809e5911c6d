"""What a person reads before the first result: help, pages, functions, samples, completion."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from itertools import combinations
from pathlib import Path

import pytest

from backpropcli.__main__ import COMPLETING, dispatch
from backpropcli.cli import manual, screen
from backpropcli.cli.commands import FUNCTIONS
from backpropcli.cli.commands.completion import SCRIPTS
from backpropcli.cli.commands.help import EXAMPLES
from backpropcli.cli.completion import candidates, parted
from backpropcli.cli.line.options import MODES, OPTIONS
from backpropcli.cli.line.usage import ALIASES, COMMANDS
from backpropcli.errors import BackpropError
from backpropcli.files import sample_names
from backpropcli.graph.arrays import LISTED, REDUCED
from backpropcli.graph.arrays import WORDS as WORDS_OF_ARRAYS
from backpropcli.graph.operations import NAMES, ROWS, WORDS
from backpropcli.language.builder.files import HOME as SHIPPED_IN
from backpropcli.language.builder.files import described
from backpropcli.render.help import functions
from tests import manpage
from tests.each import for_each

pytestmark = pytest.mark.usefixtures("here")

HOME = Path(__file__).resolve().parents[3]
PYTHON = re.compile(r"\b(TEXT|INTEGER|FLOAT|None|tuple|str|bool|default:)\b|\[\]")
"""What a program of Python's shows of its types."""


def fits(text):
    return max(map(len, text.splitlines())) <= 80


# Help


def test_every_command_has_options_a_file_and_a_sentence():
    assert {*COMMANDS} == {*OPTIONS} == {*FUNCTIONS}
    assert set(ALIASES.values()) <= set(COMMANDS)
    for command in COMMANDS.values():
        assert command.sentence[0].isupper()
        assert command.sentence[-1] in ".?"


def test_the_first_screen_is_one_screen(backprop):
    printed = backprop("--help")
    assert fits(printed)
    assert len(printed.splitlines()) <= 46
    assert printed.startswith("backprop EXPR NAME=VALUE...")
    for command in COMMANDS.values():
        assert re.search(
            rf"^  {command.name} +{re.escape(command.sentence)}$", printed, re.MULTILINE
        )
    for words in (["-h"], ["help", "backprop"]):
        assert backprop(*words) == printed


@for_each("name", COMMANDS)
def test_help_of_a_command_begins_with_examples(name, backprop):
    printed = backprop(name, "-h")
    assert fits(printed)
    assert printed.splitlines()[2] == "examples"
    for option in OPTIONS[name]:
        assert re.search(rf"^  .*--{option.name}\b", printed, re.MULTILINE), option.name
    assert not PYTHON.search(printed)
    if name not in manual.topics():  # whose page is what is asked for
        assert backprop("help", name) == printed
    assert backprop("--help", name) == backprop("help", name)
    assert backprop(name, "x", "--help") == printed


def test_all_commands_have_their_options_in_one_order():
    for one, other in combinations(MODES.values(), 2):
        assert [option for option in one if option in other] == [
            option for option in other if option in one
        ]


EVERY = [words for words, _ in EXAMPLES] + [
    f"{command.name} {words}" for command in COMMANDS.values() for words, _ in command.examples
]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("typed", EVERY)
def test_an_example_runs(typed, backprop):
    words = shlex.split(re.split(" >>? ", typed)[0])
    assert backprop(*words)


# The manual


def test_help_lists_the_pages_a_line_each(backprop):
    printed = backprop("help")
    assert fits(printed)
    for topic in manual.topics():
        title = manual.title(topic)
        assert re.search(rf"^  {topic} +{re.escape(title)}$", printed, re.MULTILINE)


@for_each("topic", manual.topics())
def test_a_page_is_plain_in_a_pipe(topic, backprop):
    text = (HOME / "backpropcli" / "manual" / f"{topic}.md").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert backprop("help", topic) == text


@pytest.mark.parametrize("pager", ["less '", "", "no-such-pager"])
def test_without_a_pager_that_runs_all_is_written(pager, monkeypatch, capfd):
    monkeypatch.setattr(screen, "is_piped", lambda _: False)
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((80, 2)))
    monkeypatch.setenv("PAGER", pager)
    screen.turn("a\nb\nc\n")
    assert capfd.readouterr().out == "a\nb\nc\n"


def test_a_page_is_rendered_in_colour_without_its_marks():
    from backpropcli.render.help.manual import rendered

    shown = rendered("# Why\n\nA **word** and `code`.\n\n```console\n$ backprop x\n```\n", 40)
    assert "\x1b[1m" in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert plain.rstrip("\n") == "Why\n\nA word and code.\n\n  $ backprop x"


def test_a_long_command_of_a_page_is_shown_whole():
    from backpropcli.render.help.manual import rendered

    shown = rendered("# A\n\n```console\n$ backprop 'a + b' a=1 b=2\nx\n```\n", 24)
    assert shown.endswith("\n  $ backprop 'a + b' a=1\n      b=2\n  x\n")
    wide = rendered(f"# A\n\n```console\n$ backprop x\n{'x' * 24}\n```\n", 24)
    assert wide.endswith(f"\n$ backprop x\n{'x' * 24}\n")


def test_a_search_finds_beginnings_of_words(backprop):
    found = backprop("help", "--search", "KL")
    assert "kl" in found
    assert "Pickles" not in found
    assert "`" not in found


def test_the_manual_is_searched(backprop):
    printed = backprop("help", "--search", "STOPPED")
    assert "backprop help reasons" in printed
    assert "backprop functions sg" in printed
    assert fits(printed)


def test_only_lines_with_the_word_are_found_as_they_stand(backprop):
    """The tree of the page on views has its columns where they stand on the page."""
    printed = backprop("help", "--search", "kink")
    entries = re.split(r"\n(?! {4}\S)", printed)
    entries = [entry for entry in entries if entry.startswith("  ")]
    assert len(entries) > 5
    assert all("kink" in " ".join(entry.split()).lower() for entry in entries)
    head = "value ↑     local  gradient ↓"
    assert head in manual.text("views")
    assert head in backprop("help", "views", "--search", "gradient")
    assert "backprop help kinks" not in backprop("help", "views", "--search", "gradient")


def test_help_about_a_function_is_what_functions_says(backprop):
    assert backprop("help", "tanh") == backprop("functions", "tanh")


# Functions


def test_functions_are_in_groups_with_aliases_and_without_helpers(backprop):
    printed = backprop("functions")
    assert fits(printed)
    for heading in functions.FIRST.values():
        assert f"\n{heading}\n" in f"\n{printed}"
    for row in WORDS:
        assert f"\n  {functions.shown(row)} " in printed
    text = " ".join(printed.split())
    for row in WORDS:
        assert not row.aliases or f"(also {', '.join(row.aliases)})" in text
    for row in ROWS:
        assert not row.helper or f"\n  {row.name}(" not in printed
    for row in LISTED:
        assert f"\n  {functions.shown(row)} " in printed
        assert not row.aliases or f"(also {', '.join(row.aliases)})" in text
    for head, doc, _ in described().values():
        assert f"\n  {head} " in printed
        assert doc in text
    assert set(functions.FIRST) <= {row.name for row in (*ROWS, *LISTED)}


@for_each("name", [*WORDS_OF_ARRAYS, *REDUCED, *SHIPPED_IN])
def test_a_function_of_arrays_is_explained(name, backprop):
    printed = backprop("functions", name)
    assert fits(printed)
    assert ": " in printed
    assert not printed.startswith("\n")
    assert backprop("help", name) == printed


@for_each("name", NAMES)
def test_a_function_begins_with_its_derivative(name, backprop):
    printed = backprop("functions", name)
    assert printed.startswith("d/d")
    words = set(re.findall(r"\w+", printed.partition("\n\n")[0]))
    assert not words & {"out", *(row.name for row in ROWS if row.helper)}


def test_the_mathematics_of_a_function(backprop):
    assert backprop("functions", "tanh").startswith("d/dx tanh(x) = 1 - tanh(x)^2\n")
    assert backprop("functions", "relu").startswith("d/dx relu(x) = 1 where x > 0, else 0\n")
    assert "= 1 where x > 0 and x < 6, else 0\n" in backprop("functions", "relu6")
    assert backprop("functions", "*").startswith("d/dx (x * y) = y\nd/dy (x * y) = x\n")
    assert "also called arctan\n" in backprop("functions", "arctan")


# Samples


def test_samples_are_listed_a_line_each_and_printed(backprop):
    printed = backprop("samples")
    assert fits(printed)
    assert sample_names() == sorted(path.stem for path in (HOME / "samples").glob("*.bp"))
    for name in sample_names():
        assert re.search(rf"^  {name} +\S", printed, re.MULTILINE)
        text = (HOME / "samples" / f"{name}.bp").read_text(encoding="utf-8")
        assert backprop("samples", name) == text


def test_a_sample_is_found_from_anywhere_unless_a_file_has_its_name(tmp_path, capsys, monkeypatch):
    """CS231n has -4, -4 and 3 for the circuit."""
    monkeypatch.chdir(tmp_path)
    dispatch(["@circuit", "-q"])
    dispatch(["@circuit.bp", "z=10", "-q"])
    dispatch(["@switch", "--value", "--digits=3"])  # which reads another file beside it
    (tmp_path / "circuit").write_text("a^2  # bind:\n")
    dispatch(["@circuit", "a=3", "-q"])
    printed = capsys.readouterr().out.splitlines()
    assert printed[:6] == ["x\t-4.0", "y\t-4.0", "z\t3.0", "x\t10.0", "y\t10.0", "z\t3.0"]
    assert printed[7:] == ["a\t6.0"]
    with pytest.raises(BackpropError, match="there is no file 'circiut'") as caught:
        dispatch(["@circiut"])
    assert caught.value.hint == "did you mean '@circuit'?"


# The manual page


def test_the_manual_page_is_current():
    """If it is not: python -m tests.manpage."""
    assert manpage.PAGE.read_text(encoding="utf-8") == manpage.page()


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")
def test_man_has_no_complaints():
    done = subprocess.run(
        ["man", "--warnings", "-l", str(manpage.PAGE)],
        env={"PATH": os.environ["PATH"], "MANWIDTH": "80", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not done.stderr
    assert "backprop '(w*x + b - y)^2' w=2 x=3 b=1 y=5" in done.stdout


# Completion


@for_each(
    "words, current, expected",
    [
        ([], "ja", ["jacobian"]),
        ([], "hes", ["hessian"]),
        (["w*x + b", "w=2"], "", ["x=", "b="]),
        (["w=2", "w*x + b"], "x", ["x="]),
        (["x", "--quiet"], "--qu", []),
        (["x"], "--check-", ["--check-timeout"]),
        (["x"], "--no", ["--no-check"]),
        (["hvp", "x"], "--vi", []),
        (["x", "--view"], "st", ["steps"]),
        (
            ["x", "-v"],
            "",
            ["all", "graph", "forward", "backward", "steps", "table", "flow", "shapes"],
        ),
        (["jvp", "x", "-v"], "t", ["table"]),
        (["x"], "--view=ta", ["--view=table"]),
        (["jacobian", "x", "--mode"], "", ["auto", "forward", "reverse"]),
        (["x", "--from"], "", ["latex"]),
        (["w*x", "--wrt"], "w,", ["w,x"]),
        (["z = w*x; z^2", "-w"], "z", ["z"]),
        (["jvp", "w*x", "--along"], "w=1,", ["w=1,x="]),
        (["vjp", "a = x; b = y; (a, b)", "--with"], "", ["a=", "b="]),
        (["a = x; b = y; (a, b)", "--output"], "", ["a", "b"]),
        (["def f(x) = x^2; f(y)", "--open"], "", ["all", "f"]),
        (["taylor", "w*x", "--in"], "", ["w", "x"]),
        ([], "w*x + sinh", ["w*x + sinh("]),
        ([], "tanh", ["tanh("]),
        (["x*y"], "si", []),
        ([], "@circ", ["@circuit"]),
        ([], "@samples/circ", ["@samples/circuit.bp"]),
        ([], "@samp", ["@samples/"]),
        (["@circuit"], "", ["x=", "y=", "z="]),
        (["x", "--bind"], "READ", ["README.md"]),
        (["functions"], "arc", []),
        (["functions"], "atanh", ["atanh"]),
        (["help"], "reas", ["reasons"]),
        (["help"], "jaco", ["jacobian"]),
        (["samples"], "circ", ["circuit"]),
        (["completion"], "", ["bash", "zsh", "fish"]),
        (["schema"], "hes", ["hessian"]),
        (["x +"], "", []),
        (["@nowhere"], "", []),
    ],
)
def test_what_completes(words, current, expected, monkeypatch):
    monkeypatch.chdir(HOME)
    assert [word for word, _ in candidates(words, current)] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("backprop ja", (["backprop"], "ja", "")),
        ("backprop 'w*x' ", (["backprop", "w*x"], "", "")),
        ("backprop 'w*x + si", (["backprop"], "w*x + si", "'")),
        ('backprop "a b" x\\ y', (["backprop", "a b"], "x y", "")),
    ],
)
def test_how_bash_s_line_is_read(line, expected):
    assert parted(line) == expected


def shell_completes(line, replaced, capsys, monkeypatch):
    monkeypatch.setenv(COMPLETING, "bash")
    dispatch([line, replaced])
    return capsys.readouterr().out.splitlines()


def test_bash_gets_what_it_replaces(capsys, monkeypatch):
    given = (capsys, monkeypatch)
    assert shell_completes("backprop --view=st", "st", *given) == ["steps"]
    assert shell_completes("backprop 'w*x + tanh", "w*x + tanh", *given) == [
        "w*x + tanh(",
        "w*x + tanh(x)",
    ]
    assert shell_completes("backprop tanh", "tanh", *given) == ["tanh\\("]
    assert shell_completes("backprop '(x*y, x)' --output ", "", *given) == ["'x*y'", "x"]


@pytest.mark.parametrize("shell", SCRIPTS)
def test_a_script_is_what_its_shell_understands(shell, backprop):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = backprop("completion", shell)
    done = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


ASKED = """
backprop() { print -r -- $'x=\\tvariable\\nyy=\\tvariable\\nhelp\\tpages' }
compdef() { }
compadd() { print -r -- "${*[-1]}" "${(P@)*[-1]}" }
words=(backprop 'x*yy' '') CURRENT=3 PREFIX=
eval "$(cat)"
_backprop
"""


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_offers_variables_in_their_order(backprop):
    """The order is that of the tool's answer; what compadd gets in a group it leaves in order."""
    script = backprop("completion", "zsh")
    done = subprocess.run(
        ["zsh", "-f", "-c", ASKED], input=script, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["closed help", "open x= yy="]
    assert "-V open" in script
