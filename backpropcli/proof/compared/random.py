"""How two losses are related, by what floats have at random points."""

from __future__ import annotations
