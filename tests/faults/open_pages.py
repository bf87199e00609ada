"""Pages that many people have open, and somebody who changes sizes meanwhile.

Every page is a browser's: it looks again after two seconds, and less often when the portal is slow,
as static/js/live.js does.
"""

import math
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.pages.people import TO_CHANGE, draft, group_path
from tests.support.browser import Browser
from tests.support.sandbox import RunningSandbox

PAGES = 200
GROUPS = ("Analytics primary", "Analytics reporting", "Analytics ad hoc")
FIRST_SECONDS = 2.0
OPENED_WITHIN_SECONDS = 2.0


class OpenPages:
    """Pages of one person, at each portal in turn, that look for news until they are closed."""

    def __init__(self, browsers: Sequence[Browser], paths: list[str]) -> None:
        self._browsers, self._paths = browsers, paths
        self.statuses: Counter[int] = Counter()
        self.slowest_seconds = 0.0
        self._closed = threading.Event()
        self._lock = threading.Lock()

    def keep_open(self, number: int) -> None:
        """One page, opened a little after the one before."""
        browser = self._browsers[number % len(self._browsers)].clone()
        # The server ends idle connections as a page is about to use one; browsers see to that.
        browser.session.headers["Connection"] = "close"
        url = browser.url + self._paths[number // len(self._browsers) % len(self._paths)]
        pause_seconds = FIRST_SECONDS + OPENED_WITHIN_SECONDS * number / PAGES
        while not self._closed.wait(pause_seconds):
            started_at = time.monotonic()
            status = browser.session.get(url, timeout=60).status_code
            seconds = time.monotonic() - started_at
            pause_seconds = max(FIRST_SECONDS, 0.25 * math.sqrt(seconds * 1000) - 1)
            with self._lock:
                self.statuses[status] += 1
                self.slowest_seconds = max(self.slowest_seconds, seconds)

    def close(self) -> None:
        """None looks any more."""
        self._closed.set()


@dataclass(frozen=True)
class Confirmed:
    """What the page of a change said at first, and how long the portal took to answer so."""

    outcome: str
    seconds: float


def change_sizes(
    browsers: Sequence[Browser], sandbox: RunningSandbox, changes: int, ends_at: float
) -> list[Confirmed]:
    """Change one group after the other, at each portal in turn."""
    confirmed = []
    for number in range(changes):
        group = GROUPS[number % len(GROUPS)]
        alice = browsers[number % len(browsers)]
        size = "32" if number // len(GROUPS) % 2 else "64"
        draft(alice, sandbox, group, min_memory_gb="8", max_memory_gb=size)
        started_at = time.monotonic()
        page = alice.submit(f"Scale {group}", to=TO_CHANGE)
        seconds = time.monotonic() - started_at
        confirmed.append(Confirmed(page.text(".headline-state"), seconds))
        left_seconds = ends_at - time.monotonic()
        time.sleep(max(0.0, left_seconds / (changes - number)))
    return confirmed


def paths_of(sandbox: RunningSandbox) -> list[str]:
    """What pages ask for again and again."""
    return ["/groups/live", *(group_path(sandbox, group, "live") for group in GROUPS)]
