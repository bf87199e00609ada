"""Sending an answer's type as JSON."""

from collections.abc import Mapping

from flask import Response
from pydantic import BaseModel


def answer(
    body: BaseModel,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    leaves_out_none: bool = False,
) -> Response:
    """The response; `leaves_out_none` for shapes in which what is not known is absent."""
    text = body.model_dump_json(exclude_none=leaves_out_none)
    return Response(text, status, dict(headers or {}), mimetype="application/json")
