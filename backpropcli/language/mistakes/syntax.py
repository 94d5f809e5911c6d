"""Explains what is wrong with a program's text: a sentence, a place, and what to write instead.

Loaded only when there is a mistake. Each function returns the error; the parser raises it. What
is looked at closely is the text near the mistake; the rest is only counted and searched.
"""

from __future__ import annotations

from backpropcli.errors import SourceError, closest, columns, visible
from backpropcli.graph.operations import CONSTANTS, NAMES
from backpropcli.language.builder import RAISED
from backpropcli.language.scanner import tokens
from backpropcli.language.tables import IGNORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.graph.operations import Operation
    from backpropcli.language.builder import Builder
    from backpropcli.language.builder.calls import Calls
    from backpropcli.language.builder.expressions import Expressions

NEAR = 200
"""How many characters on either side of a mistake are scanned: an input may have millions."""
SHORT = 24
"""How many columns of the user's own text a sentence repeats at most, at a time."""
LONG = 40
"""How much of a character's name is told: the longest have 80 characters, for emoji."""
WIDE = 96
"""How many columns a sentence takes at most."""

COMPARISONS = {"LESSTHAN", "MORETHAN", "_LE", "_GE", "_NE", "__ANON_0"}
SIGNS = {"PLUS", "_MINUS"}
WORDS = {"AND", "OR", "NOT"}
INFIX = COMPARISONS | SIGNS | {"_TIMES", "_OVER", "_POWER", "AT", "AND", "OR"}
BEGINNINGS = {"", "LPAR", "COMMA", "EQUAL", "SEMICOLON", "_NEWLINE"}
ENDINGS = {"SEMICOLON", "_NEWLINE"}
CELLS = {"COMMA", "EQUAL", *ENDINGS}
VALUES = {"NUMBER", "NAME", "RPAR", "SUPERSCRIPT"}
STARTS = {"NUMBER", "NAME", "LPAR", "_ROOT"}

PAIRS = {
    "LESSTHAN EQUAL": "<=",
    "MORETHAN EQUAL": ">=",
    "EQUAL MORETHAN": ">=",
    "EQUAL LESSTHAN": "<=",
    "LESSTHAN MORETHAN": "!=",
    "__ANON_0 EQUAL": "==",
    "_NE EQUAL": "!=",
}
"""Two operators in a row that are one elsewhere, or that were typed apart."""
UPDATES = {*SIGNS, "_TIMES", "_OVER", "_POWER", "AT"}

CHOICE = "for a choice write where(condition, a, b)"
FOREIGN_WORDS = {
    **dict.fromkeys(("if", "else", "then", "elif", "when", "case", "switch"), CHOICE),
    **dict.fromkeys(("for", "while", "in", "do"), "there are no loops: write the terms out"),
    **dict.fromkeys(
        ("lambda", "def", "return", "function", "import", "from", "print"),
        "write the formula alone, as in x^2 + 1",
    ),
    **dict.fromkeys(("let", "var", "const", "double", "float"), "leave this word out"),
    "is": "to compare write ==",
    "xor": "write (a != 0) != (b != 0)",
    "div": "write floor(a/b)",
}
FOREIGN_FUNCTIONS = {
    **dict.fromkeys(("if", "iif", "ifelse", "cond", "piecewise"), "where(condition, a, b)"),
    **dict.fromkeys(("fmod", "rem", "remainder", "modulo"), "mod(x, y)"),
    **dict.fromkeys(("factorial", "fact"), "gamma(x + 1)"),
    **dict.fromkeys(("square", "sqr", "sq"), "x^2"),
    **dict.fromkeys(("heaviside", "step"), "x > 0"),
    **dict.fromkeys(("trunc", "int", "fix"), "sign(x)*floor(abs(x))"),
    **dict.fromkeys(("mean", "average", "avg"), "(x + y)/2"),
    **dict.fromkeys(("normcdf", "cdf", "Phi"), "erfc(-x/sqrt(2))/2"),
    "lg": "log10(x)",
    "lb": "log2(x)",
    "tg": "tan(x)",
    "ctg": "cot(x)",
    "arctg": "atan(x)",
    "cube": "x^3",
    "sum": "x + y",
    "prod": "x*y",
    "softmax": "softmax2(x, y)",
    "rsqrt": "1/sqrt(x)",
    "reciprocal": "1/x",
    "lerp": "x + t*(y - x)",
    "root": "x^(1/n)",
}
OTHER_COUNTS = {
    ("log", 2): "for another base write log(x)/log(base)",
    ("ln", 2): "for another base write log(x)/log(base)",
    ("atan", 2): "write atan2(y, x)",
    ("arctan", 2): "write atan2(y, x)",
    ("sqrt", 2): "for another root write x^(1/n)",
    ("exp", 2): "for a power write x^y",
    ("round", 2): "for two decimals write round(100*x)/100",
    ("relu", 2): "write leaky_relu(x, slope)",
}
IMPORTS = {"import", "include", "from", "require", "load", "source"}
LIBRARIES = {"math", "Math", "np", "numpy", "torch", "nn", "F", "jnp", "jax", "tf", "sympy"}

LOOKALIKES = {
    **dict.fromkeys("–—‐‑‒―﹣－﹘", "-"),
    **dict.fromkeys("∗⁎＊✕✖╳•∙", "*"),
    **dict.fromkeys("⁄∕／", "/"),
    **dict.fromkeys("＋﹢", "+"),
    **dict.fromkeys("（❨⟮﹙", "("),
    **dict.fromkeys("）❩⟯﹚", ")"),
    **dict.fromkeys("，、‚﹐", ","),
    **dict.fromkeys("；﹔", ";"),
    **dict.fromkeys("＝﹦", "="),
    **dict.fromkeys("＜‹〈⟨﹤", "<"),
    **dict.fromkeys("＞›〉⟩﹥", ">"),
    **dict.fromkeys("＾ˆ↑", "^"),
    **dict.fromkeys("．。", "."),
    **dict.fromkeys("∧⋀", "and"),
    **dict.fromkeys("∨⋁", "or"),
    **dict.fromkeys("≈≡≅≟", "=="),
    **dict.fromkeys("←≔≝", "="),
    "⩽": "<=",
    "⩾": ">=",
    "¬": "not",
    "∞": "inf",
}
SIGNS_OF_MATHEMATICS = {
    **dict.fromkeys("∂∇", "write the expression alone: its gradient is what you get"),
    **dict.fromkeys("∑∏", "write the terms out, as in a + b + c"),
    **dict.fromkeys("∫", "there are no integrals"),
    **dict.fromkeys("±∓", "write + or -"),
    **dict.fromkeys("⁺⁼⁽⁾", "write the power with ^, as in x^(n + 1)"),
    **dict.fromkeys("′″‴", "delete it: the gradient is what you get anyway"),
    "°": "degrees are written 30*pi/180",
    "‰": "write /1000",
    "∛": "write cbrt(x)",
    "∜": "write x^(1/4)",
    "…": "write the terms out",
}
QUOTES = "“”‘’‛‟„«»´"
PLAIN_QUOTES = "'\"`"
PATH = r"""((?:^|[;\n])[ \t\xa0]*use[ \t\xa0]*)('[^'\n]*'|"[^"\n]*")"""
ACCENTS = {
    "\u0302": "hat",
    "\u0304": "bar",
    "\u0305": "bar",
    "\u0307": "dot",
    "\u0308": "ddot",
    "\u0303": "tilde",
    "\u20d7": "vec",
    "\u0301": "prime",
}
BRACKETS = {"[": "]", "{": "}"}


