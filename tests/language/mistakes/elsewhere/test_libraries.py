"""What is written for another library's call finds what the library finds there."""

from __future__ import annotations

import json

import pytest

import backpropcli
from backpropcli.language.mistakes.repair import repaired
from tests.each import for_each
from tests.language.mistakes.elsewhere.libraries import AT, DATA, TEXTS
from tests.reference import mistake

STORED = {row["text"]: row["values"] for row in json.loads(DATA.read_text(encoding="utf-8"))}
OPEN = {
    "np.percentile(x, 50)",
    "np.linalg.norm(A, 2)",
    "torch.split(A, 1)",
    "A.split(1)",
    "np.sum(np.exp(x[x > 0]))",
}
"""What nothing here means: it is not corrected."""


def values_at():
    """Return the values as a command line has them: arrays."""
    import numpy as np

    return {name: np.array(value) for name, value in AT.items()}


def leaves(value):
    """Return the shape of a value and its numbers, in order."""
    import numpy as np

    return np.shape(value), np.ravel(np.asarray(value, dtype=float)).tolist()


def test_the_data_are_those_of_the_texts():
    assert [*STORED] == [*TEXTS]
    assert all(STORED.values())


@pytest.mark.slow
@for_each("text", TEXTS)
def test_a_corrected_call_means_what_its_library_means(text):
    """By NumPy, PyTorch, SciPy and JAX: ``libraries.py`` wrote it down."""
    programs = repaired(mistake(text, values_at()), values_at())
    if text in OPEN:
        assert not programs
        return
    found = [leaves(backpropcli.value(program, AT)) for program in programs]
    wanted = [leaves(value) for value in STORED[text]]
    assert len(found) == len(wanted)
    for (shape, numbers), (known, expected) in zip(found, wanted, strict=True):
        assert shape == known
        assert numbers == pytest.approx(expected, rel=1e-12, abs=1e-14)


@for_each(
    "text, hint",
    [
        ("x.std()", "write std(x) for NumPy or std(x, ddof=1) for PyTorch"),
        ("x.repeat(2)", "write repeat(x, 2) for NumPy or tile(x, 2) for PyTorch"),
        ("A.max(1)[0]", "write max(A, axis=1)[0] for NumPy or max(A, axis=1) for PyTorch"),
        ("A.mm(B)", "write A@B"),
        ("A.sum(0)", "write sum(A, axis=0)"),
        ("x.clamp(min=0)", "write max(x, 0)"),
        ("A.norm(p=1)", "write norm(A, ord=1)"),
        ("np.linalg.norm(v, 2)", "write norm(v) for a vector; for a matrix it is another function"),
        (
            "np.linalg.norm(v, 1)",
            "write norm(v, 1) for a vector or max(sum(abs(v), axis=0)) for a matrix",
        ),
        ("mean(x[x > 0])", "write sum(where(x > 0, x, 0))/sum(x > 0)"),
    ],
)
def test_a_hint_says_whose_reading_it_is(text, hint):
    assert mistake(text).hint == hint


def test_a_function_of_tensorflow_has_its_own_defaults():
    """By the documentation of TensorFlow 2: cumsum goes along axis 0, an axis has no name."""
    for text, written in {
        "tf.reduce_max(A, 1)": "max(A, axis=1)",
        "reduce_max(A, 1)": "max(A, axis=1)",
        "tf.cumsum(A)": "cumsum(A, axis=0)",
        "tf.math.reduce_std(A, 0)": "std(A, axis=0)",
        "tf.nn.leaky_relu(x)": "leaky_relu(x, 0.2)",
        "tf.nn.l2_loss(x)": "sum(x^2)/2",
        "tf.clip_by_value(x, 0, 1)": "clip(x, 0, 1)",
    }.items():
        assert repaired(mistake(text)) == [written]


@pytest.mark.parametrize(
    "text",
    [
        "np.average(weights=p)", "torch.chunk()", "torch.chunk(parts=2)", "torch.chunk(x)",
        "torch.chunk(x, 0)", "torch.chunk(x, 2, (0, 1))", "np.take(axis=0)", "x.chunk(dim=0)",
    ],
)  # fmt: skip
def test_a_call_that_lacks_its_arguments_is_explained(text):
    assert mistake(text, values_at()).hint
