"""Flask's signed cookie, and how large it is in a browser."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from flask import Flask, Request, current_app
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

MOST_BYTES = 3800
"""Of name and value. Browsers drop a cookie of more than 4,096 bytes, some of them counting its
attributes, and with it the whole session; what a request adds to the session comes on top."""

MOST_REMEMBERED = 2000
"""Cookies whose signature and content are remembered."""


class SessionCookies(SecureCookieSessionInterface):
    """Reads and writes the cookie.

    How long somebody stays signed in is for the records to say. The cookie's own age is not looked
    at: Flask throws away one that a clock which has gone back by seconds finds too young.
    """

    def __init__(self) -> None:
        self._signing: URLSafeTimedSerializer | None = None
        # An open page brings the same cookie again and again; what is signed does not change.
        self._read = lru_cache(MOST_REMEMBERED)(_read)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What a browser brings, if it was signed here; otherwise nothing."""
        signing = self._find_signing(app)
        if signing is None:
            return None
        brought = request.cookies.get(self.get_cookie_name(app), "")
        return self.session_class(self._read(brought, signing))

    def _find_signing(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs, made once: the secret does not change while the application lives."""
        if self._signing is None:
            self._signing = self.get_signing_serializer(app)
        return self._signing

    def count_bytes(self, app: Flask, content: Mapping[str, Any]) -> int:
        """The size of name and value of a cookie with this content, signed as it is sent."""
        signing = self._find_signing(app)
        value = signing.dumps(dict(content)) if signing else ""
        return len(self.get_cookie_name(app)) + 1 + len(value)


def _read(brought: str, signing: URLSafeTimedSerializer) -> dict[str, Any]:
    try:
        content: dict[str, Any] = signing.loads(brought)
    except BadSignature:
        return {}
    return content


def register_session_cookie(app: Flask) -> None:
    """Let the application use it."""
    app.session_interface = SessionCookies()


def fits_cookie(content: Mapping[str, Any]) -> bool:
    """Whether browsers keep a cookie with this content."""
    cookies = cast("SessionCookies", current_app.session_interface)
    return cookies.count_bytes(current_app, content) <= MOST_BYTES
