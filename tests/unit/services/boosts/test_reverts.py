"""A boost goes back by itself: once, to what was, in whatever order things happen."""

from dataclasses import replace

import pytest

from app.domain.access.freeze import Freeze
from app.domain.audit.chain import ChainEntry
from app.domain.changes.change import ChangeOrigin, ChangeState
from app.domain.groups.states import ServiceState
from app.errors import BrokenRules
from app.store.audit.log import EventStore
from tests.support.events import EVENT
from tests.unit.builders import PRIMARY_ID, VERTICAL, changed
from tests.unit.services.boosts.boosted import (
    AWAY,
    LARGE,
    LOST,
    REFUSED,
    S,
    boost,
    failing,
    find,
    go_on,
    state,
)
from tests.unit.services.world import World


def test_it_goes_back_when_its_end_has_come_and_not_before(world: World) -> None:
    made = boost(world)
    assert (world.config(), state(world, made)) == (LARGE, S.ACTIVE)
    go_on(world, minutes=59)
    assert world.config() == LARGE
    go_on(world, minutes=1)
    assert (world.config(), state(world, made)) == (VERTICAL, S.ENDED)
    assert len(world.cloud.sent) == 2
    go_on(world, days=3)
    assert len(world.cloud.sent) == 2


def test_going_back_is_a_change_of_whoever_ordered_it(world: World) -> None:
    made = boost(world)
    go_on(world, hours=1)
    revert = find(world, made.reference).revert
    assert revert is not None
    assert (revert.state, revert.origin) == (ChangeState.APPLIED, ChangeOrigin.BOOST)
    assert (revert.user, revert.order_reference) == ("alice", made.reference)


def test_three_days_without_a_worker_cost_one_call(world: World) -> None:
    boost(world)
    go_on(world, days=3)
    go_on(world, seconds=2)
    assert (world.config(), len(world.cloud.sent)) == (VERTICAL, 2)


def test_what_somebody_else_has_set_since_stays(world: World) -> None:
    made = boost(world)
    world.cloud.put(PRIMARY_ID, configured=changed(LARGE, max_memory_gb=120))
    go_on(world, hours=1)
    assert world.config() == changed(VERTICAL, max_memory_gb=120)
    ended = find(world, made.reference)
    assert ended.outcome is S.LEFT_AS_FOUND
    assert ended.note == (
        "Left as found: maximum memory in GB is 120. It was changed outside the portal."
    )


def test_nothing_is_sent_where_all_of_it_is_gone_already(world: World) -> None:
    made = boost(world)
    world.cloud.put(PRIMARY_ID, configured=VERTICAL)
    go_on(world, hours=1)
    assert (state(world, made), len(world.cloud.sent)) == (S.ENDED, 1)


def test_nothing_is_concluded_while_cloud_may_still_show_what_was_before(world: World) -> None:
    made = boost(world, minutes=1)
    world.cloud.put(PRIMARY_ID, configured=VERTICAL)
    go_on(world, minutes=1)
    assert state(world, made) is S.REVERTING
    world.cloud.put(PRIMARY_ID, configured=LARGE)
    go_on(world, minutes=2)
    assert (world.config(), state(world, made)) == (VERTICAL, S.ENDED)


def test_a_second_boost_takes_its_place_and_goes_back_to_what_was_first(world: World) -> None:
    first = boost(world)
    world.clock.advance(600)
    larger = changed(LARGE, min_memory_gb=120, max_memory_gb=120)
    second = boost(world, larger, minutes=120)
    go_on(world, minutes=50)
    assert (state(world, first), world.config()) == (S.SUPERSEDED, larger)
    go_on(world, minutes=70)
    assert (state(world, second), world.config()) == (S.ENDED, VERTICAL)


def test_an_answer_that_is_lost_is_followed_and_not_sent_twice(world: World) -> None:
    made = boost(world)
    with failing(world, LOST):
        go_on(world, hours=1)
    for _ in range(10):
        go_on(world, seconds=30)
        world.reconciler.reconcile_all()
    assert len(world.cloud.sent) == 3  # the boost, the one that was lost, and one more try
    assert (state(world, made), world.config()) == (S.ENDED, VERTICAL)


def test_refusals_are_tried_again_after_longer_and_longer_pauses_and_told(world: World) -> None:
    made = boost(world)
    world.clock.advance(3600)
    waits = []
    for _ in range(6):
        with failing(world, REFUSED):
            world.reverts.advance_all()
        known = find(world, made.reference)
        assert known.next_try_at is not None
        waits.append((known.next_try_at - world.clock()).total_seconds() / 60)
        world.reverts.advance_all()  # not before the pause is over
        world.clock.advance((known.next_try_at - world.clock()).total_seconds())
    assert waits == [1, 2, 5, 10, 30, 30]
    assert state(world, made) is S.REVERT_FAILING
    world.reverts.advance_all()
    assert (state(world, made), world.config()) == (S.ENDED, VERTICAL)


def test_while_nothing_can_be_asked_nothing_counts_and_the_alarm_comes_by_time(
    world: World,
) -> None:
    made = boost(world)
    with failing(world, AWAY, "list_services", "get_service"):
        go_on(world, hours=1)
        assert state(world, made) is S.REVERT_WAITING
        go_on(world, minutes=15)
        assert state(world, made) is S.REVERT_WAITING
        assert find(world, made.reference).alarmed_at is not None
        go_on(world, hours=2)
    go_on(world, seconds=60)
    assert (state(world, made), world.config()) == (S.ENDED, VERTICAL)


def test_a_boost_that_cloud_refuses_has_not_begun(world: World) -> None:
    with failing(world, REFUSED):
        made = boost(world)
    go_on(world, seconds=2)
    assert (state(world, made), len(world.cloud.sent)) == (S.NOT_STARTED, 1)


def test_a_boost_makes_nothing_smaller(world: World) -> None:
    smaller = changed(VERTICAL, min_memory_gb=8)
    with pytest.raises(BrokenRules) as broken:
        boost(world, smaller)
    assert [item.code for item in broken.value.problems] == ["boost_only_up"]


def test_a_group_that_is_being_stopped_says_what_going_back_waits_for(world: World) -> None:
    made = boost(world)
    world.show(ServiceState.STOPPING)
    go_on(world, hours=2)
    waiting = find(world, made.reference)
    assert (waiting.tries, state(world, made)) == (0, S.REVERT_WAITING)
    assert "stopping" in waiting.note.lower()
    told = _actions(world)
    assert told.count("boost_revert_waits") == 1
    go_on(world, minutes=1)
    assert _actions(world) == told  # once for each reason
    world.show(ServiceState.RUNNING)
    go_on(world, minutes=1)
    ended = find(world, made.reference)
    assert (world.config(), ended.outcome, ended.note) == (VERTICAL, S.ENDED, "")


def test_a_freeze_stops_going_back_only_where_the_settings_say_so(world: World) -> None:
    made = boost(world)
    reverts = replace(world.reverts, freeze=world.freeze)
    world.freezes.create_freeze(Freeze("audit", "root", world.clock()), EVENT)
    world.clock.advance(3600)
    reverts.advance_all()
    assert (world.config(), len(world.cloud.sent)) == (LARGE, 1)
    assert find(world, made.reference).note.startswith("Changes are frozen by root.")
    world.clock.advance(60)
    world.reverts.advance_all()
    assert world.config() == VERTICAL


def _actions(world: World) -> list[str]:
    entries = EventStore(world.engine).iterate()
    return [entry.values["action"] for entry in entries if isinstance(entry, ChainEntry)]
