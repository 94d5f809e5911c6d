"""Rows of the table of mends, and their left sides as forms that can be matched."""

from __future__ import annotations

from backpropcli.arithmetics.matching.expanded import expanded
from backpropcli.arithmetics.matching.unordered import PRODUCT, Unordered
from backpropcli.graph.graph import Graph
from backpropcli.language.parse import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Known = Mapping[str, int]

ARROW, IF, AT = " -> ", " if ", " at "
INDEX = "index"
"""The operation that takes elements; and the name under which a fit has those taken."""


class Mend:
    """A row of the table of mends, from its text: "left -> right if condition at x=1, y=2".

    The condition says where both sides are equal, where that is not wherever the left has a value;
    at the sample the right side is better in floats.
    """

    def __init__(self, text: str) -> None:
        self.text, _, self.sample = text.partition(AT)
        sides, _, self.condition = self.text.partition(IF)
        self.left, _, self.right = sides.partition(ARROW)


class Left:
    """A row whose left side can be matched: its sides in one graph, and their forms.

    ``top``, ``right`` and ``condition`` are nodes there; ``root`` is the form of the left side.
    A row whose left side is just a name once its terms cancel, or once it is ``expanded``, is for
    all sums and products: that ``name`` is then what is left of them.
    """

    def __init__(self, mend: Mend) -> None:
        self.mend = mend
        self.graph = Graph()
        self.top, self.right = self._written(mend.left), self._written(mend.right)
        self.condition = self._written(mend.condition) if mend.condition else None
        self.forms = Unordered(self.graph)
        self.root = self.forms.of[self.top]
        below = self.graph.ancestors([self.top])
        self.parts = {form for form, flag in zip(self.forms.of, below, strict=True) if flag}
        self.parts.discard(self.root)
        self.names: dict[int, str] = {}
        for form, (kind, parts) in enumerate(self.forms.kinds):
            if kind == "variable":
                self.names[form] = str(parts[1])
        self.operation = self.forms.kinds[self.root][0]
        self.expanded = self.root not in self.names
        left = expanded(self.forms, self.root) if self.expanded else self.root
        self.name = self.names.get(self.root if left is None else left, "")
        self._sizes: dict[int, int] = {}
        self._inner: dict[int, frozenset[str]] = {}
        self._measure(self.root)

    def _written(self, text: str) -> int:
        side = parse(text)
        return self.graph.write(side.graph)[side.root]

    def _measure(self, form: int) -> None:
        parts = [*self.forms.inside(form)]
        for part in parts:
            self._measure(part)
        own = {self.names[form]} if form in self.names else set()
        own |= {INDEX} if self.forms.kinds[form][0] == INDEX else set()
        self._inner[form] = frozenset(own).union(*[self._inner[part] for part in parts])
        self._sizes[form] = 1 + sum(self._sizes[part] for part in parts)

    def size(self, form: int) -> int:
        """Return how many forms a form is made of."""
        return self._sizes.get(form, 1)

    def open(self, form: int, known: Known) -> bool:
        """Say whether a form has names that stand for nothing yet."""
        return not self._inner.get(form, frozenset()) <= known.keys()

    def bare(self, form: int) -> bool:
        """Say whether a form is a name, or a power of one."""
        kind, parts = self.forms.kinds[form]
        if kind == PRODUCT and len(parts) == 1:
            form = parts[0][0]
        return form in self.names
