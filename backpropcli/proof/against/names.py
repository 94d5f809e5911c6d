"""What other programs call a derivative: w, dw, d_dw, dL_dw, w.grad, grad_w."""

from __future__ import annotations

from backpropcli.errors import BackpropError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from backpropcli.language.program import Program

MOST = 12
"""Names in a hint."""


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
