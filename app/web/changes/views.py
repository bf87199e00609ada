"""Changing a group: ask, review, confirm, and watch it become true."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from app.domain.access import Permission
from app.domain.acts import Act
from app.domain.changes import Change, ChangeState
from app.domain.comparison import consequences_of
from app.domain.groups import ComputeGroup
from app.domain.proof import confirmable_until, needs_proof
from app.domain.rejections import rejection_of
from app.domain.scaling import ScalingConfig
from app.errors import (
    BrokenRules,
    ChangeConflict,
    ChangesClosed,
    CloudError,
    ConfigurationChanged,
    NotFound,
    NotPossible,
    PortalError,
    SignInRefused,
    StoreUnavailable,
    Throttled,
)
from app.services.proof import Proof
from app.web.changes.forms import ConfirmForm, ScaleForm, form_for
from app.web.changes.page import build_page
from app.web.login import identity, portal

changes = Blueprint("changes", __name__)

KEEPS_THE_FORM = (
    ChangeConflict,
    ChangesClosed,
    CloudError,
    NotPossible,
    SignInRefused,
    StoreUnavailable,
)
"""Refusals after which the person stays where they are, with everything they typed."""


@changes.route("/groups/<uuid:service_id>/scale", methods=["GET", "POST"])
def new(service_id: UUID) -> ResponseReturnValue:
    """Ask for another size."""
    group, config = _scalable_group(str(service_id))
    # The form must fit what the person saw, even if the group's mode has changed since.
    drawn = ScalingConfig.from_fingerprint(request.form.get("drawn_from", "")) or config
    form = form_for(drawn if request.method == "POST" else config)
    form.offer(group.definition.limits, config)
    if request.method == "POST":
        form.check_known_fields()
        return _propose(form, group, drawn)
    _fill(form, config)
    form.drawn_from.data = config.fingerprint
    return _form_page(form, group, config)


def _propose(form: ScaleForm, group: ComputeGroup, drawn: ScalingConfig) -> ResponseReturnValue:
    try:
        request_made = form.build_request()
        draft = portal().scaling.propose(
            identity(), group.service_id, request_made, drawn_from=form.drawn_from.data or ""
        )
    except BrokenRules as broken:
        form.show(broken.problems)
        return _form_page(form, group, drawn), 422
    except ConfigurationChanged:
        return _changed_meanwhile(form, group.service_id, drawn), 409
    except KEEPS_THE_FORM as refusal:
        return _form_page(form, group, drawn, refusal=refusal), refusal.status
    if draft is None:
        return _form_page(form, group, drawn, is_unchanged=True)
    return redirect(url_for("changes.review", reference=draft.reference), 303)


@changes.get("/changes/<reference>/review")
def review(reference: str) -> ResponseReturnValue:
    """Look at a draft before it is confirmed."""
    change = portal().ledger.get_own_change(identity(), reference)
    if change.state is not ChangeState.DRAFT:
        return redirect(url_for("changes.show", reference=reference), 303)
    return _review_page(reference, ConfirmForm())


@changes.post("/groups/<uuid:service_id>/<any(wake, start, stop):act>")
def begin(service_id: UUID, act: str) -> ResponseReturnValue:
    """Wake or start at one press; stopping goes through a page that asks again."""
    key = str(service_id)
    draft = portal().power.propose(identity(), key, Act(act))
    if draft is None:
        return redirect(url_for("groups.show", service_id=key), 303)
    if draft.act is Act.STOP:
        return redirect(url_for("changes.review", reference=draft.reference), 303)
    portal().applying.apply(identity(), draft.reference)
    return redirect(url_for("changes.show", reference=draft.reference), 303)


@changes.post("/changes/<reference>/confirm")
def confirm(reference: str) -> ResponseReturnValue:
    """Carry the draft out, once."""
    form = ConfirmForm()
    form.check_known_fields()
    try:
        portal().applying.apply(identity(), reference, _proof(form))
    except ConfigurationChanged:
        return _conflict_page(reference), 409
    except BrokenRules as broken:
        form.show(broken.problems)
        return _review_page(reference, form, broken), broken.status
    except Throttled as refusal:
        wait = {"Retry-After": str(refusal.retry_after_seconds)}
        return _review_page(reference, form, refusal), refusal.status, wait
    except KEEPS_THE_FORM as refusal:
        return _review_page(reference, form, refusal), refusal.status
    return redirect(url_for("changes.show", reference=reference), 303)


def _proof(form: ConfirmForm) -> Proof:
    return Proof(
        password=SecretStr(form.password.data or ""),
        group_name=form.group_name.data or "",
        address=request.remote_addr or "",
    )


@changes.get("/changes/<reference>")
def show(reference: str) -> ResponseReturnValue:
    """What became of a change, now and for good."""
    page = build_page(portal(), identity(), reference)
    if page.change.state is ChangeState.DRAFT:
        return redirect(url_for("changes.review", reference=reference), 303)
    return render_template("changes/show.html", page=page)


@changes.get("/changes/<reference>/live")
def show_live(reference: str) -> str:
    """The part of the change's page that changes by itself; a draft has none."""
    page = build_page(portal(), identity(), reference)
    if page.change.state is ChangeState.DRAFT:
        raise NotFound
    return render_template("changes/_show.html", page=page)


