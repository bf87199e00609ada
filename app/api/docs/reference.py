"""The OpenAPI document as what a page to read shows: operations and shapes, with their rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Part = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One parameter or one field of a shape."""

    name: str
    kind: str
    is_needed: bool
    words: str


@dataclass(frozen=True)
class AnswerRow:
    """One status that an operation may answer with."""

    status: str
    words: str
    shapes: tuple[str, ...]


@dataclass(frozen=True)
class OperationEntry:
    """One operation."""

    key: str
    method: str
    path: str
    summary: str
    paragraphs: tuple[str, ...]
    parameters: tuple[Row, ...]
    body: str | None
    answers: tuple[AnswerRow, ...]


@dataclass(frozen=True)
class Shape:
    """One type of body or answer."""

    name: str
    words: str
    values: tuple[str, ...]
    fields: tuple[Row, ...]


@dataclass(frozen=True)
class Reference:
    """Everything on the page."""

    version: str
    paragraphs: tuple[str, ...]
    operations: tuple[OperationEntry, ...]
    shapes: tuple[Shape, ...]


def build_reference(document: Part) -> Reference:
    """What the page shows of the document."""
    schemas = document["components"]["schemas"]
    return Reference(
        version=document["info"]["version"],
        paragraphs=_paragraphs(document["info"]["description"].replace("**", "")),
        operations=tuple(
            _operation(method, path, operation)
            for path, item in document["paths"].items()
            for method, operation in item.items()
        ),
        shapes=tuple(_shape(name, schemas[name]) for name in sorted(schemas)),
    )


def _operation(method: str, path: str, operation: Part) -> OperationEntry:
    content = operation.get("requestBody", {}).get("content", {})
    bodies = [name for item in content.values() for name in _names(item["schema"])]
    return OperationEntry(
        key=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        paragraphs=_paragraphs(operation["description"]),
        parameters=tuple(_parameter(item) for item in operation["parameters"]),
        body=bodies[0] if bodies else None,
        answers=tuple(_answer(*item) for item in operation["responses"].items()),
    )


def _answer(status: str, response: Part) -> AnswerRow:
    shapes = [name for item in response["content"].values() for name in _names(item["schema"])]
    return AnswerRow(status, response["description"], tuple(shapes))


def _parameter(item: Part) -> Row:
    kind = f"{item['in']}, {_kind(item['schema'])}"
    return Row(item["name"], kind, item["required"], item["description"])


def _shape(name: str, schema: Part) -> Shape:
    needed = schema.get("required", [])
    rows = (
        Row(field, _kind(part), field in needed, _words(part))
        for field, part in schema.get("properties", {}).items()
    )
    return Shape(name, _words(schema), tuple(schema.get("enum", ())), tuple(rows))


def _kind(schema: Part) -> str:
    """“whole number from 8 to 356” and the like."""
    if options := schema.get("anyOf"):
        return " or ".join(_kind(option) for option in options)
    if "$ref" in schema:
        return _last(schema["$ref"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    words = KINDS.get(schema.get("type", ""), "anything")
    return " ".join([words, *_bounds(schema)])


KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "null": "null",
    "object": "object",
}


def _bounds(schema: Part) -> Iterator[str]:
    if "const" in schema:
        yield f"“{schema['const']}”"
    if "enum" in schema:
        yield f"({', '.join(map(str, schema['enum']))})"
    if "format" in schema:
        yield f"({schema['format']})"
    if "minimum" in schema:
        yield f"from {schema['minimum']}"
    if "maximum" in schema:
        yield f"to {schema['maximum']}"
    if "multipleOf" in schema:
        yield f"in steps of {schema['multipleOf']}"


def _names(schema: Part) -> list[str]:
    options = schema.get("anyOf", [schema])
    return [_last(option["$ref"]) for option in options if "$ref" in option]


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]


def _words(schema: Part) -> str:
    return " ".join(schema.get("description", "").replace("`", "").split())


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.replace("`", "").split()) for part in text.split("\n\n"))
