"""Whether a group runs as its schedule wants it, and whether the schedule itself has stopped it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.cloud.activity_log import Activities
from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeOrigin
from app.domain.groups.group import Service
from app.domain.schedules.commands import OFF, RUNS, RunState, is_own_stop
from app.domain.schedules.precedence import Rule, Ruling
from app.domain.schedules.record import Edge, EdgeKey, EdgeState
from app.domain.schedules.timeline import Due
from app.store.changes import ChangeStore
from app.store.schedules.edges import ScheduleEdgeStore


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

    def find(self, due: Due, service: Service) -> RunState:
        """How a group stands that its schedule stops outside all windows.

        What was done outside the portal is known where Cloud's activities can be read; where they
        cannot, the ledger alone tells.
        """
        is_own = service.state in OFF and self._is_own_stop(service.service_id)
        return RunState(due.is_stopped, service.state, is_own)

    def find_hold(
        self, key: EdgeKey, due: Due, run_state: RunState, edge: Edge | None, now: datetime
    ) -> Rule | None:
        """The rule that lets a group run which the plan wants stopped: somebody has started it
        since the plan acted, or since it was due."""
        if not run_state.wants_stopped or run_state.state not in RUNS:
            return None
        last = self.changes.find_last_command(key.service_id)
        has_acted = edge is not None and edge.state is EdgeState.ACTED
        is_kept = (has_acted and not _is_stopping(last, now)) or _is_started_since(last, due.since)
        return Rule(Ruling.HELD, due.until) if is_kept else None

    def _is_own_stop(self, service_id: str) -> bool:
        last = self.changes.find_last_command(service_id)
        if not is_own_stop(last, ()):
            return False
        return is_own_stop(last, self.activities.list_activities().of_service(service_id).entries)


def _is_stopping(last: Change | None, now: datetime) -> bool:
    """Whether Cloud may only not show yet that it was stopped."""
    return last is not None and last.action is Action.STOP and last.is_settling(now)


def _is_started_since(last: Change | None, since: datetime) -> bool:
    if last is None or last.sent_at is None:
        return False
    is_by_person = last.origin is ChangeOrigin.PERSON
    return last.action is Action.START and is_by_person and last.sent_at >= since
