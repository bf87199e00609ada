"""One call for an edge, whatever clocks, pauses and processes do."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from pydantic import SecretStr

from app.store.database.engine import open_engine
from app.store.schedules.edges import ScheduleEdgeStore
from tests.unit.builders import NOW, PRIMARY_ID, changed
from tests.unit.domain.schedules.builders import utc
from tests.unit.services.schedules.conftest import Plans
from tests.unit.services.world import World

EVENING = utc("2026-03-04 17:00")
PLANNED, BASE = (32, 64, 3, 3), (8, 16, 1, 1)


@pytest.fixture
def others(plans: Plans, world: World) -> Iterator[list[Plans]]:
    """Two further processes over the same database and the same Cloud."""
    url = SecretStr(world.engine.url.render_as_string(hide_password=False))
    engines = [open_engine(url) for _ in range(2)]
    worlds = [World(engine, world.clock, world.policy, world.cloud) for engine in engines]
    plans.save()
    plans.run_at(NOW)
    assert (plans.sent, world.config().size) == (1, PLANNED)
    yield [Plans(one) for one in worlds]
    for engine in engines:
        engine.dispose()


def once(world: World, moment: str, action: Callable[[], object]) -> None:
    """Do something at the next call of Cloud of this kind."""

    def meanwhile() -> None:
        setattr(world.cloud, moment, lambda: None)
        action()

    setattr(world.cloud, moment, meanwhile)


def go_round(*processes: Plans) -> None:
    """The workers go round for twenty minutes."""
    for _ in range(40):
        for one in processes:
            one.clock.advance(30 / len(processes))
            one.world.reconciler.reconcile_all()
            one.engine.run_due()


def check_once(world: World) -> None:
    """One call more than the one by which the window began."""
    assert (len(world.cloud.sent), world.config().size) == (2, BASE)


@pytest.mark.parametrize("moment", ["while_reading", "while_sending"])
def test_three_workers_at_the_same_moment_send_one_call(
    plans: Plans, world: World, others: list[Plans], moment: str
) -> None:
    once(world, moment, lambda: [one.engine.run_due() for one in others])
    plans.run_at(EVENING)
    go_round(plans, *others)
    check_once(world)


def test_three_workers_in_parallel_send_one_call(
    plans: Plans, world: World, others: list[Plans]
) -> None:
    plans.clock.time = EVENING
    barrier = threading.Barrier(3)

    def work(one: Plans) -> None:
        barrier.wait()
        for _ in range(5):
            one.engine.run_due()

    with ThreadPoolExecutor(3) as pool:
        for ended in [pool.submit(work, one) for one in (plans, *others)]:
            ended.result()
    check_once(world)


def test_stopped_for_ten_minutes_between_claim_and_call_it_sends_once(
    plans: Plans, world: World, others: list[Plans]
) -> None:
    assert others
    once(world, "while_reading", lambda: world.clock.advance(600))
    plans.run_at(EVENING)
    go_round(plans)
    check_once(world)


def test_stopped_for_ten_minutes_while_another_takes_over_only_that_one_sends(
    plans: Plans, world: World, others: list[Plans]
) -> None:
    def pause() -> None:
        world.clock.advance(600)
        go_round(*others)
        check_once(world)

    once(world, "while_reading", pause)
    plans.run_at(EVENING)
    go_round(plans, *others)
    check_once(world)


def test_stopped_for_ten_minutes_before_the_answer_nobody_sends_it_again(
    plans: Plans, world: World, others: list[Plans]
) -> None:
    def pause() -> None:
        world.cloud.carry_out(*world.cloud.sent[-1])  # Cloud has it, and only the answer is awaited
        world.clock.advance(600)
        go_round(*others)

    once(world, "while_sending", pause)
    plans.run_at(EVENING)
    go_round(plans, *others)
    check_once(world)


def test_stopped_for_ten_minutes_before_the_claim_it_sends_nothing_after_another(
    plans: Plans, world: World, others: list[Plans]
) -> None:
    plans.clock.time = EVENING
    stale = plans.standings.list_all(plans.store.list_records())[0]
    world.clock.advance(600)
    others[0].engine.run_due()
    assert not plans.engine._run(stale)
    go_round(plans, *others)
    check_once(world)


def test_stopped_before_the_claim_it_overrules_nobody_who_chose_a_size_meanwhile(
    plans: Plans, world: World, others: list[Plans]
) -> None:
    """Only the claim tells that the edge is past: the size is not the planned one any more."""
    plans.clock.time = EVENING
    stale = plans.standings.list_all(plans.store.list_records())[0]
    others[0].engine.run_due()
    check_once(world)
    chosen = changed(world.config(), max_memory_gb=32)
    world.cloud.put(PRIMARY_ID, configured=chosen, effective=chosen)
    world.clock.advance(60)
    assert not plans.engine._run(stale)
    go_round(plans, *others)
    assert (len(world.cloud.sent), world.config()) == (2, chosen)


class Died(BaseException):
    """What nothing catches."""


def test_whoever_dies_before_keeping_that_it_has_acted_leaves_nothing_to_be_done_again(
    plans: Plans, world: World, others: list[Plans], monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(ScheduleEdgeStore, "finish", die)
        with pytest.raises(Died):
            plans.run_at(EVENING)
    check_once(world)
    chosen = changed(world.config(), max_memory_gb=32)
    world.cloud.put(PRIMARY_ID, configured=chosen, effective=chosen)
    go_round(*others)
    assert (len(world.cloud.sent), world.config()) == (2, chosen)


def test_three_days_without_any_process_cost_one_call(
    plans: Plans, world: World, others: list[Plans]
) -> None:
    plans.clock.time = EVENING + timedelta(days=3)
    go_round(*others, plans)
    check_once(world)


@pytest.mark.parametrize("hours", [-2, 24], ids=["set back", "a day ahead"])
def test_a_clock_that_jumps_while_an_answer_is_awaited_doubles_nothing(
    plans: Plans, world: World, others: list[Plans], hours: int
) -> None:
    once(world, "while_sending", lambda: world.clock.advance(hours * 3600))
    plans.run_at(EVENING)
    go_round(plans, *others)
    world.clock.advance(-hours * 3600)
    go_round(plans, *others)
    check_once(world)
