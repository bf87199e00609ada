"""The events of a boost's life besides those of its changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.access.permissions import Identity
from app.domain.audit.events import NOBODY, Event, EventKind, Result
from app.domain.boosts.boost import Boost
from app.domain.spend.budget import BudgetUse
from app.services.changes.events import ChangeEvents

LONGEST_NOTE = 500


@dataclass(frozen=True)
class BoostEvents:
    """Builds them; writing is the store's. By nobody: by the portal itself."""

    changes: ChangeEvents

    def extended(self, identity: Identity, boost: Boost, ends_at: str) -> Event:
        """It lasts longer."""
        details = {"ends_at": ends_at, "before": boost.ends_at.isoformat()}
        return self._event("boost_extend", Result.SUCCESS, boost, identity, details)

    def ended_early(self, identity: Identity, boost: Boost) -> Event:
        """Somebody lets its end come now."""
        return self._event("boost_end", Result.SUCCESS, boost, identity, {})

    def ended_by_budget(self, boost: Boost, use: BudgetUse) -> Event:
        """Its end comes now, since a budget of its group is used up."""
        details = {"budget": use.period.value, "key": use.key, "percent": use.percent}
        return self._event("boost_end", Result.SUCCESS, boost, None, details)

    def closed(self, boost: Boost, outcome: str, note: str, by: Identity | None = None) -> Event:
        """Nothing is left to be done; `by` has taken it over."""
        details = {"outcome": outcome, "note": note[:LONGEST_NOTE]}
        return self._event("boost_closed", Result.SUCCESS, boost, by, details)

    def failed(self, boost: Boost, tries: int, note: str) -> Event:
        """An attempt to go back failed."""
        details = {"tries": tries, "note": note[:LONGEST_NOTE]}
        return self._event("boost_revert_failed", Result.FAIL, boost, None, details)

    def waiting(self, boost: Boost, note: str) -> Event:
        """Its end has come, and something is in the way of going back."""
        return self._event(
            "boost_revert_waits", Result.FAIL, boost, None, {"note": note[:LONGEST_NOTE]}
        )

    def alarmed(self, boost: Boost) -> Event:
        """Going back has failed for so long that people must know."""
        details: dict[str, Any] = {"tries": boost.tries, "ends_at": boost.ends_at.isoformat()}
        if boost.note:
            details["note"] = boost.note[:LONGEST_NOTE]
        return self._event("boost_revert_failing", Result.FAIL, boost, None, details)

    def _event(
        self,
        action: str,
        result: Result,
        boost: Boost,
        identity: Identity | None,
        details: Mapping[str, Any],
    ) -> Event:
        event = self.changes.audit.event(
            EventKind.SENSITIVE_UPDATE,
            action,
            result,
            actor=identity or NOBODY,
            about=self.changes.about(boost.service_id, boost.reference),
            details=details,
        )
        return event if identity else self.changes.audit.as_system(event)
