"""The requests the portal's key may make: Cloud allows 10 in 10 s, shared by everybody here.

Three of the ten are kept for changes, so that lookers cannot use up what a change needs. Where
Cloud says itself how many are left, or until when there are none, that counts too.
"""

from dataclasses import dataclass, replace

from app.domain.clock import Moments, recent, seconds_until_free

WINDOW_SECONDS = 11
"""A second more than Cloud's own: requests arrive later than they are counted here, and not all
equally late."""

REQUESTS_IN_WINDOW = 10
KEPT_FOR_CHANGES = 3

SAMPLES_IN_WINDOW = 2
"""Of the readings: how many may be of the load, which nobody waits for."""

LEFT_FOR_SAMPLES = 4
"""With fewer left in all, none is made."""

LONGEST_REST_SECONDS = 120.0
"""Longer than Cloud is ever left alone: a rest that ends later is from before the clock was set
back, and counts no more."""


@dataclass(frozen=True)
class BudgetUsage:
    """What was taken lately, and what Cloud has closed. Moments are seconds since 1970.

    `samples` are those of the reads that were of the load.
    """

    reads: Moments = ()
    changes: Moments = ()
    reads_closed_until: float = 0.0
    all_closed_until: float = 0.0
    samples: Moments = ()

    def at(self, now: float) -> "BudgetUsage":
        """The same without what no longer counts."""
        return BudgetUsage(
            recent(self.reads, now, WINDOW_SECONDS),
            recent(self.changes, now, WINDOW_SECONDS),
            _rest_at(self.reads_closed_until, now),
            _rest_at(self.all_closed_until, now),
            recent(self.samples, now, WINDOW_SECONDS),
        )

    def closed_seconds(self, now: float, *, for_write: bool) -> float:
        """For how much longer Cloud wants to be left alone."""
        return (self.all_closed_until if for_write else self.reads_closed_until) - now

    def spent_seconds(self, now: float, *, for_write: bool) -> float:
        """How long until a request is left; 0 if one is."""
        taken = tuple(sorted(self.reads + self.changes))
        wait = seconds_until_free(taken, REQUESTS_IN_WINDOW, now, WINDOW_SECONDS)
        if wait or for_write:
            return wait
        most_reads = REQUESTS_IN_WINDOW - KEPT_FOR_CHANGES
        return seconds_until_free(self.reads, most_reads, now, WINDOW_SECONDS)

    def sample_seconds(self, now: float) -> float:
        """How long until a reading of the load may be made; 0 if one may be now."""
        wait = seconds_until_free(self.samples, SAMPLES_IN_WINDOW, now, WINDOW_SECONDS)
        taken = tuple(sorted(self.reads + self.changes))
        most_taken = REQUESTS_IN_WINDOW - LEFT_FOR_SAMPLES + 1
        return max(
            wait,
            self.spent_seconds(now, for_write=False),
            seconds_until_free(taken, most_taken, now, WINDOW_SECONDS),
        )

    def taken(self, now: float, *, for_write: bool) -> "BudgetUsage":
        """One request more."""
        if for_write:
            return replace(self, changes=(*self.changes, now))
        return replace(self, reads=(*self.reads, now))

    def sampled(self, now: float) -> "BudgetUsage":
        """One reading of the load more."""
        return replace(self.taken(now, for_write=False), samples=(*self.samples, now))

    def told(self, left: int, until: float) -> "BudgetUsage":
        """Cloud says that so many requests are left until then."""
        if left > self._count_kept():
            return self
        return replace(
            self,
            reads_closed_until=max(self.reads_closed_until, until),
            all_closed_until=self.all_closed_until if left else max(self.all_closed_until, until),
        )

    def count_left(self) -> int:
        """How many requests of the window are left, those that are kept for changes included."""
        return max(0, REQUESTS_IN_WINDOW - len(self.reads) - len(self.changes))

    def _count_kept(self) -> int:
        """How many are still kept for changes: what changes took of them is not kept twice."""
        return max(0, KEPT_FOR_CHANGES - len(self.changes))


def _rest_at(until: float, now: float) -> float:
    return until if until - now <= LONGEST_REST_SECONDS else 0.0
