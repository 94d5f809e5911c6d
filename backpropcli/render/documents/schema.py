"""A table: the JSON Schemas (2020-12) of all documents, a field a line."""

from __future__ import annotations

from backpropcli.arithmetics.rounded import FORMATS
from backpropcli.graph.arrays import TABLE_OF_ARRAYS
from backpropcli.graph.cells import PEERS
from backpropcli.render.json import SCHEMA
from backpropcli.report.truth.bits import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Schema = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DECIMAL = r"^-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?$"
TEXT, NULL, OBJECT = {"type": "string"}, {"type": "null"}, {"type": "object"}
NUMBER, INTEGER, BOOLEAN = {"type": "number"}, {"type": "integer"}, {"type": "boolean"}


def record(fields: Mapping[str, object]) -> Schema:
    """Return the schema of an object with just these fields; "name?" may be left out."""
    return {
        "type": "object",
        "properties": {name.removesuffix("?"): schema for name, schema in fields.items()},
        "required": [name for name in fields if not name.endswith("?")],
        "additionalProperties": False,
    }


def told(schema: Mapping[str, object], description: str) -> Schema:
    """Return a schema with what it is for."""
    return {**schema, "description": description}


def words(*values: object) -> Schema:
    """Return the schema of one of these values."""
    return {"enum": [*values]}


def one_of(*schemas: Mapping[str, object]) -> Schema:
    """Return the schema of what any of these allows."""
    return {"anyOf": [*schemas]}


def or_null(schema: Mapping[str, object]) -> Schema:
    """Return the schema of such a value, or null."""
    return one_of(schema, NULL)


def listed(items: Mapping[str, object], **bounds: int) -> Schema:
    """Return the schema of a list of such values."""
    return {"type": "array", "items": items, **bounds}


def by_name(values: Mapping[str, object]) -> Schema:
    """Return the schema of an object with such a value by each of its names."""
    return {"type": "object", "additionalProperties": values}


def several(one: Mapping[str, object]) -> Schema:
    """Return the schema of ``one``, or of a list with one for each of several outputs."""
    return one_of(one, listed(one))


def of_whole(items: Mapping[str, object]) -> Schema:
    """Return the schema of what a whole has in place of numbers, or null."""
    return told(
        or_null(items),
        "those of the whole expression, at a kink or a gap; those on the left and on the right "
        "where they differ, and null for what is not known",
    )


NOT_FINITE = words("NaN", "Infinity", "-Infinity")
REAL = one_of(NUMBER, NOT_FINITE)
PROVED = told(
    {"type": ["string", "null"], "pattern": DECIMAL},
    "above 17 --digits: a decimal, of which each digit is proved; null where none is",
)
TINY = told(
    {"type": "string", "pattern": DECIMAL},
    "a decimal, of what no double has the digits of: it is too small",
)
LONG = one_of(NUMBER, NOT_FINITE, PROVED)
REAL_OR_NULL = or_null(REAL)
TRUE_OR_NULL = one_of(REAL, TINY, NULL)
ELEMENTS = {"$ref": "#/$defs/elements"}
RESULT = one_of(NUMBER, NOT_FINITE, PROVED, ELEMENTS)
DEFINITIONS = {"elements": told(listed(RESULT), "an array: lists as deep as its shape is long")}
VALUE = one_of(NUMBER, NOT_FINITE, ELEMENTS)
VALUE_OR_NULL = or_null(VALUE)
NODE_NUMBER = {"type": "integer", "minimum": 0}
TEXT_OR_NULL = or_null(TEXT)
NODE_OR_NULL = or_null(NODE_NUMBER)
TEXTS = listed(TEXT)
LETTERS = listed(by_name(INTEGER))
REALS_BY_NAME = by_name(VALUE)
INDEX = listed(NODE_NUMBER)
DTYPE_OF_ARRAYS = words("float64", *FORMATS)
VERDICTS = words("agrees", "disagrees", "inconclusive")
REASONS = words("constant", "stopped", "flat", "not taken", "unused")

