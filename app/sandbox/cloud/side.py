"""The Cloud API as the observing layer sees it."""

import re

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from app.sandbox.cloud.errors import error_answer, json_response, throttled_answer
from app.sandbox.control.faults import Fault

SERVICE_PATH = re.compile(r"/services/([^/]+)")


class CloudSide:
    """Names requests by method and path, and answers faults in the shapes Cloud documents."""

    name = "cloud"

    def describe(self, request: Request) -> str:
        """Write `METHOD path`."""
        return f"{request.method} {request.path}"

    def find_service_id(self, request: Request) -> str | None:
        """Return the service id in the path, known or not."""
        found = SERVICE_PATH.search(request.path)
        return found.group(1) if found else None

    def fault_answer(self, fault: Fault) -> Response:
        """Write a documented error, or an answer of an unexpected shape."""
        if fault.kind == "wrong_shape":
            return json_response({"status": 200, "result": ["unexpected", {"shape": True}]}, 200)
        if fault.status == 429:
            return throttled_answer(fault.seconds)
        return error_answer(fault.status, "Ordered as a fault")

    def refuse(self, error: HTTPException) -> Response:
        """Answer a request that cannot be read."""
        return error_answer(error.code or 400, error.name)
