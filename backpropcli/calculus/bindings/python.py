"""Values that Python code gives: any number, any list, and any array that NumPy can look at."""

from __future__ import annotations

from backpropcli.calculus.bindings.items import Item, Stored, is_long
from backpropcli.calculus.bindings.texts import constant
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def entry(given: Any, name: str) -> Any:  # noqa: ANN401
    """Return a value as a float, an array, or an item to be worked out.

    Raises BackpropError for what is neither a number nor an array.
    """
    if isinstance(given, str):
        return (Stored if given.lstrip().startswith("@") else Item).of(name, given)
    if isinstance(given, (list, tuple)):
        from backpropcli.calculus.bindings.elements import array_of

        return array_of(given, name, _element)
    if hasattr(given, "__array__") and getattr(given, "shape", None) != ():
        return _array(given, name)
    if getattr(given, "denominator", 1) != 1 or is_long(given):
        return Item.of(name, str(given))
    return _number(given, f"the value of {name}")


def _number(given: Any, what: str) -> float:  # noqa: ANN401
    if isinstance(given, complex):
        raise BackpropError(f"{what} is a complex number", "give its real part")
    if hasattr(given, "__float__") and not isinstance(given, bool):
        try:
            return float(given)
        except OverflowError:
            raise BackpropError(
                f"{what} is too large for a double",
                "the largest is about 1.8e308; infinity is inf",
            ) from None
        except (TypeError, ValueError):  # it says no
            pass
    raise BackpropError(
        f"{what} is not a number",
        "a mapping of values is the second argument, without a name"
        if isinstance(given, dict)
        else 'a value is a number, an array, or a text with an expression, as in "2*pi/3"',
    )


def _element(given: Any, place: str) -> Any:  # noqa: ANN401
    """Return an element of a list: a number, or a text with a constant expression."""
    if isinstance(given, str):
        return constant(Item.of(place, given))
    return _number(given, place)


def _array(given: Any, name: str) -> Any:  # noqa: ANN401
    """Return what NumPy makes of an array of any library, as it is stored there."""
    import numpy as np

    try:
        return given if isinstance(given, np.ndarray) else np.asarray(given)
    except (TypeError, ValueError, RuntimeError) as error:  # such as a tensor that needs a gradient
        raise BackpropError(
            f"the value of {name} is no array that NumPy can read: {str(error).splitlines()[0]}",
            "for a tensor of PyTorch give x.detach().cpu()",
        ) from None


def in_one_precision(entries: dict[str, Any], arrays: list[str], notes: list[str]) -> None:
    """Make arrays values: in single precision where all arrays of floats are, else in double."""
    kinds = {entries[name].dtype.name for name in arrays if entries[name].dtype.kind == "f"}
    from backpropcli.calculus.bindings.arrays import real

    for name in arrays:
        what = f"the value of {name}"
        entries[name] = real(entries[name], name, what, notes, single=kinds == {"float32"})
