"""The language: the tables against the grammar, the scanner and the parser against Lark's."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Lark, Token, UnexpectedInput

from backpropcli.errors import MistakeError, SourceError
from backpropcli.language import tables as grammar_tables
from backpropcli.language.builder import Builder
from backpropcli.language.driver import build, normal
from backpropcli.language.grammar import grammar_text
from backpropcli.language.parse import parse
from backpropcli.language.scanner import tokens
from tests.each import for_each
from tests.reference import value

_spec = importlib.util.spec_from_file_location(
    "export", Path(__file__).resolve().parents[2] / "grammar" / "export.py"
)
export_grammar = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(export_grammar)


_ignored: list[Token] = []


@cache
def lark():
    """Return Lark's own parser of the grammar: it is made once, and only where tests are run."""
    return Lark(
        grammar_text(),
        parser="lalr",
        lexer="basic",
        start="start",
        lexer_callbacks=dict.fromkeys(grammar_tables.IGNORED, _ignored.append),
    )


fragments = st.sampled_from(
    [
        "x",
        "y",
        "z",
        "a1",
        "x₁",
        "π",
        "é",
        "変",
        "_",
        "e",
        "e5",
        "sin",
        "max",
        "nosuch",
        "and",
        "or",
        "not",
        "andy",
        "1",
        "0",
        "10",
        "2.5",
        "2x",
        "3exp(x)",
        "2(x)",
        "1e5x",
        "0x1",
        ".5",
        "5.",
        "1e3",
        "1e",
        "1e+",
        "1_0",
        "1__",
        "²",
        "⁻¹",
        "⁻",
        "x²",
        "٣",
        "½",
        "+",
        "-",
        "−",
        "*",
        "**",
        "×",
        "·",
        "⋅",
        "/",
        "÷",
        "^",
        "√",
        "@",
        "<",
        "<=",
        "≤",
        ">",
        ">=",
        "≥",
        "==",
        "!=",
        "≠",
        "!",
        "=",
        "= ",
        "(",
        ")",
        ",",
        ";",
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "\xa0",
        "#",
        "# a comment",
        "$",
        "[",
        "e\u0301",
        "\ud800",
        "\x00",
        "…",
    ]
)
texts = st.one_of(st.lists(fragments, max_size=12).map("".join), st.text(max_size=12))
likely = st.recursive(
    st.sampled_from(["x", "y", "2", "0.5", "π", "x₁", "2x", "2(x)", "3e"]),
    lambda inner: st.one_of(
        st.tuples(
            inner, st.sampled_from(["+", "-", "*", "/", "^", "<", "==", " and ", " or "]), inner
        ).map("".join),
        st.tuples(st.sampled_from(["-", "+", "√", "not ", "sin", ""]), inner).map("".join),
        inner.map("({})".format),
        inner.map("(\n{}\n)".format),
        inner.map("{}²".format),
        st.tuples(inner, inner).map(lambda pair: f"max({pair[0]}, {pair[1]})"),
    ),
    max_leaves=8,
)
programs = st.lists(st.tuples(st.sampled_from(["", "a = ", "b = "]), likely), max_size=3).map(
    lambda lines: "; ".join(name + text for name, text in lines)
)


def by_lark(text):
    """Return Lark's tokens of ``text``, ignored ones too; what begins none is ""."""
    found = []
    base = 0
    while base < len(text):
        here = sorted(_collected(text[base:]), key=lambda token: token.start_pos)
        found += [(str(one.type), base + one.start_pos, base + one.end_pos) for one in here]
        end = found[-1][2] if here else base
        if end < len(text):
            found.append(("", end, end + 1))
        base = end + 1
    return found


def _collected(text):
    """Return the tokens up to the first character that begins none."""
    _ignored.clear()
    found = []
    try:
        for token in lark().lex(text):
            found.append(token)  # noqa: PERF402 (what came before the error is kept)
    except UnexpectedInput:
        pass
    return found + _ignored


def lark_accepts(text):
    """Say whether the grammar derives ``text``, line breaks within parentheses left out."""
    text += "\n"  # the last statement's ending
    found = by_lark(text)
    if any(not kind for kind, _, _ in found):
        return False
    parser = lark().parse_interactive("")
    depth = 0
    try:
        for kind, start, end in found:
            if kind in grammar_tables.IGNORED:
                continue
            if kind == "_NEWLINE" and depth and end < len(text):
                continue
            depth += (kind == "LPAR") - (kind == "RPAR")
            parser.feed_token(Token(kind, text[start:end]))
        parser.feed_eof()
    except UnexpectedInput:
        return False
    return True


