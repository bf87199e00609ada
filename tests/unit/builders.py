"""People, rules, groups and services of the unit tests, each with one thing to change."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.domain.access.matrix import Subject, list_identities, make_subject
from app.domain.access.permissions import (
    BUNDLES,
    AccessRule,
    Identity,
    Permission,
    TokenScope,
)
from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState
from app.domain.groups.catalog import Catalog, GroupDefinition, Presentation, WarehouseDefinition
from app.domain.groups.group import ComputeGroup, Endpoint, Service
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig, ScalingMode, patch_between
from app.domain.groups.states import ServiceState
from app.domain.sessions import session_mark
from app.domain.tokens.token import Token
from app.services.access.policy import Policy, PolicyReading
from tests.support.events import RememberedAudit

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)

PRIMARY_ID = "0c000000-0000-4000-8000-000000000011"
REPORTING_ID = "0c000000-0000-4000-8000-000000000012"
CAMPAIGNS_ID = "0c000000-0000-4000-8000-000000000021"
FOREIGN_ID = "0c000000-0000-4000-8000-000000000099"
PRIMARY, REPORTING = "Analytics primary", "Analytics reporting"

ALICE = Identity("analytics", "alice", frozenset({"analytics_operator"}))
BOB = Identity("analytics", "bob", frozenset({"analytics_viewer"}))
CHARLIE = Identity("analytics", "charlie", frozenset({"other"}))
DANA = Identity("marketing", "dana", frozenset({"marketing_operator"}))
OLGA = Identity("analytics", "olga", frozenset({"analytics_operator"}))

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


def a_token(secret: str = "made up", **fields: Any) -> Token:  # noqa: ANN401, S107 - any field
    """Alice's token for the primary group, made now for 30 days, with some fields replaced."""
    values: dict[str, Any] = {
        "name": "nightly import",
        "owner": ALICE,
        "scope": TokenScope(
            session_mark(secret), frozenset({PRIMARY_ID}), frozenset({Permission.SCALE})
        ),
        "created_at": NOW,
        "expires_at": NOW + timedelta(days=30),
        "proven_at": NOW,
    }
    return Token(**values | fields)


def changed(config: ScalingConfig, **fields: Any) -> ScalingConfig:  # noqa: ANN401 - any field
    """The configuration with some fields replaced."""
    return config.model_copy(update=fields)


def replicas(count: int, config: ScalingConfig = VERTICAL) -> ScalingConfig:
    """The configuration with another fixed number of replicas."""
    return changed(config, min_replicas=count, max_replicas=count)


def giving(
    *permissions: Permission,
    users: tuple[str, ...] = (),
    roles: tuple[str, ...] = (),
    source: str = "",
) -> AccessRule:
    """A rule that gives these users and roles something."""
    return AccessRule(
        frozenset(users), frozenset(roles), permissions=frozenset(permissions), source=source
    )


def denying(
    *permissions: Permission,
    users: tuple[str, ...] = (),
    roles: tuple[str, ...] = (),
    source: str = "",
) -> AccessRule:
    """A rule that denies these users and roles something."""
    return AccessRule(
        frozenset(users), frozenset(roles), denied=frozenset(permissions), source=source
    )


def make_definition(
    service_id: str = PRIMARY_ID,
    name: str = PRIMARY,
    warehouse: str = "analytics",
    limits: Limits | None = None,
    rules: tuple[AccessRule, ...] | None = None,
) -> GroupDefinition:
    """A group whose operators may do everything and whose viewers may look."""
    usual = (
        giving(Permission.VIEW, roles=(f"{warehouse}_viewer",)),
        giving(*BUNDLES["owner"], roles=(f"{warehouse}_operator",)),
    )
    chosen = usual if rules is None else rules
    return GroupDefinition(service_id, name, warehouse, chosen, limits or Limits())


def make_catalog(
    *,
    limits: Limits | None = None,
    rules: tuple[AccessRule, ...] | None = None,
    max_replicas: int | None = None,
    sign_in_service_id: str | None = None,
) -> Catalog:
    """Analytics with two groups, Marketing with one; the options are those of Analytics."""
    analytics = (
        make_definition(limits=limits, rules=rules),
        make_definition(REPORTING_ID, REPORTING, limits=limits, rules=rules),
    )
    marketing = (make_definition(CAMPAIGNS_ID, "Marketing campaigns", "marketing"),)
    return Catalog(
        (
            WarehouseDefinition(
                "analytics", "Analytics", analytics, sign_in_service_id, max_replicas
            ),
            WarehouseDefinition("marketing", "Marketing", marketing),
        ),
        Presentation(contact="the data team"),
    )


class SetPolicy(Policy):
    """A policy over no file: the catalog and the faults are what the tests set."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__(Path("there-is-no-such-file"), self._never, catalog, RememberedAudit())

    def set(self, catalog: Catalog) -> None:
        """Put another catalog in force."""
        self._reading = PolicyReading(catalog, str(id(catalog)))

    def _never(self, path: Path) -> Catalog:
        raise AssertionError(f"nothing is read here, and not {path}")


def make_service(service_id: str = PRIMARY_ID, **fields: Any) -> Service:  # noqa: ANN401 - any field
    """A running service that can be scaled, with some fields replaced."""
    state = fields.get("state", ServiceState.RUNNING)
    values: dict[str, Any] = {
        "cloud_name": PRIMARY,
        "state": state,
        "state_text": state.value,
        "configured": VERTICAL,
        "effective": fields.get("configured", VERTICAL),
        "active_entry": None,
        "is_primary": service_id == PRIMARY_ID,
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
    wanted = target or replicas(5)
    values: dict[str, Any] = {
        "reference": "ABCD-2345",
        "action": Action.SCALE,
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


def make_command(action: Action, **fields: Any) -> Change:  # noqa: ANN401 - any field
    """Alice's draft of an action that is no scaling, with some fields replaced."""
    draft = make_change(action=action, patch={"command": action.spec.command})
    return replace(draft, before=None, target=None, **fields)


def subjects_of(catalog: Catalog, signed_in: Iterable[Identity] = ()) -> tuple[Subject, ...]:
    """Everybody named in the rules, and the people who are signed in, by warehouse."""
    people = tuple(signed_in)
    return tuple(
        make_subject(identity, warehouse.groups)
        for warehouse in catalog.warehouses
        for identity in list_identities(warehouse, people)
    )
