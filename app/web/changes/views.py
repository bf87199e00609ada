"""Changing a group: ask, review, confirm, and watch it become true."""

from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from app.domain.changes.change import ChangeState
from app.domain.messages import problem
from app.errors import (
    BrokenRules,
    ConfigurationChanged,
    CredentialRefusal,
    NotFound,
    NotYet,
    PortalError,
    SignInRefused,
)
from app.http.current import portal
from app.http.request_context import client_address
from app.http.retry_after import retry_headers
from app.services.changes.confirmation import Confirmation
from app.web.changes import changes
from app.web.changes.confirm_form import EDIT_SCHEDULE, ConfirmForm
from app.web.changes.page import build_page
from app.web.changes.review_page import ReviewPage, build_review
from app.web.forms import KEEPS_THE_FORM
from app.web.live import answer_unchanged, answer_whole, is_current
from app.web.login import check_signed_in, identity, session_token
from app.web.step_up import has_stepped_up


@changes.get("/changes/<reference>/review")
def review(reference: str) -> ResponseReturnValue:
    """Look at a draft before it is confirmed."""
    page = _build_review(reference)
    if page.change.state is not ChangeState.DRAFT:
        return redirect(url_for("changes.show", reference=reference), 303)
    return _show_review(page, ConfirmForm(), None)


@changes.post("/groups/<uuid:service_id>/<any(wake, start, stop):action>")
def begin(service_id: UUID, action: str) -> ResponseReturnValue:
    """Wake or start at one press; what asks for more goes through the page of the last step."""
    key = str(service_id)
    change = portal().state_commands.begin(
        identity(),
        key,
        {"command": action},
        _confirmation(ConfirmForm(formdata=None)),
        check_signed_in=check_signed_in,
    )
    if change is None:
        return redirect(url_for("groups.show", service_id=key), 303)
    page = "changes.review" if change.state is ChangeState.DRAFT else "changes.show"
    return redirect(url_for(page, reference=change.reference), 303)


@changes.post("/changes/<reference>/confirm")
def confirm(reference: str) -> ResponseReturnValue:
    """Carry the draft out, once."""
    form = ConfirmForm()
    form.check_known_fields()
    if form.hold.data == EDIT_SCHEDULE:
        return _to_schedule(reference)
    try:
        portal().manual_holds.confirm(
            identity(),
            reference,
            _confirmation(form, reference),
            reason=form.reason.data or "",
            pause_until=form.pause_until,
            check_signed_in=check_signed_in,
        )
    except ConfigurationChanged:
        return _conflict_page(reference), 409
    except BrokenRules as broken:
        form.show(broken.problems)
        return _review_page(reference, form, broken), broken.status
    except SignInRefused as refusal:
        if refusal.reason == CredentialRefusal.WRONG_CREDENTIALS:
            form.show([problem("password", "password_wrong")])
        return _refused(reference, form, refusal)
    except (NotYet, *KEEPS_THE_FORM) as refusal:
        return _refused(reference, form, refusal)
    return redirect(url_for("changes.show", reference=reference), 303)


def _to_schedule(reference: str) -> ResponseReturnValue:
    """On to the form of the schedule, filled with the size of a draft."""
    draft = portal().ledger.get_own_change(identity(), reference)
    filled: dict[str, Any] = {"from": reference}
    return redirect(url_for("schedules.edit", service_id=draft.service_id, **filled), 303)


def _refused(reference: str, form: ConfirmForm, refusal: PortalError) -> ResponseReturnValue:
    return _review_page(reference, form, refusal), refusal.status, retry_headers(refusal)


def _confirmation(form: ConfirmForm, reference: str = "") -> Confirmation:
    return Confirmation(
        password=SecretStr(form.password.data or ""),
        group_name=form.group_name.data or "",
        address=client_address(),
        token=session_token(),
        code=form.code.data or "",
        is_proven=has_stepped_up(reference, session_token()),
    )


@changes.get("/changes/<reference>")
def show(reference: str) -> ResponseReturnValue:
    """What became of a change, now and for good."""
    edition = portal().change_pages.find_edition(identity(), reference)
    if edition is None:
        return redirect(url_for("changes.review", reference=reference), 303)
    page = build_page(portal().change_pages.show(identity(), reference))
    return render_template("changes/show.html", page=page, edition=edition)


@changes.get("/changes/<reference>/live")
def show_live(reference: str) -> ResponseReturnValue:
    """The part of the change's page that changes by itself; a draft has none."""
    edition = portal().change_pages.find_edition(identity(), reference)
    if edition is None:
        raise NotFound
    if is_current(edition):
        return answer_unchanged(edition)
    page = build_page(portal().change_pages.show(identity(), reference))
    return answer_whole(edition, render_template("changes/_show.html", page=page))


@changes.post("/changes/<reference>/close")
def close(reference: str) -> ResponseReturnValue:
    """Close a change that nothing can settle, so that the group is free again."""
    portal().ledger.close_manually(identity(), reference)
    return redirect(url_for("changes.show", reference=reference), 303)


def _build_review(reference: str) -> ReviewPage:
    return build_review(portal().change_pages.review(identity(), reference, session_token()))


def _review_page(reference: str, form: ConfirmForm, refusal: PortalError | None = None) -> str:
    return _show_review(_build_review(reference), form, refusal)


def _show_review(page: ReviewPage, form: ConfirmForm, refusal: PortalError | None) -> str:
    if page.hold:
        form.set_hold(page.hold)
    return render_template(
        "changes/review.html",
        page=page,
        form=form,
        refusal=refusal,
        provider=portal().company.find_provider(identity()),
        is_proven=has_stepped_up(page.change.reference, session_token()),
    )


def _conflict_page(reference: str) -> str:
    conflict = portal().change_pages.find_conflict(identity(), reference)
    title = _conflict_title(conflict.group.name, is_own=conflict.is_own)
    return render_template("changes/conflict.html", **vars(conflict), title=title)


def _conflict_title(name: str, *, is_own: bool) -> str:
    return f"You have changed {name} already" if is_own else f"{name} was changed by someone else"
