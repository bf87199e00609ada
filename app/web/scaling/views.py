"""Asking for another size: the form, and the draft that it leads to."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Permission
from app.domain.changes import Change
from app.domain.groups import ComputeGroup
from app.domain.rejections import rejection_of
from app.domain.scaling import ScalingConfig
from app.errors import BrokenRules, ConfigurationChanged, NotFound, NotPossible, PortalError
from app.web.forms import KEEPS_THE_FORM
from app.web.login import identity, portal
from app.web.scaling.forms import ScaleForm, form_for
from app.web.typed import find_typed

scaling = Blueprint("scaling", __name__)


@scaling.route("/groups/<uuid:service_id>/scale", methods=["GET", "POST"])
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
    portal().gate.check_open()
    _fill(form, config)
    form.refill(typed := find_typed())
    form.drawn_from.data = config.fingerprint
    return _form_page(form, group, config, is_refilled=bool(typed))


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
    is_refilled: bool = False,
    refusal: PortalError | None = None,
) -> str:
    return render_template(
        "scaling/new.html",
        form=form,
        group=group,
        config=config,
        is_unchanged=is_unchanged,
        is_refilled=is_refilled,
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
        "scaling/new.html", form=fresh, group=group, config=config, was=drawn, yours=yours
    )
