"""Values for variables: expected numbers by hand, mistakes with what to type instead."""

from __future__ import annotations

import io
import json
import math
import shlex

import pytest
from mpmath import mp, mpf

from backpropcli.arithmetics import digits
from backpropcli.calculus import bindings
from backpropcli.calculus.bindings.items import Item
from backpropcli.calculus.bindings.mistakes.missing import unbound
from backpropcli.calculus.bindings.texts import number, parsed, whole_number
from backpropcli.calculus.forward import forward
from backpropcli.cli.corrected import corrected
from backpropcli.cli.mistakes import told
from backpropcli.errors import BackpropError, SourceError
from backpropcli.language.mistakes.repair import repaired
from backpropcli.language.parse import parse
from backpropcli.modes.gradient import gradient
from tests.each import for_each


def test_values_use_other_values_in_any_order():
    """By hand: x is 1/3, y = x + 1 is 4/3, z = x*y is 4/9."""
    found = bindings.merged("", "", {}, ["z=x*y", "y=x+1", "x=1/3"])
    assert found == pytest.approx({"z": 4 / 9, "y": 4 / 3, "x": 1 / 3}, rel=1e-15)
    assert list(found) == ["z", "y", "x"]


def test_a_value_that_uses_another_is_kept_as_typed():
    """To 40 digits it is 4/3, which no double is."""
    found = bindings.merged("", "", {}, ["x=1/3", "y=x+1"])["y"]
    with mp.workdps(40):
        exact = forward(found.graph, digits, {})[found.root]
        assert abs(exact - mpf(4) / 3) < mpf(10) ** -38


def test_a_name_with_a_value_beats_the_constant_in_other_values():
    assert bindings.merged("", "", {}, ["e=2", "x=e+1"]) == {"e": 2, "x": 3}
    assert bindings.merged("", "", {}, ["x=e"]) == {"x": math.e}


@for_each("text", ["2", "-3", "0", "-0", "007", "999999999999999"])
def test_a_whole_number_is_what_the_parser_makes_of_it(text):
    """Its program says the same: the number, the sign of a zero, and whether its text is kept."""
    item = Item.of("x", text)
    found, parsers = whole_number(item), number(item, parsed(item, ()))
    assert (type(found), repr(found)) == (type(parsers), repr(parsers))
    assert getattr(found, "text", "") == getattr(parsers, "text", "")


@for_each(
    "text",
    ["", "-", "--2", "- 2", "+2", "1.5", "1e3", "2*3", "1_000", "²", "٣", "1234567890123456"],
)
def test_all_else_is_left_to_the_parser(text):
    assert whole_number(Item.of("x", text)) is None


def test_whole_numbers_are_known_to_values_that_use_them():
    """By hand, in exact thirds: y = x/3 is 2/3, and -4/3 with the other sign, twice over."""
    found = bindings.merged("", "", {}, ["y=x/3", "x=2", "z=-w*y", "w=2"])
    assert found == pytest.approx({"y": 2 / 3, "x": 2, "z": -4 / 3, "w": 2}, rel=1e-15)
    with mp.workdps(40):
        exact = forward(found["z"].graph, digits, {})[found["z"].root]
        assert abs(exact + mpf(4) / 3) < mpf(10) ** -38


@pytest.mark.slow
def test_a_chain_of_a_thousand_values_is_worked_out():
    words = [f"x{i}=x{i - 1}+1" for i in range(1, 1000)] + ["x0=0.5"]
    assert bindings.merged("", "", {}, words)["x999"] == 999.5


@for_each(
    "words, said",
    [
        (["x=y", "y=x"], "the values of x and y need each other"),
        (["a=b+1", "b=c", "c=2*a", "d=a"], "the values of a, b and c need each other"),
        (["x=x+1"], "the value of x uses x itself"),
        (["x=q+1"], "'q' has no value"),
        (["x=1", "x=2"], "x is given twice"),
        (["y=1/x", "x=0"], "this value is inf"),
    ],
)
def test_values_that_cannot_be_worked_out(words, said):
    with pytest.raises(SourceError) as caught:
        bindings.merged("", "", {}, words)
    assert caught.value.message == said
    assert caught.value.hint


