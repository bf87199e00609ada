"""The bounds that the owners of a group set."""

from app.domain.limits import DEFAULT_MEMORY_CHOICES_GB, Limits
from app.domain.scaling import LEAST_MEMORY_GB, MEMORY_STEP_GB, MOST_MEMORY_GB
from tests.unit.builders import VERTICAL, changed


def test_the_sizes_offered_include_what_is_configured_in_order_and_once() -> None:
    odd = changed(VERTICAL, min_memory_gb=20, max_memory_gb=100)
    assert Limits().memory_choices(odd) == (8, 12, 16, 20, 32, 64, 100, 120, 236)
    assert Limits().memory_choices(VERTICAL) == DEFAULT_MEMORY_CHOICES_GB
    assert Limits(memory_choices_gb=(64, 8)).memory_choices(VERTICAL) == (8, 16, 32, 64)


def test_replicas_are_admitted_from_the_least_to_the_most() -> None:
    limits = Limits(min_replicas=2, max_replicas=4)
    assert [count for count in range(-1, 7) if limits.admits_replicas(count)] == [2, 3, 4]


def test_the_default_sizes_are_sizes_that_cloud_knows() -> None:
    for size in DEFAULT_MEMORY_CHOICES_GB:
        assert LEAST_MEMORY_GB <= size <= MOST_MEMORY_GB
        assert size % MEMORY_STEP_GB == 0
