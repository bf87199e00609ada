"""Changing a compute group in one request, and looking at what became of it."""

from flask import Response

from app.api.acting import (
    NOTHING_TO_CHANGE,
    checked,
    location_of,
    parsed,
    scale,
    status_of,
    submitter,
)
from app.api.answers import answer
from app.api.body import parse_reference, parse_service_id, read_object
from app.api.context import portal
from app.api.credentials import basic_caller
from app.api.groups import describe
from app.api.models import MessageAnswer
from app.api.shown import show_preview
from app.domain.access import Identity, Permission
from app.domain.changes import Change
from app.domain.messages import problem
from app.domain.state_requests import parse_state_request
from app.errors import BrokenRules, Problem


def show_one_change(reference: str) -> Response:
    """One change."""
    named = parse_reference(reference)
    who = portal().api_access.identify_for_change(named, basic_caller())
    return answer(describe(portal().ledger.get_change(who, named)))


def create_change(service_id: str) -> Response:
    """Another size for a group."""
    key, caller = parse_service_id(service_id), basic_caller()
    who = portal().api_access.identify_for_group(key, caller)
    # Before the body is judged: whoever may not change the group learns nothing else.
    portal().access.check_permission(who, key, Permission.SCALE)
    values = read_object()
    if _take_dry_run(who, key, values):
        return _preview(who, key, values)
    change = scale(who, caller, key, values)
    if change is None:
        return answer(MessageAnswer(message=NOTHING_TO_CHANGE))
    return _sent(change)


def change_state(service_id: str) -> Response:
    """Wake, start or stop a group."""
    key, caller = parse_service_id(service_id), basic_caller()
    who = portal().api_access.identify_for_group(key, caller)
    portal().access.check_permission(who, key, Permission.VIEW)
    values = read_object()
    with portal().audit.noting(who, "draft", portal().events.about(key)):
        request = parse_state_request(values)
    by = submitter(who, caller, confirm_name=request.confirm_name)
    change = checked(portal().submitting.change_state(by, key, request))
    if change is None:
        return answer(MessageAnswer(message="That is under way or done already."))
    return _sent(change)


def _take_dry_run(who: Identity, service_id: str, values: dict[str, object]) -> bool:
    """Whether to only look. Raises BrokenRules with all other problems of the body as well."""
    wanted = values.pop("dry_run", False)
    if isinstance(wanted, bool):
        return wanted
    problems: list[Problem] = []
    try:
        parsed(who, service_id, values)
    except BrokenRules as broken:
        problems += broken.problems
    raise BrokenRules((*problems, problem("dry_run", "not_yes_or_no")))


def _preview(who: Identity, service_id: str, values: dict[str, object]) -> Response:
    draft = portal().scaling.preview(who, service_id, parsed(who, service_id, values))
    if draft is None or draft.before is None or draft.target is None:
        return answer(MessageAnswer(message=NOTHING_TO_CHANGE))
    group, _ = portal().groups.get_group(who, service_id, Permission.VIEW)
    return answer(show_preview(draft, draft.before, draft.target, group))


def _sent(change: Change) -> Response:
    return answer(describe(change), status_of(change), location_of(change))