def test_all_sources_of_values_know_each_other():
    files = {"f.json": {"w": 2.0, "v": bindings.Item.of("v", "w*k", "f.json")}}
    found = bindings.merged("# bind: k=3 b=v+1\nk*v*w*b", "", files, ["w=5", "u=b"])
    assert found == {"k": 3, "b": 16, "w": 5, "v": 15, "u": 16}
    assert found.given == {"w", "v", "u"}
    comments, line = "the program's comments", "the command line"
    origins = {"k": comments, "b": comments, "w": line, "v": "f.json", "u": line}
    assert found.origins == origins


# What people type: the words after the expression 'x*y', and the command that is shown.
TYPED = {
    "x=3,y=4": ["x=3 y=4"],
    "'x=3 y=4'": ["x=3 y=4"],
    "'x=3, y=4'": ["x=3 y=4"],
    "'x=3; y=4'": ["x=3 y=4"],
    "x:3 y=4": ["x=3 y=4"],
    "x==3 y=4": ["x=3 y=4"],
    "x:=3 y=4": ["x=3 y=4"],
    "x = 3 y=4": ["x=3 y=4"],
    "x= 3 y=4": ["x=3 y=4"],
    "x =3 y=4": ["x=3 y=4"],
    "y=4 x = 2*pi": ["y=4 x='2*pi'"],
    "x=10±0.1 y=4": ["x=10 y=4"],
    "x=3+-0.1 y=4": ["x=3 y=4", "x=3-0.1 y=4"],
    "x=3+/-0.1 y=4": ["x=3 y=4"],
    "'x=10.1(2)' y=4": ["x=10.1 y=4", "x='10.1*2' y=4"],
    "x=1,5 y=4": ["x=1.5 y=4"],
    "x=70kg y=4": ["x=70 y=4"],
    "'x=70 kg' y=4": ["x=70 y=4"],
    "x=3m/s y=4": ["x=3 y=4"],
    "x=30deg y=4": ["x='30*pi/180' y=4"],
    "x=30° y=4": ["x='30*pi/180' y=4"],
    "x=20°C y=4": ["x=20 y=4"],
    '"x=1\'000" y=4': ["x=1_000 y=4"],
    "x=50% y=4": ["x=50/100 y=4"],
    "x=true y=4": ["x=1 y=4"],
    "x=np.pi y=4": ["x=pi y=4"],
    "x=1/2pi y=4": ["x='(1/2)*pi' y=4", "x='1/(2*pi)' y=4"],
    "X=3 y=4": ["x=3 y=4"],
    "x=3": ["x=3 y=..."],
    "": ["x=... y=..."],
    # and what has no correction
    "x=1:n y=4": [],
    "'x=[a, 2]' y=4": [],
    "x=abc y=4": [],
    "def=1 x=2 y=4": [],
    "not=3 x=2 y=4": [],
    "x= y=4": [],
    "=3 y=4": [],
    "2x=3 y=4": [],
    "x y=4": [],
    "x=1/0 y=4": [],
    "'x=(1, 2)' y=4": ["'x=[1, 2]' y=4"],
    "'x=a=2; a' y=4": [],
    "x='{{1,2},{3,-4}}' y=4": ["x='[[1, 2], [3, -4]]' y=4"],
    "x='(1,2,3)' y=4": ["x='[1, 2, 3]' y=4"],
    "x='1 2 3' y=4": ["x='[1, 2, 3]' y=4"],
    "x=data/train.csv y=4": ["x=@data/train.csv y=4"],
    # one mistake in several values, random values of other libraries, and what a name is not
    "x=3, y=4": ["x=3 y=4"],
    "x=1,5 y=2,5": ["x=1.5 y=2.5"],
    "'x=1 000' y=4": ["x=1000 y=4", "'x=[1, 000]' y=4"],
    "'x=[1,\"a\"]' y=4": [],
    "'x=[1,\"y\"]' y=4": ["x=[1,y] y=4"],
    "x=0x10 y=4": ["x=16 y=4"],
    "x=1e y=4": [],
    "x=1d-3 y=4": [],
    "'x=rand()' y=4": ["'x=uniform()' y=4"],
    "'x=2*np.random.randn(3)' y=4": ["'x=2*normal(3)' y=4"],
    "'x=random.normal(3)' y=4": ["'x=normal(3)' y=4"],
    "'x=(1, 2' y=4": ["'x=[1, 2]' y=4"],
    "-x=3 y=4": ["x=3 y=4"],
    "'$x=3' y=4": ["x=3 y=4"],
    "x_=3 y=4": ["x=3 y=4"],
    "х=3 y=4": ["x=3 y=4"],
    "'x=[1,2][2*3]' y=4": [],
    "'x=[[1 2] [3 -4]]' y=4": ["'x=[[1, 2], [3, -4]]' y=4"],
    "'x=[1. 2.]' y=4": ["'x=[1., 2.]' y=4"],
}


