"""What the nodes are called where the passes are written out, as text and in LaTeX."""

from __future__ import annotations

from backpropcli.language.names import Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.report.report import Report


def called(report: Report, shown: bytearray) -> list[str]:
    """Return each node's name: the user's, L for the output, and z1, z2, ... for the rest.

    A number, a constant, and a node that is not ``shown`` have none: "".
    """
    program = report.program
    fresh = Names([*program.graph.variables(), *program.names])
    found = []
    for node, operation in enumerate(program.graph.operations):
        spelled = program.spelled.get(node)
        if operation in {"number", "constant"}:
            found.append("")
        elif operation == "variable":
            found.append(str(program.graph.leaves[node]))
        elif spelled:
            found.append(spelled[-1])
        elif node == program.root and len(program.outputs) == 1:
            found.append(fresh.fresh("L", "out"))
        else:
            found.append(fresh.numbered("z") if shown[node] else "")
    return found
