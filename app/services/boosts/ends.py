"""Until when a boost decides the size of a group, and what somebody keeps of it, for those who
would set another one."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.boosts.boost import Boost
from app.domain.changes.change import Change
from app.store.boosts import BoostStore


@dataclass(frozen=True)
class BoostEnds:
    """Raises StoreUnavailable."""

    boosts: BoostStore

    def find_open(self, service_id: str) -> Boost | None:
        """The boost of the group, also where its end has come and it has yet to go back; None if
        there is none."""
        found = self.boosts.list_open_of(service_id)
        return found[-1] if found else None

    def find_kept(self, service_id: str, since: datetime) -> Change | None:
        """The size that somebody has chosen since then to keep, which a boost had set."""
        kept = self.boosts.find_taken_over(service_id, since)
        return kept.change if kept else None