def typed(words):
    """Return the error of ``backprop 'x*y'`` with these words, and the arguments."""
    argv = ["x*y", *shlex.split(words)]

    def run():
        point = bindings.merged(argv[0], "", {}, argv[1:])
        gradient(parse(argv[0], point), point)

    with pytest.raises(BackpropError) as caught:
        run()
    return caught.value, argv


@for_each("words", TYPED)
def test_what_people_type_for_values(words):
    error, argv = typed(words)
    shown = [shlex.split(line) for line in corrected(error, argv)]
    assert shown == [["backprop", "x*y", *shlex.split(wanted)] for wanted in TYPED[words]]
    for _, text, *fixed in shown:
        if not any(word.endswith("...") or "@" in word for word in fixed):
            bindings.merged(text, "", {}, fixed)


@for_each(
    "value, points",
    [("1:3", "1 2 3"), ("1..3", "1 2 3"), ("1,2.5,x", ""), ("1,2.5,3", "1 2.5 3"),
     ("-1,2,3", "-1 2 3"), ("1:100", ""), ("1:2:9", "")],
)  # fmt: skip
def test_several_points_are_a_loop_that_can_be_pasted(value, points):
    error, argv = typed(f"y=4 'x={value}'")
    loop = f"for v in {points}; do backprop 'x*y' y=4 x=$v; done"
    assert error.message == "a variable has one value at a time"
    assert corrected(error, argv) == [loop] * bool(points)


