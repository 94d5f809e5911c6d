"""Gradients that another program computed: here NumPy, by formulas of textbooks."""

import json

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.errors import BackpropError
from tests.each import for_each

LOSS = "mean((X@w + b - y)^2)"


def data(count=40, seed=0, scale=1.0):
    """Return the point of a linear regression."""
    random = np.random.default_rng(seed)
    X = scale * random.standard_normal((count, 5))  # noqa: N806
    return {"X": X, "w": random.standard_normal(5), "b": 0.3, "y": random.standard_normal(count)}


def by_hand(point, dtype=np.float64):
    """Return the gradients of the mean squared error, computed in a precision."""
    X, w, b, y = (np.asarray(point[name], dtype=dtype) for name in "Xwby")  # noqa: N806
    rest = X @ w + b - y
    two_n = dtype(2) / dtype(len(y))
    return {
        "X": two_n * np.outer(rest, w),
        "w": two_n * (X.T @ rest),
        "b": two_n * rest.sum(dtype=dtype),
        "y": -two_n * rest,
    }


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("seed", range(3))
def test_right_gradients_hold_in_every_precision(dtype, seed):
    point = data(seed=seed)
    found = bp.check_against(LOSS, by_hand(point, dtype), point)
    assert found.verdict == "agrees", [(one.by, one.times) for one in found.answers]
    assert {one.dtype for one in found.answers} == {np.dtype(dtype).name}


def test_half_precision_holds_or_has_no_digit():
    """A sum that cancels, as that of all residuals, has no digit of half precision left."""
    for seed in range(3):
        point = data(seed=seed)
        for one in bp.check_against(LOSS, by_hand(point, np.float16), point).answers:
            assert one.times < 1
            assert one.status == "holds" or "leaves no digit" in one.reason


def one_after_the_other(rest, X):  # noqa: N803
    """Return the sums of a gradient in single precision, as a loop computes them."""
    total = np.zeros(X.shape[1], np.float32)
    for weight, line in zip(rest, X, strict=True):
        total += weight * line
    return total


def test_sums_in_another_order_hold():
    """A loop over 20,000 rows loses more than NumPy does, and more than one rounding a term."""
    point = data(20_000)
    point["X"] = np.abs(point["X"])
    X, w, y = (point[name].astype(np.float32) for name in "Xwy")  # noqa: N806
    rest = X @ w + np.float32(0.3) - y
    looped = np.float32(2 / 20_000) * one_after_the_other(rest, X)
    [one] = bp.check_against(LOSS, {"w": looped}, point).answers
    assert one.status == "holds"


