"""Whether ledger and audit log tell the same of every change that was confirmed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.domain.changes.change import ChangeState

CONFIRM, NOT_SENT = "confirm", "not_sent"
OUTCOMES = {"outcome", "close_manually"}
ROOM = timedelta(minutes=1)
"""The moments of a change and of its events may be a little apart."""


@dataclass(frozen=True)
class LedgerRow:
    """What the ledger says of one change."""

    reference: str
    state: str
    sent_at: datetime | None
    settled_at: datetime | None
    content: Mapping[str, Any] = field(default_factory=dict)
    """Who asked for what, and why, by the names that the events have for it."""


@dataclass(frozen=True)
class ChangeStep:
    """What one event says of a change: the action, the state that it led to if it says so, and of
    its content what it holds."""

    reference: str
    action: str
    state: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LedgerReport:
    """How many confirmed changes there are, how many do not agree, and the first of those."""

    count: int
    mismatches: int = 0
    first: str = ""


@dataclass
class _Told:
    """What the events of one change say by now."""

    is_confirmed: bool = False
    outcomes: list[str] = field(default_factory=list)
    content: dict[str, Any] = field(default_factory=dict)
    """What was confirmed; of what the confirmation does not say, or where it was pruned, what the
    outcome says."""

    def take(self, step: ChangeStep) -> None:
        if step.action in {CONFIRM, NOT_SENT}:
            self.is_confirmed, self.outcomes = step.action == CONFIRM, []
            self.content = dict(step.content)
        elif step.action in OUTCOMES:
            self.outcomes.append(step.state or ChangeState.UNKNOWN)
            self.content = {**step.content, **self.content}


def check_ledger(
    rows: Iterable[LedgerRow], steps: Iterable[ChangeStep], known_since: datetime | None
) -> LedgerReport:
    """Compare them. `steps` are in the order of the log, which was pruned up to `known_since`."""
    told: dict[str, _Told] = {}
    for step in steps:
        told.setdefault(step.reference, _Told()).take(step)
    confirmed = [row for row in rows if row.state != ChangeState.DRAFT]
    found = [words for row in confirmed if (words := _fault_of(row, told, known_since))]
    known = {row.reference for row in confirmed}
    found += [
        f"the events tell of the change {reference}, which the ledger does not hold as confirmed"
        for reference, item in told.items()
        if reference not in known and (item.is_confirmed or item.outcomes)
    ]
    return LedgerReport(len(confirmed), len(found), found[0] if found else "")


def _fault_of(row: LedgerRow, told: dict[str, _Told], known_since: datetime | None) -> str:
    item = told.get(row.reference, _Told())
    name = f"the change {row.reference}"
    for key, value in row.content.items():
        if key in item.content and item.content[key] != value:
            return f"{name} has another {key} in the ledger than in the audit log"
    if not item.is_confirmed and not _is_pruned(row.sent_at, known_since):
        return f"no event tells that {name} was confirmed"
    if row.state == ChangeState.APPLYING:
        return f"an event tells how {name} ended, the ledger does not" if item.outcomes else ""
    if not item.outcomes:
        is_pruned = _is_pruned(row.settled_at or row.sent_at, known_since)
        return "" if is_pruned else f"no event tells how {name} ended"
    if item.outcomes[-1] != row.state:
        return f"{name} is {row.state} in the ledger and {item.outcomes[-1]} in the audit log"
    return ""


def _is_pruned(moment: datetime | None, known_since: datetime | None) -> bool:
    """Whether the event of this moment may have been removed as too old."""
    return known_since is not None and (moment is None or moment <= known_since + ROOM)
