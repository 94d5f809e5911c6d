"""What peers answer at kinks: the table's cells against what ``peers_at_kinks`` wrote down."""

import json
from operator import attrgetter

import numpy as np

import backpropcli as bp
from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import by_input
from backpropcli.graph.arrays import TABLE_OF_ARRAYS
from backpropcli.graph.cells import PEERS
from backpropcli.graph.operations import TABLE
from tests.each import for_each
from tests.graph.peers_at_kinks import CASES, DATA

STORED = json.loads(DATA.read_text())
SPECIAL = {"NaN": np.nan, "Infinity": np.inf, "-Infinity": -np.inf}
CALLS = {
    **{name: f"x {row.infix} y" for name, row in TABLE_OF_ARRAYS.items() if row.infix},
    "not": "not x",
    "max": "max(x, y)",
    "min": "min(x, y)",
    "where": "where(c, a, b)",
    "amax": "max(x)",
    "amin": "min(x)",
    "sort": "sum(sort(x)*[1, 10, 100])",
}
"""How the operation of a case is written, where it is not called with the inputs of its row."""
NORMS = {1: ", ord=1", 2: ", ord=inf"}


def called(case):
    if case.row == "norm":
        return f"norm(x{NORMS.get(case.kink, '')})"
    names = ", ".join(one for one in TABLE_OF_ARRAYS[case.row].parameters if one in case.point)
    return CALLS.get(case.row, f"{case.row}({names})")


def numbers(answer):
    return np.array([SPECIAL.get(one, one) for one in np.atleast_1d(answer)], dtype=float)


def cells(case, row, kink, name):
    """Return what the table says of each peer at the point: by the elements at the kink."""
    if row.name in TABLE:
        given = [float(case.point.get(one, row.defaults.get(one, 0))) for one in row.parameters[:3]]
        given = given[: len(case.point)] if row.variadic else given
        out = bp.value(called(case), case.point)
        told = {}
        for peer, rule in kink.peers[name].items():
            [found, *_] = by_input(row, [rule], floats)(out, *given)
            told[peer] = {0: float(found)}
        return told
    found = bp.gradient(called(case), case.point)
    here = [one for one in found.kinks if one.when == kink.when.text]
    return {peer: {one.index[0]: one.answers[peer] for one in here} for peer in kink.peers[name]}


def test_every_kink_of_the_table_has_a_case():
    every = {
        f"{name} {at}" for name, row in TABLE_OF_ARRAYS.items() for at in range(len(row.kinks))
    }
    assert every == {case.key for case in CASES} == STORED["answers"].keys()


def test_the_versions_are_those_that_were_asked():
    assert STORED["versions"] == PEERS


@for_each("case", CASES, ids=attrgetter("key"))
def test_a_cell_is_what_the_peer_answered(case):
    row = TABLE_OF_ARRAYS[case.row]
    kink = row.kinks[case.kink]
    stored = STORED["answers"][case.key]
    for name in kink.slopes:
        answers = {peer: (stored[peer] or {}).get(name) for peer in PEERS}
        assert kink.peers[name].keys() == {who for who, one in answers.items() if one is not None}
        if kink.fixed:  # an order, no slope: all peers have that of the gradient here
            ours = bp.gradient(called(case), case.point).gradient[name]
            for peer in kink.peers[name]:
                np.testing.assert_array_equal(numbers(answers[peer]), ours)
            continue
        for peer, told in cells(case, row, kink, name).items():
            tolerance = 1e-7 if peer == "TensorFlow" else 1e-12  # its 0.01 is a float32
            measured = np.resize(numbers(answers[peer]), len(np.atleast_1d(case.point[name])))
            assert told or kink.jump
            for place, one in told.items():
                np.testing.assert_allclose(one, measured[place], rtol=tolerance)
