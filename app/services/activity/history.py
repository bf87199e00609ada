"""What happened to a group, by whomever: the portal's changes and Cloud's own activities as one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.cloud.activity_log import FRESH_SECONDS, Activities, ActivityLog
from app.domain.access.permissions import Identity, Permission
from app.domain.activity.activities import ACTOR_WORDS, Activity, is_of_change
from app.domain.changes.change import Change
from app.domain.changes.group_changes import GroupChanges, newest_applied_scaling
from app.domain.changes.outcome import is_as_before
from app.domain.groups.group import ComputeGroup
from app.errors import CloudError
from app.services.activity.last_day import HISTORY_SPAN, LastDay, day_of
from app.services.groups.foreign_changes import ForeignChanges

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

    @property
    def drifted_by(self) -> HistoryEntry | None:
        """What Cloud wrote down last of a change made outside, if that is newer than ours."""
        ours = (item.at for item in self.entries if item.change and item.change.target)
        newest = next(ours, None)
        found = next((item for item in self.entries if item.is_foreign), None)
        return found if found and (newest is None or found.at > newest) else None


@dataclass(frozen=True)
class History:
    """What is known of a group's past, for somebody who was found to see the group."""

    log: ActivityLog
    foreign: ForeignChanges = field(default_factory=ForeignChanges)

    def list_entries(
        self,
        identity: Identity,
        group: ComputeGroup,
        changes: GroupChanges,
        now: datetime,
        taken_at: datetime | None = None,
    ) -> GroupHistory:
        """The latest of a group: the portal's changes and Cloud's activities as one list.

        `taken_at` is when Cloud was read for the group. Activities are as old as FRESH_SECONDS at
        most, and no older than that where a change that somebody else made is seen first.
        """
        is_auditor = group.may(Permission.AUDIT)
        has_drifted = _has_drifted(changes.recent, group, now)
        known = self._list_activities(group, changes, now, taken_at, has_drifted=has_drifted)
        others = [
            item
            for item in known.entries
            if not any(is_of_change(item, one) for one in changes.changes)
        ]
        entries = [
            *(
                _of_change(item, is_open=is_auditor or item.is_by(identity))
                for item in changes.recent
            ),
            *(_of_activity(item, is_auditor=is_auditor) for item in others[:RECENT_ACTIVITIES]),
        ]
        entries.sort(key=lambda entry: entry.at, reverse=True)
        return GroupHistory(tuple(entries), known.error, has_drifted)

    def _list_activities(
        self,
        group: ComputeGroup,
        changes: GroupChanges,
        now: datetime,
        taken_at: datetime | None,
        *,
        has_drifted: bool,
    ) -> Activities:
        fresh_seconds = FRESH_SECONDS
        if group.service and self.foreign.is_new(group.service, changes, has_drifted=has_drifted):
            age = (now - taken_at).total_seconds() if taken_at else FRESH_SECONDS
            fresh_seconds = min(max(0.0, age), FRESH_SECONDS)
        return self.log.list_activities(fresh_seconds).of_service(group.service_id)

    def last_day(
        self, group: ComputeGroup, changes: GroupChanges, taken_at: datetime | None
    ) -> LastDay | None:
        """The last 24 hours before Cloud was looked at; None while it says nothing of the group."""
        if group.service is None or taken_at is None:
            return None
        known = self.log.list_activities().of_service(group.service_id)
        return day_of(group.service, changes.since(taken_at - HISTORY_SPAN), known, taken_at)


def _of_change(change: Change, *, is_open: bool) -> HistoryEntry:
    return HistoryEntry(
        at=change.sent_at or change.created_at,
        what=change.action.spec.label,
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


def _has_drifted(changes: Sequence[Change], group: ComputeGroup, now: datetime) -> bool:
    service, last = group.service, newest_applied_scaling(changes)
    if service is None or service.configured is None or last is None or last.target is None:
        return False
    if any(change.is_in_flight for change in changes):
        return False
    # For a while Cloud may still show what was before its own acceptance.
    is_stale = last.is_settling(now) and is_as_before(last, service)
    return (
        not is_stale
        and last.target.without_unused_timeout != service.configured.without_unused_timeout
    )
