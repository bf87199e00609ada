"""Answers of the JSON API held against its own document."""

import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import requests
from jsonschema import (  # type: ignore[import-untyped] # the library has no types
    Draft202012Validator,
    FormatChecker,
)

from app.api.docs.openapi import build_document

Part = dict[str, Any]


@cache
def document() -> Part:
    """The API's OpenAPI document."""
    return build_document()


def check_answer(response: requests.Response) -> requests.Response:
    """The same answer, if the document describes it: status, headers, kind and shape.

    An address that the document does not have, or not for that method, must be a problem.
    """
    method = str(response.request.method)
    found = find_operation(method, urlsplit(response.url).path)
    if found is None:
        assert response.status_code in {400, 403, 404, 405}, response.status_code
        _check_body(response, {"application/problem+json": {"schema": PROBLEM}})
        return response
    described = found["responses"].get(str(response.status_code))
    assert described, f"{method} {response.url}: {response.status_code} is not described"
    _check_headers(response, described.get("headers", {}))
    _check_body(response, described["content"])
    return response


def find_operation(method: str, path: str) -> Part | None:
    """The operation that the document has for a request."""
    for template, item in document()["paths"].items():
        pattern = re.sub(r"\\?\{[^}]*\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path):
            found: Part | None = item.get(method.lower())
            return found
    return None


PROBLEM = {"$ref": "#/components/schemas/ProblemAnswer"}


def _check_headers(response: requests.Response, described: Part) -> None:
    for name, reference in described.items():
        header = document()["components"]["headers"][reference["$ref"].rpartition("/")[2]]
        value = response.headers.get(name)
        if value is None:
            assert not header["required"], f"{name} is missing"
            continue
        is_number = header["schema"]["type"] == "integer"
        validate(int(value) if is_number else value, header["schema"])


def _check_body(response: requests.Response, described: Part) -> None:
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    assert kind in described, f"{kind} is not described: {response.text[:200]}"
    validate(response.json(), described[kind]["schema"])


def validate(value: object, schema: Part) -> None:
    """Hold a value to a schema of the document. Raises AssertionError with every fault."""
    whole = {**schema, "components": document()["components"]}
    validator = Draft202012Validator(whole, format_checker=FormatChecker())
    faults = [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(value)]
    assert not faults, faults
