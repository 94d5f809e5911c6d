"""Values, adjoints and gradients in a file of arrays: whole, or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from importlib import import_module
from pathlib import Path

from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, BinaryIO

    from backpropcli.report.report import Report


def save(report: Report, path: str, form: str) -> None:
    """Write a report's arrays to ``path``: as "npz" or as "safetensors".

    They are value/NAME and adjoint/NAME of all nodes, by the user's names and z1, z2, ... as in
    --view steps, and gradient/NAME of what is asked for. Raises BackpropError where that fails;
    then a file that was there is as it was.
    """
    other = os.path.splitext(path)[1] not in {f".{form}", ""}  # noqa: PTH122 (a text)
    if other:
        meant = next((one for one in FORMS if path.endswith(f".{one}")), "")
        raise BackpropError(
            f"--{form} writes a file of another kind than '{path}' says",
            f"write --{meant} {path}" if meant else f"name it with .{form}",
        )
    temporary: Path | None = None
    try:
        target = Path(path).resolve()
        if target.is_dir():
            raise BackpropError(f"'{path}' is a directory", "name a file in it")
        if target.exists() and not target.is_file():
            raise BackpropError(f"'{path}' is a device", "name a file")
        opened, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        temporary = Path(name)
        with os.fdopen(opened, "wb") as file:
            FORMS[form](file, arrays(report))
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(target))
        temporary.replace(target)
    except (OSError, RuntimeError, ValueError) as error:  # also of a loop of links, of odd names
        reason = getattr(error, "strerror", None) or str(error)
        full = getattr(error, "errno", None) == errno.ENOSPC
        hint = "free some space" if full else "check the path"
        raise BackpropError(f"'{path}' cannot be written: {reason}", hint) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _mode(target: Path) -> int:
    """Return the permissions of the file that is there, or those of a new one."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def arrays(report: Report) -> dict[str, Any]:
    """Return the arrays of a report by their names in a file, of the run's precision.

    Numbers without a name are left out, and adjoints where nothing arrives. What is in a format
    that NumPy does not have is in doubles.
    """
    import numpy as np

    from backpropcli.render.views.board import called

    precision = report.dtype if report.dtype in {"float16", "float32"} else "float64"
    view = report.view
    found: dict[str, Any] = {}
    for kind, values in (("value", view.values), ("adjoint", view.adjoints)):
        for name, value in zip(called(view), values, strict=True):
            if name and value is not None:
                found[f"{kind}/{name}"] = np.asarray(value, dtype=precision)
    for name, slope in report.gradient.items():
        found[f"gradient/{name}"] = np.asarray(slope, dtype=precision)
    return found


def _npz(file: BinaryIO, found: dict[str, Any]) -> None:
    import numpy as np

    np.savez(file, **found)


def _safetensors(file: BinaryIO, found: dict[str, Any]) -> None:
    import numpy as np

    try:
        as_bytes = import_module("safetensors.numpy").save
    except ImportError:
        raise BackpropError(
            "--safetensors needs the package safetensors",
            "install it with: pip install 'backpropcli[files]'",
        ) from None
    file.write(as_bytes({name: np.ascontiguousarray(one) for name, one in found.items()}))


FORMS = {"npz": _npz, "safetensors": _safetensors}
