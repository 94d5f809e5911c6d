"""Shapes without numbers: by letters, by values, and up to what does not fit."""

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.__main__ import main
from backpropcli.render.layout.lines import Options
from backpropcli.render.views.shapes import shapes_lines

LOSS = "mean((X@w + b - y)^2)"


def drawn(found, **options):
    return ["".join(text for _, text in line) for line in shapes_lines(found, Options(**options))]


def test_the_tree_of_letters():
    found = bp.shapes(LOSS, shapes="X=n,d; w=d; y=n")
    assert drawn(found) == [
        "shapes: a value and its gradient always have the same",
        "mean((X@w + b - y)^2)  a number",
        "└─ (X@w + b - y)^2     n",
        "   ├─ X@w + b - y      n",
        "   │  ├─ X@w + b       n",
        "   │  │  ├─ X@w        n",
        "   │  │  │  ├─ X       n x d",
        "   │  │  │  └─ w       d",
        "   │  │  └─ b          a number",
        "   │  └─ y             n",
        "   └─ 2                a number",
    ]


def test_what_rests_on_a_misfit_has_no_shape():
    found = bp.shapes("h = X@w; sum(h*y)", shapes="X=n,d; w=n; y=n")
    assert drawn(found)[1:] == [
        "sum(h*y)       ?",
        "└─ h*y         ?",
        "   ├─ h = X@w  does not fit",
        "   │  ├─ X     n x d",
        "   │  └─ w     n",
        "   └─ y        n",
    ]
    assert found.error.message.endswith("and d is not n")


def test_values_have_shapes_too():
    found = bp.shapes("X@w", {"X": np.ones((4, 3))}, shapes="w=3,k")
    assert [str(size) for size in found.nodes[found.outputs[0]].shape] == ["4", "k"]
    assert found.variables["X"] == (4, 3)


@pytest.mark.parametrize(
    ("text", "shapes", "value"),
    [
        ("conv2d(x, w, stride=2, padding=1)", "x=2,3,7,6; w=4,3,3,2", (2, 4, 4, 4)),
        ("max_pool2d(x, 3, stride=2)", "x=2,3,9,8", (2, 3, 4, 3)),
        ("attention(Q, K, V)", "Q=7,4; K=5,4; V=5,3", (7, 3)),
        ("x[:, None] - x", "x=6", (6, 6)),
    ],
)
def test_shapes_are_those_that_numbers_have(text, shapes, value):
    found = bp.shapes(text, shapes=shapes)
    point = {name: np.ones(shape) for name, shape in found.variables.items()}
    assert found.nodes[found.outputs[0]].shape == value == np.shape(bp.value(text, point))


def test_a_shared_node_is_opened_once():
    lines = drawn(bp.shapes("h = X@X.T; h@h", shapes="X=3x2"))
    assert sum("X.T" in line and "h =" not in line for line in lines) == 1
    assert len([line for line in lines if "h = X@X.T" in line]) == 1


def test_lines_fit_into_the_screen():
    text = " + ".join(f"tanh(X@weights_number_{at})" for at in range(5))
    given = "; ".join(f"weights_number_{at}=d" for at in range(5))
    found = bp.shapes(text, shapes=f"{given}; X=n,d")
    assert max(map(len, drawn(found, width=50))) <= 50


def run(argv, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["backprop", *argv])
    code = main()
    return code, *capsys.readouterr()


def test_the_command_prints_the_tree_and_the_error_below_it(monkeypatch, capsys):
    argv = [LOSS, "--view", "shapes", "--shape", "X=n,d; w=n; y=n"]
    code, out, err = run(argv, monkeypatch, capsys)
    assert code == 2
    assert "X@w        does not fit" in out
    assert err.startswith("error: X@w does not fit")
    code, out, err = run([*argv[:-1], "X=n,d; w=d; y=n"], monkeypatch, capsys)
    assert (code, err) == (0, "")
    assert "X@w        n" in out


def test_shapes_are_for_the_view_of_shapes(monkeypatch, capsys):
    code, _, err = run([LOSS, "--shape", "X=n,d"], monkeypatch, capsys)
    assert code == 2
    assert "--shape is for --view shapes" in err
