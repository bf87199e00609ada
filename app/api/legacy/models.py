"""What the older service takes and gives, in Cloud's names, as its README shows them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, WithJsonSchema

from app.api.groups.models import EndpointAnswer, IpAccessAnswer
from app.api.models import Answer
from app.domain.changes.scaling_request import ScalingRequest


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


class LegacyStateAnswer(Answer):
    """The state of a service, as ClickHouse Cloud names it."""

    state: str


class LegacyConfigAnswer(Answer):
    """What is configured. `numReplicas` is given for a fixed number, the pair for a range."""

    minReplicaMemoryGb: int  # noqa: N815 - Cloud's name
    maxReplicaMemoryGb: int  # noqa: N815 - Cloud's name
    idleScaling: bool  # noqa: N815 - Cloud's name
    idleTimeoutMinutes: int | None = None  # noqa: N815 - Cloud's name
    numReplicas: int | None = None  # noqa: N815 - Cloud's name
    minReplicas: int | None = None  # noqa: N815 - Cloud's name
    maxReplicas: int | None = None  # noqa: N815 - Cloud's name


class LegacyIpAccessListAnswer(Answer):
    """Who may connect to a service."""

    ipAccessList: list[IpAccessAnswer]  # noqa: N815 - Cloud's name


Gb = int | float


class LegacyDetails(Answer):
    """A service, as ClickHouse Cloud describes it. What Cloud does not say is left out.

    Further fields are passed on as Cloud gives them, but for keys, roles and other secrets.
    """

    model_config = ConfigDict(extra="allow")

    id: str
    name: str
    provider: str
    region: str
    state: str
    endpoints: list[EndpointAnswer]
    minTotalMemoryGb: Gb | None = None  # noqa: N815 - Cloud's name
    maxTotalMemoryGb: Gb | None = None  # noqa: N815 - Cloud's name
    minReplicaMemoryGb: Gb | None = None  # noqa: N815 - Cloud's name
    maxReplicaMemoryGb: Gb | None = None  # noqa: N815 - Cloud's name
    numReplicas: int | None = None  # noqa: N815 - Cloud's name
    minReplicas: int | None = None  # noqa: N815 - Cloud's name
    maxReplicas: int | None = None  # noqa: N815 - Cloud's name
    idleScaling: bool | None = None  # noqa: N815 - Cloud's name
    idleTimeoutMinutes: int | None = None  # noqa: N815 - Cloud's name
    ipAccessList: list[IpAccessAnswer]  # noqa: N815 - Cloud's name
    createdAt: datetime | None = None  # noqa: N815 - Cloud's name
    iamRole: str | None = None  # noqa: N815 - Cloud's name
    privateEndpointIds: list[str]  # noqa: N815 - Cloud's name
    dataWarehouseId: str | None = None  # noqa: N815 - Cloud's name
    isPrimary: bool  # noqa: N815 - Cloud's name
    isReadonly: bool  # noqa: N815 - Cloud's name
    releaseChannel: str | None = None  # noqa: N815 - Cloud's name


class LegacyDetailsAnswer(Answer):
    """The details, with the id under which the portal logged this request."""

    result: LegacyDetails
    requestId: str  # noqa: N815 - Cloud's name
    status: Literal[200] = 200
