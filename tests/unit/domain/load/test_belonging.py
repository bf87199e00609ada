"""Advice rests on figures that belong together: of one moment, one size, as many replicas."""

from collections.abc import Sequence
from dataclasses import replace

from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig
from app.domain.load.advice import Advice, AdviceKind, Silence, advise
from app.domain.load.advice_words import describe
from app.domain.load.buckets import Bucket
from tests.unit.builders import NOW, changed
from tests.unit.domain.load.test_advice import OUT, SMALL, THREE, last, week

AT = NOW.timestamp()
FIVE = changed(THREE, min_replicas=5, max_replicas=5)


def advised(buckets: Sequence[Bucket], config: ScalingConfig) -> Advice:
    """What is advised within no limits."""
    advice = advise(buckets, config, Limits(), AT)
    assert isinstance(advice, Advice)
    return advice


def test_who_has_followed_the_advice_is_not_told_to_add_still_more() -> None:
    # 3 busy replicas: 5 are advised. Followed two hours ago, and CPU fell to 54 %.
    busy = week(cpu_share=0.9, cpu_share_least=0.9, queries=8.0, replicas=3)
    first = advised(busy, THREE)
    assert (first.kind, first.needed) == (AdviceKind.MORE_REPLICAS, 5)
    followed = last(busy, 8, cpu_share=0.54, cpu_share_least=0.5, queries=5.0, replicas=5)
    found = advise(followed, FIVE, Limits(), AT)
    assert found is Silence.TOO_LITTLE


def test_replicas_seen_while_they_were_replaced_do_not_count_twice() -> None:
    # make-before-break, or an upgrade of Cloud: for a quarter of an hour old and new are both seen
    busy = week(cpu_share=0.9, cpu_share_least=0.9, queries=8.0, replicas=3)
    moment = [*busy[:-20], replace(busy[-20], replicas=6), *busy[-19:]]
    assert advised(moment, THREE).needed == 5


def test_cloud_that_scaled_out_by_itself_is_enough() -> None:
    # 4 replicas were busy for 5 hours, Cloud went to 6 of 6 and they are at 50 % ever since
    buckets = last(
        week(cpu_share=0.5, cpu_share_least=0.5, replicas=6),
        60,
        cpu_share=0.85,
        cpu_share_least=0.82,
        replicas=4,
    )
    buckets = last(buckets, 40, cpu_share=0.5, cpu_share_least=0.5, replicas=6)
    found = advised(buckets, OUT)
    assert found.kind is not AdviceKind.MORE_REPLICAS, found


def test_failures_at_the_lower_end_are_no_failures_with_room() -> None:
    # 7.6 of 8 GB when queries failed; Cloud then scaled up to 16 GB by itself, and use fell
    low = week(memory_used_gb=6.0, memory_total_gb=8.0, cpu_cores=2.0)
    low = last(low, 40, memory_used_gb=7.6, memory_failures=1)
    buckets = last(
        low, 20, memory_used_gb=7.0, memory_total_gb=16.0, memory_failures=0, cpu_cores=4.0
    )
    found = advised(buckets, SMALL)
    assert found.kind is AdviceKind.MORE_MEMORY
    assert "7.6 of 8 GB" in describe(found)


def test_cpu_is_counted_in_the_cores_that_were_there() -> None:
    # 90 % of 2 cores at 8 GB; since Cloud scaled up to 16 GB 45 % of 4 cores: 1.8 cores all along,
    # 1.8 / 0.53 x 4 = 13.6 GB, so that 16 GB fit
    buckets = last(
        week(
            memory_used_gb=5.0,
            memory_total_gb=8.0,
            cpu_share=0.9,
            cpu_share_least=0.9,
            cpu_cores=2.0,
        ),
        60,
        memory_used_gb=5.0,
        memory_total_gb=16.0,
        cpu_share=0.45,
        cpu_share_least=0.45,
        cpu_cores=4.0,
    )
    found = advised(buckets, SMALL)
    assert found.needed <= 16, (found.kind, found.needed)


def test_highest_use_is_told_of_the_memory_that_was_there_then() -> None:
    buckets = last(
        week(memory_used_gb=7.4, memory_total_gb=8.0, cpu_cores=2.0),
        40,
        memory_used_gb=5.0,
        memory_total_gb=16.0,
        cpu_cores=4.0,
    )
    found = advised(buckets, SMALL)
    assert "7.4 of 16 GB" not in describe(found), describe(found)


def test_full_memory_is_told_though_one_replica_alone_is_busy() -> None:
    # 15.8 of 16 GB, steadily: 15.8 x 1.25 = 19.75, so 20 GB by the rule
    found = advised(
        week(memory_used_gb=15.8, cpu_share=0.9, cpu_share_least=0.2, replicas=3), THREE
    )
    assert "Neither more memory" not in describe(found), describe(found)
