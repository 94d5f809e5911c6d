"""The JSON Schemas (2020-12) of all documents."""

from __future__ import annotations

from backpropcli.graph.arrays import TABLE_OF_ARRAYS
from backpropcli.graph.cells import PEERS
from backpropcli.render.documents.reports import DTYPES
from backpropcli.render.json import SCHEMA
from backpropcli.report.truth.bits import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

REAL = {"anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}]}
NULL = {"type": "null"}
DECIMAL = r"^-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?$"
LONG = {
    "anyOf": [
        *REAL["anyOf"],
        {
            "type": ["string", "null"],
            "pattern": DECIMAL,
            "description": "above 17 --digits: a decimal, of which each digit is proved; null "
            "where none is",
        },
    ]
}
REAL_OR_NULL = {"anyOf": [REAL, NULL]}
TRUE_OR_NULL = {
    "anyOf": [
        REAL,
        {
            "type": "string",
            "pattern": DECIMAL,
            "description": "a decimal, of what no double has the digits of: it is too small",
        },
        NULL,
    ]
}
ELEMENTS = {"$ref": "#/$defs/elements"}
DEFINITIONS = {
    "elements": {
        "type": "array",
        "items": {"anyOf": [*LONG["anyOf"], ELEMENTS]},
        "description": "an array: lists as deep as its shape is long",
    }
}
VALUE = {"anyOf": [*REAL["anyOf"], ELEMENTS]}
RESULT = {"anyOf": [*LONG["anyOf"], ELEMENTS]}
VALUE_OR_NULL = {"anyOf": [VALUE, {"type": "null"}]}
NODE_NUMBER = {"type": "integer", "minimum": 0}
NODE_OR_NULL = {"anyOf": [NODE_NUMBER, {"type": "null"}]}
TEXTS = {"type": "array", "items": {"type": "string"}}
LETTERS = {
    "type": "array",
    "items": {"type": "object", "additionalProperties": {"type": "integer"}},
}
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


DIGITS = record(
    {
        "count": {"type": "integer"},
        "exact": {"const": True},
        "notes": TEXTS,
        "floats": {"type": "object", "additionalProperties": REAL},
    },
    ("count", "exact", "floats"),
)
DIGITS["description"] = "above 17 digits numbers are texts; nodes and eigenvalues stay doubles"
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
        "bits": {
            "type": "array",
            "items": REAL_OR_NULL,
            "description": "how many bits are right of the value and of the adjoint",
        },
        "edges": {"type": "array", "items": EDGE},
    },
    ("names", "shape", "dtype", "status", "bits"),
)
PRECISION = record(
    {
        "dtype": DTYPE_OF_ARRAYS,
        "bits": {"type": "integer"},
        "largest": REAL,
        "smallest": REAL,
        "losses": {
            "type": "array",
            "items": record(
                {
                    "node": NODE_NUMBER,
                    "of": {"enum": ["value", "gradient"]},
                    "what": {"enum": [*KINDS]},
                    "bits": REAL,
                }
            ),
        },
    },
    ("largest", "smallest"),
)
SCALING = record(
    {
        "scale": REAL,
        "works": {"anyOf": [{"type": "array", "items": REAL}, {"type": "null"}]},
        "lost": NODE_NUMBER,
        "lost_at_1": NODE_NUMBER,
    }
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
        "why": {"type": "string", "description": "why this slope is chosen"},
        "subgradients": {
            "anyOf": [{"type": "array", "items": REAL, "minItems": 2, "maxItems": 2}, NULL],
            "description": "the least and the largest; null at a jump, and where a side has none",
        },
        "peers": {
            "type": "string",
            "description": "who of PyTorch and JAX takes the same slope there",
        },
        "answers": {
            **record(dict.fromkeys(PEERS, REAL_OR_NULL)),
            "description": "the slope that each peer has there; null for none",
        },
        "order": {
            "type": "string",
            "description": "what goes by the order of elements that are compared here, as sort(x): "
            "it need not jump where the comparison does",
        },
        "rule": {
            "type": "string",
            "description": "the function whose rule gives the slope in place of this part of it",
        },
        "together": {
            "type": "boolean",
            "description": "another input moves too: it jumps by one that moves alone, or has "
            "another slope where they move together",
        },
        "pole": {
            **REAL,
            "description": "the value, where it is not finite: no kink of an operation",
        },
        "taken": {"const": False, "description": "its slope is not used"},
        "index": INDEX,
        "count": NODE_NUMBER,
    },
    ("order", "rule", "together", "pole", "taken", "index", "count"),
)
TEXT_OR_NULL = {"anyOf": [{"type": "string"}, NULL]}
NEAREST = {
    **record(
        {
            "along": {"type": "string", "description": "a name, -gradient or +gradient"},
            "label": TEXT_OR_NULL,
            "by": TEXT_OR_NULL,
            "when": TEXT_OR_NULL,
            "step": REAL_OR_NULL,
            "at": REAL_OR_NULL,
            "within": REAL,
        }
    ),
    "description": "the nearest kink that is found along a line; null where none is within that, "
    "and within 0 where none is looked for",
}
SIDE = record(
    {
        "kind": {"enum": ["value", "infinite", "outside", "unknown"]},
        "limit": TRUE_OR_NULL,
        "slope": TRUE_OR_NULL,
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
        "value": TRUE_OR_NULL,
        "slope": TRUE_OR_NULL,
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
        "poisoned": {
            **record({"values": NODE_NUMBER, "adjoints": NODE_NUMBER}),
            "description": "how many other nodes are not finite because of it",
        },
    },
    ("index", "poisoned"),
)
COUNT = {"type": ["number", "null"], "description": "decimal digits that are right; 17 for all"}
DIGITS_RIGHT = record(
    {"value": COUNT, "gradient": {"type": "object", "additionalProperties": COUNT}}
)
REWRITE = record(
    {
        "program": {"type": "string", "description": "the mended program; the same if none helps"},
        "mends": {
            "type": "array",
            "items": record(
                {
                    "pattern": {"type": "string"},
                    "before": {"type": "string"},
                    "after": {"type": "string"},
                    "condition": {"type": "string", "description": 'where both are equal, or ""'},
                }
            ),
        },
        "digits_before": DIGITS_RIGHT,
        "digits_after": DIGITS_RIGHT,
        "extends": {"type": "boolean", "description": "it has a value where the program has none"},
        "why": {"type": "string", "description": "why nothing was looked for, if so"},
    }
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
        "kink_typed": {
            "type": ["string", "null"],
            "description": "what has a kink at the numbers as typed that their doubles miss",
        },
        "rules": {"type": "array", "items": RULE},
    },
    "required": ["verdict", "reason", "rules"],
}
COST = record(
    {
        "function": NODE_NUMBER,
        "reverse": NODE_NUMBER,
        "forward": {"anyOf": [NODE_NUMBER, {"type": "null"}]},
        "tree": REAL,
        "sweeps": NODE_NUMBER,
        "nodes": {
            "type": "array",
            "items": record(
                {
                    "text": {"type": "string"},
                    "shape": {"type": "array", "items": NODE_NUMBER},
                    "value": NODE_NUMBER,
                    "back": NODE_NUMBER,
                }
            ),
            "description": "of arrays: the operations of each node's value and of its rule",
        },
    },
    ("tree", "sweeps", "nodes"),
)
LIST = {"type": "array", "items": REAL}
NODES = {"type": "array", "items": NODE_NUMBER}
NAMES_OR_NULL = {"anyOf": [TEXTS, {"type": "null"}]}
FLOW = {
    **record(
        {
            "log2": {
                "type": "array",
                "items": REAL_OR_NULL,
                "description": "for each node that of its adjoint's norm; null: nothing arrives",
            },
            "variables": {
                "type": "array",
                "items": record(
                    {
                        "name": {"type": "string"},
                        "node": NODE_OR_NULL,
                        "paths": {**REAL, "description": "how many; exact below 2^53"},
                        "largest": {
                            "type": "array",
                            "items": record(
                                {
                                    "share": REAL,
                                    "log2": REAL,
                                    "contribution": REAL_OR_NULL,
                                    "nodes": NODES,
                                }
                            ),
                        },
                    }
                ),
            },
            "chains": {
                "type": "array",
                "items": record(
                    {
                        "kind": {"enum": ["vanishing", "exploding"]},
                        "names": TEXTS,
                        "count": NODE_NUMBER,
                        "over_all": {"type": "boolean"},
                        "nodes": NODES,
                        "log2": LIST,
                    }
                ),
            },
            "cancelled": {
                "type": "array",
                "items": record(
                    {
                        "node": NODE_NUMBER,
                        "terms": {"anyOf": [LIST, {"type": "null"}]},
                        "left": REAL_OR_NULL,
                    }
                ),
            },
            "units": {
                "type": "array",
                "items": record(
                    {
                        "kind": {"enum": ["dead", "saturated"]},
                        "operation": {"type": "string"},
                        "nodes": NODES,
                        "part": NODE_NUMBER,
                        "total": NODE_NUMBER,
                        "columns": NODE_NUMBER,
                        "width": NODE_NUMBER,
                    },
                    ("columns", "width"),
                ),
            },
            "cuts": {
                "type": "array",
                "items": record(
                    {
                        "kind": {"enum": ["stopped", "flat", "not taken", "zero"]},
                        "node": NODE_NUMBER,
                        "input": NODE_NUMBER,
                        "names": NAMES_OR_NULL,
                        "part": NODE_NUMBER,
                        "total": NODE_NUMBER,
                        "proof": {"enum": ["proved", "rounded", "chosen", "open"]},
                        "slope": {"type": "string"},
                    },
                    ("part", "total", "proof", "slope"),
                ),
            },
            "data": {**TEXTS, "description": "variables that --wrt leaves out"},
        }
    ),
    "description": "with --view flow: how the gradient reaches each name",
}
PATTERN = {
    "type": "array",
    "items": {"type": "array", "items": NODE_NUMBER},
    "description": "for each row the columns that can differ from 0",
}
LIST = {"type": "array", "items": LONG}
MATRIX = {"type": "array", "items": LIST}
SIDES = record({"left": TRUE_OR_NULL, "right": TRUE_OR_NULL})
TOLD = {"anyOf": [*TRUE_OR_NULL["anyOf"], SIDES]}
OF_WHOLE: dict[str, object] = {"type": "array", "items": TOLD}


