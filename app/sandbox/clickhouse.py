"""The HTTP interface of a simulated service: the ping, and one query behind a password check."""

import json
import re
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.control.faults import Fault
from app.sandbox.logins import ClickHouseError, refused
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
        return _refusal(ClickHouseError(fault.status, fault.code, "ORDERED", "Ordered as a fault"))

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
            user = self._cloud.log_in(self._service_id, *read_credentials(request))
            return _run(query, user)
        except ClickHouseError as error:
            return _refusal(error)

    def _service_name(self) -> str:
        with self._cloud.lock:
            return self._cloud.find(self._service_id).name


def read_credentials(request: Request) -> tuple[str, str]:
    """Return name and password from headers, Basic or query; absent means `default` and none.

    Raises ClickHouseError when two ways are mixed or Basic cannot be decoded.
    """
    name, key = (request.headers.get(f"X-ClickHouse-{part}") for part in ("User", "Key"))
    has_basic = "Authorization" in request.headers
    if name is not None or key is not None:
        if has_basic:
            raise refused(_from_header(name or "default"))
        return _from_header(name or "default"), _from_header(key or "")
    if not has_basic:
        return request.args.get("user", "default"), request.args.get("password", "")
    basic = request.authorization  # werkzeug decodes as UTF-8 and splits at the first colon
    if basic is None or basic.type != "basic":
        raise refused("default")
    return basic.username or "default", basic.password or ""


def _from_header(value: str) -> str:
    """ClickHouse takes header values as raw UTF-8; WSGI hands them over as Latin-1.

    Blanks around a header's value are not part of it (RFC 9110, 5.5).
    """
    return value.strip(" \t").encode("latin-1").decode("utf-8", "replace")


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
