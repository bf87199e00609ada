"""Asking for another size: a draft of it, or in words why not; nothing is sent."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from app.domain.access.permissions import Identity
from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState
from app.domain.groups.cost import Price
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig
from app.domain.groups.states import ServiceState
from app.errors import (
    BrokenRules,
    ChangesFrozen,
    CloudUnreachable,
    ConfigurationChanged,
    NotAllowed,
    NotFound,
    NotPossible,
    PortalError,
)
from tests.unit.builders import (
    ALICE,
    BOB,
    CHARLIE,
    DANA,
    FOREIGN_ID,
    PRIMARY_ID,
    VERTICAL,
    changed,
    make_catalog,
    replicas,
)
from tests.unit.services.world import FIVE, ROOT, World

S = ServiceState


def propose(
    world: World,
    target: ScalingConfig = FIVE,
    person: Identity = ALICE,
    service_id: str = PRIMARY_ID,
    was: ScalingConfig = VERTICAL,
) -> Change | None:
    """Ask for it."""
    return world.ask(was, target, person, service_id)


def test_a_proposal_is_a_draft_of_the_difference_and_sends_nothing(world: World) -> None:
    change = propose(world)
    assert change is not None
    assert (change.state, change.action) == (ChangeState.DRAFT, Action.SCALE)
    assert (change.before, change.target, change.patch) == (VERTICAL, FIVE, {"numReplicas": 5})
    assert (change.user, change.warehouse, change.created_at) == (
        "alice",
        "analytics",
        world.clock(),
    )
    assert world.changes.get(change.reference) == change
    assert world.cloud.sent == []


def test_what_is_configured_already_makes_no_draft(world: World) -> None:
    assert propose(world, VERTICAL) is None


# ASVS 8.2.1, 8.2.2
@pytest.mark.parametrize(
    ("person", "service_id", "error"),
    [
        (BOB, PRIMARY_ID, NotAllowed),
        (CHARLIE, PRIMARY_ID, NotFound),
        (DANA, PRIMARY_ID, NotFound),
        (ALICE, FOREIGN_ID, NotFound),
        (ALICE, "../x", NotFound),
    ],
)
def test_who_may_not_scale_reaches_neither_cloud_nor_the_ledger(
    world: World, person: Identity, service_id: str, error: type[PortalError]
) -> None:
    with pytest.raises(error):
        propose(world, person=person, service_id=service_id)
    assert not {"read", "intent"} & set(world.log)


def test_a_proposal_must_be_drawn_from_what_is_configured_now(world: World) -> None:
    with pytest.raises(ConfigurationChanged):
        propose(world, was=changed(VERTICAL, max_memory_gb=64))


@pytest.mark.parametrize(
    ("limits", "target", "code"),
    [
        (
            Limits(memory_choices_gb=(16,)),
            changed(VERTICAL, max_memory_gb=64),
            "memory_not_offered",
        ),
        (Limits(max_replicas=4), FIVE, "replicas_out_of_range"),
        (Limits(max_total_gb=128), FIVE, "total_too_large"),
        (
            Limits(max_idle_timeout_minutes=60),
            changed(VERTICAL, idle_timeout_minutes=90),
            "idle_timeout_out_of_range",
        ),
        (
            Limits(may_disable_idling=False),
            changed(VERTICAL, idle_scaling=False),
            "idling_must_stay_on",
        ),
        (
            Limits(
                price=Price(Decimal(1), "USD", date(2026, 1, 1)), max_cost_per_hour=Decimal("19.99")
            ),
            FIVE,
            "cost_too_high",
        ),
        (Limits(is_reason_required=True), FIVE, "reason_needed"),
    ],
)
def test_every_limit_is_asked_when_a_draft_is_made(
    world: World, limits: Limits, target: ScalingConfig, code: str
) -> None:
    world.set_policy(make_catalog(limits=limits))
    with pytest.raises(BrokenRules) as caught:
        propose(world, target)
    assert [item.code for item in caught.value.problems] == [code]


def freeze(world: World) -> None:
    """Switch changes off."""
    world.administration.freeze(ROOT, "audit")


def stop(world: World) -> None:
    """The group is going down."""
    world.cloud.put(PRIMARY_ID, state=S.STOPPING)


def customise(world: World) -> None:
    """The group is not self-service."""
    world.cloud.put(PRIMARY_ID, profile="v1-highmem-xl")


def disconnect(world: World) -> None:
    """Cloud is away."""
    world.cloud.errors["list_services"] = CloudUnreachable(message="No connection.")


@pytest.mark.parametrize(
    ("happening", "error", "words"),
    [
        (freeze, ChangesFrozen, "still view your groups"),
        (stop, NotPossible, "being stopped"),
        (customise, NotPossible, "custom hardware profile"),
        (disconnect, CloudUnreachable, ""),
    ],
)
def test_what_stands_in_the_way_is_said(
    world: World, happening: Callable[[World], None], error: type[PortalError], words: str
) -> None:
    happening(world)
    with pytest.raises(error) as caught:
        propose(world, replicas(4))
    assert words in caught.value.remedy
