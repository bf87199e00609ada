"""Going back: what was, what was asked and what is now, for every field in both modes.

`went_back` says the rule once more, from the design and not from our code.
"""

from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from app.domain.boosts.revert import Leftover, leftovers, reverted
from app.domain.groups.scaling import ScalingConfig, ScalingMode, patch_between
from tests.unit.builders import HORIZONTAL, VERTICAL, changed

MODERATE = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
V, H = ScalingMode.VERTICAL, ScalingMode.HORIZONTAL
BEFORE = {V: VERTICAL, H: HORIZONTAL}

# What stands in these fields together: as it was, as asked, something larger, something smaller
# than asked, something smaller than it was.
FIGURES: dict[ScalingMode, dict[tuple[str, ...], tuple[int, ...]]] = {
    V: {
        ("min_memory_gb",): (16, 24, 28, 20, 8),
        ("max_memory_gb",): (32, 64, 120, 48, 28),
        ("min_replicas", "max_replicas"): (3, 6, 9, 4, 1),
        ("idle_timeout_minutes",): (15, 60, 90, 30, 5),
    },
    H: {
        ("min_memory_gb", "max_memory_gb"): (32, 64, 120, 48, 16),
        ("min_replicas",): (2, 4, 5, 3, 1),
        ("max_replicas",): (6, 10, 12, 8, 5),
        ("idle_timeout_minutes",): (15, 60, 90, 30, 5),
    },
}
AS_BEFORE, AS_ASKED = 0, 1
CASES = [
    pytest.param(mode, names, which, id=f"{mode}-{'+'.join(names)}-{words}")
    for mode, fields in FIGURES.items()
    for names in fields
    for which, words in enumerate(("was", "asked", "larger", "smaller", "least"))
]
SIZES = ("min_memory_gb", "max_memory_gb", "min_replicas", "max_replicas")


def with_figures(mode: ScalingMode, which: dict[tuple[str, ...], int]) -> ScalingConfig:
    """The configuration with the figure of each of these numbers in its fields."""
    found = {name: FIGURES[mode][names][at] for names, at in which.items() for name in names}
    return changed(BEFORE[mode], **found)


def went_back(before: ScalingConfig, asked: ScalingConfig, now: ScalingConfig) -> dict[str, Any]:
    """What there is after going back: field by field, as it was where it is as it was asked and
    that is less; and the upper end of each range where the lower one stays above it."""
    was, wanted, then = before.model_dump(), asked.model_dump(), now.model_dump()
    if then["mode"] != wanted["mode"]:
        return then
    for name in (*SIZES, "idle_timeout_minutes"):
        figures = was[name], wanted[name]
        if then[name] == wanted[name] and None not in figures and was[name] < wanted[name]:
            then[name] = was[name]
    if not then["idle_scaling"] and not wanted["idle_scaling"] and was["idle_scaling"]:
        then["idle_scaling"] = True
        if then["idle_timeout_minutes"] is None:
            then["idle_timeout_minutes"] = was["idle_timeout_minutes"]
    for kind in ("memory_gb", "replicas"):
        then[f"max_{kind}"] = max(then[f"max_{kind}"], then[f"min_{kind}"])
    return then


@pytest.mark.parametrize(("mode", "names", "which"), CASES)
def test_each_field_by_itself_goes_back_only_where_it_is_as_asked(
    mode: ScalingMode, names: tuple[str, ...], which: int
) -> None:
    before = BEFORE[mode]
    asked = with_figures(mode, {names: AS_ASKED})
    now = with_figures(mode, {names: which})
    wanted = before if which == AS_ASKED else now
    assert reverted(before, asked, now) == wanted
    left = {item.field: item.value for item in leftovers(before, asked, now)}
    is_foreign = which not in {AS_BEFORE, AS_ASKED}
    assert set(left.values()) == ({FIGURES[mode][names][which]} if is_foreign else set())
    assert set(left) <= set(names)
    assert bool(left) is is_foreign


@pytest.mark.parametrize(("mode", "names", "which"), CASES)
def test_what_the_boost_had_not_set_stays_whatever_it_is(
    mode: ScalingMode, names: tuple[str, ...], which: int
) -> None:
    others = {other: AS_ASKED for other in FIGURES[mode] if other != names}
    before, asked = BEFORE[mode], with_figures(mode, others)
    now = with_figures(mode, {**others, names: which})
    found = reverted(before, asked, now)
    for name in names:
        assert getattr(found, name) == getattr(now, name)
    assert leftovers(before, asked, now) == ()


@pytest.mark.parametrize("mode", list(ScalingMode))
def test_every_combination_of_fields_goes_back_as_the_rule_says(mode: ScalingMode) -> None:
    fields = list(FIGURES[mode])
    before = BEFORE[mode]
    for idles in (True, False):
        asked = changed(with_figures(mode, dict.fromkeys(fields, AS_ASKED)), idle_scaling=idles)
        for *numbers, now_idles in product(*(range(5) for _ in fields), (True, False)):
            drawn = with_figures(mode, dict(zip(fields, numbers, strict=True)))
            now = changed(drawn, idle_scaling=now_idles)
            found = reverted(before, asked, now)
            assert found.model_dump() == went_back(before, asked, now), (asked, now)


