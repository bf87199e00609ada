"""The administrator: signs in apart, ends sessions, and switches all changes off and on."""

from dataclasses import replace

import pytest
from pydantic import SecretStr
from werkzeug.security import check_password_hash, generate_password_hash

from app.domain.access.permissions import Identity, Permission
from app.domain.changes.actions import Action
from app.domain.changes.change import ChangeState
from app.errors import (
    BrokenRules,
    ChangesFrozen,
    CredentialRefusal,
    NotFound,
    NotPossible,
    SignInRefused,
    Throttled,
)
from app.services.admin.access_report import AccessReport
from app.services.sign_in.administrator import NO_WAREHOUSE, Administrator
from app.services.sign_in.throttling.waits import FREE_ATTEMPTS
from tests.support.events import EVENT
from tests.unit.builders import (
    ALICE,
    BOB,
    OLGA,
    PRIMARY_ID,
    REPORTING_ID,
    giving,
    make_catalog,
)
from tests.unit.services.world import ADDRESS, ADMIN_PASSWORD, OTHER, ROOT, World, confirmation


def sign_in(world: World, name: str = "root", password: str = ADMIN_PASSWORD) -> str:
    """Sign in as an administrator; the token."""
    return world.administration.sign_in(name, SecretStr(password), ADDRESS).token


def test_the_right_name_and_password_open_a_session_that_is_an_administrators(
    world: World,
) -> None:
    session = world.sign_in.resume(sign_in(world), is_activity=True)
    assert session is not None
    assert session.is_admin
    assert (session.identity.warehouse, session.identity.user) == (NO_WAREHOUSE, "root")
    assert world.administration.is_current(session.identity)
    assert not world.administration.is_current(Identity(NO_WAREHOUSE, "root", frozenset()))
    assert world.login.asked == []  # no ClickHouse user


def test_sessions_of_a_password_that_was_changed_are_listed_no_more(world: World) -> None:
    world.sign_in_as(ALICE)
    sign_in(world)
    assert [item.identity.user for item in world.administration.list_sessions()] == [
        "root",
        "alice",
    ]
    changed = Administrator("root", SecretStr(generate_password_hash("another", "scrypt:1024:8:1")))
    for administrator in (changed, None):
        later = replace(world.administration, administrator=administrator)
        assert [item.identity.user for item in later.list_sessions()] == ["alice"]


def test_an_administrator_can_change_nothing_and_see_no_group(world: World) -> None:
    rules = (giving(*Permission, users=("root",), roles=("",)),)
    world.set_policy(make_catalog(rules=rules))
    session = world.sign_in.resume(sign_in(world), is_activity=True)
    assert session is not None
    root = session.identity
    assert world.groups.list_groups(root).by_warehouse == ()
    for action in (Action.WAKE, Action.START, Action.STOP):
        with pytest.raises(NotFound):
            world.command(action, root, PRIMARY_ID)
    with pytest.raises(NotFound):
        world.draft(person=root)


# ASVS 6.3.8
@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("root", "wrong"),
        ("root", ""),
        ("toor", ADMIN_PASSWORD),
        ("Root", ADMIN_PASSWORD),
        ("", ADMIN_PASSWORD),
        ("rööt", "wörong"),
    ],
)
def test_a_wrong_name_and_a_wrong_password_read_alike_and_take_the_same_work(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str, password: str
) -> None:
    hashed: list[str] = []

    def note_hashing(stored: str, given: str) -> bool:
        hashed.append(given)
        return check_password_hash(stored, given)

    monkeypatch.setattr("app.services.sign_in.administrator.check_password_hash", note_hashing)
    with pytest.raises(SignInRefused) as caught:
        sign_in(world, name, password)
    refusal = caught.value
    assert (refusal.reason, refusal.status) == (CredentialRefusal.WRONG_CREDENTIALS, 401)
    assert refusal.message == "The name or the password is wrong."
    assert hashed == [password]
    assert list(world.administration.list_sessions()) == []


# ASVS 6.3.1
def test_guessing_the_administrators_password_is_slowed_down(world: World) -> None:
    for _ in range(FREE_ATTEMPTS):
        with pytest.raises(SignInRefused):
            sign_in(world, password="guess")
    with pytest.raises(Throttled):
        sign_in(world)
    world.clock.advance(2)
    assert sign_in(world)


def test_a_right_password_forgets_the_mistakes_before_it(world: World) -> None:
    for _ in range(2):
        for _ in range(FREE_ATTEMPTS - 1):
            with pytest.raises(SignInRefused):
                sign_in(world, password="mistyped")
        assert sign_in(world)


def test_the_administrators_guesses_do_not_count_against_a_user_of_the_same_name(
    world: World,
) -> None:
    for _ in range(FREE_ATTEMPTS):
        with pytest.raises(SignInRefused):
            sign_in(world, "alice", "guess")
    assert world.sign_in_as(ALICE).identity == ALICE


