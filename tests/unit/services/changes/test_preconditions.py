"""What must hold at the moment of sending: pace, and the replicas of a whole warehouse."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.domain.access.permissions import Identity
from app.domain.changes.actions import Action
from app.domain.changes.change import ChangeState
from app.domain.groups.limits import MINUTES_PER_WEEK, Limits
from app.domain.groups.scaling import ScalingConfig
from app.domain.groups.states import ServiceState
from app.errors import (
    BrokenRules,
    CloudAnswerLost,
    CloudNotFound,
    CloudRejected,
    NotPossible,
    PortalError,
)
from tests.unit.builders import (
    ALICE,
    HORIZONTAL,
    OLGA,
    PRIMARY_ID,
    REPORTING_ID,
    VERTICAL,
    changed,
    make_catalog,
    replicas,
)
from tests.unit.services.world import FIVE, World, confirmation

REJECTED = CloudRejected(message="No.", request_id=None, upstream_status=400)
LOST = CloudAnswerLost(message="Lost.")


def broken(action: Callable[[], object]) -> list[tuple[str, str]]:
    """Field and code of what refuses an action."""
    with pytest.raises(BrokenRules) as caught:
        action()
    return [(item.field, item.code) for item in caught.value.problems]


def grow(world: World, count: int, person: Identity = ALICE) -> str:
    """A draft of so many replicas of the primary."""
    return world.draft(replicas(count), person)


TOO_MANY, COOLING = [("", "too_many_changes")], [("", "cooling_down")]


def test_a_group_may_be_changed_so_many_times_an_hour_by_everybody_together(world: World) -> None:
    world.set_policy(make_catalog(limits=Limits(max_changes_per_hour=2)))
    waiting = grow(world, 9)
    world.apply(grow(world, 4))
    world.apply(grow(world, 5, OLGA), OLGA)
    world.cloud.configure(PRIMARY_ID, {"numReplicas": 3})  # as the waiting draft was drawn
    world.cloud.sent.clear()
    assert broken(lambda: world.apply(waiting)) == TOO_MANY
    assert broken(lambda: grow(world, 6)) == TOO_MANY
    assert world.cloud.sent == []
    # The other group of the warehouse has its own count.
    assert world.apply(world.draft(service_id=REPORTING_ID)).state is ChangeState.APPLIED
    world.clock.advance(3600)
    assert world.apply(grow(world, 6)).state is ChangeState.APPLIED


def test_what_cloud_refused_does_not_count(world: World) -> None:
    world.set_policy(make_catalog(limits=Limits(max_changes_per_hour=1, cooldown_minutes=60)))
    world.cloud.errors["update"] = REJECTED
    world.apply(grow(world, 4))
    world.cloud.errors.clear()
    assert world.apply(grow(world, 4)).state is ChangeState.APPLIED


def test_after_a_change_of_size_the_group_rests_and_other_changes_go_on(world: World) -> None:
    world.set_policy(make_catalog(limits=Limits(cooldown_minutes=10)))
    waiting = grow(world, 9)
    world.apply(grow(world, 4))
    assert broken(lambda: grow(world, 5)) == COOLING
    idling = changed(world.config(), idle_timeout_minutes=60)
    assert world.apply(world.draft(idling)).state is ChangeState.APPLIED
    world.cloud.put(PRIMARY_ID, configured=VERTICAL)
    world.clock.advance(599)
    assert broken(lambda: world.apply(waiting)) == COOLING
    world.clock.advance(1)
    assert world.apply(waiting).state is ChangeState.APPLIED


def test_the_longest_cooldown_that_can_be_set_is_kept(world: World) -> None:
    world.set_policy(make_catalog(limits=Limits(cooldown_minutes=MINUTES_PER_WEEK)))
    world.apply(grow(world, 4))
    world.clock.advance(MINUTES_PER_WEEK * 60 - 1)
    assert broken(lambda: grow(world, 5)) == COOLING
    world.clock.advance(1)
    assert world.apply(grow(world, 5)).state is ChangeState.APPLIED


@pytest.fixture
def bounded(world: World) -> World:
    """The two groups, of 3 replicas each, may have 9 together."""
    world.set_policy(make_catalog(max_replicas=9))
    return world


def draft_without_bound(world: World, target: ScalingConfig) -> str:
    """A draft from before the bound was set, so that only the last look can refuse it."""
    bound = world.policy.catalog
    world.set_policy(make_catalog())
    reference = world.draft(target)
    world.set_policy(bound)
    return reference


def test_a_group_grows_up_to_the_bound_of_its_warehouse_and_no_further(bounded: World) -> None:
    assert broken(lambda: grow(bounded, 7)) == [("num_replicas", "warehouse_replicas")]
    reference = draft_without_bound(bounded, replicas(7))
    assert broken(lambda: bounded.apply(reference)) == [("num_replicas", "warehouse_replicas")]
    assert bounded.cloud.sent == []
    assert bounded.changes.get(reference).state is ChangeState.DRAFT
    assert bounded.apply(grow(bounded, 6)).state is ChangeState.APPLIED


def test_what_another_group_has_taken_since_the_draft_counts(bounded: World) -> None:
    reference = grow(bounded, 6)
    bounded.cloud.put(REPORTING_ID, configured=replicas(4))
    bounded.clock.advance(6)
    assert broken(lambda: bounded.apply(reference)) == [("num_replicas", "warehouse_replicas")]


def test_the_bound_and_the_rate_are_told_together(bounded: World) -> None:
    bounded.set_policy(make_catalog(max_replicas=9, limits=Limits(cooldown_minutes=10)))
    bounded.apply(grow(bounded, 4))
    assert broken(lambda: grow(bounded, 7)) == [
        ("num_replicas", "warehouse_replicas"),
        *COOLING,
    ]


def test_the_refusal_gives_the_figures(bounded: World) -> None:
    with pytest.raises(BrokenRules) as caught:
        grow(bounded, 7)
    (problem,) = caught.value.problems
    assert problem.message == (
        "The groups of this warehouse may have 9 replicas in total; 3 are in use"
    )


def test_only_the_group_itself_is_read_anew(bounded: World) -> None:
    bounded.apply(grow(bounded, 4))
    assert [item for item in bounded.log if item.startswith("read")] == ["read"]


def test_a_range_of_replicas_counts_with_its_most(bounded: World) -> None:
    bounded.cloud.put(PRIMARY_ID, configured=HORIZONTAL)  # 2 to 6
    bounded.cloud.put(REPORTING_ID, configured=replicas(2), effective=replicas(2))
    wider = draft_without_bound(bounded, changed(HORIZONTAL, min_replicas=1, max_replicas=8))
    assert broken(lambda: bounded.apply(wider)) == [("max_replicas", "warehouse_replicas")]
    assert (
        bounded.apply(bounded.draft(changed(HORIZONTAL, min_replicas=1, max_replicas=7))).state
        is ChangeState.APPLIED
    )


@pytest.mark.parametrize(
    ("target", "passes"),
    [
        (replicas(7), True),  # 7 + 8 of 9: outside, but it shrinks
        (changed(replicas(8), max_memory_gb=64), True),  # grows in memory, not in replicas
        (replicas(9), False),
    ],
)
def test_a_warehouse_that_is_outside_already_may_shrink_or_stay(
    bounded: World, target: ScalingConfig, *, passes: bool
) -> None:
    for service_id in (PRIMARY_ID, REPORTING_ID):
        bounded.cloud.put(service_id, configured=replicas(8))
    reference = draft_without_bound(bounded, target)
    if passes:
        assert bounded.apply(reference).state is ChangeState.APPLIED
    else:
        assert broken(lambda: bounded.apply(reference)) == [("num_replicas", "warehouse_replicas")]


def problems_of(world: World, references: list[str]) -> list[type[PortalError]]:
    """Confirm each, the later ones while the earlier ones look at Cloud; what refused them."""
    refused = []

    def confirm(others: list[str]) -> None:
        if not others:
            return
        world.cloud.while_reading = lambda: confirm(others[1:])
        try:
            world.apply(others[0])
        except PortalError as error:
            refused.append(type(error))

    confirm(references)
    return refused


def test_of_two_groups_that_grow_at_the_same_time_not_both_pass_the_bound(
    bounded: World,
) -> None:
    # The second is confirmed after the first was claimed and had read Cloud.
    drafts = [bounded.draft(FIVE), bounded.draft(FIVE, service_id=REPORTING_ID)]
    assert problems_of(bounded, drafts)[0] is BrokenRules
    total = bounded.config().max_replicas + bounded.config(REPORTING_ID).max_replicas
    assert total <= 9


def test_what_was_accepted_after_cloud_was_read_counts_as_well(bounded: World) -> None:
    first, second = bounded.draft(FIVE), bounded.draft(FIVE, service_id=REPORTING_ID)
    has_read, is_settled = threading.Event(), threading.Event()
    refused: list[list[tuple[str, str]]] = []
    later = threading.Thread(
        target=lambda: refused.append(broken(lambda: bounded.apply(second))), daemon=True
    )

    def hold_up() -> None:
        has_read.set()
        assert is_settled.wait(5)

    def begin_the_second() -> None:
        bounded.cloud.while_reading = hold_up
        later.start()
        assert has_read.wait(5)  # the second has seen Cloud as it was before the first

    bounded.cloud.while_sending = begin_the_second
    assert bounded.apply(first).state is ChangeState.APPLIED
    is_settled.set()
    later.join(5)
    assert refused == [[("num_replicas", "warehouse_replicas")]]
    assert [service_id for service_id, _, _ in bounded.cloud.sent] == [PRIMARY_ID]


def test_a_change_of_unknown_outcome_holds_its_replicas(bounded: World) -> None:
    bounded.cloud.errors["update"] = LOST
    bounded.apply(bounded.draft(FIVE, service_id=REPORTING_ID))
    bounded.cloud.errors.clear()
    assert broken(lambda: bounded.apply(grow(bounded, 5))) == [
        ("num_replicas", "warehouse_replicas")
    ]
    assert bounded.apply(grow(bounded, 4)).state is ChangeState.APPLIED


def test_a_shrinking_that_is_not_yet_known_frees_nothing(bounded: World) -> None:
    bounded.cloud.errors["update"] = LOST
    bounded.apply(bounded.draft(replicas(1), service_id=REPORTING_ID))
    bounded.cloud.errors.clear()
    assert broken(lambda: bounded.apply(grow(bounded, 7))) == [
        ("num_replicas", "warehouse_replicas")
    ]


def test_groups_of_other_warehouses_do_not_count(bounded: World) -> None:
    foreign = replace(bounded.cloud.services[PRIMARY_ID], service_id="f", configured=replicas(20))
    bounded.cloud.services["f"] = foreign
    assert bounded.apply(grow(bounded, 4)).state is ChangeState.APPLIED


@pytest.mark.parametrize("is_listed", [True, False])
def test_beside_a_group_of_unknown_size_nothing_may_grow(
    bounded: World, *, is_listed: bool
) -> None:
    reference = grow(bounded, 4)
    bounded.cloud.put(REPORTING_ID, configured=None)
    if not is_listed:
        del bounded.cloud.services[REPORTING_ID]
    bounded.clock.advance(6)
    with pytest.raises(NotPossible, match="Not every group"):
        bounded.apply(reference)
    assert bounded.cloud.sent == []


def test_a_group_that_cloud_no_longer_lists_is_not_changed(bounded: World) -> None:
    reference = grow(bounded, 4)
    del bounded.cloud.services[PRIMARY_ID]
    with pytest.raises(CloudNotFound):
        bounded.apply(reference)
    assert bounded.cloud.sent == []


def test_stopping_is_not_subject_to_the_bound(bounded: World) -> None:
    bounded.set_policy(make_catalog(max_replicas=1))
    assert bounded.command(Action.STOP, ALICE, PRIMARY_ID) is not None


def test_a_state_that_the_portal_does_not_know_is_told_with_clouds_word(world: World) -> None:
    reference = world.draft_command(Action.STOP)
    world.cloud.put(PRIMARY_ID, state=ServiceState.UNKNOWN, state_text="Hibernating")
    with pytest.raises(NotPossible, match=r"not known \(“Hibernating”\), so nothing was sent"):
        world.apply(reference, confirmation=confirmation())
