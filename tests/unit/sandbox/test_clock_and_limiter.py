"""Sandbox time, and the request limit that runs on real time."""

import pytest

from app.sandbox.clock import Clock, to_iso
from app.sandbox.cloud.limiter import RateLimiter


class Hands:
    """A real clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hands() -> Hands:
    return Hands()


def make_clock(hands: Hands, speed: float) -> Clock:
    return Clock(speed, monotonic=hands, wall=lambda: 1_000.0)


@pytest.mark.parametrize(("speed", "expected"), [(1, 1_010.0), (60, 1_600.0), (0, 1_000.0)])
def test_time_passes_at_the_chosen_speed(hands: Hands, speed: float, expected: float) -> None:
    clock = make_clock(hands, speed)
    hands.now += 10
    assert clock.now() == expected


def test_time_can_be_skipped(hands: Hands) -> None:
    clock = make_clock(hands, 0)
    clock.advance(60)
    assert clock.now() == 1_060.0


def test_a_new_speed_counts_from_now_on(hands: Hands) -> None:
    clock = make_clock(hands, 2)
    hands.now += 10
    clock.set_speed(100)
    hands.now += 1
    assert clock.now() == 1_120.0


def test_a_restart_forgets_skipped_time(hands: Hands) -> None:
    clock = make_clock(hands, 1)
    clock.advance(999)
    clock.restart(1)
    assert clock.now() == 1_000.0


def test_times_are_written_in_utc_with_milliseconds() -> None:
    assert to_iso(1_700_000_000.25) == "2023-11-14T22:13:20.250Z"


def test_the_eleventh_request_in_ten_seconds_waits_for_the_first_to_be_ten_seconds_old(
    hands: Hands,
) -> None:
    limiter = RateLimiter(hands)
    for _ in range(10):
        assert limiter.find_wait_seconds("key") is None
        hands.now += 0.5
    assert limiter.find_wait_seconds("key") == 5.0
    hands.now += 5.0
    assert limiter.find_wait_seconds("key") is None
    assert limiter.find_wait_seconds("key") == 0.5


def test_requests_turned_away_do_not_count(hands: Hands) -> None:
    limiter = RateLimiter(hands)
    answers = [limiter.find_wait_seconds("key") for _ in range(30)]
    assert answers.count(None) == 10
    hands.now += 10.0
    assert limiter.find_wait_seconds("key") is None


def test_each_key_has_its_own_budget(hands: Hands) -> None:
    limiter = RateLimiter(hands)
    for _ in range(11):
        limiter.find_wait_seconds("one")
    assert limiter.find_wait_seconds("another") is None


def test_without_a_limit_everything_passes_and_reset_brings_it_back(hands: Hands) -> None:
    limiter = RateLimiter(hands)
    limiter.limit = None
    assert {limiter.find_wait_seconds("key") for _ in range(50)} == {None}
    limiter.reset()
    assert limiter.limit == 10
