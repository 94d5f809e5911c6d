"""How the gradient reaches names, against chain rules by hand, all paths, NumPy and PyTorch."""

import json
import math
import random

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.render.documents import reports as as_json
from backpropcli.report.reach.reach import Reach
from tests.each import for_each
from tests.reference import validator

SEED = 7


def reach(text, **values):
    wrt = values.pop("wrt", ())
    return Reach(bp.gradient(text, values, wrt=wrt))


def by_name(found):
    return {one.name: one for one in found.variables}


def cuts(found):
    view = found.view
    return [(cut.kind, view.text(cut.user), view.text(cut.node), cut.proof) for cut in found.cuts]


def all_paths(report, node):
    """Return the products of local derivatives along all paths to a node, one by one."""
    found, stack = [], [(report.view.root, 1.0)]
    while stack:
        at, product = stack.pop()
        if at == node:
            found.append(product)
        edges = [edge for edge in report.view.node(at).edges if edge.partial]
        stack += [(edge.input, product * edge.partial) for edge in edges]
    return found


def drawn(rng):
    """Return a program of a few steps, each of two earlier ones."""
    names, lines = ["x", "y"], []
    for at in range(rng.randint(3, 8)):
        one, other = rng.choice(names), rng.choice(names)
        lines.append(
            f"t{at} = "
            + rng.choice(
                [f"{one} + {other}", f"{one}*{other}", f"sin({one}) - {other}", f"{one}*0.5"]
            )
        )
        names.append(f"t{at}")
    return "\n".join([*lines, f"{names[-1]} + {names[-2]}*{names[-3]}"])


@for_each("case", range(40))
def test_paths_and_shares_are_those_of_all_paths_listed(case):
    rng = random.Random(SEED + case)  # noqa: S311 (no secret)
    report = bp.gradient(drawn(rng) + " + 0*x + 0*y", x=rng.uniform(1, 2), y=rng.uniform(-2, -1))
    for one in Reach(report).variables:
        listed = sorted(all_paths(report, one.node), key=abs, reverse=True)
        total = sum(map(abs, listed))
        assert one.paths == len(listed)
        assert sum(listed) == pytest.approx(report.gradient[one.name], rel=1e-12, abs=1e-12 * total)
        largest = listed[:3]
        assert [abs(path.contribution) for path in one.largest] == pytest.approx(
            list(map(abs, largest)), rel=1e-12
        )
        assert [path.share for path in one.largest] == pytest.approx(
            [abs(part) / total for part in largest], rel=1e-9
        )


def test_the_identity_path_of_a_residual_network_has_its_share():
    count, w, x = 8, 0.1, 0.5
    text = "h0 = x\n" + "\n".join(
        f"h{at} = h{at - 1} + tanh(w*h{at - 1})" for at in range(1, count + 1)
    )
    found = reach(text, x=x, w=w)
    total, h = 1.0, x
    for _ in range(count):
        total *= 1 + w * (1 - math.tanh(w * h) ** 2)
        h += math.tanh(w * h)
    first = by_name(found)["x"].largest[0]
    assert by_name(found)["x"].paths == 2**count
    assert first.contribution == 1
    assert first.share == pytest.approx(1 / total, rel=1e-12)


def test_2_to_the_60_equal_paths_are_counted_and_three_are_found():
    text = "h0 = x\n" + "\n".join(f"h{at} = h{at - 1} + h{at - 1}" for at in range(1, 61))
    found = reach(text, x=1.0)
    [x] = found.variables
    assert x.paths == 2**60
    assert [path.share for path in x.largest] == [2.0**-60] * 3
    [chain] = found.chains
    assert (chain.kind, chain.over_all, chain.powers[-1]) == ("exploding", True, 60)
    assert sorted(chain.factors) == [0, *[1] * 60]  # h0 = x is a step too


