"""Whether anything may be changed at all, for everybody and every act."""

from dataclasses import dataclass

from app.errors import ChangesClosed
from app.services.policy import Policy
from app.store.freezes import FreezeStore

READS_GO_ON = "You can go on looking at your groups."


@dataclass(frozen=True)
class Gate:
    """Closed by an administrator's freeze, or while the permissions cannot be read."""

    policy: Policy
    freezes: FreezeStore
    contact: str

    def find_closure(self) -> str | None:
        """Why all changes are off, in words; None if they are on. Raises StoreUnavailable."""
        if fault := self.policy.fault:
            return f"Changes are off: {fault} Ask {self.contact}."
        freeze = self.freezes.find_freeze()
        if freeze is None:
            return None
        reason = f" Reason: {freeze.reason}" if freeze.reason else ""
        return f"Changes are off: {freeze.frozen_by} has switched them off.{reason}"

    def check_open(self) -> None:
        """Raises ChangesClosed, StoreUnavailable."""
        if closure := self.find_closure():
            raise ChangesClosed(message=closure, remedy=READS_GO_ON)
