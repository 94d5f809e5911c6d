"""Gradients of another program, by name or in files, and what they are gradients of.

What other programs call a derivative is w, dw, d_dw, dL_dw, w.grad or grad_w.
"""

from __future__ import annotations

from backpropcli.errors import BackpropError, did_you_mean
from backpropcli.proof.against.read import Numbers, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.language.program import Program

CALL = "the call"
MOST = 12
"""Names in a hint."""


class Gathered:
    """What is claimed: by variable (where, name there, numbers); ``notes`` on what is left out.

    That is ``data``: by name, where it is.
    """

    __slots__ = ("by", "data", "notes")

    def __init__(self) -> None:
        self.by: dict[str, tuple[str, str, Numbers]] = {}
        self.data: dict[str, str] = {}
        self.notes: list[str] = []

    def take(self, numbers: Mapping[str, Numbers], program: Program, where: str) -> None:
        """Take in what stands in one place. Raises BackpropError for a name that fits nothing."""
        if not numbers:
            raise BackpropError(f"{where} holds no numbers", "name the gradients: d_dw, w.grad")
        found, data = meant(numbers, program, where)
        for name, by in found.items():
            if by in self.by:
                raise BackpropError(
                    f"the gradient by {by} is given twice: in {self.by[by][0]} and in {where}",
                    "keep one of the two",
                )
            self.by[by] = where, name or by, numbers[name]
        self.data |= dict.fromkeys(data, where)
        self.notes += [
            f"{where}: {name} is taken for data, since its gradient is there too" for name in data
        ]


def gathered(
    given: str | Sequence[str | tuple[str, str]] | Mapping[str, Any], program: Program
) -> Gathered:
    """Return gradients by name, or those in files, of which one may be (name, path).

    Raises BackpropError.
    """
    found = Gathered()
    if isinstance(given, str):
        found.take(read(given), program, given)
    elif hasattr(given, "items"):
        numbers = {
            name.replace(".", "_"): Numbers.of(one, f"the gradient {name}")
            for name, one in given.items()
        }
        found.take(numbers, program, CALL)
    else:
        for place in given:
            name, path = ("", place) if isinstance(place, str) else place
            numbers = read(path)
            found.take(_named(numbers, name, path), program, "stdin" if path == "-" else path)
    return found


def _named(numbers: Mapping[str, Numbers], name: str, path: str) -> Mapping[str, Numbers]:
    """Return the numbers of a file, the only ones by a name where there is one."""
    if not name:
        return numbers
    if len(numbers) != 1:
        raise BackpropError(
            f"'{path}' holds {len(numbers)} arrays, and {name} is one",
            f"--against {path} takes them by their names",
        )
    return {name: next(iter(numbers.values()))}


def forms(name: str, heads: Sequence[str]) -> Iterator[str]:
    """Yield what the derivative by a name is called, but for the name alone."""
    yield from (f"d_d{name}", f"grad_{name}", f"{name}_grad", f"d{name}", f"d_{name}")
    yield from (f"gradient_{name}", f"{name}_gradient", f"grads_{name}", f"gradients_{name}")
    for head in heads:
        yield from (f"d{head}_d{name}", f"d_d{head}_d{name}")


def meant(given: Collection[str], program: Program, where: str) -> tuple[dict[str, str], list[str]]:
    """Return the variable, or the intermediate, of which each name has the gradient; and the rest.

    A plain name is that of its gradient; but where the gradient has its own name besides, it is
    data, which is left aside: that is the rest. Raises BackpropError for a name that fits nothing.
    """
    known = [*program.variables, *program.names]
    heads = [head for head in ("L", "loss", program.name(program.root)) if head]
    called = {form: name for name in known for form in forms(name, heads) if form not in known}
    if [*given] == [""]:
        return {"": _only(program, where)}, []
    found: dict[str, str] = {}
    for name in given:
        plain = name.replace("∂", "d").replace("-", "_")
        target = plain if plain in known else called.get(plain)
        if target is None:
            raise _unknown(name, [*known], called, where)
        found[name] = target
    return _without_data(found, where)


def _without_data(found: Mapping[str, str], where: str) -> tuple[dict[str, str], list[str]]:
    """Leave out plain names of which the gradients have names of their own."""
    proper: dict[str, str] = {}
    for name, target in found.items():
        if name != target:
            if target in proper:
                raise BackpropError(
                    f"{where}: {proper[target]} and {name} are both the gradient by {target}",
                    "leave one out",
                )
            proper[target] = name
    data = [name for name, target in found.items() if name == target and target in proper]
    return {name: target for name, target in found.items() if name not in data}, data


def _only(program: Program, where: str) -> str:
    """Return the one variable of a program."""
    names = [*program.variables]
    if len(names) != 1:
        raise BackpropError(
            f"{where} holds numbers without a name, and the expression has {len(names)} variables",
            "save them by name: numpy.savez('grads.npz', d_dw=..., d_db=...)",
        )
    return names[0]


def _unknown(name: str, known: list[str], called: Mapping[str, str], where: str) -> BackpropError:
    usual = [f"d_d{one}" for one in known[:MOST]]
    listed = (
        f"its gradients are called {', '.join(usual)}, or as w, dw, w.grad, grad_w" if usual else ""
    )
    return BackpropError(
        f"{where}: '{name}' is no gradient of the expression",
        did_you_mean(name, [*known, *called], listed),
    )
