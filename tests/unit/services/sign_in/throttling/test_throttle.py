"""Guessing is slowed down, and nobody is locked out for good."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, func, select

from app.errors import NotYet, Throttled
from app.services.sign_in.throttling import known_addresses
from app.services.sign_in.throttling.known_addresses import KnownAddresses
from app.services.sign_in.throttling.throttle import SignInThrottle
from app.services.sign_in.throttling.waits import (
    ADDRESS_FAILURES,
    FREE_ATTEMPTS,
    FREE_ATTEMPTS_OF_NAME,
    LONGEST_WAIT_OF_NAME_SECONDS,
    LONGEST_WAIT_SECONDS,
)
from app.store.schema import sign_in_attempts
from app.store.sign_in import records
from app.store.sign_in.known_addresses import KnownAddressStore
from tests.unit.services.throttles import throttle_over

ALICE = ("analytics", "alice")
OFFICE, STRANGER = "198.51.100.7", "203.0.113.9"


class Clock:
    """The store's clock, moved by tests."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


@pytest.fixture
def clock() -> Clock:
    """The time."""
    return Clock()


@pytest.fixture
def throttle(engine: Engine, clock: Clock) -> SignInThrottle:
    """A throttle that has seen nothing yet."""
    return throttle_over(engine, clock)


def fail(throttle: SignInThrottle, account: tuple[str, str] = ALICE, address: str = OFFICE) -> None:
    """One wrong password."""
    with throttle.attempt(account, address):
        pass


def succeed(
    throttle: SignInThrottle, account: tuple[str, str] = ALICE, address: str = OFFICE
) -> None:
    """One right password."""
    with throttle.attempt(account, address) as attempt:
        attempt.succeed()


def discount(throttle: SignInThrottle, address: str = OFFICE) -> None:
    """One attempt that ClickHouse never looked at."""
    with throttle.attempt(ALICE, address) as attempt:
        attempt.discount()


def wait_of(
    throttle: SignInThrottle, account: tuple[str, str] = ALICE, address: str = OFFICE
) -> int:
    """For how long the next attempt is turned away."""
    with pytest.raises(Throttled) as caught:
        fail(throttle, account, address)
    return caught.value.retry_after_seconds


def wait_or_none(
    throttle: SignInThrottle, account: tuple[str, str] = ALICE, address: str = OFFICE
) -> int | None:
    """For how long a wrong password is turned away; None if it was looked at."""
    try:
        fail(throttle, account, address)
    except Throttled as refusal:
        return refusal.retry_after_seconds
    return None


def wait_or_succeed(throttle: SignInThrottle, address: str) -> int | None:
    """For how long Alice's right password is turned away; None if it got her in."""
    try:
        succeed(throttle, address=address)
    except Throttled as refusal:
        return refusal.retry_after_seconds
    return None


# ASVS 6.3.1
def test_five_attempts_are_free_and_then_the_wait_doubles_up_to_fifteen_minutes(
    throttle: SignInThrottle, clock: Clock
) -> None:
    for _ in range(FREE_ATTEMPTS):
        fail(throttle)
    waits = []
    for _ in range(14):
        seconds = wait_of(throttle)
        clock.seconds += seconds - 1 - 0.001
        wait_of(throttle)  # not a moment earlier
        clock.seconds += 0.002
        while (left := wait_or_none(throttle)) is not None:  # of the name, from anywhere
            assert left <= LONGEST_WAIT_OF_NAME_SECONDS + 1
            clock.seconds += left
        waits.append(seconds - 1)
    assert waits[:5] == [1, 2, 4, 8, 16]
    assert waits[-4:] == [900, 900, 900, 900]
    assert LONGEST_WAIT_SECONDS == 900


# ASVS 6.3.1
def test_a_stranger_who_posts_every_second_keeps_nobody_out_for_longer_than_half_a_minute(
    throttle: SignInThrottle, clock: Clock
) -> None:
    admitted = 0
    for _ in range(3600):
        admitted += wait_or_none(throttle, address=STRANGER) is None
        clock.seconds += 1
    assert admitted < 20
    left = wait_or_succeed(throttle, "192.0.2.1")
    assert left is not None
    assert left <= LONGEST_WAIT_OF_NAME_SECONDS + 1
    for _ in range(left):
        wait_or_none(throttle, address=STRANGER)
        clock.seconds += 1
    assert wait_or_succeed(throttle, "192.0.2.1") is None


