"""What advice offers can be asked for: the rules beyond a group's own limits hold for it too."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from app.domain.groups.catalog import Catalog
from app.domain.groups.limits import Limits
from app.domain.load.advice import Advice, AdviceKind
from app.domain.load.advice_words import describe
from app.domain.load.buckets import Bucket, start_of
from app.domain.load.samples import Activity
from app.services.load.reports import LoadReports
from app.store.load import LoadStore
from app.store.schedules.records import ScheduleStore
from tests.unit.builders import ALICE, PRIMARY_ID
from tests.unit.services.fakes import Clock
from tests.unit.services.spend.test_budgets import set_limits, spend
from tests.unit.services.world import World

USUAL = {"memory_used_gb": 20.0, "memory_total_gb": 32.0, "cpu_share": 0.5, "cpu_cores": 8.0}
BUSY = {"cpu_share": 0.9, "cpu_share_least": 0.9, "queries": 90.0}


@pytest.fixture
def advice_on(world: World, engine: Engine, clock: Clock) -> Callable[..., Advice]:
    """Advice on two days of a group with three replicas that were alike all the time."""

    def advice_on(**figures: Any) -> Advice:  # noqa: ANN401 - any figure
        store, newest = LoadStore(engine), start_of(clock.seconds())
        store.add_targets([PRIMARY_ID])
        values: dict[str, Any] = {**USUAL, "replicas": 3, **figures}
        moments = range(newest - 300 * 576, newest + 1, 300)
        read = [Bucket(moment, Activity.AWAKE, **values) for moment in moments]
        store.record(PRIMARY_ID, read, {}, clock.seconds())
        boosts, schedules = world.boost_store, ScheduleStore(engine)
        reports = LoadReports(
            world.groups, store, world.changes, boosts, schedules, world.rules, clock
        )
        advice = reports.show(ALICE, PRIMARY_ID).advice
        assert isinstance(advice, Advice)
        assert (reports.find_advice(ALICE, PRIMARY_ID) is None) == (advice.target is None)
        return advice

    return advice_on


def test_no_more_replicas_are_offered_than_the_warehouse_may_have(
    world: World, advice_on: Callable[..., Advice]
) -> None:
    first, *rest = world.policy.catalog.warehouses
    groups = tuple(item for item in first.groups if item.service_id == PRIMARY_ID)
    world.set_policy(Catalog((replace(first, groups=groups, max_replicas=4), *rest)))
    advice = advice_on(**BUSY)
    assert (advice.kind, advice.needed, advice.target) == (AdviceKind.MORE_REPLICAS, 5, None)
    assert "It can have 4 replicas at most now" in describe(advice)


def test_replicas_within_the_bound_of_the_warehouse_are_offered(
    world: World, advice_on: Callable[..., Advice]
) -> None:
    first, *rest = world.policy.catalog.warehouses
    groups = tuple(item for item in first.groups if item.service_id == PRIMARY_ID)
    world.set_policy(Catalog((replace(first, groups=groups, max_replicas=5), *rest)))
    target = advice_on(**BUSY).target
    assert target is not None
    assert target.max_replicas == 5


def test_growth_is_not_offered_once_the_budget_is_spent(
    world: World, advice_on: Callable[..., Advice]
) -> None:
    set_limits(world, Limits(budget_per_month=Decimal(100)))
    spend(world, "100")
    advice = advice_on(memory_used_gb=31.0)
    assert (advice.kind, advice.target) == (AdviceKind.MORE_MEMORY, None)
    assert "budget" in describe(advice)
