"""Why nobody can change anything just now, for every page of people who are signed in."""

from flask import Flask

from app.errors import StoreUnavailable
from app.web.login import portal


def register_closure(app: Flask) -> None:
    """Let the layout ask; only whole pages do, so fragments cost no reading."""
    app.context_processor(lambda: {"find_closure": _find_closure})


def _find_closure() -> str | None:
    try:
        return portal().gate.find_closure()
    except StoreUnavailable:  # the error page that says so must not fail for the same reason
        return None
