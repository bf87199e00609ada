"""Every request has its own time for calls, and leaves nothing of it behind."""

import math

from flask import Flask

from app import punctual
from app.punctual import PAGE_SECONDS, seconds_left


def test_a_request_begins_with_all_its_time_and_ends_with_it(app: Flask) -> None:
    seen: list[float] = []
    app.before_request(lambda: seen.append(seconds_left()))
    client = app.test_client()
    for _ in range(2):
        client.get("/healthz")
        assert math.isinf(seconds_left())
    assert all(PAGE_SECONDS - 1 < left <= PAGE_SECONDS for left in seen)
    assert len(seen) == 2


def test_what_is_known_to_take_long_is_not_bound_and_the_rest_still_is() -> None:
    punctual.start_page()
    with punctual.unhurried():
        assert math.isinf(seconds_left())
    assert seconds_left() <= PAGE_SECONDS
    punctual.end_page()
