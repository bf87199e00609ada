"""The keys of ranges: `min` and `max`, and their earlier names `least` and `most`."""

import pytest

from app.domain.groups.presets import Preset
from app.settings.org.config import parse_org_config
from app.settings.org.faults import Fault
from tests.unit.settings.helpers import read, two_groups, yaml_faults

LIMITS = "portal.limits"
PRESET = "portal.presets[0]"
SPELLINGS = [("min", "max"), ("least", "most"), ("min", "most"), ("least", "max")]
spelled = pytest.mark.parametrize(("low", "high"), SPELLINGS)


def preset(keys: str) -> str:
    """`presets` with one preset of these keys."""
    return f"presets: [{{name: X, {keys}}}]"


def faults_in(text: str) -> list[Fault]:
    """The faults of the text with their remedies."""
    return parse_org_config(text)[1]


@spelled
def test_limits_read_every_spelling(low: str, high: str) -> None:
    limits = f"""
memory_gb: {{{low}: 8, {high}: 24, step: 8}}
replicas: {{{low}: 2, {high}: 6}}
idle_timeout_minutes: {{{low}: 10, {high}: 60}}
"""
    for group in read(two_groups(portal=limits)).catalog.all_groups():
        assert group.limits.memory_choices_gb == (8, 16, 24)
        assert (group.limits.min_replicas, group.limits.max_replicas) == (2, 6)
        assert group.limits.min_idle_timeout_minutes == 10
        assert group.limits.max_idle_timeout_minutes == 60


@spelled
def test_presets_read_every_spelling(low: str, high: str) -> None:
    keys = f"memory_gb: {{{low}: 8, {high}: 16}}, replicas: {{{high}: 3, {low}: 2}}"
    (group, _) = read(two_groups(preset(keys))).catalog.all_groups()
    assert group.presets == (Preset("X", memory_gb=(8, 16), replicas=(2, 3)),)


def test_levels_in_different_spellings_are_inherited_end_by_end() -> None:
    text = two_groups(
        portal="replicas: {least: 2, most: 9}",
        warehouse="replicas: {max: 5}",
        group="replicas: {least: 1}",
    )
    limits = [group.limits for group in read(text).catalog.all_groups()]
    assert [(item.min_replicas, item.max_replicas) for item in limits] == [(1, 5), (2, 5)]


@spelled
@pytest.mark.parametrize("name", ["memory_gb", "replicas", "idle_timeout_minutes"])
def test_a_fault_names_both_ends_as_they_are_written(low: str, high: str, name: str) -> None:
    assert yaml_faults(two_groups(portal=f"{name}: {{{low}: 16, {high}: 8}}")) == [
        f"{LIMITS}.{name}.{low}: is 16, above {LIMITS}.{name}.{high}, which is 8"
    ]


def test_a_fault_across_levels_names_each_end_as_it_is_written() -> None:
    text = two_groups(portal="replicas: {most: 4}", group="replicas: {min: 5}")
    assert yaml_faults(text) == [
        (
            f"warehouses[0].groups[0].limits.replicas.min: is 5, above {LIMITS}.replicas.most, "
            "which is 4"
        )
    ]


@pytest.mark.parametrize("key", ["min", "least"])
@pytest.mark.parametrize(
    ("name", "other", "fault"),
    [
        ("memory_gb", ", max: 16", "is not a multiple of 4 from 8 to 356"),
        ("replicas", "", "is below 1"),
        ("idle_timeout_minutes", "", "is below 5"),
    ],
)
def test_an_unusable_end_is_refused_as_it_is_written(
    key: str, name: str, other: str, fault: str
) -> None:
    assert yaml_faults(two_groups(portal=f"{name}: {{{key}: 0{other}}}")) == [
        f"{LIMITS}.{name}.{key}: {fault}"
    ]


