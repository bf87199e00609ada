"""A user whose password the file of groups holds is proven here, and ClickHouse is not asked."""

from types import SimpleNamespace
from typing import cast

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine
from werkzeug.security import generate_password_hash

from app.domain.access.permissions import Identity
from app.domain.groups.catalog import Catalog, LocalUser, WarehouseDefinition
from app.errors import SignInRefused, Throttled
from app.metrics import Metrics
from app.services.access.policy import Policy
from app.services.sign_in.claimed_names import ClaimedNames
from app.services.sign_in.service import SignIn
from app.services.sign_in.throttling.known_addresses import KnownAddresses
from app.services.sign_in.throttling.waits import FREE_ATTEMPTS
from app.services.sign_in.verifiers import local_user as local_password
from app.services.sign_in.verifiers.clickhouse import ClickHouseVerifier
from app.services.sign_in.verifiers.local_user import LocalUserVerifier, is_proven
from app.services.sign_in.verifiers.passwords_off import PasswordsOff
from app.services.sign_in.verifiers.verification import Credentials, choose_verifier
from app.services.sign_in.ways_in import WaysIn
from app.store.sign_in.company_people import CompanyPeopleStore
from app.store.sign_in.sessions import SessionStore
from app.store.sign_in.verifications import VerificationStore
from tests.support.events import RememberedAudit
from tests.unit.builders import NOW
from tests.unit.services.throttles import throttle_over

PASSWORD = "plain words"
PLAIN = LocalUser("alice", SecretStr(PASSWORD), is_hash=False)
HASHED = LocalUser("alice", SecretStr(generate_password_hash(PASSWORD)), is_hash=True)
WRONG = ["", "plain word", "plain words ", "Plain words", "é", "\ud800", "\0", "x" * 100_000]


def no_clickhouse(*_args: object, **_named: object) -> object:
    """What stands for Cloud and ClickHouse: nobody may ask."""
    raise AssertionError("ClickHouse must not be asked")


def sign_in_with(engine: Engine, local: LocalUser) -> SignIn:
    """The use case over one warehouse with this user."""
    catalog = Catalog((WarehouseDefinition("one", "One", (), local_user=local),))
    policy, trust = cast("Policy", SimpleNamespace(catalog=catalog)), KnownAddresses()
    return SignIn(
        policy=policy,
        verifier_of=choose_verifier(
            clickhouse=cast("ClickHouseVerifier", SimpleNamespace(verify=no_clickhouse)),
            local_user=LocalUserVerifier(),
            passwords_off=PasswordsOff(),
        ),
        throttle=throttle_over(engine, lambda: NOW),
        names=ClaimedNames(SecretStr("key"), policy, trust, None),
        ways=WaysIn(policy, CompanyPeopleStore(engine)),
        sessions=cast("SessionStore", None),
        verifications=cast("VerificationStore", SimpleNamespace(note_roles=lambda *_: None)),
        audit=RememberedAudit(),
        metrics=Metrics(),
        now=lambda: NOW,
    )


def given_by(user: str, password: str) -> Credentials:
    """What somebody typed."""
    return Credentials("one", user, SecretStr(password), "198.18.0.1")


@pytest.mark.parametrize("local", [PLAIN, HASHED])
def test_the_right_password_proves_the_user_without_any_role(
    engine: Engine, local: LocalUser
) -> None:
    identity = sign_in_with(engine, local).prove(given_by("alice", PASSWORD))
    assert identity == Identity("one", "alice", frozenset())


@pytest.mark.parametrize("local", [PLAIN, HASHED])
@pytest.mark.parametrize("password", WRONG)
def test_any_other_password_proves_nobody(local: LocalUser, password: str) -> None:
    assert not is_proven(local, "alice", SecretStr(password))


@pytest.mark.parametrize("user", ["", "Alice", "alice ", "bob", "\ud800"])
def test_another_name_is_refused_in_the_same_words_as_a_wrong_password(
    engine: Engine, user: str
) -> None:
    service = sign_in_with(engine, PLAIN)
    with pytest.raises(SignInRefused) as unknown:
        service.prove(given_by(user, PASSWORD))
    with pytest.raises(SignInRefused) as wrong:
        service.prove(given_by("alice", "wrong"))
    assert str(unknown.value) == str(wrong.value)
    assert (unknown.value.status, unknown.value.reason) == (401, wrong.value.reason)


def test_the_hash_is_computed_for_an_unknown_name_too(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    def check(_hash: str, password: str) -> bool:
        checked.append(password)
        return True

    monkeypatch.setattr(local_password, "check_password_hash", check)
    assert not is_proven(HASHED, "nobody", SecretStr(PASSWORD))
    assert checked == [PASSWORD]


def test_guessing_is_slowed_down_as_at_clickhouse(engine: Engine) -> None:
    service = sign_in_with(engine, PLAIN)
    for _ in range(FREE_ATTEMPTS):
        with pytest.raises(SignInRefused):
            service.prove(given_by("alice", "wrong"))
    with pytest.raises(Throttled):
        service.prove(given_by("alice", PASSWORD))
