"""What a request to the JSON API has at hand."""

from typing import cast

from flask import current_app, g

from app.services.portal import Portal
from app.settings.model import Settings


def portal() -> Portal:
    """The use cases of this application."""
    return cast("Portal", current_app.extensions["portal"])


def settings() -> Settings:
    """The settings that this application was made with."""
    return cast("Settings", current_app.extensions["settings"])


def request_id() -> str | None:
    """The id under which the log speaks of this request."""
    return cast("str | None", g.get("request_id"))
