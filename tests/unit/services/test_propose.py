"""Asking for a change, and who sees what of it."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from app.domain.access import Identity
from app.domain.changes import ChangeState, SettledBy
from app.domain.limits import Limits
from app.domain.states import ServiceState
from app.errors import (
    BrokenRules,
    CloudAnswerLost,
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
    make_service,
)
from tests.unit.services.fakes import Clock
from tests.unit.services.scaling_world import OLGA, PATCHED, SAME, World


@pytest.fixture
def world(engine: Engine, clock: Clock) -> World:
    """A running group of 3 replicas."""
    return World(engine, clock)


def test_a_proposal_is_a_draft_and_sends_nothing(world: World) -> None:
    change = world.propose()
    assert change is not None
    assert change.state is ChangeState.DRAFT
    assert (change.before, change.patch) == (VERTICAL, PATCHED)
    assert change.target == changed(VERTICAL, min_replicas=5, max_replicas=5)
    assert (change.user, change.warehouse, change.created_at) == (
        "alice",
        "analytics",
        world.clock(),
    )
    assert world.log == ["read"]
    assert world.snapshot.told == [world.cloud.service]  # what was read is shown to everybody


def test_nothing_to_change_makes_no_draft(world: World) -> None:
    assert world.propose(SAME) is None
    assert world.cloud.patches == []


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
        world.propose(person=person, service_id=service_id)
    assert world.log == []


def test_a_proposal_must_be_drawn_from_what_is_configured_now(world: World) -> None:
    for drawn_from in ("", "x", changed(VERTICAL, max_memory_gb=64).fingerprint):
        with pytest.raises(ConfigurationChanged):
            world.propose(drawn_from=drawn_from)


def test_a_proposal_that_breaks_rules_of_the_group_names_them(world: World) -> None:
    world.limits = Limits(max_replicas=4, is_reason_required=True)
    with pytest.raises(BrokenRules) as caught:
        world.propose()
    codes = {item.code for item in caught.value.problems}
    assert codes == {"replicas_out_of_range", "reason_needed"}


@pytest.mark.parametrize("state", [ServiceState.STOPPING, ServiceState.UNKNOWN])
def test_a_group_that_cannot_be_scaled_says_why(world: World, state: ServiceState) -> None:
    world.cloud.service = make_service(state=state)
    with pytest.raises(NotPossible) as caught:
        world.propose()
    assert caught.value.remedy == world.cloud.service.scaling_obstacle


def test_a_change_is_seen_by_everybody_who_sees_the_group(world: World) -> None:
    reference = world.draft()
    world.apply(reference)
    for person in (ALICE, BOB, OLGA):
        assert world.use_case.get_change(person, reference).reference == reference
    for person in (CHARLIE, DANA):
        with pytest.raises(NotFound):
            world.use_case.get_change(person, reference)
    with pytest.raises(NotFound):  # seen, but not hers
        world.use_case.get_own_change(OLGA, reference)


def test_an_unknown_change_is_closed_by_hand_by_somebody_who_may_scale(world: World) -> None:
    reference = world.draft()
    world.cloud.patch_error = CloudAnswerLost(message="No answer.")
    world.apply(reference)
    with pytest.raises(NotAllowed):
        world.use_case.settle_by_hand(BOB, reference)
    with pytest.raises(NotPossible):
        world.use_case.settle_by_hand(OLGA, reference)
    world.clock.time += timedelta(seconds=30)
    closed = world.use_case.settle_by_hand(OLGA, reference)
    assert (closed.settled_by, closed.is_in_flight) == (SettledBy.PERSON, False)
    world.cloud.patch_error = None
    assert world.propose(person=OLGA) is not None
