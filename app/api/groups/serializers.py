"""What the portal knows -> the answers of the JSON API."""

from collections.abc import Sequence
from datetime import datetime

from app.api.groups.models import (
    ActionAnswer,
    CurrentBoostAnswer,
    EndpointAnswer,
    GroupAnswer,
    IpAccessAnswer,
    OneGroupAnswer,
)
from app.domain.access.permissions import Permission
from app.domain.boosts.boost import Boost
from app.domain.changes.available_actions import AvailableAction
from app.domain.changes.change import Change
from app.domain.groups.group import ComputeGroup, Service
from app.domain.readings import Freshness


def show_group(
    group: ComputeGroup,
    freshness: Freshness,
    in_flight: Change | None,
    boost: CurrentBoostAnswer | None,
) -> GroupAnswer:
    """One group, whether Cloud shows its service or not."""
    service = group.service
    return GroupAnswer(
        service_id=group.service_id,
        name=group.name,
        warehouse=group.definition.warehouse,
        state=service.state_text if service else group.state.value,
        state_label=group.state.spec.label,
        permissions=[item.value for item in Permission if group.may(item)],
        configured=service.configured if service else None,
        effective=service.effective if service else None,
        active_schedule_entry=service.active_entry if service else None,
        scaling_obstacle=group.scaling_obstacle,
        is_primary=service.is_primary if service else None,
        is_readonly=service.is_readonly if service else None,
        provider=service.provider if service else None,
        region=service.region if service else None,
        version=service.version if service else None,
        endpoints=show_endpoints(service) if service else [],
        ip_access_list=show_ip_access(service) if service else [],
        change_in_flight=in_flight.reference if in_flight else None,
        boost=boost,
        taken_at=freshness.taken_at,
        cloud_fault=freshness.error.message if freshness.error else None,
    )


def show_group_now(answer: GroupAnswer, actions: Sequence[AvailableAction]) -> OneGroupAnswer:
    """The same with what can be done now."""
    return OneGroupAnswer(**vars(answer), actions=[_show_action(item) for item in actions])


def _show_action(item: AvailableAction) -> ActionAnswer:
    return ActionAnswer(
        action=item.action.value,
        is_possible=item.is_enabled,
        is_permitted=item.is_permitted,
        reason=item.disabled_reason,
        possible_from=item.possible_from,
        covers_idling=item.covers_idling,
        note=item.note,
    )


def show_current_boost(boost: Boost | None, now: datetime) -> CurrentBoostAnswer | None:
    """The boost that a group has, as it stands at this moment."""
    if boost is None:
        return None
    state = boost.state(now)
    return CurrentBoostAnswer(reference=boost.reference, ends_at=boost.ends_at, state=state)


def show_endpoints(service: Service) -> list[EndpointAnswer]:
    """The addresses of a service."""
    return [
        EndpointAnswer(protocol=item.protocol, host=item.host, port=item.port)
        for item in service.endpoints
    ]


def show_ip_access(service: Service) -> list[IpAccessAnswer]:
    """Who may connect to a service."""
    return [
        IpAccessAnswer(source=item.source, description=item.description)
        for item in service.ip_access
    ]
