"""Why nobody can change anything just now, for every page of people who are signed in."""

from flask import Flask

from app.errors import StoreUnavailable
from app.http.current import portal


def register_freeze(app: Flask) -> None:
    """Let the layout ask; only whole pages do, so fragments cost no reading."""
    app.context_processor(lambda: {"find_freeze_reason": _find_freeze_reason})


def _find_freeze_reason() -> str | None:
    try:
        return portal().freeze.find_reason()
    except StoreUnavailable:  # the error page that says so must not fail for the same reason
        return None
