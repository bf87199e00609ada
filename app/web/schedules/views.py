"""Schedules: all that a person sees, one of them, editing it, and what is ordered besides."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app.domain.changes.scaling_request import request_for
from app.domain.schedules.parsing import (
    dump_schedule,
    dump_settings,
    parse_local_moment,
    parse_schedule,
)
from app.errors import BrokenRules, NotAllowed, NotFound, PortalError, Problem
from app.http.current import portal, settings
from app.services.schedules.service import ScheduleDetails
from app.web.forms import KEEPS_THE_FORM, parse_number
from app.web.login import identity
from app.web.schedules.cloud_page import list_cloud_rows
from app.web.schedules.form import PauseForm, ScheduleForm, add_slot, make_form
from app.web.schedules.page import build_week, list_changes, list_skips, list_windows
from app.web.schedules.wording import (
    ORDERED,
    SAVED,
    show_cloud_obstacle,
    show_cloud_plan,
    show_failure,
    show_rule,
)

schedules = Blueprint("schedules", __name__)


@schedules.app_template_filter("rule")
def rule_filter(rule: object) -> str:
    """A rule about a size in words."""
    return show_rule(rule)  # type: ignore[arg-type] # templates have no types


@schedules.app_template_filter("planned_failure")
def failure_filter(code: str) -> str:
    """Why a planned change failed."""
    return show_failure(code)


@schedules.app_template_filter("cloud_plan")
def cloud_plan_filter(details: ScheduleDetails) -> str:
    """What Cloud's own schedule is to the portal."""
    return show_cloud_plan(details)


@schedules.get("/schedules")
def index() -> str:
    """Every group with a schedule."""
    return render_template(
        "schedules/index.html", rows=portal().schedules.list_overview(identity())
    )


@schedules.get("/groups/<uuid:service_id>/schedule")
def show(service_id: UUID) -> str:
    """The schedule of a group."""
    return _show_page(portal().schedules.show(identity(), str(service_id)))


@schedules.get("/groups/<uuid:service_id>/schedule/edit")
def edit(service_id: UUID) -> str:
    """The form, filled with what is in force."""
    details, config = portal().schedules.open_form(identity(), str(service_id))
    schedule = details.standing.schedule
    limits = details.group.definition.limits
    form = make_form(config, limits, len(schedule.windows) if schedule else 0)
    if schedule:
        form.fill(dump_schedule(schedule))
    else:
        form.zone.data = settings().time_zone
    record = details.standing.record
    form.version.data = str(record.version.number if record else 0)
    if reference := request.args.get("from", ""):
        _fill_from_draft(form, details, reference)
    return _form_page(form, details)


@schedules.post("/groups/<uuid:service_id>/schedule/<any(review, save, add, change):step>")
def save(service_id: UUID, step: str) -> ResponseReturnValue:
    """Show what was typed for review, save it once it was reviewed, or show the form again."""
    key = str(service_id)
    details, config = portal().schedules.open_form(identity(), key)
    form = make_form(config, details.group.definition.limits)
    form.check_known_fields()
    if step == "add":
        form = add_slot(form, config, details.group.definition.limits)
    if step in {"add", "change"}:
        return _form_page(form, details)
    try:
        return _judged(form, details, is_reviewed=step == "save")
    except BrokenRules as broken:
        form.show(broken.problems)
        return _form_page(form, details), broken.status
    except (*KEEPS_THE_FORM, NotAllowed) as refusal:
        return _form_page(form, details, refusal=refusal), refusal.status


@schedules.post(
    "/groups/<uuid:service_id>/schedule/"
    "<any(skip, pause, resume, remove, back, 'hand-over', 'take-back'):action>"
)
def order(service_id: UUID, action: str) -> ResponseReturnValue:
    """What is ordered at one press, beside a schedule that the person has seen."""
    key, who, editing = str(service_id), identity(), portal().schedule_editing
    seen = _number("version")
    in_cloud = portal().cloud_schedules
    orders: dict[str, Callable[[], object]] = {
        "skip": lambda: editing.skip_next(who, key, seen=seen),
        "pause": lambda: editing.pause(who, key, _moment(key), seen=seen),
        "resume": lambda: editing.resume(who, key, seen=seen),
        "remove": lambda: editing.remove(who, key, seen=seen),
        "back": lambda: editing.put_back(who, key, _number("number"), seen=seen or None),
        "hand-over": lambda: in_cloud.hand_over(who, key, seen=seen),
        "take-back": lambda: in_cloud.take_back(who, key),
    }
    try:
        orders[action]()
    except BrokenRules as broken:
        return _show_page(portal().schedules.show(who, key), broken.problems), broken.status
    except KEEPS_THE_FORM as refusal:
        page = _show_page(portal().schedules.show(who, key), refusal=refusal)
        return page, refusal.status
    if words := ORDERED.get(action):
        flash(words)
    return redirect(url_for("schedules.show", service_id=key), 303)


