"""One call goes back, whatever clocks, pauses and processes do."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, func, select

from app.domain.boosts.boost import Boost
from app.domain.changes.actions import Action
from app.errors import NotPossible, StoreUnavailable
from app.services.changes.orders import OrderedChanges
from app.store.boosts import BoostStore
from app.store.database.engine import open_engine
from app.store.schema import changes
from tests.unit.builders import ALICE, PRIMARY_ID, VERTICAL, changed
from tests.unit.services.boosts.boosted import LARGE, LOST, S, boost, failing, find, go_on, state
from tests.unit.services.fakes import LoggedChanges
from tests.unit.services.world import World

PATCH_BACK = (
    PRIMARY_ID,
    Action.SCALE,
    {"minReplicaMemoryGb": 16, "maxReplicaMemoryGb": 32},
)


@pytest.fixture
def other(world: World) -> Iterator[World]:
    """Another process over the same database and the same Cloud."""
    engine = open_engine(SecretStr(world.engine.url.render_as_string(hide_password=False)))
    yield World(engine, world.clock, world.policy, world.cloud)
    engine.dispose()


def once(world: World, action: Any) -> None:  # noqa: ANN401 - of any result
    """Do something while Cloud is read the next time, between claim and call."""

    def meanwhile() -> None:
        world.cloud.while_reading = lambda: None
        action()

    world.cloud.while_reading = meanwhile


def sent_back(world: World) -> int:
    """How many calls went back; each is the same, and the first call was the boost."""
    assert all(item == PATCH_BACK for item in world.cloud.sent[1:])
    return len(world.cloud.sent) - 1


def count_changes(world: World) -> int:
    """How many stand in the ledger, drafts included."""
    with world.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(changes)) or 0


def go_round(*worlds: World) -> None:
    """The workers go round for a while."""
    for _ in range(8):
        for world in worlds:
            world.clock.advance(30)
            world.reconciler.reconcile_all()
            world.reverts.advance_all()


def test_a_clock_set_back_after_the_end_sends_nothing_again(world: World) -> None:
    made = boost(world)
    go_on(world, hours=1)
    assert sent_back(world) == 1
    for hours in (-2, 1, 1, 24, -24, 24):
        go_on(world, hours=hours)
        assert (sent_back(world), state(world, made)) == (1, S.ENDED)


def test_a_clock_set_back_before_the_end_lets_it_end_later_and_once(world: World) -> None:
    made = boost(world)
    go_on(world, minutes=50)
    go_on(world, hours=-2)
    assert (sent_back(world), state(world, made)) == (0, S.ACTIVE)
    go_on(world, minutes=130)
    assert (sent_back(world), state(world, made)) == (1, S.ENDED)
    go_round(world)
    assert sent_back(world) == 1


def test_a_clock_that_is_a_day_ahead_ends_it_at_once_and_once(world: World) -> None:
    made = boost(world)
    go_on(world, days=1)
    assert (sent_back(world), state(world, made)) == (1, S.ENDED)
    go_on(world, days=-1)
    go_round(world)
    assert sent_back(world) == 1


def test_a_clock_set_back_while_the_answer_is_lost_doubles_nothing(world: World) -> None:
    made = boost(world)
    world.cloud.does_it_anyway = True
    with failing(world, LOST):
        go_on(world, hours=1)
    world.clock.advance(-7200)
    go_round(world)
    world.clock.advance(7200)
    go_round(world)
    assert (sent_back(world), state(world, made)) == (1, S.ENDED)


def test_stopped_for_ten_minutes_between_claim_and_call_it_sends_nothing_then_once(
    world: World,
) -> None:
    made = boost(world)
    once(world, lambda: world.clock.advance(600))
    go_on(world, hours=1)
    assert (sent_back(world), world.config()) == (0, LARGE)
    go_on(world, seconds=2)
    assert (sent_back(world), state(world, made)) == (1, S.ENDED)


def test_stopped_for_ten_minutes_while_another_takes_over_only_that_one_sends(
    world: World, other: World
) -> None:
    made = boost(world)

    def pause() -> None:
        world.clock.advance(600)
        go_round(other)
        assert sent_back(world) == 1

    once(world, pause)
    go_on(world, hours=1)
    go_round(world, other)
    assert (sent_back(world), state(world, made), world.config()) == (1, S.ENDED, VERTICAL)


@pytest.mark.parametrize("moment", ["while_reading", "while_sending"])
def test_two_workers_at_the_same_moment_send_one_call(
    world: World, other: World, moment: str
) -> None:
    made = boost(world)

    def meanwhile() -> None:
        setattr(world.cloud, moment, lambda: None)
        other.reverts.advance_all()

    setattr(world.cloud, moment, meanwhile)
    go_on(world, hours=1)
    go_round(world, other)
    assert (sent_back(world), state(world, made)) == (1, S.ENDED)


def test_two_workers_in_parallel_send_one_call(world: World, other: World) -> None:
    made = boost(world)
    world.clock.advance(3600)
    barrier = threading.Barrier(2)

    def work(one: World) -> None:
        barrier.wait()
        for _ in range(5):
            one.reverts.advance_all()

    with ThreadPoolExecutor(2) as pool:
        for ended in [pool.submit(work, one) for one in (world, other)]:
            ended.result()
    assert (sent_back(world), state(world, made)) == (1, S.ENDED)


def test_a_worker_that_knows_nothing_of_the_end_yet_sends_nothing_again(
    world: World, other: World
) -> None:
    made = boost(world)
    world.clock.advance(3600)
    stale = find(other, made.reference)
    world.reverts.advance_all()
    # Somebody wants the same size again, and this time for good.
    world.cloud.put(PRIMARY_ID, configured=LARGE)
    world.clock.advance(6)
    other.reverts.advance(stale)
    assert (sent_back(world), world.config()) == (1, LARGE)


def test_ended_early_while_the_job_does_the_same_one_call_is_sent(
    world: World, other: World
) -> None:
    made = boost(world)
    world.clock.advance(600)
    once(world, other.reverts.advance_all)
    ended = world.boosts.end(ALICE, PRIMARY_ID, made.reference)
    go_round(world, other)
    assert (sent_back(world), ended.outcome) == (1, S.ENDED_EARLY)
    world.boosts.end(ALICE, PRIMARY_ID, made.reference)
    assert sent_back(world) == 1


def test_ended_early_at_the_moment_of_its_end_it_goes_back_once(world: World, other: World) -> None:
    made = boost(world)
    world.clock.advance(3600)
    once(world, lambda: other.boosts.end(ALICE, PRIMARY_ID, made.reference))
    world.reverts.advance_all()
    go_round(world, other)
    assert (sent_back(world), state(world, made)) == (1, S.ENDED)


def test_extended_at_the_last_second_it_goes_on(world: World, other: World) -> None:
    made = boost(world)
    world.clock.advance(3599)
    world.boosts.extend(ALICE, PRIMARY_ID, made.reference, {"minutes": 30})
    go_on(other, seconds=1)
    assert (sent_back(world), state(world, made)) == (0, S.ACTIVE)
    go_on(other, seconds=1799)
    assert (sent_back(world), state(world, made)) == (1, S.ENDED)


def extend_by_a_clock_behind(world: World, made: Boost) -> None:
    """Extend it at a machine whose clock is a second behind."""
    world.clock.advance(-1)
    world.boosts.extend(ALICE, PRIMARY_ID, made.reference, {"minutes": 30})
    world.clock.advance(1)


def go_back_without_closing(world: World, other: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one goes back and dies of it; then somebody wants the same size for good."""

    def die(*_: object, **__: object) -> None:
        raise StoreUnavailable(message="No disk.")

    with monkeypatch.context() as broken:
        broken.setattr(BoostStore, "close", die)
        with pytest.raises(StoreUnavailable):
            other.reverts.advance_all()
    world.cloud.put(PRIMARY_ID, configured=LARGE)