def test_strangers_from_a_new_address_each_second_do_not_push_the_owner_out_of_the_line(
    throttle: SignInThrottle, clock: Clock
) -> None:
    first_asked_at = None
    for number in range(62):
        wait_or_none(throttle, address=f"10.7.{number}.1")
        if number >= 30:
            first_asked_at = first_asked_at or clock.seconds
            if wait_or_succeed(throttle, "192.0.2.1") is None:
                break
        clock.seconds += 1
    assert first_asked_at is not None
    assert clock.seconds - first_asked_at <= LONGEST_WAIT_OF_NAME_SECONDS + 1


def test_names_tried_from_one_ipv6_block_count_together(throttle: SignInThrottle) -> None:
    reached = 0
    for number in range(60):
        address = f"2001:db8:0:1::{number:x}"
        reached += wait_or_none(throttle, ("analytics", f"user{number}"), address) is None
    assert reached == ADDRESS_FAILURES
    fail(throttle, ("analytics", "fresh"), "2001:db8:0:2::1")


def test_one_address_counts_as_one_however_it_is_written(throttle: SignInThrottle) -> None:
    for address in ("1.2.3.4", "1.2.3.4:5678", "::ffff:1.2.3.4", "[::ffff:1.2.3.4]:80", " 1.2.3.4"):
        fail(throttle, address=address)
    wait_of(throttle, address="1.2.3.4")


def test_a_known_address_stays_known_after_a_restart(engine: Engine, clock: Clock) -> None:
    def restarted() -> SignInThrottle:
        return throttle_over(engine, clock, KnownAddresses(KnownAddressStore(engine), clock))

    succeed(restarted(), address=OFFICE)
    throttle = restarted()
    for number in range(FREE_ATTEMPTS_OF_NAME):
        fail(throttle, address=f"10.0.0.{number}")
    wait_of(throttle, address="192.0.2.1")
    for _ in range(FREE_ATTEMPTS + 1):
        fail(throttle, address=OFFICE)
    succeed(throttle, address=OFFICE)


def test_attempts_that_are_turned_away_do_not_lengthen_the_wait(
    throttle: SignInThrottle, clock: Clock
) -> None:
    for _ in range(5):
        fail(throttle)
    for _ in range(50):
        wait_of(throttle)
    clock.seconds += 1.01
    succeed(throttle)


def test_other_names_and_the_same_name_elsewhere_are_free(throttle: SignInThrottle) -> None:
    for _ in range(5):
        fail(throttle)
    wait_of(throttle)
    fail(throttle, ("analytics", "bob"))
    fail(throttle, ("marketing", "alice"))


def test_a_right_password_forgets_the_failures(throttle: SignInThrottle) -> None:
    for _ in range(4):
        fail(throttle)
    succeed(throttle)
    with throttle.attempt(ALICE, OFFICE) as attempt:
        assert attempt.earlier_failures == 0


def test_a_stranger_who_guesses_does_not_keep_the_owner_of_the_name_out(
    throttle: SignInThrottle,
) -> None:
    succeed(throttle, address=OFFICE)
    for _ in range(5):
        fail(throttle, address=STRANGER)
    wait_of(throttle, address=STRANGER)
    succeed(throttle, address="192.0.2.1")
    succeed(throttle, address=OFFICE)


def test_only_for_the_same_name_is_an_address_known(throttle: SignInThrottle) -> None:
    succeed(throttle, ("analytics", "bob"), OFFICE)
    for number in range(FREE_ATTEMPTS_OF_NAME):
        fail(throttle, address=f"10.0.0.{number}")
    wait_of(throttle, address=OFFICE)


