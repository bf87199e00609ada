"""The HTTP interface of a simulated service: the ping, and one query behind a proof of identity."""

import json
import re
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.control.faults import Fault
from app.sandbox.credentials import read_credentials, read_token
from app.sandbox.errors import ClickHouseError
from app.sandbox.world import VERSION, User

if TYPE_CHECKING:  # these types exist for type checkers only
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

TABLE = re.compile(r"\bfrom\s+([\w.`\"]+)", re.IGNORECASE)
FREE_TABLES = frozenset({"system.enabled_roles", "system.one"})


class StandIn:
    """A WSGI application, and how the observing layer sees it."""

    name = "clickhouse"

    def __init__(self, cloud: Cloud, service_id: str) -> None:
        self._cloud, self._service_id = cloud, service_id

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> "Iterable[bytes]":
        """Answer one request as a modern ClickHouse does."""
        response = self._answer(Request(environ))
        response.headers["X-ClickHouse-Server-Display-Name"] = self._service_id
        return response(environ, start_response)

    def describe(self, request: Request) -> str:
        """Write `METHOD clickhouse:<service name> path`."""
        return f"{request.method} clickhouse:{self._service_name()} {request.path}"

    def find_service_id(self, request: Request) -> str:  # noqa: ARG002 -- one for all requests
        """Return the service this is the interface of."""
        return self._service_id

    def fault_answer(self, fault: Fault) -> Response:
        """Answer as a proxy would, or as ClickHouse when the fault has an exception code."""
        if fault.kind == "wrong_shape":
            return Response('{"unexpected":true}\n', 200, mimetype="application/json")
        if fault.code is None:
            return Response(f"{fault.status} from a proxy\n", fault.status, mimetype="text/plain")
        return _refusal(ClickHouseError(fault.status, fault.code, fault.name, "Ordered as a fault"))

    def refuse(self, error: HTTPException) -> Response:
        """Answer a request that cannot be read."""
        return Response(f"{error.name}\n", error.code or 400, mimetype="text/plain")

    def _answer(self, request: Request) -> Response:
        query = _query(request)
        is_read = request.method in {"GET", "HEAD"}
        if is_read and not query and request.path in {"/", "/ping"}:
            return Response("Ok.\n", 200, content_type="text/html; charset=UTF-8")
        if request.path != "/":
            return Response(f"There is no handle {request.path}\n", 404, mimetype="text/plain")
        if not is_read and request.method != "POST":
            return Response("Method not allowed\n", 405, mimetype="text/plain")
        try:
            return _run(query, self._log_in(request))
        except ClickHouseError as error:
            return _refusal(error)

    def _log_in(self, request: Request) -> User:
        token = read_token(request)
        with self._cloud.lock:
            warehouse_id = self._cloud.find(self._service_id).warehouse_id
            logins, now = self._cloud.logins, self._cloud.clock.now()
            if token is not None:
                return logins.check_token(warehouse_id, token, now)
            return logins.check(warehouse_id, *read_credentials(request), now)

    def _service_name(self) -> str:
        with self._cloud.lock:
            return self._cloud.find(self._service_id).name


def _query(request: Request) -> str:
    parts = request.args.get("query", ""), request.get_data().decode("utf-8", "replace")
    return "\n".join(part for part in parts if part.strip())


def _run(query: str, user: User) -> Response:
    """Answer the one query that the sandbox knows: who am I, and with which roles."""
    if "currentuser()" not in query.lower():
        raise ClickHouseError(400, 62, "SYNTAX_ERROR", "Syntax error: this query is not simulated")
    if set(TABLE.findall(query.lower())) - FREE_TABLES:
        text = f"{user.name}: Not enough privileges"
        raise ClickHouseError(403, 497, "ACCESS_DENIED", text)
    row = {"user": user.name, "version": VERSION, "roles": list(user.roles)}
    body = json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n"
    response = Response(body, 200, content_type="application/x-ndjson; charset=UTF-8")
    response.headers["X-ClickHouse-Format"] = "JSONEachRow"
    return response


def _refusal(error: ClickHouseError) -> Response:
    response = Response(error.body, error.status, content_type="text/plain; charset=UTF-8")
    response.headers["X-ClickHouse-Exception-Code"] = str(error.code)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="ClickHouse server HTTP API"'
    return response
