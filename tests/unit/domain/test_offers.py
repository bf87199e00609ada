"""In each of the 14 states and an unknown one: exactly the acts that make sense, and why not."""

import pytest

from app.domain.access import ALL_PERMISSIONS, Permission
from app.domain.acts import Act
from app.domain.groups import Service
from app.domain.offers import Offer, offers_for
from app.domain.states import ServiceState
from tests.unit.builders import make_group, make_service

S = ServiceState
CONTACT = "the data team"
NOTHING: set[Act] = set()

# As the reference of Cloud has it, not as our code: what may begin in each state.
OFFERED: dict[ServiceState, set[Act]] = {
    S.PROVISIONING: NOTHING,
    S.STARTING: {Act.SCALE},
    S.RUNNING: {Act.SCALE, Act.STOP},
    S.PARTIALLY_RUNNING: {Act.SCALE, Act.STOP},
    S.DEGRADED: {Act.SCALE, Act.STOP},
    S.AWAKING: {Act.SCALE},
    S.IDLE: {Act.SCALE, Act.WAKE, Act.STOP},
    S.STOPPING: NOTHING,
    S.STOPPED: {Act.SCALE, Act.START},
    S.TERMINATING: NOTHING,
    S.TERMINATED: NOTHING,
    S.SOFTDELETING: NOTHING,
    S.SOFTDELETED: NOTHING,
    S.FAILED: NOTHING,
    S.UNKNOWN: NOTHING,
}
UNDER_WAY = {S.AWAKING: Act.WAKE, S.STARTING: Act.START, S.STOPPING: Act.STOP}
ELSEWHERE = {
    Act.WAKE: "Only an idle group can be woken.",
    Act.START: "Only a stopped group can be started.",
    Act.STOP: "Only a group that is running or idle can be stopped.",
}


def offers(
    service: Service | None,
    permissions: frozenset[Permission] = ALL_PERMISSIONS,
    closed: str | None = None,
) -> dict[Act, Offer]:
    """What is offered to somebody with these permissions."""
    group = make_group(service, *permissions)
    return {item.act: item for item in offers_for(group, contact=CONTACT, closed=closed)}


def test_the_table_speaks_of_every_state() -> None:
    assert set(OFFERED) == set(ServiceState)
    assert len(OFFERED) == 15


@pytest.mark.parametrize("state", OFFERED)
def test_exactly_the_acts_that_make_sense_are_offered(state: ServiceState) -> None:
    given = offers(make_service(state=state))
    assert list(given) == list(Act)
    assert {act for act, offer in given.items() if offer.is_open} == OFFERED[state]


@pytest.mark.parametrize("state", OFFERED)
def test_of_every_other_act_it_is_said_why_not(state: ServiceState) -> None:
    for act, offer in offers(make_service(state=state)).items():
        if UNDER_WAY.get(state) is act:
            assert offer.why_not == "This is under way already."
        elif act in OFFERED[state]:
            assert offer.why_not is None
        else:
            assert offer.why_not is not None
            assert state.facts.label.lower() in offer.why_not
            assert act is Act.SCALE or offer.why_not.startswith(ELSEWHERE[act])


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("state", [S.RUNNING, S.IDLE, S.STOPPED])
def test_without_the_permission_it_is_said_which_one_is_missing_and_who_gives_it(
    state: ServiceState, permission: Permission
) -> None:
    held = frozenset({Permission.VIEW, permission})
    for act, offer in offers(make_service(state=state), held).items():
        needed = act.facts.permission
        if needed in held:
            assert offer.is_open == (act in OFFERED[state])
        else:
            assert offer.why_not == (
                f"This needs the permission “{needed}”, which {CONTACT} can give."
            )


def test_while_all_changes_are_off_everybody_reads_why_and_nothing_is_offered() -> None:
    words = "Changes are off: root has switched them off. Reason: audit"
    for state in ServiceState:
        given = offers(make_service(state=state), closed=words).values()
        assert [offer.why_not for offer in given] == [words] * len(Act)


def test_a_missing_permission_is_named_even_while_changes_are_off() -> None:
    offer = offers(make_service(), frozenset({Permission.VIEW}), closed="Changes are off.")
    assert all("permission" in (item.why_not or "") for item in offer.values())


def test_a_group_that_cloud_does_not_show_offers_nothing_and_says_so() -> None:
    for offer in offers(None).values():
        assert "does not show this group" in (offer.why_not or "")


@pytest.mark.parametrize(
    ("service", "words"),
    [
        (make_service(profile="v1-highmem-xl"), "custom hardware profile"),
        (make_service(is_byoc=True), "your company's own cloud account"),
        (make_service(configured=None), "its size is fixed"),
    ],
)
def test_what_cannot_be_scaled_says_why_and_can_still_be_stopped(
    service: Service, words: str
) -> None:
    given = offers(service)
    assert words in (given[Act.SCALE].why_not or "")
    assert given[Act.STOP].is_open