WRONG = {
    "sign": lambda g: -g,
    "factor": lambda g: 2 * g,
    "1/n": lambda g: 40 * g,
    "transposed": lambda g: g.T,
    "one part in 1e9": lambda g: g * (1 + 1e-9),
    "an element": lambda g: np.where(np.arange(g.size).reshape(g.shape) == 1, 0.0, g),
    "not finite": lambda g: np.where(np.arange(g.size).reshape(g.shape) == 1, np.nan, g),
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_gradients_are_wrong(kind):
    point = data()
    [one] = bp.check_against(LOSS, {"X": WRONG[kind](by_hand(point)["X"])}, point).answers
    assert one.status == "wrong"
    told = " ".join(each.text for each in one.diagnosis)
    assert told == {
        "sign": "it looks as if the sign is flipped: the derivative is the claim times -1",
        "factor": "it looks as if the claim is 2 times the derivative",
        "1/n": "it looks as if the claim is 40 times the derivative: X has 40 rows, and the 1/n of "
        "a mean is missing",
        "transposed": "it looks as if the claim is the derivative transposed: write (...).T",
    }.get(kind, "")
    if kind == "an element":
        assert one.element == "X[0,1]"
        assert one.claimed == 0


def test_other_mistakes_are_told():
    """The two gradients that have one shape are mixed up; a broadcast is not summed back."""
    random = np.random.default_rng(1)
    point = {"x": random.standard_normal(6), "z": random.standard_normal(6)}
    found = bp.check_against("sum(sin(x)*z^2)", {"x": 2 * np.sin(point["x"]) * point["z"]}, point)
    assert "the derivative by z, not by x" in found.answers[0].diagnosis[0].text
    line = data()
    found = bp.check_against(LOSS, {"b": -by_hand(line)["y"]}, line)
    assert found.answers[0].reason == "its shape is 40, and the derivative's a number"
    assert "broadcasting is not summed back" in found.answers[0].diagnosis[0].text


def test_single_precision_explains_what_double_does_not():
    """What is right in 7 digits is wrong among doubles; the precision of numbers counts, too."""
    point = data()
    single = by_hand(point, np.float32)["w"]
    [one] = bp.check_against(LOSS, {"w": single}, point).answers
    assert (one.status, one.dtype) == ("holds", "float32")
    [stored] = bp.check_against(LOSS, {"w": single.astype(float)}, point).answers
    assert (stored.status, stored.dtype) == ("holds", "float32")
    assert stored.notes == ["its numbers are float32 ones"]
    moved = single.astype(float) * (1 + 1e-12)
    [double] = bp.check_against(LOSS, {"w": moved}, point).answers
    assert (double.status, double.dtype) == ("wrong", "float64")


def test_cancellation_is_explained():
    """(1 - cos(x))/x^2 at 1e-4 has no right digit in float32, and 0 is as good as any number."""
    [one] = bp.check_against("(1 - cos(x))/x^2", {"x": np.float32(0)}, x=1e-4).answers
    assert one.status == "open"
    assert one.reason == "rounding in float32 leaves no digit of this gradient"
    # d/dx (x - sin(x)) is 1 - cos(x), 5e-9 at 1e-4: doubles keep 8 digits of 1 - cos(x)
    for value, status in ((5e-9 * (1 + 2e-9), "holds"), (5.1e-9, "wrong")):
        [one] = bp.check_against("x - sin(x)", {"x": value}, x=1e-4).answers
        assert one.status == status


def test_no_tolerance_hides_a_small_gradient():
    [one] = bp.check_against("w^2", {"w": 5e-6}, w=5e-8).answers
    assert one.status == "wrong"
    [one] = bp.check_against("w^2", {"w": 1e-7}, w=5e-8).answers
    assert one.status == "holds"


def test_saturated_units_are_as_books_write_them():
    """PyTorch sends g*(1 - out^2) back from tanh, which in float32 has few digits at 6."""
    x = np.float32(6)
    out = np.tanh(x)
    [one] = bp.check_against("tanh(x)", {"x": np.float32(1) - out * out}, x=6).answers
    assert one.status == "holds"


def test_kinks_are_left_open():
    """JAX has the slope 1 of abs at 0."""
    found = bp.check_against("abs(x) + y", {"x": 1.0, "y": 1.0}, x=0, y=3)
    assert [one.status for one in found.answers] == ["open", "holds"]
    assert "a convention" in found.answers[0].reason


@pytest.mark.parametrize(
    ("program", "point", "given", "status", "element"),
    [
        ("sum(relu(x))", {"x": [0, 1, 2]}, [0, 5, 1], "wrong", "x[1]"),
        ("sum(relu(x))", {"x": [0, 1, 2]}, [0.5, 1, 1], "open", "x[0]"),
        ("sum(relu(x))", {"x": [0, 1, 2]}, [np.nan, 1, 1], "open", "x[0]"),
        ("sum(relu(x))", {"x": [0, 1, 2]}, [1, 1, np.nan], "wrong", "x[2]"),
        ("max(x)", {"x": [1, 3, 3]}, [0, 1, 0], "open", "x[2]"),
        ("max(x)", {"x": [1, 3, 3]}, [1, 1, 0], "wrong", "x[0]"),
        ("sum(sort(x)*[1, 2, 3])", {"x": [1, 1, 3]}, [2, 1, 3], "open", "x[0]"),
        ("sum(sort(x)*[1, 2, 3])", {"x": [1, 1, 3]}, [2, 1, 4], "wrong", "x[2]"),
        ("sum(floor(x)*x)", {"x": [1, 0.5, 0]}, [9, 0, 9], "open", "x[2]"),
        ("sum(floor(x)*x)", {"x": [1, 0.5, 0]}, [1, 1, 0], "wrong", "x[1]"),
        ("std(x) + sum(y)", {"y": [3, 4], "x": [1, 1]}, [5, 5], "open", "x[0]"),
        ("relu(2*x[0]) + norm(x[1:3])", {"x": [0, 3, 4]}, [0, 0.8, 0.6], "wrong", "x[1]"),
    ],
)
def test_a_kink_excuses_what_it_moves_alone(program, point, given, status, element):
    """By hand: relu has the slope 1 at 1 and at 2, max the slope 0 where it is not met, a sorted
    element the weight of its place, floor(x)*x the slope 0 at 1/2, and a norm x/|x|."""
    [one] = bp.check_against(program, {"x": np.array(given, float)}, point).answers
    assert (one.status, one.element) == (status, element)


def test_a_kink_of_a_row_excuses_that_row():
    """Row by row: relu(x.w) is at its kink in the first row, and has the slope w in the second."""
    point = {"X": [[1, -1], [1, 2]], "w": [1, 1]}
    for given, status in (([[7, 7], [1, 1]], "open"), ([[0, 0], [1, 2]], "wrong")):
        [one] = bp.check_against("sum(relu(X@w))", {"X": np.array(given, float)}, point).answers
        assert one.status == status


def test_what_overflows_is_left_open():
    found = bp.check_against("log(1 + exp(x))", {"x": np.float16(np.nan)}, x=12)
    assert found.answers[0].reason == "numbers on the way are too large for float16"
    found = bp.check_against("log(1 + exp(x))", {"x": np.float32(np.nan)}, x=12)
    assert found.verdict == "disagrees"


@pytest.mark.parametrize(
    ("program", "point", "given", "status"),
    [
        ("exp(x)", {"x": -110}, 0, "holds"),
        ("exp(x)", {"x": -104}, 1.4e-45, "holds"),
        ("exp(x)", {"x": -110}, 1e-40, "wrong"),
        ("sigmoid(x)", {"x": -110}, 0, "holds"),
        ("x^3", {"x": 1e-30}, 0, "holds"),
        ("x^2", {"x": 1e-30}, 0, "wrong"),  # 2e-30 is a number of float32
        ("x*exp(-200)*exp(y)", {"x": 1, "y": 200}, 0, "open"),  # 1, but for an underflow inside
        ("log(1 + x) - x", {"x": 1e-30}, -1e-30, "open"),  # -x, but 1 + x is 1 in doubles too
        ("log(sum(exp(x)))", {"x": [0, 200, 400]}, [0, 0, 1], "open"),  # exp(200) overflows
    ],
)
def test_a_gradient_that_underflows_is_decided_by_doubles(program, point, given, status):
    """By hand: exp(-110) is 1.7e-48, exp(-104) 6.8e-46, and float32 begins at 1.4e-45."""
    [one] = bp.check_against(program, {"x": np.float32(given)}, point).answers
    assert (one.status, one.dtype) == (status, "float32")


def test_what_grad_prints_or_saves_is_read(tmp_path):
    """Its JSON, and its file of all arrays; 2*x is exact in each precision."""
    report = {"schema": "backprop/report/1", "value": 9, "gradient": {"x": 6}, "dtype": "float32"}
    path = written(tmp_path, json.dumps(report))
    [one] = bp.check_against("x^2", path, x=3).answers
    assert (one.status, one.dtype) == ("holds", "float32")
    for wrong in ({"schema": "backprop/jacobian/1"}, report | {"dtype": "bfloat16"}):
        with pytest.raises(BackpropError, match=r"what jacobian prints|a run in bfloat16"):
            bp.check_against("x^2", written(tmp_path, json.dumps(wrong)), x=3)
    saved = {"value/x": 3, "value/L": 9, "adjoint/x": 6, "adjoint/L": 1, "gradient/x": 6}
    np.savez(tmp_path / "run.npz", **{name: np.float32(one) for name, one in saved.items()})
    [one] = bp.check_against("x^2", str(tmp_path / "run.npz"), x=3).answers
    assert (one.status, one.dtype, one.name) == ("holds", "float32", "x")


def test_what_is_at_a_pole_in_single_precision_is_left_open():
    """tanh(-10) is -1 in float32, where lgamma has a pole: nan is as good as any number."""
    [one] = bp.check_against("lgamma(tanh(x))", {"x": np.float32(np.nan)}, x=-10).answers
    assert one.status == "open"


def test_rtol_is_for_those_who_insist():
    assert bp.check_against("w^2", {"w": 2.01}, w=1).verdict == "disagrees"
    found = bp.check_against("w^2", {"w": 2.01}, w=1, rtol=0.01)
    assert found.verdict == "agrees"
    assert found.answers[0].reason == "by --rtol 0.01, not by what rounding explains"
    assert bp.check_against("w^2", {"w": 2.03}, w=1, rtol=0.01).verdict == "disagrees"


@pytest.mark.parametrize(
    "name", ["w", "dw", "d_dw", "dL_dw", "w.grad", "grad_w", "∂L_∂w", "d_dL_dw"]
)
def test_names(name):
    found = bp.check_against("L = w^3", {name: 12.0}, w=2)
    assert found.verdict == "agrees"
    assert found.answers[0].by == "w"


def test_named_intermediates():
    assert bp.check_against("z = w*x; L = z^2", {"dz": 12.0}, w=2, x=3).verdict == "agrees"


def test_a_plain_name_beside_its_gradient_is_data():
    found = bp.check_against("L = w^3", {"w": 2.0, "dL_dw": 12.0}, w=2)
    assert found.verdict == "agrees"
    assert found.warnings == ["the call: w is taken for data, since its gradient is there too"]
    alone = bp.check_against("L = w^3", {"w": 2.0}, w=2).answers[0]
    assert alone.status == "wrong"
    assert alone.notes[0].startswith("it is the value of w: w alone is taken for its gradient")


@for_each(
    "given, message, hint",
    [
        ({"d_dxx": 1.0}, "the call: 'd_dxx' is no gradient", "did you mean 'd_dx'?"),
        ({"epoch": 1.0}, "'epoch' is no gradient", "d_dw, d_dx"),
        ({"dw": 1.0, "w.grad": 1.0}, "dw and w_grad are both the gradient by w", "leave one out"),
        ({"w": 1j}, "holds complex numbers", "real part"),
        ({}, "holds no numbers", "name the gradients"),
    ],
)
def test_mistakes(given, message, hint):
    with pytest.raises(BackpropError) as caught:
        bp.check_against("w*x", given, w=1, x=2)
    assert message in caught.value.message
    assert hint in caught.value.hint


def written(tmp_path, text):
    path = tmp_path / "grads.json"
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ('{"x": 0.666666666666666630}', "holds"),
        ('{"x": 0.66667}', "holds"),
        ('{"x": 0.66666}', "wrong"),
        ('{"x": 0.6666667, "y": 0.66667}', "holds"),
        ('{"x": 0.6666666666666666, "y": 0.66667}', "inconclusive"),
        ('{"x": 1.0}', "wrong"),
        ('{"x": 1}', "wrong"),
        ('{"x": 0.6666666865348816}', "holds"),
        ('{"x": {"grad": 0.66667}}', "holds"),
        ('{"x": "NaN"}', "wrong"),
    ],
)
def test_digits_that_are_written_count(tmp_path, text, status):
    """The derivative of (x*y)^2/2 is 2/3 both ways where x^2 = 2/3 and y = x; the numbers of JSON
    are known as far as they are written: 0.6666666865348816 is the float32 nearest to 2/3."""
    found = bp.check_against("x/3*2 + 2*y/3", written(tmp_path, text), x=1, y=1)
    words = {"agrees": "holds", "disagrees": "wrong"}
    assert words.get(found.verdict, found.verdict) == status, found.answers[0].as_dict()


