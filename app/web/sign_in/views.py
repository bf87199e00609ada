"""Signing in and out."""

from typing import cast

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from app.domain.access.permissions import Identity
from app.errors import BrokenRules, NotYet, SignInRefused
from app.http.current import portal
from app.http.request_context import client_address
from app.http.retry_after import retry_headers
from app.services.sign_in.verifiers.verification import Credentials
from app.web.form_drafts import carry_form_draft, find_any_form_draft, restore_form_draft
from app.web.login import find_identity, is_admin, leave, sign_in_as, switch_to
from app.web.preferences import find_preference, remember
from app.web.return_path import own_path
from app.web.sign_in import sign_in
from app.web.sign_in.forms import SignInForm
from app.web.sign_in.page import render_sign_in


@sign_in.route("/sign-in", methods=["GET", "POST"])
def form() -> ResponseReturnValue:
    """Prove a ClickHouse user. Whoever is signed in already goes on to the groups, unless it is for
    another warehouse."""
    who, wanted = find_identity(), request.args.get("warehouse", "")
    is_other = "other" in request.args or (who and _is_other(wanted, who))
    if who and request.method != "POST" and not is_other:
        return redirect(own_path(request.args.get("next")), 303)
    form = SignInForm()
    form.set_choices(portal().sign_in.list_warehouses())
    if request.method != "POST":
        preferred = wanted if wanted in form.keys else find_preference("warehouse", form.keys)
        if who is None or preferred != who.warehouse:
            form.warehouse.data = form.warehouse.data or preferred
        return render_sign_in(form)
    form.check_known_fields()
    form.show(form.list_problems())
    if form.has_problem:
        return render_sign_in(form), 422
    return _check(form)


def _check(form: SignInForm) -> ResponseReturnValue:
    given = Credentials(
        warehouse=form.warehouse.data,
        user=form.user.data or "",
        password=SecretStr(form.password.data or ""),
        address=client_address(),
        wake_service_id=form.wake.data or None,
    )
    try:
        signed_in = portal().sign_in.sign_in(given, form.code.data or "")
    except BrokenRules as broken:
        form.show(broken.problems)
        return render_sign_in(form), broken.status
    except (SignInRefused, NotYet) as refusal:
        return render_sign_in(form, refusal), refusal.status, retry_headers(refusal)
    typed = carry_form_draft(signed_in.identity)
    sign_in_as(signed_in.token, signed_in.identity)
    restore_form_draft(typed)
    if signed_in.failed_before:
        flash(_words_of_failures(signed_in.failed_before), "failed_sign_ins")
    response = redirect(own_path(request.args.get("next")), 303)
    remember(response, "warehouse", signed_in.identity.warehouse)
    return response


@sign_in.post("/warehouse")
def switch() -> ResponseReturnValue:
    """Look at another warehouse: at once where the person is proven, else by signing in there."""
    wanted = request.form.get("warehouse", "")
    typed = find_any_form_draft()  # whoever is proven for both may have typed it in the other
    if not switch_to(wanted):
        return redirect(url_for("sign_in.form", warehouse=wanted), 303)
    restore_form_draft(typed)
    response = cast("Response", redirect(own_path(request.form.get("next")), 303))
    remember(response, "warehouse", wanted)
    return response


def _is_other(wanted: str, who: Identity) -> bool:
    keys = {item.key for item in portal().sign_in.list_warehouses()}
    return wanted in keys and wanted != who.warehouse


@sign_in.get("/session/live")
def session_live() -> str:
    """When the session ends; with a warning as soon as that is near."""
    return render_template("sign_in/_session.html")


@sign_in.post("/session/stay")
def stay() -> ResponseReturnValue:
    """Go on for as long as the rules allow: any request of a person postpones the idle end."""
    home = url_for("admin.show") if is_admin() else own_path(request.form.get("next"))
    return redirect(home, 303)


@sign_in.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session on the server and clear the browser."""
    return leave("sign_in.form")


def _words_of_failures(count: int) -> str:
    attempts = "1 attempt" if count == 1 else f"{count} attempts"
    return f"Before this, {attempts} to sign in with your name failed."
