"""What many open pages cost Cloud, which enforces its limit of 10 requests in 10 s here.

`make budget` runs it for a minute and prints the figures. Every page is a browser's: it looks
again after two seconds, and less often when the portal is slow, as static/js/live.js does.
"""

import math
import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conftest import StartPortal
from tests.pages.people import TO_CHANGE, draft, group_path
from tests.support.browser import Browser
from tests.support.portal import EAGER, PortalProcess
from tests.support.sandbox import RunningSandbox

PAGES = 200
SECONDS = 60.0
MOST_LISTS = 14
CHANGES = 12
CLOUDS_LIMIT = 10
GROUPS = ("Analytics primary", "Analytics reporting", "Analytics ad hoc")
FIRST_SECONDS = 2.0
TWO_PORTALS_SECONDS = 26.0
"""Two windows of the budget and a little more."""
OPENED_WITHIN_SECONDS = 2.0


class OpenPages:
    """Pages of one person that future for news until they are closed."""

    def __init__(self, alice: Browser, paths: list[str]) -> None:
        self._alice, self._paths = alice, paths
        self.statuses: Counter[int] = Counter()
        self.slowest_seconds = 0.0
        self._closed = threading.Event()
        self._lock = threading.Lock()

    def keep_open(self, number: int) -> None:
        """One page, opened a little after the one before."""
        browser = self._alice.clone()
        # The server ends idle connections as a page is about to use one; browsers see to that.
        browser.session.headers["Connection"] = "close"
        path = self._paths[number % len(self._paths)]
        pause_seconds = FIRST_SECONDS + OPENED_WITHIN_SECONDS * number / PAGES
        while not self._closed.wait(pause_seconds):
            started_at = time.monotonic()
            status = browser.session.get(self._alice.url + path, timeout=60).status_code
            seconds = time.monotonic() - started_at
            pause_seconds = max(FIRST_SECONDS, 0.25 * math.sqrt(seconds * 1000) - 1)
            with self._lock:
                self.statuses[status] += 1
                self.slowest_seconds = max(self.slowest_seconds, seconds)

    def close(self) -> None:
        """None looks any more."""
        self._closed.set()


def change_sizes(alice: Browser, sandbox: RunningSandbox, ends_at: float) -> list[str]:
    """Change one group after the other through the pages; returns the outcomes."""
    outcomes = []
    for number in range(CHANGES):
        group = GROUPS[number % len(GROUPS)]
        size = "32" if number // len(GROUPS) % 2 else "64"
        draft(alice, sandbox, group, min_memory_gb="8", max_memory_gb=size)
        page = alice.submit(f"Scale {group}", to=TO_CHANGE)
        outcomes.append(page.text(".headline-state"))
        left_seconds = ends_at - time.monotonic()
        time.sleep(max(0.0, left_seconds / (CHANGES - number)))
    return outcomes


def open_portal(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> tuple[PortalProcess, Browser]:
    """An ordinary portal with somebody signed in, in front of a Cloud that keeps its limit."""
    sandbox.reset(rate_limit=CLOUDS_LIMIT)
    portal = start_portal()
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    return portal, alice


def paths_of(sandbox: RunningSandbox) -> list[str]:
    """What pages ask for again and again."""
    return ["/groups/live", *(group_path(sandbox, group, "live") for group in GROUPS)]


def kind_of(request: dict[str, Any]) -> str:
    """Method and path without ids and query."""
    path = re.sub(r"[0-9a-f-]{36}", "*", request["path"].partition("?")[0])
    return f"{request['method']} {path.removeprefix('/v1/organizations/*')}"


@pytest.mark.budget
@pytest.mark.timeout(180)
def test_two_hundred_open_pages_cost_what_one_costs(
    start_portal: StartPortal, sandbox: RunningSandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    _, alice = open_portal(start_portal, sandbox)
    before = len(sandbox.requests("cloud"))
    pages, ends_at = OpenPages(alice, paths_of(sandbox)), time.monotonic() + SECONDS
    with ThreadPoolExecutor(PAGES) as threads:
        looking = [threads.submit(pages.keep_open, number) for number in range(PAGES)]
        try:
            outcomes = change_sizes(alice.clone(), sandbox, ends_at)
        finally:
            pages.close()
    [future.result() for future in looking]
    seen = sandbox.requests("cloud")[before:]
    kinds = Counter(kind_of(item) for item in seen)
    lists = [item for item in seen if item["path"].endswith("/services")]
    with capsys.disabled():
        print(  # noqa: T201 - the figures are what this test is for
            f"\n{PAGES} pages for {SECONDS:.0f} s: {pages.statuses.total()} looks, "
            f"the slowest {pages.slowest_seconds:.2f} s",
            f"calls of Cloud: {len(seen)}, of them {len(lists)} lists",
            *(f"  {count:>3} {kind}" for kind, count in sorted(kinds.items())),
            f"429 from Cloud: {sum(item['status'] == 429 for item in seen)}",
            f"changes: {dict(Counter(outcomes))}",
            sep="\n",
        )
    assert set(pages.statuses) == {200}
    assert not [item for item in seen if item["status"] == 429]
    assert len(lists) <= MOST_LISTS
    assert len(sandbox.patches()) == CHANGES
    assert all(outcome.startswith(("Accepted", "In effect")) for outcome in outcomes), outcomes


def look_until(ends_at: float, browser: Browser, path: str) -> Counter[int]:
    """Look again and again without a pause; the statuses that were answered."""
    statuses: Counter[int] = Counter()
    while time.monotonic() < ends_at:
        statuses[browser.session.get(browser.url + path, timeout=60).status_code] += 1
    return statuses


@pytest.mark.budget
@pytest.mark.timeout(120)
def test_two_portals_over_one_database_keep_to_the_one_keys_limit(
    start_portal: StartPortal, sandbox: RunningSandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.reset(rate_limit=CLOUDS_LIMIT)
    first = start_portal(entry=EAGER)
    second = start_portal(entry=EAGER, PORTAL_DATABASE_URL=f"sqlite:///{first.database_path}")
    alice = Browser(first.url)
    alice.sign_in(sandbox.person("alice"))
    there = alice.clone()
    there.url = second.url
    before, ends_at = len(sandbox.requests("cloud")), time.monotonic() + TWO_PORTALS_SECONDS
    with ThreadPoolExecutor(4 * len(paths_of(sandbox))) as threads:
        looking = [
            threads.submit(look_until, ends_at, browser.clone(), path)
            for browser in (alice, there)
            for path in paths_of(sandbox)
        ]
    statuses = sum((future.result() for future in looking), Counter[int]())
    seen = sandbox.requests("cloud")[before:]
    refused = [item for item in seen if item["status"] == 429]
    with capsys.disabled():
        print(  # noqa: T201 - the figures are what this test is for
            f"\nTwo portals for {TWO_PORTALS_SECONDS:.0f} s: {statuses.total()} looks, "
            f"{len(seen)} calls of Cloud, 429 from Cloud: {len(refused)}"
        )
    assert set(statuses) == {200}
    assert refused == []
    assert len(seen) > CLOUDS_LIMIT
