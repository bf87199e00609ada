"""The states of a service, in words."""

import pytest

from app.domain.groups.states import STATE_SPECS, ServiceState, Tone

CLOUD_STATES = [
    "provisioning",
    "starting",
    "running",
    "partially_running",
    "degraded",
    "awaking",
    "idle",
    "stopping",
    "stopped",
    "terminating",
    "terminated",
    "softdeleting",
    "softdeleted",
    "failed",
]
REACHABLE = {"running", "partially_running", "degraded"}
COMING_UP = {"starting", "awaking"}


@pytest.mark.parametrize("name", CLOUD_STATES)
def test_every_state_of_cloud_is_known_and_has_words(name: str) -> None:
    state = ServiceState.parse(name)
    assert state.value == name
    assert state.spec.label[0].isupper()
    assert not state.spec.label.endswith(".")
    assert state.spec.meaning.endswith(".")
    assert state.spec.tone in Tone


@pytest.mark.parametrize("name", ["", "hibernating", "RUNNING", "running ", "unknown", "x" * 9999])
def test_a_state_that_cloud_may_name_one_day_is_unknown_and_admits_nothing(name: str) -> None:
    state = ServiceState.parse(name)
    assert state is ServiceState.UNKNOWN
    assert not state.spec.may_scale
    assert not state.spec.is_reachable
    assert not state.spec.is_on_its_way


@pytest.mark.parametrize("name", CLOUD_STATES)
def test_only_what_runs_or_comes_up_is_touched_without_waking_anything(name: str) -> None:
    spec = ServiceState.parse(name).spec
    assert spec.is_reachable == (name in REACHABLE)
    assert spec.is_on_its_way == (name in COMING_UP)


def test_what_is_going_or_gone_cannot_be_scaled() -> None:
    may_scale = {state.value for state, spec in STATE_SPECS.items() if spec.may_scale}
    assert may_scale == REACHABLE | COMING_UP | {"idle", "stopped"}


def test_no_state_is_left_without_words() -> None:
    assert set(STATE_SPECS) == set(ServiceState)
