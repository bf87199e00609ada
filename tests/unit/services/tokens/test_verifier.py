"""Whom a token speaks for, what it may do, and when that ends."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, event

from app.domain.access.permissions import Identity, Permission
from app.domain.groups.catalog import Catalog, LocalUser
from app.errors import NotAllowed, NotFound, SignInRefused, Throttled
from app.services.sign_in.verifiers.verification import Credentials
from app.services.tokens.service import Typed
from app.services.tokens.verifier import TokenRefusal
from tests.unit.builders import (
    ALICE,
    CAMPAIGNS_ID,
    PRIMARY_ID,
    REPORTING_ID,
    denying,
    giving,
    make_catalog,
)
from tests.unit.domain.tokens.test_secret import SECRET, mutate
from tests.unit.services.fakes import Clock
from tests.unit.services.world import ADDRESS, PASSWORD, World

P = Permission
VALUES: dict[str, Any] = {
    "name": "nightly import",
    "days": None,
    "groups": [PRIMARY_ID],
    "permissions": ["scale"],
}
BY_ROLE = giving(*P, roles=("analytics_operator",))
BY_NAME = giving(P.VIEW, P.SCALE, users=("alice",))


def catalog(*rules: Any) -> Catalog:  # noqa: ANN401 - rules
    """Analytics under these rules."""
    return make_catalog(rules=rules)


@pytest.fixture
def secret(world: World) -> str:
    """A token of Alice's, who has her rights by role alone, for the primary group."""
    world.set_policy(catalog(BY_ROLE))
    return make(world)


def make(world: World, **values: Any) -> str:  # noqa: ANN401 - any value
    """A token of Alice's with these values."""
    return world.tokens.create(ALICE, VALUES | values, typed(PASSWORD)).secret


def typed(password: str) -> Typed:
    """What is typed to make one."""
    return Typed(SecretStr(password), ADDRESS, "")


def identify(world: World, secret: str) -> Identity:
    """Who comes with it."""
    return world.token_verifier.identify(SecretStr(secret), ADDRESS)


