"""Explains what is wrong with a program's text: a sentence, a place, and what to write instead.

Loaded only when there is a mistake. Each function returns the error; the parser raises it.
"""

from __future__ import annotations

from backpropcli.errors import SourceError, closest, visible
from backpropcli.grammar_tables import IGNORED
from backpropcli.operations import CONSTANTS, NAMES
from backpropcli.parse import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.operations import Operation
    from backpropcli.parse import Builder

NEAR = 200
"""How many characters around a mistake are looked at: an error must not read 10 MB again."""

LOOKALIKES = {
    **dict.fromkeys("–—‐‑‒―﹣－", "-"),
    **dict.fromkeys("∗⁎＊✕✖╳•", "*"),
    **dict.fromkeys("⁄∕／", "/"),
    **dict.fromkeys("＋﹢", "+"),
    **dict.fromkeys("（❨⟮", "("),
    **dict.fromkeys("）❩⟯", ")"),
    **dict.fromkeys("，、‚", ","),
    **dict.fromkeys("；", ";"),
    **dict.fromkeys("＝", "="),
    **dict.fromkeys("＜‹〈", "<"),
    **dict.fromkeys("＞›〉", ">"),
    **dict.fromkeys("＾ˆ", "^"),
    **dict.fromkeys("．。", "."),
    **dict.fromkeys("∧", "and"),
    **dict.fromkeys("∨", "or"),
    "¬": "not", "∞": "inf", "∙": "*", "∛": "cbrt(...)", "½": "0.5", "¼": "0.25", "¾": "0.75",
}
INSTEAD = {
    "[": "parentheses are round here, as in 2*(x + 1)",
    "{": "parentheses are round here, as in 2*(x + 1)",
    "]": "parentheses are round here, as in 2*(x + 1)",
    "}": "parentheses are round here, as in 2*(x + 1)",
    "&": "write 'and', as in 'x > 0 and x < 1'",
    "|": "write 'or' for a choice, and abs(x) for an absolute value",
    "!": "write 'not' for a negation, '!=' for different, and gamma(n + 1) for a factorial",
    "%": "write mod(a, b)",
    "?": "write where(condition, a, b)",
    ":": "write where(condition, a, b)",
    "'": "there are no strings here; a derivative is not written with a prime",
    '"': "there are no strings here",
    "$": "a name has no '$', and a shell would replace it: put the expression in single quotes",
    "\\": "a statement ends with ';' or a new line; within parentheses a line may go on",
    ".": "a number has a digit next to its point, and names have no parts",
    "~": "write 'not'",
    "`": "there are no strings here",
}
QUOTES = "“”‘’„«»`´′"
OPERATORS = {
    "PLUS", "_MINUS", "_TIMES", "_OVER", "_POWER", "AT", "LESSTHAN", "MORETHAN", "_LE", "_GE", "_NE",
    "__ANON_0", "AND", "OR",
}
COMPARISONS = {"LESSTHAN", "MORETHAN", "_LE", "_GE", "_NE", "__ANON_0"}
KEYWORDS = {"AND", "OR", "NOT"}
VALUES = {"NUMBER", "NAME", "RPAR", "SUPERSCRIPT"}
STARTS = {"NUMBER", "NAME", "LPAR", "_ROOT", "NOT"}


def bad_character(builder: Builder, at: int, here: int) -> SourceError:
    """Return the error for a character at which no word of the language begins or goes on."""
    source = builder.source
    char = source[at]
    if here > at + 1 or (here == at + 1 and source[at] in "⁻"):
        return builder.error(
            f"'{source[at:here]}' breaks off", at, here,
            "a raised power has digits, as in x⁻²" if char == "⁻"
            else "a power of ten has digits, as in 1e-3; for a product write '*'",
        )
    code = ord(char)
    if 0xD800 <= code < 0xE000:  # noqa: PLR2004 (what invalid UTF-8 on a command line becomes)
        return builder.error(
            "the expression is not valid UTF-8", at, at + 1, "type it again, or save it as UTF-8"
        )
    if char in INSTEAD:
        wide = 2 if source[at : at + 2] in {"&&", "||"} else 1
        return builder.error(
            f"{_quoted(source[at : at + wide])} is not part of the language", at, at + wide,
            INSTEAD[char],
        )
    from unicodedata import category, name, normalize  # noqa: PLC0415 (only on a mistake)

    if category(char) in {"Cc", "Cf", "Zl", "Zp", "Cn", "Co"}:
        title = name(char, f"U+{code:04X}").lower()
        return builder.error(
            f"there is an invisible character, {visible(char)} ({title})"
            if category(char) != "Cc" else f"there is a control character, {visible(char)}",
            at, at + 1, "delete it",
        )
    title = name(char, f"U+{code:04X}").lower()
    if char in QUOTES:
        return builder.error(
            f"{char} is a quotation mark ({title})", at, at + 1,
            "there are no strings here; around the whole expression a shell needs plain quotes '",
        )
    plain = LOOKALIKES.get(char) or normalize("NFKC", char)
    if category(char).startswith("M"):
        return builder.error(
            f"there is a combining mark ({title})", at, at + 1, "a name is letters, digits and _"
        )
    if plain != char and plain.isascii():
        return builder.error(
            f"'{char}' ({title}) only looks like a sign of the language", at, at + 1,
            f"write '{plain}'",
        )
    return builder.error(
        f"'{char}' ({title}) is not part of the language", at, at + 1,
        "an expression has numbers, names, operators + - * / ^ and function calls",
    )


