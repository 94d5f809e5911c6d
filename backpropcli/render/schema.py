"""The JSON Schema (2020-12) of the report."""

from __future__ import annotations

from backpropcli.operations import TABLE
from backpropcli.render.json import SCHEMA

REAL = {"anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}]}
REAL_OR_NULL = {"anyOf": [REAL, {"type": "null"}]}
NODE_NUMBER = {"type": "integer", "minimum": 0}
TEXTS = {"type": "array", "items": {"type": "string"}}
REALS_BY_NAME = {"type": "object", "additionalProperties": REAL}
REASONS = ["constant", "data", "flat", "stopped", "not taken", "by rule", "unreached"]


def record(properties: dict[str, object], optional: tuple[str, ...] = ()) -> dict[str, object]:
    """Return the schema of an object with just these ``properties``."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


EDGE = record(
    {
        "input": NODE_NUMBER,
        "partial": REAL_OR_NULL,
        "contribution": REAL_OR_NULL,
        "flow": {"enum": REASONS},
    },
    ("flow",),
)
NODE = record(
    {
        "id": NODE_NUMBER,
        "operation": {
            "anyOf": [
                {"enum": ["number", "constant", "variable", *TABLE]},
                {"pattern": "[(][)]$", "description": "a function of the program's, with rules"},
            ]
        },
        "label": {"type": "string"},
        "names": TEXTS,
        "span": {"type": "array", "items": NODE_NUMBER, "minItems": 2, "maxItems": 2},
        "inputs": {"type": "array", "items": NODE_NUMBER},
        "value": REAL,
        "adjoint": REAL_OR_NULL,
        "status": {"enum": REASONS},
        "edges": {"type": "array", "items": EDGE},
    },
    ("names", "status"),
)
KINK = record(
    {
        "node": NODE_NUMBER,
        "input": NODE_NUMBER,
        "label": {"type": "string"},
        "when": {"type": "string"},
        "jump": {"type": "boolean"},
        "left": REAL,
        "right": REAL,
        "chosen": REAL,
    }
)
CAUSE = record(
    {
        "pass": {"enum": ["forward", "backward"]},
        "node": NODE_NUMBER,
        "input": {"anyOf": [NODE_NUMBER, {"type": "null"}]},
        "reason": {"type": "string"},
    }
)
CALL = record(
    {
        "node": NODE_NUMBER,
        "function": {"type": "string"},
        "inputs": {"type": "array", "items": NODE_NUMBER},
    }
)
CHECK = {
    "type": "object",
    "properties": {"verdict": {"enum": ["agrees", "disagrees", "inconclusive"]}},
    "required": ["verdict", "reason"],
}
REPORT = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": f"urn:{SCHEMA.replace('/', ':')}",
    "title": "A report of backprop --json",
    **record(
        {
            "schema": {"const": SCHEMA},
            "version": {"type": "string"},
            "expression": {"type": "string"},
            "bindings": REALS_BY_NAME,
            "output": {"type": "string"},
            "value": REAL,
            "wrt": TEXTS,
            "gradient": REALS_BY_NAME,
            "kinks": {"type": "array", "items": KINK},
            "causes": {"type": "array", "items": CAUSE},
            "warnings": TEXTS,
            "check": CHECK,
            "calls": {"type": "array", "items": CALL},
            "nodes": {"type": "array", "items": NODE},
        },
        ("check", "calls"),
    ),
}
