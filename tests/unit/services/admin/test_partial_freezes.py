"""A freeze of a warehouse or of one group closes what it names, and nothing else."""

import pytest

from app.domain.access.permissions import Identity
from app.domain.changes.actions import Action
from app.errors import BrokenRules, ChangesFrozen, NotPossible
from app.services.sign_in.administrator import NO_WAREHOUSE
from tests.unit.builders import PRIMARY_ID, REPORTING_ID
from tests.unit.services.world import World

ROOT = Identity(NO_WAREHOUSE, "root", frozenset())
GROUP = f"group:{REPORTING_ID}"


def test_a_frozen_group_is_closed_and_others_are_not(world: World) -> None:
    world.administration.freeze(ROOT, "load test", GROUP)
    with pytest.raises(ChangesFrozen) as caught:
        world.draft_command(Action.STOP, service_id=REPORTING_ID)
    assert caught.value.message == (
        "Changes of “Analytics reporting” are frozen by root. Reason: load test"
    )
    assert world.draft()
    assert world.freeze.find_reason(PRIMARY_ID) is None
    assert world.freeze.find_reason() is None


def test_a_frozen_warehouse_closes_all_its_groups(world: World) -> None:
    world.administration.freeze(ROOT, "moving", "warehouse:analytics")
    for service_id in (PRIMARY_ID, REPORTING_ID):
        with pytest.raises(ChangesFrozen):
            world.draft_command(Action.STOP, service_id=service_id)
    assert "Changes of Analytics are frozen" in (world.freeze.find_reason_in("analytics") or "")
    assert world.freeze.find_reason_in("marketing") is None


def test_the_one_that_reaches_furthest_is_named_and_the_others_stay(world: World) -> None:
    for reason, where in (("group", GROUP), ("warehouse", "warehouse:analytics"), ("all", "")):
        world.administration.freeze(ROOT, reason, where)
    said = []
    for where in ("", "warehouse:analytics", GROUP):
        said.append((world.freeze.find_reason(REPORTING_ID) or "").rpartition(" ")[2])
        world.administration.lift_freeze(ROOT, where)
    assert said == ["all", "warehouse", "group"]
    assert world.freeze.find_reason(REPORTING_ID) is None


@pytest.mark.parametrize("where", ["group:nowhere", "warehouse:nowhere", "all", "x:y", "group"])
def test_a_place_that_is_none_is_refused(world: World, where: str) -> None:
    with pytest.raises(BrokenRules) as caught:
        world.administration.freeze(ROOT, "why", where)
    assert [item.field for item in caught.value.problems] == ["where"]


def test_freezing_a_part_twice_keeps_the_first_reason(world: World) -> None:
    world.administration.freeze(ROOT, "first", GROUP)
    with pytest.raises(NotPossible) as caught:
        world.administration.freeze(ROOT, "second", GROUP)
    assert caught.value.message == "root has switched changes of this group off already."
