"""Looking at the schedule of a group, putting one in force, and taking it out."""

from typing import Any

from flask import Response

from app.api.answers import answer
from app.api.body import parse_service_id, read_object
from app.api.credentials import header_caller
from app.api.models import MessageAnswer
from app.api.schedules.serializers import show_schedule
from app.domain.access.permissions import Identity, Permission
from app.domain.groups.scaling import whole_number
from app.domain.messages import problem
from app.errors import BrokenRules, NotFound, Problem
from app.http.current import portal


def show_one_schedule(service_id: str) -> Response:
    """The schedule of a group, also where it has none."""
    key = parse_service_id(service_id)
    who = portal().callers.identify_for_group(key, header_caller())
    return _shown(who, key)


def put_schedule(service_id: str) -> Response:
    """Put a schedule in force, or only judge it."""
    key = parse_service_id(service_id)
    who = portal().callers.identify_for_permission(key, header_caller(), Permission.SCHEDULE)
    values = read_object()
    reason, seen, is_dry_run = _take_options(values, _current(who, key))
    editing = portal().schedule_editing
    if is_dry_run:
        editing.check(who, key, values, reason=reason)
        return answer(MessageAnswer(message="The schedule can be saved. Nothing was saved."))
    editing.save(who, key, values, reason=reason, seen=seen)
    return _shown(who, key)


def delete_schedule(service_id: str) -> Response:
    """Take the schedule of a group out of force."""
    key = parse_service_id(service_id)
    who = portal().callers.identify_for_permission(key, header_caller(), Permission.SCHEDULE)
    seen = _current(who, key)
    if seen is None:
        raise NotFound
    portal().schedule_editing.remove(who, key, seen=seen)
    return answer(MessageAnswer(message="The schedule was removed. The group stays as it is."))


def hand_over_schedule(service_id: str) -> Response:
    """Let Cloud carry out what is in force."""
    key = parse_service_id(service_id)
    who = portal().callers.identify_for_permission(key, header_caller(), Permission.SCHEDULE)
    seen = _take_version(read_object(), _current(who, key))
    if seen is None:
        raise NotFound
    portal().cloud_schedules.hand_over(who, key, seen=seen)
    return _shown(who, key)


def take_back_schedule(service_id: str) -> Response:
    """Let the portal carry it out again."""
    key = parse_service_id(service_id)
    who = portal().callers.identify_for_permission(key, header_caller(), Permission.SCHEDULE)
    portal().cloud_schedules.take_back(who, key)
    return _shown(who, key)


def _shown(who: Identity, service_id: str) -> Response:
    return answer(show_schedule(portal().schedules.show(who, service_id)))


def _current(who: Identity, service_id: str) -> int | None:
    record = portal().schedules.show(who, service_id).standing.record
    return record.version.number if record else None


def _take_version(values: dict[str, Any], current: int | None) -> int | None:
    """The version that is meant. Raises BrokenRules."""
    given = values.pop("version", None)
    number = whole_number(given)
    problems = [problem(name, "unknown_field") for name in values]
    if given is not None and (number is None or number < 1):
        problems.append(problem("version", "not_a_whole_number"))
    if problems:
        raise BrokenRules(tuple(problems))
    return current if given is None else number


def _take_options(values: dict[str, Any], current: int | None) -> tuple[str, int | None, bool]:
    """Reason, version to replace and whether to only judge, taken out of the values.

    Raises BrokenRules.
    """
    reason, is_dry_run = values.pop("reason", ""), values.pop("dry_run", False)
    given = values.pop("version", None)
    number = whole_number(given)
    problems: list[Problem] = []
    if not isinstance(reason, str):
        problems.append(problem("reason", "not_text"))
    if not isinstance(is_dry_run, bool):
        problems.append(problem("dry_run", "not_yes_or_no"))
    if given is not None and (number is None or number < 0):
        problems.append(problem("version", "not_a_whole_number"))
    if problems:
        raise BrokenRules(tuple(problems))
    return reason, current if given is None else number or None, is_dry_run