def of_whole(items: dict[str, object]) -> dict[str, object]:
    """Return the schema of what a whole has in place of numbers, or null."""
    return {
        "anyOf": [items, {"type": "null"}],
        "description": "those of the whole expression, at a kink or a gap; those on the left and "
        "on the right where they differ, and null for what is not known",
    }


WHOLE_MATRIX = of_whole({"type": "array", "items": OF_WHOLE})
WHOLE_SERIES = record(
    {
        "taylor": OF_WHOLE,
        "ends": {
            **record({"left": {"type": "string"}, "right": {"type": "string"}}),
            "description": "what follows the last coefficient of a side that ends early",
        },
        "continued": {
            "type": "boolean",
            "description": "the value at the point is none, or is not the limit",
        },
    }
)
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
        node = record(properties, ("names", "shape", "dtype", "status", "bits"))
    return _headed(
        name,
        {
            "expression": {"type": "string"},
            "bindings": REALS_BY_NAME,
            **results,
            "precision": PRECISION,
            "loss_scale": SCALING,
            "digits": DIGITS,
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
        ("check", "calls", "precision", "loss_scale", "digits", *optional),
        title=TITLES.get(name, ""),
    ) | {"$defs": DEFINITIONS}


def _headed(
    name: str, facts: dict[str, object], optional: tuple[str, ...] = (), title: str = ""
) -> dict[str, object]:
    """Return the schema of a document: what all begin with, and the ``facts`` of this one."""
    identifier = SCHEMA.format(name)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{identifier.replace('/', ':')}",
        "title": title or f"What backprop {name} --json prints",
        **record({"schema": {"const": identifier}, "version": TEXT, **facts}, optional),
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
    "dtype": DTYPE_OF_ARRAYS,
}
BLOCKS = {
    "type": "object",
    "additionalProperties": {"type": "object", "additionalProperties": RESULT},
    "description": "by output and variable: the axes of the output first, then the variable's",
}
RESULTS: dict[str, dict[str, object]] = {
    "report": {
        "output": {"type": "string"},
        "value": RESULT,
        "wrt": TEXTS,
        "gradient": {"type": "object", "additionalProperties": RESULT},
        "shapes": SIZES,
        "dtype": DTYPE_OF_ARRAYS,
        "cost": COST,
        "rewrite": REWRITE,
        "flow": FLOW,
        "nearest_kinks": {"type": "array", "items": NEAREST},
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
    "hvp": {
        **HEAD,
        "along": REALS_BY_NAME,
        "hvp": several(LIST),
        "whole_hvp": several(of_whole(OF_WHOLE)),
    },
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
        "whole_taylor": of_whole({"type": "array", "items": WHOLE_SERIES}),
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
                "kind": {"enum": ["point", "counterexample", "random", "kink", "edge"]},
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
        "where": TEXTS,
        "notes": TEXTS,
    }
)
VERDICTS = {"enum": ["agrees", "disagrees", "inconclusive"]}
TEXT, NUMBER_OR_NULL = {"type": "string"}, {"anyOf": [{"type": "number"}, {"type": "null"}]}
TEXT_OR_NULL = {"anyOf": [TEXT, {"type": "null"}]}
METHOD = record(
    {
        "kind": {"enum": ["agrees", "differs", "unknown", "none"]},
        "digits": {
            "anyOf": [{"type": "integer", "minimum": 0, "maximum": 40}, {"type": "null"}],
            "description": "in which it agrees with reverse mode in many digits",
        },
        "value": TEXT_OR_NULL,
        "reason": TEXT,
    }
)
DERIVATIVE = record(
    {
        "name": TEXT,
        "element": TEXT_OR_NULL,
        "elements": {"type": "integer", "minimum": 1},
        "along_a_direction": {"type": "boolean"},
        "verdict": VERDICTS,
        "reason": TEXT,
        "reverse": REAL,
        "right_digits": NUMBER_OR_NULL,
        "exact": TEXT_OR_NULL,
        "methods": {"type": "object", "additionalProperties": METHOD},
        "taylor_order": {**REAL_OR_NULL, "description": "infinite where nothing remains"},
    }
)
GRADIENT_THERE = record(
    {
        "file": TEXT,
        "name": TEXT,
        "by": TEXT,
        "verdict": VERDICTS,
        "status": {"enum": ["holds", "wrong", "open"]},
        "reason": TEXT,
        "dtype": {"enum": ["float16", "float32", "float64"]},
        "elements": {"type": "integer", "minimum": 0},
        "element": TEXT_OR_NULL,
        "claimed": REAL,
        "true": REAL,
        "rounding": {**REAL, "description": "the difference that rounding explains"},
        "times_rounding": REAL,
        "diagnosis": {"type": "array", "items": {"type": "object", "required": ["kind", "text"]}},
        "notes": TEXTS,
    }
)


