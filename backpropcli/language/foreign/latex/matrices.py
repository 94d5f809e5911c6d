r"""Matrices in LaTeX: which values are arrays, and what is written for their products.

Letters side by side are a product of matrices only where a text has matrices for sure: a \top, a
norm, an environment such as bmatrix, or a bold letter. There all bold letters are arrays; without
any, capital letters, letters that usually are vectors, and what is transposed. Such letters are
arrays beside a transpose in any text.
"""

from __future__ import annotations

from backpropcli.language.foreign.latex.values import ATOM, PRODUCT, SIGN, Value, joined, tight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from backpropcli.language.foreign.latex.tokens import Token

MATRIX = "\\end{matrix}"
"""What closes the environment of a matrix."""
BOLD = ("\\mathbf", "\\boldsymbol", "\\bm", "\\vec", "\\mathsf")
SCALARS = set("LMNTDKJ")
"""Capital letters that usually are sizes, or a loss."""
VECTORS = set("bgpqruvwxyz")
"""Small letters that usually are vectors, beside matrices."""
OF_ONE = {"trace", "det", "logdet", "sum", "mean", "norm", "max", "min", "prod"}
"""Functions of arrays whose values are numbers."""
ROW = ("", -1)
"""What stands between rows in the cells of a matrix."""


class Matrices:
    """Tells arrays from numbers in one text."""

    def __init__(self, text: str, found: Iterable[Token]) -> None:
        self.any = any(
            token.kind in {"begin matrix", "transpose"}
            or token.text == "‖"
            or (token.kind == "name" and text.startswith(BOLD, token.start))
            for token in found
        )
        self.bold = any(
            token.kind == "name" and text.startswith(BOLD, token.start) for token in found
        )
        self.texts: set[str] = set()

    def name(self, text: str, name: str, token: Token) -> None:
        """Remember a name that is an array's."""
        bold = text.startswith(BOLD, token.start)
        if bold or (self.any and not self.bold and _is_likely(name)):
            self.texts.add(name)

    def array(self, value: Value) -> Value:
        """Return ``value``, which is an array."""
        self.texts.add(value[0])
        return value

    def of(self, value: Value, *parts: str) -> Value:
        """Return ``value``, which is an array if one of its parts is."""
        name = value[0].partition("(")[0]
        return self.array(value) if name not in OF_ONE and self.texts & {*parts} else value

    def transposed(self, value: Value) -> Value:
        """Return the transpose of a value."""
        return self.array((f"{tight(value, ATOM)}.T", ATOM))

    def inverse(self, value: Value) -> Value:
        """Return the inverse of a matrix."""
        inside = value[0]
        bare = inside[1:-1] if inside.startswith("(") and inside.count("(") == 1 else inside
        return self.array((f"inv({bare})", ATOM))

    def joined(self, sign: str, level: int, left: Value, right: Value) -> Value:
        """Return an operation on two values, of arrays the product of matrices."""
        first, second = left[0] in self.texts, right[0] in self.texts
        if first and not second and left[0].endswith(".T") and _is_likely(right[0]):
            self.texts.add(right[0])
            second = True
        if sign == "^" and first and right[0] == "-1":
            return self.inverse(left)
        if first and second and sign in {"*", "beside"}:
            found = f"{tight(left, PRODUCT)}@{tight(right, SIGN)}", PRODUCT
        else:
            found = joined("*" if sign == "⊙" else sign, level, left, right)
        if (first or second) and sign != "^":
            self.texts.add(found[0])
        return found


def _is_likely(name: str) -> bool:
    """Say whether a name usually is that of an array, beside arrays."""
    letter = name.partition("_")[0]
    return letter in VECTORS or (len(letter) == 1 and letter.isupper() and letter not in SCALARS)


def array_of(cells: list[Value]) -> str:
    """Return the array of a matrix's cells: a column is a vector, anything else has rows."""
    rows: list[list[str]] = [[]]
    for cell in cells:
        if cell == ROW:
            rows.append([])
        else:
            rows[-1].append(cell[0])
    rows = [row for row in rows if row]
    if all(len(row) == 1 for row in rows):
        return f"[{', '.join(row[0] for row in rows)}]"
    lines = [f"[{', '.join(row)}]" for row in rows]
    return f"[{', '.join(lines)}]"
