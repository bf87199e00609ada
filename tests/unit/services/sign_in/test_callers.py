"""What proves callers of the JSON API: what was proven by something else counts no more."""

from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from app.domain.groups.catalog import Catalog, LocalUser
from app.errors import SignInRefused
from app.services.sign_in.api import Caller, Callers
from app.services.sign_in.credential_cache import CredentialCache
from tests.unit.builders import make_catalog
from tests.unit.services.fakes import Clock
from tests.unit.services.world import ADDRESS, PASSWORD, World

ALICE = Caller("alice", SecretStr(PASSWORD), ADDRESS)


def with_local_user(secret: str | None, name: str = "alice") -> Catalog:
    """Analytics with a user whose password is known here; with None ClickHouse is asked."""
    catalog = make_catalog()
    local = LocalUser(name, SecretStr(secret), is_hash=False) if secret else None
    first, *others = catalog.warehouses
    return replace(catalog, warehouses=(replace(first, local_user=local), *others))


def callers_of(world: World) -> Callers:
    """Callers whose checks are remembered for a minute."""
    return Callers(
        world.policy,
        world.access,
        None,
        world.sign_in,
        CredentialCache(60),
        world.changes,
        world.token_verifier.identify,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (with_local_user(PASSWORD), with_local_user("another")),
        (with_local_user(PASSWORD), with_local_user(PASSWORD, "bob")),
        (with_local_user(None), with_local_user("another")),
    ],
    ids=["another password", "another name", "no longer ClickHouse"],
)
def test_reading_with_a_former_local_user_ends_with_the_file(
    engine: Engine, clock: Clock, before: Catalog, after: Catalog
) -> None:
    world = World(engine, clock)
    callers = callers_of(world)
    world.set_policy(before)
    assert callers.identify_in("analytics", ALICE).user == "alice"
    world.set_policy(after)
    with pytest.raises(SignInRefused):
        callers.identify_in("analytics", ALICE)


def test_a_former_local_user_is_proven_at_clickhouse(engine: Engine, clock: Clock) -> None:
    world = World(engine, clock)
    callers = callers_of(world)
    world.set_policy(with_local_user(PASSWORD))
    assert not callers.identify_in("analytics", ALICE).roles
    world.set_policy(with_local_user(None))
    assert callers.identify_in("analytics", ALICE).roles == world.login.roles
