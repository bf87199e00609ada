"""The bounds that the owners of a group set."""

from app.domain.groups.limits import DEFAULT_MEMORY_CHOICES_GB, Limits
from app.domain.groups.scaling import LEAST_MEMORY_GB, MEMORY_STEP_GB, MOST_MEMORY_GB


def test_the_sizes_offered_include_what_is_configured_in_order_and_once() -> None:
    assert Limits().memory_choices(20) == (8, 12, 16, 20, 32, 64, 120, 236)
    assert Limits().memory_choices(32) == DEFAULT_MEMORY_CHOICES_GB
    assert Limits(memory_choices_gb=(64, 8)).memory_choices(16) == (8, 16, 64)


def test_a_number_of_replicas_outside_the_bounds_reaches_from_there_inward() -> None:
    limits = Limits(min_replicas=2, max_replicas=4)
    assert [limits.replica_range(now) for now in (1, 3, 9)] == [(1, 4), (2, 4), (2, 9)]


def test_the_default_sizes_are_sizes_that_cloud_knows() -> None:
    for size in DEFAULT_MEMORY_CHOICES_GB:
        assert LEAST_MEMORY_GB <= size <= MOST_MEMORY_GB
        assert size % MEMORY_STEP_GB == 0
