"""What the nodes are called where the passes are written out, as text and in LaTeX."""

from __future__ import annotations

from backpropcli.language.names import Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.report.view import View


def called(view: View) -> list[str]:
    """Return each node's name: the user's, L for the output, and z1, z2, ... for the rest.

    A number and a constant without one have none: "".
    """
    program = view.program
    fresh = Names([*program.variables, *program.names])
    found = []
    for node, operation in enumerate(view.operations):
        if operation == "variable":
            found.append(str(view.args[node]))
        elif view.names[node] or operation in {"number", "constant"}:
            found.append(view.names[node])
        elif node == view.root and len(view.outputs) == 1:
            found.append(fresh.fresh("L", "out"))
        else:
            found.append(fresh.numbered("z"))
    return found
