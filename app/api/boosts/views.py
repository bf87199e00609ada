"""Making a compute group larger until a set time, and what can be done with that until then."""

from typing import Any

from flask import Response, url_for

from app.api.answers import answer
from app.api.body import parse_reference, parse_service_id, read_object
from app.api.boosts.models import BoostsAnswer
from app.api.boosts.serializers import show_boost, show_boost_preview
from app.api.changes.outcomes import (
    NOTHING_TO_CHANGE,
    done,
    status_of,
    submitter,
    take_dry_run,
)
from app.api.credentials import header_caller
from app.api.models import MessageAnswer
from app.domain.access.permissions import Identity, Permission
from app.domain.boosts.boost import Boost
from app.domain.boosts.request import BoostRequest
from app.domain.changes.actions import Action
from app.domain.changes.change import Change
from app.domain.messages import problem
from app.errors import BrokenRules, OutcomeNotRecorded, StoreUnavailable
from app.http.current import portal


def create_boost(service_id: str) -> Response:
    """A size for a group that ends by itself."""
    key, caller = parse_service_id(service_id), header_caller()
    who = portal().callers.identify_for_permission(key, caller, Permission.BOOST)
    values = read_object()
    is_dry_run, problems = take_dry_run(values)
    by = submitter(who, caller)
    if is_dry_run:
        return _preview(who, key, values)
    change = done(portal().idempotent.boost(by, key, values, problems=problems))
    if change is None:
        return answer(MessageAnswer(message=NOTHING_TO_CHANGE))
    where = url_for("api.show_boost", service_id=key, reference=change.reference)
    boost = _find_sent(who, key, change)
    return _shown(who, boost, status_of(change), {"Location": where})


def list_boosts(service_id: str) -> Response:
    """The latest boosts of a group."""
    key = parse_service_id(service_id)
    who = portal().callers.identify_for_group(key, header_caller())
    boosts = portal().boosts
    price, now = boosts.find_price(who, key), boosts.now()
    shown = [show_boost(item, price, now) for item in boosts.list_latest(who, key)]
    return answer(BoostsAnswer(boosts=shown))


def show_one_boost(service_id: str, reference: str) -> Response:
    """One boost."""
    key, named = parse_service_id(service_id), parse_reference(reference, "boost")
    who = portal().callers.identify_for_group(key, header_caller())
    return _shown(who, portal().boosts.get(who, key, named))


def extend_boost(service_id: str, reference: str) -> Response:
    """A later end."""
    key, named = parse_service_id(service_id), parse_reference(reference, "boost")
    caller = header_caller()
    who = portal().callers.identify_for_permission(key, caller, Permission.BOOST)
    return _shown(who, portal().boosts.extend(who, key, named, read_object()))


def end_boost(service_id: str, reference: str) -> Response:
    """The end at once."""
    key, named = parse_service_id(service_id), parse_reference(reference, "boost")
    who = portal().callers.identify_for_group(key, header_caller(), is_write=True)
    return _shown(who, portal().boosts.end(who, key, named))


def take_over_boost(service_id: str, reference: str) -> Response:
    """The size stays, and somebody answers for it."""
    key, named = parse_service_id(service_id), parse_reference(reference, "boost")
    who = portal().callers.identify_for_action(key, header_caller(), Action.SCALE)
    if unknown := tuple(problem(name, "unknown_field") for name in read_object()):
        raise BrokenRules(unknown)
    return _shown(who, portal().boosts.take_over(who, key, named))


def _preview(who: Identity, service_id: str, values: dict[str, Any]) -> Response:
    proposal = portal().scaling.preview(who, service_id, values, BoostRequest)
    if proposal is None:
        return answer(MessageAnswer(message=NOTHING_TO_CHANGE))
    group, _ = portal().groups.get_group(who, service_id)
    return answer(show_boost_preview(proposal, group))


def _find_sent(who: Identity, service_id: str, change: Change) -> Boost:
    try:
        return portal().boosts.get(who, service_id, change.reference)
    except StoreUnavailable:  # whose words are that nothing was sent
        raise OutcomeNotRecorded(reference=change.reference) from None


def _shown(
    who: Identity, boost: Boost, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    price = portal().boosts.find_price(who, boost.service_id)
    return answer(show_boost(boost, price, portal().boosts.now()), status, headers)
