"""The figures for whoever watches the portal: those that were counted, and those of now."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from app.cloud.budget import RequestBudget
from app.cloud.snapshot import Snapshot
from app.domain.changes import ChangeState
from app.errors import SignInRefused, Throttled
from app.metrics import Figures, Metrics
from app.store.changes import ChangeStore
from app.store.sessions import SessionStore


@dataclass(frozen=True)
class Measuring:
    """Reads what is known; never asks Cloud."""

    metrics: Metrics
    budget: RequestBudget
    snapshot: Snapshot
    changes: ChangeStore
    sessions: SessionStore
    now: Callable[[], datetime]

    def render(self) -> bytes:
        """Every figure, in Prometheus' text format. Raises StoreUnavailable."""
        counts = self.changes.count_by_state()
        self.metrics.set_figures(
            Figures(
                budget_left=self.budget.count_left(),
                snapshot_age_seconds=self.snapshot.peek().age_seconds(self.now()),
                changes={state.value: counts.get(state, 0) for state in ChangeState},
                sessions=len(self.sessions.list_sessions(self.now())),
            )
        )
        return self.metrics.render()


@contextmanager
def counted(metrics: Metrics, door: str) -> Iterator[None]:
    """Around one check of a name and password: counts how it ended."""
    try:
        yield
    except SignInRefused as refusal:
        metrics.count_sign_in(door, str(refusal.reason))
        raise
    except Throttled as refusal:
        metrics.count_sign_in(door, refusal.code)
        raise
    metrics.count_sign_in(door, "ok")
