"""Making a token and revoking one. A token is shown once, in the answer to the form of it."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from app.domain.tokens.token import MOST_DAYS
from app.errors import BrokenRules, NotPossible, NotYet, PortalError, SignInRefused
from app.http.current import portal
from app.http.request_context import client_address
from app.http.retry_after import retry_headers
from app.services.tokens.service import Typed
from app.web.login import identity, session_token
from app.web.tokens.form import TokenForm, make_form

tokens = Blueprint("tokens", __name__, url_prefix="/account/tokens")


@tokens.get("/new")
def new() -> str:
    """The form."""
    return _form_page(_form())


@tokens.post("")
def create() -> ResponseReturnValue:
    """Make a token, and show it this once."""
    form = _form()
    form.check_known_fields()
    password = SecretStr(form.password.data or "")
    try:
        code = form.code.data or ""
        typed = Typed(password, client_address(), session_token(), code)
        made = portal().tokens.create(identity(), form.values(), typed)
    except BrokenRules as broken:
        form.show(broken.problems)
        return _form_page(form), broken.status
    except (NotPossible, NotYet, SignInRefused) as refusal:
        return _form_page(form, refusal), refusal.status, retry_headers(refusal)
    return render_template("tokens/made.html", made=made)


@tokens.post("/<mark>/revoke")
def revoke(mark: str) -> ResponseReturnValue:
    """Revoke one of the person's own tokens."""
    portal().tokens.revoke_own(identity(), mark)
    return redirect(url_for("account.show", token_revoked=1, _anchor="tokens"), 303)


def _form() -> TokenForm:
    return make_form(portal().tokens.list_groups(identity()), identity())


def _form_page(form: TokenForm, refusal: PortalError | None = None) -> str:
    return render_template(
        "tokens/new.html",
        form=form,
        refusal=refusal,
        most_days=MOST_DAYS,
        asks_password=portal().tokens.is_password_asked(identity()),
    )
