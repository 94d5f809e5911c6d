"""Where the modes and the proofs meet."""

from __future__ import annotations

from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.modes.formula import Formulas


def simplify(found: Formulas, timeout: float) -> list[str]:
    """Replace each derivative by the shortest form that SymPy finds, which is proved equal.

    Returns warnings of those that stay as they are; raises BackpropError if all do, as after
    ``timeout`` seconds for all together.
    """
    from backpropcli.proof.simplify import each_simplified  # noqa: PLC0415 (on request)

    titles = [found.program.title(output) for output in found.program.outputs]
    whats = [f"d/d{name} of {title}" for title in titles for name in found.wrt]
    nodes = [node for row in found.slopes for node in row]
    forms = each_simplified(found.graph, nodes, timeout)
    failed = [
        (what, form)
        for what, form in zip(whats, forms, strict=True)
        if isinstance(form, BackpropError)
    ]
    if failed and len(failed) == len(forms):
        what, form = failed[0]
        raise BackpropError(f"{what}: {form.message}", form.hint)
    found.replace([None if isinstance(form, BackpropError) else form for form in forms])
    return [f"{what} is shown as it is: {form.message}" for what, form in failed]