@changes.post("/changes/<reference>/settle")
def settle(reference: str) -> ResponseReturnValue:
    """Close a change that nothing can settle, so that the group is free again."""
    portal().ledger.settle_by_hand(identity(), reference)
    return redirect(url_for("changes.show", reference=reference), 303)


def _scalable_group(service_id: str) -> tuple[ComputeGroup, ScalingConfig]:
    group, _ = portal().groups.get_group(identity(), service_id, Permission.SCALE)
    obstacle = group.scaling_obstacle
    if obstacle or group.service is None or group.service.configured is None:
        raise NotPossible(
            message=f"“{group.name}” cannot be scaled at the moment.", remedy=obstacle or ""
        )
    return group, group.service.configured


def _fill(form: ScaleForm, config: ScalingConfig) -> None:
    """Show the values of the change that the person comes back from, or what is configured."""
    change = _find_own_change(request.args.get("from", ""))
    if change is None or change.target is None or change.target.mode is not config.mode:
        form.fill(config)
        return
    form.fill(change.target)
    form.reason.data = change.reason
    if rejection := rejection_of(change):
        form.show([rejection])


def _find_own_change(reference: str) -> Change | None:
    try:
        return portal().ledger.get_own_change(identity(), reference)
    except NotFound:
        return None


def _form_page(
    form: ScaleForm,
    group: ComputeGroup,
    config: ScalingConfig,
    *,
    is_unchanged: bool = False,
    refusal: PortalError | None = None,
) -> str:
    return render_template(
        "changes/new.html",
        form=form,
        group=group,
        config=config,
        is_unchanged=is_unchanged,
        refusal=refusal,
    )


def _changed_meanwhile(form: ScaleForm, service_id: str, drawn: ScalingConfig) -> str:
    group, config = _scalable_group(service_id)
    yours = form.build_request().applied_to(drawn)
    fresh = form_for(config)
    fresh.offer(group.definition.limits, config)
    if drawn.mode is not config.mode:
        fresh.fill(config)
    fresh.drawn_from.data = config.fingerprint
    return render_template(
        "changes/new.html", form=fresh, group=group, config=config, was=drawn, yours=yours
    )


def _review_page(reference: str, form: ConfirmForm, refusal: PortalError | None = None) -> str:
    change = portal().ledger.get_own_change(identity(), reference)
    group, _ = portal().groups.get_group(identity(), change.service_id, Permission.VIEW)
    return render_template(
        "changes/review.html",
        change=change,
        group=group,
        meaning=consequences_of(change, group),
        needs_proof=needs_proof(change, group.definition.limits),
        until=confirmable_until(change, group.definition.limits),
        form=form,
        refusal=refusal,
    )


def _conflict_page(reference: str) -> str:
    change = portal().ledger.get_own_change(identity(), reference)
    group, _ = portal().groups.get_group(identity(), change.service_id, Permission.VIEW)
    return render_template("changes/conflict.html", change=change, group=group)
