"""What is remembered of a successful check, for how long, and what is not."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import SecretStr

from app.domain.access.permissions import Identity
from app.errors import SignInRefused
from app.services.sign_in.credential_cache import CredentialCache
from app.services.sign_in.verifiers.verification import Credentials

ALICE = Identity("analytics", "alice", frozenset({"operator"}))
PASSWORD = "alice-sandbox-1"


class Clock:
    """Seconds that the test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class CountingCheck:
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
def memory(clock: Clock) -> CredentialCache:
    return CredentialCache(60, monotonic=clock)


def test_a_password_check_counts_until_its_time_is_over(
    memory: CredentialCache, clock: Clock
) -> None:
    check = CountingCheck()
    assert memory.find_or_prove(given(), check) == ALICE
    clock.seconds = 59.9
    assert memory.find_or_prove(given(), check) == ALICE
    assert len(check.asked) == 1
    clock.seconds = 60
    memory.find_or_prove(given(), check)
    assert len(check.asked) == 2


def test_use_does_not_lengthen_a_password_check(memory: CredentialCache, clock: Clock) -> None:
    check = CountingCheck()
    for clock.seconds in (0, 30, 59, 61):
        memory.find_or_prove(given(), check)
    assert len(check.asked) == 2


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
def test_a_password_check_counts_for_these_very_credentials_alone(
    memory: CredentialCache, other: Credentials
) -> None:
    memory.find_or_prove(given(), CountingCheck())
    with pytest.raises(SignInRefused):
        memory.find_or_prove(other, CountingCheck(says_no=True))


def test_a_failure_is_never_remembered(memory: CredentialCache) -> None:
    check = CountingCheck(says_no=True)
    for _ in range(2):
        with pytest.raises(SignInRefused):
            memory.find_or_prove(given(), check)
    assert len(check.asked) == 2
    assert memory.find_or_prove(given(), CountingCheck()) == ALICE


def test_with_no_time_nothing_is_remembered() -> None:
    memory, check = CredentialCache(0), CountingCheck()
    memory.find_or_prove(given(), check)
    memory.find_or_prove(given(), check)
    assert len(check.asked) == 2


def test_no_password_is_kept(memory: CredentialCache) -> None:
    memory.find_or_prove(given(), CountingCheck())
    assert memory._entries
    assert PASSWORD not in repr(vars(memory))
    assert all(PASSWORD.encode() not in mark for mark in memory._entries)


def test_two_processes_mark_the_same_password_differently() -> None:
    one, other = CredentialCache(60), CredentialCache(60)
    assert one._mark(given(), None) != other._mark(given(), None)


def test_a_user_can_be_forgotten(memory: CredentialCache) -> None:
    check = CountingCheck()
    memory.find_or_prove(given(), check)
    memory.find_or_prove(given(user="bob"), check)
    memory.forget(Identity("analytics", "alice", frozenset()))
    memory.find_or_prove(given(), check)
    memory.find_or_prove(given(user="bob"), check)
    assert [item.user for item in check.asked] == ["alice", "bob", "alice"]


def test_the_oldest_is_forgotten_when_there_are_too_many(
    memory: CredentialCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.sign_in.credential_cache.MOST_REMEMBERED", 2)
    check = CountingCheck()
    for user in ("alice", "bob", "dana", "bob", "alice"):
        memory.find_or_prove(given(user=user), check)
    assert [item.user for item in check.asked] == ["alice", "bob", "dana", "alice"]


def test_requests_at_the_same_moment_wait_for_one_check(memory: CredentialCache) -> None:
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


def test_a_write_is_checked_whatever_is_remembered_and_serves_reading_afterwards(
    memory: CredentialCache, clock: Clock
) -> None:
    check = CountingCheck()
    memory.find_or_prove(given(), check)
    clock.seconds += 1
    memory.prove_afresh(given(), check)
    memory.find_or_prove(given(), check)
    assert len(check.asked) == 2


def test_a_write_that_is_refused_leaves_nothing_to_read_with(memory: CredentialCache) -> None:
    memory.find_or_prove(given(), CountingCheck())
    with pytest.raises(SignInRefused):
        memory.prove_afresh(given(), CountingCheck(says_no=True))
    with pytest.raises(SignInRefused):
        memory.find_or_prove(given(), CountingCheck(says_no=True))


def test_writes_at_the_same_moment_share_the_check_that_begins_after_they_came() -> None:
    memory, entered, go_on = CredentialCache(60), threading.Event(), threading.Event()
    asked: list[Credentials] = []

    def slow(credentials: Credentials) -> Identity:
        asked.append(credentials)
        entered.set()
        assert go_on.wait(5)
        return ALICE

    with ThreadPoolExecutor(10) as pool:
        first = pool.submit(memory.prove_afresh, given(), slow)
        assert entered.wait(5)
        others = [pool.submit(memory.prove_afresh, given(), slow) for _ in range(9)]
        while memory._locks._locks and next(iter(memory._locks._locks.values())).users < 10:
            pass
        go_on.set()
        assert {future.result() for future in (first, *others)} == {ALICE}
    assert len(asked) == 2  # the first began before the others came, so it is not theirs
