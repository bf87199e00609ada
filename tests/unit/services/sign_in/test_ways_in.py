"""Sessions of people whose way in is closed end at once, as their tokens do."""

from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from app.domain.access.permissions import Identity, Permission
from app.domain.groups.catalog import Catalog, LocalUser
from app.domain.identity_providers import IdentityProvider, SignInWay
from app.errors import NotSignedIn
from app.services.sign_in.verifiers.verification import Credentials
from tests.unit.builders import ALICE, NOW, giving, make_catalog
from tests.unit.services.tokens.test_service import ACME, ERIN, of_company
from tests.unit.services.tokens.test_verifier import statements
from tests.unit.services.world import ADDRESS, ADMIN_PASSWORD, World


def open_session(world: World, person: Identity, *, is_of_company: bool = False) -> str:
    """A session of somebody just proven; a company's sign-in has named them before."""
    if is_of_company:
        world.people.name_of(ACME.issuer, person.user, person.user, NOW)
    who = Credentials(person.warehouse, person.user, SecretStr(""), ADDRESS)
    return world.sign_in.open_session(person, who).token


def ends_in(engine: Engine) -> int:
    """How many sessions have ended so, by the audit log."""
    query = "SELECT count(*) FROM events WHERE text LIKE '%%\"close_way_in\"%%'"
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(query).scalar_one())


def check_ended(world: World, token: str) -> None:
    """It is over for pages and for what is about to be sent, and stays so; one event tells."""
    with pytest.raises(NotSignedIn):
        world.sign_in.check_signed_in(token)
    assert ends_in(world.engine) == 1
    world.set_policy(of_company())
    assert world.sign_in.resume(token, is_activity=True) is None
    assert ends_in(world.engine) == 1


# ASVS 7.4.2
def test_a_session_by_password_ends_where_passwords_are_off(world: World) -> None:
    world.set_policy(of_company())
    token = open_session(world, ALICE)
    assert world.sign_in.resume(token, is_activity=True)
    world.set_policy(of_company(SignInWay.OIDC))
    check_ended(world, token)


@pytest.mark.parametrize("provider", [None, ACME, replace(ACME, key="other")])
def test_a_session_of_the_company_ends_with_its_sign_in(
    world: World, provider: IdentityProvider | None
) -> None:
    world.set_policy(of_company())
    token = open_session(world, ERIN, is_of_company=True)
    assert world.sign_in.resume(token, is_activity=True)
    is_other = provider is not None and provider.key == "other"
    world.set_policy(of_company(SignInWay.BOTH if is_other else SignInWay.PASSWORD, provider))
    check_ended(world, token)


def test_a_session_of_another_name_ends_where_a_warehouse_has_one_user_of_its_own(
    world: World,
) -> None:
    world.set_policy(with_local_user("alice"))
    token = open_session(world, ALICE)
    assert world.sign_in.resume(token, is_activity=True)
    world.set_policy(with_local_user("local"))
    check_ended(world, token)


def with_local_user(name: str) -> Catalog:
    """Analytics with this one user; Alice has permissions there."""
    catalog = make_catalog(rules=(giving(*Permission, users=("alice", "local")),))
    first, *others = catalog.warehouses
    first = replace(first, local_user=LocalUser(name, SecretStr("x"), is_hash=False))
    return replace(catalog, warehouses=(first, *others))


def test_a_clickhouse_user_with_a_colon_in_the_name_stays_signed_in(world: World) -> None:
    world.set_policy(of_company(SignInWay.PASSWORD, None))
    token = open_session(world, ERIN)
    assert world.sign_in.resume(token, is_activity=True)


def test_the_administrators_session_goes_by_no_way_of_a_warehouse(world: World) -> None:
    signed_in = world.administration.sign_in("root", SecretStr(ADMIN_PASSWORD), ADDRESS)
    world.set_policy(of_company(SignInWay.OIDC))
    assert world.sign_in.resume(signed_in.token, is_activity=True)


@pytest.mark.parametrize(("person", "is_of_company"), [(ALICE, False), (ERIN, True)])
def test_asking_costs_no_statement(world: World, person: Identity, is_of_company: bool) -> None:
    world.set_policy(of_company())
    token = open_session(world, person, is_of_company=is_of_company)
    with statements(world.engine) as alone:
        world.sessions.find_session(token, NOW, is_activity=False)
    with statements(world.engine) as asked:
        world.sign_in.resume(token, is_activity=False)
    assert asked == alone
