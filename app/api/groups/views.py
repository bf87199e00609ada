"""Looking at compute groups. Nothing here wakes or changes one."""

from flask import Response, request

from app.api.answers import answer
from app.api.body import parse_service_id
from app.api.changes.models import ChangesAnswer
from app.api.changes.serializers import show_change
from app.api.credentials import header_caller
from app.api.groups.load import parse_span, show_report
from app.api.groups.models import GroupsAnswer
from app.api.groups.serializers import show_current_boost, show_group, show_group_now
from app.http.current import portal


def list_groups() -> Response:
    """Every group that the caller may see."""
    who = portal().callers.identify_in(request.args.get("warehouse"), header_caller())
    overview = portal().groups.list_groups(who)
    overview.freshness.check_known()
    in_flight = portal().ledger.map_in_flight(who)
    boosts, now = portal().boosts.map_current(who), portal().boosts.now()
    shown = [
        show_group(
            group,
            overview.freshness,
            in_flight.get(group.service_id),
            show_current_boost(boosts.get(group.service_id), now),
        )
        for _, groups in overview.by_warehouse
        for group in groups
    ]
    return answer(GroupsAnswer(groups=shown))


def show_one_group(service_id: str) -> Response:
    """One group."""
    key = parse_service_id(service_id)
    who = portal().callers.identify_for_group(key, header_caller())
    group, freshness = portal().groups.get_group(who, key)
    freshness.check_known()
    in_flight = portal().ledger.find_in_flight(who, group.service_id)
    current = portal().boosts.find_current(who, group.service_id)
    boost = show_current_boost(current, portal().boosts.now())
    actions = portal().group_pages.list_actions(who, group.service_id)
    return answer(show_group_now(show_group(group, freshness, in_flight, boost), actions))


def list_changes(service_id: str) -> Response:
    """The latest changes of a group."""
    key = parse_service_id(service_id)
    who = portal().callers.identify_for_group(key, header_caller())
    ledger = portal().ledger
    changes = ledger.list_recent(who, key)
    shown = [show_change(item, ledger.find_effect(item)) for item in changes]
    return answer(ChangesAnswer(changes=shown))


def show_load(service_id: str) -> Response:
    """The load of a group."""
    key = parse_service_id(service_id)
    who = portal().callers.identify_for_group(key, header_caller())
    return answer(show_report(portal().load.show(who, key, parse_span())))
