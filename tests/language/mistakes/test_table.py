"""The table of mistakes: each row is the test of itself, and each word of another language too."""

from __future__ import annotations

import importlib
import math
import pkgutil
import re

import pytest

from backpropcli.errors import SourceError, did_you_mean
from backpropcli.language import mistakes
from backpropcli.language.mistakes.elsewhere import languages
from backpropcli.language.mistakes.elsewhere.call import PARAMETERS
from backpropcli.language.mistakes.misplaced import mathematics, table, unicode
from backpropcli.language.mistakes.repair import repaired
from backpropcli.language.mistakes.slip import Slip
from backpropcli.language.parse import parse
from tests.each import for_each
from tests.reference import value


def rows():
    """Return the rows of all files: those with a name of their own, and those in tuples."""
    found = {}
    for part in pkgutil.walk_packages(mistakes.__path__, f"{mistakes.__name__}."):
        for cell in vars(importlib.import_module(part.name)).values():
            for row in cell if isinstance(cell, tuple) else [cell]:
                if isinstance(row, Slip):
                    found[id(row)] = row
    return list(found.values())


ROWS = rows()


def mistake(text, *bound):
    """Return the error that ``text`` makes."""
    with pytest.raises(SourceError) as caught:
        parse(text, bound)
    return caught.value


def proposals(hint):
    """Return the programs, or parts of programs, that a hint proposes."""
    found = re.split(r"\b(?:write|as in|such as|add it:|add|mean) ", hint)[1:]
    pieces = [re.split(r", or |; | or |,? for | with | without | alone", part) for part in found]
    pieces = [piece.strip("' ,?") for part in pieces for piece in part]
    return [piece for piece in pieces if piece and "..." not in piece]


def squeezed(text):
    return "".join(text.split())


def test_every_mistake_has_a_name_of_its_own():
    kinds = [row.kind for row in ROWS]
    assert len(kinds) > 100
    assert sorted(kinds) == sorted(set(kinds))


@for_each("row", [row for row in ROWS if row.example], ids=lambda row: row.kind)
def test_the_example_is_answered_by_its_row(row):
    assert mistake(row.example, *[row.given] * bool(row.given)).kind == row.kind


def test_every_row_has_an_example_but_the_last_resort():
    assert [row for row in ROWS if not row.example] == [table.ANYTHING]


@for_each("row", [row for row in ROWS if row.instead], ids=lambda row: row.kind)
def test_what_the_hint_says_to_write_runs(row):
    parse(row.instead, [row.given] * bool(row.given))
    proposed = proposals(mistake(row.example, *[row.given] * bool(row.given)).hint)
    advice = ("an ", "a ", "one", "it ", "what ", "digits ", "the ", "remove ", ":", "where(condit")
    proposed = [part for part in proposed if not part.startswith(advice)]
    shown = squeezed(row.instead)
    assert not proposed or any(squeezed(part) in shown for part in proposed), proposed


# Words of other languages


@for_each("word", languages.FOREIGN_WORDS)
def test_a_word_of_another_language_is_told(word):
    for text in (f"x {word} y", f"{word} x"):
        error = mistake(text)
        assert error.message == f"'{word}' is not a word of the language"
        assert error.hint == languages.FOREIGN_WORDS[word]
        parse(error.hint.rpartition("write ")[2] if "write (" in error.hint else "x")


@for_each("word", languages.FOREIGN_WORDS)
def test_a_word_of_another_language_may_be_the_last(word):
    for text in (f"x {word}", f"(x {word}", f"x {word} # y"):
        assert mistake(text).kind == "a word of another language"


@for_each("name", languages.FOREIGN_FUNCTIONS)
def test_what_is_written_for_a_function_of_another_language_runs(name):
    template = languages.FOREIGN_FUNCTIONS[name]
    inputs = ", ".join([f"p{i}" for i in range(len(PARAMETERS & {*re.findall(r"\w+", template)}))])
    [alone] = repaired(mistake(f"{name}({inputs})"))
    [inside] = repaired(mistake(f"2/{name}({inputs})^3"))
    names = inputs.split(", ")
    assert sorted(parse(alone).variables) == sorted(names)
    point = {name: 0.4 + 0.3 * index for index, name in enumerate(names)}
    assert value(inside, **point) == pytest.approx(value(f"2/({alone})^3", **point), nan_ok=True)
    assert mistake(f"{name}()").hint == f"write {template}"


