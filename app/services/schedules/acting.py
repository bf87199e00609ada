"""Acting on a due instant once: claim it, order what is planned, keep what became of it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState, SettledBy
from app.domain.schedules.record import Edge, EdgeKey, EdgeState
from app.errors import (
    BrokenRules,
    LeaseLost,
    OutcomeNotRecorded,
    PortalError,
    StoreUnavailable,
)
from app.store.changes import ChangeStore
from app.store.schedules.edges import ScheduleEdgeStore

FAILURE_CODES = {ChangeState.FAILED: "cloud_failed", ChangeState.REJECTED: "rejected"}
"""Outcomes of a change of which nothing was done, and the code under which that is kept."""

OUTCOME_UNKNOWN = "outcome_unknown"


@dataclass(frozen=True)
class EdgeActions:
    """The due instants of sizes, or those of starts and stops, which `actions` says. Raises
    StoreUnavailable, LeaseLost."""

    edges: ScheduleEdgeStore
    changes: ChangeStore
    actions: Collection[Action]

    def carry_out(
        self, key: EdgeKey, seen: Edge | None, now: datetime, order: Callable[[], Change | None]
    ) -> bool:
        """Whether a change went out. `order` sends it, and answers None where it is so already;
        what it refuses is kept with the instant, which is tried again."""
        claimed = self.edges.claim(key, now, seen)
        if claimed is None:
            return False
        if seen and (sent := self._find_sent(key)):
            self.edges.finish(replace(claimed, state=EdgeState.ACTED, reference=sent.reference))
            return False
        try:
            change = order()
        except (StoreUnavailable, LeaseLost):
            raise
        except OutcomeNotRecorded as sent:
            self.edges.finish(replace(claimed, state=EdgeState.ACTED, reference=sent.reference))
            return True
        except PortalError as error:
            self.edges.finish(replace(claimed, state=EdgeState.FAILED, error=_code_of(error)))
            return False
        self.edges.finish(_finished(claimed, change))
        return change is not None

    def _find_sent(self, key: EdgeKey) -> Change | None:
        """What was accepted for this instant by a process that died before it could keep that:
        whatever the group is by now, somebody chose it since."""
        last = self.changes.find_last_planned(key.service_id, self.actions)
        return last if last and last.created_at >= key.due_at else None

    def note_failure(self, edge: Edge | None) -> None:
        """A change whose outcome came late, and is that nothing was done, is tried again."""
        if edge is None or edge.state is not EdgeState.ACTED or not edge.reference:
            return
        change = self.changes.find_change(edge.reference)
        code = _find_failure(change) if change else None
        if code:
            self.edges.finish(replace(edge, state=EdgeState.FAILED, error=code))


def _find_failure(change: Change) -> str | None:
    """Why it has to be asked for again. What Cloud has accepted, and of which reading back shows
    nothing, is too: where it was done after all, it is asked of a group that is so already."""
    if change.state is ChangeState.UNKNOWN and change.settled_by is SettledBy.READING:
        return OUTCOME_UNKNOWN
    return FAILURE_CODES.get(change.state)


def is_open(edge: Edge | None, now: datetime) -> bool:
    """Whether a due instant is still to be acted on, and it is time to try."""
    return edge is None or edge.may_try(now)


def _code_of(error: PortalError) -> str:
    """Of broken rules the first, which says more."""
    return error.problems[0].code if isinstance(error, BrokenRules) else error.code


def _finished(claimed: Edge, change: Change | None) -> Edge:
    if change is None:
        return replace(claimed, state=EdgeState.ACTED)
    if change.state in FAILURE_CODES:
        failed = replace(claimed, state=EdgeState.FAILED, error=FAILURE_CODES[change.state])
        return replace(failed, reference=change.reference)
    return replace(claimed, state=EdgeState.ACTED, reference=change.reference)
