"""A person's own sessions, roles and permissions."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from app.domain.access.matrix import together
from app.errors import BrokenRules, NotPossible, NotYet, PortalError, SignInRefused
from app.http.current import portal
from app.http.request_context import client_address
from app.http.retry_after import retry_headers
from app.web.account.forms import RolesForm
from app.web.login import identity, leave, session_token, sign_in_as

account = Blueprint("account", __name__, url_prefix="/account")


@account.get("")
def show() -> str:
    """What somebody may do, which roles they have, and where they are signed in."""
    return _page(RolesForm())


@account.post("/sessions/<int(max=2147483647):session_id>/end")
def end_session(session_id: int) -> ResponseReturnValue:
    """End one of the person's own sessions; to end this one is to sign out."""
    own = portal().account.list_sessions(identity(), session_token())
    if any(item.is_this and item.session.id == session_id for item in own):
        return leave("sign_in.form")
    portal().account.end_session(identity(), session_id)
    return redirect(url_for("account.show", ended=1, _anchor="sessions"), 303)


@account.post("/sign-out-everywhere")
def sign_out_everywhere() -> ResponseReturnValue:
    """End all of the person's sessions in this warehouse, wherever they are signed in."""
    portal().account.sign_out_everywhere(identity())
    return leave("sign_in.form")


@account.post("/roles")
def refresh_roles() -> ResponseReturnValue:
    """Have the password checked again, and go on with the roles that are enabled now."""
    form = RolesForm()
    form.check_known_fields()
    password, address = SecretStr(form.password.data or ""), client_address()
    try:
        proven = portal().account.refresh_roles(
            identity(), session_token(), password, address, form.code.data or ""
        )
    except BrokenRules as broken:
        form.show(broken.problems)
        return _page(form), broken.status
    except (NotPossible, NotYet, SignInRefused) as refusal:
        return _page(form, refusal), refusal.status, retry_headers(refusal)
    sign_in_as(proven.token, proven.identity)
    return redirect(url_for("account.show", refreshed=1), 303)


def _page(form: RolesForm, refusal: PortalError | None = None) -> str:
    rows = portal().account.list_permissions(identity())
    warehouse = portal().account.find_warehouse(identity())
    provider = portal().company.find_provider(identity())
    return render_template(
        "account/show.html",
        sessions=portal().account.list_sessions(identity(), session_token()),
        alike=together(rows),
        total=len(rows),
        roles=sorted(identity().roles),
        tokens=portal().tokens.list_own(identity()),
        warehouse=warehouse,
        provider=provider,
        is_role_claimed=bool(provider and warehouse and warehouse.is_role_claimed),
        form=form,
        refusal=refusal,
    )
