"""What the operations about groups and their load give. Memory is GB per replica, times are UTC."""

from datetime import datetime
from typing import Literal

from app.api.models import Answer
from app.domain.boosts.boost import BoostState
from app.domain.groups.scaling import ScalingConfig
from app.domain.load.advice import AdviceKind, Silence
from app.domain.load.spans import Span


class EndpointAnswer(Answer):
    """One address of a service."""

    protocol: str
    host: str
    port: int


class IpAccessAnswer(Answer):
    """One entry of a service's IP access list."""

    source: str
    description: str


class CurrentBoostAnswer(Answer):
    """The boost of a group that has not ended."""

    reference: str
    ends_at: datetime
    state: BoostState


class GroupAnswer(Answer):
    """One compute group, as the caller may see it.

    `configured` is what is set, `effective` what applies now; both are null where ClickHouse
    Cloud gives no figures. `taken_at` is when Cloud was read; `cloud_fault` is why that is
    longer ago than usual. `boost` is the size that ends by itself, if there is one now.
    """

    service_id: str
    name: str
    warehouse: str
    state: str
    state_label: str
    permissions: list[str]
    configured: ScalingConfig | None
    effective: ScalingConfig | None
    active_schedule_entry: str | None
    scaling_obstacle: str | None
    is_primary: bool | None
    is_readonly: bool | None
    provider: str | None
    region: str | None
    version: str | None
    endpoints: list[EndpointAnswer]
    ip_access_list: list[IpAccessAnswer]
    change_in_flight: str | None
    boost: CurrentBoostAnswer | None
    taken_at: datetime | None
    cloud_fault: str | None


class ActionAnswer(Answer):
    """What the caller can do with a group now, or why not.

    `reason` is null where it can be done. `possible_from` is when that reason is over, where that
    is known; `covers_idling` whether until then not even idling can be changed. `note` is what
    limits the action though it can be taken.
    """

    action: Literal["scale", "wake", "start", "stop"]
    is_possible: bool
    is_permitted: bool
    reason: str | None
    possible_from: datetime | None
    covers_idling: bool
    note: str


class OneGroupAnswer(GroupAnswer):
    """One compute group, with what the caller can do with it now."""

    actions: list[ActionAnswer]


class GroupsAnswer(Answer):
    """Every group that the caller may see."""

    groups: list[GroupAnswer]


class LoadStepAnswer(Answer):
    """One step from `starts_at`. Figures are the highest of any replica, null where none is known.

    `cpu_share` is that of the busiest replica and `cpu_share_least` that of the least busy one, 0
    to 1; failures are added up. `min_memory_gb` and `max_memory_gb` were in effect per replica.
    """

    starts_at: datetime
    activity: Literal["awake", "idle", "stopped"]
    memory_used_gb: float | None
    memory_total_gb: float | None
    cpu_share: float | None
    cpu_share_least: float | None
    cpu_cores: float | None
    queries: float | None
    memory_failures: float | None
    failed_queries: float | None
    replicas: int
    min_memory_gb: int | None
    max_memory_gb: int | None


class AdviceAnswer(Answer):
    """What ClickHouse Cloud's own sizing rule says. `target` is what can be asked for, if anything
    can or need be."""

    kind: AdviceKind
    words: str
    target: ScalingConfig | None


class LoadAnswer(Answer):
    """The load of a group in steps, oldest first. A step that is missing is not known.

    `silence` is why nothing is advised; `fault` why nothing newer is known.
    """

    service_id: str
    span: Span
    step_seconds: int
    steps: list[LoadStepAnswer]
    advice: AdviceAnswer | None
    silence: Silence | None
    fault: str | None
