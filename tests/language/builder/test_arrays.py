"""Arrays in the language: what is written in several ways is one graph, and text and back is it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import backpropcli
from backpropcli.graph.arrays import ARRAYS, JOINS, REDUCED, WORDS
from backpropcli.language.parse import parse
from backpropcli.language.unparse import unparse
from tests.each import for_each
from tests.reference import canonical, mistake


def nodes(text, *, helpers=False):
    """Return the nodes of a program, from left to right."""
    program = parse(text, helpers=helpers)
    return canonical(program.graph, program.root)[0]


# One meaning, several spellings: as NumPy and PyTorch write it


@for_each(
    "text, same",
    [
        ("sum(x, dim=1, keepdim=True)", "sum(x, axis=1, keepdims=1)"),
        ("sum(x, axis=None)", "sum(x)"),
        ("zeros(2, 3)", "zeros((2, 3))"),
        ("zeros(3)", "zeros((3,))"),
        ("zeros([2, 3])", "zeros(shape=(2, 3))"),
        ("reshape(x, 2, -1)", "reshape(x, (2, -1))"),
        ("transpose(x)", "x.T"),
        ("transpose(x, 1, 0)", "transpose(x, axes=(1, 0))"),
        ("concat([a, b], axis=1)", "concat(a, b, axis=1)"),
        ("torch = 2; cat((a, b), dim=1)*torch", "torch = 2; concat(a, b, axis=1)*torch"),
        ("stack([[a, b]])", "stack(([a, b],))"),
        ("average(x)", "mean(x)"),
        ("amax(x)", "max(x)"),
        ("maximum(x, axis=0)", "max(x, axis=0)"),
        ("dot(a, b)", "a @ b"),
        ("einsum('ij->ji', x)", 'einsum("ij->ji", x)'),
        ("norm(x, inf)", "norm(x, ord=inf)"),
        ("norm(x, ord=-inf)", "norm(x, -inf)"),
        ("arange(0, 9, 2)", "arange(0, step=2, stop=9)"),
        ("x[1, ...]", "x[1, …]"),
        ("[1, 2,]", "[1, 2]"),
        ("[[1,\n  2],\n [3, 4]]", "[[1, 2], [3, 4]]"),
        ("y*A@x", "(y*A)@x"),
        ("-x.T", "-(x.T)"),
    ],
)
def test_what_is_written_in_two_ways_is_one_graph(text, same):
    assert nodes(text) == nodes(same)


@for_each("name", ["sum", "T", "mT", "axis", "max", "dim", "shape", "True", "array"])
def test_a_variable_may_have_the_name_of_what_arrays_have(name):
    program = parse(f"{name}*x.T + sum(x, axis=0)*{name}")
    assert {*program.variables} == {name, "x"}
    assert parse(f"{name} = x + 1; {name}[0]").names.keys() == {name}


def test_a_definition_of_the_users_wins():
    assert nodes("def sum(x) = x^2; sum(y)")[-1] != nodes("sum(y)")[-1]
    assert parse("def mean(x, y) = x*y; mean(a, b)").graph.operations.count("call") == 1


def test_an_index_stays_as_it_is_written():
    program = parse("x[0, -1, 1:, ::2, None, ..., t]")
    [(spec,)] = [arg for node, arg in program.graph.args.items() if isinstance(arg, tuple)]
    assert spec == (
        ("at", 0), ("at", -1), ("cut", 1, None, None), ("cut", None, None, 2), ("new",), ("rest",),
        ("pick", 1),
    )  # fmt: skip


# What is static, in the mistakes that are no text of their own


@for_each("word", sorted({*WORDS, *REDUCED}))
def test_no_function_of_arrays_takes_a_mistake_for_an_argument(word):
    for text in (
        f"{word}()", f"{word}('x')", f"{word}(x, (x, y))", f"{word}(x, foo=1)",
        f"{word}(x, axis=x)",
        f"{word}(x, x, x, x, x, foo=1)",
    ):  # fmt: skip
        error = mistake(text)
        assert error.hint, text
        assert error.start < error.end, text
        assert not error.message[0].isupper(), text


@pytest.mark.parametrize("depth", [3, 10_000])
def test_what_is_static_nests_no_deeper_than_it_has_to(depth):
    assert mistake(f"reshape(x, {'(' * depth}2,{',)' * depth})").hint
    assert mistake(f"reshape(x, {'[' * depth}2{']' * depth})").hint


def test_an_array_may_nest_deeply():
    assert len(parse("[" * 10_000 + "x" + "]" * 10_000).graph) == 10_001


# Text and back


LEAVES = ["x", "y", "A", "2", "0.5", "pi", "axis", "T", "[1, -2]", "[[x, y], [2, 3]]", "eye(2)"]
STATIC = {
    "axis": ["0", "-1", "1"],
    "keepdims": ["True", "False"],
    "descending": ["True", "False"],
    "lower": ["True", "False"],
    "shape": ["3", "(2, 3)", "(-1,)", "(1, 2, 3)"],
    "reps": ["2", "(2, 3)"],
    "axes": ["(1, 0)", "(0, 2, 1)"],
    "ord": ["1", "inf", "3", "-inf", "2.5"],
    "width": ["1", "(1, 2)", "((1, 0), (0, 2))"],
    "subscripts": ['"ij,jk->ik"', "'ij'"],
}
SUBSCRIPTS = ["0", "-1", ":", "1:", ":-1", "::-1", "1:3:2", "None", "[2, 0]", "t", "x + 1", "-x"]
CALLED = [row for row in ARRAYS.values() if not row.helper]


@st.composite
def settings_of(draw, row):
    """Draw what is static in a call: pieces before the inputs, and after them."""
    before, after = [], []
    for key, default in row.static.items():
        if default and draw(st.booleans()):
            continue
        text = draw(st.sampled_from(STATIC.get(key, ["1", "2"])))
        if row.variadic and not default:
            before.append(text)
        else:
            after.append(f"{key}={text}")
    return before, after


@st.composite
def expressions(draw):
    """Draw a program with arrays; all its operations are in parentheses."""
    parts = [draw(st.sampled_from(LEAVES)) for _ in range(draw(st.integers(1, 6)))]
    rest = "..." if draw(st.booleans()) else "0"
    for _ in range(draw(st.integers(1, 6))):
        first = draw(st.sampled_from(parts))
        second = draw(st.sampled_from(parts))
        kind = draw(st.sampled_from(["infix", "sign", "postfix", "index", "array", "call"]))
        if kind == "infix":
            sign = draw(st.sampled_from(["+", "-", "*", "/", "@", "^", "<", "and"]))
            made = f"(({first}) {sign} ({second}))"
        elif kind == "sign":
            made = draw(st.sampled_from([f"(-({first}))", f"(not ({first}))", f"√({first})"]))
        elif kind == "postfix":
            made = f"(({first}).{draw(st.sampled_from(['T', 'mT']))})"
        elif kind == "index":
            items = draw(st.lists(st.sampled_from(SUBSCRIPTS), min_size=1, max_size=3))
            made = f"(({first})[{', '.join([*items, rest])}])"
        elif kind == "array":
            made = f"[{first}, {second}]"
        else:
            row = draw(st.sampled_from(CALLED))
            before, after = draw(settings_of(row))
            count = len(row.parameters) + (draw(st.integers(0, 2)) if row.variadic else 0)
            inputs = [first, second, *LEAVES][:count]
            if row.name in JOINS and count == 1:
                inputs = [f"[{first}]"]
            made = f"{row.shown}({', '.join([*before, *inputs, *after])})"
        parts.append(made)
    return parts[-1]


@pytest.mark.slow
@given(expressions())
def test_text_and_back_is_the_same_graph(text):
    program = parse(text)
    again = unparse(program.graph, program.root)
    assert nodes(again) == canonical(program.graph, program.root)[0]


@for_each(
    "text, written",
    [
        ("a@(b@c)", "a@(b@c)"),
        ("(a@b)@c", "a@b@c"),
        ("a*(b@c)", "a*(b@c)"),
        ("(a*b)@c", "a*b@c"),
        ("(a + b).T", "(a + b).T"),
        ("(a^2).T", "(a^2).T"),
        ("(a.T)^2", "a.T^2"),
        ("(-a)[0]", "(-a)[0]"),
        ("-(a[0])", "-a[0]"),
        ("(2).T", "(2).T"),
        ("(e).T", "e.T"),
        ("sum(x, axis=None, keepdims=False)", "sum(x)"),
        ("tile(x, (2,))", "tile(x, 2)"),
        ("zeros(2, 3)", "zeros((2, 3))"),
        ("eye(2, 3)", "eye(2, 3)"),
        ("arange(9, step=2)", "arange(9, step=2)"),
        ("einsum('ij', a)", 'einsum("ij", a)'),
        ("max(x, axis=(0, 1))", "max(x, axis=(0, 1))"),
        ("stack([[a, b]])", "stack([[a, b]])"),
        ("transpose(x)", "x.T"),
        ("transpose(x, axes=(1, 0))", "transpose(x, (1, 0))"),
        ("x[0:2, :, ::-1, None, ..., [1]]", "x[0:2, :, ::-1, None, ..., [1]]"),
    ],
)
def test_how_arrays_are_written(text, written):
    program = parse(text)
    assert unparse(program.graph, program.root) == written


RULES = [
    rule.text
    for row in ARRAYS.values()
    for rules in (
        row.adjoints.values() if isinstance(row.adjoints, dict)
        else [row.adjoints if isinstance(row.adjoints, tuple) else (), [row.expand]]
    )
    for rule in rules
    if rule is not None and rule.number is None
]  # fmt: skip


@for_each("text", RULES)
def test_the_text_of_a_rule_and_back_is_the_same(text):
    program = parse(text, helpers=True)
    again = unparse(program.graph, program.root)
    assert nodes(again, helpers=True) == canonical(program.graph, program.root)[0]


# Labels


def test_a_long_text_is_told_by_its_operation():
    long = " + ".join([f"a{i}" for i in range(40)])
    program = parse(f"[{long}, 1][0] + ({long}).T@[x, {long}]")
    shown = [program.text(node, 30) for node in range(len(program.graph))]
    assert "(…).T" in " ".join(shown) or "….T" in " ".join(shown)
    assert any("[…]" in text for text in shown)
    assert "[x, …]" in shown


def test_outputs_with_brackets_keep_their_texts():
    assert parse("(x[0, 1], [a, b])").titles() == ["x[0, 1]", "[a, b]"]


@pytest.mark.parametrize(
    ("text", "at"),
    [("x[1.5]", "1.5]"), ("x[-1.5]", "-1.5"), ("x[i, 1.5]", "1.5]"), ("1.5*x[1.5]", "x[1.5]")],
)
def test_an_index_with_decimals_is_told_at_its_place(text, at):
    error = mistake(text)
    assert error.message == "an index is a whole number"
    assert text[error.start :].startswith(at)


@pytest.mark.parametrize("text", ["sum(x, keepdims=-True)", "sum(x, axis=-None)"])
def test_only_a_number_has_a_sign(text):
    assert "is not a literal" in mistake(text).message


@pytest.mark.parametrize("text", ["ones(n + None)", "ones((2*None, n))", "eye(None - None)"])
def test_none_is_no_size(text):
    assert "is not a literal" in mistake(text, {"n": 3.0}).message


@pytest.mark.parametrize("text", ["n = 1; x[n]", "n = 1.5; x[n]", "x[-n]", "x[n + 1]"])
def test_an_index_by_name_is_left_to_its_value(text):
    parse(text)


@for_each(
    "text, wanted",
    [
        ("arange(n)", [0, 1, 2]),
        ("arange(1, n + 1)", [1, 2, 3]),
        ("linspace(0, 1, n)", [0, 0.5, 1]),
        ("x[:n]", [5, 6, 7]),
        ("x[n - 1:n + 1]", [7, 8]),
        ("x[-n:]", [6, 7, 8]),
    ],
)
def test_a_name_may_stand_for_a_size_or_a_bound(text, wanted):
    at = {"x": [5.0, 6.0, 7.0, 8.0], "n": 3.0}
    assert backpropcli.value(text, at).tolist() == wanted


@pytest.mark.parametrize("text", ["arange(n)", "x[:n]", "linspace(0, 1, n)"])
def test_what_is_no_whole_number_is_no_size(text):
    error = mistake(text, {"x": [5.0, 6.0, 7.0, 8.0], "n": 2.5})
    assert "shapes do not depend on values" in error.message
    assert "a whole number, as in n=3" in error.hint
    assert "start" not in error.message


@pytest.mark.parametrize(
    ("text", "shapes", "written"),
    [
        ("...i,i->...", [(2, 3), (3,)], ""),
        ("...i,i", [(2, 3), (3,)], ""),
        ("...ij,...jk->...ik", [(2, 3, 3), (3, 2)], ""),
        ("...ij,...jk->...ik", [(4, 1, 2, 3), (5, 3, 2)], ""),
        ("...a,a->...", [(2, 2, 2), (2,)], ""),
        ("i...->...", [(2,)], ""),
        ("i...,...->...i", [(2, 3), (4, 1)], ""),
        ("...ii->...i", [(2, 3, 3)], ""),
        ("i...j, ...jk", [(2, 4, 3), (4, 3, 5)], ""),
        ("...,...", [(2, 1), (3,)], ""),
        ("ij,jk->ik", [(2, 1), (3, 4)], ""),
        ("...ij->j", [(2, 4, 3)], "abj->j"),
        ("...i,...i->i", [(3,), (2, 3)], "i,ai->i"),
        ("...->", [(2, 3)], "ab->"),
    ],
)
def test_dots_in_subscripts_are_all_axes_without_a_letter(text, shapes, written):
    """By NumPy; where the value has no dots, as PyTorch has it: by NumPy with letters for them.

    So are the derivatives along a direction, as differences.
    """
    rng = np.random.default_rng(3)
    given = [rng.normal(size=shape) for shape in shapes]
    point = dict(zip("xy", given, strict=False))
    program = f'einsum("{text}", {", ".join(point)})'
    found = np.einsum(written or text, *given)
    np.testing.assert_allclose(backpropcli.value(program, point), found, rtol=1e-13)
    loss, step = f"sum({program}^2)", 1e-5
    gradient = backpropcli.gradient(loss, point).gradient
    formula = backpropcli.formula(loss, shapes=dict(zip("xy", shapes, strict=False))).gradient
    for at, name in enumerate(point):
        along = rng.normal(size=shapes[at])
        ends = []
        for sign in (1, -1):
            moved = [*given]
            moved[at] = given[at] + sign * step * along
            ends.append((np.einsum(written or text, *moved) ** 2).sum())
        slope = (ends[0] - ends[1]) / (2 * step)  # exact but for rounding: the loss is a square
        assert (np.array(gradient[name]) * along).sum() == pytest.approx(slope, rel=1e-8)
        sent = backpropcli.value(formula[name], point)
        np.testing.assert_allclose(sent, gradient[name], rtol=1e-12)