def test_files_of_numpy(tmp_path):
    point, path = data(), tmp_path / "g.npz"
    np.savez(path, **{f"{name}.grad": slope for name, slope in by_hand(point).items()})
    assert bp.check_against(LOSS, str(path), point).verdict == "agrees"
    np.save(tmp_path / "one.npy", np.array([2.0, 4.0]))
    lone = str(tmp_path / "one.npy")
    assert bp.check_against("sum(x^2)", lone, x=[1, 2]).verdict == "agrees"
    with pytest.raises(BackpropError, match="holds numbers without a name"):
        bp.check_against("sum(x^2)*y", lone, x=[1, 2], y=1)
    found = bp.check_against(LOSS, [str(path)], point)
    assert json.dumps([one.as_dict() for one in found.answers])


@pytest.mark.slow
def test_random_roundings_of_single_precision_hold():
    """As many programs as seeds: their single-precision passes by NumPy are never called wrong."""
    for seed in range(20):
        random = np.random.default_rng(seed)
        x = random.standard_normal(50).astype(np.float32) * np.float32(2)
        s = np.float32(1) / (np.float32(1) + np.exp(-x))
        slope = s + x * s * (np.float32(1) - s)
        found = bp.check_against("sum(x*sigmoid(x))", {"x": slope}, x=x)
        assert found.verdict == "agrees", (seed, found.answers[0].times)


