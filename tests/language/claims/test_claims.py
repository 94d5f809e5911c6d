"""Claims as text: what they are of and by, and what is said where they cannot be read."""

import pytest

from backpropcli.errors import SourceError
from backpropcli.language.claims.read import claimed
from backpropcli.language.claims.records import Text
from tests.each import for_each


def read(program, *claims, pasted=False, assumed=(), bound=()):
    """Return what is claimed: (title, of, by, expression) of each."""
    texts = [Text(claim, "--claim", pasted=pasted) for claim in claims]
    conditions = [Text(text, "--assume") for text in assumed]
    found = claimed(program, bound, claims=texts, assumed=conditions)
    text = found.program.text
    return [
        (one.target.title, text(one.target.of), one.target.names, text(one.node))
        for one in found.claims
    ]


@for_each(
    "program, claim, expected",
    [
        ("(w*x - y)^2", "w = 2*(w*x - y)*x", ("w", "(w*x - y)^2", ["w"], "2*(w*x - y)*x")),
        ("L = w*x", "dL_dw = x", ("dL_dw", "w*x", ["w"], "x")),
        ("L = w*x", "dL/dw = x", ("dL/dw", "w*x", ["w"], "x")),
        ("L = w*x", "∂L/∂w = x", ("∂L/∂w", "w*x", ["w"], "x")),
        ("L = w*x", "d_dw = x", ("d_dw", "w*x", ["w"], "x")),
        ("w*x", "d/dw = x", ("d/dw", "w*x", ["w"], "x")),
        ("z = w*x; L = z^2", "z = 2*z", ("z", "z^2", ["z"], "2*z")),
        ("z = w*x; L = z^2", "dz_dw = x", ("dz_dw", "w*x", ["w"], "x")),
        ("z = w*x; L = z^2", "d2L_dw_dx = 4*z", ("d2L_dw_dx", "z^2", ["w", "x"], "4*z")),
        ("L = w^3", "d2L/dw2 = 6*w", ("d2L/dw2", "w^3", ["w", "w"], "6*w")),
        ("L = w^3", "d²L/dw² = 6*w", ("d²L/dw²", "w^3", ["w", "w"], "6*w")),
        ("L = w*x", "∂²L/∂w∂x = 1", ("∂²L/∂w∂x", "w*x", ["w", "x"], "1")),
        ("L = w^3", "d^2L/dw^2 = 6*w", ("d^2L/dw^2", "w^3", ["w", "w"], "6*w")),
        ("w^3", "d2_dw_dw = 6*w", ("d2_dw_dw", "w^3", ["w", "w"], "6*w")),
        ("w^3", "d2L/dw2 = 6*w", ("d2L/dw2", "w^3", ["w", "w"], "6*w")),
        ("w^3", "d3L/dw3 = 6", ("d3L/dw3", "w^3", ["w"] * 3, "6")),
        ("w^3*x", "∂³L/∂w²∂x = 6*w", ("∂³L/∂w²∂x", "w^3*x", ["w", "w", "x"], "6*w")),
        ("L = w^3*x", "d^3L/dwdxdw = 6*w", ("d^3L/dwdxdw", "w^3*x", ["w", "x", "w"], "6*w")),
        ("(x*y, x + y)", "df1_dx = y", ("df1_dx", "x*y", ["x"], "y")),
        ("f = x*y; g = x + y; outputs: f, g", "d_dg_dx = 1", ("d_dg_dx", "x + y", ["x"], "1")),
        ("sin(x)", "cos(x)", ("x", "sin(x)", ["x"], "cos(x)")),
        ("sum(x)", "sum(x, axis=0)", ("x", "sum(x)", ["x"], "sum(x, axis=0)")),
    ],
)
def test_what_a_claim_is_of(program, claim, expected):
    """A claim never binds its variable: on the right the name is the variable."""
    assert read(program, claim) == [expected]