def _of_check(name: str, title: str, results: dict[str, object]) -> dict[str, object]:
    """Return the schema of what check prints in one of its forms."""
    facts = {"expression": TEXT, "bindings": REALS_BY_NAME, "verdict": VERDICTS, **results}
    title = f"What backprop check --json prints {title}"
    return _headed(name, facts | {"warnings": TEXTS}, title=title) | {"$defs": DEFINITIONS}


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
        "kind": {"enum": ["counterexample", "point", "random", "kink", "edge"]},
        "of": {"type": "string"},
        "point": POINT,
        "first": {"type": "string"},
        "second": {"type": "string"},
    }
)
OPTIONAL = (
    *("shapes", "blocks", "dtype", "cost", "rewrite", "flow", "nearest_kinks", "eigenvectors"),
)
SCHEMAS = {name: document(name, results, OPTIONAL) for name, results in RESULTS.items()} | {
    "methods": _of_check(
        "methods",
        "without claims",
        {
            "value": VALUE,
            "reason": TEXT,
            "derivatives": {"type": "array", "items": DERIVATIVE},
            "notes": TEXTS,
        },
    ),
    "against": _of_check(
        "against",
        "with --against",
        {"rtol": NUMBER_OR_NULL, "gradients": {"type": "array", "items": GRADIENT_THERE}},
    ),
    "claims": {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:backprop:check:1",
        "title": "What backprop check --json prints of claims",
        **record(
            {
                "schema": {"const": SCHEMA.format("check")},
                "version": {"type": "string"},
                "expression": {"type": "string"},
                "verdict": {"enum": ["agrees", "disagrees", "inconclusive"]},
                "claims": {"type": "array", "items": CLAIM},
                "rules": TEXTS,
                "assumptions": TEXTS,
                "sizes": LETTERS,
                "gradients": {"type": "array", "items": GRADIENT_THERE},
                "warnings": TEXTS,
            },
            ("gradients",),
        ),
    },
    "formula": _headed(
        "formula",
        {
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
                "in_floats": {"type": "boolean"},
                "counterexamples": {"type": "array", "items": DIFFERENCE},
                "exceptions": {"type": "array", "items": DIFFERENCE},
                "assumptions": TEXTS,
                "sizes": LETTERS,
                "follows": TEXTS,
                "warnings": TEXTS,
            }
        ),
        "$defs": DEFINITIONS,
    },
}
"""The documents of all commands, and those of check in each of its forms, by their names."""
FORMS = ("claims", "methods", "against")
SCHEMAS["check"] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:backprop:check",
    "title": "What backprop check --json prints: of claims, without claims, with --against",
    "anyOf": [SCHEMAS[form] for form in FORMS],
}