DIGITS = told(
    record(
        {"count?": INTEGER, "exact?": {"const": True}, "notes": TEXTS, "floats?": by_name(REAL)}
    ),
    "above 17 digits numbers are texts; nodes and eigenvalues stay doubles",
)
EDGE = record(
    {
        "input": NODE_NUMBER,
        "partial": VALUE_OR_NULL,
        "contribution": VALUE_OR_NULL,
        "flow?": REASONS,
        "rule?": told(TEXT, "what an operation on whole arrays passes on, of its adjoint g"),
    }
)


def node_of(sweep: str) -> Schema:
    """Return the schema of a node, with what a sweep brings it: an adjoint, or a tangent."""
    return record(
        {
            "id": NODE_NUMBER,
            "operation": one_of(
                words("number", "constant", "variable", "diff", *TABLE_OF_ARRAYS),
                told(TEXT, "the name of a function of the program"),
            ),
            "label": TEXT,
            "names?": TEXTS,
            "span": told(
                or_null(listed(NODE_NUMBER, minItems=2, maxItems=2)),
                "null for an element of an array: no text stands for it",
            ),
            "inputs": INDEX,
            "shape?": INDEX,
            "dtype?": DTYPE_OF_ARRAYS,
            "value": VALUE,
            sweep: VALUE_OR_NULL,
            "status?": REASONS,
            "bits?": told(
                listed(REAL_OR_NULL), "how many bits are right of the value and of the adjoint"
            ),
            "edges": listed(EDGE),
        }
    )


