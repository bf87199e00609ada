"""What the administrator does: sign in and out, end sessions, switch changes off and on."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from app.domain.access.permissions import Identity
from app.domain.paging import page_of
from app.errors import BrokenRules, NotFound, NotYet, PortalError, SignInRefused
from app.http.current import portal
from app.http.request_context import client_address
from app.http.retry_after import retry_headers
from app.web.admin.blueprint import admin
from app.web.admin.forms import (
    AdminSignInForm,
    FreezeForm,
    LiftForm,
    PersonForm,
    list_freeze_places,
)
from app.web.login import administrator, is_admin, leave, session_token, sign_in_as

FREEZES_ON_A_PAGE = 40


@admin.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Prove the administrator; there is no such page where none is set up."""
    if not portal().administration.is_set_up:
        raise NotFound
    if is_admin() and request.method == "GET":
        return redirect(url_for("admin.show"), 303)
    form = AdminSignInForm()
    if request.method == "GET":
        return _sign_in_page(form)
    form.check_known_fields()
    form.show(form.list_problems())
    if form.faulty_fields:
        return _sign_in_page(form), 422
    return _check(form)


def _check(form: AdminSignInForm) -> ResponseReturnValue:
    password, address = SecretStr(form.password.data or ""), client_address()
    try:
        signed_in = portal().administration.sign_in(form.user.data or "", password, address)
    except (SignInRefused, NotYet) as refusal:
        return _sign_in_page(form, refusal), refusal.status, retry_headers(refusal)
    sign_in_as(signed_in.token, signed_in.identity, is_admin=True)
    return redirect(url_for("admin.show"), 303)


@admin.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session on the server and clear the browser."""
    return leave("admin.sign_in")


@admin.post("/sessions/<int(max=2147483647):session_id>/end")
def end_session(session_id: int) -> ResponseReturnValue:
    """End one session; one that has ended already needs nothing more."""
    portal().administration.end_session(session_id, administrator())
    if portal().administration.find_session_id(session_token()) is None:  # it was this one
        return sign_out()
    return redirect(url_for("admin.sessions"), 303)


@admin.post("/sessions/end-all-of-user")
def end_sessions_of() -> ResponseReturnValue:
    """End every session of one person."""
    form = PersonForm()
    form.check_known_fields()
    person = Identity(form.warehouse.data or "", form.user.data or "", frozenset())
    portal().administration.end_sessions_of(person, administrator())
    return redirect(url_for("admin.sessions"), 303)


@admin.get("/freeze")
def freezes() -> str:
    """Whether changes are off, and the form that switches them off."""
    return _freezes_page(FreezeForm())


@admin.post("/tokens/<mark>/revoke")
def revoke_token(mark: str) -> ResponseReturnValue:
    """Revoke anybody's token."""
    portal().tokens.revoke_any(mark, administrator())
    return redirect(url_for("admin.tokens"), 303)


@admin.post("/freeze")
def freeze() -> ResponseReturnValue:
    """Freeze all changes, with a reason for everybody to read."""
    form = FreezeForm()
    form.check_known_fields()
    try:
        portal().administration.freeze(
            administrator(), form.reason.data or "", form.where.data or ""
        )
    except BrokenRules as broken:
        form.show(broken.problems)
        return _freezes_page(form), broken.status
    return redirect(url_for("admin.freezes"), 303)


@admin.post("/lift-freeze")
def lift_freeze() -> ResponseReturnValue:
    """Lift a freeze."""
    form = LiftForm()
    form.check_known_fields()
    portal().administration.lift_freeze(administrator(), form.where.data or "")
    return redirect(url_for("admin.freezes"), 303)


def _sign_in_page(form: AdminSignInForm, refusal: PortalError | None = None) -> str:
    return render_template("admin/sign_in.html", form=form, refusal=refusal)


def _freezes_page(form: FreezeForm) -> str:
    administration = portal().administration
    warehouses = administration.list_warehouses()
    form.where.choices = list_freeze_places(warehouses)
    partial = administration.list_partial_freezes()
    return render_template(
        "admin/freezes.html",
        form=form,
        freeze=administration.find_freeze(),
        partial=page_of(partial, request.args.get("page", ""), FREEZES_ON_A_PAGE),
        names=dict(form.where.choices),
        faults=administration.list_file_faults(),
    )
