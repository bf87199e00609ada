"""Whether a group runs as its schedule wants it, and whether the schedule itself has stopped it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.cloud.activity_log import Activities
from app.domain.activity.activities import Activity
from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeOrigin, ChangeState
from app.domain.changes.outcome import is_as_before
from app.domain.groups.group import Service
from app.domain.schedules.commands import OFF, RUNS, RunState, is_own_stop, is_started_outside
from app.domain.schedules.precedence import Rule, Ruling
from app.domain.schedules.record import Edge, EdgeKey, EdgeState
from app.domain.schedules.timeline import Due
from app.store.changes import STARTS_AND_STOPS, ChangeStore
from app.store.schedules.edges import ScheduleEdgeStore

UNREAD_WAIT = timedelta(minutes=5)
"""How long a start waits for Cloud's activities; from then on the ledger alone tells."""


class CloudActivities(Protocol):
    """What Cloud itself has written down lately."""

    def list_activities(self) -> Activities:
        """What is known; never raises CloudError. Raises StoreUnavailable."""


@dataclass(frozen=True)
class CommandStandings:
    """Works it out. Raises StoreUnavailable."""

    edges: ScheduleEdgeStore
    changes: ChangeStore
    activities: CloudActivities

    def list_edges(self, keys: Sequence[EdgeKey]) -> dict[EdgeKey, Edge]:
        """What became of these due instants."""
        return self.edges.list_edges(keys) if keys else {}

    def find(self, due: Due, service: Service, now: datetime, seen_at: datetime) -> RunState:
        """How a group stands that its schedule stops outside all windows. `seen_at`: when Cloud
        was read for what it shows.

        What was done outside the portal is known where Cloud's activities can be read; where they
        cannot, the ledger alone tells.
        """
        is_own, is_known = False, True
        if service.state in OFF:
            is_own, is_known = self._find_own_stop(service.service_id)
        is_waiting = is_own and not is_known and not due.is_stopped
        is_uncertain = (is_waiting and now < due.since + UNREAD_WAIT) or (
            self._may_show_before(service, now, seen_at)
        )
        return RunState(due.is_stopped, service.state, is_own, is_uncertain)

    def find_hold(
        self, key: EdgeKey, due: Due, run_state: RunState, edge: Edge | None
    ) -> Rule | None:
        """The rule that lets a group run which the plan wants stopped: somebody has started it
        since the plan acted, or since it was due."""
        if run_state.is_uncertain or not run_state.wants_stopped or run_state.state not in RUNS:
            return None
        last = self.changes.find_last_command(key.service_id)
        has_acted = edge is not None and edge.state is EdgeState.ACTED
        is_kept = (
            has_acted
            or _is_started_since(last, due.since)
            or is_started_outside(self._list_activities(key.service_id), due.since)
        )
        return Rule(Ruling.HELD, due.until) if is_kept else None

    def _find_own_stop(self, service_id: str) -> tuple[bool, bool]:
        """Whether the schedule itself has stopped the group, and whether that is known for sure."""
        last = self.changes.find_last_command(service_id)
        if not is_own_stop(last, ()):
            return False, True
        known = self.activities.list_activities()
        return is_own_stop(last, known.of_service(service_id).entries), known.is_current

    def _list_activities(self, service_id: str) -> Sequence[Activity]:
        return self.activities.list_activities().of_service(service_id).entries

    def _may_show_before(self, service: Service, now: datetime, seen_at: datetime) -> bool:
        """Whether Cloud shows the group as it was before its last start or stop, and may do so only
        because it shows that late, or because nobody knows yet whether it was carried out."""
        last = self._find_unanswered(service.service_id, now)
        if last is None:
            accepted = self.changes.find_last_command(service.service_id)
            is_settling = accepted and any(map(accepted.is_settling, (now, seen_at)))
            last = accepted if is_settling else None
        return last is not None and is_as_before(last, service)

    def _find_unanswered(self, service_id: str, now: datetime) -> Change | None:
        found = self.changes.find_in_flight(service_id)
        if found is None or found.action not in STARTS_AND_STOPS:
            return None
        # Its own that is being sent is the one for which this is asked, at the last moment before.
        is_given_up = found.state is ChangeState.UNKNOWN or found.is_overdue(now)
        is_own = found.origin is ChangeOrigin.SCHEDULE
        return found if is_given_up or not is_own else None


def _is_started_since(last: Change | None, since: datetime) -> bool:
    if last is None or last.sent_at is None:
        return False
    is_by_person = last.origin is ChangeOrigin.PERSON
    return last.action is Action.START and is_by_person and last.sent_at >= since
