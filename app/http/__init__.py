"""What pages and JSON API share: the context of a request, its log line, and who may send it."""

from flask import Flask

from app.http.logs import register_logs
from app.http.origin import register_origin_check
from app.http.request_context import register_request_context
from app.http.security import register_security
from app.http.session_cookie import register_session_cookie
from app.settings.model import Settings


def register_http(app: Flask, settings: Settings) -> None:
    """Put it into the application, before pages and JSON API."""
    register_logs(app, settings)
    register_request_context(app)
    register_security(app, settings)
    register_session_cookie(app)
    register_origin_check(app)
