"""What is kept of the load: joined in place, read in longer steps, and forgotten in time."""

import pytest
from sqlalchemy import Engine, func, select

from app.domain.load.buckets import DAY_SECONDS, Bucket
from app.domain.load.samples import Activity, Counters
from app.domain.load.sampling import Target
from app.store import load as module
from app.store.load import LoadStore
from app.store.schema import load_buckets
from tests.unit.builders import PRIMARY_ID, REPORTING_ID

START = 1_800_000_000
NOW = float(START)


@pytest.fixture
def store(engine: Engine) -> LoadStore:
    """With one group that is to be read."""
    found = LoadStore(engine)
    found.add_targets([PRIMARY_ID])
    return found


def awake(count: int, used: float = 1.0, **figures: float) -> Bucket:
    """Some bucket after START."""
    return Bucket(
        START + 300 * count,
        Activity.AWAKE,
        memory_used_gb=used,
        memory_total_gb=10.0,
        memory_failures=figures.get("failures"),
        replicas=2,
        min_gb=8,
    )


def test_what_is_read_in_the_same_five_minutes_is_joined(store: LoadStore) -> None:
    store.record(PRIMARY_ID, [awake(0, 3, failures=2)], {}, NOW)
    store.record(PRIMARY_ID, [awake(0, 2, failures=1)], {}, NOW + 60)
    assert store.list_buckets(PRIMARY_ID, START) == [awake(0, 3, failures=3)]


def test_longer_steps_have_the_highest_figures_and_all_failures(store: LoadStore) -> None:
    read = [awake(0, 3, failures=2), awake(1, 5, failures=0), Bucket(START + 900, Activity.IDLE)]
    store.record(PRIMARY_ID, read, {}, NOW)
    quarter, idle = store.list_buckets(PRIMARY_ID, START, 900)
    assert quarter == awake(0, 5, failures=2)
    assert idle == Bucket(START + 900, Activity.IDLE)


def test_gaps_and_other_groups_stay_out(store: LoadStore) -> None:
    store.add_targets([REPORTING_ID])
    store.record(REPORTING_ID, [awake(0)], {}, NOW)
    store.record(PRIMARY_ID, [awake(0), awake(5)], {}, NOW)
    assert [item.starts_at for item in store.list_buckets(PRIMARY_ID, START + 1)] == [START + 1500]


def test_no_bucket_is_a_gap_and_counts_as_an_attempt(store: LoadStore) -> None:
    store.record(PRIMARY_ID, [], {"a": Counters(1, None)}, NOW)
    assert store.list_buckets(PRIMARY_ID, 0) == []
    assert store.list_targets() == [
        Target(PRIMARY_ID, None, NOW, NOW, {"a": Counters(1, None)}, "")
    ]


def test_a_failure_is_told_until_the_next_success(store: LoadStore) -> None:
    store.note_attempt(PRIMARY_ID, NOW, "It makes no sense.")
    assert store.find_error(PRIMARY_ID) == "It makes no sense."
    store.record(PRIMARY_ID, [awake(0)], {}, NOW + 1)
    assert store.find_error(PRIMARY_ID) == ""


def test_a_group_is_watched_once_it_is_known(store: LoadStore) -> None:
    store.watch(PRIMARY_ID, NOW)
    store.watch(REPORTING_ID, NOW)
    assert [(it.service_id, it.watched_at) for it in store.list_targets()] == [(PRIMARY_ID, NOW)]


def test_the_last_day_goes_with_what_is_recorded(store: LoadStore) -> None:
    store.record(PRIMARY_ID, [awake(0, 4)], {}, NOW)
    store.record(PRIMARY_ID, [awake(12, 6)], {}, NOW)
    assert store.map_hours() == {PRIMARY_ID: [(START, 40), (START + 3600, 60)]}


def test_thirty_days_are_kept_and_what_is_no_longer_read_is_forgotten(store: LoadStore) -> None:
    store.add_targets([REPORTING_ID])
    month = 30 * DAY_SECONDS
    for service_id in (PRIMARY_ID, REPORTING_ID):
        store.record(service_id, [awake(0), awake(1)], {}, NOW)
    store.record(PRIMARY_ID, [awake(2)], {}, NOW + month)
    assert store.prune(NOW + month + 300) == 2
    assert [item.starts_at for item in store.list_buckets(PRIMARY_ID, 0)] == [
        START + 300,
        START + 600,
    ]
    assert [target.service_id for target in store.list_targets()] == [PRIMARY_ID]
    assert store.prune(NOW + month + 300) == 0


def test_all_groups_together_have_a_bound(
    store: LoadStore, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 10)
    store.add_targets([REPORTING_ID])
    for service_id in (PRIMARY_ID, REPORTING_ID):
        store.record(service_id, [awake(count) for count in range(40)], {}, NOW)
    store.prune(START + 40 * 300)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(load_buckets)) == 10
