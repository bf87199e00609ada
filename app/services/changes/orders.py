"""Sending what somebody has set up before, at its time, when nobody is there to confirm it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.access.permissions import Identity
from app.domain.changes.actions import Action
from app.domain.changes.change import DRAFT_LIFE, Change, ChangeOrigin, ChangeState
from app.domain.groups.scaling import ScalingConfig, patch_between
from app.services.changes.events import ChangeEvents
from app.services.changes.sending import ChangeSender, Claim
from app.services.changes.settling import is_size_settling
from app.store.changes import ChangeStore

SENDING_SECONDS = 3.0
"""With less than this left of a job's time it begins no further change."""


@dataclass(frozen=True)
class Order:
    """What is to become of a group now, and who had set that up; `reference` names the boost or
    schedule that says so."""

    origin: ChangeOrigin
    reference: str
    service_id: str
    warehouse: str
    user: str
    reason: str


@dataclass(frozen=True)
class OrderedChanges:
    """A change like any other, in the name of whoever ordered it, without a draft's review."""

    sender: ChangeSender
    changes: ChangeStore
    events: ChangeEvents
    now: Callable[[], datetime]

    def send(
        self,
        order: Order,
        current: ScalingConfig,
        target: ScalingConfig,
        check_now: Callable[[Change], bool],
    ) -> Change:
        """Go from `current` to `target`; the change as it then stands.

        `check_now` judges it between claim and call, as for ChangeSender.send. Raises the same;
        then nothing was sent.
        """
        patch: dict[str, int | bool | str] = {**patch_between(current, target)}
        draft = self._draft(order, Action.SCALE, patch)
        return self._send(order, replace(draft, before=current, target=target), check_now)

    def send_command(
        self, order: Order, action: Action, check_now: Callable[[Change], bool]
    ) -> Change:
        """The same for a command, such as to stop."""
        draft = self._draft(order, action, {"command": action.spec.command})
        return self._send(order, draft, check_now)

    def is_settling(self, service_id: str, shown: ScalingConfig) -> bool:
        """Whether what Cloud shows of the size may be from before the last change of it."""
        return is_size_settling(self.changes, service_id, shown, self.now())

    def _send(self, order: Order, draft: Change, check_now: Callable[[Change], bool]) -> Change:
        # Whoever ordered it is known by name; what roles they have now, nobody can tell.
        identity = Identity(order.warehouse, order.user, frozenset())
        change = self.changes.create_draft(draft, self.events.drafted(identity, draft))
        claimed_at = self.now()
        event = self.events.claimed(identity, change, is_proven=False)
        claim = Claim(claimed_at, drawn_after=claimed_at - DRAFT_LIFE, event=event)
        self.sender.send(identity, change, claim, lambda: check_now(change))
        return self.changes.find_change(change.reference) or change

    def _draft(self, order: Order, action: Action, patch: dict[str, int | bool | str]) -> Change:
        return Change(
            reference="",
            action=action,
            service_id=order.service_id,
            warehouse=order.warehouse,
            user=order.user,
            state=ChangeState.DRAFT,
            patch=patch,
            created_at=self.now(),
            reason=order.reason,
            origin=order.origin,
            order_reference=order.reference,
        )
