"""The JSON Schemas (2020-12) of all documents."""

from __future__ import annotations

from backpropcli.graph.arrays import TABLE_OF_ARRAYS
from backpropcli.render.json import DTYPES, SCHEMA

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

REAL = {"anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}]}
REAL_OR_NULL = {"anyOf": [REAL, {"type": "null"}]}
ELEMENTS = {"$ref": "#/$defs/elements"}
DEFINITIONS = {
    "elements": {
        "type": "array",
        "items": {"anyOf": [REAL, ELEMENTS]},
        "description": "an array: lists as deep as its shape is long",
    }
}
VALUE = {"anyOf": [*REAL["anyOf"], ELEMENTS]}
VALUE_OR_NULL = {"anyOf": [VALUE, {"type": "null"}]}
NODE_NUMBER = {"type": "integer", "minimum": 0}
NODE_OR_NULL = {"anyOf": [NODE_NUMBER, {"type": "null"}]}
TEXTS = {"type": "array", "items": {"type": "string"}}
REALS_BY_NAME = {"type": "object", "additionalProperties": VALUE}
INDEX = {"type": "array", "items": NODE_NUMBER}
DTYPE_OF_ARRAYS = {"enum": [*DTYPES]}
REASONS = ["constant", "stopped", "flat", "not taken", "unused"]


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
        "partial": VALUE_OR_NULL,
        "contribution": VALUE_OR_NULL,
        "flow": {"enum": REASONS},
        "rule": {
            "type": "string",
            "description": "what an operation on whole arrays passes on, of its adjoint g",
        },
    },
    ("flow", "rule"),
)
NODE = record(
    {
        "id": NODE_NUMBER,
        "operation": {
            "anyOf": [
                {"enum": ["number", "constant", "variable", "diff", *TABLE_OF_ARRAYS]},
                {"type": "string", "description": "the name of a function of the program"},
            ]
        },
        "label": {"type": "string"},
        "names": TEXTS,
        "span": {
            "anyOf": [
                {"type": "array", "items": NODE_NUMBER, "minItems": 2, "maxItems": 2},
                {"type": "null"},
            ],
            "description": "null for an element of an array: no text stands for it",
        },
        "inputs": {"type": "array", "items": NODE_NUMBER},
        "shape": INDEX,
        "dtype": DTYPE_OF_ARRAYS,
        "value": VALUE,
        "adjoint": VALUE_OR_NULL,
        "status": {"enum": REASONS},
        "edges": {"type": "array", "items": EDGE},
    },
    ("names", "shape", "dtype", "status"),
)
KINK = record(
    {
        "node": NODE_OR_NULL,
        "input": NODE_OR_NULL,
        "label": {"type": "string"},
        "by": {"type": "string"},
        "at": REAL,
        "when": {"type": "string"},
        "jump": {"type": "boolean"},
        "left": REAL,
        "right": REAL,
        "chosen": REAL,
        "peers": {"type": "string", "description": "who takes the same slope there"},
        "index": INDEX,
        "count": NODE_NUMBER,
    },
    ("index", "count"),
)
SIDE = record(
    {
        "kind": {"enum": ["value", "infinite", "outside", "unknown"]},
        "limit": REAL_OR_NULL,
        "slope": REAL_OR_NULL,
    }
)
WHOLE = record(
    {
        "kind": {
            "enum": [
                *("derivative", "vertical", "kink", "gap", "jump", "pole", "edge", "nowhere"),
                "unknown",
            ]
        },
        "value": REAL_OR_NULL,
        "slope": REAL_OR_NULL,
        "left": SIDE,
        "right": SIDE,
        "reason": {"type": "string"},
    }
)
CAUSE = record(
    {
        "pass": {"enum": ["forward", "backward"]},
        "node": NODE_OR_NULL,
        "input": NODE_OR_NULL,
        "reason": {"type": "string"},
        "index": INDEX,
    },
    ("index",),
)
CALL = record(
    {
        "node": NODE_NUMBER,
        "function": {"type": "string"},
        "inputs": {"type": "array", "items": NODE_NUMBER},
    }
)
RULE = record(
    {
        "function": {"type": "string"},
        "by": {"type": "string"},
        "verdict": {"enum": ["proved", "holds", "differs", "unknown"]},
        "reason": {"type": "string"},
        "at": {"type": "object", "additionalProperties": {"type": "string"}},
        "rule": {"type": "string"},
        "body": {"type": "string"},
    }
)
CHECK = {
    "type": "object",
    "properties": {
        "verdict": {"enum": ["agrees", "disagrees", "inconclusive"]},
        "rules": {"type": "array", "items": RULE},
    },
    "required": ["verdict", "reason", "rules"],
}
COST = record(
    {
        "function": NODE_NUMBER,
        "reverse": NODE_NUMBER,
        "forward": NODE_NUMBER,
        "tree": REAL,
    }
)
PATTERN = {
    "type": "array",
    "items": {"type": "array", "items": NODE_NUMBER},
    "description": "for each row the columns that can differ from 0",
}
LIST = {"type": "array", "items": REAL}
MATRIX = {"type": "array", "items": LIST}
WHOLE_MATRIX = {
    "anyOf": [
        {"type": "array", "items": {"type": "array", "items": REAL_OR_NULL}},
        {"type": "null"},
    ],
    "description": "those of the whole expression, at a kink or a gap; null for what is not known",
}
SWEEPS = record({"forward": NODE_NUMBER, "reverse": NODE_NUMBER})


