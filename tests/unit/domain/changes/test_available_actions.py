"""In each of the 14 states and an unknown one: exactly the actions that make sense, and why not."""

import pytest

from app.domain.access.permissions import ALL_PERMISSIONS, Permission
from app.domain.changes.actions import Action
from app.domain.changes.available_actions import AvailableAction, actions_for
from app.domain.groups.group import Service
from app.domain.groups.states import ServiceState
from tests.unit.builders import make_group, make_service

S = ServiceState
CONTACT = "the data team"
NOTHING: set[Action] = set()

# As the reference of Cloud has it, not as our code: what may begin in each state.
OFFERED: dict[ServiceState, set[Action]] = {
    S.PROVISIONING: NOTHING,
    S.STARTING: {Action.SCALE},
    S.RUNNING: {Action.SCALE, Action.STOP},
    S.PARTIALLY_RUNNING: {Action.SCALE, Action.STOP},
    S.DEGRADED: {Action.SCALE, Action.STOP},
    S.AWAKING: {Action.SCALE},
    S.IDLE: {Action.SCALE, Action.WAKE, Action.STOP},
    S.STOPPING: NOTHING,
    S.STOPPED: {Action.SCALE, Action.START},
    S.TERMINATING: NOTHING,
    S.TERMINATED: NOTHING,
    S.SOFTDELETING: NOTHING,
    S.SOFTDELETED: NOTHING,
    S.FAILED: NOTHING,
    S.UNKNOWN: NOTHING,
}
IN_PROGRESS = {S.AWAKING: Action.WAKE, S.STARTING: Action.START, S.STOPPING: Action.STOP}
ELSEWHERE = {
    Action.WAKE: "Only an idle group can be woken.",
    Action.START: "Only a stopped group can be started.",
    Action.STOP: "Only a group that is running or idle can be stopped.",
}


def actions(
    service: Service | None,
    permissions: frozenset[Permission] = ALL_PERMISSIONS,
    freeze_reason: str | None = None,
) -> dict[Action, AvailableAction]:
    """What is offered to somebody with these permissions."""
    group = make_group(service, *permissions)
    return {
        item.action: item
        for item in actions_for(group, contact=CONTACT, freeze_reason=freeze_reason)
    }


def test_the_table_speaks_of_every_state() -> None:
    assert set(OFFERED) == set(ServiceState)
    assert len(OFFERED) == 15


@pytest.mark.parametrize("state", OFFERED)
def test_exactly_the_actions_that_make_sense_are_offered(state: ServiceState) -> None:
    given = actions(make_service(state=state))
    assert list(given) == list(Action)
    assert {action for action, item in given.items() if item.is_enabled} == OFFERED[state]


@pytest.mark.parametrize("state", OFFERED)
def test_of_every_other_action_it_is_said_why_disabled(state: ServiceState) -> None:
    for action, item in actions(make_service(state=state)).items():
        if IN_PROGRESS.get(state) is action:
            assert item.disabled_reason == "This is in progress already."
        elif action in OFFERED[state]:
            assert item.disabled_reason is None
        else:
            assert item.disabled_reason is not None
            assert state.spec.label.lower() in item.disabled_reason
            assert action is Action.SCALE or item.disabled_reason.startswith(ELSEWHERE[action])


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("state", [S.RUNNING, S.IDLE, S.STOPPED])
def test_without_the_permission_it_is_said_which_one_is_missing_and_who_gives_it(
    state: ServiceState, permission: Permission
) -> None:
    held = frozenset({Permission.VIEW, permission})
    for action, item in actions(make_service(state=state), held).items():
        needed = action.spec.permission
        # Whoever may boost finds the way to the form too.
        is_booster = action is Action.SCALE and Permission.BOOST in held
        if needed in held or is_booster:
            assert item.is_enabled == (action in OFFERED[state])
        else:
            assert item.disabled_reason == (
                f"This needs the permission “{needed.label}”, which {CONTACT} can give."
            )


def test_while_all_changes_are_off_everybody_reads_why_and_nothing_is_offered() -> None:
    words = "Changes are frozen by root. Reason: audit"
    for state in ServiceState:
        given = actions(make_service(state=state), freeze_reason=words).values()
        assert [item.disabled_reason for item in given] == [words] * len(Action)


def test_a_missing_permission_is_named_even_while_changes_are_off() -> None:
    action = actions(
        make_service(), frozenset({Permission.VIEW}), freeze_reason="Changes are frozen."
    )
    assert all("permission" in (item.disabled_reason or "") for item in action.values())


def test_a_group_that_cloud_does_not_show_shows_nothing_and_says_so() -> None:
    for item in actions(None).values():
        assert "does not show this group" in (item.disabled_reason or "")


@pytest.mark.parametrize(
    ("service", "words"),
    [
        (make_service(profile="v1-highmem-xl"), "custom hardware profile"),
        (make_service(is_byoc=True), "your company's own cloud account"),
        (make_service(configured=None), "no scaling settings"),
    ],
)
def test_what_cannot_be_scaled_says_why_and_can_still_be_stopped(
    service: Service, words: str
) -> None:
    given = actions(service)
    assert words in (given[Action.SCALE].disabled_reason or "")
    assert given[Action.STOP].is_enabled


def test_who_may_only_boost_is_offered_nothing_while_an_entry_of_cloud_decides() -> None:
    service, booster = make_service(active_entry="Nights"), frozenset({Permission.BOOST})
    assert "“Nights”" in (actions(service, booster)[Action.SCALE].disabled_reason or "")
    assert actions(service, booster | {Permission.SCALE})[Action.SCALE].is_enabled
    assert actions(make_service(), booster)[Action.SCALE].is_enabled


def test_a_state_that_the_portal_does_not_know_is_told_with_clouds_word() -> None:
    service = make_service(state=S.UNKNOWN, state_text="Hibernating")
    for item in actions(service).values():
        assert "not known (“Hibernating”)" in (item.disabled_reason or "")
    for item in actions(make_service(state=S.STOPPING)).values():
        assert "(“" not in (item.disabled_reason or "")
