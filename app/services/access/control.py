"""The one place that decides whether a person may do something, and whether anybody may change
anything at all; it records who was refused."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.access.freeze import Freeze, widest
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

    def find_reason(self, service_id: str = "") -> str | None:
        """Why changes of a group are frozen, in words; None if they are not. Without a group: why
        all are. Read once per request."""
        definition = self.policy.catalog.find_group(service_id)
        return self.find_reason_in(definition.warehouse if definition else "", service_id)

    def find_reason_for(self, identity: Identity, service_id: str = "") -> str | None:
        """What a person is told of their warehouse, or of a group: nothing of one that they may not
        see, whose name and reason are for others."""
        definition = self.policy.catalog.find_group(service_id)
        is_seen = definition is not None and bool(definition.permissions_of(identity))
        return self.find_reason_in(identity.warehouse, service_id if is_seen else "")

    def find_reason_in(self, warehouse: str, service_id: str = "") -> str | None:
        """The same for all groups of a warehouse, or for one of its services."""
        state = self.state.current()
        partial = self.freezes.list_partial_at(state.revision)
        return self._reason_of(state.freeze, partial, warehouse, service_id)

    def check_not_frozen(self, service_id: str) -> None:
        """Read anew, for whoever is about to change a group. Raises ChangesFrozen."""
        definition = self.policy.catalog.find_group(service_id)
        warehouse = definition.warehouse if definition else ""
        in_force, partial = self.freezes.find_freeze(), self.freezes.list_partial()
        if reason := self._reason_of(in_force, partial, warehouse, service_id):
            raise ChangesFrozen(message=reason, remedy=READS_GO_ON)

    def _reason_of(
        self, of_all: Freeze | None, partial: Iterable[Freeze], warehouse: str, service_id: str
    ) -> str | None:
        if self.policy.faults:
            return f"Changes are frozen: {FAULTY} Ask {self.contact}."
        freeze = of_all or widest(partial, warehouse, service_id)
        if freeze is None:
            return None
        reason = f" Reason: {freeze.reason}" if freeze.reason else ""
        return f"{self._what_is_frozen(freeze)} by {freeze.frozen_by}.{reason}"

    def _what_is_frozen(self, freeze: Freeze) -> str:
        name = self.policy.catalog.find_name(freeze.target)
        return f"Changes of {name} are frozen" if name else "Changes are frozen"


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
            self.freeze.check_not_frozen(service_id)
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
