"""Every request has its own time for calls, and leaves nothing of it behind."""

import math
import time

from flask import Flask

from app.context import RequestContext, in_context
from app.deadlines import REQUEST_SECONDS, no_deadline, remaining_seconds


def test_a_request_begins_with_all_its_time_and_ends_with_it(app: Flask) -> None:
    seen: list[float] = []
    app.before_request(lambda: seen.append(remaining_seconds()))
    client = app.test_client()
    for _ in range(2):
        client.get("/healthz")
        assert math.isinf(remaining_seconds())
    assert all(REQUEST_SECONDS - 1 < left <= REQUEST_SECONDS for left in seen)
    assert len(seen) == 2


def test_what_is_known_to_take_long_is_not_bound_and_the_rest_still_is() -> None:
    with in_context(RequestContext(deadline=time.monotonic() + REQUEST_SECONDS)):
        with no_deadline():
            assert math.isinf(remaining_seconds())
        assert remaining_seconds() <= REQUEST_SECONDS
