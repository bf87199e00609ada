"""What happens to a group or its rules while it is boosted, and what becomes of going back then."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from app.context import RequestContext, in_context
from app.domain.access.permissions import Permission
from app.domain.boosts.boost import Boost
from app.domain.changes.actions import Action
from app.domain.groups.catalog import Catalog
from app.domain.groups.limits import Limits
from app.domain.groups.states import ServiceState
from app.errors import (
    ChangesFrozen,
    CloudUnreachable,
    DraftUnusable,
    NotAllowed,
    NotFound,
    NotPossible,
    StoreUnavailable,
)
from app.services.boosts.reverts import BoostReverts
from app.services.changes.orders import SENDING_SECONDS
from app.store.boosts import BoostStore
from tests.unit.builders import (
    ALICE,
    BOB,
    OLGA,
    PRIMARY_ID,
    VERTICAL,
    changed,
    denying,
    giving,
    make_catalog,
)
from tests.unit.services.boosts.boosted import LARGE, S, boost, draft, failing, find, go_on, state
from tests.unit.services.world import ROOT, World

EMPTY = Catalog(())
OPERATORS = "analytics_operator"
ALL_BUT_HER = (giving(*Permission, roles=(OPERATORS,)), denying(*Permission, users=("alice",)))


def sizes_asked(world: World) -> list[Action]:
    """What was sent to Cloud."""
    return [action for _, action, _ in world.cloud.sent]


def assert_gone_back(world: World, made: Boost) -> None:
    """Two calls: there and back."""
    assert (state(world, made), world.config()) == (S.ENDED, VERTICAL)
    assert sizes_asked(world) == [Action.SCALE, Action.SCALE]


def test_a_group_that_is_gone_is_left_once_two_readings_do_not_show_it(world: World) -> None:
    made = boost(world)
    del world.cloud.services[PRIMARY_ID]
    go_on(world, hours=1)
    assert state(world, made) is S.REVERTING
    go_on(world, seconds=10)
    ended = find(world, made.reference)
    assert (ended.outcome, len(world.cloud.sent)) == (S.LEFT_AS_FOUND, 1)
    assert "deleted" in ended.note


def test_a_group_that_is_back_after_one_reading_goes_back(world: World) -> None:
    made = boost(world)
    kept = world.cloud.services.pop(PRIMARY_ID)
    go_on(world, hours=1)
    world.cloud.services[PRIMARY_ID] = kept
    go_on(world, seconds=10)
    assert_gone_back(world, made)


@pytest.mark.parametrize("at", [ServiceState.IDLE, ServiceState.STOPPED])
def test_a_group_that_rests_goes_back_and_is_neither_woken_nor_started(
    world: World, at: ServiceState
) -> None:
    made = boost(world)
    world.show(at)
    go_on(world, hours=1)
    assert_gone_back(world, made)
    assert world.cloud.services[PRIMARY_ID].state is at


def test_a_group_that_cannot_be_scaled_at_the_moment_waits_and_people_are_told(
    world: World,
) -> None:
    made = boost(world)
    world.show(ServiceState.STOPPING)
    go_on(world, hours=1)
    assert (state(world, made), len(world.cloud.sent)) == (S.REVERT_WAITING, 1)
    go_on(world, minutes=15)
    assert find(world, made.reference).alarmed_at is not None
    world.show(ServiceState.STOPPED)
    go_on(world, seconds=2)
    assert_gone_back(world, made)


def test_a_freeze_stops_new_boosts_and_longer_ones_and_not_going_back(world: World) -> None:
    made = boost(world)
    world.administration.freeze(ROOT, "audit")
    with pytest.raises(ChangesFrozen):
        boost(world, changed(LARGE, max_memory_gb=120))
    with pytest.raises(ChangesFrozen):
        world.boosts.extend(ALICE, PRIMARY_ID, made.reference, {"minutes": 120})
    go_on(world, hours=1)
    assert_gone_back(world, made)


def test_during_a_freeze_a_boost_can_be_ended_early(world: World) -> None:
    made = boost(world)
    world.administration.freeze(ROOT, "audit")
    world.boosts.end(ALICE, PRIMARY_ID, made.reference)
    assert (state(world, made), world.config()) == (S.ENDED_EARLY, VERTICAL)


@pytest.mark.parametrize(
    "catalog",
    [
        pytest.param(make_catalog(rules=()), id="nobody may do anything"),
        pytest.param(make_catalog(rules=ALL_BUT_HER), id="she is denied by name"),
        pytest.param(EMPTY, id="the group is not in the file"),
        pytest.param(make_catalog(limits=Limits(min_replicas=4)), id="too small by now"),
        pytest.param(
            make_catalog(limits=Limits(memory_choices_gb=(236,))), id="no such size by now"
        ),
        pytest.param(
            make_catalog(limits=Limits(cooldown_minutes=600, max_changes_per_hour=1)),
            id="too many changes",
        ),
        pytest.param(make_catalog(limits=Limits(boost_max_hours=1)), id="shorter boosts"),
        pytest.param(make_catalog(max_replicas=1), id="too many replicas in all"),
    ],
)
def test_whatever_the_file_says_by_then_it_goes_back(world: World, catalog: Catalog) -> None:
    made = boost(world)
    world.set_policy(catalog)
    go_on(world, hours=1)
    assert_gone_back(world, made)


@pytest.mark.parametrize(
    ("catalog", "refusal"),
    [
        (make_catalog(rules=(giving(Permission.VIEW, roles=(OPERATORS,)),)), NotAllowed),
        (make_catalog(rules=ALL_BUT_HER), NotFound),
        (EMPTY, NotFound),
    ],
    ids=["looking only", "denied by name", "not in the file"],
)
def test_who_has_lost_the_right_can_make_it_neither_longer_nor_shorter(
    world: World, catalog: Catalog, refusal: type[Exception]
) -> None:
    made = boost(world)
    world.set_policy(catalog)
    with pytest.raises(refusal):
        world.boosts.extend(ALICE, PRIMARY_ID, made.reference, {"minutes": 120})
    with pytest.raises(refusal):
        world.boosts.end(ALICE, PRIMARY_ID, made.reference)
    with pytest.raises(refusal):
        world.boosts.take_over(ALICE, PRIMARY_ID, made.reference)
    assert (state(world, made), find(world, made.reference).ends_at) == (S.ACTIVE, made.ends_at)


def test_who_may_only_boost_can_not_keep_the_size(world: World) -> None:
    only = giving(Permission.VIEW, Permission.BOOST, roles=(OPERATORS,))
    world.set_policy(make_catalog(rules=(only,)))
    made = boost(world)
    with pytest.raises(NotAllowed):
        world.boosts.take_over(ALICE, PRIMARY_ID, made.reference)
    world.boosts.extend(ALICE, PRIMARY_ID, made.reference, {"minutes": 90})
    world.boosts.end(ALICE, PRIMARY_ID, made.reference)
    assert state(world, made) is S.ENDED_EARLY


def test_somebody_else_of_the_group_may_end_it_and_who_only_looks_may_not(world: World) -> None:
    made = boost(world)
    with pytest.raises(NotAllowed):
        world.boosts.end(BOB, PRIMARY_ID, made.reference)
    ended = world.boosts.end(OLGA, PRIMARY_ID, made.reference)
    assert (ended.outcome, ended.ended_by) == (S.ENDED_EARLY, "olga")


def test_while_an_entry_of_clouds_own_schedule_is_active_nothing_is_boosted(world: World) -> None:
    reference = draft(world)
    world.cloud.put(PRIMARY_ID, active_entry="Nightly")
    world.clock.advance(6)
    with pytest.raises(NotPossible, match="Nightly"):
        boost(world)
    with pytest.raises(NotPossible, match="Nightly"):
        world.apply(reference)
    assert world.cloud.sent == []


def test_an_entry_of_clouds_own_schedule_does_not_keep_it_from_going_back(world: World) -> None:
    made = boost(world)
    world.cloud.put(PRIMARY_ID, active_entry="Nightly")
    go_on(world, hours=1)
    assert_gone_back(world, made)


def test_a_draft_that_would_be_over_by_now_is_not_confirmed(world: World) -> None:
    reference = draft(world, minutes=5)
    world.clock.advance(300)
    with pytest.raises(DraftUnusable, match="over by now"):
        world.apply(reference)
    assert world.cloud.sent == []


def test_what_somebody_changes_by_hand_meanwhile_stays_and_is_said_by_name(world: World) -> None:
    made = boost(world)
    world.clock.advance(600)
    by_hand = world.draft(changed(LARGE, max_memory_gb=120), OLGA)
    world.apply(by_hand, OLGA)
    go_on(world, minutes=50)
    ended = find(world, made.reference)
    assert world.config() == changed(VERTICAL, max_memory_gb=120)
    assert ended.outcome is S.LEFT_AS_FOUND
    assert f"olga changed the size in change {by_hand}." in ended.note


def test_a_change_of_the_same_moment_is_waited_for(world: World) -> None:
    made = boost(world)
    world.clock.advance(3600)
    by_hand = world.draft(changed(LARGE, idle_timeout_minutes=60), OLGA)
    world.cloud.while_sending = world.reverts.advance_all
    world.apply(by_hand, OLGA)
    world.cloud.while_sending = lambda: None
    assert len(world.cloud.sent) == 1 + 1
    go_on(world, seconds=2)
    assert (state(world, made), world.config()) == (
        S.ENDED,
        changed(VERTICAL, idle_timeout_minutes=60),
    )


def test_who_takes_it_over_keeps_the_size(world: World) -> None:
    made = boost(world)
    taken = world.boosts.take_over(OLGA, PRIMARY_ID, made.reference)
    assert (taken.outcome, taken.closed_by) == (S.TAKEN_OVER, "olga")
    go_on(world, days=1)
    assert (len(world.cloud.sent), world.config()) == (1, LARGE)


def fail(*_: object, **__: object) -> None:
    """What the records do while the disk is full."""
    raise StoreUnavailable(message="No disk.")


def look_for_a_while(world: World) -> None:
    """The worker goes round until every answer that is missing is found out."""
    for _ in range(10):
        go_on(world, seconds=30)
        world.reconciler.reconcile_all()


def test_a_draft_does_not_undo_what_was_kept_after_it_was_drawn_up(world: World) -> None:
    first = boost(world)
    reference = draft(world, changed(LARGE, max_memory_gb=120))
    world.boosts.take_over(ALICE, PRIMARY_ID, first.reference)
    with pytest.raises(DraftUnusable, match="earlier boost"):
        world.apply(reference)
    second = boost(world, changed(LARGE, max_memory_gb=120))
    assert second.before == LARGE
    go_on(world, hours=1)
    assert (state(world, second), world.config()) == (S.ENDED, LARGE)


@pytest.mark.parametrize("is_released", [True, False])
def test_records_that_fail_between_claim_and_call_cost_no_call_and_then_one(
    world: World, monkeypatch: pytest.MonkeyPatch, is_released: bool
) -> None:
    made = boost(world)
    world.clock.advance(3600)

    def break_down() -> None:
        monkeypatch.setattr(type(world.changes), "list_since", fail)
        monkeypatch.setattr(BoostStore, "_select", fail)
        if not is_released:
            monkeypatch.setattr(type(world.changes), "release", fail)

    claim = type(world.changes).claim

    def claim_and_break(*args: Any, **kwargs: Any) -> bool:  # noqa: ANN401 - as it is called
        is_claimed = claim(*args, **kwargs)
        break_down()
        return is_claimed

    monkeypatch.setattr(type(world.changes), "claim", claim_and_break)
    with pytest.raises(StoreUnavailable):
        world.reverts.advance_all()
    monkeypatch.undo()
    assert len(world.cloud.sent) == 1
    look_for_a_while(world)
    assert_gone_back(world, made)


def test_an_end_that_cannot_be_recorded_costs_no_second_call(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = boost(world)
    world.clock.advance(3600)
    with monkeypatch.context() as broken:
        broken.setattr(BoostStore, "close", fail)
        with pytest.raises(StoreUnavailable):
            world.reverts.advance_all()
    world.cloud.put(PRIMARY_ID, configured=LARGE)  # somebody wants it for good
    look_for_a_while(world)
    assert (state(world, made), len(world.cloud.sent)) == (S.ENDED, 2)


def test_one_boost_that_cannot_be_looked_after_keeps_no_other_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = boost(world)
    world.clock.advance(3600)
    odd = replace(made, before=None)  # type: ignore[arg-type] # on purpose
    inner = BoostReverts._supersede

    def with_an_odd_one(self: BoostReverts, boosts: Sequence[Boost]) -> list[Boost]:
        return [odd, *inner(self, boosts)]

    monkeypatch.setattr(BoostReverts, "_supersede", with_an_odd_one)
    world.reverts.advance_all()
    assert_gone_back(world, made)


def test_what_the_time_of_a_round_does_not_suffice_for_is_no_failure(world: World) -> None:
    made = boost(world)
    world.clock.advance(3600)
    deadline = time.monotonic() + SENDING_SECONDS / 2
    with in_context(RequestContext(deadline=deadline)):
        world.reverts.advance_all()
    assert (len(world.cloud.sent), find(world, made.reference).tries) == (1, 0)
    cut_short = CloudUnreachable(message="no time is left")
    cut_short.is_cut_short = True
    with failing(world, cut_short, "get_service"):
        world.reverts.advance_all()
    assert find(world, made.reference).tries == 0
    world.reverts.advance_all()
    assert (world.config(), state(world, made)) == (VERTICAL, S.ENDED)
