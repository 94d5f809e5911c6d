"""How arrays are shown: whole or by what they come to, in rows and shades, within the width."""

import numpy as np
import pytest

from backpropcli.calculus.bindings import numbers
from backpropcli.errors import columns
from backpropcli.language.parse import parse
from backpropcli.modes.gradient import gradient
from backpropcli.render.layout import paint
from backpropcli.render.layout.arrays import block, brief, heat, inline, summed_up
from backpropcli.render.layout.lines import Options
from backpropcli.render.results.summary import summary
from backpropcli.render.views.steps import steps
from backpropcli.render.views.table import table
from backpropcli.render.views.tree import tree
from tests.each import for_each

NORMAL = np.random.default_rng(0).normal


def text(lines):
    return ["".join(part for _, part in line).rstrip() for line in lines]


def report(source, **values):
    return gradient(
        parse(source),
        {
            name: float(value) if np.ndim(value) == 0 else np.array(value, dtype=float)
            for name, value in values.items()
        },
    )


LINEAR = ("mean((X@w + b - y)^2)", {"X": [[1, 2], [3, 4]], "w": [1, -1], "b": 1, "y": [1, 2]})


@for_each(
    "value, expected",
    [
        ([1, 2.5, -3], "[1, 2.5, -3]"),
        ([[1, 2], [3, 4]], "[[1, 2], [3, 4]]"),
        ([[[1], [2]]], "[[[1], [2]]]"),
        ([], "[]"),
        (np.zeros((2, 0)), "[[], []]"),
        (np.zeros((0, 2)), "[]"),
        ([1 / 3, float("nan")], "[0.3333, nan]"),
    ],
)
def test_an_array_on_one_line_is_as_it_is_typed(value, expected):
    assert inline(np.array(value, dtype=float), 4) == expected


def test_a_matrix_stands_in_rows_with_its_points_below_each_other():
    value = np.array([[1, -2.25], [10.5, 300], [-0.125, 4]])
    assert text(block(value, Options(), "value", 80)) == [
        " 1       -2.25",
        "10.5    300",
        "-0.125    4",
    ]


def test_of_more_axes_each_matrix_has_its_index():
    value = np.arange(8.0).reshape(2, 2, 2) * 100
    assert text(block(value, Options(), "value", 80)) == [
        "[0]   0  100",
        "    200  300",
        "[1] 400  500",
        "    600  700",
    ]


def test_a_large_array_is_told_by_what_it_comes_to():
    value = np.array([3.0, -4.0] * 50)  # by hand: the norm is sqrt(50*(9 + 16))
    [line] = text(block(value, Options(), "value", 80))
    assert line == "min -4  mean -0.5  max 3  norm 35.36  █▁▁▁▁▁▁█"
    assert "█" not in "".join(text([summed_up(value, Options(), 40)]))
    assert text([summed_up(np.full(100, 2.0), Options(), 40)]) == ["all 2"]
    value[7] = np.nan
    assert "1 not finite" in "".join(text([summed_up(value, Options(), 80)]))
    assert brief(value, Options()) == "-4 … 3, 1 not finite"


def test_full_shows_all_elements():
    value = np.arange(200.0)
    lines = text(block(value, Options(full=True), "value", 60))
    assert [float(word) for word in " ".join(lines).strip("[]").split(",")] == value.tolist()
    assert max(map(len, lines)) <= 60
    rows = text(block(value.reshape(50, 4), Options(full=True), "value", 60))
    assert len(rows) == 50


def test_shades_go_from_the_least_to_the_largest():
    found = [heat(value, 3.0) for value in (-3, -2, -1, 0.1, 1, 2, 3)]
    assert found == ["heat-3", "heat-2", "heat-1", "heat0", "heat1", "heat2", "heat3"]
    assert heat(float("nan"), 3.0) == ""


def test_a_tree_has_each_shape_once_and_rules_with_shapes():
    source, values = LINEAR
    assert text(tree(report(source, **values), "all", Options())) == [
        "↑ value   · local derivative   ↓ gradient   (g: the gradient of the node above)",
        "mean((X@w + b - y)^2)   ↑ 2.5   ↓ 1",
        "└─ (X@w + b - y)^2  2   ↑ [1, 4]   · [0.5, 0.5]   ↓ [0.5, 0.5]",
        "   ├─ X@w + b - y  2    ↑ [-1, -2]   · [-2, -4]   ↓ [-1, -2]",
        "   │  ├─ X@w + b  2     ↑ [0, 0]   · 1   ↓ [-1, -2]",
        "   │  │  ├─ X@w  2      ↑ [-1, -1]   · 1   ↓ [-1, -2]",
        "   │  │  │  ├─ X  2x2",
        "   │  │  │  │     ↑ 1  2   · outer(g, w)   ↓ -1  1",
        "   │  │  │  │       3  4                     -2  2",
        "   │  │  │  └─ w  2     ↑ [1, -1]   · X.T @ g   2x2 @ 2   ↓ [-7, -10]",
        "   │  │  └─ b           ↑ 1   · 1 (summed)   ↓ -3",
        "   │  └─ y  2           ↑ [1, 2]   · -1   ↓ [1, 2]",
        "   └─ 2                 ↓ constant",
    ]


