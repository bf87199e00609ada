"""Making, listing and revoking tokens."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from app.domain.access.permissions import Identity, Permission
from app.domain.groups.catalog import Catalog
from app.domain.identity_providers import IdentityProvider, SignInWay
from app.domain.tokens.token import MOST_OF_PERSON, TokenState
from app.errors import BrokenRules, NotAllowed, NotFound, NotPossible, SignInRefused
from app.services.sign_in.verifiers.verification import Credentials
from app.services.tokens.verifier import TokenRefusal
from tests.unit.builders import ALICE, BOB, CAMPAIGNS_ID, PRIMARY_ID, giving, make_catalog
from tests.unit.services.fakes import Clock
from tests.unit.services.tokens.test_verifier import VALUES, identify, make, refusal, typed
from tests.unit.services.world import ADDRESS, PASSWORD, ROOT, World


def broken(world: World, **values: Any) -> set[tuple[str, str]]:  # noqa: ANN401 - any value
    """Field and code of what is wrong with these values."""
    with pytest.raises(BrokenRules) as caught:
        make(world, **values)
    return {(item.field, item.code) for item in caught.value.problems}


def test_what_is_made_is_listed_without_the_token(world: World) -> None:
    secret = make(world)
    (listed,) = world.tokens.list_own(ALICE)
    assert listed.token.name == "nightly import"
    assert listed.groups == ("Analytics primary",)
    assert listed.state is TokenState.LIVING
    assert secret not in repr(listed)
    assert world.tokens.list_own(BOB) == ()
    assert world.tokens.list_all() == (listed,)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": ""}, ("name", "token_name_needed")),
        ({"name": "x" * 65}, ("name", "name_too_long")),
        ({"name": "a\x07b"}, ("name", "name_control_characters")),
        ({"days": 0}, ("days", "token_days_out_of_range")),
        ({"days": 91}, ("days", "token_days_out_of_range")),
        ({"days": "soon"}, ("days", "token_days_out_of_range")),
        ({"groups": []}, ("groups", "token_groups_needed")),
        ({"groups": [CAMPAIGNS_ID]}, ("groups", "token_group_unknown")),
        ({"permissions": []}, ("permissions", "token_permissions_needed")),
        ({"permissions": ["approve"]}, ("permissions", "token_permissions_needed")),
    ],
)
def test_a_broken_rule_stands_beside_its_field(
    world: World, values: dict[str, Any], code: tuple[str, str]
) -> None:
    assert broken(world, **values) == {code}
    assert world.tokens.list_own(ALICE) == ()


def test_a_name_is_free_again_once_its_token_is_over(world: World, clock: Clock) -> None:
    make(world, days=1)
    assert broken(world) == {("name", "token_name_taken")}
    clock.advance(86_400)
    make(world)
    world.tokens.revoke_own(ALICE, world.tokens.list_own(ALICE)[0].token.mark)
    make(world)
    assert len(world.tokens.list_own(ALICE)) == 3


def test_one_that_has_expired_is_not_called_revoked_by_making_another(
    world: World, clock: Clock
) -> None:
    old = make(world, days=1)
    make(world, name="revoked", days=1)
    world.tokens.revoke_own(ALICE, world.tokens.list_own(ALICE)[0].token.mark)
    clock.advance(86_400)
    make(world, name="another")
    states = [item.state for item in world.tokens.list_own(ALICE)]
    assert states == [TokenState.LIVING, TokenState.REVOKED, TokenState.EXPIRED]
    assert refusal(world, old) == TokenRefusal.EXPIRED
    clock.advance(-3600)  # it does not come to life again either
    assert refusal(world, old) == TokenRefusal.EXPIRED


def test_so_many_may_live(world: World) -> None:
    for number in range(MOST_OF_PERSON):
        make(world, name=f"token {number}")
    with pytest.raises(NotPossible):
        make(world)


def test_the_password_is_asked_again(world: World) -> None:
    with pytest.raises(BrokenRules):
        world.tokens.create(ALICE, VALUES, typed(""))
    with pytest.raises(SignInRefused):
        world.tokens.create(ALICE, VALUES, typed("wrong"))
    assert world.tokens.list_own(ALICE) == ()


def test_a_token_makes_none_and_sees_and_revokes_itself_alone(world: World) -> None:
    secret = make(world)
    make(world, name="another")
    who = identify(world, secret)
    with pytest.raises(NotAllowed):
        world.tokens.create(who, VALUES, typed(PASSWORD))
    (own,) = world.tokens.list_own(who)
    (other,) = (item for item in world.tokens.list_own(ALICE) if item != own)
    with pytest.raises(NotFound):
        world.tokens.revoke_own(who, other.token.mark)
    world.tokens.revoke_own(who, own.token.mark)
    assert [item.state for item in world.tokens.list_own(ALICE)] == ["living", "revoked"]


def test_somebody_else_revokes_nothing_and_the_administrator_anything(world: World) -> None:
    make(world)
    (own,) = world.tokens.list_own(ALICE)
    with pytest.raises(NotFound):
        world.tokens.revoke_own(BOB, own.token.mark)
    world.tokens.revoke_any(own.token.mark, ROOT)
    (now,) = world.tokens.list_own(ALICE)
    assert (now.state, now.token.revoked_by) == ("revoked", "root")


def test_what_is_over_for_long_is_forgotten(world: World, clock: Clock) -> None:
    make(world, days=1, groups=[PRIMARY_ID])
    clock.advance(86_400 * 30)
    assert world.token_store.prune(clock()) == 0
    clock.advance(86_400)
    assert world.token_store.prune(clock()) == 1


ERIN = Identity("analytics", "acme:erin", frozenset())
ACME = IdentityProvider("acme", "Acme", "https://acme.test", "portal", ("openid",), "email", "g")


def of_company(
    sign_in: SignInWay = SignInWay.BOTH, provider: IdentityProvider | None = ACME
) -> Catalog:
    """Analytics with a company's sign-in; Erin and Alice may do everything."""
    catalog = make_catalog(rules=(giving(*Permission, users=("acme:erin", "alice")),))
    first, *others = catalog.warehouses
    first = replace(first, sign_in=sign_in, provider=provider)
    return replace(catalog, warehouses=(first, *others))


