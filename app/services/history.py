"""What happened to a group, by whomever: the portal's changes and Cloud's own activities as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.cloud.activity_log import ActivityLog
from app.domain.access import Identity, Permission
from app.domain.activities import ACTOR_WORDS, Activity, is_of_change
from app.domain.acts import Act
from app.domain.changes import Change, ChangeState
from app.domain.groups import ComputeGroup
from app.errors import CloudError
from app.services.access import Access
from app.services.ledger import RECENT_CHANGES, is_own
from app.store.changes import ChangeStore

RECENT_ACTIVITIES = 15


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that happened. `change` is the portal's own; `is_open` if this person may open it.

    `who` is as much as this person may know. `is_foreign`: it changed the configuration, and not
    through this portal.
    """

    at: datetime
    what: str
    who: str
    change: Change | None = None
    is_open: bool = False
    is_foreign: bool = False


@dataclass(frozen=True)
class GroupHistory:
    """The newest first. `error` is why Cloud's own part is missing or old.

    `has_drifted`: what is configured is not what the last change made here has set.
    """

    entries: tuple[HistoryEntry, ...]
    error: CloudError | None
    has_drifted: bool


@dataclass(frozen=True)
class History:
    """The use case of looking back. Raises StoreUnavailable."""

    access: Access
    changes: ChangeStore
    log: ActivityLog

    def list_entries(self, identity: Identity, group: ComputeGroup) -> GroupHistory:
        """The latest of a group, for somebody who sees it. Raises NotFound."""
        service_id = group.service_id
        self.access.check_permission(identity, service_id, Permission.VIEW)
        is_auditor = group.may(Permission.AUDIT)
        changes = self.changes.list_recent(service_id, by=None, most=RECENT_CHANGES)
        known = self.log.look()
        own = [item for item in known.entries if item.service_id == service_id]
        others = [item for item in own if not any(is_of_change(item, one) for one in changes)]
        entries = [
            *(_of_change(item, is_open=is_auditor or is_own(item, identity)) for item in changes),
            *(_of_activity(item, is_auditor=is_auditor) for item in others[:RECENT_ACTIVITIES]),
        ]
        entries.sort(key=lambda entry: entry.at, reverse=True)
        return GroupHistory(tuple(entries), known.error, _has_drifted(changes, group))


def _of_change(change: Change, *, is_open: bool) -> HistoryEntry:
    return HistoryEntry(
        at=change.sent_at or change.created_at,
        what=change.act.facts.label,
        who=change.user if is_open else "somebody else, through this portal",
        change=change,
        is_open=is_open,
    )


def _of_activity(activity: Activity, *, is_auditor: bool) -> HistoryEntry:
    who = "this portal" if activity.is_by_portal else ACTOR_WORDS[activity.actor]
    if is_auditor and activity.actor_name and not activity.is_by_portal:
        who = f"{activity.actor_name}, {who}"
    is_foreign = activity.is_scaling and not activity.is_by_portal
    return HistoryEntry(activity.at, activity.words, who, is_foreign=is_foreign)


def _has_drifted(changes: Sequence[Change], group: ComputeGroup) -> bool:
    configured = group.service.configured if group.service else None
    if configured is None or any(change.is_in_flight for change in changes):
        return False
    applied = (item for item in changes if item.state is ChangeState.APPLIED)
    last = next((item for item in applied if item.act is Act.SCALE), None)
    return last is not None and last.target is not None and last.target != configured
