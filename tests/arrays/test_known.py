"""Derivatives of arrays that stand in print, or follow from a formula that does."""

from __future__ import annotations

import numpy as np
import pytest
from mpmath import mp

import backpropcli as bp
from tests.each import for_each

pytestmark = pytest.mark.usefixtures("here")

CLOSE = {"rel": 1e-12, "abs": 1e-13}


def drawn(*shape, seed=0):
    return np.random.default_rng([seed, *shape]).normal(size=shape)


def definite(size):
    root = drawn(size, size)
    return root @ root.T + np.eye(size)


def gradient(text, wrt=(), **at):
    return bp.gradient(text, at, wrt=wrt).gradient


def jacobian(text, wrt, **at):
    """Return the Jacobian: the value's elements by the variable's, both in row-major order."""
    return np.array(bp.jacobian(text, at, wrt=[wrt]).matrix)


def close(found, expected):
    assert np.shape(found) == np.shape(expected)
    assert found == pytest.approx(np.asarray(expected, float), **CLOSE)


# Deisenroth, Faisal, Ong: "Mathematics for Machine Learning", section 5.4, gradients of matrices


def test_a_product_with_a_vector_by_the_vector_and_by_the_matrix():
    """Examples 5.9 and 5.12: df/dx is A; in df/dA row i of block i is x^T, and all else is 0."""
    A, x = drawn(2, 3), drawn(3)  # noqa: N806 (the book's letters)
    close(jacobian("A@x", "x", A=A, x=x), A)
    blocks = np.zeros((2, 2, 3))
    blocks[0, 0] = blocks[1, 1] = x
    close(jacobian("A@x", "A", A=A, x=x), blocks.reshape(2, 6))


def test_a_gram_matrix():
    """Example 5.13, K = R^T R by R, with its four cases."""
    R = drawn(3, 2)  # noqa: N806
    expected = np.zeros((2, 2, 3, 2))
    for p, q, i, j in np.ndindex(expected.shape):
        if j == p == q:
            expected[p, q, i, j] = 2 * R[i, q]
        elif j == p:
            expected[p, q, i, j] = R[i, q]
        elif j == q:
            expected[p, q, i, j] = R[i, p]
    close(jacobian("R.T@R", "R", R=R), expected.reshape(4, 6))


# Lecture notes


def test_a_product_of_matrices():
    """Johnson, "Backpropagation for a Linear Layer" (CS231n): dX = dY W^T and dW = X^T dY."""
    X, W, dY = drawn(4, 3), drawn(3, 2), drawn(4, 2)  # noqa: N806
    found = gradient("sum((X@W)*dY)", X=X, W=W, dY=dY, wrt="X,W")
    close(found["X"], dY @ W.T)
    close(found["W"], X.T @ dY)


def test_softmax_and_cross_entropy_in_a_network_of_three_layers():
    """Bishop, "Pattern Recognition and Machine Learning", (5.18), (5.54) to (5.56)."""
    text = """
        z0 = W0@x + b0
        h0 = sigmoid(z0)
        z1 = W1@h0 + b1
        h1 = sigmoid(z1)
        z2 = W2@h1 + b2
        L = -sum(y*log(softmax(z2)))
    """
    at = {"x": drawn(3), "y": [0, 0, 1, 0]}
    for layer, (rows, columns) in enumerate([(5, 3), (4, 5), (4, 4)]):
        at |= {f"W{layer}": drawn(rows, columns), f"b{layer}": drawn(rows, seed=1)}
    found = gradient(text, "z2,W2,b2,z1,W1,z0,W0,x", **at)

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    h0 = sigmoid(at["W0"] @ at["x"] + at["b0"])
    h1 = sigmoid(at["W1"] @ h0 + at["b1"])
    scores = np.exp(at["W2"] @ h1 + at["b2"])
    d2 = scores / scores.sum() - at["y"]
    d1 = h1 * (1 - h1) * (at["W2"].T @ d2)
    d0 = h0 * (1 - h0) * (at["W1"].T @ d1)
    expected = {"z2": d2, "b2": d2, "z1": d1, "z0": d0, "x": at["W0"].T @ d0}
    expected |= {"W2": np.outer(d2, h1), "W1": np.outer(d1, h0), "W0": np.outer(d0, at["x"])}
    for name, slope in expected.items():
        close(found[name], slope)