# torch 2.x in float64: x.grad, w.grad and the grads of h1, h10, h20, h39.
TORCH_CHAIN = (-3.352365405628686e-12, -1.3782870359564538e-10)
TORCH_HIDDEN = {1: -7.13257968e-12, 10: -3.725290018e-09, 20: -3.814697265621e-06, 39: -2.0}


def test_a_chain_of_tanh_vanishes_from_the_last_node_with_the_outputs_magnitude():
    text = "h0 = x\n" + "\n".join(f"h{at} = tanh(w*h{at - 1})" for at in range(1, 40))
    found = reach(f"{text}\n(h39 - 1)^2", x=0.5, w=0.5)
    view = found.view
    places = {name: node for node, name in enumerate(view.names) if name}
    for at, slope in TORCH_HIDDEN.items():
        assert found.powers[places[f"h{at}"]] == pytest.approx(math.log2(abs(slope)), abs=1e-8)
    [chain] = found.chains
    assert (chain.kind, chain.names) == ("vanishing", ["x", "w"])
    # 1 arrives at w*h38: 2*(1 - h39) is 2, times the slope of tanh, next to 1; then times w
    assert view.text(chain.nodes[0]) == "w*h38"
    assert chain.powers[-1] == pytest.approx(math.log2(-TORCH_CHAIN[0]), abs=1e-9)
    assert min(chain.factors) == pytest.approx(-1)
    assert found.report.gradient["w"] == pytest.approx(TORCH_CHAIN[1], rel=1e-9)


def test_a_recurrent_product_explodes():
    text = "h0 = x\n" + "\n".join(f"h{at} = w*h{at - 1}" for at in range(1, 40))
    found = reach(text, x=0.5, w=3.0)
    [chain] = found.chains
    assert (chain.kind, chain.over_all, chain.names) == ("exploding", False, ["x", "w"])
    assert chain.powers[-1] == pytest.approx(39 * math.log2(3))
    assert sorted(chain.factors)[-39:] == pytest.approx([math.log2(3)] * 39)


def test_a_node_that_explodes_is_told_though_no_name_does():
    [chain] = reach("(1e-9*x)*1e9", x=1).chains
    assert (chain.kind, chain.names, chain.places) == ("exploding", [], 1)


@pytest.mark.slow
def test_what_underflows_is_told_by_its_power_and_not_by_the_smallest_double():
    text = "h0 = x\n" + "\n".join(f"h{at} = tanh(h{at - 1})*0.75" for at in range(1, 4000))
    found = reach(text, x=1e-9)
    power = by_name(found)["x"].largest[0].power
    assert power == pytest.approx(3999 * math.log2(0.75), rel=1e-9)
    assert found.powers[by_name(found)["x"].node] == power
    assert by_name(found)["x"].largest[0].contribution == 0


@for_each(
    "text, point",
    [
        ("x^2", {"x": 0}),
        ("cosh(x)", {"x": 0}),
        ("x - x + y", {"x": 1, "y": 1}),
        ("sin(x)^2 + cos(x)^2", {"x": 1}),
        ("1e9*x - 1e9*x + x", {"x": 1}),
        ("sum(X - X)", {"X": [[1.0, 2], [3, 4]]}),
        ("relu(x)", {"x": -1}),
    ],
)
def test_what_is_0_or_cancels_neither_vanishes_nor_explodes(text, point):
    assert not reach(text, **point).chains


def test_contributions_that_cancel_are_told():
    assert not reach("3*x - 3*y", x=1, y=1).cancelled
    [found] = reach("z = 1*x; 3*z - 3*z + y", x=1, y=1).cancelled
    assert sorted(found.terms) == [-1, 1]
    assert found.left == 0
    [nearly] = reach("x*(1 + 2^-40) - x", x=1).cancelled
    assert nearly.left == 2.0**-40
    [whole] = reach("sum(X*2 - X*3 + X)", X=[1.0, 2]).cancelled
    assert whole.terms is None


