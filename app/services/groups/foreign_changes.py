"""Noticing that somebody else has changed a group, so that Cloud is asked once who it was."""

import threading
from dataclasses import dataclass, field

from app.domain.changes.group_changes import GroupChanges, newest_applied_scaling
from app.domain.groups.group import Service
from app.domain.groups.scaling import ScalingConfig


@dataclass(frozen=True)
class ForeignChanges:
    """What this process has last seen each group configured to. Safe to share by threads."""

    _seen: dict[str, ScalingConfig] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_new(self, service: Service, changes: GroupChanges, *, has_drifted: bool) -> bool:
        """Whether what is configured now was set elsewhere, and was not seen before.

        What was there when this process began counts if it `has_drifted` from what was set here.
        """
        configured = service.configured
        if configured is None:
            return False
        with self._lock:
            before = self._seen.get(service.service_id)
            self._seen[service.service_id] = configured
        if before is None:
            return has_drifted
        return configured != before and not _is_ours(configured, changes)


def _is_ours(configured: ScalingConfig, changes: GroupChanges) -> bool:
    if changes.in_flight:
        return True
    last = newest_applied_scaling(changes.changes)
    target = last.target if last else None
    return target is not None and target.without_unused_timeout == configured.without_unused_timeout