def test_an_address_may_fail_thirty_times_in_five_minutes(
    throttle: SignInThrottle, clock: Clock
) -> None:
    for number in range(ADDRESS_FAILURES):
        fail(throttle, ("analytics", f"user{number}"))
    assert 299 <= wait_of(throttle, ("analytics", "fresh")) <= 301
    fail(throttle, ("analytics", "fresh"), STRANGER)
    clock.seconds += 301
    fail(throttle, ("analytics", "fresh"))


def test_even_a_known_address_may_not_fail_more_often(throttle: SignInThrottle) -> None:
    succeed(throttle)
    for _ in range(ADDRESS_FAILURES):
        fail(throttle)
    wait_of(throttle)


def test_a_whole_office_can_sign_in_from_one_address(throttle: SignInThrottle) -> None:
    for number in range(200):
        succeed(throttle, ("analytics", f"user{number}"))


def test_what_clickhouse_did_not_read_at_was_no_guess(throttle: SignInThrottle) -> None:
    for _ in range(100):
        discount(throttle)
    for _ in range(4):
        fail(throttle)
    discount(throttle)
    fail(throttle)
    wait_of(throttle)


def test_an_attempt_that_was_none_takes_back_no_wait_of_a_later_one(
    throttle: SignInThrottle, clock: Clock
) -> None:
    for _ in range(FREE_ATTEMPTS - 1):
        fail(throttle)
    with throttle.attempt(ALICE, OFFICE) as slow:  # sets a wait of 1 s
        clock.seconds += 1
        fail(throttle)  # sets one of 2 s
        slow.discount()
    assert wait_of(throttle) == 3  # of the 2 s, as whole seconds and one more


def test_an_attempt_that_ends_in_a_fault_counts(throttle: SignInThrottle) -> None:
    def stumble() -> None:
        with throttle.attempt(ALICE, OFFICE):
            raise ZeroDivisionError

    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            stumble()
    wait_of(throttle)


def test_parallel_guesses_cannot_slip_by(throttle: SignInThrottle) -> None:
    barrier, admitted = threading.Barrier(20), []

    def guess() -> None:
        barrier.wait()
        try:
            fail(throttle)
        except NotYet:
            return
        admitted.append(1)

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(admitted) <= FREE_ATTEMPTS


def test_made_up_names_fill_neither_the_store_nor_the_memory(
    throttle: SignInThrottle, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MOST_REMEMBERED", 100)
    monkeypatch.setattr(known_addresses, "MOST_REMEMBERED", 100)
    for number in range(300):
        name = ("analytics", f"user{number}")
        fail(throttle, name, f"10.1.{number // 250}.{number % 250}")
        succeed(throttle, ("analytics", f"known{number}"), "10.2.0.1")
    kept = select(func.count()).select_from(sign_in_attempts)
    of_kinds = kept.group_by(sign_in_attempts.c.kind)
    with engine.connect() as connection:
        assert max(connection.scalars(of_kinds)) == 100
    assert len(throttle._trust._noted) <= 100


def test_the_refusal_says_when_and_that_nothing_is_locked() -> None:
    refusal = Throttled(retry_after_seconds=7)
    assert "7 s" in refusal.remedy
    assert "Nothing is locked" in refusal.remedy
    assert refusal.status == 429


def test_an_attempt_in_progress_has_not_failed(throttle: SignInThrottle) -> None:
    with throttle.attempt(ALICE, OFFICE) as attempt:
        assert throttle.failures_of(ALICE) == 0
        attempt.succeed()
    with throttle.attempt(ALICE, OFFICE):
        pass
    assert throttle.failures_of(ALICE) == 1


def test_a_clock_that_is_set_back_by_hours_keeps_nobody_out(
    throttle: SignInThrottle, clock: Clock
) -> None:
    for number in range(ADDRESS_FAILURES):
        wait_or_none(throttle, ("analytics", f"user{number // 5}"), OFFICE)
    for number in range(FREE_ATTEMPTS_OF_NAME):
        wait_or_none(throttle, address=f"10.0.0.{number}")
    wait_of(throttle, address=OFFICE)
    clock.seconds -= 7200
    left = wait_or_succeed(throttle, OFFICE) or 0
    assert left <= 2
    clock.seconds += left
    assert wait_or_succeed(throttle, OFFICE) is None
