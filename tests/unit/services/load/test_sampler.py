"""Reading the load: within the request budget, one group for itself, and never for nothing."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from app.cloud.transport.budget import RequestBudget
from app.domain.groups.catalog import Catalog, WarehouseDefinition
from app.domain.groups.group import Service
from app.domain.groups.states import ServiceState
from app.domain.load.samples import Activity, Counters, ReplicaSample, Sample
from app.domain.request_budget import REQUESTS_IN_WINDOW, WINDOW_SECONDS
from app.errors import CloudAnswerLost, CloudError, CloudNotAsked
from app.services.load.sampler import LoadSampler
from app.store.load import LoadStore
from app.store.request_budget import RequestBudgetStore
from tests.unit.builders import (
    PRIMARY_ID,
    REPORTING_ID,
    VERTICAL,
    SetPolicy,
    make_catalog,
    make_definition,
    make_service,
)
from tests.unit.services.fakes import Clock, FakeCloud, FakeSnapshot

SECOND_ROUND = 2.0
TEN_MINUTES = 600


def sample(failures: float = 0.0) -> Sample:
    """A group of one replica that works."""
    return Sample(
        Activity.AWAKE,
        (ReplicaSample("a", 4.0, 8.0, 0.5, 2.0, 3.0, Counters(failures, failures)),),
    )


class LoadCloud(FakeCloud):
    """Tells the load, where the budget lets it; notes when it was asked for which group."""

    def __init__(self, clock: Clock, budget: RequestBudget, *services: Service) -> None:
        super().__init__([], *services)
        self.clock, self.budget = clock, budget
        self.asked: list[tuple[float, str]] = []
        self.loads: dict[str, Sample | CloudError] = {}

    def read_load(self, service_id: str) -> Sample:
        """As the real one: counted first."""
        self.budget.take_sample()
        self.asked.append((self.clock.seconds(), service_id))
        answer = self.loads.get(service_id, sample())
        if isinstance(answer, CloudError):
            raise answer
        return answer


@dataclass
class Scene:
    """A sampler over a fake Cloud, with the real budget and the real records."""

    engine: Engine
    clock: Clock
    catalog: Catalog
    services: tuple[Service, ...]
    cloud: LoadCloud = field(init=False)

    def __post_init__(self) -> None:
        self.store = LoadStore(self.engine)
        moment = lambda _: datetime.fromtimestamp(self.clock.seconds(), UTC)  # noqa: E731
        self.budget = RequestBudget(RequestBudgetStore(self.engine, moment))
        self.cloud = LoadCloud(self.clock, self.budget, *self.services)
        self.snapshot = FakeSnapshot(*self.services, taken_at=self.clock())
        self.sampler = LoadSampler(
            SetPolicy(self.catalog), self.cloud, self.snapshot, self.store, self.clock
        )

    def run(self, seconds: float, *, step: float = 6.0) -> None:
        """The job, as often as the worker runs it."""
        for _ in range(int(seconds / step)):
            self.sampler.sample()
            self.clock.advance(step)


@pytest.fixture
def scene(engine: Engine, clock: Clock) -> Scene:
    """Two groups of Analytics, and one of Marketing that Cloud does not show."""
    services = (make_service(), make_service(REPORTING_ID))
    return Scene(engine, clock, make_catalog(), services)


def fifty(engine: Engine, clock: Clock) -> Scene:
    """A warehouse of fifty running groups."""
    ids = [f"0c000000-0000-4000-8000-0000000001{number:02}" for number in range(50)]
    groups = tuple(make_definition(service_id, service_id[-2:]) for service_id in ids)
    catalog = Catalog((WarehouseDefinition("analytics", "Analytics", groups),))
    return Scene(engine, clock, catalog, tuple(make_service(service_id) for service_id in ids))


def test_fifty_groups_take_at_most_two_requests_in_ten_seconds_and_nobody_starves(
    engine: Engine, clock: Clock
) -> None:
    scene = fifty(engine, clock)
    scene.run(TEN_MINUTES / 2, step=SECOND_ROUND)
    assert len({service_id for _, service_id in scene.cloud.asked}) == len(scene.services)
    watched = scene.services[7].service_id
    for _ in range(10):
        scene.store.watch(watched, clock.seconds())
        scene.run(TEN_MINUTES / 10, step=SECOND_ROUND)
    moments = [at for at, _ in scene.cloud.asked]
    busiest = max(sum(1 for at in moments if start <= at < start + 10) for start in moments)
    assert busiest == 2
    assert len(moments) == 2 * 15 * 60 / 12, "two in each six rounds of two seconds"
    later = [service_id for at, service_id in scene.cloud.asked if at >= moments[0] + 300]
    times = {service.service_id: later.count(service.service_id) for service in scene.services}
    assert times[watched] >= 8
    assert min(times.values()) >= 1


def test_no_reading_is_made_with_fewer_than_four_requests_left(scene: Scene) -> None:
    for _ in range(REQUESTS_IN_WINDOW - 3):
        scene.budget.take(for_write=True)
    scene.sampler.sample()
    assert scene.cloud.asked == []
    scene.clock.advance(WINDOW_SECONDS + 1)
    scene.sampler.sample()
    assert len(scene.cloud.asked) == 2


def test_a_change_finds_its_requests_whatever_was_read(scene: Scene) -> None:
    for _ in range(20):
        try:
            scene.budget.take(for_write=False)
        except CloudNotAsked:
            break
    scene.sampler.sample()
    for _ in range(3):
        scene.budget.take(for_write=True)


def test_what_is_read_is_kept_with_what_was_configured(scene: Scene) -> None:
    scene.sampler.sample()
    (bucket,) = scene.store.list_buckets(PRIMARY_ID, 0)
    assert (bucket.memory_used_gb, bucket.cpu_share, bucket.replicas) == (4.0, 0.5, 1)
    assert (bucket.min_gb, bucket.max_gb) == (VERTICAL.min_memory_gb, VERTICAL.max_memory_gb)


def test_failures_are_those_since_the_reading_before(scene: Scene) -> None:
    scene.cloud.loads[PRIMARY_ID] = sample(100)
    scene.sampler.sample()
    scene.clock.advance(300)
    scene.cloud.loads[PRIMARY_ID] = sample(103)
    scene.sampler.sample()
    first, second = scene.store.list_buckets(PRIMARY_ID, 0)
    assert (first.memory_failures, second.memory_failures) == (None, 3)


def test_an_idle_group_is_written_down_without_a_request(scene: Scene) -> None:
    idle = make_service(state=ServiceState.IDLE)
    scene.snapshot.show(idle, make_service(REPORTING_ID), taken_at=scene.clock())
    scene.sampler.sample()
    (bucket,) = scene.store.list_buckets(PRIMARY_ID, 0)
    assert bucket.activity is Activity.IDLE
    assert PRIMARY_ID not in [service_id for _, service_id in scene.cloud.asked]


def test_garbage_of_one_group_keeps_no_other_from_being_read(scene: Scene) -> None:
    garbage = CloudAnswerLost(message="It makes no sense.", request_id=None, upstream_status=None)
    scene.cloud.loads[PRIMARY_ID] = garbage
    scene.sampler.sample()
    assert scene.store.list_buckets(PRIMARY_ID, 0) == []
    assert scene.store.find_error(PRIMARY_ID) == "It makes no sense."
    assert len(scene.store.list_buckets(REPORTING_ID, 0)) == 1
    asked = len(scene.cloud.asked)
    scene.sampler.sample()
    assert len(scene.cloud.asked) == asked, "it was not tried again at once"


def test_an_answer_in_part_is_a_gap(scene: Scene) -> None:
    scene.cloud.loads[PRIMARY_ID] = Sample(None)
    scene.sampler.sample()
    assert scene.store.list_buckets(PRIMARY_ID, 0) == []
    assert scene.store.find_error(PRIMARY_ID) == ""


def test_a_view_of_long_ago_is_read_again_once_a_minute(scene: Scene) -> None:
    scene.sampler.sample()
    assert scene.snapshot.views == 0
    scene.clock.advance(61)
    scene.sampler.sample()
    assert scene.snapshot.views == 1


def test_a_group_that_is_no_longer_in_the_file_is_not_read(scene: Scene) -> None:
    scene.sampler.sample()
    alone = replace(make_catalog().warehouses[0], groups=(make_definition(REPORTING_ID),))
    assert isinstance(scene.sampler.policy, SetPolicy)
    scene.sampler.policy.set(Catalog((alone,)))
    scene.cloud.asked.clear()
    scene.run(600)
    assert {service_id for _, service_id in scene.cloud.asked} == {REPORTING_ID}


def test_an_answer_in_part_loses_no_failures(scene: Scene) -> None:
    for answer in (sample(10), Sample(None), sample(22)):
        scene.cloud.loads[PRIMARY_ID] = answer
        scene.run(301)
    found = scene.store.list_buckets(PRIMARY_ID, 0)
    assert sum(item.memory_failures or 0 for item in found) == 12
