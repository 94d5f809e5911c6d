"""Arrays in files: what NumPy and other libraries write is read back, or refused in a sentence."""

from __future__ import annotations

import io
import json
import os
import pickle
import sys
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest

from backpropcli.calculus import bindings
from backpropcli.calculus.bindings.stored import split
from backpropcli.errors import BackpropError, SourceError
from tests.each import for_each

X = np.array([[1.5, 2, -0.25], [4, 5e300, 6]])


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(name, data):
    Path(name).write_bytes(data if isinstance(data, bytes) else data.encode())


def point(*words, single=False, **files):
    settings = bindings.Settings(single=single, optional=True)
    return bindings.merged("x", "", files.get("files", {}), list(words), settings)


def refusal(word):
    """Return the error of a value; it points at the value, and says what to do."""
    with pytest.raises(SourceError) as caught:
        point(word)
    error = caught.value
    assert error.source[error.start : error.end] == word.partition("=")[2]
    assert error.hint
    return error.message, error.hint


def header(shape, descr="<f8"):
    file = io.BytesIO()
    fields = {"descr": descr, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, fields)
    return file.getvalue()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("data.npy", ("data.npy", "")),
        ("a.b/data.npz:layer.w", ("a.b/data.npz", "layer.w")),
        ("f.csv:a, b", ("f.csv", "a, b")),
        ("a:b.csv:c:d", ("a:b.csv", "c:d")),
        ("/dev/fd/63", ("/dev/fd/63", "")),
        ("-:w", ("-", "w")),
        ("C:/x.NPY", ("C:/x.NPY", "")),
    ],
)
def test_a_path_and_a_part(text, parts):
    assert split(text) == parts


# .npy and .npz


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("kind", [">f8", "<f8"])
def test_npy(order, kind):
    np.save("data.npy", np.asarray(X, dtype=kind, order=order))
    found = point("x=@data.npy")
    np.testing.assert_array_equal(found["x"], X)
    assert found["x"].dtype == np.dtype(float)
    assert found.origins == {"x": "data.npy"}
    assert found.notes == []


def test_a_number_in_a_file_is_a_number():
    np.save("data.npy", np.array(3.5))
    assert point("x=@data.npy") == {"x": 3.5}
    assert type(point("x=@data.npy")["x"]) is float


@pytest.mark.parametrize(
    ("array", "told"),
    [
        (np.array([1, 2]), ""),
        (np.array([True, False]), ""),
        (np.array([2**53 + 1]), "whole numbers above 2^53"),
        (np.array([0.1], dtype=np.float32), "x is stored as float32, and is float64 here; --dtype"),
        (np.array([0.1], dtype=np.float16), "x is stored as float16, and is float64 here"),
        (np.array([0.1], dtype=np.longdouble), "is rounded to float64"),
    ],
)
def test_numbers_become_doubles_and_a_change_is_noted(array, told):
    np.save("data.npy", array)
    found = point("x=@data.npy")
    np.testing.assert_array_equal(found["x"], array.astype(float))
    assert [told in note for note in found.notes] == [True] * bool(told)


def test_whole_numbers_that_single_precision_does_not_have_are_noted():
    """By hand: 2^24 + 1 is the first one."""
    for largest, noted in ((2**24, False), (2**24 + 1, True)):
        np.save("data.npy", np.array([largest]))
        notes = point("x=@data.npy", single=True).notes
        told = "x has whole numbers above 2^24, which are rounded to float32"
        assert notes == [told] * noted


def test_whole_numbers_of_safetensors_are_noted():
    save_file = pytest.importorskip("safetensors.numpy").save_file
    save_file({"n": np.array([2**53 + 1]), "m": np.array([2**53])}, "f.safetensors")
    assert "above 2^53" in point("x=@f.safetensors:n").notes[0]
    assert not point("x=@f.safetensors:m").notes


def test_single_precision_stays_where_it_is_asked_for():
    np.save("data.npy", np.array([0.1], dtype=np.float32))
    found = point("x=@data.npy", single=True)
    assert found["x"].dtype == np.float32
    assert found.notes == []


def test_npz():
    np.savez_compressed("data.npz", X=X, **{"layer.w": np.zeros(100_000)})
    np.savez("one.npz", X)
    np.testing.assert_array_equal(point("x=@data.npz:X")["x"], X)
    assert point("x=@data.npz:layer.w")["x"].shape == (100_000,)
    np.testing.assert_array_equal(point("x=@one.npz")["x"], X)
    assert refusal("x=@data.npz") == (
        "'data.npz' holds 2 arrays: X, layer.w",
        "name one: @data.npz:X",
    )
    assert refusal("x=@data.npz:layer.v") == (
        "'data.npz' has no array 'layer.v'",
        "did you mean 'layer.w'?",
    )


