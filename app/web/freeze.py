"""Why nobody can change anything just now, for every page of people who are signed in: their
warehouse, or the group that the page is about."""

from flask import Flask, request

from app.errors import StoreUnavailable
from app.http.current import portal
from app.web.login import find_identity


def register_freeze(app: Flask) -> None:
    """Let the layout ask; only whole pages do, so fragments cost no reading."""
    app.context_processor(lambda: {"find_freeze_reason": _find_freeze_reason})


def _find_freeze_reason() -> str | None:
    try:
        person, given = find_identity(), request.view_args or {}
        service_id = str(given.get("service_id", ""))
        return portal().freeze.find_reason_for(person, service_id) if person else None
    except StoreUnavailable:  # the error page that says so must not fail for the same reason
        return None
