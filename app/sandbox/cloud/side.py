"""The Cloud API as the observing layer sees it."""

import re
from dataclasses import replace

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from app.sandbox.cloud.http.errors import error_answer, json_response, throttled_answer
from app.sandbox.cloud.http.limiter import RateLimiter
from app.sandbox.control.faults import Fault

SERVICE_PATH = re.compile(r"/services/([^/]+)")


class CloudSide:
    """Names requests by method and path, and answers faults in the shapes Cloud documents."""

    name = "cloud"

    def __init__(self, limiter: RateLimiter) -> None:
        self._limiter = limiter

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
            body = {"status": 200, "result": ["unexpected", {"shape": True}]}
            return self._stated(json_response(body, 200))
        if fault.status == 429:
            return self._throttled(fault.seconds)
        return self._stated(error_answer(fault.status, "Ordered as a fault"))

    def refuse(self, error: HTTPException) -> Response:
        """Answer a request that cannot be read."""
        return self._stated(error_answer(error.code or 400, error.name))

    def _throttled(self, reset_seconds: float) -> Response:
        response = throttled_answer()
        response.headers["X-RateLimit-Reset"] = f"{reset_seconds:.3f}"
        allowance = self._limiter.untouched(remaining=0)
        if allowance is not None:
            response.headers.update(replace(allowance, reset_seconds=reset_seconds).headers())
        return response

    def _stated(self, response: Response) -> Response:
        """State the limit; the text of a 502 comes from a proxy, which knows none."""
        allowance = self._limiter.untouched()
        if allowance is not None and response.status_code != 502:
            response.headers.update(allowance.headers())
        return response
