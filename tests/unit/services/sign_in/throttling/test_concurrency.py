"""Places for checks of passwords: few at once, a short wait for one, and true words without one."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

import pytest
from sqlalchemy import Engine

from app.context import RequestContext, in_context
from app.deadlines import REQUEST_SECONDS, remaining_seconds
from app.errors import PortalBusy
from app.services.sign_in.throttling import concurrency as module
from app.services.sign_in.throttling.concurrency import (
    MOST_WAITING,
    PARALLEL_CHECKS,
    PARALLEL_CHECKS_OF_ACCOUNT,
    PARALLEL_CHECKS_OF_ADDRESS,
    ConcurrencyLimit,
)
from app.services.sign_in.throttling.waits import FREE_ATTEMPTS
from tests.unit.services.throttles import attempts_in, throttle_over

OFFICE, STRANGER = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for a place."""
    monkeypatch.setattr(module, "WAIT_FOR_A_PLACE_SECONDS", 0.05)


@pytest.fixture
def places(engine: Engine) -> ConcurrencyLimit:
    """All places are free."""
    return ConcurrencyLimit(attempts_in(engine))


def take(places: ConcurrencyLimit, account: str, block: str) -> AbstractContextManager[None]:
    """One check, of which nothing is remembered."""
    return places.take(("analytics", account), block, lambda _: None, lambda *_: None)


def fill(stack: ExitStack, places: ConcurrencyLimit, count: int = PARALLEL_CHECKS) -> None:
    """Let as many checks run, each for another name and address."""
    for number in range(count):
        stack.enter_context(take(places, str(number), f"10.0.0.{number}"))


def is_refused(places: ConcurrencyLimit, account: str = "late", block: str = STRANGER) -> bool:
    """Whether there is no place."""
    try:
        with take(places, account, block):
            return False
    except PortalBusy:
        return True


def in_threads(count: int, act: Callable[[int], None]) -> None:
    """Do it at the same time, each in a thread of its own."""
    threads = [threading.Thread(target=act, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.usefixtures("hurried")
def test_ten_checks_run_at_once_and_the_eleventh_is_told_that_the_portal_is_busy(
    places: ConcurrencyLimit,
) -> None:
    with ExitStack() as running:
        fill(running, places)
        assert is_refused(places)
    assert not is_refused(places)


def test_the_words_are_true_and_do_not_speak_of_attempts() -> None:
    refusal = PortalBusy()
    assert refusal.message == "The portal is checking many passwords at the moment."
    assert refusal.remedy == "Try again in a few seconds."
    assert (refusal.status, refusal.retry_after_seconds) == (503, 5)


@pytest.mark.usefixtures("hurried")
def test_checks_that_hang_for_one_name_or_one_address_leave_room_for_others(
    places: ConcurrencyLimit,
) -> None:
    with ExitStack() as hanging:
        for number in range(PARALLEL_CHECKS_OF_ACCOUNT):
            hanging.enter_context(take(places, "alice", f"10.0.0.{number}"))
        assert is_refused(places, "alice")
        assert not is_refused(places, "bob")
    with ExitStack() as hanging:
        for number in range(PARALLEL_CHECKS_OF_ADDRESS):
            hanging.enter_context(take(places, str(number), OFFICE))
        assert is_refused(places, "late", OFFICE)
        assert not is_refused(places, "late", STRANGER)


def test_whoever_waits_gets_the_place_that_becomes_free(places: ConcurrencyLimit) -> None:
    with ExitStack() as running:
        fill(running, places)
        began_at = time.monotonic()
        threading.Timer(0.1, running.pop_all().close).start()
        assert not is_refused(places)
        assert 0.1 <= time.monotonic() - began_at < 2


def test_few_wait_at_a_time_and_the_others_are_told_at_once(
    places: ConcurrencyLimit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAIT_FOR_A_PLACE_SECONDS", 0.5)
    waits: list[float] = []

    def ask(number: int) -> None:
        began_at = time.monotonic()
        assert is_refused(places, f"late {number}")
        waits.append(time.monotonic() - began_at)

    with ExitStack() as running:
        fill(running, places)
        in_threads(MOST_WAITING + 5, ask)
    assert len([seconds for seconds in waits if seconds >= 0.4]) == MOST_WAITING


@pytest.mark.usefixtures("hurried")
def test_being_without_a_place_is_no_attempt(engine: Engine) -> None:
    throttle = throttle_over(engine)
    alice = ("analytics", "alice")
    with ExitStack() as running:
        fill(running, throttle._places)
        for _ in range(FREE_ATTEMPTS * 2):
            with pytest.raises(PortalBusy), throttle.attempt(alice, STRANGER):
                pass
    assert throttle.failures_of(alice) == 0
    with throttle.attempt(alice, STRANGER) as attempt:
        attempt.succeed()


def test_the_wait_takes_nothing_of_the_requests_own_time(places: ConcurrencyLimit) -> None:
    with (
        in_context(RequestContext(deadline=time.monotonic() + REQUEST_SECONDS)),
        ExitStack() as running,
    ):
        fill(running, places)
        threading.Timer(0.3, running.pop_all().close).start()
        with take(places, "late", STRANGER):
            assert remaining_seconds() > REQUEST_SECONDS - 0.2
