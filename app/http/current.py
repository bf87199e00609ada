"""What a request has at hand, in pages and in the JSON API alike."""

from typing import cast

from flask import current_app

from app.services.portal import Portal
from app.settings.model import Settings


def portal() -> Portal:
    """The use cases of this application."""
    return cast("Portal", current_app.extensions["portal"])


def settings() -> Settings:
    """The settings that this application was made with."""
    return cast("Settings", current_app.extensions["settings"])