PRECISION = record(
    {
        "dtype": DTYPE_OF_ARRAYS,
        "bits": INTEGER,
        "largest?": REAL,
        "smallest?": REAL,
        "losses": listed(
            record(
                {
                    "node": NODE_NUMBER,
                    "of": words("value", "gradient"),
                    "what": words(*KINDS),
                    "bits": REAL,
                }
            )
        ),
    }
)
SCALING = record(
    {"scale": REAL, "works": or_null(listed(REAL)), "lost": NODE_NUMBER, "lost_at_1": NODE_NUMBER}
)
KINK = record(
    {
        "node": NODE_OR_NULL,
        "input": NODE_OR_NULL,
        "label": TEXT,
        "by": TEXT,
        "at": REAL,
        "when": TEXT,
        "jump": BOOLEAN,
        "left": REAL,
        "right": REAL,
        "chosen": REAL,
        "why": told(TEXT, "why this slope is chosen"),
        "subgradients": told(
            or_null(listed(REAL, minItems=2, maxItems=2)),
            "the least and the largest; null at a jump, and where a side has none",
        ),
        "peers": told(TEXT, "who of PyTorch and JAX takes the same slope there"),
        "answers": told(
            record(dict.fromkeys(PEERS, REAL_OR_NULL)),
            "the slope that each peer has there; null for none",
        ),
        "order?": told(
            TEXT,
            "what goes by the order of elements that are compared here, as sort(x): it "
            "need not jump where the comparison does",
        ),
        "rule?": told(TEXT, "the function whose rule gives the slope in place of this part of it"),
        "together?": told(
            BOOLEAN,
            "another input moves too: it jumps by one that moves alone, or has another "
            "slope where they move together",
        ),
        "pole?": told(REAL, "the value, where it is not finite: no kink of an operation"),
        "taken?": {"const": False, "description": "its slope is not used"},
        "inside_derivative?": {"const": True, "description": "it is met inside a derivative"},
        "exact?": told(
            TEXT,
            "what the input is in exact arithmetic, where that has no kink: floats alone are at it",
        ),
        "index?": INDEX,
        "count?": NODE_NUMBER,
    }
)
NEAREST = told(
    record(
        {
            "along": told(TEXT, "a name, -gradient or +gradient"),
            "label": TEXT_OR_NULL,
            "by": TEXT_OR_NULL,
            "when": TEXT_OR_NULL,
            "step": REAL_OR_NULL,
            "at": REAL_OR_NULL,
            "within": REAL,
        }
    ),
    "the nearest kink that is found along a line; null where none is within that, and "
    "within 0 where none is looked for",
)
SIDE = record(
    {
        "kind": words("value", "infinite", "outside", "unknown"),
        "limit": TRUE_OR_NULL,
        "slope": TRUE_OR_NULL,
    }
)
WHOLE = record(
    {
        "kind": words(
            *("derivative", "vertical", "kink", "gap", "jump", "pole", "edge", "nowhere"), "unknown"
        ),
        "value": TRUE_OR_NULL,
        "slope": TRUE_OR_NULL,
        "left": SIDE,
        "right": SIDE,
        "reason": TEXT,
    }
)
CAUSE = record(
    {
        "pass": words("forward", "backward"),
        "node": NODE_OR_NULL,
        "input": NODE_OR_NULL,
        "reason": TEXT,
        "index?": INDEX,
        "poisoned?": told(
            record({"values": NODE_NUMBER, "adjoints": NODE_NUMBER}),
            "how many other nodes are not finite because of it",
        ),
    }
)
COUNT = told(or_null(NUMBER), "decimal digits that are right; 17 for all")
DIGITS_RIGHT = record({"value": COUNT, "gradient": by_name(COUNT)})
REWRITE = record(
    {
        "program": told(TEXT, "the mended program; the same if none helps"),
        "mends": listed(
            record(
                {
                    "pattern": TEXT,
                    "before": TEXT,
                    "after": TEXT,
                    "condition": told(TEXT, 'where both are equal, or ""'),
                }
            )
        ),
        "digits_before": DIGITS_RIGHT,
        "digits_after": DIGITS_RIGHT,
        "extends": told(BOOLEAN, "it has a value where the program has none"),
        "why": told(TEXT, "why nothing was looked for, if so"),
    }
)
CALL = record({"node": NODE_NUMBER, "function": TEXT, "inputs": INDEX})
RULE = record(
    {
        "function": TEXT,
        "by": TEXT,
        "verdict": words("proved", "holds", "differs", "unknown"),
        "reason": TEXT,
        "at": by_name(TEXT),
        "rule": TEXT,
        "body": TEXT,
    }
)
CHECK = {
    "type": "object",
    "properties": {
        "verdict": VERDICTS,
        "kink_typed": told(
            TEXT_OR_NULL, "what has a kink at the numbers as typed that their doubles miss"
        ),
        "rules": listed(RULE),
    },
    "required": ["verdict", "reason", "rules"],
}
COST = record(
    {
        "function": NODE_NUMBER,
        "reverse": NODE_NUMBER,
        "forward": NODE_OR_NULL,
        "tree?": REAL,
        "sweeps?": NODE_NUMBER,
        "nodes?": told(
            listed(
                record({"text": TEXT, "shape": INDEX, "value": NODE_NUMBER, "back": NODE_NUMBER})
            ),
            "of arrays: the operations of each node's value and of its rule",
        ),
    }
)
FLOW = told(
    record(
        {
            "log2": told(
                listed(REAL_OR_NULL),
                "for each node that of its adjoint's norm; null: nothing arrives",
            ),
            "variables": listed(
                record(
                    {
                        "name": TEXT,
                        "node": NODE_OR_NULL,
                        "paths": told(REAL, "how many; exact below 2^53"),
                        "largest": listed(
                            record(
                                {
                                    "share": REAL,
                                    "log2": REAL,
                                    "contribution": REAL_OR_NULL,
                                    "nodes": INDEX,
                                }
                            )
                        ),
                    }
                )
            ),
            "chains": listed(
                record(
                    {
                        "kind": words("vanishing", "exploding"),
                        "names": TEXTS,
                        "count": NODE_NUMBER,
                        "over_all": BOOLEAN,
                        "nodes": INDEX,
                        "log2": listed(REAL),
                    }
                )
            ),
            "cancelled": listed(
                record({"node": NODE_NUMBER, "terms": or_null(listed(REAL)), "left": REAL_OR_NULL})
            ),
            "units": listed(
                record(
                    {
                        "kind": words("dead", "saturated"),
                        "operation": TEXT,
                        "nodes": INDEX,
                        "part": NODE_NUMBER,
                        "total": NODE_NUMBER,
                        "columns?": NODE_NUMBER,
                        "width?": NODE_NUMBER,
                    }
                )
            ),
            "cuts": listed(
                record(
                    {
                        "kind": words("stopped", "flat", "not taken", "zero"),
                        "node": NODE_NUMBER,
                        "input": NODE_NUMBER,
                        "names": or_null(TEXTS),
                        "part?": NODE_NUMBER,
                        "total?": NODE_NUMBER,
                        "proof?": words("proved", "rounded", "chosen", "open"),
                        "slope?": TEXT,
                    }
                )
            ),
            "data": told(TEXTS, "variables that --wrt leaves out"),
        }
    ),
    "with --view flow: how the gradient reaches each name",
)
PATTERN = told(listed(INDEX), "for each row the columns that can differ from 0")
LIST = listed(LONG)
MATRIX = listed(LIST)
SIDES = record({"left": TRUE_OR_NULL, "right": TRUE_OR_NULL})
TOLD = one_of(REAL, TINY, NULL, SIDES)
OF_WHOLE = listed(TOLD)