def several(one: Mapping[str, object]) -> dict[str, object]:
    """Return the schema of ``one``, or of a list with one for each of several outputs."""
    return {"anyOf": [one, {"type": "array", "items": one}]}


def document(
    name: str, results: dict[str, object], optional: tuple[str, ...] = ()
) -> dict[str, object]:
    """Return the schema of a command's document, with its own ``results``."""
    node = NODE
    if name == "jvp":
        properties = {
            "tangent" if key == "adjoint" else key: value
            for key, value in NODE["properties"].items()  # type: ignore[attr-defined]
        }
        node = record(properties, ("names", "shape", "dtype", "status"))
    identifier = SCHEMA.format(name)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{identifier.replace('/', ':')}",
        "title": TITLES.get(name, f"What backprop {name} --json prints"),
        **record(
            {
                "schema": {"const": identifier},
                "version": {"type": "string"},
                "expression": {"type": "string"},
                "bindings": REALS_BY_NAME,
                **results,
                "kinks": {"type": "array", "items": KINK},
                "causes": {"type": "array", "items": CAUSE},
                "whole": {
                    "type": "object",
                    "additionalProperties": WHOLE,
                    "description": "what the whole expression has by each name, at a kink or a "
                    'gap; of several outputs by "OUTPUT: NAME"',
                },
                "warnings": TEXTS,
                "check": CHECK,
                "calls": {"type": "array", "items": CALL},
                "nodes": {
                    "type": "array",
                    "items": node,
                    "description": "with several outputs, adjoints are of their sum",
                },
            },
            ("check", "calls", *optional),
        ),
        "$defs": DEFINITIONS,
    }


