"""The JSON Schemas (2020-12) of all documents, made of the table of their fields."""

from __future__ import annotations

from backpropcli.arithmetics.rounded import FORMATS
from backpropcli.graph.arrays import TABLE_OF_ARRAYS
from backpropcli.graph.cells import PEERS
from backpropcli.render.documents.fields import TABLE
from backpropcli.render.json import SCHEMA
from backpropcli.report.truth.bits import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Schema = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEXT: Schema = {"type": "string"}
DECIMAL = {"pattern": r"^-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?$"}


def entries() -> dict[str, list[str]]:
    """Return the lines of the table by the names that they are of: the head, and the fields."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in TABLE.replace("\n        ", " ").split("\n"):
        if line.startswith(" "):
            found[name].append(line.strip())
        elif line:
            name = line.partition(" ")[0].removesuffix(":")
            found[name] = [line]
    return found


def fields(name: str) -> dict[str, Schema]:
    """Return the schemas of a record's fields."""
    found: dict[str, Schema] = {}
    for line in ENTRIES[name][1:]:
        names, _, about = line.partition(": ")
        found |= dict.fromkeys(names.split(", "), described(about)) if about else fields(names[1:])
    return found


def of_type(text: str) -> Schema:
    """Return the schema of a type as the table writes it: types nest a few deep."""
    if text.endswith("?"):
        return {"anyOf": [of_type(text[:-1]), {"type": "null"}]}
    if " or " in text:
        return {"anyOf": [of_type(part) for part in text.split(" or ")]}
    if text.startswith('"'):
        return {"enum": text.strip('"').split('", "')}
    if text.startswith("["):
        items = text[1:-1].split(", ")
        bounds = {"minItems": len(items), "maxItems": len(items)} if len(items) > 1 else {}
        return {"type": "array", "items": of_type(items[0]), **bounds}
    if text.startswith("{"):
        return {"type": "object", "additionalProperties": of_type(text[1:-1])}
    return TYPES[text] if text in TYPES else of_entry(text)


def of_entry(name: str) -> Schema:
    """Return the schema of a record of the table, or of another type that it names."""
    head, *lines = ENTRIES[name]
    if not lines:
        return described(head.partition(": ")[2])
    return told(record(fields(name)), head.partition(" -- ")[2])


def record(facts: Mapping[str, Schema]) -> Schema:
    """Return the schema of an object with just these fields; "name?" may be left out."""
    return {
        "type": "object",
        "properties": {name.removesuffix("?"): schema for name, schema in facts.items()},
        "required": [name for name in facts if not name.endswith("?")],
        "additionalProperties": False,
    }


def described(text: str) -> Schema:
    """Return the schema of a type, with what is said behind it."""
    kind, _, description = text.partition(" -- ")
    return told(of_type(kind), description)


def told(schema: Schema, description: str) -> Schema:
    """Return a schema with what it is for, if that is said."""
    return {**schema, "description": description} if description else schema


ENTRIES = entries()
TYPES: dict[str, Schema] = {
    **{name: {"type": name} for name in ("null", "object", "number", "integer", "boolean")},
    "text": TEXT,
    "yes": {"const": True},
    "no": {"const": False},
    "sign": {"enum": [-1, 0, 1]},
    "node": {"type": "integer", "minimum": 0},
    "positive": {"type": "integer", "minimum": 1},
    "agreeing": {"type": "integer", "minimum": 0, "maximum": 40},
    "decimal": {"type": "string", **DECIMAL},
    "decimal_or_null": {"type": ["string", "null"], **DECIMAL},
    "elements": {"$ref": "#/$defs/elements"},
    "dtype": {"enum": ["float64", *FORMATS]},
    "operation": {"enum": ["number", "constant", "variable", "diff", *TABLE_OF_ARRAYS]},
    "loss": {"enum": [*KINDS]},
    "diagnosed": {"type": "object", "required": ["kind", "text"]},
    "diagnosis": {
        "type": "object",
        "properties": {"kind": TEXT, "text": TEXT},
        "required": ["kind", "text"],
    },
}
"""What the table names without a line of its own."""
TYPES["answers"] = record(dict.fromkeys(PEERS, of_type("real?")))
CHECK: Schema = {
    "type": "object",
    "properties": fields("check"),
    "required": ["verdict", "reason", "rules"],
}
ELEMENTS = described("[result] -- an array: lists as deep as its shape is long")


def document(name: str, facts: Mapping[str, Schema], title: str) -> Schema:
    """Return the schema of a document: what all begin with, and the fields of this one."""
    identifier = SCHEMA.format("check" if name == "claims" else name)
    return {
        "$schema": DIALECT,
        "$id": f"urn:{identifier.replace('/', ':')}",
        "title": title,
        **record({"schema": {"const": identifier}, "version": TEXT, **facts}),
        **({"$defs": {"elements": ELEMENTS}} if "bindings" in facts else {}),
    }


def result(name: str) -> Schema:
    """Return the schema of the document of a command on numbers."""
    node = fields("shown")
    if name == "jvp":
        node = {"tangent" if key == "adjoint" else key: one for key, one in node.items()}
    nodes: Schema = {"type": "array", "items": record(node)}
    facts = {
        **fields("before"),
        **fields(name),
        **fields("behind"),
        "check?": CHECK,
        "calls?": of_type("[call]"),
        "nodes": told(nodes, "with several outputs, adjoints are of their sum"),
    }
    return document(name, facts, PRINTS.format(name) if name != "report" else REPORT)


PRINTS, REPORT = "What backprop {} --json prints", "A report of backprop --json"
COMMANDS = ("report", "jacobian", "jvp", "vjp", "hvp", "hessian", "taylor")
FORMS = {"methods": " without claims", "against": " with --against", "claims": " of claims"}
"""What check prints: a document for each of its forms."""
SCHEMAS: dict[str, Schema] = {
    **{name: result(name) for name in COMMANDS},
    **{
        form: document(form, fields(form), PRINTS.format("check") + what)
        for form, what in FORMS.items()
    },
    **{name: document(name, fields(name), PRINTS.format(name)) for name in ("formula", "compare")},
}
"""The documents of all commands, and those of check in each of its forms, by their names."""
SCHEMAS["check"] = {
    "$schema": DIALECT,
    "$id": "urn:backprop:check",
    "title": "What backprop check --json prints: of claims, without claims, with --against",
    "anyOf": [SCHEMAS[form] for form in ("claims", "methods", "against")],
}