@for_each(
    "program, claim, expected",
    [
        ("z = w^2; L = z^3", "dL/dw = dL/dz*dz/dw", "diff(L, z)*diff(z, w)"),
        ("z = w^2; L = z^3", "∂L/∂w = ∂L/∂z * ∂z / ∂w", "diff(L, z)*diff(z, w)"),
        ("z = w^2; L = z^3", "dL_dw = 2*w*dL_dz", "2*w*diff(L, z)"),
        ("z = w^2; L = z^3", "dL/dw = (dL/dz)^2/dz_dw", "diff(L, z)^2/diff(z, w)"),
        ("z = w^2; L = z^3", "w = 1/dL/dz", "1/diff(L, z)"),
        ("z = w^2; L = z^3", "d2L/dw2 = d²L/dz²*4*w^2", "diff(diff(L, z), z)*4*w^2"),
        ("z = w^2; L = z^3", "dL/dw = d^2z/dw^2", "diff(diff(z, w), w)"),
        ("z = w*x; L = z^3", "d2L/dw2 = ∂²L/∂w∂x", "diff(diff(L, w), x)"),
        ("dL = w^2; dz = 3; L = dL/dz", "dL/dw = dL/dz", "dL/dz"),
        ("w^2*q", "w = 2*d/dq", "2*d/dq"),
    ],
)
def test_derivatives_on_the_right(program, claim, expected):
    """A line of a derivation goes on from others: each name is that of the true derivative."""
    parts = []
    for text in (claim, f"w = {expected}"):
        found = claimed(program, ("d", "dq"), claims=[Text(text)])
        graph, _ = found.program.graph.part([found.claims[-1].node])
        parts.append((graph.operations, graph.inputs, graph.args))
    assert parts[0] == parts[1]


def test_what_reads_as_a_quotient_is_told():
    found = claimed("z = w^2; dL = z; dz = 3; L = dL/dz", claims=[Text("dL/dw = dL/dz")])
    assert found.notes == ["dL/dz is read as dL divided by dz, which are names"]


@for_each(
    "claim, message, hint",
    [
        ("dL/dw = dL/dw", "this claim on dL/dw rests on dL/dw", "write what it is in other terms"),
        ("g = 2*dL_dw; dL/dw = g/2", "this claim on dL_dw rests on dL_dw", "write what it is"),
        ("dL/dw = dL/dz^2", "what is dL/dz to a power?", "write (dL/dz)^2; or for the second"),
        ("dL/dw = dL/dq*2", "the program has no 'dL'", ""),
        (
            "e = 2*w; dL/de = 2*e",
            "there is no derivative 'dL/de' here",
            "e is a name of the claims",
        ),
    ],
)
def test_derivatives_that_are_none_of_the_program(claim, message, hint):
    with pytest.raises(SourceError) as caught:
        read("z = w^2; L = z^3", claim)
    assert caught.value.message == message
    assert hint in caught.value.hint


def test_of_several_outputs_a_claim_says_of_which_it_is():
    with pytest.raises(SourceError, match="the program has 2 outputs") as caught:
        read("(x*y, x + y)", "x = y")
    assert caught.value.hint == "write df1_dx or df2_dx = ..."


def test_a_variable_is_no_name_of_the_output():
    """dx/dt is no derivative of x*t by t, as dL/dt is."""
    assert read("x*t", "dL/dt = x")[0][2] == ["t"]
    with pytest.raises(SourceError, match="there is no derivative 'dx/dt' here"):
        read("x*t", "dx/dt = x")


def test_the_output_of_formula_can_be_pasted():
    """Its definitions repeat those of the program, and its last line names the outputs."""
    pasted = "z = w*x\nz1 = z - y  # a helper\ndL_dw = 2*x*z1\ndL_dy = -2*z1\noutputs: dL_dw, dL_dy"
    found = read("z = w*x; L = (z - y)^2", pasted, pasted=True)
    assert [(title, text) for title, _, _, text in found] == [
        ("dL_dw", "2*x*z1"),
        ("dL_dy", "-2*z1"),
    ]


@pytest.mark.parametrize(
    ("claim", "hint"),
    [
        ("dL/dq = 1", "there are: dL_dx, dL_dz, dz_dx"),
        ("d2L/dxdq = 1", "d2L_dx2"),
        ("d3L/dq3 = 1", "d3L_dx3"),
    ],
)
def test_derivatives_of_the_same_order_are_listed(claim, hint):
    with pytest.raises(SourceError) as caught:
        read("z = x^2; L = z*x", claim)
    assert hint in caught.value.hint


