"""Waking, starting and stopping a group: the draft of a change of its state."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.access import Identity, Permission
from app.domain.acts import Act
from app.domain.changes import Change, ChangeState
from app.errors import NotPossible
from app.services.access import Access
from app.services.change_events import ChangeEvents
from app.services.groups import Groups
from app.services.ledger import Ledger
from app.store.changes import ChangeStore


@dataclass(frozen=True)
class Power:
    """The use case of proposing such an act. Raises StoreUnavailable as well as what is named."""

    access: Access
    groups: Groups
    ledger: Ledger
    changes: ChangeStore
    events: ChangeEvents
    now: Callable[[], datetime]

    def propose(
        self, identity: Identity, service_id: str, act: Act, *, reason: str = ""
    ) -> Change | None:
        """Record a draft of the act; None if it is under way or done already.

        Raises NotFound, NotAllowed, ChangesClosed, NotPossible, ChangeInFlight, CloudError.
        """
        self.access.check_act(identity, service_id, act.facts.permission)
        with self.events.audit.noting(identity, "draft", self.events.about(service_id)):
            self.ledger.check_nothing_in_flight(identity, service_id)
        group, freshness = self.groups.get_group(identity, service_id, Permission.VIEW)
        freshness.check_recent()
        if group.state in act.facts.under_way_in | act.facts.done_in:
            return None
        if group.state not in act.facts.begins_in:
            raise NotPossible(
                message=f"“{group.name}” cannot be changed like this at the moment.",
                remedy=act.facts.elsewhere,
            )
        draft = Change(
            reference="",
            act=act,
            service_id=service_id,
            warehouse=identity.warehouse,
            user=identity.user,
            state=ChangeState.DRAFT,
            patch={"command": act.facts.command},
            created_at=self.now(),
            reason=reason,
        )
        return self.changes.create_draft(draft, self.events.drafted(identity, draft))
