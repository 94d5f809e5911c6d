"""Tests of many small rows: one test runs them all, and tells each row that it fails for."""

from __future__ import annotations

import pytest


def for_each(names, rows, ids=repr):
    """Return what makes one test of a test that takes a row; as pytest's own ``parametrize``.

    A test of a row costs pytest more than many a row's own work. Names are parted by commas.
    """
    alone = len(names.split(",")) == 1

    def decorated(test):
        def run():
            amiss = []
            for row in rows:
                try:
                    test(row) if alone else test(*row)
                except (AssertionError, pytest.fail.Exception) as error:
                    amiss.append(f"{ids(row)}: {error}")
                except Exception as error:
                    error.add_note(f"in the row {ids(row)}")
                    raise
            assert not amiss, f"{len(amiss)} of {len(rows)} rows fail\n" + "\n".join(amiss)

        assert rows
        run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
        return run

    return decorated