@for_each(
    "program, claim, message, place",
    [
        ("sin(x)*y", "x = cos(q)*y", "the program has no 'q'", "q"),
        ("sin(x)*y", "dL_dq = y", "there is no derivative 'dL_dq' here", "dL_dq"),
        ("sin(x2)*y", "dL/dx² = y", "there is no derivative 'dL/dx²' here", "dL/dx²"),
        ("sin(x)*y", "t = y", "'t' is not a name of the program, and no claim uses it", "t"),
        ("sin(x)*y", "cos(x)", "this claim does not say by what it is", "cos(x)"),
        ("sin(x)*y", "x == 2", "this claim does not say by what it is", "x == 2"),
        ("sin(x)*y", "x = (y", "this parenthesis is never closed", "("),
        ("sin(x)*y", "t = y; t = x", "t has a value already", "t"),
        ("x*y", "(y, x)", "a claim is one derivative", "(y, x)"),
    ],
)
def test_mistakes_are_told_at_their_place_in_the_claim(program, claim, message, place):
    """The source that is shown is the claim, not the program."""
    first = "x = y" if program == "x*y" else f"y = {program.removesuffix('*y')}"
    with pytest.raises(SourceError) as caught:
        read(program, first, claim)
    error = caught.value
    assert (error.message, error.source, error.origin) == (message, claim, "--claim")
    assert error.source[error.start : error.end] == place


@pytest.mark.parametrize(
    ("program", "claim", "hint"),
    [
        ("x^2", "x == 2*x", "write x = 2*x"),
        ("L = x^2", "dL/dx == 2*x", "write dL/dx = 2*x"),
        ("x*y", "x == y", "write x = y"),
    ],
)
def test_a_claim_has_one_equals_sign(program, claim, hint):
    """With two it is a condition, which is the derivative of next to nothing."""
    with pytest.raises(SourceError) as caught:
        claimed(program, claims=[Text(claim, "--claim")])
    assert caught.value.hint == hint
    assert claimed("x*y", claims=[Text("x = (x == y)")]).claims


@pytest.mark.parametrize(
    "claim", ["]q =", "def f(t) = dL_dz*t\ndL/dw = f(w)", "def f(t) = dL/dz*t"]
)
def test_what_cannot_be_read_is_told(claim):
    """A bracket that nothing opens, and a function, whose body has its parameters alone."""
    with pytest.raises(SourceError) as caught:
        read("z = w^2; L = z^3", claim)
    assert caught.value.source == claim


def test_a_point_at_the_beginning_of_a_line():
    with pytest.raises(SourceError, match="a point is only allowed in a number") as caught:
        read("z^2", "a)=\n.T")
    assert caught.value.source[caught.value.start] == "."


def test_an_equals_sign_in_brackets_is_none_of_a_claim():
    with pytest.raises(SourceError, match="this bracket is never closed"):
        read("z^2", "a[;/=\n.T")


def test_each_claim_has_an_equals_sign_of_its_own():
    with pytest.raises(SourceError, match="a claim has one equals sign") as caught:
        read("L = x^2*y", "dL/dy = x^2; dL/dx = 2*x*y = 2*y*x; dL/dy = 1")
    assert caught.value.hint == "write dL/dx = 2*y*x as a claim of its own"
    assert read("L = x^2", "dL/dx = where(x == 0, 0, 2*x)")


def test_a_name_that_no_claim_uses_may_be_meant_as_a_derivative():
    with pytest.raises(SourceError, match="'f_x' is not a name of the program") as caught:
        read("f = x^2*y", "f_x = 2*x*y")
    assert caught.value.hint == "claims are on: x, y, f; a derivative is called df_dx or df_dy"


def test_a_name_of_the_program_in_a_file_of_claims():
    """It may be meant as a derivative or as a definition, so neither is taken."""
    with pytest.raises(SourceError, match="z is a name of the program"):
        read("z = w*x; L = z^2", "z = 2*z", pasted=True)


def test_an_assumption_is_a_condition():
    """An equation is written with two equals signs."""
    assert claimed("x", assumed=[Text("x > 1", "--assume")]).conditions
    with pytest.raises(SourceError, match="an assumption is a condition"):
        read("x*y", "x = y", assumed=["x = 1"])
    with pytest.raises(SourceError, match="this is no condition"):
        read("x*y", "x = y", assumed=["x"])
