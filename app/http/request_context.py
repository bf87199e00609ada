"""What a request says of who sends it; its context, set for pages and programs alike, and cleared
afterwards."""

import secrets
import time

from flask import Flask, Request, g, has_request_context, request, session
from werkzeug.datastructures import Authorization

from app import deadlines
from app.context import NO_REQUEST, RequestContext, set_context
from app.domain.access.addresses import normalise
from app.domain.audit.events import Channel, Origin
from app.domain.sessions import session_mark
from app.http.access import API
from app.http.current import settings
from app.http.hooks import before_each
from app.services.audit.recorder import LONGEST_NAME, bounded_origin

SESSION_TOKEN = "_user_id"  # noqa: S105 - flask-login's name for it in the cookie


def register_request_context(app: Flask) -> None:
    """Set it before anything else is done with a request."""
    before_each(app, _enter)
    # The thread that served one request must not speak in its name of anything later.
    app.teardown_request(lambda _error: set_context(NO_REQUEST))


def request_id() -> str | None:
    """The id of the request being answered, shown on error pages and in every line about it."""
    return g.get("request_id") if has_request_context() else None


def client_address() -> str:
    """The address that the trusted proxies vouch for, in the one form that everything uses."""
    return address_of(request)


def address_of(request: Request) -> str:
    """The same of a request that is at hand."""
    return normalise(request.remote_addr or "")


def peer_of(request: Request) -> str:
    """The address at the other end of the connection, whatever proxies say of the client."""
    original = request.environ.get("werkzeug.proxy_fix.orig") or {}
    return str(original.get("REMOTE_ADDR") or request.remote_addr or "")


def find_authorization() -> Authorization | None:
    """The header as parsed; None where there is none or it makes no sense.

    Werkzeug raises for Basic with bytes beyond ASCII, which anybody can send.
    """
    try:
        return request.authorization
    except ValueError:
        return None


def _enter(request: Request) -> None:
    # Kept beside Flask's request, since the log line of a request is written after its context.
    g.request_id = request_id = secrets.token_hex(8)
    g.began_at = began_at = time.monotonic()
    set_context(
        RequestContext(
            origin=bounded_origin(_origin(request, request_id)),
            deadline=began_at + deadlines.REQUEST_SECONDS,
            readings={},
        )
    )


def _origin(request: Request, request_id: str) -> Origin:
    is_api = request.endpoint in API
    token = "" if is_api else str(session.get(SESSION_TOKEN, ""))
    return Origin(
        channel=Channel.API if is_api else Channel.PAGE,
        address=address_of(request),
        forwarded_for=_forwarded_for(request),
        user_agent=request.headers.get("User-Agent", ""),
        request_id=request_id,
        session=session_mark(token) if token else "",
    )


def _forwarded_for(request: Request) -> str:
    """The chain of addresses as it came; without trusted proxies anybody could make it up."""
    if not settings().trusted_proxies:
        return ""
    # Each proxy adds at the end: what is cut off is what came from outside.
    return ", ".join(request.headers.getlist("X-Forwarded-For"))[-LONGEST_NAME:]
