"""Extending a boost, ending it and taking it over, each at one press on the page of its group."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import BrokenRules, NotPossible
from app.http.current import portal
from app.web.forms import parse_number
from app.web.login import identity

boosts = Blueprint("boosts", __name__)


@boosts.post("/groups/<uuid:service_id>/boosts/<reference>/extend")
def extend(service_id: UUID, reference: str) -> ResponseReturnValue:
    """Let it last so many minutes from now."""
    minutes = parse_number(request.form.get("minutes"))
    try:
        portal().boosts.extend(identity(), str(service_id), reference, {"minutes": minutes})
        flash("The boost was extended.")
    except (BrokenRules, NotPossible) as refusal:
        _tell(refusal)
    return _back(service_id)


@boosts.post("/groups/<uuid:service_id>/boosts/<reference>/end")
def end(service_id: UUID, reference: str) -> ResponseReturnValue:
    """Go back now."""
    portal().boosts.end(identity(), str(service_id), reference)
    flash("The boost ends now.")
    return _back(service_id)


@boosts.post("/groups/<uuid:service_id>/boosts/<reference>/take-over")
def take_over(service_id: UUID, reference: str) -> ResponseReturnValue:
    """Keep the size; the portal does not go back any more."""
    try:
        portal().boosts.take_over(identity(), str(service_id), reference)
        flash("You have taken the boost over. The size stays as it is until somebody changes it.")
    except (BrokenRules, NotPossible) as refusal:
        _tell(refusal)
    return _back(service_id)


def _tell(refusal: BrokenRules | NotPossible) -> None:
    if isinstance(refusal, BrokenRules):
        flash(f"Nothing was changed. {refusal.problems[0].message}.")
    else:
        flash(f"{refusal.message} {refusal.remedy}")


def _back(service_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("groups.show", service_id=service_id), 303)
