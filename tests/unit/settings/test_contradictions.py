"""Contradictions in the YAML file: each is a fault that names both values."""

import pytest

from tests.unit.settings.helpers import (
    GROUP_ID,
    ORG_CONFIG,
    OTHER_ID,
    read,
    two_groups,
    yaml_faults,
)

PORTAL = "portal.limits"
WAREHOUSE = "warehouses[0].limits"
GROUP = "warehouses[0].groups[0].limits"
PRICE = "price: {per_8_gb_hour: 0.5, currency: EUR, as_of: 2026-11-01}"
RATE = "portal.price.per_8_gb_hour, which is 0.5"


@pytest.mark.parametrize("name", ["replicas", "idle_timeout_minutes"])
@pytest.mark.parametrize(("level", "place"), [("portal", PORTAL), ("group", GROUP)])
def test_a_range_that_is_the_wrong_way_round(name: str, level: str, place: str) -> None:
    assert yaml_faults(two_groups(**{level: f"{name}: {{min: 9, max: 8}}"})) == [
        f"{place}.{name}.min: is 9, above {place}.{name}.max, which is 8"
    ]


def test_a_wrong_range_that_no_group_inherits_is_a_slip_all_the_same() -> None:
    own = "replicas: {min: 1, max: 2}"
    text = two_groups(portal="replicas: {min: 9, max: 8}", warehouse=own)
    assert yaml_faults(text) == [
        f"{PORTAL}.replicas.min: is 9, above {PORTAL}.replicas.max, which is 8"
    ]


def test_a_nearer_least_above_an_inherited_most() -> None:
    text = two_groups(portal="replicas: {max: 4}", group="replicas: {min: 5}")
    assert yaml_faults(text) == [
        f"{GROUP}.replicas.min: is 5, above {PORTAL}.replicas.max, which is 4"
    ]


def test_a_nearer_most_below_an_inherited_least() -> None:
    text = two_groups(portal="replicas: {min: 3}", warehouse="replicas: {max: 2}")
    assert yaml_faults(text) == [
        f"{WAREHOUSE}.replicas.max: is 2, below {PORTAL}.replicas.min, which is 3"
    ]


def test_inherited_ends_that_a_nearer_level_mends_are_none() -> None:
    text = two_groups(
        portal="replicas: {min: 3}", warehouse="replicas: {max: 2}", group="replicas: {min: 1}"
    )
    text = text.replace("name: Reporting", "name: Reporting\n        limits: {replicas: {min: 2}}")
    assert [group.limits.min_replicas for group in read(text).catalog.all_groups()] == [1, 2]


@pytest.mark.parametrize(
    ("limits", "fault"),
    [
        ("replicas: {min: 51}", "replicas.min: is 51, above the default of replicas.max, 50"),
        (
            "idle_timeout_minutes: {min: 10081}",
            (
                "idle_timeout_minutes.min: is 10081, above the default of "
                "idle_timeout_minutes.max, 10080"
            ),
        ),
    ],
)
def test_a_least_above_the_default_most(limits: str, fault: str) -> None:
    value = fault.rpartition(", ")
    assert yaml_faults(two_groups(portal=limits)) == [f"{PORTAL}.{value[0]}, which is {value[2]}"]


def test_memory_sizes_the_wrong_way_round() -> None:
    memory = f"{WAREHOUSE}.memory_gb"
    assert yaml_faults(two_groups(warehouse="memory_gb: {min: 64, max: 32}")) == [
        f"{memory}.min: is 64, above {memory}.max, which is 32"
    ]


def test_a_most_memory_that_the_step_passes_over() -> None:
    memory = f"{GROUP}.memory_gb"
    assert yaml_faults(two_groups(group="memory_gb: {min: 8, max: 32, step: 16}")) == [
        (
            f"{memory}.max: is 32, which is not reached from {memory}.min, which is 8 GB, "
            f"in steps of {memory}.step, which is 16 GB"
        )
    ]


def test_two_ways_to_say_the_memory_sizes_in_one_place() -> None:
    both = "memory_choices_gb: [8]\nmemory_gb: {min: 8, max: 16}"
    assert yaml_faults(two_groups(portal=both)) == [
        f"{PORTAL}.memory_gb: stands beside {PORTAL}.memory_choices_gb"
    ]


def test_a_total_below_the_smallest_size() -> None:
    text = two_groups(
        portal="memory_choices_gb: [32, 16]",
        warehouse="replicas: {min: 3}",
        group="max_total_gb: 47",
    )
    assert yaml_faults(text) == [
        (
            f"{GROUP}.max_total_gb: is 47 GB, below the smallest size, 48 GB: "
            f"16 GB ({PORTAL}.memory_choices_gb) x 3 ({WAREHOUSE}.replicas.min)"
        )
    ]
    assert read(text.replace("47", "48"))


