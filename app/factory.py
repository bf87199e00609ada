"""The application: HTTP, pages, JSON API and commands over the use cases."""

from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask.templating import Environment

from app.api import register_api
from app.cli.commands import register_commands
from app.http import register_http
from app.settings import Settings
from app.web import register_web
from app.web.forms import csrf_of
from app.web.static_files import edition_of
from app.wiring.portal import build_portal
from app.worker import make_worker

ROOT = Path(__file__).resolve().parent.parent


class Templates(Environment):
    """Templates that share one plain dict of names. Jinja chains one of its own before it for each
    template, which is empty here, and looks every name up through the chain at each import.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The names of a template, with those that are given for it alone."""
        return super().make_globals(d) if d else self.globals


class Application(Flask):
    """Flask for plain functions alone: there is nothing to find out about each of them anew."""

    jinja_environment = Templates
    # Templates are few and stay: they need not be ordered by when each was last used.
    jinja_options = {"cache_size": -1}  # noqa: RUF012 - Flask's own attribute

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func


def create_app(settings: Settings) -> Flask:
    """The application, wired. Its records and the network are not touched yet."""
    app = Application(
        "app",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        static_url_path=f"/static/{edition_of(ROOT / 'static')}",
    )
    app.extensions["portal"] = portal = build_portal(settings)
    app.extensions["worker"] = make_worker(portal)
    app.extensions["settings"] = settings
    register_http(app, settings)
    register_web(app, settings)
    register_api(app, settings, csrf_of(app))
    register_commands(app)
    return app