# By Python's math, or by its definition where that has none.
MEANT = {
    "factorial": (3, math.factorial(3)),
    "square": (3, 9),
    "cube": (3, 27),
    "lg": (3, math.log10(3)),
    "lb": (3, math.log2(3)),
    "exp10": (3, 1000),
    "tg": (0.3, math.tan(0.3)),
    "ctg": (0.3, math.cos(0.3) / math.sin(0.3)),
    "cosec": (0.3, 1 / math.sin(0.3)),
    "sh": (0.3, math.sinh(0.3)),
    "ch": (0.3, math.cosh(0.3)),
    "th": (0.3, math.tanh(0.3)),
    "arsinh": (0.3, math.asinh(0.3)),
    "arcosh": (3, math.acosh(3)),
    "artanh": (0.3, math.atanh(0.3)),
    "arctg": (0.3, math.atan(0.3)),
    "sind": (30, math.sin(math.radians(30))),
    "cosd": (30, math.cos(math.radians(30))),
    "tand": (30, math.tan(math.radians(30))),
    "asind": (0.3, math.degrees(math.asin(0.3))),
    "acosd": (0.3, math.degrees(math.acos(0.3))),
    "atand": (0.3, math.degrees(math.atan(0.3))),
    "sinpi": (0.3, math.sin(0.3 * math.pi)),
    "cospi": (0.3, math.cos(0.3 * math.pi)),
    "tanpi": (0.3, math.tan(0.3 * math.pi)),
    "degrees": (0.3, math.degrees(0.3)),
    "radians": (30, math.radians(30)),
    "rsqrt": (4, 0.5),
    "reciprocal": (4, 0.25),
    "Phi": (0.3, (1 + math.erf(0.3 / math.sqrt(2))) / 2),
    "versin": (0.3, 2 * math.sin(0.15) ** 2),
}


@for_each("name", MEANT)
def test_what_is_written_for_a_function_means_the_same(name):
    x, wanted = MEANT[name]
    found = value(languages.FOREIGN_FUNCTIONS[name], x=float(x))
    assert found == pytest.approx(wanted, rel=1e-14)


@for_each("name", sorted({*languages.OTHERS_OWN, *languages.ADVICE, *languages.DRAWN}))
def test_a_function_of_another_meaning_is_no_slip(name):
    assert "did you mean" not in mistake(f"{name}(x)").hint


@for_each("name, count", languages.OTHER_COUNTS)
def test_arguments_of_another_language_are_told(name, count):
    error = mistake(f"{name}({', '.join(['x'] * count)})")
    assert error.kind == "arguments as another language has them"
    assert len(repaired(error)) == 1


# Characters


@for_each("char", unicode.LOOKALIKES)
def test_a_lookalike_is_told(char):
    error = mistake(f"x {char} y")
    assert error.kind == "a sign that looks like another"
    assert error.hint == f"write {unicode.LOOKALIKES[char]}"


@for_each("char", mathematics.SIGNS_OF_MATHEMATICS)
def test_a_sign_of_mathematics_is_told(char):
    error = mistake(f"{char} x")
    assert error.kind == "a sign of mathematics"
    if "^" in error.hint or "(x)" in error.hint:
        parse(error.hint.rpartition("write ")[2].rpartition("as in ")[2])


# Did you mean


@for_each(
    "name, known, wanted",
    [
        ("tahn", ["tan", "tanh", "sinh"], "tanh"),  # two letters changed places
        ("Sin", ["sin", "sinh"], "sin"),  # another case
        ("snh", ["sin", "sinh"], "sinh"),  # a letter too few
        ("asinn", ["asin", "asinh"], "asin"),  # a letter too many comes before a wrong one
        ("sim", ["sin", "cos"], "sin"),  # a wrong letter
        ("cim", ["sin", "cos"], ""),  # two of them in a short name
        ("logsigmiod", ["logsigmoid", "sigmoid"], "logsigmoid"),
        ("leakyrelue", ["leaky_relu", "relu"], "leaky_relu"),  # two in a long name
        ("sgimid", ["sigmoid"], ""),
        ("csc", ["cos", "sec"], ""),
        ("cin", ["sin", "min"], ""),  # as much like one as like the other
        ("x3", ["x1", "x2"], ""),  # digits are meant
        ("log3", ["log", "log2", "log10"], ""),
        ("nl", ["ln"], ""),  # too short to tell
        ("a" * 41, ["a" * 40], ""),  # and too long
        ("anything", [], ""),
    ],
)
def test_a_name_is_guessed_by_its_slips(name, known, wanted):
    assert did_you_mean(name, known, "no") == (f"did you mean '{wanted}'?" if wanted else "no")


def test_a_guess_takes_no_time_among_many_names(monkeypatch):
    """Only names that are nearly as long and have nearly the same letters are looked at closely."""
    from backpropcli import slips

    looked = []
    distance = slips._distance  # noqa: SLF001 (how often it runs)
    monkeypatch.setattr(slips, "_distance", lambda *pair: looked.append(pair) or distance(*pair))
    assert (
        did_you_mean("rtae", [f"x{i}" for i in range(10_000)] + ["rate"]) == "did you mean 'rate'?"
    )
    assert len(looked) == 1


def test_a_function_that_is_an_operator_too_is_guessed():
    assert mistake("powr(x, 2)").hint == "did you mean 'pow'?"
    assert mistake("def smooth(x) = x; smoth(y)").hint == "did you mean 'smooth'?"


# Control characters


@pytest.mark.parametrize("text", ["(x # \x1b[31m\n, y)", "sin # \x1b[31m\n x", "x \x1b", "'\x1b'"])
def test_control_characters_never_reach_a_terminal(text, capsys, monkeypatch):
    from backpropcli.__main__ import main
    from backpropcli.errors import fitting

    assert fitting("a\x1bb\nc", "utf-8") == "a\\x1bb\nc"
    for options in ([], ["--quiet"], ["--view=steps"], ["--view=graph"], ["--json"]):
        monkeypatch.setattr("sys.argv", ["backprop", text, "x=1", "y=2", *options])
        main()
        shown = capsys.readouterr()
        assert "\x1b" not in shown.out + shown.err