MOMENTS = pytest.mark.parametrize(
    ("owner", "method"),
    [(OrderedChanges, "send"), (LoggedChanges, "claim")],
    ids=["before the draft", "before the claim"],
)


def before(
    monkeypatch: pytest.MonkeyPatch, owner: type, method: str, action: Callable[[], None]
) -> None:
    """Do something just before a method is called for the first time."""
    inner = getattr(owner, method)

    def with_action(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as it is called
        monkeypatch.setattr(owner, method, inner)
        action()
        return inner(*args, **kwargs)

    monkeypatch.setattr(owner, method, with_action)


@MOMENTS
def test_a_job_that_saw_the_end_before_it_was_extended_sends_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, owner: type, method: str
) -> None:
    made = boost(world)
    world.clock.advance(3600)
    before(monkeypatch, owner, method, lambda: extend_by_a_clock_behind(world, made))
    world.reverts.advance_all()
    assert (sent_back(world), state(world, made)) == (0, S.ACTIVE)


@MOMENTS
def test_a_job_that_saw_the_end_before_another_went_back_and_died_sends_nothing(
    world: World, other: World, monkeypatch: pytest.MonkeyPatch, owner: type, method: str
) -> None:
    made = boost(world)
    world.clock.advance(3600)
    before(monkeypatch, owner, method, lambda: go_back_without_closing(world, other, monkeypatch))
    world.reverts.advance_all()
    go_round(world, other)
    assert (sent_back(world), world.config(), state(world, made)) == (1, LARGE, S.ENDED)