def test_steps_are_counted_from_the_end_as_it_is_written() -> None:
    memory = f"{LIMITS}.memory_gb"
    assert yaml_faults(two_groups(portal="memory_gb: {least: 8, max: 32, step: 16}")) == [
        (
            f"{memory}.max: is 32, which is not reached from {memory}.least, which is 8 GB, "
            f"in steps of {memory}.step, which is 16 GB"
        )
    ]


@spelled
def test_a_preset_outside_limits_names_them_as_they_are_written(low: str, high: str) -> None:
    limits = f"replicas: {{{low}: 2, {high}: 4}}"
    assert yaml_faults(two_groups(preset("replicas: {min: 1, max: 5}"), portal=limits)) == [
        f"{PRESET}.replicas: (“X”) is 1, below {LIMITS}.replicas.{low}, which is 2",
        f"{PRESET}.replicas: (“X”) is 5, above {LIMITS}.replicas.{high}, which is 4",
    ]


@pytest.mark.parametrize("name", ["memory_gb", "replicas", "idle_timeout_minutes"])
@pytest.mark.parametrize(
    ("ends", "what", "remedy"),
    [
        ("min: 8, least: 8, max: 16", "has min beside least", "Keep min."),
        ("min: 8, max: 16, most: 24", "has max beside most", "Keep max."),
        (
            "min: 8, least: 8, max: 16, most: 16",
            "has min beside least and max beside most",
            "Keep min and max.",
        ),
    ],
)
def test_an_end_written_twice_in_limits_is_one_fault_that_names_both_keys(
    name: str, ends: str, what: str, remedy: str
) -> None:
    found = faults_in(two_groups(portal=f"{name}: {{{ends}}}"))
    assert found == [Fault(f"{LIMITS}.{name}", what, remedy)]


@pytest.mark.parametrize("name", ["memory_gb", "replicas"])
@pytest.mark.parametrize("ends", ["min: 8, least: 8", "min: 8, least: 8, max: 16"])
def test_an_end_written_twice_in_a_preset_is_one_fault_that_names_both_keys(
    name: str, ends: str
) -> None:
    found = faults_in(two_groups(preset(f"{name}: {{{ends}}}")))
    assert found == [Fault(f"{PRESET}.{name}", "has min beside least", "Keep min.")]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("memory_gb", "Write min, max or step."),
        ("replicas", "Write min or max."),
        ("idle_timeout_minutes", "Write min or max."),
    ],
)
def test_a_wrong_key_in_limits_is_refused_with_the_right_ones(name: str, remedy: str) -> None:
    found = faults_in(two_groups(portal=f"{name}: {{min: 8, max: 16, fewest: 8}}"))
    assert found == [Fault(f"{LIMITS}.{name}.fewest", "is not known here", remedy)]


@pytest.mark.parametrize("ends", ["fewest: 8, max: 16", "min: 8, max: 16, step: 4", "least: 8"])
@pytest.mark.parametrize("name", ["memory_gb", "replicas"])
def test_a_wrong_key_in_a_preset_is_refused_with_the_right_ones(name: str, ends: str) -> None:
    remedy = "Write 8, or {min: 8, max: 16}, without quotes."
    found = faults_in(two_groups(preset(f"{name}: {{{ends}}}")))
    assert found == [Fault(f"{PRESET}.{name}", "is neither a number nor a range", remedy)]


@spelled
def test_a_preset_with_its_ends_the_wrong_way_round_names_the_key_as_it_is_written(
    low: str, high: str
) -> None:
    found = faults_in(two_groups(preset(f"replicas: {{{low}: 3, {high}: 2}}")))
    remedy = f"Write the smaller number as {low}."
    assert found == [Fault(f"{PRESET}.replicas", "has its ends the wrong way round", remedy)]


def test_a_missing_end_of_a_memory_range_is_named_by_its_present_name() -> None:
    assert yaml_faults(two_groups(portal="memory_gb: {least: 8}")) == [
        f"{LIMITS}.memory_gb.max: is missing"
    ]