@pytest.mark.parametrize(
    ("asked", "now", "back"),
    [
        ({"idle_scaling": False}, {"idle_scaling": False}, {}),
        ({"idle_scaling": False}, {}, {}),
        # Cloud has forgotten the timeout of a group that does not idle.
        ({"idle_scaling": False}, {"idle_scaling": False, "idle_timeout_minutes": None}, {}),
        # Somebody else has set another one.
        (
            {"idle_scaling": False},
            {"idle_scaling": False, "idle_timeout_minutes": 5},
            {"idle_timeout_minutes": 5},
        ),
    ],
)
@pytest.mark.parametrize("before", [VERTICAL, HORIZONTAL], ids=["vertical", "horizontal"])
def test_idling_goes_back_on_and_with_it_the_timeout_that_cloud_forgot(
    before: ScalingConfig, asked: dict[str, Any], now: dict[str, Any], back: dict[str, Any]
) -> None:
    found = reverted(before, changed(before, **asked), changed(before, **now))
    assert found == changed(before, **back)


@pytest.mark.parametrize(
    ("now", "back"),
    [
        # Somebody has raised the lower end: the upper one goes back as far as that lets it.
        ((48, 64), (48, 48)),
        ((64, 64), (16, 32)),
        ((20, 64), (20, 32)),
        # Somebody has moved the upper end.
        ((64, 120), (16, 120)),
        ((64, 68), (16, 68)),
    ],
)
def test_where_others_have_set_one_end_of_a_range_the_other_goes_back(
    now: tuple[int, int], back: tuple[int, int]
) -> None:
    ends = "min_memory_gb", "max_memory_gb"
    asked = changed(VERTICAL, min_memory_gb=64, max_memory_gb=64)
    found = reverted(VERTICAL, asked, changed(VERTICAL, **dict(zip(ends, now, strict=True))))
    assert (found.min_memory_gb, found.max_memory_gb) == back


@pytest.mark.parametrize("mode", list(ScalingMode))
def test_nothing_goes_back_where_the_group_scales_another_way_by_now(mode: ScalingMode) -> None:
    other = H if mode is V else V
    asked = with_figures(mode, dict.fromkeys(FIGURES[mode], AS_ASKED))
    now = changed(asked, mode=other)
    assert reverted(BEFORE[mode], asked, now) == now
    assert leftovers(BEFORE[mode], asked, now) == (Leftover("mode", other.value),)


def put_upright(config: ScalingConfig) -> ScalingConfig:
    """The same as something that Cloud can hold."""
    memory = sorted([config.min_memory_gb, config.max_memory_gb])
    replicas = sorted([config.min_replicas, config.max_replicas])
    is_vertical = config.mode is V
    return changed(
        config,
        min_memory_gb=memory[0],
        max_memory_gb=memory[1] if is_vertical else memory[0],
        min_replicas=replicas[0],
        max_replicas=replicas[0] if is_vertical else replicas[1],
    )


MEMORY, COUNTS = st.integers(2, 89).map(lambda steps: steps * 4), st.integers(1, 20)
CONFIGS = st.builds(
    ScalingConfig,
    mode=st.sampled_from(ScalingMode),
    min_memory_gb=MEMORY,
    max_memory_gb=MEMORY,
    min_replicas=COUNTS,
    max_replicas=COUNTS,
    idle_scaling=st.booleans(),
    idle_timeout_minutes=st.none() | st.integers(5, 20_000),
).map(put_upright)


@st.composite
def histories(draw: st.DrawFn) -> tuple[ScalingConfig, ScalingConfig, ScalingConfig]:
    """Before, asked and now, where each field is often one of the others'. What was asked may be
    anything: the comparison does not rely on the rule that a boost only makes larger."""
    before = draw(CONFIGS)
    asked = changed(draw(CONFIGS), mode=before.mode)
    foreign = draw(CONFIGS)
    fields = {
        name: getattr(draw(st.sampled_from([before, asked, asked, foreign])), name)
        for name in ScalingConfig.model_fields
    }
    return before, put_upright(asked), put_upright(ScalingConfig(**fields))


@MODERATE
@given(histories())
def test_going_back_makes_nothing_larger_and_is_done_once(
    history: tuple[ScalingConfig, ScalingConfig, ScalingConfig],
) -> None:
    before, asked, now = history
    found = reverted(before, asked, now)
    event("something goes back" if found != now else "nothing")
    assert found.is_possible
    assert found == put_upright(found)
    assert all(getattr(found, name) <= getattr(now, name) for name in SIZES)
    assert found.idle_scaling or not now.idle_scaling
    if now.idle_timeout_minutes is not None:
        assert found.idle_timeout_minutes is not None
        assert found.idle_timeout_minutes <= now.idle_timeout_minutes
    assert bool(patch_between(now, found)) is (found != now)
    assert reverted(before, asked, found) == found
    if found.mode is not asked.mode:
        assert found == now
    assert found.model_dump() == went_back(before, asked, now)
