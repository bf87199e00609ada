"""Asking for another size: the form, and the draft that it leads to."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.boosts.request import BoostRequest
from app.domain.changes.scaling_request import ScalingRequest
from app.domain.groups.group import ComputeGroup
from app.domain.groups.scaling import ScalingConfig
from app.errors import BrokenRules
from app.http.current import portal, settings
from app.services.changes.preconditions import GroupChanged
from app.web.changes import changes
from app.web.changes.initial_values import find_initial_values
from app.web.changes.scale_form import ScaleForm, form_for
from app.web.changes.scale_page import build_scale_page
from app.web.form_drafts import find_form_draft, forget_form_draft
from app.web.forms import KEEPS_THE_FORM
from app.web.login import identity


@changes.get("/groups/<uuid:service_id>/scale")
def scale(service_id: UUID) -> str:
    """The form, filled with what is configured or with what the address asks for; while nobody
    can ask for anything, why."""
    opening = portal().change_pages.open_form(identity(), str(service_id))
    group, config = opening.group, opening.config
    if not opening.is_open:
        return render_template("changes/closed.html", opening=opening)
    form, initial = form_for(config), find_initial_values(group, config)
    form.fill(initial.config)
    form.set_choices(group.definition.limits, config)
    form.set_durations(group, is_boost="boost" in request.args)
    form.fill_end(initial.boost_until, ZoneInfo(settings().time_zone), datetime.now(UTC))
    form.reason.data = initial.reason
    form.refill(draft := find_form_draft())
    form.drawn_from.data = config.fingerprint
    if initial.rejection:
        form.show([initial.rejection])
    return _form_page(
        form,
        group,
        config,
        note=initial.note,
        is_refilled=bool(draft),
        pause=None if opening.scaling.is_enabled else opening.scaling,
    )


@changes.post("/groups/<uuid:service_id>/scale")
def propose(service_id: UUID) -> ResponseReturnValue:
    """Record what was typed as a draft, to be reviewed."""
    group, config = portal().groups.get_scalable_group(identity(), str(service_id))
    # The form must fit what the person saw, even if the group's mode has changed since.
    drawn = ScalingConfig.from_fingerprint(request.form.get("drawn_from", "")) or config
    form = form_for(drawn)
    form.set_choices(group.definition.limits, config)
    form.set_durations(group, is_boost=False)
    form.check_known_fields()
    ends = form.end_values(ZoneInfo(settings().time_zone), datetime.now(UTC))
    try:
        draft = portal().scaling.propose(
            identity(),
            group.service_id,
            {**form.values(), **ends},
            BoostRequest if form.is_boost else ScalingRequest,
            required=form.required,
            drawn_from=form.drawn_from.data or "",
        )
    except BrokenRules as broken:
        form.show(broken.problems)
        return _form_page(form, group, drawn), 422
    except GroupChanged as changed:
        return _changed_meanwhile(group.service_id, drawn, changed.requested), 409
    except KEEPS_THE_FORM as refusal:
        return _form_page(form, group, drawn, refusal=refusal), refusal.status
    if draft is None:
        return _form_page(form, group, drawn, is_unchanged=True)
    forget_form_draft()
    return redirect(url_for("changes.review", reference=draft.reference), 303)


def _form_page(form: ScaleForm, group: ComputeGroup, config: ScalingConfig, **shown: object) -> str:
    room = portal().change_pages.find_room(identity(), group.service_id)
    page = build_scale_page(group, config, form, room, settings().time_zone)
    words = portal().budgets.find_words(group.service_id)
    return render_template("changes/scale.html", form=form, page=page, budget_words=words, **shown)


def _changed_meanwhile(service_id: str, drawn: ScalingConfig, yours: ScalingConfig | None) -> str:
    group, config = portal().groups.get_scalable_group(identity(), service_id)
    fresh = form_for(config)
    fresh.set_choices(group.definition.limits, config)
    fresh.set_durations(group, is_boost=False)
    if drawn.mode is not config.mode:
        fresh.fill(config)
    fresh.drawn_from.data = config.fingerprint
    return _form_page(fresh, group, config, was=drawn, yours=yours)
