"""What happened to all groups that somebody may see, as one list: changes, refused requests, and
what Cloud's own log tells of others."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.cloud.activity_log import ActivityLog
from app.domain.access.permissions import Identity, Permission
from app.domain.activity.activities import KINDS_OF_ACTION, Activity
from app.domain.activity.entries import STATES_OF, ActivityEntry, ActivityOutcome
from app.domain.activity.search import (
    ActivitySearch,
    Cursor,
    check_activity_search,
    parse_activity_search,
)
from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState
from app.domain.groups.catalog import GroupDefinition
from app.errors import CloudError
from app.services.access.policy import Policy
from app.store.activity import ActivityScope, ActivityStore

ON_A_PAGE = 50
SOME_MORE = 50
"""Entries of the very moment of a cursor are read again and left out: so many fit into one."""

SENT = frozenset(ChangeState) - {ChangeState.DRAFT}


@dataclass(frozen=True)
class ActivityPage:
    """Some entries, newest first. `groups` are those that the person may see, by service;
    `audited` those of which they see everybody's. `older` is where the entries before these begin,
    if any do; `error` is why Cloud's own part is missing or old."""

    search: ActivitySearch
    entries: tuple[ActivityEntry, ...]
    groups: Mapping[str, GroupDefinition]
    audited: frozenset[str]
    older: Cursor | None
    error: CloudError | None


@dataclass(frozen=True)
class ActivityReports:
    """The use case; days are those of the zone. Raises StoreUnavailable."""

    policy: Policy
    store: ActivityStore
    log: ActivityLog
    now: Callable[[], datetime]
    zone: ZoneInfo

    def list_entries(
        self, identity: Identity, asked: Mapping[str, str], *, is_strict: bool = False
    ) -> ActivityPage:
        """What was asked for, by field; see `ActivitySearch`.

        Of a group everybody's entries are shown to holders of `audit`, their own to others.
        Raises BrokenRules for what cannot be asked for, if `is_strict`.
        """
        definitions = self.policy.catalog.groups_of(identity)
        groups = {item.service_id: item for item in definitions}
        if is_strict:
            check_activity_search(asked, groups)
        search = parse_activity_search(asked, groups)
        wanted = [search.group] if search.group else list(groups)
        audited = {
            key for key in wanted if Permission.AUDIT in groups[key].permissions_of(identity)
        }
        since, end = search.period(self.zone, self.now())
        until = min(end, search.before[0]) if search.before else end
        scope = ActivityScope(
            identity=identity,
            everybodys=audited,
            own=[key for key in wanted if key not in audited],
            since=since,
            until=until,
            user=search.user,
        )
        known = self.log.list_activities()
        found = [*self._recorded(scope, search), *_outside(known.entries, wanted, scope, search)]
        shown = _older_than(search.before, found)
        older = shown[ON_A_PAGE - 1].key if len(shown) > ON_A_PAGE else None
        entries = tuple(shown[:ON_A_PAGE])
        return ActivityPage(search, entries, groups, frozenset(audited), older, known.error)

    def _recorded(self, scope: ActivityScope, search: ActivitySearch) -> Iterator[ActivityEntry]:
        """What the portal's own records tell, of each kind as much as can be on the page."""
        most = ON_A_PAGE + SOME_MORE
        outcome = ActivityOutcome(search.outcome) if search.outcome else None
        if states := (STATES_OF.get(outcome, frozenset()) if outcome else SENT):
            action = Action(search.action) if search.action else None
            for change in self.store.list_changes(scope, states, action, most):
                yield ActivityEntry(change=change)
        # What was refused was no action yet.
        if outcome in {None, ActivityOutcome.REFUSED} and not search.action:
            for refusal in self.store.list_refusals(scope, most):
                yield ActivityEntry(refusal=refusal)


def _outside(
    activities: Iterable[Activity],
    wanted: Iterable[str],
    scope: ActivityScope,
    search: ActivitySearch,
) -> Iterator[ActivityEntry]:
    """What was done without the portal, by nobody that a user name could be searched for."""
    if search.user or search.outcome not in {"", ActivityOutcome.OUTSIDE}:
        return
    kinds = {key: KINDS_OF_ACTION[key] for key in Action if search.action in {"", key}}
    shown = frozenset[str]().union(*kinds.values())
    groups = set(wanted)
    for item in activities:
        is_wanted = item.service_id in groups and item.kind in shown and not item.is_by_portal
        if is_wanted and scope.since <= item.at <= scope.until:
            yield ActivityEntry(activity=item)


def _older_than(before: Cursor | None, found: Iterable[ActivityEntry]) -> list[ActivityEntry]:
    ordered = sorted(found, key=lambda entry: entry.key, reverse=True)
    return [entry for entry in ordered if before is None or entry.key < before]


def is_open(page: ActivityPage, change: Change, identity: Identity) -> bool:
    """Whether the person may open the page of a change that is shown."""
    return change.service_id in page.audited or change.is_by(identity)