def unexpected(builder: Builder, _state: int, at: int, here: int) -> SourceError:
    """Return the error for the word ``source[at:here]``, which cannot stand where it does."""
    char = builder.source[at : at + 1]
    if char and char in PLAIN_QUOTES:
        return _quotation(_Place(builder, at, at + 1), char)
    if builder.source[at : at + 2] == ":=":
        return _colon(_Place(builder, at, at + 1))
    if builder.source[max(at - 1, 0) : here] == ":=":
        return _colon(_Place(builder, at - 1, at))
    place = _Place(builder, at, here)
    for explain in (
        _head,
        _keyword,
        _pair,
        _operand,
        _parentheses,
        _unclosed,
        _comma,
        _equals,
        _chained,
        _raised,
        _foreign,
        _number,
        _call_without_parentheses,
        _juxtaposed,
    ):
        error = explain(place)
        if error is not None:
            return error
    return place.error(f"{_quoted(place.word)} cannot stand here", "remove it")


class _Place:
    """A mistake: the word at it, the words around it, and the parentheses still open."""

    def __init__(self, builder: Expressions, at: int, here: int) -> None:
        self.builder = builder
        self.source = builder.source
        self.at = min(at, len(self.source))
        self.end = min(here, len(self.source))
        past, rest = _uncommented(self.source[: self.at]), _uncommented(self.source[self.at :])
        self.depth = past.count("(") - past.count(")")
        self.opened = _innermost(past) if self.depth else -1
        self.missing = self.depth + rest.count("(") - rest.count(")")
        stop = len(past.rstrip(" \t\xa0\r\n" if self.depth else " \t\xa0"))
        near = max(0, stop - NEAR)
        self.cut = near > 0
        self.before = self._words(past[near:stop], near)
        self.ahead = self._words(self.source[self.at : self.at + NEAR], self.at)
        self.at_end = self.at >= len(self.source)
        self.kind = "_NEWLINE" if self.at_end else self.ahead[0][0] if self.ahead else ""
        self.last, self.last_start, self.last_end = self.before[-1] if self.before else ("", 0, 0)
        self.word = self.source[self.at : min(self.end, self.at + NEAR)]
        self.last_word = self.source[self.last_start : self.last_end]
        self.fresh = self.last in BEGINNINGS

    def _words(self, text: str, offset: int) -> list[tuple[str, int, int]]:
        """Return the words of ``text``, without white space (a line break, in parentheses)."""
        return [
            (kind, start + offset, end + offset)
            for kind, start, end in tokens(text)
            if kind not in IGNORED and (kind != "_NEWLINE" or not self.depth)
        ]

    def error(self, message: str, hint: str, start: int = -1, end: int = -1) -> SourceError:
        """Return the error at the word, or from ``start`` (on the word's line) to ``end``."""
        start = self.at if start < 0 else start
        end = self.end if end < 0 else end
        if start < self.at < end and (self.cut_off(start) or "\n" in self.source[start:end]):
            start = self.at
        return self.builder.error(message, start, end, hint)

    def cut_off(self, start: int) -> bool:
        """Say whether ``start`` is where the look at the text before began, maybe in a word."""
        return self.cut and bool(self.before) and start == self.before[0][1]

    def text(self, start: int, end: int, default: str = "...") -> str:
        """Return a part of the source for a hint; ``default`` where that is long or unknown."""
        if not 0 <= start < end or end - start > 2 * NEAR or self.cut_off(start):
            return default
        found = " ".join(_uncommented(self.source[start:end]).split())
        return found if found and columns(visible(found)) <= SHORT else default

    def next(self, index: int) -> str:
        """Return the kind of word number ``index`` after the mistake, which is number 0."""
        return self.ahead[index][0] if index < len(self.ahead) else "_NEWLINE"

    def back(self, stops: set[str]) -> int:
        """Return where the operand before the mistake begins that ends at one of ``stops``."""
        found, depth = -1, 0
        for index in range(len(self.before) - 1, -1, -1):
            kind, start, _ = self.before[index]
            if not depth and kind in stops and not (kind in SIGNS and self._is_sign(index, stops)):
                break
            depth += (kind == "RPAR") - (kind == "LPAR")
            if depth < 0:
                break
            found = start
        return found if depth <= 0 else -1

    def _is_sign(self, index: int, stops: set[str]) -> bool:
        """Say whether a + or - is the sign of its operand, as loosely bound as ``stops`` allow."""
        return (
            stops >= COMPARISONS
            and "_TIMES" not in stops
            and (
                (index > 0 and self.before[index - 1][0] not in VALUES)
                or (index == 0 and not self.cut)
            )
        )

    def atom(self, index: int) -> int:
        """Return the number of the word after the number, name, call or (...) at ``index``."""
        while self.next(index) in {*SIGNS, "_ROOT"}:
            index += 1
        if self.next(index) == "NAME" and self.next(index + 1) == "LPAR":
            index += 1
        if self.next(index) in {"NUMBER", "NAME"}:
            index += 1
        elif self.next(index) == "LPAR":
            index = self.forth(index + 1, set()) + 1
        else:
            return -1
        return index + (self.next(index) == "SUPERSCRIPT")

    def factor(self, index: int) -> int:
        """Return the number of the word after the power at ``index``, or -1."""
        index = self.atom(index)
        while index > 0 and self.next(index) == "_POWER":
            index = self.atom(index + 1)
        return index

    def forth(self, index: int, stops: set[str]) -> int:
        """Return the number of the word that ends the operand at ``index``: one of ``stops``."""
        depth = 0
        while index < len(self.ahead):
            kind = self.ahead[index][0]
            depth += (kind == "LPAR") - (kind == "RPAR")
            if depth < 0 or (not depth and kind in stops):
                break
            index += 1
        return index

    def ahead_text(self, first: int, after: int, default: str = "...") -> str:
        """Return the text of the words from ``first`` up to ``after``, for a hint."""
        if not 0 <= first < after <= len(self.ahead):
            return default
        return self.text(self.ahead[first][1], self.ahead[after - 1][2], default)

    def before_text(self, stops: set[str], default: str = "...") -> str:
        """Return the text of the operand before the mistake, for a hint."""
        return self.text(self.back(stops), self.last_end, default)

    def called(self) -> str:
        """Return the name of the function whose arguments these are, or ""."""
        if self.opened < 0:
            return ""
        head = _uncommented(self.source[max(0, self.opened - NEAR) : self.opened])
        kind, start, end = next(
            (word for word in reversed(tokens(head)) if word[0] not in IGNORED), ("", 0, 0)
        )
        return head[start:end] if kind == "NAME" else ""


