"""The throttle holds whatever processes are asked: here two engines over one database."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, event

from app.clickhouse.login import ClickHouseLogin
from app.errors import NotYet, PortalBusy, Throttled
from app.services.sign_in.throttling import concurrency
from app.services.sign_in.throttling.concurrency import (
    PARALLEL_CHECKS,
    PARALLEL_CHECKS_OF_ACCOUNT,
    PARALLEL_CHECKS_OF_ADDRESS,
)
from app.services.sign_in.throttling.known_addresses import KnownAddresses
from app.services.sign_in.throttling.throttle import SignInThrottle
from app.services.sign_in.throttling.waits import FREE_ATTEMPTS, LONGEST_WAIT_SECONDS, Keys
from app.services.sign_in.verifiers.waking import WAKES_PER_HOUR, WakeRules
from app.store.database.engine import open_engine
from app.store.sign_in.records import LONGEST_CHECK_SECONDS
from app.store.sign_in.throttle import KEPT_SECONDS
from tests.unit.builders import make_catalog
from tests.unit.services.fakes import Clock
from tests.unit.services.throttles import attempts_in, throttle_over

ALICE = ("analytics", "alice-canary-name")
OFFICE = "198.51.100.7"
THREADS = 24


@pytest.fixture
def other(engine: Engine) -> Iterator[Engine]:
    """The connections of another process to the same database."""
    opened = open_engine(SecretStr(f"sqlite:///{engine.url.database}"))
    yield opened
    opened.dispose()


@pytest.fixture
def throttles(engine: Engine, other: Engine, clock: Clock) -> list[SignInThrottle]:
    """Those of two processes, by a clock that stands still."""
    return [throttle_over(item, clock) for item in (engine, other)]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for a place."""
    monkeypatch.setattr(concurrency, "WAIT_FOR_A_PLACE_SECONDS", 0.05)


