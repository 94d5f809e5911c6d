"""The reader of FPCore: forms from the standard's text (fpbench.org/spec/fpcore-2.0.html)."""

import json
from pathlib import Path

import pytest

import backpropcli as bp
from tests.benchmarks.fpcore import cores, parsed
from tests.each import for_each

DATA = Path(__file__).parents[1] / "data/fpcore.json"


def test_expressions_are_nested_lists():
    assert parsed('(a [b "c (d"] ; e)\n f)') == [["a", ["b", '"c (d"'], "f"]]


@for_each(
    "body, point, value",
    [
        ("(- (sqrt (+ x 1)) (sqrt x))", {"x": 3}, 2 - 3**0.5),
        ("(let ([a (+ x 1)] [b 2]) (* a b))", {"x": 4}, 10),
        ("(let ([x 5] [b x]) (+ x b))", {"x": 4}, 9),  # all at once
        ("(let* ([x 5] [b x]) (+ x b))", {"x": 4}, 10),  # one after the other
        ("(if (<= 0 x 3) x (- x))", {"x": 2}, 2),
        ("(if (<= 0 x 3) x (- x))", {"x": 4}, -4),
        ("(fma x 2 1)", {"x": 3}, 7),
        ("(/ 1/3 (pow x -2))", {"x": 3}, 3),
        ("(- (pow (- x) 2))", {"x": 3}, -9),
        ("(! :precision binary32 (fmax x (fabs -7.5e0)))", {"x": 3}, 7.5),
        ("(- 10 x 2)", {"x": 3}, 5),
    ],
)
def test_a_body_has_the_value_that_the_standard_gives_it(body, point, value):
    [(name, names, pre, text)] = cores(f'(FPCore (x) :name "one" :pre (< 0 x) {body})')
    assert (name, names) == ("one", ["v_x"])
    given = {f"v_{key}": number for key, number in point.items()}
    assert bp.value(bp.parse(text, names), {k: v for k, v in given.items() if k in text}) == (
        pytest.approx(value, rel=1e-15)
    )
    assert bp.value(pre, given) == 1


@pytest.mark.parametrize(
    "body", ["(while (< x 3) ([x 0 (+ x 1)]) x)", "(tensor ([i 3]) i)", "(cast x)", "(+ x y)"]
)
def test_what_is_no_expression_of_its_parameters_is_left_out(body):
    assert [*cores(f"(FPCore (x) {body})")] == []


@pytest.mark.slow
def test_all_benchmarks_are_programs():
    for core in json.loads(DATA.read_text())["cores"]:
        program = bp.parse(core["body"], core["names"])
        assert {*program.variables} <= {*core["names"]}
