"""The library: its examples, its errors, what it imports, and that its types are seen."""

from __future__ import annotations

import doctest
import inspect
import json
import os
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import backpropcli
from backpropcli import BackpropError, SourceError, api, trust
from tests.each import for_each

pytestmark = pytest.mark.usefixtures("here")

HOME = Path(__file__).resolve().parents[1]
FUNCTIONS = [name for name in backpropcli.__all__ if not name.endswith("Error")]
ROSENBROCK = "(1 - x)^2 + 100*(y - x^2)^2"
PRINTED = {
    "gradient": ("grad", {}, []),
    "jacobian": ("jacobian", {}, []),
    "hessian": ("hessian", {}, []),
    "jvp": ("jvp", {"along": {"x": 1, "y": "1/2"}}, ["--along", "x=1,y=1/2"]),
    "vjp": ("vjp", {"weights": {ROSENBROCK: 2}}, ["--with", f"{ROSENBROCK}=2"]),
    "hvp": ("hvp", {"along": {"x": 1, "y": 0.5}}, ["--along", "x=1,y=1/2"]),
    "taylor": ("taylor", {"by": "x", "order": 3}, ["--in", "x", "--order", "3"]),
}
"""For each function: its command, and the same question to both."""


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_example_of_each_function_holds(name):
    function = getattr(backpropcli, name)
    home = inspect.getmodule(function)
    [found] = doctest.DocTestFinder(recurse=False).find(function, name, home)
    assert len(found.examples) > 1
    told = []
    assert doctest.DocTestRunner().run(found, out=told.append).failed == 0, "".join(told)


def test_every_function_of_the_library_is_a_name_of_the_package():
    own = {
        name: item
        for home in (api, trust)
        for name, item in vars(home).items()
        if inspect.isfunction(item) and item.__module__.startswith(home.__name__) and name[0] != "_"
    }
    assert sorted([*own, "assert_gradient"]) == FUNCTIONS
    assert set(backpropcli.__all__) <= set(dir(backpropcli))
    for item in own.values():
        assert inspect.signature(item).return_annotation is not inspect.Signature.empty


@pytest.mark.parametrize("name", PRINTED)
def test_a_function_returns_what_its_command_prints(name, backprop):
    """The command's JSON and bare numbers, of the same question."""
    command, options, words = PRINTED[name]
    found = getattr(backpropcli, name)(ROSENBROCK, x=1.5, y=0.25, **options)
    asked = (command, ROSENBROCK, "x=1.5", "y=0.25", *words)
    document = json.loads(backprop(*asked, "--json"))
    facts = found.as_dict()
    assert {key: document[key] for key in facts} == json.loads(json.dumps(facts))
    if name == "gradient":
        assert (facts["value"], facts["gradient"]) == (found.value, found.gradient)
        return
    lines = ["\t".join([*names, repr(value)]) for names, value in found.rows()]
    assert backprop(*asked, "--quiet").splitlines() == lines


@pytest.mark.slow
@pytest.mark.parametrize("name", PRINTED)
def test_the_verdict_on_a_result_is_the_commands(name, backprop):
    command, options, words = PRINTED[name]
    found = getattr(backpropcli, name)(ROSENBROCK, x=1.5, y=0.25, **options)
    asked = (command, ROSENBROCK, "x=1.5", "y=0.25", *words)
    printed = json.loads(backprop(*asked, "--json", "--check"))["check"]
    said = backpropcli.verdict(found)
    assert said.verdict == printed["verdict"] == "agrees"
    truths = {derivative: facts["backprop"] for derivative, facts in printed["gradient"].items()}
    assert {entry.name: entry.truth for entry in said.entries} == truths


@for_each("half", [0.5, "1/2", "0.5", " sin(pi/6) ", Fraction(1, 2), Decimal("0.5")])
def test_a_value_is_a_number_or_a_constant_expression(half):
    assert backpropcli.gradient("3*x^2", x=half).gradient == pytest.approx({"x": 3.0}, rel=1e-15)


