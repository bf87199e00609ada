"""What every request must satisfy and every answer carries, as data with reasons."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort
from flask_bootstrap import Bootstrap5
from gunicorn.http.errors import ParseException
from werkzeug.middleware.proxy_fix import ProxyFix

from app.headers import headers_for
from app.http.access import POLLED, SHARED
from app.http.hooks import after_each, before_each
from app.http.probes import ProbesByAnyHost
from app.settings.model import Settings

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST_REQUEST_BYTES = 64 * 1024
MOST_FORM_FIELDS = 50

LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"]


def register_security(app: Flask, settings: Settings) -> None:
    """Cookies, request limits, host names, and the headers of every answer."""
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        # The __Host- prefix makes browsers insist on Secure, no Domain and Path=/.
        SESSION_COOKIE_NAME="__Host-portal" if settings.is_https else "portal",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST_BYTES,
        MAX_FORM_PARTS=MOST_FORM_FIELDS,
        TRUSTED_HOSTS=_trusted_hosts(settings),
        BOOTSTRAP_SERVE_LOCAL=True,
        TEMPLATES_AUTO_RELOAD=False,
    )
    Bootstrap5(app)
    probes = ProbesByAnyHost(app.wsgi_app, _trusted_hosts(settings)[0])
    app.wsgi_app = probes  # type: ignore[method-assign] # Werkzeug's documented way
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # the same
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    before_each(app, _check_form)
    after_each(app, _forbid_keeping)
    headers = headers_for(is_https=settings.is_https)
    app.wsgi_app = AnswerHeaders(app.wsgi_app, headers)  # type: ignore[method-assign] # the same


class AnswerHeaders:
    """Puts headers on every answer; a page may have one of its own instead, with its reason."""

    def __init__(self, app: "WSGIApplication", headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = list(headers.items())

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer, and add them where the answer begins."""

        def start(
            status: str, headers: list[tuple[str, str]], exc_info: "OptExcInfo | None" = None
        ) -> Callable[[bytes], object]:
            own = {name for name, _ in headers}
            added = [item for item in self._headers if item[0] not in own]
            return start_response(status, headers + added, exc_info)

        return self._app(environ, start)


def _trusted_hosts(settings: Settings) -> list[str]:
    host = urlsplit(settings.public_url).hostname or ""
    return [host] if settings.is_https else LOOPBACK_NAMES


def _forbid_keeping(request: Request, response: Response) -> None:
    if request.endpoint not in SHARED or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"


def _check_form(request: Request) -> None:
    """Refuse what makes no sense as HTTP, or asks for what no page of ours does."""
    _check_host(request)
    _check_destination(request)
    _read_chunks(request)


def _check_host(request: Request) -> None:
    """Refuse HTTP/1.1 without a host (RFC 9112, 3.2); a host that it names is checked elsewhere."""
    if not request.headers.get("Host") and request.environ.get("SERVER_PROTOCOL") != "HTTP/1.0":
        abort(400, description="The request names no host.")


def _read_chunks(request: Request) -> None:
    """Read a body in chunks here, where chunks that make no sense are known for the sender's fault.

    It is kept for whoever reads it next.
    """
    if "Transfer-Encoding" not in request.headers:
        return
    try:
        request.get_data()
    except (OSError, ParseException):
        abort(400)


def _check_destination(request: Request) -> None:
    """Refuse to be part of another page: as its frame, script, picture or style.

    Browsers say in Sec-Fetch-Dest what an answer is for. Fragments are for our own scripts alone.
    """
    if request.endpoint in SHARED:
        return
    admitted = {None, "empty"} if request.endpoint in POLLED else {None, "empty", "document"}
    if request.headers.get("Sec-Fetch-Dest") not in admitted:
        abort(403, description="This address is no part of another page.")
