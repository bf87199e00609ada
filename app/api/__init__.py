"""The JSON API: our own shape under /api/v1, and the paths of the older service."""

from flask import Flask, Request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect

from app.api.docs.for_people import reference
from app.api.docs.views import build_docs
from app.api.operations import OPERATIONS
from app.api.problems import answer_http_error
from app.api.routes import build_blueprints
from app.http.hooks import before_each
from app.settings.model import Settings

PREFIXES = ("/api/", "/service/")
OWN_PATHS = {operation.path for operation in OPERATIONS}


def register_api(app: Flask, settings: Settings, csrf: CSRFProtect) -> None:
    """Put the API into the application; after the pages, whose guards it replaces by its own."""
    for blueprint in build_blueprints():
        # Form tokens guard sessions, and no session counts here.
        csrf.exempt(blueprint)
        app.register_blueprint(blueprint)
    app.register_blueprint(build_docs(settings.docs_path))
    app.register_blueprint(reference)
    before_each(app, _answer_unroutable)


def _answer_unroutable(request: Request) -> ResponseReturnValue | None:
    """An unknown address of the API, or an unknown method, is a problem and not a page."""
    error = request.routing_exception
    if error is None:
        return None
    is_ours = request.path.startswith(PREFIXES) or request.path.rstrip("/") in OWN_PATHS
    return answer_http_error(error) if is_ours else None
