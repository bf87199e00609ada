"""How sizes and idling read."""

from app.web.formatting.sizes import (
    NO_BREAK,
    show_idle_timeout,
    show_idling,
    show_memory,
    show_replicas,
    show_size,
    show_total,
)
from tests.unit.builders import HORIZONTAL, VERTICAL, changed


def test_sizes_read_as_one_figure_or_as_a_range() -> None:
    fixed = changed(VERTICAL, min_memory_gb=32)
    assert show_memory(VERTICAL) == f"16 to 32{NO_BREAK}GB"
    assert show_memory(fixed) == f"32{NO_BREAK}GB"
    assert show_total(VERTICAL) == f"48 to 96{NO_BREAK}GB"
    assert show_total(fixed) == f"96{NO_BREAK}GB"
    assert show_replicas(VERTICAL) == "3"
    assert show_replicas(HORIZONTAL) == "2 to 6, as needed"
    assert show_replicas(changed(HORIZONTAL, max_replicas=2)) == "2"


def test_a_size_reads_as_a_sentence() -> None:
    assert show_size(VERTICAL) == f"3 replicas of 16 to 32{NO_BREAK}GB."
    assert show_size(HORIZONTAL).startswith("2 to 6 replicas of ")
    one = changed(HORIZONTAL, min_replicas=1, max_replicas=1)
    assert show_size(one).startswith("1 replica of ")


def test_idling_reads_as_when_the_group_idles() -> None:
    assert show_idling(VERTICAL) == f"Idles after 15{NO_BREAK}minutes"
    assert show_idling(changed(VERTICAL, idle_timeout_minutes=None)) == "Idles when unused"
    assert show_idling(changed(VERTICAL, idle_scaling=False)) == "Never idles"


def test_an_idle_timeout_reads_as_minutes() -> None:
    assert show_idle_timeout(VERTICAL) == f"15{NO_BREAK}minutes"
    assert show_idle_timeout(changed(VERTICAL, idle_timeout_minutes=None)) == "Not set"
    assert show_idle_timeout(changed(VERTICAL, idle_scaling=False)) == "Never idle"
