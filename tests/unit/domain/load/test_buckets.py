"""A bucket has the highest of everything, and idle is a state and not zero."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.load.buckets import Bucket, bucket_of, join
from app.domain.load.samples import Activity, Counters, ReplicaSample, Sample
from tests.unit.builders import VERTICAL

MOMENT = 1_000_000_123.0
FIGURE = st.one_of(st.none(), st.floats(0, 1000))
BUCKETS = st.lists(
    st.builds(
        Bucket,
        starts_at=st.integers(0, 400).map(lambda count: count * 300),
        activity=st.sampled_from(Activity),
        memory_used_gb=FIGURE,
        cpu_share=FIGURE,
        memory_failures=st.one_of(st.none(), st.integers(0, 50)),
        replicas=st.integers(0, 5),
    ),
    unique_by=lambda bucket: bucket.starts_at,
).map(lambda found: sorted(found, key=lambda bucket: bucket.starts_at))


def test_a_bucket_has_the_highest_over_replicas_and_the_least_busy_one() -> None:
    sample = Sample(
        Activity.AWAKE,
        (
            ReplicaSample("a", 12.0, 16.0, 0.9, 4.0, 7),
            ReplicaSample("b", 13.5, 16.0, 0.2, 4.0, 2),
        ),
    )
    bucket = bucket_of(sample, Counters(2, 5), VERTICAL, MOMENT)
    assert bucket == Bucket(
        1_000_000_200 - 300,
        Activity.AWAKE,
        memory_used_gb=13.5,
        memory_total_gb=16.0,
        cpu_share=0.9,
        cpu_share_least=0.2,
        cpu_cores=4.0,
        queries=7,
        memory_failures=2,
        failed_queries=5,
        replicas=2,
        min_gb=16,
        max_gb=32,
    )


def test_idle_is_a_state_without_figures() -> None:
    bucket = bucket_of(Sample(Activity.IDLE), Counters(), None, MOMENT)
    assert bucket == Bucket(int(MOMENT) // 300 * 300, Activity.IDLE)


def test_what_does_not_tell_whether_it_worked_is_a_gap() -> None:
    assert bucket_of(Sample(None), Counters(), None, MOMENT) is None


def test_what_is_missing_stays_missing() -> None:
    sample = Sample(Activity.AWAKE, (ReplicaSample("a"), ReplicaSample("b", cpu_share=0.0)))
    bucket = bucket_of(sample, Counters(), None, MOMENT)
    assert bucket
    assert (bucket.memory_used_gb, bucket.memory_share) == (None, None)
    assert (bucket.cpu_share, bucket.replicas) == (0.0, 2)


def test_a_group_that_worked_for_a_while_worked() -> None:
    idle, awake = Bucket(0, Activity.IDLE), Bucket(300, Activity.AWAKE, memory_used_gb=3)
    assert idle.joined(awake) == Bucket(0, Activity.AWAKE, memory_used_gb=3)


@given(BUCKETS)
def test_joining_loses_no_failure_and_no_highest_figure(buckets: list[Bucket]) -> None:
    hours = join(buckets, 3600)
    assert _sum(hours) == _sum(buckets)
    assert max((item.memory_used_gb or 0 for item in hours), default=0) == max(
        (item.memory_used_gb or 0 for item in buckets), default=0
    )
    assert [item.starts_at for item in hours] == sorted(
        {it.starts_at // 3600 * 3600 for it in buckets}
    )


@given(BUCKETS)
def test_a_gap_of_an_hour_stays_a_gap(buckets: list[Bucket]) -> None:
    known = {bucket.starts_at // 3600 for bucket in buckets}
    assert {item.starts_at // 3600 for item in join(buckets, 3600)} == known


@given(BUCKETS)
def test_joining_what_is_joined_changes_nothing(buckets: list[Bucket]) -> None:
    hours = join(buckets, 3600)
    assert join(hours, 3600) == hours
    assert join([replace(item) for item in buckets], 300) == buckets


def _sum(buckets: list[Bucket]) -> float:
    return sum(item.memory_failures or 0 for item in buckets)
