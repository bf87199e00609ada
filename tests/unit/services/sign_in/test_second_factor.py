"""ClickHouse's second factor: where its code goes, and what being asked for it counts as."""

from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from app.errors import CredentialRefusal, SignInRefused
from app.services.sign_in.second_factor import append_code, has_code
from app.services.sign_in.verifiers.verification import Credentials
from tests.unit.services.fakes import Clock
from tests.unit.services.sign_in.test_service import PASSWORD, PRIMARY_URL, World

WITH_CODE = f"{PASSWORD}+123456"
GIVEN = Credentials("analytics", "alice", SecretStr(PASSWORD), "192.0.2.1")


@pytest.fixture
def world(engine: Engine, clock: Clock) -> World:
    """Both groups run, and Alice's password alone is not enough."""
    return World(engine, clock)


def refusal_of(world: World, given: Credentials, code: str = "") -> str:
    """Why it is refused."""
    with pytest.raises(SignInRefused) as caught:
        world.use_case.sign_in(given, code)
    return caught.value.reason


@pytest.mark.parametrize(("password", "code"), [(PASSWORD, "123456"), (WITH_CODE, "")])
def test_a_code_goes_to_one_service_only(world: World, password: str, code: str) -> None:
    """The first one may have taken it, and its answer was lost."""
    world.login.password = WITH_CODE
    world.login.refusals = {PRIMARY_URL: CredentialRefusal.UNREACHABLE}
    given = replace(GIVEN, password=SecretStr(password))
    assert refusal_of(world, given, code) == CredentialRefusal.UNREACHABLE
    assert [url for url, *_ in world.login.asked] == [PRIMARY_URL]


@pytest.mark.parametrize(
    ("password", "has_one"),
    [
        ("plain+1234", True),
        ("plain+1234567890", True),
        ("plain", False),
        ("plain+123", False),
        ("plain+12345678901", False),
        ("plain+1234x", False),
        ("plain+1234\n", False),
        ("", False),
    ],
)
def test_a_code_is_known_by_how_the_password_ends(password: str, has_one: bool) -> None:
    assert has_code(SecretStr(password)) is has_one


def test_a_code_that_is_appended_is_known() -> None:
    assert has_code(append_code(SecretStr(PASSWORD), "123 456"))
