"""Choosing between light and dark."""

from flask import Blueprint, redirect, request
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from app.web.preferences import THEMES, find_theme, remember
from app.web.return_path import own_path

theme = Blueprint("theme", __name__)


@theme.app_context_processor
def _name_theme() -> dict[str, object]:
    return {"theme": find_theme()}


@theme.record_once
def _name_themes(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["themes"] = THEMES


@theme.post("/theme")
def choose() -> Response:
    """Remember the theme, and go back to the page it was chosen on."""
    chosen = request.form.get("theme", "")
    response = redirect(own_path(request.form.get("next")), 303)
    remember(response, "theme", chosen if chosen in THEMES else "")
    return response