@pytest.mark.parametrize(
    ("program", "x", "reason"),
    [
        ("norm(x)", [0, 0], "the point is a kink, where a slope is a convention"),
        ("std(x)", [1, 1], "the point is a kink, where a slope is a convention"),
        ("sum(x^2)", [0, 0], ""),  # smooth, and exactly 0
    ],
)
def test_what_is_nan_where_nothing_is_rounded(program, x, reason):
    """JAX has nan for the first two there; all numbers are whole, so rounding explains nothing."""
    found = bp.check_against(program, {"x": np.full(2, np.nan)}, x=x)
    assert found.verdict == ("inconclusive" if reason else "disagrees")
    assert found.answers[0].reason == reason


@pytest.mark.sampled(2)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(
    ("factor", "told"),
    [
        (200, ["200 times the derivative: X has 200 rows, and the 1/n of a mean is missing"]),
        (1 / 200, ["1/200 times the derivative: X has 200 rows, and a 1/n is too many"]),
        (2 / 3, ["2/3 times the derivative"]),
        (1.0371, []),
    ],
)
def test_factors_are_told_as_far_as_a_precision_tells_them(dtype, factor, told):
    """The gradient of a mean of cross entropies of tanh, by hand, is taken so many times."""
    random = np.random.default_rng(3)
    X, W = random.normal(size=(200, 30)), random.normal(size=(30, 5)) / 3  # noqa: N806
    t = random.integers(0, 5, 200)
    out = np.tanh(X @ W)
    slope = np.exp(out) / np.exp(out).sum(axis=1, keepdims=True) - np.eye(5)[t]
    given = (X.T @ ((1 - out * out) * slope / 200) * factor).astype(dtype)
    point = {"X": X, "W": W, "t": t}
    [one] = bp.check_against("cross_entropy(tanh(X@W), t)", {"W": given}, point).answers
    assert one.status == "wrong"
    assert [one.text for one in one.diagnosis] == [
        f"it looks as if the claim is {end}" for end in told
    ]


def test_a_small_difference_in_single_precision_looks_like_nothing():
    """By hand: the gradient of sum(x^3) is 3*x^2; neither sign nor factor of w makes it right."""
    random = np.random.default_rng(4)
    x, w = random.normal(size=2000), random.normal(size=2000)
    given = (3 * x * x + 1e-4 * w).astype(np.float32)
    [one] = bp.check_against("sum(x^3 + 1e-4*w)", {"x": given}, x=x, w=w).answers
    assert (one.status, one.diagnosis) == ("wrong", [])


def test_numbers_of_another_shape_are_the_same_in_single_precision():
    """By hand, the gradient is 2*W."""
    W = np.random.default_rng(5).normal(size=(3, 4))  # noqa: N806
    [one] = bp.check_against("sum(W^2)", {"W": (2 * W).astype(np.float32).ravel()}, W=W).answers
    assert one.reason.endswith("; reshaped, the numbers are the same")
