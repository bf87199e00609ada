"""Making, listing and revoking tokens."""

from typing import Any

import pytest

from app.domain.tokens.token import MOST_OF_PERSON, TokenState
from app.errors import BrokenRules, NotAllowed, NotFound, NotPossible, SignInRefused
from tests.unit.builders import ALICE, BOB, CAMPAIGNS_ID, PRIMARY_ID
from tests.unit.services.fakes import Clock
from tests.unit.services.tokens.test_verifier import VALUES, identify, make, typed
from tests.unit.services.world import PASSWORD, ROOT, World


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