LINEAR = {"x": drawn(20, 10), "W": drawn(5, 10), "b": drawn(5)}
RULE = "rule mine(x, W, b) = adjoint@W, adjoint.T@x, sum(adjoint, axis=0)"


@pytest.mark.parametrize("head", ["", f"def mine(x, W, b) = x@W.T + b; {RULE}; "])
def test_a_linear_layer(head):
    """PyTorch's "Extending PyTorch": the three gradients of its LinearFunction."""
    g = drawn(20, 5)
    call = f"{head}sum(g*{'mine' if head else 'linear'}(x, W, b))"
    found = gradient(call, "x,W,b", g=g, **LINEAR)
    close(found["x"], g @ LINEAR["W"])
    close(found["W"], g.T @ LINEAR["x"])
    close(found["b"], g.sum(0))


def checked(rule, **at):
    text = f"def mine(x, W, b) = x@W.T + b; rule mine(x, W, b) = {rule}; sum(mine(x, W, b)^2)"
    return bp.check(text, at, timeout=60).verdict


@pytest.mark.slow
def test_the_check_holds_a_rule_of_matrices_against_the_function():
    """The layer's own rule passes; with a sign, a transpose or an axis wrong it does not."""
    at = {"x": drawn(2, 2), "W": drawn(2, 2, seed=1), "b": drawn(2)}
    right = ["adjoint@W", "adjoint.T@x", "sum(adjoint, axis=0)"]
    assert checked(", ".join(right), **at) == "agrees"
    for place, wrong in enumerate(["adjoint@W.T", "-adjoint.T@x", "sum(adjoint, axis=1)"]):
        rule = [wrong if at_ == place else one for at_, one in enumerate(right)]
        assert checked(", ".join(rule), **at) != "agrees", wrong


def test_the_jacobian_of_softmax():
    """Bishop, (4.106): diag(s) - s s^T."""
    x = drawn(4)
    s = np.exp(x) / np.exp(x).sum()
    close(jacobian("softmax(x)", "x", x=x), np.diag(s) - np.outer(s, s))


# Giles, "An extended collection of matrix derivative results", section 2


def test_the_solution_of_linear_equations():
    """2.3.1: with C = A^-1 B, the adjoints are A^-T C' and -A^-T C' C^T."""
    A, B, g = definite(3) + np.triu(drawn(3, 3)), drawn(3, 2), drawn(3, 2, seed=1)  # noqa: N806
    found = gradient("sum(g*solve(A, B))", "A,B", A=A, B=B, g=g)
    close(found["B"], np.linalg.inv(A).T @ g)
    close(found["A"], -np.linalg.inv(A).T @ g @ (np.linalg.inv(A) @ B).T)


def test_the_logarithm_of_a_determinant():
    A = definite(4)  # noqa: N806
    close(gradient("logdet(A)", A=A)["A"], np.linalg.inv(A).T)
    negative = gradient("sum(logdet(A))", A=[[[1, 0], [0, 2]], [[-1, 0], [0, 2]]])["A"]
    assert np.isnan(negative).tolist() == [[[False] * 2] * 2, [[True] * 2] * 2]  # as of log(-2)


# Petersen and Pedersen, "The Matrix Cookbook", 2012, sections 2.1 to 2.7

