"""The view of flow: its widths, its bounds, and what its sentences say."""

import pytest

import backpropcli as bp
from backpropcli.__main__ import dispatch
from backpropcli.errors import columns
from backpropcli.render.layout.lines import Options
from backpropcli.render.layout.paint import plain
from backpropcli.render.views.flow import flow
from backpropcli.report.reach.reach import Reach
from tests.each import for_each
from tests.reference import assert_linear

WIDE = 80


def shown(text, options=None, **values):
    wrt = values.pop("wrt", ())
    report = bp.gradient(text, values, wrt=wrt)
    return plain(flow(Reach(report), options or Options()), "utf-8")


def flat(text):
    return " ".join(text.split())


def steps(count, step):
    return "h0 = x\n" + "\n".join(f"h{at} = {step(f'h{at - 1}')}" for at in range(1, count + 1))


def test_bars_have_a_block_for_each_factor():
    lines = shown("1000*x", x=1).splitlines()
    assert lines[0].endswith("█ is a factor of 2")
    assert [line.count("█") for line in lines[1:3]] == [1, 10]  # 2^9 < 1000 < 2^10
    wide = shown("1e30*x", x=1).splitlines()
    assert wide[0].endswith("█ is a factor of 100")
    assert wide[2].count("█") == 16


@pytest.mark.slow
@pytest.mark.parametrize("count", [10, 3_000])
def test_lines_are_as_many_and_as_wide_as_asked(count):
    text = shown(steps(count, lambda h: f"tanh(0.9*{h}) + 0.2*{h}"), Options(max_nodes=30), x=0.5)
    lines = text.splitlines()
    assert len(lines) <= 60
    assert max(map(columns, lines)) <= WIDE


def test_a_stream_in_ascii_has_bars_and_arrows():
    report = bp.gradient("x*y", x=1, y=2)
    text = plain(flow(Reach(report), Options()), "ascii")
    assert "x*y -> x" in text
    assert "#" in text


def test_shares_that_are_not_all_or_nothing_do_not_look_like_it():
    text = shown("x + 1e-7*x", x=1)
    assert ">99.9%" in text
    assert "<0.1%" in text


def test_counts_of_paths_are_exact_or_said_to_be_about():
    assert "by 1,024 paths" in shown(steps(10, lambda h: f"{h} + {h}"), x=1)
    assert "by about 1.61e60 paths" in shown(steps(200, lambda h: f"{h} + {h}"), x=1)
    assert "by more than 1e308 paths" in shown(steps(1100, lambda h: f"{h} - {h}/2"), x=1)


@for_each(
    "text, values, sentence",
    [
        ("x - x + y", {"x": 1, "y": 1}, "cancels: +1 and -1 at x"),
        ("x*(1 + 2^-40) - x", {"x": 1}, "nearly cancels: +1 and -1 leave 9.09495e-13 at x"),
        ("sum(x*2 - x*3 + x)", {"x": [1.0, 2]}, "cancels: at x next to nothing is left"),
        ("relu(x) + relu(y)", {"x": -1, "y": 1}, "dead: slope 0 at 1 of 2 relu units: relu(x)"),
        ("relu(x)", {"x": -1}, "dead: slope 0 at 1 of 1 relu unit: relu(x)"),
        ("sum(relu(x))", {"x": [-1.0, 1]}, "dead: relu(x) has slope 0 at 1 of 2 elements"),
        ("softmax(x)[0]", {"x": [9.0, 1]}, "saturated: softmax(x): one share is above 0.997"),
        (
            "sum(softmax(x, axis=0)*x)",
            {"x": [[9.0, 0, 0], [0, 0, 9]]},
            "saturated: softmax(x, axis=0): in 2 of 3 distributions one share is above 0.997",
        ),
        ("abs(x) + x", {"x": 0}, "derivative of abs(x) by x is taken as 0, at a kink"),
        ("norm(x)", {"x": [0.0, 0]}, "derivative of norm(x) by x is taken as 0, at a kink"),
        ("log(x)[0]", {"x": [0.0, 1]}, "d/dx is not finite"),
        ("a*1e-200*1e-200", {"a": 1}, "shrinks by a factor of 1e-400"),
        ("sg(x) + y", {"x": 1, "y": 1}, "cut: sg(x) stops the gradient to x"),
        ("floor(x) + y", {"x": 1.5, "y": 1}, "cut: floor(x) is flat in x"),
        (
            "where(x > 1, 2*x, y)",
            {"x": 1.5, "y": 1},
            "cut: where(x > 1, 2*x, y) takes another branch than y",
        ),
        (
            "where(x > 1, 2*x, y)",
            {"x": 1.5, "y": 1},
            "sends nothing to its condition x > 1; below it: x",
        ),
        ("clip(x, 0, 1)", {"x": 2}, "cut: clip(x, 0, 1) clips, and sends nothing to x"),
        ("exp(-x) + x", {"x": 800}, "derivative of exp(-x) by -x is 3.67e-348, 0 in doubles"),
        ("x^2 + x", {"x": 0}, "cut: the local derivative of x^2 by x is 0"),
        ("w*x", {"w": 1, "x": 2, "wrt": "w"}, "data: --wrt leaves out x"),
        (
            "1e-9*x",
            {"x": 1},
            "path from 1e-9*x down to x the gradient shrinks by a factor of 1e-9",
        ),
        (
            steps(31, lambda h: f"{h} + {h}"),
            {"x": 1},
            "over all paths from h31 down to x the gradient grows by a factor of 2147483648, in 32",
        ),
        ("log(x)*y", {"x": 0, "y": 0}, "d/dx = nan d/dy = -inf"),
    ],
)
def test_sentences(text, values, sentence):
    assert sentence in flat(shown(text, **values))


def test_json_carries_the_flow_without_a_warning(capsys):
    words = ["x*y", "x=1", "y=2", "--json"]
    assert dispatch([*words, "--view", "flow"]) == 0
    out, err = capsys.readouterr()
    assert not err
    assert '"flow": {' in out
    dispatch(words)
    assert '"flow": {' not in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize(
    "step",
    [
        lambda h: f"tanh(w*{h})",
        lambda h: f"sin({h}) + 0.1*{h}",
        lambda h: f"relu({h}) + sg({h})*x",
        lambda h: f"{h}*{h} - {h}*{h}",
    ],
)
def test_work_is_linear(step):
    """The only name with one path is at the bottom: then all paths have all nodes."""

    def work(text):
        shown(text, Options(max_nodes=10**6), x=0.5, **({"w": 0.5} if "w" in text else {}))

    assert_linear(work, lambda count: steps(count, step), size=100)
