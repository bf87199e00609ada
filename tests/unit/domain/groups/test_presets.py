"""Presets: values with a name, laid over what is configured."""

import pytest

from app.domain.groups.presets import Preset
from app.domain.groups.scaling import ScalingMode
from tests.unit.builders import HORIZONTAL, VERTICAL, changed


def test_what_a_preset_names_is_replaced_and_the_others_stays() -> None:
    preset = Preset("Busy", memory_gb=(32, 64), replicas=(5, 5))
    assert preset.applied_to(VERTICAL) == changed(
        VERTICAL, min_memory_gb=32, max_memory_gb=64, min_replicas=5, max_replicas=5
    )


def test_idling_can_be_switched_off_by_name() -> None:
    assert Preset("Awake", idle_scaling=False).applied_to(VERTICAL) == changed(
        VERTICAL, idle_scaling=False
    )


@pytest.mark.parametrize(
    ("preset", "modes"),
    [
        (Preset("Idling", idle_timeout_minutes=5), {"vertical", "horizontal"}),
        (Preset("Fixed", memory_gb=(8, 8), replicas=(2, 2)), {"vertical", "horizontal"}),
        (Preset("Memory", memory_gb=(8, 16)), {"vertical"}),
        (Preset("Replicas", replicas=(2, 4)), {"horizontal"}),
        (Preset("Both", memory_gb=(8, 16), replicas=(2, 4)), set()),
    ],
)
def test_a_preset_suits_the_modes_in_which_it_can_be_asked_for(
    preset: Preset, modes: set[str]
) -> None:
    assert {mode.value for mode in ScalingMode if preset.suits(mode)} == modes


def test_a_range_of_replicas_fills_a_group_that_scales_them() -> None:
    assert Preset("Busy", replicas=(3, 8)).applied_to(HORIZONTAL).max_replicas == 8