X, Y = drawn(3, 3), drawn(3, 2)
A, B, C, S = drawn(3, 3, seed=1), drawn(3, 3, seed=2), drawn(3, 3, seed=3), definite(3)
a, b = drawn(3), drawn(3, seed=1)
POINT = {"X": X, "Y": Y, "A": A, "B": B, "C": C, "S": S, "a": a, "b": b, "I": np.eye(3)}
XI = np.linalg.inv(X)
COOKBOOK = [
    # Determinants
    ("det(X)", np.linalg.det(X) * XI.T),
    ("det(A@X@B)", np.linalg.det(A @ X @ B) * XI.T),
    ("det(X.T@S@X)", 2 * np.linalg.det(X.T @ S @ X) * XI.T),
    ("logdet(X.T@X)", 2 * np.linalg.pinv(X).T),
    ("log(abs(det(X)))", XI.T),
    ("det(X)^3", 3 * np.linalg.det(X) ** 3 * XI.T),
    # The inverse
    ("a@inv(X)@b", -XI.T @ np.outer(a, b) @ XI.T),
    ("det(inv(X))", -np.linalg.det(XI) * XI.T),
    ("trace(A@inv(X)@B)", -(XI @ B @ A @ XI).T),
    ("trace(inv(X + A))", -(np.linalg.inv(X + A) @ np.linalg.inv(X + A)).T),
    # Forms
    ("a@X@b", np.outer(a, b)),
    ("a@X.T@b", np.outer(b, a)),
    ("sum(X)^2", 2 * X.sum() * np.ones((3, 3))),
    ("a@X.T@X@b", X @ (np.outer(a, b) + np.outer(b, a))),
    ("a@X.T@C@X@b", C.T @ X @ np.outer(a, b) + C @ X @ np.outer(b, a)),
    ("(X@a + b)@C@(X@a + b)", (C + C.T) @ np.outer(X @ a + b, a)),
    ("a@X@X@b", np.outer(a, X @ b) + np.outer(X.T @ a, b)),
    # Traces
    ("trace(X)", np.eye(3)),
    ("trace(X@A)", A.T),
    ("trace(A@X@B)", A.T @ B.T),
    ("trace(A@X.T@B)", B @ A),
    ("trace(X.T@A)", A),
    ("trace(kron(A, X))", np.trace(A) * np.eye(3)),
    ("trace(X@X)", 2 * X.T),
    ("trace(X@X@B)", (X @ B + B @ X).T),
    ("trace(X.T@B@X)", B @ X + B.T @ X),
    ("trace(A@X@B@X)", A.T @ X.T @ B.T + B.T @ X.T @ A.T),
    ("trace(A@X@B@X.T@C)", A.T @ C.T @ X @ B.T + C @ A @ X @ B),
    ("trace((A@X@B + C)@(A@X@B + C).T)", 2 * A.T @ (A @ X @ B + C) @ B.T),
    ("trace(X@X@X)", 3 * (X @ X).T),
    # Norms
    ("norm(X)^2", 2 * X),
]  # fmt: skip


@for_each("text, expected", COOKBOOK)
def test_the_matrix_cookbook_by_x(text, expected):
    at = {name: value for name, value in POINT.items() if name in bp.parse(text).variables}
    assert gradient(text, "X", **at)["X"] == pytest.approx(expected, rel=1e-10, abs=1e-11)


def test_the_matrix_cookbook_by_what_is_no_square_matrix():
    """A determinant with a tall matrix, quadratic forms, and norms of vectors."""
    inner = np.linalg.inv(Y.T @ S @ Y)
    close(
        gradient("det(Y.T@S@Y)", "Y", Y=Y, S=S)["Y"],
        2 * np.linalg.det(Y.T @ S @ Y) * S @ Y @ inner,
    )
    close(gradient("a@B@a", "a", a=a, B=B)["a"], (B + B.T) @ a)
    rest = b - A @ a
    found = gradient("(x - A@s)@W@(x - A@s)", "x,s,A", x=b, A=A, s=a, W=S)
    close(found["s"], -2 * A.T @ S @ rest)
    close(found["x"], 2 * S @ rest)
    close(found["A"], -2 * np.outer(S @ rest, a))
    close(gradient("norm(a - b)", "a", a=a, b=b)["a"], (a - b) / np.linalg.norm(a - b))
    unit = (a - b) / np.linalg.norm(a - b)
    expected = (np.eye(3) - np.outer(unit, unit)) / np.linalg.norm(a - b)
    close(jacobian("(a - b)/norm(a - b)", "a", a=a, b=b), expected)


# Networks that are worked out in public