WHOLE_MATRIX = of_whole(listed(OF_WHOLE))
WHOLE_SERIES = record(
    {
        "taylor": OF_WHOLE,
        "ends": told(
            record({"left": TEXT, "right": TEXT}),
            "what follows the last coefficient of a side that ends early",
        ),
        "continued": told(BOOLEAN, "the value at the point is none, or is not the limit"),
    }
)
SWEEPS = record({"forward": NODE_NUMBER, "reverse": NODE_NUMBER})


def document(name: str, facts: Mapping[str, object], command: str = "", title: str = "") -> Schema:
    """Return the schema of a document: what all begin with, and the ``facts`` of this one.

    It says that it is of ``command``, where that is not its name.
    """
    identifier = SCHEMA.format(command or name)
    return {
        "$schema": DIALECT,
        "$id": f"urn:{identifier.replace('/', ':')}",
        "title": title or f"What backprop {name} --json prints",
        **record({"schema": {"const": identifier}, "version": TEXT, **facts}),
        **({"$defs": DEFINITIONS} if "bindings" in facts else {}),
    }


def result(name: str, facts: Mapping[str, object]) -> Schema:
    """Return the schema of the document of a command on numbers, with its own ``facts``."""
    nodes = listed(node_of("tangent" if name == "jvp" else "adjoint"))
    all_facts = {
        "expression": TEXT,
        "bindings": REALS_BY_NAME,
        **facts,
        "precision?": PRECISION,
        "loss_scale?": SCALING,
        "digits?": DIGITS,
        "kinks": listed(KINK),
        "causes": listed(CAUSE),
        "whole": told(
            by_name(WHOLE),
            "what the whole expression has by each name, at a kink or a gap; of several outputs "
            'by "OUTPUT: NAME"',
        ),
        "warnings": TEXTS,
        "check?": CHECK,
        "calls?": listed(CALL),
        "nodes": told(nodes, "with several outputs, adjoints are of their sum"),
    }
    return document(name, all_facts, title="A report of backprop --json" * (name == "report"))


