"""`limits` and `price`: the limits they result in, inheritance, and unusable values."""

from datetime import date
from decimal import Decimal

import pytest

from app.domain.groups.cost import Price
from app.domain.groups.limits import Limits
from tests.unit.settings.helpers import read, two_groups, yaml_faults

EVERYTHING = """
memory_choices_gb: [32, 16, 16]
replicas: {min: 2, max: 6}
max_total_gb: 128
idle_timeout_minutes: {min: 10, max: 60}
may_disable_idling: false
max_cost_per_hour: 7.10
max_changes_per_hour: 4
cooldown_minutes: 15
password_above_gb: 64
reason_required: true
"""
PRICE = "price: {per_8_gb_hour: 0.3903, currency: USD, as_of: 2026-11-01}"
LIMITS = Limits(
    memory_choices_gb=(16, 32),
    min_replicas=2,
    max_replicas=6,
    max_total_gb=128,
    min_idle_timeout_minutes=10,
    max_idle_timeout_minutes=60,
    may_disable_idling=False,
    price=Price(Decimal("0.3903"), "USD", date(2026, 11, 1)),
    max_cost_per_hour=Decimal("7.1"),
    max_changes_per_hour=4,
    cooldown_minutes=15,
    reauthenticate_above_gb=64,
    is_reason_required=True,
)


def limits_of(text: str) -> list[Limits]:
    """The limits of both groups."""
    return [group.limits for group in read(text).catalog.all_groups()]


def test_nothing_said_leaves_the_defaults() -> None:
    assert limits_of(two_groups()) == [Limits(), Limits()]


@pytest.mark.parametrize("level", ["portal", "warehouse"])
def test_every_key_can_stand_at_an_outer_level_and_holds_for_all_groups(level: str) -> None:
    assert limits_of(two_groups(PRICE, **{level: EVERYTHING})) == [LIMITS, LIMITS]


def test_every_key_can_stand_at_a_group_and_holds_for_it_alone() -> None:
    assert limits_of(two_groups(PRICE, group=EVERYTHING)) == [LIMITS, Limits(price=LIMITS.price)]


def test_each_key_is_taken_from_the_nearest_level_that_has_it() -> None:
    first, second = limits_of(
        two_groups(
            portal="replicas: {min: 2, max: 9}\nreason_required: true\nmax_total_gb: 900",
            warehouse="replicas: {max: 5}\nmax_total_gb: 800",
            group="replicas: {min: 1}\nreason_required: false",
        )
    )
    assert (first.min_replicas, first.max_replicas) == (1, 5)
    assert (second.min_replicas, second.max_replicas) == (2, 5)
    assert (first.is_reason_required, second.is_reason_required) == (False, True)
    assert first.max_total_gb == second.max_total_gb == 800


def test_a_range_of_memory_sizes_is_every_step_of_it() -> None:
    first, second = limits_of(
        two_groups(
            warehouse="memory_gb: {min: 8, max: 16}",
            group="memory_gb: {min: 16, max: 64, step: 16}",
        )
    )
    assert first.memory_choices_gb == (16, 32, 48, 64)
    assert second.memory_choices_gb == (8, 12, 16)


def test_a_nearer_list_takes_the_place_of_a_range_and_the_other_way_round() -> None:
    a_range, a_list = "memory_gb: {min: 8, max: 16}", "memory_choices_gb: [120]"
    assert limits_of(two_groups(portal=a_range, group=a_list))[0].memory_choices_gb == (120,)
    assert limits_of(two_groups(portal=a_list, group=a_range))[0].memory_choices_gb == (8, 12, 16)


@pytest.mark.parametrize("text", ["0.1", "0.3903", "1", "0.123456789012345", "12345678901234.5"])
def test_amounts_are_exactly_what_is_written(text: str) -> None:
    price = limits_of(two_groups(PRICE.replace("0.3903", text)))[0].price
    assert price is not None
    assert price.per_unit_hour == Decimal(text)


def test_a_warehouse_may_bound_the_replicas_of_its_groups_together() -> None:
    (warehouse,) = read(two_groups(warehouse_keys="max_replicas: 7")).catalog.warehouses
    assert warehouse.max_replicas == 7
    assert read(two_groups()).catalog.warehouses[0].max_replicas is None