@pytest.mark.slow
def test_a_value_stays_as_it_was_typed():
    """1/10 + 2/10 is 3/10, and three thirds are 1, though their doubles are not."""
    assert backpropcli.check("x - 0.3", x="0.1 + 0.2").value_typed == "0.0"
    assert backpropcli.check("3*x - 1", x=Fraction(1, 3)).value_typed == "0.0"
    assert float(backpropcli.check("x - 0.3", x=0.1 + 0.2).value_typed) == pytest.approx(4e-17)


def test_a_numpy_number_is_a_number():
    for kind in (np.float64, np.float32, np.int64, np.array):
        found = backpropcli.value("x + 1", x=kind(2))
        assert found == 3
        assert type(found) is float


class Foreign:
    """An array of another library: NumPy can look at it, and that is all."""

    shape = (2,)

    def __init__(self, refusal=""):
        self.refusal = refusal

    def __array__(self, dtype=None, copy=None):
        if self.refusal:
            raise RuntimeError(self.refusal)
        return np.array([0.5, 2], dtype=dtype)


@for_each(
    "w",
    [[0.5, 2], (0.5, 2), ["1/2", 2], [np.float64(0.5), np.int64(2)], np.array([0.5, 2]),
     [np.array(0.5), np.array(2)], Foreign(), "[1/2, 2]"],
)  # fmt: skip
def test_arrays_go_in_and_come_out(w):
    """By hand: the value is 1*0.5 + 2*2 = 4.5 and 3*0.5 + 4*2 = 9.5; their sum has slope X.T@1."""
    matrix = np.array([[1, 2], [3, 4]])
    assert backpropcli.value("X@w", X=matrix, w=w).tolist() == [4.5, 9.5]
    found = backpropcli.gradient("sum(X@w)", X=matrix, w=w)
    assert found.value == 14
    assert found.gradient["w"].tolist() == [4, 6]
    assert found.gradient["X"].tolist() == [[0.5, 2], [0.5, 2]]
    assert found.bindings["w"].dtype == np.float64


def test_an_array_is_not_written_to_and_not_copied():
    w = np.array([0.5, 2.0])
    found = backpropcli.gradient("sum(w*w)", w=w)
    assert np.shares_memory(found.bindings["w"], w)
    assert w.tolist() == [0.5, 2]
    assert not found.bindings["w"].flags.writeable
    assert w.flags.writeable


def test_arrays_in_single_precision_stay_so_where_all_are():
    single, double = np.ones(2, dtype=np.float32), np.ones(2)
    found = backpropcli.gradient("sum(x*y)", x=single, y=single * 2)
    assert found.bindings["x"].dtype == np.float32
    assert found.warnings == []
    found = backpropcli.gradient("sum(x*y)", x=single, y=double)
    assert found.bindings["x"].dtype == np.float64
    assert [line.partition(",")[0] for line in found.warnings] == ["x is stored as float32"]


@for_each(
    "w, said",
    [
        ([[1, 2], [3]], "w[1] has 1 element, and w[0] has 2"),
        ([1, [2]], "w[0] is a number, and w[1] a list"),
        ([], "w is empty"),
        ([1, None], "w[1] is not a number"),
        ([1, 2j], "w[1] is a complex number"),
        ([True, False], "w[0] is not a number"),
        ([10**400], "w[0] is too large for a double"),
        ([3, "[1,2]"], "w[1] is an array in a text"),
        (2j, "the value of w is a complex number"),
        (np.array([1j]), "the value of w holds complex numbers, and values are real"),
        (np.array(["a"]), "the value of w holds texts"),
        (np.array([None, 1]), "the value of w holds Python objects, which are not numbers"),
        (np.zeros((0, 2)), "the value of w is empty (0x2)"),
        (np.ma.masked_array([1.0, 2], [True, False]), "the value of w has a mask"),
        (
            Foreign("requires grad"),
            "the value of w is no array that NumPy can read: requires grad",
        ),
    ],
)
def test_values_that_are_no_arrays(w, said):
    with pytest.raises(BackpropError) as caught:
        backpropcli.value("sum(w)", w=w)
    assert caught.value.message == said
    assert caught.value.hint


