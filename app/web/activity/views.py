"""What happened to all groups that somebody may see."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.activity.search import DATES, DAYS, cursor_text
from app.domain.changes.actions import ACTION_SPECS
from app.http.current import portal
from app.web.activity.rows import OUTCOMES, row_of
from app.web.login import identity

activity = Blueprint("activity", __name__)


@activity.get("/activity")
def index() -> ResponseReturnValue:
    """One row for each change, the latest first."""
    who = identity()
    page = portal().activity.list_entries(who, request.args)
    problems = {item.field: item.message for item in page.search.problems}
    text = render_template(
        "activity/index.html",
        page=page,
        search=page.search,
        rows=[row_of(entry, page, who) for entry in page.entries],
        older=page.search.values | {"before": cursor_text(page.older)} if page.older else None,
        actions={action.value: spec.label for action, spec in ACTION_SPECS.items()},
        outcomes={outcome.value: words for outcome, words in OUTCOMES.items()},
        groups=[(key, group.name) for key, group in page.groups.items()],
        days=[(str(item), "Last day" if item == 1 else f"Last {item} days") for item in DAYS],
        dates={name: request.args.get(name, "").strip() for name in DATES},
        problems=problems,
    )
    return text, 422 if problems else 200
