"""The one place that decides about permissions, and records who was refused."""

from dataclasses import dataclass, replace

from app.domain.access.permissions import Identity, Permission
from app.domain.audit.events import AuditTarget, EventKind, Result
from app.domain.groups.catalog import GroupDefinition
from app.errors import ChangesFrozen, NotAllowed, NotFound
from app.services.access.freeze import ChangeFreeze
from app.services.access.policy import Policy
from app.services.audit.recorder import AuditRecorder


@dataclass(frozen=True)
class Access:
    """Judges each request anew, by the rules in force at that moment."""

    policy: Policy
    freeze: ChangeFreeze
    audit: AuditRecorder
    contact: str

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
                remedy=f"Ask {self.contact} to give it to you.",
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
