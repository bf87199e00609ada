"""Sandbox time, and the request limit that runs on real time."""

import pytest

from app.sandbox.clock import Clock, to_iso
from app.sandbox.cloud.http.limiter import Allowance, RateLimiter


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


def admitted(limiter: RateLimiter, key_id: str = "key") -> bool:
    allowance = limiter.count(key_id)
    return allowance is None or allowance.is_admitted


def test_a_window_of_ten_seconds_opens_with_its_first_request(hands: Hands) -> None:
    limiter = RateLimiter(hands)
    for left in range(9, -1, -1):
        assert limiter.count("key") == Allowance(10, left, 10.0 - (9 - left) * 0.5)
        hands.now += 0.5
    assert limiter.count("key") == Allowance(10, 0, 5.0, is_admitted=False)
    hands.now += 5.0
    assert limiter.count("key") == Allowance(10, 9, 10.0)


def test_twice_the_limit_can_pass_around_the_end_of_a_window(hands: Hands) -> None:
    limiter = RateLimiter(hands)
    admitted(limiter)
    hands.now += 9.9
    assert [admitted(limiter) for _ in range(9)] == [True] * 9
    hands.now += 0.1
    assert [admitted(limiter) for _ in range(11)] == [True] * 10 + [False]


def test_requests_turned_away_do_not_count(hands: Hands) -> None:
    limiter = RateLimiter(hands)
    assert [admitted(limiter) for _ in range(30)].count(True) == 10
    hands.now += 10.0
    assert admitted(limiter)


def test_each_key_has_its_own_budget(hands: Hands) -> None:
    limiter = RateLimiter(hands)
    for _ in range(11):
        limiter.count("one")
    assert admitted(limiter, "another")


def test_a_lower_limit_amid_a_window_leaves_nothing(hands: Hands) -> None:
    limiter = RateLimiter(hands)
    for _ in range(5):
        limiter.count("key")
    limiter.limit = 3
    assert limiter.count("key") == Allowance(3, 0, 10.0, is_admitted=False)


def test_without_a_limit_everything_passes_and_reset_brings_it_back(hands: Hands) -> None:
    limiter = RateLimiter(hands)
    limiter.limit = None
    assert {limiter.count("key") for _ in range(50)} == {None}
    assert limiter.untouched() is None
    limiter.reset()
    assert limiter.limit == 10


def test_an_allowance_is_written_in_four_headers() -> None:
    assert Allowance(10, 3, 2.5).headers() == {
        "X-RateLimit-Limit": "10",
        "X-RateLimit-Remaining": "3",
        "X-RateLimit-Reset": "2.500",
        "X-RateLimit-Policy": '10;w=10;comment="fixed window"',
    }