def _quoted(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"


def unexpected(builder: Builder, _state: int, at: int, here: int) -> SourceError:
    """Return the error for the word ``source[at:here]``, which cannot stand where it does."""
    place = _Place(builder, at, here)
    for explain in (
        _unclosed, _extra_parenthesis, _nothing_after, _empty_parentheses, _assignment, _chained,
        _ambiguous_root, _keyword, _comma, _nothing_before, _juxtaposed,
    ):
        error = explain(place)
        if error is not None:
            return error
    if place.kind == "SUPERSCRIPT":
        return builder.error("there is nothing to raise to this power", at, here, "write x²")
    return builder.error(f"'{place.word}' cannot stand here", at, here, "remove it")


class _Place:
    """A mistake: the word at it, the words before it, and the parentheses still open."""

    def __init__(self, builder: Builder, at: int, here: int) -> None:
        self.builder = builder
        self.source = builder.source
        self.at = min(at, len(self.source))
        self.end = min(here, len(self.source))
        self.word = self.source[self.at : self.end]
        self.opened = self._open_parenthesis()
        near = max(0, self.at - NEAR)
        self.before = [
            (kind, start + near, end + near)
            for kind, start, end in tokens(self.source[near : self.at])
            if kind not in IGNORED and (kind != "_NEWLINE" or self.opened < 0)
        ]
        self.kind = next((kind for kind, _, _ in tokens(self.word)), "") if self.word else ""
        self.ends = not self.word or self.kind in {"_NEWLINE", "SEMICOLON"}
        self.last, self.last_start, self.last_end = self.before[-1] if self.before else ("", 0, 0)
        self.last_word = self.source[self.last_start : self.last_end]
        self.fresh = not self.before or self.last in {"_NEWLINE", "SEMICOLON"}

    def error(self, message: str, hint: str, start: int = -1, end: int = -1) -> SourceError:
        start = self.at if start < 0 else start
        return self.builder.error(message, start, self.end if end < 0 else end, hint)

    def _open_parenthesis(self) -> int:
        """Return the place of the innermost parenthesis that is open here, or -1.

        Comments are skipped, and nothing is tokenized: one look at each character from the end.
        """
        depth = 0
        source = self.source
        for index in range(self.at - 1, -1, -1):
            char = source[index]
            if char == ")":
                depth += 1
            elif char == "(":
                if depth == 0:
                    return index if not self._in_comment(index) else -1
                depth -= 1
        return -1

    def _in_comment(self, index: int) -> bool:
        return "#" in self.source[self.source.rfind("\n", 0, index) + 1 : index]

    def text(self, start: int, end: int) -> str:
        """Return a short part of the source, for a hint."""
        return " ".join(self.source[start:end].split())


def _unclosed(place: _Place) -> SourceError | None:
    """A parenthesis that is never closed: the caret is on it."""
    at_end = not place.source[place.at :].strip()
    later_line = "\n" in place.source[place.last_end : place.at]
    next_statement = later_line and place.kind == "NAME"
    if not (at_end or place.kind in {"SEMICOLON", "EQUAL"} or next_statement):
        return None
    begin = place.opened
    if begin < 0 or (place.kind == "EQUAL" and "\n" not in place.source[begin : place.at]):
        return None
    return place.error("this parenthesis is never closed", "add a ')'", begin, begin + 1)


def _extra_parenthesis(place: _Place) -> SourceError | None:
    if place.kind != "RPAR" or place.opened >= 0:
        return None
    return place.error("this parenthesis closes nothing", "remove it, or add a '(' before it")


def _nothing_after(place: _Place) -> SourceError | None:
    """An operator at the end, or before a closing parenthesis."""
    if place.last == "EQUAL" and (place.ends or place.kind == "RPAR"):
        name = place.source[: place.last_start].split()[-1:]
        return place.error(
            "there is nothing after the '='", f"write a value, as in {' '.join(name)} = x + 1",
            place.last_start, place.last_end,
        )
    if place.last not in OPERATORS | {"NOT", "_ROOT"}:
        return None
    if not (place.ends or place.kind in {"RPAR", "COMMA"} | OPERATORS - {"PLUS", "_MINUS"}):
        return None
    hint = f"write what is to stand there, as in {_example(place.last_word)}"
    if place.kind in OPERATORS:
        return place.error(
            f"there is nothing between '{place.last_word}' and '{place.word}'",
            "remove one of the two", place.last_start,
        )
    if place.kind == "_NEWLINE" and place.source[place.at :].strip():
        hint += ", or put the expression in parentheses to go on in the next line"
    return place.error(
        f"there is nothing after '{place.last_word}'", hint, place.last_start, place.last_end
    )


def _example(operator: str) -> str:
    return f"{operator} x" if operator in {"not", "√"} else f"x {operator} 2"


def _empty_parentheses(place: _Place) -> SourceError | None:
    if place.kind == "RPAR" and place.last == "LPAR":
        return place.error(
            "there is nothing between these parentheses", "write an expression in them",
            place.last_start,
        )
    return None


def _assignment(place: _Place) -> SourceError | None:
    if place.kind != "EQUAL":
        return None
    if place.last == "EQUAL":
        return place.error(
            "there are two '=' here", "write '==' to compare, '=' to give a name", place.last_start
        )
    if place.fresh:
        return place.error("there is no name before the '='", "write a name, as in z = x + 1")
    return place.error(
        "only a name can be given a value, at the beginning of a statement",
        "write '==' to compare, or 'name = ...' as a statement of its own",
    )


def _chained(place: _Place) -> SourceError | None:
    if place.kind not in COMPARISONS:
        return None
    for kind, start, end in reversed(place.before):
        if kind in COMPARISONS:
            first, second = place.source[start:end], place.word
            return place.error(
                "comparisons do not chain", f"write 'a {first} b and b {second} c'"
            )
        if kind in {"AND", "OR", "SEMICOLON", "_NEWLINE", "EQUAL"}:
            break
    return None


def _ambiguous_root(place: _Place) -> SourceError | None:
    if place.kind not in {"_POWER", "SUPERSCRIPT"}:
        return None
    if place.last == "SUPERSCRIPT":
        return place.error("a power of a power needs parentheses", "write (x²)^3 or x^(2^3)")
    if any(kind == "_ROOT" for kind, _, _ in place.before[-8:]):
        return place.error(
            "a root and a power here can be read in two ways", "write √(x^2) or (√x)^2"
        )
    return None


def _keyword(place: _Place) -> SourceError | None:
    if place.kind in KEYWORDS and (place.fresh or place.last in OPERATORS | {"LPAR", "EQUAL"}):
        return place.error(
            f"'{place.word}' is a word of the language and cannot be a name",
            "choose another name" if place.kind == "NOT" or place.fresh
            else f"there is nothing before '{place.word}'; for a variable choose another name",
        )
    if place.last == "NOT" and place.kind == "EQUAL":
        return place.error("'not' cannot be a name", "choose another name")
    return None


def _comma(place: _Place) -> SourceError | None:
    if place.kind == "COMMA":
        if place.last in {"LPAR", "COMMA"}:
            return place.error("there is nothing before this comma", "write an argument, or remove it")
        return place.error(
            "a comma stands only between the arguments of a function",
            "for a number write 0.5; statements are separated by ';'",
        )
    if place.kind == "RPAR" and place.last == "COMMA":
        return place.error(
            "there is nothing after this comma", "write an argument, or remove it",
            place.last_start, place.last_end,
        )
    return None


def _nothing_before(place: _Place) -> SourceError | None:
    if place.kind in OPERATORS and (place.fresh or place.last in {"LPAR", "COMMA", "EQUAL"}):
        return place.error(
            f"there is nothing before '{place.word}'",
            f"write what is to stand there, as in x {place.word} 2",
        )
    if place.ends and place.last == "COMMA":
        return place.error("there is nothing after this comma", "write an argument, and a ')'",
                           place.last_start, place.last_end)
    return None


def _juxtaposed(place: _Place) -> SourceError | None:
    """Two values with nothing between them."""
    if place.last not in VALUES or place.kind not in STARTS:
        return None
    first, second, adjacent = place.last_word, place.word, place.last_end == place.at
    start = place.last_start
    if place.last == "NUMBER" and place.kind == "NUMBER" and adjacent:
        return place.error(
            f"'{first}{second}' is not a number", "a number has one point, as in 1.25", start
        )
    if place.last == "NUMBER" and place.kind == "NAME" and adjacent:
        if second[:1] in "eE" and (len(second) == 1 or second[1:].isdigit() is False) and (
            second in {"e", "E"}
        ):
            return place.error(
                f"'{first}{second}' is not a number, and not a product",
                f"write {first}*{second} for the product, {first}{second}3 for a power of ten",
                start,
            )
        if first == "0" and second[:1] in "xXbBoO":
            return place.error(
                "numbers are decimal here", "write the number with digits 0 to 9", start
            )
    if place.last == "NAME" and first in NAMES and place.kind != "LPAR":
        return place.error(
            f"the argument of '{first}' stands in parentheses", f"write {first}({second})", start
        )
    if place.kind == "NAME" and second in {"if", "else", "for", "lambda", "import"}:
        return place.error(
            f"'{second}' is not part of the language", "write where(condition, a, b) for a choice"
        )
    left = first if place.last != "RPAR" else "(...)"
    if place.last == "SUPERSCRIPT":
        left = place.text(place.before[-2][1], place.last_end)
    right = second if place.kind != "LPAR" else "(...)"
    hint = f"for a product write {left}*{right}"
    if place.last == "NAME" and first in {"if", "lambda", "def", "return", "import"}:
        hint = "this is no program of another language; write where(condition, a, b) for a choice"
    return place.error("there is no operator between these two", hint, start)


def unknown_function(builder: Builder, name: str, start: int) -> SourceError:
    """Return the error for a call of what is no function."""
    end = start + len(name)
    if name in CONSTANTS or name in builder.names or name in builder.used or name in builder.bound:
        what = "a constant" if name in CONSTANTS and name not in builder.names else "a variable"
        return builder.error(
            f"'{name}' is {what}, not a function", start, end, f"for a product write {name}*(...)"
        )
    close = closest(name, NAMES)
    return builder.error(
        f"there is no function '{name}'", start, end,
        f"did you mean '{close}'?" if close
        else f"'backprop functions' lists them all; for a product write {name}*(...)",
    )


def wrong_count(  # noqa: PLR0913 (what the sentence tells)
    builder: Builder, row: Operation, name: str, count: int, start: int, end: int
) -> SourceError:
    """Return the error for a call with too many or too few arguments."""
    least = len(row.parameters) - len(row.defaults)
    most = len(row.parameters)
    wanted = f"{least} or more" if row.variadic else (
        f"{least}" if least == most else f"{least} to {most}"
    )
    plural = "" if wanted == "1" else "s"
    signature = row.signature.replace(f"{row.name}(", f"{name}(", 1)
    return builder.error(
        f"'{name}' takes {wanted} argument{plural}, not {count}", start, end, f"write {signature}"
    )


def bad_assignment(
    builder: Builder, name: str, number: int, start: int, end: int
) -> SourceError:
    """Return the error for a name that cannot be assigned, or not there."""
    stop = start + len(name)
    if name in builder.names:
        return builder.error(
            f"'{name}' is assigned twice", start, stop,
            "choose another name; each name is given once",
        )
    if name in builder.bound:
        return builder.error(
            f"'{name}' is assigned here and also given a value from outside", start, stop,
            f"drop {name}=... or rename one of the two",
        )
    used = builder.used[name]
    if used > start:
        return builder.error(
            f"'{name}' is defined by itself", used, used + len(name), "use another name on one side"
        )
    graph = builder.graph
    leaf = graph.variables().get(name)
    if leaf is not None and graph.ancestors([number])[leaf]:
        return builder.error(
            f"'{name}' depends on itself, by way of other names", start, stop, "break the circle"
        )
    return builder.error(
        f"'{name}' is used before it is assigned", used, used + len(name),
        f"move the statement '{name} = ...' up",
    )