def test_what_a_user_sees_of_values(golden, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    seen = []
    for words in TYPED:
        lines = told(*typed(words))
        shown = "\n".join("".join(part for _, part in line) for line in lines)
        seen.append(f"{words}\n{shown}\n")
    golden("mistakes/values.txt", "\n".join(seen))


@for_each(
    "words, value",
    [
        (["x=1/3"], 1 / 3),
        (["x=-2^2"], -4),
        (["x=2pi"], 2 * math.pi),
        (["x=½"], 0.5),
        (["x=1e-3"], 0.001),
        (["x=max(1, 2)"], 2),
        (["x= 3"], 3),
        (["x =3"], 3),
        (["x=inf"], math.inf),
        (["x=+3"], 3),
        (["x=3-1"], 2),
        (["x=sqrt(2)(1 + 1)"], None),
    ],
)
def test_values_that_are_numbers(words, value):
    if value is None:
        with pytest.raises(SourceError):
            bindings.merged("", "", {}, words)
    else:
        assert bindings.merged("", "", {}, words) == {"x": value}


# Names that have no value


MEANT = {
    ("temperature^2", "temprature=3"): ["'temperature^2' temperature=3"],
    ("x^2", "X=1"): ["'x^2' x=1"],
    ("sinx + y", "y=2"): ["'sin(x) + y' y=2 x=..."],
    ("cosθ", "θ=1"): ["'cos(θ)' θ=1"],
    ("2lnx", "x=2"): ["'2ln(x)' x=2"],
    ("xy", "x=2 y=3"): ["'x*y' x=2 y=3"],
    ("xy^2", "x=2 y=3"): ["'x*y^2' x=2 y=3", "'(x*y)^2' x=2 y=3"],
    ("Pi*x", "x=1"): ["'pi*x' x=1"],
    ("exp^x", "x=1"): ["'e^x' x=1"],
    ("sin[x] + cos[2*[x][0]]", "x=1"): ["'sin(x) + cos(2*[x][0])' x=1"],
    ("sin[x] + sin", "x=1"): ["'sin[x] + sin' x=1 sin=..."],
    ("exp^x + exp", "x=1"): ["'exp^x + exp' x=1 exp=..."],
    ("E^x + PI", "x=1"): ["'e^x + pi' x=1"],
    ("E*x", "x=1"): ["'E*x' x=1 E=..."],
    ("2πr", "r=1"): ["'2π*r' r=1"],
    ("πr²", "x=1"): ["'π*r²' x=1 r=...", "'(π*r)²' x=1 r=..."],
    ("α*x", "alpha=2 x=1"): ["'α*x' α=2 x=1"],
    ("lambda_1*x", "λ_1=2 x=1"): ["'lambda_1*x' lambda_1=2 x=1"],
    ("pin*t", "t=2"): ["'pin*t' t=2 pin=..."],
    ("rate*t", "t=2"): ["'rate*t' t=2 rate=..."],
    ("expansion", "x=1"): ["expansion x=1 expansion=..."],
    ("3 + 4j", "x=1"): ["'3 + 4j' x=1 j=..."],
    ("eˣ + 2ˣ", "x=1"): ["'e^x + 2^x' x=1"],
    ("sin(30 deg)", "x=1"): ["'sin(30 pi/180)' x=1"],
    ("y = x^2; 2dy/dx", "x=1"): ["'y = x^2; 2diff(y, x)' x=1"],
    ("Σx", "x=[1,2]"): ["'sum(x)' 'x=[1,2]'"],
    ("x_1 + x2^2", "x=[1,2]"): ["'x[0] + x[1]^2' 'x=[1,2]'"],
    ("x₁ + x₂²", "x=[1,2]"): ["'x[0] + x[1]²' 'x=[1,2]'"],
    ("2Q@K^T/√d", "Q=[1,2] K=[1,2] d=4"): ["'2Q@K.T/√d' 'Q=[1,2]' 'K=[1,2]' d=4"],
    ("w^T*x", "w=[1,2] x=[1,2]"): ["'w^T*x' 'w=[1,2]' 'x=[1,2]' T=..."],
    ("T*x", "x=1"): ["'T*x' x=1 T=..."],
    ("NaN*x + True", "x=1"): ["'nan*x + 1' x=1"],
    ("x0*x1", "x=[1,2]"): ["'x[0]*x[1]' 'x=[1,2]'"],
    ("x1*x3", "x=[1,2]"): ["'x[0]*x3' 'x=[1,2]' x3=..."],
    ("x^TAx", "x=[1,2] A=[[1,2],[3,4]]"): ["x.T@A@x 'x=[1,2]' 'A=[[1,2],[3,4]]'"],
    ("aAx", "a=2 x=[1,2] A=[[1,2],[3,4]]"): ["'a*A@x' a=2 'x=[1,2]' 'A=[[1,2],[3,4]]'"],
    ("xcosx - 2xe^x", "x=1"): ["'x*cos(x) - 2x*e^x' x=1", "'x*cos(x) - 2(x*e)^x' x=1"],
    ("cos(2πft)", "f=1 t=2"): ["'cos(2π*f*t)' f=1 t=2"],
    ("xy", "x=[1,2] y=[3,4]"): ["'x*y' 'x=[1,2]' 'y=[3,4]'"],
}


@for_each("text, values", MEANT)
def test_a_name_without_value_may_be_meant_otherwise(text, values):
    argv = [text, *values.split()]
    point = bindings.merged("", "", {}, argv[1:])
    with pytest.raises(SourceError) as caught:
        gradient(parse(text, point), point)
    assert corrected(caught.value, argv) == [f"backprop {line}" for line in MEANT[text, values]]
    assert ("imaginary" in caught.value.hint) == text.endswith("j")


@pytest.mark.parametrize(
    ("text", "values", "wanted"),
    [
        ("2 + wtanh(x)", "x=1", ["'2 + w*tanh(x)' x=1 w=...", "'2 + tanh(x)' x=1"]),
        (r"\alpha x", "α=1 x=2", ["'alpha*x' alpha=1 x=2"]),
        (r"\prod_{i=1}^2 x_i", "x=[1,2]", ["'x[0]*x[1]' 'x=[1,2]'"]),
        ("xᵀAx", "x=[1,2] A=[[1,2],[3,4]]", ["x.T@A@x 'x=[1,2]' 'A=[[1,2],[3,4]]'"]),
        ("x@A(x - 1)", "x=[1,2] A=[[1,2],[3,4]]", ["'x@A@(x - 1)' 'x=[1,2]' 'A=[[1,2],[3,4]]'"]),
        ("A x", "x=[1,2] A=[[1,2],[3,4]]", ["A@x 'x=[1,2]' 'A=[[1,2],[3,4]]'"]),
        ("A⁻¹x", "x=[1,2] A=[[1,2],[3,4]]", ["'solve(A, x)' 'x=[1,2]' 'A=[[1,2],[3,4]]'"]),
        ("A (x+q)", "x=[1,2] A=[[1,2],[3,4]]", []),
        ("x⁻¹y", "x=1 y=2", ["'x⁻¹*y' x=1 y=2"]),
        ("x.y", "x=[1,2] y=[3,4]", ["x@y 'x=[1,2]' 'y=[3,4]'"]),
        ("‖Ax‖²", "x=[1,2] A=[[1,2],[3,4]]", ["'norm(A@x)²' 'x=[1,2]' 'A=[[1,2],[3,4]]'"]),
        ("|x| + y", "x=1 --bind a.json", ["'abs(x) + y' x=1 --bind a.json"]),
    ],
)
def test_a_corrected_command_has_a_value_for_each_name(text, values, wanted):
    argv = [text, *values.split()]
    with pytest.raises(SourceError) as caught:
        parse(text, bindings.merged("", "", {}, [word for word in argv[1:] if "=" in word]))
    assert corrected(caught.value, argv) == [f"backprop {line}" for line in wanted]


# Constants that may be meant as variables


@for_each(
    "text, given, told",
    [
        ("e*x", ["x"], ["e"]),
        ("exp(-t/tau)", ["t"], ["tau"]),
        ("exp(-t/τ) + e", ["t"], ["tau", "e"]),
        ("e^x", ["x"], []),
        ("e^(-x)*e", ["x"], ["e"]),
        ("pi*x", ["x"], []),
        ("e*x", ["x", "e"], []),
        ("2*tau", [], []),
        ("V*exp(-t/tau)", [], ["tau"]),  # as for a formula
        ("# bind: x=2\nlog(tau)*x", [], []),
    ],
)
def test_a_constant_that_may_be_meant_as_a_variable_is_told(text, given, told):
    found = bindings.warnings(parse(text, given), given)
    assert [line.partition(" is read as the constant")[0] for line in found] == told


# Files


def read(tmp_path, text, name="point"):
    path = tmp_path / name
    path.write_text(text)
    return str(path)


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """Return a function that returns what a text gives in a file of some name, or on stdin."""

    def found(text, name):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        path = name if name == "-" else read(tmp_path, text, name)
        return {path: bindings.file_bindings(path)}

    return found


@pytest.mark.parametrize("name", ["point.json", "point", "-"])
def test_nested_tables_are_names(stored, name):
    text = json.dumps({"x": 1, "layer": {"w": 2, "inner": {"b": "x/2"}}})
    found = bindings.merged("layer_w*layer_inner_b", "", stored(text, name), [])
    assert found == {"x": 1, "layer_w": 2, "layer_inner_b": 0.5}


@pytest.mark.parametrize("name", ["point.toml", "point", "-"])
def test_toml_is_known_by_its_name_or_its_text(stored, name):
    text = 'x = 1\n[layer]\nw = 2\nb = "x/2"\n'
    found = bindings.merged("layer_w", "", stored(text, name), [])
    assert found == {"x": 1, "layer_w": 2, "layer_b": 0.5}


UNUSED = {"x": 2, "title": "a run of May", "tags": ["a"], "on": True, "note-1": "hm", "s": "1 +"}


def test_what_is_no_number_is_no_mistake_where_it_is_not_used(tmp_path):
    path = read(tmp_path, json.dumps(UNUSED), "run.json")
    found = bindings.merged("x^2", "", {path: bindings.file_bindings(path)}, [])
    assert found == {"x": 2}
    assert found.given == {"x"}
    assert bindings.warnings(parse("x^2", found), found.given) == []


@pytest.mark.parametrize("text", ["x*title", "x*tags", "x*on", "x*s"])
def test_what_is_no_number_is_told_where_it_is_used(tmp_path, text):
    path = read(tmp_path, json.dumps(UNUSED), "run.json")
    with pytest.raises(BackpropError) as caught:
        bindings.merged(text, "", {path: bindings.file_bindings(path)}, [])
    assert "run.json" in caught.value.render()


def test_two_names_that_become_one_are_told(tmp_path):
    path = read(tmp_path, '{"a_b": 1, "a": {"b": 2}}', "twice.json")
    with pytest.raises(BackpropError, match="a_b is given twice"):
        bindings.file_bindings(path)


@pytest.mark.parametrize(
    ("name", "text"), [("-", '{"x": 2.50, "y": 1e10}'), ("a.toml", "x = 2.50\ny = 1e10")]
)
def test_a_file_has_its_numbers_as_they_are_written(stored, name, text):
    found = bindings.merged("x*y", "", stored(text, name), [])
    assert found == {"x": 2.5, "y": 1e10}
    assert [one.text for one in found.values()] == ["2.50", "1e10"]


@pytest.mark.parametrize(("text", "told"), [("d/dx", True), ("d/dx + d", True), ("d/x", False)])
def test_a_derivative_of_nothing_is_told(text, told):
    with pytest.raises(SourceError) as caught:
        gradient(parse(text), {})
    assert ("if d/dx is a derivative" in caught.value.hint) == told


def test_a_name_with_dots_is_corrected_wherever_it_stands():
    argv = ["p.x*p.y", "p.x=1", "p.y=2"]
    with pytest.raises(SourceError) as caught:
        bindings.merged("", "", {}, argv[1:])
    assert corrected(caught.value, argv) == ["backprop 'p_x*p_y' p_x=1 p_y=2"]
    assert caught.value.hint == "write p_x"


@pytest.mark.parametrize(
    ("given", "hint"), [("3y", "x=3"), ("1,5", "x=1.5"), ("true", "x=1"), ("10±1", "x=10")]
)
def test_a_wrong_default_is_corrected_by_its_own_name(given, hint):
    with pytest.raises(SourceError) as caught:
        bindings.comment_bindings(f"# bind: w=2 x={given}\nw*x")
    assert caught.value.hint == f"write {hint}"


@for_each(
    "text, wanted",
    [
        ("cos -x^2", ["cos(-x^2)"]),
        ("exp -x^2 + 1", ["exp(-x^2) + 1"]),
        ("cos -2x^2", ["cos(-2x^2)"]),
        ("cos -x²", ["cos(-x²)"]),
        ("cos -x*x", ["cos(-x)*x"]),
        ("cos -x^(x + 1)", []),
    ],
)
def test_a_sign_behind_a_function_takes_the_whole_power(text, wanted):
    """-x^2 is -(x^2): the manual's -2^2 is -4."""
    error = unbound(parse(text), [text[:3]], {"x": 2.0})
    assert repaired(error) == wanted


@for_each(
    "text, name, told, wanted",
    [
        ("2.5f*x", "f", "leave it out", "2.5*x"),
        ("0.5f*x + 1.f", "f", "leave it out", "0.5*x + 1."),
        ("2UL*x", "UL", "leave it out", "2*x"),
        ("1.6D-19*x", "D", "a power of ten is written 1.6e-19", "1.6e-19*x"),
        ("1.6d0*x", "d0", "a power of ten is written 1.6e-19", "1.6e0*x"),
    ],
)
def test_a_letter_behind_a_number_may_be_a_suffix(text, name, told, wanted):
    error = unbound(parse(text), [name], {"x": 2.0})
    assert error.hint == f"if {name} is the suffix of a number: {told}; if not, give {name} a value"
    assert repaired(error) == [wanted]


@pytest.mark.parametrize(("text", "name"), [("2D*x", "D"), ("2.5f*x + f", "f"), ("2q*x", "q")])
def test_a_letter_behind_a_number_may_be_no_suffix(text, name):
    assert unbound(parse(text), [name], {"x": 2.0}).hint == f"fill in {name}=..."


@pytest.mark.parametrize("text", ["0.000", "-0.0", "0e5"])
def test_a_zero_is_shown_as_one_however_it_is_typed(backprop, text):
    shown = backprop("x*y", f"x={text}", "y=3", "--no-check")
    assert shown == backprop("x*y", "x=0", "y=3", "--no-check")
