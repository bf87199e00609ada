"""Where each request comes from, told to the audit trail before anything is done with it."""

from flask import Flask, request, session

from app.domain.events import Door, EventKind, Origin, Result
from app.services.audit import LONGEST_NAME, bounded_origin
from app.services.origin import BY_ITSELF, set_origin
from app.store.sessions import session_mark
from app.web.access import API
from app.web.login import TOKEN_KEY, portal, settings
from app.web.logs import request_id


def register_origin(app: Flask) -> None:
    """Set it for each request, of pages and programs alike, and forget it afterwards."""
    app.before_request(_set)
    # The thread that served one request must not speak in its name of anything later.
    app.teardown_request(lambda _error: set_origin(BY_ITSELF))


def note_forgery() -> None:
    """Note that another site's page, or somebody without the token of a form, asked for an act."""
    audit = portal().audit
    audit.note(audit.event(EventKind.MALICIOUS_CSRF, request.endpoint or "", Result.FAIL))


def _set() -> None:
    is_api = request.endpoint in API
    token = "" if is_api else str(session.get(TOKEN_KEY, ""))
    origin = Origin(
        door=Door.API if is_api else Door.PAGE,
        address=request.remote_addr or "",
        forwarded_for=_way_here(),
        user_agent=request.user_agent.string,
        request_id=request_id() or "",
        session=session_mark(token) if token else "",
    )
    set_origin(bounded_origin(origin))


def _way_here() -> str:
    """The chain of addresses as it came; of a portal without proxies anybody could make it up."""
    is_heard = settings().trusted_proxies > 0
    # Each proxy adds at the end: what is cut off is what came from outside.
    return ", ".join(request.headers.getlist("X-Forwarded-For"))[-LONGEST_NAME:] if is_heard else ""
