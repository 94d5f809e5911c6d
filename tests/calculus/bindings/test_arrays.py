"""Values that are arrays: typed, in lists, random; expected numbers by hand or by NumPy."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from backpropcli.calculus import bindings
from backpropcli.errors import BackpropError, SourceError
from tests.each import for_each


def value(text, **others):
    words = [f"x={text}", *[f"{name}={each}" for name, each in others.items()]]
    return bindings.merged("", "", {}, words)["x"]


@for_each(
    "text, wanted",
    [
        ("[1/3, pi]", [1 / 3, math.pi]),
        ("[[1,2],[3,4],[5,6]]", [[1, 2], [3, 4], [5, 6]]),
        ("[a, 2]*s", [0.25, 4]),
        ("zeros(3,4)", np.zeros((3, 4))),
        ("ones(2)", [1, 1]),
        ("eye(3)", np.eye(3)),
        ("arange(5)", [0, 1, 2, 3, 4]),
        ("linspace(0,1,11)", np.linspace(0, 1, 11)),
        ("[1,2]*2", [2, 4]),
        ("reshape(arange(6),2,3)", [[0, 1, 2], [3, 4, 5]]),
        ("[[1, 2]].T", [[1], [2]]),
        ("sum([[1,2],[3,4]], axis=0)", [4, 6]),
        ("arange(5)[1:3]", [1, 2]),
        ("[inf, -1]", [math.inf, -1]),
    ],
)
def test_arrays_are_typed(text, wanted):
    found = value(text, a="1/8", s=2)
    np.testing.assert_allclose(found, wanted, rtol=4e-16)
    assert found.shape == np.shape(wanted)
    assert found.dtype == np.float64
    assert not found.flags.writeable


def test_a_number_made_of_arrays_is_a_number():
    found = bindings.merged("", "", {}, ["y=x@x + 1", "x=[1,2]", "z=y+1"])
    assert (found["y"], found["z"]) == (6, 7)
    assert type(found["y"]) is float


@for_each(
    "text, said, place",
    [
        ("[[1,2],[3]]", "this is a row of 1, and the first here is a row of 2", "[3]"),
        ("[[1,2],3]", "this is a number, and the first here is a row of 2", "3"),
        ("[[[1]],[[1,2]]]", "this is an array 1x2, and the first here is an array 1x1", "[[1,2]]"),
        ("[]", "an array has at least one element", "[]"),
        ("zeros(0)", "zeros(0) is empty (0)", "zeros(0)"),
        ("zeros(1e6,1e6)", "this has 1000000000000 elements (1000000x1000000)", "zeros(1e6,1e6)"),
        ("zeros(2.5)", "the shape of 'zeros' has to be a tuple of whole numbers", "2.5"),
        ("1+zeros(-1)", "-1 is not a size", "zeros(-1)"),
        ("[1j,2]", "there are no complex numbers", "j"),
        ("2+3j", "there are no complex numbers", "j"),
        ("[1,None]", "only an index or a setting can be None", "None"),
        ("None", "only an index or a setting can be None", "None"),
        ("[1,q]", "'q' has no value", "q"),
        ("[x,1]", "the value of x uses x itself", "[x,1]"),
        ("1/[0,1]", "element [0] of this is inf", "1/[0,1]"),
        ("normal(2.5)", "normal takes sizes, which are whole numbers", "normal(2.5)"),
        ("2*normal(n)", "normal takes sizes, which are whole numbers", "normal(n)"),
        ("xavier(3)", "xavier takes two sizes: inputs and outputs", "xavier(3)"),
        ("normal(0)", "this has 0 elements", "normal(0)"),
        ("normal(99999,99999)", "this has 9999800001 elements", "normal(99999,99999)"),
        ("normal(3", "this parenthesis is not closed", "("),
    ],
)
def test_what_is_no_array_is_told_with_its_place(text, said, place):
    with pytest.raises(SourceError) as caught:
        value(text)
    error = caught.value
    assert error.message == said
    assert error.source[error.start : error.end] == place
    assert error.hint


def test_shapes_that_do_not_fit_are_told():
    with pytest.raises(SourceError) as caught:
        value("2*(normal(2)+[1,2,3])")
    error = caught.value
    assert error.message.startswith("normal(2)+[1,2,3] does not fit")
    assert error.source[error.start : error.end] == "normal(2)+[1,2,3]"
    assert error.hint


# Random values: the streams are NumPy's, written down in the module's first lines


def stream(name, seed=0):
    return np.random.default_rng([seed, *name.encode()])


@for_each(
    "text, wanted",
    [
        ("normal(3,4)", lambda rng: rng.standard_normal((3, 4))),
        ("uniform((2,3))", lambda rng: rng.random((2, 3))),
        ("xavier(2,4)", lambda rng: rng.uniform(-1, 1, (2, 4))),
        ("he(8,3)", lambda rng: rng.standard_normal((8, 3)) / 2),
        ("1 + 0.5*normal([2])", lambda rng: 1 + 0.5 * rng.standard_normal(2)),
        ("uniform()", lambda rng: rng.random()),
        ("[normal(2), normal(2)]", lambda rng: [rng.standard_normal(2) for _ in range(2)]),
    ],
)
def test_random_values_are_those_of_the_seed_and_the_name(text, wanted):
    np.testing.assert_allclose(value(text), wanted(stream("x")), rtol=1e-15)


def test_the_order_of_random_values_is_nothing():
    one, other = ({"x": "normal(2)", "W": "he(2,3)"} for _ in range(2))
    words = [f"{name}={text}" for name, text in one.items()]
    first, second = bindings.merged("", "", {}, words), bindings.merged("", "", {}, words[::-1])
    for name in other:
        assert (first[name] == second[name]).all()
    assert not np.isin(first["x"], bindings.merged("", "", {}, ["y=normal(2)"])["y"]).any()


def test_another_seed_gives_other_values_and_is_told():
    found = bindings.merged("x", "", {}, ["x=normal(2)"], bindings.Settings(7))
    np.testing.assert_array_equal(found["x"], stream("x", 7).standard_normal(2))
    assert found.notes == ["random values are those of --rng-seed 7"]
    assert found.random
    assert not bindings.merged("x", "", {}, ["x=2"]).random


def test_a_name_that_is_called_as_a_draw_is_a_name():
    assert bindings.merged("", "", {}, ["he=3", "x=2*he"])["x"] == 6


# Lists in files, values in comments


def point(tmp_path, text, name="point.json", program="X*w"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return bindings.merged(program, "", {str(path): bindings.file_bindings(str(path))}, [])


def test_lists_in_json_are_arrays(tmp_path):
    data = {"X": [[1, 2.5], ["1/3", "NaN"]], "layer": {"w": [1e300, 2]}}
    found = point(tmp_path, json.dumps(data), program="X*layer_w")
    np.testing.assert_array_equal(found["X"], [[1, 2.5], [1 / 3, math.nan]])
    np.testing.assert_array_equal(found["layer_w"], [1e300, 2])
    assert found.origins == dict.fromkeys(("X", "layer_w"), str(tmp_path / "point.json"))


def test_lists_in_toml_are_arrays(tmp_path):
    found = point(tmp_path, "X = [[1, 2], [3, 4]]\nw = [0.12345678901234567890, inf]\n", "a.toml")
    np.testing.assert_array_equal(found["X"], [[1, 2], [3, 4]])
    np.testing.assert_array_equal(found["w"], [0.12345678901234567890, math.inf])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([[1, 2], [3]], "X[1] has 1 element, and X[0] has 2"),
        ([[1, 2], 3], "X[1] is a number, and X[0] a list"),
        ([1, [3]], "X[0] is a number, and X[1] a list"),
        ([[[1], []]], "X[0, 1] is empty"),
        ([], "X is empty"),
        ([[1, True]], "X[0, 1] is not a number"),
        ([[1, None]], "X[0, 1] is not a number"),
        ([{"a": 1}], "X[0] is not a number"),
        ([10**400], "X[0] is too large for a double"),
        ([["[1,2]"], [3]], "X[0, 0] is an array in a text"),
    ],
)
def test_lists_that_are_no_arrays_are_told_where_they_are_used(tmp_path, rows, said):
    text = json.dumps({"X": rows, "w": 2})
    assert point(tmp_path, text, program="w") == {"w": 2}
    with pytest.raises(BackpropError) as caught:
        point(tmp_path, text)
    assert caught.value.message == f"{tmp_path / 'point.json'}: {said}"
    assert caught.value.hint


def test_a_file_that_names_a_file_is_told(tmp_path):
    with pytest.raises(BackpropError, match="the value of X names a file") as caught:
        point(tmp_path, '{"X": "@data.npy", "w": 2}')
    assert caught.value.hint == "name it on the command line: X=@data.npy"


def test_arrays_in_a_program_s_comments():
    text = "# bind: X=[[1, 2], [3, 4]] w=normal(2, 2) b=0.5\nX*w*b"
    found = bindings.comment_bindings(text)
    np.testing.assert_array_equal(found["X"], [[1, 2], [3, 4]])
    np.testing.assert_array_equal(found["w"], stream("w").standard_normal((2, 2)))
    assert found["b"] == 0.5


# Single precision


def test_single_precision_is_that_of_all_arrays():
    words = ["x=[0.1, 1/3]", "y=x*2", "b=0.1"]
    found = bindings.merged("x*y*b", "", {}, words, bindings.Settings(single=True))
    assert [found[name].dtype for name in "xy"] == [np.float32] * 2
    np.testing.assert_array_equal(found["x"], np.array([0.1, 1 / 3], dtype=np.float32))
    assert found["b"] == 0.1
    with pytest.raises(BackpropError, match="too large for single precision"):
        bindings.merged("x", "", {}, ["x=[1e300]"], bindings.Settings(single=True))
    found = bindings.merged(
        "x", "", {}, ["x=[[0, 1e-40], [1e-50, 1]]"], bindings.Settings(single=True)
    )
    assert found.notes == ["x[1,0] is 1e-50, and 0 in single precision"]
