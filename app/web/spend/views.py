"""What the groups of a person cost."""

from flask import Blueprint, Flask, render_template
from flask.sansio.blueprints import BlueprintSetupState

from app.domain.spend.budget import Period
from app.http.current import portal
from app.web.login import identity
from app.web.spend.section import SOURCE_WORDS, show_short_day

spend = Blueprint("spend", __name__)

PERIOD_WORDS = {Period.MONTH: "this month", Period.DAY: "today"}


@spend.record
def _register(state: BlueprintSetupState) -> None:
    app: Flask = state.app  # type: ignore[assignment] # it is one, says the library's own document
    app.jinja_env.filters["short_day"] = show_short_day
    app.jinja_env.globals.update(spend_sources=SOURCE_WORDS, budget_periods=PERIOD_WORDS)


@spend.get("/spend")
def index() -> str:
    """Every group that the person may see, by cost."""
    overview = portal().spend.show_all(identity())
    return render_template("spend/index.html", overview=overview)