def test_dead_and_saturated_elements_are_counted_as_in_numpy():
    # z by PyTorch, in float64: X@W + b
    z = np.array(
        [[1, 2, 1.4, -4.5], [-1.5, 2, -0.9, -3.9], [-1.5, -3, 6.8, -2.8], [1.5, -1.5, -0.8, -2.8]]
    )
    found = reach(
        "mean((relu(X@W + b)@v)^2)",
        X=[[1.0, 2, 3], [-1, 0, 2], [2, -2, 1], [0, 1, -1]],
        W=[[0.5, -1, 2, 0.1], [1, 0.5, -1, -0.2], [-0.5, 1, 0.3, -0.4]],
        b=[0.0, -1, 0.5, -3],
        v=[1.0, -1, 0.5, 2],
    )
    [dead] = found.units
    assert (dead.kind, dead.part, dead.total) == ("dead", (z <= 0).sum(), z.size)
    assert (dead.columns, dead.width) == ((z <= 0).all(axis=0).sum(), 4)
    norms = {
        found.view.text(node): 2 ** found.powers[node]
        for node in range(len(found.view))
        if found.powers[node] is not None
    }
    # norms of PyTorch's grads
    assert norms["relu(X@W + b)"] == pytest.approx(5.288548950326545, rel=1e-12)
    assert norms["X@W + b"] == pytest.approx(1.5282751715577925, rel=1e-12)
    assert norms["W"] == pytest.approx(3.864421043312957, rel=1e-12)
    assert norms["b"] == pytest.approx(1.5110013236261575, rel=1e-12)

    z = np.linspace(-8, 8, 33)
    for text, slopes, steepest in (
        ("tanh", 1 / np.cosh(z) ** 2, 1),
        ("sigmoid", 0.25 / np.cosh(z / 2) ** 2, 0.25),
    ):
        [units] = reach(f"sum({text}(z))", z=z.tolist()).units
        assert units.part == (slopes < steepest / 100).sum()
    rows = np.array([[9.0, 0, 0], [1, 2, 3], [0, 30, 0], [5, 5, 0]])
    shares = np.exp(rows) / np.exp(rows).sum(axis=1, keepdims=True)
    [units] = reach("sum(softmax(z)*[1, 2, 3])", z=rows.tolist()).units
    assert (units.part, units.total) == ((shares.max(axis=1) > 0.9975).sum(), 4)


def test_units_of_numbers_are_counted_by_operation():
    found = reach("relu(-a) + relu(b) + relu(-c)*d + tanh(9*b) + tanh(b)", a=1, b=1, c=3, d=4)
    assert [(one.kind, one.operation, one.part, one.total) for one in found.units] == [
        ("saturated", "tanh", 1, 2),
        ("dead", "relu", 2, 3),
    ]
    inside = reach("def f(x) = relu(x) + x; f(a)", a=-1)
    assert [(one.kind, one.part) for one in inside.units] == [("dead", 1)]


def test_a_slope_of_0_inside_is_not_dead():
    for x in (-1.5, [-1.5, -1.5]):
        found = reach("sum(hardswish(x)) + sum(x)" if np.ndim(x) else "hardswish(x) + x", x=x)
        assert not found.units
        assert [cut.kind for cut in found.cuts] == ["zero"]
    [dead] = reach("sum(hardswish(x))", x=[-4.0, -1.5, 0, 5]).units
    assert (dead.part, dead.total) == (1, 4)


def test_cuts_are_told_with_their_kind_and_the_names_below():
    ppo = "ratio = exp(p - sg(q)); min(ratio*A, clip(ratio, 1 - e, 1 + e)*A)"
    found = reach(ppo, p=-0.9, q=-1.2, A=2, e=0.2)
    assert [
        (found.view.text(one.user)[:4], found.view.text(one.node), one.kind, one.names)
        for one in found.cuts
    ] == [
        ("min(", "ratio*A", "not taken", ["p", "q", "A"]),
        ("clip", "exp(p - sg(q))", "not taken", ["p", "q"]),
        ("clip", "1 - e", "not taken", ["e"]),
    ]
    assert by_name(found)["p"].why == "not taken"
    assert cuts(reach("x + sg(round(x) - x)", x=0.7)) == [
        ("stopped", "sg(round(x) - x)", "round(x) - x", "")
    ]
    assert cuts(reach("y*floor(x)", x=1.7, y=1)) == [("flat", "floor(x)", "x", "")]


