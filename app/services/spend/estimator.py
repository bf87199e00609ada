"""The portal's own figures of what groups cost and what was saved: a job of the process that leads.

Nothing is asked of Cloud: they follow from what was read of the load, and from the ledger.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.domain.changes.change import ChangeOrigin
from app.domain.clock import is_ahead
from app.domain.load.buckets import Bucket
from app.domain.spend.days import ONE_DAY, Estimate
from app.domain.spend.estimate import HELD_SECONDS, bounds_of, gb_seconds, list_pieces
from app.domain.spend.month import SHOWN_DAYS
from app.domain.spend.savings import A_WEEK, list_reliefs, saved_gb_seconds
from app.services.access.policy import Policy
from app.store.changes import ChangeStore
from app.store.load import LoadStore
from app.store.spend import SpendStore

FRESH = timedelta(minutes=4)
MOST_AT_ONCE = 10
"""Groups in one run, so that no other job waits for long."""


@dataclass(frozen=True)
class SpendEstimator:
    """The use case of making them. Raises StoreUnavailable."""

    policy: Policy
    load: LoadStore
    changes: ChangeStore
    store: SpendStore
    now: Callable[[], datetime]

    def estimate_due(self) -> None:
        """Make the figures of some groups anew, those of the longest ago first."""
        now, known = self.now(), self.store.map_estimated()
        for service_id in self._list_due(known, now)[:MOST_AT_ONCE]:
            today = now.astimezone(UTC).date()
            last = known[service_id][0] if service_id in known else today
            # The last day was not over when its figure was made.
            first = min(last, today) if service_id in known else today - SHOWN_DAYS * ONE_DAY
            self.store.record_estimates(service_id, self._estimate(service_id, first, today), now)

    def _list_due(self, known: dict[str, tuple[date, datetime]], now: datetime) -> list[str]:
        oldest = datetime.min.replace(tzinfo=UTC)
        made = {
            group.service_id: known[group.service_id][1] if group.service_id in known else oldest
            for group in self.policy.catalog.all_groups()
        }
        due = [key for key, at in made.items() if is_ahead(at, now) or at < now - FRESH]
        return sorted(due, key=made.__getitem__)

    def _estimate(self, service_id: str, first: date, today: date) -> dict[date, Estimate]:
        """One figure for each day of which anything was seen, and for today."""
        now, (begin, _) = self.now().timestamp(), bounds_of(first)
        buckets = self.load.list_buckets(service_id, int(begin) - HELD_SECONDS)
        pieces = list_pieces(buckets, now)
        since = datetime.fromtimestamp(begin - A_WEEK, UTC)
        reliefs = list_reliefs(self.changes.list_since(service_id, since), now)
        seen, found = _list_seen(buckets), {}
        for day in sorted({today, *(day for day in seen if first <= day <= today)}):
            span = bounds_of(day)
            by_boosts, by_schedules = (
                saved_gb_seconds(reliefs, pieces, origin, *span)
                for origin in (ChangeOrigin.BOOST, ChangeOrigin.SCHEDULE)
            )
            used = gb_seconds(pieces, *span) if day in seen else None
            found[day] = Estimate(used, by_boosts, by_schedules)
        return found


def _list_seen(buckets: Sequence[Bucket]) -> set[date]:
    """The days that these readings tell of, each holding for HELD_SECONDS."""
    moments = {it.starts_at + held for it in buckets for held in (0, HELD_SECONDS)}
    return {datetime.fromtimestamp(moment, UTC).date() for moment in moments}