def test_an_npz_binds_all_its_names_and_reads_those_that_are_used():
    np.savez("batch.npz", x=X, y=np.array(["text"]), **{"layer.w": np.ones(2)})
    files = {"batch.npz": bindings.file_bindings("batch.npz")}
    found = bindings.merged("x*layer_w", "", files, [])
    assert {*found} == {"x", "layer_w"}
    assert found.origins == {"x": "batch.npz:x", "layer_w": "batch.npz:layer.w"}
    with pytest.raises(BackpropError, match=r"y in 'batch\.npz' holds texts"):
        bindings.merged("x*y", "", files, [])


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.array([1j]), "holds complex numbers"),
        (np.array(["a"]), "holds texts"),
        (np.array(["2020-01-01"], dtype="M8[D]"), "holds dates"),
        (np.zeros(2, dtype=[("a", float)]), "holds records"),
        (np.zeros((0, 3)), "is empty (0x3)"),
    ],
)
def test_what_holds_no_real_numbers(array, said):
    np.save("data.npy", array)
    assert said in refusal("x=@data.npy")[0]


class Trap:
    """What a pickle runs when it is read."""

    def __reduce__(self):
        return os.mkdir, ("trapped",)


@pytest.mark.parametrize("name", ["m.pkl", "m.pickle", "m.joblib", "m.pt", "m.pth", "m.bin", "m"])
def test_a_pickle_is_never_read(name):
    write(name, pickle.dumps(Trap()))
    message, hint = refusal(f"x=@{name}")
    assert "pickle" in message
    assert "safetensors" in hint or "numpy.savez" in hint
    assert not Path("trapped").exists()


def test_objects_in_npy_and_npz_are_never_read():
    array = np.array([Trap()], dtype=object)
    np.save("data.npy", array, allow_pickle=True)
    np.savez("data.npz", X=array)
    for word in ("x=@data.npy", "x=@data.npz:X"):
        message, hint = refusal(word)
        assert "only unpickling reads, and that can run any code" in message
        assert "dtype=float" in hint
    with zipfile.ZipFile("model", "w") as archive:  # as PyTorch writes
        archive.writestr("archive/data.pkl", pickle.dumps(Trap()))
    assert "pickle" in refusal("x=@model")[0]
    assert not Path("trapped").exists()


