"""The administrator's area as one blueprint, and the way around in it."""

from flask import Blueprint

from app.web.navigation import Place

admin = Blueprint("admin", __name__, url_prefix="/admin")

PLACES = (
    Place("Overview", "admin.show"),
    Place("Access", "admin.access", endpoints=frozenset({"admin.find_access"})),
    Place("Limits", "admin.limits"),
    Place("Sessions", "admin.sessions"),
    Place("Tokens", "admin.tokens"),
    Place("Freeze", "admin.freezes", endpoints=frozenset({"admin.freeze"})),
    Place("Jobs", "admin.jobs"),
    Place("Cloud", "admin.cloud"),
    Place("Settings", "admin.show_settings"),
    Place("Audit log", "audit.show_all"),
)
"""In the order in which they are shown."""


@admin.app_context_processor
def _name_places() -> dict[str, tuple[Place, ...]]:
    return {"admin_places": PLACES}
