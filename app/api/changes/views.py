"""Changing a compute group in one request, and looking at what became of it."""

from typing import Any

from flask import Response

from app.api.answers import answer
from app.api.body import parse_reference, parse_service_id, read_object
from app.api.changes.outcomes import (
    NOTHING_TO_CHANGE,
    done,
    location_of,
    status_of,
    submitter,
    take_dry_run,
)
from app.api.changes.serializers import show_change, show_preview
from app.api.credentials import header_caller
from app.api.models import MessageAnswer
from app.domain.access.permissions import Identity
from app.domain.changes.actions import Action
from app.domain.changes.change import Change
from app.http.current import portal
from app.services.schedules.holding import FIELD as PAUSE_FIELD

COMMAND_IS_NO_OP = "That is in progress or done already."


def show_one_change(reference: str) -> Response:
    """One change."""
    named = parse_reference(reference)
    who = portal().callers.identify_for_change(named, header_caller())
    change = portal().ledger.get_change(who, named)
    return answer(show_change(change, portal().ledger.find_effect(change)))


def create_change(service_id: str) -> Response:
    """Another size for a group."""
    key, caller = parse_service_id(service_id), header_caller()
    who = portal().callers.identify_for_action(key, caller, Action.SCALE)
    values = read_object()
    is_dry_run, problems = take_dry_run(values)
    by = submitter(who, caller)
    if is_dry_run:
        portal().manual_holds.check_order(who, key, values.pop(PAUSE_FIELD, None))
        return _preview(who, key, values)
    change = done(portal().manual_holds.scale(by, key, values, problems=problems))
    return _sent(change, NOTHING_TO_CHANGE)


def change_state(service_id: str) -> Response:
    """Wake, start or stop a group."""
    key, caller = parse_service_id(service_id), header_caller()
    values = read_object()
    who = portal().callers.identify_for_group(key, caller, is_write=True)
    change = done(portal().idempotent.change_state(submitter(who, caller), key, values))
    return _sent(change, COMMAND_IS_NO_OP)


def _preview(who: Identity, service_id: str, values: dict[str, Any]) -> Response:
    proposal = portal().scaling.preview(who, service_id, values)
    draft = proposal.draft if proposal else None
    if draft is None or draft.before is None or draft.target is None:
        return answer(MessageAnswer(message=NOTHING_TO_CHANGE))
    group, _ = portal().groups.get_group(who, service_id)
    return answer(show_preview(draft, draft.before, draft.target, group))


def _sent(change: Change | None, otherwise: str) -> Response:
    if change is None:
        return answer(MessageAnswer(message=otherwise))
    shown = show_change(change, portal().ledger.find_effect_of_sent(change))
    return answer(shown, status_of(change), location_of(change))