def make_of_company(world: World, clock: Clock, **values: Any) -> str:  # noqa: ANN401 - any value
    """A token of Erin's, who comes by the company's sign-in."""
    world.set_policy(of_company())
    assert world.people.name_of(ACME.issuer, "1", ERIN.user, clock()) == ERIN.user
    who = Credentials("analytics", ERIN.user, SecretStr(""), ADDRESS)
    session = world.sign_in.open_session(ERIN, who).token
    return world.tokens.create(ERIN, VALUES | values, replace(typed(""), session=session)).secret


def test_whom_a_company_proves_gives_no_token_the_right_to_confirm(
    world: World, clock: Clock
) -> None:
    with pytest.raises(BrokenRules) as caught:
        make_of_company(world, clock, may_confirm=True)
    assert [(item.field, item.code) for item in caught.value.problems] == [
        ("may_confirm", "token_may_not_confirm")
    ]
    assert identify(world, make_of_company(world, clock)) is not None


def test_tokens_of_passwords_end_where_passwords_are_off(world: World) -> None:
    world.set_policy(of_company())
    secret = make(world)
    assert identify(world, secret).user == "alice"
    world.set_policy(of_company(SignInWay.OIDC))
    assert refusal(world, secret) == TokenRefusal.WITHOUT_RIGHTS


@pytest.mark.parametrize("provider", [None, replace(ACME, key="other")])
def test_tokens_of_a_company_end_with_its_sign_in(
    world: World, clock: Clock, provider: IdentityProvider | None
) -> None:
    secret = make_of_company(world, clock)
    assert identify(world, secret).user == ERIN.user
    way = SignInWay.BOTH if provider else SignInWay.PASSWORD
    world.set_policy(of_company(way, provider))
    assert refusal(world, secret) == TokenRefusal.WITHOUT_RIGHTS


def test_an_older_token_of_a_company_confirms_nothing(world: World) -> None:
    world.set_policy(of_company(SignInWay.PASSWORD, None))
    values = VALUES | {"may_confirm": True}
    secret = world.tokens.create(ERIN, values, typed(PASSWORD)).secret
    scope = identify(world, secret).scope
    assert scope is not None
    assert scope.may_confirm
    world.set_policy(of_company())
    scope = identify(world, secret).scope
    assert scope is not None
    assert not scope.may_confirm
