"""People, groups and services that the unit tests speak of, each with one thing to change."""

from datetime import UTC, datetime
from typing import Any

from app.domain.access import AccessRule, Identity, Permission
from app.domain.acts import Act
from app.domain.catalog import Catalog, GroupDefinition, WarehouseDefinition
from app.domain.changes import Change, ChangeState
from app.domain.groups import ComputeGroup, Endpoint, Service
from app.domain.limits import Limits
from app.domain.scaling import ScalingConfig, ScalingMode, patch_between
from app.domain.states import ServiceState

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)

PRIMARY_ID = "0c000000-0000-4000-8000-000000000011"
REPORTING_ID = "0c000000-0000-4000-8000-000000000012"
CAMPAIGNS_ID = "0c000000-0000-4000-8000-000000000021"
FOREIGN_ID = "0c000000-0000-4000-8000-000000000099"

ALICE = Identity("analytics", "alice", frozenset({"analytics_operator"}))
BOB = Identity("analytics", "bob", frozenset({"analytics_viewer"}))
CHARLIE = Identity("analytics", "charlie", frozenset({"other"}))
DANA = Identity("marketing", "dana", frozenset({"marketing_operator"}))

VERTICAL = ScalingConfig(
    mode=ScalingMode.VERTICAL,
    min_memory_gb=16,
    max_memory_gb=32,
    min_replicas=3,
    max_replicas=3,
    idle_scaling=True,
    idle_timeout_minutes=15,
)
HORIZONTAL = ScalingConfig(
    mode=ScalingMode.HORIZONTAL,
    min_memory_gb=32,
    max_memory_gb=32,
    min_replicas=2,
    max_replicas=6,
    idle_scaling=True,
    idle_timeout_minutes=15,
)


def changed(config: ScalingConfig, **fields: Any) -> ScalingConfig:  # noqa: ANN401 - any field
    """The configuration with some fields replaced."""
    return config.model_copy(update=fields)


def make_rule(
    *permissions: Permission, users: tuple[str, ...] = (), roles: tuple[str, ...] = ()
) -> AccessRule:
    """A rule for these users and roles."""
    return AccessRule(frozenset(users), frozenset(roles), frozenset(permissions))


def make_definition(
    service_id: str = PRIMARY_ID,
    name: str = "Analytics primary",
    warehouse: str = "analytics",
    limits: Limits | None = None,
) -> GroupDefinition:
    """A group whose operators may scale and whose viewers may look."""
    rules = (
        make_rule(Permission.VIEW, roles=(f"{warehouse}_viewer",)),
        make_rule(Permission.SCALE, roles=(f"{warehouse}_operator",)),
    )
    return GroupDefinition(service_id, name, warehouse, rules, limits or Limits())


def make_catalog(*, sign_in_service_id: str | None = None, limits: Limits | None = None) -> Catalog:
    """Analytics with two groups, Marketing with one."""
    analytics = (
        make_definition(limits=limits),
        make_definition(REPORTING_ID, "Analytics reporting", limits=limits),
    )
    marketing = (make_definition(CAMPAIGNS_ID, "Marketing campaigns", "marketing"),)
    return Catalog(
        (
            WarehouseDefinition("analytics", "Analytics", analytics, sign_in_service_id),
            WarehouseDefinition("marketing", "Marketing", marketing),
        )
    )


def make_service(service_id: str = PRIMARY_ID, **fields: Any) -> Service:  # noqa: ANN401 - any field
    """A running service that can be scaled, with some fields replaced."""
    state = fields.get("state", ServiceState.RUNNING)
    values: dict[str, Any] = {
        "cloud_name": "Analytics primary",
        "state": state,
        "state_text": state.value,
        "configured": VERTICAL,
        "effective": VERTICAL,
        "active_entry": None,
        "is_primary": True,
        "is_readonly": False,
        "provider": "aws",
        "region": "eu-central-1",
        "version": "26.9.2.1187",
        "profile": "v1-default",
        "is_byoc": False,
        "endpoints": (Endpoint("https", f"{service_id[-2:]}.example.test", 8443),),
        "ip_access": (),
        "created_at": None,
    }
    return Service(service_id=service_id, **values | fields)


def make_group(service: Service | None, *permissions: Permission) -> ComputeGroup:
    """The primary group as somebody with these permissions sees it."""
    return ComputeGroup(make_definition(), service, frozenset(permissions))


def make_change(
    before: ScalingConfig = VERTICAL,
    target: ScalingConfig | None = None,
    **fields: Any,  # noqa: ANN401 - any field
) -> Change:
    """Alice's draft of 3 to 5 replicas, with some fields replaced."""
    wanted = target or changed(VERTICAL, min_replicas=5, max_replicas=5)
    values: dict[str, Any] = {
        "reference": "ABCD-2345",
        "act": Act.SCALE,
        "service_id": PRIMARY_ID,
        "warehouse": "analytics",
        "user": "alice",
        "state": ChangeState.DRAFT,
        "before": before,
        "target": wanted,
        "patch": {**patch_between(before, wanted)},
        "reason": "",
        "created_at": NOW,
    }
    return Change(**values | fields)
