"""What wrong claims look like: what is told makes the claim right when it is followed.

All derivatives here are in any table: what is right, and what would not be, is known.
"""

import backpropcli as bp


def diagnosed(program, claim, at=None, **options):
    """Return what is told of a wrong claim."""
    [found] = bp.check_claims(program, claim, at, **options).answers
    assert found.status == "wrong", found.reason
    return [one.text for one in found.diagnosis]


def test_a_value_of_another_shape_is_not_multiplied_in():
    """The derivative by w of the convolution has 2 elements; its slices of x have 3."""
    program = "sum(g*(w[0]*x[0:3] + w[1]*x[1:4]))"
    told = diagnosed(program, "w = [g@x[1:4], g@x[0:3]]", shapes="g=3; w=2; x=4")
    assert not any("multiplied in" in one for one in told)
