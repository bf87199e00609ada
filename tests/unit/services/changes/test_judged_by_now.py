"""A change is judged by what holds at that moment: tags just read, sizes in effect, odd sizes."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.context import RequestContext, in_context
from app.domain.access.permissions import Permission
from app.domain.boosts.request import BoostRequest
from app.domain.changes.change import ChangeState
from app.domain.changes.scaling_request import ScalingRequest
from app.domain.groups.group import Particulars
from app.errors import BrokenRules
from app.services.changes.scaling import Kind, Values
from tests.unit.builders import (
    ALICE,
    PRIMARY,
    PRIMARY_ID,
    REPORTING,
    REPORTING_ID,
    VERTICAL,
    changed,
    make_catalog,
    make_service,
    replicas,
)
from tests.unit.services.fakes import Clock, FakeCloud
from tests.unit.services.tagged import tagged_world
from tests.unit.services.world import World

TAGGED = f"""
warehouses:
  - key: analytics
    name: Analytics
    access: [{{users: [alice], permissions: [owner]}}]
    by_tag:
      - tag: Environment=production
        limits: {{max_total_gb: 128, boost: {{max_hours: 2}}}}
    groups:
      - {{service_id: {PRIMARY_ID}, name: {PRIMARY}}}
      - {{service_id: {REPORTING_ID}, name: {REPORTING}}}
"""


MEMORY = {"min_memory_gb": 16, "max_memory_gb": 32}


@pytest.fixture
def tagged(engine: Engine, clock: Clock, tmp_path: Path) -> World:
    """A group whose tag limits it to 128 GB. Nothing was read of Cloud yet."""
    path = tmp_path / "org_config.yaml"
    path.write_text(TAGGED)
    tags = Particulars(tags=(("Environment", "production"),))
    cloud = FakeCloud([], make_service(particulars=tags), make_service(REPORTING_ID))
    return tagged_world(engine, clock, path, cloud)


def test_limits_of_a_tag_count_in_the_very_request_that_reads_the_tag(tagged: World) -> None:
    with in_context(RequestContext(readings={})), pytest.raises(BrokenRules):
        tagged.apply(tagged.draft(replicas(20)))
    assert tagged.cloud.sent == []


@pytest.mark.parametrize(
    ("kind", "values", "code"),
    [
        (ScalingRequest, {"num_replicas": 20}, "total_too_large"),
        (BoostRequest, {"num_replicas": 20, "minutes": 60}, "total_too_large"),
        (BoostRequest, {"num_replicas": 4, "minutes": 180}, "boost_too_long"),
    ],
)
def test_limits_of_a_tag_count_for_the_very_draft_that_reads_the_tag(
    tagged: World, kind: Kind, values: Values, code: str
) -> None:
    with in_context(RequestContext(readings={})):
        tagged.access.check_permission(ALICE, PRIMARY_ID, Permission.VIEW)
        with pytest.raises(BrokenRules) as caught:
            tagged.scaling.propose(ALICE, PRIMARY_ID, {**MEMORY, **values}, kind)
    assert [item.code for item in caught.value.problems] == [code]


def test_the_bound_of_a_warehouse_counts_what_is_in_effect(engine: Engine, clock: Clock) -> None:
    other = make_service(REPORTING_ID, effective=replicas(10), active_entry="Month end")
    world = World(engine, clock, cloud=FakeCloud([], make_service(), other))
    world.set_policy(make_catalog(max_replicas=12))
    with pytest.raises(BrokenRules):  # 10 run there, and 5 would run here
        world.apply(world.draft(replicas(5)))
    assert world.cloud.sent == []


def limit_of(world: World) -> int | None:
    """The most memory that the group may have."""
    group = world.policy.catalog.find_group(PRIMARY_ID)
    assert group is not None
    return group.limits.max_total_gb


@pytest.mark.parametrize(
    ("said", "limit"), [({}, 128), ({"tags": None}, 128), ({"tags": []}, None)]
)
def test_an_answer_that_leaves_tags_out_does_not_lift_what_a_tag_limits(
    tagged: World, said: dict[str, object], limit: int | None
) -> None:
    tagged.scaling.snapshot.view()
    reference = tagged.draft(replicas(4))
    untold = Particulars(said=said)
    tagged.cloud.while_sending = lambda: tagged.cloud.put(PRIMARY_ID, particulars=untold)
    tagged.apply(reference)
    assert limit_of(tagged) == limit


class QuietCloud(FakeCloud):
    """One that has written down nothing."""

    def list_activities(self, since: object) -> tuple[()]:  # noqa: ARG002
        """Nothing."""
        return ()


def test_the_page_of_a_group_that_was_larger_than_can_be_asked_for(
    engine: Engine, clock: Clock
) -> None:
    large = changed(VERTICAL, min_memory_gb=16, max_memory_gb=512)
    service = make_service(configured=large)
    world = World(engine, clock, cloud=QuietCloud([], service, make_service(REPORTING_ID)))
    change = world.apply(world.draft(changed(large, max_memory_gb=236)))
    assert change.state is ChangeState.APPLIED
    world.pages_over(world.activity_log(world.cloud)).show(ALICE, PRIMARY_ID)
