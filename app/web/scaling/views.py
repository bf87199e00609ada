"""Asking for another size: the form, and the draft that it leads to."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Permission
from app.domain.groups import ComputeGroup
from app.domain.requests import ScalingRequest
from app.domain.scaling import ScalingConfig
from app.errors import BrokenRules, ConfigurationChanged, NotPossible
from app.web.forms import KEEPS_THE_FORM
from app.web.login import identity, portal
from app.web.scaling.filling import find_filling, presets_for
from app.web.scaling.forms import SIZE_LABEL, ScaleForm, form_for
from app.web.typed import find_typed

scaling = Blueprint("scaling", __name__)


@scaling.route("/groups/<uuid:service_id>/scale", methods=["GET", "POST"])
def new(service_id: UUID) -> ResponseReturnValue:
    """Ask for another size."""
    group, config = _scalable_group(str(service_id))
    # The form must fit what the person saw, even if the group's mode has changed since.
    drawn = ScalingConfig.from_fingerprint(request.form.get("drawn_from", "")) or config
    form = form_for(drawn if request.method == "POST" else config)
    if request.method == "POST":
        form.offer(group.definition.limits, config)
        form.check_known_fields()
        return _propose(form, group, drawn)
    portal().gate.check_open()
    filling = find_filling(group, config)
    form.fill(filling.config)
    form.offer(group.definition.limits, config)
    form.reason.data = filling.reason
    form.refill(typed := find_typed())
    form.drawn_from.data = config.fingerprint
    if filling.rejection:
        form.show([filling.rejection])
    return _form_page(form, group, config, note=filling.note, is_refilled=bool(typed))


def _propose(form: ScaleForm, group: ComputeGroup, drawn: ScalingConfig) -> ResponseReturnValue:
    about = portal().events.about(group.service_id)
    try:
        with portal().audit.noting(identity(), "draft", about):
            request_made = _read(form, group.service_id)
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


def _read(form: ScaleForm, service_id: str) -> ScalingRequest:
    """The request. Raises BrokenRules with what is wrong in this group as well."""
    try:
        return form.build_request()
    except BrokenRules as broken:
        raise portal().scaling.add_rules_of_group(
            identity(), service_id, form.values(), broken
        ) from None


def _scalable_group(service_id: str) -> tuple[ComputeGroup, ScalingConfig]:
    group, freshness = portal().groups.get_group(identity(), service_id, Permission.SCALE)
    if request.method == "GET":  # a form that was filled in comes back with the reason
        freshness.check_recent()
    obstacle = group.scaling_obstacle
    if obstacle or group.service is None or group.service.configured is None:
        raise NotPossible(
            message=f"“{group.name}” cannot be scaled at the moment.", remedy=obstacle or ""
        )
    return group, group.service.configured


def _form_page(form: ScaleForm, group: ComputeGroup, config: ScalingConfig, **shown: object) -> str:
    return render_template(
        "scaling/new.html",
        form=form,
        group=group,
        config=config,
        presets=presets_for(group, config.mode),
        size_label=SIZE_LABEL,
        **shown,
    )


def _changed_meanwhile(form: ScaleForm, service_id: str, drawn: ScalingConfig) -> str:
    group, config = _scalable_group(service_id)
    yours = form.build_request().applied_to(drawn)
    fresh = form_for(config)
    fresh.offer(group.definition.limits, config)
    if drawn.mode is not config.mode:
        fresh.fill(config)
    fresh.drawn_from.data = config.fingerprint
    return _form_page(fresh, group, config, was=drawn, yours=yours)