def test_each_value_s_origin_is_known(tmp_path):
    np.save(tmp_path / "x.npy", np.ones(2))
    stored = f"@{tmp_path}/x.npy"
    origins = {"x": stored[1:], "y": "the call", "b": "the program's comments"}
    for name, origin in origins.items():
        text = f"# bind: b=[1, 2]\nz = x + y + b\n{name}@[1, 2, 3] + z"
        with pytest.raises(SourceError, match="does not fit") as caught:
            backpropcli.value(text, y=[1, 2], x=stored)
        assert f"{name}          2  from {origin}" in caught.value.hint


def test_any_name_can_be_a_variable():
    """Those that the functions have for themselves stand in the mapping, the others in either."""
    point = {"wrt": 2, "mode": 3}
    assert backpropcli.jacobian("wrt*mode*text*at", point, text=5, at=7).matrix == [
        [105, 70, 42, 30]
    ]
    assert backpropcli.gradient("wrt*x", {"wrt": 2}, x=3, wrt="x").gradient == {"x": 2}


def test_wrt_is_names_or_a_text_as_on_the_command_line():
    for wrt in ("w,b", ["w", "b"], ("w", "b"), iter(["w", "b"])):
        assert backpropcli.gradient("w*x + b", w=2, x=3, b=1, wrt=wrt).gradient == {"w": 3, "b": 1}


def test_values_in_a_programs_comments_are_the_defaults():
    text = "# bind: x=2 y=pi\nx*y"
    assert backpropcli.value(text, y=10) == 20
    assert backpropcli.value(backpropcli.parse(text), y=10) == 20
    assert backpropcli.formula(text).gradient == {"x": "y", "y": "x"}


def test_a_program_is_used_at_many_points_and_stays_as_it_is():
    program = backpropcli.parse("e*x", ["e"])
    for value in (1.0, 2.0):
        found = backpropcli.gradient(program, e=value, x=3, q=1)
        assert found.gradient == {"e": 3, "x": value}
        assert found.warnings == ["the expression does not use q"]


def test_a_program_without_variables_has_no_derivatives():
    assert backpropcli.gradient("3*4").gradient == {}
    assert backpropcli.jacobian("3*4").matrix == [[]]
    assert backpropcli.hessian("3*4").matrix == []
    assert backpropcli.formula("3*4", simplify=True).gradient == {}


def test_warnings_stand_in_every_result():
    expected = ["the expression does not use z"]
    assert backpropcli.gradient("x^2", x=1, z=2).warnings == expected
    assert backpropcli.jacobian("x^2", x=1, z=2).warnings == expected
    assert backpropcli.hessian("x^2", x=1, z=2).warnings == expected
    assert backpropcli.taylor("x^2", x=1, z=2).warnings == expected


def test_no_value_is_given_twice_where_derivatives_are_checked():
    for check in (
        lambda: backpropcli.check_claims("x^2", "x = 2*x", {"x": 1}, x=2),
        lambda: backpropcli.check_methods("x^2", {"x": 1}, x=2),
    ):
        with pytest.raises(BackpropError, match="x is given twice"):
            check()


WRONG = {
    "no value for the variable x": lambda: backpropcli.gradient("x + y", y=1),
    "the program has 2 outputs, and a gradient is of one": lambda: backpropcli.gradient("(1, 2)"),
    "the program has 2 outputs, and a value is of one": lambda: backpropcli.value("(1, 2)"),
    "the expression has no 'z' to differentiate by": lambda: backpropcli.hessian("x", x=1, wrt="z"),
    "x is given twice": lambda: backpropcli.value("x", {"x": 1}, x=2),
    "the value of at is not a number": lambda: backpropcli.value("x", at={"x": 1}),
    "the value of x is not a number": lambda: backpropcli.value("x", x=True),
    "the value of x is too large for a double": lambda: backpropcli.value("x", x=10**400),
    "the component of x is inf": lambda: backpropcli.jvp("x", x=1, along={"x": float("inf")}),
    "there is no output 'z'": lambda: backpropcli.vjp("x", x=1, weights={"z": 1}),
    "there is no mode 'both'": lambda: backpropcli.jacobian("x", x=1, mode="both"),
    "the variable of the series is missing": lambda: backpropcli.taylor("x*y", x=1, y=1),
    "--order is 41": lambda: backpropcli.taylor("x", x=1, order=41),
    "3 is no program": lambda: backpropcli.gradient(3),
    "None is no program": lambda: backpropcli.gradient(None),
    "4 is no name of a variable": lambda: backpropcli.gradient("x^2", x=3, wrt=4),
}