def test_the_network_of_mazur():
    """Mazur, "A Step by Step Backpropagation Example", 2015: the numbers as printed there."""
    text = """
        net = W1@i + b1
        h = sigmoid(net)
        o = sigmoid(W2@h + b2)
        E = (target - o)^2/2
        total = sum(E)
    """
    at = {"W1": [[0.15, 0.2], [0.25, 0.3]], "W2": [[0.4, 0.45], [0.5, 0.55]]}
    at |= {"i": [0.05, 0.1], "b1": 0.35, "b2": 0.6, "target": [0.01, 0.99]}
    names = {"net": 0, "h": 1, "o": 2, "E": 3}
    lines = text.strip().splitlines()
    printed = {
        "net": [0.3775, None],
        "h": [0.593269992, 0.596884378],
        "o": [0.75136507, 0.772928465],
        "E": [0.274811083, 0.023560026],
    }
    for name, numbers in printed.items():
        head = "\n".join(lines[: names[name] + 1])
        needed = {key: at[key] for key in bp.parse(head).variables}
        for number, found in zip(numbers, bp.value(head, needed), strict=True):
            assert number is None or found == pytest.approx(number, abs=1e-9)
    found = bp.gradient(text, at, wrt="W1,W2,h")
    assert found.value == pytest.approx(0.298371109, abs=1e-9)
    assert found.gradient["W2"][0, 0] == pytest.approx(0.082167041, abs=1e-9)
    assert found.gradient["W1"][0, 0] == pytest.approx(0.000438568, abs=1e-9)
    assert found.gradient["h"][0] == pytest.approx(0.036350306, abs=1e-9)
    for name, after in {
        "W1": [[0.149780716, 0.19956143], [0.24975114, 0.29950229]],
        "W2": [[0.35891648, 0.408666186], [0.511301270, 0.561370121]],
    }.items():
        moved = np.array(at[name]) - 0.5 * found.gradient[name]
        assert moved == pytest.approx(np.array(after), abs=6e-9)


MAKEMORE = """
    emb = C[Xb]
    embcat = reshape(emb, 4, 6)
    hprebn = embcat@W1 + b1
    bnmeani = sum(hprebn, axis=0, keepdims=True)/4
    bndiff = hprebn - bnmeani
    bndiff2 = bndiff^2
    bnvar = sum(bndiff2, axis=0, keepdims=True)/3
    bnvar_inv = (bnvar + 1e-5)^(-0.5)
    bnraw = bndiff*bnvar_inv
    hpreact = bngain*bnraw + bnbias
    h = tanh(hpreact)
    logits = h@W2 + b2
    logit_maxes = max(logits, axis=1, keepdims=True)
    norm_logits = logits - logit_maxes
    counts = exp(norm_logits)
    counts_sum = sum(counts, axis=1, keepdims=True)
    counts_sum_inv = counts_sum^(-1)
    probs = counts*counts_sum_inv
    logprobs = log(probs)
    loss = -mean(logprobs[[0, 1, 2, 3], Yb])
"""


def makemore(C, Xb, Yb, W1, b1, bngain, bnbias, W2, b2):  # noqa: N803, PLR0913
    """Return all adjoints, by hand: the lecture's notebook, "Becoming a Backprop Ninja"."""
    n = len(Xb)
    emb = C[Xb]
    embcat = emb.reshape(n, -1)
    hprebn = embcat @ W1 + b1
    bnmeani = hprebn.sum(0, keepdims=True) / n
    bndiff = hprebn - bnmeani
    bnvar = (bndiff**2).sum(0, keepdims=True) / (n - 1)
    bnvar_inv = (bnvar + 1e-5) ** -0.5
    bnraw = bndiff * bnvar_inv
    h = np.tanh(bngain * bnraw + bnbias)
    logits = h @ W2 + b2
    counts = np.exp(logits - logits.max(1, keepdims=True))
    counts_sum = counts.sum(1, keepdims=True)
    counts_sum_inv = counts_sum**-1.0
    probs = counts * counts_sum_inv
    d = {"logprobs": np.zeros_like(probs)}
    d["logprobs"][range(n), Yb] = -1 / n
    d["probs"] = d["logprobs"] / probs
    d["counts_sum_inv"] = (counts * d["probs"]).sum(1, keepdims=True)
    d["counts_sum"] = -(counts_sum**-2.0) * d["counts_sum_inv"]
    d["counts"] = counts_sum_inv * d["probs"] + np.ones_like(counts) * d["counts_sum"]
    d["norm_logits"] = counts * d["counts"]
    d["logit_maxes"] = -d["norm_logits"].sum(1, keepdims=True)
    d["logits"] = d["norm_logits"].copy()
    d["logits"] += np.eye(probs.shape[1])[logits.argmax(1)] * d["logit_maxes"]
    d["h"] = d["logits"] @ W2.T
    d["W2"] = h.T @ d["logits"]
    d["b2"] = d["logits"].sum(0)
    d["hpreact"] = (1 - h**2) * d["h"]
    d["bngain"] = (bnraw * d["hpreact"]).sum(0, keepdims=True)
    d["bnbias"] = d["hpreact"].sum(0, keepdims=True)
    d["bnraw"] = bngain * d["hpreact"]
    d["bnvar_inv"] = (bndiff * d["bnraw"]).sum(0, keepdims=True)
    d["bnvar"] = -0.5 * (bnvar + 1e-5) ** -1.5 * d["bnvar_inv"]
    d["bndiff2"] = np.ones_like(bndiff) / (n - 1) * d["bnvar"]
    d["bndiff"] = bnvar_inv * d["bnraw"] + 2 * bndiff * d["bndiff2"]
    d["bnmeani"] = -d["bndiff"].sum(0, keepdims=True)
    d["hprebn"] = d["bndiff"] + np.ones_like(hprebn) / n * d["bnmeani"]
    d["embcat"] = d["hprebn"] @ W1.T
    d["W1"] = embcat.T @ d["hprebn"]
    d["b1"] = d["hprebn"].sum(0)
    d["emb"] = d["embcat"].reshape(emb.shape)
    d["C"] = np.zeros_like(C)
    for place in np.ndindex(Xb.shape):
        d["C"][Xb[place]] += d["emb"][place]
    return d


