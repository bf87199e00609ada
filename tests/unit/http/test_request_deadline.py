"""Every request has its own time for calls, and leaves nothing of it behind."""

import math
import time

from flask import Flask

from app.context import RequestContext, in_context
from app.deadlines import REQUEST_SECONDS, beside_the_deadline, remaining_seconds


def test_a_request_begins_with_all_its_time_and_ends_with_it(app: Flask) -> None:
    seen: list[float] = []
    app.before_request(lambda: seen.append(remaining_seconds()))
    client = app.test_client()
    for _ in range(2):
        client.get("/healthz")
        assert math.isinf(remaining_seconds())
    assert all(REQUEST_SECONDS - 1 < left <= REQUEST_SECONDS for left in seen)
    assert len(seen) == 2


def test_what_may_take_long_has_a_time_of_its_own_and_takes_none_of_the_rest() -> None:
    with in_context(RequestContext(deadline=time.monotonic() + 0.1)):
        with beside_the_deadline(REQUEST_SECONDS):
            assert REQUEST_SECONDS - 1 < remaining_seconds() <= REQUEST_SECONDS
            time.sleep(0.15)
        assert 0 < remaining_seconds() <= 0.1