SYNTAX = {"unexpected", "bad_character"}
"""What the driver rejects by itself; all else is a meaning that is wrong."""


def accepted(text):
    """Return True or False as the driver takes ``text``, None where its meaning is wrong."""
    text = normal(text)
    builder = Builder(text, "", ())
    try:
        build(builder, text)
        builder.program()
    except MistakeError as mistake:
        return False if mistake.kind in SYNTAX else None
    except SourceError:
        return None
    return True


def canonical(tables):
    """Return tables with the parser's states numbered in the order in which they are reached."""
    numbers = {tables["START"]: 0}
    order = [tables["START"]]
    actions, gotos = [], []
    for state in order:  # grows as it goes
        row = tables["ACTIONS"][state]
        moves = {**tables["GOTOS"][state], **{t: to for t, to in row.items() if to >= 0}}
        for symbol in sorted(moves):
            if moves[symbol] not in numbers:
                numbers[moves[symbol]] = len(order)
                order.append(moves[symbol])
        gotos.append({symbol: numbers[to] for symbol, to in tables["GOTOS"][state].items()})
        actions.append(
            {token: numbers[to] if to >= 0 else tables["RULES"][~to] for token, to in row.items()}
        )
    return {
        **tables,
        "START": 0,
        "END": numbers[tables["END"]],
        "ACTIONS": actions,
        "GOTOS": gotos,
        "RULES": sorted(tables["RULES"]),
        "IGNORED": sorted(tables["IGNORED"]),
    }


def test_the_tables_are_those_of_the_grammar():
    """Up to the numbers of the parser's states, which Lark does not give in a fixed order."""
    fresh: dict[str, object] = {}
    exec(export_grammar.render(), fresh)  # noqa: S102 (what the exporter writes)
    names = export_grammar.build().keys()
    current = {name: getattr(grammar_tables, name) for name in names}
    assert canonical(current) == canonical({name: fresh[name] for name in names}), (
        "out of date: python grammar/export.py writes the tables"
    )


@pytest.mark.slow
@given(texts)
def test_the_scanner_is_larks(text):
    assert tokens(text + "\n") == by_lark(text + "\n")


@pytest.mark.slow
@given(st.one_of(texts, likely, programs))
def test_the_parser_accepts_what_the_grammar_derives(text):
    text = normalize("NFC", text).rstrip("\r")
    found = accepted(text)
    if lark_accepts(text):
        assert found is not False
    else:
        assert not found


@pytest.mark.slow
@given(st.one_of(texts, programs))
def test_any_text_is_a_program_or_a_mistake_with_a_place(text):
    found = parsed(text)
    size = len(normalize("NFC", text))
    if isinstance(found, SourceError):
        assert found.hint
        assert "\n" in found.render()
        assert 0 <= found.start <= found.end <= size + 1
    else:
        spans = zip(found.starts, found.ends, strict=True)
        assert all(0 <= start <= end <= size for start, end in spans)


def parsed(text):
    """Return the program, or the mistake."""
    try:
        return parse(text)
    except SourceError as error:
        return error


