"""The page to sign in, whichever way was tried."""

from flask import render_template, request

from app.errors import PortalError, WakeNeeded
from app.http.current import portal
from app.web.sign_in.forms import SignInForm


def render_sign_in(
    form: SignInForm, refusal: PortalError | None = None, *, company: str = ""
) -> str:
    """The page; `company` is the warehouse whose company's sign-in was refused."""
    keys = request.args.get("provider", "") if request.args.get("signed_out") else ""
    return render_template(
        "sign_in/form.html",
        form=form,
        refusal=refusal,
        wake=refusal if isinstance(refusal, WakeNeeded) else None,
        company=company,
        companies=portal().company.list_warehouses(),
        left=portal().company.list_of(keys.split(",")),
    )