@for_each("message", WRONG)
def test_bad_input_raises_an_error_that_says_what_to_do(message):
    with pytest.raises(BackpropError) as caught:
        WRONG[message]()
    assert caught.value.message == message
    assert caught.value.hint or message.endswith("inf")


def test_a_mistake_in_a_text_is_shown_at_its_place():
    with pytest.raises(SourceError) as caught:
        backpropcli.gradient("sinn(w*x)", w=1, x=2)
    assert caught.value.render() == (
        "there is no function 'sinn'\n  sinn(w*x)\n  ^^^^\ndid you mean 'sin'?"
    )
    with pytest.raises(SourceError, match="'q' has no value"):
        backpropcli.value("x", x="2*q")


def test_results_say_what_they_are():
    assert repr(backpropcli.gradient("x*y", x=2, y=3)) == (
        "Report(value=6.0, gradient={'x': 3.0, 'y': 2.0})"
    )
    assert repr(backpropcli.jvp("x*y", x=2, y=3, along={"x": 1})) == (
        "Jvp(outputs=['x*y'], values=[6.0], variables=['x', 'y'], along={'x': 1.0}, jvp=[3.0])"
    )
    assert repr(backpropcli.formula("x*y")) == "Formulas(jacobian=[['y', 'x']])"
    found = backpropcli.gradient("abs(x)", x=0)
    assert repr([*found.kinks, *found.view]) == (
        "[<KinkMet: abs(x) at x = 0.0: slopes -1.0 and 1.0; 0.0 used>, "
        "<Node 0: variable = 0.0, adjoint 0.0>, <Node 1: abs = 0.0, adjoint 1.0>]"
    )
    assert repr(backpropcli.gradient("1/x", x=0).causes[0]).startswith("<Cause: forward pass: ")
    assert repr(backpropcli.parse("x*y")) == "Program('x*y')"
    verdict = backpropcli.check("x*y", x=2, y=3)
    assert repr(verdict) == "<Verdict: agrees>"
    assert repr(verdict.entries[0]) == "<Entry: d/dx = 3.0, truly 3.0>"


def test_what_is_not_finite_is_never_said_to_agree():
    """1/(x - x^2) has a pole at 1: there is nothing that a proof could confirm."""
    assert backpropcli.check("1/(x - x^2)", x=1).verdict == "inconclusive"
    assert backpropcli.verdict(backpropcli.hessian("1/(x - x^2)", x=1)).verdict == "inconclusive"


def test_there_is_no_other_name():
    with pytest.raises(AttributeError, match="no attribute 'grad'"):
        backpropcli.grad  # noqa: B018


def loaded(code):
    """Return what ``code`` imports in a bare interpreter."""
    probe = f"import sys; before = set(sys.modules); {code}; print(*set(sys.modules) - before)"
    paths = os.pathsep.join([str(HOME), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-P", "-S", "-c", probe],
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": paths},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return set(done.stdout.split())


def test_importing_the_package_imports_nothing_else():
    assert loaded("import backpropcli") == {"backpropcli"}


def test_numbers_wait_for_no_library():
    code = "import backpropcli as bp; bp.{0}('x*y', x=1, y=2)"
    heavy = {"sympy", "mpmath", "numpy", "typer", "rich", "lark", "json", "re", "typing"}
    for name in ("value", "gradient", "jacobian"):
        modules = loaded(code.format(name))
        assert "backpropcli.api" in modules
        assert not {module.partition(".")[0] for module in modules} & heavy
        assert not {module for module in modules if module.startswith("backpropcli.cli")}
