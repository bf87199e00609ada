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

WINDOW_SECONDS = 60.0


class RefusalBudget:
    """Safe to share by threads; holds no more sources than refusals are kept in a minute."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._begun_at = monotonic()
        self._total = 0
        self._by_source: Counter[tuple[str, str, str]] = Counter()
        self._not_kept: Counter[EventKind] = Counter()
        self._owed: Counter[EventKind] = Counter()

    def admit(self, event: Event) -> bool:
        """Whether the event is kept. What the portal does by itself leaves the total alone."""
        # Whoever is signed in is counted apart: nobody else at that address uses up their share.
        source = (event.kind, event.origin.address, event.origin.session)
        is_own = event.origin.channel is Channel.PORTAL
        with self._lock:
            self._begin_minute()
            has_room = is_own or self._total < IN_TOTAL
            # `get` remembers no source of which nothing is kept.
            is_kept = has_room and self._by_source.get(source, 0) < PER_SOURCE
            if is_kept:
                self._by_source[source] += 1
                self._total += not is_own
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

    def _begin_minute(self, *, is_forced: bool = False) -> None:
        now = self._monotonic()
        if now - self._begun_at < WINDOW_SECONDS and not is_forced:
            return
        self._begun_at, self._total = now, 0
        self._by_source.clear()
        self._owed += self._not_kept
        self._not_kept.clear()
