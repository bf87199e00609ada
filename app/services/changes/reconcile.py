"""Finding out what became of a change whose answer never came: by reading Cloud back."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.cloud.snapshot import Snapshot, View
from app.domain.access.permissions import Identity
from app.domain.changes.actions import Action
from app.domain.changes.change import STATE_LAG, Change, ChangeState, Outcome, SettledBy
from app.domain.changes.effect import EFFECT_AWAITED, Effect, effect_of, is_awaited
from app.domain.changes.outcome import closing_note, outcome_read_back, with_accepted
from app.domain.clock import SMALL_STEP, is_ahead
from app.domain.groups.group import Service
from app.errors import NotPossible, StoreUnavailable
from app.services.changes.events import ChangeEvents
from app.store.changes import ChangeStore

MOST_AWAITED = 100
"""So many accepted changes at most are followed until they are in effect."""


@dataclass(frozen=True)
class Reconciler:
    """Settles changes in flight. Every method raises StoreUnavailable."""

    snapshot: Snapshot
    changes: ChangeStore
    events: ChangeEvents
    now: Callable[[], datetime]

    def reconcile_all(self) -> None:
        """Do for every change what looking at it does: settle those in flight, and write down
        which accepted ones are in effect. Cloud is read only where that can tell anything.
        """
        for change in self._list_open():
            if self._is_awaited(change):
                self.note_effect(self.reconcile(change))

    def _list_open(self) -> list[Change]:
        accepted_after = self.now() - EFFECT_AWAITED
        accepted = self.changes.list_effect_not_seen(accepted_after, most=MOST_AWAITED)
        return [*self.changes.list_in_flight(), *accepted]

    def _is_awaited(self, change: Change) -> bool:
        known = self.snapshot.peek()
        service = known.services.get(change.service_id)
        return any(
            is_awaited(item, service, known.taken_at, self.now())
            for item in self._as_drawn_and_recorded(change)
        )

    def _as_drawn_and_recorded(self, change: Change) -> tuple[Change, ...]:
        """The change as it was drawn up, and with what its intent has found in the group."""
        if not change.is_overdue(self.now()) or change.action is not Action.SCALE:
            return (change,)
        since = change.created_at - STATE_LAG
        accepted = [
            item
            for item in self.changes.list_since(change.service_id, since)
            if item.state is ChangeState.APPLIED and item.action is Action.SCALE
        ]
        return (change, with_accepted(change, accepted))

    def reconcile(self, change: Change) -> Change:
        """The change as it now stands, settled if what Cloud shows tells its outcome."""
        if not change.is_in_flight or change.sent_at is None:
            return change
        view = self.snapshot.view()
        service = view.services.get(change.service_id)
        # Only what was read after the call went out says anything about the call.
        if view.taken_at is None:
            return change
        if not _is_read_after(change.sent_at, view.taken_at, self.now()):
            return change
        if service is None:
            return self._close_gone(change, view)
        if change.state is ChangeState.APPLYING and not change.is_overdue(view.taken_at):
            return change
        return self._read_back(change, service, view.taken_at)

    def _read_back(self, change: Change, service: Service, taken_at: datetime) -> Change:
        found = self._as_drawn_and_recorded(change)
        told = (outcome_read_back(item, service, taken_at) for item in found)
        outcome = next((item for item in told if item), None)
        if outcome is None:
            return change
        note = change.settled_note or "The portal stopped before ClickHouse Cloud's answer came."
        if outcome is ChangeState.UNKNOWN:
            note = closing_note(change, service)
        read_back = Outcome(outcome, SettledBy.READING, note, claimed_at=change.sent_at)
        return self._record(change, read_back)

    def _close_gone(self, change: Change, view: View) -> Change:
        """Free the place of a group that two readings in a row have not shown any more."""
        is_late = view.taken_at is not None and change.must_show(view.taken_at)
        if not is_late or not view.is_gone(change.service_id):
            return change
        note = closing_note(change, None)
        unknown = Outcome(ChangeState.UNKNOWN, SettledBy.READING, note, claimed_at=change.sent_at)
        return self._record(change, unknown)

    def note_effect(self, change: Change) -> Change:
        """The change, with the moment written down at which it was first seen in effect."""
        if change.state is not ChangeState.APPLIED or change.effective_at:
            return change
        view = self.snapshot.view()
        service = view.services.get(change.service_id)
        if effect_of(change, service, self.now()) is not Effect.IN_EFFECT:
            return change
        moments = (moment for moment in (view.taken_at, change.settled_at) if moment)
        seen_at = max(moments, default=self.now())
        with suppress(StoreUnavailable):  # then the next look writes it down; looking goes on
            self.changes.note_effect(change.reference, seen_at)
        return replace(change, effective_at=seen_at)

    def effect_of(self, change: Change) -> Effect:
        """How far a change shows in what Cloud says of its group now."""
        service, now = self.snapshot.view().services.get(change.service_id), self.now()
        is_newest = not change.is_settling(now) or self._is_newest(change)
        return effect_of(change, service, now, is_newest=is_newest)

    def _is_newest(self, change: Change) -> bool:
        """Whether no later change of this kind was accepted."""
        since = change.sent_at or change.created_at
        is_scaling = change.action is Action.SCALE
        return not any(
            item.state is ChangeState.APPLIED and (item.action is Action.SCALE) is is_scaling
            for item in self.changes.list_since(change.service_id, since)
        )

    def close_manually(self, change: Change, identity: Identity) -> Change:
        """Close a change whose outcome nothing tells, so that the group is free again.

        Raises NotPossible while an answer can still come.
        """
        if not change.is_in_flight:
            return change
        if not change.is_overdue(self.now()):
            raise NotPossible(
                message="ClickHouse Cloud may still answer.",
                remedy="Wait a minute, then check again.",
            )
        note = f"{identity.user} compared the configuration and closed this change."
        closed = Outcome(ChangeState.UNKNOWN, SettledBy.PERSON, note, claimed_at=change.sent_at)
        return self._record(change, closed, identity)

    def _record(self, change: Change, outcome: Outcome, identity: Identity | None = None) -> Change:
        service = self.snapshot.view().services.get(change.service_id)
        event = self.events.settled(identity, change, outcome, service)
        self.changes.record_outcome(change.reference, outcome, self.now(), event)
        return self.changes.find_change(change.reference) or change


def _is_read_after(sent_at: datetime, taken_at: datetime, now: datetime) -> bool:
    """Whether a reading was made after the call went out: only then it says anything about it.

    Where the clock was set back since the call, a reading of this very minute was.
    """
    if is_ahead(sent_at, now):
        return timedelta() <= now - taken_at <= SMALL_STEP
    return taken_at > sent_at
