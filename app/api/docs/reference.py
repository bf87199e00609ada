"""The OpenAPI document as what a page to read shows: operations and shapes, with their rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

Part = dict[str, Any]

PROBLEM = "ProblemAnswer"
"""The shape of every error."""


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
    """One operation. `errors`: the statuses that mean the same in every operation."""

    key: str
    method: str
    path: str
    summary: str
    paragraphs: tuple[str, ...]
    parameters: tuple[Row, ...]
    body: str | None
    answers: tuple[AnswerRow, ...]
    errors: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """One type of body or answer."""

    name: str
    words: str
    values: tuple[str, ...]
    fields: tuple[Row, ...]


@dataclass(frozen=True)
class Reference:
    """Everything on the page; `errors` once for all operations."""

    version: str
    paragraphs: tuple[str, ...]
    operations: tuple[OperationEntry, ...]
    errors: tuple[AnswerRow, ...]
    shapes: tuple[Shape, ...]


def build_reference(document: Part) -> Reference:
    """What the page shows of the document."""
    schemas = document["components"]["schemas"]
    parts = [part for item in document["paths"].values() for part in item.values()]
    errors = _common_errors(parts)
    return Reference(
        version=document["info"]["version"],
        paragraphs=_paragraphs(document["info"]["description"].replace("**", "")),
        operations=tuple(
            _operation(method, path, operation, errors)
            for path, item in document["paths"].items()
            for method, operation in item.items()
        ),
        errors=errors,
        shapes=tuple(_shape(name, schemas[name]) for name in sorted(schemas)),
    )


def _common_errors(operations: Iterable[Part]) -> tuple[AnswerRow, ...]:
    """Every status that is a problem, and means the same, wherever it is answered."""
    rows = {row for operation in operations for row in _answers(operation)}
    by_status = sorted(rows, key=lambda row: row.status)
    groups = (tuple(same) for _, same in groupby(by_status, key=lambda row: row.status))
    return tuple(same[0] for same in groups if len(same) == 1 and same[0].shapes == (PROBLEM,))


def _operation(
    method: str, path: str, operation: Part, errors: tuple[AnswerRow, ...]
) -> OperationEntry:
    answers = _answers(operation)
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
        answers=tuple(row for row in answers if row not in errors),
        errors=tuple(row.status for row in errors if row in answers),
    )


def _answers(operation: Part) -> tuple[AnswerRow, ...]:
    return tuple(_answer(*item) for item in operation["responses"].items())


def _answer(status: str, response: Part) -> AnswerRow:
    shapes = [name for item in response["content"].values() for name in _names(item["schema"])]
    return AnswerRow(status, _words(response), tuple(shapes))


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