def test_a_header_is_checked_before_memory_is_asked_for():
    write("huge.npy", header((10**6, 10**6)))
    with zipfile.ZipFile("huge.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("X.npy", header((10**6, 10**6)))
    promise = "promises 8 TB (1000000x1000000 of float64), and 0 bytes follow it"
    assert refusal("x=@huge.npy")[0] == f"the header of 'huge.npy' {promise}"
    assert refusal("x=@huge.npz")[0] == f"the header of X in 'huge.npz' {promise}"
    for shape in ((-1, 3), (-2, -3)):
        write("wild.npy", header(shape))
        size = f"{shape[0]}x{shape[1]}"
        assert refusal("x=@wild.npy")[0] == f"the header of 'wild.npy' has a size below 0 ({size})"


def test_a_header_that_cannot_be_read():
    for text in ("{'descr': '<f8', 'shape': (3, 2c, }", "{'descr': '<f8'\0", "[" * 40, "{}", "1"):
        data = text.ljust(117).encode() + b"\n"
        write("data.npy", b"\x93NUMPY\x01\0" + len(data).to_bytes(2, "little") + data + bytes(8))
        assert refusal("x=@data.npy")[0] == "'data.npy' is not a .npy file"


def test_a_size_is_a_whole_number():
    """NumPy lets True pass as a size, and then raises TypeError."""
    write("data.npy", header((True, 6)) + bytes(48))
    assert refusal("x=@data.npy")[0] == "'data.npy' is not a .npy file"


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_every_version_of_npy_is_read(version):
    """As NumPy writes them: it takes a later one where a header needs it, or on request."""
    with Path("data.npy").open("wb") as file:
        np.lib.format.write_array(file, X, version=version)
    np.testing.assert_array_equal(point("x=@data.npy")["x"], X)


def test_a_version_of_npy_that_is_not_known():
    write("data.npy", b"\x93NUMPY\x09\0" + header((1,))[8:])
    assert refusal("x=@data.npy")[0] == (
        "'data.npy' is a .npy file of version 9.0, which is not known"
    )


def test_a_header_of_python_2_is_read_without_a_warning():
    write("data.npy", header((6,)).replace(b"(6,), }", b"(6L,),}") + np.arange(6.0).tobytes())
    np.testing.assert_array_equal(point("x=@data.npy")["x"], np.arange(6))


def test_what_numpy_cannot_hold_is_not_damaged():
    """NumPy has 64 axes at most, and reads no array of arrays from a .npy file."""
    write("data.npy", header((1,) * 65) + bytes(8))
    assert refusal("x=@data.npy") == ("'data.npy' has 65 axes", "an array has at most 64")
    write("data.npy", header((1,) * 64) + bytes(8))
    assert point("x=@data.npy")["x"].ndim == 64
    write("data.npy", header((3,), "(2,)<f8") + bytes(48))
    assert refusal("x=@data.npy")[0] == "'data.npy' holds arrays as its elements"


def test_a_zip_whose_sizes_are_not_true():
    """The directory says 8 TB where there are bytes: the size stands at byte 24 of its entry."""
    np.savez("bomb.npz", X=X)
    data = bytearray(Path("bomb.npz").read_bytes())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (2**32 - 2).to_bytes(4, "little")
    write("bomb.npz", bytes(data))
    assert "promises 4.29 GB" in refusal("x=@bomb.npz:X")[0]


@pytest.mark.parametrize("cut", [1, 8, 100, 170])
def test_a_file_that_is_cut_off(cut):
    np.save("data.npy", X)
    np.savez("data.npz", X=X)
    for name in ("data.npy", "data.npz"):
        write(name, Path(name).read_bytes()[:-cut])
        message, hint = refusal(f"x=@{name}")
        assert "promises" in message or "is not a" in message
        assert hint


def test_more_than_one_array_in_a_file_is_not_dropped():
    with Path("data.npy").open("wb") as file:
        np.save(file, X)
        np.save(file, X)
    assert "more than its header says" in refusal("x=@data.npy")[0]


# Tables


@pytest.mark.parametrize("separator", ",;\t")
@pytest.mark.parametrize("header", ["a{0}b", '"a"{0}"b, c"', ""])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_tables_of_numbers(separator, header, end):
    lines = [header.format(separator)] * bool(header) + [f"1.5{separator}-2", f'"3"{separator} 4e2']
    write("f.csv", "\ufeff" + end.join(lines) + end + end)
    np.testing.assert_array_equal(point("x=@f.csv")["x"], [[1.5, -2], [3, 400]])
    if header:
        np.testing.assert_array_equal(point("x=@f.csv:a")["x"], [1.5, 3])


def test_infinity_in_a_table_is_given_by_name():
    write("f.csv", "inf,-Infinity\n1e308,nan\n")
    np.testing.assert_array_equal(point("x=@f.csv")["x"], [[np.inf, -np.inf], [1e308, np.nan]])


def test_columns_are_chosen_by_name():
    write("f.csv", 'name,height,"weight, kg"\n"Ann, B.",1.5,50\nCy,2,60\n')
    np.testing.assert_array_equal(point("x=@f.csv:height")["x"], [1.5, 2])
    np.testing.assert_array_equal(point("x=@f.csv:weight, kg")["x"], [50, 60])
    found = point("x=@f.csv:height")
    assert found.origins == {"x": "f.csv:height"}
    write("g.csv", "a,b,c\n1,2,3\n4,5,6\n")
    np.testing.assert_array_equal(point("x=@g.csv:c, a")["x"], [[3, 1], [6, 4]])


@for_each(
    "text, part, said, hint",
    [
        ("a,b\n1,\n", "", "line 2, column 2 (b) is empty", "take columns of numbers: @f.csv:a"),
        ("1,2\n3,\n", "", "line 2, column 2 is empty", "fill it in"),
        ("a,b\n1,x\n", "", "line 2, column 2 (b) is not a number: x", "@f.csv:a"),
        ("1,NA\n2,3\n", "", "line 1, column 2 is not a number: NA", "write a number"),
        ("null,-\n2,3\n", "", "line 1, column 1 is not a number: null", "write a number"),
        ('a,b\n"1\n2",3\n4,5\n', "", "line 3, column 1 (a) is not a number", "between the cells"),
        ("a,b\n1,2\n3\n", "", "line 3 has 1 cell, and the first line 2", "as many cells"),
        ("a,b\n1,2\n", "c", "has no column 'c'", "the columns are: a, b"),
        ("height,b\n1,2\n", "hieght", "has no column 'hieght'", "did you mean 'height'?"),
        ("a,a\n1,2\n", "a", "has 2 columns 'a'", "rename one"),
        ("1,2\n", "a", "has no header", "X[:, 0]"),
        ("a;b\n1,5;2\n", "", "column 1 (a) is not a number: 1,5", "written with a point"),
        ("1 2\n3 4\n", "", "is not a number: 3 4", "commas, semicolons or tabs"),
        ("1_0,2\n1_0,2\n", "", "line 1, column 1 is not a number: 1_0", "write a number"),
        ("1_0,2\n3,4\n", "", "line 1, column 1 is not a number: 1_0", "write a number"),
        ("a,_1\n3,4_0\n", "", "line 2, column 2 (_1) is not a number: 4_0", "@f.csv:a"),
        ("1,2\n3,-1e400\n", "", "line 2, column 2 is too large for a double: -1e400", "1.8e308"),
        ("a,b\ninf,1e400\n", "b", "line 2, column 2 (b) is too large for a double", "is inf"),
        ("1e400,2\n", "", "line 1, column 1 is too large for a double: 1e400", "1.8e308"),
        ("1,2\n\n3,4\n", "", "line 2 is empty", "remove it"),
        ("a,b\n", "", "has no row of numbers", "below the header"),
        ("", "", "begins with an empty line", "write numbers"),
        ('a\n"1\n', "", "is no table", "quotes"),
        (b"a\xff\n1\n", "", "is not UTF-8 text: byte 0xff", "UTF-8"),
    ],
)
def test_tables_that_cannot_be_read(text, part, said, hint):
    write("f.csv", text)
    message, told = refusal("x=@f.csv" + (f":{part}" if part else ""))
    assert said in message
    assert hint in told


# JSON


def test_json():
    write("f.json", json.dumps(X.tolist()))
    write("o.json", json.dumps({"X": X.tolist(), "y": 3, "z": ["NaN", "-Infinity"]}))
    np.testing.assert_array_equal(point("x=@f.json")["x"], X)
    np.testing.assert_array_equal(point("x=@o.json:X")["x"], X)
    np.testing.assert_array_equal(point("x=@o.json:z")["x"], [np.nan, -np.inf])
    assert point("x=@o.json:y") == {"x": 3}
    write("t.json", '["1/4", Infinity, 1e308]')  # as --bind reads it
    np.testing.assert_array_equal(point("x=@t.json")["x"], [0.25, np.inf, 1e308])
    assert refusal("x=@o.json")[1] == "name one: @o.json:X"


@for_each(
    "text, said",
    [
        ("[[1, 2], [3]]", "'f.json': [1] has 1 element, and [0] has 2"),
        ("[1, null]", "'f.json': [1] is not a number"),
        ("true", "'f.json': it is not a number"),
        ("[]", "'f.json': it is empty"),
        ('["a"]', "'f.json': 'a' has no value"),
        ('["[1, 2]", 3]', "'f.json': [0] is an array in a text"),
        ("[1, 1e400]", "'f.json': [1] is too large for a double"),
        ("-1e400", "'f.json': it is too large for a double"),
        (f"[1, {10**400}]", "'f.json': [1] is too large for a double"),
        ('{"x": [1], "x": [2]}', "'f.json': x is given twice in one object"),
        ("[1,", "'f.json' is not JSON: line 1, column 4: expecting value"),
        ("[" * 100_000, "'f.json' is nested too deeply"),
        ("[" * 40 + "1" + "]" * 40, "'f.json': it is nested more than 32 deep"),
    ],
)
def test_json_that_is_no_array(text, said):
    write("f.json", text)
    assert refusal("x=@f.json")[0] == said


# Files that are none, and pipes


@pytest.mark.parametrize(
    ("word", "said", "hint"),
    [
        ("x=@dta.npy", "there is no file 'dta.npy'", "did you mean 'data.npy'?"),
        ("x=@no/data.npy", "there is no file 'no/data.npy'", "check the path"),
        ("x=@", "there is no file's name", "x=@data.npy"),
        ("x=@folder.npy", "'folder.npy' is a directory", "name a file in it"),
        ("x=@/dev/null", "'/dev/null' is a device", "name a file of numbers"),
        ("x=@a.xlsx", "'a.xlsx': .xlsx files are not read here", "save the sheet as .csv"),
        ("x=@noise", "'noise' is in no format that is read here", "it may be .npy"),
        ("x=@nothing", "'nothing' is empty", "it may be .npy"),
        ("x=@data.npy:a", "'data.npy' holds one array, without a name", "write @data.npy alone"),
    ],
)
def test_files_that_cannot_be_read(word, said, hint):
    np.save("data.npy", X)
    Path("folder.npy").mkdir()
    write("a.xlsx", b"PK\x03\x04")
    write("noise", b"\x01\0\x02")
    write("nothing", "")
    message, told = refusal(word)
    assert message == said
    assert told.lower().startswith(hint) or hint in told.lower()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize("kind", ["npy", "npz", "csv", "json"])
def test_what_comes_through_a_pipe_is_known_by_its_first_bytes(kind):
    source = io.BytesIO()
    if kind in {"npy", "npz"}:
        (np.save if kind == "npy" else np.savez)(source, X)
    else:
        rows = X.tolist()
        text = json.dumps(rows) if kind == "json" else "\n".join(str(row)[1:-1] for row in rows)
        source.write(text.encode())
    os.mkfifo("pipe")
    writer = threading.Thread(target=write, args=("pipe", source.getvalue()))
    writer.start()
    try:
        np.testing.assert_array_equal(point("x=@pipe")["x"], X)
    finally:
        writer.join()


def test_a_program_names_files_beside_it(tmp_path):
    Path("programs").mkdir()
    np.save("programs/data.npy", X)
    text = "# bind: x=@data.npy\nx"
    found = bindings.merged(text, str(tmp_path / "programs" / "p.bp"), {}, [])
    np.testing.assert_array_equal(found["x"], X)
    with pytest.raises(SourceError, match=r"there is no file 'data\.npy'"):
        bindings.merged(text, "", {}, [])


# What libraries read


@pytest.mark.parametrize("name", ["f.parquet", "f.safetensors"])
def test_a_library_that_is_missing_is_told(name, monkeypatch):
    for library in ("pyarrow", "safetensors"):
        monkeypatch.setitem(sys.modules, library, None)
    write(name, "hello")
    message, hint = refusal(f"x=@{name}")
    assert "which is not installed" in message
    assert hint == "install it: pip install 'backpropcli[files]'"


def test_parquet():
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pyarrow.table({"a": [1.5, 2], "b": [3, 4], "s": ["x", "y"], "m": [1, None]})
    parquet.write_table(table, "f.parquet")
    np.testing.assert_array_equal(point("x=@f.parquet:a")["x"], [1.5, 2])
    np.testing.assert_array_equal(point("x=@f.parquet:b,a")["x"], [[3, 1.5], [4, 2]])
    whole = pyarrow.table({"n": [2**53 + 1, 2], "x": [0.5, 1.5], "m": [1, 2]})
    parquet.write_table(whole, "whole.parquet")
    for columns, noted in (("n", True), ("n,x", True), ("n,m", True), ("m,x", False)):
        notes = point(f"x=@whole.parquet:{columns}").notes
        assert ["x has whole numbers above 2^53" in note for note in notes] == [True] * noted
    assert refusal("x=@f.parquet") == (
        "column s of 'f.parquet' is string, not numbers",
        "take columns of numbers: @f.parquet:a,b,m",
    )
    assert refusal("x=@f.parquet:m")[0] == "column m of 'f.parquet' has no value in row 1"
    assert refusal("x=@f.parquet:c")[0] == "'f.parquet' has no column 'c'"
    write("f.parquet", "hello")
    assert "is not a .parquet file" in refusal("x=@f.parquet")[0]


def test_safetensors():
    library = pytest.importorskip("safetensors.numpy")
    arrays = {"W": np.eye(3, dtype=np.float32), "layer.b": np.ones(2)}
    library.save_file(arrays, "m.safetensors")
    np.testing.assert_array_equal(point("x=@m.safetensors:layer.b")["x"], [1, 1])
    assert point("x=@m.safetensors:W", single=True)["x"].dtype == np.float32
    assert refusal("x=@m.safetensors:V")[0] == "'m.safetensors' has no array 'V'"
    found = bindings.merged(
        "W*layer_b", "", {"m.safetensors": bindings.file_bindings("m.safetensors")}, []
    )
    assert {*found} == {"W", "layer_b"}
    write("m.safetensors", "hello")
    assert "is not a .safetensors file" in refusal("x=@m.safetensors")[0]