def test_where_no_administrator_is_set_up_there_is_nothing(world: World) -> None:
    nobody = replace(world.administration, administrator=None)
    with pytest.raises(NotFound):
        nobody.sign_in("root", SecretStr(ADMIN_PASSWORD), ADDRESS)


def test_everybodys_sessions_are_listed_and_each_can_be_ended(world: World) -> None:
    alice, bob = world.sign_in_as(ALICE).token, world.sign_in_as(BOB).token
    listed = world.administration.list_sessions()
    assert [item.identity.user for item in listed] == ["bob", "alice"]
    world.administration.end_session(listed[1].id, ROOT)
    assert world.sign_in.resume(alice, is_activity=False) is None
    assert world.sign_in.resume(bob, is_activity=False) is not None


def test_all_sessions_of_one_person_end_together_and_no_others(world: World) -> None:
    mine = [world.sign_in_as(ALICE).token for _ in range(3)]
    olga, root = world.sign_in_as(OLGA).token, sign_in(world)
    namesake = Identity("marketing", "alice", frozenset())
    elsewhere = world.sessions.create_session(namesake, ADDRESS, world.clock(), EVENT)
    world.administration.end_sessions_of(ALICE, ROOT)
    assert [world.sign_in.resume(item, is_activity=False) for item in mine] == [None] * 3
    for token in (olga, root, elsewhere):
        assert world.sign_in.resume(token, is_activity=False) is not None


def test_the_matrix_shows_the_people_who_are_signed_in_and_no_administrator(world: World) -> None:
    world.sign_in_as(ALICE)
    sign_in(world)
    report = AccessReport(world.policy, world.sessions, world.clock)
    labels = [item.label for item in report.show_matrix("analytics", "", "").subjects]
    assert "alice (signed in, roles: analytics_operator)" in labels
    assert not any("root" in label for label in labels)


def test_a_freeze_closes_every_way_to_change_and_everybody_reads_why(world: World) -> None:
    drafts = [world.draft(), world.draft_command(Action.STOP, service_id=REPORTING_ID)]
    world.administration.freeze(ROOT, "  moving\nhouse ")
    for reference in drafts:
        with pytest.raises(ChangesFrozen) as caught:
            world.apply(reference, confirmation=confirmation())
        assert caught.value.status == 503
        assert caught.value.message == ("Changes are frozen by root. Reason: moving house")
        assert caught.value.remedy == "You can still view your groups."
    with pytest.raises(ChangesFrozen):
        world.draft()
    with pytest.raises(ChangesFrozen):
        world.draft_command(Action.STOP)
    assert world.cloud.sent == []
    assert world.login.asked == []


def test_during_a_freeze_looking_goes_on(world: World) -> None:
    change = world.apply(world.draft())
    world.administration.freeze(ROOT, "audit")
    assert world.groups.get_group(BOB, PRIMARY_ID, Permission.VIEW)[0].service is not None
    assert world.ledger.get_change(ALICE, change.reference).state is ChangeState.APPLIED
    assert len(world.ledger.list_recent(ALICE, PRIMARY_ID)) == 1
    assert world.sign_in_as(BOB).identity == BOB


def test_when_the_freeze_is_lifted_a_draft_that_is_young_enough_can_be_confirmed(
    world: World,
) -> None:
    reference = world.draft()
    world.administration.freeze(ROOT, "audit")
    freeze = world.administration.find_freeze()
    assert freeze is not None
    assert (freeze.reason, freeze.frozen_by, freeze.frozen_at) == ("audit", "root", world.clock())
    world.administration.lift_freeze(ROOT)
    assert world.administration.find_freeze() is None
    assert world.apply(reference).state is ChangeState.APPLIED


def test_a_second_freeze_keeps_the_first_and_one_lift_ends_both(world: World) -> None:
    world.administration.freeze(ROOT, "first")
    with pytest.raises(NotPossible) as caught:
        world.administration.freeze(OTHER, "second")
    assert caught.value.message == "root has switched all changes off already."
    assert "first" in caught.value.remedy
    freeze = world.administration.find_freeze()
    assert freeze is not None
    assert freeze.reason == "first"
    world.administration.lift_freeze(OTHER)
    assert world.administration.find_freeze() is None


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "freeze_reason_needed"),
        (" \n ", "freeze_reason_needed"),
        ("x" * 501, "reason_too_long"),
        ("a\x00b", "reason_control_characters"),
        ("a\u202eb", "reason_control_characters"),
    ],
)
def test_a_freeze_needs_a_reason_that_people_can_read(world: World, reason: str, code: str) -> None:
    with pytest.raises(BrokenRules) as caught:
        world.administration.freeze(ROOT, reason)
    assert [(item.field, item.code) for item in caught.value.problems] == [("reason", code)]
    assert world.administration.find_freeze() is None
