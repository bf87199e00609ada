"""`presets`: the presets they result in, inheritance, and conflicts with limits."""

import pytest

from app.domain.groups.presets import Preset
from tests.unit.settings.helpers import read, two_groups, yaml_faults

PRICE = "price: {per_8_gb_hour: 0.5, currency: EUR, as_of: 2026-11-01}"
LIMITS = "warehouses[0].groups[0].limits"
CHOICES = "the default of memory_choices_gb, which is (8, 12, 16, 32, 64, 120, 236)"


def presets(*items: str) -> str:
    """`presets` with these items."""
    return "presets:\n" + "\n".join(f"  - {{{item}}}" for item in items)


def presets_of(text: str) -> list[tuple[Preset, ...]]:
    """The presets of both groups."""
    return [group.presets for group in read(text).catalog.all_groups()]


def test_a_number_is_a_range_with_equal_ends_and_what_is_left_out_stays_open() -> None:
    text = two_groups(
        presets(
            "name: Quiet, memory_gb: 8, replicas: 1",
            "name: Busy, memory_gb: {min: 16, max: 64}, idle_timeout_minutes: 30",
            "name: Awake, replicas: {min: 2, max: 4}, idle_timeout_minutes: never",
        )
    )
    assert presets_of(text)[0] == (
        Preset("Quiet", memory_gb=(8, 8), replicas=(1, 1)),
        Preset("Busy", memory_gb=(16, 64), idle_scaling=True, idle_timeout_minutes=30),
        Preset("Awake", replicas=(2, 4), idle_scaling=False),
    )


def test_the_nearest_list_wins_whole() -> None:
    text = two_groups(
        presets("name: Outer, replicas: 1"), warehouse_keys=presets("name: Inner, replicas: 2")
    ).replace("name: Reporting", "name: Reporting\n        presets: []")
    inner = Preset("Inner", replicas=(2, 2))
    assert presets_of(text) == [(inner,), ()]


def test_without_presets_there_are_none() -> None:
    assert presets_of(two_groups()) == [(), ()]


def test_a_flat_list_of_services_has_those_of_the_portal() -> None:
    text = """
portal: {presets: [{name: Quiet, replicas: 1}]}
services: [{service_id: 0c000000-0000-4000-8000-000000000011, username: alice}]
"""
    assert presets_of(text) == [(Preset("Quiet", replicas=(1, 1)),)]


@pytest.mark.parametrize(
    ("item", "limits", "fault"),
    [
        ("memory_gb: 20", "", f"memory_gb: (“X”) asks for 20 GB, which is not in {CHOICES}"),
        (
            "memory_gb: {min: 8, max: 64}",
            "memory_choices_gb: [8, 16]",
            (
                f"memory_gb: (“X”) asks for 64 GB, which is not in {LIMITS}.memory_choices_gb, "
                "which is (8, 16)"
            ),
        ),
        (
            "replicas: 5",
            "replicas: {max: 4}",
            f"replicas: (“X”) is 5, above {LIMITS}.replicas.max, which is 4",
        ),
        (
            "replicas: {min: 1, max: 4}",
            "replicas: {min: 2}",
            f"replicas: (“X”) is 1, below {LIMITS}.replicas.min, which is 2",
        ),
        (
            "idle_timeout_minutes: 90",
            "idle_timeout_minutes: {max: 60}",
            (
                f"idle_timeout_minutes: (“X”) is 90, above {LIMITS}.idle_timeout_minutes.max, "
                "which is 60"
            ),
        ),
        (
            "idle_timeout_minutes: never",
            "may_disable_idling: false",
            (
                f"idle_timeout_minutes: (“X”) is never, against {LIMITS}.may_disable_idling, "
                "which is false"
            ),
        ),
        (
            "memory_gb: 64, replicas: 2",
            "max_total_gb: 100",
            (
                f"memory_gb: (“X”) makes 128 GB with its replicas, above {LIMITS}.max_total_gb, "
                "which is 100"
            ),
        ),
        (
            "memory_gb: 64, replicas: 2",
            "max_cost_per_hour: 7.5",
            (
                f"memory_gb: (“X”) costs 8.00 an hour with its replicas, above "
                f"{LIMITS}.max_cost_per_hour, which is 7.5"
            ),
        ),
    ],
)
def test_a_preset_outside_the_limits_is_a_fault_that_names_both(
    item: str, limits: str, fault: str
) -> None:
    keys = f"{PRICE}\n{presets(f'name: X, {item}')}"
    assert yaml_faults(two_groups(keys, group=limits)) == [f"portal.presets[0].{fault}"]


def test_the_edge_of_the_limits_is_inside() -> None:
    limits = """
replicas: {min: 2, max: 4}
max_total_gb: 256
max_cost_per_hour: 16
idle_timeout_minutes: {min: 5, max: 60}
"""
    item = "name: Edge, memory_gb: 64, replicas: {min: 2, max: 4}, idle_timeout_minutes: 60"
    assert presets_of(two_groups(f"{PRICE}\n{presets(item)}", portal=limits))[0]


@pytest.mark.parametrize(
    ("item", "fault"),
    [
        ("name: X", ": has no values"),
        ("name: X, memory_gb: 9", ".memory_gb: is not a multiple of 4 from 8 to 356"),
        ("name: X, memory_gb: big", ".memory_gb: is neither a number nor a range"),
        ("name: X, memory_gb: true", ".memory_gb: is neither a number nor a range"),
        ("name: X, memory_gb: {min: 8}", ".memory_gb: is neither a number nor a range"),
        ("name: X, replicas: 0", ".replicas: is neither a number nor a range"),
        (
            "name: X, replicas: {min: 3, max: 2}",
            ".replicas: has its ends the wrong way round",
        ),
        ("name: X, idle_timeout_minutes: 4", ".idle_timeout_minutes: is no idle timeout"),
        ("name: X, idle_timeout_minutes: false", ".idle_timeout_minutes: is no idle timeout"),
        ("name: X, replicas:", ".replicas: is left empty"),
        ("replicas: 1", ".name: is missing"),
        (f"name: {'x' * 41}, replicas: 1", ".name: is too long"),
        ("name: X, replicas: 1, color: red", ".color: is not known here"),
    ],
)
def test_each_slip_is_a_fault_at_its_place(item: str, fault: str) -> None:
    assert yaml_faults(two_groups(presets(item))) == [f"portal.presets[0]{fault}"]


def test_two_presets_of_one_name_are_a_fault() -> None:
    text = two_groups(presets("name: Quiet, replicas: 1", "name: quiet, replicas: 2"))
    assert yaml_faults(text) == [
        "portal.presets[1].name: is the same as portal.presets[0].name",
    ]