@for_each(
    "text, expected",
    [
        ("-2^2", -4),
        ("(-2)^2", 4),
        ("2^3^2", 512),
        ("2^-1", 0.5),
        ("2^-2^2", 2**-4),
        ("2**3", 8),
        ("-x^2", -9),
        ("x²", 9),
        ("x⁻¹", 1 / 3),
        ("-x²", -9),
        ("x¹⁰", 3**10),
        ("√16", 4),
        ("√(16)*2", 8),
        ("2*√4", 4),
        ("-√4", -2),
        ("2^√4", 4),
        ("√4^1", None),
        ("√x²", None),
        ("x²^2", None),
        ("2 × 3", 6),
        ("2·3", 6),
        ("2⋅3", 6),
        ("6 ÷ 4", 1.5),
        ("5 − 3", 2),
        ("−3", -3),
        ("+3", 3),
        ("--3", 3),
        ("-+-3", 3),
        ("8/4/2", 1),
        ("8-4-2", 2),
        ("2+3*4", 14),
        ("(2+3)*4", 20),
        ("2*3^2", 18),
        ("-3*2", -6),
        ("6/-2", -3),
        ("2*-3", -6),
        ("1 < 2", 1),
        ("2 <= 1", 0),
        ("2 ≤ 2", 1),
        ("1 ≥ 2", 0),
        ("1 ≠ 2", 1),
        ("1 == 1", 1),
        ("1 + 1 < 3", 1),
        ("1 < 2 < 3", None),
        ("not 0 and 0", 0),
        ("not (0 and 0)", 1),
        ("1 or 0 and 0", 1),
        ("(1 or 0) and 0", 0),
        ("not 1 < 2", 0),
        ("not not 2", 1),
        ("1 and 2", 1),
        ("max(1 < 2, 0)", 1),
        ("1e3", 1000),
        ("1_000.5", 1000.5),
        (".5", 0.5),
        ("5.", 5),
        ("1e-3", 0.001),
        ("2 # two", 2),
        ("# nothing\n2", 2),
        ("a = 2; a*3", 6),
        ("a = 2\n\na*3\n", 6),
        ("a = 2\r\na*3\r\n", 6),
        ("(1 +\n 2)", 3),
        ("max(1,\n2)", 2),
        ("max(1, # one\n2)", 2),
        ("1 +\n2", None),
        ("a = 2; b = a^2; b", 4),
        ("a = 2;", 2),
        (";;1;;", 1),
        ("", None),
        ("2 3", None),
        ("2x", 6),
        ("2 x", 6),
        ("(2\nx)", 6),
        ("-2x", -6),
        ("2x^2 + 3x + 1", 28),
        ("2(x+1)", 8),
        ("2(x+1)^2", 32),
        ("2x²", 18),
        ("2√(x+1)", 4),
        ("2x^-1", 2 / 3),
        ("2pi/tau", 1),
        ("3exp(x)/exp(x)", 3),
        ("½", 0.5),
        ("½*4", 2),
        ("½x", 1.5),
        ("4^½", 2),
        ("⅓", 1 / 3),
        ("⅚x", 2.5),
        ("2½", None),
        ("x½", None),
        ("x^½x", None),
        ("2x*3x", 54),
        ("6x/x", 6),
        ("2*-3x", -18),
        ("2x < 7", 1),
        ("not 2x", 0),
        ("1e2x", 300),
        ("1_0x", 30),
        ("2.x", 6),
        ("2.5(x)", 7.5),
        ("max(2x, 0)", 6),
        ("1/2x", None),
        ("1/-2x", None),
        ("1/2(x)", None),
        ("2x/3x", None),
        ("x^2x", None),
        ("x^-2x", None),
        ("2^3x", None),
        ("e^2x", None),
        ("√2x", None),
        ("2^2(x)", None),
        ("2²x", None),
        ("x 2", None),
        ("x(2)", None),
        ("(x)(x)", None),
        ("2(x)(x)", None),
        ("2x x", None),
        ("2e", None),
        ("2e*x", None),
        ("2E", None),
        ("1e+", None),
        ("0x10", None),
        ("0b11", None),
        ("x = 1; x = 2", None),
        ("1; 2", None),
        ("e^0", 1),
        ("π > τ/4", 1),
        ("inf", float("inf")),
        ("sin 0", None),
        ("sin(0)", 0),
        ("sin()", None),
        ("max(1,)", None),
        ("(1", None),
        ("1)", None),
        ("1e400", None),
        ("1e-400", None),
        ("0e-400", 0),
    ],
)
def test_precedence(text, expected):
    if expected is None:
        with pytest.raises(SourceError):
            value(text)
    elif "x" in text:
        assert value(text, x=3.0) == expected
    else:
        assert value(text) == expected


def test_a_number_may_be_followed_by_a_name_that_begins_with_e():
    assert parse("3e_1 + 2e2x + 2eps").graph.variables().keys() == {"e_1", "x", "eps"}


def test_a_fraction_of_unicode_is_exact():
    """A third is 1/3, a quotient: no double is one."""
    assert parse("⅓").graph.operations == ["number", "number", "div"]
    assert list(parse("¾").graph.args.values()) == [0.75]


def test_a_raised_letter_is_no_part_of_a_name():
    for text in ("xᵀ", "xⁿ", "2ᵀ"):
        with pytest.raises(SourceError):
            parse(text)


def test_a_name_is_the_same_in_any_normal_form():
    assert parse("é + e\u0301").graph.variables().keys() == {"é"}


def test_a_binding_beats_a_constant():
    assert parse("e + pi").graph.variables() == {}
    assert parse("e + pi", {"e"}).graph.variables().keys() == {"e"}
    assert parse("e = 3; e").graph.variables() == {}


def test_what_is_equal_is_one_node():
    graph = parse("(x + y)*(x + y) + (y + x)").graph
    assert graph.operations.count("add") == 3
    assert graph.operations.count("variable") == 2


def test_what_the_output_does_not_need_is_dropped_and_told():
    program = parse("a = x + 1; b = y; a*2")
    assert program.unused == ["b"]
    assert "y" not in program.graph.variables()
