"""Confirming: the password again, for one draft, once, for five minutes, as at a sign-in."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.domain.changes.actions import Action
from app.domain.changes.change import ChangeState
from app.domain.changes.reauthentication import REAUTHENTICATION_LIFE
from app.domain.groups.catalog import Catalog
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig
from app.domain.groups.states import ServiceState
from app.errors import (
    BrokenRules,
    CredentialRefusal,
    DraftUnusable,
    NotFound,
    NotPossible,
    PortalError,
    SignInRefused,
    Throttled,
)
from app.services.changes.confirmation import Confirmation
from app.services.sign_in.throttling.waits import FREE_ATTEMPTS
from tests.unit.builders import (
    OLGA,
    PRIMARY,
    PRIMARY_ID,
    REPORTING,
    REPORTING_ID,
    VERTICAL,
    changed,
    make_catalog,
    replicas,
)
from tests.unit.services.world import World, confirmation

S, C = ServiceState, ChangeState
OFF = changed(VERTICAL, idle_scaling=False)
HUGE = replicas(9)


def refuse(world: World, reference: str, given: Confirmation | None) -> PortalError:
    """Confirm it in vain; nothing reaches Cloud and the draft stays one."""
    with pytest.raises(PortalError) as caught:
        world.apply(reference, confirmation=given)
    assert world.cloud.sent == []
    assert world.changes.get(reference).state is C.DRAFT
    return caught.value


def problems(error: PortalError) -> list[tuple[str, str]]:
    """Field and code of each broken rule."""
    assert isinstance(error, BrokenRules)
    return [(item.field, item.code) for item in error.problems]


NO_NAME, NO_PASSWORD = ("group_name", "group_name_needed"), ("password", "password_needed")


# ASVS 7.5.1, 6.3.3
@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (None, [NO_NAME, NO_PASSWORD]),
        (confirmation("", ""), [NO_NAME, NO_PASSWORD]),
        (confirmation(""), [NO_PASSWORD]),
        (confirmation(group_name=""), [NO_NAME]),
        (confirmation(group_name=REPORTING), [NO_NAME]),
        (confirmation(group_name=PRIMARY.lower()), [NO_NAME]),
        (confirmation(group_name=PRIMARY[:-1]), [NO_NAME]),
        (confirmation(group_name=PRIMARY_ID), [NO_NAME]),
    ],
)
def test_a_stop_asks_for_the_groups_name_and_the_password(
    world: World, given: Confirmation | None, missing: list[tuple[str, str]]
) -> None:
    assert problems(refuse(world, world.draft_command(Action.STOP), given)) == missing
    assert world.login.asked == []  # a password beside a wrong name goes nowhere


@pytest.mark.parametrize("name", ["Two  spaces", " One\ttab "])
@pytest.mark.parametrize("fold", [str, lambda name: " ".join(name.split())])
def test_a_name_with_more_blanks_than_a_page_shows_can_be_typed(
    world: World, name: str, fold: Callable[[str], str]
) -> None:
    (analytics, marketing) = make_catalog().warehouses
    primary, reporting = analytics.groups
    groups = (replace(primary, name=name), reporting)
    world.set_policy(Catalog((replace(analytics, groups=groups), marketing)))
    change = world.apply(
        world.draft_command(Action.STOP), confirmation=confirmation(group_name=fold(name))
    )
    assert change.state is C.APPLIED


def test_the_right_name_and_password_stop_the_group(world: World) -> None:
    change = world.apply(
        world.draft_command(Action.STOP),
        confirmation=confirmation(group_name=f" {PRIMARY}  "),
    )
    assert change.state is C.APPLIED
    assert [action for _, action, _ in world.cloud.sent] == [Action.STOP]
    assert [user for _, user, _ in world.login.asked] == ["alice"]


def test_a_wrong_password_is_refused_as_at_a_sign_in(world: World) -> None:
    error = refuse(world, world.draft_command(Action.STOP), confirmation("wrong"))
    assert isinstance(error, SignInRefused)
    assert error.reason == CredentialRefusal.WRONG_CREDENTIALS


@pytest.mark.parametrize(
    "refusal", sorted(set(CredentialRefusal) - {CredentialRefusal.WRONG_CREDENTIALS})
)
def test_every_way_that_the_check_fails_refuses_the_change(
    world: World, refusal: CredentialRefusal
) -> None:
    world.login.refusal = refusal
    error = refuse(world, world.draft_command(Action.STOP), confirmation())
    assert isinstance(error, SignInRefused)
    assert error.reason == refusal


@pytest.mark.parametrize(
    ("target", "limits"),
    [
        (OFF, Limits()),
        (HUGE, Limits(reauthenticate_above_gb=256)),
        (changed(VERTICAL, max_memory_gb=120), Limits(reauthenticate_above_gb=256)),
    ],
)
def test_switching_idling_off_and_growing_far_ask_for_the_password_alone(
    world: World, target: ScalingConfig, limits: Limits
) -> None:
    world.set_policy(make_catalog(limits=limits))
    reference = world.draft(target)
    assert problems(refuse(world, reference, None)) == [NO_PASSWORD]
    assert isinstance(refuse(world, reference, confirmation("wrong")), SignInRefused)
    assert world.apply(reference, confirmation=confirmation(group_name="")).state is C.APPLIED
    assert world.config() == target


@pytest.mark.parametrize("target", [replicas(8), replicas(1), changed(HUGE, max_memory_gb=16)])
def test_shrinking_never_asks_for_the_password(world: World, target: ScalingConfig) -> None:
    world.set_policy(make_catalog(limits=Limits(reauthenticate_above_gb=16)))
    world.cloud.put(PRIMARY_ID, configured=HUGE)
    assert world.apply(world.draft(target)).state is C.APPLIED
    assert world.login.asked == []


def test_a_soft_limit_lowered_after_the_draft_asks_all_the_same(world: World) -> None:
    reference = world.draft(replicas(5))
    world.set_policy(make_catalog(limits=Limits(reauthenticate_above_gb=100)))
    assert problems(refuse(world, reference, None)) == [NO_PASSWORD]


# ASVS 7.5.1
def test_a_reauthentication_serves_the_draft_it_came_with_and_no_other(world: World) -> None:
    mine, other = (
        world.draft_command(Action.STOP),
        world.draft_command(Action.STOP, service_id=REPORTING_ID),
    )
    # What was typed for one group does not stop another.
    assert problems(refuse(world, other, confirmation(group_name=PRIMARY))) == [NO_NAME]
    assert world.apply(mine, confirmation=confirmation()).state is C.APPLIED
    world.cloud.sent.clear()
    # And a reauthentication given a moment ago is not remembered for the next.
    assert problems(refuse(world, other, None)) == [NO_NAME, NO_PASSWORD]


def test_the_same_confirmation_again_returns_the_change_and_sends_nothing(world: World) -> None:
    reference = world.draft_command(Action.STOP)
    first = world.apply(reference, confirmation=confirmation())
    asked = list(world.login.asked)
    assert world.apply(reference, confirmation=confirmation()) == first
    assert world.apply(reference) == first
    assert len(world.cloud.sent) == 1
    assert world.login.asked == asked


@pytest.mark.parametrize("target", [None, OFF])
def test_five_minutes_after_the_draft_the_right_password_is_too_late(
    world: World, target: ScalingConfig | None
) -> None:
    life = REAUTHENTICATION_LIFE.total_seconds()
    draft = world.draft(target) if target else world.draft_command(Action.STOP)
    world.clock.advance(life)
    assert isinstance(refuse(world, draft, confirmation()), DraftUnusable)


def test_just_before_five_minutes_are_over_it_is_in_time(world: World) -> None:
    reference = world.draft_command(Action.STOP)
    world.clock.advance(REAUTHENTICATION_LIFE.total_seconds() - 0.001)
    assert world.apply(reference, confirmation=confirmation()).state is C.APPLIED


def test_the_time_that_the_check_itself_takes_counts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.draft_command(Action.STOP)
    world.clock.advance(REAUTHENTICATION_LIFE.total_seconds() - 2)
    verify = world.login.verify

    def slow(**given: object) -> object:
        world.clock.advance(3)
        return verify(**given)  # type: ignore[arg-type] # passed on as they came

    monkeypatch.setattr(world.login, "verify", slow)
    assert isinstance(refuse(world, reference, confirmation()), DraftUnusable)


# ASVS 6.3.1
def test_wrong_passwords_are_throttled_as_at_a_sign_in_and_the_right_one_waits_too(
    world: World,
) -> None:
    reference = world.draft_command(Action.STOP)
    for _ in range(FREE_ATTEMPTS):
        assert isinstance(refuse(world, reference, confirmation("wrong")), SignInRefused)
    asked = len(world.login.asked)
    assert isinstance(refuse(world, reference, confirmation()), Throttled)
    assert len(world.login.asked) == asked
    world.clock.advance(2)
    assert world.apply(reference, confirmation=confirmation()).state is C.APPLIED


def test_failed_password_checks_and_failed_sign_ins_count_together(world: World) -> None:
    reference = world.draft_command(Action.STOP)
    for _ in range(FREE_ATTEMPTS - 1):
        refuse(world, reference, confirmation("wrong"))
    world.login.password = "another one"
    refuse(world, reference, confirmation())
    with pytest.raises(Throttled):
        world.sign_in_as(replace(OLGA, user="alice"))


def test_a_reauthentication_is_by_the_author_and_never_of_somebody_else(world: World) -> None:
    reference = world.draft_command(Action.STOP)
    with pytest.raises(NotFound):
        world.apply(reference, OLGA, confirmation())
    assert world.login.asked == []


def test_nothing_is_woken_to_check_the_password(world: World) -> None:
    for service_id in (PRIMARY_ID, REPORTING_ID):
        world.show(S.IDLE, service_id)
    error = refuse(world, world.draft_command(Action.STOP), confirmation())
    assert isinstance(error, NotPossible)
    assert PRIMARY not in error.remedy  # which the person may not see
    assert world.login.asked == []


def test_a_password_that_was_not_looked_at_is_no_guess(world: World) -> None:
    reference = world.draft_command(Action.STOP)
    world.login.refusal = CredentialRefusal.UNREACHABLE
    for _ in range(FREE_ATTEMPTS + 2):
        refuse(world, reference, confirmation())
    world.login.refusal = None
    assert world.apply(reference, confirmation=confirmation()).state is C.APPLIED


def test_without_the_permission_no_password_is_checked(world: World) -> None:
    reference = world.draft_command(Action.STOP)
    world.set_policy(make_catalog(rules=()))
    assert isinstance(refuse(world, reference, confirmation()), NotFound)
    assert world.login.asked == []