def test_the_batch_norm_network_of_makemore_with_all_its_intermediates():
    at = {"C": drawn(5, 2), "W1": drawn(6, 3), "b1": drawn(3), "W2": drawn(3, 5), "b2": drawn(5)}
    at |= {"bngain": drawn(1, 3), "bnbias": drawn(1, 3, seed=1)}
    at |= {
        "Xb": np.array([[0, 1, 2], [3, 0, 4], [1, 1, 0], [2, 4, 3]]),
        "Yb": np.array([1, 4, 0, 2]),
    }
    expected = makemore(**at)
    assert len(expected) == 26
    found = gradient(MAKEMORE, [*expected], **at)
    for name, slope in expected.items():
        assert np.shape(found[name]) == np.shape(slope), name
        assert found[name] == pytest.approx(slope, rel=1e-9, abs=1e-12), name


# Special points


def test_the_determinant_of_a_singular_matrix():
    """By its cofactors: d - c, -b, a."""
    close(gradient("det(A)", A=[[1, 2], [2, 4]])["A"], [[4, -2], [-2, 1]])
    close(gradient("det(A)", A=[[0, 0], [0, 0]])["A"], [[0, 0], [0, 0]])


@pytest.mark.parametrize(
    ("x", "expected"),
    [([2, 0, 3], [0, 6, 0]), ([2, 0, 0], [0, 0, 0]), ([0, 2, 3, 5], [30, 0, 0, 0])],
)
def test_a_product_with_zeros(x, expected):
    """Each slope is the product of all others."""
    close(gradient("prod(x)", x=x)["x"], expected)


@pytest.mark.parametrize(
    ("text", "x"), [("norm(x)", [0, 0]), ("std(x)", [3, 3, 3]), ("norm(x, ord=1)", [0, 0])]
)
def test_a_distance_has_slope_0_where_it_is_0(text, x):
    """The subgradient of least norm, as PyTorch takes; and the kink is told."""
    found = bp.gradient(text, x=x)
    close(found.gradient["x"], np.zeros(len(x)))
    assert found.kinks


@pytest.mark.parametrize("x", [[1e200, 1e-200], [1e155, -1e155], [1e-200, 3e-200], [2e-320, 0]])
def test_a_standard_deviation_of_huge_and_tiny_numbers(x):
    """Of two numbers it is half of their distance: no square is in the way, and no kink."""
    found = bp.gradient("std(x)", x=x)
    assert found.value == pytest.approx(abs(x[0] - x[1]) / 2, rel=1e-15, abs=5e-324)
    side = 0.5 if x[0] > x[1] else -0.5
    assert found.gradient["x"] == pytest.approx(np.array([side, -side]), rel=1e-3)
    assert not found.kinks
    assert not found.causes


