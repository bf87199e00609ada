"""Looking at compute groups. Nothing here wakes or changes one."""

from flask import Response, request

from app.api.answers import answer
from app.api.body import parse_service_id
from app.api.context import portal
from app.api.credentials import basic_caller
from app.api.models import ChangeAnswer, ChangesAnswer, GroupAnswer, GroupsAnswer
from app.api.shown import show_change, show_group
from app.domain.access import Identity, Permission
from app.domain.changes import Change
from app.domain.groups import ComputeGroup
from app.errors import CloudError
from app.services.groups import Freshness


def list_groups() -> Response:
    """Every group that the caller may see."""
    who = portal().api_access.identify_in(request.args.get("warehouse"), basic_caller())
    overview = portal().groups.list_groups(who)
    check_known(overview.freshness)
    shown = [
        _show(who, group, overview.freshness)
        for _, groups in overview.by_warehouse
        for group in groups
    ]
    return answer(GroupsAnswer(groups=shown))


def show_one_group(service_id: str) -> Response:
    """One group."""
    key = parse_service_id(service_id)
    who = portal().api_access.identify_for_group(key, basic_caller())
    group, freshness = portal().groups.get_group(who, key, Permission.VIEW)
    check_known(freshness)
    return answer(_show(who, group, freshness))


def list_changes(service_id: str) -> Response:
    """The latest changes of a group."""
    key = parse_service_id(service_id)
    who = portal().api_access.identify_for_group(key, basic_caller())
    changes = portal().ledger.list_recent(who, key)
    return answer(ChangesAnswer(changes=[describe(item) for item in changes]))


def describe(change: Change) -> ChangeAnswer:
    """A change beside what Cloud says of its service now. Raises nothing: it may have been sent."""
    settlement = portal().settlement
    service = settlement.snapshot.view().services.get(change.service_id)
    return show_change(change, service, settlement.now())


def check_known(freshness: Freshness) -> None:
    """Raises CloudError where Cloud has never been read, so that nothing at all is known."""
    error: CloudError | None = freshness.error
    if error and freshness.taken_at is None:
        raise error


def _show(who: Identity, group: ComputeGroup, freshness: Freshness) -> GroupAnswer:
    in_flight = portal().ledger.find_in_flight(who, group.service_id)
    return show_group(group, freshness, in_flight)