def _judged(
    form: ScheduleForm, details: ScheduleDetails, *, is_reviewed: bool
) -> ResponseReturnValue:
    key, values, reason = details.group.service_id, form.values(), form.reason.data or ""
    seen = parse_number(form.version.data)
    if not isinstance(seen, int):
        raise BadRequest
    editing = portal().schedule_editing
    if is_reviewed:
        editing.save(identity(), key, values, reason=reason, seen=seen or None)
        flash(SAVED)
        return redirect(url_for("schedules.show", service_id=key), 303)
    editing.check(identity(), key, values, reason=reason)
    preview = portal().schedules.preview(identity(), key, parse_schedule(values))
    return render_template("schedules/review.html", form=form, **_shown(preview))


def _fill_from_draft(form: ScheduleForm, details: ScheduleDetails, reference: str) -> None:
    """Put the size of a draft of this person's where the schedule sets one now."""
    draft = portal().ledger.get_own_change(identity(), reference)
    schedule, due = details.standing.schedule, details.standing.due
    if schedule is None or due is None or draft.service_id != details.group.service_id:
        raise NotFound
    place = schedule.windows.index(due.window) if due.window else None
    if draft.target:
        settings_of = dump_settings(request_for(draft.target, reason=""))
        form.fill_size("base" if place is None else f"w{place}", settings_of)
    form.reason.data = draft.reason


def _form_page(form: ScheduleForm, details: ScheduleDetails, **shown: object) -> str:
    planned = _planned(form, details)
    schedule, record = planned.standing.schedule, planned.standing.record
    if schedule and record:
        shown["week"] = build_week(schedule, record.exceptions, datetime.now(UTC))
    shown |= {"group": details.group, "standing": details.standing, "planned": planned}
    return render_template("schedules/edit.html", form=form, **shown)


def _planned(form: ScheduleForm, details: ScheduleDetails) -> ScheduleDetails:
    """The schedule as it would be with what is in the form, or as it is where that is none."""
    try:
        schedule = parse_schedule(form.values())
    except BrokenRules:
        return details
    return portal().schedules.preview(identity(), details.group.service_id, schedule)


def _show_page(
    details: ScheduleDetails,
    problems: tuple[Problem, ...] = (),
    refusal: PortalError | None = None,
) -> str:
    form = PauseForm()
    form.show(problems)
    return render_template("schedules/show.html", form=form, refusal=refusal, **_shown(details))


def _shown(details: ScheduleDetails) -> dict[str, object]:
    standing = details.standing
    schedule, record, now = standing.schedule, standing.record, datetime.now(UTC)
    shown: dict[str, object] = {"details": details, "group": details.group, "standing": standing}
    zone = ZoneInfo(schedule.zone if schedule else settings().time_zone)
    shown |= {
        "cloud_rows": list_cloud_rows(details.cloud_entries, zone, now.year),
        "wanted_rows": list_cloud_rows(details.wanted_entries, zone, now.year),
        "cloud_zone": zone.key,
    }
    if schedule and record:
        shown |= {
            "week": build_week(schedule, record.exceptions, now),
            "skips": list_skips(record.exceptions, now.astimezone(zone).date()),
            "windows": list_windows(schedule, standing.current),
            "changes": list_changes(details.changes, schedule, standing.current),
            "cloud": show_cloud_obstacle(
                details.cloud_obstacle, is_handed_over=standing.handover is not None
            ),
            "is_paused": record.exceptions.paused_until and record.exceptions.paused_until > now,
        }
    return shown


def _moment(service_id: str) -> datetime:
    schedule = portal().schedules.show(identity(), service_id).standing.schedule
    if schedule is None:
        raise NotFound
    return parse_local_moment(request.form.get("until", ""), schedule.zone_info)


def _number(name: str) -> int:
    number = parse_number(request.form.get(name))
    if not isinstance(number, int) or number < 0:
        raise BadRequest
    return number
