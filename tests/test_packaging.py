"""The package as users get it: built, installed in a fresh environment, run from elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("build")
pytestmark = pytest.mark.slow

HOME = Path(__file__).resolve().parents[1]
PARTS = (
    "backpropcli",
    "grammar",
    "samples",
    "tests",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
)
MAIN = ("(w*x + b - y)^2", "w=2", "x=3", "b=1", "y=5")


def environment(**more):
    """Return a plain environment: nothing of this checkout can be imported through it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return kept | {
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONUTF8": "1",
        "SOURCE_DATE_EPOCH": "1700000000",
        "COLUMNS": "80",
        **more,
    }


def run(*words, **options):
    done = subprocess.run(
        list(map(str, words)),
        check=False,
        encoding="utf-8",
        timeout=120,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **{"env": environment(), **options},
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build in a copy of the tree, without the network: return the wheel and the sdist."""
    room = tmp_path_factory.mktemp("build")
    tree = room / "tree"
    tree.mkdir()
    leave = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
    for part in PARTS:
        source = HOME / part
        if source.is_dir():
            shutil.copytree(source, tree / part, ignore=leave)
        else:
            shutil.copy(source, tree / part)
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", room / "dist", tree, cwd=room)
    [wheel] = (room / "dist").glob("*.whl")
    [sdist] = (room / "dist").glob("*.tar.gz")
    return wheel, sdist


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """Install the wheel in a fresh environment that sees this one's dependencies, not its package.

    Returns the directory of the commands.
    """
    room = tmp_path_factory.mktemp("venv")
    venv.create(room, with_pip=False, symlinks=os.name != "nt")
    scripts = room / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / Path(sys.executable).name
    if not python.exists():
        python = scripts / "python"
    wheel, _ = built
    install = ["-m", "pip", "--python", python, "install", "--no-deps", "--no-compile"]
    run(sys.executable, *install, wheel)
    own = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    needed = ("lark", "mpmath", "numpy", "rich", "sympy", "typer")
    places = sorted({str(Path(find_spec(name).origin).parents[1]) for name in needed})
    (Path(own) / "dependencies.pth").write_text("\n".join(places) + "\n", encoding="utf-8")
    found = run(python, "-c", "import backpropcli; print(backpropcli.__file__)", cwd="/").strip()
    assert Path(found).is_relative_to(room)
    return scripts


def test_the_wheel_holds_the_grammar_and_nothing_but_the_package(built):
    wheel, _ = built
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        grammar = archive.read("backpropcli/_grammar/expression.lark").decode("utf-8")
    assert grammar == (HOME / "grammar/expression.lark").read_text(encoding="utf-8")
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"backpropcli"}
    modules = {path.relative_to(HOME).as_posix() for path in (HOME / "backpropcli").rglob("*.py")}
    assert modules | {"backpropcli/py.typed"} <= names
    samples = {
        f"backpropcli/_{path.relative_to(HOME).as_posix()}"
        for path in (HOME / "samples").rglob("*.bp")
    }
    pages = {
        path.relative_to(HOME).as_posix() for path in (HOME / "backpropcli/manual").glob("*.md")
    }
    assert samples | pages <= names
    assert [name for name in names if name.endswith(".data/data/share/man/man1/backprop.1")]
    assert not [name for name in names if name.endswith(".pyc")]


def test_the_sdist_holds_what_the_tests_need(built):
    _, sdist = built
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "grammar/expression.lark",
        "samples/linear-loss.bp",
        "tests/conftest.py",
        "tests/test_packaging.py",
        "tests/golden/samples/linear-loss.all.txt",
        "backpropcli/__init__.py",
    } <= names
    assert not [name for name in names if name.endswith(".pyc")]


def test_the_wheel_says_what_it_is(built):
    wheel, _ = built
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = archive.read(name).decode("utf-8")
        [name] = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        commands = archive.read(name).decode("utf-8")
    assert "Name: backpropcli\n" in metadata
    assert "License-Expression: MIT\n" in metadata
    assert "Requires-Python: >=3.11\n" in metadata
    assert "# backprop\n" in metadata
    assert "backprop = backpropcli.__main__:script" in commands


@pytest.mark.parametrize("command", ["backprop", "backpropcli"])
def test_the_main_example_runs_from_anywhere(installed, command):
    printed = run(installed / command, *MAIN, "--check", cwd="/", env=environment(NO_COLOR="1"))
    assert (
        "(w*x + b - y)^2 = 4\n    d/dw  12\n    d/dx   8\n    d/db   4\n    d/dy  -4\n" in printed
    )
    assert "\nagrees" in printed


def test_what_there_is_to_read_is_there_too(installed):
    def backprop(*words):
        return run(installed / "backprop", *words, cwd="/")

    assert backprop("functions", "sin").startswith("d/dx sin(x) = cos(x)\n")
    assert backprop("--version").startswith("backprop ")
    assert "EXPR" in backprop("grad", "--help")
    assert backprop("help", "reasons").startswith("# ")
    assert "\n  circuit " in backprop("samples")
    assert backprop("@circuit", "--quiet") == "x\t-4.0\ny\t-4.0\nz\t3.0\n"
    assert backprop("@switch", "--value")  # which reads a file beside it
    assert "complete -c backprop" in backprop("completion", "fish")


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")
def test_the_manual_page_is_found(installed):
    """Man looks beside the directories of commands: in ../share/man."""
    paths = os.pathsep.join([str(installed), os.environ.get("PATH", "")])
    shown = run("man", "-w", "backprop", cwd="/", env=environment(PATH=paths))
    assert shown.strip() == str(installed.parent / "share" / "man" / "man1" / "backprop.1")


def test_colour_works_there_too(installed):
    plain = run(installed / "backprop", *MAIN, "--no-check", cwd="/", env=environment(NO_COLOR="1"))
    printed = run(
        installed / "backprop",
        *MAIN,
        "--view",
        "all",
        "--no-check",
        cwd="/",
        env=environment(FORCE_COLOR="1", TERM="xterm-256color"),
    )
    assert "\x1b[" in printed
    from rich.text import Text

    stripped = Text.from_ansi(printed).plain
    assert [line.rstrip() for line in stripped.splitlines()] == plain.splitlines()


def test_the_library_works_there_too(installed):
    code = "import backpropcli as bp; print(bp.gradient('w*x', w=2, x=3).gradient, bp.__all__[0])"
    printed = run(installed / "python", "-c", code, cwd="/")
    assert printed == "{'w': 3.0, 'x': 2.0} BackpropError\n"


def test_the_grammar_inside_the_wheel_is_found(installed):
    code = "from backpropcli.language.grammar import grammar_text; print(len(grammar_text()))"
    text = (HOME / "grammar/expression.lark").read_text(encoding="utf-8")
    assert run(installed / "python", "-c", code, cwd="/") == f"{len(text)}\n"
