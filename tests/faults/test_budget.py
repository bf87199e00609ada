"""What many open pages cost Cloud, which enforces its limit of 10 requests in 10 s here.

`make budget` runs it with more and more processes, on both databases, and prints the figures:
they cost together what one costs. BUDGET_SECONDS is for how long each of them is looked at.
"""

import os
import re
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StartPortal
from tests.faults.open_pages import PAGES, Confirmed, OpenPages, change_sizes, paths_of
from tests.support.browser import Browser
from tests.support.portal import DATABASE_URL, EAGER
from tests.support.sandbox import RunningSandbox
from tests.support.twins import running_twins

SECONDS = float(os.environ.get("BUDGET_SECONDS", "45"))
LISTS_APART_SECONDS = 5.0
SECONDS_OF_A_CHANGE = 5.0
CLOUDS_LIMIT = 10
MOST_MORE = 0.05
TWO_PORTALS_SECONDS = 26.0
"""Two windows of the budget and a little more."""


@dataclass(frozen=True)
class Seen:
    """What Cloud saw of a portal, or of several, and what became of the changes."""

    calls: list[dict[str, Any]]
    pages: OpenPages
    changes: list[Confirmed]
    seconds: float

    @property
    def outcomes(self) -> list[str]:
        """What became of the changes, as their pages said at first."""
        return [item.outcome for item in self.changes]

    @property
    def slowest_change_seconds(self) -> float:
        """The longest that anybody waited for the answer to a confirmed change."""
        return max(item.seconds for item in self.changes)

    @property
    def lists(self) -> int:
        """How often all services were asked for."""
        return sum(item["path"].endswith("/services") for item in self.calls)

    @property
    def refused(self) -> int:
        """How often Cloud found that these were too many."""
        return sum(item["status"] == 429 for item in self.calls)

    def report(self, name: str) -> str:
        """The figures, for people."""
        kinds = Counter(map(kind_of, self.calls))
        answers, slowest = self.pages.statuses.total(), self.pages.slowest_seconds
        return "\n".join(
            [
                f"\n{name}, {PAGES} pages for {self.seconds:.0f} s",
                f"answers: {answers}, the slowest {slowest:.2f} s",
                f"calls of Cloud: {len(self.calls)}, 429 from Cloud: {self.refused}",
                *(f"  {count:>3} {kind}" for kind, count in sorted(kinds.items())),
                f"changes: {dict(Counter(self.outcomes))}",
                f"the slowest change answered in {self.slowest_change_seconds:.2f} s",
            ]
        )


def kind_of(request: dict[str, Any]) -> str:
    """Method and path without ids and query."""
    path = re.sub(r"[0-9a-f-]{36}", "*", request["path"].partition("?")[0])
    return f"{request['method']} {path.removeprefix('/v1/organizations/*')}"


def run_pages(
    urls: Sequence[str],
    sandbox: RunningSandbox,
    seconds: float = SECONDS,
    apart_seconds: float = SECONDS_OF_A_CHANGE,
) -> Seen:
    """Have the pages open at all of these portals, and change sizes there meanwhile."""
    alice = Browser(urls[0])
    alice.sign_in(sandbox.person("alice"))
    browsers = [alice.clone_at(url) for url in urls]
    before, ends_at = len(sandbox.requests("cloud")), time.monotonic() + seconds
    pages = OpenPages(browsers, paths_of(sandbox))
    with ThreadPoolExecutor(PAGES) as threads:
        looking = [threads.submit(pages.keep_open, number) for number in range(PAGES)]
        try:
            changes = round(seconds / apart_seconds)
            confirmed = change_sizes(browsers, sandbox, changes, ends_at)
        finally:
            pages.close()
    [future.result() for future in looking]
    return Seen(sandbox.requests("cloud")[before:], pages, confirmed, seconds)


def check(seen: Seen, sandbox: RunningSandbox) -> None:
    """Everybody saw everything, and Cloud was not asked too often."""
    assert set(seen.pages.statuses) == {200}
    assert seen.refused == 0
    assert seen.lists <= seen.seconds / LISTS_APART_SECONDS + 2
    assert len(sandbox.patches()) == len(seen.outcomes)
    accepted = [outcome.startswith(("Accepted", "In effect")) for outcome in seen.outcomes]
    assert all(accepted), seen.outcomes


@pytest.mark.budget
@pytest.mark.timeout(4 * SECONDS + 180)
def test_any_number_of_processes_cost_cloud_what_one_costs(
    start_portal: StartPortal,
    sandbox: RunningSandbox,
    postgresql_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found: dict[str, Seen] = {}

    def try_out(name: str, *urls: str) -> None:
        found[name] = run_pages(urls, sandbox)
        with capsys.disabled():
            print(found[name].report(name))  # noqa: T201 - the figures are what this test is for
        check(found[name], sandbox)

    for processes in (1, 2, 4):
        sandbox.reset(rate_limit=CLOUDS_LIMIT)
        portal = start_portal(WEB_CONCURRENCY=str(processes))
        try_out(f"{processes} on SQLite", portal.url)
        portal.kill()
    sandbox.reset(rate_limit=CLOUDS_LIMIT)
    with running_twins(tmp_path, sandbox, postgresql_url) as twins:
        try_out("2 portals on PostgreSQL", *(portal.url for portal in twins.both))
    one = len(found["1 on SQLite"].calls)
    for name, seen in found.items():
        assert abs(len(seen.calls) - one) <= MOST_MORE * one, name


def look_until(ends_at: float, browser: Browser, path: str) -> Counter[int]:
    """Look again and again without a pause; the statuses that were answered."""
    statuses: Counter[int] = Counter()
    while time.monotonic() < ends_at:
        statuses[browser.session.get(browser.url + path, timeout=60).status_code] += 1
    return statuses


@pytest.mark.budget
@pytest.mark.timeout(120)
def test_two_portals_over_one_database_keep_to_the_one_keys_limit(
    start_portal: StartPortal,
    sandbox: RunningSandbox,
    shared_url: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sandbox.reset(rate_limit=CLOUDS_LIMIT)
    first, second = (start_portal(entry=EAGER, **{DATABASE_URL: shared_url}) for _ in range(2))
    alice = Browser(first.url)
    alice.sign_in(sandbox.person("alice"))
    before, ends_at = len(sandbox.requests("cloud")), time.monotonic() + TWO_PORTALS_SECONDS
    with ThreadPoolExecutor(2 * len(paths_of(sandbox))) as threads:
        looking = [
            threads.submit(look_until, ends_at, alice.clone_at(portal.url), path)
            for portal in (first, second)
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
