"""The events of schedules: every edit, with who did it and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.access.permissions import Identity
from app.domain.audit.events import AuditTarget, Event, EventKind, Result
from app.domain.schedules.handover import Handover
from app.services.access.policy import Policy
from app.services.audit.recorder import AuditRecorder


@dataclass(frozen=True)
class ScheduleEvents:
    """Builds them; writing is the store's."""

    audit: AuditRecorder
    policy: Policy

    def edited(
        self,
        identity: Identity,
        service_id: str,
        action: str,
        details: Mapping[str, Any],
        *,
        result: Result = Result.SUCCESS,
    ) -> Event:
        """An edit that is about to be written; DEFER where Cloud has yet to do something."""
        return self.audit.event(
            EventKind.SENSITIVE_UPDATE,
            action,
            result,
            actor=identity,
            about=self.about(service_id),
            details=details,
        )

    def handover(self, handover: Handover, action: str, error: str) -> Event:
        """What Cloud has done of it, or the code of why not."""
        return self.audit.event(
            EventKind.SENSITIVE_UPDATE,
            action,
            Result.FAIL if error else Result.SUCCESS,
            actor=handover.by,
            about=self.about(handover.service_id),
            error=error,
            details={"version": handover.version},
        )

    def about(self, service_id: str) -> AuditTarget:
        """The group by the name that people know."""
        definition = self.policy.catalog.find_group(service_id)
        return AuditTarget(service_id, definition.name if definition else "")
