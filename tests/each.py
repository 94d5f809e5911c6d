"""Tests of many small rows: one test runs them all, and tells each row that it fails for."""

from __future__ import annotations

import inspect

import pytest


def for_each(names, rows, ids=repr):
    """Return what makes one test of a test that takes a row; as pytest's own ``parametrize``.

    A test of a row costs pytest more than many a row's own work. Names are parted by commas; what
    else the test takes are fixtures, which all rows share.
    """
    names, rows = [name.strip() for name in names.split(",")], [*rows]

    def decorated(test):
        def run(**fixtures):
            amiss = []
            for row in rows:
                given = dict(zip(names, [row] if len(names) == 1 else row, strict=True))
                try:
                    test(**given, **fixtures)
                except (AssertionError, pytest.fail.Exception) as error:
                    amiss.append(f"{ids(row)}: {error}")
                except Exception as error:
                    error.add_note(f"in the row {ids(row)}")
                    raise
            assert not amiss, f"{len(amiss)} of {len(rows)} rows fail\n" + "\n".join(amiss)

        assert rows
        taken = inspect.signature(test)
        fixtures = [one for name, one in taken.parameters.items() if name not in names]
        run.__signature__ = taken.replace(parameters=fixtures)
        run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
        return run

    return decorated
