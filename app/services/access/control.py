"""The one place that decides whether a person may do something, and whether anybody may change
anything at all; it records who was refused."""

from dataclasses import dataclass, replace

from app.domain.access.freeze import Freeze
from app.domain.access.permissions import Identity, Permission
from app.domain.audit.events import AuditTarget, EventKind, Result
from app.domain.groups.catalog import GroupDefinition
from app.errors import ChangesFrozen, NotAllowed, NotFound
from app.services.access.policy import FAULTY, Policy
from app.services.audit.recorder import AuditRecorder
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

    @property
    def contact(self) -> str:
        """Whom people ask, as the file of groups says now."""
        return self.policy.catalog.presentation.contact

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


@dataclass(frozen=True)
class Access:
    """Judges each request anew, by the rules in force at that moment."""

    policy: Policy
    freeze: ChangeFreeze
    audit: AuditRecorder

    def check_permission(
        self, identity: Identity, service_id: str, permission: Permission
    ) -> GroupDefinition:
        """The decision before every reading and change. Raises NotFound or NotAllowed."""
        definition = self.policy.catalog.find_group(service_id)
        if definition is None:
            raise self.refuse_unknown(identity, AuditTarget(service_id))
        about = AuditTarget(service_id)
        held = definition.permissions_of(identity)
        if not held:
            raise self.refuse_foreign(identity, about)
        if permission not in held:
            self._note(EventKind.AUTHZ_FAIL, identity, about, NotAllowed.code, permission)
            raise NotAllowed(
                message=f"You can view “{definition.name}”, but this needs the permission "
                f"“{permission.label}”.",
                remedy=self._remedy(identity, definition, permission),
            )
        return definition

    def check_action(
        self, identity: Identity, service_id: str, permission: Permission
    ) -> GroupDefinition:
        """The same before a change, while changes are on. Raises ChangesFrozen too."""
        definition = self.check_permission(identity, service_id, permission)
        try:
            self.freeze.check_not_frozen()
        except ChangesFrozen as closed:
            about = AuditTarget(service_id)
            self._note(EventKind.AUTHZ_FAIL, identity, about, closed.code, permission)
            raise
        return definition

    def recheck(self) -> None:
        """Judge by what the rules say at this moment, in the middle of a request."""
        self.policy.recheck()

    def has_permission(self, identity: Identity, service_id: str, permission: Permission) -> bool:
        """Whether the person has the permission."""
        definition = self.policy.catalog.find_group(service_id)
        return definition is not None and permission in definition.permissions_of(identity)

    def refuse_unknown(self, identity: Identity, about: AuditTarget) -> NotFound:
        """What to raise for something that does not exist, or that only others may see."""
        self._note(EventKind.AUTHZ_FAIL, identity, about, NotFound.code)
        return NotFound()

    def refuse_foreign(self, identity: Identity, about: AuditTarget) -> NotFound:
        """What to raise for something that is another's and was named all the same."""
        self._note(EventKind.MALICIOUS_DIRECT_REFERENCE, identity, about, NotFound.code)
        return NotFound()

    def _remedy(
        self, identity: Identity, definition: GroupDefinition, permission: Permission
    ) -> str:
        if permission in definition.permissions_of(replace(identity, scope=None)):
            return "You have it, and this token does not: make one that has it, or sign in."
        return f"Ask {self.freeze.contact} to give it to you."

    def _note(
        self,
        kind: EventKind,
        identity: Identity,
        about: AuditTarget,
        error: str,
        permission: Permission | None = None,
    ) -> None:
        needed = {"permission": permission} if permission else {}
        definition = self.policy.catalog.find_group(about.service_id)
        about = replace(about, group=definition.name) if definition else about
        refusal = self.audit.event(
            kind, "access", Result.FAIL, actor=identity, about=about, error=error, details=needed
        )
        self.audit.record_best_effort(refusal)