PLACE = "warehouses[0].groups[0].limits"
NOT_AN_AMOUNT = [".nan", ".inf", "-.inf", "0", "0.0", "-1", "-0.5", "true", "'5'", "five", "[5]"]
SPOILT = [
    ("memory_gb: {min: 8}", "memory_gb.max: is missing"),
    ("memory_gb: {min: 4, max: 8}", "memory_gb.min: is not a multiple of 4 from 8 to 356"),
    ("memory_gb: {min: 8, max: 360}", "memory_gb.max: is not a multiple of 4 from 8 to 356"),
    ("memory_gb: {min: 8, max: 16, step: 6}", "memory_gb.step: is not a multiple of 4"),
    ("memory_gb: {min: 8, max: 16, step: 0}", "memory_gb.step: is not a multiple of 4"),
    ("memory_gb: {min: 8, max: 16, step: -4}", "memory_gb.step: is not a multiple of 4"),
    ("memory_choices_gb: []", "memory_choices_gb: is empty"),
    ("memory_choices_gb: [10]", "memory_choices_gb[0]: is not a multiple of 4 from 8 to 356"),
    ("replicas: {min: 0}", "replicas.min: is below 1"),
    ("replicas: {max: 0}", "replicas.max: is below 1"),
    ("replicas: {max: 2.0}", "replicas.max: is not a whole number"),
    ("replicas: 3", "replicas: is not a set of keys"),
    ("replicas: {fewest: 3}", "replicas.fewest: is not known here"),
    ("idle_timeout_minutes: {min: 4}", "idle_timeout_minutes.min: is below 5"),
    ("max_total_gb: 0", "max_total_gb: is below 1"),
    ("max_total_gb:", "max_total_gb: is left empty"),
    ("max_total_gb: true", "max_total_gb: is not a whole number"),
    ("max_changes_per_hour: 0", "max_changes_per_hour: is below 1"),
    ("cooldown_minutes: -1", "cooldown_minutes: is below 0"),
    ("cooldown_minutes: 10081", "cooldown_minutes: is above 10080"),
    ("password_above_gb: 0", "password_above_gb: is below 1"),
    ("may_disable_idling: 0", "may_disable_idling: is neither true nor false"),
    ("price: 1", "price: is not known here"),
    ("max_cost_per_hour: 12345678901234567890.5", "max_cost_per_hour: has too many digits"),
    ("max_cost_per_hour: 1.0e+300", "max_cost_per_hour: has too many digits"),
    *(
        (f"max_cost_per_hour: {text}", "max_cost_per_hour: is not a number above 0")
        for text in NOT_AN_AMOUNT
    ),
]


@pytest.mark.parametrize(("text", "fault"), SPOILT)
def test_an_unusable_limit_is_refused_at_its_path(text: str, fault: str) -> None:
    assert yaml_faults(two_groups(PRICE, group=text)) == [f"{PLACE}.{fault}"]


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("0.3903", ".nan", "portal.price.per_8_gb_hour: is not a number above 0"),
        ("0.3903", "-1", "portal.price.per_8_gb_hour: is not a number above 0"),
        ("USD", "dollars", "portal.price.currency: is not a currency"),
        ("USD", "usd", "portal.price.currency: is not a currency"),
        ("2026-11-01", "'2026-11-01'", "portal.price.as_of: is not a date"),
        ("2026-11-01", "2026-11-01 10:00:00", "portal.price.as_of: is not a date"),
        (", as_of: 2026-11-01", "", "portal.price.as_of: is missing"),
        (PRICE, "price:", "portal.price: is left empty"),
    ],
)
def test_an_unusable_price_is_refused(before: str, after: str, fault: str) -> None:
    assert yaml_faults(two_groups(PRICE.replace(before, after))) == [fault]


@pytest.mark.parametrize("text", ["0", "true", "2.5", ""])
def test_an_unusable_bound_on_a_warehouses_replicas_is_refused(text: str) -> None:
    (fault,) = yaml_faults(two_groups(warehouse_keys=f"max_replicas: {text}"))
    assert fault.startswith("warehouses[0].max_replicas: is ")


@pytest.mark.parametrize("old", ["reason_required: true", "memory_choices_gb: [8]"])
def test_limits_do_not_stand_beside_limits(old: str) -> None:
    assert yaml_faults(two_groups(old)) == [f"portal.{old.partition(':')[0]}: is not known here"]