def _uncommented(text: str) -> str:
    """Return ``text`` with blanks in place of comments, and no signs in the paths after 'use'."""
    import re

    if "use" in text:
        text = re.sub(PATH, lambda found: found[1] + "'" + "_" * (len(found[2]) - 2) + "'", text)
    if "#" not in text:
        return text
    return re.sub("#[^\n]*", lambda found: " " * len(found[0]), text)


def _innermost(text: str) -> int:
    """Return the place of the last parenthesis that ``text`` leaves open."""
    from itertools import accumulate, repeat  # noqa: PLC0415 (only on a mistake)
    from operator import indexOf  # noqa: PLC0415 (only on a mistake)

    steps = map({"(": 1, ")": -1}.get, reversed(text), repeat(0))
    return len(text) - 1 - indexOf(accumulate(steps), 1)


def _fitting(hint: str, general: str) -> str:
    """Return ``hint``, or the ``general`` one where it would be a long line."""
    return hint if columns(visible(hint)) <= WIDE else general


def _quoted(text: str) -> str:
    """Return ``text`` in quotes, shortened."""
    text = text if len(text) <= SHORT else text[: SHORT - 1] + "…"
    return f'"{text}"' if "'" in text else f"'{text}'"


HEADS = {
    "DEF": ("a definition", "def f(x, k) = log(1 + exp(k*x))/k"),
    "RULE": ("a rule", "rule f(x) = 2*x, with a derivative for each parameter"),
    "USE": ("a file of definitions", "use 'file.bp'"),
}
"""The words that begin a statement, what it is, and how it is written."""


def _head(place: _Place) -> SourceError | None:
    """Explain a definition, a rule or a use that goes wrong before its '='."""
    source = place.builder.source
    if place.kind in HEADS and place.last not in {"", *ENDINGS}:
        return place.error(
            f"'{place.word}' begins a statement",
            f"give it a statement of its own; as a name choose another, such as {place.word}_",
        )
    begin = max(source.rfind(mark, 0, place.at) for mark in "\n;") + 1
    if place.at - begin > NEAR:
        return None
    found = [token for token in tokens(source[begin : place.at]) if token[0] not in IGNORED]
    if not found or found[0][0] not in HEADS:
        return None
    head, first, last = found[0]
    if any(kind == "EQUAL" for kind, *_ in found):
        if head == "RULE" and place.kind == "COMMA" and place.depth:
            return place.error(
                "derivatives stand side by side, without parentheses around them",
                "write rule f(x, y) = y, x",
                place.opened,
                place.opened + 1,
            )
        return None
    if len(found) == 1 and place.kind == "EQUAL":
        return _no_name(place, place.last_word, begin + first, begin + last)
    what, example = HEADS[head]
    if place.kind in ENDINGS:  # there is nothing to point at but the last word
        return place.error(
            f"{what} is not written so", f"write {example}", place.last_start, place.last_end
        )
    return place.error(f"{what} is not written so", f"write {example}")


def _keyword(place: _Place) -> SourceError | None:
    """Explain 'and', 'or' and 'not' in the place of a name, and 'not' after an operator."""
    if place.last == "NOT" and place.kind == "EQUAL":
        return _no_name(place, place.last_word, place.last_start, place.last_end)
    if place.kind not in WORDS:
        return None
    if place.kind == "NOT" and place.last in VALUES:
        left = place.before_text({*CELLS, "AND", "OR"})
        return place.error("there is no operator before 'not'", f"write {left} and not ...")
    if place.kind == "NOT" and place.next(1) in {*STARTS, *SIGNS}:
        right = place.ahead_text(1, place.factor(1))
        return place.error("'not' after an operator needs parentheses", f"write (not {right})")
    nothing = place.fresh or place.last in INFIX | {"NOT"}
    if nothing and place.next(1) not in STARTS:
        return _no_name(place, place.word, place.at, place.end)
    return None


def _no_name(place: _Place, word: str, start: int, end: int) -> SourceError:
    return place.error(
        f"'{word}' is a word of the language, so it cannot be a name",
        f"choose another name, such as {word}_",
        start,
        end,
    )


def _pair(place: _Place) -> SourceError | None:
    """Explain two operators in a row that mean something elsewhere."""
    pair = f"{place.last} {place.kind}"
    both = place.text(place.last_start, place.end)
    if pair in PAIRS:
        return place.error(
            f"{_quoted(both)} is not an operator", f"write {PAIRS[pair]}", place.last_start
        )
    if pair == "EQUAL EQUAL":
        return place.error(
            f"{_quoted(both)} is not an operator",
            "to compare write ==, to give a name a value write =",
            place.last_start,
        )
    if pair == "_OVER _OVER" and len(both) == 2:  # noqa: PLR2004 (two slashes side by side)
        return _division(place)
    if place.kind == "EQUAL" and place.last in UPDATES:
        right = place.ahead_text(1, place.forth(1, CELLS))
        name = place.source[: place.last_start].split()[-1:] if place.at < NEAR else []
        word = name[0] if name and name[0].isidentifier() else "z"
        return place.error(
            f"{_quoted(both)} is not part of the language: a name keeps its value",
            f"write {word}2 = {_infix(word, place.last, place.last_word, right)}",
            place.last_start,
        )
    return None


