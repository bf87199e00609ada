"""The latest changes of one group, read once and looked at from several sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.access.permissions import Identity
from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState

RECENT = 10
"""How many changes lists show."""


@dataclass(frozen=True)
class GroupChanges:
    """Confirmed changes of a group by anybody, newest first."""

    changes: tuple[Change, ...]

    @property
    def in_flight(self) -> Change | None:
        """The one whose outcome is not known yet; it keeps the group closed to others."""
        return next((item for item in self.changes if item.is_in_flight), None)

    @property
    def recent(self) -> tuple[Change, ...]:
        """The latest, by whomever."""
        return self.changes[:RECENT]

    def recent_of(self, identity: Identity) -> tuple[Change, ...]:
        """The latest of one person."""
        return tuple(item for item in self.changes if item.is_by(identity))[:RECENT]

    def since(self, moment: datetime) -> tuple[Change, ...]:
        """Those that were sent after a moment."""
        return tuple(item for item in self.changes if item.sent_at and item.sent_at > moment)

    def replaced(self, change: Change) -> "GroupChanges":
        """The same with a newer version of one change."""
        same = change.reference
        return GroupChanges(
            tuple(change if item.reference == same else item for item in self.changes)
        )


def newest_applied_scaling(changes: Sequence[Change]) -> Change | None:
    """The last change of size that ClickHouse Cloud accepted."""
    applied = (item for item in changes if item.state is ChangeState.APPLIED)
    return next((item for item in applied if item.action is Action.SCALE), None)
