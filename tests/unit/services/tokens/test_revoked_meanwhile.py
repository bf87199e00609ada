"""A token that counts no more changes nothing, also where it ends while Cloud is being read."""

from collections.abc import Callable

import pytest
from pydantic import SecretStr

from app.errors import SignInRefused
from app.services.changes.confirmation import Confirmation
from app.services.changes.idempotency import Submitter
from app.services.tokens.verifier import TokenRefusal
from tests.unit.builders import ALICE, PRIMARY_ID, replicas
from tests.unit.services.tokens.test_verifier import identify, make
from tests.unit.services.world import ADDRESS, FIVE, ROOT, World

VALUES = {"num_replicas": 5, "min_memory_gb": 16, "max_memory_gb": 32}


def submitter(world: World, secret: str) -> Submitter:
    """A program that comes with this token."""
    by_token = Confirmation(SecretStr(""), "", ADDRESS, is_proven=True)
    return Submitter(identify(world, secret), by_token, None)


def revoke(world: World) -> None:
    """By the administrator."""
    (own,) = world.tokens.list_own(ALICE)
    world.tokens.revoke_any(own.token.mark, ROOT)


def let_expire(world: World) -> None:
    """Its last second has passed."""
    world.clock.advance(1)


# ASVS 8.3.2
@pytest.mark.parametrize(
    ("end", "reason"), [(revoke, TokenRefusal.REVOKED), (let_expire, TokenRefusal.EXPIRED)]
)
def test_a_token_that_ends_while_cloud_is_read_changes_nothing(
    world: World, end: Callable[[World], None], reason: str
) -> None:
    secret = make(world, days=1)
    world.clock.advance(86_400 - 1)
    by = submitter(world, secret)

    def end_once() -> None:
        world.cloud.while_reading = lambda: None
        end(world)

    world.cloud.while_reading = end_once
    with pytest.raises(SignInRefused) as caught:
        world.holds.programs.scale(by, PRIMARY_ID, VALUES)
    assert (caught.value.reason, caught.value.status) == (reason, 401)
    assert world.cloud.sent == []


def test_a_token_that_lives_changes_the_group(world: World) -> None:
    by = submitter(world, make(world))
    assert world.holds.programs.scale(by, PRIMARY_ID, VALUES)
    assert world.config() == FIVE == replicas(5)
