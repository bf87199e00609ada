"""What is remembered of a successful check, for how long, and what is not."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import SecretStr

from app.domain.access import Identity
from app.errors import SignInRefused
from app.services import remembered
from app.services.remembered import Remembered
from app.services.sign_in import Credentials

ALICE = Identity("analytics", "alice", frozenset({"operator"}))
PASSWORD = "alice-sandbox-1"


class Clock:
    """Seconds that the test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Prover:
    """Notes each check; says no where told to."""

    def __init__(self, *, says_no: bool = False) -> None:
        self.asked: list[Credentials] = []
        self.says_no = says_no

    def __call__(self, given: Credentials) -> Identity:
        self.asked.append(given)
        if self.says_no:
            raise SignInRefused(reason="wrong_credentials", message="no")
        return Identity(given.warehouse, given.user, frozenset({"operator"}))


def given(
    user: str = "alice", password: str = PASSWORD, warehouse: str = "analytics"
) -> Credentials:
    return Credentials(warehouse, user, SecretStr(password), "192.0.2.1")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory(clock: Clock) -> Remembered:
    return Remembered(60, monotonic=clock)


def test_a_proof_counts_until_its_time_is_over(memory: Remembered, clock: Clock) -> None:
    prover = Prover()
    assert memory.find_or_prove(given(), prover) == ALICE
    clock.seconds = 59.9
    assert memory.find_or_prove(given(), prover) == ALICE
    assert len(prover.asked) == 1
    clock.seconds = 60
    memory.find_or_prove(given(), prover)
    assert len(prover.asked) == 2


def test_use_does_not_lengthen_a_proof(memory: Remembered, clock: Clock) -> None:
    prover = Prover()
    for clock.seconds in (0, 30, 59, 61):
        memory.find_or_prove(given(), prover)
    assert len(prover.asked) == 2


@pytest.mark.parametrize(
    "other",
    [
        given(password="wrong"),
        given(password=PASSWORD.upper()),
        given(user="Alice"),
        given(warehouse="marketing"),
        given(user='alice", "', password=PASSWORD),
        given(user="alic", password="e" + PASSWORD),
    ],
)
def test_a_proof_counts_for_these_very_credentials_alone(
    memory: Remembered, other: Credentials
) -> None:
    memory.find_or_prove(given(), Prover())
    with pytest.raises(SignInRefused):
        memory.find_or_prove(other, Prover(says_no=True))


def test_a_failure_is_never_remembered(memory: Remembered) -> None:
    prover = Prover(says_no=True)
    for _ in range(2):
        with pytest.raises(SignInRefused):
            memory.find_or_prove(given(), prover)
    assert len(prover.asked) == 2
    assert memory.find_or_prove(given(), Prover()) == ALICE


def test_with_no_time_nothing_is_remembered() -> None:
    memory, prover = Remembered(0), Prover()
    memory.find_or_prove(given(), prover)
    memory.find_or_prove(given(), prover)
    assert len(prover.asked) == 2


def test_no_password_is_kept(memory: Remembered) -> None:
    memory.find_or_prove(given(), Prover())
    assert memory._entries
    assert PASSWORD not in repr(vars(memory))
    assert all(PASSWORD.encode() not in mark for mark in memory._entries)


def test_two_processes_mark_the_same_password_differently() -> None:
    one, other = Remembered(60), Remembered(60)
    assert one._mark(given()) != other._mark(given())


def test_a_user_can_be_forgotten(memory: Remembered) -> None:
    prover = Prover()
    memory.find_or_prove(given(), prover)
    memory.find_or_prove(given(user="bob"), prover)
    memory.forget(Identity("analytics", "alice", frozenset()))
    memory.find_or_prove(given(), prover)
    memory.find_or_prove(given(user="bob"), prover)
    assert [item.user for item in prover.asked] == ["alice", "bob", "alice"]


def test_the_oldest_is_forgotten_when_there_are_too_many(
    memory: Remembered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "MOST_REMEMBERED", 2)
    prover = Prover()
    for user in ("alice", "bob", "dana", "bob", "alice"):
        memory.find_or_prove(given(user=user), prover)
    assert [item.user for item in prover.asked] == ["alice", "bob", "dana", "alice"]


def test_requests_at_the_same_moment_wait_for_one_check(memory: Remembered) -> None:
    may_end, checks = threading.Event(), []

    def slow(who: Credentials) -> Identity:
        checks.append(who)
        assert may_end.wait(10)
        return ALICE

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(memory.find_or_prove, given(), slow) for _ in range(8)]
        may_end.set()
        assert {item.result(10) for item in asked} == {ALICE}
    assert len(checks) == 1