def in_threads(count: int, act: Callable[[int], None]) -> None:
    """Do it at the same time, each in a thread of its own."""
    threads = [threading.Thread(target=act, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def fail(throttle: SignInThrottle, address: str = OFFICE) -> None:
    """One wrong password of Alice."""
    with throttle.attempt(ALICE, address):
        pass


def test_parallel_guesses_at_two_processes_cannot_slip_by(throttles: list[SignInThrottle]) -> None:
    admitted: list[int] = []

    def guess(number: int) -> None:
        try:
            fail(throttles[number % 2])
        except NotYet:
            return
        admitted.append(number)

    in_threads(THREADS, guess)
    assert 1 <= len(admitted) <= FREE_ATTEMPTS


@pytest.mark.parametrize(
    ("account_of", "address_of", "most"),
    [
        (lambda _: ALICE, lambda number: f"10.0.0.{number}", PARALLEL_CHECKS_OF_ACCOUNT),
        (lambda number: ("w", f"{number}"), lambda _: OFFICE, PARALLEL_CHECKS_OF_ADDRESS),
        (lambda number: ("w", f"{number}"), lambda number: f"10.0.0.{number}", PARALLEL_CHECKS),
    ],
)
def test_two_processes_check_no_more_at_once_than_one(
    throttles: list[SignInThrottle],
    monkeypatch: pytest.MonkeyPatch,
    account_of: Callable[[int], tuple[str, str]],
    address_of: Callable[[int], str],
    most: int,
) -> None:
    monkeypatch.setattr(concurrency, "MOST_WAITING", THREADS)
    guard, is_full = threading.Lock(), threading.Event()
    running, highest = [0], [0]

    def check(number: int) -> None:
        with throttles[number % 2].attempt(account_of(number), address_of(number)) as attempt:
            with guard:
                running[0] += 1
                highest[0] = max(highest[0], running[0])
                if running[0] == most:
                    is_full.set()
            is_full.wait(4)
            time.sleep(0.05)  # for one too many to come
            with guard:
                running[0] -= 1
            attempt.succeed()

    in_threads(THREADS, check)
    assert highest == [most]


def test_what_failed_at_one_process_makes_the_other_wait(throttles: list[SignInThrottle]) -> None:
    for number in range(FREE_ATTEMPTS):
        fail(throttles[number % 2])
    with pytest.raises(Throttled):
        fail(throttles[1])
    assert throttles[1].failures_of(ALICE) == FREE_ATTEMPTS


def test_failures_survive_a_restart(engine: Engine, other: Engine, clock: Clock) -> None:
    for _ in range(FREE_ATTEMPTS):
        fail(throttle_over(engine, clock))
    with pytest.raises(Throttled):
        fail(throttle_over(other, clock))


@pytest.mark.usefixtures("hurried")
def test_the_places_of_a_process_that_died_become_free_by_themselves(
    throttles: list[SignInThrottle], clock: Clock
) -> None:
    with ExitStack() as hanging:
        for number in range(PARALLEL_CHECKS_OF_ACCOUNT):
            hanging.enter_context(throttles[0].attempt(ALICE, f"10.0.0.{number}"))
        clock.advance(LONGEST_CHECK_SECONDS - 0.1)
        with pytest.raises(PortalBusy):
            fail(throttles[1])
        clock.advance(0.1)
        fail(throttles[1])


def test_a_place_is_held_for_longer_than_any_check_takes() -> None:
    login = ClickHouseLogin()
    longest_seconds = login._connect_timeout_seconds + login._waking_timeout_seconds
    assert longest_seconds + 30 < LONGEST_CHECK_SECONDS


def test_one_process_finds_the_place_that_the_other_gives_back(
    throttles: list[SignInThrottle],
) -> None:
    with ExitStack() as running:
        for number in range(PARALLEL_CHECKS_OF_ACCOUNT):
            running.enter_context(throttles[0].attempt(ALICE, f"10.0.0.{number}"))
        threading.Timer(0.1, running.pop_all().close).start()
        fail(throttles[1])


def test_the_administrators_throttle_counts_by_itself(engine: Engine, clock: Clock) -> None:
    people = throttle_over(engine, clock)
    administrator = SignInThrottle(attempts_in(engine, clock, "administrator"))
    for _ in range(FREE_ATTEMPTS):
        fail(people)
    fail(administrator)


def test_an_attempt_costs_two_short_transactions_and_one_that_is_turned_away_none(
    engine: Engine, clock: Clock
) -> None:
    throttle, begun = throttle_over(engine, clock), []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("BEGIN"):
            begun.append(statement)

    fail(throttle)
    event.listen(engine, "before_cursor_execute", note)
    fail(throttle)
    assert len(begun) == 2
    for _ in range(FREE_ATTEMPTS - 2):
        fail(throttle)
    begun.clear()
    with pytest.raises(Throttled):
        fail(throttle)
    assert begun == []


def test_no_name_and_no_address_is_in_the_database(engine: Engine, clock: Clock) -> None:
    throttle = throttle_over(engine, clock)
    with throttle.attempt(ALICE, OFFICE):
        fail(throttle)
        files = [Path(f"{engine.url.database}{suffix}") for suffix in ("", "-wal")]
        written = b"".join(path.read_bytes() for path in files)
    assert b"sign_in_attempts" in written
    assert b"canary" not in written
    assert OFFICE.encode() not in written


def test_another_secret_key_makes_other_marks(engine: Engine) -> None:
    attempts = attempts_in(engine)
    other = replace(attempts, key=SecretStr("another key"))
    keys = list(Keys.of(ALICE, OFFICE))
    marks = {store.mark(key) for store in (attempts, other) for key in keys}
    assert len(marks) == 2 * len(keys)


def test_what_is_old_is_forgotten(engine: Engine, clock: Clock) -> None:
    throttle, attempts = throttle_over(engine, clock), attempts_in(engine, clock)
    fail(throttle)
    clock.advance(KEPT_SECONDS - 1)
    assert attempts.prune() == 0
    assert throttle.failures_of(ALICE) == 1
    clock.advance(1)
    assert attempts.prune() == 3  # of the name, of the pair, of the block
    assert throttle.failures_of(ALICE) == 0


def test_two_processes_wake_no_more_often_than_one(
    engine: Engine, other: Engine, clock: Clock
) -> None:
    warehouse = make_catalog().warehouses[0]
    ours, theirs = (
        WakeRules(KnownAddresses(), attempts_in(item, clock)) for item in (engine, other)
    )
    woken = [rules.take(warehouse) for _ in range(WAKES_PER_HOUR) for rules in (ours, theirs)]
    assert sum(woken) == WAKES_PER_HOUR
    assert not theirs.is_left(warehouse)
    clock.advance(3600)
    assert theirs.is_left(warehouse)


def test_checks_that_run_and_names_that_wait_are_counted_for_both(
    engine: Engine, throttles: list[SignInThrottle], clock: Clock
) -> None:
    def count() -> tuple[int, int]:
        with attempts_in(engine, clock).reading() as records:
            return records.count_all_checks(), records.count_waiting(LONGEST_WAIT_SECONDS)

    first, second = throttles
    assert count() == (0, 0)
    for number in range(1, FREE_ATTEMPTS + 1):
        with second.attempt(ALICE, OFFICE):  # counted as a failure from its beginning
            assert count() == (1, number // FREE_ATTEMPTS)
    with first.attempt(("analytics", "bob"), OFFICE) as attempt:
        attempt.succeed()
        assert count() == (1, 1)
    assert count() == (0, 1)
    clock.advance(1)
    assert count() == (0, 0)
