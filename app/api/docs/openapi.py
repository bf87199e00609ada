"""The OpenAPI 3.1 document of the JSON API, made of the table of operations and their types."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from app import VERSION
from app.api.boosts.models import BoostAnswer
from app.api.changes.models import ChangeAnswer
from app.api.docs.openapi_parts import (
    DESCRIPTION,
    HEADERS,
    MEANINGS,
    OLD_HEADERS,
    SCHEMES,
    SERVER_ANSWERS,
    STATUS_HEADERS,
    TAGS,
)
from app.api.models import ProblemAnswer
from app.api.operation import Model, Operation, Parameter
from app.api.operations import OPERATIONS

Part = dict[str, Any]
Refs = dict[Model, Part]
"""Each type -> the reference to its schema."""


SCHEMAS = "#/components/schemas/"


class SchemasByName(GenerateJsonSchema):
    """Leaves out titles that only repeat the names of fields."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - pydantic asks so
        """Never."""
        return False


def build_document() -> Part:
    """The whole document. Equal at every call."""
    refs, schemas = _build_schemas()
    return {
        "openapi": "3.1.0",
        "info": {"title": "Compute group portal", "version": VERSION, "description": DESCRIPTION},
        "servers": [{"url": "/", "description": "This portal"}],
        "tags": [{"name": name, "description": words} for name, words in TAGS.items()],
        "paths": _build_paths(refs),
        "components": {
            "schemas": schemas,
            "headers": HEADERS,
            "securitySchemes": SCHEMES,
        },
    }


def _build_schemas() -> tuple[Refs, Part]:
    taken = {item.request for item in OPERATIONS if item.request}
    given = {model for item in OPERATIONS for models in item.answers.values() for model in models}
    inputs: list[tuple[Model, JsonSchemaMode]] = [
        (model, "validation") for model in sorted(taken, key=_name)
    ]
    outputs: list[tuple[Model, JsonSchemaMode]] = [
        (model, "serialization") for model in sorted(given, key=_name)
    ]
    by_model, definitions = models_json_schema(
        [*inputs, *outputs], ref_template=f"{SCHEMAS}{{model}}", schema_generator=SchemasByName
    )
    refs = {model: by_model[model, mode] for model, mode in (*inputs, *outputs)}
    return refs, definitions["$defs"]


def _name(model: Model) -> str:
    return model.__name__


def _build_paths(refs: Refs) -> Part:
    paths: Part = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _build(operation, refs)
    return paths


def _build(operation: Operation, refs: Refs) -> Part:
    # Where the old ways work too, the header may be absent.
    security: list[Part] = [{name: []} for name in SCHEMES]
    built = {
        "operationId": id_of(operation.endpoint),
        "tags": [operation.endpoint.partition(".")[0]],
        "summary": operation.summary,
        "description": f"{operation.description}\n\nPermission: {operation.permission}.".strip(),
        "security": [*security, {}] if operation.takes_legacy_credentials else security,
        "parameters": [_build_parameter(item) for item in operation.parameters],
        "responses": {
            str(status): _build_response(operation, status, refs)
            for status in sorted(operation.answers)
        }
        | SERVER_ANSWERS,
    }
    if operation.request:
        content = {"application/json": {"schema": refs[operation.request]}}
        built["requestBody"] = {"required": True, "content": content}
    return built


def id_of(endpoint: str) -> str:
    """The operation's id: Flask's name of the route, as a plain word."""
    return endpoint.replace(".", "_")


def _build_parameter(parameter: Parameter) -> Part:
    return {
        "name": parameter.name,
        "in": parameter.where,
        "description": parameter.meaning,
        "required": parameter.is_required,
        "schema": dict(parameter.schema),
    }


def _build_response(operation: Operation, status: int, refs: Refs) -> Part:
    models = operation.answers[status]
    shapes = [refs[model] for model in models]
    schema = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    kind = "application/problem+json" if models == (ProblemAnswer,) else "application/json"
    response = {
        "description": MEANINGS.get(status, HTTPStatus(status).phrase),
        "content": {kind: {"schema": schema}},
    }
    if headers := dict.fromkeys(_list_headers(operation, status)):
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    if links := {name: link for model, name, link in LINKS if model in models}:
        response["links"] = links
    return response


CHANGE_LINK = {
    "operationId": id_of("api.show_change"),
    "parameters": {"reference": "$response.body#/reference"},
    "description": "Show the change again",
}
BOOST_LINK = {
    "operationId": id_of("api.show_boost"),
    "parameters": {
        "service_id": "$request.path.service_id",
        "reference": "$response.body#/reference",
    },
    "description": "Show the boost again",
}
LINKS: tuple[tuple[Model, str, Part], ...] = (
    (ChangeAnswer, "change", CHANGE_LINK),
    (BoostAnswer, "boost", BOOST_LINK),
)


def _list_headers(operation: Operation, status: int) -> Iterator[str]:
    yield from operation.headers.get(status, ())
    yield from STATUS_HEADERS.get(status, ())
    if operation.takes_legacy_credentials:
        yield from OLD_HEADERS
