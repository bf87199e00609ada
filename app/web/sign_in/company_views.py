"""To the company's sign-in and back.

The way there is a page that the browser leaves by itself: the answer to a form must not lead to
another site (form-action of the Content-Security-Policy).
"""

from dataclasses import replace

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.domain.access.permissions import Identity
from app.errors import NotYet, SignInRefused
from app.http.current import portal
from app.http.request_context import client_address, peer_of
from app.http.retry_after import retry_headers
from app.http.session_cookie import fits_cookie
from app.services.sign_in.company_flows import Begun, Flow
from app.services.sign_in.proxy import Visitor
from app.services.sign_in.service import SignedIn
from app.web.form_drafts import carry_form_draft, fit_form_draft, restore_form_draft
from app.web.login import find_identity, identity, session_token, sign_in_as
from app.web.preferences import remember
from app.web.return_path import own_path
from app.web.sign_in import sign_in
from app.web.sign_in.forms import SignInForm
from app.web.sign_in.page import render_sign_in
from app.web.step_up import note_step_up

FLOW = "company_flow"
"""Where the browser keeps the one flow that is under way."""


@sign_in.post("/sign-in/company")
def begin_company() -> ResponseReturnValue:
    """Go to the provider of a warehouse."""
    warehouse, wake = request.form.get("warehouse", ""), request.form.get("wake", "")
    target = own_path(request.args.get("next"))
    try:
        if portal().proxy.is_asked(warehouse):
            return _enter(*portal().proxy.sign_in(warehouse, _visitor()), target)
        begun = portal().company.begin(warehouse, target=target, wake=wake)
    except (SignInRefused, NotYet) as refusal:
        return _refused(refusal, warehouse)
    return _go(begun)


@sign_in.post("/sign-in/company/again")
def prove_again() -> ResponseReturnValue:
    """Go there to prove oneself once more: for a draft, or to have the roles read again."""
    target = own_path(request.form.get("next"))
    draft, person = request.form.get("draft", ""), identity()
    if not draft and portal().proxy.is_asked(person.warehouse):
        renewed = portal().proxy.renew(person, session_token(), _visitor())
        return _enter(renewed, renewed.identity, target)
    return _go(portal().company.begin_again(person, target=target, draft=draft))


@sign_in.get("/sign-in/company/go")
def go_company() -> ResponseReturnValue:
    """The way to the provider, for the flow that this browser has begun."""
    try:
        return redirect(portal().company.find_address(session.get(FLOW)), 303)
    except SignInRefused as refusal:
        return _refused(refusal, "")


@sign_in.get("/sign-in/company/leave")
def leave_company() -> ResponseReturnValue:
    """Sign out at the provider as well, where it offers that."""
    address = portal().company.find_sign_out(request.args.get("provider", ""))
    return redirect(address or url_for("sign_in.form"), 303)


@sign_in.get("/sign-in/company/callback")
def finish_company() -> ResponseReturnValue:
    """Come back from there. Whatever comes of it, the flow is over."""
    kept, person = session.pop(FLOW, None), find_identity()
    warehouse = str(kept.get("warehouse", "")) if isinstance(kept, dict) else ""
    try:
        finished = portal().company.finish(
            kept, request.args, client_address(), person=person, token=session_token()
        )
    except (SignInRefused, NotYet) as refusal:
        if person is not None:
            raise
        return _refused(refusal, warehouse)
    if finished.signed_in is None:  # proven again for a draft, in the same session
        note_step_up(finished.flow.draft, session_token())
        return redirect(finished.flow.target, 303)
    return _enter(finished.signed_in, finished.identity, finished.flow.target)


def _enter(signed_in: SignedIn, person: Identity, target: str) -> ResponseReturnValue:
    typed = carry_form_draft(person)
    sign_in_as(signed_in.token, person)
    restore_form_draft(typed)
    response = redirect(target, 303)
    remember(response, "warehouse", person.warehouse)
    return response


def _visitor() -> Visitor:
    return Visitor(client_address(), peer_of(request), lambda name: request.headers.get(name, ""))


def _go(begun: Begun) -> ResponseReturnValue:
    _keep(begun.flow)
    page = render_template("sign_in/leave.html", provider=begun.provider)
    return page, {"Refresh": f"0; url={url_for('sign_in.go_company')}"}


def _keep(flow: Flow) -> None:
    """Let the browser keep the flow. A cookie that is too large it drops, and with it the sign-in:
    rather what was typed before is cut, and after that the address to come back to."""
    session[FLOW] = flow.to_cookie()
    fit_form_draft()
    if not fits_cookie(session):
        session[FLOW] = replace(flow, target=url_for("groups.index"), draft="").to_cookie()


def _refused(refusal: SignInRefused | NotYet, warehouse: str) -> ResponseReturnValue:
    form = SignInForm(formdata=None)
    form.set_choices(portal().sign_in.list_warehouses())
    page = render_sign_in(form, refusal, company=warehouse)
    return page, refusal.status, retry_headers(refusal)
