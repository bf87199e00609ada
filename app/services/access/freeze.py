"""Whether anything may be changed at all, for everybody and every action."""

from dataclasses import dataclass

from app.domain.access.freeze import Freeze
from app.errors import ChangesFrozen
from app.services.access.policy import FAULTY, Policy
from app.store.freezes import FreezeStore
from app.store.state import StateStore

READS_GO_ON = "You can still view your groups."


@dataclass(frozen=True)
class ChangeFreeze:
    """In force by an administrator's order, or while the permissions cannot be read.

    Every method raises StoreUnavailable.
    """

    policy: Policy
    freezes: FreezeStore
    state: StateStore
    contact: str

    def find_reason(self) -> str | None:
        """Why all changes are frozen, in words; None if they are not. Read once per request."""
        return self._reason_of(self.state.current().freeze)

    def check_not_frozen(self) -> None:
        """Read anew, for whoever is about to change something. Raises ChangesFrozen."""
        if reason := self._reason_of(self.freezes.find_freeze()):
            raise ChangesFrozen(message=reason, remedy=READS_GO_ON)

    def _reason_of(self, freeze: Freeze | None) -> str | None:
        if self.policy.faults:
            return f"Changes are frozen: {FAULTY} Ask {self.contact}."
        if freeze is None:
            return None
        reason = f" Reason: {freeze.reason}" if freeze.reason else ""
        return f"Changes are frozen by {freeze.frozen_by}.{reason}"
