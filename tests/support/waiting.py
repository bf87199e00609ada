"""Waiting for what another thread or process does, and not longer."""

import time
from collections.abc import Callable

GIVE_UP_SECONDS = 15.0
POLL_SECONDS = 0.02


def wait_until(is_so: Callable[[], bool], *, seconds: float = GIVE_UP_SECONDS) -> None:
    """Return as soon as it is so. Raises AssertionError when it is not in time."""
    give_up_at = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < give_up_at, "it did not come to pass in time"
        time.sleep(POLL_SECONDS)
