"""Choosing between light and dark."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from app.web.preferences import LOOKS, find_look, remember
from app.web.return_path import own_path

look = Blueprint("look", __name__)


@look.app_context_processor
def _name_look() -> dict[str, object]:
    return {"look": find_look(), "looks": LOOKS}


@look.post("/look")
def choose() -> Response:
    """Remember the look, and go back to the page it was chosen on."""
    chosen = request.form.get("look", "")
    response = redirect(own_path(request.form.get("next")), 303)
    remember(response, "look", chosen if chosen in LOOKS else "")
    return response
