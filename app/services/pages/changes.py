"""Everything that the pages of one change tell, and what can be made of a change again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.access.permissions import Identity, Permission
from app.domain.boosts.boost import Boost
from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState
from app.domain.changes.effect import Effect
from app.domain.changes.undo import undone
from app.domain.groups.group import ComputeGroup
from app.domain.groups.scaling import ScalingConfig, has_taken
from app.domain.readings import Freshness
from app.services.changes.confirmation import ConfirmationRules
from app.services.changes.ledger import Ledger
from app.services.groups.editions import Edition, Editions
from app.services.groups.last_day import HISTORY_SPAN
from app.services.groups.service import Groups
from app.services.pages.actions import GroupActions
from app.store.boosts import BoostStore


@dataclass(frozen=True)
class ChangeDetails:
    """One change as it stands at a moment, beside its group.

    `may_close`: no answer can come any more, and this person may close it by hand. `undo` is what
    undoing it leads to, where this person may ask for it; `undo_obstacle` is why that cannot be
    asked for now.
    """

    change: Change
    group: ComputeGroup
    freshness: Freshness
    effect: Effect
    may_close: bool
    now: datetime
    undo: ScalingConfig | None = None
    undo_obstacle: str | None = None


@dataclass(frozen=True)
class DraftDetails:
    """A draft beside its group.

    `is_last_running`: no other group of the warehouse is reachable. `is_password_needed`: the
    password is asked for again, in this session. `boost` is what it makes if it ends by itself.
    """

    change: Change
    group: ComputeGroup
    is_last_running: bool
    is_password_needed: bool
    boost: Boost | None = None


@dataclass(frozen=True)
class Conflict:
    """A draft whose group was changed since it was drawn.

    `other` is the change made here that led to what is configured, if the person may see it;
    `is_own`: it is this person's.
    """

    change: Change
    group: ComputeGroup
    other: Change | None
    is_own: bool


@dataclass(frozen=True)
class ChangePages:
    """The use cases of looking at one change. Each raises NotFound, StoreUnavailable."""

    groups: Groups
    ledger: Ledger
    actions: GroupActions
    confirmations: ConfirmationRules
    boosts: BoostStore
    editions: Editions
    now: Callable[[], datetime]

    def find_edition(self, identity: Identity, reference: str) -> Edition | None:
        """Whether anything that `show` tells can have changed; None for a draft."""
        change = self.ledger.get_recorded_change(identity, reference)
        is_draft = change.state is ChangeState.DRAFT
        return None if is_draft else self.editions.of_change(identity, change)

    def show(self, identity: Identity, reference: str) -> ChangeDetails:
        """The change with what Cloud says of it now and what the person can do about it."""
        change, now = self.ledger.get_change(identity, reference), self.now()
        group, freshness = self.groups.get_group(identity, change.service_id)
        undo = _undo_of(change, group)
        may_close = group.may(change.permission) and change.is_overdue(now)
        return ChangeDetails(
            change=change,
            group=group,
            freshness=freshness,
            effect=self.ledger.reconciler.effect_of(change),
            may_close=may_close,
            now=now,
            undo=undo,
            undo_obstacle=self._scaling_obstacle(identity, group, freshness) if undo else None,
        )

    def review(self, identity: Identity, reference: str, token: str) -> DraftDetails:
        """The person's own draft before it is confirmed, in the session of this token."""
        change = self.ledger.get_own_change(identity, reference)
        group, _ = self.groups.get_group(identity, change.service_id)
        return DraftDetails(
            change=change,
            group=group,
            is_last_running=self.groups.is_last_running(change.service_id),
            is_password_needed=self.confirmations.is_password_needed(change, token),
            boost=self.boosts.find(reference) if change.is_boost else None,
        )

    def find_conflict(self, identity: Identity, reference: str) -> Conflict:
        """The person's own draft beside what is configured now, and who changed that."""
        change = self.ledger.get_own_change(identity, reference)
        group, _ = self.groups.get_group(identity, change.service_id)
        other = self._find_change_since(identity, change, group)
        return Conflict(change, group, other, other is not None and other.is_by(identity))

    def find_undo(
        self, identity: Identity, reference: str, service_id: str, config: ScalingConfig
    ) -> ScalingConfig | None:
        """What is configured without a change; None where the change is not in it any more."""
        change = self.ledger.get_change(identity, reference)
        return undone(change, config) if change.service_id == service_id else None

    def find_correctable(
        self, identity: Identity, reference: str, service_id: str, config: ScalingConfig
    ) -> Change | None:
        """The person's own change, if its values can be asked for again in this group."""
        change = self.ledger.get_own_change(identity, reference)
        is_suiting = change.target is not None and change.target.mode is config.mode
        return change if is_suiting and change.service_id == service_id else None

    def _scaling_obstacle(
        self, identity: Identity, group: ComputeGroup, freshness: Freshness
    ) -> str | None:
        changes = self.ledger.read_group(identity, group.service_id, self.now() - HISTORY_SPAN)
        return self.actions.get_scaling(group, freshness, changes).disabled_reason

    def _find_change_since(
        self, identity: Identity, draft: Change, group: ComputeGroup
    ) -> Change | None:
        config = group.service.configured if group.service else None
        recent = self.ledger.list_recent(identity, draft.service_id)
        since = (item for item in recent if item.sent_at and item.sent_at > draft.created_at)
        applied = (item for item in since if item.state is ChangeState.APPLIED)
        scaled = (item for item in applied if item.action is Action.SCALE)
        return next((item for item in scaled if config and has_taken(config, item.patch)), None)


def _undo_of(change: Change, group: ComputeGroup) -> ScalingConfig | None:
    service = group.service
    if service is None or service.configured is None or not group.may(Permission.SCALE):
        return None
    return undone(change, service.configured)
