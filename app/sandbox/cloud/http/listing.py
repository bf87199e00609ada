"""How lists are answered: whole, as documented, or in pages when a test asks for that."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http.errors import answer
from app.sandbox.cloud.http.pages import cut_page


def list_answer(cloud: Cloud, items: list[Any]) -> Response:
    """Answer with a whole list, or with one page of it. Raises ApiError 400 for a wrong cursor."""
    size = cloud.oddities.page_size
    if size is None:
        return answer(items)
    return answer(*cut_page(items, request.args, size))
