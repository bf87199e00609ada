"""What the JSON API takes and gives, as types. Routes, answers and the API's document use these.

Requests are judged by `app.domain.changes.scaling_request`; their types here add what only
programs say. Memory is in GB per replica, times are UTC.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from app.domain.boosts.boost import BoostState
from app.domain.changes.change import ChangeOrigin, SettledBy
from app.domain.changes.effect import Effect
from app.domain.changes.scaling_request import ScalingRequest
from app.domain.changes.state_request import StateRequest
from app.domain.groups.scaling import ScalingConfig
from app.domain.load.advice import AdviceKind, Silence
from app.domain.load.spans import Span

PatchValue = int | bool | str


class ChangeBody(ScalingRequest):
    """Another size for a group. Both memory values are needed; what else is left out, or null,
    stays as it is."""

    dry_run: Annotated[bool, Field(description="Only say what would happen; nothing is sent")] = (
        False
    )
    pause_schedule_until: Annotated[
        str | None,
        Field(description="Pause the group's schedule until this local time of it, or with offset"),
    ] = None


class StateBody(StateRequest):
    """Wake, start or stop a group. A stop needs the group's name in `confirm_name`."""


def _any_of(*kinds: str) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [{"type": kind} for kind in kinds]})


LegacyNumber = Annotated[Any, _any_of("integer", "string", "boolean", "null")]
LegacySwitch = Annotated[Any, _any_of("boolean", "string", "number", "null")]


class LegacyScalingBody(ScalingRequest):
    """Another size for a service, in the older service's shape.

    `username` and `password` are needed unless HTTP Basic is used, which is the way to use.
    Numbers may be text, a switch `yes`, `no`, `on`, `off`, `1` or `0`; further fields are ignored.
    """

    model_config = ConfigDict(extra="ignore", json_schema_extra={"additionalProperties": True})

    service_id: Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
    username: str | None = None
    password: Annotated[str | None, Field(json_schema_extra={"format": "password"})] = None
    min_memory_gb: LegacyNumber = None
    max_memory_gb: LegacyNumber = None
    num_replicas: LegacyNumber = None
    min_replicas: LegacyNumber = None
    max_replicas: LegacyNumber = None
    idle_scaling: LegacySwitch = True
    idle_timeout_minutes: LegacyNumber = None


class Answer(BaseModel):
    """What every answer is: complete, and nothing besides what is described."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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


class ChangeAnswer(Answer):
    """One change, from asking to known outcome. `patch` is what was sent to ClickHouse Cloud.

    `state`: draft (not sent), applying, applied (accepted), unchanged (it was as requested
    already, so nothing was sent), rejected (refused by Cloud), failed (certainly not carried out),
    unknown (sent, and no answer tells). `settled_by`: Cloud's answer, a reading of the
    configuration where no answer came, or a person. By a reading, applied means that the
    configuration is as requested; whether by this change or another cannot be told. `effect` says
    how far an applied change shows in what runs.

    `boost_until` is when it ends by itself, as it was asked for; null where it lasts. `origin`: a
    person who confirmed it, or a boost or schedule for which the portal sent it at its time; then
    `order_reference` names that, and `user` is whoever had set it up.
    """

    reference: str
    act: Literal["scale", "wake", "start", "stop"]
    service_id: str
    user: str
    state: Literal["draft", "applying", "applied", "unchanged", "rejected", "failed", "unknown"]
    effect: Effect | None
    patch: dict[str, PatchValue]
    before: ScalingConfig | None
    target: ScalingConfig | None
    reason: str
    created_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None
    settled_by: SettledBy | None
    note: str
    cloud_request_id: str | None
    boost_until: datetime | None
    origin: ChangeOrigin
    order_reference: str | None


class ChangesAnswer(Answer):
    """The latest changes of a group that the caller may see, newest first."""

    changes: list[ChangeAnswer]


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


class MessageAnswer(Answer):
    """What happened, in one sentence."""

    message: str


class CostAnswer(Answer):
    """The list price of the largest size for an hour, as the owners looked it up on a day."""

    currency: str
    most_per_hour_before: Decimal
    most_per_hour_after: Decimal
    as_of: date


class PreviewAnswer(Answer):
    """What a change would do. Nothing was sent, and nothing was recorded."""

    was: ScalingConfig
    will_be: ScalingConfig
    patch: dict[str, PatchValue]
    consequences: list[str]
    cost: CostAnswer | None
    needs_fresh_proof: bool


class ProblemEntry(Answer):
    """One broken rule: the field, the rule's stable code, and the sentence."""

    field: str
    code: str
    message: str


class ProblemAnswer(Answer):
    """Why something was not done (RFC 9457). `code` is the stable name for programs.

    `request_id` finds the portal's own log lines, `cloud_request_id` those of ClickHouse Cloud.
    `retry_after` is in seconds, as the header of that name.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str | None
    errors: list[ProblemEntry]
    change_reference: str | None = None
    cloud_request_id: str | None = None
    retry_after: int | None = None
