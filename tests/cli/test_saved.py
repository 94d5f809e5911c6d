"""Files of arrays are written whole, or not at all."""

import errno
import os

import numpy as np
import pytest

from backpropcli.cli.saved import arrays, save
from backpropcli.errors import BackpropError
from backpropcli.language.parse import parse
from backpropcli.modes.gradient import gradient

X = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])


@pytest.fixture
def report():
    return gradient(parse("p = X@w; sum(p^2)"), {"X": X, "w": np.array([1.0, -1.0])})


def test_a_file_has_values_adjoints_and_gradients_by_name(report, tmp_path):
    path = tmp_path / "out.npz"
    save(report, str(path), "npz")
    found = np.load(path)
    assert set(found.files) == {
        *(f"{kind}/{name}" for kind in ("value", "adjoint") for name in ("X", "w", "p", "z1", "L")),
        *("gradient/X", "gradient/w"),
    }
    # by hand: p = X@w is -1 thrice, so the gradient by p is -2 thrice
    assert found["adjoint/p"].tolist() == [-2, -2, -2]
    assert found["gradient/w"].tolist() == [-18, -24]
    assert found["value/L"] == 3
    assert [one.name for one in tmp_path.iterdir()] == ["out.npz"]
    assert path.stat().st_mode & 0o777 == 0o666 & ~_mask()


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_the_file_has_the_precision_of_the_run(dtype):
    from backpropcli.api import gradient as run

    found = arrays(run("sum(x^2)", x=[1.0, 3.0], dtype=None if dtype == "float64" else dtype))
    assert {one.dtype.name for one in found.values()} == {dtype}


def _mask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_what_cannot_be_written_leaves_the_file_that_was_there(report, tmp_path, monkeypatch):
    path = tmp_path / "out.npz"
    path.write_text("before")

    def full(_file):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BackpropError, match="No space left on device"):
        save(report, str(path), "npz")
    assert path.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["out.npz"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (".", "is a directory"),
        ("none/out.npz", "No such file"),
        ("/dev/null", "is a device"),
        ("x" * 300, "File name too long"),
    ],
)
def test_a_path_that_is_no_file_is_told(report, tmp_path, path, words):
    with pytest.raises(BackpropError, match=words):
        save(report, str(tmp_path / path), "npz")


@pytest.mark.parametrize(
    ("path", "hint"),
    [("out.safetensors", "write --safetensors "), ("out.foo", "name it with .npz")],
)
def test_the_name_of_another_format_is_refused(report, tmp_path, path, hint):
    with pytest.raises(BackpropError) as told:
        save(report, str(tmp_path / path), "npz")
    assert told.value.hint.startswith(hint)
    assert not [*tmp_path.iterdir()]


def test_a_link_stays_a_link(report, tmp_path):
    (tmp_path / "real.npz").write_text("before")
    (tmp_path / "link.npz").symlink_to("real.npz")
    save(report, str(tmp_path / "link.npz"), "npz")
    assert (tmp_path / "link.npz").is_symlink()
    assert np.load(tmp_path / "real.npz")["value/L"] == 3


def test_an_extra_that_is_missing_is_named(report, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "safetensors.numpy", None)
    with pytest.raises(BackpropError) as told:
        save(report, str(tmp_path / "out.safetensors"), "safetensors")
    assert "pip install 'backpropcli[files]'" in told.value.hint
