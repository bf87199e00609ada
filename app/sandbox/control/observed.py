"""The layer around both sides of the sandbox that records requests and carries out faults."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Protocol

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from app.sandbox.clock import Clock, to_iso
from app.sandbox.control.dropping import drop_connection
from app.sandbox.control.faults import Fault, Faults
from app.sandbox.control.recorder import Recorder

if TYPE_CHECKING:  # these types exist for type checkers only
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST_BODY_BYTES = 1_000_000
CARRIED_OUT = frozenset({"slow", "drop_after_apply", "answer"})
REDIRECT_PATH = "/a-followed-redirect"


class Side(Protocol):
    """How one side of the sandbox names its requests and writes its faulty answers."""

    name: str

    def describe(self, request: Request) -> str:
        """Write the request as the faults' patterns see it."""

    def find_service_id(self, request: Request) -> str | None:
        """Return the service that the request is about."""

    def fault_answer(self, fault: Fault) -> Response:
        """Write the answer of a `status` or `wrong_shape` fault."""

    def refuse(self, error: HTTPException) -> Response:
        """Write the answer to a request that cannot be read."""


@dataclass(frozen=True)
class Watch:
    """What both sides share: the clock, the record and the faults."""

    clock: Clock
    recorder: Recorder
    faults: Faults


class Observed:
    """A WSGI application around another: records each request, then lets it through or not."""

    def __init__(self, app: "WSGIApplication", side: Side, watch: Watch) -> None:
        self._app, self._side, self._watch = app, side, watch

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        request.max_content_length = LARGEST_BODY_BYTES
        try:
            body = request.get_data()
        except HTTPException as error:
            return self._side.refuse(error)(environ, start_response)
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(body), str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        response = self._answer(request, body)
        return response(environ, start_response)

    def _answer(self, request: Request, body: bytes) -> Response:
        fault = self._watch.faults.take(self._side.describe(request))
        entry = self._watch.recorder.open(self._entry(request, body, fault))
        response = self._carry_out(request, fault)
        if response is None:
            drop_connection(request.environ["werkzeug.socket"])
        self._watch.recorder.close(entry, response.status_code)
        return response

    def _carry_out(self, request: Request, fault: Fault | None) -> Response | None:
        """Return the answer, or None when the connection is to be reset instead."""
        kind = fault.kind if fault else None
        if fault is None or kind in CARRIED_OUT:
            response = Response.from_app(self._app, request.environ, buffered=True)
            if fault and kind == "slow":
                self._make_slow(response, fault.seconds)
            if fault and kind == "answer" and response.status_code < 400:
                _answer_instead(response, fault)
            return None if kind == "drop_after_apply" else response
        if kind == "timeout":
            self._watch.faults.release().wait(fault.seconds)
        return None if kind in {"timeout", "reset"} else self._broken(fault)

    def _broken(self, fault: Fault) -> Response:
        if fault.kind == "not_json":
            return Response(
                "<html><title>Hello</title>This is not JSON.</html>", 200, mimetype="text/html"
            )
        if fault.kind == "cut_json":
            return Response('{"status":200,"result":[{"id":', 200, mimetype="application/json")
        if fault.kind == "redirect":
            return Response("", 307, {"Location": REDIRECT_PATH})
        return self._side.fault_answer(fault)

    def _make_slow(self, response: Response, seconds: float) -> None:
        body = response.get_data()
        response.response = self._drip(body, seconds / max(len(body), 1))

    def _drip(self, body: bytes, pause_seconds: float) -> Iterator[bytes]:
        release = self._watch.faults.release()
        for place in range(len(body)):
            release.wait(pause_seconds)
            yield body[place : place + 1]

    def _entry(self, request: Request, body: bytes, fault: Fault | None) -> dict[str, Any]:
        query = request.query_string.decode("latin-1")
        return {
            "time": to_iso(self._watch.clock.now()),
            "side": self._side.name,
            "service_id": self._side.find_service_id(request),
            "method": request.method,
            "path": f"{request.path}?{query}" if query else request.path,
            "status": None,
            "body": _read_json(body),
            "user_agent": request.headers.get("User-Agent", ""),
            "fault": fault.kind if fault else None,
        }


def _answer_instead(response: Response, fault: Fault) -> None:
    """Put the fault's status and body in place of an answer's, leaving the other headers."""
    response.status_code = fault.status
    response.set_data(fault.body or "")
    if fault.body is None:
        response.headers.pop("Content-Type", None)


def _read_json(body: bytes) -> object:
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value