@for_each(
    "text, point, kind",
    [
        ("x^2 + x", {"x": 0}, "proved"),
        ("x*y + x + y", {"x": 0, "y": 1}, "proved"),
        ("exp(-x) + x", {"x": 800}, "rounded"),
        ("tanh(x) + x", {"x": 400}, "rounded"),
        ("sigmoid(x) + x", {"x": -800}, "rounded"),
        ("cos(x) + x", {"x": 0}, "proved"),
        ("leaky_relu(x, y) + y", {"x": 1, "y": 2}, "proved"),
        ("abs(x) + x", {"x": 0}, "chosen"),
    ],
)
def test_a_slope_of_0_is_told_from_one_that_rounds_to_0(text, point, kind):
    assert [cut.proof for cut in reach(text, **point).cuts] == [kind]


def test_elements_of_choices_are_counted():
    x = np.array([[1.0, -2], [3, 0.5]])
    found = reach("sum(where(x > 0.75, x*2, x*y))", x=x.tolist(), y=3)
    assert sorted((one.part, one.total) for one in found.cuts if one.total) == [(2, 4), (2, 4)]
    found = reach("sum(clip(x, 0, 2))", x=x.tolist())
    assert [(one.kind, one.part) for one in found.cuts] == [("not taken", 2)]


def test_what_wrt_leaves_out_is_data():
    found = reach("w*x + b", w=1, x=2, b=3, wrt="w")
    assert found.data == ["x", "b"]
    assert [one.name for one in found.variables] == ["w"]


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("s = x*y; s^2 + sin(s)", {"x": 0.5, "y": 2}),
        ("log(x)*y", {"x": 0, "y": 0}),
        ("exp(-800*x) + x^2 + sg(x) + floor(x)", {"x": 1.5}),
        ("sum(relu(X)*tanh(9*X))", {"X": [[1.0, -2], [3, -4]]}),
        ("1e-9*x + 1e9*y + x - x", {"x": 1, "y": 1}),
    ],
)
def test_json_has_the_flow_as_the_schema_says(text, point):
    report = bp.gradient(text, point)
    document = json.loads(
        "".join(as_json.document(report, None, {"flow": Reach(report).as_dict()}))
    )
    validator("report").validate(document)
    assert len(document["flow"]["log2"]) == len(document["nodes"])


def test_shares_of_what_is_not_finite_are_not_told():
    found = reach("log(x)*y", x=0, y=0)
    assert not any(one.largest for one in found.variables)
    assert all(math.isnan(found.paths.sums[one.node]) for one in found.variables)


def test_shares_of_arrays_go_by_norms():
    found = reach("10*sum(x[0:1]) + sum(x)", x=[1.0, 2, 3])
    [x] = found.variables
    # what goes along: [10, 0, 0] and [1, 1, 1]
    assert [path.share for path in x.largest] == pytest.approx(
        [10 / (10 + math.sqrt(3)), math.sqrt(3) / (10 + math.sqrt(3))]
    )
    assert [path.contribution for path in x.largest] == [None, None]
    alone = reach("3*sum((X@w)^2)", X=[[1.0, 2], [3, 4]], w=[1.0, -2], wrt="w")
    slope = 6 * np.array([[1.0, 2], [3, 4]]).T @ np.array([[1.0, 2], [3, 4]]) @ [1.0, -2]
    assert 2 ** alone.variables[0].largest[0].power == pytest.approx(np.linalg.norm(slope))
