"""The API's documentation, for the administrator: Swagger UI, a plain page, and the document."""

import json
from importlib.resources import as_file, files
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request, send_from_directory
from pydantic import SecretStr

from app.api.docs.openapi import build_document
from app.api.docs.reference import build_reference
from app.errors import NotYet, PortalError, SignInRefused
from app.http.current import portal
from app.http.request_context import client_address, find_authorization, request_id

CHALLENGE = 'Basic realm="Compute group portal: administrator", charset="UTF-8"'
"""Not the realm of the API, to which a browser must not send these credentials by itself."""

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    # The one exception from the portal's policy, for Swagger UI's page alone: its style sheet
    # carries small images as data.
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}

ASSETS = frozenset({"swagger-ui.css", "swagger-ui-bundle.js"})


def build_docs(path: str) -> Blueprint:
    """The pages under `path`, and the document at the root too, where the older service had it."""
    docs = Blueprint("docs", __name__)
    docs.before_request(_check_administrator)
    docs.register_error_handler(PortalError, _say_no)
    docs.add_url_rule(path, "show", show)
    docs.add_url_rule(f"{path}/openapi.json", "document", show_document)
    docs.add_url_rule("/openapi.json", "root_document", show_document)
    docs.add_url_rule(f"{path}/reference", "reference", show_reference)
    docs.add_url_rule(f"{path}/assets/<name>", "asset", asset)
    return docs


def show() -> Response:
    """Swagger UI."""
    response = Response(_render("docs/show.html"), mimetype="text/html")
    policy = (f"{name} {value}" for name, value in CONTENT_SECURITY_POLICY.items())
    response.headers["Content-Security-Policy"] = "; ".join(policy)
    return response


def show_document() -> Response:
    """The OpenAPI document."""
    return Response(json.dumps(build_document(), indent=1), mimetype="application/json")


def show_reference() -> Response:
    """The same as a page to read, without JavaScript."""
    reference = build_reference(build_document())
    return Response(_render("docs/reference.html", reference=reference), mimetype="text/html")


def asset(name: str) -> Response:
    """A file of Swagger UI's, the same for everybody."""
    if name not in ASSETS:
        abort(404)
    return send_from_directory(_assets_folder(), name)


def _assets_folder() -> Path:
    with as_file(files("flask_swagger_ui") / "dist") as folder:
        return folder


def _check_administrator() -> None:
    """Raises NotFound, SignInRefused, NotYet."""
    if request.endpoint == "docs.asset":
        return
    given = find_authorization()
    if given is None or given.type != "basic":
        raise SignInRefused(
            reason="credentials_needed",
            message="This needs the name and password of the portal's administrator.",
        )
    portal().administration.prove(
        given.username or "", SecretStr(given.password or ""), client_address()
    )


def _say_no(error: PortalError) -> Response:
    text = f"{error.message} {error.remedy}".strip()
    named = f"{text}\nRequest {request_id()}\n"
    response = Response(named, error.status, mimetype="text/plain")
    if isinstance(error, SignInRefused):
        response.headers["WWW-Authenticate"] = CHALLENGE
    if isinstance(error, NotYet):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def _render(name: str, **context: object) -> str:
    # Not by render_template, which asks whose session this is: no session counts here.
    return current_app.jinja_env.get_template(name).render(**context)