def test_a_total_below_the_smallest_size_there_is() -> None:
    assert yaml_faults(two_groups(portal="max_total_gb: 7")) == [
        (
            f"{PORTAL}.max_total_gb: is 7 GB, below the smallest size, 8 GB: "
            "8 GB (the default of memory_choices_gb) x 1 (the default of replicas.min)"
        )
    ]


def test_a_smallest_size_that_costs_too_much() -> None:
    limits = "memory_gb: {min: 16, max: 32}\nreplicas: {min: 2}"
    text = two_groups(PRICE, portal="max_cost_per_hour: 1.99", group=limits)
    assert yaml_faults(text) == [
        (
            f"{PORTAL}.max_cost_per_hour: is 1.99, and the smallest size costs 2.00 by {RATE}: "
            f"16 GB ({GROUP}.memory_gb) x 2 ({GROUP}.replicas.min)"
        )
    ]
    assert read(text.replace("1.99", "2"))


def test_a_bound_on_the_cost_without_a_price() -> None:
    assert yaml_faults(two_groups(warehouse="max_cost_per_hour: 5.5")) == [
        f"{WAREHOUSE}.max_cost_per_hour: is 5.5, and portal.price is missing"
    ]


@pytest.mark.parametrize("above", [128, 129])
def test_a_size_to_ask_for_the_password_above_that_nothing_passes(above: int) -> None:
    text = two_groups(portal="max_total_gb: 128", group=f"password_above_gb: {above}")
    assert yaml_faults(text) == [
        (
            f"{GROUP}.password_above_gb: is {above}, which is never passed under "
            f"{PORTAL}.max_total_gb, which is 128"
        )
    ]
    assert read(text.replace(f"above_gb: {above}", "above_gb: 127"))


def test_a_size_to_ask_for_the_password_above_that_boosts_alone_pass() -> None:
    limits = "max_total_gb: 96\npassword_above_gb: 96\nboost: {max_total_gb: 960}"
    assert read(two_groups(portal=limits))
    assert yaml_faults(two_groups(portal=limits.replace("above_gb: 96", "above_gb: 960"))) == [
        (
            f"{PORTAL}.password_above_gb: is 960, which is never passed under "
            f"{PORTAL}.boost.max_total_gb, which is 960"
        )
    ]


def test_a_nearer_total_that_makes_an_inherited_question_pointless() -> None:
    text = two_groups(portal="password_above_gb: 256", group="max_total_gb: 128")
    assert yaml_faults(text) == [
        (
            f"{GROUP}.max_total_gb: is 128, so nothing ever passes "
            f"{PORTAL}.password_above_gb, which is 256"
        )
    ]


def test_a_warehouse_with_fewer_replicas_than_its_groups_need() -> None:
    text = two_groups(warehouse_keys="max_replicas: 3", group="replicas: {min: 3}")
    assert yaml_faults(text) == [
        (
            "warehouses[0].max_replicas: is 3, below the 4 that its groups have at least: "
            f"3 for warehouses[0].groups[0] ({GROUP}.replicas.min), "
            "1 for warehouses[0].groups[1] (the default of replicas.min)"
        )
    ]
    assert read(text.replace("max_replicas: 3", "max_replicas: 4"))


def test_all_are_named_at_once_each_once_however_many_inherit_it() -> None:
    text = two_groups(
        portal="replicas: {min: 9, max: 8}\nmax_total_gb: 7\nmax_cost_per_hour: 1",
        warehouse_keys="max_replicas: 1",
    )
    assert [fault.split(":")[0] for fault in yaml_faults(text)] == [
        f"{PORTAL}.replicas.min",
        f"{PORTAL}.max_total_gb",
        f"{PORTAL}.max_cost_per_hour",
        "warehouses[0].max_replicas",
    ]


def test_two_providers_of_one_issuer_cannot_tell_their_people_apart() -> None:
    one = "{name: Acme, issuer: https://login.example.com, client_id: portal}"
    text = f"identity_providers: {{acme: {one}, again: {one}}}\n{two_groups()}"
    assert yaml_faults(text) == [
        "identity_providers.again.issuer: is that of identity_providers.acme too"
    ]


FINANCE = f"""\
  - key: finance
    name: Finance
    sign_in_service_id: {GROUP_ID}
    groups: [{{service_id: {OTHER_ID}, name: Finance primary}}]
"""


def test_a_service_of_another_warehouse_proves_nobody() -> None:
    assert yaml_faults(ORG_CONFIG + FINANCE) == [
        "warehouses[1].sign_in_service_id: is the same as warehouses[0].groups[0].service_id"
    ]
    assert read(ORG_CONFIG + FINANCE.replace(GROUP_ID, OTHER_ID))


def test_two_warehouses_cannot_sign_in_at_one_service() -> None:
    own = ORG_CONFIG.replace(
        "    groups:", f"    sign_in_service_id: {OTHER_ID[:-1]}9\n    groups:"
    )
    assert yaml_faults(own + FINANCE.replace(GROUP_ID, f"{OTHER_ID[:-1]}9")) == [
        "warehouses[1].sign_in_service_id: is the same as warehouses[0].sign_in_service_id"
    ]
