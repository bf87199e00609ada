"""ClickHouse's second factor: where its code goes, and what being asked for it counts as."""

from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from app.clickhouse.login import VerifiedUser
from app.domain.audit.events import EventKind
from app.errors import CredentialRefusal, CredentialsRefused, SignInRefused, Throttled
from app.services.sign_in.second_factor import append_code, has_code
from app.services.sign_in.throttling.waits import (
    ADDRESS_FAILURES,
    FREE_ATTEMPTS,
    FREE_ATTEMPTS_OF_NAME,
)
from app.services.sign_in.verifiers.verification import Credentials
from tests.unit.builders import ALICE
from tests.unit.services.fakes import Clock, FakeLogin
from tests.unit.services.sign_in.test_service import PASSWORD, PRIMARY_URL, World

WITH_CODE = f"{PASSWORD}+123456"
GIVEN = Credentials("analytics", "alice", SecretStr(PASSWORD), "192.0.2.1")


class SecondFactorLogin(FakeLogin):
    """Asks for the code after the right password, as ClickHouse does; never after a wrong one."""

    def verify(
        self, *, endpoint_url: str, user: str, password: SecretStr, is_waking: bool = False
    ) -> VerifiedUser:
        """Check both."""
        if password.get_secret_value() == PASSWORD:
            self.asked.append((endpoint_url, user, is_waking))
            raise CredentialsRefused(CredentialRefusal.SECOND_FACTOR)
        return super().verify(
            endpoint_url=endpoint_url, user=user, password=password, is_waking=is_waking
        )


@pytest.fixture
def world(engine: Engine, clock: Clock) -> World:
    """Both groups run, and the password alone is not enough."""
    made = World(engine, clock)
    made.login = SecondFactorLogin(WITH_CODE, ALICE.roles)
    return made


def refusal_of(world: World, given: Credentials, code: str = "") -> str:
    """Why it is refused."""
    with pytest.raises(SignInRefused) as caught:
        world.use_case.sign_in(given, code)
    return caught.value.reason


@pytest.mark.parametrize(("password", "code"), [(PASSWORD, "123456"), (WITH_CODE, "")])
def test_a_code_goes_to_one_service_only(world: World, password: str, code: str) -> None:
    """The first one may have taken it, and its answer was lost."""
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


def test_being_asked_for_the_code_is_told_as_no_failed_attempt(world: World) -> None:
    assert refusal_of(world, GIVEN) == CredentialRefusal.SECOND_FACTOR
    assert world.use_case.sign_in(GIVEN, "123456").failed_before == 0
    kinds = [event.kind for event in world.audit.events]
    assert EventKind.LOGIN_SUCCESS in kinds
    assert EventKind.LOGIN_SUCCESS_AFTER_FAIL not in kinds


def test_an_office_whose_people_are_all_asked_for_a_code_can_sign_in(world: World) -> None:
    for number in range(ADDRESS_FAILURES + 1):
        given = replace(GIVEN, user=f"person{number}")
        assert refusal_of(world, given) == CredentialRefusal.SECOND_FACTOR
        world.use_case.prove(replace(given, password=SecretStr(WITH_CODE)))


def check_turned_away(world: World, given: Credentials, code: str = "") -> None:
    """Before anything leaves the portal, however right it is."""
    before = len(world.login.asked)
    with pytest.raises(Throttled):
        world.use_case.sign_in(given, code)
    assert len(world.login.asked) == before


# ASVS 6.3.1
def test_a_right_password_among_guesses_frees_no_further_guess(world: World) -> None:
    """Whoever guesses learns by the question for the code which one was right, and no more."""
    for number in range(FREE_ATTEMPTS - 1):
        refusal_of(world, replace(GIVEN, password=SecretStr(f"guess{number}")))
    assert refusal_of(world, GIVEN) == CredentialRefusal.SECOND_FACTOR
    check_turned_away(world, GIVEN)
    check_turned_away(world, replace(GIVEN, password=SecretStr("guess")))


def test_asking_on_with_a_right_password_is_slowed_down_at_that_address(world: World) -> None:
    for _ in range(FREE_ATTEMPTS):
        assert refusal_of(world, GIVEN) == CredentialRefusal.SECOND_FACTOR
    check_turned_away(world, GIVEN)
    elsewhere = replace(GIVEN, address="198.51.100.7")
    assert refusal_of(world, elsewhere) == CredentialRefusal.SECOND_FACTOR


def test_guesses_at_many_names_close_the_address_whatever_is_asked_between(world: World) -> None:
    for number in range(ADDRESS_FAILURES):
        named = replace(GIVEN, user=f"person{number}")
        refusal_of(world, replace(named, password=SecretStr("guess")))
        if number < ADDRESS_FAILURES - 1:
            assert refusal_of(world, named) == CredentialRefusal.SECOND_FACTOR
    check_turned_away(world, replace(GIVEN, user="another"))


def test_guesses_at_one_name_from_many_addresses_slow_it_down_as_ever(world: World) -> None:
    for number in range(FREE_ATTEMPTS_OF_NAME):
        there = replace(GIVEN, address=f"198.51.100.{number}")
        refusal_of(world, replace(there, password=SecretStr("guess")))
        if number < FREE_ATTEMPTS_OF_NAME - 1:
            assert refusal_of(world, there) == CredentialRefusal.SECOND_FACTOR
    check_turned_away(world, GIVEN)
    told = world.throttle.failures_of(("analytics", "alice"))
    assert told == FREE_ATTEMPTS_OF_NAME


@pytest.mark.parametrize(
    "answer", [CredentialRefusal.WRONG_CREDENTIALS, CredentialRefusal.SECOND_FACTOR]
)
def test_wrong_codes_count_in_full(world: World, answer: CredentialRefusal) -> None:
    """Whatever ClickHouse says of them."""
    world.login.refusals = {PRIMARY_URL: answer}
    for number in range(ADDRESS_FAILURES):
        given = replace(GIVEN, user=f"person{number}")
        assert refusal_of(world, given, f"{number:06}") == answer
    check_turned_away(world, replace(GIVEN, user="another"), "123456")
    assert world.throttle.failures_of(("analytics", "person1")) == 1
