"""The words, the states, the permissions, and whom to ask."""

from flask import Blueprint, render_template

from app.domain.access.permissions import BUNDLES, MEANINGS, Permission
from app.web.help.words import WORDS, list_change_states, list_group_states

help_pages = Blueprint("help", __name__)


@help_pages.get("/help")
def show() -> str:
    """One page; what is in it depends on nobody but for whom to ask."""
    bundles = {
        name: ", ".join(item.label for item in Permission if item in held)
        for name, held in BUNDLES.items()
    }
    return render_template(
        "help/show.html",
        words=WORDS,
        change_states=list_change_states(),
        group_states=list_group_states(),
        permissions=[(item.label, words) for item, words in MEANINGS.items()],
        bundles=bundles,
    )
