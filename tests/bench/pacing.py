"""When an open page asks again, as static/js/live.js does it."""

import math

FIRST_SECONDS = 2.0
LONGEST_SECONDS = 30.0


def pause_after(elapsed_seconds: float) -> float:
    """`pauseAfter` of live.js in seconds: a slow server is asked less often."""
    wanted_ms = 250 * math.sqrt(elapsed_seconds * 1000) - 1000
    return min(LONGEST_SECONDS, max(FIRST_SECONDS, wanted_ms / 1000))
