"""How many refusals the audit log keeps, so that nobody can fill the disk with them.

What is not kept is counted by its kind. The log of requests still has a line for each. Each process
counts by itself, so that with several as many times more are kept.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable

from app.domain.audit.events import Channel, Event, EventKind

PER_SOURCE = 60
"""Refusals of one kind that are kept of one address and session in a minute."""

IN_TOTAL = 600
"""Refusals that are kept in a minute, whoever causes them: addresses can be changed at will."""

IN_A_DAY = 20_000
"""The same in a day, so that a flood that goes on all night does not fill the disk either."""

OF_STRANGERS_IN_A_DAY = 15_000
"""What of these may be of those who have no session: the rest is kept for those who have one."""

WINDOW_SECONDS = 60.0
DAY_SECONDS = 86_400.0


class RefusalBudget:
    """Safe to share by threads; holds no more sources than refusals are kept in a minute."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._begun_at = self._day_begun_at = monotonic()
        self._total = self._of_day = 0
        self._by_source: Counter[tuple[str, str, str]] = Counter()
        self._not_kept: Counter[EventKind] = Counter()
        self._owed: Counter[EventKind] = Counter()

    def admit(self, event: Event) -> bool:
        """Whether the event is kept. What the portal does by itself leaves the totals alone."""
        # Whoever is signed in is counted apart: nobody else at that address uses up their share.
        source = (event.kind, event.origin.address, event.origin.session)
        is_own = event.origin.channel is Channel.PORTAL
        with self._lock:
            self._begin_minute()
            has_room = is_own or self._has_room(event)
            # `get` remembers no source of which nothing is kept.
            is_kept = has_room and self._by_source.get(source, 0) < PER_SOURCE
            if is_kept:
                self._by_source[source] += 1
                self._total += not is_own
                self._of_day += not is_own
            else:
                self._not_kept[event.kind] += 1
        return is_kept

    def take_not_kept(self, *, is_final: bool = False) -> Counter[EventKind]:
        """How many of each kind were not kept in the minutes that are over, told once; at the
        very end with those of this minute."""
        with self._lock:
            self._begin_minute(is_forced=is_final)
            owed, self._owed = self._owed, Counter()
        return owed

    def _has_room(self, event: Event) -> bool:
        most = IN_A_DAY if event.origin.session else OF_STRANGERS_IN_A_DAY
        return self._total < IN_TOTAL and self._of_day < most

    def _begin_minute(self, *, is_forced: bool = False) -> None:
        now = self._monotonic()
        if now - self._begun_at < WINDOW_SECONDS and not is_forced:
            return
        self._begun_at, self._total = now, 0
        if now - self._day_begun_at >= DAY_SECONDS:
            self._day_begun_at, self._of_day = now, 0
        self._by_source.clear()
        self._owed += self._not_kept
        self._not_kept.clear()
