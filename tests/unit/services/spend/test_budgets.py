"""Budgets at work: growth is refused everywhere, boosts end, each step is told once."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.access.permissions import Permission
from app.domain.audit.chain import ChainEntry
from app.domain.boosts.boost import BoostState
from app.domain.groups.catalog import Catalog
from app.domain.groups.limits import Limits
from app.domain.spend.costs import CostRow, EntityKind
from app.domain.spend.reading import Span
from app.errors import BrokenRules
from app.services.pages.actions import get_scaling
from tests.unit.builders import ALICE, PRIMARY_ID, VERTICAL, changed, replicas
from tests.unit.services.boosts.boosted import (
    LARGE,
    REFUSED,
    boost,
    draft,
    failing,
    find,
    go_on,
    state,
)
from tests.unit.services.schedules.conftest import Plans
from tests.unit.services.world import World

BUDGET = Limits(budget_per_month=Decimal(100), boost_max_hours=24)


def set_limits(world: World, limits: Limits = BUDGET) -> None:
    """Put limits of the primary in force."""
    warehouses = []
    for warehouse in world.policy.catalog.warehouses:
        groups = tuple(
            replace(it, limits=limits) if it.service_id == PRIMARY_ID else it
            for it in warehouse.groups
        )
        warehouses.append(replace(warehouse, groups=groups))
    world.set_policy(Catalog(tuple(warehouses)))


def spend(world: World, amount: str) -> None:
    """So much is what the primary has cost this month."""
    today = world.clock().date()
    row = CostRow(today, PRIMARY_ID, EntityKind.SERVICE, PRIMARY_ID, "", Decimal(amount))
    world.budgets.store.record_report((Span.LATEST,), today, today, [row], world.clock())


def ask(world: World, **fields: Any) -> Any:  # noqa: ANN401 - any field
    """Alice asks for another size of the primary."""
    size = {
        "min_memory_gb": VERTICAL.min_memory_gb,
        "max_memory_gb": VERTICAL.max_memory_gb,
        "num_replicas": VERTICAL.max_replicas,
    }
    return world.scaling.propose(ALICE, PRIMARY_ID, {**size, **fields})


def steps(world: World) -> list[tuple[str, int]]:
    """The steps that were told, oldest first."""
    entries = world.audit.store.iterate()
    found = [it.values for it in entries if isinstance(it, ChainEntry)]
    told = [it for it in found if it["action"] == "budget_step"]
    return [(it["details"]["key"], it["details"]["step"]) for it in told]


def test_growth_is_refused_once_the_budget_is_spent_and_shrinking_is_not(world: World) -> None:
    set_limits(world)
    spend(world, "99.99")
    assert ask(world, num_replicas=VERTICAL.max_replicas + 1)
    spend(world, "100")
    with pytest.raises(BrokenRules) as refused:
        ask(world, num_replicas=VERTICAL.max_replicas + 1)
    assert [it.code for it in refused.value.problems] == ["budget_spent"]
    assert ask(world, num_replicas=VERTICAL.max_replicas - 1)


def test_it_is_told_before_the_form_that_nothing_may_grow(world: World) -> None:
    set_limits(world)
    spend(world, "100")
    group, freshness = world.groups.get_group(ALICE, PRIMARY_ID)
    changes = world.ledger.read_group(ALICE, PRIMARY_ID, world.clock() - timedelta(days=1))
    scaling = get_scaling(world.actions.list_actions(group, freshness, changes))
    assert scaling.is_enabled, "it can be made smaller"
    assert scaling.note.startswith("The budget of this group for this month is used up")


def test_what_was_looked_at_holds_for_a_minute(world: World) -> None:
    set_limits(world)
    spend(world, "50")
    assert world.budgets.map_kept()[PRIMARY_ID][0].percent == 50
    spend(world, "60")
    assert world.budgets.map_kept()[PRIMARY_ID][0].percent == 50
    world.clock.advance(60)
    assert world.budgets.map_kept()[PRIMARY_ID][0].percent == 60


def test_a_draft_from_before_is_refused_when_it_is_confirmed(world: World) -> None:
    set_limits(world)
    made = ask(world, num_replicas=VERTICAL.max_replicas + 1)
    spend(world, "100")
    with pytest.raises(BrokenRules):
        world.apply(made.reference)
    assert world.cloud.sent == []


def test_a_boost_cannot_begin_and_one_that_runs_ends(world: World) -> None:
    set_limits(world)
    running = boost(world)
    spend(world, "150")
    with pytest.raises(BrokenRules):
        draft(world, changed(LARGE, max_memory_gb=120))
    world.boosts.end_spent()
    go_on(world, minutes=1)
    assert state(world, running) is BoostState.ENDED
    assert find(world, running.reference).ended_by == ""
    assert world.cloud.services[PRIMARY_ID].configured == VERTICAL


def test_a_boost_of_a_group_with_budget_left_goes_on(world: World) -> None:
    set_limits(world)
    running = boost(world)
    spend(world, "99")
    world.boosts.end_spent()
    go_on(world, minutes=1)
    assert state(world, running) is BoostState.ACTIVE


def test_a_boost_cannot_be_made_to_last_beyond_the_budget(world: World) -> None:
    set_limits(world)
    running = boost(world)
    spend(world, "150")
    with pytest.raises(BrokenRules):
        world.boosts.take_over(ALICE, PRIMARY_ID, running.reference)


def test_not_even_where_going_back_fails(world: World) -> None:
    set_limits(world)
    running = boost(world)
    world.clock.advance(3600)
    with failing(world, REFUSED):
        for _ in range(3):
            go_on(world, minutes=10)
    spend(world, "150")
    assert state(world, running) is BoostState.REVERT_FAILING
    with pytest.raises(BrokenRules):
        world.boosts.take_over(ALICE, PRIMARY_ID, running.reference)


def test_without_a_budget_nothing_is_refused(world: World) -> None:
    spend(world, "1000000")
    assert ask(world, num_replicas=VERTICAL.max_replicas + 1)


def test_each_step_is_told_once_in_its_period(world: World) -> None:
    set_limits(world, Limits(budget_per_month=Decimal(100), budget_per_day=Decimal(1000)))
    for amount in ("10", "50", "60", "80", "80", "91", "99", "100", "300"):
        spend(world, amount)
        world.budgets.tell_steps()
    month = f"{world.clock():%Y-%m}"
    assert steps(world) == [(month, 50), (month, 75), (month, 90), (month, 100)]
    world.clock.advance(timedelta(days=31).total_seconds())
    spend(world, "95")
    world.budgets.tell_steps()
    assert steps(world)[4:] == [(f"{world.clock():%Y-%m}", 90)]


def test_steps_of_a_budget_that_was_raised_are_told_again(world: World) -> None:
    set_limits(world)
    spend(world, "100")
    world.budgets.tell_steps()
    set_limits(world, Limits(budget_per_month=Decimal(180)))
    for amount in ("100", "140", "179.99", "180", "300"):
        spend(world, amount)
        world.budgets.tell_steps()
    assert [step for _, step in steps(world)] == [100, 75, 90, 100]


@pytest.mark.parametrize(
    ("most", "amounts", "told"),
    [("180", ["180"], [100]), ("150", ["140"], [90]), ("104", ["101", "104"], [100])],
)
def test_a_budget_that_was_raised_and_is_spent_again_by_the_next_look_is_told_again(
    world: World, most: str, amounts: list[str], told: list[int]
) -> None:
    set_limits(world)
    spend(world, "100")
    world.budgets.tell_steps()
    set_limits(world, Limits(budget_per_month=Decimal(most)))
    for amount in amounts:
        spend(world, amount)
        world.budgets.tell_steps()
    assert [step for _, step in steps(world)[1:]] == told


def test_what_the_report_corrects_tells_no_step_again(world: World) -> None:
    set_limits(world)
    for amount in ("75", "73", "75", "70.5", "76"):
        spend(world, amount)
        world.budgets.tell_steps()
    assert [step for _, step in steps(world)] == [75]


def test_a_jump_over_several_steps_is_told_as_the_highest(world: World) -> None:
    set_limits(world)
    spend(world, "92")
    world.budgets.tell_steps()
    assert [step for _, step in steps(world)] == [90]


def test_the_group_is_never_stopped(world: World) -> None:
    set_limits(world)
    spend(world, "1000")
    world.budgets.tell_steps()
    world.boosts.end_spent()
    go_on(world, hours=1)
    assert world.cloud.sent == []
    assert Permission.SCALE in world.policy.catalog.find_group(PRIMARY_ID).permissions_of(ALICE)  # type: ignore[union-attr] # it is there


def test_a_schedule_grows_no_more_and_says_why(world: World) -> None:
    plans = Plans(world)
    plans.save()
    set_limits(world)
    spend(world, "100")
    moment = world.clock().replace(hour=9) + timedelta(days=1)
    while moment.weekday() > 4:
        moment += timedelta(days=1)
    world.clock.time = moment
    spend(world, "100")
    assert plans.run_at(moment) == 0
    standing = plans.standings.find(PRIMARY_ID, plans.store.find_record(PRIMARY_ID))
    assert standing.edge is not None
    assert standing.edge.error == "budget_spent"
    assert plans.sent == 0


def test_undoing_is_not_offered_where_it_grows_beyond_a_spent_budget(world: World) -> None:
    set_limits(world)
    reference = world.draft(replicas(2))
    world.apply(reference)
    world.clock.advance(6)
    open_to_all = world.change_pages.show(ALICE, reference).undo
    assert open_to_all
    assert open_to_all.obstacle is None
    spend(world, "120")
    undo = world.change_pages.show(ALICE, reference).undo
    assert undo
    assert "budget" in (undo.obstacle or "")