SIZES = by_name(INDEX)
HEAD: Schema = {
    "outputs": TEXTS,
    "values": LIST,
    "variables": TEXTS,
    "shapes?": told(
        record({"outputs": SIZES, "variables": SIZES}), "of arrays, whose elements are listed"
    ),
    "dtype?": DTYPE_OF_ARRAYS,
}
BLOCKS = told(
    by_name(by_name(RESULT)),
    "by output and variable: the axes of the output first, then the variable's",
)
RESULTS: dict[str, Schema] = {
    "report": {
        "output": TEXT,
        "value": RESULT,
        "wrt": TEXTS,
        "gradient": by_name(RESULT),
        "shapes?": SIZES,
        "dtype?": DTYPE_OF_ARRAYS,
        "cost?": COST,
        "rewrite?": REWRITE,
        "flow?": FLOW,
        "nearest_kinks?": listed(NEAREST),
    },
    "jacobian": {
        **HEAD,
        "jacobian": MATRIX,
        "blocks?": BLOCKS,
        "mode": words("forward", "reverse"),
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
        "eigenvectors?": several(MATRIX),
        "definiteness": several(TEXT),
        "point": several(TEXT),
    },
    "taylor": {
        **HEAD,
        "in": TEXT,
        "order": NODE_NUMBER,
        "taylor": MATRIX,
        "whole_taylor": of_whole(listed(WHOLE_SERIES)),
    },
}
POINT = told(OBJECT, "by name: a coordinate as it is typed, or lists of them")
FORMS = {"claims": "of claims", "methods": "without claims", "against": "with --against"}
"""What check prints: a document for each of its forms."""
SEEN = or_null(
    record(
        {
            "kind": words("point", "counterexample", "random", "kink", "edge"),
            "point": POINT,
            "element": TEXT_OR_NULL,
            "claimed": TEXT,
            "true": TEXT,
        }
    )
)
CLAIM = record(
    {
        "derivative": TEXT,
        "claim": TEXT,
        "verdict": VERDICTS,
        "status": words("proved", "holds", "wrong", "open"),
        "reason": TEXT,
        "points": NODE_NUMBER,
        "at": SEEN,
        "counterexample": SEEN,
        "exceptions": listed(SEEN),
        "diagnosis": listed(
            {
                "type": "object",
                "properties": {"kind": TEXT, "text": TEXT},
                "required": ["kind", "text"],
            }
        ),
        "true": TEXT_OR_NULL,
        "where": TEXTS,
        "notes": TEXTS,
    }
)
METHOD = record(
    {
        "kind": words("agrees", "differs", "unknown", "none"),
        "digits": told(
            or_null({"type": "integer", "minimum": 0, "maximum": 40}),
            "in which it agrees with reverse mode in many digits",
        ),
        "value": TEXT_OR_NULL,
        "reason": TEXT,
    }
)
DERIVATIVE = record(
    {
        "name": TEXT,
        "element": TEXT_OR_NULL,
        "elements": {"type": "integer", "minimum": 1},
        "along_a_direction": BOOLEAN,
        "verdict": VERDICTS,
        "reason": TEXT,
        "reverse": REAL,
        "right_digits": or_null(NUMBER),
        "exact": TEXT_OR_NULL,
        "methods": by_name(METHOD),
        "taylor_order": told(REAL_OR_NULL, "infinite where nothing remains"),
    }
)
GRADIENT_THERE = record(
    {
        "file": TEXT,
        "name": TEXT,
        "by": TEXT,
        "verdict": VERDICTS,
        "status": words("holds", "wrong", "open"),
        "reason": TEXT,
        "dtype": words("float16", "float32", "float64"),
        "elements": NODE_NUMBER,
        "element": TEXT_OR_NULL,
        "claimed": REAL,
        "true": REAL,
        "rounding": told(REAL, "the difference that rounding explains"),
        "times_rounding": REAL,
        "diagnosis": listed({"type": "object", "required": ["kind", "text"]}),
        "notes": TEXTS,
    }
)


