"""Signing in and out."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from app.errors import PortalError, SignInRefused, Throttled, WakeNeeded
from app.services.sign_in import Credentials
from app.web.auth.forms import SignInForm
from app.web.login import end_session, find_identity, portal, sign_in_as

auth = Blueprint("auth", __name__)


@auth.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Prove a ClickHouse user; whoever is signed in already goes on to the groups."""
    if find_identity() and request.method != "POST":
        return redirect(_own_path(request.args.get("next")), 303)
    form = SignInForm()
    form.offer(portal().policy.catalog.warehouses)
    if request.method != "POST":
        return _page(form)
    form.check_known_fields()
    form.show(form.list_problems())
    if form.has_problem:
        return _page(form), 422
    return _check(form)


def _check(form: SignInForm) -> ResponseReturnValue:
    given = Credentials(
        warehouse=form.warehouse.data,
        user=form.user.data or "",
        password=SecretStr(form.password.data or ""),
        address=request.remote_addr or "",
        wake_service_id=form.wake.data or None,
    )
    try:
        signed_in = portal().sign_in.sign_in(given)
    except (SignInRefused, Throttled) as refusal:
        headers = {}
        if isinstance(refusal, Throttled):
            headers["Retry-After"] = str(refusal.retry_after_seconds)
        return _page(form, refusal), refusal.status, headers
    sign_in_as(signed_in.token, signed_in.identity)
    return redirect(_own_path(request.args.get("next")), 303)


@auth.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session on the server and clear the browser."""
    end_session()
    response = redirect(url_for("auth.sign_in", signed_out=1), 303)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def _page(form: SignInForm, refusal: PortalError | None = None) -> str:
    wake = refusal if isinstance(refusal, WakeNeeded) else None
    return render_template("auth/sign_in.html", form=form, refusal=refusal, wake=wake)


def _own_path(target: str | None) -> str:
    """Where to go after signing in: a path of this portal, or the groups."""
    home = url_for("groups.index")
    if not target or not target.startswith("/") or "\\" in target or not target.isprintable():
        return home
    # Two slashes begin another host's name.
    return home if target.startswith("//") else target
