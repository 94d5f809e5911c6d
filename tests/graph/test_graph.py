"""The graph: equal is identical, one way to write a graph into another, names that are distinct."""

from __future__ import annotations

import pytest

from backpropcli.graph.graph import Graph


def product():
    """Return the graph of x*y + x with a name for the product, and its nodes by text."""
    graph = Graph()
    x, y = graph.node("variable", (), "x"), graph.node("variable", (), "y")
    times = graph.node("mul", (x, y))
    named = graph.node("name", (times,), "p")
    total = graph.node("add", (named, x))
    return graph, {"x": x, "y": y, "x*y": times, "p": named, "p + x": total}


@pytest.mark.parametrize("frozen", [False, True])
def test_equal_is_identical(frozen):
    """The same operation on the same inputs with the same arg is the same node, frozen or not."""
    graph, nodes = product()
    size = len(graph)
    if frozen:
        graph.freeze()
    assert graph.node("variable", (), "x") == nodes["x"]
    assert graph.node("mul", (nodes["x"], nodes["y"])) == nodes["x*y"]
    assert graph.node("name", (nodes["x*y"],), "p") == nodes["p"]
    assert graph.node("add", (nodes["p"], nodes["x"])) == nodes["p + x"]
    assert len(graph) == size
    assert graph.node("mul", (nodes["y"], nodes["x"])) == size  # the order of inputs tells


@pytest.mark.parametrize("frozen", [False, True])
def test_what_differs_in_one_part_is_another_node(frozen):
    graph, nodes = product()
    if frozen:
        graph.freeze()
    known = set(nodes.values())
    others = [
        graph.node("constant", (), "x"),
        graph.node("variable", (), "z"),
        graph.node("number", (), 1.0),
        graph.node("div", (nodes["x"], nodes["y"])),
        graph.node("name", (nodes["x*y"],), "q"),
        graph.node("name", (nodes["x"],), "p"),
        graph.node("max", (nodes["x"], nodes["y"])),
        graph.node("max", (nodes["x"], nodes["y"], nodes["y"])),
    ]
    assert len(set(others)) == len(others)
    assert known.isdisjoint(others)


def test_two_names_of_one_node_are_two_nodes():
    """What is below them stays shared."""
    graph, nodes = product()
    other = graph.node("name", (nodes["x*y"],), "q")
    assert graph.named() == {"p": nodes["p"], "q": other}
    assert graph.inputs[other] == graph.inputs[nodes["p"]] == (nodes["x*y"],)
    assert graph.variables() == {"x": nodes["x"], "y": nodes["y"]}


def test_a_graph_written_into_itself_stays_as_it_is():
    graph, nodes = product()
    places = graph.write(graph.copy())
    assert places == list(range(len(graph)))
    assert len(graph) == len(nodes)


def test_writing_keeps_what_is_shared():
    graph, _ = product()
    target = Graph()
    y = target.node("variable", (), "y")
    places = target.write(graph)
    assert places[1] == y
    assert len(target) == len(graph)
    assert target.write(graph) == places
    assert [target.operations[place] for place in places] == graph.operations


def test_variables_that_are_given_are_other_nodes_there():
    """By hand: x*y + x at x = 2 and y = x is 2*x + 2."""
    graph, nodes = product()
    target = Graph()
    x = target.node("variable", (), "x")
    two = target.node("number", (), 2.0)
    places = target.write(graph, {"x": two, "y": x})
    assert (places[nodes["x"]], places[nodes["y"]]) == (two, x)
    top = places[nodes["p + x"]]
    named, right = target.inputs[top]
    assert (target.operations[top], right) == ("add", two)
    assert target.inputs[target.inputs[named][0]] == (two, x)
    assert "y" not in target.variables()


def test_only_what_is_kept_is_written():
    graph, nodes = product()
    target = Graph()
    places = target.write(graph, keep=graph.ancestors([nodes["x*y"]]))
    assert places == [0, 1, 2, -1, -1]
    assert target.operations == ["variable", "variable", "mul"]
    part, again = graph.part([nodes["x*y"]])
    assert (part, again) == (target, places)


def test_nodes_may_be_made_in_another_way():
    graph, nodes = product()
    target = Graph()

    def nameless(operation, inputs, arg):
        return inputs[0] if operation == "name" else target.node(operation, inputs, arg)

    places = target.write(graph, node=nameless)
    assert places[nodes["p"]] == places[nodes["x*y"]]
    assert target.named() == {}


def test_a_copy_goes_its_own_way():
    graph, nodes = product()
    copied = graph.copy()
    assert copied == graph
    copied.node("neg", (nodes["p"],))
    assert copied != graph
    assert len(copied) == len(graph) + 1


def test_ancestors_are_what_a_root_rests_on():
    graph, nodes = product()
    spare = graph.node("variable", (), "spare")
    flags = graph.ancestors([nodes["p"]])
    assert [flags[node] for node in nodes.values()] == [1, 1, 1, 1, 0]
    assert not flags[spare]
    assert not any(graph.ancestors([]))