def _division(place: _Place) -> SourceError:
    """Explain a // b."""
    slash = place.before.pop()
    place.last_end = place.before[-1][2] if place.before else 0
    left = place.before_text(CELLS | COMPARISONS | SIGNS | WORDS)
    right = place.ahead_text(1, place.factor(1))
    hint = f"for a quotient rounded down write floor({left}/{right}); a comment begins with #"
    return place.error("'//' is not an operator", hint, slash[1])


def _operand(place: _Place) -> SourceError | None:
    """Explain an operator that lacks what stands before or after it."""
    if place.kind in INFIX and place.fresh:
        right = place.ahead_text(1, place.factor(1), "2")
        example = _infix("2" if right == "x" else "x", place.kind, place.word, right)
        return place.error(
            f"there is nothing before '{place.word}'",
            f"write what is to stand there, as in {example}",
        )
    if place.last in INFIX and place.kind in INFIX:
        return place.error(
            f"there is nothing between '{place.last_word}' and '{place.word}'",
            f"write a value between them, or remove '{place.word}'",
            place.last_start,
        )
    if place.last in INFIX | {"NOT", "_ROOT"} and place.kind not in {"EQUAL", "NOT", "SUPERSCRIPT"}:
        return _nothing_after(place)
    return None


def _infix(left: str, kind: str, word: str, right: str) -> str:
    """Return an operator between its operands, spaced as its precedence is."""
    if kind in {"_TIMES", "_OVER", "_POWER"}:
        return f"{left}{word}{right}"
    return f"{left} {word} {right}"


def _nothing_after(place: _Place) -> SourceError:
    """Explain an operator at the end of an operand."""
    word = place.last_word
    if place.last in {"NOT", "_ROOT"}:
        example = "√2" if place.last == "_ROOT" else "not x"
    else:
        place.before.pop()
        place.last_end = place.before[-1][2] if place.before else 0
        left = place.before_text(INFIX | CELLS | WORDS, "x")
        example = _infix(left, place.last, word, "2")
    hint = f"write what is to stand there, as in {example}"
    if place.kind == "_NEWLINE" and place.source[place.at :].strip():
        hint += "; for a longer line use parentheses"
    elif place.at_end and place.depth:
        hint += f", and {_closing(place)}"
    return place.error(
        f"there is nothing after '{word}'", hint, place.last_start, place.last_start + len(word)
    )


def _closing(place: _Place) -> str:
    """Return the advice to add what parentheses are missing."""
    if place.depth == 1:
        return "add a ')'"
    many = 5  # more of them would have to be counted
    return f"add {')' * place.depth}" if place.depth <= many else f"add {place.depth} times ')'"


def _parentheses(place: _Place) -> SourceError | None:
    """Explain a closing parenthesis that cannot stand here."""
    if place.kind != "RPAR":
        return None
    if not place.depth:
        return place.error("this parenthesis closes nothing", "remove it, or add a '(' before it")
    if place.last == "LPAR":
        return place.error(
            "there is nothing between these parentheses",
            "write an expression in them, or remove them",
            place.last_start,
        )
    return None


def _unclosed(place: _Place) -> SourceError | None:
    """Explain a parenthesis that is never closed: the caret is on it."""
    if not place.depth:
        return None
    ended = place.at_end or place.kind == "_NEWLINE"
    separated = place.kind == "SEMICOLON" and place.missing > 0
    if not (ended or separated or (place.missing > 0 and _next_line(place))):
        if place.kind == "SEMICOLON":
            return place.error(
                "';' separates statements, and this one is in parentheses",
                "between arguments write a comma"
                if place.called()
                else "write one expression in them, and names before it: z = 3; ...",
            )
        return None
    return place.error(
        "this parenthesis is never closed", _closing(place), place.opened, place.opened + 1
    )


def _next_line(place: _Place) -> bool:
    """Say whether the mistake is how a next line begins that was to be a statement."""
    if place.kind == "EQUAL":
        return place.last == "NAME" and place.source[: place.last_start].rstrip(" \t").endswith(
            "\n"
        )
    return place.last in VALUES and "\n" in place.source[place.last_end : place.at]


def _comma(place: _Place) -> SourceError | None:
    """Explain a comma without its arguments, or outside of arguments."""
    if place.last == "COMMA" and place.kind == "COMMA":
        return place.error(
            "there is nothing between these commas",
            "write an argument between them, or remove one",
            place.last_start,
        )
    if place.last == "COMMA" and place.kind in {"RPAR", *ENDINGS}:
        return place.error(
            "there is nothing after this comma",
            "write an argument, or remove it",
            place.last_start,
            place.last_end,
        )
    if place.kind != "COMMA":
        return None
    if place.last in {"LPAR", "EQUAL"} or (place.fresh and not place.depth):
        return place.error(
            "there is nothing before this comma",
            "write an argument, or remove it" if place.depth else "remove it",
        )
    return _stray_comma(place)


def _stray_comma(place: _Place) -> SourceError:
    """Explain a comma that is not between arguments."""
    if place.depth and place.missing > 0:
        return place.error(
            "this parenthesis is not closed before the comma",
            "add a ')' before the comma",
            place.opened,
            place.opened + 1,
        )
    if place.last == "NUMBER" and place.next(1) == "NUMBER":
        whole, part = place.last_word, place.ahead_text(1, 2)
        if "." not in whole and part.isdigit():
            hint = f"a number has a point: write {whole}.{part}"
            thousands = 3
            if len(part) == thousands:
                hint += f", or {whole}_{part} for thousands"
            return place.error("a comma stands only between the arguments of a function", hint)
    return place.error(
        "a comma stands only between the arguments of a function",
        "there are no lists: write one expression"
        if place.depth
        else "write one expression; statements end with ';' or a new line",
    )


def _equals(place: _Place) -> SourceError | None:
    """Explain a '=' that gives no name a value, and one without a value."""
    if place.last == "EQUAL" and place.kind in {"RPAR", *ENDINGS}:
        name = place.source[place.before[-2][1] : place.before[-2][2]] if place.before[1:] else "z"
        if name == ")":
            return place.error(
                "there is nothing after the '='",
                "write an expression, as in def f(x) = x^2",
                place.last_start,
                place.last_end,
            )
        return place.error(
            "there is nothing after the '='",
            f"write a value, as in {name[:SHORT]} = 3",
            place.last_start,
            place.last_end,
        )
    if place.kind != "EQUAL":
        return None
    if place.fresh:
        return place.error("there is no name before the '='", "write a name, as in z = 3")
    if place.depth:
        return _equals_inside(place)
    return _equals_outside(place)