def check(form: str, facts: Mapping[str, object], command: str = "") -> Schema:
    """Return the schema of what check prints in one of its forms."""
    return document(form, facts, command, f"What backprop check --json prints {FORMS[form]}")


AT_POINT = {"expression": TEXT, "bindings": REALS_BY_NAME, "verdict": VERDICTS}
SIDE_BY_SIDE = record(
    {
        "of": TEXT,
        "status": words("same", "differs", "kink", "edge", "open"),
        "norms?": LIST,
        "norm_of_difference?": REAL,
        "element?": TEXT,
        "first?": REAL,
        "second?": REAL,
    }
)
DIFFERENCE = record(
    {
        "kind": words("counterexample", "point", "random", "kink", "edge"),
        "of": TEXT,
        "point": POINT,
        "first": TEXT,
        "second": TEXT,
    }
)
SCHEMAS = {name: result(name, facts) for name, facts in RESULTS.items()} | {
    "methods": check(
        "methods",
        {
            **AT_POINT,
            "value": VALUE,
            "reason": TEXT,
            "derivatives": listed(DERIVATIVE),
            "notes": TEXTS,
            "warnings": TEXTS,
        },
    ),
    "against": check(
        "against",
        {
            **AT_POINT,
            "rtol": or_null(NUMBER),
            "gradients": listed(GRADIENT_THERE),
            "rules": TEXTS,
            "warnings": TEXTS,
        },
    ),
    "claims": check(
        "claims",
        {
            "expression": TEXT,
            "verdict": VERDICTS,
            "claims": listed(CLAIM),
            "rules": TEXTS,
            "assumptions": TEXTS,
            "sizes": LETTERS,
            "gradients?": listed(GRADIENT_THERE),
            "warnings": TEXTS,
        },
        "check",
    ),
    "formula": document(
        "formula",
        {
            "expression": TEXT,
            "outputs": TEXTS,
            "variables": TEXTS,
            "formula": listed(TEXTS),
            "program": TEXT,
            "conditions": listed(listed(TEXTS)),
            "simplified": BOOLEAN,
            "warnings": TEXTS,
            "latex?": TEXT,
            "chain?": TEXTS,
            "cost?": COST,
            "shapes?": OBJECT,
        },
    ),
    "compare": document(
        "compare",
        {
            "expressions": TEXTS,
            "outputs": TEXTS,
            "bindings": REALS_BY_NAME,
            "wrt": TEXTS,
            "only": told(listed(TEXTS), "the variables that one of the two alone has"),
            "values": listed(VALUE),
            "gradients": listed(REALS_BY_NAME),
            "at_point": listed(SIDE_BY_SIDE),
            "verdict": VERDICTS,
            "kind": words(
                *("identical", "constant", "gradients", "opposite", "proportional"),
                *("different", "unknown"),
            ),
            "reason": TEXT,
            "value": words("same", "constant", "scaled", "differs", "open"),
            "gradient": by_name(words("same", "differs", "open")),
            "term": told(TEXT_OR_NULL, "the constant between the values, or the gradients' factor"),
            "term_is_number": BOOLEAN,
            "sign": told(words(-1, 0, 1), "the factor's; 0 if it has both"),
            "proved": BOOLEAN,
            "points": NODE_NUMBER,
            "in_floats": BOOLEAN,
            "counterexamples": listed(DIFFERENCE),
            "exceptions": listed(DIFFERENCE),
            "assumptions": TEXTS,
            "sizes": LETTERS,
            "follows": TEXTS,
            "warnings": TEXTS,
        },
    ),
}
"""The documents of all commands, and those of check in each of its forms, by their names."""
SCHEMAS["check"] = {
    "$schema": DIALECT,
    "$id": "urn:backprop:check",
    "title": "What backprop check --json prints: of claims, without claims, with --against",
    "anyOf": [SCHEMAS[form] for form in FORMS],
}
