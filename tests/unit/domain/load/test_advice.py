"""Advice by Cloud's published rule: worked cases by hand, and those in which it says nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.groups.cost import Price
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig
from app.domain.load.advice import Advice, AdviceKind, Silence, advise
from app.domain.load.advice_words import SILENCES, describe
from app.domain.load.buckets import Bucket
from app.domain.load.samples import Activity
from tests.unit.builders import HORIZONTAL, NOW, VERTICAL, changed

STEP = 900
END = int(NOW.timestamp()) // STEP * STEP
KIND = AdviceKind
SMALL = changed(VERTICAL, min_memory_gb=8, max_memory_gb=16, min_replicas=1, max_replicas=1)
FIXED = changed(SMALL, min_memory_gb=16)
THREE = changed(FIXED, min_replicas=3, max_replicas=3)
OUT = changed(HORIZONTAL, min_memory_gb=16, max_memory_gb=16, min_replicas=4, max_replicas=6)


def week(days: float = 7, **figures: Any) -> list[Bucket]:  # noqa: ANN401 - any figure
    """Quarter hours that are all alike: 8 of 16 GB, CPU 50 %, one replica."""
    usual: dict[str, Any] = {
        "activity": Activity.AWAKE,
        "memory_used_gb": 12.0,
        "memory_total_gb": 16.0,
        "cpu_share": 0.5,
        "cpu_share_least": 0.5,
        "cpu_cores": 4.0,
        "queries": 4.0,
        "memory_failures": 0,
        "replicas": 1,
    }
    count = int(days * 96)
    return [Bucket(END - STEP * (count - place), **{**usual, **figures}) for place in range(count)]


def last(buckets: list[Bucket], count: int, **figures: Any) -> list[Bucket]:  # noqa: ANN401
    """The same with the last so many quarter hours otherwise."""
    return buckets[:-count] + [replace(bucket, **figures) for bucket in buckets[-count:]]


def waking(times_a_day: int) -> list[Bucket]:
    """Idle, and awake for an hour so many times a day."""
    pause = 96 // times_a_day
    return [
        bucket if place % pause < 4 * 1 else Bucket(bucket.starts_at, Activity.IDLE)
        for place, bucket in enumerate(week())
    ]


@dataclass(frozen=True)
class Case:
    """What was measured, and by hand what the rule makes of it."""

    name: str
    buckets: Sequence[Bucket]
    config: ScalingConfig
    kind: AdviceKind
    needed: int = 0
    target: ScalingConfig | None = None
    limits: Limits = field(default_factory=Limits)


WORKED = [
    Case(  # 15.2 x 1.5 = 22.8
        "queries failed at 15.2 of 16 GB",
        last(week(), 8, memory_used_gb=15.2, memory_failures=1),
        SMALL,
        KIND.MORE_MEMORY,
        24,
        changed(SMALL, max_memory_gb=32),
    ),
    Case(
        "the same, and 24 GB is offered",
        last(week(), 8, memory_used_gb=15.2, memory_failures=1),
        SMALL,
        KIND.MORE_MEMORY,
        24,
        changed(SMALL, max_memory_gb=24),
        Limits(memory_choices_gb=(8, 16, 24, 32)),
    ),
    Case(  # a fixed size stays fixed
        "queries failed at a fixed size",
        last(week(), 8, memory_used_gb=15.2, memory_failures=1),
        FIXED,
        KIND.MORE_MEMORY,
        24,
        changed(FIXED, min_memory_gb=32, max_memory_gb=32),
    ),
    Case(  # 7.6 x 1.5 = 11.4: within the range, so its lower end
        "queries failed at the lower end of the range",
        last(week(memory_used_gb=7, memory_total_gb=8), 8, memory_used_gb=7.6, memory_failures=2),
        SMALL,
        KIND.MORE_MEMORY,
        12,
        changed(SMALL, min_memory_gb=12),
    ),
    Case(
        "queries failed, and nothing larger is offered",
        last(week(), 8, memory_used_gb=15.2, memory_failures=1),
        SMALL,
        KIND.MORE_MEMORY,
        24,
        limits=Limits(memory_choices_gb=(8, 16)),
    ),
    Case(
        "queries failed, and more would be beyond the total",
        last(week(), 8, memory_used_gb=15.2, memory_failures=1),
        SMALL,
        KIND.MORE_MEMORY,
        24,
        limits=Limits(max_total_gb=24),
    ),
    Case(
        "queries failed, and more would cost too much",
        last(week(), 8, memory_used_gb=15.2, memory_failures=1),
        SMALL,
        KIND.MORE_MEMORY,
        24,
        limits=Limits(price=Price(Decimal(1), "USD", NOW.date()), max_cost_per_hour=Decimal(2)),
    ),
    Case(  # horizontal: both ends of memory are one figure
        "queries failed where replicas come and go",
        last(week(replicas=4), 8, memory_used_gb=15.5, memory_failures=3),
        OUT,
        KIND.MORE_MEMORY,
        24,
        changed(OUT, min_memory_gb=32, max_memory_gb=32),
    ),
    Case(  # 14 x 1.25 = 17.5
        "steady memory near its end",
        week(memory_used_gb=14.0),
        SMALL,
        KIND.MORE_MEMORY,
        20,
        changed(SMALL, max_memory_gb=32),
    ),
    Case(  # 14 x 1.1 = 15.4
        "spiky memory that fits",
        last(week(memory_used_gb=5.0), 2, memory_used_gb=14.0),
        SMALL,
        KIND.KEEP,
    ),
    Case(  # 15.5 x 1.1 = 17.05
        "spiky memory that does not",
        last(week(memory_used_gb=5.0), 2, memory_used_gb=15.5),
        SMALL,
        KIND.MORE_MEMORY,
        20,
        changed(SMALL, max_memory_gb=32),
    ),
    Case(  # 0.9 x 4 cores / 0.53 x 4 GB = 27.2
        "CPU above 75 % with few queries",
        week(cpu_share=0.9, cpu_share_least=0.9),
        SMALL,
        KIND.MORE_MEMORY,
        28,
        changed(SMALL, max_memory_gb=32),
    ),
    Case("CPU of exactly 75 %", week(cpu_share=0.75, cpu_share_least=0.75), SMALL, KIND.KEEP),
    Case(  # 3 x 0.9 / 0.6 = 4.5
        "every replica busy with many queries",
        week(cpu_share=0.9, cpu_share_least=0.8, queries=8.0, replicas=3),
        THREE,
        KIND.MORE_REPLICAS,
        5,
        changed(THREE, min_replicas=5, max_replicas=5),
    ),
    Case(  # 6 x 0.85 / 0.6 = 8.5
        "as many replicas as may come, and all above 80 %",
        week(cpu_share=0.85, cpu_share_least=0.82, replicas=6),
        OUT,
        KIND.MORE_REPLICAS,
        9,
        changed(OUT, max_replicas=9),
    ),
    Case(
        "more replicas than the owners allow",
        week(cpu_share=0.9, cpu_share_least=0.8, queries=8.0, replicas=3),
        THREE,
        KIND.MORE_REPLICAS,
        5,
        limits=Limits(max_replicas=4),
    ),
    Case(
        "one replica busy and another not",
        week(cpu_share=0.9, cpu_share_least=0.2, queries=8.0, replicas=3),
        THREE,
        KIND.UNEVEN,
    ),
    Case(
        "woken eight times a day",
        waking(8),
        FIXED,
        KIND.LONGER_TIMEOUT,
        30,
        changed(FIXED, idle_timeout_minutes=30),
    ),
    Case(  # 6 x 1.25 = 7.5; 0.1 of 4 cores is less
        "small use for a week",
        week(memory_used_gb=6.0, cpu_share=0.1, cpu_share_least=0.1),
        FIXED,
        KIND.LESS_MEMORY,
        8,
        changed(FIXED, min_memory_gb=8, max_memory_gb=8),
    ),
    Case(  # 4 x 0.2 / 0.6 = 1.3
        "replicas that are hardly used for a week",
        week(cpu_share=0.2, cpu_share_least=0.2, replicas=4),
        OUT,
        KIND.FEWER_REPLICAS,
        2,
        changed(OUT, min_replicas=2),
    ),
    Case("small use for three days", week(3, memory_used_gb=6.0, cpu_share=0.1), FIXED, KIND.KEEP),
    Case("12 of 16 GB and CPU 50 %", week(), SMALL, KIND.KEEP),
]


@pytest.mark.parametrize("case", WORKED, ids=lambda case: case.name)
def test_worked_cases(case: Case) -> None:
    found = advise(case.buckets, case.config, case.limits, END)
    assert isinstance(found, Advice), found
    assert (found.kind, found.needed, found.target) == (case.kind, case.needed, case.target)
    assert describe(found)


SILENT: list[tuple[str, list[Bucket], ScalingConfig | None, bool, Silence]] = [
    ("no size is known", week(), None, False, Silence.NO_SIZE),
    ("another size is on its way", week(), SMALL, True, Silence.CHANGING),
    ("nothing was read yet", [], SMALL, False, Silence.TOO_LITTLE),
    ("awake for less than a day", week(0.99), SMALL, False, Silence.TOO_LITTLE),
    ("the size was changed today", [*week(6.5, min_gb=8, max_gb=8), *week(0.5)], SMALL, False,
     Silence.TOO_LITTLE),
    ("nothing for hours", week()[:-13], SMALL, False, Silence.OLD),
    ("no total is told", week(memory_total_gb=None), SMALL, False, Silence.MISSING),
    ("no CPU is told", week(cpu_share=None), SMALL, False, Silence.MISSING),
    ("more is used than there is", week(memory_used_gb=17.0), SMALL, False, Silence.ABOVE_TOTAL),
    ("queries failed with room", week(memory_used_gb=6.0, memory_failures=1), SMALL, False,
     Silence.FAILED_WITH_ROOM),
    ("it runs at another size", week(memory_total_gb=64.0), SMALL, False, Silence.ANOTHER_SIZE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("buckets", "config", "is_changing", "silence"),
    [case[1:] for case in SILENT],
    ids=[case[0] for case in SILENT],
)
def test_cases_in_which_nothing_is_advised(
    buckets: list[Bucket], config: ScalingConfig | None, is_changing: bool, silence: Silence
) -> None:
    assert advise(buckets, config, Limits(), END, is_changing=is_changing) is silence
    assert SILENCES[silence]


def test_there_are_as_many_cases_as_were_asked_for() -> None:
    assert len(WORKED) >= 20
    assert len({case[-1] for case in SILENT}) == len(Silence) == 8


def test_the_words_have_the_figures() -> None:
    failed = last(week(), 12, memory_used_gb=15.2, memory_failures=1)
    advice = advise(failed, SMALL, Limits(), END)
    assert isinstance(advice, Advice)
    assert describe(advice) == (
        "12 queries failed for memory in the last 24 hours. In the last 30 hours the highest "
        "memory use was 15.2 of 16 GB and CPU 50 %. By ClickHouse Cloud's sizing rule 24 GB per "
        "replica would fit. More replicas would give a single query no more memory."
    )


FIGURE = st.one_of(st.none(), st.floats(0, 400))
SHARE = st.one_of(st.none(), st.floats(0, 2))
ANY_BUCKET: Callable[..., st.SearchStrategy[Bucket]] = lambda: st.builds(  # noqa: E731
    Bucket,
    starts_at=st.just(0),
    activity=st.sampled_from(Activity),
    memory_used_gb=FIGURE,
    memory_total_gb=FIGURE,
    cpu_share=SHARE,
    cpu_share_least=SHARE,
    cpu_cores=FIGURE,
    queries=FIGURE,
    memory_failures=st.one_of(st.none(), st.integers(0, 9)),
    replicas=st.integers(0, 9),
)


@given(ANY_BUCKET(), ANY_BUCKET(), st.sampled_from([SMALL, FIXED, THREE, OUT]))
def test_whatever_was_measured_what_is_offered_can_be_asked_for(
    one: Bucket, other: Bucket, config: ScalingConfig
) -> None:
    limits = Limits(max_replicas=10, max_total_gb=400)
    buckets = [
        replace(one if place % 3 else other, starts_at=END - STEP * (400 - place))
        for place in range(400)
    ]
    found = advise(buckets, config, limits, END)
    if isinstance(found, Advice) and (target := found.target):
        assert target.is_possible
        assert target != config
        assert target.mode is config.mode
        assert target.max_memory_gb in limits.memory_choices(config.max_memory_gb)
        assert target.max_replicas <= 10
        assert target.max_total_gb <= 400