TITLES = {"report": "A report of backprop --json"}
SIZES = {"type": "object", "additionalProperties": INDEX}
HEAD: dict[str, object] = {
    "outputs": TEXTS,
    "values": LIST,
    "variables": TEXTS,
    "shapes": {
        **record({"outputs": SIZES, "variables": SIZES}),
        "description": "of arrays, whose elements are listed",
    },
}
BLOCKS = {
    "type": "object",
    "additionalProperties": REALS_BY_NAME,
    "description": "by output and variable: the axes of the output first, then the variable's",
}
RESULTS: dict[str, dict[str, object]] = {
    "report": {
        "output": {"type": "string"},
        "value": VALUE,
        "wrt": TEXTS,
        "gradient": REALS_BY_NAME,
        "shapes": SIZES,
        "dtype": DTYPE_OF_ARRAYS,
        "cost": COST,
    },
    "jacobian": {
        **HEAD,
        "jacobian": MATRIX,
        "blocks": BLOCKS,
        "mode": {"enum": ["forward", "reverse"]},
        "sweeps": SWEEPS,
        "pattern": PATTERN,
    },
    "jvp": {**HEAD, "along": REALS_BY_NAME, "jvp": LIST},
    "vjp": {**HEAD, "with": REALS_BY_NAME, "vjp": LIST},
    "hvp": {**HEAD, "along": REALS_BY_NAME, "hvp": several(LIST)},
    "hessian": {
        **HEAD,
        "gradient": several(LIST),
        "hessian": several(MATRIX),
        "whole_hessian": several(WHOLE_MATRIX),
        "sweeps": several(NODE_NUMBER),
        "pattern": several(PATTERN),
        "eigenvalues": several(LIST),
        "eigenvectors": several(MATRIX),
        "definiteness": several({"type": "string"}),
        "point": several({"type": "string"}),
    },
    "taylor": {
        **HEAD,
        "in": {"type": "string"},
        "order": NODE_NUMBER,
        "taylor": MATRIX,
    },
}
POINT = {
    "type": "object",
    "description": "by name: a coordinate as it is typed, or lists of them",
}
SEEN = {
    "anyOf": [
        record(
            {
                "kind": {"enum": ["point", "counterexample", "kink", "edge"]},
                "point": POINT,
                "element": {"type": ["string", "null"]},
                "claimed": {"type": "string"},
                "true": {"type": "string"},
            }
        ),
        {"type": "null"},
    ]
}
CLAIM = record(
    {
        "derivative": {"type": "string"},
        "claim": {"type": "string"},
        "verdict": {"enum": ["agrees", "disagrees", "inconclusive"]},
        "status": {"enum": ["proved", "holds", "wrong", "open"]},
        "reason": {"type": "string"},
        "points": NODE_NUMBER,
        "at": SEEN,
        "counterexample": SEEN,
        "exceptions": {"type": "array", "items": SEEN},
        "diagnosis": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"kind": {"type": "string"}, "text": {"type": "string"}},
                "required": ["kind", "text"],
            },
        },
        "true": {"type": ["string", "null"]},
        "notes": TEXTS,
    }
)
SIDE_BY_SIDE = record(
    {
        "of": {"type": "string"},
        "status": {"enum": ["same", "differs", "kink", "edge", "open"]},
        "norms": LIST,
        "norm_of_difference": REAL,
        "element": {"type": "string"},
        "first": REAL,
        "second": REAL,
    },
    ("norms", "norm_of_difference", "element", "first", "second"),
)
DIFFERENCE = record(
    {
        "kind": {"enum": ["counterexample", "kink", "edge"]},
        "of": {"type": "string"},
        "point": POINT,
        "first": {"type": "string"},
        "second": {"type": "string"},
    }
)
SCHEMAS = {
    name: document(name, results, ("shapes", "blocks", "dtype", "cost", "eigenvectors"))
    for name, results in RESULTS.items()
} | {
    "check": {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:backprop:check:1",
        "title": "What backprop check --json prints",
        **record(
            {
                "schema": {"const": SCHEMA.format("check")},
                "version": {"type": "string"},
                "expression": {"type": "string"},
                "verdict": {"enum": ["agrees", "disagrees", "inconclusive"]},
                "claims": {"type": "array", "items": CLAIM},
                "rules": TEXTS,
                "assumptions": TEXTS,
                "warnings": TEXTS,
            }
        ),
    },
    "formula": {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:backprop:formula:1",
        "title": "What backprop formula --json prints",
        **record(
            {
                "schema": {"const": SCHEMA.format("formula")},
                "version": {"type": "string"},
                "expression": {"type": "string"},
                "outputs": TEXTS,
                "variables": TEXTS,
                "formula": {"type": "array", "items": TEXTS},
                "program": {"type": "string"},
                "conditions": {"type": "array", "items": {"type": "array", "items": TEXTS}},
                "simplified": {"type": "boolean"},
                "warnings": TEXTS,
                "latex": {"type": "string"},
                "chain": TEXTS,
                "cost": COST,
                "shapes": {"type": "object"},
            },
            ("latex", "chain", "cost", "shapes"),
        ),
    },
    "compare": {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:backprop:compare:1",
        "title": "What backprop compare --json prints",
        **record(
            {
                "schema": {"const": SCHEMA.format("compare")},
                "version": {"type": "string"},
                "expressions": TEXTS,
                "outputs": TEXTS,
                "bindings": REALS_BY_NAME,
                "wrt": TEXTS,
                "only": {
                    "type": "array",
                    "items": TEXTS,
                    "description": "the variables that one of the two alone has",
                },
                "values": {"type": "array", "items": VALUE},
                "gradients": {"type": "array", "items": REALS_BY_NAME},
                "at_point": {"type": "array", "items": SIDE_BY_SIDE},
                "verdict": {"enum": ["agrees", "disagrees", "inconclusive"]},
                "kind": {
                    "enum": [
                        *("identical", "constant", "gradients", "opposite", "proportional"),
                        *("different", "unknown"),
                    ]
                },
                "reason": {"type": "string"},
                "value": {"enum": ["same", "constant", "scaled", "differs", "open"]},
                "gradient": {
                    "type": "object",
                    "additionalProperties": {"enum": ["same", "differs", "open"]},
                },
                "term": {
                    "anyOf": [{"type": "string"}, {"type": "null"}],
                    "description": "the constant between the values, or the gradients' factor",
                },
                "term_is_number": {"type": "boolean"},
                "sign": {"enum": [-1, 0, 1], "description": "the factor's; 0 if it has both"},
                "proved": {"type": "boolean"},
                "points": NODE_NUMBER,
                "counterexamples": {"type": "array", "items": DIFFERENCE},
                "exceptions": {"type": "array", "items": DIFFERENCE},
                "assumptions": TEXTS,
                "follows": TEXTS,
                "warnings": TEXTS,
            }
        ),
        "$defs": DEFINITIONS,
    },
}
"""The documents of all commands, by the commands' names."""
