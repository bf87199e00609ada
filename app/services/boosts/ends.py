"""Until when a boost decides the size of a group, for those who would set another one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.store.boosts import BoostStore

UNTIL_ENDED = timedelta(days=1)
"""A boost whose end has come decides until it has gone back, however long that takes."""


@dataclass(frozen=True)
class BoostEnds:
    """Raises StoreUnavailable."""

    boosts: BoostStore

    def find_end(self, service_id: str, now: datetime) -> datetime | None:
        """When the boost of the group ends; None if there is none. Later than now in any case."""
        found = self.boosts.list_open_of(service_id)
        if not found:
            return None
        ends_at = found[-1].ends_at
        return ends_at if ends_at > now else now + UNTIL_ENDED
