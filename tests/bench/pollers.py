"""Open pages: a process of its own that keeps so many of them up to date, as browsers do.

Each loads its page, then polls at the pace of static/js/live.js on a connection of its own, which
is made anew when the server has closed it. The pages are opened a few at a time, and spread over
the time between two polls, as people do not come in step.
"""

import heapq
import json
import os
import resource
import selectors
import sys
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from tests.bench.figures import percentile
from tests.bench.open_page import OpenPage
from tests.bench.pacing import FIRST_SECONDS

OPENED_AT_ONCE = 4


@dataclass(frozen=True)
class PollOrder:
    """How many pages to keep open for how long after the last was opened.

    `paths` and `cookies` are dealt out to the pages in turn. If they are not all open after
    `opening_seconds`, nothing is measured.
    """

    port: int
    paths: Sequence[str]
    cookies: Sequence[str]
    count: int
    seconds: float = 8.0
    opening_seconds: float = 15.0
    cores: Sequence[int] = ()


@dataclass
class PollOutcome:
    """What the polls met. Times are seconds. `late` is the p99 of how long after its time a poll
    was sent: what the load generator itself adds. `connections` were made anew meanwhile."""

    opened: int = 0
    polls: int = 0
    p50: float = 0.0
    p99: float = 0.0
    late: float = 0.0
    connections: int = 0
    statuses: dict[str, int] = field(default_factory=dict)

    @property
    def is_faultless(self) -> bool:
        """Whether every answer was 200 or 204."""
        return set(self.statuses) <= {"200", "204"}


class Crowd:
    """All open pages in one thread."""

    def __init__(self, order: PollOrder) -> None:
        self._order = order
        self._selector = selectors.DefaultSelector()
        self._pages = [self._page(number) for number in range(order.count)]
        self._unopened = deque(self._pages)
        self._due: list[tuple[float, int]] = []
        self._seconds: list[float] = []
        self._late: list[float] = []
        self._statuses: Counter[str] = Counter()

    def run(self) -> PollOutcome:
        """Open all pages, let them come to rest, and measure."""
        outcome = PollOutcome()
        for page in [
            self._unopened.popleft() for _ in range(min(OPENED_AT_ONCE, len(self._pages)))
        ]:
            page.ask(time.perf_counter())
        self._go_on(self._order.opening_seconds, until_open=True)
        outcome.opened = sum(page.is_open for page in self._pages)
        if outcome.opened == self._order.count:
            self._go_on(2 * FIRST_SECONDS)
            self._seconds.clear()
            self._late.clear()
            self._statuses.clear()
            made_before = self._count_connections()
            self._go_on(self._order.seconds)
            outcome.connections = self._count_connections() - made_before
            self._finish(outcome)
        for page in self._pages:
            page.close()
        self._selector.close()
        return outcome

    def _finish(self, outcome: PollOutcome) -> None:
        """What is still not answered counts as long as it has been waited for."""
        now = time.perf_counter()
        self._seconds += [now - page.asked_at for page in self._pages if page.is_waiting]
        outcome.polls, outcome.statuses = len(self._seconds), dict(self._statuses)
        outcome.p50, outcome.p99 = (percentile(self._seconds, share) for share in (0.5, 0.99))
        outcome.late = percentile(self._late, 0.99)

    def _count_connections(self) -> int:
        return sum(page.connections for page in self._pages)

    def _page(self, number: int) -> OpenPage:
        order = self._order
        return OpenPage(
            self._selector,
            order.port,
            order.paths[number % len(order.paths)],
            order.cookies[number % len(order.cookies)],
            number,
        )

    def _go_on(self, seconds: float, *, until_open: bool = False) -> None:
        ends_at = time.perf_counter() + seconds
        while (now := time.perf_counter()) < ends_at:
            if until_open and all(page.is_open for page in self._pages):
                return
            next_at = min(self._due[0][0] if self._due else ends_at, ends_at)
            for key, events in self._selector.select(max(0.0, next_at - now)):
                self._on_event(key.data, events)
            self._ask_who_is_due()

    def _ask_who_is_due(self) -> None:
        now = time.perf_counter()
        while self._due and self._due[0][0] <= now:
            due_at, number = heapq.heappop(self._due)
            self._late.append(now - due_at)
            self._pages[number].ask(now)

    def _on_event(self, page: OpenPage, events: int) -> None:
        was_open = page.is_open
        status = page.on_event(events)
        if status is None:
            return
        now = time.perf_counter()
        if was_open:
            self._seconds.append(now - page.asked_at)
            self._statuses[str(status)] += 1
            pause = page.pause_seconds
        else:
            pause = FIRST_SECONDS * (1 + page.number / self._order.count)
            if self._unopened:
                self._unopened.popleft().ask(now)
        heapq.heappush(self._due, (now + pause, page.number))


def main() -> None:
    """Carry out the order on standard input."""
    order = PollOrder(**json.load(sys.stdin))
    if order.cores:
        os.sched_setaffinity(0, order.cores)
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))  # one for each page
    json.dump(asdict(Crowd(order).run()), sys.stdout)


if __name__ == "__main__":
    main()