def test_steps_write_a_layer_out():
    found = report("h = relu(X@W + b); sum(h)", X=[[1, 2]], W=[[1, -1], [1, 0]], b=[1, 0])
    assert text(steps(found, Options())) == [
        "forward pass",
        "   X = [[1, 2]]   1x2",
        "   W   2x2",
        "     1  -1",
        "     1   0",
        "1. z1 = X @ W = [[3, -1]]   1x2 = 1x2 @ 2x2",
        "   b = [1, 0]   2",
        "2. z2 = z1 + b = [[4, -1]]   1x2",
        "3. h = relu(z2) = [[4, 0]]   1x2",
        "4. L = sum(h) = 4",
        "",
        "backward pass",
        "dL/dL = 1",
        "dL/dh = dL/dL for each element = [[1, 1]]   1x2",
        "dL/dz2 = dL/dh * where(z2 > 0, 1, 0) = [[1, 0]]   1x2",
        "dL/db = sum(dL/dz2, axis=0) = [1, 0]   2",
        "dL/dz1 = dL/dz2 = [[1, 0]]   1x2",
        "dL/dW = X.T @ dL/dz1   2x2 = 2x1 @ 1x2",
        "   = 1  0",
        "     2  0",
        "dL/dX = dL/dz1 @ W.T = [[1, 1]]   1x2 = 1x2 @ 2x2",
    ]


def test_a_summary_lists_gradients_with_their_shapes():
    source, values = LINEAR
    assert text(summary(report(source, **values), Options())) == [
        "mean((X@w + b - y)^2) = 2.5",
        "    d/dX  2x2  -1  1",
        "               -2  2",
        "    d/dw  2    [-7, -10]",
        "    d/db       -3",
        "    d/dy  2    [1, 2]",
    ]


PROGRAMS = [
    LINEAR,
    (
        "h = tanh(X@W1 + b1); yhat = h@W2 + b2; loss = mean((yhat - y)^2); loss",
        {"X": (4, 2), "W1": (2, 3), "b1": (3,), "W2": (3,), "b2": (), "y": (4,)},
    ),
    ("Y = relu(X@W + b); sum(Y)*a", {"X": (64, 10), "W": (10, 5), "b": (5,), "a": ()}),
    (
        "A = softmax(Q@K.T/sqrt(2), axis=1); sum((A@V)^2)",
        {"Q": (3, 2), "K": (3, 2), "V": (3, 2)},
    ),
    ("s = std(x, axis=0)*norm(x)*prod(y); sum(s) + max(x)", {"x": (9, 4), "y": (200,)}),
    ("sum(log(x)) + sum(relu(x - x)) + sum(x[1:3, None]*x[0]^2)", {"x": (5,)}),
    ("def mse(p, y) = mean((p - y)^2); mse(X@w, y)", {"X": (300, 2), "w": (2,), "y": (300,)}),
    ('sum(inv(A)) + logdet(A)*det(A) + sum(einsum("ij,jk->ik", A, A))', {"A": (3, 3)}),
]
VIEWS = {
    "steps": steps,
    "table": table,
    "summary": summary,
    **{
        view: lambda found, options, view=view: tree(found, view, options)
        for view in ("all", "graph", "forward", "backward")
    },
}


@pytest.mark.slow
@for_each(
    "source, shapes, view, width",
    [(*program, view, width) for program in PROGRAMS for view in VIEWS for width in (80, 120)],
)
def test_no_line_is_wider_than_the_screen(source, shapes, view, width):
    values = {
        name: NORMAL(size=shape) if isinstance(shape, tuple) else shape
        for name, shape in shapes.items()
    }
    found = report(source, **values)
    lines = VIEWS[view](found, Options(width=width))
    assert [line for line in text(lines) if columns(line) > width] == []
    assert paint.plain(lines, "ascii").isascii()
    assert VIEWS[view](found, Options(fitted=False, full=True))


def test_a_number_beside_arrays_stands_as_it_is_typed():
    report = gradient(parse("sum(x*b)"), numbers({"x": [1, 2], "b": "0.30"}))
    text = "\n".join("".join(part for _, part in line) for line in tree(report, "all", Options()))
    assert "↑ 0.30" in text


def test_a_long_rule_takes_several_lines_where_nothing_has_to_fit():
    shown = report("sum(cholesky(A))", A=[[2, 1], [1, 3]])
    lines = text(tree(shown, "all", Options()))
    assert max(map(columns, lines)) < 130
    assert any(line.endswith("inv(cholesky(A))).mT)/2") for line in lines)