def refusal(world: World, secret: str) -> str:
    """Why it is refused."""
    with pytest.raises(SignInRefused) as caught:
        identify(world, secret)
    assert secret not in f"{caught.value.message} {caught.value.remedy}"
    return caught.value.reason


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Every statement that is sent to the database meanwhile."""
    sent: list[str] = []

    def note(*arguments: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        sent.append(arguments[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_token_speaks_for_its_owner_within_its_scope(world: World, secret: str) -> None:
    who = identify(world, secret)
    assert (who.warehouse, who.user) == ("analytics", "alice")
    assert world.access.check_permission(who, PRIMARY_ID, P.SCALE)
    with pytest.raises(NotAllowed, match="needs the permission") as caught:
        world.access.check_permission(who, PRIMARY_ID, P.WAKE)
    assert "You have it, and this token does not" in caught.value.remedy
    for elsewhere in (REPORTING_ID, CAMPAIGNS_ID):
        with pytest.raises(NotFound):
            world.access.check_permission(who, elsewhere, P.VIEW)


@pytest.mark.parametrize(("name", "is_refused"), [("alice", False), ("bob", True)])
def test_where_a_warehouse_has_one_user_of_its_own_only_that_ones_tokens_count(
    world: World, name: str, is_refused: bool
) -> None:
    world.set_policy(catalog(BY_NAME))
    secret = make(world)
    analytics, *others = catalog(BY_NAME).warehouses
    only = replace(analytics, local_user=LocalUser(name, SecretStr(PASSWORD), is_hash=False))
    world.set_policy(replace(catalog(BY_NAME), warehouses=(only, *others)))
    if is_refused:
        assert refusal(world, secret) == TokenRefusal.WITHOUT_RIGHTS
    else:
        assert identify(world, secret).user == "alice"


def test_a_token_never_has_more_than_its_owner(world: World) -> None:
    secret = make(world, permissions=["scale", "power", "audit"])
    world.set_policy(catalog(giving(P.VIEW, users=("alice",))))
    who = identify(world, secret)
    assert not world.access.has_permission(who, PRIMARY_ID, P.SCALE)
    assert world.access.has_permission(who, PRIMARY_ID, P.VIEW)


# ASVS 11.5.1
def test_ten_thousand_mutated_tokens_are_refused_without_a_query(
    world: World, secret: str, engine: Engine
) -> None:
    chance = random.Random(17)  # noqa: S311 - the same each time
    with statements(engine) as sent:
        for _ in range(10_000):
            assert refusal(world, mutate(secret, chance)) == TokenRefusal.UNKNOWN
    assert sent == []
    identify(world, secret)


def test_a_well_formed_token_that_nobody_made_is_refused_and_slowed_down(world: World) -> None:
    for _ in range(5):
        assert refusal(world, SECRET) == TokenRefusal.UNKNOWN
    with pytest.raises(Throttled):
        identify(world, SECRET)


def test_strange_tokens_of_an_address_do_not_keep_out_a_real_one(world: World, secret: str) -> None:
    for _ in range(5):
        refusal(world, SECRET)
    assert identify(world, secret)


def test_only_the_hash_is_kept(world: World, secret: str, engine: Engine) -> None:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM tokens").all()
        events = connection.exec_driver_sql("SELECT text FROM events").all()
    assert len(rows) == 1
    assert secret not in f"{rows}{events}"
    assert secret[4:34] not in f"{rows}{events}"


def test_it_expires(world: World, secret: str, clock: Clock) -> None:
    world.set_policy(catalog(BY_NAME))
    clock.advance(timedelta(days=30).total_seconds() - 1)
    assert identify(world, secret)
    clock.advance(1)
    assert refusal(world, secret) == TokenRefusal.EXPIRED


def test_a_clock_that_is_set_back_gives_no_longer_life(
    world: World, secret: str, clock: Clock
) -> None:
    clock.advance(-3600)
    assert refusal(world, secret) == TokenRefusal.EXPIRED


def test_it_is_revoked_at_once(world: World, secret: str) -> None:
    who = identify(world, secret)
    assert who.scope is not None
    world.tokens.revoke_own(ALICE, who.scope.mark)
    assert refusal(world, secret) == TokenRefusal.REVOKED


def test_it_dies_with_the_rule_that_gave_the_right(world: World, secret: str) -> None:
    world.set_policy(catalog(giving(P.VIEW, users=("bob",))))
    assert refusal(world, secret) == TokenRefusal.WITHOUT_RIGHTS


def test_it_dies_when_the_group_is_taken_out_of_the_file(world: World, secret: str) -> None:
    full = catalog(BY_ROLE)
    analytics = full.warehouses[0]
    fewer = replace(analytics, groups=analytics.groups[1:])
    world.set_policy(replace(full, warehouses=(fewer,)))
    assert refusal(world, secret) == TokenRefusal.WITHOUT_RIGHTS


def test_roles_count_for_seven_days_after_they_were_read(
    world: World, secret: str, clock: Clock
) -> None:
    clock.advance(timedelta(days=7).total_seconds() - 1)
    assert identify(world, secret)
    clock.advance(1)
    assert refusal(world, secret) == TokenRefusal.WITHOUT_RIGHTS


def test_a_sign_in_lets_them_count_anew(world: World, secret: str, clock: Clock) -> None:
    clock.advance(timedelta(days=8).total_seconds())
    prove(world)
    assert identify(world, secret)


def test_a_role_that_a_sign_in_no_longer_brings_is_gone_at_once(world: World, secret: str) -> None:
    world.login.roles = frozenset({"other"})
    prove(world)
    assert refusal(world, secret) == TokenRefusal.WITHOUT_RIGHTS


def test_a_wrong_password_lets_nothing_count_anew(world: World, secret: str, clock: Clock) -> None:
    clock.advance(timedelta(days=8).total_seconds())
    with pytest.raises(SignInRefused):
        prove(world, "wrong")
    assert refusal(world, secret) == TokenRefusal.WITHOUT_RIGHTS


def test_whom_the_file_names_needs_no_sign_in(world: World, clock: Clock) -> None:
    world.set_policy(catalog(BY_ROLE, BY_NAME))
    secret = make(world, permissions=["scale", "power"])
    assert world.access.has_permission(identify(world, secret), PRIMARY_ID, P.POWER)
    clock.advance(timedelta(days=8).total_seconds())
    who = identify(world, secret)
    assert world.access.has_permission(who, PRIMARY_ID, P.SCALE)
    assert not world.access.has_permission(who, PRIMARY_ID, P.POWER)


def test_a_pattern_names_nobody(world: World, clock: Clock) -> None:
    everybody = replace(giving(P.VIEW, P.SCALE), user_patterns=frozenset({"*"}))
    world.set_policy(catalog(everybody))
    secret = make(world)
    clock.advance(timedelta(days=8).total_seconds())
    assert refusal(world, secret) == TokenRefusal.WITHOUT_RIGHTS


def test_what_an_old_role_denies_stays_denied(world: World, clock: Clock) -> None:
    world.set_policy(catalog(BY_NAME, denying(P.SCALE, roles=("analytics_operator",))))
    secret = make(world)
    clock.advance(timedelta(days=8).total_seconds())
    assert not world.access.has_permission(identify(world, secret), PRIMARY_ID, P.SCALE)


def test_a_use_is_recorded_once_an_hour_and_noted_once_a_minute(
    world: World, secret: str, clock: Clock, engine: Engine
) -> None:
    for _ in range(3):
        identify(world, secret)
    assert uses(engine) == 1
    clock.advance(59)
    with statements(engine) as sent:
        identify(world, secret)
    assert not [text for text in sent if text.startswith(("UPDATE", "INSERT"))]
    clock.advance(61)
    identify(world, secret)
    assert world.tokens.list_own(ALICE)[0].token.last_used_at == clock()
    assert uses(engine) == 1
    clock.advance(3600)
    identify(world, secret)
    assert uses(engine) == 2


def uses(engine: Engine) -> int:
    """How many uses the audit log tells of."""
    query = "SELECT count(*) FROM events WHERE text LIKE '%\"use_token\"%'"
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(query.replace("%", "%%")).scalar_one())


def prove(world: World, password: str = PASSWORD) -> None:
    """Alice proves who she is."""
    world.sign_in.prove(Credentials("analytics", "alice", SecretStr(password), ADDRESS))