def test_equal_elements_deviate_by_0():
    """Their mean may be another number by rounding: 0.1 + 0.1 + 0.1 is 0.3 and a bit."""
    found = bp.gradient("std(x)", x=[0.1, 0.1, 0.1])
    assert found.value == 0
    assert found.kinks


def test_the_branch_not_taken_by_element():
    found = gradient("sum(where(x > 0, sqrt(x), 0))", x=[-1, 0, 4])
    close(found["x"], [0, 0, 0.25])


@pytest.mark.parametrize("rest", [20, 30, 40, 700])
def test_log_softmax_near_probability_1_keeps_its_digits(rest):
    """In 50 digits: -log(1 + exp(-rest)), whose slope by the other input is -1/(1 + exp(rest))."""
    with mp.workdps(50):
        value = float(-mp.log1p(mp.exp(-rest)))
        slope = float(-1 / (1 + mp.exp(rest)))
    assert bp.value("log_softmax(x)[0]", x=[0, -rest]) == pytest.approx(value, rel=1e-15, abs=0)
    found = gradient("log_softmax(x)[0]", x=[0, -rest])["x"]
    assert found[1] == pytest.approx(slope, rel=4e-15, abs=0)  # exp of -30.000 rounds


@pytest.mark.parametrize(
    ("place", "at", "expected"),
    [
        # det = a*d - b*c
        ("0,0", [[1, 2], [2, 4]], [[0, 0], [0, 1]]),
        # JAX 0.10.2, jax.grad twice of the sum over permutations
        ("0,1", [[1, 2, 3], [2, 4, 6], [1, 0, 1]], [[0, 0, 0], [-1, 0, 1], [6, 0, -2]]),
    ],
)
def test_second_derivatives_of_a_singular_determinant(place, at, expected):
    found = bp.gradient(f"diff(det(A), A)[{place}]", A=at)
    assert np.allclose(found.gradient["A"], expected, rtol=0, atol=1e-14)
    assert not found.causes
    assert bp.verdict(found).verdict == "agrees"


@pytest.mark.parametrize("odd", [np.inf, np.nan])
def test_the_determinant_of_what_is_not_finite_spoils_its_own_matrix_only(odd):
    """That of [[1, 2], [3, 4]] has the cofactors [[4, -3], [-2, 1]]."""
    x = np.array([[[odd, 1.0], [1.0, 2.0]], [[1.0, 2.0], [3.0, 4.0]]])
    found = gradient("sum(det(x))", x=x)["x"]
    assert np.isnan(found[0]).all()
    close(found[1], [[4.0, -3.0], [-2.0, 1.0]])


@pytest.mark.parametrize(
    ("text", "slopes"),
    [
        ("trace((X + 2*X) + (A + B))", {"X": 3, "A": 1, "B": 1}),
        ("trace((A + X) + (A + B))", {"A": 2, "X": 1, "B": 1}),
        ("trace((X - A) + (X + (B - A)))", {"X": 2, "A": -2, "B": 1}),
        ("trace(A + (B + (A + X)) + X)", {"A": 2, "B": 1, "X": 2}),
    ],
)
def test_what_two_sums_are_handed_is_not_added_to(text, slopes):
    """By hand: the trace of a sum sends as many identities to a matrix as it stands there."""
    found = bp.gradient(text, {name: np.ones((3, 3)) for name in slopes})
    for name, slope in slopes.items():
        np.testing.assert_array_equal(found.gradient[name], slope * np.eye(3))


@pytest.mark.parametrize("text", ["relu(x) + relu(x)", "(x + 1) + (x + 1)", "2*x - -(2*x)"])
def test_what_an_operation_takes_twice_is_given_up_once(text):
    """By hand, at positive numbers: 2, 2 and 4; an array of this size gives its memory up."""
    found = bp.gradient(f"sum({text})", {"x": np.ones(1 << 12)})
    np.testing.assert_array_equal(found.gradient["x"], np.full(1 << 12, 4.0 if "-" in text else 2))


def test_what_is_rolled_may_be_a_number():
    """By hand: a number stays where it is, and the slope of the sigmoid at 0 is 1/4."""
    assert bp.gradient("sigmoid(roll(s, 1))", s=0).gradient["s"] == 0.25