def _equals_outside(place: _Place) -> SourceError:
    """Explain a second '=' in a statement, and one after what is no name."""
    right = place.ahead_text(1, place.forth(1, CELLS))
    middle = place.back(CELLS)
    left = place.text(middle, place.last_end)
    index = next((i for i, (_, start, _) in enumerate(place.before) if start == middle), 0)
    if index > 1 and place.before[index - 1][0] == "EQUAL":
        first = place.text(*place.before[index - 2][1:])
        hint = f"write {first} = {left} == {right}"
        if place.last == "NAME" and index == len(place.before) - 1:
            hint = f"write {left} = {right}; {first} = {left}"
        return place.error(
            "a statement gives one name a value", _fitting(hint, "to compare write ==")
        )
    if place.last == "RPAR" and left[:1].isalpha():
        return place.error(
            "a function is defined with 'def'",
            _fitting(f"write def {left} = {right}", "write def f(x) = x^2"),
        )
    return place.error("only a name can be given a value", f"to compare write {left} == {right}")


def _equals_inside(place: _Place) -> SourceError:
    """Explain a '=' in parentheses."""
    name = place.called()
    left, right = place.before_text(CELLS), place.ahead_text(1, place.forth(1, CELLS))
    if name and place.last == "NAME":
        row = NAMES.get(name)
        if row and left in row.parameters:
            whole = f"{name}({', '.join(row.parameters)})"
            return place.error(
                "arguments have no names", f"write {right} alone, as in {whole}", place.last_start
            )
    general = "to compare write ==; to name a value begin with a statement such as z = 3;"
    hint = f"to compare write {left} == {right}"
    if place.last == "NAME":
        hint += f"; to name a value begin with the statement {left} = {right};"
    return place.error("'=' cannot stand in parentheses", _fitting(hint, general))


def _chained(place: _Place) -> SourceError | None:
    """Explain a < b < c."""
    if place.kind not in COMPARISONS:
        return None
    middle = place.back(CELLS | WORDS | COMPARISONS)
    index = next((i for i, (_, start, _) in enumerate(place.before) if start == middle), 0)
    if not index or place.before[index - 1][0] not in COMPARISONS:
        return None
    first = place.source[place.before[index - 1][1] : place.before[index - 1][2]]
    left = place.text(place.back(CELLS | WORDS), place.before[index - 1][1], "a")
    between = place.text(middle, place.last_end, "b")
    right = place.ahead_text(1, place.forth(1, CELLS | WORDS | COMPARISONS), "c")
    hint = f"write {left} {first} {between} and {between} {place.word} {right}"
    return place.error(
        "comparisons do not chain", _fitting(hint, f"write a {first} b and b {place.word} c")
    )


def _raised(place: _Place) -> SourceError | None:
    """Explain a power that has no base, or a base that is itself a root or a raised power."""
    if place.kind not in {"_POWER", "SUPERSCRIPT"} or (
        place.kind == "_POWER" and place.last not in VALUES
    ):
        return None
    power = place.ahead_text(0, 1 if place.kind == "SUPERSCRIPT" else place.factor(1))
    if place.kind == "SUPERSCRIPT" and place.last not in VALUES:
        return place.error(
            "there is nothing before this raised power", f"it stands after its base, as in x{power}"
        )
    base = place.before_text(INFIX | CELLS | WORDS, "x")
    if place.last == "SUPERSCRIPT":
        inner = place.last_word.translate(RAISED)
        bare = base.removesuffix(place.last_word)
        outer = power.translate(RAISED).lstrip("^*")
        return place.error(
            "a power of a power needs parentheses",
            f"write ({base}){power} or {bare}^({inner}^{outer})",
            place.last_start,
        )
    if base.startswith("√"):
        return place.error(
            "a root of a power, or a power of a root?",
            f"write √({base[1:].strip()}{power}) or ({base}){power}",
        )
    return None


def _foreign(place: _Place) -> SourceError | None:
    """Explain the words of other languages."""
    first, second = place.last_word, place.word
    if place.last not in VALUES or place.kind not in {*STARTS, *WORDS}:
        return None
    for word, kind, start, end in (
        (second, place.kind, place.at, place.end),
        (first, place.last, place.last_start, place.last_end),
    ):
        if kind == "NAME" and word in FOREIGN_WORDS and end - start == len(word):
            return place.error(
                f"'{word}' is not a word of the language", FOREIGN_WORDS[word], start, end
            )
        if kind == "NAME" and word in {"AND", "OR", "NOT", "And", "Or", "Not"}:
            return place.error(
                f"'{word}' is written in lower case", f"write {word.lower()}", start, end
            )
    row = NAMES.get(second) if place.kind == "NAME" else None
    if row and len(row.parameters) == 2 and place.next(1) in STARTS:  # noqa: PLR2004 (a, b)
        left = place.before_text(CELLS | COMPARISONS | SIGNS | WORDS)
        right = place.ahead_text(1, place.factor(1))
        if place.next(1) != "LPAR":
            return place.error(
                f"'{second}' is a function, not an operator", f"write {second}({left}, {right})"
            )
    return None


def _number(place: _Place) -> SourceError | None:
    """Explain what begins as a number, and is none."""
    if place.last != "NUMBER" or place.kind not in {"NUMBER", "NAME"}:
        return None
    first, second = place.last_word, place.word
    if place.last_end < place.at:
        thousands = 3
        if first.isdigit() and second.isdigit() and len(second) == thousands:
            hint = f"write {first}_{second} for one number, {first}*{second} for a product"
            return place.error(
                "there is no operator between two numbers",
                _fitting(hint, "for one number write it without the space"),
                place.last_start,
            )
        return None
    if place.kind == "NUMBER":
        doubled = first.endswith(".") and second.startswith(".")
        hint = f"write {first}{second[1:]}" if doubled else "a number has one point, as in 1.25"
        return place.error(
            f"{_quoted(first + second)} is not a number",
            _fitting(hint, "a number has one point"),
            place.last_start,
        )
    return _based(place, first + second)


def _based(place: _Place, number: str) -> SourceError | None:
    """Explain 0x10."""
    if number[:2] not in {"0x", "0X", "0o", "0O", "0b", "0B"} or len(number) > SHORT:
        return None
    try:
        value = int(number, 0)
    except ValueError:
        return None
    return place.error("numbers are written in decimal digits", f"write {value}", place.last_start)


