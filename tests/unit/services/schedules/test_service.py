"""Looking at schedules."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.domain.groups.cost import Price
from app.domain.groups.limits import Limits
from app.domain.schedules.cloud_form import CloudObstacle
from app.domain.schedules.precedence import Rule, Ruling
from app.errors import NotFound
from tests.unit.builders import ALICE, BOB, CHARLIE, PRIMARY_ID, REPORTING_ID, make_catalog
from tests.unit.domain.schedules.builders import a_plan, utc
from tests.unit.services.schedules.conftest import Plans
from tests.unit.services.world import World

PRICE = Price(Decimal("0.3903"), "USD", date(2026, 11, 1))


def test_a_group_without_a_schedule_is_shown_as_such(plans: Plans) -> None:
    details = plans.service.show(ALICE, PRIMARY_ID)
    assert details.standing.record is None
    assert details.standing.precedence.current == Rule(Ruling.MANUAL)
    assert (details.changes, details.versions, details.costs) == ((), (), None)


def test_a_schedule_is_shown_with_what_decides_comes_and_costs(plans: Plans, world: World) -> None:
    world.set_policy(make_catalog(limits=Limits(price=PRICE)))
    plans.save()
    details = plans.service.show(ALICE, PRIMARY_ID)
    current = details.standing.precedence.current
    assert current == Rule(Ruling.SCHEDULE, utc("2026-03-04 17:00"), "Office hours")
    assert len(details.changes) == 10
    assert details.costs is not None
    assert str(details.costs.planned.most) == "560.47"
    assert str(details.costs.base_only.most) == "131.14"
    assert details.cloud_obstacle is CloudObstacle.CLOCK_CHANGES
    assert [item.number for item in details.versions] == [1]


def test_everybody_who_sees_the_group_sees_its_schedule_and_owners_may_edit(plans: Plans) -> None:
    plans.save()
    shown = [plans.service.show(who, PRIMARY_ID).may_edit for who in (ALICE, BOB)]
    assert shown == [True, False]
    with pytest.raises(NotFound):
        plans.service.show(CHARLIE, PRIMARY_ID)


def test_the_overview_lists_what_a_person_sees(plans: Plans) -> None:
    plans.save()
    plans.editing.save(ALICE, REPORTING_ID, a_plan(), seen=None)
    rows = plans.service.list_overview(BOB)
    assert [row.group.service_id for row in rows] == [PRIMARY_ID, REPORTING_ID]
    assert {row.following.at for row in rows if row.following} == {utc("2026-03-04 17:00")}
    assert plans.service.list_overview(CHARLIE) == ()
    assert plans.service.list_overview(replace(ALICE, warehouse="marketing")) == ()
