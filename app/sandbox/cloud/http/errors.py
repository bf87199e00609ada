"""The answers of the Cloud API that every endpoint shares, good and bad."""

import uuid
from http import HTTPStatus

from flask import json
from werkzeug.wrappers import Response

JSON_TYPE = "application/json; charset=utf-8"
NO_RESULT = object()


class ApiError(Exception):
    """A refusal: `status` and the text that follows the status' name in `error`."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


def bad_field(field: str, text: str, value: object) -> ApiError:
    """Name a field of the request body and the value it had, as Cloud's messages do."""
    return ApiError(400, f"request body.{field}: {text} {describe(value)}")


def describe(value: object) -> str:
    """Write a JSON value with its type, at most 100 characters: `<number:0>`, `<array:...>`."""
    kinds = {bool: "boolean", int: "number", float: "number", str: "string", list: "array"}
    kind = "null" if value is None else kinds.get(type(value), "object")
    text = "..." if isinstance(value, list | dict) else json.dumps(value)
    text = value if isinstance(value, str) else text
    return f"<{kind}:{text[:100]}>"


def answer(result: object = NO_RESULT, next_cursor: str | None = None) -> Response:
    """Wrap the result of a call that went well, null included; a cursor leads to the next page."""
    body: dict[str, object] = {"status": 200, "requestId": str(uuid.uuid4())}
    if result is not NO_RESULT:
        body["result"] = result
    if next_cursor is not None:
        body["nextCursor"] = next_cursor
    return json_response(body, 200)


def error_answer(status: int, text: str) -> Response:
    """Answer in the shape Cloud documents. Seen in reality: 502 comes as plain text instead."""
    if status == 502:
        return Response("Bad Gateway\n", status, mimetype="text/plain")
    body = {"status": status, "error": f"{_name(status)}: {text}", "requestId": str(uuid.uuid4())}
    return json_response(body, status)


def throttled_answer() -> Response:
    """Answer 429, which has neither `status` nor `requestId`; its headers say when to return."""
    return json_response({"error": "TOO_MANY_REQUESTS"}, 429)


def json_response(body: object, status: int) -> Response:
    """Answer any JSON value."""
    return Response(json.dumps(body), status, content_type=JSON_TYPE)


def _name(status: int) -> str:
    try:
        return HTTPStatus(status).name
    except ValueError:
        return "ERROR"
