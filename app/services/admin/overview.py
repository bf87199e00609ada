"""How everything stands, for the administrator's first look."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.cloud.snapshot import Snapshot
from app.cloud.transport.budget import RequestBudget
from app.domain.changes.change import Change, ChangeState
from app.domain.groups.states import ServiceState
from app.domain.readings import Freshness
from app.domain.request_budget import REQUESTS_IN_WINDOW
from app.services.access.policy import Policy
from app.services.monitoring.processes import Processes, WorkerStatus
from app.store.changes import ChangeStore
from app.store.sign_in.sessions import SessionStore

RECENT_CHANGES = 10


@dataclass(frozen=True)
class ListedChange:
    """A change with the name of its group, as the file of groups says now."""

    change: Change
    group: str


@dataclass(frozen=True)
class Overview:
    """`states`: how many groups stand in each; None are those that Cloud does not show. Empty
    while it was never read.

    `in_progress` are changes with no known outcome yet, those of them that are unknown for now
    first. `requests_left` of `requests_in_window` may still be sent to Cloud.
    """

    states: tuple[tuple[ServiceState | None, int], ...]
    in_progress: tuple[ListedChange, ...]
    recent: tuple[ListedChange, ...]
    freshness: Freshness
    requests_left: int
    worker: WorkerStatus
    sessions: int
    requests_in_window: int = REQUESTS_IN_WINDOW

    @property
    def unknown(self) -> int:
        """How many were sent without an answer that tells the outcome."""
        return sum(item.change.state is ChangeState.UNKNOWN for item in self.in_progress)


@dataclass(frozen=True)
class Overviews:
    """Reads what is known; never asks Cloud. Raises StoreUnavailable."""

    policy: Policy
    snapshot: Snapshot
    budget: RequestBudget
    changes: ChangeStore
    processes: Processes
    sessions: SessionStore
    now: Callable[[], datetime]

    def read(self) -> Overview:
        """As it is now."""
        in_flight = sorted(
            self.changes.list_in_flight(), key=lambda it: it.state is not ChangeState.UNKNOWN
        )
        return Overview(
            states=self._count_states(),
            in_progress=self._named(in_flight),
            recent=self._named(self.changes.list_newest(most=RECENT_CHANGES)),
            freshness=self.snapshot.peek().freshness(self.now()),
            requests_left=self.budget.count_left(),
            worker=self.processes.read(),
            sessions=self.sessions.count_sessions(self.now()),
        )

    def _count_states(self) -> tuple[tuple[ServiceState | None, int], ...]:
        view, groups = self.snapshot.peek(), self.policy.catalog.all_groups()
        if view.taken_at is None:
            return ()
        found = (view.services.get(group.service_id) for group in groups)
        counts = Counter(service.state if service else None for service in found)
        return tuple((state, counts[state]) for state in (*ServiceState, None) if counts[state])

    def _named(self, changes: Sequence[Change]) -> tuple[ListedChange, ...]:
        catalog = self.policy.catalog
        named = ((change, catalog.find_group(change.service_id)) for change in changes)
        return tuple(
            ListedChange(change, group.name if group else change.service_id)
            for change, group in named
        )
