"""Everything that the pages of one change tell, and what can be made of a change again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.access.permissions import Identity
from app.domain.boosts.boost import Boost
from app.domain.changes.actions import Action
from app.domain.changes.available_actions import AvailableAction
from app.domain.changes.change import Change, ChangeState
from app.domain.changes.effect import Effect
from app.domain.changes.rate import Pause, find_pause_after
from app.domain.changes.replica_room import ReplicaRoom
from app.domain.changes.undo import Undo, undone
from app.domain.groups.group import ComputeGroup
from app.domain.groups.scaling import ScalingConfig, has_taken
from app.domain.readings import Freshness
from app.services.activity.last_day import HISTORY_SPAN
from app.services.changes.confirmation import ConfirmationRules
from app.services.changes.ledger import Ledger
from app.services.groups.editions import Edition, Editions
from app.services.groups.service import Groups
from app.services.pages.actions import GroupActions, get_scaling
from app.services.schedules.holding import HoldQuestion, ManualHolds
from app.store.boosts import BoostStore


@dataclass(frozen=True)
class ChangeDetails:
    """One change as it stands at a moment, beside its group.

    `is_own`: this person asked for it. `may_close`: no answer can come any more, and this person
    may close it by hand. `undo` is what undoing it leads to, where this person may ask for it, or
    why not now. `scaling` says whether this person can ask for a size now.
    """

    change: Change
    group: ComputeGroup
    freshness: Freshness
    effect: Effect
    may_close: bool
    now: datetime
    is_own: bool = False
    undo: Undo | None = None
    scaling: AvailableAction | None = None


@dataclass(frozen=True)
class DraftDetails:
    """A draft beside its group.

    `is_last_running`: no other group of the warehouse is reachable. `is_password_needed`: the
    password is asked for again, in this session. `boost` is what it makes if it ends by itself.
    `pause` is what confirming it now begins: no further change of size for a while.
    `hold` is what to ask about a schedule that would set another size.
    """

    change: Change
    group: ComputeGroup
    is_last_running: bool
    is_password_needed: bool
    boost: Boost | None = None
    pause: Pause | None = None
    hold: HoldQuestion | None = None


@dataclass(frozen=True)
class ScalingForm:
    """A group whose size can be asked for as far as its state and the person's permissions go.

    `scaling` says whether it can be now.
    """

    group: ComputeGroup
    config: ScalingConfig
    scaling: AvailableAction

    @property
    def is_open(self) -> bool:
        """Whether anything can be asked for: in a cooldown, idling can."""
        return self.scaling.is_enabled or not self.scaling.covers_idling


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
    holds: ManualHolds
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
        actions = self._list_actions(identity, group, freshness)
        may_close = group.may(change.permission) and change.is_overdue(now)
        return ChangeDetails(
            change=change,
            group=group,
            freshness=freshness,
            effect=self.ledger.reconciler.effect_of(change),
            may_close=may_close,
            now=now,
            is_own=change.is_by(identity),
            undo=self.actions.find_undo(group, actions, change),
            scaling=get_scaling(actions),
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
            pause=self._find_pause_after(identity, change, group),
            hold=self.holds.find_question(identity, change),
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

    def open_form(self, identity: Identity, service_id: str) -> ScalingForm:
        """The form for another size, or why nobody can ask for one now.

        Raises NotAllowed, NotPossible, ChangesFrozen, CloudError too.
        """
        group, config = self.groups.open_scale_form(identity, service_id)
        _, freshness = self.groups.get_group(identity, service_id)
        scaling = get_scaling(self._list_actions(identity, group, freshness))
        return ScalingForm(group, config, scaling)

    def find_room(self, identity: Identity, service_id: str) -> ReplicaRoom | None:
        """How many replicas the warehouse leaves to a group; None without a bound."""
        self.groups.get_group(identity, service_id)
        return self.actions.rules.find_room(service_id)

    def _find_pause_after(
        self, identity: Identity, change: Change, group: ComputeGroup
    ) -> Pause | None:
        if change.action is not Action.SCALE:
            return None
        now, limits = self.now(), group.definition.limits
        earlier = self.ledger.read_group(identity, group.service_id, now - HISTORY_SPAN).changes
        return find_pause_after(change, earlier, limits, now)

    def _list_actions(
        self, identity: Identity, group: ComputeGroup, freshness: Freshness
    ) -> tuple[AvailableAction, ...]:
        changes = self.ledger.read_group(identity, group.service_id, self.now() - HISTORY_SPAN)
        return self.actions.list_actions(group, freshness, changes)

    def _find_change_since(
        self, identity: Identity, draft: Change, group: ComputeGroup
    ) -> Change | None:
        config = group.service.configured if group.service else None
        recent = self.ledger.list_recent(identity, draft.service_id)
        since = (item for item in recent if item.sent_at and item.sent_at > draft.created_at)
        applied = (item for item in since if item.state is ChangeState.APPLIED)
        scaled = (item for item in applied if item.action is Action.SCALE)
        return next((item for item in scaled if config and has_taken(config, item.patch)), None)