def _call_without_parentheses(place: _Place) -> SourceError | None:
    """Explain sin x."""
    name = place.last_word
    if place.last != "NAME" or name not in NAMES or place.kind not in STARTS - {"LPAR"}:
        return None
    if name in {*place.builder.names, *place.builder.bound}:
        return None
    right = place.ahead_text(0, place.factor(0))
    after = place.factor(0)
    if after > 0 and place.next(after) in STARTS:  # as in sin 2x
        right += "*" + place.ahead_text(after, place.factor(after))
    return place.error(
        f"the argument of '{name}' stands in parentheses",
        f"write {name}({right})",
        place.last_start,
    )


def _juxtaposed(place: _Place) -> SourceError | None:
    """Explain two values with nothing between them."""
    if place.last not in VALUES or place.kind not in STARTS:
        return None
    left = place.before_text(INFIX | CELLS | WORDS)
    right = place.ahead_text(0, place.atom(0))
    start = place.last_start
    end = place.at + 1 if place.kind in {"LPAR", "_ROOT"} else place.end
    return place.error(
        "there is no operator between these two", f"for a product write {left}*{right}", start, end
    )


def bad_character(builder: Builder, at: int, here: int) -> SourceError:
    """Return the error for a character at which no word of the language begins or goes on."""
    place = _Place(builder, at, max(here, at + 1))
    char = builder.source[at]
    if char in PLAIN_QUOTES:
        return _quotation(place, char)
    explain = CHARACTERS.get(char)
    if explain is not None:
        return explain(place)
    if here > at and (char == "⁻" or char in "0123456789"):
        return _unfinished(place)
    return _strange(place, char)


def _unfinished(place: _Place) -> SourceError:
    """Explain a number or a raised power that breaks off."""
    if place.word[0] == "⁻":
        return place.error("this raised power has no digits", "write digits after it, as in x⁻²")
    number = place.word.rstrip("eE+-")
    shown = number if len(number) <= SHORT else "..."
    word = place.word if len(place.word) <= SHORT else "..."
    name = place.ahead_text(1, place.atom(1), "e")
    message = f"{_quoted(place.word)} breaks off: a power of ten has digits"
    if name == "e" and place.word[-1] not in "eE":
        return place.error(message, f"write {word}3, or {shown}*e {word[-1]} ... for a product")
    return place.error(
        message,
        f"write {place.word if len(name) == 1 else shown + 'e'}3, or {shown}*{name} for a product",
    )


def _strange(place: _Place, char: str) -> SourceError:
    """Explain a character by what Unicode says of it."""
    from unicodedata import category, name  # noqa: PLC0415 (only on a mistake)

    code = f"U+{ord(char):04X}"
    kind = category(char)
    title = f"{code}, {name(char, 'unnamed').lower()[:LONG]}"
    if kind == "Cs":
        byte = ord(char) - 0xDC00
        known = 0x80 <= byte <= 0xFF  # noqa: PLR2004 (bytes that Python could not decode)
        what = f"the byte 0x{byte:02X} is" if known else f"the surrogate {code} is"
        return place.error(f"{what} not valid UTF-8", "type it again, or save the text as UTF-8")
    if kind == "Cc":
        return place.error(f"there is a control character, {visible(char)} ({code})", "delete it")
    if char == "\ufeff":
        return place.error(f"there is a byte order mark ({title})", "delete it: it does not show")
    if kind in {"Cf", "Zl", "Zp"}:
        return place.error(f"there is a character that does not show ({title})", "delete it")
    if kind in {"Cn", "Co"}:
        return place.error(f"the character {code} has no name in Unicode", "delete it")
    if kind == "Zs":
        return place.error(f"this is not a plain space ({title})", "write a plain space")
    if kind.startswith("M"):
        return _combining(place, char, title)
    return _symbol(place, char, title)


def _combining(place: _Place, char: str, title: str) -> SourceError:
    """Explain a mark that stands on the letter before it."""
    accent = ACCENTS.get(char)
    named = accent and place.last == "NAME" and place.last_end == place.at
    hint = f"write {place.text(place.last_start, place.at)}_{accent}" if named else "delete it"
    return place.error(f"a name has no combining marks ({title})", hint, max(place.at - 1, 0))