@MOMENTS
def test_a_job_that_saw_the_end_before_somebody_took_over_sends_nothing(
    world: World, other: World, monkeypatch: pytest.MonkeyPatch, owner: type, method: str
) -> None:
    made = boost(world)
    world.clock.advance(3600)

    def take_over() -> None:
        other.boosts.take_over(ALICE, PRIMARY_ID, made.reference)

    before(monkeypatch, owner, method, take_over)
    world.reverts.advance_all()
    go_round(world, other)
    assert (sent_back(world), state(world, made), world.config()) == (0, S.TAKEN_OVER, LARGE)


def test_while_another_change_is_in_flight_no_draft_is_made(world: World) -> None:
    boost(world)
    world.clock.advance(3600)
    with failing(world, LOST):
        world.reverts.advance_all()
    assert world.changes.find_in_flight(PRIMARY_ID)
    known = count_changes(world)
    world.reverts.advance_all()
    world.reverts.advance_all()
    assert count_changes(world) == known


def test_it_is_not_extended_once_its_end_has_come(world: World) -> None:
    made = boost(world)
    world.clock.advance(3600)
    with pytest.raises(NotPossible):
        world.boosts.extend(ALICE, PRIMARY_ID, made.reference, {"minutes": 30})
    go_on(world, seconds=2)
    assert (sent_back(world), state(world, made)) == (1, S.ENDED)


def test_an_extension_never_makes_it_shorter(world: World) -> None:
    made = boost(world)
    extended = world.boosts.extend(ALICE, PRIMARY_ID, made.reference, {"minutes": 5})
    assert extended.ends_at == made.ends_at


def test_it_is_extended_by_the_shortest_time_that_can_be_asked_for(world: World) -> None:
    made = boost(world)
    world.clock.advance(3600 - 30)

    def now() -> datetime:
        world.clock.advance(0.001)  # each look at the clock finds it later
        return world.clock()

    boosts = replace(world.boosts, now=now)
    extended = boosts.extend(ALICE, PRIMARY_ID, made.reference, {"minutes": 1})
    assert extended.ends_at > made.ends_at


def test_a_boost_whose_place_was_taken_ends_without_a_call(world: World) -> None:
    first = boost(world)
    larger = changed(LARGE, max_memory_gb=120)
    second = boost(world, larger, minutes=120)
    # Nobody has gone round since: the first one still counts as open.
    world.boosts.end(ALICE, PRIMARY_ID, first.reference)
    assert (len(world.cloud.sent), world.config()) == (2, larger)
    go_round(world)
    assert (state(world, first), state(world, second)) == (S.SUPERSEDED, S.ACTIVE)
    go_on(world, hours=2)
    assert (state(world, second), world.config()) == (S.ENDED, VERTICAL)


def test_a_second_boost_that_begins_while_the_first_ends_keeps_all_its_size(
    world: World, other: World
) -> None:
    first = boost(world)
    larger = changed(LARGE, max_memory_gb=120)
    world.clock.advance(3600)
    stale = find(other, first.reference)
    boost(world, larger, minutes=120)
    other.reverts.advance(stale)
    assert (len(world.cloud.sent), world.config()) == (2, larger)


def test_a_second_boost_after_the_clock_was_set_back_takes_the_place_of_the_first(
    world: World,
) -> None:
    first = boost(world)
    world.clock.advance(-7200)
    larger = changed(LARGE, max_memory_gb=120)
    second = boost(world, larger)
    go_on(world, seconds=2)
    assert (state(world, first), state(world, second)) == (S.SUPERSEDED, S.ACTIVE)
    go_on(world, hours=1)
    assert (state(world, second), world.config()) == (S.ENDED, VERTICAL)


def test_what_is_kept_after_a_second_boost_is_not_taken_by_the_end_of_the_first(
    world: World,
) -> None:
    boost(world)
    larger = changed(LARGE, max_memory_gb=120)
    second = boost(world, larger, minutes=120)
    world.boosts.take_over(ALICE, PRIMARY_ID, second.reference)
    go_on(world, hours=1)
    assert (len(world.cloud.sent), world.config()) == (2, larger)


def test_ended_at_once_while_cloud_still_shows_what_was_before_it_goes_back(world: World) -> None:
    made = boost(world)
    world.clock.advance(1)
    once(world, lambda: world.cloud.put(PRIMARY_ID, configured=VERTICAL))
    world.boosts.end(ALICE, PRIMARY_ID, made.reference)
    assert state(world, made) is S.REVERTING
    world.cloud.put(PRIMARY_ID, configured=LARGE)
    go_on(world, minutes=2)
    assert (sent_back(world), state(world, made)) == (1, S.ENDED_EARLY)
    assert world.config() == VERTICAL


def test_three_days_without_any_process_cost_one_call(engine: Engine, world: World) -> None:
    made = boost(world)
    world.clock.advance(timedelta(days=3).total_seconds())
    late = World(engine, world.clock, world.policy, world.cloud)
    late.reverts.advance_all()
    assert (sent_back(world), state(late, made)) == (1, S.ENDED)