def _symbol(place: _Place, char: str, title: str) -> SourceError:
    """Explain a sign that shows: one that looks like a sign of the language, or another."""
    from unicodedata import decimal, normalize  # noqa: PLC0415 (only on a mistake)

    if char.isdecimal():
        run = place.source[place.at : place.at + SHORT // 2]
        digits = run[: next((i for i, other in enumerate(run) if not other.isdecimal()), len(run))]
        plain = "".join([str(decimal(digit)) for digit in digits])
        return place.error(
            f"{_quoted(digits)} is not in the digits 0 to 9 ({title})",
            f"write {plain}",
            place.at,
            place.at + len(digits),
        )
    if char in QUOTES:
        return place.error(
            f"'{char}' is a quotation mark ({title})",
            "delete it; around the whole expression a shell needs the plain quotes '...'",
        )
    if char in SIGNS_OF_MATHEMATICS:
        return place.error(
            f"'{char}' is not part of the language ({title})", SIGNS_OF_MATHEMATICS[char]
        )
    plain = LOOKALIKES.get(char) or normalize("NFKC", char)
    if plain != char and plain.isascii() and plain.strip():
        message = f"'{char}' is not the sign that it looks like ({title})"
        if plain in BRACKETS or plain in BRACKETS.values():
            plain = "(" if plain in BRACKETS else ")"
        return place.error(message, f"write {plain}")
    return place.error(
        f"'{char}' is not part of the language ({title})",
        "an expression has numbers, names, operators such as + - * / ^ and calls such as sin(x)",
    )


def _quotation(place: _Place, char: str) -> SourceError:
    """Explain a quote: a string, or a prime."""
    line = place.source[place.at + 1 : place.at + NEAR].partition("\n")[0]
    close = line.find(char)
    if place.last == "USE":
        return place.error(
            "this quote is never closed", "write use 'file.bp'", place.at, place.at + 1
        )
    if close >= 0:
        inside = line[:close]
        if place.last_word in IMPORTS:
            hint = f"for a file of definitions write use '{inside}'"
            return place.error("there are no strings", hint, place.at, place.at + close + 2)
        hint = "numbers and names stand without quotes"
        if place.last != "LPAR" and inside.isidentifier() and len(inside) <= SHORT:
            hint = f"write {inside}"
        return place.error("there are no strings", hint, place.at, place.at + close + 2)
    if char == "'" and place.last in VALUES and place.last_end == place.at:
        return place.error(
            "a prime is no derivative here", "delete it: the gradient is what you get anyway"
        )
    return place.error(f"there are no strings, and no quotes ({char})", "delete it")


def _both(place: _Place, word: str, width: int) -> SourceError:
    """Explain an operator of another language, ``width`` characters wide, between two operands."""
    left = place.before_text({*CELLS, "OR"} if word == "and" else CELLS, "a")
    right = place.ahead_text(width, place.forth(width, CELLS | WORDS | {""}), "b")
    end = place.at + width
    return place.error(
        f"'{place.source[place.at : end]}' is not an operator",
        f"write {left} {word} {right}",
        place.at,
        end,
    )


def _width(place: _Place) -> int:
    """Return 2 for a character that is doubled, else 1."""
    return 1 + (place.source[place.at + 1 : place.at + 2] == place.source[place.at])


def _ampersand(place: _Place) -> SourceError:
    return _both(place, "and", _width(place))


def _bar(place: _Place) -> SourceError:
    """Explain || and |x|."""
    close = place.source.find("|", place.at + 1, place.at + NEAR)
    product = place.last in VALUES and place.last_end == place.at and close > 0
    if _width(place) > 1 or (place.last in VALUES and not product):
        return _both(place, "or", _width(place))
    inside = place.text(place.at + 1, close)
    end = close + 1 if close > 0 and "\n" not in place.source[place.at : close] else place.end
    hint = f"{'*' if product else ''}abs({inside})"
    return place.error(
        "'|' is not a parenthesis", f"for an absolute value write {hint}", place.at, end
    )


def _exclamation(place: _Place) -> SourceError:
    """Explain !x and x!."""
    if place.last in VALUES:
        base = place.before_text(INFIX | CELLS | WORDS | {"_ROOT"}, "x")
        base = base[1:-1] if base.startswith("(") and base.endswith(")") else base
        return place.error("'!' is not an operator", f"for a factorial write gamma({base} + 1)")
    return _negation(place)


def _negation(place: _Place) -> SourceError:
    """Explain !x and ~x."""
    right = place.ahead_text(1, place.factor(1), "x")
    return place.error(
        f"'{place.source[place.at]}' is not an operator",
        f"write (not {right})" if place.last in INFIX else f"write not {right}",
        place.at,
        place.at + 1,
    )


def _percent(place: _Place) -> SourceError:
    """Explain a % b."""
    if place.next(1) not in {*STARTS, *SIGNS}:
        left = place.before_text(INFIX | CELLS | WORDS, "x")
        return place.error("'%' is not an operator", f"for a percentage write {left}/100")
    left = place.before_text(CELLS | COMPARISONS | SIGNS | WORDS, "a")
    right = place.ahead_text(1, place.factor(1), "b")
    return place.error("'%' is not an operator", f"for a remainder write mod({left}, {right})")


def _question(place: _Place) -> SourceError:
    """Explain a ? b : c."""
    test = place.before_text(CELLS, "condition")
    colon = place.source.find(":", place.at, place.at + NEAR)
    index = next((i for i, (_, start, _) in enumerate(place.ahead) if start == colon), 0)
    first, second = "a", "b"
    if index:
        first = place.ahead_text(1, index, "a")
        second = place.ahead_text(index + 1, place.forth(index + 1, CELLS | {""}), "b")
    return place.error(
        "'?' is not an operator", _fitting(f"write where({test}, {first}, {second})", CHOICE)
    )


def _colon(place: _Place) -> SourceError:
    """Explain := and other colons."""
    if place.source[place.at : place.at + 2] == ":=":
        name = place.before_text(CELLS, "z")
        name = f"def {name}" if name.endswith(")") else name
        return place.error(
            "':=' is not part of the language",
            f"write {name} = {place.ahead_text(2, place.forth(2, CELLS))}",
            place.at,
            place.at + 2,
        )
    return place.error("':' is not part of the language", CHOICE)


def _dot(place: _Place) -> SourceError:
    """Explain x.y and a point without digits."""
    left, right = place.last_word, place.ahead_text(1, 2, "")
    if place.last in {"NAME", "RPAR"} and place.last_end == place.at and place.next(1) == "NAME":
        if left in LIBRARIES:
            hint = f"write {right or 'the name'} without '{left}.'"
            return place.error("names have no parts", hint, place.last_start, place.ahead[1][2])
        hint = "for a product write *"
        if place.last == "NAME" and len(left + right) < SHORT and right:
            hint = f"write {left}_{right} for one name, {left}*{right} for a product"
        return place.error("names have no parts", hint, place.last_start, place.ahead[1][2])
    lonely = place.last not in VALUES or place.last_end < place.at
    return place.error(
        "a point stands only in a number",
        "write digits next to it, as in 0.5" if lonely else "delete it",
    )


def _bracket(place: _Place) -> SourceError:
    """Explain [ and {."""
    char = place.source[place.at]
    close = place.source.find(BRACKETS[char], place.at, place.at + NEAR)
    inside = place.text(place.at + 1, close)
    if char == "[" and place.last == "NAME" and place.last_end == place.at:
        name = place.text(place.last_start, place.last_end, "x")
        end = close + 1 if close > 0 and inside != "..." else place.end
        part = inside if inside.isalnum() else "0"
        return place.error(
            "names have no parts", f"write {name}_{part} for one name", place.at, end
        )
    if "," in inside:
        return place.error("there are no lists", "write one expression", place.at, close + 1)
    return place.error("parentheses are round", f"write ({inside})")


def _closing_bracket(place: _Place) -> SourceError:
    """Explain ] and }."""
    return place.error("parentheses are round", "write )" if place.depth else "delete it")


def _dollar(place: _Place) -> SourceError:
    """Explain $x and $."""
    name = place.ahead_text(1, 2, "")
    if place.next(1) == "NAME" and name:
        return place.error("a name has no '$'", f"write {name}", place.at, place.ahead[1][2])
    return place.error("'$' is not part of the language", "delete it")


def _backslash(place: _Place) -> SourceError:
    """Explain a line that goes on, and the commands of LaTeX."""
    if place.next(1) == "NAME" and place.ahead[1][1] == place.at + 1:
        name = place.ahead_text(1, 2, "")
        return place.error("a name has no '\\'", f"write {name}" if name else "delete it")
    return place.error(
        "'\\' is not part of the language", "delete it; a line goes on within parentheses"
    )


CHARACTERS: dict[str, Callable[[_Place], SourceError]] = {
    "&": _ampersand,
    "|": _bar,
    "!": _exclamation,
    "~": _negation,
    "%": _percent,
    "?": _question,
    ":": _colon,
    ".": _dot,
    "[": _bracket,
    "{": _bracket,
    "]": _closing_bracket,
    "}": _closing_bracket,
    "$": _dollar,
    "\\": _backslash,
}


def unknown_function(builder: Calls, name: str, start: int) -> SourceError:
    """Return the error for a call of what is no function."""
    end = start + len(name)
    called = _quoted(name)
    shown = name if len(name) <= SHORT else "..."
    place = _Place(builder, start, end)
    after = place.atom(0)
    product = f"{shown}*{place.ahead_text(1, after, '(...)')}"
    if name in NAMES:
        row = NAMES[name]
        x, y = "x", f" {row.infix} y"
        return builder.error(
            f"{called} is written as an operator",
            start,
            end,
            f"write -{x}" if row.name == "neg" else f"write {x}{y}",
        )
    if name in builder.names or name in builder.bound or name in {*builder.used} - {*CONSTANTS}:
        return builder.error(
            f"{called} is a variable, not a function", start, end, f"for a product write {product}"
        )
    if name in CONSTANTS:
        hint = f"for a product write {product}"
        if name == "e":
            hint += f", for a power exp{place.ahead_text(1, after, '(...)')}"
        return builder.error(f"{called} is a constant, not a function", start, end, hint)
    below = builder.source.find(f"def {name}(", end)
    if below >= 0:
        return builder.error(
            f"{called} is defined below this call", start, end, "move its definition up"
        )
    own = closest(name, builder.functions)
    if own:
        return builder.error(f"there is no function {called}", start, end, f"did you mean '{own}'?")
    return builder.error(
        f"there is no function {called}", start, end, _instead(name, product, _argument(place))
    )


def _argument(place: _Place) -> str:
    """Return the argument of a call at the mistake where that is one word, else x."""
    one = place.next(1) == "LPAR" and place.next(2) in {"NAME", "NUMBER"}
    return place.ahead_text(2, 3, "x") if one and place.next(3) == "RPAR" else "x"


def _instead(name: str, product: str, argument: str) -> str:
    """Return the hint for a function that there is not."""
    if name in FOREIGN_FUNCTIONS:
        import re

        return "write " + re.sub(r"\bx\b", argument, FOREIGN_FUNCTIONS[name])
    callable_names = [known for known, row in NAMES.items() if row.infix not in {*"+-*/"}]
    close = closest(name, callable_names) if len(name) <= SHORT else None
    tiny = 3  # what is that short is like too many names
    if close and (len(name) > tiny or len(close) <= len(name) + 1):
        return f"did you mean '{close}'?"
    return f"'backprop functions' lists them all; for a product write {product}"


def _signature(row: Operation, name: str) -> str:
    """Return how ``row`` is called by ``name``: without defaults, which a call cannot spell."""
    least = len(row.parameters) - len(row.defaults)
    more = ", ..." if row.variadic else ""
    whole = f"{name}({', '.join(row.parameters)}{more})"
    short = f"{name}({', '.join(row.parameters[:least])})"
    return f"{short} or {whole}" if row.defaults else whole


def wrong_count(  # noqa: PLR0913 (what the sentence tells)
    builder: Calls, row: Operation, name: str, count: int, start: int, end: int
) -> SourceError:
    """Return the error for a call with too many or too few arguments."""
    most = len(row.parameters)
    least = most - len(row.defaults)
    wanted = f"{least} or more" if row.variadic else f"{least}"
    if not row.variadic and least < most:
        wanted = f"{least} or {most}" if most == least + 1 else f"{least} to {most}"
    plural = "" if wanted == "1" else "s"
    hint = OTHER_COUNTS.get((name, count), f"write {_signature(row, name)}")
    return builder.error(f"'{name}' takes {wanted} argument{plural}, not {count}", start, end, hint)


def bad_assignment(builder: Builder, name: str, number: int, start: int, end: int) -> SourceError:
    """Return the error for a name that cannot be assigned, or not there."""
    stop = start + len(name)
    called = _quoted(name)
    place = _Place(builder, start, stop)
    shown = name if len(name) <= SHORT else "..."
    if name in builder.names:
        first = _statement(builder, builder.scope.places[name])
        return builder.error(
            f"{called} is assigned twice",
            start,
            stop,
            f"the first is {first}; choose another name here",
        )
    if name in builder.bound:
        return builder.error(
            f"{called} is assigned here, and {shown}=... gives it a value too",
            start,
            stop,
            f"leave out {shown}=..., or choose another name here",
        )
    used = builder.used[name]
    graph = builder.graph
    leaf = graph.variables().get(name)
    if leaf is not None and graph.ancestors([number])[leaf]:
        own = used if used > start else _own_use(builder, name, stop, end)
        between = "" if own > start else _between(builder, leaf, number)
        if between:
            return builder.error(
                f"{called} depends on itself, by way of {_quoted(between)}",
                start,
                stop,
                "give one of the two a value that does not need the other",
            )
        value = place.text(builder.source.find("=", stop) + 1, end)
        at = max(own, start)
        return builder.error(
            f"{called} is defined by itself",
            at,
            at + len(name),
            f"choose another name for the new value, as in {shown}2 = {value}",
        )
    return builder.error(
        f"{called} is used before it is assigned",
        used,
        used + len(name),
        f"move {_statement(builder, start)} before it",
    )


def _own_use(builder: Builder, name: str, start: int, end: int) -> int:
    """Return where a statement's text itself uses ``name``, or -1."""
    text = _uncommented(builder.source[start : min(end, start + NEAR)])
    for kind, first, last in tokens(text):
        if kind == "NAME" and text[first:last] == name:
            return start + first
    return -1


def _statement(builder: Builder, start: int) -> str:
    """Return the text of the statement at ``start``, shortened."""
    text = builder.source[start : start + NEAR].partition("\n")[0]
    text = " ".join(_uncommented(text).partition(";")[0].split())
    return text if len(text) <= SHORT else text[: SHORT - 4].rstrip() + " ..."


def _between(builder: Builder, leaf: int, number: int) -> str:
    """Return a name that depends on node ``leaf`` and that node ``number`` depends on, if any."""
    graph = builder.graph
    above = bytearray(len(graph))
    above[leaf] = 1
    for node, inputs in enumerate(graph.inputs):
        if any(above[child] for child in inputs):
            above[node] = 1
    below = graph.ancestors([number])
    found = [name for name, node in builder.names.items() if above[node] and below[node]]
    return found[-1] if found else ""
